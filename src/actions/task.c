/* task: a session of an action's own. */
#include "task.h"

struct task {
    struct loop *loop;
    struct pg_connection *c;
    struct task_options o;
    bool up;
    bool closed;
    void (*done)(void *arg, struct pg_result *r, const struct pg_error *e, usec took);
};

static void on_state(void *arg, enum pg_state state, const char *reason) {
    struct task *t = arg;
    bool up = state == PG_READY || state == PG_BUSY || state == PG_CANCELLING;
    bool was_up = t->up;
    t->up = up;
    if (t->closed)
        return;
    if (up && !was_up)
        t->o.ready(t->o.arg);
    else if (!was_up && (state == PG_CLOSED || state == PG_REFUSED || state == PG_NEEDS_PASSWORD))
        t->o.failed(t->o.arg, reason);
}

static void on_notice(void *arg, const struct pg_error *notice) {
    struct task *t = arg;
    if (!t->closed && t->o.notice != NULL)
        t->o.notice(t->o.arg, notice);
}

struct task *task_new(struct loop *loop, const struct survey *s, const struct task_options *o, struct err *err) {
    struct task *t = mem_calloc(1, sizeof *t);
    struct pg_options options = {0};
    struct pg_callbacks callbacks = {.state = on_state, .notice = on_notice, .arg = t};
    survey_session_options(s, &options);
    if (o->conninfo != NULL)
        options.conninfo = o->conninfo;
    if (o->host != NULL) {
        options.host = o->host;
        options.port = o->port;
    }
    t->loop = loop;
    t->o = *o;
    t->c = pg_connection_new(loop, &options, &callbacks, err);
    if (t->c == NULL) {
        free(t);
        return NULL;
    }
    pg_connection_open(t->c);
    return t;
}

static void drop(void *arg) {
    struct task *t = arg;
    pg_connection_free(t->c);
    free(t);
}

void task_free(struct task *t) {
    if (t == NULL)
        return;
    t->closed = true;
    loop_defer(t->loop, drop, t);
}

static void reopen(void *arg) {
    struct task *t = arg;
    if (!t->closed)
        pg_connection_retry(t->c);
}

/* At the end of the turn: the connection is still telling that it was lost. */
void task_reopen(struct task *t) {
    loop_defer(t->loop, reopen, t);
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct task *t = arg;
    if (t->closed)
        pg_result_free(r);
    else
        t->done(t->o.arg, r, e, took);
}

void task_query(struct task *t, const char *sql, const char *const *params, size_t n, usec timeout,
    const char *purpose, void (*done)(void *arg, struct pg_result *r, const struct pg_error *e, usec took)) {
    struct pg_query q = {.sql = sql, .params = params, .param_count = n, .timeout = timeout, .purpose = purpose,
        .user = !t->o.routine, .done = answered, .arg = t};
    t->done = done;
    pg_query(t->c, &q);
}

void task_cancel(struct task *t) {
    pg_query_cancel(t->c);
}
