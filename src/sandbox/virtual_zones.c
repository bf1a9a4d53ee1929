/* virtual_zones: zone configurations as SHOW and crdb_internal.zones print them. */
#include "virtual_zones.h"

#include "system_table.h"

#include "domicile/dialect/name.h"

#include <stdlib.h>
#include <string.h>

void zone_rows_free(struct zone_rows *rows) {
    for (size_t i = 0; i < rows->len; i++) {
        free(rows->items[i].target);
        zone_free(&rows->items[i].raw);
        zone_free(&rows->items[i].full);
    }
    vec_free(rows);
}

/* The zones that every cluster is born with: id, target, name of the range, what it sets. */
struct named_zone {
    int id;
    const char *target, *range, *database;
    int replicas;
    int gc;
};

static const struct named_zone named_zones[] = {
    {0, "RANGE default", "default", NULL, 3, 0},
    {1, "DATABASE system", NULL, "system", 5, 0},
    {16, "RANGE meta", "meta", NULL, 5, 3600},
    {17, "RANGE system", "system", NULL, 5, 0},
    {22, "RANGE liveness", "liveness", NULL, 5, 600},
};

enum { SYSTEM_REPLICAS = 5, ZONE_TIMESERIES = 18 };

/* New versions set nothing but the time to live there. */
static void add_timeseries(struct zone_rows *out, int compat) {
    struct zone_row row = {.zone_id = ZONE_TIMESERIES, .target = mem_strdup("RANGE timeseries"),
        .range_name = "timeseries"};
    virtual_default_zone(&row.full, compat);
    row.raw.set = ZONE_GC_TTLSECONDS;
    row.raw.gc_ttlseconds = row.full.gc_ttlseconds;
    vec_push(out, row);
}

static void add_named(struct zone_rows *out, const struct descriptors *d) {
    const int compat = d->compat;
    for (size_t i = 0; i < sizeof named_zones / sizeof *named_zones; i++) {
        const struct named_zone *n = &named_zones[i];
        struct zone_row row = {
            .zone_id = n->id, .target = mem_strdup(n->target), .range_name = n->range, .database = n->database};
        virtual_default_zone(&row.raw, compat);
        if (n->replicas)
            row.raw.num_replicas = n->replicas;
        if (n->gc)
            row.raw.gc_ttlseconds = n->gc;
        if (n->id == 0)
            zone_settings_apply(&d->zones, NULL, NULL, &row.raw);
        row.all_voters = true;
        zone_copy(&row.full, &row.raw);
        vec_push(out, row);
    }
    if (compat >= COMPAT_NEW)
        add_timeseries(out, compat);
}

/* The zones of the system database's own tables: how long old versions of rows stay. In old versions they say, too,
 * that nothing else is inherited of constraints and leases. */
static void add_system_tables(struct zone_rows *out, int compat) {
    const bool new = compat >= COMPAT_NEW;
    for (size_t i = 0; i < system_table_count(); i++) {
        const struct system_table *t = system_table_at(i, new);
        if (!t || !system_table_gc(t, new))
            continue;
        struct zone_row row = {.zone_id = t->id, .database = "system", .schema = "public", .table = t->name,
            .target = mem_printf("TABLE system.public.%s", t->name)};
        struct zone parent = {0};
        row.raw.set = ZONE_GC_TTLSECONDS | (new ? 0 : ZONE_CONSTRAINTS | ZONE_LEASE_PREFERENCES);
        row.raw.gc_ttlseconds = system_table_gc(t, new);
        virtual_default_zone(&parent, compat);
        parent.num_replicas = SYSTEM_REPLICAS;
        zone_copy(&row.full, &row.raw);
        zone_inherit(&row.full, &parent);
        zone_free(&parent);
        vec_push(out, row);
    }
}

static char *partition_target(const struct database_descriptor *db, const char *schema,
    const struct table_descriptor *t, const char *index, const char *partition) {
    struct str out = {0};
    str_add(&out, "PARTITION ");
    name_quote(&out, partition);
    str_add(&out, " OF INDEX ");
    name_quote(&out, db->name);
    str_add_char(&out, '.');
    name_quote(&out, schema);
    str_add_char(&out, '.');
    name_quote(&out, t->name);
    str_add_char(&out, '@');
    name_quote(&out, index);
    return str_take(&out);
}

static void add_partitions(struct zone_rows *out, const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t) {
    const char **regions;
    size_t n = virtual_sorted_regions(db, &regions);
    const char *schema = virtual_schema_name(c, t);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < t->indexes.len; i++) {
            struct zone_row row = {.zone_id = t->id,
                .subzone_id = (int64_t)(k * t->indexes.len + i + 1),
                .database = db->name,
                .schema = schema,
                .table = t->name,
                .index = t->indexes.items[i].name,
                .partition = regions[k]};
            row.index_id = t->indexes.items[i].id;
            row.target = partition_target(db, schema, t, t->indexes.items[i].name, regions[k]);
            virtual_partition_zone(&row.raw, c->descriptors, t, &t->indexes.items[i], regions[k], false);
            virtual_partition_zone(&row.full, c->descriptors, t, &t->indexes.items[i], regions[k], true);
            vec_push(out, row);
        }
    free(regions);
}

/* The target of a partition without its first word and its name: "INDEX db.public.t@i". */
static void add_indexes(struct zone_rows *out, const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t) {
    int64_t subzone = 0;
    for (size_t i = 0; i < t->indexes.len; i++) {
        const struct index_descriptor *ix = &t->indexes.items[i];
        if (!zone_settings_find(&t->zones, ix->name, NULL))
            continue;
        struct zone_row row = {.zone_id = t->id, .subzone_id = ++subzone, .database = db->name,
            .schema = virtual_schema_name(c, t), .table = t->name, .index = ix->name, .index_id = ix->id};
        char *whole = partition_target(db, row.schema, t, ix->name, "p");
        row.target = mem_strdup(whole + strlen("PARTITION p OF "));
        free(whole);
        virtual_index_zone(&row.raw, c->descriptors, t, ix, false);
        virtual_index_zone(&row.full, c->descriptors, t, ix, true);
        vec_push(out, row);
    }
}

bool virtual_may_see(const struct virtual_context *c, const struct table_descriptor *t) {
    struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
    return users_has_any(c->users, c->session->user, &o);
}

static void add_tables(struct zone_rows *out, const struct virtual_context *c, const struct database_descriptor *db) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        struct zone_row row = {
            .zone_id = t->id, .database = db->name, .schema = virtual_schema_name(c, t), .table = t->name};
        if (t->database != db->id || t->view || t->sequence || !virtual_may_see(c, t))
            continue;
        virtual_table_zone(&row.raw, c->descriptors, t, false);
        if (row.raw.set) {
            struct str target = {0};
            str_add(&target, "TABLE ");
            name_quote(&target, db->name);
            str_add_char(&target, '.');
            name_quote(&target, row.schema);
            str_add_char(&target, '.');
            name_quote(&target, t->name);
            row.target = str_take(&target);
            virtual_table_zone(&row.full, c->descriptors, t, true);
            vec_push(out, row);
        }
        if (t->locality == TABLE_LOCALITY_BY_ROW && db->primary_region)
            add_partitions(out, c, db, t);
        else
            add_indexes(out, c, db, t);
    }
}

static int by_id(const void *a, const void *b) {
    const struct zone_row *x = a;
    const struct zone_row *y = b;
    if (x->zone_id != y->zone_id)
        return x->zone_id < y->zone_id ? -1 : 1;
    return x->subzone_id < y->subzone_id ? -1 : x->subzone_id > y->subzone_id;
}

/* The system database's own are its administrators'. */
static void add_system(struct zone_rows *out, const struct virtual_context *c) {
    const bool admin = users_is_admin(c->users, c->session->user);
    size_t kept = 0;
    add_named(out, c->descriptors);
    add_system_tables(out, c->descriptors->compat);
    for (size_t i = 0; i < out->len; i++) {
        struct zone_row *row = &out->items[i];
        if (admin || !row->database) {
            out->items[kept++] = *row;
        } else {
            free(row->target);
            zone_free(&row->raw);
            zone_free(&row->full);
        }
    }
    out->len = kept;
}

enum { FIRST_USER_DATABASE = 100 };

static void add_database(struct zone_rows *out, const struct descriptors *d, const struct database_descriptor *db) {
    struct zone_row row = {.zone_id = db->id, .database = db->name};
    struct str target = {0};
    virtual_database_zone(&row.raw, d, db, false);
    if (!row.raw.set)
        return;
    str_add(&target, "DATABASE ");
    name_quote(&target, db->name);
    row.target = str_take(&target);
    virtual_database_zone(&row.full, d, db, true);
    vec_push(out, row);
}

void zone_rows_collect(struct zone_rows *out, const struct virtual_context *c) {
    const struct descriptors *d = c->descriptors;
    add_system(out, c);
    for (size_t i = 0; i < d->databases.len; i++) {
        const struct database_descriptor *db = d->databases.items[i];
        if (db->id < FIRST_USER_DATABASE)
            continue;
        add_database(out, d, db);
        add_tables(out, c, db);
    }
    qsort(out->items, out->len, sizeof *out->items, by_id);
}

static void add_yaml_number(struct str *out, const char *name, bool set, int64_t v) {
    if (set)
        str_add_f(out, "%s: %lld\n", name, (long long)v);
    else
        str_add_f(out, "%s: null\n", name);
}

static void add_yaml_list(struct str *out, const char *name, const struct zone_conjunctions *list, bool leases) {
    str_add_f(out, "%s: ", name);
    if (leases)
        zone_print_lease_preferences(out, list);
    else
        zone_print_conjunctions(out, list);
    str_add_char(out, '\n');
}

static void add_yaml(struct str *out, const struct zone *z) {
    add_yaml_number(out, "range_min_bytes", z->set & ZONE_RANGE_MIN_BYTES, z->range_min_bytes);
    add_yaml_number(out, "range_max_bytes", z->set & ZONE_RANGE_MAX_BYTES, z->range_max_bytes);
    if (z->set & ZONE_GC_TTLSECONDS)
        str_add_f(out, "gc:\n  ttlseconds: %lld\n", (long long)z->gc_ttlseconds);
    else
        str_add(out, "gc: null\n");
    str_add_f(out, "global_reads: %s\n", z->set & ZONE_GLOBAL_READS ? z->global_reads ? "true" : "false" : "null");
    add_yaml_number(out, "num_replicas", z->set & ZONE_NUM_REPLICAS, z->num_replicas);
    add_yaml_number(out, "num_voters", z->set & ZONE_NUM_VOTERS, z->num_voters);
    add_yaml_list(out, "constraints", &z->constraints, false);
    add_yaml_list(out, "voter_constraints", &z->voter_constraints, false);
    add_yaml_list(out, "lease_preferences", &z->lease_preferences, true);
}

void virtual_fill_zones(const struct virtual_context *c, struct result *r) {
    struct zone_rows rows = {0};
    zone_rows_collect(&rows, c);
    for (size_t i = 0; i < rows.len; i++) {
        const struct zone_row *z = &rows.items[i];
        struct str raw_yaml = {0};
        struct str full_yaml = {0};
        struct str raw_sql = {0};
        struct str full_sql = {0};
        struct vrow row;
        add_yaml(&raw_yaml, &z->raw);
        add_yaml(&full_yaml, &z->full);
        zone_print(&raw_sql, &z->raw, z->target);
        zone_print(&full_sql, &z->full, z->target);
        vrow_begin(&row, r);
        vrow_int(&row, "zone_id", z->zone_id);
        vrow_int(&row, "subzone_id", z->subzone_id);
        vrow_text(&row, "target", z->target);
        vrow_text(&row, "range_name", z->range_name);
        vrow_text(&row, "database_name", z->database);
        vrow_text(&row, "schema_name", z->schema);
        vrow_text(&row, "table_name", z->table);
        vrow_text(&row, "index_name", z->index);
        vrow_text(&row, "partition_name", z->partition);
        vrow_text(&row, "raw_config_yaml", str_get(&raw_yaml));
        vrow_text(&row, "raw_config_sql", str_get(&raw_sql));
        vrow_text(&row, "raw_config_protobuf", zone_row_bytes(r, z));
        vrow_text(&row, "full_config_yaml", str_get(&full_yaml));
        vrow_text(&row, "full_config_sql", str_get(&full_sql));
        vrow_end(&row);
        str_free(&raw_yaml);
        str_free(&full_yaml);
        str_free(&raw_sql);
        str_free(&full_sql);
    }
    zone_rows_free(&rows);
}

/* The answer of SHOW ZONE CONFIGURATION: the zone that applies, and the ancestor that supplied it. */
static void answer(struct result *r, const char *target, const struct zone *full) {
    struct str sql = {0};
    const char *cells[2];
    zone_print(&sql, full, target);
    cells[0] = target;
    cells[1] = str_get(&sql);
    result_row_add(r, cells);
    str_free(&sql);
}

static void answer_database(const struct virtual_context *c, const struct database_descriptor *db, struct result *r) {
    struct zone full = {0};
    struct str target = {0};
    if (db->primary_region || db->zones.len) {
        str_add(&target, "DATABASE ");
        name_quote(&target, db->name);
    } else {
        str_add(&target, "RANGE default");
    }
    virtual_database_zone(&full, c->descriptors, db, true);
    answer(r, str_get(&target), &full);
    zone_free(&full);
    str_free(&target);
}

static void add_written_name(struct str *out, const struct ast_name *name) {
    for (int i = 0; i < name->n; i++) {
        str_add(out, i ? "." : "");
        name_quote(out, name->part[i]);
    }
}

/* An index of the name; the primary without one. */
static const struct index_descriptor *index_of(const struct table_descriptor *t, const char *name) {
    const struct index_descriptor *ix = name ? index_by_name(t, name) : NULL;
    return ix ? ix : &t->indexes.items[0];
}

/* An index that has a configuration of its own. */
static bool answer_index(
    const struct virtual_context *c, const struct ast_show *st, const struct table_descriptor *t, struct result *r) {
    const struct index_descriptor *ix = st->target.kind == TARGET_INDEX ? index_of(t, st->target.index) : NULL;
    struct zone full = {0};
    struct str target = {0};
    if (!ix || !zone_settings_find(&t->zones, ix->name, NULL))
        return false;
    str_add(&target, "INDEX ");
    add_written_name(&target, &st->target.name);
    str_add_char(&target, '@');
    name_quote(&target, ix->name);
    virtual_index_zone(&full, c->descriptors, t, ix, true);
    answer(r, str_get(&target), &full);
    str_free(&target);
    zone_free(&full);
    return true;
}

static bool answer_table(
    const struct virtual_context *c, const struct ast_show *st, const struct table_descriptor *t, struct result *r) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    struct zone own = {0};
    if (answer_index(c, st, t, r))
        return true;
    virtual_table_zone(&own, c->descriptors, t, false);
    if (own.set) { /* an index's, too: none has one of its own */
        struct zone full = {0};
        struct str target = {0};
        str_add(&target, "TABLE ");
        add_written_name(&target, &st->target.name);
        virtual_table_zone(&full, c->descriptors, t, true);
        answer(r, str_get(&target), &full);
        str_free(&target);
        zone_free(&full);
    } else {
        answer_database(c, db, r);
    }
    zone_free(&own);
    return true;
}

static bool answer_partition(
    const struct virtual_context *c, const struct ast_show *st, const struct table_descriptor *t, struct result *r) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    struct zone full = {0};
    struct str target = {0};
    if (t->locality != TABLE_LOCALITY_BY_ROW || !database_has_region(db, st->target.partition))
        return result_fail(
            r, "22023", "partition \"%s\" does not exist on table \"%s\"", st->target.partition, t->name);
    str_add(&target, "PARTITION ");
    name_quote(&target, st->target.partition);
    str_add(&target, st->target.kind == TARGET_INDEX ? " OF INDEX " : " OF TABLE ");
    add_written_name(&target, &st->target.name);
    if (st->target.kind == TARGET_INDEX && st->target.index) {
        str_add_char(&target, '@');
        name_quote(&target, st->target.index);
    }
    virtual_partition_zone(&full, c->descriptors, t, index_of(t, st->target.index), st->target.partition, true);
    answer(r, str_get(&target), &full);
    str_free(&target);
    zone_free(&full);
    return true;
}

static bool answer_range(const struct virtual_context *c, const char *name, struct result *r) {
    struct zone_rows rows = {0};
    bool found = false;
    add_named(&rows, c->descriptors);
    for (size_t i = 0; i < rows.len; i++)
        if (str_eq_nocase(rows.items[i].range_name, name)) {
            answer(r, rows.items[i].target, &rows.items[i].full);
            found = true;
        }
    zone_rows_free(&rows);
    return found || result_fail(r, "XXUUU", "\"%s\" is not a built-in zone", name ? name : "");
}

/* The system database or a table of it; a table without a zone of its own has the database's. */
static void answer_system(
    const struct virtual_context *c, const struct ast_target *target, const struct system_table *t, struct result *r) {
    struct zone_rows rows = {0};
    struct str name = {0};
    const bool own = t && system_table_gc(t, virtual_new(c));
    add_named(&rows, c->descriptors);
    add_system_tables(&rows, c->descriptors->compat);
    str_add(&name, own ? "TABLE " : "DATABASE system");
    if (own)
        add_written_name(&name, &target->name);
    for (size_t i = 0; i < rows.len; i++)
        if (rows.items[i].zone_id == (own ? t->id : SYSTEM_DATABASE_ID))
            answer(r, str_get(&name), &rows.items[i].full);
    str_free(&name);
    zone_rows_free(&rows);
}

bool virtual_show_zone(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r, "target:t raw_config_sql:t");
    if (c->describe)
        return true;
    if (st->kind == SHOW_ZONE_CONFIGURATIONS) {
        struct zone_rows rows = {0};
        zone_rows_collect(&rows, c);
        for (size_t i = 0; i < rows.len; i++)
            answer(r, rows.items[i].target, &rows.items[i].raw);
        zone_rows_free(&rows);
        return true;
    }
    if (st->target.kind == TARGET_RANGE)
        return answer_range(c, st->target.word, r);
    const struct system_table *system = virtual_system_target(c, &st->target);
    if (system || virtual_system_database(c, &st->target)) {
        answer_system(c, &st->target, system, r);
        return true;
    }
    if (st->target.kind == TARGET_DATABASE) {
        const struct database_descriptor *db = virtual_database(c, st->target.word, r);
        if (db)
            answer_database(c, db, r);
        return db != NULL;
    }
    const struct table_descriptor *t = virtual_target_table(c, &st->target, r);
    if (!t)
        return false;
    struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
    if (!users_check_any(c->users, c->session, &o, r))
        return false;
    return st->target.partition ? answer_partition(c, st, t, r) : answer_table(c, st, t, r);
}

static void add_partition_row(const struct virtual_context *c, struct result *r, const struct database_descriptor *db,
    const struct table_descriptor *t, const struct index_descriptor *ix, const char *region) {
    const struct column_descriptor *column = column_by_id(t, t->region_column);
    struct zone raw = {0};
    struct zone full = {0};
    struct str own = {0};
    struct str all = {0};
    struct vrow row;
    virtual_partition_zone(&raw, c->descriptors, t, ix, region, false);
    virtual_partition_zone(&full, c->descriptors, t, ix, region, true);
    zone_print_options(&own, &raw, "");
    zone_print_options(&all, &full, "");
    vrow_begin(&row, r);
    vrow_text(&row, "database_name", db->name);
    vrow_text(&row, "table_name", t->name);
    vrow_text(&row, "partition_name", region);
    vrow_text(&row, "column_names", column ? column->name : "");
    vrow_f(&row, "index_name", "%s@%s", t->name, ix->name);
    vrow_f(&row, "partition_value", "('%s')", region);
    vrow_text(&row, "zone_config", str_get(&own));
    vrow_text(&row, "full_zone_config", str_get(&all));
    vrow_end(&row);
    str_free(&own);
    str_free(&all);
    zone_free(&raw);
    zone_free(&full);
}

static void add_partition_rows(
    const struct virtual_context *c, struct result *r, const struct table_descriptor *t, const char *index) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    const char **regions;
    if (t->locality != TABLE_LOCALITY_BY_ROW || !db->primary_region)
        return;
    size_t n = virtual_sorted_regions(db, &regions);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < t->indexes.len; i++)
            if (!index || strcmp(t->indexes.items[i].name, index) == 0 || (strcmp(index, "primary") == 0 && i == 0))
                add_partition_row(c, r, db, t, &t->indexes.items[i], regions[k]);
    free(regions);
}

bool virtual_show_partitions(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r, "database_name:t table_name:t partition_name:t parent_partition:t column_names:t index_name:t "
        "partition_value:t zone_config:t full_zone_config:t");
    if (c->describe)
        return true;
    if (st->target.kind == TARGET_DATABASE) {
        const struct database_descriptor *db = virtual_database(c, st->target.word, r);
        for (size_t i = 0; db && i < c->descriptors->tables.len; i++)
            if (c->descriptors->tables.items[i]->database == db->id)
                add_partition_rows(c, r, c->descriptors->tables.items[i], NULL);
        return db != NULL;
    }
    const struct table_descriptor *t = virtual_target_table(c, &st->target, r);
    if (!t)
        return false;
    const struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
    if (!users_check_any(c->users, c->session, &o, r))
        return false;
    add_partition_rows(c, r, t, st->target.kind == TARGET_INDEX ? st->target.index : NULL);
    return true;
}
