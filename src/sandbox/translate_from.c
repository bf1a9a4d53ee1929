/* translate_from: what SELECT reads: tables, views, virtual tables, functions, statements, joins. */
#include "explain.h"
#include "translate.h"
#include "sandbox_functions.h"
#include "virtual_private.h"

#include "domicile/dialect/parser.h"

#include <stdlib.h>
#include <string.h>

static void scope_add(struct translator *tr, struct scope *scope, const char *table,
    const struct out_columns *columns,
    const char *alias, const struct ast_words *names) {
    for (size_t i = 0; i < columns->len; i++) {
        const struct scope_column c = {
            .table = table,
            .name = names && i < names->len ? names->items[i] : columns->items[i].name,
            .sql = arena_printf(tr->arena, "%s.k%zu", alias, i),
            .type = columns->items[i].type,
            .hidden = columns->items[i].hidden,
        };
        vec_push(scope, c);
    }
}

void table_scope(struct translator *tr, struct scope *scope, const struct table_descriptor *t,
    const char *alias,
    const char *prefix) {
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct scope_column c = {
            .table = alias,
            .name = t->columns.items[i].name,
            .sql = arena_printf(tr->arena, "%sc%d", prefix, t->columns.items[i].id),
            .type = t->columns.items[i].type,
            .hidden = t->columns.items[i].hidden,
        };
        vec_push(scope, c);
    }
}

static const char *new_alias(struct translator *tr) {
    return arena_printf(tr->arena, "f%d", tr->aliases++);
}

static void note_table(struct translator *tr, struct table_descriptor *t) {
    if (tr->table_count < sizeof tr->tables / sizeof *tr->tables)
        tr->tables[tr->table_count++] = t;
}

static struct out_columns columns_of(const struct result *r) {
    struct out_columns out = {0};
    for (size_t i = 0; i < r->columns.len; i++) {
        struct out_column c = {.name = r->columns.items[i].name,
            .type = sqltype_from_oid(r->columns.items[i].oid)};
        const int32_t typmod = r->columns.items[i].typmod;
        if (typmod > 4 && c.type.base == TYPE_VARCHAR)
            c.type.width = typmod - 4;
        if (typmod > 4 && c.type.base == TYPE_DECIMAL) {
            c.type.width = (typmod - 4) >> 16;
            c.type.scale = (typmod - 4) & 0xffff;
        }
        vec_push(&out, c);
    }
    return out;
}

/* A result as a source of rows: materialised unless only types are wanted. */
static const char *from_result(struct translator *tr, const struct result *r, const char *table,
    const struct ast_words *names, struct scope *scope) {
    struct out_columns columns = columns_of(r);
    for (size_t i = 0; i < columns.len; i++)
        columns.items[i].name = arena_strdup(tr->arena, columns.items[i].name);
    const char *alias = new_alias(tr), *name = engine_materialise(tr, r, &columns);
    scope_add(tr, scope, table, &columns, alias, names);
    vec_free(&columns);
    return arena_printf(tr->arena, "%s AS %s", name, alias);
}

/* A statement's rows as a source of a query's. */
static bool statement_rows(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    return st->kind == STMT_SHOW ? show_statement(tr, &st->u.show, r) : explain_statement(tr, &st->u.explain, r);
}

static const char *from_statement(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    const struct ast_stmt *st = f->u.statement;
    if (st->kind == STMT_SHOW || st->kind == STMT_EXPLAIN) {
        struct result *r = result_new();
        const char *sql = NULL;
        if (statement_rows(tr, st, r))
            sql = from_result(tr, r, f->alias ? f->alias : "", &f->columns, scope);
        else
            tr->r->failed = true;
        if (!sql && r->failed && !tr->r->error.message)
            result_copy_error(tr->r, r);
        result_free(r);
        return sql;
    }
    if (st->kind == STMT_QUERY) {
        struct out_columns columns = {0};
        const char *sql = translate_query(tr, st->u.query, NULL, &columns), *alias = new_alias(tr);
        scope_add(tr, scope, f->alias ? f->alias : "", &columns, alias, &f->columns);
        vec_free(&columns);
        return sql ? arena_printf(tr->arena, "(%s) AS %s", sql, alias) : NULL;
    }
    if (st->kind == STMT_INSERT || st->kind == STMT_UPDATE || st->kind == STMT_DELETE) {
        struct out_columns columns = {0};
        const char *name = statement_changed_rows(tr, st, &columns), *alias = new_alias(tr);
        scope_add(tr, scope, f->alias ? f->alias : "", &columns, alias, &f->columns);
        vec_free(&columns);
        return name ? arena_printf(tr->arena, "%s AS %s", name, alias) : NULL;
    }
    result_unsupported(tr->r, "this statement as a source of rows");
    return NULL;
}

static const char *from_virtual(struct translator *tr, const struct ast_from *f, struct scope *scope,
    bool *found) {
    const struct ast_name *n = &f->u.table.name;
    const char *schema = n->n >= 2 ? n->part[n->n - 2]
        : virtual_class_oid(tr->engine->compat, "pg_extension", n->part[0]) ? "pg_extension" : "pg_catalog";
    *found = true;
    if (!table_allowed(tr, schema, n->part[n->n - 1]))
        return NULL;
    struct result *r = result_new();
    const char *sql = NULL;
    if (vtable_fill(tr, schema, n->part[n->n - 1], r))
        sql = from_result(tr, r, f->alias ? f->alias : n->part[n->n - 1], &f->columns, scope);
    else if (!tr->r->failed)
        *found = false;
    for (size_t i = 0; i < r->notices.len && !tr->describe; i++) {
        result_notice(tr->r, "%s", r->notices.items[i].message);
        memcpy(result_last_notice(tr->r)->sqlstate, r->notices.items[i].sqlstate,
            sizeof r->notices.items[i].sqlstate);
    }
    result_free(r);
    return sql;
}

static const char *from_view(struct translator *tr, const struct table_descriptor *t,
    const struct ast_from *f,
    struct scope *scope) {
    struct ast_stmts statements;
    struct parse_error why;
    struct out_columns columns = {0};
    const char *alias = new_alias(tr);
    if (!parser_parse(tr->arena, t->view, strlen(t->view), tr->engine->compat, &statements, &why) ||
        statements.len != 1 ||
        statements.items[0]->kind != STMT_QUERY) {
        result_fail(tr->r, "42P16", "view \"%s\" is damaged", t->name);
        return NULL;
    }
    const char *sql = translate_query(tr, statements.items[0]->u.query, NULL, &columns);
    struct ast_words names = {0};
    names.items = arena_calloc(tr->arena, t->columns.len + 1, sizeof *names.items);
    for (size_t i = 0; i < t->columns.len; i++)
        names.items[names.len++] = t->columns.items[i].name;
    scope_add(tr, scope, f->alias ? f->alias : t->name, &columns, alias, f->columns.len ? &f->columns
        : &names);
    vec_free(&columns);
    return sql ? arena_printf(tr->arena, "(%s) AS %s", sql, alias) : NULL;
}

static const char *from_sequence(struct translator *tr, const struct table_descriptor *t, const char *table,
    struct scope *scope) {
    static const struct { const char *name; enum ast_type_base base; } names[] = {
        {"last_value", TYPE_INT8}, {"log_cnt", TYPE_INT8}, {"is_called", TYPE_BOOL},
    };
    const char *alias = new_alias(tr);
    for (size_t i = 0; i < 3; i++) {
        const struct scope_column c = {.table = table, .name = names[i].name, .type = sqltype_of(names[i].base),
            .sql = arena_printf(tr->arena, "%s.k%zu", alias, i)};
        vec_push(scope, c);
    }
    return arena_printf(tr->arena, "(SELECT %lld AS k0, 0 AS k1, %d AS k2) AS %s", (long long)t->numbers.value,
        t->numbers.called, alias);
}

static const char *from_table(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    const struct ast_name *n = &f->u.table.name;
    const char *name = n->part[n->n - 1], *table = f->alias ? f->alias : name;
    for (struct cte_entry *c = n->n == 1 ? tr->ctes : NULL; c; c = c->next)
        if (str_eq(c->name, name)) {
            const char *alias = new_alias(tr);
            scope_add(tr, scope, table, &c->columns, alias, &f->columns);
            return arena_printf(tr->arena, "%s AS %s", c->sql, alias);
        }
    struct table_descriptor *t = engine_table(tr, n, true);
    if (tr->r->failed)
        return NULL;
    if (!t) {
        bool found;
        const char *sql = from_virtual(tr, f, scope, &found);
        if (!found)
            engine_table(tr, n, false);
        return found ? sql : NULL;
    }
    const struct users_object o = engine_object(t);
    if (!users_check(tr->engine->users, tr->es->session, PRIVILEGE_SELECT, &o, tr->r))
        return NULL;
    if (t->view)
        return from_view(tr, t, f, scope);
    if (t->sequence)
        return from_sequence(tr, t, table, scope);
    note_table(tr, t);
    const char *alias = new_alias(tr);
    const size_t first = scope->len;
    table_scope(tr, scope, t, table, arena_printf(tr->arena, "%s.", alias));
    for (size_t i = 0; i < f->columns.len && first + i < scope->len; i++)
        scope->items[first + i].name = f->columns.items[i];
    return arena_printf(tr->arena, "t%lld AS %s", (long long)t->id, alias);
}

/* FROM f(x) AS t (a, b) [WITH ORDINALITY]: f gives rows, which may refer to the sources before it. */
static const char *from_series(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    const struct ast_expr *e = f->u.functions.items[0];
    const char *alias = new_alias(tr), *table = f->alias ? f->alias : translate_column_name(e);
    struct series series;
    if (!translate_series(tr, e, scope, alias, &series))
        return NULL;
    if (f->ordinality && series.count < sizeof series.columns / sizeof *series.columns) {
        series.names[series.count] = "ordinality";
        series.columns[series.count++] = (struct typed){.sql = !series.keyed
                ? arena_printf(tr->arena, "(%s.key + 1)", alias)
                : arena_printf(tr->arena, "(%s.id - (SELECT min(id) FROM %s) + 1)", alias,
                      arena_strndup(
                          tr->arena, series.source, (size_t)(strrchr(series.source, ')') - series.source + 1))),
            .type = sqltype_of(TYPE_INT8)};
    }
    for (size_t i = 0; i < series.count; i++) {
        const bool alone = series.count - f->ordinality == 1 && i == 0 && f->alias;
        const struct scope_column c = {.table = table, .sql = series.columns[i].sql, .type = series.columns[i].type,
            .name = i < f->columns.len ? f->columns.items[i] : alone ? f->alias : series.names[i]};
        vec_push(scope, c);
    }
    return series.source;
}

static const char *from_function(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    const struct ast_expr *e = f->u.functions.items[0];
    if (translate_is_series(e))
        return from_series(tr, f, scope);
    const char *alias = new_alias(tr), *name = translate_column_name(e), *table = f->alias ? f->alias : name;
    const struct typed t = translate_expr(tr, e, scope->parent);
    if (!t.sql)
        return NULL;
    struct out_columns columns = {0};
    const struct out_column c = {.name = f->columns.len ? f->columns.items[0] : table, .type = t.type};
    const struct out_column ordinal = {.name = f->columns.len > 1 ? f->columns.items[1] : "ordinality",
        .type = sqltype_of(TYPE_INT8)};
    vec_push(&columns, c);
    if (f->ordinality)
        vec_push(&columns, ordinal);
    scope_add(tr, scope, table, &columns, alias, NULL);
    vec_free(&columns);
    return arena_printf(
        tr->arena, f->ordinality ? "(SELECT %s AS k0, 1 AS k1) AS %s" : "(SELECT %s AS k0) AS %s", t.sql, alias);
}

/* USING (a) and NATURAL: the columns of that name on both sides. The right side's are hidden from stars. */
static const char *join_using(struct translator *tr, const struct ast_from *f, struct scope *scope,
    size_t middle) {
    struct str on = {0};
    bool good = true;
    const size_t end = scope->len;
    for (size_t i = 0; i < middle && f->u.join.natural && good; i++)
        for (size_t k = middle; k < end; k++)
            if (str_eq(scope->items[i].name, scope->items[k].name) && !scope->items[k].hidden) {
                str_add_f(&on, on.len ? " AND %s = %s" : "%s = %s", scope->items[i].sql, scope->items[k].sql);
                scope->items[k].hidden = true;
                scope->items[k].sql = scope->items[i].sql;
            }
    for (size_t u = 0; u < f->u.join.using.len && good; u++) {
        const struct scope_column *l = NULL;
        struct scope_column *r = NULL;
        for (size_t i = 0; i < end; i++)
            if (str_eq(scope->items[i].name, f->u.join.using.items[u])) {
                if (i < middle)
                    l = &scope->items[i];
                else
                    r = &scope->items[i];
            }
        good = l && r;
        if (!good) {
            result_fail(tr->r, "42703", "column \"%s\" specified in USING clause does not exist",
                f->u.join.using.items[u]);
            break;
        }
        str_add_f(&on, on.len ? " AND %s = %s" : "%s = %s", l->sql, r->sql);
        r->hidden = true;
        r->sql = l->sql;
    }
    const char *sql = good ? arena_strdup(tr->arena, on.len ? str_get(&on) : "1") : NULL;
    str_free(&on);
    return sql;
}

static const char *from_join(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    static const char *const words[] = {"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"};
    const char *left = translate_from(tr, f->u.join.left, scope);
    const size_t middle = scope->len;
    const char *right = left ? translate_from(tr, f->u.join.right, scope) : NULL;
    if (!right)
        return NULL;
    const char *on = "1";
    if (f->u.join.on) {
        const struct typed t = translate_condition(tr, f->u.join.on, scope, "ON");
        on = t.sql;
    } else if (f->u.join.natural || f->u.join.using.len) {
        on = join_using(tr, f, scope, middle);
    }
    if (!on)
        return NULL;
    return f->u.join.kind == JOIN_CROSS ? arena_printf(tr->arena, "%s CROSS JOIN %s", left, right)
        : arena_printf(tr->arena, "(%s %s %s ON %s)", left, words[f->u.join.kind], right, on);
}

/* Whether a query cannot do without the columns of the sources before it. */
static bool refers(struct translator *tr, const struct ast_query *q, const struct scope *scope) {
    struct translator alone = *tr;
    struct out_columns columns = {0};
    alone.r = result_new();
    alone.describe = true;
    const bool fails = !translate_query(&alone, q, scope->parent, &columns);
    tr->aliases = alone.aliases;
    vec_free(&columns);
    result_free(alone.r);
    return fails;
}

const char *translate_from(struct translator *tr, const struct ast_from *f, struct scope *scope) {
    switch (f->kind) {
    case FROM_TABLE: return from_table(tr, f, scope);
    case FROM_STATEMENT: return from_statement(tr, f, scope);
    case FROM_FUNCTION: return from_function(tr, f, scope);
    case FROM_JOIN: return from_join(tr, f, scope);
    case FROM_PAREN: {
        const size_t first = scope->len;
        const char *sql = translate_from(tr, f->u.paren, scope);
        for (size_t i = first; f->alias && i < scope->len; i++)
            scope->items[i].table = f->alias;
        return sql;
    }
    case FROM_QUERY: {
        struct out_columns columns = {0};
        if (f->lateral && !tr->describe && refers(tr, f->u.query, scope)) {
            result_unsupported(tr->r, "LATERAL that refers to what stands before it");
            return NULL;
        }
        const char *sql = translate_query(tr, f->u.query, f->lateral ? scope : scope->parent, &columns);
        const char *alias = new_alias(tr);
        scope_add(tr, scope, f->alias ? f->alias : "", &columns, alias, &f->columns);
        vec_free(&columns);
        return sql ? arena_printf(tr->arena, "(%s) AS %s", sql, alias) : NULL;
    }
    default: result_unsupported(tr->r, "a table by its id"); return NULL;
    }
}
