/* task_plan: what a change would do; and the change of placement itself. */
#include "headless_private.h"

#include "domicile/actions/change.h"
#include "domicile/actions/intent.h"
#include "domicile/base/text.h"
#include "domicile/output/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* -- plan -- */

static int plan_status(const struct plan *p) { return !p->possible ? 1 : p->uncertain || p->unchecked ? 2 : 0; }

static void plan_ready(struct headless *h) {
    const struct database *d = headless_database(h);
    int worst = 0;
    if (!d) {
        err_set(&h->err, ERR_FORBIDDEN, "the catalog could not be read: %s",
            survey_problem(h->survey, PART_CATALOG) ? survey_problem(h->survey, PART_CATALOG) : "no answer");
        headless_fail(h);
        return;
    }
    output_plan_begin(&h->records);
    for (size_t i = 0; i < h->options->arguments.len; i++) {
        const char *sql = h->options->arguments.items[i];
        struct intent *intent = intent_new(sql, d->name, &h->err);
        if (!intent) {
            if (h->err.kind == ERR_NONE) {
                err_set(&h->err, ERR_INPUT, "no plan is made for \"%.200s\"", sql);
                err_hint(&h->err,
                    "planned are PLACEMENT, SURVIVE, ADD, DROP, PRIMARY and SECONDARY REGION, ADD, ALTER and DROP "
                    "SUPER REGION, and SET LOCALITY");
            }
            headless_fail(h);
            return;
        }
        struct plan *p = plan_make(survey_snapshot(h->survey), intent_request(intent));
        output_plan_add(&h->records, sql, p);
        /* Refused is worse than not known. */
        int status = plan_status(p);
        worst = worst == 1 || status == 1 ? 1 : worst > status ? worst : status;
        plan_free(p);
        intent_free(intent);
    }
    headless_stop(h, worst);
}

const struct headless_task task_plan = {.name = "plan", .prints = true, .ready = plan_ready};

/* -- placement -- */

enum { RUNNING_TOLD = 5 * USEC_PER_SEC };

struct placing {
    bool asked;
    struct change *change;
    int told; /* replicas still to go as last told; -1 none */
    usec told_running; /* loop time at which it was last told how long the statement has run */
};

static bool placement_start(struct headless *h) {
    const char *word = h->options->arguments.items[0];
    struct placing *p = mem_calloc(1, sizeof *p);
    h->state = p;
    p->told = -1;
    if (strcasecmp(word, "restricted") == 0 || strcasecmp(word, "default") == 0)
        return true;
    return err_set(&h->err, ERR_USAGE, "the placement policies are restricted and default, not \"%.60s\"", word);
}

static void placement_end(struct headless *h) {
    struct placing *p = h->state;
    change_free(p->change, h->options->no_wait);
    free(p);
}

static bool wants_restricted(const struct headless *h) {
    return strcasecmp(h->options->arguments.items[0], "restricted") == 0;
}

/* Adds what came of it and ends. */
static void placement_done(struct headless *h, const struct change_progress *c, const char *state) {
    static const char *const names[] = {
        "placement", "state", "replicas_moved", "replicas_to_move", "duration_us", "message", NULL};
    int gone = 0, all = 0;
    for (const char *const *n = names; *n; n++)
        records_add_field(&h->records, *n);
    json_t *r = records_add(&h->records);
    record_set(r, "placement", record_text(wants_restricted(h) ? "restricted" : "default"));
    record_set(r, "state", record_text(state));
    if (c) {
        change_fraction(c, &gone, &all);
        record_set(r, "replicas_moved", json_integer(gone));
        record_set(r, "replicas_to_move", json_integer(all));
        record_set(r, "duration_us", json_integer((json_int_t)(loop_now(h->loop) - c->started)));
        record_set(r, "message", record_text(c->message));
    }
    headless_stop(h, 0);
}

static void placement_failed(struct headless *h, const struct change_progress *c) {
    err_set(&h->err, strcmp(c->sqlstate, "42501") == 0 ? ERR_FORBIDDEN : ERR_INPUT, "%s", c->message);
    if (c->hint)
        err_hint(&h->err, "%s", c->hint);
    headless_fail(h);
}

/* A statement that takes long: how long, and how far its job is. */
static void tell_running(struct headless *h, const struct change_progress *c) {
    struct placing *p = h->state;
    const usec now = loop_now(h->loop);
    if (isatty(STDERR_FILENO) != 1 || now - c->statement_started < RUNNING_TOLD || now - p->told_running < RUNNING_TOLD)
        return;
    p->told_running = now;
    fprintf(stderr, "domicile: statement %zu of %zu has run for %lld s", c->statement + 1, c->statements,
        (long long)((now - c->statement_started) / USEC_PER_SEC));
    if (c->job_id && c->job_status) {
        char *status = text_cleaned(c->job_status);
        char *id = text_cleaned(c->job_id);
        fprintf(stderr, "; job %s%s: %s, %d %% done", id, c->job_named ? "" : " (your newest)", status,
            (int)(100 * (c->job_fraction > 0 ? c->job_fraction : 0)));
        free(status);
        free(id);
    }
    fputc('\n', stderr);
}

static void on_progress(void *arg, const struct change_progress *c) {
    struct headless *h = arg;
    struct placing *p = h->state;
    int gone = 0, all = 0;
    if (h->stopped)
        return;
    switch (c->state) {
    case CHANGE_CONNECTING:
    case CHANGE_CANCELLING: return;
    case CHANGE_RUNNING: tell_running(h, c); return;
    case CHANGE_DRAINING:
        change_fraction(c, &gone, &all);
        if (h->options->no_wait)
            placement_done(h, c, "draining");
        else if (isatty(STDERR_FILENO) == 1 && all - gone != p->told)
            fprintf(stderr, "domicile: %d of %d replicas moved\n", gone, all), p->told = all - gone;
        return;
    case CHANGE_SETTLED: placement_done(h, c, "settled"); return;
    case CHANGE_FAILED:
    case CHANGE_CANCELLED:
    case CHANGE_UNCERTAIN: placement_failed(h, c); return;
    }
}

static void placement_ready(struct headless *h) {
    struct placing *p = h->state;
    if (p->asked)
        return;
    p->asked = true;
    struct plan_request want = {
        .kind = PLAN_PLACEMENT, .placement = wants_restricted(h) ? PLACEMENT_RESTRICTED : PLACEMENT_DEFAULT};
    struct plan *plan = plan_make(survey_snapshot(h->survey), &want);
    struct str preview = {0};
    output_plan_print(&preview, plan);
    if (plan->possible && !plan->changes)
        placement_done(h, NULL, "unchanged");
    else if (!plan->possible) {
        err_set(&h->err, ERR_INPUT, "%s", plan->obstacles.len ? plan->obstacles.items[0] : "it cannot be done");
        headless_fail(h);
    } else if (!headless_confirm(h, str_get(&preview)) ||
        !(p->change = change_start(h->loop, h->survey, plan, on_progress, h, &h->err)))
        headless_fail(h);
    str_free(&preview);
    plan_free(plan);
}

static void placement_changed(struct headless *h, unsigned parts) {
    struct placing *p = h->state;
    if (p->change)
        change_notice(p->change, parts);
}

const struct headless_task task_placement = {.name = "placement",
    .keeps_reading = true,
    .prints = true,
    .start = placement_start,
    .ready = placement_ready,
    .changed = placement_changed,
    .end = placement_end};
