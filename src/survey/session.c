/* session: the survey's connections: one that watches, one that may hang on leases, two for rows. */
#include "survey_private.h"

#include <stdarg.h>
#include <string.h>

static const char *const session_names[SESSIONS] = {"survey", "leases", "rows", "rows of slow regions"};

void session_options(const struct survey *s, struct pg_options *o) {
    *o = (struct pg_options){
        .conninfo = s->conninfo,
        .database = s->database,
        .password = s->password,
        .application_name = "domicile",
        .read_only = s->read_only,
    };
}

void session_set_state(struct survey *s, enum survey_state state, const char *format, ...) {
    struct str text = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    char *said = str_take(&text);
    bool news = state != s->state || !str_eq(said, s->state_text);
    s->state = state;
    free(s->state_text);
    s->state_text = said;
    if (news)
        publish_changed(s, SURVEY_CHANGED_STATE);
}

/* -- what every session begins with -- */

static void set_done(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct survey *s = arg;
    (void)took;
    pg_result_free(r);
    if (e == NULL || e->lost || e->not_sent)
        return;
    struct str text = {0};
    str_add(&text, "a setting of the session was refused: ");
    pg_error_print(&text, e);
    publish_event(s, EVENT_NOTE, str_get(&text));
    str_free(&text);
}

static void set(struct session_slot *slot, const char *name, long long milliseconds) {
    struct survey *s = slot->s;
    const struct statement *st = statement_find(name);
    struct statement_arg arg = {.name = "milliseconds", .kind = STATEMENT_NUMBER, .number = milliseconds};
    struct str sql = {0};
    if (st == NULL || s->version < st->from || !statement_fill(&sql, st, &arg, 1, NULL)) {
        str_free(&sql);
        return;
    }
    struct pg_query q = {
        .sql = str_get(&sql), .timeout = s->timeout, .purpose = st->purpose, .done = set_done, .arg = s};
    pg_query(slot->c, &q);
    str_free(&sql);
}

/* The server's own timeout is a little longer than ours, for the case that a cancel does not reach it. */
static void settle(struct session_slot *slot) {
    if (slot->s->want_internals)
        set(slot, "session/unsafe-internals", 0);
    set(slot, "session/statement-timeout", slot->s->timeout / USEC_PER_MS * 3 / 2);
}

/* -- the monitor's states -- */

static bool meet_server(struct survey *s) {
    struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    const char *version = pg_connection_parameter(c, "crdb_version");
    if (version == NULL) {
        err_set(&s->state_err, ERR_UNAVAILABLE, "the server at %s is not a CockroachDB", pg_connection_address(c));
        err_hint(&s->state_err, "give the address of a CockroachDB node's SQL port");
        session_set_state(s, SURVEY_NOT_COCKROACH, "the server at %s is not a CockroachDB: it reports no crdb_version",
            pg_connection_address(c));
        return false;
    }
    bool other = !str_eq(version, s->version_text);
    free(s->version_text);
    s->version_text = mem_strdup(version);
    s->version = build_version(version);
    if (other) {
        ask_unlearn(s);
        s->internals = true;
    }
    free(s->database);
    s->database = mem_strdup_null(pg_connection_database(c));
    return true;
}

static void monitor_up(struct survey *s) {
    struct session_slot *slot = &s->sessions[SESSION_MONITOR];
    if (!meet_server(s))
        return;
    err_clear(&s->state_err);
    s->server_known = false;
    session_set_state(s, SURVEY_READING, "connected to %s", pg_connection_address(slot->c));
    char *text = mem_printf("connected to %s, %s", pg_connection_address(slot->c), s->version_text);
    publish_event(s, EVENT_CONNECTION, text);
    free(text);
    settle(slot);
    ask_start(s);
}

static void monitor_down(struct survey *s) {
    ask_reset(s);
    pages_reset(s);
    session_drop(s, SESSION_LEASES);
    session_drop(s, SESSION_ROWS);
    session_drop(s, SESSION_SLOW_ROWS);
    s->spans.asking = false;
    s->spans.query = 0;
}

static void monitor_waits(struct survey *s, const char *reason, bool was_up) {
    err_set(&s->state_err, ERR_UNAVAILABLE, "%s", reason);
    if (was_up) {
        char *text = mem_printf("connection lost: %s", reason);
        publish_event(s, EVENT_CONNECTION, text);
        free(text);
    }
    session_set_state(s, SURVEY_WAITING, "%s%s", was_up ? "connection lost: " : "", reason);
}

static void monitor_state(struct survey *s, enum pg_state state, const char *reason, bool was_up) {
    struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    switch (state) {
    case PG_IDLE:
    case PG_BUSY:
    case PG_CANCELLING:
        break;
    case PG_RESOLVING:
    case PG_CONNECTING:
        session_set_state(
            s, SURVEY_CONNECTING, "connecting to %s", c != NULL ? pg_connection_address(c) : "the server");
        break;
    case PG_NEEDS_PASSWORD:
        err_set(&s->state_err, ERR_FORBIDDEN, "%s", reason);
        session_set_state(s, SURVEY_NEEDS_PASSWORD, "%s", reason);
        break;
    case PG_READY:
        monitor_up(s);
        break;
    case PG_WAITING:
    case PG_CLOSED:
        monitor_waits(s, reason, was_up);
        break;
    case PG_REFUSED:
        err_set(&s->state_err, ERR_FORBIDDEN, "%s", reason);
        session_set_state(s, SURVEY_REFUSED, "%s", reason);
        break;
    }
}

/* -- every session -- */

static void other_up(struct session_slot *slot) {
    settle(slot);
    if (slot->kind == SESSION_LEASES)
        ask_session_up(slot->s, slot->kind);
    else
        pages_session_up(slot->s, slot->kind);
}

static void on_state(void *arg, enum pg_state state, const char *reason) {
    struct session_slot *slot = arg;
    bool up = state == PG_READY || state == PG_BUSY || state == PG_CANCELLING;
    bool was_up = slot->up;
    slot->up = up;
    if (up && was_up)
        return;
    if (slot->kind == SESSION_MONITOR) {
        if (was_up)
            monitor_down(slot->s);
        monitor_state(slot->s, state, reason, was_up);
    } else if (up) {
        other_up(slot);
    }
}

static struct pg_connection *open_session(struct session_slot *slot) {
    struct survey *s = slot->s;
    struct pg_options o;
    struct pg_callbacks callbacks = {.state = on_state, .arg = slot};
    session_options(s, &o);
    o.reconnect = true;
    err_clear(&s->state_err);
    slot->up = false;
    slot->c = pg_connection_new(s->loop, &o, &callbacks, &s->state_err);
    if (slot->c == NULL) {
        session_set_state(s, SURVEY_REFUSED, "%s: %s", session_names[slot->kind], s->state_err.message);
        return NULL;
    }
    pg_connection_open(slot->c);
    return slot->c;
}

struct pg_connection *session_get(struct survey *s, enum session_kind kind) {
    struct session_slot *slot = &s->sessions[kind];
    if (slot->c == NULL && kind != SESSION_MONITOR && s->state == SURVEY_READING)
        open_session(slot);
    return slot->up ? slot->c : NULL;
}

void session_drop(struct survey *s, enum session_kind kind) {
    struct session_slot *slot = &s->sessions[kind];
    struct pg_connection *c = slot->c;
    slot->c = NULL;
    slot->up = false;
    pg_connection_drop(c);
}

void session_start(struct survey *s) {
    for (int i = 0; i < SESSIONS; i++) {
        s->sessions[i].s = s;
        s->sessions[i].kind = (enum session_kind)i;
    }
    s->state = SURVEY_CONNECTING;
    open_session(&s->sessions[SESSION_MONITOR]);
}

void session_end_all(struct survey *s) {
    for (int i = 0; i < SESSIONS; i++) {
        pg_connection_free(s->sessions[i].c);
        s->sessions[i].c = NULL;
        s->sessions[i].up = false;
    }
}

/* Connecting to a database that does not exist succeeds. */
void session_check_database(struct survey *s) {
    const struct server_info *info = snapshot_server(&s->next);
    if (info == NULL || s->answers.of[Q_DATABASES] == NULL || s->database == NULL)
        return;
    bool there = false;
    for (size_t i = 0; i < info->databases.len; i++)
        there = there || strcmp(info->databases.items[i], s->database) == 0;
    if (there && s->state == SURVEY_NO_DATABASE) {
        session_set_state(s, SURVEY_READING, "connected to %s", survey_address(s));
    } else if (!there) {
        err_set(&s->state_err, ERR_UNAVAILABLE, "there is no database \"%s\" on this cluster", s->database);
        err_hint(&s->state_err, "choose one of those there are");
        session_set_state(s, SURVEY_NO_DATABASE, "there is no database \"%s\" on this cluster", s->database);
    }
}
