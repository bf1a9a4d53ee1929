/* rules: the zone configuration that CockroachDB derives. */
#include "domicile/cluster/rules.h"

#include <string.h>

enum {
    ZONE_VOTERS = 3,
    REGION_VOTERS = 5,
    REGION_SHARE = 2,           /* voters kept in the home region when a region failure is survived */
    REGIONS_FOR_SURVIVAL = 3,
    VERSION_IMPLICIT_SUPER = 2502, /* three regions surviving a region's failure act as one super region */
    VERSION_GLOBAL_LEASES = 2202,  /* GLOBAL under RESTRICTED writes lease preferences of its own */
};

static bool survives_region(const struct database *d) { return d->survival == SURVIVAL_REGION; }
static bool restricted(const struct database *d) { return d->placement == PLACEMENT_RESTRICTED; }
static int voters(const struct database *d) { return survives_region(d) ? REGION_VOTERS : ZONE_VOTERS; }

/* Replicas wanted over n regions. */
static int replicas(const struct database *d, int n) {
    if (!survives_region(d))
        return restricted(d) ? ZONE_VOTERS : ZONE_VOTERS + n - 1;
    int wanted = REGION_SHARE + n - 1 + (d->secondary_region != NULL);
    return wanted > REGION_VOTERS ? wanted : REGION_VOTERS;
}

static const char *secondary_besides(const struct database *d, const char *home) {
    return d->secondary_region && strcmp(d->secondary_region, home) != 0 ? d->secondary_region : NULL;
}

static void set_voter_constraints(struct zone *z, const struct database *d, const char *home) {
    const char *second = secondary_besides(d, home);
    z->set |= ZONE_VOTER_CONSTRAINTS;
    if (!survives_region(d)) {
        zone_add_constraint(&z->voter_constraints, 0, "region", home);
        return;
    }
    bool second_first = second && strcmp(second, home) < 0;
    if (second_first)
        zone_add_constraint(&z->voter_constraints, REGION_SHARE, "region", second);
    zone_add_constraint(&z->voter_constraints, REGION_SHARE, "region", home);
    if (second && !second_first)
        zone_add_constraint(&z->voter_constraints, REGION_SHARE, "region", second);
}

static void set_lease_preferences(struct zone *z, const struct database *d, const char *home) {
    const char *second = secondary_besides(d, home);
    z->set |= ZONE_LEASE_PREFERENCES;
    zone_add_constraint(&z->lease_preferences, 0, "region", home);
    if (second)
        zone_add_constraint(&z->lease_preferences, 0, "region", second);
}

static void set_voters(struct zone *z, const struct database *d, const char *home) {
    z->set |= ZONE_NUM_VOTERS;
    z->num_voters = voters(d);
    set_voter_constraints(z, d, home);
    set_lease_preferences(z, d, home);
}

/* One replica in each region of the database. */
static void set_each_region(struct zone *z, const struct database *d) {
    z->set |= ZONE_CONSTRAINTS;
    for (size_t i = 0; i < d->regions.len; i++)
        zone_add_constraint(&z->constraints, 1, "region", d->regions.items[i].name);
}

static void set_replicas(struct zone *z, int n) {
    z->set |= ZONE_NUM_REPLICAS;
    z->num_replicas = n;
}

static bool check(const struct rules_input *in, struct err *err) {
    const struct database *d = in->database;
    if (!d->primary_region)
        return err_set(err, ERR_INPUT, "database %s has no regions", d->name);
    if (survives_region(d) && d->regions.len < REGIONS_FOR_SURVIVAL)
        return err_set(err, ERR_INPUT, "at least 3 regions are required for surviving a region failure");
    if (survives_region(d) && restricted(d))
        return err_set(err, ERR_INPUT, "a region-survivable database cannot also have a restricted placement policy");
    return true;
}

bool rules_database(struct zone *z, const struct rules_input *in, struct err *err) {
    const struct database *d = in->database;
    if (!check(in, err))
        return false;
    set_replicas(z, replicas(d, (int)d->regions.len));
    if (restricted(d))
        z->set |= ZONE_CONSTRAINTS; /* written, and empty */
    else
        set_each_region(z, d);
    set_voters(z, d, d->primary_region);
    return true;
}

/* The members of the super region that holds home, explicit or implicit; false: none does. */
static bool super_region(struct allowed_regions *members, const struct rules_input *in, const char *home) {
    const struct database *d = in->database;
    const struct super_region *sr = database_super_region_of(d, home);
    for (size_t i = 0; sr && i < sr->regions.len; i++)
        vec_push(members, (const char *)sr->regions.items[i]);
    bool implicit = !sr && d->super_regions.len == 0 && survives_region(d) &&
        d->regions.len == REGIONS_FOR_SURVIVAL && in->version >= VERSION_IMPLICIT_SUPER;
    for (size_t i = 0; implicit && i < d->regions.len; i++)
        vec_push(members, (const char *)d->regions.items[i].name);
    return members->len > 0;
}

/* With three regions one of the others takes two, so that the counts make up all five voters. */
static const char *doubled_region(
    const struct rules_input *in, const struct allowed_regions *members, const char *home) {
    const struct database *d = in->database;
    if (in->version < VERSION_IMPLICIT_SUPER || !survives_region(d) || members->len != REGIONS_FOR_SURVIVAL ||
        secondary_besides(d, home))
        return NULL;
    const char *first = NULL;
    for (size_t i = 0; i < members->len; i++) {
        const char *r = members->items[i];
        if (strcmp(r, home) != 0 && (!first || strcmp(r, first) < 0))
            first = r;
    }
    return first;
}

static void set_super_region(
    struct zone *z, const struct rules_input *in, const struct allowed_regions *members, const char *home) {
    const char *doubled = doubled_region(in, members, home);
    set_replicas(z, replicas(in->database, (int)members->len));
    z->set |= ZONE_CONSTRAINTS;
    for (size_t i = 0; i < members->len; i++) {
        bool twice = doubled && strcmp(members->items[i], doubled) == 0;
        zone_add_constraint(&z->constraints, twice ? REGION_SHARE : 1, "region", members->items[i]);
    }
    set_voters(z, in->database, home);
}

/* What an object with a home of its own sets. */
static void set_home(struct zone *z, const struct rules_input *in, const char *home, bool inherits_primary) {
    struct allowed_regions members = {0};
    if (super_region(&members, in, home))
        set_super_region(z, in, &members, home);
    else if (!inherits_primary)
        set_voters(z, in->database, home);
    else if (in->database->secondary_region)
        set_lease_preferences(z, in->database, home);
    vec_free(&members);
}

static void set_global(struct zone *z, const struct rules_input *in) {
    const struct database *d = in->database;
    z->set |= ZONE_GLOBAL_READS;
    z->global_reads = true;
    if (!restricted(d)) {
        if (d->secondary_region)
            set_lease_preferences(z, d, d->primary_region);
        return;
    }
    /* The placement policy is not for GLOBAL tables: they keep a replica everywhere. */
    set_replicas(z, ZONE_VOTERS + (int)d->regions.len - 1);
    set_each_region(z, d);
    z->set |= ZONE_NUM_VOTERS;
    z->num_voters = voters(d);
    set_voter_constraints(z, d, d->primary_region);
    if (in->version >= VERSION_GLOBAL_LEASES)
        set_lease_preferences(z, d, d->primary_region);
}

bool rules_table(
    struct zone *z, const struct rules_input *in, enum table_locality locality, const char *home, struct err *err) {
    const struct database *d = in->database;
    if (!check(in, err))
        return false;
    switch (locality) {
    case TABLE_LOCALITY_NONE: return true;
    case TABLE_LOCALITY_GLOBAL: set_global(z, in); return true;
    case TABLE_LOCALITY_BY_TABLE:
        if (home && !database_region(d, home))
            return err_set(err, ERR_INPUT, "region \"%s\" has not been added to database \"%s\"", home, d->name);
        set_home(z, in, home ? home : d->primary_region, home == NULL);
        return true;
    case TABLE_LOCALITY_BY_ROW:
        if (d->secondary_region)
            set_lease_preferences(z, d, d->primary_region);
        return true;
    }
    return true;
}

bool rules_partition(struct zone *z, const struct rules_input *in, const char *region, struct err *err) {
    if (!check(in, err))
        return false;
    if (!database_region(in->database, region))
        return err_set(
            err, ERR_INPUT, "region \"%s\" has not been added to database \"%s\"", region, in->database->name);
    set_home(z, in, region, false);
    return true;
}

void rules_allowed(struct allowed_regions *out, const struct database *d, const char *home) {
    const struct super_region *sr = database_super_region_of(d, home);
    for (size_t i = 0; sr && i < sr->regions.len; i++)
        vec_push(out, (const char *)sr->regions.items[i]);
    if (!sr)
        vec_push(out, home);
}
