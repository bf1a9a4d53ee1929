/* connection: the state machine of one session. */
#include "connection_private.h"
#include "passphrase.h"

#include "domicile/base/log.h"
#include "domicile/pg/sqllog.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* A session that lived for so long was a good one: after its loss there is no pause. One that ends at once is no better
 * than none, or a server that lets in and hangs up would be called without end. */
enum { FIRST_PAUSE = 500000, LONGEST_PAUSE = 15 * USEC_PER_SEC, LIVED = 5 * USEC_PER_SEC };

static const char *const state_names[] = {
    [PG_IDLE] = "idle",
    [PG_RESOLVING] = "resolving",
    [PG_CONNECTING] = "connecting",
    [PG_NEEDS_PASSWORD] = "needs a password",
    [PG_READY] = "ready",
    [PG_BUSY] = "busy",
    [PG_CANCELLING] = "cancelling",
    [PG_WAITING] = "waiting",
    [PG_REFUSED] = "refused",
    [PG_CLOSED] = "closed",
};

const char *pg_state_name(enum pg_state s) { return state_names[s]; }

#define TO(s) (1U << (s))

/* The moves of the machine: whatever else is tried is a mistake of this program. */
static const unsigned moves[] = {
    [PG_IDLE] = TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_CLOSED),
    [PG_RESOLVING] = TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_WAITING) | TO(PG_CLOSED),
    [PG_CONNECTING] = TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_NEEDS_PASSWORD) | TO(PG_READY) | TO(PG_WAITING) |
        TO(PG_REFUSED) | TO(PG_CLOSED),
    [PG_NEEDS_PASSWORD] = TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_CLOSED),
    [PG_READY] = TO(PG_BUSY) | TO(PG_WAITING) | TO(PG_CLOSED),
    [PG_BUSY] = TO(PG_READY) | TO(PG_CANCELLING) | TO(PG_WAITING) | TO(PG_CLOSED),
    [PG_CANCELLING] = TO(PG_READY) | TO(PG_WAITING) | TO(PG_CLOSED),
    [PG_WAITING] = TO(PG_WAITING) | TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_CLOSED),
    [PG_REFUSED] = TO(PG_REFUSED) | TO(PG_RESOLVING) | TO(PG_CONNECTING) | TO(PG_CLOSED),
    [PG_CLOSED] = TO(PG_CLOSED) | TO(PG_RESOLVING) | TO(PG_CONNECTING),
};

/* The one place where the state changes. */
static void enter(struct pg_connection *c, enum pg_state state) {
    if (!(moves[c->state] & TO(state)))
        log_write(LOG_LEVEL_ERROR, "pg %p: impossible move from %s to %s", (void *)c, state_names[c->state],
            state_names[state]);
    c->state = state;
}

/* Changes the state and tells the owner. */
static void change_state(struct pg_connection *c, enum pg_state state, const char *reason) {
    char *kept = mem_strdup(reason ? reason : "");
    free(c->reason);
    c->reason = kept;
    bool quiet = state == c->told ||
        ((state == PG_READY || state == PG_BUSY) && (c->told == PG_READY || c->told == PG_BUSY));
    if (state != c->state)
        enter(c, state);
    c->told = state;
    log_write(LOG_LEVEL_DEBUG, "pg %p %s: %s %s", (void *)c, c->address ? c->address : "", state_names[state],
        kept);
    if (!quiet && c->callbacks.state)
        c->callbacks.state(c->callbacks.arg, state, c->reason);
}

void connection_set_busy(struct pg_connection *c, enum pg_state state) { change_state(c, state, ""); }

static void drop(struct pg_connection *c) {
    resolve_free(c->resolve);
    child_free(c->canceller);
    loop_fd_free(c->watch);
    loop_timer_stop(c->timer);
    if (c->conn)
        PQfinish(c->conn);
    c->broken = false;
    c->resolve = NULL;
    c->canceller = NULL;
    c->watch = NULL;
    c->conn = NULL;
}

static usec pause_of(const struct pg_connection *c) {
    usec pause = FIRST_PAUSE;
    for (int i = 1; i < c->attempts && pause < LONGEST_PAUSE; i++)
        pause *= 2;
    if (pause > LONGEST_PAUSE)
        pause = LONGEST_PAUSE;
    unsigned char jitter = 128;
    if (getrandom(&jitter, 1, GRND_NONBLOCK) != 1)
        jitter = 128;
    return pause * 3 / 4 + pause * jitter / 512;
}

/* Ends what there is and waits for the next round, or for good. */
static void fail(struct pg_connection *c, const char *reason) {
    char *kept = mem_strdup(reason);
    bool was_up = c->state == PG_READY || c->state == PG_BUSY || c->state == PG_CANCELLING;
    bool lived = was_up && loop_now(c->loop) - c->up_since >= LIVED;
    drop(c);
    c->attempts = lived ? 0 : c->attempts + 1;
    if (c->reconnect) {
        usec pause = lived ? 0 : pause_of(c);
        c->retry_at = loop_now(c->loop) + pause;
        loop_timer_start(c->timer, pause, 0);
    }
    enum pg_state next = c->reconnect ? PG_WAITING : PG_CLOSED;
    enter(c, next); /* so that statements queued by the callbacks below are not sent into the void */
    query_fail_all(c, kept, was_up);
    if (c->state == next) /* and nobody who was told has opened or closed it */
        change_state(c, next, kept);
    free(kept);
}

void connection_lost(struct pg_connection *c, const char *reason) { fail(c, reason); }

/* libpq says "connection to server at ..., port N failed: why" for each address, with advice below: the last
 * why is kept, behind the address as people write it. */
static char *clean_reason(const struct pg_connection *c, const char *text) {
    static const char head[] = "connection to server";
    static const char mark[] = " failed: ";
    const char *last = text;
    for (const char *p = text; (p = strstr(p, head)) != NULL; p++)
        last = p == text || p[-1] == '\n' ? p : last;
    const char *why = str_starts(last, head) ? strstr(last, mark) : NULL;
    why = why ? why + strlen(mark) : NULL;
    const char *from = why ? why : text;
    from += str_starts(from, "FATAL:") ? strlen("FATAL:") : 0;
    from += strspn(from, " ");
    size_t n = why ? strcspn(from, "\n") : strlen(from);
    while (n > 0 && (from[n - 1] == '\n' || from[n - 1] == ' '))
        n--;
    char *out = why ? mem_printf("%s: %.*s", c->address, (int)n, from) : mem_strndup(from, n);
    for (char *p = out; *p; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    return out;
}

/* What the server refuses whatever one tries again; told by its words, for libpq keeps no code. */
static bool is_final(const char *reason) {
    static const char *const words[] = {"password authentication failed", "no pg_hba.conf entry",
        "does not support SSL", "certificate verify failed", "server certificate for",
        "root certificate file", "role ", "user identity", "could not read certificate file",
        "could not load private key", "requested user is", "SSL connection required"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(reason, words[i]))
            return true;
    return false;
}

static void connect_target(struct pg_connection *c);

static void next_target(struct pg_connection *c, const char *reason) {
    char *kept = mem_strdup(reason);
    drop(c);
    if (c->target + 1 < c->targets.hosts.len) {
        c->target++;
        connect_target(c);
    } else {
        c->target = 0;
        fail(c, kept);
    }
    free(kept);
}

/* A setting of the conninfo or the environment; NULL not said. */
static const char *setting(const struct pg_connection *c, const char *keyword, const char *variable) {
    for (size_t i = 0; i < c->targets.keywords.len; i++)
        if (strcmp(c->targets.keywords.items[i], keyword) == 0)
            return c->targets.values.items[i];
    return getenv(variable);
}

static const char *key_file(const struct pg_connection *c) {
    const char *file = setting(c, "sslkey", "PGSSLKEY");
    return file ? file : "";
}

static void ask_passphrase(struct pg_connection *c, bool wrong) {
    const char *file = key_file(c);
    char *reason = mem_printf("%sthe private key %s is encrypted: its passphrase",
        wrong ? "that does not open it; " : "", *file ? file : "of the client certificate");
    passphrase_keep(file, NULL);
    drop(c);
    c->wants_passphrase = true;
    change_state(c, PG_NEEDS_PASSWORD, reason);
    free(reason);
}

static void attempt_failed(struct pg_connection *c) {
    char *reason = clean_reason(c, PQerrorMessage(c->conn));
    bool key = strstr(reason, "private key") != NULL;
    if (key && (c->no_passphrase || passphrase_known(key_file(c)))) {
        ask_passphrase(c, !c->no_passphrase);
        free(reason);
        return;
    }
    bool asked = PQconnectionNeedsPassword(c->conn) ||
        (PQconnectionUsedPassword(c->conn) && strstr(reason, "password authentication failed"));
    if (asked) {
        drop(c);
        change_state(c, PG_NEEDS_PASSWORD, reason);
    } else if (is_final(reason)) {
        drop(c);
        enter(c, PG_REFUSED);
        query_fail_all(c, reason, false);
        change_state(c, PG_REFUSED, reason);
    } else {
        next_target(c, reason);
    }
    free(reason);
}

static void on_notice(void *arg, const PGresult *r) {
    struct pg_connection *c = arg;
    struct pg_error notice;
    pg_error_take(&notice, r, "");
    if (c->callbacks.notice)
        c->callbacks.notice(c->callbacks.arg, &notice);
    pg_error_free(&notice);
}

static void connected(struct pg_connection *c) {
    loop_timer_stop(c->timer);
    loop_fd_set_events(c->watch, LOOP_READ);
    PQsetnonblocking(c->conn, 1);
    c->up_since = loop_now(c->loop);
    c->connect_time = loop_now(c->loop) - c->connect_began;
    change_state(c, PG_READY, "");
    query_send_next(c);
}

static void watch_socket(struct pg_connection *c, int events);

static void poll_connect(struct pg_connection *c) {
    passphrase_begin(key_file(c), setting(c, "sslpassword", ""));
    PostgresPollingStatusType status = PQconnectPoll(c->conn);
    c->no_passphrase = passphrase_end() || c->no_passphrase;
    switch (status) {
    case PGRES_POLLING_READING: watch_socket(c, LOOP_READ); return;
    case PGRES_POLLING_WRITING: watch_socket(c, LOOP_WRITE); return;
    case PGRES_POLLING_OK:
        watch_socket(c, LOOP_READ);
        connected(c);
        return;
    case PGRES_POLLING_FAILED: attempt_failed(c); return;
    case PGRES_POLLING_ACTIVE: return;
    }
}

static void on_socket(void *arg, int events) {
    struct pg_connection *c = arg;
    if (c->state == PG_CONNECTING)
        poll_connect(c);
    else
        query_on_socket(c, events);
}

/* The socket may be another one after each poll. */
static void watch_socket(struct pg_connection *c, int events) {
    int fd = PQsocket(c->conn);
    if (c->watch && c->watched_fd == fd) {
        loop_fd_set_events(c->watch, events);
        return;
    }
    loop_fd_free(c->watch);
    c->watched_fd = fd;
    c->watch = fd >= 0 ? loop_fd_new(c->loop, fd, events, on_socket, c) : NULL;
}

static PGconn *start_params(struct pg_connection *c, const struct target *to) {
    VEC_STRUCT(const char *) keywords = {0};
    VEC_STRUCT(const char *) values = {0};
    struct str hosts = {0};
    struct {
        const char *keyword, *value;
    } own[] = {{"user", c->targets.user}, {"dbname", c->targets.database}, {"password", c->targets.password},
        {"hostaddr", to->addresses}, {"port", to->port}};
    for (size_t i = 0; i < c->targets.keywords.len; i++) {
        vec_push(&keywords, c->targets.keywords.items[i]);
        vec_push(&values, c->targets.values.items[i]);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].value && own[i].value[0]) {
            vec_push(&keywords, own[i].keyword);
            vec_push(&values, own[i].value);
        }
    if (to->host) { /* once for each address: the lists must be equally long */
        str_add(&hosts, to->host);
        for (const char *p = to->addresses; p && (p = strchr(p, ',')) != NULL; p++)
            str_add_f(&hosts, ",%s", to->host);
        vec_push(&keywords, "host");
        vec_push(&values, str_get(&hosts));
    }
    vec_push(&keywords, (const char *)NULL);
    vec_push(&values, (const char *)NULL);
    PGconn *conn = PQconnectStartParams(keywords.items, values.items, 0);
    vec_free(&keywords);
    vec_free(&values);
    str_free(&hosts);
    return conn;
}

static void begin_connect(struct pg_connection *c) {
    change_state(c, PG_CONNECTING, "");
    c->no_passphrase = false;
    c->conn = start_params(c, &c->targets.hosts.items[c->target]);
    if (!c->conn || PQstatus(c->conn) == CONNECTION_BAD) {
        attempt_failed(c);
        return;
    }
    PQsetNoticeReceiver(c->conn, on_notice, c);
    loop_timer_start(c->timer, c->targets.connect_timeout, 0);
    watch_socket(c, LOOP_WRITE);
}

static void on_resolved(void *arg, const char *addresses, const char *error) {
    struct pg_connection *c = arg;
    struct target *to = &c->targets.hosts.items[c->target];
    resolve_free(c->resolve);
    c->resolve = NULL;
    if (!addresses) {
        char *reason = mem_printf("the host name \"%s\" could not be looked up: %s", to->host, error);
        next_target(c, reason);
        free(reason);
        return;
    }
    to->addresses = mem_strdup(addresses);
    to->looked_up = true;
    begin_connect(c);
}

static void connect_target(struct pg_connection *c) {
    struct target *to = &c->targets.hosts.items[c->target];
    free(c->address);
    c->address = target_print(to);
    c->connect_began = loop_now(c->loop);
    if (to->looked_up) { /* the name may mean another address by now */
        free(to->addresses);
        to->addresses = NULL;
        to->looked_up = false;
    }
    if (target_needs_lookup(to) && !to->addresses) {
        change_state(c, PG_RESOLVING, "");
        loop_timer_start(c->timer, c->targets.connect_timeout, 0);
        c->resolve = resolve_start(c->loop, to->host, on_resolved, c);
        if (!c->resolve) /* told in the next turn; libpq would look it up itself, and block */
            loop_timer_start(c->timer, 0, 0);
        return;
    }
    begin_connect(c);
}

/* Connect time-out, end of a pause, statement time-out, or a cancel that was not heard. */
static void on_timer(void *arg) {
    struct pg_connection *c = arg;
    char *reason;
    switch (c->state) {
    case PG_RESOLVING:
        if (!c->resolve) {
            next_target(c, "no process could be started to look up the host name");
            return;
        }
        /* fall through */
    case PG_CONNECTING:
        reason = mem_printf(
            "%s did not answer within %.3g s", c->address, (double)c->targets.connect_timeout / USEC_PER_SEC);
        next_target(c, reason);
        free(reason);
        return;
    case PG_WAITING:
        c->target = 0;
        connect_target(c);
        return;
    case PG_BUSY:
        query_timed_out(c);
        return;
    case PG_CANCELLING:
        reason = mem_printf("%s did not react to a cancel; the connection was given up", c->address);
        fail(c, reason);
        free(reason);
        return;
    case PG_IDLE:
    case PG_NEEDS_PASSWORD:
    case PG_READY:
    case PG_REFUSED:
    case PG_CLOSED: return;
    }
}

static void on_failer(void *arg) {
    struct pg_connection *c = arg;
    if (c->broken && c->conn)
        query_lost(c);
    else if (c->state == PG_CLOSED || c->state == PG_REFUSED)
        query_fail_all(c, c->reason, false);
}

struct pg_connection *pg_connection_new(
    struct loop *loop, const struct pg_options *o, const struct pg_callbacks *callbacks, struct err *err) {
    struct targets targets = {0};
    if (!targets_parse(&targets, o, err)) {
        targets_free(&targets);
        return NULL;
    }
    struct pg_connection *c = mem_calloc(1, sizeof *c);
    *c = (struct pg_connection){
        .loop = loop, .callbacks = *callbacks, .targets = targets, .reconnect = o->reconnect};
    passphrase_hold();
    c->timer = loop_timer_new(loop, on_timer, c);
    c->failer = loop_timer_new(loop, on_failer, c);
    c->reason = mem_strdup("");
    c->address = target_print(&c->targets.hosts.items[0]);
    return c;
}

void pg_connection_free(struct pg_connection *c) {
    if (!c)
        return;
    c->callbacks = (struct pg_callbacks){0};
    drop(c);
    query_drop_all(c);
    loop_timer_free(c->timer);
    loop_timer_free(c->failer);
    targets_free(&c->targets);
    passphrase_release();
    free(c->reason);
    free(c->address);
    free(c);
}

static void free_later(void *c) { pg_connection_free(c); }

void pg_connection_drop(struct pg_connection *c) {
    if (!c)
        return;
    c->callbacks = (struct pg_callbacks){0};
    query_forget_all(c);
    loop_defer(c->loop, free_later, c);
}

void pg_connection_open(struct pg_connection *c) {
    if (c->state == PG_IDLE || c->state == PG_CLOSED || c->state == PG_REFUSED) {
        c->target = 0;
        connect_target(c);
    }
}

void pg_connection_retry(struct pg_connection *c) {
    if (c->state == PG_WAITING || c->state == PG_CLOSED || c->state == PG_REFUSED) {
        loop_timer_stop(c->timer);
        c->target = 0;
        connect_target(c);
    }
}

void pg_connection_close(struct pg_connection *c, const char *reason) {
    bool was_up = c->state == PG_BUSY || c->state == PG_CANCELLING;
    drop(c);
    enter(c, PG_CLOSED);
    query_fail_all(c, reason, was_up);
    change_state(c, PG_CLOSED, reason);
}

bool pg_connection_wants_passphrase(const struct pg_connection *c) {
    return c->state == PG_NEEDS_PASSWORD && c->wants_passphrase;
}

void pg_connection_password(struct pg_connection *c, const char *password) {
    if (pg_connection_wants_passphrase(c)) {
        passphrase_keep(key_file(c), password);
        c->wants_passphrase = false;
        connect_target(c);
        return;
    }
    if (c->targets.password)
        explicit_bzero(c->targets.password, strlen(c->targets.password));
    free(c->targets.password);
    c->targets.password = mem_strdup(password);
    if (c->state == PG_NEEDS_PASSWORD)
        connect_target(c);
}

enum pg_state pg_connection_state(const struct pg_connection *c) { return c->state; }
const char *pg_connection_reason(const struct pg_connection *c) { return c->reason; }
const char *pg_connection_address(const struct pg_connection *c) { return c->address; }
usec pg_connection_connect_time(const struct pg_connection *c) { return c->connect_time; }
struct pg_stats pg_connection_stats(const struct pg_connection *c) { return c->stats; }

usec pg_connection_retry_in(const struct pg_connection *c) {
    usec left = c->retry_at - loop_now(c->loop);
    return c->state == PG_WAITING && left > 0 ? left : 0;
}

const char *pg_connection_parameter(const struct pg_connection *c, const char *name) {
    return c->conn ? PQparameterStatus(c->conn, name) : NULL;
}

const char *pg_connection_user(const struct pg_connection *c) {
    const char *user = c->conn ? PQuser(c->conn) : NULL;
    return user ? user : c->targets.user;
}

const char *pg_connection_database(const struct pg_connection *c) {
    const char *database = c->conn ? PQdb(c->conn) : NULL;
    return database ? database : c->targets.database;
}

bool pg_connection_uses_tls(const struct pg_connection *c) { return c->conn && PQsslInUse(c->conn); }

char pg_connection_transaction(const struct pg_connection *c) {
    if (!c->conn)
        return '?';
    switch (PQtransactionStatus(c->conn)) {
    case PQTRANS_IDLE: return 'I';
    case PQTRANS_ACTIVE:
    case PQTRANS_INTRANS: return 'T';
    case PQTRANS_INERROR: return 'E';
    case PQTRANS_UNKNOWN: return '?';
    }
    return '?';
}
