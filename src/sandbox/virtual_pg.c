/* virtual_pg: what of pg_catalog and information_schema clients and psql's listings ask for. */
#include "virtual_private.h"

#include "domicile/sandbox/variables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OID_BASE = 100000 };

static const struct database_descriptor *current(const struct virtual_context *c) {
    return database_by_name(c->descriptors, c->session->database ? c->session->database : "");
}

struct named_schema {
    const char *name;
    int64_t oid;
};

/* Schemas that hold virtual tables, and the one that the failures are asked for in. */
static const struct named_schema virtual_schemas[] = {
    {"crdb_internal", 4294967295}, {"information_schema", 4294967294}, {"pg_catalog", 4294967013}, {"pg_extension", 4294966999}, {"sandbox", 4294966990},
};

static void put_namespace(struct result *r, int64_t oid, const char *name) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", oid);
    vrow_text(&row, "nspname", name);
    vrow_end(&row);
}

static void fill_namespace(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; i < sizeof virtual_schemas / sizeof *virtual_schemas; i++)
        put_namespace(r, virtual_schemas[i].oid, virtual_schemas[i].name);
    for (size_t i = 0; db && i < db->schemas.len; i++)
        put_namespace(r, db->schemas.items[i].id, db->schemas.items[i].name);
}

static void fill_database(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->databases.len; i++) {
        const struct database_descriptor *db = c->descriptors->databases.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", db->id);
        vrow_text(&row, "datname", db->name);
        vrow_int(&row, "encoding", 6);
        vrow_text(&row, "datcollate", "en_US.utf8");
        vrow_text(&row, "datctype", "en_US.utf8");
        vrow_bool(&row, "datistemplate", false);
        vrow_bool(&row, "datallowconn", true);
        vrow_end(&row);
    }
}

static void fill_class(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        struct vrow row;
        if (t->database != db->id)
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", t->id);
        vrow_text(&row, "relname", t->name);
        vrow_int(&row, "relnamespace", t->schema);
        vrow_text(&row, "relkind", t->view ? "v" : t->sequence ? "S" : "r");
        vrow_bool(&row, "relhasindex", t->indexes.len > 0);
        vrow_int(&row, "relnatts", (int64_t)t->columns.len);
        vrow_text(&row, "relpersistence", "p");
        vrow_bool(&row, "relhaspkey", t->indexes.len > 0);
        vrow_bool(&row, "relhasrules", false);
        vrow_bool(&row, "relhastriggers", false);
        vrow_bool(&row, "relispartition", false);
        vrow_bool(&row, "relispopulated", true);
        vrow_bool(&row, "relrowsecurity", false);
        vrow_bool(&row, "relforcerowsecurity", false);
        vrow_end(&row);
    }
}

static void fill_attribute(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; t->database == db->id && k < t->columns.len; k++) {
            const struct column_descriptor *column = &t->columns.items[k];
            struct vrow row;
            vrow_begin(&row, r);
            vrow_int(&row, "attrelid", t->id);
            vrow_text(&row, "attname", column->name);
            vrow_int(&row, "atttypid", sqltype_oid(&column->type));
            vrow_int(&row, "attnum", column->id);
            vrow_int(&row, "atttypmod", sqltype_typmod(&column->type));
            vrow_bool(&row, "attnotnull", !column->nullable);
            vrow_bool(&row, "atthasdef", column->default_expr != NULL);
            vrow_text(&row, "attgenerated", column->computed ? "s" : "");
            vrow_bool(&row, "attisdropped", false);
            vrow_end(&row);
        }
    }
}

static void fill_type(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->types.len; i++) {
        const struct type_descriptor *t = c->descriptors->types.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", OID_BASE + t->id);
        vrow_text(&row, "typname", t->name);
        vrow_int(&row, "typnamespace", t->schema);
        vrow_text(&row, "typtype", "e");
        vrow_end(&row);
    }
}

/* As the real server makes it: FNV-1 of the kind of object (an enum's entry), the type's OID and the bytes that
 * stand for the value. */
static uint32_t enum_oid(const struct type_descriptor *t, const struct enum_label *label) {
    enum { ENUM_ENTRY = 12 };
    uint32_t h = UINT32_C(2166136261);
    const uint64_t type = (uint64_t)(OID_BASE + t->id);
    h = (h * UINT32_C(16777619)) ^ ENUM_ENTRY;
    for (int shift = 56; shift >= 0; shift -= 8)
        h = (h * UINT32_C(16777619)) ^ (uint32_t)((type >> shift) & 0xff);
    for (size_t i = 0; i < label->physical.len; i++)
        h = (h * UINT32_C(16777619)) ^ label->physical.data[i];
    return h;
}

static void fill_enum(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->types.len; i++) {
        const struct type_descriptor *t = c->descriptors->types.items[i];
        for (size_t k = 0; t->database == db->id && k < t->labels.len; k++) {
            struct vrow row;
            vrow_begin(&row, r);
            vrow_int(&row, "oid", enum_oid(t, &t->labels.items[k]));
            vrow_int(&row, "enumtypid", OID_BASE + t->id);
            vrow_int(&row, "enumsortorder", (int64_t)k);
            vrow_text(&row, "enumlabel", t->labels.items[k].name);
            vrow_end(&row);
        }
    }
}

struct setting_rows {
    struct result *r;
    const struct session *session;
};

static void put_setting(void *arg, const char *name, const char *value) {
    struct setting_rows *to = arg;
    struct vrow row;
    vrow_begin(&row, to->r);
    vrow_text(&row, "name", name);
    vrow_text(&row, "setting", value);
    vrow_text(&row, "context", "user");
    vrow_text(&row, "vartype", "string");
    vrow_text(&row, "boot_val", variable_default(to->session, name));
    vrow_text(&row, "reset_val", variable_default(to->session, name));
    vrow_end(&row);
}

static void fill_settings(const struct virtual_context *c, struct result *r) {
    struct setting_rows rows = {r, c->session};
    variables_each(c->session, put_setting, &rows);
}

static void fill_roles(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < users_count(c->users); i++) {
        struct users_role_info u = users_at(c->users, i);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", (int64_t)i + 1);
        vrow_f(&row, "rolname", "%s", u.name);
        vrow_bool(&row, "rolsuper", users_is_admin(c->users, u.name));
        vrow_bool(&row, "rolinherit", true);
        vrow_bool(&row, "rolcanlogin", !u.is_role);
        vrow_int(&row, "rolconnlimit", -1);
        vrow_end(&row);
    }
}

static void fill_proc(const struct virtual_context *c, struct result *r) {
    static const char *const names[] = {"kill_node", "start_node", "kill_region", "start_region", "advance"};
    (void)c;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", 90000 + (int64_t)i);
        vrow_text(&row, "proname", names[i]);
        vrow_int(&row, "pronamespace", 4294966990);
        vrow_end(&row);
    }
}

static void fill_schemata(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; i < sizeof virtual_schemas / sizeof *virtual_schemas; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "catalog_name", db ? db->name : "");
        vrow_text(&row, "schema_name", virtual_schemas[i].name);
        vrow_end(&row);
    }
    for (size_t i = 0; db && i < db->schemas.len; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "catalog_name", db->name);
        vrow_text(&row, "schema_name", db->schemas.items[i].name);
        vrow_end(&row);
    }
}

static void fill_is_tables(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        struct vrow row;
        if (t->database != db->id)
            continue;
        vrow_begin(&row, r);
        vrow_text(&row, "table_catalog", db->name);
        vrow_text(&row, "table_schema", virtual_schema_name(c, t));
        vrow_text(&row, "table_name", t->name);
        vrow_text(&row, "table_type", t->view ? "VIEW" : "BASE TABLE");
        vrow_text(&row, "is_insertable_into", "YES");
        vrow_int(&row, "version", 1);
        vrow_end(&row);
    }
}

static void fill_is_columns(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; t->database == db->id && k < t->columns.len; k++) {
            const struct column_descriptor *column = &t->columns.items[k];
            struct vrow row;
            vrow_begin(&row, r);
            vrow_text(&row, "table_catalog", db->name);
            vrow_text(&row, "table_schema", virtual_schema_name(c, t));
            vrow_text(&row, "table_name", t->name);
            vrow_text(&row, "column_name", column->name);
            vrow_int(&row, "ordinal_position", column->id);
            vrow_text(&row, "column_default", column->default_expr);
            vrow_text(&row, "is_nullable", column->nullable ? "YES" : "NO");
            vrow_text(&row, "data_type", sqltype_pg_name(&column->type));
            vrow_text(&row, "is_hidden", column->hidden ? "YES" : "NO");
            vrow_end(&row);
        }
    }
}

const struct vtable vtables_pg[] = {
    {"pg_catalog", "pg_namespace", "oid:o nspname:n nspowner:o nspacl:T", "=", NULL, fill_namespace},
    {"pg_catalog", "pg_database",
        "oid:o datname:n datdba:o encoding:4 datcollate:n datctype:n datistemplate:b datallowconn:b datconnlimit:4 datlastsysoid:o "
        "datfrozenxid:4 datminmxid:4 dattablespace:o datacl:T", "=", NULL, fill_database},
    {"pg_catalog", "pg_class",
        "oid:o relname:n relnamespace:o reltype:o reloftype:o relowner:o relam:o relfilenode:o reltablespace:o relpages:4 reltuples:f "
        "relallvisible:4 reltoastrelid:o relhasindex:b relisshared:b relpersistence:t relistemp:b relkind:t relnatts:2 relchecks:2 "
        "relhasoids:b relhaspkey:b relhasrules:b relhastriggers:b relhassubclass:b relfrozenxid:4 relacl:T reloptions:T "
        "relforcerowsecurity:b relispartition:b relispopulated:b relreplident:c relrewrite:o relrowsecurity:b relpartbound:t "
        "relminmxid:4", "=", NULL, fill_class},
    {"pg_catalog", "pg_attribute",
        "attrelid:o attname:n atttypid:o attstattarget:4 attlen:2 attnum:2 attndims:4 attcacheoff:4 atttypmod:4 attbyval:b attstorage:t "
        "attalign:t attnotnull:b atthasdef:b attidentity:c attgenerated:c attisdropped:b attislocal:b attinhcount:4 attcollation:o", "=", NULL, fill_attribute},
    {"pg_catalog", "pg_type", "oid:o typname:n typnamespace:o typowner:o typlen:2 typbyval:b typtype:t typcategory:t", "=", NULL, fill_type},
    {"pg_catalog", "pg_enum", "oid:o enumtypid:o enumsortorder:F enumlabel:t", "=", NULL, fill_enum},
    {"pg_catalog", "pg_settings",
        "name:t setting:t unit:t category:t short_desc:t extra_desc:t context:t vartype:t source:t min_val:t max_val:t enumvals:t boot_val:t "
        "reset_val:t sourcefile:t sourceline:4 pending_restart:b", "=", NULL, fill_settings},
    {"pg_catalog", "pg_roles",
        "oid:o rolname:n rolsuper:b rolinherit:b rolcreaterole:b rolcreatedb:b rolcatupdate:b rolcanlogin:b rolreplication:b rolconnlimit:4 "
        "rolpassword:t rolvaliduntil:z rolbypassrls:b rolconfig:T", "=", NULL, fill_roles},
    {"pg_catalog", "pg_proc", "oid:o proname:n pronamespace:o proowner:o", "=", NULL, fill_proc},
    {"information_schema", "schemata", "catalog_name:t schema_name:t default_character_set_name:t sql_path:t crdb_is_user_defined:t", "=", NULL, fill_schemata},
    {"information_schema", "tables", "table_catalog:t table_schema:t table_name:t table_type:t is_insertable_into:t version:i", "=", NULL, fill_is_tables},
    {"information_schema", "columns",
        "table_catalog:t table_schema:t table_name:t column_name:t ordinal_position:i column_default:t is_nullable:t data_type:t is_hidden:t", "=", NULL, fill_is_columns},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
