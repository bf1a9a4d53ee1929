/* translate_expr: expressions of the dialect made into SQLite's, with their types. */
#include "translate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct typed typed_error(void) {
    return (struct typed){.sql = NULL, .type = {.base = TYPE_UNKNOWN, .width = -1, .scale = -1}};
}

struct typed typed_of(const char *sql, enum ast_type_base base) {
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
    if (tr->engine->compat >= 2402 && t->user.n == 1 && str_eq(t->user.part[0], "vector"))
        return result_unsupported(tr->r, "the type VECTOR");
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

/* The columns that crdb_internal.ranges lost with 23.1. */
static bool of_ranges(const struct ast_name *n, const struct scope *scope) {
    static const char *const lost[] = {"table_id", "database_name", "schema_name", "table_name", "index_name"};
    bool is_lost = false, ranges = false;
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        is_lost = is_lost || str_eq(n->part[n->n - 1], lost[i]);
    for (const struct scope *s = scope; is_lost && s; s = s->parent)
        for (size_t i = 0; i < s->len && !ranges; i++)
            ranges = str_eq(s->items[i].name, "start_pretty");
    return ranges;
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
    if (table && tr->engine->compat >= 2301 && of_ranges(n, scope))
        result_hint(tr->r, "To retrieve table/schema names/IDs associated with ranges, consider SHOW [CLUSTER] RANGES "
            "WITH TABLES.\nThere are more SHOW RANGES options. Refer to the online documentation or execute 'SHOW "
            "RANGES ?" "?' for details.");
    if (!table)
        result_fail(tr->r, "42P01", "no data source matches prefix: %s in this context", n->part[n->n - 2]);
    str_free(&name);
    return typed_error();
}

static struct typed translate_number(struct translator *tr, const struct ast_expr *e) {
    errno = 0;
    const long long v = e->u.number.integer ? strtoll(e->u.number.text, NULL, 10) : 0;
    if (e->u.number.integer && errno == 0)
        return typed_of(arena_printf(tr->arena, "%lld", v), TYPE_INT8);
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


struct typed translate_condition(struct translator *tr, const struct ast_expr *e, const struct scope *scope,
    const char *what) {
    const char *const before = tr->no_aggregates;
    if (str_eq(what, "WHERE") || str_eq(what, "ON"))
        tr->no_aggregates = what;
    struct typed t = translate_coerce(tr, translate_expr(tr, e, scope), sqltype_of(TYPE_BOOL));
    tr->no_aggregates = before;
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
        const struct sqltype common = translate_common_type(&a, &b);
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
            str_add_f(&sql, i ? ", %s" : "%s", translate_as_element(tr, t));
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
    return typed_of(arena_printf(tr->arena, "array_any(%s, '%s', %s, %d)", translate_as_element(tr, a),
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
        const struct typed element = {.sql = "k0", .type = columns.items[0].type};
        out = (struct typed){.sql = arena_printf(tr->arena, "(SELECT coalesce(array_agg(%s), '{}') FROM (%s))",
            translate_as_element(tr, element), sql), .type = element.type};
        out.type.array = true;
    } else if (sql)
        out = (struct typed){.sql = arena_printf(tr->arena, "(SELECT single(k0) FROM (%s))", sql),
            .type = columns.items[0].type};
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
    case EXPR_CALL:
        return translate_is_series(e) ? translate_series_value(tr, e, scope) : translate_call(tr, e, scope);
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
