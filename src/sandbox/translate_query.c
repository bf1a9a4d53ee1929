/* translate_query: SELECT and its like made into SQLite's, columns named k0, k1 ... */
#include "translate.h"

#include <stdlib.h>
#include <string.h>

/* A function's name as it was written, with its schema; one of pg_catalog's without. */
static const char *qualified(struct translator *tr, const struct ast_name *n) {
    if (n->n < 2 || str_eq(n->part[0], "pg_catalog"))
        return n->part[n->n - 1];
    return arena_printf(tr->arena, "%s.%s", n->part[n->n - 2], n->part[n->n - 1]);
}

static const char *target_name(struct translator *tr, const struct ast_target_column *t) {
    const struct ast_expr *e = t->expr;
    while (e->kind == EXPR_PAREN || (e->kind == EXPR_CAST && e->u.cast.arg->kind == EXPR_CALL))
        e = e->kind == EXPR_PAREN ? e->u.paren : e->u.cast.arg;
    if (!t->alias && e->kind == EXPR_CALL)
        return qualified(tr, &e->u.call.name);
    return t->alias ? t->alias : translate_column_name(t->expr);
}

const char *translate_column_name(const struct ast_expr *e) {
    switch (e->kind) {
    case EXPR_COLUMN: return e->u.column.part[e->u.column.n - 1];
    case EXPR_CALL: return e->u.call.name.part[e->u.call.name.n - 1];
    case EXPR_PAREN: return translate_column_name(e->u.paren);
    case EXPR_CASE: return "case";
    case EXPR_ARRAY:
    case EXPR_ARRAY_QUERY: return "array";
    case EXPR_EXISTS: return "exists";
    case EXPR_BOOL: return "bool";
    case EXPR_COLLATE: return translate_column_name(e->u.collate.arg);
    case EXPR_SUBSCRIPT: return translate_column_name(e->u.subscript.arg);
    case EXPR_CAST: {
        const char *inner = translate_column_name(e->u.cast.arg);
        static const struct {
            enum ast_type_base base;
            const char *name;
        } names[] = {
            {TYPE_STRING, "text"}, {TYPE_INT8, "int8"}, {TYPE_INT4, "int4"}, {TYPE_BOOL, "bool"}, {TYPE_UUID,
                "uuid"},
            {TYPE_DECIMAL, "numeric"}, {TYPE_FLOAT8, "float8"}, {TYPE_TIMESTAMP, "timestamp"},
            {TYPE_TIMESTAMPTZ, "timestamptz"}, {TYPE_DATE, "date"}, {TYPE_INTERVAL, "interval"}, {TYPE_BYTES,
                "bytea"},
            {TYPE_REGCLASS, "regclass"}, {TYPE_VARCHAR, "varchar"}, {TYPE_JSONB, "jsonb"}, {TYPE_REGTYPE,
                "regtype"},
        };
        if (!str_eq(inner, "?column?"))
            return inner;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (names[i].base == e->u.cast.type->base && !e->u.cast.type->array)
                return names[i].name;
        return e->u.cast.type->base == TYPE_USER ? e->u.cast.type->user.part[e->u.cast.type->user.n - 1]
            : inner;
    }
    case EXPR_SUBQUERY: {
        const struct ast_query *q = e->u.query;
        if (q->kind == QUERY_SELECT && q->u.select->targets.len == 1) {
            const struct ast_target_column *t = &q->u.select->targets.items[0];
            return t->alias ? t->alias : translate_column_name(t->expr);
        }
        return "?column?";
    }
    default: return "?column?";
    }
}

static bool add_star(struct translator *tr, const struct ast_expr *e, const struct scope *scope,
    struct str *sql,
    struct out_columns *columns) {
    const struct ast_name *n = &e->u.column;
    bool any = false;
    for (size_t i = 0; i < scope->len; i++) {
        const struct scope_column *c = &scope->items[i];
        if (n->n && !str_eq(c->table, n->part[n->n - 1]))
            continue;
        any = true;
        if (c->hidden)
            continue;
        const struct out_column out = {.name = c->name, .type = c->type};
        str_add_f(sql, columns->len ? ", %s AS k%zu" : "%s AS k%zu", c->sql, columns->len);
        vec_push(columns, out);
    }
    if (!any && n->n)
        return result_fail(tr->r, "42P01", "no data source named \"%s\"", n->part[n->n - 1]);
    return any || result_fail(tr->r, "42602", "cannot use \"*\" without a FROM clause");
}

bool translate_targets(struct translator *tr, const struct ast_targets *targets, const struct scope *scope,
    struct str *sql, struct out_columns *columns) {
    for (size_t i = 0; i < targets->len; i++) {
        const struct ast_target_column *t = &targets->items[i];
        if (t->expr->kind == EXPR_STAR) {
            if (!add_star(tr, t->expr, scope, sql, columns))
                return false;
            continue;
        }
        struct typed e = translate_expr(tr, t->expr, scope);
        if (!e.sql)
            return false;
        if (e.type.base == TYPE_UNKNOWN)
            e = translate_coerce(tr, e, sqltype_of(TYPE_STRING));
        const struct out_column c = {.name = target_name(tr, t), .type = e.type};
        str_add_f(sql, columns->len ? ", %s AS k%zu" : "%s AS k%zu", e.sql, columns->len);
        vec_push(columns, c);
    }
    return true;
}

/* An ordinal, an alias of the list, or an expression. */
static const char *grouping(struct translator *tr, const struct ast_expr *e, const struct ast_select *s,
    const struct scope *scope, const struct out_columns *columns) {
    const struct ast_expr *plain = ast_unparen((struct ast_expr *)(size_t)e);
    if (plain->kind == EXPR_NUMBER && plain->u.number.integer) {
        const long i = strtol(plain->u.number.text, NULL, 10);
        if (i < 1 || (size_t)i > columns->len) {
            result_fail(tr->r, "42P10", "GROUP BY position %ld is not in select list", i);
            return NULL;
        }
        return s->distinct_on.len ? translate_expr(tr, s->targets.items[i - 1].expr, scope).sql
            : arena_printf(tr->arena, "%ld", i);
    }
    if (plain->kind == EXPR_COLUMN && plain->u.column.n == 1) {
        bool is_column = false;
        for (size_t i = 0; i < scope->len; i++)
            is_column = is_column || str_eq(scope->items[i].name, plain->u.column.part[0]);
        for (size_t i = 0; i < s->targets.len && !is_column; i++)
            if (s->targets.items[i].alias && str_eq(s->targets.items[i].alias, plain->u.column.part[0]))
                return translate_expr(tr, s->targets.items[i].expr, scope).sql;
    }
    return translate_expr(tr, e, scope).sql;
}

static bool from_list(struct translator *tr, const struct ast_select *s, struct scope *scope,
    struct str *out) {
    for (size_t i = 0; i < s->from.len; i++) {
        const char *sql = translate_from(tr, s->from.items[i], scope);
        if (!sql)
            return false;
        str_add_f(out, i ? ", %s" : " FROM %s", sql);
    }
    return true;
}

static bool select_rest(struct translator *tr, const struct ast_select *s, const struct scope *scope,
    const struct out_columns *columns, struct str *out) {
    if (s->where) {
        const struct typed t = translate_condition(tr, s->where, scope, "WHERE");
        if (!t.sql)
            return false;
        str_add_f(out, " WHERE %s", t.sql);
    }
    for (size_t i = 0; i < s->group_by.len; i++) {
        const char *sql = grouping(tr, s->group_by.items[i], s, scope, columns);
        if (!sql)
            return false;
        str_add_f(out, i ? ", %s" : " GROUP BY %s", sql);
    }
    if (s->having) {
        const struct typed t = translate_condition(tr, s->having, scope, "HAVING");
        if (!t.sql)
            return false;
        str_add_f(out, " HAVING %s", t.sql);
    }
    return true;
}

/* ORDER BY: an ordinal, a name of the answer, or (of a plain SELECT) any expression of its sources. */
static bool order_by(struct translator *tr, const struct ast_query *q, const struct scope *scope,
    const struct out_columns *columns, struct str *out) {
    const char *before = " ORDER BY ";
    for (size_t i = 0; i < q->order.len; i++) {
        const struct ast_order *o = &q->order.items[i];
        const struct ast_expr *e = o->expr ? ast_unparen(o->expr) : NULL;
        const char *sql = NULL;
        struct sqltype type = sqltype_of(TYPE_UNKNOWN);
        if (!e)
            continue;
        if (e->kind == EXPR_NUMBER && e->u.number.integer) {
            const long n = strtol(e->u.number.text, NULL, 10);
            if (n < 1 || (size_t)n > columns->len)
                return result_fail(tr->r, "42P10", "ORDER BY position %ld is not in select list", n);
            sql = arena_printf(tr->arena, "k%ld", n - 1);
            type = columns->items[n - 1].type;
        }
        for (size_t k = 0; !sql && e->kind == EXPR_COLUMN && e->u.column.n == 1 && k < columns->len; k++)
            if (str_eq(columns->items[k].name, e->u.column.part[0])) {
                sql = arena_printf(tr->arena, "k%zu", k);
                type = columns->items[k].type;
            }
        if (!sql) {
            const struct typed t = translate_expr(tr, o->expr, scope);
            if (!t.sql)
                return false;
            sql = t.sql;
            type = t.type;
        }
        str_add_f(out, "%s%s%s%s%s", before, sql, type.base == TYPE_DECIMAL && !type.array
            ? " COLLATE DECIMAL" : "",
            o->descending ? " DESC" : "",
            o->nulls == NULLS_FIRST ? " NULLS FIRST" : o->nulls == NULLS_LAST ? " NULLS LAST" : "");
        before = ", ";
    }
    return true;
}

static bool limits(struct translator *tr, const struct ast_query *q, struct str *out) {
    const struct sqltype integer = sqltype_of(TYPE_INT8);
    if (q->limit || q->offset) {
        const struct typed l = q->limit ? translate_coerce(tr, translate_expr(tr, q->limit, NULL), integer)
            : (struct typed){.sql = "-1"};
        if (!l.sql)
            return false;
        str_add_f(out, q->limit ? " LIMIT not_negative(%s, '2201W', 'LIMIT', -1)" : " LIMIT %s", l.sql);
    }
    if (q->offset) {
        const struct typed o = translate_coerce(tr, translate_expr(tr, q->offset, NULL), integer);
        if (!o.sql)
            return false;
        str_add_f(out, " OFFSET not_negative(%s, '2201X', 'OFFSET', 0)", o.sql);
    }
    return true;
}

/* DISTINCT ON: the first row of each group in the order that ORDER BY gives: its rows are numbered, and the first
 * kept. The columns that order come with them as o0, o1 ... */
static bool distinct_on(struct translator *tr, const struct ast_query *q, const struct scope *scope, const char *from,
    struct str *out, struct out_columns *columns) {
    const struct ast_select *s = q->u.select;
    struct str partition = {0}, order = {0}, inner = {0}, sorted = {0};
    bool good = translate_targets(tr, &s->targets, scope, &inner, columns);
    for (size_t i = 0; good && i < s->distinct_on.len; i++) {
        const char *sql = grouping(tr, s->distinct_on.items[i], s, scope, columns);
        good = sql;
        str_add_f(&partition, i ? ", %s" : "PARTITION BY %s", good ? sql : "");
    }
    for (size_t i = 0; good && i < q->order.len; i++) {
        const struct ast_order *o = &q->order.items[i];
        const char *sql = o->expr ? grouping(tr, o->expr, s, scope, columns) : "1";
        good = sql;
        if (!good)
            break;
        const char *way = o->descending ? " DESC" : "";
        str_add_f(&inner, ", %s AS o%zu", sql, i);
        str_add_f(&order, i ? ", %s%s" : " ORDER BY %s%s", sql, way);
        str_add_f(&sorted, i ? ", o%zu%s" : " ORDER BY o%zu%s", i, way);
    }
    str_add(out, "SELECT ");
    for (size_t i = 0; i < columns->len; i++)
        str_add_f(out, i ? ", k%zu" : "k%zu", i);
    str_add_f(out, " FROM (SELECT %s, row_number() OVER (%s%s) AS first%s", str_get(&inner), str_get(&partition),
        str_get(&order), from);
    good = good && select_rest(tr, s, scope, columns, out);
    str_add_f(out, ") WHERE first = 1%s", str_get(&sorted));
    str_free(&partition);
    str_free(&order);
    str_free(&inner);
    str_free(&sorted);
    return good && limits(tr, q, out);
}

/* The list of a SELECT; once more when several functions in it give rows. */
static bool targets(struct translator *tr, const struct ast_select *s, const struct scope *scope, struct str *from,
    struct str *out, struct out_columns *columns) {
    const size_t begin = out->len, sources = from->len, first = columns->len;
    struct str lengths = {0}, *const outer_lengths = tr->zip_lengths;
    const char *const outer = tr->zip;
    tr->zip = NULL;
    bool good = translate_targets(tr, &s->targets, scope, out, columns);
    if (good && tr->series > 1) {
        str_truncate(out, begin);
        str_truncate(from, sources);
        columns->len = first;
        tr->zip = arena_printf(tr->arena, "z%d", tr->aliases++);
        tr->zip_lengths = &lengths;
        good = translate_targets(tr, &s->targets, scope, out, columns);
        str_add_f(from, from->len ? ", json_each(series_json(0, max_of(0%s) - 1, 1)) AS %s"
            : " FROM json_each(series_json(0, max_of(0%s) - 1, 1)) AS %s", str_get(&lengths), tr->zip);
    }
    tr->zip = outer;
    tr->zip_lengths = outer_lengths;
    str_free(&lengths);
    return good;
}

static bool select_sql(struct translator *tr, const struct ast_query *q, const struct scope *outer,
    struct str *out,
    struct out_columns *columns) {
    const struct ast_select *s = q->u.select;
    struct scope scope = {.parent = outer};
    const int series = tr->series;
    struct str from = {0}, *const sources = tr->sources;
    bool good = from_list(tr, s, &scope, &from);
    tr->sources = &from;
    tr->series = 0;
    if (s->distinct_on.len) {
        good = good && distinct_on(tr, q, &scope, str_get(&from), out, columns);
    } else {
        str_add(out, s->distinct ? "SELECT DISTINCT " : "SELECT ");
        good = good && targets(tr, s, &scope, &from, out, columns) && translate_check_grouping(tr, s, &scope);
        if (good && columns->len == 0)
            str_add(out, "1");
        str_add(out, str_get(&from));
        tr->sources = NULL;
        good = good && select_rest(tr, s, &scope, columns, out);
        good = good && order_by(tr, q, &scope, columns, out) && limits(tr, q, out);
    }
    tr->sources = sources;
    tr->series = series;
    str_free(&from);
    vec_free(&scope);
    return good;
}

void translate_values_begin(size_t columns, struct str *out) {
    str_add(out, columns ? "SELECT " : "SELECT 1");
    for (size_t k = 0; k < columns; k++)
        str_add_f(out, k ? ", column%zu AS k%zu" : "column%zu AS k%zu", k + 1, k);
    str_add(out, " FROM (VALUES ");
}

static bool values_sql(struct translator *tr, const struct ast_rows *rows, const struct scope *outer,
    struct str *out,
    struct out_columns *columns) {
    const size_t n = rows->len ? rows->items[0].len : 0;
    for (size_t k = 0; k < n; k++) {
        struct out_column c = {.name = arena_printf(tr->arena, "column%zu", k + 1),
            .type = sqltype_of(TYPE_UNKNOWN)};
        for (size_t i = 0; i < rows->len && c.type.base == TYPE_UNKNOWN && k < rows->items[i].len; i++) {
            const struct typed t = translate_expr(tr, rows->items[i].items[k], outer);
            if (!t.sql)
                return false;
            c.type = t.type;
        }
        if (c.type.base == TYPE_UNKNOWN)
            c.type = sqltype_of(TYPE_STRING);
        vec_push(columns, c);
    }
    const bool many = rows->len > ROWS_AS_SELECTS;
    if (many)
        translate_values_begin(n, out);
    for (size_t i = 0; i < rows->len; i++) {
        if (rows->items[i].len != n)
            return result_fail(tr->r, "42601",
                "VALUES lists must all be the same length, expected %zu columns, found %zu",
                n, rows->items[i].len);
        str_add(out, many ? i ? ", (" : "(" : i ? " UNION ALL SELECT " : "SELECT ");
        for (size_t k = 0; k < n; k++) {
            const struct typed t = translate_coerce(tr, translate_expr(tr, rows->items[i].items[k], outer),
                columns->items[k].type);
            if (!t.sql)
                return false;
            if (many)
                str_add_f(out, k ? ", %s" : "%s", t.sql);
            else
                str_add_f(out, k ? ", %s AS k%zu" : "%s AS k%zu", t.sql, k);
        }
        str_add(out, many ? ")" : "");
    }
    str_add(out, many ? ")" : "");
    return true;
}

static bool setop_sql(struct translator *tr, const struct ast_query *q, const struct scope *outer,
    struct str *out,
    struct out_columns *columns) {
    static const char *const words[] = {"UNION", "INTERSECT", "EXCEPT"};
    struct out_columns right = {0};
    const char *l = translate_query(tr, q->u.setop.left, outer, columns);
    const char *r = l ? translate_query(tr, q->u.setop.right, outer, &right) : NULL;
    bool good = r;
    if (good && right.len != columns->len)
        good = result_fail(tr->r, "42601", "each %s query must have the same number of columns: %zu vs %zu",
            words[q->u.setop.op], columns->len, right.len);
    for (size_t i = 0; good && i < right.len; i++)
        if (columns->items[i].type.base == TYPE_UNKNOWN)
            columns->items[i].type = right.items[i].type;
    if (good)
        str_add_f(out, "SELECT * FROM (%s) %s%s SELECT * FROM (%s)", l, words[q->u.setop.op],
            q->u.setop.all ? " ALL" : "", r);
    vec_free(&right);
    return good;
}

/* WITH x AS (INSERT ... RETURNING ...): run first; what it returns is a table of its own. */
static bool with_rows(struct translator *tr, const struct ast_cte *c, struct cte_entry *entry) {
    if (c->stmt->kind != STMT_INSERT && c->stmt->kind != STMT_UPDATE && c->stmt->kind != STMT_DELETE)
        return result_unsupported(tr->r, "this statement in WITH");
    const char *name = statement_changed_rows(tr, c->stmt, &entry->columns);
    for (size_t k = 0; k < entry->columns.len && k < c->columns.len; k++)
        entry->columns.items[k].name = c->columns.items[k];
    entry->sql = name;
    entry->next = tr->ctes;
    tr->ctes = entry;
    return name;
}

/* Each becomes a CTE of SQLite's under a name of its own. */
bool translate_with(struct translator *tr, const struct ast_with *with, const struct scope *outer, struct str *out) {
    for (size_t i = 0; with && i < with->len; i++) {
        const struct ast_cte *c = &with->items[i];
        struct cte_entry *entry = arena_new_of(tr->arena, struct cte_entry);
        entry->name = c->name;
        entry->sql = arena_printf(tr->arena, "w%d", tr->aliases++);
        const char *sql;
        if (c->stmt->kind != STMT_QUERY) {
            if (!with_rows(tr, c, entry))
                return false;
            continue;
        }
        if (with->recursive && c->stmt->u.query->kind == QUERY_SETOP) {
            /* The columns of the first part are those of the whole. */
            const char *first = translate_query(tr, c->stmt->u.query->u.setop.left, outer, &entry->columns);
            entry->next = tr->ctes;
            for (size_t k = 0; k < entry->columns.len && k < c->columns.len; k++)
                entry->columns.items[k].name = c->columns.items[k];
            tr->ctes = entry;
            struct out_columns again = {0};
            const char *second = first ? translate_query(tr, c->stmt->u.query->u.setop.right, outer,
                &again) : NULL;
            vec_free(&again);
            sql = second ? arena_printf(tr->arena, "%s UNION%s %s", first, c->stmt->u.query->u.setop.all
                ? " ALL" : "", second) : NULL;
        } else {
            sql = translate_query(tr, c->stmt->u.query, outer, &entry->columns);
            for (size_t k = 0; k < entry->columns.len && k < c->columns.len; k++)
                entry->columns.items[k].name = c->columns.items[k];
            entry->next = tr->ctes;
            tr->ctes = entry;
        }
        if (!sql)
            return false;
        str_add_f(out, out->len ? ", %s" : with->recursive ? "WITH RECURSIVE %s" : "WITH %s", entry->sql);
        if (with->recursive) {
            str_add_char(out, '(');
            for (size_t k = 0; k < entry->columns.len; k++)
                str_add_f(out, k ? ", k%zu" : "k%zu", k);
            str_add_char(out, ')');
        }
        str_add_f(out, " AS (%s) ", sql);
    }
    return true;
}

/* The columns of CTEs that go out of scope. */
void translate_forget(struct translator *tr, struct cte_entry *until) {
    for (; tr->ctes != until; tr->ctes = tr->ctes->next)
        vec_free(&tr->ctes->columns);
}

const char *translate_query(struct translator *tr, const struct ast_query *q, const struct scope *outer,
    struct out_columns *columns) {
    struct str out = {0};
    struct cte_entry *const ctes = tr->ctes;
    const char *const no_aggregates = tr->no_aggregates;
    tr->no_aggregates = NULL;
    bool good = translate_with(tr, q->with, outer, &out);
    if (good && q->kind == QUERY_SELECT) {
        good = select_sql(tr, q, outer, &out, columns);
    } else if (good) {
        const bool extra = q->order.len || q->limit || q->offset;
        str_add(&out, extra ? "SELECT * FROM (" : "");
        if (q->kind == QUERY_VALUES)
            good = values_sql(tr, &q->u.values, outer, &out, columns);
        else if (q->kind == QUERY_SETOP)
            good = setop_sql(tr, q, outer, &out, columns);
        else {
            const char *sql = translate_query(tr, q->u.paren, outer, columns);
            good = sql;
            str_add(&out, good ? sql : "");
        }
        str_add(&out, extra ? ")" : "");
        const struct scope nothing = {.parent = outer};
        good = good && order_by(tr, q, &nothing, columns, &out) && limits(tr, q, &out);
    }
    translate_forget(tr, ctes);
    tr->no_aggregates = no_aggregates;
    const char *sql = good ? arena_strdup(tr->arena, str_get(&out)) : NULL;
    str_free(&out);
    return sql;
}
