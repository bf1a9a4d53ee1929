/* change: the statements of a plan, one after the other, and the drain that follows. */
#include "change_private.h"

#include <string.h>

enum { JOB_EVERY = 1 * USEC_PER_SEC, JOB_AFTER = 2 * USEC_PER_SEC };

void change_replace(char **text, char *with)
{
    free(*text);
    *text = with;
}

void change_tell(struct change *c)
{
    if (c->changed != NULL)
        c->changed(c->arg, &c->progress);
}

/* Takes message over. */
void change_set_state(struct change *c, enum change_state state, char *message)
{
    c->progress.state = state;
    change_replace(&c->progress.message, message);
    change_tell(c);
}

static void feed(struct change *c, const char *format, const char *what)
{
    char *text = mem_printf("%s%s", format, what);
    survey_tell(c->s, EVENT_STATEMENT, text);
    free(text);
}

static void end_sessions(struct change *c)
{
    task_free(c->task);
    task_free(c->jobs);
    c->task = NULL;
    c->jobs = NULL;
    c->jobs_ready = false;
    loop_timer_stop(c->timer);
}

static void fail(struct change *c, enum change_state state, char *message, const char *hint)
{
    end_sessions(c);
    change_replace(&c->progress.hint, mem_strdup_null(hint));
    feed(c, "", message);
    change_set_state(c, state, message);
}

/* -- the job of the statement under way -- */

static void job_answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took)
{
    struct change *c = arg;
    size_t fraction, description, status;
    (void)e;
    (void)took;
    if (r != NULL && pg_result_rows(r) > 0 && pg_result_has(r, "fraction_completed", &fraction)
        && pg_result_has(r, "description", &description) && pg_result_has(r, "status", &status)) {
        const char *text = pg_result_text(r, 0, fraction);
        c->progress.job_fraction = text != NULL ? strtod(text, NULL) : -1;
        change_replace(&c->progress.job_text,
            mem_printf("%s: %s", pg_result_text(r, 0, status) != NULL ? pg_result_text(r, 0, status) : "job",
                pg_result_text(r, 0, description) != NULL ? pg_result_text(r, 0, description) : ""));
        change_tell(c);
    }
    pg_result_free(r);
    c->job_asked = false;
}

static void jobs_ready(void *arg)
{
    struct change *c = arg;
    c->jobs_ready = true;
}

static void jobs_failed(void *arg, const char *reason)
{
    struct change *c = arg;
    (void)reason;
    c->jobs_ready = false;
}

static void open_jobs(struct change *c)
{
    struct task_options o = {.ready = jobs_ready, .failed = jobs_failed, .arg = c};
    c->jobs = task_new(c->loop, c->s, &o, NULL);
}

/* A statement that takes long shows its job's progress. */
static void tick(void *arg)
{
    struct change *c = arg;
    change_tell(c);
    if (c->progress.state != CHANGE_RUNNING || loop_now(c->loop) - c->progress.statement_started < JOB_AFTER)
        return;
    if (c->jobs == NULL)
        open_jobs(c);
    if (c->jobs != NULL && c->jobs_ready && !c->job_asked) {
        c->job_asked = true;
        task_query(c->jobs, statement_find("actions/jobs")->text, NULL, 0, 5 * USEC_PER_SEC, "jobs", job_answered);
    }
}

/* -- statements -- */

static void run(struct change *c);

static void succeeded(struct change *c)
{
    c->progress.job_fraction = -1;
    if (c->progress.statement + 1 < c->plan.len) {
        c->progress.statement++;
        run(c);
        return;
    }
    end_sessions(c);
    c->progress.changed = loop_now(c->loop);
    feed(c, c->progress.title, ": done on the server; its replicas follow");
    survey_hurry(c->s);
    survey_refresh(c->s);
    change_set_state(c, CHANGE_DRAINING, mem_strdup("done on the server; watching the replicas"));
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took)
{
    struct change *c = arg;
    (void)took;
    if (r != NULL) {
        pg_result_free(r);
        succeeded(c);
        return;
    }
    memcpy(c->progress.sqlstate, e->sqlstate, sizeof c->progress.sqlstate);
    struct str text = {0};
    pg_error_print(&text, e);
    if (e->lost)
        fail(c, CHANGE_UNCERTAIN,
            mem_printf("the connection was lost while it ran (%s): the survey shows whether it took effect",
                str_get(&text)), NULL);
    else if (e->cancelled || (c->progress.state == CHANGE_CANCELLING && strcmp(e->sqlstate, "57014") == 0))
        fail(c, CHANGE_CANCELLED, mem_strdup("cancelled; a job that had begun may go on in the background"), NULL);
    else
        fail(c, CHANGE_FAILED, mem_strdup(str_get(&text)), e->hint);
    str_free(&text);
}

static void run(struct change *c)
{
    struct change_progress *p = &c->progress;
    const char *sql = c->plan.items[p->statement];
    change_replace(&p->sql, mem_strdup(sql));
    p->statement_started = loop_now(c->loop);
    feed(c, "", sql);
    task_query(c->task, sql, NULL, 0, 0, p->title, answered);
    change_set_state(c, CHANGE_RUNNING, mem_printf("statement %zu of %zu runs", p->statement + 1, p->statements));
}

static void ready(void *arg)
{
    struct change *c = arg;
    c->progress.started = loop_now(c->loop);
    loop_timer_start(c->timer, JOB_EVERY, JOB_EVERY);
    run(c);
}

static void failed(void *arg, const char *reason)
{
    fail(arg, CHANGE_FAILED, mem_printf("no session for it: %s", reason), "nothing was sent");
}

static void notice(void *arg, const struct pg_error *n)
{
    struct change *c = arg;
    vec_push(&c->progress.notices, mem_strdup(n->message != NULL ? n->message : ""));
    change_tell(c);
}

/* -- what the screen calls -- */

static bool may_start(const struct survey *s, const struct plan *plan, struct err *err)
{
    if (survey_read_only(s)) {
        err_set(err, ERR_FORBIDDEN, "nothing is changed in a read-only session");
        return err_hint(err, "start without --read-only");
    }
    if (!plan->possible)
        return err_set(err, ERR_INPUT, "%s",
            plan->obstacles.len > 0 ? plan->obstacles.items[0] : "the plan is not possible");
    if (plan->statements.len == 0)
        return err_set(err, ERR_INPUT, "there is nothing to change");
    return true;
}

struct change *change_start(struct loop *loop, struct survey *s, const struct plan *plan,
    void (*changed)(void *arg, const struct change_progress *progress), void *arg, struct err *err)
{
    if (!may_start(s, plan, err))
        return NULL;
    struct change *c = mem_calloc(1, sizeof *c);
    struct task_options o = {.ready = ready, .failed = failed, .notice = notice, .arg = c};
    c->loop = loop;
    c->s = s;
    c->changed = changed;
    c->arg = arg;
    for (size_t i = 0; i < plan->statements.len; i++)
        vec_push(&c->plan, mem_strdup(plan->statements.items[i].sql));
    c->progress.title = mem_strdup(plan->title != NULL ? plan->title : "");
    c->progress.statements = c->plan.len;
    c->progress.job_fraction = -1;
    c->progress.message = mem_strdup("connecting");
    c->timer = loop_timer_new(loop, tick, c);
    change_begin_counts(c);
    c->task = task_new(loop, s, &o, err);
    if (c->task == NULL) {
        change_free(c, false);
        return NULL;
    }
    return c;
}

const struct change_progress *change_progress(const struct change *c)
{
    return &c->progress;
}

void change_cancel(struct change *c)
{
    if (c->progress.state == CHANGE_CONNECTING) {
        fail(c, CHANGE_CANCELLED, mem_strdup("cancelled: nothing was sent"), NULL);
    } else if (c->progress.state == CHANGE_RUNNING) {
        task_cancel(c->task);
        change_set_state(c, CHANGE_CANCELLING, mem_strdup("the server was asked to cancel it"));
    } else if (c->progress.state == CHANGE_DRAINING) {
        change_set_state(c, CHANGE_SETTLED, mem_strdup("no longer watched; replicas go on moving"));
    }
}

static void free_texts(char **items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(items[i]);
}

void change_free(struct change *c, bool leave)
{
    if (c == NULL)
        return;
    c->changed = NULL;
    if (c->progress.state == CHANGE_RUNNING && !leave && c->task != NULL)
        task_cancel(c->task);
    end_sessions(c);
    loop_timer_free(c->timer);
    free_texts(c->plan.items, c->plan.len);
    free_texts(c->progress.to_go.items, c->progress.to_go.len);
    free_texts(c->progress.notices.items, c->progress.notices.len);
    vec_free(&c->plan);
    vec_free(&c->progress.to_go);
    vec_free(&c->progress.notices);
    vec_free(&c->progress.history);
    free(c->progress.title);
    free(c->progress.sql);
    free(c->progress.job_text);
    free(c->progress.message);
    free(c->progress.hint);
    free(c);
}
