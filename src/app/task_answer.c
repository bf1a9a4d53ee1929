/* task_answer: the commands that read once (or until all is home) and print records. */
#include "headless_private.h"

#include "domicile/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNTIL_TIMEOUT = 120 };

struct answering {
    bool begun;
    VEC_STRUCT(usec) seen; /* asof of each page when it was last added */
    usec until;            /* --until: loop time at which to give up; 0 never */
    int shown;             /* replicas abroad as last told */
};

static const struct answer *answer_of(const struct headless *h) { return answer_find(h->task->name); }

static const char *table_of(const struct headless *h) {
    return h->options->table ? h->options->table : h->options->arguments.len ? h->options->arguments.items[0] : NULL;
}

static struct answer_input input(const struct headless *h) {
    return (struct answer_input){
        .snapshot = survey_snapshot(h->survey),
        .table = table_of(h),
        .unread = survey_problem(h->survey, PART_CATALOG) || survey_problem(h->survey, PART_RANGES),
        .conformance = h->options->conformance,
        .max_age = h->options->max_age,
        .now = loop_now(h->loop),
    };
}

static bool start(struct headless *h) {
    struct answering *a = mem_calloc(1, sizeof *a);
    h->state = a;
    a->shown = -1;
    if (answer_of(h)->paged)
        survey_show_table(h->survey, table_of(h));
    if (h->options->until_home)
        a->until = loop_now(h->loop) + (h->options->timeout ? h->options->timeout : (usec)UNTIL_TIMEOUT * USEC_PER_SEC);
    return true;
}

static void end(struct headless *h) {
    struct answering *a = h->state;
    vec_free(&a->seen);
    free(a);
}

/* Adds the pages that are new; true when another page of one was asked for. */
static bool add_pages(struct headless *h, struct answering *a) {
    struct answer_input in = input(h);
    const struct rows *rows = snapshot_rows(in.snapshot);
    VEC_STRUCT(char *) turn = {0};
    bool whole = false; /* a table not by row has one page, without a region */
    for (size_t i = 0; rows && i < rows->pages.len; i++) {
        const struct row_page *page = &rows->pages.items[i];
        while (a->seen.len <= i)
            vec_push(&a->seen, 0);
        if (page->asof == a->seen.items[i])
            continue;
        a->seen.items[i] = page->asof;
        in.page = page;
        answer_of(h)->append(&h->records, &in);
        if (page->more_after && page->region)
            vec_push(&turn, mem_strdup(page->region));
        else
            whole = whole || page->more_after;
    }
    bool more = turn.len > 0 || whole;
    for (size_t i = 0; i < turn.len; i++) {
        survey_turn_page(h->survey, turn.items[i], SURVEY_PAGE_NEXT);
        free(turn.items[i]);
    }
    vec_free(&turn);
    if (whole)
        survey_turn_page(h->survey, NULL, SURVEY_PAGE_NEXT);
    return more && !survey_idle(h->survey);
}

static void say_unread_pages(const struct headless *h) {
    const struct rows *rows = snapshot_rows(survey_snapshot(h->survey));
    const char *problem = survey_problem(h->survey, PART_ROWS);
    if (problem)
        headless_say("rows: ", problem);
    for (size_t i = 0; rows && i < rows->pages.len; i++) {
        const struct row_page *page = &rows->pages.items[i];
        if (page->problem)
            headless_say(page->region ? page->region : "rows: ", page->problem);
        else if (page->more_after)
            headless_say("", "not every row is shown: pages of this table cannot be turned by its key");
    }
}

/* An empty answer of what was never read would say that there is nothing. */
static bool has_read(struct headless *h) {
    const struct snapshot *s = survey_snapshot(h->survey);
    const enum part_kind part = answer_of(h)->part;
    const char *problem = survey_problem(h->survey, part);
    const bool no_tables = answer_of(h)->tables && problem && s->parts[part] && snapshot_catalog(s)->tables.len == 0;
    if (answer_of(h)->says || (s->parts[part] && !no_tables))
        return true;
    return err_set(&h->err, survey_refused(h->survey, part) ? ERR_FORBIDDEN : ERR_UNAVAILABLE, "%s: %s",
        part == PART_RANGES ? "the ranges could not be read" : "the catalog could not be read",
        problem ? problem : "no answer in time");
}

static void conclude(struct headless *h) {
    struct answer_input in = input(h);
    if (!has_read(h)) {
        headless_fail(h);
        return;
    }
    if (answer_of(h)->paged)
        say_unread_pages(h);
    else
        answer_of(h)->append(&h->records, &in);
    headless_stop(h, answer_of(h)->says ? (int)answer_of(h)->says(&in) : 0);
}

/* --until home: how many are still abroad, on a terminal. */
static void tell_progress(struct headless *h, struct answering *a) {
    const struct verdicts *v = snapshot_verdicts(survey_snapshot(h->survey));
    int abroad = v ? v->rows.voters_abroad + v->rows.non_voters_abroad + v->rows.learners_abroad : -1;
    if (abroad < 0 || abroad == a->shown || isatty(STDERR_FILENO) != 1)
        return;
    a->shown = abroad;
    fprintf(stderr, "domicile: %d replicas abroad, %d of %d ranges home\n", abroad, v->rows.home, v->rows.ranges);
}

static void ready(struct headless *h) {
    struct answering *a = h->state;
    struct answer_input in = input(h);
    if (!headless_has_table(h, in.table)) {
        if (answer_of(h)->says) /* neither yes nor no */
            headless_stop(h, ANSWER_CANNOT_TELL);
        else
            headless_fail(h);
        return;
    }
    if (!a->begun)
        answer_of(h)->begin(&h->records, &in);
    a->begun = true;
    if (answer_of(h)->paged && add_pages(h, a))
        return;
    if (a->until && answer_of(h)->says(&in) != ANSWER_YES) {
        tell_progress(h, a);
        survey_hurry(h->survey);
        if (loop_now(h->loop) < a->until)
            return;
    }
    conclude(h);
}

/* The time for --until is up, or that for any answer: what is known is said. */
static void late(struct headless *h) {
    struct answering *a = h->state;
    if (a->begun) {
        conclude(h);
        return;
    }
    err_set(&h->err, ERR_UNAVAILABLE, "no answer in time: %s", survey_state_text(h->survey));
    err_hint(&h->err, "--timeout gives it longer");
    headless_fail(h);
}

#define ANSWER_TASK(NAME) \
    const struct headless_task task_##NAME = { \
        .name = #NAME, .prints = true, .start = start, .ready = ready, .late = late, .end = end}
ANSWER_TASK(regions);
ANSWER_TASK(tables);
ANSWER_TASK(rows);
ANSWER_TASK(ranges);
ANSWER_TASK(report);
ANSWER_TASK(check);
