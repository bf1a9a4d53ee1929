/* translate_series: functions that give rows: unnest, generate_series, the elements of JSON. Each becomes a json_each of
 * SQLite's, which may refer to the sources before it, in FROM as in a list of a SELECT. */
#include "translate.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum series_kind {
    SERIES_UNNEST, SERIES_GENERATE, SERIES_SUBSCRIPTS, SERIES_ELEMENTS, SERIES_ELEMENTS_TEXT, SERIES_KEYS, SERIES_EACH,
    SERIES_EACH_TEXT,
};

static const struct {
    const char *name;
    enum series_kind kind;
} names[] = {
    {"unnest", SERIES_UNNEST}, {"pg_get_keywords", SERIES_UNNEST}, {"generate_series", SERIES_GENERATE},
    {"generate_subscripts", SERIES_SUBSCRIPTS},
    {"jsonb_array_elements", SERIES_ELEMENTS}, {"json_array_elements", SERIES_ELEMENTS},
    {"jsonb_array_elements_text", SERIES_ELEMENTS_TEXT}, {"json_array_elements_text", SERIES_ELEMENTS_TEXT},
    {"jsonb_object_keys", SERIES_KEYS}, {"json_object_keys", SERIES_KEYS},
    {"jsonb_each", SERIES_EACH}, {"json_each", SERIES_EACH}, {"jsonb_each_text", SERIES_EACH_TEXT},
    {"json_each_text", SERIES_EACH_TEXT},
};

static long kind_of(const struct ast_expr *e) {
    if (e->kind != EXPR_CALL)
        return -1;
    const struct ast_name *n = &e->u.call.name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(n->part[n->n - 1], names[i].name))
            return (long)names[i].kind;
    return -1;
}

bool translate_is_series(const struct ast_expr *e) {
    return kind_of(e) >= 0;
}

static void add(struct series *out, const char *name, struct typed t) {
    if (out->count < sizeof out->columns / sizeof *out->columns) {
        out->names[out->count] = name;
        out->columns[out->count++] = t;
    }
}

/* One array's elements, or several arrays' side by side. */
static bool unnest(struct translator *tr, const struct typed *args, size_t n, const char *alias, struct series *out) {
    struct str lengths = {0};
    for (size_t i = 0; i < n; i++) {
        struct sqltype type = args[i].type;
        const bool array = type.array;
        type.array = false;
        if (!array && type.base != TYPE_UNKNOWN && !sqltype_is_text(&type)) {
            str_free(&lengths);
            return result_fail(tr->r, "42883", "unknown signature: unnest(%s)", sqltype_word(&args[i].type));
        }
        const char *sql = n == 1 ? arena_printf(tr->arena, "%s.value", alias)
            : arena_printf(tr->arena, "array_get(%s, %s.value)", args[i].sql, alias);
        str_add_f(&lengths, ", array_length(%s, 1)", args[i].sql);
        add(out, "unnest", translate_cast(tr, (struct typed){.sql = sql, .type = sqltype_of(TYPE_STRING)}, type));
    }
    out->source = n == 1 ? arena_printf(tr->arena, "json_each(array_to_json(%s)) AS %s", args[0].sql, alias)
        : arena_printf(tr->arena, "json_each(series_json(1, max_of(0%s), 1)) AS %s", str_get(&lengths), alias);
    str_free(&lengths);
    return true;
}

static bool generate(struct translator *tr, struct typed *args, size_t n, const char *alias, struct series *out) {
    struct sqltype type = args[0].type.base == TYPE_UNKNOWN && n > 1 ? args[1].type : args[0].type;
    const bool times = type.base == TYPE_TIMESTAMP || type.base == TYPE_TIMESTAMPTZ || type.base == TYPE_DATE;
    if (!times)
        type = sqltype_of(TYPE_INT8);
    else if (type.base == TYPE_DATE)
        type = sqltype_of(TYPE_TIMESTAMP);
    for (size_t i = 0; i < n; i++)
        if (!(args[i] = translate_coerce(tr, args[i], i == 2 && times ? sqltype_of(TYPE_INTERVAL) : type)).sql)
            return false;
    if (n < 2 || (times && n < 3))
        return result_fail(tr->r, "42883", "unknown signature: generate_series(%s)", sqltype_word(&args[0].type));
    out->source = arena_printf(tr->arena, "json_each(%s(%s, %s, %s)) AS %s", times ? "series_times" : "series_json",
        args[0].sql, args[1].sql, n > 2 ? args[2].sql : "1", alias);
    add(out, "generate_series", (struct typed){.sql = arena_printf(tr->arena, "%s.value", alias), .type = type});
    return true;
}

static void json_series(struct translator *tr, enum series_kind kind, const char *json, const char *alias,
    struct series *out) {
    const struct typed key = typed_of(arena_printf(tr->arena, "%s.key", alias), TYPE_STRING);
    const bool text = kind == SERIES_ELEMENTS_TEXT || kind == SERIES_EACH_TEXT;
    const struct typed value = typed_of(arena_printf(tr->arena, "json_fetch(%s, %s.key, %d)", json, alias, text),
        text ? TYPE_STRING : TYPE_JSONB);
    out->source = arena_printf(tr->arena, "json_each(%s) AS %s", json, alias);
    out->keyed = kind == SERIES_KEYS || kind == SERIES_EACH || kind == SERIES_EACH_TEXT;
    if (kind == SERIES_KEYS)
        add(out, "jsonb_object_keys", key);
    else if (kind == SERIES_EACH || kind == SERIES_EACH_TEXT)
        add(out, "key", key);
    if (kind != SERIES_KEYS)
        add(out, "value", value);
}

bool translate_series(struct translator *tr, const struct ast_expr *e, const struct scope *scope, const char *alias,
    struct series *out) {
    const struct ast_exprs *list = &e->u.call.args;
    struct typed args[8];
    const enum series_kind kind = (enum series_kind)kind_of(e);
    *out = (struct series){0};
    for (size_t i = 0; i < list->len && i < 8; i++)
        if (!(args[i] = translate_expr(tr, list->items[i], scope)).sql)
            return false;
    const size_t n = list->len < 8 ? list->len : 8;
    if (!n)
        return result_fail(tr->r, "42883", "unknown signature: %s()", e->u.call.name.part[e->u.call.name.n - 1]);
    if (kind == SERIES_UNNEST)
        return unnest(tr, args, n, alias, out);
    if (kind == SERIES_GENERATE)
        return generate(tr, args, n < 3 ? n : 3, alias, out);
    if (kind == SERIES_SUBSCRIPTS) {
        out->source = arena_printf(tr->arena, "json_each(series_json(1, array_length(%s, 1), 1)) AS %s", args[0].sql,
            alias);
        add(out, "generate_subscripts", typed_of(arena_printf(tr->arena, "%s.value", alias), TYPE_INT8));
        return true;
    }
    args[0] = translate_coerce(tr, args[0], sqltype_of(TYPE_JSONB));
    if (!args[0].sql)
        return false;
    json_series(tr, kind, args[0].sql, alias, out);
    return true;
}

/* One of several functions in a list: their rows stand side by side. What would be its row's value is looked up by the
 * number of the row. */
static struct typed zipped(struct translator *tr, const struct series *s) {
    const char *begin = strchr(s->source, '(') + 1, *end = strrchr(s->source, ')');
    const char *elements = arena_strndup(tr->arena, begin, (size_t)(end - begin));
    char *value = mem_printf("%s.value", strrchr(s->source, ' ') + 1);
    struct typed out = s->columns[s->count - 1];
    struct str sql = {0};
    if (s->keyed) {
        free(value);
        result_unsupported(tr->r, "a list with more than one function that gives rows, one of an object");
        return typed_error();
    }
    for (const char *p = out.sql; *p;) {
        const char *hit = strstr(p, value);
        str_add_n(&sql, p, hit ? (size_t)(hit - p) : strlen(p));
        if (!hit)
            break;
        str_add_f(&sql, "(SELECT value FROM json_each(%s) WHERE key = %s.value)", elements, tr->zip);
        p = hit + strlen(value);
    }
    str_add_f(tr->zip_lengths, ", json_array_length(%s)", elements);
    out.sql = arena_strdup(tr->arena, str_get(&sql));
    str_free(&sql);
    free(value);
    return out;
}

struct typed translate_series_value(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    struct series s;
    if (!tr->sources) {
        result_fail(tr->r, "0A000", "%s(): generator functions are not allowed here",
            e->u.call.name.part[e->u.call.name.n - 1]);
        return typed_error();
    }
    if (!translate_series(tr, e, scope, arena_printf(tr->arena, "f%d", tr->aliases++), &s))
        return typed_error();
    tr->series++;
    if (tr->zip)
        return zipped(tr, &s);
    str_add_f(tr->sources, tr->sources->len ? ", %s" : " FROM %s", s.source);
    return s.columns[s.count - 1];
}
