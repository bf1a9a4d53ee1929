/* fetch: a query's rows, a slice a turn. */
#include "fetch.h"
#include "refresh.h"

#include "domicile/base/mem.h"
#include "domicile/sandbox/server.h"

#include <stdlib.h>

/* SQLite asks so often (in steps of its machine) whether to go on; sockets are looked at less often. */
enum { STEPS = 20000, LISTEN_EVERY = 10 * USEC_PER_MS };

struct engine_fetch {
    sqlite3_stmt *st;
    struct sqltype *types; /* of the columns */
    size_t columns;
    usec cost;             /* that the answer is held back for */
    bool running;          /* SQLite is on the stack */
    usec listened;
    bool keeps;            /* what it reads is to be compared later */
    uint64_t hash;
};

/* 1: SQLite gives up. Only queries may be given up: a change would take its transaction with it. */
static int on_progress(void *arg) {
    struct engine_session *es = arg;
    struct engine_fetch *f = es->fetch;
    struct session *s = es->session;
    if (!f || !f->running)
        return 0;
    const usec now = loop_clock();
    if (now - f->listened >= LISTEN_EVERY) {
        f->listened = now;
        server_hear_cancels(s->engine->server);
    }
    if (s->deadline && now - loop_now(s->loop) + engine_clock(s->engine) >= s->deadline)
        session_cancel(s, true);
    return s->cancelled;
}

void fetch_watch(struct engine_session *es) { sqlite3_progress_handler(es->db, STEPS, on_progress, es); }

void fetch_end(struct engine_session *es) {
    struct engine_fetch *f = es->fetch;
    if (!f)
        return;
    sqlite3_finalize(f->st);
    free(f->types);
    free(f);
    es->fetch = NULL;
}

static void add_row(const struct engine_session *es, struct engine_fetch *f, struct result *r) {
    const char **row = arena_calloc(r->arena, f->columns + 1, sizeof *row);
    for (size_t i = 0; i < f->columns; i++)
        row[i] = engine_answer_text(es, r->arena, f->st, (int)i, &f->types[i]);
    vec_push(&r->rows, (result_row)row);
    if (f->keeps)
        f->hash = refresh_hash_row(f->hash, f->st);
}

static int step(struct engine_fetch *f) {
    f->running = true;
    f->listened = loop_clock();
    const int code = sqlite3_step(f->st);
    f->running = false;
    return code;
}

enum fetch_status fetch_go_on(struct engine_session *es, struct result *r) {
    struct engine_fetch *f = es->fetch;
    int code;
    while ((code = step(f)) == SQLITE_ROW) {
        add_row(es, f, r);
        if (loop_budget_left(es->session->loop) <= 0)
            return FETCH_MORE;
    }
    if (code == SQLITE_INTERRUPT && es->session->cancelled)
        session_fail_cancelled(es->session, r);
    else if (code != SQLITE_DONE)
        engine_sqlite_error(es, r);
    else if (f->keeps)
        refresh_keep(es, f->st, f->hash);
    r->cost = r->failed ? 0 : f->cost;
    fetch_end(es);
    return r->failed ? FETCH_FAILED : FETCH_DONE;
}

enum fetch_status fetch_begin(struct translator *tr, const char *sql, const struct out_columns *columns,
    const char *const *params, size_t n, struct result *r) {
    struct engine_session *es = tr->es;
    struct engine_fetch *f = mem_calloc(1, sizeof *f);
    es->fetch = f;
    f->cost = r->cost;
    f->columns = columns->len;
    f->types = mem_calloc(columns->len, sizeof *f->types);
    for (size_t i = 0; i < columns->len; i++)
        f->types[i] = columns->items[i].type;
    f->keeps = refresh_wants(es, sql);
    f->hash = refresh_hash_begin();
    if (sqlite3_prepare_v2(es->db, sql, -1, &f->st, NULL) != SQLITE_OK)
        engine_sqlite_error(es, r);
    if (r->failed || !engine_bind(f->st, tr->statement, params, n, r)) {
        fetch_end(es);
        return FETCH_FAILED;
    }
    return fetch_go_on(es, r);
}
