/* world_allocator: one change a pass and range, in the order of the real allocator's priorities: add voters, replace
 * the dead, remove voters, non-voters likewise, then repair constraints, then move the lease. */
#include "world_private.h"

#include <stdlib.h>
#include <string.h>

static int count_kind(const struct world_range *r, enum replica_kind kind) {
    int n = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        n += r->replicas.items[i].kind == kind;
    return n;
}

static struct replica *replica_of(const struct world_range *r, int store) {
    for (size_t i = 0; i < r->replicas.len; i++)
        if (r->replicas.items[i].store_id == store)
            return &r->replicas.items[i];
    return NULL;
}

/* A removal puts the descriptor's last replica into the hole. */
static void remove_replica(struct world_range *r, int store) {
    struct replica *p = replica_of(r, store);
    if (p)
        *p = r->replicas.items[--r->replicas.len];
}

static bool is_voter(const struct world_range *r, int store) {
    const struct replica *p = replica_of(r, store);
    return p && p->kind == REPLICA_VOTER;
}

static void add_replica(struct world_range *r, int store, enum replica_kind kind) {
    vec_push(&r->replicas, ((struct replica){store, kind}));
}

static bool satisfies(const struct world *w, int store, const struct zone_conjunction *c) {
    const struct world_node *n = world_store_node(w, store);
    return n && locality_satisfies(&n->locality, c);
}

/* How many replicas lack what the configuration asks of them. */
static int deficit(const struct world *w, const struct world_range *r, const struct zone *z) {
    int lacking = 0;
    for (size_t list = 0; list < 2; list++) {
        const struct zone_conjunctions *cs = list ? &z->voter_constraints : &z->constraints;
        int all = list ? zone_wanted_voters(z) : z->num_replicas;
        for (size_t i = 0; i < cs->len; i++) {
            int matching = 0;
            int wanted = cs->items[i].num_replicas ? cs->items[i].num_replicas : all;
            for (size_t k = 0; k < r->replicas.len; k++)
                if (r->replicas.items[k].kind == REPLICA_VOTER ||
                    (!list && r->replicas.items[k].kind != REPLICA_LEARNER))
                    matching += satisfies(w, r->replicas.items[k].store_id, &cs->items[i]);
            lacking += (wanted > matching ? wanted - matching : 0) * (list ? 2 : 1);
        }
    }
    return lacking;
}

/* How alike two stores' localities are: tiers in common from the left. */
static int likeness(const struct world *w, int a, int b) {
    return w->likeness[(size_t)(a - 1) * w->nodes.len + (size_t)(b - 1)];
}

static unsigned char common_tiers(const struct locality *x, const struct locality *y) {
    unsigned char n = 0;
    while (n < x->len && n < y->len && strcmp(x->items[n].value, y->items[n].value) == 0)
        n++;
    return n;
}

void world_compare_localities(struct world *w) {
    const size_t n = w->nodes.len;
    w->likeness = mem_calloc(n * n, 1);
    for (size_t i = 0; i < n * n; i++)
        w->likeness[i] = common_tiers(&w->nodes.items[i / n].locality, &w->nodes.items[i % n].locality);
}

/* Voters are judged against voters, non-voters against all. */
static int crowding(const struct world *w, const struct world_range *r, int store, enum replica_kind kind) {
    int sum = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        if (p->store_id != store && (kind != REPLICA_VOTER || p->kind == REPLICA_VOTER))
            sum += 1 << likeness(w, p->store_id, store);
    }
    return sum;
}

/* Whether a replica may be taken away: nobody knows yet whether a node that is down comes back. */
static bool removable(const struct world *w, int store) {
    return world_store_live(w, store) || world_store_dead(w, store);
}

/* How crowded the range is as a whole. */
static int crowd(const struct world *w, const struct world_range *r) {
    int sum = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        sum += crowding(w, r, r->replicas.items[i].store_id, r->replicas.items[i].kind);
    return sum;
}

static int64_t load(const struct world *w, int store) { return w->held.items[store - 1]; }

/* What a change would lead to; smaller is better, compared in this order. */
struct score {
    int deficit;
    int crowding;
    int64_t load;
};

static bool better(const struct score *a, const struct score *b) {
    if (a->deficit != b->deficit)
        return a->deficit < b->deficit;
    return a->crowding != b->crowding ? a->crowding < b->crowding : a->load < b->load;
}

struct copy {
    struct world_range r;
};

static struct copy copy_of(const struct world_range *r) {
    struct copy c = {.r = *r};
    c.r.replicas.items = NULL;
    c.r.replicas.len = c.r.replicas.cap = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        vec_push(&c.r.replicas, r->replicas.items[i]);
    return c;
}

static void keep(struct world_range *r, struct copy *c) {
    vec_free(&r->replicas);
    r->replicas.items = c->r.replicas.items;
    r->replicas.len = c->r.replicas.len;
    r->replicas.cap = c->r.replicas.cap;
}

/* Tries a change of each store and keeps the best; change edits the copy and says whether it is allowed. */
struct choice {
    struct score score;
    struct copy range;
    bool any;
};

static void consider(const struct world *w, struct choice *best, struct copy c, const struct zone *z, int store,
    enum replica_kind kind) {
    /* Of what serves as well, that which leaves the leaseholder where it is. */
    struct score s = {2 * deficit(w, &c.r, z) + !is_voter(&c.r, c.r.lease), crowding(w, &c.r, store, kind),
        load(w, store)};
    if (!best->any || better(&s, &best->score)) {
        if (best->any)
            vec_free(&best->range.r.replicas);
        *best = (struct choice){s, c, true};
    } else {
        vec_free(&c.r.replicas);
    }
}

/* Whether a list of constraints lets a store hold one of so many replicas: one of them fits it, or not all replicas are
 * constrained. */
static bool admits(const struct world *w, const struct zone_conjunctions *cs, int all, int store) {
    int constrained = 0;
    for (size_t i = 0; i < cs->len; i++) {
        if (satisfies(w, store, &cs->items[i]))
            return true;
        constrained += cs->items[i].num_replicas ? cs->items[i].num_replicas : all;
    }
    return constrained < all;
}

/* No replica is put where the configuration has no place for one, not even in need. */
static bool allowed(const struct world *w, const struct zone *z, int store, enum replica_kind kind) {
    return admits(w, &z->constraints, z->num_replicas, store) &&
        (kind != REPLICA_VOTER || admits(w, &z->voter_constraints, zone_wanted_voters(z), store));
}

/* Adds a replica of the kind where it serves best; a voter may be a promoted non-voter. */
static bool add_best(
    struct world *w, struct world_range *r, const struct zone *z, enum replica_kind kind, bool skip_learner) {
    struct choice best = {0};
    for (size_t i = 0; i < w->nodes.len; i++) {
        int store = w->nodes.items[i].id;
        struct replica *here = replica_of(r, store);
        if (!world_store_trusted(w, store) || !allowed(w, z, store, kind) ||
            (here && (kind != REPLICA_VOTER || here->kind != REPLICA_NON_VOTER)))
            continue;
        struct copy c = copy_of(r);
        if (here)
            replica_of(&c.r, store)->kind = REPLICA_VOTER;
        else
            add_replica(&c.r, store, kind);
        consider(w, &best, c, z, store, kind);
    }
    if (!best.any)
        return false;
    bool promoted = best.range.r.replicas.len == r->replicas.len;
    if (promoted || skip_learner) {
        keep(r, &best.range);
        return true;
    }
    /* A new replica is a learner until its snapshot has arrived. */
    best.range.r.replicas.items[best.range.r.replicas.len - 1].kind = REPLICA_LEARNER;
    keep(r, &best.range);
    return true;
}

/* Removes the replica of the kind that is missed least; the dead first. */
static bool remove_worst(struct world *w, struct world_range *r, const struct zone *z, enum replica_kind kind) {
    struct choice best = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        int store = r->replicas.items[i].store_id;
        if (r->replicas.items[i].kind != kind || !removable(w, store) ||
            (store == r->lease && count_kind(r, REPLICA_VOTER) > 1 && kind == REPLICA_VOTER &&
                world_store_live(w, store) && deficit(w, r, z) == 0))
            continue;
        struct copy c = copy_of(r);
        remove_replica(&c.r, store);
        struct score s = {deficit(w, &c.r, z) - (world_store_live(w, store) ? 0 : 100), -crowding(w, r, store, kind),
            -load(w, store)};
        if (!best.any || better(&s, &best.score)) {
            if (best.any)
                vec_free(&best.range.r.replicas);
            best = (struct choice){s, c, true};
        } else {
            vec_free(&c.r.replicas);
        }
    }
    if (best.any)
        keep(r, &best.range);
    return best.any;
}

/* How well a range serves its configuration, and then how well it is spread. */
struct state {
    int deficit, crowd;
};

static struct state state_of(const struct world *w, const struct world_range *r, const struct zone *z) {
    return (struct state){deficit(w, r, z), crowd(w, r)};
}

static bool improves(
    const struct world *w, const struct world_range *r, const struct zone *z, const struct state *before) {
    const struct state after = state_of(w, r, z);
    return before->deficit ? after.deficit < before->deficit : !after.deficit && after.crowd < before->crowd;
}

/* Whether a replica would be less crowded on a store that has none; a quick look, which settles most ranges. */
static bool could_spread(const struct world *w, const struct world_range *r, const struct zone *z) {
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica old = r->replicas.items[i];
        const int now = crowding(w, r, old.store_id, old.kind);
        for (size_t k = 0; k < w->nodes.len; k++) {
            const int store = w->nodes.items[k].id;
            if (crowding(w, r, store, old.kind) - (1 << likeness(w, old.store_id, store)) < now &&
                !replica_of(r, store) && world_store_trusted(w, store) && allowed(w, z, store, old.kind))
                return true;
        }
    }
    return false;
}

/* Replaces one replica so that the configuration is served better: a swap with a non-voter, or a move, which begins
 * with a learner where the replica is to be. */
static bool repair(struct world *w, struct world_range *r, const struct zone *z, int dead, bool skip_learner) {
    const struct state now = state_of(w, r, z);
    struct choice best = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        struct replica old = r->replicas.items[i];
        if (old.kind == REPLICA_LEARNER || (dead ? old.store_id != dead : !removable(w, old.store_id)))
            continue;
        for (size_t k = 0; k < w->nodes.len; k++) {
            int store = w->nodes.items[k].id;
            struct replica *here = replica_of(r, store);
            if (store == old.store_id || !world_store_trusted(w, store) || !allowed(w, z, store, old.kind) ||
                (here && (here->kind == old.kind || old.kind != REPLICA_VOTER)))
                continue;
            struct copy c = copy_of(r);
            if (here) { /* the two change roles */
                replica_of(&c.r, store)->kind = REPLICA_VOTER;
                replica_of(&c.r, old.store_id)->kind = REPLICA_NON_VOTER;
            } else {
                remove_replica(&c.r, old.store_id);
                add_replica(&c.r, store, old.kind);
            }
            if (dead ? here != NULL : !improves(w, &c.r, z, &now))
                vec_free(&c.r.replicas);
            else
                consider(w, &best, c, z, store, old.kind);
        }
    }
    if (!best.any)
        return false;
    const struct replica added = best.range.r.replicas.items[best.range.r.replicas.len - 1];
    if (skip_learner || replica_of(r, added.store_id)) {
        keep(r, &best.range);
    } else {
        vec_free(&best.range.r.replicas);
        add_replica(r, added.store_id, REPLICA_LEARNER);
    }
    return true;
}

static int dead_replica(const struct world *w, const struct world_range *r) {
    for (size_t i = 0; i < r->replicas.len; i++)
        if (world_store_dead(w, r->replicas.items[i].store_id))
            return r->replicas.items[i].store_id;
    return 0;
}

/* The learner takes the place of the replica that is missed least; without one to replace, it goes again. */
static void take_place(struct world *w, struct world_range *r, const struct zone *z, int learner) {
    struct copy without = copy_of(r);
    remove_replica(&without.r, learner);
    const struct state now = state_of(w, &without.r, z);
    vec_free(&without.r.replicas);
    struct choice best = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica old = r->replicas.items[i];
        if (old.kind == REPLICA_LEARNER)
            continue;
        struct copy c = copy_of(r);
        replica_of(&c.r, learner)->kind = old.kind;
        remove_replica(&c.r, old.store_id);
        if (!removable(w, old.store_id) || (world_store_live(w, old.store_id) && !improves(w, &c.r, z, &now)))
            vec_free(&c.r.replicas);
        else
            consider(w, &best, c, z, learner, old.kind);
    }
    if (!best.any) {
        remove_replica(r, learner);
        return;
    }
    keep(r, &best.range);
}

/* An even number of voters survives no more than one fewer would: it is gone through only where another can follow. */
static bool is_sound(struct world *w, const struct world_range *r, const struct zone *z, int wanted) {
    const int voters = count_kind(r, REPLICA_VOTER);
    if (voters % 2 == 1 || voters >= wanted)
        return true;
    struct copy after = copy_of(r);
    const bool good = add_best(w, &after.r, z, REPLICA_VOTER, true);
    vec_free(&after.r.replicas);
    return good;
}

/* Whether the learner may be one voter more. */
static bool may_vote(struct world *w, const struct world_range *r, const struct zone *z, int learner, int wanted) {
    struct copy after = copy_of(r);
    replica_of(&after.r, learner)->kind = REPLICA_VOTER;
    const bool good = count_kind(r, REPLICA_VOTER) < wanted && is_sound(w, &after.r, z, wanted);
    vec_free(&after.r.replicas);
    return good;
}

static bool promote_learner(struct world *w, struct world_range *r, const struct zone *z, int wanted, int wanted_non) {
    for (size_t i = 0; i < r->replicas.len; i++) {
        struct replica *p = &r->replicas.items[i];
        if (p->kind != REPLICA_LEARNER)
            continue;
        if (may_vote(w, r, z, p->store_id, wanted))
            p->kind = REPLICA_VOTER;
        else if (count_kind(r, REPLICA_NON_VOTER) < wanted_non)
            p->kind = REPLICA_NON_VOTER;
        else
            take_place(w, r, z, p->store_id);
        return true;
    }
    return false;
}

/* The voter that the lease should be with: the first preference that a live one satisfies; else where it is. */
static int wanted_lease(const struct world *w, const struct world_range *r, const struct zone *z) {
    for (size_t i = 0; i < z->lease_preferences.len; i++) {
        const struct zone_conjunction *c = &z->lease_preferences.items[i];
        if (is_voter(r, r->lease) && world_store_live(w, r->lease) && satisfies(w, r->lease, c))
            return r->lease;
        for (size_t k = 0; k < r->replicas.len; k++) {
            int store = r->replicas.items[k].store_id;
            if (r->replicas.items[k].kind == REPLICA_VOTER && world_store_live(w, store) && satisfies(w, store, c))
                return store;
        }
    }
    if (is_voter(r, r->lease) && world_store_live(w, r->lease))
        return r->lease;
    for (size_t k = 0; k < r->replicas.len; k++)
        if (r->replicas.items[k].kind == REPLICA_VOTER && world_store_live(w, r->replicas.items[k].store_id))
            return r->replicas.items[k].store_id;
    return r->lease;
}

static bool move_lease(const struct world *w, struct world_range *r, const struct zone *z) {
    int wanted = wanted_lease(w, r, z);
    if (wanted == r->lease)
        return false;
    r->lease = wanted;
    return true;
}

/* As many voters as there are nodes for, an odd number of them, and not fewer than three. */
static int needed_voters(const struct world *w, const struct zone *z) {
    enum { LEAST = 3 };
    const int voters = zone_wanted_voters(z);
    const int nodes = (int)w->nodes.len;
    if (voters <= nodes)
        return voters;
    const int odd = nodes % 2 == 0 ? nodes - 1 : nodes;
    const int needed = odd < LEAST ? LEAST : odd;
    return needed < voters ? needed : voters;
}

/* Adds a voter, as soon as it may stay one. */
static bool add_voter(struct world *w, struct world_range *r, const struct zone *z, int wanted, bool skip_learner) {
    struct copy after = copy_of(r);
    const bool good = add_best(w, &after.r, z, REPLICA_VOTER, true) && is_sound(w, &after.r, z, wanted);
    vec_free(&after.r.replicas);
    return good && add_best(w, r, z, REPLICA_VOTER, skip_learner);
}

static bool change_replicas(struct world *w, struct world_range *r, const struct zone *z, bool skip_learner) {
    int voters = count_kind(r, REPLICA_VOTER);
    int non_voters = count_kind(r, REPLICA_NON_VOTER);
    int learners = count_kind(r, REPLICA_LEARNER);
    int wanted = needed_voters(w, z);
    int wanted_non = zone_wanted_non_voters(z);
    if (wanted_non > (int)w->nodes.len - wanted)
        wanted_non = (int)w->nodes.len > wanted ? (int)w->nodes.len - wanted : 0;
    if (learners > 0)
        return promote_learner(w, r, z, wanted, wanted_non);
    if (voters < wanted && add_voter(w, r, z, wanted, skip_learner))
        return true;
    int dead = dead_replica(w, r);
    if (dead && repair(w, r, z, dead, skip_learner))
        return true;
    if (voters > wanted && remove_worst(w, r, z, REPLICA_VOTER))
        return true;
    if (non_voters < wanted_non && add_best(w, r, z, REPLICA_NON_VOTER, skip_learner))
        return true;
    if (non_voters > wanted_non && remove_worst(w, r, z, REPLICA_NON_VOTER))
        return true;
    return (deficit(w, r, z) > 0 || could_spread(w, r, z)) && repair(w, r, z, 0, skip_learner);
}

/* Whoever holds the lease is not removed: a voter that stays takes it first. 0: there is none. */
static int heir(const struct world *w, const struct world_range *before, const struct world_range *after,
    const struct zone *z) {
    struct copy stay = copy_of(after);
    for (size_t i = stay.r.replicas.len; i-- > 0;)
        if (!is_voter(before, stay.r.replicas.items[i].store_id))
            remove_replica(&stay.r, stay.r.replicas.items[i].store_id);
    const int store = wanted_lease(w, &stay.r, z);
    const bool good = is_voter(&stay.r, store) && world_store_live(w, store);
    vec_free(&stay.r.replicas);
    return good ? store : 0;
}

static void drop_learners(struct world_range *r) {
    for (size_t i = r->replicas.len; i-- > 0;)
        if (r->replicas.items[i].kind == REPLICA_LEARNER)
            remove_replica(r, r->replicas.items[i].store_id);
}

/* The change in the copy would take the leaseholder away: the lease goes first, and the change waits. */
static bool lease_first(const struct world *w, struct world_range *r, const struct copy *before, const struct zone *z) {
    if (!is_voter(&before->r, r->lease) || is_voter(r, r->lease) || !world_store_live(w, r->lease))
        return false;
    const int store = heir(w, &before->r, r, z);
    if (store)
        r->lease = store;
    return store != 0;
}

static enum world_step step(struct world *w, struct world_range *r, bool skip_learner) {
    const struct span *s = world_range_span(w, r);
    if (!s)
        return STEP_NONE;
    /* Without a quorum nothing can be changed. */
    bool fresh = r->replicas.len == 0;
    if (!fresh && !world_range_available(w, r))
        return STEP_NONE;
    struct copy before = copy_of(r);
    bool changed = change_replicas(w, r, &s->zone, skip_learner || fresh);
    if (changed && !skip_learner && lease_first(w, r, &before, &s->zone)) {
        drop_learners(&before.r); /* the new leaseholder begins anew */
        keep(r, &before);
        return STEP_LEASE;
    }
    vec_free(&before.r.replicas);
    if (changed && is_voter(r, r->lease) && world_store_live(w, r->lease))
        return STEP_REPLICAS;
    return move_lease(w, r, &s->zone) ? STEP_LEASE : changed ? STEP_REPLICAS : STEP_NONE;
}

enum world_step world_step(struct world *w, struct world_range *r, bool skip_learner) {
    world_hold(w, r, -1);
    const enum world_step done = step(w, r, skip_learner);
    world_hold(w, r, 1);
    return done;
}

static usec next_due(const struct world *w) {
    usec due = 0;
    for (size_t i = 0; i < w->ranges.len; i++) {
        usec at = w->ranges.items[i]->act_at;
        if (at && (!due || at < due))
            due = at;
    }
    return due;
}

/* Many ranges are looked at in fewer rounds. */
static void arm(struct world *w) {
    const usec due = next_due(w);
    const usec least = (usec)w->ranges.len / 20;
    const usec left = due - world_now(w);
    if (due)
        world_alarm_set(w, ALARM_ALLOCATOR, left > least ? left : least);
    else
        world_alarm_clear(w, ALARM_ALLOCATOR);
}

/* After a lease transfer the range is another store's, whose scanner comes by in its own time. */
static usec pause_after(struct world *w, const struct world_range *r, enum world_step step) {
    if (step == STEP_LEASE)
        return world_between(w, w->pace->step, w->pace->scan);
    return count_kind(r, REPLICA_LEARNER) > 0 ? w->pace->snapshot : w->pace->step;
}

void world_allocate(struct world *w) {
    const usec now = world_now(w);
    bool changed = false;
    for (size_t i = 0; i < w->ranges.len; i++) {
        struct world_range *r = w->ranges.items[i];
        if (!r->act_at || r->act_at > now)
            continue;
        const enum world_step step = world_step(w, r, false);
        changed = changed || step != STEP_NONE;
        r->act_at = step == STEP_NONE ? 0 : now + world_scaled(w, pause_after(w, r, step)) + 1;
    }
    if (changed)
        world_changed(w);
    arm(w);
}

/* A look that is due sooner stays. */
static void look_at(struct world_range *r, usec at) {
    if (!r->act_at || at < r->act_at)
        r->act_at = at;
}

void world_look(struct world *w, struct world_range *r, usec delay) {
    look_at(r, world_now(w) + delay + 1);
    arm(w);
}

static bool lease_is_lost(const struct world *w, const struct world_range *r) {
    return r->lease && !world_store_live(w, r->lease);
}

/* How long it took the scanners to come to each range of a table, in key order, after nodes had come back, s; recorded. */
static const int scanner_waits[] = {6, 24, 4, 45, 6, 8, 45, 8, 20, 45};

static usec scanner_wait(size_t turn) {
    return scanner_waits[turn % (sizeof scanner_waits / sizeof *scanner_waits)] * (usec)USEC_PER_SEC;
}

static bool is_system(const struct world *w, const struct world_range *r) {
    const struct span *s = world_range_span(w, r);
    return s && s->system;
}

/* When the allocator looks at a range, the so manieth of all, of which the first are the system's; *turn: when the range
 * before it in the queue had its turn. */
static usec look_of(struct world *w, size_t i, size_t system, enum world_cause cause, usec *turn) {
    const struct world_range *r = w->ranges.items[i];
    const usec now = world_now(w);
    if (cause == CAUSE_FAILURE && lease_is_lost(w, r))
        return now + world_scaled(w, world_between(w, 0, 2 * USEC_PER_SEC));
    if (cause != CAUSE_UPDATE)
        return now + world_scaled(w, scanner_wait(i >= system ? i - system : i));
    if (!w->pace->update_enqueues)
        return now + world_scaled(w, world_between(w, w->pace->range_min, w->pace->scan));
    *turn += world_scaled(w, world_between(w, w->pace->range_min, w->pace->range_max));
    return *turn;
}

/* Whether a range has another configuration than before the last that came into force. */
static bool renewed(const struct world *w, const struct world_range *r) {
    const struct span *before = w->before ? spans_find(w->before, &r->start) : NULL,
                      *now = spans_find(&w->spans, &r->start);
    return before && now ? !zone_equal(&before->zone, &now->zone) : before != now;
}

/* Every range that it concerns is looked at: those whose turn comes first are chosen by chance, one after another. */
void world_schedule(struct world *w, enum world_cause cause) {
    usec turn = world_now(w);
    size_t n = w->ranges.len;
    size_t system = 0;
    while (system < n && is_system(w, w->ranges.items[system]))
        system++;
    size_t first = n ? world_random(w, n) : 0;
    /* A stride that has no divisor in common with n reaches every one. */
    const size_t stride = n % 7 ? 7 : n % 11 ? 11 : 1;
    for (size_t i = 0; i < n; i++) {
        const size_t k = (first + i * stride) % n;
        struct world_range *r = w->ranges.items[k];
        const struct span *s = world_range_span(w, r);
        if (s && (cause != CAUSE_UPDATE || (!s->system && renewed(w, r))))
            look_at(r, look_of(w, k, system, cause, &turn) + 1);
    }
    arm(w);
}
