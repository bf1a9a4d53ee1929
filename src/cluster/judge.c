/* judge: every range of a snapshot, in slices. */
#include "domicile/cluster/snapshot.h"

#include "memo.h"
#include "part.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 32 }; /* ranges between two looks at the budget */

/* The partition or index in which the last range lay: the next mostly lies there too. */
struct stretch_of {
    struct range_part part;
    struct key start;
    struct key end;
    bool known;
};

struct judge {
    struct snapshot s;
    const struct topology *topology;
    const struct catalog *catalog;
    const struct ranges *ranges;
    struct verdicts *out;
    struct memo memo;
    struct stretch_of last;
    size_t *regions; /* of the stores as listed: index in the database's regions; their number when none of them */
    size_t next;
    bool covered; /* it was looked whether every table is */
    usec now;
    struct snapshot before;  /* the judged picture before */
    const struct ranges *ranges_before;     /* NULL: there was none */
    const struct verdicts *verdicts_before; /* of these, in their order */
    size_t shift; /* by how much places in the lists differ; it wraps */
};

static void remember(struct judge *j, const struct snapshot *previous) {
    if (!previous)
        return;
    snapshot_copy(&j->before, previous);
    const struct ranges *ranges = snapshot_ranges(&j->before);
    const struct verdicts *verdicts = snapshot_verdicts(&j->before);
    if (!ranges || !verdicts || verdicts->ranges.len == 0 || verdicts->ranges.len != ranges->len)
        return;
    j->ranges_before = ranges;
    j->verdicts_before = verdicts;
}

/* The range's verdict before: mostly as far off as the last one's, otherwise looked for by its key: as long as a range
 * lives it begins at the same one. NULL: it was not there. */
static const struct range_verdict *verdict_before(struct judge *j, const struct range *r) {
    size_t here = j->out->ranges.len;
    size_t at = here + j->shift;
    const struct ranges *rs = j->ranges_before;
    if (at >= rs->len || rs->items[at].id != r->id) {
        const struct range *found = ranges_find(rs, &r->start);
        if (!found || found->id != r->id)
            return NULL;
        at = (size_t)(found - rs->items);
        j->shift = at - here;
    }
    return &j->verdicts_before->ranges.items[at];
}

/* When this verdict began: carried over while it stays the same, now when it changed, 0 at first sight of all. */
static usec began(struct judge *j, const struct range *r, enum domicile d) {
    if (!j->verdicts_before)
        return 0;
    const struct range_verdict *old = verdict_before(j, r);
    return old && old->domicile->domicile == d ? old->since : j->now;
}

static void place_stores(struct judge *j) {
    const struct database *d = &j->catalog->database;
    j->regions = mem_calloc(j->topology->stores.len + 1, sizeof *j->regions);
    for (size_t i = 0; i < j->topology->stores.len; i++) {
        const char *region = topology_store_region(j->topology, j->topology->stores.items[i].id);
        size_t at = 0;
        while (at < d->regions.len && !(region && strcmp(d->regions.items[at].name, region) == 0))
            at++;
        j->regions[i] = at;
    }
}

struct judge *judge_new(const struct snapshot *s, const struct snapshot *previous, usec now) {
    struct judge *j = mem_calloc(1, sizeof *j);
    snapshot_copy(&j->s, s);
    j->topology = snapshot_topology(&j->s);
    j->catalog = snapshot_catalog(&j->s);
    j->ranges = snapshot_ranges(&j->s);
    j->out = mem_calloc(1, sizeof *j->out);
    j->now = now;
    remember(j, previous);
    if (j->ranges)
        vec_reserve(&j->out->ranges, j->ranges->len);
    if (j->catalog && j->topology)
        place_stores(j);
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
    if (!why)
        return;
    free(v->reason);
    v->reason = mem_strdup(why);
    v->domicile = DOMICILE_UNKNOWN;
    vec_clear(&v->abroad);
    v->abroad_voters = v->abroad_non_voters = v->abroad_learners = 0;
}

/* Takes the verdict's reason and list over. */
static const struct domicile_verdict *keep(struct judge *j, const struct domicile_verdict *v) {
    struct domicile_verdict *kept = mem_dup(v, sizeof *v);
    vec_push(&j->out->kinds, kept);
    return kept;
}

/* The same with the flags of a range that holds more than one part. */
static const struct domicile_verdict *keep_with_flags(
    struct judge *j, const struct domicile_verdict *v, unsigned flags) {
    struct domicile_verdict copy = *v;
    copy.flags = flags;
    copy.reason = mem_strdup(v->reason);
    copy.abroad.items = v->abroad.len ? mem_dup(v->abroad.items, v->abroad.len * sizeof *v->abroad.items) : NULL;
    copy.abroad.cap = copy.abroad.len;
    return keep(j, &copy);
}

static const struct domicile_verdict *judge_part(
    struct judge *j, const struct range *r, const struct range_part *part) {
    struct memo_case c = {.like = r, .home = part->home, .zone = part->zone, .doubt = part->doubt};
    struct domicile_verdict v;
    bool found;
    struct memo_entry *e = memo_at(&j->memo, &c, &found);
    if (found)
        return e->verdict;
    domicile_judge(&v, r, part->home, &j->catalog->database, part->zone, j->topology);
    doubt(&v, part->doubt);
    return e->verdict = keep(j, &v);
}

static bool is_gap(const struct range_parts *parts) {
    for (size_t i = 0; i < parts->len; i++)
        if (parts->items[i].kind == SPAN_ROWS)
            return false;
    return true;
}

/* What holds no table of this database; the first of the kinds once there is one. */
static const struct domicile_verdict *no_table(struct judge *j, const struct range *r) {
    static const char none[] = "";
    struct memo_case c = {.like = r, .doubt = none};
    bool found;
    struct memo_entry *e = memo_at(&j->memo, &c, &found);
    if (found)
        return e->verdict;
    struct domicile_verdict v = {
        .domicile = DOMICILE_NO_RULE, .reason = mem_strdup("it holds no table of this database")};
    return e->verdict = keep(j, &v);
}

/* The worst over what the range holds; gaps count only where there is nothing else. */
static void judge_range(
    struct judge *j, struct range_verdict *out, const struct range *r, const struct range_parts *parts) {
    out->range_id = r->id;
    out->gap = is_gap(parts);
    out->foreign = parts->len == 0;
    unsigned flags = 0;
    for (size_t i = 0; i < parts->len; i++) {
        const struct range_part *part = &parts->items[i];
        if (!out->gap && part->kind == SPAN_GAP)
            continue;
        const struct domicile_verdict *v = judge_part(j, r, part);
        struct table_verdict *t = table_verdict(j, part->table);
        if (t && part->kind == SPAN_ROWS)
            t->worst = domicile_worse(t->worst, v->domicile);
        flags |= v->flags;
        if (!out->domicile || v->domicile > out->domicile->domicile)
            out->domicile = v;
    }
    if (!out->domicile)
        out->domicile = no_table(j, r);
    else if (out->domicile->flags != flags)
        out->domicile = keep_with_flags(j, out->domicile, flags);
    out->since = began(j, r, out->domicile->domicile);
}

static unsigned conformance_states(struct judge *j, const struct range *r, const struct zone *zone) {
    struct memo_case c = {.like = r, .zone = zone, .conformance = true};
    bool found;
    struct memo_entry *e = memo_at(&j->memo, &c, &found);
    if (!found) {
        struct conformance_verdict v;
        conformance_judge(&v, r, zone, j->topology);
        e->states = v.states;
        conformance_verdict_free(&v);
    }
    return e->states;
}

/* Lease preferences are wishes: the cluster's own report does not count them. */
static bool violates(unsigned states) {
    return (states & ~(unsigned)(CONFORMANCE_VIOLATES_LEASE_PREFERENCES | CONFORMANCE_UNKNOWN)) != 0;
}

/* The configuration at the start key governs the range, as the cluster's own reporter has it. */
static void judge_conformance(
    struct judge *j, struct range_verdict *out, const struct range *r, const struct range_parts *parts) {
    const struct zone *zone = j->last.known ? j->last.part.zone : domicile_governing_zone(r, j->catalog, parts);
    out->conformance = conformance_states(j, r, zone);
    if (violates(out->conformance))
        j->out->not_conforming++;
    else if (out->conformance & CONFORMANCE_UNKNOWN)
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

static void count_table(struct judge *j, const struct range_parts *parts, const struct range_verdict *v) {
    const struct table *last = NULL;
    for (size_t i = 0; i < parts->len; i++) {
        struct table_verdict *t = table_verdict(j, parts->items[i].table);
        if (!t || parts->items[i].table == last)
            continue;
        last = parts->items[i].table;
        t->ranges++;
        t->abroad_replicas += (int)v->domicile->abroad.len;
        t->not_conforming += violates(v->conformance);
        t->conformance_unknown += !violates(v->conformance) && (v->conformance & CONFORMANCE_UNKNOWN);
        t->conformance_states |= v->conformance;
    }
}

static bool is_abroad(const struct domicile_verdict *v, int store) {
    for (size_t i = 0; i < v->abroad.len; i++)
        if (v->abroad.items[i] == store)
            return true;
    return false;
}

static void count_regions(struct judge *j, const struct range *r, const struct domicile_verdict *v) {
    size_t n = j->catalog->database.regions.len;
    for (size_t i = 0; i < r->replicas.len; i++) {
        int store = r->replicas.items[i].store_id;
        const struct store *s = topology_store(j->topology, store);
        size_t at = s ? j->regions[s - j->topology->stores.items] : n;
        if (at == n)
            continue;
        struct region_counts *c = &j->out->regions.items[at];
        c->ranges += c->last != r->id;
        c->last = r->id;
        c->abroad += is_abroad(v, store);
        if (c->leases >= 0)
            c->leases += r->lease_state == LEASE_KNOWN && r->leaseholder == store;
    }
    /* One lease that could not be read makes every count of leases a guess. */
    for (size_t k = 0; k < n && r->lease_state != LEASE_KNOWN && r->lease_state != LEASE_NONE; k++)
        j->out->regions.items[k].leases = -1;
}

static bool within_last(const struct judge *j, const struct range *r) {
    return j->last.known && key_compare(&j->last.start, &r->start) <= 0 && key_compare(&r->end, &j->last.end) <= 0;
}

/* The parts of the range, remembered when it is but one. */
static void find_parts(struct judge *j, struct range_parts *parts, const struct range *r) {
    if (within_last(j, r)) {
        vec_push(parts, j->last.part);
        return;
    }
    domicile_range_parts(parts, r, j->catalog);
    j->last.known = parts->len == 1 && parts->items[0].kind == SPAN_ROWS &&
        part_span(&j->last.start, &j->last.end, &parts->items[0], &j->catalog->database);
    if (j->last.known)
        j->last.part = parts->items[0];
    j->last.known = within_last(j, r);
}

static void judge_one(struct judge *j, const struct range *r, struct range_parts *parts) {
    struct range_verdict v = {0};
    vec_clear(parts);
    find_parts(j, parts, r);
    judge_range(j, &v, r, parts);
    if (!v.foreign) {
        judge_conformance(j, &v, r, parts);
        count(v.gap ? &j->out->gaps : &j->out->rows, v.domicile);
        count_table(j, parts, &v);
        count_regions(j, r, v.domicile);
    }
    vec_push(&j->out->ranges, v);
}

/* A range that was not read may be anywhere. */
static void count_holes(struct judge *j) {
    for (size_t i = 0; i < j->catalog->tables.len; i++) {
        struct table_verdict *t = &j->out->tables.items[i];
        t->holes = domicile_holes(&j->catalog->tables.items[i], j->catalog, j->ranges);
        if (t->holes == 0)
            continue;
        t->worst = domicile_worse(t->worst, DOMICILE_UNKNOWN);
        j->out->rows.ranges += t->holes;
        j->out->rows.unknown += t->holes;
    }
}

bool judge_step(struct judge *j, bool (*more)(void *arg), void *arg) {
    if (!j->ranges || !j->catalog || !j->topology)
        return true;
    struct range_parts parts = {0};
    const bool begun_at_end = j->next >= j->ranges->len;
    while (j->next < j->ranges->len) {
        for (int i = 0; i < SLICE && j->next < j->ranges->len; i++)
            judge_one(j, &j->ranges->items[j->next++], &parts);
        if (more && !more(arg))
            break;
    }
    vec_free(&parts);
    bool done = j->next >= j->ranges->len;
    if (!done || j->covered)
        return done;
    if (!begun_at_end && more && !more(arg))
        return false; /* the holes are counted in the next slice */
    count_holes(j);
    j->covered = true;
    return true;
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
    memo_free(&j->memo);
    key_free(&j->last.start);
    key_free(&j->last.end);
    free(j->regions);
    snapshot_clear(&j->before);
    free(j);
}
