/* domicile: is every replica of a range where it may be? */
#include "domicile/cluster/domicile.h"

#include "domicile/base/str.h"
#include "domicile/cluster/rules.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [DOMICILE_NO_RULE] = "no rule", [DOMICILE_GLOBAL] = "global", [DOMICILE_HOME] = "home",
    [DOMICILE_UNKNOWN] = "unknown", [DOMICILE_ABROAD] = "abroad", [DOMICILE_VOTER_ABROAD] = "voter abroad",
    [DOMICILE_LEASE_ABROAD] = "lease abroad",
};

const char *domicile_name(enum domicile d) { return names[d]; }

/* The enum is in rising order of what is proven. */
enum domicile domicile_worse(enum domicile a, enum domicile b) { return a > b ? a : b; }

void domicile_verdict_free(struct domicile_verdict *v) {
    vec_free(&v->abroad);
    free(v->reason);
    *v = (struct domicile_verdict){0};
}

static bool is_allowed(const struct allowed_regions *allowed, const char *region) {
    for (size_t i = 0; i < allowed->len; i++)
        if (strcmp(allowed->items[i], region) == 0)
            return true;
    return false;
}

static void count_replica(
    struct domicile_verdict *v, const struct replica *r, const char *region, const struct allowed_regions *allowed) {
    if (!region) {
        v->unknown_replicas++;
        return;
    }
    if (is_allowed(allowed, region))
        return;
    vec_push(&v->abroad, r->store_id);
    v->abroad_voters += r->kind == REPLICA_VOTER;
    v->abroad_non_voters += r->kind == REPLICA_NON_VOTER;
    v->abroad_learners += r->kind == REPLICA_LEARNER;
}

/* Learners, or another number of replicas than wanted: the range is on its way. */
static bool is_moving(const struct range *r, const struct zone *zone) {
    if (range_count(r, REPLICA_LEARNER) > 0)
        return true;
    if (!zone || !(zone->set & (ZONE_NUM_REPLICAS | ZONE_NUM_VOTERS)))
        return false;
    return range_count(r, REPLICA_VOTER) != zone_wanted_voters(zone) ||
        range_count(r, REPLICA_NON_VOTER) != zone_wanted_non_voters(zone);
}

/* No quorum of voters is known to live, and enough are known to be dead. */
static bool is_unavailable(const struct range *r, const struct topology *t) {
    int voters = 0;
    int dead = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        voters++;
        dead += topology_store_liveness(t, r->replicas.items[i].store_id) == LIVENESS_DEAD;
    }
    return voters > 0 && voters - dead < voters / 2 + 1;
}

static void add_count(struct str *out, int n, const char *what) {
    if (n > 0)
        str_add_f(out, "%s%d %s%s", out->len ? ", " : "", n, what, n == 1 ? "" : "s");
}

/* "2 non-voters abroad: n3 in uksouth, n8 in europe-west4". */
static char *abroad_reason(const struct domicile_verdict *v, const struct range *r, const struct topology *t) {
    struct str out = {0};
    bool leads = v->domicile == DOMICILE_LEASE_ABROAD;
    if (leads) {
        const char *region = topology_store_region(t, r->leaseholder);
        str_add(&out, "the leaseholder ");
        topology_print_store(&out, t, r->leaseholder);
        str_add_f(&out, " is in %s; ", region ? region : "an unknown region");
    }
    struct str counts = {0};
    add_count(&counts, v->abroad_voters, "voter");
    add_count(&counts, v->abroad_non_voters, "non-voter");
    add_count(&counts, v->abroad_learners, "learner");
    str_add_f(&out, "%s outside %s:", str_get(&counts), v->home);
    str_free(&counts);
    for (size_t i = 0; i < v->abroad.len; i++) {
        str_add(&out, i ? ", " : " ");
        topology_print_store(&out, t, v->abroad.items[i]);
        str_add_f(&out, " in %s", topology_store_region(t, v->abroad.items[i]));
    }
    return str_take(&out);
}

static bool lease_abroad(const struct domicile_verdict *v, const struct range *r) {
    for (size_t i = 0; i < v->abroad.len; i++)
        if (r->lease_state == LEASE_KNOWN && v->abroad.items[i] == r->leaseholder)
            return true;
    return false;
}

static void conclude(struct domicile_verdict *v, const struct range *r, const struct allowed_regions *allowed,
    const struct topology *t) {
    if (lease_abroad(v, r))
        v->domicile = DOMICILE_LEASE_ABROAD;
    else if (v->abroad_voters > 0)
        v->domicile = DOMICILE_VOTER_ABROAD;
    else if (v->abroad.len > 0)
        v->domicile = DOMICILE_ABROAD;
    else if (v->unknown_replicas > 0 || r->replicas.len == 0)
        v->domicile = DOMICILE_UNKNOWN;
    else
        v->domicile = DOMICILE_HOME;
    if (v->abroad.len > 0)
        v->reason = abroad_reason(v, r, t);
    else if (r->replicas.len == 0)
        v->reason = mem_strdup("no replica of the range is known");
    else if (v->unknown_replicas > 0)
        v->reason = mem_printf("the region of %d of %zu replicas is not known", v->unknown_replicas, r->replicas.len);
    else if (allowed->len > 1)
        v->reason = mem_printf("every replica is within the super region of %s", v->home);
    else
        v->reason = mem_printf("every replica is in %s", v->home);
}

void domicile_judge(struct domicile_verdict *v, const struct range *r, const char *home, const struct database *d,
    const struct zone *zone, const struct topology *t) {
    struct allowed_regions allowed = {0};
    *v = (struct domicile_verdict){.home = home};
    v->flags = (is_moving(r, zone) ? DOMICILE_MOVING : 0U) | (is_unavailable(r, t) ? DOMICILE_UNAVAILABLE : 0U);
    if (!home) {
        bool regions = d->primary_region != NULL;
        v->domicile = regions ? DOMICILE_GLOBAL : DOMICILE_NO_RULE;
        v->reason = mem_strdup(regions ? "a GLOBAL table has no home region" : "the database has no regions");
        return;
    }
    rules_allowed(&allowed, d, home);
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *replica = &r->replicas.items[i];
        count_replica(v, replica, topology_store_region(t, replica->store_id), &allowed);
    }
    conclude(v, r, &allowed, t);
    vec_free(&allowed);
}
