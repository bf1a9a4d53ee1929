/* failure: nodes and regions stopped and started again, where the server offers it. */
#include "domicile/actions/failure.h"

#include "domicile/sql/statement.h"
#include "task.h"

enum { TIMEOUT = 15 * USEC_PER_SEC };

struct failure {
    struct survey *s;
    struct task *task;
    char *sql;
    void (*done)(void *arg, bool ok, const char *sentence);
    void *arg;
};

static const char *const statements[] = {
    [FAILURE_KILL_NODE] = "actions/kill-node",
    [FAILURE_START_NODE] = "actions/start-node",
    [FAILURE_KILL_REGION] = "actions/kill-region",
    [FAILURE_START_REGION] = "actions/start-region",
};

void failure_preview(struct str *out, enum failure_what what, int node, const char *region) {
    struct statement_arg args[] = {
        {.name = "node", .kind = STATEMENT_NUMBER, .number = node},
        {.name = "region", .kind = STATEMENT_TEXT, .value = region != NULL ? region : ""},
    };
    statement_fill(out, statement_find(statements[what]), args, 2, NULL);
}

static void finish(struct failure *f, bool ok, const char *sentence) {
    task_free(f->task);
    f->task = NULL;
    survey_tell(f->s, EVENT_STATEMENT, sentence);
    survey_hurry(f->s);
    if (f->done != NULL)
        f->done(f->arg, ok, sentence);
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct failure *f = arg;
    struct str text = {0};
    (void)took;
    str_add_f(&text, "%s: ", f->sql);
    if (r != NULL)
        str_add(&text, "done");
    else
        pg_error_print(&text, e);
    pg_result_free(r);
    finish(f, r != NULL, str_get(&text));
    str_free(&text);
}

static void ready(void *arg) {
    struct failure *f = arg;
    task_query(f->task, f->sql, NULL, 0, TIMEOUT, "failure", answered);
}

static void failed(void *arg, const char *reason) {
    finish(arg, false, reason);
}

struct failure *failure_start(struct loop *loop, struct survey *s, enum failure_what what, int node,
    const char *region, void (*done)(void *arg, bool ok, const char *sentence), void *arg, struct err *err) {
    const struct server_info *info = snapshot_server(survey_snapshot(s));
    if (survey_read_only(s)) {
        err_set(err, ERR_FORBIDDEN, "nothing is stopped in a read-only session");
        return NULL;
    }
    if (info == NULL || !info->offers_sandbox) {
        err_set(err, ERR_INPUT, "this server does not offer to stop its nodes");
        return NULL;
    }
    struct failure *f = mem_calloc(1, sizeof *f);
    struct task_options o = {.ready = ready, .failed = failed, .arg = f};
    struct str sql = {0};
    failure_preview(&sql, what, node, region);
    f->s = s;
    f->sql = str_take(&sql);
    f->done = done;
    f->arg = arg;
    f->task = task_new(loop, s, &o, err);
    if (f->task == NULL) {
        failure_free(f);
        return NULL;
    }
    return f;
}

void failure_free(struct failure *f) {
    if (f == NULL)
        return;
    task_free(f->task);
    free(f->sql);
    free(f);
}
