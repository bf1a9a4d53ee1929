/* survey: what its users call. */
#include "survey_private.h"

#include <string.h>

enum { DEFAULT_TIMEOUT = 10 * USEC_PER_SEC, DEFAULT_PAGE = 50, HURRY = 60 };

static void copy_gateways(struct survey *s, const struct survey_options *o) {
    for (size_t i = 0; i < o->gateway_count; i++) {
        struct survey_gateway g = {mem_strdup(o->gateways[i].region), mem_strdup(o->gateways[i].conninfo)};
        vec_push(&s->gateways, g);
    }
}

struct survey *survey_new(struct loop *loop, const struct survey_options *o) {
    struct survey *s = mem_calloc(1, sizeof *s);
    s->loop = loop;
    s->conninfo = mem_strdup(o->conninfo != NULL ? o->conninfo : "");
    s->database = mem_strdup_null(o->database);
    s->read_only = o->read_only;
    s->want_internals = o->unsafe_internals;
    s->once = o->once;
    copy_gateways(s, o);
    s->budget.refresh = o->refresh;
    s->timeout = o->timeout > 0 ? o->timeout : DEFAULT_TIMEOUT;
    s->page_rows = o->page_rows > 0 ? o->page_rows : DEFAULT_PAGE;
    s->changed = o->changed;
    s->happened = o->happened;
    s->arg = o->arg;
    s->internals = true;
    ask_init(s);
    pages_init(s);
    session_start(s);
    return s;
}

static void wipe(char *secret) {
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static void free_options(struct survey *s) {
    for (size_t i = 0; i < s->gateways.len; i++) {
        free(s->gateways.items[i].region);
        wipe(s->gateways.items[i].conninfo);
    }
    vec_free(&s->gateways);
    wipe(s->conninfo);
    wipe(s->password);
    free(s->database);
    free(s->version_text);
    free(s->state_text);
}

/* Everything read of one database. */
static void forget_everything(struct survey *s) {
    publish_free(s);
    learnt_free(s);
    answers_clear(&s->answers);
    store_localities_free(&s->seen);
    physicals_free(&s->physical);
    leases_free(&s->leases);
    s->leases_begun = s->leases_some = false;
}

void survey_free(struct survey *s) {
    if (s == NULL)
        return;
    s->changed = NULL;
    s->happened = NULL;
    learnt_free(s);
    pages_free(s);
    ask_free(s);
    rtt_free(s);
    session_end_all(s);
    forget_everything(s);
    free_options(s);
    s->freed = true;
    if (!s->telling)
        free(s);
}

const struct snapshot *survey_snapshot(const struct survey *s) {
    return &s->now;
}

void survey_refresh(struct survey *s) {
    for (int i = 0; i < GROUPS; i++)
        s->groups[i].tried = false;
    for (int i = 0; i < QUESTIONS; i++)
        s->closed[i].retry = 0;
    spans_anew(s);
    ask_start(s);
    pages_now(s);
    rtt_retry(s);
}

void survey_hurry(struct survey *s) {
    s->hurried_until = loop_now(s->loop) + (usec)HURRY * USEC_PER_SEC;
    ask_hurry(s);
    pages_hurry(s);
}

void survey_switch_database(struct survey *s, const char *database) {
    char *name = mem_strdup(database);
    rtt_free(s);
    ask_reset(s);
    pages_free(s);
    forget_everything(s);
    for (int i = 0; i < SESSIONS; i++)
        session_drop(s, (enum session_kind)i);
    ask_unlearn(s);
    for (int i = 0; i < GROUPS; i++) {
        s->groups[i].tried = false;
        free(s->groups[i].problem);
        s->groups[i].problem = NULL;
    }
    free(s->database);
    s->database = name;
    s->server_known = false;
    pages_init(s);
    session_start(s);
    publish_changed(s, SURVEY_CHANGED_STATE | ((1u << PART_KINDS) - 1));
}

void survey_retry(struct survey *s) {
    struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    if (c != NULL && (s->state == SURVEY_WAITING || s->state == SURVEY_REFUSED))
        pg_connection_retry(c);
}

void survey_password(struct survey *s, const char *password) {
    struct pg_connection *monitor = s->sessions[SESSION_MONITOR].c;
    if (monitor != NULL && pg_connection_wants_passphrase(monitor)) {
        pg_connection_password(monitor, password); /* it opens a file here and goes nowhere */
        return;
    }
    wipe(s->password);
    s->password = mem_strdup(password);
    if (s->sessions[SESSION_MONITOR].c != NULL)
        pg_connection_password(s->sessions[SESSION_MONITOR].c, password);
}

enum survey_state survey_state(const struct survey *s) {
    return s->state;
}

const char *survey_state_text(const struct survey *s) {
    return s->state_text != NULL ? s->state_text : "";
}

const struct err *survey_state_err(const struct survey *s) {
    return &s->state_err;
}

usec survey_retry_in(const struct survey *s) {
    const struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    return c != NULL ? pg_connection_retry_in(c) : 0;
}

bool survey_needs_password(const struct survey *s) {
    return s->state == SURVEY_NEEDS_PASSWORD;
}

const char *const *survey_databases(const struct survey *s, size_t *n) {
    const struct server_info *info = snapshot_server(&s->next);
    *n = info != NULL ? info->databases.len : 0;
    return info != NULL ? (const char *const *)info->databases.items : NULL;
}

const char *survey_address(const struct survey *s) {
    const struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    const char *address = c != NULL ? pg_connection_address(c) : NULL;
    return address != NULL ? address : "";
}

/* -- per part -- */

usec survey_leases_waiting_since(const struct survey *s) {
    return s->groups[GROUP_LEASES].began;
}

const char *survey_leases_problem(const struct survey *s) {
    return s->closed[Q_LEASES].why != NULL ? s->closed[Q_LEASES].why : s->groups[GROUP_LEASES].problem;
}

bool survey_idle(const struct survey *s) {
    bool settled = s->state == SURVEY_READING && s->server_known && ask_idle(s) && pages_idle(s);
    return settled && s->judge == NULL && s->ranges_builder == NULL && s->leases_reader == NULL && s->diff == NULL
        && !s->spans.asking && !s->telling;
}

void survey_tell(struct survey *s, enum event_kind kind, const char *text) {
    publish_event(s, kind, text);
}

void survey_session_options(const struct survey *s, struct pg_options *out) {
    session_options(s, out);
}

bool survey_read_only(const struct survey *s) {
    return s->read_only;
}

const struct survey_gateway *survey_gateways(const struct survey *s, size_t *n) {
    *n = s->gateways.len;
    return s->gateways.items;
}
