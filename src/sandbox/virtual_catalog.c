/* virtual_catalog: crdb_internal's tables about databases, tables, indexes and columns; the system database's tables. */
#include "virtual_private.h"

#include "known_tables.h"
#include "system_table.h"

#include "domicile/dialect/name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(struct result *r, struct str *s) {
    const char *out = arena_strdup(r->arena, str_get(s));
    str_free(s);
    return out;
}

static const char *regions_text(struct result *r, const struct database_descriptor *db) {
    const char **regions;
    struct str out = {0};
    size_t n = virtual_sorted_regions(db, &regions);
    str_add_char(&out, '{');
    for (size_t i = 0; i < n; i++) {
        str_add(&out, i ? "," : "");
        virtual_add_element(&out, regions[i]);
    }
    str_add_char(&out, '}');
    free(regions);
    return text_of(r, &out);
}

static int by_name(const void *a, const void *b) {
    const struct database_descriptor *x = *(const struct database_descriptor *const *)a;
    const struct database_descriptor *y = *(const struct database_descriptor *const *)b;
    return strcmp(x->name, y->name);
}

/* In order of name; the caller frees. */
static const struct database_descriptor **sorted_databases(const struct virtual_context *c, size_t *n) {
    const struct descriptors *d = c->descriptors;
    const struct database_descriptor **out = mem_calloc(d->databases.len + 1, sizeof *out);
    for (size_t i = 0; i < d->databases.len; i++)
        out[i] = d->databases.items[i];
    *n = d->databases.len;
    qsort(out, *n, sizeof *out, by_name);
    return out;
}

static void put_database(struct vrow *row, const struct virtual_context *c, const struct database_descriptor *db) {
    struct str create = {0};
    vrow_int(row, "id", db->id);
    vrow_text(row, "name", db->name);
    vrow_text(row, "owner", db->owner);
    vrow_text(row, "primary_region", db->primary_region);
    vrow_text(row, "secondary_region", db->secondary_region ? db->secondary_region : db->primary_region ? "" : NULL);
    vrow_text(row, "regions", regions_text(row->r, db));
    if (db->primary_region) {
        vrow_text(row, "survival_goal", db->survive_region ? "region" : "zone");
        vrow_text(row, "placement_policy", db->restricted ? "restricted" : "default");
    }
    virtual_create_database(&create, c->descriptors, db);
    vrow_text(row, "create_statement", text_of(row->r, &create));
}

static void fill_databases(const struct virtual_context *c, struct result *r) {
    size_t n;
    const struct database_descriptor **list = sorted_databases(c, &n);
    for (size_t i = 0; i < n; i++) {
        struct vrow row;
        if (list[i]->id == SYSTEM_DATABASE_ID && !users_is_admin(c->users, c->session->user))
            continue;
        vrow_begin(&row, r);
        put_database(&row, c, list[i]);
        vrow_end(&row);
    }
    free(list);
}

static void fill_super_regions(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->databases.len; i++) {
        const struct database_descriptor *db = c->descriptors->databases.items[i];
        for (size_t k = 0; k < db->super_regions.len; k++) {
            const struct super_region *sr = &db->super_regions.items[k];
            struct str list = {0};
            struct vrow row;
            str_add_char(&list, '{');
            for (size_t m = 0; m < sr->regions.len; m++) {
                str_add(&list, m ? "," : "");
                virtual_add_element(&list, sr->regions.items[m]);
            }
            str_add_char(&list, '}');
            vrow_begin(&row, r);
            vrow_int(&row, "id", db->id);
            vrow_text(&row, "database_name", db->name);
            vrow_text(&row, "super_region_name", sr->name);
            vrow_text(&row, "regions", text_of(r, &list));
            vrow_end(&row);
        }
    }
}

/* Tables that nobody made or changed. */
static void put_server_table(struct result *r, int64_t id, int64_t parent, const char *database, int64_t version,
    int64_t modified, const char *schema, int64_t schema_id, const char *name) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "table_id", id);
    vrow_int(&row, "parent_id", parent);
    vrow_text(&row, "name", name);
    vrow_text(&row, "database_name", database);
    vrow_int(&row, "version", version);
    vrow_time(&row, "mod_time", modified, false);
    vrow_f(&row, "mod_time_logical", "%" PRId64 "000.0000000000", modified);
    vrow_text(&row, "format_version", "InterleavedFormatVersion");
    vrow_text(&row, "state", "PUBLIC");
    vrow_text(&row, "audit_mode", "DISABLED");
    vrow_text(&row, "schema_name", schema);
    vrow_int(&row, "parent_schema_id", schema_id);
    vrow_end(&row);
}

/* New versions tell everybody of all of the system's tables. */
static void put_system_tables(const struct virtual_context *c, struct result *r) {
    const int64_t started = c->world ? world_node(c->world, 1)->started_wall : 0;
    for (size_t i = 0; i < system_table_count(); i++) {
        const struct system_table *t = system_table_at(i, virtual_new(c));
        const struct users_object o = {OBJECT_TABLE, t ? t->id : 0, t ? t->name : NULL, "node", true};
        if (t && (virtual_new(c) || users_has_any(c->users, c->session->user, &o)))
            put_server_table(r, t->id, SYSTEM_DATABASE_ID, "system", 1, started, "public", SYSTEM_SCHEMA_ID, t->name);
    }
}

static void put_virtual_tables(const struct virtual_context *c, struct result *r) {
    const int64_t made = INT64_C(946684800) * USEC_PER_SEC; /* 2000-01-01 */
    struct known_table t;
    for (size_t i = 0; known_table_at(c->session->compat, i, &t); i++)
        put_server_table(r, t.id, 0, NULL, 1, made, t.schema, t.schema_id, t.name);
}

static void fill_tables(const struct virtual_context *c, struct result *r) {
    put_system_tables(c, r);
    put_virtual_tables(c, r);
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
        struct vrow row;
        if (!virtual_new(c) && !virtual_may_see(c, t))
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "table_id", t->id);
        vrow_int(&row, "parent_id", t->database);
        vrow_text(&row, "name", t->name);
        vrow_text(&row, "database_name", db ? db->name : NULL);
        vrow_int(&row, "version", t->version ? t->version : 1);
        vrow_time(&row, "mod_time", t->modified, false);
        if (t->modified)
            vrow_f(&row, "mod_time_logical", "%" PRId64 "000.0000000000", t->modified);
        vrow_text(&row, "format_version", "InterleavedFormatVersion");
        vrow_text(&row, "state", "PUBLIC");
        vrow_text(&row, "audit_mode", "DISABLED");
        vrow_text(&row, "schema_name", virtual_schema_name(c, t));
        vrow_int(&row, "parent_schema_id", t->schema);
        vrow_text(&row, "locality", virtual_locality_text(r, c, t));
        vrow_end(&row);
    }
}

static const char *create_index(const struct virtual_context *c, struct result *r, const struct table_descriptor *t,
    const struct index_descriptor *ix) {
    struct str out = {0};
    virtual_create_index(&out, c->descriptors, t, ix);
    return text_of(r, &out);
}

static void fill_table_indexes(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; k < t->indexes.len; k++) {
            const struct index_descriptor *ix = &t->indexes.items[k];
            struct vrow row;
            vrow_begin(&row, r);
            vrow_int(&row, "descriptor_id", t->id);
            vrow_text(&row, "descriptor_name", t->name);
            vrow_int(&row, "index_id", ix->id);
            vrow_text(&row, "index_name", ix->name);
            vrow_text(&row, "index_type", k == 0 ? "primary" : "secondary");
            vrow_bool(&row, "is_unique", ix->unique || k == 0);
            vrow_bool(&row, "is_inverted", ix->inverted);
            vrow_bool(&row, "is_sharded", false);
            vrow_bool(&row, "is_visible", true);
            vrow_text(&row, "visibility", "1");
            vrow_time(&row, "created_at", ix->created, false);
            vrow_text(&row, "create_statement", create_index(c, r, t, ix));
            vrow_end(&row);
        }
    }
}

static void fill_index_columns(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; k < t->indexes.len; k++)
            for (size_t m = 0; m < t->indexes.items[k].keys.len; m++) {
                const struct index_descriptor *ix = &t->indexes.items[k];
                const struct column_descriptor *column = column_by_id(t, ix->keys.items[m].column);
                struct vrow row;
                vrow_begin(&row, r);
                vrow_int(&row, "descriptor_id", t->id);
                vrow_text(&row, "descriptor_name", t->name);
                vrow_int(&row, "index_id", ix->id);
                vrow_text(&row, "index_name", ix->name);
                vrow_text(&row, "column_type", "key");
                vrow_int(&row, "column_id", ix->keys.items[m].column);
                vrow_text(&row, "column_name", column ? column->name : NULL);
                vrow_text(&row, "column_direction", ix->keys.items[m].descending ? "DESC" : "ASC");
                vrow_bool(&row, "implicit", ix->keys.items[m].implicit);
                vrow_end(&row);
            }
    }
}

static void fill_table_columns(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; k < t->columns.len; k++) {
            const struct column_descriptor *column = &t->columns.items[k];
            struct vrow row;
            vrow_begin(&row, r);
            vrow_int(&row, "descriptor_id", t->id);
            vrow_text(&row, "descriptor_name", t->name);
            vrow_int(&row, "column_id", column->id);
            vrow_text(&row, "column_name", column->name);
            vrow_text(&row, "column_type", sqltype_pg_name(&column->type));
            vrow_bool(&row, "nullable", column->nullable);
            vrow_text(&row, "default_expr", column->default_expr);
            vrow_bool(&row, "hidden", column->hidden);
            vrow_end(&row);
        }
    }
}

static void fill_partitions(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
        const char **regions;
        if (t->locality != TABLE_LOCALITY_BY_ROW || !db || !db->primary_region)
            continue;
        size_t n = virtual_sorted_regions(db, &regions);
        for (size_t m = 0; m < t->indexes.len; m++)
            for (size_t k = 0; k < n; k++) {
                const struct column_descriptor *column = column_by_id(t, t->region_column);
                struct vrow row;
                vrow_begin(&row, r);
                vrow_int(&row, "table_id", t->id);
                vrow_int(&row, "index_id", t->indexes.items[m].id);
                vrow_text(&row, "name", regions[k]);
                vrow_int(&row, "columns", 1);
                vrow_text(&row, "column_names", column ? column->name : "");
                vrow_f(&row, "list_value", "('%s')", regions[k]);
                vrow_int(&row, "zone_id", t->id);
                vrow_int(&row, "subzone_id", (int64_t)(k * t->indexes.len + m + 1));
                vrow_end(&row);
            }
        free(regions);
    }
}

static void put_span(struct vrow *row, uint64_t table, uint64_t index) {
    struct key k = {0};
    key_add_uvarint(&k, table);
    if (index)
        key_add_uvarint(&k, index);
    vrow_int(row, "descriptor_id", (int64_t)table);
    vrow_text(row, "start_key", virtual_key_hex(row->r, &k));
    key_prefix_end(&k);
    vrow_text(row, "end_key", virtual_key_hex(row->r, &k));
    key_free(&k);
}

static void fill_table_spans(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        put_span(&row, (uint64_t)c->descriptors->tables.items[i]->id, 0);
        vrow_bool(&row, "dropped", false);
        vrow_end(&row);
    }
}

static void fill_index_spans(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; k < t->indexes.len; k++) {
            struct vrow row;
            vrow_begin(&row, r);
            put_span(&row, (uint64_t)t->id, (uint64_t)t->indexes.items[k].id);
            vrow_int(&row, "index_id", t->indexes.items[k].id);
            vrow_end(&row);
        }
    }
}

/* The statements that add, or validate, a table's foreign keys, as an array. */
static const char *foreign_keys_text(const struct virtual_context *c, struct result *r,
    const struct table_descriptor *t, bool validate) {
    struct str out = {0};
    str_add_char(&out, '{');
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        struct str statement = {0};
        virtual_alter_foreign_key(&statement, c->descriptors, t, &t->foreign_keys.items[i], validate);
        str_add(&out, i ? "," : "");
        virtual_add_element(&out, str_get(&statement));
        str_free(&statement);
    }
    str_add_char(&out, '}');
    return text_of(r, &out);
}

static void fill_create_statements(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
        struct str create = {0};
        struct str bare = {0};
        struct str redactable = {0};
        struct vrow row;
        virtual_create_table(&create, c->descriptors, t);
        virtual_create_table_as(&bare, c->descriptors, t, CREATE_WITHOUT_FOREIGN_KEYS);
        virtual_create_table_as(&redactable, c->descriptors, t, CREATE_REDACTABLE);
        const char *text = text_of(r, &create);
        vrow_begin(&row, r);
        vrow_int(&row, "database_id", t->database);
        vrow_text(&row, "database_name", db ? db->name : NULL);
        vrow_text(&row, "schema_name", virtual_schema_name(c, t));
        vrow_int(&row, "descriptor_id", t->id);
        vrow_text(&row, "descriptor_type", t->view ? "view" : t->sequence ? "sequence" : "table");
        vrow_text(&row, "descriptor_name", t->name);
        vrow_text(&row, "create_statement", text);
        vrow_text(&row, "state", "PUBLIC");
        vrow_text(&row, "create_nofks", text_of(r, &bare));
        vrow_text(&row, "alter_statements", foreign_keys_text(c, r, t, false));
        vrow_text(&row, "validate_statements", foreign_keys_text(c, r, t, true));
        vrow_text(&row, "rls_statements", "{}");
        vrow_text(&row, "fk_statements", foreign_keys_text(c, r, t, false));
        vrow_text(&row, "create_redactable", text_of(r, &redactable));
        vrow_bool(&row, "has_partitions", t->locality == TABLE_LOCALITY_BY_ROW);
        vrow_bool(&row, "is_multi_region", db && db->primary_region);
        vrow_bool(&row, "is_virtual", false);
        vrow_bool(&row, "is_temporary", false);
        vrow_end(&row);
    }
}

const struct vtable vtables_catalog[] = {
    {"crdb_internal", "databases",
        "id:i name:t owner:n primary_region:t regions:T survival_goal:t placement_policy:t create_statement:t",
        "id:i name:t owner:n primary_region:t secondary_region:t regions:T survival_goal:t placement_policy:t "
        "create_statement:t",
        NULL, fill_databases},
    {"crdb_internal", "super_regions", NULL, "id:i database_name:t super_region_name:t regions:T", NULL,
        fill_super_regions},
    {"crdb_internal", "tables",
        "table_id:i parent_id:i name:t database_name:t version:i mod_time:m mod_time_logical:d format_version:t "
        "state:t sc_lease_node_id:i "
        "sc_lease_expiration_time:m drop_time:m audit_mode:t schema_name:t parent_schema_id:i locality:t",
        "=", NULL, fill_tables},
    {"crdb_internal", "table_indexes",
        "descriptor_id:i descriptor_name:t index_id:i index_name:t index_type:t is_unique:b is_inverted:b is_sharded:b "
        "created_at:m",
        "descriptor_id:i descriptor_name:t index_id:i index_name:t index_type:t is_unique:b is_inverted:b is_sharded:b "
        "is_visible:b "
        "visibility:f shard_bucket_count:i created_at:m create_statement:t",
        NULL, fill_table_indexes},
    {"crdb_internal", "index_columns",
        "descriptor_id:i descriptor_name:t index_id:i index_name:t column_type:t column_id:i column_name:t "
        "column_direction:t implicit:b",
        "=", NULL, fill_index_columns},
    {"crdb_internal", "table_columns",
        "descriptor_id:i descriptor_name:t column_id:i column_name:t column_type:t nullable:b default_expr:t hidden:b",
        "=", NULL, fill_table_columns},
    {"crdb_internal", "partitions",
        "table_id:i index_id:i parent_name:t name:t columns:i column_names:t list_value:t range_value:t zone_id:i "
        "subzone_id:i",
        "=", NULL, fill_partitions},
    {"crdb_internal", "table_spans", NULL, "descriptor_id:i start_key:y end_key:y dropped:b", NULL, fill_table_spans},
    {"crdb_internal", "index_spans", NULL, "descriptor_id:i index_id:i start_key:y end_key:y", NULL, fill_index_spans},
    {"crdb_internal", "create_statements",
        "database_id:i database_name:t schema_name:t descriptor_id:i descriptor_type:t descriptor_name:t "
        "create_statement:t state:t "
        "create_nofks:t alter_statements:T validate_statements:T has_partitions:b is_multi_region:b is_virtual:b "
        "is_temporary:b",
        "database_id:i database_name:t schema_name:t descriptor_id:i descriptor_type:t descriptor_name:t "
        "create_statement:t state:t "
        "create_nofks:t rls_statements:T fk_statements:T validate_statements:T create_redactable:t has_partitions:b "
        "is_multi_region:b "
        "is_virtual:b is_temporary:b",
        NULL, fill_create_statements},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
