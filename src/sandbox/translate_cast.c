/* translate_cast: values of one type made another: constants, implicit and explicit conversions. */
#include "translate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct typed invalid(struct translator *tr, const char *text, const struct sqltype *to,
    const char *why) {
    result_fail(tr->r, "22P02", "could not parse \"%s\" as type %s%s%s", text, sqltype_word(to), *why
        ? ": " : "", why);
    return typed_error();
}

static struct typed constant_integer(struct translator *tr, const char *text, struct sqltype to) {
    char *end;
    errno = 0;
    const long long v = strtoll(text, &end, 10);
    if (errno == ERANGE) {
        result_fail(tr->r, "22003",
            "could not parse \"%s\" as type int: strconv.ParseInt: parsing \"%s\": value out of "
            "range",
            text, text);
        return typed_error();
    }
    if (end == text || end[strspn(end, " ")]) {
        char *why = mem_printf("strconv.ParseInt: parsing \"%s\": invalid syntax", text);
        struct typed t = invalid(tr, text, &to, why);
        free(why);
        return t;
    }
    return (struct typed){.sql = arena_printf(tr->arena, "%lld", v), .type = to};
}

static struct typed constant_enum(struct translator *tr, const char *text, struct sqltype to) {
    const struct type_descriptor *d = type_by_id(tr->engine->descriptors, to.user);
    for (size_t i = 0; d && i < d->labels.len; i++)
        if (str_eq(d->labels.items[i].name, text))
            return (struct typed){.sql = translate_text_literal(tr, text, strlen(text)), .type = to};
    result_fail(tr->r, "22P02", "invalid input value for enum %s: \"%s\"", d ? d->name : "?", text);
    return typed_error();
}

static const char *cast_enum(struct translator *tr, const char *sql, struct sqltype to);
static const char *cast_from_text(struct translator *tr, const char *sql, struct sqltype to);

/* Whether the elements of such an array have a form of their own, beside which a text may be another or none. */
static bool elements_have_form(const struct sqltype *t) {
    switch (t->base) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_DECIMAL:
    case TYPE_UUID: case TYPE_DATE: case TYPE_TIMESTAMP: case TYPE_TIMESTAMPTZ: case TYPE_INTERVAL: case TYPE_USER:
        return true;
    default: return false;
    }
}

/* An array's text, its elements read one by one as what they are to be. */
static const char *cast_elements(struct translator *tr, const char *sql, struct sqltype to) {
    to.array = false;
    sql = arena_printf(tr->arena, "to_array(%s, '%s')", sql, sqltype_word(&to));
    if (!elements_have_form(&to))
        return sql;
    struct typed element = {.sql = "json_each.value", .type = to};
    element.sql = to.base == TYPE_USER ? cast_enum(tr, element.sql, to) : cast_from_text(tr, element.sql, to);
    return arena_printf(tr->arena, "coalesce((SELECT array_agg(%s) FROM json_each(array_to_json(%s))), %s)",
        translate_as_element(tr, element), sql, sql);
}

/* A string constant as a value of the type that its surroundings ask for. */
static struct typed constant(struct translator *tr, struct typed e, struct sqltype to) {
    struct typed out = {.sql = e.sql, .type = to};
    if (to.array) {
        out.sql = cast_elements(tr, e.sql, to);
        return out;
    }
    switch (to.base) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID: return constant_integer(tr, e.literal, to);
    case TYPE_USER: return constant_enum(tr, e.literal, to);
    case TYPE_STRING:
    case TYPE_VARCHAR:
    case TYPE_CHAR:
    case TYPE_NAME:
    case TYPE_QCHAR:
    case TYPE_UNKNOWN:
        out.literal = e.literal;
        out.literal_len = e.literal_len;
        return out;
    default: return translate_cast(tr, (struct typed){.sql = e.sql, .type = sqltype_of(TYPE_STRING)}, to);
    }
}

struct typed translate_coerce(struct translator *tr, struct typed e, struct sqltype to) {
    if (!e.sql || to.base == TYPE_UNKNOWN)
        return e;
    if (e.null)
        return (struct typed){.sql = e.sql, .type = to, .null = true};
    if (e.param && e.type.base == TYPE_UNKNOWN) {
        struct engine_statement *st = tr->statement;
        if (st && (size_t)e.param <= st->type_count) {
            st->types[e.param - 1] = to;
            st->types[e.param - 1].width = st->types[e.param - 1].scale = -1;
        }
        e.type = to;
        return e;
    }
    if (e.literal && e.type.base == TYPE_UNKNOWN)
        return constant(tr, e, to);
    if (sqltype_equal(&e.type, &to) || (sqltype_is_text(&e.type) && sqltype_is_text(&to)) ||
        e.type.base == TYPE_UNKNOWN) {
        e.type = to;
        return e;
    }
    if (sqltype_is_number(&e.type) && sqltype_is_number(&to))
        return translate_cast(tr, e, to);
    if (e.literal && to.base == TYPE_USER && sqltype_is_text(&e.type))
        return constant(tr, e, to);
    const bool times = (e.type.base == TYPE_TIMESTAMP || e.type.base == TYPE_TIMESTAMPTZ ||
        e.type.base == TYPE_DATE) &&
        (to.base == TYPE_TIMESTAMP || to.base == TYPE_TIMESTAMPTZ || to.base == TYPE_DATE);
    if (times)
        return translate_cast(tr, e, to);
    return e;
}

bool typed_is_integer(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8 ||
        t->base == TYPE_OID);
}
bool typed_is_float(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_FLOAT4 || t->base == TYPE_FLOAT8);
}

static const char *cast_from_text(struct translator *tr, const char *sql, struct sqltype to) {
    if (to.array)
        return cast_elements(tr, sql, to);
    switch (to.base) {
    case TYPE_BOOL: return arena_printf(tr->arena, "to_bool(%s)", sql);
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID: return arena_printf(tr->arena, "to_int(%s)", sql);
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: return arena_printf(tr->arena, "to_float(%s)", sql);
    case TYPE_DECIMAL: return arena_printf(tr->arena, "to_decimal(%s, %d)", sql, to.width > 0
        ? (to.scale > 0 ? to.scale : 0) : -1);
    case TYPE_UUID: return arena_printf(tr->arena, "to_uuid(%s)", sql);
    case TYPE_BYTES: return arena_printf(tr->arena, "to_bytes(%s)", sql);
    case TYPE_DATE: return arena_printf(tr->arena, "to_date(%s)", sql);
    case TYPE_TIMESTAMP: return arena_printf(tr->arena, "to_timestamp(%s)", sql);
    case TYPE_TIMESTAMPTZ: return arena_printf(tr->arena, "to_timestamptz(%s)", sql);
    case TYPE_INTERVAL: return arena_printf(tr->arena, "to_interval(%s)", sql);
    case TYPE_REGCLASS: return arena_printf(tr->arena, "to_regclass(%s)", sql);
    case TYPE_JSONB: return arena_printf(tr->arena, "to_json_value(%s)", sql);
    default: return sql;
    }
}

const char *translate_as_text(struct translator *tr, struct typed e) {
    if (e.type.array)
        return e.sql;
    if (e.type.base == TYPE_BOOL)
        return arena_printf(tr->arena, "CASE %s WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", e.sql);
    if (e.type.base == TYPE_REGCLASS)
        return arena_printf(tr->arena, "regclass_text(%s)", e.sql);
    if (typed_is_integer(&e.type))
        return arena_printf(tr->arena, "CAST(%s AS TEXT)", e.sql);
    if (typed_is_float(&e.type))
        return arena_printf(tr->arena, "float_text(%s)", e.sql);
    return e.sql;
}

/* In an array a BOOL is one letter. */
const char *translate_as_element(struct translator *tr, struct typed e) {
    return !e.type.array && e.type.base == TYPE_BOOL
        ? arena_printf(tr->arena, "CASE %s WHEN 1 THEN 't' WHEN 0 THEN 'f' END", e.sql)
        : translate_as_text(tr, e);
}

static const char *cast_enum(struct translator *tr, const char *sql, struct sqltype to) {
    const struct type_descriptor *d = type_by_id(tr->engine->descriptors, to.user);
    struct str labels = {0};
    for (size_t i = 0; d && i < d->labels.len; i++)
        str_add_f(&labels, i ? ",%s" : "%s",
            translate_text_literal(tr, d->labels.items[i].name, strlen(d->labels.items[i].name)));
    const char *out = arena_printf(tr->arena,
        "CASE WHEN %s IN (%s) OR %s IS NULL THEN %s ELSE bad_enum(%s, '%s') END",
        sql, str_get(&labels), sql, sql, sql, d ? d->name : "");
    str_free(&labels);
    return out;
}

static bool is_whole(enum ast_type_base base) {
    return base == TYPE_INT2 || base == TYPE_INT4 || base == TYPE_INT8;
}

struct typed translate_cast(struct translator *tr, struct typed e, struct sqltype to) {
    if (!e.sql)
        return e;
    if (e.null || (e.param && e.type.base == TYPE_UNKNOWN) ||
        (e.literal && e.type.base == TYPE_UNKNOWN && (to.base == TYPE_USER || typed_is_integer(&to)) && !to.array))
        return translate_coerce(tr, e, to);
    struct typed out = {.sql = e.sql, .type = to};
    const bool text = sqltype_is_text(&e.type) || e.type.base == TYPE_UNKNOWN;
    if (to.array && (e.type.array ? e.type.base != to.base && !(is_whole(e.type.base) && is_whole(to.base)) : text))
        out.sql = cast_elements(tr, e.sql, to);
    if (to.array || e.type.array)
        return out;
    if (to.base == TYPE_USER)
        out.sql = e.type.base == TYPE_USER ? e.sql : cast_enum(tr, e.sql, to);
    else if (sqltype_is_text(&to) || to.base == TYPE_UNKNOWN) {
        out.sql = translate_as_text(tr, e);
        if (to.width > 0)
            out.sql = arena_printf(tr->arena, "substr(%s, 1, %d)", out.sql, to.width);
        out.literal = e.literal;
        out.literal_len = e.literal_len;
    } else if (text)
        out.sql = cast_from_text(tr, e.sql, to);
    else if (to.base == TYPE_DECIMAL && (e.type.base == TYPE_DECIMAL || typed_is_integer(&e.type) ||
        typed_is_float(&e.type)))
        out.sql = cast_from_text(tr, translate_as_text(tr, e), to);
    else if (typed_is_integer(&to) && e.type.base == TYPE_DECIMAL)
        out.sql = arena_printf(tr->arena, "dec_int(%s)", e.sql);
    else if (typed_is_integer(&to) && typed_is_float(&e.type))
        out.sql = arena_printf(tr->arena, "CAST(round(%s) AS INTEGER)", e.sql);
    else if (typed_is_float(&to))
        out.sql = arena_printf(tr->arena, "CAST(%s AS REAL)", e.sql);
    else if (to.base == TYPE_REGCLASS)
        out.sql = arena_printf(tr->arena, "to_regclass(CAST(%s AS TEXT))", e.sql);
    else if (to.base == TYPE_DATE || to.base == TYPE_TIMESTAMP || to.base == TYPE_TIMESTAMPTZ)
        out.sql = cast_from_text(tr, e.sql, to);
    return out;
}
