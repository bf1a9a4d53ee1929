/* engine: the sandbox's SQL engine: sessions on SQLite, statements prepared, executed, resumed. */
#include "engine_private.h"
#include "cluster_hooks.h"
#include "fetch.h"
#include "past.h"
#include "prepare.h"
#include "refresh.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/parser.h"
#include "domicile/sandbox/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* A text kept in the database, NULL when there is none. The caller frees. */
static char *kept_text(sqlite3 *db, const char *name) {
    sqlite3_stmt *st = NULL;
    char *text = NULL;
    if (sqlite3_prepare_v2(db, "SELECT value FROM kept WHERE name = ?", -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        if (sqlite3_step(st) == SQLITE_ROW)
            text = mem_strdup((const char *)sqlite3_column_text(st, 0));
    }
    sqlite3_finalize(st);
    return text;
}

static void keep_text(sqlite3 *db, const char *name, const char *text) {
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO kept VALUES (?, ?)", -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 2, text, -1, SQLITE_STATIC);
        sqlite3_step(st);
    }
    sqlite3_finalize(st);
}

static sqlite3 *open_database(const char *path, struct err *err) {
    sqlite3 *db = NULL;
    static const char pragmas[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA "
        "temp_store = MEMORY; "
        "PRAGMA case_sensitive_like = ON; CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value "
            "TEXT)";
    if (sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, pragmas, NULL, NULL, NULL) == SQLITE_OK)
        return db;
    err_set(err, ERR_UNAVAILABLE, "cannot open the sandbox's data in %s: %s", path, sqlite3_errmsg(db));
    err_hint(err, "give another directory with --data");
    sqlite3_close(db);
    return NULL;
}

static void make_cluster_id(char *out, size_t size) {
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != sizeof b)
        memset(b, 7, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, size, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
        b[2], b[3],
        b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* What was skipped is not kept with the tables: those changed in time that is still to come were changed now. */
static void changed_until_now(struct engine *e) {
    const int64_t now = engine_wall(e);
    for (size_t i = 0; i < e->descriptors->tables.len; i++) {
        struct table_descriptor *t = e->descriptors->tables.items[i];
        t->modified = t->modified < now ? t->modified : now;
    }
}

static bool load(struct engine *e, sqlite3 *db, struct err *err) {
    char *catalog = kept_text(db, "catalog"), *users = kept_text(db, "users"), *id = kept_text(db,
        "cluster_id");
    bool good = true;
    e->descriptors = catalog ? descriptors_read(e->compat, catalog, err) : descriptors_new(e->compat);
    e->users = users_new(e->compat);
    good = e->descriptors && (!users || users_read(e->users, users, err));
    if (good)
        changed_until_now(e);
    if (id) {
        snprintf(e->cluster_id, sizeof e->cluster_id, "%s", id);
    } else {
        make_cluster_id(e->cluster_id, sizeof e->cluster_id);
        keep_text(db, "cluster_id", e->cluster_id);
    }
    free(catalog);
    free(users);
    free(id);
    return good;
}

int64_t engine_wall(const struct engine *e) { return loop_wall() + (e->world ? world_skipped(e->world) : 0); }

usec engine_clock(const struct engine *e) { return loop_now(e->loop) + (e->world ? world_skipped(e->world) : 0); }

/* Ranges may be there again, or time was skipped. */
static void world_changed(void *arg) {
    struct engine *e = arg;
    for (size_t i = 0; i < e->sessions.len; i++)
        if (e->sessions.items[i]->wait == WAIT_RANGES || e->sessions.items[i]->wait == WAIT_SLEEP)
            session_wake(e->sessions.items[i]->session);
    hook_collect(e);
}

struct engine *engine_new(const struct engine_options *o, struct err *err) {
    struct engine *e = mem_calloc(1, sizeof *e);
    e->loop = o->loop;
    e->compat = o->compat;
    e->world = o->world;
    e->settings = o->settings;
    e->path = mem_printf("%s/sandbox.db", o->directory);
    e->past.since = engine_wall(e);
    sqlite3 *db = open_database(e->path, err);
    if (!db || !load(e, db, err)) {
        sqlite3_close(db);
        engine_free(e);
        return NULL;
    }
    sqlite3_close(db);
    e->saved_descriptors = e->descriptors->changes;
    e->saved_users = users_changes(e->users);
    if (e->world)
        world_on_change(e->world, world_changed, e);
    hook_catalog_changed(e);
    return e;
}

void engine_free(struct engine *e) {
    if (!e)
        return;
    descriptors_free(e->descriptors);
    users_free(e->users);
    for (size_t i = 0; i < e->jobs.len; i++) {
        free(e->jobs.items[i].type);
        free(e->jobs.items[i].description);
        free(e->jobs.items[i].user);
    }
    vec_free(&e->jobs);
    vec_free(&e->seen);
    spans_free(&e->told);
    spans_free(&e->dropped);
    past_free(e);
    vec_free(&e->sessions);
    free(e->path);
    free(e);
}

void engine_set_server(struct engine *e, struct server *server) {
    e->server = server;
}

bool engine_user_exists(struct engine *e, const char *user) {
    return users_exists(e->users, user) && !str_eq(user, "admin");
}

const char *engine_user_password(struct engine *e, const char *user) { return users_password(e->users, user); }

/* A variable that ALTER ROLE has set; one that no longer fits is passed over, as the real server does. */
static void begin_with(void *arg, const char *name, const char *value) {
    struct result *ignored = result_new();
    variable_set_default(arg, name, value, ignored);
    result_free(ignored);
}

void engine_open(struct engine *e, struct session *s) {
    struct engine_session *es = mem_calloc(1, sizeof *es);
    struct err err;
    es->session = s;
    es->db = open_database(e->path, &err);
    if (es->db) {
        engine_functions(es);
        fetch_watch(es);
    }
    s->sql = es;
    s->engine = e;
    s->admin = users_is_admin(e->users, s->user);
    vec_push(&e->sessions, es);
    users_each_default(e->users, s->user, s->database, begin_with, s);
}

static void forget_session(struct engine *e, const struct engine_session *es) {
    for (size_t i = 0; i < e->sessions.len; i++)
        if (e->sessions.items[i] == es) {
            e->sessions.items[i] = e->sessions.items[--e->sessions.len];
            return;
        }
}

void engine_close(struct engine *e, struct session *s) {
    struct engine_session *es = s->sql;
    if (!es)
        return;
    fetch_end(es);
    txn_rollback(es);
    engine_drop_temps(es);
    sqlite3_close_v2(es->db);
    forget_session(e, es);
    prepare_forget_all(es);
    vec_free(&es->temps);
    vec_free(&es->sequences);
    vec_free(&es->changed);
    vec_free(&es->created);
    vec_free(&es->mutated);
    free(es);
    s->sql = NULL;
}

/* As the real one: milliseconds since 1970 / 10, shifted, with the node in the low bits. */
int64_t engine_rowid(struct engine *e) {
    int64_t id = (loop_wall() / 10 - INT64_C(141897600000000) / 10) << 15;
    id = id < 0 ? -id : id;
    id |= 1;
    if (id <= e->last_rowid)
        id = e->last_rowid + (1 << 15);
    e->last_rowid = id;
    return id;
}

int64_t engine_job(struct engine *e, const char *type, const char *description, const char *user) {
    enum { TAKES = 50000 };
    const int64_t now = engine_wall(e);
    const usec held = e->jobs_held_until - engine_clock(e);
    const struct engine_job job = {
        .id = engine_rowid(e), .type = mem_strdup(type), .description = mem_strdup(description),
        .user = mem_strdup(user), .created = now, .finished = now + (held > TAKES ? held : TAKES)};
    vec_push(&e->jobs, job);
    return job.id;
}

/* ---- statements ---- */

bool engine_parse(struct engine *e, struct session *s, const char *sql, size_t n,
    struct engine_statements *out,
    struct result *r) {
    struct arena *arena = arena_new();
    struct ast_stmts all = {0};
    struct parse_error why = {0};
    (void)s;
    if (!parser_parse(arena, sql, n, e->compat, &all, &why)) {
        result_fail(r, why.sqlstate, "%s", why.message);
        if (why.detail)
            result_detail(r, "%s", why.detail);
        if (why.hint)
            result_hint(r, "%s", why.hint);
        arena_free(arena);
        return false;
    }
    int *refs = mem_calloc(1, sizeof *refs);
    for (size_t i = 0; i < all.len; i++) {
        struct engine_statement *st = mem_calloc(1, sizeof *st);
        st->arena = arena;
        st->arena_refs = refs;
        ++*refs;
        st->ast = all.items[i];
        st->type_count = (size_t)(st->ast->params > 0 ? st->ast->params : 0);
        st->types = mem_calloc(st->type_count + 1, sizeof *st->types);
        for (size_t k = 0; k < st->type_count; k++)
            st->types[k] = sqltype_of(TYPE_UNKNOWN);
        vec_push(out, st);
    }
    if (all.len == 0) {
        free(refs);
        arena_free(arena);
    }
    return true;
}

void engine_statement_free(struct engine_statement *st) {
    if (!st)
        return;
    if (--*st->arena_refs == 0) {
        arena_free(st->arena);
        free(st->arena_refs);
    }
    result_free(st->shape);
    free(st->types);
    free(st);
}

const char *engine_statement_text(const struct engine_statement *st) {
    return st->ast->text;
}

size_t engine_param_count(const struct engine_statement *st) {
    return st->type_count;
}

uint32_t engine_param_type(const struct engine_statement *st, size_t i) {
    return sqltype_oid(&st->types[i]);
}

void engine_describe(const struct engine_statement *st, struct result *r) {
    for (size_t i = 0; st->shape && i < st->shape->columns.len; i++) {
        const struct result_column *c = &st->shape->columns.items[i];
        result_column_typmod(r, c->name, c->oid, c->typmod);
        r->columns.items[r->columns.len - 1].size = c->size;
    }
    r->has_rows = st->shape && st->shape->has_rows;
}

bool engine_prepare(struct engine *e, struct session *s, struct engine_statement *st, const uint32_t *types,
    size_t n, struct result *r) {
    for (size_t i = 0; i < n && i < st->type_count; i++)
        if (types[i])
            st->types[i] = sqltype_from_oid(types[i]);
    if (s->transaction == SESSION_FAILED && st->ast->kind != STMT_TXN)
        return result_fail(r, "25P02",
            "current transaction is aborted, commands ignored until end of transaction block");
    s->sql->started_wall = s->sql->open ? s->sql->started_wall : engine_wall(e);
    struct translator tr = {
        .engine = e, .es = s->sql, .arena = arena_new(), .r = r, .statement = st, .describe = true};
    result_free(st->shape);
    st->shape = result_new();
    const bool good = statement_describe(&tr, st->ast, st->shape) && !r->failed;
    if (!good && !r->failed && st->shape->failed)
        result_copy_error(r, st->shape);
    for (size_t i = 0; i < st->type_count; i++)
        if (st->types[i].base == TYPE_UNKNOWN)
            st->types[i] = sqltype_of(TYPE_STRING);
    arena_free(tr.arena);
    engine_drop_temps(s->sql);
    return good;
}

/* ---- executing ---- */

static enum engine_status waiting(struct engine_session *es, enum engine_wait what,
    struct engine_statement *st,
    const char *const *params, size_t n) {
    es->wait = what;
    es->statement = st;
    es->params = params;
    es->param_count = n;
    es->session->wake_at = what == WAIT_SLEEP ? es->slept_until
        : what == WAIT_RANGES ? engine_clock(es->session->engine) + 200 * USEC_PER_MS
        : what == WAIT_ROWS ? engine_clock(es->session->engine) : 0;
    return ENGINE_WAIT;
}

/* The statement is over: what it left is tidied, its transaction ended unless it is the client's. */
static enum engine_status over(struct engine_session *es, struct result *r) {
    es->wait = WAIT_NOTHING;
    es->statement = NULL;
    es->slept = false;
    fetch_end(es);
    engine_drop_temps(es);
    if (r->failed) {
        txn_tell_jobs(es, r);
        txn_after_error(es);
    } else if (es->open && !es->explicit_txn && !es->session->batch)
        txn_commit(es, r);
    return ENGINE_DONE;
}

static bool allowed_when_failed(const struct ast_stmt *st) {
    return st->kind == STMT_TXN &&
        (st->u.txn.kind == TXN_ROLLBACK || st->u.txn.kind == TXN_COMMIT || st->u.txn.kind == TXN_ROLLBACK_TO);
}

/* 26.1 commits an open transaction before a change of the catalog. */
static bool commit_before(struct engine_session *es, const struct ast_stmt *st, struct result *r) {
    const struct session *s = es->session;
    if (!variable_on(s, "autocommit_before_ddl") || !statement_changes_catalog(st))
        return true;
    if (!(es->explicit_txn || (s->batch && s->batch_index > 0)))
        return true;
    result_notice(r, "auto-committing transaction before processing DDL due to autocommit_before_ddl "
        "setting");
    return !es->open || txn_commit(es, r);
}

static enum engine_status attempt(struct engine *e, struct session *s, struct engine_statement *st,
    const char *const *params, size_t n, struct result *r) {
    struct engine_session *es = s->sql;
    const struct ast_stmt *ast = st->ast;
    if (es->fetch)
        return fetch_go_on(es, r) == FETCH_MORE ? waiting(es, WAIT_ROWS, st, params, n) : over(es, r);
    if (s->transaction == SESSION_FAILED && !allowed_when_failed(ast)) {
        result_fail(r, "25P02",
            "current transaction is aborted, commands ignored until end of transaction block");
        return over(es, r);
    }
    if (es->released &&
        !(ast->kind == STMT_TXN && (ast->u.txn.kind == TXN_COMMIT || ast->u.txn.kind == TXN_ROLLBACK))) {
        result_fail(r, "25000", "current transaction is committed, commands ignored until end of transaction block");
        es->wait = WAIT_NOTHING;
        return ENGINE_DONE;
    }
    if (ast->kind == STMT_TXN) {
        txn_execute(es, &ast->u.txn, r);
        es->wait = WAIT_NOTHING;
        return ENGINE_DONE;
    }
    if (es->slept && engine_clock(e) < es->slept_until)
        return waiting(es, WAIT_SLEEP, st, params, n);
    const bool writes = statement_writes(ast);
    if (writes && variables_read_only(s)) {
        statement_refuse_change(ast, e->compat, r);
        return over(es, r);
    }
    const bool locks = writes || (statement_locks(ast) && !variables_read_only(s));
    if (locks && e->writer && e->writer != es)
        return waiting(es, WAIT_WRITER, st, params, n);
    if ((locks || es->read_committed) && !refresh_transaction(es, r))
        return over(es, r);
    if (!commit_before(es, ast, r) || (statement_needs_transaction(ast) && !engine_begin(es, locks, r)))
        return over(es, r);
    struct translator tr = {.engine = e, .es = es, .arena = arena_new(), .r = r, .statement = st, .params = params,
        .param_count = n};
    bool hangs = false;
    /* What a WITH has changed is undone when the rest of the statement has to wait: it begins again then. */
    const bool guarded = ast->kind == STMT_QUERY && writes && engine_exec(es, "SAVEPOINT whole", r);
    statement_execute(&tr, ast, params, n, r, &hangs);
    arena_free(tr.arena);
    if (tr.more)
        return waiting(es, WAIT_ROWS, st, params, n);
    const bool sleeps = tr.sleep > 0 && !es->slept && !r->failed;
    if (guarded)
        sqlite3_exec(es->db, hangs || sleeps || r->failed ? "ROLLBACK TO whole; RELEASE whole" : "RELEASE whole", NULL,
            NULL, NULL);
    if (!hangs && !sleeps)
        return over(es, r);
    result_clear(r);
    engine_drop_temps(es);
    if (!es->explicit_txn && !s->batch)
        txn_rollback(es);
    if (hangs)
        return waiting(es, WAIT_RANGES, st, params, n);
    es->slept = true;
    es->slept_until = engine_clock(e) + (usec)(tr.sleep * 1e6);
    return waiting(es, WAIT_SLEEP, st, params, n);
}

/* Clients are taken to be where node 1 is: what they send to another region's node takes the round trip there. */
static enum engine_status from_afar(
    struct engine *e, const struct session *s, struct result *r, enum engine_status status) {
    enum { CLIENT_NODE = 1 };
    if (status == ENGINE_DONE && e->world)
        r->cost += world_rtt(e->world, CLIENT_NODE, s->node);
    return status;
}

enum engine_status engine_execute(struct engine *e, struct session *s, struct engine_statement *st,
    const char *const *params, size_t n, struct result *r) {
    s->sql->slept = false;
    if (!s->sql->open)
        s->sql->started_wall = engine_wall(e);
    if (st->ast->kind == STMT_EXECUTE && s->transaction != SESSION_FAILED) {
        st = prepare_bind(e, s, st, params, n, r);
        if (!st)
            return over(s->sql, r);
        params = (const char *const *)s->sql->bound.items;
        n = s->sql->bound.len;
    }
    return from_afar(e, s, r, attempt(e, s, st, params, n, r));
}

enum engine_status engine_resume(struct engine *e, struct session *s, struct result *r) {
    struct engine_session *es = s->sql;
    if (s->cancelled) {
        session_fail_cancelled(s, r);
        return over(es, r);
    }
    return from_afar(e, s, r, attempt(e, s, es->statement, es->params, es->param_count, r));
}

enum engine_status engine_finish(struct engine *e, struct session *s, bool commit, struct result *r) {
    struct engine_session *es = s->sql;
    (void)e;
    if (!es->open || es->explicit_txn)
        return ENGINE_DONE;
    if (commit)
        txn_commit(es, r);
    else
        txn_rollback(es);
    return ENGINE_DONE;
}

/* ---- keeping ---- */

void engine_keep(struct engine_session *es) {
    struct engine *e = es->session->engine;
    struct str text = {0};
    if (e->descriptors->changes != e->saved_descriptors) {
        descriptors_print(e->descriptors, &text);
        keep_text(es->db, "catalog", str_get(&text));
        e->saved_descriptors = e->descriptors->changes;
    }
    str_clear(&text);
    if (users_changes(e->users) != e->saved_users) {
        users_print(e->users, &text);
        keep_text(es->db, "users", str_get(&text));
        e->saved_users = users_changes(e->users);
    }
    str_free(&text);
}

void result_copy_error(struct result *r, const struct result *from) {
    result_fail(r, from->error.sqlstate, "%s", from->error.message ? from->error.message : "");
    if (from->error.detail)
        result_detail(r, "%s", from->error.detail);
    if (from->error.hint)
        result_hint(r, "%s", from->error.hint);
    if (from->error.constraint)
        result_constraint(r, from->error.constraint);
}
