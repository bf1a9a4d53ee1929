/* protocol: one connection of the PostgreSQL v3 wire protocol: bytes become messages, messages are handled
 * one after the other, and the answers wait to be sent. */
#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A client has so long to say who it is. */
#define STARTUP_TIME (10 * (usec)USEC_PER_SEC)
/* As in PostgreSQL: no start-up message is longer. */
enum { MAX_STARTUP = 10000 };

static void protocol_on_timer(void *arg);

struct protocol *protocol_new(const struct protocol_host *host) {
    struct protocol *p = mem_calloc(1, sizeof *p);
    p->host = *host;
    p->client = mem_strdup(host->client ? host->client : "");
    p->locality = mem_strdup(host->locality ? host->locality : "");
    p->phase = PROTOCOL_STARTUP;
    p->timer = loop_timer_new(host->loop, protocol_on_timer, p);
    loop_timer_start(p->timer, STARTUP_TIME, 0);
    return p;
}

void protocol_free(struct protocol *p) {
    if (!p)
        return;
    run_abandon(p);
    portals_clear(p);
    prepareds_clear(p);
    if (p->session) {
        p->session->wake = NULL;
        p->session->deallocate = NULL;
        engine_close(p->host.engine, p->session);
        session_free(p->session);
    }
    loop_timer_free(p->timer);
    auth_free(p);
    str_free(&p->hello);
    wire_out_free(&p->out);
    str_free(&p->in);
    str_free(&p->copied);
    free(p->client);
    free(p->locality);
    free(p);
}

struct session *protocol_session(const struct protocol *p) {
    return p->session;
}

void protocol_changed(struct protocol *p) {
    if (p->host.changed)
        p->host.changed(p->host.connection);
}

void protocol_error(struct protocol *p, const char *severity, const char *sqlstate, const char *format, ...) {
    struct result *r = result_new();
    va_list ap;
    va_start(ap, format);
    result_vfail(r, sqlstate, format, ap);
    va_end(ap);
    r->error.severity = severity;
    protocol_fail(p, r);
    result_free(r);
}

void protocol_fail(struct protocol *p, const struct result *r) {
    for (size_t i = 0; i < r->notices.len; i++)
        wire_message(&p->out, 'N', &r->notices.items[i]);
    wire_message(&p->out, 'E', &r->error);
}

void protocol_close(struct protocol *p) {
    p->phase = PROTOCOL_CLOSING;
    p->close_after_output = true;
    loop_timer_stop(p->timer);
}

bool protocol_closing(const struct protocol *p) {
    return p->close_after_output && wire_out_pending(&p->out) == 0;
}

void protocol_shutdown(struct protocol *p, const char *sqlstate, const char *message) {
    if (p->phase == PROTOCOL_CLOSING)
        return;
    if (p->phase != PROTOCOL_STARTUP && p->phase != PROTOCOL_AUTH)
        protocol_error(p, "FATAL", sqlstate, "%s", message);
    protocol_close(p);
    protocol_changed(p);
}

static void sync(struct protocol *p) {
    p->skip_to_sync = false;
    if (p->session->transaction == SESSION_IDLE)
        portals_clear(p);
    wire_ready(&p->out, (char)p->session->transaction);
}

static void query(struct protocol *p, struct wire_in *in) {
    const char *sql = wire_get_string(in);
    if (in->bad)
        protocol_error(p, "ERROR", "08P01", "the Query message is malformed");
    run_query(p, sql, strlen(sql));
}

static void flush(struct protocol *p, struct wire_in *in) {
    (void)p;
    (void)in;
}

static const struct {
    char type;
    void (*handle)(struct protocol *p, struct wire_in *in);
} messages[] = {
    {'P', extended_parse},   {'B', extended_bind},  {'D', extended_describe},
    {'E', extended_execute}, {'C', extended_close}, {'H', flush},
    /* Copy data outside of a copy, as a client sends it that has not seen the error yet. */
    {'d', flush}, {'c', flush}, {'f', flush},
};

static void handle(struct protocol *p, char type, struct wire_in *in) {
    if (type == 'X') {
        protocol_close(p);
        return;
    }
    if (p->phase == PROTOCOL_COPYING) {
        run_copy(p, type, in);
        return;
    }
    if (type == 'S') {
        sync(p);
        return;
    }
    if (p->skip_to_sync)
        return;
    if (type == 'Q') {
        query(p, in);
        return;
    }
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i].type == type) {
            messages[i].handle(p, in);
            return;
        }
    protocol_error(p, "FATAL", "08P01", "unrecognized client message type 0x%02x", (unsigned char)type);
    protocol_close(p);
}

/* The length that a packet announces, its own four bytes included. */
static size_t announced(const char *at) {
    struct wire_in in = {.at = at, .left = 4};
    const int32_t n = wire_get_int32(&in);
    return n < 4 ? 0 : (size_t)n;
}

static bool refuse_length(struct protocol *p, size_t n) {
    if (n == 0)
        protocol_error(p, "FATAL", "08P01", "invalid message length");
    else
        protocol_error(p, "FATAL", "08P01",
            "message size %zu bytes bigger than maximum allowed message size %d MiB", n,
            PROTOCOL_MAX_MESSAGE >> 20);
    protocol_close(p);
    return false;
}

/* Takes one whole message off the input; false when there is none yet. */
static bool next_message(struct protocol *p) {
    const size_t type = p->phase == PROTOCOL_STARTUP ? 0 : 1;
    const size_t max = p->phase == PROTOCOL_STARTUP || p->phase == PROTOCOL_AUTH ? MAX_STARTUP : PROTOCOL_MAX_MESSAGE;
    const size_t have = p->in.len - p->consumed;
    if (have < type + 4)
        return false;
    const char *at = p->in.data + p->consumed;
    const size_t n = announced(at + type);
    if (n == 0 || n > max)
        return refuse_length(p, n);
    if (have < type + n)
        return false;
    p->consumed += type + n;
    struct wire_in in = {.at = at + type + 4, .left = n - 4};
    if (p->phase == PROTOCOL_AUTH)
        auth_message(p, *at, &in);
    else if (type)
        handle(p, *at, &in);
    else
        startup_packet(p, &in);
    return true;
}

/* Forgets the input that is used up. */
static void compact(struct protocol *p) {
    if (p->consumed == p->in.len) {
        str_free(&p->in);
    } else if (p->consumed > 4096) {
        memmove(p->in.data, p->in.data + p->consumed, p->in.len - p->consumed);
        str_truncate(&p->in, p->in.len - p->consumed);
    } else {
        return;
    }
    p->consumed = 0;
}

/* One step; false when there is nothing to do until something comes. The first of a turn is done whatever is left of the
 * turn's budget, or a client behind busy ones would never have its. */
static bool step(struct protocol *p, bool first) {
    if (p->phase == PROTOCOL_SENDING) {
        run_send(p);
        return p->phase == PROTOCOL_IDLE;
    }
    if (p->tls_wanted || (p->phase != PROTOCOL_IDLE && p->phase != PROTOCOL_STARTUP && p->phase != PROTOCOL_AUTH &&
        p->phase != PROTOCOL_COPYING))
        return false;
    if (wire_out_pending(&p->out) > PROTOCOL_MAX_PENDING)
        return false;
    if (p->phase == PROTOCOL_IDLE && !first && loop_budget_left(p->host.loop) <= 0) {
        loop_timer_start(p->timer, 0, 0);
        return false;
    }
    if (p->in_query && p->phase != PROTOCOL_COPYING) {
        run_next(p);
        return true;
    }
    return next_message(p);
}

void protocol_pump(struct protocol *p) {
    if (p->pumping)
        return;
    p->pumping = true;
    for (bool first = true; step(p, first); first = false)
        ;
    compact(p);
    p->pumping = false;
    protocol_changed(p);
}

static void protocol_on_timer(void *arg) {
    struct protocol *p = arg;
    if (p->phase == PROTOCOL_STARTUP || p->phase == PROTOCOL_AUTH)
        protocol_close(p);
    else if (p->phase == PROTOCOL_RUNNING)
        run_resume(p);
    else if (p->phase == PROTOCOL_HELD)
        run_release(p);
    protocol_pump(p);
}

void protocol_input(struct protocol *p, const void *bytes, size_t n) {
    if (p->phase == PROTOCOL_CLOSING)
        return;
    str_add_n(&p->in, bytes, n);
    protocol_pump(p);
}

bool protocol_wants_input(const struct protocol *p) {
    const bool busy = p->phase != PROTOCOL_IDLE && p->phase != PROTOCOL_STARTUP && p->phase != PROTOCOL_AUTH &&
        p->phase != PROTOCOL_COPYING;
    return !p->tls_wanted && p->phase != PROTOCOL_CLOSING && (!busy || p->in.len < 64 * 1024) &&
        wire_out_pending(&p->out) <= PROTOCOL_MAX_PENDING;
}

bool protocol_starts_tls(const struct protocol *p) {
    return p->tls_wanted && p->phase == PROTOCOL_STARTUP && wire_out_pending(&p->out) == 0;
}

void protocol_tls_started(struct protocol *p, const char *certificate_name) {
    p->tls_wanted = false;
    p->tls = true;
    snprintf(p->certificate_name, sizeof p->certificate_name, "%s", certificate_name);
    protocol_changed(p);
}

/* As on the real server, the answers of a simple query are sent once it is over, when there are many, or when the client
 * has to go on. */
static bool held_back(const struct protocol *p) {
    enum { RESULTS_BUFFER = 16 * 1024 };
    return p->in_query && p->phase != PROTOCOL_COPYING && !p->close_after_output &&
        wire_out_pending(&p->out) < RESULTS_BUFFER;
}

const char *protocol_output(const struct protocol *p, size_t *n) {
    *n = held_back(p) ? 0 : wire_out_pending(&p->out);
    return *n ? p->out.data + p->out.head : "";
}

void protocol_sent(struct protocol *p, size_t n) {
    const bool full = wire_out_pending(&p->out) > PROTOCOL_MAX_PENDING;
    wire_out_sent(&p->out, n);
    if (full && wire_out_pending(&p->out) <= PROTOCOL_MAX_PENDING)
        protocol_pump(p);
}
