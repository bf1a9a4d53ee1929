/* world: nodes, time, and what happens when. */
#include "world_private.h"

#include "domicile/base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A node that starts joins in before the others take it to be live. */
enum { LIVE_AFTER = 5 * USEC_PER_SEC, STORE_DEAD_AFTER = 300 * USEC_PER_SEC,
    SUSPECT_FOR = 30 * USEC_PER_SEC };

static const char *const default_localities[] = {
    "cloud=azure,region=uksouth,zone=1",
    "cloud=azure,region=uksouth,zone=2",
    "cloud=azure,region=uksouth,zone=3",
    "cloud=aws,region=eu-west-1,zone=a",
    "cloud=aws,region=eu-west-1,zone=b",
    "cloud=aws,region=eu-west-1,zone=c",
    "cloud=gcp,region=europe-west4,zone=a",
    "cloud=gcp,region=europe-west4,zone=b",
    "cloud=gcp,region=europe-west4,zone=c",
};

static const struct world_pace pace_old = {
    .reconcile = 3 * USEC_PER_SEC, .propagation_min = 3000 * USEC_PER_MS, .propagation_max = 4000 * USEC_PER_MS,
    .update_enqueues = false,
    .range_min = 100 * USEC_PER_MS, .range_max = 500 * USEC_PER_MS, .scan = 30 * (usec)USEC_PER_SEC,
    .step = 400 * USEC_PER_MS, .snapshot = 150 * USEC_PER_MS, .coalesces = false,
};
static const struct world_pace pace_new = {
    .reconcile = 3 * USEC_PER_SEC, .propagation_min = 5600 * USEC_PER_MS, .propagation_max = 6200 * USEC_PER_MS,
    .update_enqueues = true,
    .range_min = 20 * USEC_PER_MS, .range_max = 120 * USEC_PER_MS, .scan = 60 * (usec)USEC_PER_SEC,
    .step = 200 * USEC_PER_MS, .snapshot = 100 * USEC_PER_MS, .merges = true, .coalesces = true,
};

uint64_t world_random(struct world *w, uint64_t n) {
    w->random += 0x9e3779b97f4a7c15U;
    uint64_t z = w->random;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return n ? (z ^ (z >> 31)) % n : 0;
}

usec world_between(struct world *w, usec low, usec high) {
    return low + (usec)world_random(w, (uint64_t)(high - low + 1));
}

usec world_scaled(const struct world *w, usec duration) { return (usec)((double)duration / w->speed); }

void world_changed(struct world *w) {
    w->changes++;
    if (w->on_change)
        w->on_change(w->on_change_arg);
}

static bool add_nodes(struct world *w, const struct world_options *o, struct err *err) {
    bool given = o->localities && o->locality_count > 0;
    size_t n = given ? o->locality_count : sizeof default_localities / sizeof *default_localities;
    for (size_t i = 0; i < n; i++) {
        const char *text = given ? o->localities[i] : default_localities[i];
        struct world_node node = {
            .id = (int)i + 1, .up = true, .live = true, .epoch = 1, .started_wall = world_wall(w)};
        if (!locality_parse(&node.locality, text, err))
            return err_prefix(err, "node %zu", i + 1);
        node.locality_text = mem_strdup(text);
        vec_push(&w->nodes, node);
        vec_push(&w->held, 0);
    }
    return true;
}

/* The records of nodes that have stopped run out; the reporter sees it, leases move. */
static void on_liveness(struct world *w) {
    int64_t next = 0; /* when the next record runs out, or the next store counts as dead */
    bool lost = false;
    for (size_t i = 0; i < w->nodes.len; i++) {
        struct world_node *n = &w->nodes.items[i];
        const int64_t dead = n->down_wall + STORE_DEAD_AFTER;
        if (n->up && !n->live) {
            n->live = world_wall(w) >= n->started_wall + LIVE_AFTER;
            if (!n->live)
                next = world_sooner(next, n->started_wall + LIVE_AFTER);
        }
        if (n->up && n->live && !world_store_trusted(w, n->id))
            next = world_sooner(next, n->started_wall + LIVE_AFTER + SUSPECT_FOR + 1);
        if (n->up || world_wall(w) > dead)
            continue;
        if (n->live && world_wall(w) >= n->expiration_wall) {
            n->live = false;
            lost = true;
        }
        const int64_t due = n->live ? n->expiration_wall : dead + 1;
        next = world_sooner(next, due);
    }
    world_schedule(w, lost ? CAUSE_FAILURE : CAUSE_SCAN);
    world_changed(w);
    if (next)
        world_alarm_set(w, ALARM_LIVENESS, next - world_wall(w) > 0 ? next - world_wall(w) : 1);
}

struct world *world_new(const struct world_options *o, struct err *err) {
    struct world *w = mem_calloc(1, sizeof *w);
    w->loop = o->loop;
    w->compat = o->compat;
    w->speed = o->speed > 0 ? o->speed : 1;
    w->random = o->seed;
    world_clock_open(w, o->speed <= 0);
    w->born = world_now(w);
    w->pace = o->compat >= 2301 ? &pace_new : &pace_old;
    w->next_range_id = 1;
    if (!add_nodes(w, o, err)) {
        world_free(w);
        return NULL;
    }
    world_compare_localities(w);
    w->alarms[ALARM_RECONCILER].ring = world_reconcile;
    w->alarms[ALARM_PROPAGATION].ring = world_propagate;
    w->alarms[ALARM_ALLOCATOR].ring = world_allocate;
    w->alarms[ALARM_LIVENESS].ring = on_liveness;
    w->alarms[ALARM_REPORTER].ring = world_generate_report;
    w->alarms[ALARM_MERGER].ring = world_merge;
    world_make_system(w);
    world_settle(w);
    world_set_report_interval(w, o->report_interval);
    return w;
}

void world_free(struct world *w) {
    if (!w)
        return;
    world_clock_close(w);
    for (size_t i = 0; i < w->nodes.len; i++) {
        locality_free(&w->nodes.items[i].locality);
        free(w->nodes.items[i].locality_text);
    }
    for (size_t i = 0; i < w->ranges.len; i++) {
        key_free(&w->ranges.items[i]->start);
        key_free(&w->ranges.items[i]->end);
        vec_free(&w->ranges.items[i]->replicas);
        free(w->ranges.items[i]);
    }
    free(w->likeness);
    vec_free(&w->nodes);
    vec_free(&w->held);
    vec_free(&w->ranges);
    spans_free(&w->system);
    world_spans_free(w);
    world_report_free(&w->report);
    free(w);
}

size_t world_node_count(const struct world *w) { return w->nodes.len; }

const struct world_node *world_node(const struct world *w, int id) {
    if (id < 1 || (size_t)id > w->nodes.len)
        return NULL;
    struct world_node *n = &w->nodes.items[id - 1];
    if (n->up) /* a living node renews its record all the time */
        n->expiration_wall = world_wall(w) + LIVENESS_EXPIRES + USEC_PER_SEC / 2;
    return n;
}

const struct world_node *world_store_node(const struct world *w, int store) {
    return store >= 1 && (size_t)store <= w->nodes.len ? &w->nodes.items[store - 1] : NULL;
}

bool world_store_live(const struct world *w, int store) {
    const struct world_node *n = world_store_node(w, store);
    return n && n->up;
}

/* server.time_after_store_suspect, 30 s, after it is live again. */
bool world_store_trusted(const struct world *w, int store) {
    const struct world_node *n = world_store_node(w, store);
    return n && n->up && (n->epoch == 1 || world_wall(w) - n->started_wall > (int64_t)(LIVE_AFTER + SUSPECT_FOR));
}

bool world_store_dead(const struct world *w, int store) {
    const struct world_node *n = world_store_node(w, store);
    return n && !n->up && world_wall(w) - n->down_wall > (int64_t)STORE_DEAD_AFTER;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t world_regions(const struct world *w, const char ***names) {
    const char **out = mem_calloc(w->nodes.len + 1, sizeof *out);
    size_t n = 0;
    for (size_t i = 0; i < w->nodes.len; i++) {
        const char *region = locality_region(&w->nodes.items[i].locality);
        size_t k = 0;
        while (region && k < n && strcmp(out[k], region) != 0)
            k++;
        if (region && k == n)
            out[n++] = region;
    }
    qsort(out, n, sizeof *out, compare_names);
    *names = out;
    return n;
}

void world_on_node(struct world *w, void (*changed)(void *arg, int node, bool up), void *arg) {
    w->on_node = changed;
    w->on_node_arg = arg;
}

void world_on_change(struct world *w, void (*changed)(void *arg), void *arg) {
    w->on_change = changed;
    w->on_change_arg = arg;
}

static void stop_node(struct world *w, struct world_node *n) {
    n->up = false;
    n->down_wall = world_wall(w);
    n->expiration_wall = n->down_wall + LIVENESS_EXPIRES;
    world_alarm_set(w, ALARM_LIVENESS, LIVENESS_EXPIRES);
    if (w->on_node)
        w->on_node(w->on_node_arg, n->id, false);
}

static void start_node(struct world *w, struct world_node *n) {
    n->epoch += !n->live;
    n->up = true;
    n->down_wall = 0;
    n->started_wall = world_wall(w);
    world_alarm_set(w, ALARM_LIVENESS, 1);
    if (w->on_node)
        w->on_node(w->on_node_arg, n->id, true);
}

static bool change_node(struct world *w, int id, bool up, struct err *err) {
    if (!world_node(w, id))
        return err_set(err, ERR_INPUT, "there is no node %d; the nodes are 1 to %zu", id, w->nodes.len);
    struct world_node *n = &w->nodes.items[id - 1];
    if (n->up == up)
        return err_set(err, ERR_INPUT, "node %d is %s already", id, up ? "up" : "down");
    if (up)
        start_node(w, n);
    else
        stop_node(w, n);
    world_schedule(w, up ? CAUSE_SCAN : CAUSE_FAILURE);
    world_changed(w);
    return true;
}

bool world_kill_node(struct world *w, int id, struct err *err) { return change_node(w, id, false, err); }
bool world_start_node(struct world *w, int id, struct err *err) { return change_node(w, id, true, err); }

static bool change_region(struct world *w, const char *region, bool up, struct err *err) {
    bool found = false;
    for (size_t i = 0; i < w->nodes.len; i++) {
        struct world_node *n = &w->nodes.items[i];
        if (!str_eq(locality_region(&n->locality), region))
            continue;
        found = true;
        if (n->up && !up)
            stop_node(w, n);
        else if (!n->up && up)
            start_node(w, n);
    }
    if (!found)
        return err_set(err, ERR_INPUT, "no node is in region \"%s\"", region);
    world_schedule(w, up ? CAUSE_SCAN : CAUSE_FAILURE);
    world_changed(w);
    return true;
}

bool world_kill_region(struct world *w, const char *region, struct err *err) {
    return change_region(w, region, false, err);
}
bool world_start_region(struct world *w, const char *region, struct err *err) {
    return change_region(w, region, true, err);
}

struct distance {
    const char *a, *b;
    usec rtt;
};

/* Round trips of the walkthrough's regions; others follow from their names, so that they stay what they are. */
static const struct distance distances[] = {
    {"eu-west-1", "uksouth", 12 * USEC_PER_MS},
    {"europe-west4", "uksouth", 18 * USEC_PER_MS},
    {"eu-west-1", "europe-west4", 25 * USEC_PER_MS},
    {"us-east1", "us-west1", 66 * USEC_PER_MS},
    {"europe-west1", "us-east1", 64 * USEC_PER_MS},
    {"europe-west1", "us-west1", 146 * USEC_PER_MS},
};

static usec region_rtt(const char *a, const char *b) {
    const char *first = strcmp(a, b) < 0 ? a : b;
    const char *second = first == a ? b : a;
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++)
        if (strcmp(distances[i].a, first) == 0 && strcmp(distances[i].b, second) == 0)
            return distances[i].rtt;
    unsigned hash = 5381;
    for (const char *p = first; *p; p++)
        hash = hash * 33 + (unsigned char)*p;
    for (const char *p = second; *p; p++)
        hash = hash * 33 + (unsigned char)*p;
    return (20 + hash % 80) * (usec)USEC_PER_MS;
}

usec world_rtt(const struct world *w, int a, int b) {
    const struct world_node *x = world_store_node(w, a);
    const struct world_node *y = world_store_node(w, b);
    const char *first = x ? locality_region(&x->locality) : NULL;
    const char *second = y ? locality_region(&y->locality) : NULL;
    if (!first || !second || strcmp(first, second) == 0)
        return a == b ? 0 : 500;
    return region_rtt(first, second);
}

usec world_cost(const struct world *w, int node, const struct key *k) {
    const struct world_range *r = world_range_of(w, k);
    return r && r->lease ? world_rtt(w, node, r->lease) : 0;
}

void world_settle(struct world *w) {
    world_propagate_all(w);
    for (size_t i = 0; i < w->ranges.len; i++) {
        struct world_range *r = w->ranges.items[i];
        for (int step = 0; step < 100 && world_step(w, r, true) != STEP_NONE; step++) {
        }
        r->act_at = 0;
    }
    world_alarm_clear(w, ALARM_ALLOCATOR);
    world_changed(w);
}

uint64_t world_changes(const struct world *w) { return w->changes; }
const struct world_report *world_report(const struct world *w) { return &w->report; }

void world_set_report_interval(struct world *w, usec interval) {
    w->report_interval = interval;
    if (interval > 0)
        world_alarm_set(w, ALARM_REPORTER, 30 * USEC_PER_MS);
    else
        world_alarm_clear(w, ALARM_REPORTER);
}
