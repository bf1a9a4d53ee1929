/* ddl_database: CREATE and ALTER DATABASE: survival goal, placement, and what goes to regions. */
#include "ddl.h"

#include "domicile/base/mem.h"
#include "domicile/cluster/rules.h"

#include <stdlib.h>
#include <string.h>

bool ddl_survives_with(struct translator *tr, size_t regions) {
    if (regions >= 3)
        return true;
    result_fail(tr->r, "22023", "at least 3 regions are required for surviving a region failure");
    return result_hint(tr->r, "you must add additional regions to the database or change the "
        "survivability goal");
}

static const char *flag_state(const struct translator *tr) {
    return tr->engine->compat >= 2601 ? "XCEXF" : "0A000";
}

static bool placement_set(const struct translator *tr) {
    return variable_on(tr->es->session, "enable_multiregion_placement_policy") ||
        settings_on(tr->engine->settings, "sql.defaults.multiregion_placement_policy.enabled");
}

static bool placement_allowed(struct translator *tr) {
    if (placement_set(tr))
        return true;
    result_fail(tr->r, flag_state(tr), "ALTER DATABASE PLACEMENT requires that the session setting "
        "enable_multiregion_placement_policy is enabled");
    return result_hint(tr->r, "to enable, enable the session setting or the cluster setting "
        "sql.defaults.multiregion_placement_policy.enabled");
}

static bool restricted_with_region(struct translator *tr) {
    result_fail(tr->r, "22023",
        "a region-survivable database cannot also have a restricted placement policy");
    return result_detail(tr->r, "PLACEMENT RESTRICTED may only be used with SURVIVE ZONE FAILURE");
}

/* What says how regions are used needs a primary one. */
static bool create_is_whole(const struct ast_create_database *st, struct result *r) {
    if (st->primary)
        return true;
    if (st->regions.len)
        return result_fail(r, "42P12", "PRIMARY REGION must be specified if REGIONS are specified");
    if (st->survival != SURVIVAL_NOT_SAID)
        return result_fail(r, "42P12", "PRIMARY REGION must be specified when using SURVIVE");
    if (st->placement != PLACEMENT_NONE)
        return result_fail(r, "42P12", "PRIMARY REGION must be specified when using PLACEMENT");
    return true;
}

/* Each region is one of the cluster's, and named once; the primary may be named again. */
static bool create_regions_known(struct translator *tr, const struct ast_create_database *st) {
    if (st->primary && !ddl_known_region(tr, st->primary))
        return false;
    for (size_t i = 0; i < st->regions.len; i++) {
        for (size_t k = 0; k < i; k++)
            if (str_eq(st->regions.items[k], st->regions.items[i]))
                return result_fail(tr->r, "42602", "region \"%s\" defined multiple times", st->regions.items[i]);
        if (!ddl_known_region(tr, st->regions.items[i]))
            return false;
    }
    return true;
}

static void push_region(struct database_descriptor *db, const char *region) {
    if (region && !database_has_region(db, region))
        vec_push(&db->regions, mem_strdup(region));
}

/* The regions that a database begins with share the bytes of their type evenly. */
static void create_regions(struct translator *tr, struct database_descriptor *db,
    const struct ast_create_database *st) {
    db->primary_region = mem_strdup(st->primary);
    db->secondary_region = mem_strdup_null(st->secondary);
    push_region(db, st->primary);
    for (size_t i = 0; i < st->regions.len; i++)
        push_region(db, st->regions.items[i]);
    push_region(db, st->secondary);
    type_set_labels(ddl_region_type(tr, db), (const char *const *)db->regions.items, db->regions.len);
    db->survive_region = st->survival == SURVIVAL_SAID_REGION;
    db->restricted = st->placement == PLACEMENT_SAID_RESTRICTED;
    tr->engine->descriptors->changes++;
}

/* The primary region that a cluster setting gives to databases for which none is said. */
static const char *default_primary(struct translator *tr, const struct ast_create_database *st) {
    const char *region = settings_get(tr->engine->settings, "sql.defaults.primary_region");
    return !st->primary && region && *region ? region : NULL;
}

static void tell_default_primary(struct translator *tr, const char *region) {
    if (tr->engine->compat < 2601)
        result_notice(tr->r, "setting %s as the PRIMARY REGION as no PRIMARY REGION was specified", region);
    else
        result_notice(tr->r, "defaulting to 'WITH PRIMARY REGION \"%s\"' as no primary region was specified", region);
}

bool ddl_create_database(struct translator *tr, const struct ast_create_database *said, struct result *r) {
    struct engine *e = tr->engine;
    struct ast_create_database whole = *said;
    const struct ast_create_database *const st = &whole;
    if (!*st->name)
        return result_fail(r, "42601", "empty database name");
    if (!users_is_admin(e->users, tr->es->session->user) &&
        !users_has_system(e->users, tr->es->session->user, PRIVILEGE_CREATEDB))
        return result_fail(r, "42501", "permission denied to create database");
    if (database_by_name(e->descriptors, st->name)) {
        if (!st->if_not_exists)
            return result_fail(r, "42P04", "database \"%s\" already exists", st->name);
        result_notice(r, "database \"%s\" already exists, skipping", st->name);
        return true;
    }
    if (!create_is_whole(st, r))
        return false;
    const char *primary = default_primary(tr, st);
    if (primary)
        whole.primary = primary;
    if (!create_regions_known(tr, st))
        return false;
    if (primary)
        tell_default_primary(tr, primary);
    if (st->placement != PLACEMENT_NONE && !placement_set(tr)) {
        result_fail(r, flag_state(tr),
            "PLACEMENT requires that the session setting enable_multiregion_placement_policy "
            "is enabled");
        return result_hint(r,
            "to use PLACEMENT, enable the session setting with SET enable_multiregion_placement_policy "
            "= true or enable the cluster setting sql.defaults.multiregion_placement_policy.enabled");
    }
    if (st->survival == SURVIVAL_SAID_REGION && st->placement == PLACEMENT_SAID_RESTRICTED)
        return result_fail(r, "42P12", "PLACEMENT RESTRICTED can only be used with SURVIVE ZONE FAILURE");
    if (st->primary && str_eq(st->primary, st->secondary))
        return result_fail(r, "42P12", "SECONDARY REGION can not be the same as the PRIMARY REGION");
    struct database_descriptor *db = database_add(e->descriptors, st->name, st->owner ? st->owner
        : tr->es->session->user);
    const struct users_object o = engine_database_object(db);
    users_object_created(e->users, &o);
    if (st->primary)
        create_regions(tr, db, st);
    const struct ast_alter_database add = {.kind = DATABASE_ADD_SUPER_REGION, .super = st->super};
    const bool good = (!db->survive_region || ddl_survives_with(tr, db->regions.len)) &&
        (!st->super.name || ddl_super_region(tr, db, &add));
    if (!good) {
        type_remove(e->descriptors, db->region_type);
        database_remove(e->descriptors, db->id);
    }
    return good;
}

static bool needs_regions(struct translator *tr, const struct database_descriptor *db, const char *what) {
    if (db->primary_region)
        return true;
    result_fail(tr->r, "42602", "database must have associated regions before a %s can be set", what);
    return result_hint(tr->r, "you must first add a primary region to the database using ALTER DATABASE "
        "%s PRIMARY REGION "
        "<region_name>", db->name);
}

static bool survive(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    const bool region = st->survival == SURVIVAL_SAID_REGION;
    if (!needs_regions(tr, db, "survival goal") || (region && !ddl_survives_with(tr, db->regions.len)))
        return false;
    if (region && db->restricted)
        return restricted_with_region(tr);
    for (size_t i = 0; region && i < db->super_regions.len; i++)
        if (db->super_regions.items[i].regions.len < 3) {
            result_fail(tr->r, "22023",
                "super region %s only has %zu region(s): at least 3 regions are required for surviving a "
                "region failure", db->super_regions.items[i].name, db->super_regions.items[i].regions.len);
            return result_hint(tr->r,
                "you must add additional regions to the database or change the survivability goal");
        }
    db->survive_region = region;
    return true;
}

static bool placement(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    if (!placement_allowed(tr) || !needs_regions(tr, db, "placement policy"))
        return false;
    const bool restricted = st->placement == PLACEMENT_SAID_RESTRICTED;
    if (restricted && db->survive_region)
        return restricted_with_region(tr);
    db->restricted = restricted;
    return true;
}

static bool changes_regions(enum ast_alter_database_kind kind) {
    return kind != DATABASE_RENAME && kind != DATABASE_OWNER && kind != DATABASE_SET && kind != DATABASE_LOCALITY_ZONE;
}

/* What was configured by hand is overwritten only where that is wanted. */
static bool zones_unmodified(struct translator *tr, const struct database_descriptor *db) {
    struct database rules = {0};
    struct zone derived = {0};
    if (!db->primary_region)
        return true;
    database_for_rules(&rules, tr->engine->descriptors, db);
    rules_database(&derived, &(struct rules_input){&rules, tr->engine->compat}, NULL);
    const bool good = ddl_zone_unmodified(tr, "database", db->name, &db->zones, &derived);
    database_free(&rules);
    zone_free(&derived);
    return good;
}

bool ddl_alter_database(struct translator *tr, const struct ast_alter_database *st, struct result *r) {
    struct database_descriptor *db = engine_database(tr->engine, tr->es->session, st->name, r);
    bool good = false, jobs = true;
    if (!db)
        return false;
    if (db->id == 1)
        return result_fail(r, "0A000", "modifying the regions of system database is not supported");
    if (!ddl_may_change_database(tr, db))
        return false;
    if (changes_regions(st->kind) && !zones_unmodified(tr, db))
        return false;
    switch (st->kind) {
    case DATABASE_PRIMARY_REGION: good = ddl_primary_region(tr, db, st->region); break;
    case DATABASE_ADD_REGION:
        good = ddl_region_add(tr, db, st);
        jobs = false;
        break;
    case DATABASE_DROP_REGION:
        good = ddl_region_drop(tr, db, st);
        jobs = false;
        break;
    case DATABASE_SURVIVE: good = survive(tr, db, st); break;
    case DATABASE_PLACEMENT: good = placement(tr, db, st); break;
    case DATABASE_ADD_SUPER_REGION:
    case DATABASE_ALTER_SUPER_REGION:
    case DATABASE_DROP_SUPER_REGION: good = ddl_super_region(tr, db, st); break;
    case DATABASE_SET_SECONDARY:
    case DATABASE_DROP_SECONDARY: good = ddl_secondary_region(tr, db, st); break;
    case DATABASE_RENAME:
        jobs = false;
        good = !database_by_name(tr->engine->descriptors, st->region) ||
            result_fail(r, "42P04", "database \"%s\" already exists", st->region);
        if (good) {
            free(db->name);
            db->name = mem_strdup(st->region);
        }
        break;
    case DATABASE_OWNER:
        jobs = false;
        good = users_exists(tr->engine->users, st->region) || result_fail(r, "42704",
            "role/user \"%s\" does not exist", st->region);
        if (good) {
            free(db->owner);
            db->owner = mem_strdup(st->region);
        }
        break;
    default: return result_unsupported(r, "this form of ALTER DATABASE");
    }
    if (good)
        tr->engine->descriptors->changes++;
    if (good && changes_regions(st->kind))
        ddl_zone_derived(&db->zones);
    good = good && (!changes_regions(st->kind) || ddl_zones_sound(tr, db));
    if (good && jobs)
        ddl_jobs(tr, 1, "SCHEMA CHANGE", "ALTER DATABASE %s", db->name);
    return good;
}
