/* run: the life of one statement on a connection: begun, waited for, held back for its cost, its rows
 * sent as the client takes them, ended. */
#include "protocol_private.h"

#include "copylines.h"
#include "wiretype.h"

#include <string.h>

/* Rows are sent in portions, so that other connections have their turn. */
enum { ROWS_PER_PORTION = 256 };

void run_row_description(struct protocol *p, const struct result *r, const int16_t *formats, size_t n) {
    struct wire_out *o = &p->out;
    wire_begin(o, 'T');
    wire_int16(o, (int16_t)r->columns.len);
    for (size_t i = 0; i < r->columns.len; i++) {
        const struct result_column *c = &r->columns.items[i];
        wire_string(o, c->name);
        wire_int32(o, 0);
        wire_int16(o, 0);
        wire_int32(o, (int32_t)c->oid);
        wire_int16(o, c->size);
        wire_int32(o, c->typmod);
        wire_int16(o, n == 1 ? formats[0] : i < n ? formats[i] : 0);
    }
    wire_end(o);
}

static usec run_now(const struct protocol *p) { return engine_clock(p->host.engine); }

/* The statement of this run, for SHOW STATEMENTS and the timeout. */
static void run_open(struct protocol *p, const char *text) {
    struct session *s = p->session;
    free(s->statement);
    s->statement = mem_strdup(text);
    s->started = run_now(p);
    s->cancelled = s->timed_out = s->waiting = false;
    s->wake_at = 0;
    const char *timeout = variable_get(s, "statement_timeout");
    const int64_t ms = timeout ? strtoll(timeout, NULL, 10) : 0;
    s->deadline = ms > 0 ? s->started + ms * USEC_PER_MS : 0;
    p->run.resumed = false;
}

static void run_close(struct protocol *p) {
    free(p->session->statement);
    p->session->statement = NULL;
    p->session->waiting = false;
    p->session->deadline = 0;
}

/* Sets the timer for what comes first: the wake-up asked for, or the timeout. */
static void run_arm(struct protocol *p) {
    const struct session *s = p->session;
    usec at = s->wake_at;
    if (s->deadline && (!at || s->deadline < at))
        at = s->deadline;
    if (!at) {
        loop_timer_stop(p->timer);
        return;
    }
    const usec left = at - run_now(p);
    loop_timer_start(p->timer, left > 0 ? left : 0, 0);
}

static void run_answer(struct protocol *p);
static void run_notices(struct protocol *p, struct result *r);

/* Waits for the time of the answer; where it waits for jobs, not past the statement's own time, and notices go first. */
static void run_hold(struct protocol *p) {
    if (p->run.result->held) {
        run_notices(p, p->run.result);
        p->session->waiting = true;
        run_arm(p);
    } else {
        loop_timer_start(p->timer, p->session->wake_at - loop_now(p->host.loop), 0);
    }
}

static void run_done(struct protocol *p, bool suspended);

static void run_status(struct protocol *p, enum engine_status status) {
    if (status == ENGINE_WAIT) {
        p->phase = PROTOCOL_RUNNING;
        if (p->run.resumed || p->session->cancelled) {
            p->run.resumed = true;
            loop_timer_start(p->timer, 0, 0);
            return;
        }
        p->session->waiting = true;
        run_arm(p);
        return;
    }
    const usec cost = p->run.result->cost;
    if (cost > 0) {
        p->phase = PROTOCOL_HELD;
        p->session->wake_at = loop_now(p->host.loop) + cost;
        run_hold(p);
        return;
    }
    run_answer(p);
}

/* CopyInResponse, CopyOutResponse: text, so many columns. */
static void copy_response(struct protocol *p, char type, size_t columns) {
    wire_begin(&p->out, type);
    wire_int8(&p->out, 0);
    wire_int16(&p->out, (int16_t)columns);
    for (size_t i = 0; i < columns; i++)
        wire_int16(&p->out, 0);
    wire_end(&p->out);
}

static void copy_line(struct protocol *p, const struct result *r, result_row row) {
    struct str line = {0};
    if (row)
        copylines_encode(&line, r, row);
    else
        copylines_header(&line, r);
    wire_begin(&p->out, 'd');
    wire_bytes(&p->out, str_get(&line), line.len);
    wire_end(&p->out);
    str_free(&line);
}

/* The engine has answered, and the answer was held back long enough. */
static void run_answer(struct protocol *p) {
    struct result *r = p->run.result;
    if (!r->failed && (r->copy.in || r->copy.out)) {
        if (p->run.portal)
            result_unsupported(r, "COPY in the extended protocol");
        else if (p->queue.len > 1)
            result_fail(r, "0A000", "COPY together with other statements in a query string is not supported");
    }
    if (!r->failed && r->copy.in) {
        copy_response(p, 'G', r->columns.len);
        run_close(p);
        str_clear(&p->copied);
        p->phase = PROTOCOL_COPYING;
        return;
    }
    if (!r->failed && r->copy.out) {
        copy_response(p, 'H', r->columns.len);
        if (r->copy.header)
            copy_line(p, r, NULL);
        p->phase = PROTOCOL_SENDING;
        return;
    }
    if (!r->failed && r->has_rows && !p->run.portal)
        run_row_description(p, r, NULL, 0);
    p->phase = PROTOCOL_SENDING;
}

void run_release(struct protocol *p) {
    struct session *s = p->session;
    const usec now = loop_now(p->host.loop);
    if (p->run.result->held) {
        if (s->deadline && now >= s->deadline && now < s->wake_at && !s->cancelled)
            s->cancelled = s->timed_out = true;
        if (s->cancelled)
            session_fail_cancelled(s, p->run.result);
    }
    s->waiting = false;
    s->wake_at = 0;
    run_answer(p);
}

static bool run_encode(struct protocol *p, const char *cell, uint32_t oid, int16_t format) {
    if (!cell) {
        wire_int32(&p->out, -1);
        return true;
    }
    if (format == 1)
        return wiretype_encode(&p->out, oid, cell);
    const size_t n = strlen(cell);
    wire_int32(&p->out, (int32_t)n);
    wire_bytes(&p->out, cell, n);
    return true;
}

/* False, with the error in r, for a value that has no binary form. */
static bool run_row(struct protocol *p, struct result *r, result_row row) {
    if (r->copy.out) {
        copy_line(p, r, row);
        return true;
    }
    const struct portal *portal = p->run.portal;
    const size_t before = wire_out_pending(&p->out);
    wire_begin(&p->out, 'D');
    wire_int16(&p->out, (int16_t)r->columns.len);
    for (size_t i = 0; i < r->columns.len; i++) {
        const int16_t format = !portal ? 0 : portal->format_count == 1 ? portal->formats[0]
            : i < portal->format_count ? portal->formats[i] : 0;
        if (!run_encode(p, row[i], r->columns.items[i].oid, format)) {
            p->out.len = p->out.head + before;
            return result_fail(r, "0A000", "no binary format for a value of column \"%s\"",
                r->columns.items[i].name);
        }
    }
    wire_end(&p->out);
    return true;
}

/* Each is told once. */
static void run_notices(struct protocol *p, struct result *r) {
    for (size_t i = 0; i < r->notices.len; i++)
        wire_message(&p->out, 'N', &r->notices.items[i]);
    vec_clear(&r->notices);
    for (size_t i = 0; i < r->statuses.len; i++)
        wire_status(&p->out, r->statuses.items[i].name, r->statuses.items[i].value);
    vec_clear(&r->statuses);
}

static void run_tag(struct protocol *p, const struct result *r) {
    if (p->inserting) /* one tag for all rows of a COPY, at its end */
        return;
    if (r->copy.out) {
        char *copied = mem_printf("COPY %zu", p->run.sent);
        wire_empty(&p->out, 'c');
        wire_complete(&p->out, copied);
        free(copied);
        return;
    }
    if (r->tag) {
        wire_complete(&p->out, r->tag);
        return;
    }
    char *tag = r->has_rows ? mem_printf("SELECT %zu", p->run.sent) : mem_strdup("OK");
    wire_complete(&p->out, tag);
    free(tag);
}

static void run_drop_queue(struct protocol *p) {
    while (p->queue_next < p->queue.len)
        engine_statement_free(p->queue.items[p->queue_next++]);
    vec_free(&p->queue);
    p->queue_next = 0;
}

/* After an error the rest of a message is dropped: of a query to its end, else up to Sync. */
static void run_failed(struct protocol *p, const struct result *r) {
    if (p->extended) {
        extended_fail(p, r);
        return;
    }
    protocol_fail(p, r);
    p->query_failed = true;
    run_drop_queue(p);
}

/* Everything of the answer is sent. The result of a portal stays with it, for a further Execute. */
static void run_done(struct protocol *p, bool suspended) {
    struct result *r = p->run.result;
    struct portal *portal = p->run.portal;
    const bool finishing = p->run.finishing, failed = r->failed;
    run_close(p);
    p->phase = PROTOCOL_IDLE;
    if (failed) {
        run_failed(p, r);
    } else if (suspended) {
        wire_empty(&p->out, 's');
    } else {
        run_notices(p, r);
        if (!finishing)
            run_tag(p, r);
    }
    if (portal)
        portal->next_row = p->run.row;
    else
        result_free(r);
    engine_statement_free(p->run.statement);
    memset(&p->run, 0, sizeof p->run);
    if (finishing)
        p->session->batch = false;
    if (failed && portal)
        portal_remove(p, portal->name);
}

void run_send(struct protocol *p) {
    struct result *r = p->run.result;
    for (int i = 0; !r->failed && p->run.row < r->rows.len; i++) {
        if (p->run.limit > 0 && p->run.sent == (size_t)p->run.limit) {
            run_done(p, true);
            return;
        }
        if (wire_out_pending(&p->out) > PROTOCOL_MAX_PENDING)
            return;
        if (i == ROWS_PER_PORTION) {
            if (loop_budget_left(p->host.loop) <= 0) {
                loop_timer_start(p->timer, 0, 0);
                return;
            }
            i = 0;
        }
        if (!run_row(p, r, r->rows.items[p->run.row]))
            break;
        p->run.row++;
        p->run.sent++;
    }
    run_done(p, false);
}

void run_resume(struct protocol *p) {
    struct session *s = p->session;
    if (s->deadline && run_now(p) >= s->deadline && !s->cancelled)
        s->cancelled = s->timed_out = true;
    s->waiting = false;
    s->wake_at = 0;
    p->run.resumed = false;
    run_status(p, engine_resume(p->host.engine, s, p->run.result));
}

void run_portal(struct protocol *p, struct portal *portal, int64_t limit) {
    p->extended = true;
    p->run.portal = portal;
    p->run.limit = limit;
    run_open(p, portal->prepared->statement ? engine_statement_text(portal->prepared->statement) : "");
    if (portal->result) {
        p->run.result = portal->result;
        p->run.row = portal->next_row;
        p->phase = PROTOCOL_SENDING;
        return;
    }
    portal->result = p->run.result = result_new();
    run_status(p, engine_execute(p->host.engine, p->session, portal->prepared->statement,
        (const char *const *)portal->params, portal->param_count, portal->result));
}

void run_query(struct protocol *p, const char *sql, size_t n) {
    p->extended = p->query_failed = false;
    p->in_query = true;
    struct result *r = result_new();
    if (!engine_parse(p->host.engine, p->session, sql, n, &p->queue, r))
        protocol_fail(p, r);
    else if (p->queue.len == 0)
        wire_empty(&p->out, 'I');
    result_free(r);
    p->queue_next = 0;
    /* 22.1 commits each statement of a message by itself. */
    p->session->batch = p->queue.len > 1 &&
        variable_on(p->session, "enable_implicit_transaction_for_batch_statements");
}

/* The implicit transaction of several statements ends with their message. */
static void run_finish(struct protocol *p, bool commit) {
    p->run.finishing = true;
    p->run.result = result_new();
    run_open(p, commit ? "COMMIT" : "ROLLBACK");
    run_status(p, engine_finish(p->host.engine, p->session, commit, p->run.result));
}

/* The next statement of the simple query, or its end. */
void run_next(struct protocol *p) {
    struct session *s = p->session;
    if (p->queue_next < p->queue.len) {
        s->batch_index = p->queue_next;
        struct engine_statement *st = p->queue.items[p->queue_next++];
        p->run.statement = st;
        p->run.result = result_new();
        run_open(p, engine_statement_text(st));
        run_status(p, engine_execute(p->host.engine, s, st, NULL, 0, p->run.result));
        return;
    }
    run_drop_queue(p);
    if (s->batch) {
        run_finish(p, !p->query_failed);
        return;
    }
    if (p->inserting && !p->query_failed) {
        char *tag = mem_printf("COPY %zu", p->copied_rows);
        wire_complete(&p->out, tag);
        free(tag);
    }
    p->inserting = false;
    p->in_query = false;
    wire_ready(&p->out, (char)s->transaction);
}

/* All has come: it becomes statements, which run as if the client had sent them in place of COPY. */
static void copy_done(struct protocol *p) {
    struct result *r = p->run.result;
    struct str sql = {0};
    if (copylines_decode(str_get(&p->copied), p->copied.len, r, &sql, &p->copied_rows) && sql.len &&
        engine_parse(p->host.engine, p->session, str_get(&sql), sql.len, &p->queue, r))
        p->session->batch = p->session->transaction == SESSION_IDLE;
    str_free(&sql);
    str_free(&p->copied);
    p->inserting = !r->failed;
    run_done(p, false);
}

void run_copy(struct protocol *p, char type, struct wire_in *in) {
    enum { MOST = 256 << 20 };
    struct result *r = p->run.result;
    switch (type) {
    case 'd':
        if (p->copied.len + in->left <= MOST) {
            str_add_n(&p->copied, in->at, in->left);
            return;
        }
        result_unsupported(r, "COPY of more than %d MiB", MOST >> 20);
        break;
    case 'c': copy_done(p); return;
    case 'f': result_fail(r, "57014", "COPY from stdin failed: %s", wire_get_string(in)); break;
    case 'H':
    case 'S': return;
    default: result_fail(r, "08P01", "unrecognized client message type 0x%02x during COPY", (unsigned char)type);
    }
    str_free(&p->copied);
    run_done(p, false);
}

void run_abandon(struct protocol *p) {
    if (p->run.result && !p->run.portal)
        result_free(p->run.result);
    engine_statement_free(p->run.statement);
    memset(&p->run, 0, sizeof p->run);
    run_drop_queue(p);
}
