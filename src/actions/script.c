/* script: statements that the user typed or wrote, run one after the other on one session of their own. */
#include "domicile/actions/script.h"

#include "domicile/actions/readonly.h"
#include "domicile/base/text.h"
#include "domicile/dialect/splitter.h"
#include "domicile/sql/statement.h"

#include <stdlib.h>
#include <string.h>

/* One that waits, or is under way. What was typed together falls together. */
struct queued {
    char *sql;
    unsigned batch;
};

/* A statement of a read-only session stands between some of ours: the functions that it calls are looked up, it runs
 * in a transaction that is rolled back, and the session gets the settings back that it was opened with. */
enum phase {
    PHASE_IDLE,
    PHASE_HELD,
    PHASE_LOOK_UP,
    PHASE_BEGIN,
    PHASE_STATEMENT,
    PHASE_END,
    PHASE_FORGET,
    PHASE_CHECK
};

/* What is sent in a phase of ours. */
static const char *const phase_statements[] = {[PHASE_LOOK_UP] = "session/volatile-functions",
    [PHASE_BEGIN] = "session/begin-read-only", [PHASE_END] = "session/end-read-only",
    [PHASE_FORGET] = "session/forget-settings", [PHASE_CHECK] = "session/is-read-only"};

struct script {
    struct loop *loop;
    struct script_callbacks cb;
    struct pg_connection *c;
    bool read_only;
    bool failed;  /* a statement since script_add */
    bool stopped; /* cancelled before the statement itself was sent */
    enum phase phase;
    char transaction; /* when the last statement was done */
    unsigned batch; /* of the newest text */
    VEC_STRUCT(struct queued) queue; /* the first is the one under way */
};

static void next(struct script *s);

static void tell_state(struct script *s) {
    if (s->cb.state)
        s->cb.state(s->cb.arg);
}

static void on_state(void *arg, enum pg_state state, const char *reason) {
    struct script *s = arg;
    (void)reason;
    /* Nobody asks for a password twice: the survey's session has it, or it is refused. */
    if (state == PG_NEEDS_PASSWORD)
        pg_connection_close(s->c, "the server wants a password");
    tell_state(s);
}

static void on_notice(void *arg, const struct pg_error *notice) {
    struct script *s = arg;
    if (s->cb.notice)
        s->cb.notice(s->cb.arg, notice);
}

struct script *script_new(struct loop *loop, const struct pg_options *options, const struct script_callbacks *callbacks,
    struct err *err) {
    struct script *s = mem_calloc(1, sizeof *s);
    struct pg_callbacks pc = {.state = on_state, .notice = on_notice, .arg = s};
    struct pg_options o = *options;
    o.reconnect = false;
    s->loop = loop;
    s->cb = *callbacks;
    s->read_only = options->read_only;
    s->transaction = 'I';
    s->c = pg_connection_new(loop, &o, &pc, err);
    if (!s->c) {
        free(s);
        return NULL;
    }
    return s;
}

static void drop_first(struct script *s) {
    free(s->queue.items[0].sql);
    memmove(s->queue.items, s->queue.items + 1, --s->queue.len * sizeof *s->queue.items);
}

static void drop_all(struct script *s) {
    while (s->queue.len)
        free(s->queue.items[--s->queue.len].sql);
}

/* Drops what was typed together, from the first on, but keep of it; returns how many. */
static size_t drop_batch(struct script *s, unsigned batch, size_t keep) {
    size_t end = keep;
    while (end < s->queue.len && s->queue.items[end].batch == batch)
        free(s->queue.items[end++].sql);
    if (end == keep)
        return 0;
    memmove(s->queue.items + keep, s->queue.items + end, (s->queue.len - end) * sizeof *s->queue.items);
    s->queue.len -= end - keep;
    return end - keep;
}

void script_free(struct script *s) {
    if (!s)
        return;
    pg_connection_free(s->c);
    drop_all(s);
    vec_free(&s->queue);
    free(s);
}

static void finish(struct script *s) {
    s->phase = PHASE_IDLE;
    tell_state(s);
    if (s->cb.finished)
        s->cb.finished(s->cb.arg, !s->failed);
}

/* Tells what came of the first statement and takes it off; an error takes the rest with it. */
static void tell(struct script *s, struct pg_result *r, const struct pg_error *e, const char *hint, usec took) {
    char *sql = s->queue.items[0].sql;
    unsigned batch = s->queue.items[0].batch;
    struct script_outcome o = {.sql = sql, .result = r, .error = e, .hint = hint, .took = took};
    s->queue.items[0].sql = NULL;
    drop_first(s);
    if (e) {
        o.dropped = drop_batch(s, batch, 0);
        s->failed = true;
    }
    s->cb.outcome(s->cb.arg, &o);
    free(sql);
}

static void send(struct script *s, const char *sql, enum phase phase);
static void refuse(struct script *s, const struct err *err);

static void send_ours(struct script *s, enum phase phase) {
    send(s, statement_find(phase_statements[phase])->text, phase);
}

/* Asks which of the functions that the first statement calls are somebody's; false: it calls none. */
static bool look_up(struct script *s) {
    struct readonly_names names = {0};
    struct str sql = {0};
    readonly_calls(&names, s->queue.items[0].sql);
    struct statement_arg arg = {.name = "names", .kind = STATEMENT_TEXTS,
        .values = (const char *const *)names.list.items, .count = names.list.len};
    bool some = names.list.len > 0 &&
        statement_fill(&sql, statement_find(phase_statements[PHASE_LOOK_UP]), &arg, 1, NULL);
    if (some)
        send(s, str_get(&sql), PHASE_LOOK_UP);
    str_free(&sql);
    readonly_names_free(&names);
    return some;
}

/* The answer about the functions: what may act is refused, and so is what nobody can tell. */
static void looked_up(struct script *s, const struct pg_result *r, const struct pg_error *e) {
    struct err err = {0};
    if (r && pg_result_rows(r) == 0) {
        send_ours(s, PHASE_BEGIN);
        return;
    }
    if (r) {
        readonly_refuses_function(pg_result_text(r, 0, 0), &err);
    } else {
        err_set(&err, ERR_FORBIDDEN,
            "which functions the statement calls could not be looked up, so --read-only refuses it: %s", e->message);
    }
    refuse(s, &err);
    next(s);
}

/* A session that was brought to write is not used again. */
static void check_session(struct script *s, const struct pg_result *r, const struct pg_error *e) {
    bool read_only = r && pg_result_rows(r) == 1 && str_eq(pg_result_text(r, 0, 0), "on");
    if (!read_only && !(e && e->lost))
        pg_connection_close(s->c, "the session was no longer read-only");
    next(s);
}

static void cancelled_early(struct script *s) {
    struct pg_error e = {.message = mem_strdup("cancelled before it was sent"), .cancelled = true, .not_sent = true};
    tell(s, NULL, &e, NULL, 0);
    pg_error_free(&e);
}

/* One of the statements around that of the user is done. */
static void on_ours(struct script *s, enum phase was, const struct pg_result *r, const struct pg_error *e) {
    bool stopped = s->stopped;
    bool gone = e && (e->lost || e->not_sent);
    if (stopped && (was == PHASE_LOOK_UP || was == PHASE_BEGIN)) {
        cancelled_early(s);
        if (was == PHASE_BEGIN && !gone)
            send_ours(s, PHASE_END);
        else
            next(s);
    } else if (was == PHASE_LOOK_UP && gone) {
        tell(s, NULL, e, NULL, 0);
        next(s);
    } else if (was == PHASE_LOOK_UP) {
        looked_up(s, r, e);
    } else if (was == PHASE_BEGIN && !e) {
        send(s, s->queue.items[0].sql, PHASE_STATEMENT);
    } else if (was == PHASE_BEGIN) {
        tell(s, NULL, e, NULL, 0);
        next(s);
    } else if (was == PHASE_CHECK || e) {
        check_session(s, was == PHASE_CHECK ? r : NULL, e);
    } else {
        send_ours(s, was == PHASE_END ? PHASE_FORGET : PHASE_CHECK);
    }
}

static void on_done(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct script *s = arg;
    enum phase was = s->phase;
    s->transaction = pg_connection_transaction(s->c);
    if (was != PHASE_STATEMENT) {
        on_ours(s, was, r, e);
        pg_result_free(r);
        return;
    }
    tell(s, r, e, NULL, took);
    if (s->read_only && !(e && (e->lost || e->not_sent)))
        send_ours(s, PHASE_END);
    else
        next(s);
}

static void send(struct script *s, const char *sql, enum phase phase) {
    struct pg_query q = {
        .sql = sql, .purpose = "what was typed", .user = phase == PHASE_STATEMENT, .done = on_done, .arg = s};
    enum pg_state state = pg_connection_state(s->c);
    s->phase = phase;
    if (state == PG_IDLE)
        pg_connection_open(s->c);
    else if (state == PG_CLOSED || state == PG_REFUSED)
        pg_connection_retry(s->c);
    pg_query(s->c, &q);
    tell_state(s);
}

static void refuse(struct script *s, const struct err *err) {
    struct pg_error e = {.message = mem_strdup(err->message), .not_sent = true};
    tell(s, NULL, &e, err->hint[0] ? err->hint : NULL, 0);
    pg_error_free(&e);
}

static void start(struct script *s, enum script_verdict verdict) {
    switch (verdict) {
    case SCRIPT_SEND:
        s->stopped = false;
        if (!s->read_only)
            send(s, s->queue.items[0].sql, PHASE_STATEMENT);
        else if (!look_up(s))
            send_ours(s, PHASE_BEGIN);
        return;
    case SCRIPT_SKIP: drop_first(s); break;
    case SCRIPT_DROP:
        drop_batch(s, s->queue.items[0].batch, 0);
        s->failed = true;
        break;
    case SCRIPT_HOLD: s->phase = PHASE_HELD; return;
    }
    next(s);
}

static void next(struct script *s) {
    struct err err = {0};
    s->phase = PHASE_IDLE;
    if (s->queue.len == 0) {
        finish(s);
        return;
    }
    if (s->read_only && !readonly_allows(s->queue.items[0].sql, &err)) {
        refuse(s, &err);
        next(s);
        return;
    }
    start(s, s->cb.allow ? s->cb.allow(s->cb.arg, s->queue.items[0].sql) : SCRIPT_SEND);
}

bool script_add(struct script *s, const char *text) {
    struct splitter sp = {0};
    char *statement;
    size_t before = s->queue.len;
    splitter_feed(&sp, text, strlen(text));
    s->batch++;
    while (splitter_next(&sp, &statement))
        vec_push(&s->queue, ((struct queued){statement, s->batch}));
    statement = splitter_rest(&sp);
    if (statement)
        vec_push(&s->queue, ((struct queued){statement, s->batch}));
    splitter_free(&sp);
    bool some = s->queue.len > before;
    if (some && s->phase == PHASE_IDLE) {
        s->failed = false;
        next(s);
    }
    return some;
}

bool script_is_complete(const char *text, const char **waits_for) {
    static const char *const names[] = {[SPLITTER_EMPTY] = "", [SPLITTER_STATEMENT] = "a ; ends the statement",
        [SPLITTER_STRING] = "within a string: ' ends it", [SPLITTER_IDENTIFIER] = "within a name: \" ends it",
        [SPLITTER_DOLLAR] = "within a $-quoted string", [SPLITTER_COMMENT] = "within a comment: */ ends it",
        [SPLITTER_PARENTHESIS] = "a parenthesis is open"};
    struct splitter sp = {0};
    char *statement;
    splitter_feed(&sp, text, strlen(text));
    while (splitter_next(&sp, &statement))
        free(statement);
    enum splitter_state state = splitter_state(&sp);
    splitter_free(&sp);
    if (waits_for)
        *waits_for = names[state];
    return state == SPLITTER_EMPTY;
}

void script_release(struct script *s, enum script_verdict verdict) {
    if (s->phase == PHASE_HELD)
        start(s, verdict);
}

void script_cancel(struct script *s) {
    if (s->queue.len)
        drop_batch(s, s->queue.items[0].batch, 1);
    s->stopped = s->phase == PHASE_LOOK_UP || s->phase == PHASE_BEGIN;
    pg_query_cancel(s->c);
    if (pg_connection_state(s->c) != PG_CANCELLING && s->phase > PHASE_HELD)
        pg_connection_close(s->c, "cancelled before the session was there");
}

size_t script_waiting(const struct script *s) { return s->queue.len ? s->queue.len - 1 : 0; }
bool script_is_running(const struct script *s) { return s->phase > PHASE_HELD; }
usec script_running_since(const struct script *s) { return s->phase > PHASE_HELD ? pg_query_since(s->c) : 0; }
bool script_is_cancelling(const struct script *s) { return pg_connection_state(s->c) == PG_CANCELLING; }

char script_transaction(const struct script *s) {
    enum pg_state state = pg_connection_state(s->c);
    bool up = state == PG_READY || state == PG_BUSY || state == PG_CANCELLING;
    return up && s->transaction != '?' ? s->transaction : 'I';
}

const char *script_problem(const struct script *s) {
    enum pg_state state = pg_connection_state(s->c);
    return state == PG_CLOSED || state == PG_REFUSED || state == PG_WAITING ? pg_connection_reason(s->c) : NULL;
}

void script_mark(struct str *out, const char *sql, int position) {
    size_t at = 0;
    size_t len = strlen(sql);
    uint32_t cp;
    for (int i = 1; i < position && at < len; i++)
        at += text_decode(sql + at, len - at, &cp);
    size_t begin = at;
    while (begin > 0 && sql[begin - 1] != '\n')
        begin--;
    size_t end = at + strcspn(sql + at, "\n");
    str_add_n(out, sql + begin, end - begin);
    struct str left = {0};
    text_clean(&left, sql + begin, at - begin);
    str_add_f(out, "\n%*s^", text_width(str_get(&left)), "");
    str_free(&left);
}
