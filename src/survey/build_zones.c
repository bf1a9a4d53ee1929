/* build_zones: which zone configuration governs the database, each table and each partition. */
#include "build.h"

#include <string.h>

struct zone_columns {
    size_t zone_id, subzone_id, target, database, schema, table, index, partition, sql;
};

static bool zone_columns_find(struct zone_columns *k, const struct pg_result *r, struct err *err) {
    return pg_result_column(r, "zone_id", &k->zone_id, err) && pg_result_column(r, "subzone_id", &k->subzone_id, err)
        && pg_result_column(r, "target", &k->target, err)
        && pg_result_column(r, "database_name", &k->database, err)
        && pg_result_column(r, "schema_name", &k->schema, err) && pg_result_column(r, "table_name", &k->table, err)
        && pg_result_column(r, "index_name", &k->index, err)
        && pg_result_column(r, "partition_name", &k->partition, err)
        && pg_result_column(r, "full_config_sql", &k->sql, err);
}

/* One row's configuration in place of what was there. */
static bool set_zone(struct zone *zone, char **target, const char *sql, const char *name, struct err *err) {
    struct zone read = {0};
    if (sql == NULL)
        return true;
    if (!zone_parse(&read, NULL, sql, err))
        return err_prefix(err, "zone configuration of %s", name != NULL ? name : "an object without a name");
    zone_free(zone);
    *zone = read;
    free(*target);
    *target = mem_strdup_null(name);
    return true;
}

/* schema NULL: the answer does not tell it; then a name that two schemas have is nobody's. */
static struct table *table_of(struct catalog *c, const char *schema, const char *name) {
    struct table *found = NULL;
    for (size_t i = 0; i < c->tables.len; i++)
        if (str_eq(c->tables.items[i].name, name)
            && (schema == NULL || str_eq(c->tables.items[i].schema, schema))) {
            if (found != NULL)
                return NULL;
            found = &c->tables.items[i];
        }
    return found;
}

static struct index *index_of(struct table *t, const char *name) {
    for (size_t i = 0; t != NULL && i < t->indexes.len; i++)
        if (str_eq(t->indexes.items[i].name, name))
            return &t->indexes.items[i];
    return NULL;
}

static struct partition *partition_of(struct index *index, const char *region) {
    for (size_t i = 0; index != NULL && i < index->partitions.len; i++)
        if (str_eq(index->partitions.items[i].region, region))
            return &index->partitions.items[i];
    return NULL;
}

static void inherit(struct zone *zone, char **target, const struct zone *from, const char *from_target) {
    if (zone->set != 0 || from->set == 0)
        return;
    zone_copy(zone, from);
    free(*target);
    *target = mem_strdup_null(from_target);
}

/* What has no configuration of its own is governed by what it stands in. The configurations of a table and its
 * partitions are listed to those alone who have a right on it, as its CREATE statement is: without it, that none is
 * listed says nothing. */
static void inherit_all(struct catalog *c) {
    const struct database *d = &c->database;
    for (size_t i = 0; i < c->tables.len; i++) {
        struct table *t = &c->tables.items[i];
        if (t->create_statement == NULL)
            continue;
        inherit(&t->zone, &t->zone_target, &d->zone, d->zone_target);
        for (size_t k = 0; k < t->indexes.len; k++) {
            struct index *ix = &t->indexes.items[k];
            for (size_t n = 0; n < ix->partitions.len; n++) {
                struct partition *p = &ix->partitions.items[n];
                inherit(&p->zone, &p->zone_target, &ix->zone, ix->zone_target);
                inherit(&p->zone, &p->zone_target, &t->zone, t->zone_target);
            }
        }
    }
}

/* A configuration of keys that are not known: the rest of the index, or of the table, is not known to be without it. */
static void leave_unplaced(struct table *t, struct index *ix) {
    if (ix != NULL)
        ix->zones_unplaced = true;
    else if (t != NULL)
        t->zones_unplaced = true;
}

static bool read_index(struct catalog *c, const struct pg_result *r, size_t i, const struct zone_columns *k,
    struct err *err) {
    struct table *t = table_of(c, pg_result_text(r, i, k->schema), pg_result_text(r, i, k->table));
    struct index *ix = index_of(t, pg_result_text(r, i, k->index));
    if (ix != NULL)
        return set_zone(
            &ix->zone, &ix->zone_target, pg_result_text(r, i, k->sql), pg_result_text(r, i, k->target), err);
    leave_unplaced(t, ix);
    return true;
}

static bool read_partition(struct catalog *c, const struct pg_result *r, size_t i, const struct zone_columns *k,
    struct err *err) {
    struct table *t = table_of(c, pg_result_text(r, i, k->schema), pg_result_text(r, i, k->table));
    struct index *ix = index_of(t, pg_result_text(r, i, k->index));
    struct partition *p = partition_of(ix, pg_result_text(r, i, k->partition));
    int64_t subzone;
    if (p == NULL) {
        leave_unplaced(t, ix);
        return true;
    }
    if (pg_decode_int(&subzone, pg_result_text(r, i, k->subzone_id)))
        p->subzone_id = (int)subzone;
    return set_zone(&p->zone, &p->zone_target, pg_result_text(r, i, k->sql), pg_result_text(r, i, k->target), err);
}

static bool read_row(struct catalog *c, const struct pg_result *r, size_t i, const struct zone_columns *k,
    struct err *err) {
    const char *table = pg_result_text(r, i, k->table);
    const char *partition = pg_result_text(r, i, k->partition);
    const char *target = pg_result_text(r, i, k->target);
    const char *sql = pg_result_text(r, i, k->sql);
    if (partition != NULL && partition[0] != '\0')
        return read_partition(c, r, i, k, err);
    const char *index = pg_result_text(r, i, k->index);
    if (index != NULL && index[0] != '\0')
        return read_index(c, r, i, k, err);
    if (table != NULL && table[0] != '\0') {
        struct table *t = table_of(c, pg_result_text(r, i, k->schema), table);
        return t == NULL || set_zone(&t->zone, &t->zone_target, sql, target, err);
    }
    if (str_eq(pg_result_text(r, i, k->database), c->database.name))
        return set_zone(&c->database.zone, &c->database.zone_target, sql, target, err);
    return true;
}

/* A database without a configuration of its own is governed by RANGE default. */
static bool read_default(struct catalog *c, const struct pg_result *r, const struct zone_columns *k, struct err *err) {
    for (size_t i = 0; i < pg_result_rows(r) && c->database.zone.set == 0; i++)
        if (str_eq(pg_result_text(r, i, k->target), "RANGE default") &&
            !set_zone(&c->database.zone, &c->database.zone_target, pg_result_text(r, i, k->sql), "RANGE default", err))
            return false;
    return true;
}

static bool read_zones(struct catalog *c, const struct pg_result *r, struct err *err) {
    struct zone_columns k;
    if (!zone_columns_find(&k, r, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        if (!read_row(c, r, i, &k, err))
            return false;
    if (!read_default(c, r, &k, err))
        return false;
    inherit_all(c);
    return true;
}

/* "t@t_pkey" of SHOW PARTITIONS. */
static const char *index_name_of(const char *text) {
    const char *at = text != NULL ? strrchr(text, '@') : NULL;
    return at != NULL ? at + 1 : text;
}

static bool read_partitions(struct catalog *c, const struct pg_result *r, struct err *err) {
    size_t table, name, index, sql;
    if (!pg_result_column(r, "table_name", &table, err) || !pg_result_column(r, "partition_name", &name, err)
        || !pg_result_column(r, "index_name", &index, err) || !pg_result_column(r, "full_zone_config", &sql, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        struct table *t = table_of(c, NULL, pg_result_text(r, i, table));
        const char *region = pg_result_text(r, i, name);
        struct index *ix = index_of(t, index_name_of(pg_result_text(r, i, index)));
        struct partition *p = partition_of(ix, region);
        if (p == NULL) {
            leave_unplaced(t, ix);
            continue;
        }
        char *target = mem_printf("PARTITION %s OF INDEX %s", region, pg_result_text(r, i, index));
        bool ok = set_zone(&p->zone, &p->zone_target, pg_result_text(r, i, sql), target, err);
        free(target);
        if (!ok)
            return false;
    }
    return true;
}

static bool read_database_zone(struct catalog *c, const struct pg_result *r, struct err *err) {
    size_t target, sql;
    if (!pg_result_column(r, "target", &target, err) || !pg_result_column(r, "raw_config_sql", &sql, err))
        return false;
    return pg_result_rows(r) == 0
        || set_zone(&c->database.zone, &c->database.zone_target, pg_result_text(r, 0, sql),
            pg_result_text(r, 0, target), err);
}

/* Without crdb_internal.zones the tables that have one of their own cannot be told from those that inherit:
 * only those that cannot have one (in the primary region, and no super region) are taken to inherit. */
static void inherit_plain(struct catalog *c) {
    const struct database *d = &c->database;
    for (size_t i = 0; i < c->tables.len; i++) {
        struct table *t = &c->tables.items[i];
        if (d->super_regions.len == 0 && t->home == NULL && t->locality != TABLE_LOCALITY_GLOBAL)
            inherit(&t->zone, &t->zone_target, &d->zone, d->zone_target);
    }
}

bool build_zones(struct catalog *c, const struct answers *a, struct err *err) {
    if (a->of[Q_ZONES] != NULL)
        return read_zones(c, a->of[Q_ZONES], err);
    if (a->of[Q_ZONE_DATABASE] != NULL && !read_database_zone(c, a->of[Q_ZONE_DATABASE], err))
        return false;
    if (a->of[Q_PARTITIONS] != NULL && !read_partitions(c, a->of[Q_PARTITIONS], err))
        return false;
    inherit_plain(c);
    return true;
}
