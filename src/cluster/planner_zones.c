/* planner_zones: zone configurations before and after a change. */
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

/* -- what the rules derive -- */

/* What an object sets itself: nothing for most. */
static bool own_zone(
    struct zone *out, const struct database *d, rules_version version, const struct table *t, const char *region) {
    struct rules_input in = {d, version};
    if (region)
        return rules_partition(out, &in, region, NULL);
    return t ? rules_table(out, &in, t->locality, t->home, NULL) : rules_database(out, &in, NULL);
}

/* With what it inherits: a partition from its table, a table from the database. */
static bool full_zone(
    struct zone *out, const struct database *d, rules_version version, const struct table *t, const char *region) {
    bool ok = own_zone(out, d, version, t, region);
    for (int level = region ? 0 : 1; ok && t && level < 2; level++) {
        struct zone parent = {0};
        ok = own_zone(&parent, d, version, level == 0 ? t : NULL, NULL);
        zone_inherit(out, &parent);
        zone_free(&parent);
    }
    return ok;
}

/* What placement does not set stays as it is. */
static void keep_rest(struct zone *z, const struct zone *now) {
    struct zone rest = {.set = now->set & (ZONE_RANGE_MIN_BYTES | ZONE_RANGE_MAX_BYTES | ZONE_GC_TTLSECONDS),
        .range_min_bytes = now->range_min_bytes,
        .range_max_bytes = now->range_max_bytes,
        .gc_ttlseconds = now->gc_ttlseconds};
    zone_inherit(z, &rest);
}

bool planner_zone_after(
    struct zone *out, const struct planning *p, const struct table *t, const char *region, const struct zone *now) {
    bool ok = full_zone(out, &p->after, p->version, t, region);
    if (now)
        keep_rest(out, now);
    return ok;
}

/* -- in words -- */

/* One field's text when the other configuration has another value. */
static void add_field(struct str *out, const char *name, const char *value, const char *other) {
    if (strcmp(value, other) != 0)
        str_add_f(out, "%s%s %s", out->len ? ", " : "", name, value);
}

static char *list_text(const struct zone_conjunctions *list, bool leases) {
    struct str out = {0};
    if (leases)
        zone_print_lease_preferences(&out, list);
    else
        zone_print_conjunctions(&out, list);
    return str_take(&out);
}

static void add_list(struct str *out, const char *name, const struct zone_conjunctions *a,
    const struct zone_conjunctions *b, bool leases) {
    char *text = list_text(a, leases);
    char *other = list_text(b, leases);
    add_field(out, name, text, other);
    free(text);
    free(other);
}

static void print_zone(struct str *out, const struct zone *z, const struct zone *other) {
    if (z->num_replicas != other->num_replicas)
        str_add_f(out, "num_replicas %d", z->num_replicas);
    if (zone_wanted_voters(z) != zone_wanted_voters(other))
        str_add_f(out, "%snum_voters %d", out->len ? ", " : "", zone_wanted_voters(z));
    add_list(out, "constraints", &z->constraints, &other->constraints, false);
    add_list(out, "voter_constraints", &z->voter_constraints, &other->voter_constraints, false);
    add_list(out, "lease_preferences", &z->lease_preferences, &other->lease_preferences, true);
    add_field(out, "global_reads", z->global_reads ? "true" : "false", other->global_reads ? "true" : "false");
}

/* -- what changes -- */

/* An object of the database before and after. */
struct object {
    const struct table *before, *after; /* the same but for SET LOCALITY; NULL: the database */
    const char *region;                 /* of a partition */
    bool was, is;                       /* there is such an object before, after */
    const struct zone *read;            /* as the server said it is now; NULL not read */
    int count;                          /* how many there are of it: a partition is in every index */
};

/* The object's name, and how much of it says what kind it is. */
static char *target_of(const struct planning *p, const struct object *o, size_t *kind) {
    *kind = o->region ? strlen("PARTITION ") + strlen(o->region) + strlen(" of ") : strlen("TABLE ");
    if (!o->before)
        return mem_printf("DATABASE %s", p->catalog->database.name);
    return o->region ? mem_printf("PARTITION %s of %s", o->region, o->before->name)
        : mem_printf("TABLE %s", o->before->name);
}

/* Lists it, or counts it with one that changes alike. Takes the texts over. */
static void list_zone(struct planning *p, const struct object *o, char *before, char *after) {
    size_t kind;
    char *target = target_of(p, o, &kind);
    for (size_t i = 0; o->before && i < p->plan->zones.len; i++) {
        struct plan_zone *z = &p->plan->zones.items[i];
        if (strncmp(z->target, target, kind) != 0 || strcmp(z->before, before) != 0 || strcmp(z->after, after) != 0)
            continue;
        z->alike++;
        free(target);
        free(before);
        free(after);
        return;
    }
    vec_push(&p->plan->zones, ((struct plan_zone){.target = target, .before = before, .after = after}));
}

static bool same_own(const struct planning *p, const struct object *o) {
    struct zone before = {0};
    struct zone after = {0};
    bool same = o->was == o->is && own_zone(&before, &p->catalog->database, p->version, o->before, o->region) &&
        own_zone(&after, &p->after, p->version, o->after, o->region) && zone_equal(&before, &after);
    zone_free(&before);
    zone_free(&after);
    return same;
}

/* True: only what it inherits changes. */
static bool compare_object(struct planning *p, const struct object *o) {
    struct zone before = {0};
    struct zone after = {0};
    struct str was = {0};
    struct str is = {0};
    bool inherits = false;
    bool ok = !o->was || full_zone(&before, &p->catalog->database, p->version, o->before, o->region);
    if ((o->was || !o->before) && o->read &&
        o->read->set & ZONE_NUM_REPLICAS) { /* what the server said beats what the rules say */
        zone_free(&before);
        zone_copy(&before, o->read);
    }
    ok = ok && (!o->is || full_zone(&after, &p->after, p->version, o->after, o->region));
    if (ok) {
        print_zone(&was, &before, &after);
        print_zone(&is, &after, &before);
    }
    bool changes = was.len + is.len > 0;
    inherits = changes && o->before && same_own(p, o);
    if (changes && !inherits)
        list_zone(p, o, o->was || !o->before ? str_take(&was) : mem_strdup("none"),
            o->is ? str_take(&is) : mem_strdup("none"));
    str_free(&was);
    str_free(&is);
    zone_free(&before);
    zone_free(&after);
    return inherits;
}

static const struct zone *partition_zone(const struct table *t, const char *region) {
    for (size_t i = 0; i < t->indexes.len; i++)
        for (size_t k = 0; k < t->indexes.items[i].partitions.len; k++)
            if (strcmp(t->indexes.items[i].partitions.items[k].region, region) == 0)
                return &t->indexes.items[i].partitions.items[k].zone;
    return NULL;
}

static int compare_partition(
    struct planning *p, const struct table *before, const struct table *after, const char *region) {
    struct object o = {.before = before,
        .after = after,
        .region = region,
        .read = partition_zone(before, region),
        .count = (int)before->indexes.len};
    o.was = before->locality == TABLE_LOCALITY_BY_ROW && database_region(&p->catalog->database, region);
    o.is = after->locality == TABLE_LOCALITY_BY_ROW && database_region(&p->after, region);
    return (o.was || o.is) && compare_object(p, &o) ? o.count : 0;
}

static int compare_table(struct planning *p, const struct table *t) {
    const struct table *after = p->table == t ? &p->changed : t;
    struct object o = {.before = t, .after = after, .was = true, .is = true, .read = &t->zone};
    const struct database *d = &p->catalog->database;
    int inheritors = 0;
    if (t->locality == TABLE_LOCALITY_NONE && after == t)
        return 0;
    inheritors += compare_object(p, &o);
    for (size_t i = 0; i < d->regions.len; i++)
        inheritors += compare_partition(p, t, after, d->regions.items[i].name);
    for (size_t i = 0; i < p->after.regions.len; i++)
        if (!database_region(d, p->after.regions.items[i].name))
            inheritors += compare_partition(p, t, after, p->after.regions.items[i].name);
    return inheritors;
}

void planner_compare_zones(struct planning *p) {
    const struct database *d = &p->catalog->database;
    struct object o = {.was = d->primary_region != NULL, .is = p->after.primary_region != NULL, .read = &d->zone};
    int inheritors = 0;
    compare_object(p, &o);
    bool listed = p->plan->zones.len > 0;
    for (size_t i = 0; i < p->catalog->tables.len; i++)
        inheritors += compare_table(p, &p->catalog->tables.items[i]);
    if (listed)
        p->plan->zones.items[0].inheritors = inheritors;
}
