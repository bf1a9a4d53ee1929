/* world_split: ranges, their look-up, their splits. */
#include "world_private.h"

#include <stdlib.h>
#include <string.h>

enum { STICKY = 3600 };

size_t world_range_count(const struct world *w) { return w->ranges.len; }
const struct world_range *world_range_at(const struct world *w, size_t i) { return w->ranges.items[i]; }

size_t world_find(const struct world *w, const struct key *k) {
    size_t low = 0;
    size_t high = w->ranges.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (key_compare(&w->ranges.items[mid]->start, k) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : 0;
}

const struct world_range *world_range_of(const struct world *w, const struct key *k) {
    return w->ranges.len ? w->ranges.items[world_find(w, k)] : NULL;
}

/* The configuration at a key: the users' tables', else the system's. */
static const struct span *span_at(const struct world *w, const struct key *k) {
    const struct span *s = spans_find(&w->spans, k);
    return s ? s : spans_find(&w->system, k);
}

const struct span *world_range_span(const struct world *w, const struct world_range *r) {
    return span_at(w, &r->start);
}

struct world_range *world_add_range(struct world *w, const struct key *start, const struct key *end) {
    struct world_range *r = mem_calloc(1, sizeof *r);
    r->id = w->next_range_id++;
    key_copy(&r->start, start);
    key_copy(&r->end, end);
    vec_push(&w->ranges, r);
    size_t i = w->ranges.len - 1;
    for (; i > 0 && key_compare(&w->ranges.items[i - 1]->start, start) > 0; i--)
        w->ranges.items[i] = w->ranges.items[i - 1];
    w->ranges.items[i] = r;
    return r;
}

void world_hold(struct world *w, const struct world_range *r, int sign) {
    for (size_t i = 0; i < r->replicas.len; i++)
        w->held.items[r->replicas.items[i].store_id - 1] += sign;
}

/* The right half is a new range with the left half's replicas. */
static struct world_range *split_at(struct world *w, const struct key *k) {
    struct world_range *left = w->ranges.items[world_find(w, k)];
    if (key_compare(&left->start, k) == 0 || key_compare(k, &left->end) >= 0)
        return NULL;
    struct key end = {0};
    key_copy(&end, &left->end);
    key_copy(&left->end, k);
    struct world_range *right = world_add_range(w, k, &end);
    key_free(&end);
    for (size_t i = 0; i < left->replicas.len; i++)
        vec_push(&right->replicas, left->replicas.items[i]);
    right->lease = left->lease;
    world_hold(w, right, 1);
    return right;
}

/* Both halves of a split are looked at soon after it. */
static void look_soon(struct world *w, struct world_range *r) {
    world_look(w, r, world_scaled(w, world_between(w, w->pace->range_min, 4 * w->pace->range_max)));
}

void world_split(struct world *w, const struct key *k, bool sticky) {
    struct world_range *right = split_at(w, k);
    if (!right)
        return;
    if (sticky)
        right->sticky_until = world_wall(w) + (int64_t)STICKY * USEC_PER_SEC;
    world_changed(w);
    world_wake_merger(w);
}

/* 2262-04-11 23:47:16.854775, the end of time on the server's clock. */
static const int64_t FOR_EVER = INT64_MAX / 1000;

void world_split_evenly(struct world *w, const struct key *k) {
    struct world_range *right = split_at(w, k);
    if (!right)
        return;
    right->sticky_until = FOR_EVER;
    world_hold(w, right, -1);
    vec_clear(&right->replicas);
    while (world_step(w, right, true) != STEP_NONE) {
    }
    /* Any of them first: what the preferences do not want moves on. */
    right->lease = right->replicas.len ? right->replicas.items[world_random(w, right->replicas.len)].store_id : 0;
    while (world_step(w, right, true) != STEP_NONE) {
    }
}

static bool same_configuration(const struct span *a, const struct span *b) {
    return a && b && a->system == b->system && zone_equal(&a->zone, &b->zone);
}

/* Old versions split wherever a configuration begins, new ones where it becomes another. */
static bool wants_split(const struct world *w, size_t i) {
    const struct span *s = &w->spans.items[i];
    const struct span *before = i > 0 && key_compare(&w->spans.items[i - 1].end, &s->start) == 0
        ? &w->spans.items[i - 1]
        : NULL;
    return !w->pace->coalesces || !same_configuration(before, s);
}

static bool split_and_look(struct world *w, const struct key *k) {
    struct world_range *right = split_at(w, k);
    if (!right)
        return false;
    look_soon(w, w->ranges.items[world_find(w, k) - 1]);
    look_soon(w, right);
    return true;
}

void world_apply_splits(struct world *w) {
    bool any = false;
    for (size_t i = 0; i < w->spans.len; i++)
        if (wants_split(w, i))
            any = split_and_look(w, &w->spans.items[i].start) || any;
    if (any)
        world_changed(w);
    world_wake_merger(w);
}

void world_clear_sizes(struct world *w) {
    for (size_t i = 0; i < w->ranges.len; i++)
        w->ranges.items[i]->size = w->ranges.items[i]->live_count = 0;
}

void world_spread_size(struct world *w, const struct key *start, const struct key *end, int64_t bytes, int64_t rows) {
    const size_t first = w->ranges.len ? world_find(w, start) : 0;
    size_t last = first;
    while (last < w->ranges.len && (last == first || key_compare(&w->ranges.items[last]->start, end) < 0))
        last++;
    for (size_t i = first; i < last; i++) {
        const int64_t left = (int64_t)(last - i), part_bytes = bytes / left, part_rows = rows / left;
        w->ranges.items[i]->size += part_bytes;
        w->ranges.items[i]->live_count += part_rows;
        bytes -= part_bytes;
        rows -= part_rows;
    }
}

void world_store_counts(const struct world *w, int store, int64_t *ranges, int64_t *leases) {
    *ranges = *leases = 0;
    for (size_t i = 0; i < w->ranges.len; i++) {
        const struct world_range *r = w->ranges.items[i];
        for (size_t k = 0; k < r->replicas.len; k++)
            *ranges += r->replicas.items[k].store_id == store;
        *leases += r->lease == store;
    }
}
