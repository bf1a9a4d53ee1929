/* query: the statements of a connection, one at a time. */
#include "connection_private.h"

#include "domicile/pg/sqllog.h"

#include <stdlib.h>
#include <string.h>

enum { CANCEL_GRACE_US = 3 * USEC_PER_SEC };

static void query_free(struct query *q) {
    for (size_t i = 0; i < q->param_count; i++)
        free(q->params[i]);
    free(q->params);
    free(q->sql);
    free(q->purpose);
    free(q);
}

static struct query *take_first(struct pg_connection *c) {
    struct query *q = c->queue.items[0];
    c->queue.len--;
    memmove(c->queue.items, c->queue.items + 1, c->queue.len * sizeof *c->queue.items);
    return q;
}

static usec time_taken(const struct pg_connection *c) {
    return c->sent_at ? loop_now(c->loop) - c->sent_at : 0;
}

static void tell(
    struct pg_connection *c, struct query *q, struct pg_result *r, const struct pg_error *e, usec took) {
    struct str outcome = {0};
    if (e)
        pg_error_print(&outcome, e);
    else
        str_add(&outcome, pg_result_tag(r));
    c->stats.statements++;
    c->stats.errors += e != NULL;
    c->stats.time += took;
    sqllog_add(loop_now(c->loop), took, q->user, q->purpose, q->sql, str_get(&outcome));
    str_free(&outcome);
    void (*done)(void *, struct pg_result *, const struct pg_error *, usec) = q->done;
    q->done = NULL;
    if (done)
        done(q->arg, r, e, took);
    else
        pg_result_free(r);
}

static void tell_failure(struct pg_connection *c, struct query *q, const char *reason, bool was_running) {
    struct pg_error e = {.message = mem_strdup(reason), .lost = was_running, .not_sent = !was_running};
    if (q->done)
        tell(c, q, NULL, &e, was_running ? time_taken(c) : 0);
    pg_error_free(&e);
    query_free(q);
}

void query_fail_all(struct pg_connection *c, const char *reason, bool was_up) {
    bool running = was_up && c->sent_at != 0;
    size_t n = c->queue.len; /* what the callbacks queue now waits for the next session */
    PQclear(c->answer);
    c->answer = NULL;
    for (size_t i = 0; i < n; i++) {
        struct query *q = take_first(c);
        tell_failure(c, q, reason, running && i == 0);
        c->sent_at = 0;
    }
    c->sent_at = 0;
    c->cancelled = false;
}

void query_drop_all(struct pg_connection *c) {
    PQclear(c->answer);
    c->answer = NULL;
    for (size_t i = 0; i < c->queue.len; i++)
        query_free(c->queue.items[i]);
    vec_free(&c->queue);
}

void query_forget_all(struct pg_connection *c) {
    for (size_t i = 0; i < c->queue.len; i++)
        c->queue.items[i]->done = NULL;
}

/* Writes what is still buffered; asks for write readiness while there is more. */
static bool flush(struct pg_connection *c) {
    int left = PQflush(c->conn);
    if (left >= 0)
        loop_fd_set_events(c->watch, left > 0 ? LOOP_READ | LOOP_WRITE : LOOP_READ);
    return left >= 0;
}

void query_lost(struct pg_connection *c) {
    const char *text = PQerrorMessage(c->conn);
    size_t n = strcspn(text, "\n");
    char *reason = n ? mem_printf("%s: %.*s", c->address, (int)n, text)
                     : mem_printf("%s closed the connection", c->address);
    connection_lost(c, reason);
    free(reason);
}

void query_send_next(struct pg_connection *c) {
    if (c->state != PG_READY || c->queue.len == 0)
        return;
    struct query *q = c->queue.items[0];
    c->sent_at = loop_now(c->loop);
    c->cancelled = false;
    int ok = PQsendQueryParams(
        c->conn, q->sql, (int)q->param_count, NULL, (const char *const *)q->params, NULL, NULL, 0);
    connection_set_busy(c, PG_BUSY);
    if (!ok || !flush(c)) { /* told in the next turn: whoever asked is still on the stack */
        c->broken = true;
        loop_timer_start(c->failer, 0, 0);
        return;
    }
    if (q->timeout > 0)
        loop_timer_start(c->timer, q->timeout, 0);
}

/* Whether the answer is a failure; the kinds that this program never asks for count as one. */
static bool is_error(const PGresult *r) {
    switch (PQresultStatus(r)) {
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE: return false;
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED: return true;
    }
    return true;
}

static void finish_statement(struct pg_connection *c) {
    struct query *q = take_first(c);
    PGresult *answer = c->answer;
    usec took = time_taken(c);
    bool cancelled = c->cancelled;
    c->answer = NULL;
    c->sent_at = 0; /* before anybody is told: they may send the next */
    c->cancelled = false;
    loop_timer_stop(c->timer);
    child_free(c->canceller);
    c->canceller = NULL;
    connection_set_busy(c, PG_READY);
    if (!answer || is_error(answer)) {
        struct pg_error e;
        pg_error_take(&e, answer, answer ? PQresultErrorMessage(answer) : "the server gave no answer");
        e.cancelled = cancelled && strcmp(e.sqlstate, "57014") == 0;
        PQclear(answer);
        if (q->done)
            tell(c, q, NULL, &e, took);
        pg_error_free(&e);
    } else if (q->done) {
        tell(c, q, pg_result_wrap(answer, q->purpose), NULL, took);
    } else {
        PQclear(answer);
    }
    query_free(q);
    query_send_next(c);
}

void query_on_socket(struct pg_connection *c, int events) {
    if ((events & LOOP_WRITE) && !flush(c)) {
        query_lost(c);
        return;
    }
    if (!(events & (LOOP_READ | LOOP_HANGUP)))
        return;
    if (!PQconsumeInput(c->conn)) {
        query_lost(c);
        return;
    }
    bool running = c->state == PG_BUSY || c->state == PG_CANCELLING;
    while (running && !PQisBusy(c->conn)) {
        PGresult *r = PQgetResult(c->conn);
        if (!r) {
            finish_statement(c);
            break;
        }
        /* An error after rows wins; so does the first error. */
        if (!c->answer || (is_error(r) && !is_error(c->answer))) {
            PQclear(c->answer);
            c->answer = r;
        } else {
            PQclear(r);
        }
    }
    if (c->conn && PQstatus(c->conn) == CONNECTION_BAD)
        query_lost(c);
}

static void ask_server(void *arg, int fd) {
    char text[256] = "";
    (void)fd;
    PQcancel(arg, text, sizeof text);
}

static void on_cancel_sent(void *arg, const char *answer) {
    (void)arg; /* the statement's own answer tells whether it was heard */
    (void)answer;
}

static void begin_cancel(struct pg_connection *c) {
    PGcancel *cancel = PQgetCancel(c->conn);
    child_free(c->canceller);
    c->canceller = cancel ? child_start(c->loop, ask_server, cancel, on_cancel_sent, c) : NULL;
    PQfreeCancel(cancel);
    connection_set_busy(c, PG_CANCELLING);
    loop_timer_start(c->timer, CANCEL_GRACE_US, 0);
}

void pg_query_cancel(struct pg_connection *c) {
    if (c->state != PG_BUSY)
        return;
    c->cancelled = true;
    begin_cancel(c);
}

/* The receiver is told at once; the connection is free when the server has let go. */
void query_timed_out(struct pg_connection *c) {
    struct query *q = c->queue.items[0];
    char *limit =
        mem_printf("no answer about %s within %.3g s", q->purpose, (double)q->timeout / USEC_PER_SEC);
    struct pg_error e = {.message = limit, .timed_out = true};
    begin_cancel(c);
    if (q->done)
        tell(c, q, NULL, &e, time_taken(c));
    pg_error_free(&e);
}

uint64_t pg_query(struct pg_connection *c, const struct pg_query *o) {
    struct query *q = mem_calloc(1, sizeof *q);
    *q = (struct query){.id = ++c->last_id,
        .sql = mem_strdup(o->sql),
        .purpose = mem_strdup(o->purpose ? o->purpose : "a statement"),
        .param_count = o->param_count,
        .timeout = o->timeout,
        .user = o->user,
        .done = o->done,
        .arg = o->arg};
    q->params = mem_calloc(o->param_count, sizeof *q->params);
    for (size_t i = 0; i < o->param_count; i++)
        q->params[i] = mem_strdup_null(o->params[i]);
    vec_push(&c->queue, q);
    const uint64_t id = q->id;
    if (c->state == PG_READY)
        query_send_next(c);
    else if (c->state == PG_CLOSED || c->state == PG_REFUSED)
        loop_timer_start(c->failer, 0, 0);
    return id;
}

void pg_query_forget(struct pg_connection *c, uint64_t id) {
    for (size_t i = 0; i < c->queue.len; i++)
        if (c->queue.items[i]->id == id)
            c->queue.items[i]->done = NULL;
}

size_t pg_query_pending(const struct pg_connection *c) { return c->queue.len; }
usec pg_query_since(const struct pg_connection *c) { return c->sent_at; }
