/* ddl_drop_region: ALTER DATABASE ... DROP REGION: what holds a region, and what goes with the last one. */
#include "ddl.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool mentions(const char *expr, const char *region) {
    char *quoted = mem_printf("'%s'", region);
    const bool found = expr && strstr(expr, quoted);
    free(quoted);
    return found;
}

/* A value as error texts show one. */
static void add_datum(struct str *out, const char *text, const struct sqltype *type) {
    if (!text)
        str_add(out, "NULL");
    else if (type->base == TYPE_BOOL && !type->array)
        str_add(out, *text == 't' ? "true" : "false");
    else if (sqltype_is_number(type))
        str_add(out, text);
    else
        str_add_f(out, "'%s'", text);
}

/* The first row with a value in a column, as "a=1, b='x'"; false: none. */
static bool first_row(struct translator *tr, const struct table_descriptor *t, int column, const char *value,
    struct str *out) {
    struct result *r = result_new();
    struct out_columns columns = {0};
    struct str sql = {0};
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct out_column c = {.name = t->columns.items[i].name, .type = t->columns.items[i].type};
        vec_push(&columns, c);
        str_add_f(&sql, i ? ", c%d" : "SELECT c%d", t->columns.items[i].id);
    }
    str_add_f(&sql, " FROM t%" PRId64 " WHERE c%d = %s LIMIT 1", t->id, column,
        translate_text_literal(tr, value, strlen(value)));
    engine_columns(r, &columns);
    engine_rows(tr->es, NULL, str_get(&sql), &columns, NULL, 0, r);
    const bool found = r->rows.len;
    for (size_t i = 0; found && i < columns.len; i++) {
        str_add_f(out, i ? ", %s=" : "%s=", t->columns.items[i].name);
        add_datum(out, r->rows.items[0][i], &t->columns.items[i].type);
    }
    str_free(&sql);
    vec_free(&columns);
    result_free(r);
    return found;
}

static bool expressions_mention(struct translator *tr, const struct table_descriptor *t, const char *region) {
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        if (mentions(c->default_expr, region))
            return !result_fail(tr->r, "2BP01", "could not remove enum value \"%s\" as it is being used in a default "
                "expresion of \"%s\"", region, t->name);
        if (mentions(c->computed, region))
            return !result_fail(tr->r, "2BP01", "could not remove enum value \"%s\" as it is being used in a computed "
                "column of \"%s\"", region, t->name);
    }
    return false;
}

static bool rows_hold(struct translator *tr, const struct database_descriptor *db,
    const struct table_descriptor *t, const char *region) {
    for (size_t i = 0; i < t->columns.len && !t->view; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        struct str row = {0};
        if (c->type.base != TYPE_USER || c->type.user != db->region_type || c->type.array)
            continue;
        const bool found = first_row(tr, t, c->id, region, &row);
        if (found)
            result_fail(tr->r, "2BP01", "could not remove enum value \"%s\" as it is being used by \"%s\" in row: %s",
                region, t->name, str_get(&row));
        str_free(&row);
        if (found)
            return true;
    }
    return false;
}

/* A region that an expression names, a row is in, or a table is homed in, stays. */
static bool in_use(struct translator *tr, const struct database_descriptor *db, const char *region) {
    const struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++) {
        const struct table_descriptor *t = d->tables.items[i];
        if (t->database != db->id)
            continue;
        if (expressions_mention(tr, t, region) || rows_hold(tr, db, t, region))
            return true;
        if (t->locality == TABLE_LOCALITY_BY_TABLE && str_eq(t->home, region))
            return !result_fail(tr->r, "XXUUU",
                "could not remove enum value \"%s\" as it is the home region for table \"%s\"", region, t->name);
    }
    return false;
}

static bool uses_type(const struct table_descriptor *t, int64_t type) {
    if (t->home)
        return true;
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.items[i].type.base == TYPE_USER && t->columns.items[i].type.user == type)
            return true;
    return false;
}

/* With the last region goes its type, which no table may use. */
static bool may_drop_type(struct translator *tr, const struct database_descriptor *db) {
    const struct descriptors *d = tr->engine->descriptors;
    struct str users = {0};
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && uses_type(d->tables.items[i], db->region_type))
            str_add_f(&users, users.len ? " %s.public.%s" : "%s.public.%s", db->name, d->tables.items[i]->name);
    const bool good = !users.len || result_fail(tr->r, "2BP01", "error removing primary region from database %s: "
        "cannot drop type \"crdb_internal_region\" because other objects ([%s]) still depend on it", db->name,
        str_get(&users));
    str_free(&users);
    return good;
}

static void drop_last(struct translator *tr, struct database_descriptor *db) {
    struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id)
            ddl_set_table_locality(tr, d->tables.items[i], TABLE_LOCALITY_NONE);
    ddl_jobs(tr, 3, "TYPEDESC SCHEMA CHANGE", "drop multi-region enum with ID %" PRId64, db->region_type);
    type_remove(d, db->region_type);
    db->region_type = 0;
    free(db->regions.items[0]);
    db->regions.len = 0;
    free(db->primary_region);
    db->primary_region = NULL;
    db->survive_region = db->restricted = false;
}

static void drop_one(struct translator *tr, struct database_descriptor *db, const char *region) {
    size_t i = 0;
    while (!str_eq(db->regions.items[i], region))
        i++;
    free(db->regions.items[i]);
    memmove(&db->regions.items[i], &db->regions.items[i + 1],
        (db->regions.len - i - 1) * sizeof *db->regions.items);
    db->regions.len--;
    type_remove_label(ddl_region_type(tr, db), region);
}

static bool may_drop_primary(struct translator *tr, const struct database_descriptor *db) {
    if (db->regions.len > 1) {
        result_fail(tr->r, "42P12", "cannot drop region \"%s\"", db->primary_region);
        return result_hint(tr->r, "You must designate another region as the primary region using ALTER DATABASE %s "
            "PRIMARY REGION <region name> or remove all other regions before attempting to drop region \"%s\"",
            db->name, db->primary_region);
    }
    static const char setting[] = "sql.multiregion.drop_primary_region.enabled";
    if (!settings_on(tr->engine->settings, setting))
        return result_fail(tr->r, "42P12", "databases in this cluster must have at least 1 region");
    return may_drop_type(tr, db);
}

static bool may_drop(struct translator *tr, const struct database_descriptor *db, const char *region) {
    if (str_eq(db->secondary_region, region)) {
        result_fail(tr->r, "42P12", "cannot drop region \"%s\"", region);
        return result_hint(tr->r, "You must designate another region as the secondary region using ALTER DATABASE "
            "%s SECONDARY REGION <region name> or remove the secondary region using ALTER DATABASE %s DROP "
            "SECONDARY REGION in order to drop region \"%s\"", db->name, db->name, region);
    }
    if (str_eq(db->primary_region, region) && !may_drop_primary(tr, db))
        return false;
    const struct super_region *s = ddl_super_of(db, region);
    if (s) {
        result_fail(tr->r, "2BP01", "region %s is part of super region %s", region, s->name);
        return result_hint(tr->r, "you must first drop super region %s before you can drop the region %s",
            s->name, region);
    }
    return !db->survive_region || ddl_survives_with(tr, db->regions.len - 1);
}

static bool skipped(struct translator *tr, const char *region) {
    result_notice(tr->r, "region \"%s\" is not defined on the database; skipping", region);
    return true;
}

bool ddl_region_drop(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st) {
    const char *region = st->region;
    if (!db->primary_region)
        return st->if_exists ? skipped(tr, region)
            : result_fail(tr->r, "42P12", "database has no regions to drop");
    if (!ddl_may_repartition(tr, db) || !may_drop(tr, db, region))
        return false;
    if (!database_has_region(db, region))
        return st->if_exists ? skipped(tr, region) : result_fail(tr->r, "42704",
            "region \"%s\" has not been added to the database", region);
    if (db->regions.len == 1) {
        drop_last(tr, db);
        return true;
    }
    const bool used = in_use(tr, db, region);
    if (!used)
        drop_one(tr, db, region);
    ddl_jobs(tr, 2, "TYPEDESC SCHEMA CHANGE", "Removing region value \"%s\" from \"crdb_internal_region\"", region);
    return !used;
}
