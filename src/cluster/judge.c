/* judge: every range of a snapshot, in slices. */
#include "domicile/cluster/snapshot.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 32 }; /* ranges between two looks at the budget */

struct judge {
    struct snapshot s;
    const struct topology *topology;
    const struct catalog *catalog;
    const struct ranges *ranges;
    struct verdicts *out;
    size_t next;
    usec now;
    struct since *since; /* of the previous verdicts, sorted by range id */
    size_t since_count;
};

struct since {
    int64_t range_id;
    enum domicile domicile;
    usec at;
};

static int by_range_id(const void *a, const void *b) {
    const struct since *x = a;
    const struct since *y = b;
    return (x->range_id > y->range_id) - (x->range_id < y->range_id);
}

static void remember(struct judge *j, const struct verdicts *previous) {
    if (!previous || previous->ranges.len == 0)
        return;
    j->since = mem_calloc(previous->ranges.len, sizeof *j->since);
    j->since_count = previous->ranges.len;
    for (size_t i = 0; i < previous->ranges.len; i++) {
        const struct range_verdict *v = &previous->ranges.items[i];
        j->since[i] = (struct since){v->range_id, v->domicile.domicile, v->since};
    }
    qsort(j->since, j->since_count, sizeof *j->since, by_range_id);
}

/* When this verdict began: carried over while it stays the same, now when it changed, 0 at first sight of all. */
static usec began(const struct judge *j, int64_t range_id, enum domicile d) {
    struct since key = {.range_id = range_id};
    if (!j->since)
        return 0;
    const struct since *old = bsearch(&key, j->since, j->since_count, sizeof *j->since, by_range_id);
    return old && old->domicile == d ? old->at : j->now;
}

struct judge *judge_new(const struct snapshot *s, const struct verdicts *previous, usec now) {
    struct judge *j = mem_calloc(1, sizeof *j);
    snapshot_copy(&j->s, s);
    j->topology = snapshot_topology(&j->s);
    j->catalog = snapshot_catalog(&j->s);
    j->ranges = snapshot_ranges(&j->s);
    j->out = mem_calloc(1, sizeof *j->out);
    j->now = now;
    remember(j, previous);
    if (j->catalog) {
        for (size_t i = 0; i < j->catalog->tables.len; i++) {
            struct table_verdict t = {.table_id = j->catalog->tables.items[i].id, .worst = DOMICILE_NO_RULE};
            vec_push(&j->out->tables, t);
        }
        for (size_t i = 0; i < j->catalog->database.regions.len; i++)
            vec_push(&j->out->regions, ((struct region_counts){0}));
    }
    return j;
}

static struct table_verdict *table_verdict(struct judge *j, const struct table *t) {
    return t ? &j->out->tables.items[t - j->catalog->tables.items] : NULL;
}

/* A green verdict that rests on a guess is none. */
static void doubt(struct domicile_verdict *v, const char *why) {
    if (!why || v->domicile == DOMICILE_GLOBAL || v->domicile == DOMICILE_NO_RULE)
        return;
    free(v->reason);
    v->reason = mem_strdup(why);
    v->domicile = DOMICILE_UNKNOWN;
    vec_clear(&v->abroad);
    v->abroad_voters = v->abroad_non_voters = v->abroad_learners = 0;
}

static void judge_part(struct judge *j, struct domicile_verdict *v, const struct range *r, const struct range_part *part) {
    domicile_judge(v, r, part->home, &j->catalog->database, part->zone, j->topology);
    doubt(v, part->doubt);
}

static bool is_gap(const struct range_parts *parts) {
    for (size_t i = 0; i < parts->len; i++)
        if (parts->items[i].kind == SPAN_ROWS)
            return false;
    return true;
}

/* The worst over what the range holds; gaps count only where there is nothing else. */
static void judge_range(struct judge *j, struct range_verdict *out, const struct range *r, const struct range_parts *parts) {
    out->range_id = r->id;
    out->gap = is_gap(parts);
    out->foreign = parts->len == 0;
    bool first = true;
    for (size_t i = 0; i < parts->len; i++) {
        const struct range_part *part = &parts->items[i];
        struct domicile_verdict v;
        if (!out->gap && part->kind == SPAN_GAP)
            continue;
        judge_part(j, &v, r, part);
        struct table_verdict *t = table_verdict(j, part->table);
        if (t && part->kind == SPAN_ROWS)
            t->worst = domicile_worse(t->worst, v.domicile);
        unsigned flags = first ? v.flags : v.flags | out->domicile.flags;
        if (first || v.domicile > out->domicile.domicile) {
            domicile_verdict_free(&out->domicile);
            out->domicile = v;
        } else {
            domicile_verdict_free(&v);
        }
        out->domicile.flags = flags;
        first = false;
    }
    if (first) {
        out->domicile.domicile = DOMICILE_NO_RULE;
        out->domicile.reason = mem_strdup("it holds no table of this database");
    }
    out->since = began(j, r->id, out->domicile.domicile);
}

/* The configuration at the start key governs the range, as the cluster's own reporter has it. */
static void judge_conformance(struct judge *j, struct range_verdict *out, const struct range *r, const struct range_parts *parts) {
    struct conformance_verdict v;
    conformance_judge(&v, r, domicile_governing_zone(r, j->catalog, parts), j->topology);
    out->conformance = v.states;
    conformance_verdict_free(&v);
    unsigned judged = out->conformance & ~(unsigned)CONFORMANCE_VIOLATES_LEASE_PREFERENCES;
    if (judged & ~(unsigned)CONFORMANCE_UNKNOWN)
        j->out->not_conforming++;
    else if (judged)
        j->out->conformance_unknown++;
    else
        j->out->conforming++;
    j->out->conformance_states |= out->conformance;
}

static void count(struct verdict_counts *c, const struct domicile_verdict *v) {
    c->unavailable += (v->flags & DOMICILE_UNAVAILABLE) != 0;
    if (v->domicile == DOMICILE_NO_RULE || v->domicile == DOMICILE_GLOBAL)
        return;
    c->ranges++;
    c->moving += (v->flags & DOMICILE_MOVING) != 0;
    c->home += v->domicile == DOMICILE_HOME;
    c->unknown += v->domicile == DOMICILE_UNKNOWN;
    c->abroad += v->domicile >= DOMICILE_ABROAD;
    c->voters_abroad += v->abroad_voters;
    c->non_voters_abroad += v->abroad_non_voters;
    c->learners_abroad += v->abroad_learners;
}

static void count_table(struct judge *j, const struct range_parts *parts, const struct domicile_verdict *v) {
    const struct table *last = NULL;
    for (size_t i = 0; i < parts->len; i++) {
        struct table_verdict *t = table_verdict(j, parts->items[i].table);
        if (!t || parts->items[i].table == last)
            continue;
        last = parts->items[i].table;
        t->ranges++;
        t->abroad_replicas += (int)v->abroad.len;
    }
}

static bool is_abroad(const struct domicile_verdict *v, int store) {
    for (size_t i = 0; i < v->abroad.len; i++)
        if (v->abroad.items[i] == store)
            return true;
    return false;
}

static void count_regions(struct judge *j, const struct range *r, const struct domicile_verdict *v) {
    const struct database *d = &j->catalog->database;
    for (size_t k = 0; k < d->regions.len; k++) {
        struct region_counts *c = &j->out->regions.items[k];
        bool here = false;
        for (size_t i = 0; i < r->replicas.len; i++) {
            int store = r->replicas.items[i].store_id;
            const char *region = topology_store_region(j->topology, store);
            if (!region || strcmp(region, d->regions.items[k].name) != 0)
                continue;
            here = true;
            c->abroad += is_abroad(v, store);
            if (c->leases >= 0)
                c->leases += r->lease_state == LEASE_KNOWN && r->leaseholder == store;
        }
        c->ranges += here;
        /* One lease that could not be read makes every count of leases a guess. */
        if (r->lease_state != LEASE_KNOWN && r->lease_state != LEASE_NONE)
            c->leases = -1;
    }
}

static void judge_one(struct judge *j, const struct range *r) {
    struct range_parts parts = {0};
    struct range_verdict v = {0};
    domicile_range_parts(&parts, r, j->catalog);
    judge_range(j, &v, r, &parts);
    if (!v.foreign) {
        judge_conformance(j, &v, r, &parts);
        count(v.gap ? &j->out->gaps : &j->out->rows, &v.domicile);
        count_table(j, &parts, &v.domicile);
        count_regions(j, r, &v.domicile);
    }
    vec_push(&j->out->ranges, v);
    vec_free(&parts);
}

bool judge_step(struct judge *j, bool (*more)(void *arg), void *arg) {
    if (!j->ranges || !j->catalog || !j->topology)
        return true;
    while (j->next < j->ranges->len) {
        for (int i = 0; i < SLICE && j->next < j->ranges->len; i++)
            judge_one(j, &j->ranges->items[j->next++]);
        if (more && !more(arg))
            break;
    }
    return j->next >= j->ranges->len;
}

struct verdicts *judge_take(struct judge *j) {
    struct verdicts *out = j->out;
    j->out = NULL;
    return out;
}

void judge_free(struct judge *j) {
    if (!j)
        return;
    verdicts_free(j->out);
    snapshot_clear(&j->s);
    free(j->since);
    free(j);
}
