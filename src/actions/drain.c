/* drain: how many replicas are still abroad after a change, and whether anything moves. */
#include "change_private.h"

#include <string.h>

enum { HISTORY = 600, TO_GO = 8, CALM = 5 * USEC_PER_SEC, SAMPLE_EVERY = 1 * USEC_PER_SEC };

static int abroad(const struct verdict_counts *v) {
    return v->voters_abroad + v->non_voters_abroad + v->learners_abroad;
}

static bool take(struct change_sample *sample, const struct snapshot *s, usec at) {
    const struct verdicts *v = snapshot_verdicts(s);
    if (v == NULL)
        return false;
    *sample = (struct change_sample){at, abroad(&v->rows), abroad(&v->gaps), v->not_conforming};
    return true;
}

void change_begin_counts(struct change *c) {
    struct change_sample sample;
    if (!take(&sample, survey_snapshot(c->s), loop_now(c->loop)))
        return;
    c->progress.start_abroad = c->progress.peak_abroad = sample.abroad;
    c->progress.start_gaps = c->progress.peak_gaps = sample.abroad_gaps;
    vec_push(&c->progress.history, sample);
}

static void remember(struct change_progress *p, const struct change_sample *sample) {
    struct change_sample *last = p->history.len > 0 ? &p->history.items[p->history.len - 1] : NULL;
    if (last != NULL && sample->at - last->at < SAMPLE_EVERY) {
        usec at = last->at;
        *last = *sample;
        last->at = at;
    } else {
        if (p->history.len == HISTORY)
            memmove(p->history.items, p->history.items + 1, --p->history.len * sizeof *p->history.items);
        vec_push(&p->history, *sample);
    }
    p->peak_abroad = sample->abroad > p->peak_abroad ? sample->abroad : p->peak_abroad;
    p->peak_gaps = sample->abroad_gaps > p->peak_gaps ? sample->abroad_gaps : p->peak_gaps;
}

static void add_to_go(struct change_progress *p, const struct range_verdict *v, const struct topology *t) {
    struct str out = {0};
    str_add_f(&out, "r%lld on", (long long)v->range_id);
    for (size_t i = 0; i < v->domicile->abroad.len; i++) {
        str_add(&out, " ");
        topology_print_store(&out, t, v->domicile->abroad.items[i]);
    }
    vec_push(&p->to_go, str_take(&out));
}

static void list_to_go(struct change_progress *p, const struct snapshot *s) {
    const struct verdicts *v = snapshot_verdicts(s);
    const struct topology *t = snapshot_topology(s);
    for (size_t i = 0; i < p->to_go.len; i++)
        free(p->to_go.items[i]);
    vec_clear(&p->to_go);
    for (size_t i = 0; t != NULL && i < v->ranges.len && p->to_go.len < TO_GO; i++)
        if (v->ranges.items[i].domicile->abroad.len > 0)
            add_to_go(p, &v->ranges.items[i], t);
}

/* It is calm when the cluster conforms to the new rules and nothing is on its way, for a while. */
static void watch_calm(struct change *c, const struct change_sample *sample, int moving) {
    bool calm = sample->not_conforming == 0 && moving == 0;
    usec now = loop_now(c->loop);
    if (!calm)
        c->calm_since = 0;
    else if (c->calm_since == 0)
        c->calm_since = now;
    else if (now - c->calm_since >= CALM)
        change_set_state(c, CHANGE_SETTLED,
            sample->abroad + sample->abroad_gaps == 0
                ? mem_printf("settled: every replica is home, after %lld s",
                      (long long)((now - c->progress.started) / USEC_PER_SEC))
                : mem_printf("settled: every range conforms; %d replicas stay outside home, as the rules want",
                      sample->abroad + sample->abroad_gaps));
}

void change_notice(struct change *c, unsigned parts) {
    const struct snapshot *s = survey_snapshot(c->s);
    const struct part *ranges = s->parts[PART_RANGES], *catalog = s->parts[PART_CATALOG];
    struct change_sample sample;
    bool watched = c->progress.state <= CHANGE_DRAINING;
    if ((parts & (1u << PART_VERDICTS)) == 0 || !watched || !take(&sample, s, loop_now(c->loop)))
        return;
    remember(&c->progress, &sample);
    list_to_go(&c->progress, s);
    const struct verdicts *v = snapshot_verdicts(s);
    bool fresh = ranges != NULL && catalog != NULL && ranges->asof > c->progress.changed
        && catalog->asof > c->progress.changed;
    c->progress.in_force = c->progress.state == CHANGE_DRAINING && fresh;
    if (c->progress.in_force && sample.not_conforming > c->progress.peak_not_conforming)
        c->progress.peak_not_conforming = sample.not_conforming;
    if (c->progress.in_force) {
        survey_hurry(c->s);
        watch_calm(c, &sample, v->rows.moving + v->gaps.moving);
    }
    change_tell(c);
}

static int between(int n, int most) {
    return n < 0 ? 0 : n > most ? most : n;
}

double change_fraction(const struct change_progress *p, int *gone, int *all) {
    const struct change_sample *last = p->history.len > 0 ? &p->history.items[p->history.len - 1] : NULL;
    int now = last != NULL ? last->abroad + last->abroad_gaps : 0;
    switch (p->measure) {
    case CHANGE_LEAVES:
        *all = p->peak_abroad + p->peak_gaps;
        *gone = *all - now;
        break;
    case CHANGE_COMES:
        *all = p->foretold;
        *gone = between(now - p->start_abroad - p->start_gaps, *all);
        break;
    case CHANGE_TURNS:
        *all = p->foretold > p->peak_not_conforming ? p->foretold : p->peak_not_conforming;
        *gone = p->in_force && last != NULL ? between(*all - last->not_conforming, *all) : 0;
        break;
    }
    if (p->state == CHANGE_SETTLED)
        return 1;
    return *all > 0 ? (double)*gone / *all : 0;
}
