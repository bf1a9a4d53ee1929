/* planner_moves: which replicas a changed zone configuration would send where. */
#include "planner_private.h"

#include <stdlib.h>
#include <string.h>

/* What the counting of moves looks at; arrays are by region. */
struct counting {
    struct planning *p;
    const struct topology *topology;
    size_t n;
    int *room;
    struct demand *demands; /* by zone */
    struct layout layout;
    struct spread now, want;
    int lost; /* replicas of which the region is not known */
};

static size_t place_of(const struct plan *p, const char *region) {
    size_t i = 0;
    while (i < p->regions.len && strcmp(p->regions.items[i].region, region) != 0)
        i++;
    return i;
}

/* -- what a configuration asks -- */

/* The region that a conjunction asks for; NULL when it is about something else. */
static const char *asked_region(const struct zone_conjunction *c) {
    const struct zone_constraint *m = c->members.len == 1 ? &c->members.items[0] : NULL;
    return m && !m->prohibited && m->key && strcmp(m->key, "region") == 0 ? m->value : NULL;
}

static void ask(const struct counting *c, int *in, const struct zone_conjunctions *list, int all) {
    for (size_t i = 0; i < list->len; i++) {
        const char *region = asked_region(&list->items[i]);
        size_t at = region ? place_of(c->p->plan, region) : c->n;
        if (at < c->n)
            in[at] += list->items[i].num_replicas ? list->items[i].num_replicas : all;
    }
}

static void make_demands(struct counting *c) {
    c->demands = mem_calloc(c->layout.zones.len + 1, sizeof *c->demands);
    for (size_t i = 0; i < c->layout.zones.len; i++) {
        const struct zone *z = &c->layout.zones.items[i];
        struct demand *d = &c->demands[i];
        *d = (struct demand){zone_wanted_voters(z), zone_wanted_non_voters(z), mem_calloc(c->n + 1, sizeof(int)),
            mem_calloc(c->n + 1, sizeof(int))};
        ask(c, d->voters_in, &z->voter_constraints, d->voters);
        ask(c, d->all_in, &z->constraints, z->num_replicas);
    }
}

/* -- what is there -- */

/* How many replicas each region's nodes can take; as many as anybody wants where nodes are not known. */
static void make_room(struct counting *c) {
    const struct topology *t = c->topology;
    c->room = mem_calloc(c->n + 1, sizeof *c->room);
    for (size_t i = 0; i < c->n; i++)
        c->room[i] = t->stores_known ? 0 : INT32_MAX;
    for (size_t i = 0; t->stores_known && i < t->nodes.len; i++) {
        const struct node *node = &t->nodes.items[i];
        const char *region = locality_region(&node->locality);
        size_t at = region ? place_of(c->p->plan, region) : c->n;
        bool usable = !(t->liveness_known && node->liveness == LIVENESS_DEAD) &&
            node->membership != MEMBERSHIP_DECOMMISSIONING && node->membership != MEMBERSHIP_DECOMMISSIONED;
        if (at < c->n)
            c->room[at] += usable;
    }
}

static void present(struct counting *c, const struct range *r) {
    memset(c->now.voters, 0, c->n * sizeof(int));
    memset(c->now.non_voters, 0, c->n * sizeof(int));
    for (size_t i = 0; i < r->replicas.len; i++) {
        const char *region = topology_store_region(c->topology, r->replicas.items[i].store_id);
        size_t at = region ? place_of(c->p->plan, region) : c->n;
        if (at == c->n)
            c->lost++;
        else
            (r->replicas.items[i].kind == REPLICA_VOTER ? c->now.voters : c->now.non_voters)[at]++;
    }
}

/* -- what comes of it -- */

static bool differs(const struct counting *c) {
    return memcmp(c->now.voters, c->want.voters, c->n * sizeof(int)) != 0 ||
        memcmp(c->now.non_voters, c->want.non_voters, c->n * sizeof(int)) != 0;
}

static bool is_like(const struct counting *c, const struct plan_move *m, int open) {
    size_t k = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct plan_place *at = k < m->places.len &&
                m->places.items[k].region == c->p->plan->regions.items[i].region
            ? &m->places.items[k++]
            : NULL;
        if ((at ? at->voters_before : 0) != c->now.voters[i] || (at ? at->voters_after : 0) != c->want.voters[i] ||
            (at ? at->non_voters_before : 0) != c->now.non_voters[i] ||
            (at ? at->non_voters_after : 0) != c->want.non_voters[i])
            return false;
    }
    return m->open == open;
}

static struct plan_move *move_of(struct counting *c, int open) {
    struct plan *p = c->p->plan;
    struct plan_move m = {.open = open};
    for (size_t i = 0; i < p->moves.len; i++)
        if (is_like(c, &p->moves.items[i], open))
            return &p->moves.items[i];
    for (size_t i = 0; i < c->n; i++) {
        struct plan_place at = {p->regions.items[i].region, c->now.voters[i], c->want.voters[i], c->now.non_voters[i],
            c->want.non_voters[i]};
        if (at.voters_before + at.voters_after + at.non_voters_before + at.non_voters_after > 0)
            vec_push(&m.places, at);
    }
    vec_push(&p->moves, m);
    return &p->moves.items[p->moves.len - 1];
}

static void add_to_regions(struct counting *c) {
    for (size_t i = 0; i < c->n; i++) {
        struct plan_region *r = &c->p->plan->regions.items[i];
        int voters = c->want.voters[i] - c->now.voters[i];
        int non_voters = c->want.non_voters[i] - c->now.non_voters[i];
        r->come_voters += voters > 0 ? voters : 0;
        r->leave_voters += voters < 0 ? -voters : 0;
        r->come_non_voters += non_voters > 0 ? non_voters : 0;
        r->leave_non_voters += non_voters < 0 ? -non_voters : 0;
    }
}

/* Regions with fewer live nodes than some object wants voters there. */
static void check_room(struct counting *c) {
    for (size_t i = 0; i < c->n; i++) {
        int most = 0;
        for (size_t k = 0; k < c->layout.zones.len; k++)
            most = c->demands[k].voters_in[i] > most ? c->demands[k].voters_in[i] : most;
        if (most > c->room[i])
            vec_push(&c->p->plan->costs,
                mem_printf("%d voters are wanted in %s, which has %d live node%s: the others have nowhere to go", most,
                    c->p->plan->regions.items[i].region, c->room[i], c->room[i] == 1 ? "" : "s"));
    }
}

/* A range, or the part of it that would come under a configuration of its own. */
static void count_piece(struct counting *c, const struct range *r, int part, size_t zone) {
    memset(c->want.voters, 0, c->n * sizeof(int));
    memset(c->want.non_voters, 0, c->n * sizeof(int));
    struct settling s = {.n = c->n, .demand = &c->demands[zone], .now = &c->now, .room = c->room, .want = c->want};
    planner_settle(&s);
    c->p->plan->open += s.open;
    c->p->plan->homeless += s.homeless;
    struct plan_move *m = move_of(c, s.open);
    vec_push(&m->pieces, ((struct plan_piece){r->id, part}));
    c->p->plan->ranges += differs(c);
    add_to_regions(c);
}

/* The first span that ends behind the key. */
static size_t first_behind(const struct layout *l, const struct key *k) {
    size_t low = 0;
    size_t high = l->spans.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (key_compare(&l->spans.items[mid].end, k) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void count_range(struct counting *c, const struct range *r) {
    const struct layout *l = &c->layout;
    int pieces = 0;
    size_t last = 0;
    for (size_t i = first_behind(l, &r->start); i < l->spans.len && key_compare(&l->spans.items[i].start, &r->end) < 0;
         i++) {
        if (pieces > 0 && l->spans.items[i].zone == last)
            continue;
        if (pieces == 0)
            present(c, r);
        last = l->spans.items[i].zone;
        count_piece(c, r, pieces++, last);
    }
    c->p->plan->splits += pieces > 1;
}

/* -- the whole -- */

static int by_count(const void *a, const void *b) {
    const struct plan_move *x = a;
    const struct plan_move *y = b;
    return (x->pieces.len < y->pieces.len) - (x->pieces.len > y->pieces.len);
}

static void counting_free(struct counting *c) {
    for (size_t i = 0; c->demands && i < c->layout.zones.len; i++) {
        free(c->demands[i].voters_in);
        free(c->demands[i].all_in);
    }
    free(c->demands);
    free(c->room);
    free(c->now.voters);
    free(c->now.non_voters);
    free(c->want.voters);
    free(c->want.non_voters);
    planner_layout_free(&c->layout);
}

static void count_all(struct counting *c) {
    const struct ranges *ranges = snapshot_ranges(c->p->s);
    struct plan *plan = c->p->plan;
    make_room(c);
    make_demands(c);
    check_room(c);
    c->now = (struct spread){mem_calloc(c->n + 1, sizeof(int)), mem_calloc(c->n + 1, sizeof(int))};
    c->want = (struct spread){mem_calloc(c->n + 1, sizeof(int)), mem_calloc(c->n + 1, sizeof(int))};
    for (size_t i = 0; i < ranges->len; i++)
        count_range(c, &ranges->items[i]);
    if (plan->moves.len > 1)
        qsort(plan->moves.items, plan->moves.len, sizeof *plan->moves.items, by_count);
    if (c->lost)
        planner_uncertain(
            c->p, mem_printf("the region of %d replica%s is not known: not counted", c->lost, c->lost == 1 ? "" : "s"));
}

void planner_count_moves(struct planning *p) {
    const struct topology *t = snapshot_topology(p->s);
    const char *why;
    if (!snapshot_ranges(p->s) || !t) {
        planner_uncertain(p, mem_strdup("which replicas move cannot be told: the ranges could not be read"));
        return;
    }
    struct counting c = {.p = p, .topology = t, .n = t->regions.len};
    for (size_t i = 0; i < c.n; i++)
        vec_push(&p->plan->regions, ((struct plan_region){.region = mem_strdup(t->regions.items[i].name)}));
    if (planner_layout(&c.layout, p, &why))
        count_all(&c);
    else
        planner_uncertain(p, mem_printf("which replicas move cannot be told: %s", why));
    counting_free(&c);
}
