/* statement: one statement described or executed, by its kind. */
#include "cluster_hooks.h"
#include "dml.h"
#include "explain.h"
#include "sandbox_functions.h"

#include "domicile/base/mem.h"
#include "domicile/sandbox/setcmd.h"
#include "domicile/sandbox/world.h"

#include <stdlib.h>
#include <string.h>

bool statement_changes_catalog(const struct ast_stmt *st) {
    switch (st->kind) {
    case STMT_CREATE_DATABASE: case STMT_ALTER_DATABASE: case STMT_CREATE_TABLE: case STMT_ALTER_TABLE:
    case STMT_CREATE_INDEX: case STMT_ALTER_INDEX: case STMT_CREATE_TYPE: case STMT_ALTER_TYPE: case STMT_CREATE_VIEW:
    case STMT_CREATE_SCHEMA: case STMT_CREATE_SEQUENCE: case STMT_ALTER_SEQUENCE: case STMT_DROP: case STMT_RENAME:
    case STMT_ROLE: case STMT_GRANT: case STMT_CONFIGURE_ZONE: return true;
    default: return false;
    }
}

bool statement_writes(const struct ast_stmt *st) {
    return statement_changes_catalog(st) || st->kind == STMT_INSERT || st->kind == STMT_UPDATE ||
        st->kind == STMT_DELETE || st->kind == STMT_TRUNCATE;
}

bool statement_needs_transaction(const struct ast_stmt *st) {
    return statement_writes(st) || st->kind == STMT_QUERY || st->kind == STMT_SHOW ||
        st->kind == STMT_EXPLAIN;
}

void engine_columns(struct result *r, const struct out_columns *columns) {
    for (size_t i = 0; i < columns->len; i++)
        result_column_typmod(r, columns->items[i].name, sqltype_oid(&columns->items[i].type),
            sqltype_typmod(&columns->items[i].type));
    r->has_rows = true;
}

static bool translate_dml(struct translator *tr, const struct ast_stmt *st, struct dml *d) {
    return st->kind == STMT_INSERT ? dml_insert(tr, &st->u.insert, d)
        : st->kind == STMT_UPDATE ? dml_update(tr, &st->u.update, d) : dml_delete(tr, &st->u.delete, d);
}

bool statement_describe(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    struct out_columns columns = {0};
    struct dml d = {0};
    bool good = true;
    switch (st->kind) {
    case STMT_QUERY:
        good = translate_query(tr, st->u.query, NULL, &columns);
        if (good)
            engine_columns(r, &columns);
        break;
    case STMT_INSERT:
    case STMT_UPDATE:
    case STMT_DELETE:
        good = translate_dml(tr, st, &d);
        if (good && d.columns.len)
            engine_columns(r, &d.columns);
        vec_free(&d.columns);
        break;
    case STMT_SHOW: good = show_statement(tr, &st->u.show, r); break;
    case STMT_EXPLAIN: good = explain_statement(tr, &st->u.explain, r); break;
    default: break;
    }
    vec_free(&columns);
    return good;
}

/* ---- what has no quorum, what it costs ---- */

static void table_span(const struct table_descriptor *t, struct key *start, struct key *end) {
    key_begin(start, (uint64_t)t->id, t->indexes.len ? (uint64_t)t->indexes.items[0].id : 1);
    key_copy(end, start);
    key_prefix_end(end);
}

/* The span of one region's rows of a table. */
static bool region_span(const struct engine *e, const struct table_descriptor *t, const char *region,
    struct key *start, struct key *end) {
    const struct database_descriptor *db = database_by_id(e->descriptors, t->database);
    const struct type_descriptor *type = db ? type_by_id(e->descriptors, db->region_type) : NULL;
    for (size_t i = 0; type && i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, region)) {
            key_begin(start, (uint64_t)t->id, (uint64_t)t->indexes.items[0].id);
            key_add_bytes(start, type->labels.items[i].physical.data, type->labels.items[i].physical.len,
                false);
            key_copy(end, start);
            key_prefix_end(end);
            return true;
        }
    return false;
}

/* The constant that a condition holds a column to: region = 'x', also within AND. */
static const char *held_to(const struct ast_expr *e, const char *column) {
    e = e ? ast_unparen((struct ast_expr *)(size_t)e) : NULL;
    if (!e || e->kind != EXPR_BINARY)
        return NULL;
    if (e->u.binary.op == OP_AND) {
        const char *left = held_to(e->u.binary.left, column);
        return left ? left : held_to(e->u.binary.right, column);
    }
    const struct ast_expr *l = ast_unparen(e->u.binary.left), *r = ast_unparen(e->u.binary.right);
    if (r->kind == EXPR_CAST)
        r = ast_unparen(r->u.cast.arg);
    if (e->u.binary.op != OP_EQ || l->kind != EXPR_COLUMN || r->kind != EXPR_STRING ||
        !str_eq(l->u.column.part[l->u.column.n - 1], column))
        return NULL;
    return r->u.string.bytes;
}

/* The parameter that a condition holds a column to: region = $1. */
static const char *held_to_param(const struct ast_expr *e, const char *column, const char *const *params,
    size_t n) {
    e = e ? ast_unparen((struct ast_expr *)(size_t)e) : NULL;
    if (!e || e->kind != EXPR_BINARY)
        return NULL;
    if (e->u.binary.op == OP_AND) {
        const char *left = held_to_param(e->u.binary.left, column, params, n);
        return left ? left : held_to_param(e->u.binary.right, column, params, n);
    }
    const struct ast_expr *l = ast_unparen(e->u.binary.left), *r = ast_unparen(e->u.binary.right);
    if (e->u.binary.op != OP_EQ || l->kind != EXPR_COLUMN || r->kind != EXPR_PARAM ||
        !str_eq(l->u.column.part[l->u.column.n - 1], column) || r->u.param < 1 || (size_t)r->u.param > n)
        return NULL;
    return params[r->u.param - 1];
}

/* Whether what is read has a quorum, and what the round trip to its leaseholder costs. */
static bool reach_span(struct translator *tr, const struct key *start, const struct key *end,
    struct result *r) {
    const struct engine *e = tr->engine;
    if (!e->world)
        return true;
    if (!world_available(e->world, start, end))
        return false;
    const usec cost = world_cost(e->world, tr->es->session->node, start);
    if (cost > r->cost)
        r->cost = cost;
    return true;
}

static bool reach_table(struct translator *tr, const struct table_descriptor *t, const char *region,
    struct result *r) {
    struct key start = {0}, end = {0};
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    bool good = true;
    if (t->locality != TABLE_LOCALITY_BY_ROW) {
        table_span(t, &start, &end);
        good = reach_span(tr, &start, &end, r);
    } else if (region) {
        if (region_span(tr->engine, t, region, &start, &end))
            good = reach_span(tr, &start, &end, r);
    } else {
        for (size_t i = 0; good && db && i < db->regions.len; i++) {
            if (region_span(tr->engine, t, db->regions.items[i], &start, &end))
                good = reach_span(tr, &start, &end, r);
            key_free(&start);
            key_free(&end);
        }
    }
    key_free(&start);
    key_free(&end);
    return good;
}

static const struct ast_expr *where_of(const struct ast_query *q) {
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    return q && q->kind == QUERY_SELECT ? q->u.select->where : NULL;
}

static bool reach_tables(struct translator *tr, const struct ast_query *q, const char *const *params,
    size_t n,
    struct result *r) {
    for (size_t i = 0; i < tr->table_count; i++) {
        struct table_descriptor *t = tr->tables[i];
        const struct column_descriptor *c = t->locality == TABLE_LOCALITY_BY_ROW ? column_by_id(t,
            t->region_column) : NULL;
        const char *region = c ? held_to(where_of(q), c->name) : NULL;
        if (c && !region)
            region = held_to_param(where_of(q), c->name, params, n);
        if (!reach_table(tr, t, region, r))
            return false;
    }
    return true;
}

/* ---- executing ---- */

static bool run_query(struct translator *tr, const struct ast_query *q, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    struct out_columns columns = {0};
    const char *sql = translate_query(tr, q, NULL, &columns);
    bool good = sql && !tr->hangs;
    if (good && !reach_tables(tr, q, params, n, r))
        good = false, tr->hangs = true;
    if (good) {
        const usec cost = r->cost;
        engine_columns(r, &columns);
        good = engine_rows(tr->es, tr->statement, sql, &columns, params, n, r);
        r->cost = r->failed ? 0 : cost;
    }
    *hangs = tr->hangs && !r->failed;
    vec_free(&columns);
    return good;
}

/* The detail of a duplicate: the key's values, from the rows that were to be inserted. */
static void duplicate_detail(struct translator *tr, const struct dml *d, const char *const *params,
    size_t n) {
    const struct index_descriptor *x = NULL;
    for (size_t i = 0; i < d->table->indexes.len; i++)
        if (tr->r->error.constraint && str_eq(d->table->indexes.items[i].name, tr->r->error.constraint))
            x = &d->table->indexes.items[i];
    if (!x || !d->source)
        return;
    struct str sql = {0}, on = {0}, names = {0};
    struct out_columns columns = {0};
    str_add(&sql, "SELECT ");
    for (size_t i = 0; i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(d->table, x->keys.items[i].column);
        if (x->keys.items[i].implicit || !c || c->computed)
            continue;
        const struct out_column out = {.name = c->name, .type = c->type};
        str_add_f(&sql, columns.len ? ", m.c%d AS k%zu" : "m.c%d AS k%zu", c->id, columns.len);
        str_add_f(&on, columns.len ? " AND x.c%d = m.c%d" : "x.c%d = m.c%d", c->id, c->id);
        str_add_f(&names, columns.len ? ", %s" : "%s", c->name);
        vec_push(&columns, out);
    }
    str_add_f(&sql, " FROM (%s) AS m JOIN t%lld AS x ON %s LIMIT 1", d->source, (long long)d->table->id,
        str_get(&on));
    struct result *found = result_new();
    engine_columns(found, &columns);
    if (columns.len && engine_rows(tr->es, tr->statement, str_get(&sql), &columns, params, n, found) &&
        found->rows.len) {
        struct str values = {0};
        for (size_t i = 0; i < columns.len; i++) {
            const bool bare = sqltype_is_number(&columns.items[i].type);
            str_add_f(&values, bare ? "%s%s" : "%s'%s'", i ? ", " : "", found->rows.items[0][i]
                ? found->rows.items[0][i] : "NULL");
        }
        result_detail(tr->r, "Key (%s)=(%s) already exists.", str_get(&names), str_get(&values));
        str_free(&values);
    }
    result_free(found);
    str_free(&sql);
    str_free(&on);
    str_free(&names);
    vec_free(&columns);
}

static bool run_dml(struct translator *tr, const struct ast_stmt *st, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    struct dml d = {0};
    struct out_columns all = {0};
    bool good = translate_dml(tr, st, &d);
    if (good && (st->kind != STMT_INSERT || d.table->locality != TABLE_LOCALITY_BY_ROW)) {
        const struct ast_expr *where = st->kind == STMT_UPDATE ? st->u.update.where
            : st->kind == STMT_DELETE ? st->u.delete.where : NULL;
        const struct column_descriptor *c = d.table->locality == TABLE_LOCALITY_BY_ROW
            ? column_by_id(d.table, d.table->region_column) : NULL;
        if (!reach_table(tr, d.table, c ? held_to(where, c->name) : NULL, r)) {
            good = false;
            *hangs = true;
        }
    }
    if (good) {
        struct result *rows = result_new();
        for (size_t i = 0; i < d.columns.len; i++)
            vec_push(&all, d.columns.items[i]);
        const struct out_column region = {.name = "", .type = sqltype_of(TYPE_STRING)};
        vec_push(&all, region);
        engine_columns(rows, &all);
        engine_exec(tr->es, "SAVEPOINT statement", r);
        good = engine_rows(tr->es, tr->statement, d.sql, &all, params, n, rows);
        if (!good) {
            result_copy_error(r, rows);
            if (str_eq(r->error.sqlstate, "23505"))
                duplicate_detail(tr, &d, params, n);
        }
        const size_t last = all.len - 1;
        usec cost = r->cost;
        for (size_t i = 0; good && d.table->locality == TABLE_LOCALITY_BY_ROW && i < rows->rows.len; i++)
            if (!reach_table(tr, d.table, rows->rows.items[i][last], r)) {
                good = false;
                *hangs = true;
            }
        cost = r->cost > cost ? r->cost : cost;
        engine_exec(tr->es, good ? "RELEASE statement" : "ROLLBACK TO statement; RELEASE statement", r);
        if (good && d.columns.len) {
            engine_columns(r, &d.columns);
            for (size_t i = 0; i < rows->rows.len; i++)
                result_row_add(r, rows->rows.items[i]);
        }
        if (good) {
            result_tag(r, "%s %zu", d.tag, rows->rows.len);
            hook_rows_changed(tr->engine, d.table, st->kind == STMT_INSERT ? (int64_t)rows->rows.len
                : st->kind == STMT_DELETE ? -(int64_t)rows->rows.len : 0);
        }
        result_free(rows);
        /* A write is two round trips to the leaseholder: the write and its commit. */
        r->cost = good ? cost : 0;
    }
    vec_free(&d.columns);
    vec_free(&all);
    return good;
}

static bool database_exists(void *arg, const char *name) {
    const struct engine *e = arg;
    return database_by_name(e->descriptors, name);
}

static bool run_role(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    if (st->u.role.has_set) {
        result_tag(r, "ALTER ROLE");
        return result_unsupported(r, "ALTER ROLE ... SET");
    }
    if (!engine_change(tr->es, r) || !users_role(tr->engine->users, tr->es->session, &st->u.role, r))
        return false;
    result_tag(r, st->u.role.alter ? "ALTER ROLE" : "CREATE ROLE");
    return true;
}

static bool discard(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    if (str_eq(st->u.discard, "ALL"))
        variables_reset(tr->es->session);
    result_tag(r, "DISCARD");
    return true;
}

bool statement_execute(struct translator *tr, const struct ast_stmt *st, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    bool good = true;
    switch (st->kind) {
    case STMT_QUERY: return run_query(tr, st->u.query, params, n, r, hangs);
    case STMT_INSERT:
    case STMT_UPDATE:
    case STMT_DELETE: return run_dml(tr, st, params, n, r, hangs);
    case STMT_SHOW:
        good = show_statement(tr, &st->u.show, r);
        *hangs = tr->hangs && !r->failed;
        return good && !tr->hangs;
    case STMT_EXPLAIN: return explain_statement(tr, &st->u.explain, r);
    case STMT_SET:
        return setcmd_set(tr->es->session, tr->engine->settings, tr->engine->users, &st->u.set,
            database_exists,
            tr->engine, r);
    case STMT_ROLE: return run_role(tr, st, r);
    case STMT_DISCARD: return discard(tr, st, r);
    default: good = ddl_execute(tr, st, r);
    }
    if (good && !r->tag)
        result_tag(r, "%s", ast_stmt_tag(st, tr->engine->compat));
    return good;
}
