/* ddl_database: CREATE and ALTER DATABASE: regions, survival goal, placement, super regions. */
#include "ddl.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/name.h"
#include "domicile/sandbox/world.h"

#include <stdlib.h>
#include <string.h>

/* The cluster's regions, as the hint lists them; false when the region is none of them. */
static bool known_region(struct translator *tr, const char *region) {
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

static void add_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    vec_push(&db->regions, mem_strdup(region));
    type_add_label_sorted(ddl_region_type(tr, db), region);
    tr->engine->descriptors->changes++;
}

static bool enough_for_survival(struct translator *tr, const struct database_descriptor *db) {
    if (db->regions.len >= 3)
        return true;
    result_fail(tr->r, "22023", "at least 3 regions are required for surviving a region failure");
    return result_hint(tr->r, "you must add additional regions to the database or change the "
        "survivability goal");
}

static bool placement_allowed(struct translator *tr, const char *what) {
    if (variable_on(tr->es->session, "enable_multiregion_placement_policy") ||
        settings_on(tr->engine->settings, "sql.defaults.multiregion_placement_policy.enabled"))
        return true;
    result_fail(tr->r, tr->engine->compat >= 2601 ? "XCEXF" : "0A000",
        "%s requires that the session setting enable_multiregion_placement_policy is enabled", what);
    return result_hint(tr->r, "to enable, enable the session setting or the cluster setting "
        "sql.defaults.multiregion_placement_policy.enabled");
}

static bool restricted_with_region(struct translator *tr) {
    result_fail(tr->r, "22023",
        "a region-survivable database cannot also have a restricted placement policy");
    return result_detail(tr->r, "PLACEMENT RESTRICTED may only be used with SURVIVE ZONE FAILURE");
}

bool ddl_create_database(struct translator *tr, const struct ast_create_database *st, struct result *r) {
    struct engine *e = tr->engine;
    if (!users_is_admin(e->users, tr->es->session->user) &&
        !users_has_system(e->users, tr->es->session->user, PRIVILEGE_CREATEDB))
        return result_fail(r, "42501", "permission denied to create database");
    if (database_by_name(e->descriptors, st->name)) {
        if (!st->if_not_exists)
            return result_fail(r, "42P04", "database \"%s\" already exists", st->name);
        result_notice(r, "database \"%s\" already exists, skipping", st->name);
        return true;
    }
    if (!st->primary && st->regions.len)
        return result_fail(r, "42P12", "PRIMARY REGION must be specified when REGIONS are specified");
    if (st->primary && !known_region(tr, st->primary))
        return false;
    for (size_t i = 0; i < st->regions.len; i++)
        if (!known_region(tr, st->regions.items[i]))
            return false;
    if (st->placement == PLACEMENT_SAID_RESTRICTED && !placement_allowed(tr, "PLACEMENT"))
        return false;
    struct database_descriptor *db = database_add(e->descriptors, st->name, st->owner ? st->owner
        : tr->es->session->user);
    const struct users_object o = engine_database_object(db);
    users_object_created(e->users, &o);
    if (st->primary) {
        db->primary_region = mem_strdup(st->primary);
        add_region(tr, db, st->primary);
        for (size_t i = 0; i < st->regions.len; i++)
            if (!database_has_region(db, st->regions.items[i]))
                add_region(tr, db, st->regions.items[i]);
        db->survive_region = st->survival == SURVIVAL_SAID_REGION;
        db->restricted = st->placement == PLACEMENT_SAID_RESTRICTED;
        db->secondary_region = mem_strdup_null(st->secondary);
    }
    bool good = !db->survive_region || enough_for_survival(tr, db);
    good = good && !(db->survive_region && db->restricted && !restricted_with_region(tr));
    if (!good)
        database_remove(e->descriptors, db->id);
    return good;
}

static bool first_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && !ddl_may_change(tr, d->tables.items[i]))
            return false;
    db->primary_region = mem_strdup(region);
    add_region(tr, db, region);
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id) {
            d->tables.items[i]->locality = TABLE_LOCALITY_BY_TABLE;
            ddl_touch(tr, d->tables.items[i], CHANGE_SETTING);
        }
    return true;
}

static const struct super_region *super_of(const struct database_descriptor *db, const char *region) {
    for (size_t i = 0; i < db->super_regions.len; i++)
        for (size_t k = 0; k < db->super_regions.items[i].regions.len; k++)
            if (str_eq(db->super_regions.items[i].regions.items[k], region))
                return &db->super_regions.items[i];
    return NULL;
}

static bool primary_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    if (!db->primary_region)
        return known_region(tr, region) && first_region(tr, db, region);
    if (!database_has_region(db, region)) {
        if (!known_region(tr, region))
            return false;
        struct str name = {0};
        name_quote_always(&name, region);
        result_fail(tr->r, "42602", "region \"%s\" has not been added to the database", region);
        result_hint(tr->r, "you must add the region to the database before setting it as primary region, "
            "using ALTER "
            "DATABASE %s ADD REGION %s", db->name, str_get(&name));
        str_free(&name);
        return false;
    }
    const struct super_region *s = super_of(db, region), *was = super_of(db, db->primary_region);
    if (s != was && !variable_on(tr->es->session, "alter_primary_region_super_region_override")) {
        result_fail(tr->r, "XXUUU",
            "moving the primary region into or out of a super region could have undesirable data "
            "placement implications as all regional tables in the primary region will now moved.\n\nthe "
                "%s primary region %s "
            "is a member of super region %s", s ? "new" : "old", s ? region : db->primary_region, s
                ? s->name : was->name);
        return result_hint(tr->r,
            "You can enable this operation by running `SET alter_primary_region_super_region_override = "
            "'on'`.");
    }
    free(db->primary_region);
    db->primary_region = mem_strdup(region);
    return true;
}

/* Whoever changes the regions changes the partitions of tables by row. */
static bool may_repartition(struct translator *tr, const struct database_descriptor *db) {
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

static bool add(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
    if (!may_repartition(tr, db))
        return false;
    if (!db->primary_region) {
        struct str name = {0};
        name_quote_always(&name, st->region);
        result_fail(tr->r, "42P12", "cannot add region \"%s\" to database %s", st->region, db->name);
        result_hint(tr->r, "you must add a PRIMARY REGION first using ALTER DATABASE %s PRIMARY REGION %s",
            db->name,
            str_get(&name));
        str_free(&name);
        return false;
    }
    if (database_has_region(db, st->region)) {
        if (!st->if_not_exists)
            return result_fail(tr->r, "42710", "region \"%s\" already added to database", st->region);
        result_notice(tr->r, "region \"%s\" already exists; skipping", st->region);
        return true;
    }
    if (!known_region(tr, st->region))
        return false;
    add_region(tr, db, st->region);
    ddl_jobs(tr, 1, "TYPEDESC SCHEMA CHANGE", "Adding new region value \"%s\" to \"crdb_internal_region\"",
        st->region);
    return true;
}

/* A region that a table's rows are in, or whose column may say it. */
static bool region_in_use(struct translator *tr, const struct database_descriptor *db, const char *region) {
    const struct descriptors *d = tr->engine->descriptors;
    char *quoted = mem_printf("'%s'", region);
    bool used = false;
    for (size_t i = 0; i < d->tables.len && !used; i++) {
        const struct table_descriptor *t = d->tables.items[i];
        if (t->database != db->id)
            continue;
        for (size_t k = 0; k < t->columns.len && !used; k++)
            if (t->columns.items[k].computed && strstr(t->columns.items[k].computed, quoted))
                used = !result_fail(tr->r, "2BP01",
                    "could not remove enum value \"%s\" as it is being used in a computed column "
                    "of \"%s\"", region, t->name);
        if (!used && t->locality == TABLE_LOCALITY_BY_TABLE && str_eq(t->home, region))
            used = !result_fail(tr->r, "2BP01",
                "could not remove enum value \"%s\" as it is the home region for table \"%s\"",
                region, t->name);
        if (!used && t->locality == TABLE_LOCALITY_BY_ROW) {
            struct result *r = result_new();
            struct out_columns columns = {0};
            const struct out_column c = {.name = "n", .type = sqltype_of(TYPE_INT8)};
            vec_push(&columns, c);
            engine_columns(r, &columns);
            char *sql = mem_printf("SELECT 1 FROM t%lld WHERE c%d = %s LIMIT 1", (long long)t->id,
                t->region_column, quoted);
            engine_rows(tr->es, NULL, sql, &columns, NULL, 0, r);
            used = r->rows.len && !result_fail(tr->r, "2BP01",
                "could not remove enum value \"%s\" as it is being used by \"%s\" "
                "in row: %s=%s", region, t->name, "crdb_region", quoted);
            free(sql);
            vec_free(&columns);
            result_free(r);
        }
    }
    free(quoted);
    return used;
}

static bool drop_last(struct translator *tr, struct database_descriptor *db) {
    struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id)
            d->tables.items[i]->locality = TABLE_LOCALITY_NONE;
    type_remove(d, db->region_type);
    db->region_type = 0;
    free(db->regions.items[0]);
    db->regions.len = 0;
    free(db->primary_region);
    db->primary_region = NULL;
    db->survive_region = db->restricted = false;
    return true;
}

static bool drop(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
    if (!may_repartition(tr, db))
        return false;
    if (!db->primary_region || !database_has_region(db, st->region))
        return st->if_exists || result_fail(tr->r, "42704",
            "region \"%s\" has not been added to the database", st->region);
    const struct super_region *s = super_of(db, st->region);
    if (s) {
        result_fail(tr->r, "2BP01", "region %s is part of super region %s", st->region, s->name);
        return result_hint(tr->r, "you must first drop super region %s before you can drop the region %s",
            s->name, st->region);
    }
    if (str_eq(db->primary_region, st->region) && db->regions.len > 1) {
        result_fail(tr->r, "42P12", "cannot drop region \"%s\"", st->region);
        return result_hint(tr->r,
            "You must designate another region as the primary region using ALTER DATABASE %s PRIMARY "
            "REGION <region name> or remove all other regions before attempting to drop region \"%s\"",
                db->name, st->region);
    }
    if (db->survive_region && db->regions.len <= 3)
        return enough_for_survival(tr,
            &(struct database_descriptor){.regions = {.len = db->regions.len - 1}});
    if (region_in_use(tr, db, st->region)) {
        ddl_jobs(tr, 2, "TYPEDESC SCHEMA CHANGE",
            "Removing region value \"%s\" from \"crdb_internal_region\"", st->region);
        return false;
    }
    if (db->regions.len == 1)
        return drop_last(tr, db);
    for (size_t i = 0; i < db->regions.len; i++)
        if (str_eq(db->regions.items[i], st->region)) {
            free(db->regions.items[i]);
            memmove(&db->regions.items[i], &db->regions.items[i + 1],
                (db->regions.len - i - 1) * sizeof *db->regions.items);
            db->regions.len--;
            break;
        }
    type_remove_label(ddl_region_type(tr, db), st->region);
    ddl_jobs(tr, 2, "TYPEDESC SCHEMA CHANGE", "Removing region value \"%s\" from \"crdb_internal_region\"",
        st->region);
    return true;
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
    if (!needs_regions(tr, db, "survival goal") || (region && !enough_for_survival(tr, db)))
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
    if (!placement_allowed(tr, "ALTER DATABASE PLACEMENT") || !needs_regions(tr, db, "placement policy"))
        return false;
    const bool restricted = st->placement == PLACEMENT_SAID_RESTRICTED;
    if (restricted && db->survive_region)
        return restricted_with_region(tr);
    db->restricted = restricted;
    return true;
}

static long find_super(const struct database_descriptor *db, const char *name) {
    for (size_t i = 0; i < db->super_regions.len; i++)
        if (str_eq(db->super_regions.items[i].name, name))
            return (long)i;
    return -1;
}

static bool super_members(struct translator *tr, const struct database_descriptor *db,
    const struct ast_super_region *s) {
    for (size_t i = 0; i < s->regions.len; i++) {
        const struct super_region *other = super_of(db, s->regions.items[i]);
        if (!database_has_region(db, s->regions.items[i]))
            return result_fail(tr->r, "XXUUU", "region %s not part of database", s->regions.items[i]);
        if (other && !str_eq(other->name, s->name))
            return result_fail(tr->r, "XXUUU", "region %s is already part of super region %s",
                s->regions.items[i], other->name);
    }
    return true;
}

static void super_fill(struct super_region *out, const struct ast_super_region *s) {
    out->name = mem_strdup(s->name);
    for (size_t i = 0; i < s->regions.len; i++)
        vec_push(&out->regions, mem_strdup(s->regions.items[i]));
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

static bool super(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    if (!variable_on(tr->es->session, "enable_super_regions")) {
        result_fail(tr->r, tr->engine->compat >= 2601 ? "XCEXF" : "0A000",
            "super regions are only supported experimentally");
        return result_hint(tr->r,
            "You can enable super regions by running `SET enable_super_regions = 'on'`.");
    }
    const long at = find_super(db, st->super.name);
    if (st->kind == DATABASE_ADD_SUPER_REGION && at >= 0)
        return result_fail(tr->r, "XXUUU", "super region %s already exists", st->super.name);
    if (st->kind != DATABASE_ADD_SUPER_REGION && at < 0)
        return result_fail(tr->r, "XXUUU", "super region %s not found", st->super.name);
    if (st->kind != DATABASE_DROP_SUPER_REGION && !super_members(tr, db, &st->super))
        return false;
    if (at >= 0)
        super_remove(db, (size_t)at);
    if (st->kind != DATABASE_DROP_SUPER_REGION) {
        struct super_region s = {0};
        super_fill(&s, &st->super);
        vec_push(&db->super_regions, s);
    }
    return true;
}

static bool secondary(struct translator *tr, struct database_descriptor *db,
    const struct ast_alter_database *st) {
    const bool set = st->kind == DATABASE_SET_SECONDARY;
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
    free(db->secondary_region);
    db->secondary_region = set ? mem_strdup(st->region) : NULL;
    return true;
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
    switch (st->kind) {
    case DATABASE_PRIMARY_REGION: good = primary_region(tr, db, st->region); break;
    case DATABASE_ADD_REGION:
        good = add(tr, db, st);
        jobs = false;
        break;
    case DATABASE_DROP_REGION:
        good = drop(tr, db, st);
        jobs = false;
        break;
    case DATABASE_SURVIVE: good = survive(tr, db, st); break;
    case DATABASE_PLACEMENT: good = placement(tr, db, st); break;
    case DATABASE_ADD_SUPER_REGION:
    case DATABASE_ALTER_SUPER_REGION:
    case DATABASE_DROP_SUPER_REGION: good = super(tr, db, st); break;
    case DATABASE_SET_SECONDARY:
    case DATABASE_DROP_SECONDARY: good = secondary(tr, db, st); break;
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
    if (good && jobs)
        ddl_jobs(tr, 1, "SCHEMA CHANGE", "ALTER DATABASE %s", db->name);
    return good;
}
