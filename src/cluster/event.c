/* event: the differences of two snapshots in words. */
#include "domicile/cluster/event.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [EVENT_ROW_LANDED] = "row_landed", [EVENT_ROW_GONE] = "row_gone", [EVENT_ROW_MOVED] = "row_moved",
    [EVENT_REPLICA_ADDED] = "replica_added", [EVENT_REPLICA_REMOVED] = "replica_removed",
    [EVENT_REPLICA_CHANGED] = "replica_changed", [EVENT_LEASE_MOVED] = "lease_moved", [EVENT_RANGE_SPLIT] = "range_split",
    [EVENT_RANGE_MERGED] = "range_merged", [EVENT_VERDICT_CHANGED] = "verdict_changed", [EVENT_NODE_DOWN] = "node_down",
    [EVENT_NODE_UP] = "node_up", [EVENT_ZONE_CHANGED] = "zone_changed", [EVENT_POLICY_CHANGED] = "policy_changed",
    [EVENT_REPORT_REGENERATED] = "report_regenerated", [EVENT_STATEMENT] = "statement",
    [EVENT_CONNECTION] = "connection", [EVENT_NOTE] = "note",
};

const char *event_kind_name(enum event_kind k) { return kind_names[k]; }

void event_free(struct event *e) { free(e->text); }

void events_free(struct events *es) {
    for (size_t i = 0; i < es->len; i++)
        event_free(&es->items[i]);
    vec_free(es);
}

/* What every comparison needs. */
struct diff {
    struct events *out;
    const struct snapshot *before;
    const struct snapshot *now;
    usec at;
    int64_t at_wall;
};

static void add(struct diff *d, enum event_kind kind, int64_t range, int store, struct str *text) {
    struct event e = {.kind = kind, .at = d->at, .at_wall = d->at_wall, .range_id = range, .store_id = store, .text = str_take(text)};
    vec_push(d->out, e);
}

static const char *const replica_names[] = {"voter", "non-voter", "learner"};

static void add_store(struct str *out, const struct topology *t, int store) {
    const char *region = t ? topology_store_region(t, store) : NULL;
    if (t)
        topology_print_store(out, t, store);
    else
        str_add_f(out, "s%d", store);
    if (region)
        str_add_f(out, " in %s", region);
}

static void diff_replicas(struct diff *d, const struct range *a, const struct range *b) {
    const struct topology *t = snapshot_topology(d->now);
    for (size_t i = 0; i < a->replicas.len; i++) {
        const struct replica *old = &a->replicas.items[i];
        const struct replica *new = range_replica(b, old->store_id);
        struct str text = {0};
        if (new && new->kind == old->kind)
            continue;
        str_add_f(&text, "r%" PRId64 ": ", b->id);
        if (new)
            str_add_f(&text, "%s became %s on ", replica_names[old->kind], replica_names[new->kind]);
        else
            str_add_f(&text, "%s left ", replica_names[old->kind]);
        add_store(&text, t, old->store_id);
        add(d, new ? EVENT_REPLICA_CHANGED : EVENT_REPLICA_REMOVED, b->id, old->store_id, &text);
    }
    for (size_t i = 0; i < b->replicas.len; i++) {
        const struct replica *new = &b->replicas.items[i];
        struct str text = {0};
        if (range_replica(a, new->store_id))
            continue;
        str_add_f(&text, "r%" PRId64 ": %s came to ", b->id, replica_names[new->kind]);
        add_store(&text, t, new->store_id);
        add(d, EVENT_REPLICA_ADDED, b->id, new->store_id, &text);
    }
}

static void diff_lease(struct diff *d, const struct range *a, const struct range *b) {
    const struct topology *t = snapshot_topology(d->now);
    struct str text = {0};
    if (a->lease_state != LEASE_KNOWN || b->lease_state != LEASE_KNOWN || a->leaseholder == b->leaseholder)
        return;
    str_add_f(&text, "r%" PRId64 ": lease moved from ", b->id);
    add_store(&text, t, a->leaseholder);
    str_add(&text, " to ");
    add_store(&text, t, b->leaseholder);
    add(d, EVENT_LEASE_MOVED, b->id, b->leaseholder, &text);
}

static int by_id(const void *a, const void *b) {
    const struct range *x = *(const struct range *const *)a;
    const struct range *y = *(const struct range *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The ranges ordered by id: both snapshots are then walked side by side. */
static const struct range **sorted_by_id(const struct ranges *rs) {
    const struct range **out = mem_calloc(rs->len + 1, sizeof *out);
    for (size_t i = 0; i < rs->len; i++)
        out[i] = &rs->items[i];
    qsort(out, rs->len, sizeof *out, by_id);
    return out;
}

static void add_key_text(struct str *out, const struct range *r) {
    if (r->start_pretty)
        str_add(out, r->start_pretty);
    else
        key_print(out, &r->start);
}

static void diff_existence(struct diff *d, const struct range *r, bool came) {
    struct str text = {0};
    str_add_f(&text, came ? "r%" PRId64 " was split off at " : "r%" PRId64 " was merged away, it began at ", r->id);
    add_key_text(&text, r);
    add(d, came ? EVENT_RANGE_SPLIT : EVENT_RANGE_MERGED, r->id, 0, &text);
}

static void diff_ranges(struct diff *d) {
    const struct ranges *a = snapshot_ranges(d->before);
    const struct ranges *b = snapshot_ranges(d->now);
    if (!a || !b || a == b)
        return;
    const struct range **x = sorted_by_id(a);
    const struct range **y = sorted_by_id(b);
    for (size_t i = 0, k = 0; i < a->len || k < b->len;) {
        if (k == b->len || (i < a->len && x[i]->id < y[k]->id)) {
            diff_existence(d, x[i++], false);
        } else if (i == a->len || y[k]->id < x[i]->id) {
            diff_existence(d, y[k++], true);
        } else {
            diff_replicas(d, x[i], y[k]);
            diff_lease(d, x[i++], y[k++]);
        }
    }
    free(x);
    free(y);
}

static int by_verdict_id(const void *a, const void *b) {
    const struct range_verdict *x = *(const struct range_verdict *const *)a;
    const struct range_verdict *y = *(const struct range_verdict *const *)b;
    return (x->range_id > y->range_id) - (x->range_id < y->range_id);
}

/* The verdicts ordered by the ranges' ids. */
static const struct range_verdict **verdicts_by_id(const struct verdicts *v) {
    const struct range_verdict **out = mem_calloc(v->ranges.len + 1, sizeof *out);
    for (size_t i = 0; i < v->ranges.len; i++)
        out[i] = &v->ranges.items[i];
    qsort(out, v->ranges.len, sizeof *out, by_verdict_id);
    return out;
}

/* The verdict that the range had before: mostly at the same place, otherwise looked for; NULL: it had none. */
static const struct range_verdict *verdict_before(const struct verdicts *v, const struct range_verdict ***sorted, size_t here,
    int64_t range_id) {
    struct range_verdict key = {.range_id = range_id};
    const struct range_verdict *wanted = &key;
    if (here < v->ranges.len && v->ranges.items[here].range_id == range_id)
        return &v->ranges.items[here];
    if (!*sorted)
        *sorted = verdicts_by_id(v);
    const struct range_verdict **found = bsearch(&wanted, *sorted, v->ranges.len, sizeof *found, by_verdict_id);
    return found ? *found : NULL;
}

static void diff_verdicts(struct diff *d) {
    const struct verdicts *a = snapshot_verdicts(d->before);
    const struct verdicts *b = snapshot_verdicts(d->now);
    const struct range_verdict **sorted = NULL;
    if (!a || !b || a == b)
        return;
    for (size_t i = 0; i < b->ranges.len; i++) {
        const struct range_verdict *v = &b->ranges.items[i];
        const struct range_verdict *old = verdict_before(a, &sorted, i, v->range_id);
        if (!old || old->domicile.domicile == v->domicile.domicile || v->foreign)
            continue;
        struct str text = {0};
        str_add_f(&text, "r%" PRId64 "%s is %s (was %s): %s", v->range_id, v->gap ? ", a gap," : "", domicile_name(v->domicile.domicile),
            domicile_name(old->domicile.domicile), v->domicile.reason);
        add(d, EVENT_VERDICT_CHANGED, v->range_id, 0, &text);
    }
    free(sorted);
}

static void diff_nodes(struct diff *d) {
    const struct topology *a = snapshot_topology(d->before);
    const struct topology *b = snapshot_topology(d->now);
    if (!a || !b || a == b || !a->liveness_known || !b->liveness_known)
        return;
    for (size_t i = 0; i < b->nodes.len; i++) {
        const struct node *n = &b->nodes.items[i];
        const struct node *old = topology_node(a, n->id);
        struct str text = {0};
        if (!old ? n->liveness != LIVENESS_LIVE : old->liveness == n->liveness)
            continue;
        bool up = n->liveness == LIVENESS_LIVE;
        const char *region = locality_region(&n->locality);
        str_add_f(&text, "n%d in %s is %s", n->id, region ? region : "an unknown region", up ? "up" : "down");
        add(d, up ? EVENT_NODE_UP : EVENT_NODE_DOWN, 0, n->id, &text);
    }
}

static void diff_zone(struct diff *d, const char *what, const char *name, const struct zone *a, const struct zone *b) {
    struct str text = {0};
    if (!a->set || !b->set || zone_equal(a, b))
        return;
    str_add_f(&text, "the zone configuration of %s %s changed: num_replicas %d -> %d", what, name, a->num_replicas, b->num_replicas);
    add(d, EVENT_ZONE_CHANGED, 0, 0, &text);
}

static void diff_policy(struct diff *d, const struct database *a, const struct database *b) {
    static const char *const placements[] = {"unknown", "DEFAULT", "RESTRICTED"};
    static const char *const survivals[] = {"unknown", "zone failure", "region failure"};
    struct str text = {0};
    if (a->placement != b->placement && a->placement && b->placement) {
        str_add_f(&text, "placement of %s is %s (was %s)", b->name, placements[b->placement], placements[a->placement]);
        add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
    }
    if (a->survival != b->survival && a->survival && b->survival) {
        str_add_f(&text, "%s survives a %s (was: a %s)", b->name, survivals[b->survival], survivals[a->survival]);
        add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
    }
    for (size_t i = 0; i < b->regions.len; i++)
        if (!database_region(a, b->regions.items[i].name)) {
            str_add_f(&text, "region %s was added to %s", b->regions.items[i].name, b->name);
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        }
    for (size_t i = 0; i < a->regions.len; i++)
        if (!database_region(b, a->regions.items[i].name)) {
            str_add_f(&text, "region %s was dropped from %s", a->regions.items[i].name, b->name);
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        }
}

static void diff_catalog(struct diff *d) {
    const struct catalog *a = snapshot_catalog(d->before);
    const struct catalog *b = snapshot_catalog(d->now);
    if (!a || !b || a == b || !str_eq(a->database.name, b->database.name))
        return;
    diff_policy(d, &a->database, &b->database);
    diff_zone(d, "database", b->database.name, &a->database.zone, &b->database.zone);
    for (size_t i = 0; i < b->tables.len; i++) {
        const struct table *t = &b->tables.items[i];
        const struct table *old = catalog_table(a, t->name);
        struct str text = {0};
        if (!old)
            continue;
        if (!str_eq(old->locality_text, t->locality_text) && t->locality_text) {
            str_add_f(&text, "%s is %s (was %s)", t->name, t->locality_text, old->locality_text ? old->locality_text : "without locality");
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        }
        if (!zone_equal(&a->database.zone, &b->database.zone))
            continue; /* what a table inherits was told with the database's */
        diff_zone(d, "table", t->name, &old->zone, &t->zone);
    }
}

static void diff_report(struct diff *d) {
    const struct report *a = snapshot_report(d->before);
    const struct report *b = snapshot_report(d->now);
    struct str text = {0};
    int64_t violating = 0;
    if (!a || !b || a == b || a->generated_wall == b->generated_wall || !b->generated_wall)
        return;
    for (size_t i = 0; i < b->rows.len; i++)
        violating += b->rows.items[i].violating_ranges;
    str_add_f(&text, "CockroachDB's report was made anew: %" PRId64 " violations in %zu rows", violating, b->rows.len);
    add(d, EVENT_REPORT_REGENERATED, 0, 0, &text);
}

void events_diff(struct events *out, const struct snapshot *previous, const struct snapshot *now, usec at, int64_t at_wall) {
    struct diff d = {out, previous, now, at, at_wall};
    diff_nodes(&d);
    diff_catalog(&d);
    diff_ranges(&d);
    diff_verdicts(&d);
    diff_report(&d);
}
