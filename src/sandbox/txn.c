/* txn: transactions: of a statement, of a message, of BEGIN; savepoints; the one writer. */
#include "engine_private.h"
#include "cluster_hooks.h"
#include "cursor.h"
#include "past.h"
#include "refresh.h"
#include "sequence.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The savepoint of client-side retries. */
static const char RESTART[] = "cockroach_restart";

bool engine_exec(struct engine_session *es, const char *sql, struct result *r) {
    return sqlite3_exec(es->db, sql, NULL, NULL, NULL) == SQLITE_OK || engine_sqlite_error(es, r);
}

bool engine_begin(struct engine_session *es, bool write, struct result *r) {
    if (!es->open) {
        if (!engine_exec(es, "BEGIN", r))
            return false;
        es->open = true;
        es->snapshot = es->session->engine->commits;
        es->started_wall = engine_wall(es->session->engine);
    }
    if (write) {
        es->writes = true;
        es->session->engine->writer = es;
    }
    return true;
}

static void forget_before(struct engine_session *es) {
    free(es->before);
    free(es->users_before);
    es->before = es->users_before = NULL;
    for (size_t i = 0; i < es->savepoints.len; i++) {
        free(es->savepoints.items[i].name);
        free(es->savepoints.items[i].descriptors);
    }
    vec_free(&es->savepoints);
}

bool engine_change(struct engine_session *es, struct result *r) {
    struct str text = {0};
    if (!engine_begin(es, true, r))
        return false;
    if (es->before)
        return true;
    descriptors_print(es->session->engine->descriptors, &text);
    es->before = str_take(&text);
    users_print(es->session->engine->users, &text);
    es->users_before = str_take(&text);
    return true;
}

/* The catalog as a text has it, in force again. */
static void put_back(struct engine *e, const char *catalog, const char *users) {
    struct err err;
    struct descriptors *d = descriptors_read(e->compat, catalog, &err);
    if (!d)
        return;
    d->changes = e->descriptors->changes + 1;
    d->next_id = e->descriptors->next_id;
    sequences_carry_over(d, e->descriptors);
    descriptors_free(e->descriptors);
    e->descriptors = d;
    if (users)
        users_read(e->users, users, &err);
    hook_catalog_changed(e);
}

/* The end: the writer's place is free, those that wait for it go on. */
static void ended(struct engine_session *es) {
    struct engine *e = es->session->engine;
    es->open = es->writes = es->explicit_txn = es->released = es->read_committed = false;
    refresh_forget(es);
    cursor_forget_all(es);
    str_free(&es->jobs);
    es->asynchronous = es->has_jobs = false;
    past_ended(es, false);
    vec_free(&es->created);
    vec_free(&es->mutated);
    es->past_wall = 0;
    es->session->transaction = SESSION_IDLE;
    es->session->read_only = variable_on(es->session, "default_transaction_read_only");
    if (e->writer == es) {
        e->writer = NULL;
        for (size_t i = 0; i < e->sessions.len; i++)
            if (e->sessions.items[i]->wait == WAIT_WRITER)
                session_wake(e->sessions.items[i]->session);
    }
    forget_before(es);
}

void txn_await(struct engine_session *es, const char *jobs) {
    str_add_f(&es->jobs, es->jobs.len ? ", %s" : "%s", jobs);
}

void txn_tell_jobs(struct engine_session *es, struct result *r) {
    if (es->jobs.len)
        result_notice(r, "waiting for job(s) to complete: %s\n"
            "If the statement is canceled, jobs will continue in the background.", str_get(&es->jobs));
    if (es->asynchronous && !r->failed)
        result_notice(r, "LOCALITY changes will be finalized asynchronously; further schema changes on this table may "
            "be restricted until the job completes");
    es->asynchronous = false;
    str_free(&es->jobs);
}

bool txn_commit(struct engine_session *es, struct result *r) {
    struct engine *e = es->session->engine;
    if (!es->open)
        return true;
    const bool changed = es->before;
    if (es->writes)
        engine_keep(es);
    past_keep(es);
    if (sqlite3_exec(es->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        engine_sqlite_error(es, r);
        txn_rollback(es);
        return false;
    }
    e->commits += es->writes;
    past_ended(es, true);
    variables_end_transaction(es->session, true);
    txn_tell_jobs(es, r);
    if (es->has_jobs && e->jobs_held_until > engine_clock(e)) {
        r->cost += e->jobs_held_until - engine_clock(e);
        r->held = true;
    }
    ended(es);
    if (changed)
        hook_catalog_changed(e);
    return true;
}

void txn_rollback(struct engine_session *es) {
    if (es->db && es->open)
        sqlite3_exec(es->db, "ROLLBACK", NULL, NULL, NULL);
    if (es->before)
        put_back(es->session->engine, es->before, es->users_before);
    variables_end_transaction(es->session, false);
    ended(es);
}

void txn_after_error(struct engine_session *es) {
    if (es->explicit_txn)
        es->session->transaction = SESSION_FAILED;
    else if (!es->session->batch)
        txn_rollback(es);
}

/* The transaction reads as of a time, and only reads. */
static bool as_of(struct engine_session *es, const struct ast_expr *e, struct result *r) {
    struct past_time at;
    if (!past_evaluate(es, e, &at, r))
        return false;
    es->past_wall = at.wall;
    es->past_or_before = at.or_before;
    es->session->read_only = true;
    return true;
}

static bool begin(struct engine_session *es, const struct ast_txn *st, struct result *r) {
    struct session *s = es->session;
    if (es->explicit_txn)
        return result_fail(r, "25001", "there is already a transaction in progress");
    variables_begin_transaction(s);
    if (!engine_begin(es, false, r))
        return false;
    const bool follower = !st->as_of && variable_on(s, "default_transaction_use_follower_reads");
    es->explicit_txn = true;
    es->read_committed = s->compat >= 2601 && (st->isolation ? str_eq(st->isolation, "read committed")
        : str_eq(variable_get(s, "default_transaction_isolation"), "read committed"));
    s->transaction = SESSION_OPEN;
    if (st->priority)
        variable_set(s, "transaction_priority", st->priority, true, r);
    if (es->read_committed)
        variable_set(s, "transaction_isolation", "read committed", true, r);
    if (st->as_of && !as_of(es, st->as_of, r))
        return false;
    if (follower && st->read_only < 0)
        return result_fail(r, "42601", "AS OF SYSTEM TIME specified with READ WRITE mode");
    if (follower) {
        es->past_wall = past_follower(es->session->engine, es->started_wall);
        es->past_or_before = true;
    }
    s->read_only = st->as_of || follower ? true
        : st->read_only ? st->read_only > 0
        : variable_on(s, "default_transaction_read_only");
    result_tag(r, "BEGIN");
    return true;
}

/* COMMIT and ROLLBACK without a transaction are warned of. */
static void warn_of_none(const struct engine_session *es, struct result *r) {
    if (es->session->transaction != SESSION_IDLE)
        return;
    result_notice(r, "there is no transaction in progress");
    struct result_message *m = result_last_notice(r);
    m->severity = "WARNING";
    memcpy(m->sqlstate, "25P01", 5);
}

static bool commit(struct engine_session *es, struct result *r) {
    warn_of_none(es, r);
    if (es->session->transaction == SESSION_IDLE) {
        result_tag(r, "COMMIT");
        return true;
    }
    if (es->session->transaction == SESSION_FAILED) {
        txn_rollback(es);
        result_tag(r, "ROLLBACK");
        return true;
    }
    if (es->released)
        ended(es);
    else if (!txn_commit(es, r))
        return false;
    result_tag(r, "COMMIT");
    return true;
}

/* Its index, -1 when there is none of that name. The latest wins. */
static long find_savepoint(const struct engine_session *es, const char *name) {
    for (size_t i = es->savepoints.len; i-- > 0;)
        if (str_eq(es->savepoints.items[i].name, name))
            return (long)i;
    return -1;
}

static bool savepoint(struct engine_session *es, const struct ast_txn *st, struct result *r) {
    if (!es->explicit_txn)
        return result_fail(r, "25P01", "there is no transaction in progress");
    struct str text = {0};
    char *sql = mem_printf("SAVEPOINT s%zu", es->savepoints.len);
    const bool good = engine_exec(es, sql, r);
    free(sql);
    if (!good)
        return false;
    descriptors_print(es->session->engine->descriptors, &text);
    const struct savepoint s = {mem_strdup(st->savepoint), str_take(&text)};
    vec_push(&es->savepoints, s);
    result_tag(r, "SAVEPOINT");
    return true;
}

/* ROLLBACK TO cockroach_restart: the whole transaction again, as of now. */
static bool restart(struct engine_session *es, struct result *r) {
    struct session *s = es->session;
    const bool read_only = s->read_only, read_committed = es->read_committed;
    const struct ast_txn again = {.kind = TXN_SAVEPOINT, .savepoint = RESTART};
    txn_rollback(es);
    variables_begin_transaction(s);
    if (!engine_begin(es, false, r))
        return false;
    es->explicit_txn = true;
    es->read_committed = read_committed;
    s->transaction = SESSION_OPEN;
    s->read_only = read_only;
    if (!savepoint(es, &again, r))
        return false;
    result_tag(r, "ROLLBACK");
    return true;
}

/* RELEASE cockroach_restart commits; what is left to the client is to say COMMIT. */
static bool release(struct engine_session *es, struct result *r) {
    if (!txn_commit(es, r))
        return false;
    es->explicit_txn = es->released = true;
    es->session->transaction = SESSION_OPEN;
    result_tag(r, "RELEASE");
    return true;
}

static bool to_savepoint(struct engine_session *es, const struct ast_txn *st, struct result *r) {
    const long at = find_savepoint(es, st->savepoint);
    const bool going = st->kind == TXN_RELEASE;
    if (es->session->transaction == SESSION_IDLE)
        return result_fail(r, "25P01", "there is no transaction in progress");
    if (at < 0)
        return result_fail(r, "3B001", "savepoint \"%s\" does not exist", st->savepoint);
    if (at == 0 && str_eq(st->savepoint, RESTART))
        return st->kind == TXN_RELEASE ? release(es, r) : restart(es, r);
    char *sql = mem_printf(going ? "RELEASE s%ld" : "ROLLBACK TO s%ld", at);
    const bool good = engine_exec(es, sql, r);
    free(sql);
    if (!good)
        return false;
    if (!going && es->before)
        put_back(es->session->engine, es->savepoints.items[at].descriptors, NULL);
    while (es->savepoints.len > (size_t)at + !going) {
        struct savepoint *s = &es->savepoints.items[--es->savepoints.len];
        free(s->name);
        free(s->descriptors);
    }
    if (!going)
        es->session->transaction = SESSION_OPEN;
    result_tag(r, going ? "RELEASE" : "ROLLBACK");
    return true;
}

bool txn_execute(struct engine_session *es, const struct ast_txn *st, struct result *r) {
    bool good = true;
    switch (st->kind) {
    case TXN_BEGIN: good = begin(es, st, r); break;
    case TXN_COMMIT: good = commit(es, r); break;
    case TXN_ROLLBACK:
        warn_of_none(es, r);
        txn_rollback(es);
        result_tag(r, "ROLLBACK");
        break;
    case TXN_SAVEPOINT: good = savepoint(es, st, r); break;
    case TXN_RELEASE:
    case TXN_ROLLBACK_TO: good = to_savepoint(es, st, r); break;
    case TXN_SET:
        if (es->session->transaction != SESSION_IDLE && st->read_only)
            es->session->read_only = st->read_only > 0;
        if (st->as_of)
            good = es->session->transaction == SESSION_IDLE || as_of(es, st->as_of, r);
        result_tag(r, "SET");
        break;
    default:
        if (st->read_only)
            good = variable_set(es->session, "default_transaction_read_only", st->read_only > 0 ? "on"
                : "off", false, r);
        result_tag(r, "SET");
    }
    if (!good)
        txn_after_error(es);
    return good;
}
