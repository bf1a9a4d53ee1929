/* conformance: a range against its zone configuration, as the cluster's own reporter does it. */
#include "domicile/cluster/conformance.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct counts {
    int voters, live_voters, unknown_voters;
    int non_voters, live_non_voters, unknown_non_voters;
};

static void finding(struct conformance_verdict *v, enum conformance what, int store, char *text) {
    struct conformance_finding f = {what, store, text};
    v->states |= what;
    vec_push(&v->findings, f);
}

/* Draining nodes live; dead and decommissioned ones do not count. */
static bool lives(const struct topology *t, int store, bool *known) {
    const struct node *n = topology_node_of_store(t, store);
    enum liveness liveness = topology_store_liveness(t, store);
    *known = liveness != LIVENESS_UNKNOWN;
    return liveness == LIVENESS_LIVE && !(n && n->membership == MEMBERSHIP_DECOMMISSIONED);
}

static struct counts count(const struct range *r, const struct topology *t) {
    struct counts c = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        bool known;
        bool live = lives(t, p->store_id, &known);
        if (p->kind == REPLICA_LEARNER)
            continue;
        c.voters += p->kind == REPLICA_VOTER;
        c.unknown_voters += p->kind == REPLICA_VOTER && !known;
        c.live_voters += p->kind == REPLICA_VOTER && live;
        c.non_voters += p->kind == REPLICA_NON_VOTER;
        c.unknown_non_voters += p->kind == REPLICA_NON_VOTER && !known;
        c.live_non_voters += p->kind == REPLICA_NON_VOTER && live;
    }
    return c;
}

/* Where a store is: its node's locality, else its own; NULL when neither is known. */
static const struct locality *locality_of(const struct topology *t, int store) {
    const struct node *n = topology_node_of_store(t, store);
    const struct store *s = topology_store(t, store);
    if (n && n->locality.len > 0)
        return &n->locality;
    return s && s->locality.len > 0 ? &s->locality : NULL;
}

/* The dead and decommissioned among the replicas of a kind, each named. */
static void add_dead(struct conformance_verdict *v, const struct range *r, const struct topology *t,
    enum replica_kind kind, enum conformance what) {
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        bool known;
        if (p->kind != kind || lives(t, p->store_id, &known) || !known)
            continue;
        const struct locality *l = locality_of(t, p->store_id);
        struct str text = {0};
        str_add_f(&text, "the %s on ", kind == REPLICA_VOTER ? "voter" : "non-voter");
        topology_print_store(&text, t, p->store_id);
        str_add(&text, " (");
        if (l)
            locality_print(&text, l);
        str_add_f(&text, "%s) is %s", l ? "" : "locality unknown",
            topology_store_liveness(t, p->store_id) == LIVENESS_DEAD ? "dead" : "decommissioned");
        finding(v, what, p->store_id, str_take(&text));
    }
}

static void judge_counts(
    struct conformance_verdict *v, const struct range *r, const struct zone *z, const struct topology *t) {
    struct counts c = count(r, t);
    int voters = zone_wanted_voters(z);
    int non_voters = zone_wanted_non_voters(z);
    int unknown = c.unknown_voters + c.unknown_non_voters;
    if (unknown) {
        finding(v, CONFORMANCE_UNKNOWN, 0,
            mem_printf("liveness of %d replica%s is not readable", unknown, unknown == 1 ? "" : "s"));
        c.live_voters += c.unknown_voters; /* what is not known to be dead is not accused */
        c.live_non_voters += c.unknown_non_voters;
    }
    if (c.voters > 0 && c.live_voters < c.voters / 2 + 1) {
        finding(v, CONFORMANCE_UNAVAILABLE, 0, mem_printf("%d of %d voters live: no quorum", c.live_voters, c.voters));
        add_dead(v, r, t, REPLICA_VOTER, CONFORMANCE_UNAVAILABLE);
    }
    if (c.live_voters < voters) {
        finding(v, CONFORMANCE_UNDER_REPLICATED, 0,
            mem_printf("%d live voters, %d wanted (num_voters)", c.live_voters, voters));
        add_dead(v, r, t, REPLICA_VOTER, CONFORMANCE_UNDER_REPLICATED);
    }
    if (c.live_non_voters < non_voters) {
        finding(v, CONFORMANCE_UNDER_REPLICATED, 0,
            mem_printf("%d live non-voters, %d wanted (num_replicas less num_voters)", c.live_non_voters, non_voters));
        add_dead(v, r, t, REPLICA_NON_VOTER, CONFORMANCE_UNDER_REPLICATED);
    }
    if (c.voters > voters)
        finding(v, CONFORMANCE_OVER_REPLICATED, 0, mem_printf("%d voters, %d wanted (num_voters)", c.voters, voters));
    if (c.non_voters > non_voters)
        finding(v, CONFORMANCE_OVER_REPLICATED, 0,
            mem_printf("%d non-voters, %d wanted (num_replicas less num_voters)", c.non_voters, non_voters));
}

static bool has_attribute(const struct zone_conjunction *c) {
    for (size_t i = 0; i < c->members.len; i++)
        if (!c->members.items[i].key || !c->members.items[i].key[0])
            return true;
    return false;
}

/* A store that breaks a rule that binds every replica is named. */
static void name_offender(struct conformance_verdict *v, enum conformance what, const struct topology *t, int store,
    const struct zone_conjunction *c) {
    struct str text = {0};
    topology_print_store(&text, t, store);
    str_add(&text, " (");
    locality_print(&text, locality_of(t, store));
    str_add(&text, ") does not satisfy ");
    zone_print_report_name(&text, c);
    finding(v, what, store, str_take(&text));
}

/* One constraint with the number of replicas that must satisfy it. */
static void judge_constraint(struct conformance_verdict *v, const struct range *r, const struct topology *t,
    const struct zone_conjunction *c, int wanted, bool voters_only) {
    enum conformance what = voters_only ? CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS : CONFORMANCE_VIOLATES_CONSTRAINTS;
    int matching = 0;
    int unknown = 0;
    if (has_attribute(c)) {
        finding(v, CONFORMANCE_UNKNOWN, 0, mem_strdup("a constraint names a store attribute, which is not read"));
        return;
    }
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        if (voters_only && p->kind != REPLICA_VOTER)
            continue;
        const struct locality *l = locality_of(t, p->store_id);
        unknown += l == NULL;
        matching += l && locality_satisfies(l, c);
    }
    if (matching >= wanted)
        return;
    if (matching + unknown >= wanted) {
        finding(v, CONFORMANCE_UNKNOWN, 0, mem_printf("the locality of %d replicas is not known", unknown));
        return;
    }
    struct str text = {0};
    zone_print_report_name(&text, c);
    str_add_f(&text, ": %d %s, %d wanted", matching, voters_only ? "voters" : "replicas", wanted);
    finding(v, what, 0, str_take(&text));
    for (size_t i = 0; c->num_replicas == 0 && i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        const struct locality *l = voters_only && p->kind != REPLICA_VOTER ? NULL : locality_of(t, p->store_id);
        if (l && !locality_satisfies(l, c))
            name_offender(v, what, t, p->store_id, c);
    }
}

static void judge_constraints(
    struct conformance_verdict *v, const struct range *r, const struct zone *z, const struct topology *t) {
    for (size_t i = 0; i < z->constraints.len; i++) {
        const struct zone_conjunction *c = &z->constraints.items[i];
        judge_constraint(v, r, t, c, c->num_replicas ? c->num_replicas : z->num_replicas, false);
    }
    for (size_t i = 0; i < z->voter_constraints.len; i++) {
        const struct zone_conjunction *c = &z->voter_constraints.items[i];
        judge_constraint(v, r, t, c, c->num_replicas ? c->num_replicas : zone_wanted_voters(z), true);
    }
}

/* The lease should be where the first preference that some voter satisfies wants it. */
static void judge_lease(
    struct conformance_verdict *v, const struct range *r, const struct zone *z, const struct topology *t) {
    const struct locality *at = r->lease_state == LEASE_KNOWN ? locality_of(t, r->leaseholder) : NULL;
    if (!at || z->lease_preferences.len == 0)
        return;
    for (size_t i = 0; i < z->lease_preferences.len;
         i++) /* a store's attributes are not read: it may have what is asked for */
        if (has_attribute(&z->lease_preferences.items[i]) || locality_satisfies(at, &z->lease_preferences.items[i]))
            return;
    struct str text = {0};
    str_add(&text, "the leaseholder ");
    topology_print_store(&text, t, r->leaseholder);
    str_add(&text, " satisfies none of the lease preferences ");
    zone_print_lease_preferences(&text, &z->lease_preferences);
    finding(v, CONFORMANCE_VIOLATES_LEASE_PREFERENCES, r->leaseholder, str_take(&text));
}

void conformance_judge(
    struct conformance_verdict *v, const struct range *r, const struct zone *zone, const struct topology *t) {
    *v = (struct conformance_verdict){0};
    if (!zone || !(zone->set & ZONE_NUM_REPLICAS)) {
        finding(v, CONFORMANCE_UNKNOWN, 0, mem_strdup("the zone configuration that governs it is not readable"));
        return;
    }
    if (r->replicas.len == 0) {
        finding(v, CONFORMANCE_UNKNOWN, 0, mem_strdup("no replica of the range is known"));
        return;
    }
    judge_counts(v, r, zone, t);
    judge_constraints(v, r, zone, t);
    judge_lease(v, r, zone, t);
}

void conformance_verdict_free(struct conformance_verdict *v) {
    for (size_t i = 0; i < v->findings.len; i++)
        free(v->findings.items[i].text);
    vec_free(&v->findings);
    *v = (struct conformance_verdict){0};
}

void conformance_print(struct str *out, unsigned states) {
    static const struct {
        unsigned state;
        const char *name;
    } names[] = {
        {CONFORMANCE_UNAVAILABLE, "unavailable"},
        {CONFORMANCE_UNDER_REPLICATED, "under-replicated"},
        {CONFORMANCE_OVER_REPLICATED, "over-replicated"},
        {CONFORMANCE_VIOLATES_CONSTRAINTS, "violates constraints"},
        {CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS, "violates voter constraints"},
        {CONFORMANCE_VIOLATES_LEASE_PREFERENCES, "violates lease preferences"},
        {CONFORMANCE_UNKNOWN, "unknown"},
    };
    size_t start = out->len;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (states & names[i].state)
            str_add_f(out, "%s%s", out->len > start ? ", " : "", names[i].name);
    if (out->len == start)
        str_add(out, "conforming");
}
