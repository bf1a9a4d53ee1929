/* ddl_super: super regions and the secondary region of a database. */
#include "ddl.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

static long find_super(const struct database_descriptor *db, const char *name) {
    for (size_t i = 0; i < db->super_regions.len; i++)
        if (str_eq(db->super_regions.items[i].name, name))
            return (long)i;
    return -1;
}

static bool super_members(struct translator *tr, const struct database_descriptor *db,
    const struct ast_super_region *s) {
    for (size_t i = 0; i < s->regions.len; i++) {
        for (size_t k = 0; k < i; k++)
            if (str_eq(s->regions.items[k], s->regions.items[i]))
                return result_fail(tr->r, "42710", "duplicate region %s found in super region %s", s->regions.items[i],
                    s->name);
        const struct super_region *other = ddl_super_of(db, s->regions.items[i]);
        if (!database_has_region(db, s->regions.items[i]))
            return result_fail(tr->r, "XXUUU", "region %s not part of database", s->regions.items[i]);
        if (other && !str_eq(other->name, s->name))
            return result_fail(tr->r, "XXUUU", "region %s is already part of super region %s",
                s->regions.items[i], other->name);
    }
    return true;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Its regions are kept, and shown, in the order of their names. */
static void super_fill(struct super_region *out, const struct ast_super_region *s) {
    out->name = mem_strdup(s->name);
    for (size_t i = 0; i < s->regions.len; i++)
        vec_push(&out->regions, mem_strdup(s->regions.items[i]));
    if (out->regions.len)
        qsort(out->regions.items, out->regions.len, sizeof *out->regions.items, by_name);
}

static void super_remove(struct database_descriptor *db, size_t i) {
    struct super_region *s = &db->super_regions.items[i];
    free(s->name);
    for (size_t k = 0; k < s->regions.len; k++)
        free(s->regions.items[k]);
    vec_free(&s->regions);
    memmove(s, s + 1, (db->super_regions.len - i - 1) * sizeof *s);
    db->super_regions.len--;
}

bool ddl_super_region(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    if (!variable_on(tr->es->session, "enable_super_regions")) {
        result_fail(tr->r, tr->engine->compat >= 2601 ? "XCEXF" : "0A000",
            "super regions are only supported experimentally");
        return result_hint(tr->r,
            "You can enable super regions by running `SET enable_super_regions = 'on'`.");
    }
    if (!db->primary_region) {
        result_fail(tr->r, "42602", "database must be multi-region to support super regions");
        return result_hint(tr->r, "you must first add a primary region to the database using ALTER DATABASE %s PRIMARY "
            "REGION <region_name>", db->name);
    }
    const long at = find_super(db, st->super.name);
    if (st->kind == DATABASE_ADD_SUPER_REGION && at >= 0)
        return result_fail(tr->r, "XXUUU", "super region %s already exists", st->super.name);
    if (st->kind == DATABASE_ALTER_SUPER_REGION && at < 0) {
        result_fail(tr->r, "42704", "super region \"%s\" of database \"%s\" does not exist", st->super.name, db->name);
        return result_hint(tr->r, "super region must be added before it can be altered");
    }
    if (st->kind != DATABASE_ADD_SUPER_REGION && at < 0)
        return result_fail(tr->r, "XXUUU", "super region %s not found", st->super.name);
    if (st->kind != DATABASE_DROP_SUPER_REGION && !super_members(tr, db, &st->super))
        return false;
    if (st->kind != DATABASE_DROP_SUPER_REGION && db->survive_region && st->super.regions.len < 3) {
        result_fail(tr->r, "22023", "super region %s only has %zu region(s): at least 3 regions are required for "
            "surviving a region failure", st->super.name, st->super.regions.len);
        return result_hint(tr->r,
            "you must add additional regions to the database or change the survivability goal");
    }
    if (at >= 0)
        super_remove(db, (size_t)at);
    if (st->kind != DATABASE_DROP_SUPER_REGION) {
        struct super_region s = {0};
        super_fill(&s, &st->super);
        vec_push(&db->super_regions, s);
    }
    return true;
}

/* Primary and secondary are in one super region, or in none. */
static bool same_super(struct translator *tr, const struct database_descriptor *db, const char *region) {
    const struct super_region *s = ddl_super_of(db, region), *primary = ddl_super_of(db, db->primary_region);
    if (s == primary)
        return true;
    return result_fail(tr->r, "42P12", primary
        ? "the secondary region must be in the same super region as the current primary region"
        : "the secondary region can not be in a super region, unless the primary is also within a super region");
}

bool ddl_secondary_region(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    const bool set = st->kind == DATABASE_SET_SECONDARY;
    if (!db->primary_region) {
        result_fail(tr->r, "42P12", "database must be multi-region to support a secondary region");
        return result_hint(tr->r, "you must first add a primary region to the database using ALTER DATABASE %s PRIMARY "
            "REGION <region_name>", db->name);
    }
    if (!set && !db->secondary_region) {
        if (!st->if_exists)
            return result_fail(tr->r, "42P02", "database %s doesn't have a secondary region defined", db->name);
        result_notice(tr->r, "No secondary region is defined on the database; skipping");
        return true;
    }
    if (set && !database_has_region(db, st->region)) {
        result_fail(tr->r, "42P12", "region \"%s\" has not been added to the database", st->region);
        return result_hint(tr->r,
            "you must add the region to the database before setting it as secondary region, using ALTER "
                "DATABASE "
            "%s ADD REGION \"%s\"", db->name, st->region);
    }
    if (set && str_eq(db->primary_region, st->region))
        return result_fail(tr->r, "42P12",
            "the secondary region cannot be the same as the current primary region");
    if (set && !same_super(tr, db, st->region))
        return false;
    free(db->secondary_region);
    db->secondary_region = set ? mem_strdup(st->region) : NULL;
    return true;
}

