/* ddl_region: the regions of a database: added, dropped, made the primary one. */
#include "ddl.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/name.h"
#include "domicile/sandbox/world.h"

#include <stdlib.h>
#include <string.h>

/* The cluster's regions, as the hint lists them; false when the region is none of them. */
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

void ddl_add_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    vec_push(&db->regions, mem_strdup(region));
    type_add_label_sorted(ddl_region_type(tr, db), region);
    tr->engine->descriptors->changes++;
}

static bool first_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && !ddl_may_change(tr, d->tables.items[i]))
            return false;
    db->primary_region = mem_strdup(region);
    ddl_add_region(tr, db, region);
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id) {
            d->tables.items[i]->locality = TABLE_LOCALITY_BY_TABLE;
            ddl_touch(tr, d->tables.items[i], CHANGE_SETTING);
        }
    return true;
}

const struct super_region *ddl_super_of(const struct database_descriptor *db, const char *region) {
    for (size_t i = 0; i < db->super_regions.len; i++)
        for (size_t k = 0; k < db->super_regions.items[i].regions.len; k++)
            if (str_eq(db->super_regions.items[i].regions.items[k], region))
                return &db->super_regions.items[i];
    return NULL;
}

bool ddl_primary_region(struct translator *tr, struct database_descriptor *db, const char *region) {
    if (!db->primary_region)
        return ddl_known_region(tr, region) && first_region(tr, db, region);
    if (!database_has_region(db, region)) {
        if (!ddl_known_region(tr, region))
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
    if (str_eq(db->secondary_region, region)) {
        result_fail(tr->r, "42P12", "region \"%s\" is currently the secondary region", region);
        return result_hint(tr->r, "you must drop the secondary region using ALTER DATABASE %s DROP SECONDARY REGION",
            db->name);
    }
    const struct super_region *s = ddl_super_of(db, region), *was = ddl_super_of(db, db->primary_region);
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

bool ddl_region_add(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
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
    if (!ddl_known_region(tr, st->region))
        return false;
    ddl_add_region(tr, db, st->region);
    ddl_jobs(tr, 1, "TYPEDESC SCHEMA CHANGE", "Adding new region value \"%s\" to \"crdb_internal_region\"",
        st->region);
    return true;
}

/* "k=1, v='one'": a row as an error names it. */
static const char *row_text(struct translator *tr, const struct table_descriptor *t, const char *const *row) {
    struct str out = {0};
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        const bool bare = !row[i] || sqltype_is_number(&c->type) || c->type.base == TYPE_BOOL;
        str_add_f(&out, bare ? "%s%s=%s" : "%s%s='%s'", i ? ", " : "", c->name, row[i] ? row[i] : "NULL");
    }
    const char *text = arena_strdup(tr->arena, str_get(&out));
    str_free(&out);
    return text;
}

/* Whether a table by row has rows in a region; the error names one. */
static bool has_rows(struct translator *tr, const struct table_descriptor *t, const char *region) {
    struct result *r = result_new();
    struct out_columns columns = {0};
    struct str sql = {0};
    str_add(&sql, "SELECT ");
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct out_column c = {.name = t->columns.items[i].name, .type = t->columns.items[i].type};
        vec_push(&columns, c);
        str_add_f(&sql, i ? ", c%d" : "c%d", t->columns.items[i].id);
    }
    str_add_f(&sql, " FROM t%lld WHERE c%d = %s LIMIT 1", (long long)t->id, t->region_column,
        translate_text_literal(tr, region, strlen(region)));
    engine_columns(r, &columns);
    engine_rows(tr->es, NULL, str_get(&sql), &columns, NULL, 0, r);
    const bool found = r->rows.len > 0;
    if (found)
        result_fail(tr->r, "2BP01", "could not remove enum value \"%s\" as it is being used by \"%s\" in row: %s",
            region, t->name, row_text(tr, t, r->rows.items[0]));
    str_free(&sql);
    vec_free(&columns);
    result_free(r);
    return found;
}

/* Whether an expression of a column names a region; the error says which kind of expression. */
static bool is_named(struct translator *tr, const struct table_descriptor *t, const char *region) {
    const char *quoted = arena_printf(tr->arena, "'%s'", region);
    for (size_t k = 0; k < t->columns.len; k++) {
        const struct column_descriptor *c = &t->columns.items[k];
        const bool computed = c->computed && strstr(c->computed, quoted);
        if (computed || (c->default_expr && strstr(c->default_expr, quoted)))
            return !result_fail(tr->r, "2BP01", "could not remove enum value \"%s\" as it is being used in a %s of \"%s\"",
                region, computed ? "computed column" : "default expresion", t->name);
    }
    return false;
}

/* A region that a table's rows are in, or whose column may say it, or that is its home. */
static bool region_in_use(struct translator *tr, const struct database_descriptor *db, const char *region) {
    const struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++) {
        const struct table_descriptor *t = d->tables.items[i];
        if (t->database != db->id)
            continue;
        if (is_named(tr, t, region) || (t->locality == TABLE_LOCALITY_BY_ROW && has_rows(tr, t, region)))
            return true;
        if (t->locality == TABLE_LOCALITY_BY_TABLE && str_eq(t->home, region))
            return !result_fail(tr->r, "XXUUU",
                "could not remove enum value \"%s\" as it is the home region for table \"%s\"", region, t->name);
    }
    return false;
}

/* The last region goes only where no table has rows by region. */
static bool last_may_go(struct translator *tr, const struct database_descriptor *db) {
    const struct descriptors *d = tr->engine->descriptors;
    struct str names = {0};
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && d->tables.items[i]->locality == TABLE_LOCALITY_BY_ROW)
            str_add_f(&names, names.len ? ", %s.public.%s" : "%s.public.%s", db->name, d->tables.items[i]->name);
    const bool none = names.len == 0 || result_fail(tr->r, "2BP01",
        "error removing primary region from database %s: cannot drop type \"crdb_internal_region\" because other "
        "objects ([%s]) still depend on it", db->name, str_get(&names));
    str_free(&names);
    return none;
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

bool ddl_region_drop(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
    if (!may_repartition(tr, db))
        return false;
    if (!db->primary_region || !database_has_region(db, st->region)) {
        if (st->if_exists)
            result_notice(tr->r, "region \"%s\" is not defined on the database; skipping", st->region);
        else if (!db->primary_region)
            result_fail(tr->r, "42P12", "database has no regions to drop");
        else
            result_fail(tr->r, "42704", "region \"%s\" has not been added to the database", st->region);
        return st->if_exists;
    }
    const struct super_region *s = ddl_super_of(db, st->region);
    if (s) {
        result_fail(tr->r, "2BP01", "region %s is part of super region %s", st->region, s->name);
        return result_hint(tr->r, "you must first drop super region %s before you can drop the region %s",
            s->name, st->region);
    }
    if (str_eq(db->secondary_region, st->region)) {
        result_fail(tr->r, "42P12", "cannot drop region \"%s\"", st->region);
        return result_hint(tr->r,
            "You must designate another region as the secondary region using ALTER DATABASE %s SECONDARY REGION "
            "<region name> or remove the secondary region using ALTER DATABASE %s DROP SECONDARY REGION in order to "
            "drop region \"%s\"", db->name, db->name, st->region);
    }
    if (str_eq(db->primary_region, st->region) && db->regions.len > 1) {
        result_fail(tr->r, "42P12", "cannot drop region \"%s\"", st->region);
        return result_hint(tr->r,
            "You must designate another region as the primary region using ALTER DATABASE %s PRIMARY "
            "REGION <region name> or remove all other regions before attempting to drop region \"%s\"",
                db->name, st->region);
    }
    if (db->survive_region && db->regions.len <= 3)
        return ddl_enough_for_survival(tr,
            &(struct database_descriptor){.regions = {.len = db->regions.len - 1}});
    if (db->regions.len == 1 && !last_may_go(tr, db))
        return false;
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

