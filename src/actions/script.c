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

/* A statement of a read-only session stands between two of ours. */
enum phase { PHASE_IDLE, PHASE_HELD, PHASE_BEGIN, PHASE_STATEMENT, PHASE_END };

struct script {
    struct loop *loop;
    struct script_callbacks cb;
    struct pg_connection *c;
    bool read_only;
    bool failed; /* a statement since script_add */
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

static void on_done(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct script *s = arg;
    enum phase was = s->phase;
    s->transaction = pg_connection_transaction(s->c);
    if (was == PHASE_BEGIN && !e) {
        pg_result_free(r);
        send(s, s->queue.items[0].sql, PHASE_STATEMENT);
        return;
    }
    if (was == PHASE_END) {
        pg_result_free(r);
        next(s);
        return;
    }
    tell(s, r, e, NULL, took);
    if (was == PHASE_STATEMENT && s->read_only && !(e && (e->lost || e->not_sent)))
        send(s, statement_find("session/end-read-only")->text, PHASE_END);
    else
        next(s);
}

static void send(struct script *s, const char *sql, enum phase phase) {
    struct pg_query q = {.sql = sql, .purpose = "what was typed", .user = phase == PHASE_STATEMENT, .done = on_done, .arg = s};
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
        if (s->read_only)
            send(s, statement_find("session/begin-read-only")->text, PHASE_BEGIN);
        else
            send(s, s->queue.items[0].sql, PHASE_STATEMENT);
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
