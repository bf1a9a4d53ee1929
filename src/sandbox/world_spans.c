/* world_spans: the way of a configuration from the statement that changes it to the stores. The reconciler looks at the
 * catalog every few seconds, as often as the feed that it follows reports how far it is; what it finds reaches the
 * stores some seconds later. */
#include "world_private.h"

#include <string.h>

const struct spans *world_spans(const struct world *w) { return &w->spans; }

void world_set_spans(struct world *w, struct spans *spans) {
    const usec step = world_scaled(w, w->pace->reconcile);
    spans_free(&w->wanted);
    w->wanted = *spans;
    *spans = (struct spans){0};
    w->changed = true;
    if (!world_alarm_is_set(w, ALARM_RECONCILER))
        world_alarm_set(w, ALARM_RECONCILER, step > 0 ? step - (world_now(w) - w->born) % step : 0);
}

static void arm_propagation(struct world *w) {
    if (w->pending.len)
        world_alarm_set(w, ALARM_PROPAGATION, w->pending.items[0].due - world_now(w));
}

/* None overtakes another. */
void world_reconcile(struct world *w) {
    const struct world_pending *last = w->pending.len ? &w->pending.items[w->pending.len - 1] : NULL;
    if (!w->changed)
        return;
    const usec delay = world_scaled(w, world_between(w, w->pace->propagation_min, w->pace->propagation_max));
    struct world_pending p = {.spans = w->wanted, .due = world_now(w) + delay};
    w->wanted = (struct spans){0};
    w->changed = false;
    if (last && last->due > p.due)
        p.due = last->due;
    vec_push(&w->pending, p);
    arm_propagation(w);
}

void world_propagate(struct world *w) {
    if (!w->pending.len)
        return;
    struct spans before = w->spans;
    w->spans = w->pending.items[0].spans;
    memmove(w->pending.items, w->pending.items + 1, --w->pending.len * sizeof *w->pending.items);
    world_apply_splits(w);
    w->before = &before;
    world_schedule(w, CAUSE_UPDATE);
    w->before = NULL;
    spans_free(&before);
    world_changed(w);
    arm_propagation(w);
}

void world_propagate_all(struct world *w) {
    world_alarm_clear(w, ALARM_RECONCILER);
    world_reconcile(w);
    while (w->pending.len)
        world_propagate(w);
    world_alarm_clear(w, ALARM_PROPAGATION);
    world_apply_splits(w);
}

void world_spans_free(struct world *w) {
    spans_free(&w->wanted);
    spans_free(&w->spans);
    for (size_t i = 0; i < w->pending.len; i++)
        spans_free(&w->pending.items[i].spans);
    vec_free(&w->pending);
}
