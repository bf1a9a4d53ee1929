/* translate_op: operators: comparison, arithmetic, patterns, arrays, JSON. */
#include "translate.h"

#include <string.h>

/* The type that both sides are brought to. */
struct sqltype translate_common_type(const struct typed *a, const struct typed *b) {
    if (a->type.base == TYPE_UNKNOWN)
        return b->type;
    if (b->type.base == TYPE_UNKNOWN || sqltype_equal(&a->type, &b->type))
        return a->type;
    if (sqltype_is_number(&a->type) && sqltype_is_number(&b->type)) {
        if (typed_is_float(&a->type) || typed_is_float(&b->type))
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
    const struct sqltype common = translate_common_type(&a, &b);
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
    if (common.base == TYPE_INTERVAL && !common.array) {
        x.sql = arena_printf(tr->arena, "interval_usec(%s)", x.sql);
        y.sql = arena_printf(tr->arena, "interval_usec(%s)", y.sql);
    }
    const char *word = op == OP_DISTINCT ? "IS NOT" : op == OP_NOT_DISTINCT ? "IS" : op == OP_NE ? "<>"
        : ast_op_text(op);
    return typed_of(arena_printf(tr->arena, "(%s %s %s%s)", x.sql, word, y.sql,
        common.base == TYPE_DECIMAL ? " COLLATE DECIMAL" : ""), TYPE_BOOL);
}

static bool is_time(const struct typed *t) {
    return t->type.base == TYPE_TIMESTAMP || t->type.base == TYPE_TIMESTAMPTZ || t->type.base == TYPE_DATE;
}

/* Sums and products of times, dates and intervals; sql NULL without an error: it is none of those. */
static struct typed time_arithmetic(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    const int sign = op == OP_SUB ? -1 : 1;
    const bool sum = op == OP_ADD || op == OP_SUB, interval_a = a.type.base == TYPE_INTERVAL,
        interval_b = b.type.base == TYPE_INTERVAL;
    if (op == OP_ADD && interval_a && is_time(&b))
        return time_arithmetic(tr, op, b, a);
    if (sum && is_time(&a) && interval_b)
        return (struct typed){.sql = arena_printf(tr->arena, "time_add(%s, %s, %d)", a.sql, b.sql, sign),
            .type = a.type.base == TYPE_DATE ? sqltype_of(TYPE_TIMESTAMP) : a.type};
    if (sum && a.type.base == TYPE_DATE && typed_is_integer(&b.type))
        return typed_of(arena_printf(tr->arena, "date_add(%s, %s(%s))", a.sql, sign < 0 ? "-" : "+", b.sql), TYPE_DATE);
    if (op == OP_SUB && a.type.base == TYPE_DATE && b.type.base == TYPE_DATE)
        return typed_of(arena_printf(tr->arena, "date_sub(%s, %s)", a.sql, b.sql), TYPE_INT8);
    if (sum && interval_a && (interval_b || b.type.base == TYPE_UNKNOWN)) {
        b = translate_coerce(tr, b, a.type);
        return !b.sql ? b : typed_of(arena_printf(tr->arena, "interval_add(%s, %s, %d)", a.sql, b.sql, sign),
            TYPE_INTERVAL);
    }
    if (op == OP_MUL && interval_b && sqltype_is_number(&a.type))
        return time_arithmetic(tr, op, b, a);
    if ((op == OP_MUL || op == OP_DIV) && interval_a && sqltype_is_number(&b.type))
        return typed_of(arena_printf(tr->arena, op == OP_MUL ? "interval_times(%s, CAST(%s AS REAL))"
            : "interval_times(%s, 1.0 / nonzero(CAST(%s AS REAL)))", a.sql, b.sql), TYPE_INTERVAL);
    return (struct typed){0};
}

/* Both operands in place of the two %s of an SQL. */
static const char *fill_two(struct translator *tr, const char *sql, const char *a, const char *b) {
    const char *first = strstr(sql, "%s"), *second = strstr(first + 2, "%s");
    return arena_printf(
        tr->arena, "%.*s%s%.*s%s%s", (int)(first - sql), sql, a, (int)(second - first - 2), first + 2, b, second + 2);
}

/* The operators of JSONB; sql NULL without an error: it is none of those. */
static struct typed json(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    const struct sqltype keys = {.base = TYPE_STRING, .array = true, .width = -1, .scale = -1};
    const bool to_array = op == OP_FETCH_PATH || op == OP_FETCH_PATH_TEXT || op == OP_REMOVE_PATH ||
        op == OP_SOME_EXISTS || op == OP_ALL_EXISTS;
    const bool to_json = op == OP_CONTAINS || op == OP_CONTAINED || op == OP_CONCAT;
    static const struct {
        enum ast_op op;
        const char *sql;
        enum ast_type_base result;
    } ops[] = {
        {OP_FETCH, "json_fetch(%s, %s, 0)", TYPE_JSONB}, {OP_FETCH_TEXT, "json_fetch(%s, %s, 1)", TYPE_STRING},
        {OP_FETCH_PATH, "json_at_path(%s, array_to_json(%s), 0)", TYPE_JSONB},
        {OP_FETCH_PATH_TEXT, "json_at_path(%s, array_to_json(%s), 1)", TYPE_STRING},
        {OP_CONTAINS, "json_contains(%s, %s)", TYPE_BOOL}, {OP_CONTAINED, NULL, TYPE_BOOL},
        {OP_KEY_EXISTS, "json_has(%s, array_to_json(make_array(%s)), 1)", TYPE_BOOL},
        {OP_SOME_EXISTS, "json_has(%s, array_to_json(%s), 0)", TYPE_BOOL},
        {OP_ALL_EXISTS, "json_has(%s, array_to_json(%s), 1)", TYPE_BOOL},
        {OP_REMOVE_PATH, "json_remove_path(%s, array_to_json(%s))", TYPE_JSONB},
        {OP_SUB, "json_without(%s, %s)", TYPE_JSONB}, {OP_CONCAT, "json_concat(%s, %s)", TYPE_JSONB},
    };
    if (to_json && a.type.base == TYPE_UNKNOWN)
        a = translate_coerce(tr, a, sqltype_of(TYPE_JSONB));
    b = translate_coerce(tr, b, to_array ? keys : to_json ? sqltype_of(TYPE_JSONB)
        : typed_is_integer(&b.type) ? b.type : sqltype_of(TYPE_STRING));
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (ops[i].op == op && a.sql && b.sql)
            return typed_of(op == OP_CONTAINED ? arena_printf(tr->arena, "json_contains(%s, %s)", b.sql, a.sql)
                : fill_two(tr, ops[i].sql, a.sql, b.sql), ops[i].result);
    return (struct typed){0};
}

static struct typed arithmetic(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    static const struct {
        enum ast_op op;
        const char *sql, *decimal, *integer;
    } ops[] = {
        {OP_ADD, "+", "dec_add", "int_add"}, {OP_SUB, "-", "dec_sub", "int_sub"}, {OP_MUL, "*", "dec_mul", "int_mul"},
        {OP_DIV, "/", "dec_div", NULL}, {OP_MOD, "%", "dec_mod", NULL}, {OP_FLOORDIV, "/", "dec_floordiv", NULL},
    };
    const struct typed timed = time_arithmetic(tr, op, a, b);
    if (timed.sql || tr->r->failed)
        return timed;
    const struct sqltype common = translate_common_type(&a, &b);
    if (op == OP_SUB && is_time(&a) && (is_time(&b) || b.type.base == TYPE_UNKNOWN)) {
        const struct typed l = translate_coerce(tr, a, common), r = translate_coerce(tr, b, common);
        return !l.sql || !r.sql ? typed_error()
            : typed_of(arena_printf(tr->arena, "time_sub(%s, %s)", l.sql, r.sql), TYPE_INTERVAL);
    }
    struct typed x = translate_coerce(tr, a, common.base == TYPE_UNKNOWN ? sqltype_of(TYPE_INT8) : common);
    struct typed y = translate_coerce(tr, b, common.base == TYPE_UNKNOWN ? sqltype_of(TYPE_INT8) : common);
    if (!x.sql || !y.sql)
        return typed_error();
    if (!sqltype_is_number(&x.type) || !sqltype_is_number(&y.type))
        return mismatch(tr, ast_op_text(op), x, y);
    const bool exact = common.base == TYPE_DECIMAL || (op == OP_DIV && typed_is_integer(&common));
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
        if (ops[i].integer && typed_is_integer(&common))
            return (struct typed){.sql = arena_printf(tr->arena, "%s(%s, %s)", ops[i].integer, x.sql, y.sql),
                .type = common};
        return (struct typed){.sql = arena_printf(tr->arena, "(%s %s %s)", x.sql, ops[i].sql, y.sql),
            .type = common};
    }
    if (op == OP_POW && typed_is_integer(&common))
        return typed_of(arena_printf(tr->arena, "CAST(pow(%s, %s) AS INTEGER)", x.sql, y.sql), TYPE_INT8);
    if (op == OP_POW)
        return (struct typed){.sql = translate_cast(tr, typed_of(arena_printf(tr->arena, "pow(%s, %s)", x.sql, y.sql),
            TYPE_FLOAT8), common).sql, .type = common};
    if (op == OP_BIT_XOR)
        return typed_of(arena_printf(tr->arena, "((%s | %s) - (%s & %s))", x.sql, y.sql, x.sql, y.sql), TYPE_INT8);
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
    const bool negated = op == OP_NOT_SIMILAR || op == OP_NOT_LIKE || op == OP_NOT_ILIKE || op == OP_NOT_MATCH ||
        op == OP_NOT_IMATCH;
    const char *not = negated ? "NOT " : "";
    const char *sql;
    if (op == OP_LIKE || op == OP_NOT_LIKE)
        sql = arena_printf(tr->arena, "(%s %sLIKE %s ESCAPE '\\')", a.sql, not, b.sql);
    else if (op == OP_ILIKE || op == OP_NOT_ILIKE)
        sql = arena_printf(tr->arena, "(lower(%s) %sLIKE lower(%s) ESCAPE '\\')", a.sql, not, b.sql);
    else if (op == OP_SIMILAR || op == OP_NOT_SIMILAR)
        sql = arena_printf(tr->arena, "(%sregex(%s, similar_pattern(%s), 0))", not, a.sql, b.sql);
    else
        sql = arena_printf(tr->arena, "(%sregex(%s, %s, %d))", not, a.sql, b.sql, op == OP_IMATCH ||
            op == OP_NOT_IMATCH);
    return typed_of(sql, TYPE_BOOL);
}

/* Whether an address or network lies within another. */
static struct typed inet(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    const struct sqltype type = sqltype_of(TYPE_INET);
    a = translate_coerce(tr, a, type);
    b = translate_coerce(tr, b, type);
    if (!a.sql || !b.sql)
        return typed_error();
    if (a.type.base != TYPE_INET || b.type.base != TYPE_INET)
        return mismatch(tr, ast_op_text(op), a, b);
    return typed_of(op == OP_WITHIN ? arena_printf(tr->arena, "inet_within(%s, %s)", a.sql, b.sql)
        : arena_printf(tr->arena, "inet_within(%s, %s)", b.sql, a.sql), TYPE_BOOL);
}

/* Two arrays, or an array and an element at either end. */
static struct typed concat_arrays(struct translator *tr, struct typed a, struct typed b) {
    struct sqltype array = a.type.array ? a.type : b.type;
    if (a.type.base == TYPE_UNKNOWN && a.literal && *a.literal == '{')
        a.type = array;
    if (b.type.base == TYPE_UNKNOWN && b.literal && *b.literal == '{')
        b.type = array;
    const char *sql = a.type.array && b.type.array ? arena_printf(tr->arena, "array_cat(%s, %s)", a.sql, b.sql)
        : a.type.array ? arena_printf(tr->arena, "array_append(%s, %s)", a.sql, translate_as_element(tr, b))
        : arena_printf(tr->arena, "array_cat(make_array(%s), %s)", translate_as_element(tr, a), b.sql);
    return (struct typed){.sql = sql, .type = array};
}

struct typed translate_binary(struct translator *tr, enum ast_op op, struct typed a, struct typed b) {
    if (!a.sql || !b.sql)
        return typed_error();
    const bool jsons = (a.type.base == TYPE_JSONB && !a.type.array) || (b.type.base == TYPE_JSONB && !b.type.array &&
        (op == OP_CONTAINS || op == OP_CONTAINED || op == OP_CONCAT));
    const struct typed of_json = jsons ? json(tr, op, a, b) : (struct typed){0};
    if (of_json.sql || tr->r->failed)
        return of_json;
    switch (op) {
    case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE: case OP_DISTINCT: case OP_NOT_DISTINCT:
        return compare(tr, op, a, b);
    case OP_LIKE: case OP_NOT_LIKE: case OP_ILIKE: case OP_NOT_ILIKE: case OP_MATCH: case OP_NOT_MATCH:
    case OP_IMATCH: case OP_NOT_IMATCH: case OP_SIMILAR: case OP_NOT_SIMILAR:
        return pattern(tr, op, a, b);
    case OP_CONCAT:
        if (a.type.array || b.type.array)
            return concat_arrays(tr, a, b);
        a = translate_coerce(tr, a, sqltype_of(TYPE_STRING));
        b = translate_coerce(tr, b, sqltype_of(TYPE_STRING));
        if (!a.sql || !b.sql)
            return typed_error();
        return typed_of(arena_printf(tr->arena, "(%s || %s)", translate_as_text(tr, a), translate_as_text(tr, b)),
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
    case OP_WITHIN:
    case OP_HOLDS: return inet(tr, op, a, b);
    default: return arithmetic(tr, op, a, b);
    }
}
