/* change: the statements of a plan, one after the other, and the drain that follows. */
#include "change_private.h"

#include <string.h>

enum { JOB_EVERY = 1 * USEC_PER_SEC, JOB_AFTER = 2 * USEC_PER_SEC };

static const char waiting_for[] = "waiting for job(s) to complete: ";

void change_replace(char **text, char *with) {
    free(*text);
    *text = with;
}

void change_tell(struct change *c) {
    if (c->changed != NULL)
        c->changed(c->arg, &c->progress);
}

/* Takes message over. */
void change_set_state(struct change *c, enum change_state state, char *message) {
    c->progress.state = state;
    change_replace(&c->progress.message, message);
    change_tell(c);
}

static void feed(struct change *c, const char *format, const char *what) {
    char *text = mem_printf("%s%s", format, what);
    survey_tell(c->s, EVENT_STATEMENT, text);
    free(text);
}

static void end_sessions(struct change *c) {
    task_free(c->task);
    task_free(c->jobs);
    c->task = NULL;
    c->jobs = NULL;
    c->jobs_ready = false;
    loop_timer_stop(c->timer);
}

/* What the statements that have run leave behind when the rest does not; NULL nothing. */
static const char *left_behind(const struct change *c) {
    const char *left = NULL;
    for (size_t i = 0; i < c->progress.statement; i++)
        left = c->plan.items[i].left != NULL ? c->plan.items[i].left : left;
    return left;
}

/* Takes message over. */
static void fail(struct change *c, enum change_state state, char *message, const char *hint) {
    const char *left = left_behind(c);
    char *whole = left != NULL ? mem_printf("%s; %s", message, left) : message;
    if (left != NULL)
        free(message);
    end_sessions(c);
    change_replace(&c->progress.hint, mem_strdup_null(hint));
    feed(c, "", whole);
    change_set_state(c, state, whole);
}

/* -- the job of the statement under way -- */

static void forget_job(struct change_progress *p) {
    change_replace(&p->job_id, NULL);
    change_replace(&p->job_status, NULL);
    change_replace(&p->job_text, NULL);
    p->job_named = false;
    p->job_fraction = -1;
}

/* The row of the job that the server named, else the first. SIZE_MAX: it is not listed (any more). */
static size_t row_of_job(const struct change_progress *p, const struct pg_result *r, size_t id) {
    if (!p->job_named)
        return pg_result_rows(r) > 0 ? 0 : SIZE_MAX;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        if (str_eq(pg_result_text(r, i, id), p->job_id))
            return i;
    return SIZE_MAX;
}

static void take_job(struct change_progress *p, const struct pg_result *r) {
    size_t id, fraction, description, status;
    if (!pg_result_has(r, "job_id", &id) || !pg_result_has(r, "fraction_completed", &fraction)
        || !pg_result_has(r, "description", &description) || !pg_result_has(r, "status", &status))
        return;
    size_t row = row_of_job(p, r, id);
    if (row == SIZE_MAX)
        return;
    const char *done = pg_result_text(r, row, fraction);
    if (!p->job_named)
        change_replace(&p->job_id, mem_strdup_null(pg_result_text(r, row, id)));
    p->job_fraction = done != NULL ? strtod(done, NULL) : -1;
    change_replace(&p->job_status, mem_strdup_null(pg_result_text(r, row, status)));
    change_replace(&p->job_text, mem_strdup_null(pg_result_text(r, row, description)));
}

static void job_answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct change *c = arg;
    (void)e;
    (void)took;
    c->job_asked = false;
    if (r != NULL) {
        take_job(&c->progress, r);
        change_tell(c);
    }
    pg_result_free(r);
}

/* "waiting for job(s) to complete: 123, 124": the first is followed. */
static void take_named_job(struct change_progress *p, const char *notice) {
    if (!str_starts(notice, waiting_for))
        return;
    const char *ids = notice + strlen(waiting_for);
    size_t n = strspn(ids, "0123456789");
    if (n == 0)
        return;
    change_replace(&p->job_id, mem_strndup(ids, n));
    p->job_named = true;
}

static void jobs_ready(void *arg) {
    struct change *c = arg;
    c->jobs_ready = true;
}

static void jobs_failed(void *arg, const char *reason) {
    struct change *c = arg;
    (void)reason;
    c->jobs_ready = false;
}

static void open_jobs(struct change *c) {
    struct task_options o = {.ready = jobs_ready, .failed = jobs_failed, .arg = c, .routine = true};
    c->jobs = task_new(c->loop, c->s, &o, NULL);
}

/* A statement that takes long shows its job's progress. */
static void tick(void *arg) {
    struct change *c = arg;
    change_tell(c);
    bool waits = c->progress.state == CHANGE_RUNNING || c->progress.state == CHANGE_CANCELLING;
    if (!waits || loop_now(c->loop) - c->progress.statement_started < JOB_AFTER)
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

static void succeeded(struct change *c) {
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

/* Cancelling ends the statement, not the job that it waited for. */
static char *cancelled_text(const struct change_progress *p) {
    if (p->job_id != NULL && p->job_named)
        return mem_printf("cancelled; its job %s goes on in the background (SHOW JOB %s)", p->job_id, p->job_id);
    return mem_strdup("cancelled; a job that had begun may go on in the background (SHOW JOBS)");
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
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
        fail(c, CHANGE_CANCELLED, cancelled_text(&c->progress), NULL);
    else
        fail(c, CHANGE_FAILED, mem_strdup(str_get(&text)), e->hint);
    str_free(&text);
}

static void run(struct change *c) {
    struct change_progress *p = &c->progress;
    const char *sql = c->plan.items[p->statement].sql;
    forget_job(p);
    change_replace(&p->sql, mem_strdup(sql));
    p->statement_started = loop_now(c->loop);
    feed(c, "", sql);
    task_query(c->task, sql, NULL, 0, 0, p->title, answered);
    change_set_state(c, CHANGE_RUNNING, mem_printf("statement %zu of %zu runs", p->statement + 1, p->statements));
}

static void ready(void *arg) {
    struct change *c = arg;
    c->progress.started = loop_now(c->loop);
    loop_timer_start(c->timer, JOB_EVERY, JOB_EVERY);
    run(c);
}

static void failed(void *arg, const char *reason) {
    fail(arg, CHANGE_FAILED, mem_printf("no session for it: %s", reason), "nothing was sent");
}

static void notice(void *arg, const struct pg_error *n) {
    struct change *c = arg;
    vec_push(&c->progress.notices, mem_strdup(n->message != NULL ? n->message : ""));
    if (n->message != NULL)
        take_named_job(&c->progress, n->message);
    change_tell(c);
}

/* -- what the screen calls -- */

/* By what the plan foretells; one that foretells nothing is taken to send replicas home. */
static void choose_measure(struct change_progress *p, const struct plan *plan) {
    int leave = 0, come = 0;
    for (size_t i = 0; i < plan->regions.len; i++) {
        leave += plan->regions.items[i].leave_voters + plan->regions.items[i].leave_non_voters;
        come += plan->regions.items[i].come_voters + plan->regions.items[i].come_non_voters;
    }
    bool turns = plan->uncertain != NULL || (leave > 0 && come > 0);
    p->measure = turns ? CHANGE_TURNS : come > 0 ? CHANGE_COMES : CHANGE_LEAVES;
    p->foretold = turns ? plan->ranges : come;
}

static bool may_start(const struct survey *s, const struct plan *plan, struct err *err) {
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
    void (*changed)(void *arg, const struct change_progress *progress), void *arg, struct err *err) {
    if (!may_start(s, plan, err))
        return NULL;
    struct change *c = mem_calloc(1, sizeof *c);
    struct task_options o = {.ready = ready, .failed = failed, .notice = notice, .arg = c};
    c->loop = loop;
    c->s = s;
    c->changed = changed;
    c->arg = arg;
    for (size_t i = 0; i < plan->statements.len; i++)
        vec_push(&c->plan, ((struct change_step){mem_strdup(plan->statements.items[i].sql),
            mem_strdup_null(plan->statements.items[i].left)}));
    c->progress.title = mem_strdup(plan->title != NULL ? plan->title : "");
    c->progress.statements = c->plan.len;
    c->progress.job_fraction = -1;
    choose_measure(&c->progress, plan);
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

const struct change_progress *change_progress(const struct change *c) {
    return &c->progress;
}

void change_cancel(struct change *c) {
    if (c->progress.state == CHANGE_CONNECTING) {
        fail(c, CHANGE_CANCELLED, mem_strdup("cancelled: nothing was sent"), NULL);
    } else if (c->progress.state == CHANGE_RUNNING) {
        task_cancel(c->task);
        change_set_state(c, CHANGE_CANCELLING, mem_strdup("the server was asked to cancel it"));
    } else if (c->progress.state == CHANGE_DRAINING) {
        change_set_state(c, CHANGE_SETTLED, mem_strdup("no longer watched; replicas go on moving"));
    }
}

static void free_texts(char **items, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(items[i]);
}

void change_free(struct change *c, bool leave) {
    if (c == NULL)
        return;
    c->changed = NULL;
    if (c->progress.state == CHANGE_RUNNING && !leave && c->task != NULL)
        task_cancel(c->task);
    end_sessions(c);
    loop_timer_free(c->timer);
    for (size_t i = 0; i < c->plan.len; i++) {
        free(c->plan.items[i].sql);
        free(c->plan.items[i].left);
    }
    free_texts(c->progress.to_go.items, c->progress.to_go.len);
    free_texts(c->progress.notices.items, c->progress.notices.len);
    vec_free(&c->plan);
    vec_free(&c->progress.to_go);
    vec_free(&c->progress.notices);
    vec_free(&c->progress.history);
    free(c->progress.title);
    free(c->progress.sql);
    forget_job(&c->progress);
    free(c->progress.message);
    free(c->progress.hint);
    free(c);
}
