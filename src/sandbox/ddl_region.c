/* ddl_region: ALTER DATABASE ... PRIMARY REGION and ADD REGION, and what the changes of regions share. */
#include "ddl.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/name.h"
#include "domicile/sandbox/world.h"

#include <stdlib.h>
#include <string.h>

bool ddl_known_region(struct translator *tr, const char *region) {
    const char **names = NULL;
    struct str list = {0};
    bool found = false;
    const size_t n = tr->engine->world ? world_regions(tr->engine->world, &names) : 0;
    for (size_t i = 0; i < n; i++) {
        found = found || str_eq(names[i], region);
        str_add_f(&list, i ? ", %s" : "%s", names[i]);
    }
    if (!found) {
        result_fail(tr->r, "42602", "region \"%s\" does not exist", region);
        result_hint(tr->r, "valid regions: %s", str_get(&list));
    }
    free(names);
    str_free(&list);
    return found;
}

struct type_descriptor *ddl_region_type(struct translator *tr, struct database_descriptor *db) {
    struct type_descriptor *t = type_by_id(tr->engine->descriptors, db->region_type);
    if (t)
        return t;
    t = type_add(tr->engine->descriptors, db->id, db->schemas.items[0].id, "crdb_internal_region",
        tr->es->session->user);
    t->regions = true;
    db->region_type = t->id;
    return t;
}

const struct super_region *ddl_super_of(const struct database_descriptor *db, const char *region) {
    for (size_t i = 0; i < db->super_regions.len; i++)
        for (size_t k = 0; k < db->super_regions.items[i].regions.len; k++)
            if (str_eq(db->super_regions.items[i].regions.items[k], region))
                return &db->super_regions.items[i];
    return NULL;
}

static void add_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    vec_push(&db->regions, mem_strdup(region));
    type_add_label_sorted(ddl_region_type(tr, db), region);
    tr->engine->descriptors->changes++;
}

/* As an identifier: in quotes only where it needs them. In the arena. */
static const char *identifier(struct translator *tr, const char *name) {
    char *quoted = name_quoted(name);
    const char *copy = arena_strdup(tr->arena, quoted);
    free(quoted);
    return copy;
}

void ddl_set_table_locality(struct translator *tr, struct table_descriptor *t, enum table_locality locality) {
    t->locality = locality;
    ddl_touch(tr, t, CHANGE_SETTING);
}

static bool type_name_free(struct translator *tr, const struct database_descriptor *db) {
    if (!type_by_name(tr->engine->descriptors, db->id, "crdb_internal_region"))
        return true;
    result_fail(tr->r, "42710", "type \"%s.public.crdb_internal_region\" already exists", db->name);
    result_detail(tr->r, "multi-region databases employ an internal enum called crdb_internal_region to manage "
        "regions which conflicts with the existing object");
    return result_hint(tr->r,
        "object \"crdb_internal_regions\" must be renamed or dropped before adding the primary region");
}

static bool first_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    struct descriptors *d = tr->engine->descriptors;
    if (!ddl_known_region(tr, region) || !type_name_free(tr, db))
        return false;
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && !ddl_may_change(tr, d->tables.items[i]))
            return false;
    db->primary_region = mem_strdup(region);
    add_region(tr, db, region);
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id)
            ddl_set_table_locality(tr, d->tables.items[i], TABLE_LOCALITY_BY_TABLE);
    return true;
}

static bool may_be_primary(struct translator *tr, const struct database_descriptor *db, const char *region) {
    if (!database_has_region(db, region)) {
        result_fail(tr->r, "42602", "region %s has not been added to the database", identifier(tr, region));
        return result_hint(tr->r, "you must add the region to the database before setting it as primary region, "
            "using ALTER DATABASE %s ADD REGION %s", identifier(tr, db->name), identifier(tr, region));
    }
    if (str_eq(db->secondary_region, region)) {
        result_fail(tr->r, "42P12", "region %s is currently the secondary region", identifier(tr, region));
        return result_hint(tr->r,
            "you must drop the secondary region using ALTER DATABASE %s DROP SECONDARY REGION",
            identifier(tr, db->name));
    }
    return true;
}

/* Moving into or out of a super region moves every table that is in the primary region. */
static bool may_leave_super_region(struct translator *tr, const struct database_descriptor *db,
    const char *region, const struct super_region *now, const struct super_region *was) {
    struct str which = {0};
    if (now == was || variable_on(tr->es->session, "alter_primary_region_super_region_override"))
        return true;
    if (now)
        str_add_f(&which, "\nthe new primary region %s is a member of super region %s", region, now->name);
    if (was)
        str_add_f(&which, "\nthe old primary region %s is a member of super region %s", db->primary_region,
            was->name);
    result_fail(tr->r, "XXUUU", "moving the primary region into or out of a super region could have undesirable "
        "data placement implications as all regional tables in the primary region will now moved.\n%s",
        str_get(&which));
    str_free(&which);
    return result_hint(tr->r, "You can enable this operation by running "
        "`SET alter_primary_region_super_region_override = 'on'`.");
}

bool ddl_primary_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    if (!db->primary_region)
        return first_region(tr, db, region);
    const struct super_region *now = ddl_super_of(db, region);
    const struct super_region *was = ddl_super_of(db, db->primary_region);
    if (!may_be_primary(tr, db, region) || !may_leave_super_region(tr, db, region, now, was))
        return false;
    if (now)
        result_notice(tr->r, "all REGIONAL BY TABLE tables without a region explicitly set are now part of the "
            "super region %s", now->name);
    if (was)
        result_notice(tr->r, "all REGIONAL BY TABLE tables without a region explicitly set are no longer part of "
            "the super region %s", was->name);
    free(db->primary_region);
    db->primary_region = mem_strdup(region);
    return true;
}

bool ddl_may_repartition(struct translator *tr, const struct database_descriptor *db) {
    const struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++) {
        const struct table_descriptor *t = d->tables.items[i];
        if (t->database != db->id || t->locality != TABLE_LOCALITY_BY_ROW || ddl_may_change(tr, t))
            continue;
        const char *why = arena_strdup(tr->arena, tr->r->error.message);
        return result_fail(tr->r, "42501", "cannot repartition regional by row table: %s", why);
    }
    return true;
}

bool ddl_region_add(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
    if (!db->primary_region) {
        result_fail(tr->r, "42P12", "cannot add region %s to database %s", identifier(tr, st->region),
            identifier(tr, db->name));
        return result_hint(tr->r, "you must add a PRIMARY REGION first using ALTER DATABASE %s PRIMARY REGION %s",
            identifier(tr, db->name), identifier(tr, st->region));
    }
    if (!ddl_may_repartition(tr, db) || !ddl_known_region(tr, st->region))
        return false;
    if (database_has_region(db, st->region)) {
        if (!st->if_not_exists)
            return result_fail(tr->r, "42710", "region \"%s\" already added to database", st->region);
        result_notice(tr->r, "region \"%s\" already exists; skipping", st->region);
        return true;
    }
    add_region(tr, db, st->region);
    ddl_jobs(tr, 1, "TYPEDESC SCHEMA CHANGE", "Adding new region value \"%s\" to \"crdb_internal_region\"",
        st->region);
    return true;
}
