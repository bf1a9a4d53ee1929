/* statement: one statement described or executed, by its kind. */
#include "cluster_hooks.h"
#include "copy.h"
#include "cursor.h"
#include "dml.h"
#include "explain.h"
#include "fetch.h"
#include "past.h"
#include "prepare.h"
#include "reach.h"
#include "sandbox_functions.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/parser.h"
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

static const struct ast_stmt *query_change(const struct ast_query *q);

static bool changes_rows(const struct ast_stmt *st) {
    return st->kind == STMT_INSERT || st->kind == STMT_UPDATE || st->kind == STMT_DELETE;
}

static const struct ast_stmt *source_change(const struct ast_from *f) {
    const struct ast_stmt *left;
    switch (f->kind) {
    case FROM_STATEMENT: return changes_rows(f->u.statement) ? f->u.statement : NULL;
    case FROM_QUERY: return query_change(f->u.query);
    case FROM_PAREN: return source_change(f->u.paren);
    case FROM_JOIN:
        left = source_change(f->u.join.left);
        return left ? left : source_change(f->u.join.right);
    default: return NULL;
    }
}

/* The change of rows within a query: WITH x AS (INSERT ...), FROM [DELETE ...]. NULL: it only reads. */
static const struct ast_stmt *query_change(const struct ast_query *q) {
    const struct ast_stmt *found = NULL;
    for (size_t i = 0; !found && q->with && i < q->with->len; i++) {
        const struct ast_stmt *st = q->with->items[i].stmt;
        found = changes_rows(st) ? st : st->kind == STMT_QUERY ? query_change(st->u.query) : NULL;
    }
    if (!found && q->kind == QUERY_SETOP) {
        found = query_change(q->u.setop.left);
        return found ? found : query_change(q->u.setop.right);
    }
    if (!found && q->kind == QUERY_PAREN)
        return query_change(q->u.paren);
    for (size_t i = 0; !found && q->kind == QUERY_SELECT && i < q->u.select->from.len; i++)
        found = source_change(q->u.select->from.items[i]);
    return found;
}

bool statement_refuse_change(const struct ast_stmt *st, int compat, struct result *r) {
    const struct ast_stmt *change = st->kind == STMT_QUERY ? query_change(st->u.query) : st;
    const char *tag = ast_stmt_tag(change, compat);
    /* "INSERT 0" is followed by a count elsewhere. */
    const size_t n = change->kind == STMT_INSERT ? strcspn(tag, " ") : strlen(tag);
    return result_fail(r, "25006", "cannot execute %.*s in a read-only transaction", (int)n, tag);
}

bool statement_writes(const struct ast_stmt *st) {
    return statement_changes_catalog(st) || changes_rows(st) || st->kind == STMT_TRUNCATE ||
        (st->kind == STMT_QUERY && query_change(st->u.query));
}

bool statement_locks(const struct ast_stmt *st) {
    if (st->kind != STMT_QUERY)
        return false;
    const struct ast_query *q = st->u.query;
    for (size_t i = 0; i < q->locking.len; i++)
        if (!q->locking.items[i].wait)
            return true;
    return false;
}

bool statement_needs_transaction(const struct ast_stmt *st) {
    return statement_writes(st) || st->kind == STMT_QUERY || st->kind == STMT_DECLARE || st->kind == STMT_COPY ||
        st->kind == STMT_SHOW || st->kind == STMT_EXPLAIN;
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
    case STMT_FETCH: good = cursor_describe(tr->es, &st->u.cursor, r); break;
    case STMT_EXECUTE: {
        const struct engine_statement *prepared = prepare_find(tr->es, st->u.prepare.name, tr->r);
        good = prepared;
        if (good)
            engine_describe(prepared, r);
        break;
    }
    default: break;
    }
    vec_free(&columns);
    return good;
}

/* ---- executing ---- */

/* The query once more, of what was. */
static const char *translate_again(struct translator *tr, const struct ast_query *q, sqlite3 *view,
    struct out_columns *columns) {
    engine_drop_temps(tr->es);
    tr->es->db = view;
    engine_functions(tr->es);
    tr->aliases = 0;
    tr->ctes = NULL;
    tr->table_count = 0;
    tr->sources = NULL;
    vec_clear(columns);
    return translate_query(tr, q, NULL, columns);
}

/* The rows. At once: what was, because its state lives until the next commit only, and what a WITH changes, because its
 * savepoint ends with the statement. */
static bool answer(struct translator *tr, const char *sql, const struct out_columns *columns, bool at_once,
    const char *const *params, size_t n, struct result *r) {
    if (at_once) {
        const usec cost = r->cost;
        const bool good = engine_rows(tr->es, tr->statement, sql, columns, params, n, r);
        r->cost = r->failed ? 0 : cost;
        return good;
    }
    const enum fetch_status status = fetch_begin(tr, sql, columns, params, n, r);
    tr->more = status == FETCH_MORE;
    return status != FETCH_FAILED;
}

static bool run_query(struct translator *tr, const struct ast_query *q, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    struct out_columns columns = {0};
    struct past_time at;
    sqlite3 *const own = tr->es->db, *view = NULL;
    if (!past_asked(tr->es, q, &at, r))
        return false;
    if (at.wall && query_change(q))
        return statement_refuse_change(tr->statement->ast, tr->engine->compat, r);
    const char *sql = translate_query(tr, q, NULL, &columns);
    if (sql && at.wall && !past_view(tr, &at, &view))
        sql = NULL;
    if (sql && view)
        sql = translate_again(tr, q, view, &columns);
    bool good = sql && !tr->hangs && !statement_sleeps(tr);
    if (good && !reach_tables(tr, q, r))
        good = false, tr->hangs = true;
    if (good) {
        engine_columns(r, &columns);
        good = answer(tr, sql, &columns, at.wall || query_change(q), params, n, r);
        /* A follower nearby answers. */
        if (at.wall && at.wall <= past_follower(tr->engine, engine_wall(tr->engine)))
            r->cost = 0;
    }
    if (view) {
        engine_drop_temps(tr->es);
        tr->es->db = own;
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
    str_add_f(&sql, "%s SELECT ", d->with);
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

/* What UPDATE ... FROM and DELETE ... USING join is put aside first. */
static bool fill_aside(struct translator *tr, const struct dml *d, const char *const *params, size_t n,
    struct result *r) {
    const struct out_columns none = {0};
    return !d->fill || engine_rows(tr->es, tr->statement, d->fill, &none, params, n, r);
}

/* Whether what UPDATE or DELETE looks for, or any row of a table that is not split by region, can be read. */
static bool changed_rows_reach(struct translator *tr, const struct ast_stmt *st, const struct table_descriptor *t,
    struct result *r) {
    if (st->kind == STMT_INSERT)
        return reach_table(tr, t, NULL, r);
    const bool update = st->kind == STMT_UPDATE;
    const struct ast_froms *from = update ? &st->u.update.from : &st->u.delete.from;
    const char *alias = update ? st->u.update.alias : st->u.delete.alias;
    return reach_rows(tr, t, from->len ? NULL : alias ? alias : t->name,
        update ? st->u.update.where : st->u.delete.where, r);
}

static bool run_dml(struct translator *tr, const struct ast_stmt *st, const char *const *params, size_t n,
    struct result *r, bool *hangs, struct out_columns *returned) {
    struct dml d = {0};
    struct out_columns all = {0};
    bool good = translate_dml(tr, st, &d) && !statement_sleeps(tr);
    if (good && (st->kind != STMT_INSERT || d.table->locality != TABLE_LOCALITY_BY_ROW)) {
        if (!changed_rows_reach(tr, st, d.table, r)) {
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
        const bool checked = reach_unique(tr, st, &d, params, n);
        engine_exec(tr->es, "SAVEPOINT statement", r);
        good = fill_aside(tr, &d, params, n, rows) && engine_rows(tr->es, tr->statement, d.sql, &all, params, n, rows);
        const bool unchecked = !checked &&
            (good ? st->kind == STMT_INSERT || rows->rows.len : str_eq(rows->error.sqlstate, "23505"));
        if (unchecked) {
            good = false;
            *hangs = true;
        } else if (!good) {
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
            if (rows->rows.len)
                past_changed(tr->es, d.table->id);
            hook_rows_changed(tr->engine, d.table, st->kind == STMT_INSERT ? (int64_t)rows->rows.len
                : st->kind == STMT_DELETE ? -(int64_t)rows->rows.len : 0);
        }
        result_free(rows);
        /* A write is two round trips to the leaseholder: the write and its commit. */
        r->cost = good ? cost : 0;
    }
    for (size_t i = 0; returned && i < d.columns.len; i++)
        vec_push(returned, d.columns.items[i]);
    vec_free(&d.columns);
    vec_free(&all);
    return good;
}

bool statement_sleeps(const struct translator *tr) {
    return tr->sleep > 0 && !tr->es->slept;
}

const char *statement_changed_rows(struct translator *tr, const struct ast_stmt *st, struct out_columns *columns) {
    struct result *rows = result_new();
    bool good, hangs = false;
    if (tr->describe) {
        struct dml d = {0};
        good = translate_dml(tr, st, &d);
        *columns = (struct out_columns){0};
        for (size_t i = 0; i < d.columns.len; i++)
            vec_push(columns, d.columns.items[i]);
        vec_free(&d.columns);
    } else {
        good = run_dml(tr, st, tr->params, tr->param_count, rows, &hangs, columns);
        tr->hangs = tr->hangs || hangs;
        if (rows->failed && !tr->r->failed)
            result_copy_error(tr->r, rows);
    }
    const char *name = good ? engine_materialise(tr, rows, columns) : NULL;
    result_free(rows);
    return name;
}

static bool database_exists(void *arg, const char *name) {
    const struct engine *e = arg;
    return database_by_name(e->descriptors, name);
}

/* ALTER ROLE ... SET: what new sessions of the role begin with. */
static bool role_set(struct translator *tr, const struct ast_role *st, struct result *r) {
    struct users *u = tr->engine->users;
    const struct session *s = tr->es->session;
    const struct ast_set *set = &st->set;
    result_tag(r, "ALTER ROLE");
    if (st->name && !users_exists(u, st->name))
        return st->if_not_exists || result_fail(r, "42704", "role/user \"%s\" does not exist", st->name);
    if (st->name && str_eq(st->name, "admin"))
        return result_fail(r, "42501", "cannot edit admin role");
    if (!users_has_system(u, s->user, PRIVILEGE_CREATEROLE))
        return result_fail(r, "42501", "user %s does not have CREATEROLE privilege", s->user);
    if (!set->reset_all && !variable_get(s, set->name))
        return result_fail(r, "42704", "unrecognized configuration parameter \"%s\"", set->name);
    const bool to_default = set->reset || set->reset_all ||
        (set->values.len == 1 && set->values.items[0]->kind == EXPR_DEFAULT);
    char *value = to_default ? NULL : setcmd_value(set, r);
    const bool good = (to_default || value) && engine_change(tr->es, r);
    if (good)
        users_set_default(u, st->name, st->in_database, set->reset_all ? NULL : set->name, value);
    free(value);
    return good;
}

static bool run_role(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    if (st->u.role.has_set)
        return role_set(tr, &st->u.role, r);
    const char *hash = settings_get(tr->engine->settings, "server.user_login.password_encryption");
    users_keep_scram(tr->engine->users, hash && str_starts(hash, "scram"));
    if (!engine_change(tr->es, r) || !users_role(tr->engine->users, tr->es->session, &st->u.role, r))
        return false;
    result_tag(r, st->u.role.alter ? "ALTER ROLE" : "CREATE ROLE");
    return true;
}

static bool discard(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    if (str_eq(st->u.discard, "ALL"))
        variables_reset(tr->es->session);
    if (str_eq(st->u.discard, "ALL") || str_eq(st->u.discard, "PLANS"))
        prepare_deallocate(tr->es, NULL, r);
    result_tag(r, "DISCARD");
    return true;
}

/* The query is run whole; its rows are kept for FETCH. */
static bool declare(struct translator *tr, const struct ast_cursor *c, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    if (!cursor_may_declare(tr->es, c, r))
        return false;
    struct result *rows = result_new();
    tr->r = rows;
    if (!run_query(tr, c->query, params, n, rows, hangs) || rows->failed || *hangs) {
        if (rows->failed)
            result_copy_error(r, rows);
        result_free(rows);
        return false;
    }
    r->cost = rows->cost;
    cursor_declare(tr->es, c, rows);
    result_tag(r, "DECLARE CURSOR");
    return true;
}

static bool copy(struct translator *tr, const struct ast_copy *c, const char *const *params, size_t n, struct result *r,
    bool *hangs) {
    const struct ast_query *q = c->query;
    struct ast_stmts statements;
    struct parse_error why = {0};
    if (!c->to)
        return r->copy.in = copy_in(tr, c, r);
    if (!q) {
        const char *text = copy_query(tr, c);
        if (!parser_parse(tr->arena, text, strlen(text), tr->engine->compat, &statements, &why) || statements.len != 1)
            return result_fail(r, "XX000", "%s does not parse", text);
        q = statements.items[0]->u.query;
    }
    return r->copy.out = copy_format(tr, c, r) && run_query(tr, q, params, n, r, hangs);
}

bool statement_execute(struct translator *tr, const struct ast_stmt *st, const char *const *params, size_t n,
    struct result *r, bool *hangs) {
    bool good = true;
    switch (st->kind) {
    case STMT_QUERY: return run_query(tr, st->u.query, params, n, r, hangs);
    case STMT_INSERT:
    case STMT_UPDATE:
    case STMT_DELETE: return run_dml(tr, st, params, n, r, hangs, NULL);
    case STMT_SHOW:
        good = show_statement(tr, &st->u.show, r);
        *hangs = tr->hangs && !r->failed;
        return good && !tr->hangs;
    case STMT_EXPLAIN: return explain_statement(tr, &st->u.explain, r);
    case STMT_SET:
        return setcmd_set(tr->es->session, tr->engine->settings, tr->engine->users, &st->u.set,
            database_exists,
            tr->engine, r);
    case STMT_PREPARE: return prepare_statement(tr, &st->u.prepare, r);
    case STMT_DEALLOCATE: return prepare_deallocate(tr->es, st->u.prepare.name, r);
    case STMT_ROLE: return run_role(tr, st, r);
    case STMT_DISCARD: return discard(tr, st, r);
    case STMT_COPY: return copy(tr, &st->u.copy, params, n, r, hangs);
    case STMT_DECLARE: return declare(tr, &st->u.cursor, params, n, r, hangs);
    case STMT_FETCH: return cursor_fetch(tr->es, &st->u.cursor, r);
    case STMT_CLOSE: return cursor_close(tr->es, &st->u.cursor, r);
    default: good = ddl_execute(tr, st, r);
    }
    if (good && !r->tag)
        result_tag(r, "%s", ast_stmt_tag(st, tr->engine->compat));
    return good;
}
