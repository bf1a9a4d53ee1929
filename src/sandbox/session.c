/* session: one client of the sandbox: its state and how a waiting statement is woken or cancelled. */
#include "domicile/sandbox/session.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <stdlib.h>

struct session *session_new(struct loop *loop, int compat, const char *user, const char *database, int node) {
    struct session *s = mem_calloc(1, sizeof *s);
    s->loop = loop;
    s->compat = compat;
    s->user = mem_strdup(user);
    s->admin = str_eq(user, "root");
    s->database = mem_strdup(database);
    s->node = node;
    s->locality = mem_strdup("");
    s->transaction = SESSION_IDLE;
    s->opened_wall = loop_wall();
    return s;
}

void session_free(struct session *s) {
    if (!s)
        return;
    variables_free(&s->variables);
    free(s->user);
    free(s->database);
    free(s->locality);
    free(s->statement);
    free(s->client);
    free(s);
}

void session_set_database(struct session *s, const char *database) {
    char *copy = mem_strdup(database);
    free(s->database);
    s->database = copy;
}

void session_set_locality(struct session *s, const char *locality) {
    free(s->locality);
    s->locality = mem_strdup(locality);
}

void session_wake(struct session *s) {
    if (!s->waiting)
        return;
    s->waiting = false;
    if (s->wake)
        s->wake(s->wake_arg);
}

void session_cancel(struct session *s, bool timed_out) {
    if (!s->statement || s->cancelled)
        return;
    s->cancelled = true;
    s->timed_out = timed_out;
    session_wake(s);
}

bool session_fail_cancelled(const struct session *s, struct result *r) {
    return result_fail(r, "57014", "%s", s->timed_out
        ? "query execution canceled due to statement timeout"
        : "query execution canceled");
}
