/* planner_moves: which replicas a changed zone configuration would send where. */
#include "planner_private.h"

#include <stdlib.h>
#include <string.h>

void planner_copy_database(struct database *to, const struct database *from) {
    *to = (struct database){.id = from->id,
        .name = mem_strdup_null(from->name),
        .primary_region = mem_strdup_null(from->primary_region),
        .secondary_region = mem_strdup_null(from->secondary_region),
        .survival = from->survival,
        .placement = from->placement};
    for (size_t i = 0; i < from->regions.len; i++) {
        struct db_region r = {.name = mem_strdup(from->regions.items[i].name)};
        vec_push(&to->regions, r);
    }
    for (size_t i = 0; i < from->super_regions.len; i++) {
        const struct super_region *old = &from->super_regions.items[i];
        struct super_region sr = {.name = mem_strdup(old->name)};
        for (size_t k = 0; k < old->regions.len; k++)
            vec_push(&sr.regions, mem_strdup(old->regions.items[k]));
        vec_push(&to->super_regions, sr);
    }
    zone_copy(&to->zone, &from->zone);
}

bool planner_zone_after(struct zone *out, const struct range_part *part, const struct table *changed, const struct database *after,
    rules_version version, struct err *err) {
    struct rules_input in = {after, version};
    struct zone parent = {0};
    const struct table *t = changed && part->table->id == changed->id ? changed : part->table;
    bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && part->kind == SPAN_ROWS && part->home;
    bool ok = rules_database(&parent, &in, err) &&
        (by_row ? rules_partition(out, &in, part->home, err) : rules_table(out, &in, t->locality, t->home, err));
    zone_inherit(out, &parent);
    if (part->zone)
        zone_inherit(out, part->zone);
    zone_free(&parent);
    return ok;
}

/* How many replicas are wanted or are in each region; aligned with the list of names. */
struct spread {
    const char **regions;
    size_t n;
    int *voters;
    int *non_voters;
};

static void spread_init(struct spread *s, const char **regions, size_t n) {
    *s = (struct spread){regions, n, mem_calloc(n, sizeof(int)), mem_calloc(n, sizeof(int))};
}

static void spread_free(struct spread *s) {
    free(s->voters);
    free(s->non_voters);
}

static size_t place_of(const struct spread *s, const char *region) {
    size_t i = 0;
    while (i < s->n && strcmp(s->regions[i], region) != 0)
        i++;
    return i;
}

/* The region that a conjunction asks for; NULL when it is about something else. */
static const char *asked_region(const struct zone_conjunction *c) {
    const struct zone_constraint *m = c->members.len == 1 ? &c->members.items[0] : NULL;
    return m && !m->prohibited && m->key && strcmp(m->key, "region") == 0 ? m->value : NULL;
}

static int take(int *left, int wanted) {
    int n = wanted < *left ? wanted : *left;
    *left -= n > 0 ? n : 0;
    return n > 0 ? n : 0;
}

/* What a configuration wants: voters by the voter constraints, then whatever the constraints still lack; what is
 * free stays where it is now. */
static void wanted(struct spread *want, const struct spread *now, const struct zone *z) {
    int voters = zone_wanted_voters(z);
    int non_voters = zone_wanted_non_voters(z);
    for (size_t i = 0; i < z->voter_constraints.len; i++) {
        const struct zone_conjunction *c = &z->voter_constraints.items[i];
        const char *region = asked_region(c);
        size_t at = region ? place_of(want, region) : want->n;
        if (at < want->n)
            want->voters[at] += take(&voters, c->num_replicas ? c->num_replicas : voters);
    }
    for (size_t i = 0; i < z->constraints.len; i++) {
        const struct zone_conjunction *c = &z->constraints.items[i];
        const char *region = asked_region(c);
        size_t at = region ? place_of(want, region) : want->n;
        if (at >= want->n)
            continue;
        int lacking = (c->num_replicas ? c->num_replicas : z->num_replicas) - want->voters[at];
        int promoted = take(&voters, lacking);
        want->voters[at] += promoted;
        want->non_voters[at] += take(&non_voters, lacking - promoted);
    }
    for (size_t i = 0; i < want->n; i++) {
        want->voters[i] += take(&voters, now->voters[i] - want->voters[i]);
        want->non_voters[i] += take(&non_voters, now->non_voters[i] - want->non_voters[i]);
    }
}

static void present(struct spread *now, const struct range *r, const struct topology *t) {
    for (size_t i = 0; i < r->replicas.len; i++) {
        const char *region = topology_store_region(t, r->replicas.items[i].store_id);
        size_t at = region ? place_of(now, region) : now->n;
        if (at == now->n)
            continue;
        now->voters[at] += r->replicas.items[i].kind == REPLICA_VOTER;
        now->non_voters[at] += r->replicas.items[i].kind != REPLICA_VOTER;
    }
}

static bool add_moves(struct plan *p, const struct spread *now, const struct spread *want) {
    bool any = false;
    for (size_t i = 0; i < now->n; i++) {
        struct plan_region *r = &p->regions.items[i];
        int voters = want->voters[i] - now->voters[i];
        int non_voters = want->non_voters[i] - now->non_voters[i];
        r->come_voters += voters > 0 ? voters : 0;
        r->leave_voters += voters < 0 ? -voters : 0;
        r->come_non_voters += non_voters > 0 ? non_voters : 0;
        r->leave_non_voters += non_voters < 0 ? -non_voters : 0;
        any = any || voters || non_voters;
    }
    return any;
}

/* The part whose configuration governs the range: the one that holds rows, else the first. */
static const struct range_part *governing_part(const struct range_parts *parts) {
    for (size_t i = 0; i < parts->len; i++)
        if (parts->items[i].kind == SPAN_ROWS)
            return &parts->items[i];
    return parts->len > 0 ? &parts->items[0] : NULL;
}

void planner_count_moves(struct plan *p, const struct snapshot *s, const struct database *after, const struct table *changed,
    rules_version version) {
    const struct ranges *ranges = snapshot_ranges(s);
    const struct catalog *catalog = snapshot_catalog(s);
    const struct topology *topology = snapshot_topology(s);
    size_t n = topology->regions.len;
    const char **names = mem_calloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        names[i] = topology->regions.items[i].name;
        vec_push(&p->regions, ((struct plan_region){.region = mem_strdup(names[i])}));
    }
    for (size_t i = 0; i < ranges->len; i++) {
        struct range_parts parts = {0};
        struct zone zone = {0};
        domicile_range_parts(&parts, &ranges->items[i], catalog);
        const struct range_part *part = governing_part(&parts);
        if (part && planner_zone_after(&zone, part, changed, after, version, NULL)) {
            struct spread now;
            struct spread want;
            spread_init(&now, names, n);
            spread_init(&want, names, n);
            present(&now, &ranges->items[i], topology);
            wanted(&want, &now, &zone);
            p->ranges += add_moves(p, &now, &want);
            spread_free(&now);
            spread_free(&want);
        }
        zone_free(&zone);
        vec_free(&parts);
    }
    free(names);
}
