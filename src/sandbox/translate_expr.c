/* translate_expr: expressions of the dialect made into SQLite's, with their types. */
#include "engine_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct typed typed_error(void) {
    return (struct typed){.sql = NULL, .type = {.base = TYPE_UNKNOWN, .width = -1, .scale = -1}};
}

static struct typed typed_of(const char *sql, enum ast_type_base base) {
    return (struct typed){.sql = sql, .type = sqltype_of(base)};
}

const char *translate_text_literal(struct translator *tr, const char *text, size_t n) {
    struct str s = {0};
    str_add_char(&s, '\'');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\'')
            str_add_char(&s, '\'');
        str_add_char(&s, text[i]);
    }
    str_add_char(&s, '\'');
    const char *copy = arena_strndup(tr->arena, str_get(&s), s.len);
    str_free(&s);
    return copy;
}

bool translate_type(struct translator *tr, const struct ast_type *t, struct sqltype *out) {
    *out = sqltype_of(t->base);
    out->array = t->array;
    out->width = t->width > 0 ? t->width : -1;
    out->scale = t->scale > 0 ? t->scale : -1;
    if (t->base != TYPE_USER)
        return true;
    const struct type_descriptor *d = engine_type(tr, &t->user);
    if (d) {
        out->user = d->id;
        return true;
    }
    struct str name = {0};
    for (int i = 0; i < t->user.n; i++)
        str_add_f(&name, i ? ".%s" : "%s", t->user.part[i]);
    result_fail(tr->r, "42704", "type \"%s\" does not exist", str_get(&name));
    str_free(&name);
    return false;
}

/* Whether a column reference fits this column. */
static bool column_fits(const struct scope_column *c, const struct ast_name *n) {
    if (!str_eq(c->name, n->part[n->n - 1]))
        return false;
    return n->n == 1 || str_eq(c->table, n->part[n->n - 2]);
}

static struct typed translate_column(struct translator *tr, const struct ast_name *n,
    const struct scope *scope) {
    for (const struct scope *s = scope; s; s = s->parent) {
        const struct scope_column *found = NULL;
        for (size_t i = 0; i < s->len; i++) {
            if (!column_fits(&s->items[i], n))
                continue;
            if (found && found->sql != s->items[i].sql) {
                result_fail(tr->r, "42702", "column reference \"%s\" is ambiguous", n->part[n->n - 1]);
                return typed_error();
            }
            found = &s->items[i];
        }
        if (found)
            return (struct typed){.sql = found->sql, .type = found->type};
    }
    struct str name = {0};
    for (int i = 0; i < n->n; i++)
        str_add_f(&name, i ? ".%s" : "%s", n->part[i]);
    bool table = n->n == 1;
    for (const struct scope *s = scope; s && !table; s = s->parent)
        for (size_t i = 0; i < s->len && !table; i++)
            table = str_eq(s->items[i].table, n->part[n->n - 2]);
    if (table)
        result_fail(tr->r, "42703", "column \"%s\" does not exist", str_get(&name));
    else
        result_fail(tr->r, "42P01", "no data source matches prefix: %s in this context", n->part[n->n - 2]);
    str_free(&name);
    return typed_error();
}

static struct typed translate_number(struct translator *tr, const struct ast_expr *e) {
    if (e->u.number.integer && strlen(e->u.number.text) < 19)
        return typed_of(e->u.number.text, TYPE_INT8);
    return typed_of(arena_printf(tr->arena, "'%s'", e->u.number.text), TYPE_DECIMAL);
}

static struct typed translate_string(struct translator *tr, const struct ast_expr *e) {
    struct typed t = typed_of(translate_text_literal(tr, e->u.string.bytes, e->u.string.len), TYPE_UNKNOWN);
    t.literal = arena_strndup(tr->arena, e->u.string.bytes, e->u.string.len);
    t.literal_len = e->u.string.len;
    return t;
}

static struct typed translate_bytes(struct translator *tr, const struct ast_expr *e) {
    struct str s = {0};
    str_add(&s, "'\\x");
    for (size_t i = 0; i < e->u.string.len; i++)
        str_add_f(&s, "%02x", (unsigned char)e->u.string.bytes[i]);
    str_add(&s, "'");
    struct typed t = typed_of(arena_strdup(tr->arena, str_get(&s)), TYPE_BYTES);
    str_free(&s);
    return t;
}

static struct typed translate_param(struct translator *tr, int n) {
    struct typed t = {.sql = arena_printf(tr->arena, "?%d", n), .type = sqltype_of(TYPE_UNKNOWN), .param = n};
    if (tr->statement && (size_t)n <= tr->statement->type_count)
        t.type = tr->statement->types[n - 1];
    return t;
}

static struct typed invalid(struct translator *tr, const char *text, const struct sqltype *to,
    const char *why) {
    result_fail(tr->r, "22P02", "could not parse \"%s\" as type %s%s%s", text, sqltype_word(to), *why
        ? ": " : "", why);
    return typed_error();
}

static struct typed constant_integer(struct translator *tr, const char *text, struct sqltype to) {
    char *end;
    const long long v = strtoll(text, &end, 10);
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

/* A string constant as a value of the type that its surroundings ask for. */
static struct typed constant(struct translator *tr, struct typed e, struct sqltype to) {
    struct typed out = {.sql = e.sql, .type = to};
    if (to.array)
        return out;
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
    case TYPE_JSONB:
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

static bool is_integer(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8 ||
        t->base == TYPE_OID);
}
static bool is_float(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_FLOAT4 || t->base == TYPE_FLOAT8);
}

static const char *cast_from_text(struct translator *tr, const char *sql, struct sqltype to) {
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
    default: return sql;
    }
}

static const char *cast_to_text(struct translator *tr, struct typed e) {
    if (e.type.array)
        return e.sql;
    if (e.type.base == TYPE_BOOL)
        return arena_printf(tr->arena, "CASE %s WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", e.sql);
    if (is_integer(&e.type))
        return arena_printf(tr->arena, "CAST(%s AS TEXT)", e.sql);
    if (is_float(&e.type))
        return arena_printf(tr->arena, "float_text(%s)", e.sql);
    return e.sql;
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

struct typed translate_cast(struct translator *tr, struct typed e, struct sqltype to) {
    if (!e.sql)
        return e;
    if (e.null || (e.param && e.type.base == TYPE_UNKNOWN) ||
        (e.literal && e.type.base == TYPE_UNKNOWN && (to.base == TYPE_USER || is_integer(&to)) && !to.array))
        return translate_coerce(tr, e, to);
    struct typed out = {.sql = e.sql, .type = to};
    const bool text = sqltype_is_text(&e.type) || e.type.base == TYPE_UNKNOWN;
    if (to.array || e.type.array)
        return out;
    if (to.base == TYPE_USER)
        out.sql = e.type.base == TYPE_USER ? e.sql : cast_enum(tr, e.sql, to);
    else if (sqltype_is_text(&to) || to.base == TYPE_UNKNOWN) {
        out.sql = cast_to_text(tr, e);
        if (to.width > 0)
            out.sql = arena_printf(tr->arena, "substr(%s, 1, %d)", out.sql, to.width);
        out.literal = e.literal;
        out.literal_len = e.literal_len;
    } else if (text)
        out.sql = cast_from_text(tr, e.sql, to);
    else if (to.base == TYPE_DECIMAL && (e.type.base == TYPE_DECIMAL || is_integer(&e.type) ||
        is_float(&e.type)))
        out.sql = cast_from_text(tr, cast_to_text(tr, e), to);
    else if (is_integer(&to) && e.type.base == TYPE_DECIMAL)
        out.sql = arena_printf(tr->arena, "CAST(round(CAST(%s AS REAL)) AS INTEGER)", e.sql);
    else if (is_integer(&to) && is_float(&e.type))
        out.sql = arena_printf(tr->arena, "CAST(round(%s) AS INTEGER)", e.sql);
    else if (is_float(&to))
        out.sql = arena_printf(tr->arena, "CAST(%s AS REAL)", e.sql);
    else if (to.base == TYPE_REGCLASS)
        out.sql = arena_printf(tr->arena, "to_regclass(CAST(%s AS TEXT))", e.sql);
    else if (to.base == TYPE_DATE || to.base == TYPE_TIMESTAMP || to.base == TYPE_TIMESTAMPTZ)
        out.sql = cast_from_text(tr, e.sql, to);
    return out;
}

/* The type that both sides are brought to. */
static struct sqltype common_type(const struct typed *a, const struct typed *b) {
    if (a->type.base == TYPE_UNKNOWN)
        return b->type;
    if (b->type.base == TYPE_UNKNOWN || sqltype_equal(&a->type, &b->type))
        return a->type;
    if (sqltype_is_number(&a->type) && sqltype_is_number(&b->type)) {
        if (is_float(&a->type) || is_float(&b->type))
            return sqltype_of(TYPE_FLOAT8);
        if (a->type.base == TYPE_DECIMAL || b->type.base == TYPE_DECIMAL)
            return sqltype_of(TYPE_DECIMAL);
        return sqltype_of(TYPE_INT8);
    }
    if (a->type.base == TYPE_TIMESTAMPTZ || b->type.base == TYPE_TIMESTAMPTZ)
        return sqltype_of(TYPE_TIMESTAMPTZ);
    if (a->type.base == TYPE_USER)
        return a->type;
    if (b->type.base == TYPE_USER)
        return b->type;
    return a->type;
}

static struct typed mismatch(struct translator *tr, const char *op, struct typed a, struct typed b) {
    result_fail(tr->r, "22023", "unsupported %s operator: <%s> %s <%s>",
        strchr("=<>!", *op) ? "comparison" : "binary", sqltype_word(&a.type), op, sqltype_word(&b.type));
    return typed_error();
}

static struct typed compare(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    const struct sqltype common = common_type(&a, &b);
    struct typed x = translate_coerce(tr, a, common), y = translate_coerce(tr, b, common);
    if (!x.sql || !y.sql)
        return typed_error();
    const bool alike = sqltype_equal(&x.type, &y.type) || x.null || y.null ||
        (sqltype_is_text(&x.type) && sqltype_is_text(&y.type)) || x.type.base == TYPE_UNKNOWN ||
        y.type.base == TYPE_UNKNOWN || (sqltype_is_number(&x.type) && sqltype_is_number(&y.type)) ||
        x.type.base == TYPE_OID || y.type.base == TYPE_OID || x.type.base == TYPE_REGCLASS ||
            y.type.base == TYPE_REGCLASS;
    if (!alike)
        return mismatch(tr, ast_op_text(op), x, y);
    const char *word = op == OP_DISTINCT ? "IS NOT" : op == OP_NOT_DISTINCT ? "IS" : op == OP_NE ? "<>"
        : ast_op_text(op);
    return typed_of(arena_printf(tr->arena, "(%s %s %s%s)", x.sql, word, y.sql,
        common.base == TYPE_DECIMAL ? " COLLATE DECIMAL" : ""), TYPE_BOOL);
}

static struct typed arithmetic(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    static const struct {
        enum ast_op op;
        const char *sql, *decimal;
    } ops[] = {
        {OP_ADD, "+", "dec_add"}, {OP_SUB, "-", "dec_sub"}, {OP_MUL, "*", "dec_mul"}, {OP_DIV, "/",
            "dec_div"},
        {OP_MOD, "%", "dec_mod"}, {OP_FLOORDIV, "/", "dec_floordiv"},
    };
    const struct sqltype common = common_type(&a, &b);
    struct typed x = translate_coerce(tr, a, common.base == TYPE_UNKNOWN ? sqltype_of(TYPE_INT8) : common);
    struct typed y = translate_coerce(tr, b, common.base == TYPE_UNKNOWN ? sqltype_of(TYPE_INT8) : common);
    if (!x.sql || !y.sql)
        return typed_error();
    const bool time_a = a.type.base == TYPE_TIMESTAMP || a.type.base == TYPE_TIMESTAMPTZ ||
        a.type.base == TYPE_DATE;
    if (time_a && (b.type.base == TYPE_INTERVAL || b.type.base == TYPE_UNKNOWN) &&
        b.type.base != TYPE_UNKNOWN)
        return (struct typed){.sql = arena_printf(tr->arena, "time_add(%s, %s, %d)", a.sql, b.sql,
            op == OP_SUB ? -1 : 1),
            .type = a.type.base == TYPE_DATE ? sqltype_of(TYPE_TIMESTAMP) : a.type};
    if (time_a && op == OP_SUB)
        return typed_of(arena_printf(tr->arena, "time_sub(%s, %s)", x.sql, y.sql), TYPE_INTERVAL);
    if (!sqltype_is_number(&x.type) || !sqltype_is_number(&y.type))
        return mismatch(tr, ast_op_text(op), x, y);
    const bool exact = common.base == TYPE_DECIMAL || (op == OP_DIV && is_integer(&common));
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (ops[i].op != op)
            continue;
        if (exact)
            return typed_of(arena_printf(tr->arena, "%s(%s, %s)", ops[i].decimal, x.sql, y.sql),
                TYPE_DECIMAL);
        if (op == OP_DIV || op == OP_MOD || op == OP_FLOORDIV)
            return (struct typed){.sql = arena_printf(tr->arena, "(%s %s nonzero(%s))", x.sql, ops[i].sql,
                y.sql),
                .type = common};
        return (struct typed){.sql = arena_printf(tr->arena, "(%s %s %s)", x.sql, ops[i].sql, y.sql),
            .type = common};
    }
    if (op == OP_POW)
        return typed_of(arena_printf(tr->arena, "CAST(pow(%s, %s) AS INTEGER)", x.sql, y.sql), TYPE_INT8);
    static const struct {
        enum ast_op op;
        const char *sql;
    } bits[] = {{OP_BIT_OR, "|"}, {OP_BIT_AND, "&"}, {OP_SHIFT_LEFT, "<<"}, {OP_SHIFT_RIGHT, ">>"}};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (bits[i].op == op)
            return typed_of(arena_printf(tr->arena, "(%s %s %s)", x.sql, bits[i].sql, y.sql), TYPE_INT8);
    result_unsupported(tr->r, "the operator %s", ast_op_text(op));
    return typed_error();
}

static struct typed pattern(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    a = translate_coerce(tr, a, sqltype_of(TYPE_STRING));
    b = translate_coerce(tr, b, sqltype_of(TYPE_STRING));
    if (!a.sql || !b.sql)
        return typed_error();
    const bool negated = op == OP_NOT_LIKE || op == OP_NOT_ILIKE || op == OP_NOT_MATCH || op == OP_NOT_IMATCH;
    const char *not = negated ? "NOT " : "";
    const char *sql;
    if (op == OP_LIKE || op == OP_NOT_LIKE)
        sql = arena_printf(tr->arena, "(%s %sLIKE %s ESCAPE '\\')", a.sql, not, b.sql);
    else if (op == OP_ILIKE || op == OP_NOT_ILIKE)
        sql = arena_printf(tr->arena, "(lower(%s) %sLIKE lower(%s) ESCAPE '\\')", a.sql, not, b.sql);
    else
        sql = arena_printf(tr->arena, "(%sregex(%s, %s, %d))", not, a.sql, b.sql, op == OP_IMATCH ||
            op == OP_NOT_IMATCH);
    return typed_of(sql, TYPE_BOOL);
}

struct typed translate_binary(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    if (!a.sql || !b.sql)
        return typed_error();
    switch (op) {
    case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE: case OP_DISTINCT: case OP_NOT_DISTINCT:
        return compare(tr, op, a, b);
    case OP_LIKE: case OP_NOT_LIKE: case OP_ILIKE: case OP_NOT_ILIKE: case OP_MATCH: case OP_NOT_MATCH:
    case OP_IMATCH: case OP_NOT_IMATCH:
        return pattern(tr, op, a, b);
    case OP_CONCAT:
        a = translate_coerce(tr, a, sqltype_of(TYPE_STRING));
        b = translate_coerce(tr, b, sqltype_of(TYPE_STRING));
        if (!a.sql || !b.sql)
            return typed_error();
        return typed_of(arena_printf(tr->arena, "(%s || %s)", cast_to_text(tr, a), cast_to_text(tr, b)),
            TYPE_STRING);
    case OP_CONTAINS:
        return typed_of(arena_printf(tr->arena, "array_contains(%s, %s)", a.sql, b.sql), TYPE_BOOL);
    case OP_CONTAINED:
        return typed_of(arena_printf(tr->arena, "array_contains(%s, %s)", b.sql, a.sql), TYPE_BOOL);
    case OP_OVERLAPS:
        return typed_of(arena_printf(tr->arena, "array_overlaps(%s, %s)", a.sql, b.sql), TYPE_BOOL);
    case OP_FETCH:
        return typed_of(arena_printf(tr->arena, "(%s -> %s)", a.sql, b.sql), TYPE_JSONB);
    case OP_FETCH_TEXT:
        return typed_of(arena_printf(tr->arena, "CAST((%s ->> %s) AS TEXT)", a.sql, b.sql), TYPE_STRING);
    default: return arithmetic(tr, op, a, b);
    }
}

struct typed translate_condition(struct translator *tr, const struct ast_expr *e, const struct scope *scope,
    const char *what) {
    struct typed t = translate_coerce(tr, translate_expr(tr, e, scope), sqltype_of(TYPE_BOOL));
    if (t.sql && t.type.base != TYPE_BOOL && !t.null) {
        result_fail(tr->r, "42804", "argument of %s must be type bool, not type %s", what,
            sqltype_word(&t.type));
        return typed_error();
    }
    return t;
}

/* (a, b) op (c, d): pair by pair, as SQLite's row values. */
static struct typed compare_tuples(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    const struct ast_exprs *l = &ast_unparen(e->u.binary.left)->u.tuple.list;
    const struct ast_exprs *r = &ast_unparen(e->u.binary.right)->u.tuple.list;
    struct str left = {0}, right = {0};
    bool good = l->len == r->len;
    if (!good)
        result_fail(tr->r, "42601", "unequal number of entries in tuple expressions: %zu, %zu", l->len,
            r->len);
    for (size_t i = 0; good && i < l->len; i++) {
        struct typed a = translate_expr(tr, l->items[i], scope), b = translate_expr(tr, r->items[i], scope);
        const struct sqltype common = common_type(&a, &b);
        a = translate_coerce(tr, a, common);
        b = translate_coerce(tr, b, common);
        good = a.sql && b.sql;
        if (good) {
            str_add_f(&left, i ? ", %s" : "%s", a.sql);
            str_add_f(&right, i ? ", %s" : "%s", b.sql);
        }
    }
    const char *word = e->u.binary.op == OP_NE ? "<>" : ast_op_text(e->u.binary.op);
    struct typed out = !good ? typed_error()
        : typed_of(arena_printf(tr->arena, "((%s) %s (%s))", str_get(&left), word, str_get(&right)),
            TYPE_BOOL);
    str_free(&left);
    str_free(&right);
    return out;
}

static struct typed translate_op(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    const enum ast_op op = e->u.binary.op;
    if (op == OP_AND || op == OP_OR) {
        struct typed a = translate_condition(tr, e->u.binary.left, scope, ast_op_text(op));
        struct typed b = a.sql ? translate_condition(tr, e->u.binary.right, scope, ast_op_text(op)) : a;
        return !b.sql ? b : typed_of(arena_printf(tr->arena, "(%s %s %s)", a.sql, ast_op_text(op), b.sql),
            TYPE_BOOL);
    }
    if (ast_unparen(e->u.binary.left)->kind == EXPR_TUPLE &&
        ast_unparen(e->u.binary.right)->kind == EXPR_TUPLE)
        return compare_tuples(tr, e, scope);
    struct typed a = translate_expr(tr, e->u.binary.left, scope);
    return a.sql ? translate_binary(tr, op, a, translate_expr(tr, e->u.binary.right, scope)) : a;
}

static struct typed translate_unary(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    if (e->u.unary.op == OP_NOT) {
        struct typed t = translate_condition(tr, e->u.unary.arg, scope, "NOT");
        return t.sql ? typed_of(arena_printf(tr->arena, "(NOT %s)", t.sql), TYPE_BOOL) : t;
    }
    struct typed t = translate_expr(tr, e->u.unary.arg, scope);
    if (!t.sql || e->u.unary.op == OP_PLUS)
        return t;
    if (t.type.base == TYPE_DECIMAL)
        t.sql = arena_printf(tr->arena, "dec_sub('0', %s)", t.sql);
    else if (t.type.base == TYPE_INTERVAL)
        t.sql = arena_printf(tr->arena, "interval_negate(%s)", t.sql);
    else
        t.sql = arena_printf(tr->arena, "(%s%s)", e->u.unary.op == OP_BIT_NOT ? "~" : "-", t.sql);
    return t;
}

static struct typed translate_is(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    static const char *const words[] = {"NULL", "1", "0", "NULL"};
    struct typed t = translate_expr(tr, e->u.is.arg, scope);
    return !t.sql ? t : typed_of(arena_printf(tr->arena, "(%s IS %s%s)", t.sql, e->u.is.negated ? "NOT " : "",
        words[e->u.is.what]), TYPE_BOOL);
}

static struct typed translate_in(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    const char *not = e->u.in.negated ? "NOT " : "";
    struct typed a = translate_expr(tr, e->u.in.arg, scope);
    if (!a.sql)
        return a;
    if (e->u.in.query) {
        struct out_columns columns = {0};
        const char *sql = translate_query(tr, e->u.in.query, scope, &columns);
        vec_free(&columns);
        return sql ? typed_of(arena_printf(tr->arena, "(%s %sIN (%s))", a.sql, not, sql), TYPE_BOOL)
            : typed_error();
    }
    struct str list = {0};
    bool good = true;
    for (size_t i = 0; good && i < e->u.in.list.len; i++) {
        struct typed b = translate_expr(tr, e->u.in.list.items[i], scope);
        if (a.type.base == TYPE_UNKNOWN)
            a = translate_coerce(tr, a, b.type);
        b = translate_coerce(tr, b, a.type);
        good = b.sql && a.sql;
        if (good)
            str_add_f(&list, i ? ", %s" : "%s", b.sql);
    }
    struct typed out = !good ? typed_error()
        : typed_of(arena_printf(tr->arena, "(%s %sIN (%s))", a.sql, not, str_get(&list)), TYPE_BOOL);
    str_free(&list);
    return out;
}

static struct typed translate_case(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    const size_t n = e->u.cases.whens.len;
    struct typed *values = arena_calloc(tr->arena, n + 1, sizeof *values);
    struct typed arg = {0};
    struct sqltype type = sqltype_of(TYPE_UNKNOWN);
    struct str sql = {0};
    bool good = true;
    if (e->u.cases.arg)
        good = (arg = translate_expr(tr, e->u.cases.arg, scope)).sql;
    for (size_t i = 0; good && i <= n; i++) {
        const struct ast_expr *then = i < n ? e->u.cases.whens.items[i].then : e->u.cases.otherwise;
        values[i] = then ? translate_expr(tr, then, scope) : (struct typed){.sql = "NULL", .type = type,
            .null = true};
        good = values[i].sql;
        if (good && type.base == TYPE_UNKNOWN)
            type = values[i].type;
    }
    str_add(&sql, "CASE");
    for (size_t i = 0; good && i <= n; i++) {
        const struct typed value = translate_coerce(tr, values[i], type);
        good = value.sql;
        if (i == n) {
            if (good)
                str_add_f(&sql, " ELSE %s END", value.sql);
            break;
        }
        struct typed when = good ? translate_expr(tr, e->u.cases.whens.items[i].when, scope) : typed_error();
        if (e->u.cases.arg)
            when = translate_binary(tr, OP_EQ, arg, when);
        good = good && when.sql;
        if (good)
            str_add_f(&sql, " WHEN %s THEN %s", when.sql, value.sql);
    }
    struct typed out = good ? (struct typed){.sql = arena_strdup(tr->arena, str_get(&sql)), .type = type}
        : typed_error();
    if (type.base == TYPE_UNKNOWN && good)
        out.type = sqltype_of(TYPE_STRING);
    str_free(&sql);
    return out;
}

static struct typed translate_array(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct sqltype element = sqltype_of(TYPE_UNKNOWN);
    struct str sql = {0};
    bool good = true;
    for (size_t i = 0; good && i < e->u.list.len; i++) {
        struct typed t = translate_expr(tr, e->u.list.items[i], scope);
        if (element.base == TYPE_UNKNOWN && !t.null)
            element = t.type;
        good = t.sql;
        if (good)
            str_add_f(&sql, i ? ", %s" : "%s", cast_to_text(tr, t));
    }
    if (element.base == TYPE_UNKNOWN)
        element = sqltype_of(TYPE_STRING);
    element.array = true;
    struct typed out = !good ? typed_error()
        : (struct typed){.sql = arena_printf(tr->arena, "make_array(%s)", str_get(&sql)), .type = element};
    str_free(&sql);
    return out;
}

static struct typed translate_quantified(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct typed a = translate_expr(tr, e->u.quantified.left, scope);
    if (!a.sql)
        return a;
    if (e->u.quantified.query && e->u.quantified.op == OP_EQ && !e->u.quantified.all) {
        struct out_columns columns = {0};
        const char *sql = translate_query(tr, e->u.quantified.query, scope, &columns);
        vec_free(&columns);
        return sql ? typed_of(arena_printf(tr->arena, "(%s IN (%s))", a.sql, sql), TYPE_BOOL) : typed_error();
    }
    if (e->u.quantified.query) {
        result_unsupported(tr->r, "this comparison with %s of a subquery", e->u.quantified.all ? "ALL"
            : "ANY");
        return typed_error();
    }
    struct typed b = translate_expr(tr, e->u.quantified.right, scope);
    if (!b.sql)
        return b;
    if (b.param && b.type.base == TYPE_UNKNOWN) {
        struct sqltype array = a.type.base == TYPE_UNKNOWN ? sqltype_of(TYPE_STRING) : a.type;
        array.array = true;
        b = translate_coerce(tr, b, array);
    }
    if (a.type.base == TYPE_UNKNOWN && b.type.base != TYPE_UNKNOWN) {
        struct sqltype element = b.type;
        element.array = false;
        a = translate_coerce(tr, a, element);
    }
    return typed_of(arena_printf(tr->arena, "array_any(%s, '%s', %s, %d)", cast_to_text(tr, a),
        ast_op_text(e->u.quantified.op), b.sql, e->u.quantified.all), TYPE_BOOL);
}

static struct typed translate_subquery(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct out_columns columns = {0};
    const char *sql = translate_query(tr, e->u.query, scope, &columns);
    struct typed out = typed_error();
    if (sql && e->kind == EXPR_EXISTS)
        out = typed_of(arena_printf(tr->arena, "EXISTS (%s)", sql), TYPE_BOOL);
    else if (sql && columns.len != 1 && e->kind == EXPR_SUBQUERY)
        result_fail(tr->r, "42601", "subquery must return only one column, found %zu", columns.len);
    else if (sql && e->kind == EXPR_ARRAY_QUERY) {
        out = (struct typed){.sql = arena_printf(tr->arena,
            "(SELECT coalesce(array_agg(k0), '{}') FROM (%s))", sql),
            .type = columns.items[0].type};
        out.type.array = true;
    } else if (sql)
        out = (struct typed){.sql = arena_printf(tr->arena, "(%s)", sql), .type = columns.items[0].type};
    vec_free(&columns);
    return out;
}

static struct typed translate_between(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct typed a = translate_expr(tr, e->u.between.arg, scope);
    struct typed low = translate_binary(tr, OP_GE, a, translate_expr(tr, e->u.between.low, scope));
    struct typed high = low.sql ? translate_binary(tr, OP_LE, a, translate_expr(tr, e->u.between.high,
        scope)) : low;
    return !high.sql ? high : typed_of(arena_printf(tr->arena, "(%s(%s AND %s))", e->u.between.negated
        ? "NOT " : "",
        low.sql, high.sql), TYPE_BOOL);
}

static struct typed translate_explicit_cast(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct sqltype to;
    struct typed t = translate_expr(tr, e->u.cast.arg, scope);
    if (!t.sql || !translate_type(tr, e->u.cast.type, &to))
        return typed_error();
    t = e->u.cast.style == CAST_ANNOTATE ? translate_coerce(tr, t, to) : translate_cast(tr, t, to);
    return t;
}

static struct typed translate_subscript(struct translator *tr, const struct ast_expr *e,
    const struct scope *scope) {
    struct typed a = translate_expr(tr, e->u.subscript.arg, scope);
    struct typed i = a.sql ? translate_expr(tr, e->u.subscript.begin, scope) : a;
    if (!i.sql || e->u.subscript.slice)
        return i.sql ? (result_unsupported(tr->r, "a slice of an array"), typed_error()) : i;
    a.type.array = false;
    return translate_cast(tr, typed_of(arena_printf(tr->arena, "array_get(%s, %s)", a.sql, i.sql),
        TYPE_STRING), a.type);
}

struct typed translate_expr(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    struct typed t;
    switch (e->kind) {
    case EXPR_NULL: return (struct typed){.sql = "NULL", .type = sqltype_of(TYPE_UNKNOWN), .null = true};
    case EXPR_BOOL: return typed_of(e->u.boolean ? "1" : "0", TYPE_BOOL);
    case EXPR_NUMBER: return translate_number(tr, e);
    case EXPR_STRING: return translate_string(tr, e);
    case EXPR_BYTES: return translate_bytes(tr, e);
    case EXPR_PARAM: return translate_param(tr, e->u.param);
    case EXPR_COLUMN: return translate_column(tr, &e->u.column, scope);
    case EXPR_PAREN:
        t = translate_expr(tr, e->u.paren, scope);
        return t;
    case EXPR_UNARY: return translate_unary(tr, e, scope);
    case EXPR_BINARY:
    case EXPR_DISTINCT: return translate_op(tr, e, scope);
    case EXPR_IS: return translate_is(tr, e, scope);
    case EXPR_BETWEEN: return translate_between(tr, e, scope);
    case EXPR_IN: return translate_in(tr, e, scope);
    case EXPR_QUANTIFIED: return translate_quantified(tr, e, scope);
    case EXPR_EXISTS:
    case EXPR_SUBQUERY:
    case EXPR_ARRAY_QUERY: return translate_subquery(tr, e, scope);
    case EXPR_CASE: return translate_case(tr, e, scope);
    case EXPR_CAST: return translate_explicit_cast(tr, e, scope);
    case EXPR_ARRAY: return translate_array(tr, e, scope);
    case EXPR_SUBSCRIPT: return translate_subscript(tr, e, scope);
    case EXPR_CALL: return translate_call(tr, e, scope);
    case EXPR_COLLATE: return translate_expr(tr, e->u.collate.arg, scope);
    case EXPR_DEFAULT:
        result_fail(tr->r, "42601",
            "DEFAULT can only appear in a VALUES list within INSERT or on the right side of a SET");
        return typed_error();
    default:
        result_unsupported(tr->r, "this kind of expression");
        return typed_error();
    }
}
