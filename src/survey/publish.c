/* publish: new parts are judged in slices and then shown all at once: verdicts and rows point into the catalog
 * that they were judged by, so the three never part. */
#include "pages.h"

#include <string.h>

/* Parts that verdicts rest on. */
static bool is_judged(enum part_kind kind) {
    return kind == PART_CATALOG || kind == PART_TOPOLOGY || kind == PART_RANGES;
}

/* -- telling, once a turn -- */

static bool time_left(void *arg) {
    return loop_budget_left(arg) > 0;
}

static void tell_events(struct survey *s);

/* True when the comparison is through and told. */
static bool diff_slice(struct survey *s) {
    if (!events_diff_step(s->diff, time_left, s->loop))
        return false;
    struct events_diff *d = s->diff;
    const struct events *found = events_diff_found(d);
    s->diff = NULL;
    if (found->len > 0 && s->happened != NULL)
        s->happened(s->arg, found);
    events_diff_free(d);
    retired_sweep(s);
    return true;
}

static bool diff_work(void *arg) {
    struct survey *s = arg;
    if (!diff_slice(s))
        return true;
    s->diff_work = NULL;
    if (s->diff_again)
        tell_events(s);
    return false;
}

/* Small pictures are compared at once, long ones in slices of the turns that follow. */
static void tell_events(struct survey *s) {
    s->diff_again = s->diff != NULL;
    if (s->diff != NULL)
        return;
    s->diff = events_diff_new(&s->told, &s->now, loop_now(s->loop), loop_wall());
    snapshot_clear(&s->told);
    snapshot_copy(&s->told, &s->now);
    if (!diff_slice(s))
        s->diff_work = loop_work_new(s->loop, diff_work, s);
}

static void tell(void *arg) {
    struct survey *s = arg;
    unsigned parts = s->pending;
    s->telling = false;
    s->pending = 0;
    if (s->freed) {
        free(s);
        return;
    }
    if ((parts & ((1u << PART_KINDS) - 1)) != 0)
        tell_events(s);
    retired_sweep(s);
    if (s->changed != NULL && parts != 0)
        s->changed(s->arg, parts); /* last: it may end the survey */
}

void publish_changed(struct survey *s, unsigned parts) {
    s->pending |= parts;
    if (s->telling)
        return;
    s->telling = true;
    loop_defer(s->loop, tell, s);
}

void publish_event(struct survey *s, enum event_kind kind, const char *text) {
    struct event e = {.kind = kind, .at = loop_now(s->loop), .at_wall = loop_wall(), .text = mem_strdup(text)};
    struct events events = {0};
    vec_push(&events, e);
    if (s->happened != NULL)
        s->happened(s->arg, &events);
    events_free(&events);
}

/* -- rows -- */

static struct part *rows_part(const struct survey *s, const struct snapshot *in) {
    usec asof = 0;
    int64_t asof_wall = 0;
    struct rows *rows = pages_build(s, in, &asof, &asof_wall);
    return rows != NULL ? part_new(PART_ROWS, rows, asof, asof_wall) : NULL;
}

void publish_rows(struct survey *s) {
    struct part *p;
    if (s->judge != NULL || s->now.parts[PART_CATALOG] == NULL)
        return; /* shown together with what is being judged */
    p = rows_part(s, &s->now);
    if (p == NULL)
        return;
    snapshot_set(&s->now, part_ref(p));
    snapshot_set(&s->next, p);
    landed_tell(s);
    publish_changed(s, 1u << PART_ROWS);
}

/* -- judging -- */

static usec oldest(const struct snapshot *in) {
    usec least = 0;
    for (int k = 0; k < PART_KINDS; k++)
        if (is_judged((enum part_kind)k) && in->parts[k] != NULL && (least == 0 || in->parts[k]->asof < least))
            least = in->parts[k]->asof;
    return least;
}

/* Shows the judged snapshot; parts that are not judged stay the newest. */
static void show(struct survey *s, struct snapshot *judged) {
    unsigned parts = 0;
    for (int k = 0; k < PART_KINDS; k++) {
        struct part *p = is_judged((enum part_kind)k) || k == PART_VERDICTS || k == PART_ROWS ? judged->parts[k]
            : s->next.parts[k];
        if (p == NULL || p == s->now.parts[k])
            continue;
        snapshot_set(&s->now, part_ref(p));
        parts |= 1u << k;
    }
    if ((parts & (1u << PART_ROWS)) != 0)
        landed_tell(s);
    publish_changed(s, parts);
}

static void judged(struct survey *s) {
    struct verdicts *v = judge_take(s->judge);
    judge_free(s->judge);
    s->judge = NULL;
    struct part *verdicts = part_new(PART_VERDICTS, v, oldest(&s->judging), loop_wall());
    retired_watch(s, verdicts);
    snapshot_set(&s->judging, verdicts);
    struct part *rows = rows_part(s, &s->judging);
    if (rows != NULL)
        snapshot_set(&s->judging, rows);
    show(s, &s->judging);
    snapshot_clear(&s->judging);
}

static void start_judge(struct survey *s);

static bool judge_slice(void *arg) {
    struct survey *s = arg;
    if (!judge_step(s->judge, time_left, s->loop) || !time_left(s->loop))
        return true; /* what follows the last step has a turn of its own */
    s->judge_work = NULL;
    judged(s);
    if (s->judge_again)
        start_judge(s);
    return false;
}

/* Without ranges or catalog there is nothing to judge: what there is is shown. While the bytes of regions are
 * being asked for, a verdict would rest on a guess. */
static void start_judge(struct survey *s) {
    s->judge_again = s->judge != NULL;
    if (s->judge != NULL || (s->spans.asking && s->next.parts[PART_RANGES] != NULL))
        return;
    snapshot_clear(&s->judging);
    snapshot_copy(&s->judging, &s->next);
    if (s->next.parts[PART_RANGES] == NULL || s->next.parts[PART_CATALOG] == NULL) {
        struct part *rows = s->next.parts[PART_CATALOG] != NULL ? rows_part(s, &s->judging) : NULL;
        if (rows != NULL)
            snapshot_set(&s->judging, rows);
        show(s, &s->judging);
        snapshot_clear(&s->judging);
        return;
    }
    s->judge = judge_new(&s->judging, &s->now, loop_now(s->loop));
    s->judge_work = loop_work_new(s->loop, judge_slice, s);
}

void publish_judge(struct survey *s) {
    start_judge(s);
}

void publish_later(struct survey *s, enum part_kind kind, void *data, usec asof, int64_t asof_wall) {
    struct part *p = part_new(kind, data, asof, asof_wall);
    if (kind == PART_RANGES)
        retired_watch(s, p);
    snapshot_set(&s->next, p);
}

void publish_part(struct survey *s, enum part_kind kind, void *data, usec asof, int64_t asof_wall) {
    struct part *p = part_new(kind, data, asof, asof_wall);
    snapshot_set(&s->next, p);
    if (is_judged(kind)) {
        start_judge(s);
        return;
    }
    snapshot_set(&s->now, part_ref(p));
    publish_changed(s, 1u << kind);
}

void publish_free(struct survey *s) {
    loop_work_free(s->diff_work);
    s->diff_work = NULL;
    events_diff_free(s->diff);
    s->diff = NULL;
    s->diff_again = false;
    loop_work_free(s->judge_work);
    s->judge_work = NULL;
    judge_free(s->judge);
    s->judge = NULL;
    s->judge_again = false;
    snapshot_clear(&s->judging);
    snapshot_clear(&s->next);
    snapshot_clear(&s->now);
    snapshot_clear(&s->told);
    retired_free(s);
}
