/* fake_engine: an engine that knows a handful of words, to test the wire layer alone. */
#include "fake_engine.h"

#include "domicile/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct engine {
    struct loop *loop; /* of the last session */
};
struct engine_statement {
    char *text;
};

int fake_commits, fake_rollbacks;

struct engine *fake_engine(void) {
    static struct engine e;
    return &e;
}

void engine_open(struct engine *e, struct session *s) {
    e->loop = s->loop;
}

usec engine_clock(const struct engine *e) { return loop_now(e->loop); }

void engine_close(struct engine *e, struct session *s) {
    (void)e;
    (void)s;
}

bool engine_user_exists(struct engine *e, const char *user) {
    (void)e;
    return str_eq(user, "root");
}

const char *engine_user_password(struct engine *e, const char *user) {
    (void)e;
    (void)user;
    return NULL;
}

bool engine_parse(struct engine *e, struct session *s, const char *sql, size_t n,
    struct engine_statements *out, struct result *r) {
    (void)e;
    (void)s;
    char *copy = mem_strndup(sql, n), *save = NULL;
    for (char *t = strtok_r(copy, ";", &save); t; t = strtok_r(NULL, ";", &save)) {
        t += strspn(t, " \n");
        if (!*t)
            continue;
        struct engine_statement *st = mem_calloc(1, sizeof *st);
        st->text = mem_strdup(t);
        vec_push(out, st);
    }
    free(copy);
    if (!strstr(sql, "syntax"))
        return true;
    for (size_t i = 0; i < out->len; i++)
        engine_statement_free(out->items[i]);
    vec_free(out);
    return result_fail(r, "42601", "at or near \"syntax\": syntax error");
}

void engine_statement_free(struct engine_statement *st) {
    if (st)
        free(st->text);
    free(st);
}

const char *engine_statement_text(const struct engine_statement *st) {
    return st->text;
}

bool engine_prepare(struct engine *e, struct session *s, struct engine_statement *st, const uint32_t *types,
    size_t n, struct result *r) {
    (void)e;
    (void)s;
    (void)types;
    (void)n;
    return !str_eq(st->text, "nothing") || result_fail(r, "42P01", "relation \"nothing\" does not exist");
}

size_t engine_param_count(const struct engine_statement *st) {
    return str_eq(st->text, "echo") || str_eq(st->text, "number");
}

uint32_t engine_param_type(const struct engine_statement *st, size_t i) {
    (void)i;
    return str_eq(st->text, "number") ? OID_INT8 : OID_TEXT;
}

void engine_describe(const struct engine_statement *st, struct result *r) {
    if (str_eq(st->text, "echo"))
        result_column(r, "t", OID_TEXT);
    else if (str_eq(st->text, "number"))
        result_column(r, "n", OID_INT8);
    else if (str_starts(st->text, "rows ")) {
        result_column(r, "n", OID_INT8);
        result_column(r, "t", OID_TEXT);
    }
}

static void rows(struct result *r, long n) {
    for (long i = 0; i < n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%ld", i);
        result_row_addv(r, number, i % 2 ? "odd" : NULL);
    }
}

enum engine_status engine_execute(struct engine *e, struct session *s, struct engine_statement *st,
    const char *const *params, size_t n, struct result *r) {
    const char *t = st->text;
    (void)e;
    engine_describe(st, r);
    if (str_starts(t, "rows "))
        rows(r, strtol(t + 5, NULL, 10));
    else if (r->has_rows)
        result_row_addv(r, n ? params[0] : NULL);
    else if (str_starts(t, "tag "))
        result_tag(r, "%s", t + 4);
    else if (str_eq(t, "begin") || str_eq(t, "commit")) {
        s->transaction = *t == 'b' ? SESSION_OPEN : SESSION_IDLE;
        result_tag(r, "%s", *t == 'b' ? "BEGIN" : "COMMIT");
    } else if (str_eq(t, "notice")) {
        result_notice(r, "heard");
        result_tag(r, "NOTICE");
    } else if (str_eq(t, "slow")) {
        result_cost(r, 50 * USEC_PER_MS);
        result_tag(r, "SLOW");
    } else if (str_eq(t, "wait") || str_eq(t, "nap")) {
        s->wake_at = *t == 'n' ? loop_now(s->loop) + 20 * USEC_PER_MS : 0;
        return ENGINE_WAIT;
    } else {
        result_fail(r, "22012", "division by zero");
        result_detail(r, "the detail");
        result_hint(r, "the hint");
        if (s->transaction == SESSION_OPEN)
            s->transaction = SESSION_FAILED;
    }
    return ENGINE_DONE;
}

enum engine_status engine_resume(struct engine *e, struct session *s, struct result *r) {
    (void)e;
    if (s->cancelled)
        session_fail_cancelled(s, r);
    else
        result_tag(r, "WOKEN");
    return ENGINE_DONE;
}

enum engine_status engine_finish(struct engine *e, struct session *s, bool commit, struct result *r) {
    (void)e;
    (void)s;
    (void)r;
    fake_commits += commit;
    fake_rollbacks += !commit;
    return ENGINE_DONE;
}
