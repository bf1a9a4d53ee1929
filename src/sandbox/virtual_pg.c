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
    int64_t old, new; /* oids */
};

/* Schemas that hold virtual tables, and the one that the failures are asked for in. */
static const struct named_schema virtual_schemas[] = {
    {"crdb_internal", 4294967295, 4294967295},
    {"information_schema", 4294967228, 4294967180},
    {"pg_catalog", 4294967141, 4294967093},
    {"pg_extension", 4294967011, 4294966963},
    {"sandbox", 4294966900, 4294966900},
};

int64_t virtual_schema_oid(const struct virtual_context *c, const char *name) {
    for (size_t i = 0; i < sizeof virtual_schemas / sizeof *virtual_schemas; i++)
        if (str_eq(virtual_schemas[i].name, name))
            return virtual_new(c) ? virtual_schemas[i].new : virtual_schemas[i].old;
    return 0;
}

/* As the real server makes it: FNV-1 of the kind of object (a user) and the name. */
int64_t virtual_role_oid(const char *name) {
    enum { USER = 9 };
    uint32_t h = (UINT32_C(2166136261) * UINT32_C(16777619)) ^ USER;
    for (const char *p = name ? name : ""; *p; p++)
        h = (h * UINT32_C(16777619)) ^ (unsigned char)*p;
    return h;
}

static void put_namespace(struct result *r, int64_t oid, const char *name, const char *owner) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", oid);
    vrow_text(&row, "nspname", name);
    vrow_int(&row, "nspowner", virtual_role_oid(owner));
    vrow_end(&row);
}

static void fill_namespace(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; i < sizeof virtual_schemas / sizeof *virtual_schemas; i++)
        put_namespace(r, virtual_schema_oid(c, virtual_schemas[i].name), virtual_schemas[i].name, "node");
    for (size_t i = 0; db && i < db->schemas.len; i++)
        put_namespace(r, db->schemas.items[i].id, db->schemas.items[i].name,
            db->schemas.items[i].owner ? db->schemas.items[i].owner : db->owner);
}

static void fill_database(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->descriptors->databases.len; i++) {
        const struct database_descriptor *db = c->descriptors->databases.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", db->id);
        vrow_text(&row, "datname", db->name);
        vrow_int(&row, "datdba", virtual_role_oid(db->owner));
        vrow_int(&row, "encoding", 6);
        vrow_text(&row, "datcollate", "en_US.utf8");
        vrow_text(&row, "datctype", "en_US.utf8");
        vrow_bool(&row, "datistemplate", false);
        vrow_bool(&row, "datallowconn", true);
        vrow_end(&row);
    }
}

/* What pg_class has of relations of all kinds. */
struct class_row {
    const char *name, *kind, *owner;
    int64_t oid, schema;
    size_t columns;
    bool indexed;
};

static void put_class(struct result *r, const struct class_row *k) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", k->oid);
    vrow_text(&row, "relname", k->name);
    vrow_int(&row, "relnamespace", k->schema);
    vrow_int(&row, "reltype", 0);
    vrow_int(&row, "reloftype", 0);
    vrow_int(&row, "relowner", virtual_role_oid(k->owner));
    vrow_int(&row, "relam", *k->kind == 'i' ? 2631952481 : 0);
    vrow_int(&row, "relfilenode", 0);
    vrow_int(&row, "reltablespace", 0);
    vrow_int(&row, "reltoastrelid", 0);
    vrow_text(&row, "relkind", k->kind);
    vrow_bool(&row, "relhasindex", k->indexed);
    vrow_bool(&row, "relisshared", false);
    vrow_bool(&row, "relistemp", false);
    vrow_int(&row, "relnatts", (int64_t)k->columns);
    vrow_int(&row, "relchecks", 0);
    vrow_text(&row, "relpersistence", "p");
    vrow_bool(&row, "relhasoids", false);
    vrow_bool(&row, "relhaspkey", k->indexed);
    vrow_bool(&row, "relhasrules", false);
    vrow_bool(&row, "relhastriggers", false);
    vrow_bool(&row, "relhassubclass", false);
    vrow_bool(&row, "relispartition", false);
    vrow_bool(&row, "relispopulated", true);
    vrow_bool(&row, "relrowsecurity", false);
    vrow_bool(&row, "relforcerowsecurity", false);
    vrow_end(&row);
}

/* Virtual tables that clients refer to by name, with their oids in old and new versions. */
static const struct {
    const char *schema, *name;
    int64_t old, new;
} virtual_classes[] = {
    {"pg_catalog", "pg_am", 4294967139, 4294967091},
    {"pg_catalog", "pg_attrdef", 4294967136, 4294967088},
    {"pg_catalog", "pg_attribute", 4294967135, 4294967087},
    {"pg_catalog", "pg_authid", 4294967134, 4294967086},
    {"pg_catalog", "pg_class", 4294967129, 4294967081},
    {"pg_catalog", "pg_collation", 4294967128, 4294967080},
    {"pg_catalog", "pg_constraint", 4294967126, 4294967078},
    {"pg_catalog", "pg_database", 4294967123, 4294967075},
    {"pg_catalog", "pg_description", 4294967119, 4294967071},
    {"pg_catalog", "pg_enum", 4294967118, 4294967070},
    {"pg_catalog", "pg_extension", 4294967116, 4294967068},
    {"pg_catalog", "pg_index", 4294967109, 4294967061},
    {"pg_catalog", "pg_namespace", 4294967100, 4294967052},
    {"pg_catalog", "pg_operator", 4294967098, 4294967050},
    {"pg_catalog", "pg_proc", 4294967091, 4294967043},
    {"pg_catalog", "pg_roles", 4294967082, 4294967034},
    {"pg_catalog", "pg_tablespace", 4294967026, 4294966978},
    {"pg_catalog", "pg_trigger", 4294967022, 4294966974},
    {"pg_catalog", "pg_type", 4294967016, 4294966968},
    {"pg_extension", "geography_columns", 4294967010, 4294966962},
    {"pg_extension", "geometry_columns", 4294967009, 4294966961},
    {"pg_extension", "spatial_ref_sys", 4294967008, 4294966960},
};

int64_t virtual_class_oid(int compat, const char *schema, const char *name) {
    for (size_t i = 0; i < sizeof virtual_classes / sizeof *virtual_classes; i++)
        if (str_eq(virtual_classes[i].name, name) && (!schema || str_eq(virtual_classes[i].schema, schema)))
            return compat >= COMPAT_NEW ? virtual_classes[i].new : virtual_classes[i].old;
    return 0;
}

const char *virtual_class_name(int compat, int64_t oid) {
    for (size_t i = 0; i < sizeof virtual_classes / sizeof *virtual_classes; i++)
        if ((compat >= COMPAT_NEW ? virtual_classes[i].new : virtual_classes[i].old) == oid)
            return virtual_classes[i].name;
    return NULL;
}

static void fill_class(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; i < sizeof virtual_classes / sizeof *virtual_classes; i++)
        put_class(r,
            &(struct class_row){virtual_classes[i].name, "r", "node",
                virtual_new(c) ? virtual_classes[i].new : virtual_classes[i].old,
                virtual_schema_oid(c, virtual_classes[i].schema), 0, false});
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        if (t->database != db->id)
            continue;
        put_class(r, &(struct class_row){t->name, t->view ? "v" : t->sequence ? "S" : "r", t->owner, t->id, t->schema,
            t->columns.len, t->indexes.len > 0});
        for (size_t k = 0; k < t->indexes.len; k++)
            put_class(r, &(struct class_row){t->indexes.items[k].name, "i", t->owner,
                virtual_index_oid(t, t->indexes.items[k].name), t->schema, t->indexes.items[k].keys.len, false});
    }
}

/* The columns of the virtual tables that pg_class lists. */
static void put_virtual_attributes(const struct virtual_context *c, struct result *r, size_t i) {
    struct virtual_context of = *c;
    struct result *shape = result_new();
    of.describe = true;
    if (virtual_table(&of, virtual_classes[i].schema, virtual_classes[i].name, shape))
        for (size_t k = 0; k < shape->columns.len; k++) {
            struct vrow row;
            vrow_begin(&row, r);
            vrow_int(&row, "attrelid", virtual_new(c) ? virtual_classes[i].new : virtual_classes[i].old);
            vrow_text(&row, "attname", shape->columns.items[k].name);
            vrow_int(&row, "atttypid", shape->columns.items[k].oid);
            vrow_int(&row, "attnum", (int64_t)k + 1);
            vrow_int(&row, "atttypmod", shape->columns.items[k].typmod);
            vrow_bool(&row, "attnotnull", false);
            vrow_bool(&row, "atthasdef", false);
            vrow_text(&row, "attidentity", "");
            vrow_text(&row, "attgenerated", "");
            vrow_bool(&row, "attisdropped", false);
            vrow_bool(&row, "attislocal", true);
            vrow_int(&row, "attinhcount", 0);
            vrow_int(&row, "attcollation", 0);
            vrow_end(&row);
        }
    result_free(shape);
}

static void fill_attribute(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; i < sizeof virtual_classes / sizeof *virtual_classes; i++)
        put_virtual_attributes(c, r, i);
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
            vrow_bool(&row, "atthasdef", column->default_expr || column->computed);
            vrow_text(&row, "attidentity", column->identity == IDENTITY_ALWAYS ? "a" : column->identity ? "d" : "");
            vrow_text(&row, "attgenerated", !column->computed ? "" : column->computed_stored ? "s" : "v");
            vrow_bool(&row, "attisdropped", false);
            vrow_bool(&row, "attislocal", true);
            vrow_int(&row, "attinhcount", 0);
            vrow_int(&row, "attndims", column->type.array ? 1 : 0);
            vrow_int(&row, "attcollation", sqltype_is_text(&column->type) ? virtual_default_collation() : 0);
            vrow_end(&row);
        }
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

static void put_role(struct result *r, const char *name, bool admin, bool login, bool all) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", virtual_role_oid(name));
    vrow_text(&row, "rolname", name);
    vrow_bool(&row, "rolsuper", admin);
    vrow_bool(&row, "rolinherit", true);
    vrow_bool(&row, "rolcreaterole", admin);
    vrow_bool(&row, "rolcreatedb", admin);
    vrow_bool(&row, "rolcatupdate", false);
    vrow_bool(&row, "rolcanlogin", login);
    vrow_bool(&row, "rolreplication", admin && all);
    vrow_int(&row, "rolconnlimit", -1);
    vrow_text(&row, "rolpassword", "********");
    vrow_bool(&row, "rolbypassrls", admin && all);
    vrow_end(&row);
}

/* New versions list the servers' own user too, and say that admins may replicate and pass by row security. */
static void fill_roles(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < users_count(c->users); i++) {
        const struct users_role_info u = users_at(c->users, i);
        put_role(r, u.name, users_is_admin(c->users, u.name), str_eq(u.name, "admin") || !u.is_role, virtual_new(c));
    }
    if (virtual_new(c))
        put_role(r, "node", true, false, true);
}

static void fill_proc(const struct virtual_context *c, struct result *r) {
    static const char *const names[] = {
        "kill_node", "start_node", "kill_region", "start_region", "advance", "hold_schema_changes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "prokind", "f");
        vrow_int(&row, "oid", 90000 + (int64_t)i);
        vrow_text(&row, "proname", names[i]);
        vrow_int(&row, "pronamespace", virtual_schema_oid(c, "sandbox"));
        vrow_text(&row, "provolatile", "v");
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

static void put_is_type(struct vrow *row, const struct virtual_context *c, const struct database_descriptor *db,
    const struct column_descriptor *column, struct result *r) {
    const struct sqltype *t = &column->type;
    const bool plain = !t->array,
               integer = plain && (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8);
    const struct type_descriptor *user = t->base == TYPE_USER ? type_by_id(c->descriptors, t->user) : NULL;
    char *full = user ? type_full_name(c->descriptors, user) : NULL;
    struct str text = {0};
    sqltype_print(&text, t, full);
    vrow_text(row, "data_type", t->array ? "ARRAY" : user ? "USER-DEFINED" : sqltype_pg_name(t));
    if (plain && sqltype_is_text(t) && t->width > 0) {
        vrow_int(row, "character_maximum_length", t->width);
        vrow_int(row, "character_octet_length", (int64_t)t->width * 4);
    }
    if (integer)
        vrow_int(row, "numeric_precision", t->base == TYPE_INT2 ? 16 : t->base == TYPE_INT4 ? 32 : 64);
    if (plain && t->base == TYPE_DECIMAL && t->width > 0)
        vrow_int(row, "numeric_precision", t->width);
    if (integer || (plain && t->base == TYPE_DECIMAL && t->width > 0))
        vrow_int(row, "numeric_scale", integer ? 0 : t->scale > 0 ? t->scale : 0);
    if (integer)
        vrow_int(row, "numeric_precision_radix", 2);
    vrow_text(row, "udt_catalog", db->name);
    vrow_text(row, "udt_schema", user ? "public" : "pg_catalog");
    vrow_f(row, "udt_name", t->array ? "_%s" : "%s", user ? user->name : virtual_type_name(t));
    vrow_text(row, "crdb_sql_type", arena_strdup(r->arena, str_get(&text)));
    str_free(&text);
    free(full);
}

static void put_is_column(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, const struct column_descriptor *column, struct result *r) {
    const bool identity = column->identity != IDENTITY_NONE;
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "table_catalog", db->name);
    vrow_text(&row, "table_schema", virtual_schema_name(c, t));
    vrow_text(&row, "table_name", t->name);
    vrow_text(&row, "column_name", column->name);
    vrow_int(&row, "ordinal_position", column->id);
    vrow_text(&row, "column_default", column->default_expr);
    vrow_text(&row, "is_nullable", column->nullable ? "YES" : "NO");
    put_is_type(&row, c, db, column, r);
    vrow_text(&row, "is_identity", identity ? "YES" : "NO");
    if (identity)
        vrow_text(&row, "identity_generation", column->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    vrow_text(&row, "is_generated", column->computed ? "ALWAYS" : "NEVER");
    vrow_text(&row, "generation_expression", column->computed ? column->computed : "");
    vrow_text(&row, "is_updatable", column->computed ? "NO" : "YES");
    vrow_text(&row, "is_hidden", column->hidden ? "YES" : "NO");
    vrow_end(&row);
}

static void fill_is_columns(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = current(c);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        for (size_t k = 0; t->database == db->id && k < t->columns.len; k++)
            put_is_column(c, db, t, &t->columns.items[k], r);
    }
}

const struct vtable vtables_pg[] = {
    {"pg_catalog", "pg_namespace", "oid:o nspname:n nspowner:o nspacl:T", "=", NULL, fill_namespace},
    {"pg_catalog", "pg_database",
        "oid:o datname:n datdba:o encoding:4 datcollate:n datctype:n datistemplate:b datallowconn:b datconnlimit:4 "
        "datlastsysoid:o "
        "datfrozenxid:4 datminmxid:4 dattablespace:o datacl:T",
        "=", NULL, fill_database},
    {"pg_catalog", "pg_class",
        "oid:o relname:n relnamespace:o reltype:o reloftype:o relowner:o relam:o relfilenode:o reltablespace:o "
        "relpages:4 reltuples:f "
        "relallvisible:4 reltoastrelid:o relhasindex:b relisshared:b relpersistence:t relistemp:b relkind:t relnatts:2 "
        "relchecks:2 "
        "relhasoids:b relhaspkey:b relhasrules:b relhastriggers:b relhassubclass:b relfrozenxid:4 relacl:T "
        "reloptions:T "
        "relforcerowsecurity:b relispartition:b relispopulated:b relreplident:c relrewrite:o relrowsecurity:b "
        "relpartbound:t "
        "relminmxid:4",
        "=", NULL, fill_class},
    {"pg_catalog", "pg_attribute",
        "attrelid:o attname:n atttypid:o attstattarget:4 attlen:2 attnum:2 attndims:4 attcacheoff:4 atttypmod:4 "
        "attbyval:b attstorage:t "
        "attalign:t attnotnull:b atthasdef:b attidentity:c attgenerated:c attisdropped:b attislocal:b attinhcount:4 "
        "attcollation:o attacl:T attoptions:T attfdwoptions:T atthasmissing:b attmissingval:T",
        "=", NULL, fill_attribute},
    {"pg_catalog", "pg_enum", "oid:o enumtypid:o enumsortorder:F enumlabel:t", "=", NULL, fill_enum},
    {"pg_catalog", "pg_settings",
        "name:t setting:t unit:t category:t short_desc:t extra_desc:t context:t vartype:t source:t min_val:t max_val:t "
        "enumvals:t boot_val:t "
        "reset_val:t sourcefile:t sourceline:4 pending_restart:b",
        "=", NULL, fill_settings},
    {"pg_catalog", "pg_roles",
        "oid:o rolname:n rolsuper:b rolinherit:b rolcreaterole:b rolcreatedb:b rolcatupdate:b rolcanlogin:b "
        "rolreplication:b rolconnlimit:4 "
        "rolpassword:t rolvaliduntil:z rolbypassrls:b rolconfig:T",
        "=", NULL, fill_roles},
    {"pg_catalog", "pg_authid",
        "oid:o rolname:n rolsuper:b rolinherit:b rolcreaterole:b rolcreatedb:b rolcanlogin:b rolreplication:b "
        "rolbypassrls:b "
        "rolconnlimit:4 rolpassword:t rolvaliduntil:z",
        "=", NULL, fill_roles},
    {"pg_catalog", "pg_proc",
        "oid:o proname:n pronamespace:o proowner:o prolang:o procost:F prorows:F provariadic:o protransform:t "
        "proisagg:b proiswindow:b "
        "prosecdef:b proleakproof:b proisstrict:b proretset:b provolatile:c proparallel:c pronargs:2 pronargdefaults:2 "
        "prorettype:o "
        "proargtypes:t proallargtypes:O proargmodes:T proargnames:T proargdefaults:t protrftypes:O prosrc:t probin:t "
        "proconfig:T "
        "proacl:T prokind:c prosupport:p",
        "=", NULL, fill_proc},
    {"information_schema", "schemata",
        "catalog_name:t schema_name:t default_character_set_name:t sql_path:t crdb_is_user_defined:t", "=", NULL,
        fill_schemata},
    {"information_schema", "tables",
        "table_catalog:t table_schema:t table_name:t table_type:t is_insertable_into:t version:i", "=", NULL,
        fill_is_tables},
    {"information_schema", "columns",
        "table_catalog:t table_schema:t table_name:t column_name:t column_comment:t ordinal_position:i "
        "column_default:t is_nullable:t "
        "data_type:t character_maximum_length:i character_octet_length:i numeric_precision:i numeric_precision_radix:i "
        "numeric_scale:i "
        "datetime_precision:i interval_type:t interval_precision:i character_set_catalog:t character_set_schema:t "
        "character_set_name:t collation_catalog:t collation_schema:t collation_name:t domain_catalog:t domain_schema:t "
        "domain_name:t "
        "udt_catalog:t udt_schema:t udt_name:t scope_catalog:t scope_schema:t scope_name:t maximum_cardinality:i "
        "dtd_identifier:t "
        "is_self_referencing:t is_identity:t identity_generation:t identity_start:t identity_increment:t "
        "identity_maximum:t "
        "identity_minimum:t identity_cycle:t is_generated:t generation_expression:t is_updatable:t is_hidden:t "
        "crdb_sql_type:t",
        "=", NULL, fill_is_columns},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
