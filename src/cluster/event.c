/* event: the differences of two snapshots in words. */
#include "domicile/cluster/event.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [EVENT_ROW_LANDED] = "row_landed",
    [EVENT_ROW_GONE] = "row_gone",
    [EVENT_ROW_MOVED] = "row_moved",
    [EVENT_REPLICA_ADDED] = "replica_added",
    [EVENT_REPLICA_REMOVED] = "replica_removed",
    [EVENT_REPLICA_CHANGED] = "replica_changed",
    [EVENT_LEASE_MOVED] = "lease_moved",
    [EVENT_RANGE_SPLIT] = "range_split",
    [EVENT_RANGE_MERGED] = "range_merged",
    [EVENT_VERDICT_CHANGED] = "verdict_changed",
    [EVENT_NODE_DOWN] = "node_down",
    [EVENT_NODE_UP] = "node_up",
    [EVENT_ZONE_CHANGED] = "zone_changed",
    [EVENT_POLICY_CHANGED] = "policy_changed",
    [EVENT_REPORT_REGENERATED] = "report_regenerated",
    [EVENT_STATEMENT] = "statement",
    [EVENT_CONNECTION] = "connection",
    [EVENT_NOTE] = "note",
};

const char *event_kind_name(enum event_kind k) { return kind_names[k]; }

void event_free(struct event *e) { free(e->text); }

void events_free(struct events *es) {
    for (size_t i = 0; i < es->len; i++)
        event_free(&es->items[i]);
    vec_free(es);
}

/* A comparison on its way. Lists of ranges mostly differ at one place: what is before and behind it is compared
 * place by place, and only what is between is ordered by id. */
struct events_diff {
    struct events found;
    struct events *out;
    struct snapshot before_held, now_held;
    const struct snapshot *before;
    const struct snapshot *now;
    usec at;
    int64_t at_wall;
    size_t stage;
    size_t front, back;      /* ranges at the same place from the front and from the end */
    size_t back_done;
    const struct range **x, **y; /* those between, by id; NULL: not ordered yet */
    size_t xn, yn, i, k;
    size_t verdict;          /* the next to compare */
    ptrdiff_t shift;         /* from its place to that of its predecessor */
    const struct range_verdict **sorted;
};
enum { SLICE = 64 };

static void add(struct events_diff *d, enum event_kind kind, int64_t range, int store, struct str *text) {
    struct event e = {
        .kind = kind, .at = d->at, .at_wall = d->at_wall, .range_id = range, .store_id = store, .text = str_take(text)};
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

static void diff_replicas(struct events_diff *d, const struct range *a, const struct range *b) {
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

static void diff_lease(struct events_diff *d, const struct range *a, const struct range *b) {
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

/* n ranges from the first, ordered by id. */
static const struct range **sorted_by_id(const struct range *first, size_t n) {
    const struct range **out = mem_calloc(n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = &first[i];
    qsort(out, n, sizeof *out, by_id);
    return out;
}

static void add_key_text(struct str *out, const struct range *r) {
    if (r->start_pretty)
        str_add(out, r->start_pretty);
    else
        key_print(out, &r->start);
}

static void diff_existence(struct events_diff *d, const struct range *r, bool came) {
    struct str text = {0};
    str_add_f(&text, came ? "r%" PRId64 " was split off at " : "r%" PRId64 " was merged away, it began at ", r->id);
    add_key_text(&text, r);
    add(d, came ? EVENT_RANGE_SPLIT : EVENT_RANGE_MERGED, r->id, 0, &text);
}

static void diff_pair(struct events_diff *d, const struct range *a, const struct range *b) {
    diff_replicas(d, a, b);
    diff_lease(d, a, b);
}

/* The lists of ranges; false: there is nothing to compare. */
static bool both_ranges(const struct events_diff *d, const struct ranges **a, const struct ranges **b) {
    *a = snapshot_ranges(d->before);
    *b = snapshot_ranges(d->now);
    return *a && *b && *a != *b;
}

static bool diff_front(struct events_diff *d) {
    const struct ranges *a, *b;
    if (!both_ranges(d, &a, &b))
        return true;
    for (int n = 0; n < SLICE; n++, d->front++) {
        if (d->front >= a->len || d->front >= b->len || a->items[d->front].id != b->items[d->front].id)
            return true;
        diff_pair(d, &a->items[d->front], &b->items[d->front]);
    }
    return false;
}

static void order_middle(struct events_diff *d, const struct ranges *a, const struct ranges *b) {
    d->xn = a->len - d->front - d->back;
    d->yn = b->len - d->front - d->back;
    d->x = sorted_by_id(a->items + d->front, d->xn);
    d->y = sorted_by_id(b->items + d->front, d->yn);
}

/* How many at the end are the same ranges: they are told after those in between. */
static bool find_back(struct events_diff *d) {
    const struct ranges *a, *b;
    if (!both_ranges(d, &a, &b))
        return true;
    size_t most = (a->len < b->len ? a->len : b->len) - d->front;
    for (int n = 0; n < SLICE; n++, d->back++) {
        if (d->back >= most || a->items[a->len - 1 - d->back].id != b->items[b->len - 1 - d->back].id) {
            order_middle(d, a, b);
            return true;
        }
    }
    return false;
}

static bool diff_middle(struct events_diff *d) {
    const struct ranges *a, *b;
    if (!both_ranges(d, &a, &b))
        return true;
    for (int n = 0; n < SLICE && (d->i < d->xn || d->k < d->yn); n++) {
        if (d->k == d->yn || (d->i < d->xn && d->x[d->i]->id < d->y[d->k]->id))
            diff_existence(d, d->x[d->i++], false);
        else if (d->i == d->xn || d->y[d->k]->id < d->x[d->i]->id)
            diff_existence(d, d->y[d->k++], true);
        else
            diff_pair(d, d->x[d->i++], d->y[d->k++]);
    }
    return d->i == d->xn && d->k == d->yn;
}

static bool diff_back(struct events_diff *d) {
    const struct ranges *a, *b;
    if (!both_ranges(d, &a, &b))
        return true;
    for (int n = 0; n < SLICE && d->back_done < d->back; n++) {
        size_t left = d->back - d->back_done++;
        diff_pair(d, &a->items[a->len - left], &b->items[b->len - left]);
    }
    return d->back_done == d->back;
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

static const struct range_verdict *verdict_at(const struct verdicts *v, ptrdiff_t at, int64_t range_id) {
    bool there = at >= 0 && (size_t)at < v->ranges.len && v->ranges.items[at].range_id == range_id;
    return there ? &v->ranges.items[at] : NULL;
}

/* The verdict that the range had before: mostly as far off as the last one's, or by one more after a split or a
 * merge; otherwise looked for. NULL: it had none. */
static const struct range_verdict *verdict_before(struct events_diff *d, const struct verdicts *v, int64_t range_id) {
    static const ptrdiff_t tries[] = {0, -1, 1};
    struct range_verdict key = {.range_id = range_id};
    const struct range_verdict *wanted = &key;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        ptrdiff_t shift = d->shift + tries[i];
        const struct range_verdict *found = verdict_at(v, (ptrdiff_t)d->verdict + shift, range_id);
        if (found) {
            d->shift = shift;
            return found;
        }
    }
    if (!d->sorted)
        d->sorted = verdicts_by_id(v);
    const struct range_verdict **found = bsearch(&wanted, d->sorted, v->ranges.len, sizeof *found, by_verdict_id);
    return found ? *found : NULL;
}

/* How long the state before lasted; nothing where it was there when one began to look. */
static void add_lasted(struct str *out, usec since, usec at) {
    int64_t s = (at - since) / USEC_PER_SEC;
    if (since == 0 || at < since)
        return;
    if (s < 120)
        str_add_f(out, " for %" PRId64 " s", s);
    else
        str_add_f(out, " for %" PRId64 " min", s / 60);
}

static void diff_verdict(struct events_diff *d, const struct verdicts *before, const struct range_verdict *v) {
    const struct range_verdict *old = verdict_before(d, before, v->range_id);
    if (!old || old->domicile->domicile == v->domicile->domicile || v->foreign)
        return;
    struct str text = {0};
    str_add_f(&text, "r%" PRId64 "%s is %s (was %s", v->range_id, v->gap ? ", a gap," : "",
        domicile_name(v->domicile->domicile), domicile_name(old->domicile->domicile));
    add_lasted(&text, old->since, d->at);
    str_add_f(&text, "): %s", v->domicile->reason);
    add(d, EVENT_VERDICT_CHANGED, v->range_id, 0, &text);
}

static bool diff_verdicts(struct events_diff *d) {
    const struct verdicts *a = snapshot_verdicts(d->before);
    const struct verdicts *b = snapshot_verdicts(d->now);
    if (!a || !b || a == b)
        return true;
    for (int n = 0; n < SLICE && d->verdict < b->ranges.len; n++, d->verdict++)
        diff_verdict(d, a, &b->ranges.items[d->verdict]);
    return d->verdict == b->ranges.len;
}

static bool diff_nodes(struct events_diff *d) {
    const struct topology *a = snapshot_topology(d->before);
    const struct topology *b = snapshot_topology(d->now);
    if (!a || !b || a == b || !a->liveness_known || !b->liveness_known)
        return true;
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
    return true;
}

static void diff_zone(
    struct events_diff *d, const char *what, const char *name, const struct zone *a, const struct zone *b) {
    struct str text = {0};
    if (!a->set || !b->set || zone_equal(a, b))
        return;
    str_add_f(&text, "the zone configuration of %s %s changed: num_replicas %d -> %d", what, name, a->num_replicas,
        b->num_replicas);
    add(d, EVENT_ZONE_CHANGED, 0, 0, &text);
}

static void diff_policy(struct events_diff *d, const struct database *a, const struct database *b) {
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

/* The same table in the catalog before: schemas may have tables of one name. */
static const struct table *table_before(const struct catalog *a, const struct table *t) {
    for (size_t i = 0; i < a->tables.len; i++)
        if (str_eq(a->tables.items[i].name, t->name) && str_eq(a->tables.items[i].schema, t->schema))
            return &a->tables.items[i];
    return NULL;
}

static const struct super_region *super_region(const struct database *d, const char *name) {
    for (size_t i = 0; i < d->super_regions.len; i++)
        if (strcmp(d->super_regions.items[i].name, name) == 0)
            return &d->super_regions.items[i];
    return NULL;
}

static void add_members(struct str *out, const struct super_region *sr) {
    for (size_t i = 0; i < sr->regions.len; i++)
        str_add_f(out, "%s%s", i ? ", " : "", sr->regions.items[i]);
}

static void diff_super_regions(struct events_diff *d, const struct database *a, const struct database *b) {
    for (size_t i = 0; i < b->super_regions.len; i++) {
        const struct super_region *sr = &b->super_regions.items[i];
        const struct super_region *old = super_region(a, sr->name);
        struct str is = {0};
        struct str was = {0};
        struct str text = {0};
        add_members(&is, sr);
        if (old)
            add_members(&was, old);
        str_add_f(&text, "super region %s of %s is %s", sr->name, b->name, str_get(&is));
        if (old)
            str_add_f(&text, " (was %s)", str_get(&was));
        if (!old || strcmp(str_get(&is), str_get(&was)) != 0)
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        str_free(&text);
        str_free(&is);
        str_free(&was);
    }
    for (size_t i = 0; i < a->super_regions.len; i++)
        if (!super_region(b, a->super_regions.items[i].name)) {
            struct str text = {0};
            str_add_f(&text, "super region %s of %s is gone", a->super_regions.items[i].name, b->name);
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        }
}

/* The primary and the secondary region. */
static void diff_role(struct events_diff *d, const char *role, const char *database, const char *was, const char *is) {
    struct str text = {0};
    if (str_eq(was, is) || (!was && !is))
        return;
    str_add_f(&text, "the %s region of %s is %s (was %s)", role, database, is ? is : "none", was ? was : "none");
    add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
}

static bool diff_catalog(struct events_diff *d) {
    const struct catalog *a = snapshot_catalog(d->before);
    const struct catalog *b = snapshot_catalog(d->now);
    if (!a || !b || a == b || !str_eq(a->database.name, b->database.name))
        return true;
    diff_policy(d, &a->database, &b->database);
    diff_role(d, "primary", b->database.name, a->database.primary_region, b->database.primary_region);
    diff_role(d, "secondary", b->database.name, a->database.secondary_region, b->database.secondary_region);
    diff_super_regions(d, &a->database, &b->database);
    diff_zone(d, "database", b->database.name, &a->database.zone, &b->database.zone);
    for (size_t i = 0; i < b->tables.len; i++) {
        const struct table *t = &b->tables.items[i];
        const struct table *old = table_before(a, t);
        struct str text = {0};
        if (!old)
            continue;
        if (!str_eq(old->locality_text, t->locality_text) && t->locality_text) {
            str_add_f(&text, "%s is %s (was %s)", t->name, t->locality_text,
                old->locality_text ? old->locality_text : "without locality");
            add(d, EVENT_POLICY_CHANGED, 0, 0, &text);
        }
        if (!zone_equal(&a->database.zone, &b->database.zone))
            continue; /* what a table inherits was told with the database's */
        diff_zone(d, "table", t->name, &old->zone, &t->zone);
    }
    return true;
}

static bool diff_report(struct events_diff *d) {
    const struct report *a = snapshot_report(d->before);
    const struct report *b = snapshot_report(d->now);
    struct str text = {0};
    int64_t violating = 0;
    if (!a || !b || a == b || a->generated_wall == b->generated_wall || !b->generated_wall)
        return true;
    for (size_t i = 0; i < b->rows.len; i++)
        violating += b->rows.items[i].violating_ranges;
    str_add_f(&text, "CockroachDB's report was made anew: %" PRId64 " violation%s in %zu row%s", violating,
        violating == 1 ? "" : "s", b->rows.len, b->rows.len == 1 ? "" : "s");
    add(d, EVENT_REPORT_REGENERATED, 0, 0, &text);
    return true;
}

struct events_diff *events_diff_new(
    const struct snapshot *previous, const struct snapshot *now, usec at, int64_t at_wall) {
    struct events_diff *d = mem_calloc(1, sizeof *d);
    snapshot_copy(&d->before_held, previous);
    snapshot_copy(&d->now_held, now);
    d->out = &d->found;
    d->before = &d->before_held;
    d->now = &d->now_held;
    d->at = at;
    d->at_wall = at_wall;
    return d;
}

bool events_diff_step(struct events_diff *d, bool (*more)(void *arg), void *arg) {
    static bool (*const stages[])(struct events_diff *d) = {
        diff_nodes, diff_catalog, diff_front, find_back, diff_middle, diff_back, diff_verdicts, diff_report};
    const size_t n = sizeof stages / sizeof *stages;
    while (d->stage < n) {
        if (stages[d->stage](d))
            d->stage++;
        if (d->stage < n && more && !more(arg))
            return false;
    }
    return true;
}

const struct events *events_diff_found(const struct events_diff *d) { return &d->found; }

static void forget_order(struct events_diff *d) {
    free(d->x);
    free(d->y);
    free(d->sorted);
}

void events_diff_free(struct events_diff *d) {
    if (!d)
        return;
    forget_order(d);
    events_free(&d->found);
    snapshot_clear(&d->before_held);
    snapshot_clear(&d->now_held);
    free(d);
}

void events_diff(
    struct events *out, const struct snapshot *previous, const struct snapshot *now, usec at, int64_t at_wall) {
    struct events_diff d = {.out = out, .before = previous, .now = now, .at = at, .at_wall = at_wall};
    events_diff_step(&d, NULL, NULL);
    forget_order(&d);
}
