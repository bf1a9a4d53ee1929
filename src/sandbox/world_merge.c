/* world_merge: neighbours with equal configurations become one range, in new versions, minutes after they could. */
#include "world_private.h"

#include <stdlib.h>
#include <string.h>

/* When the ranges of the system's tables with which a cluster begins have merged, one after another, by the time since its
 * start, s: a first wave after six minutes, stragglers later. As the counts of the recorded replication reports say. */
static const int system_merges[] = {352, 355, 361, 363, 365, 368, 393, 406, 409, 413, 415, 422, 424, 426, 430, 440, 460,
    470, 537, 650, 713, 1100, 1450, 1845};

/* How old recorded neighbours of users' tables had become when they merged, s, in the order in which they became equal. */
static const int user_merges[] = {430, 418, 397};

void world_wake_merger(struct world *w) {
    if (w->pace->merges)
        world_alarm_set(w, ALARM_MERGER, 0);
}

static bool all_live(const struct world *w, const struct world_range *r) {
    for (size_t i = 0; i < r->replicas.len; i++)
        if (!world_store_live(w, r->replicas.items[i].store_id))
            return false;
    return true;
}

/* Merging moves replicas first where they differ: the right side then has the left side's. */
static void merge(struct world *w, size_t i) {
    struct world_range *left = w->ranges.items[i];
    struct world_range *right = w->ranges.items[i + 1];
    world_hold(w, right, -1);
    key_copy(&left->end, &right->end);
    left->size += right->size;
    left->live_count += right->live_count;
    key_free(&right->start);
    key_free(&right->end);
    vec_free(&right->replicas);
    free(right);
    w->ranges.len--;
    memmove(w->ranges.items + i + 1, w->ranges.items + i + 2,
        (w->ranges.len - i - 1) * sizeof *w->ranges.items);
    world_changed(w);
}

/* Neighbours of the system's tables whose configurations are equal, of those that may share a range. */
static bool is_system_pair(const struct world *w, size_t i) {
    const struct world_range *right = w->ranges.items[i + 1];
    const struct span *a = world_range_span(w, w->ranges.items[i]), *b = world_range_span(w, right);
    return a && b && a->system && b->system && world_system_merges(&right->start) && zone_equal(&a->zone, &b->zone);
}

static bool is_user_pair(const struct world *w, size_t i) {
    const struct world_range *right = w->ranges.items[i + 1];
    const struct span *a = world_range_span(w, w->ranges.items[i]), *b = world_range_span(w, right);
    return a && b && !a->system && !b->system && right->sticky_until < world_wall(w) && zone_equal(&a->zone, &b->zone);
}

/* The right side moves to where the left side is, which a quorum can decide; then each replica takes part. */
static bool can_merge(const struct world *w, size_t i) {
    return all_live(w, w->ranges.items[i]) && world_range_available(w, w->ranges.items[i + 1]);
}

/* So long, in s, for this and the next time. */
static usec in_turn(const struct world *w, const int *seconds, size_t n, size_t turn) {
    return world_scaled(w, seconds[turn % n] * (usec)USEC_PER_SEC);
}

/* When the next ranges of the system's tables are to merge; 0: no more. */
static usec system_due(const struct world *w) {
    const size_t n = sizeof system_merges / sizeof *system_merges;
    return w->system_merged < n ? w->born + in_turn(w, system_merges, n, w->system_merged) : 0;
}

/* The last pair that can, merges, when it is time. */
static bool merge_system(struct world *w) {
    const usec due = system_due(w);
    if (!due || due > world_now(w))
        return false;
    for (size_t i = w->ranges.len; i-- > 1;)
        if (is_system_pair(w, i - 1) && can_merge(w, i - 1)) {
            merge(w, i - 1);
            w->system_merged++;
            return true;
        }
    return false;
}

/* The time at which the pair may merge; 0: it is none. */
static usec user_due(struct world *w, size_t i) {
    struct world_range *right = w->ranges.items[i + 1];
    if (!is_user_pair(w, i))
        return right->merge_at = 0;
    if (!right->merge_at)
        right->merge_at = world_now(w) +
            in_turn(w, user_merges, sizeof user_merges / sizeof *user_merges, w->merge_turn++);
    if (right->merge_at <= world_now(w) && !can_merge(w, i))
        right->merge_at = world_now(w) + world_scaled(w, world_between(w, 10 * USEC_PER_SEC, w->pace->scan));
    return right->merge_at;
}

/* The later of two times and now; 0 stays 0. */
static usec not_before(usec due, usec least) { return due && due < least ? least : due; }

void world_merge(struct world *w) {
    const usec pause = world_scaled(w, USEC_PER_SEC);
    usec next = 0;
    bool merged = merge_system(w);
    for (size_t i = 0; !merged && i + 1 < w->ranges.len; i++) {
        const usec due = user_due(w, i);
        merged = due && due <= world_now(w);
        if (merged)
            merge(w, i);
        else
            next = world_sooner(next, due);
    }
    next = world_sooner(next, not_before(system_due(w), world_now(w) + pause));
    if (merged)
        next = world_now(w) + pause;
    if (next)
        world_alarm_set(w, ALARM_MERGER, next - world_now(w));
}
