/* virtual_pg_types: pg_type, who is a member of what, and the tables of pg_catalog that are the same in every database, most
 * of them empty. */
#include "virtual_private.h"

#include "domicile/base/mem.h"

#include <ctype.h>
#include <string.h>

/* Types that the server was born with; what reads and writes them is named after them. */
static const struct {
    const char *name;
    uint32_t oid, array;
    int length;          /* -1: it varies */
    char category, kind; /* as pg_type has them */
    bool preferred;
} born[] = {
    {"bool", 16, 1000, 1, 'B', 'b', true},        {"bytea", 17, 1001, -1, 'U', 'b', false},
    {"char", 18, 1002, 1, 'S', 'b', false},       {"name", 19, 1003, -1, 'S', 'b', false},
    {"int8", 20, 1016, 8, 'N', 'b', false},       {"int2", 21, 1005, 2, 'N', 'b', false},
    {"int2vector", 22, 1006, -1, 'A', 'b', false}, {"int4", 23, 1007, 4, 'N', 'b', false},
    {"regproc", 24, 1008, 4, 'N', 'b', false},    {"text", 25, 1009, -1, 'S', 'b', true},
    {"oid", 26, 1028, 4, 'N', 'b', true},         {"oidvector", 30, 1013, -1, 'A', 'b', false},
    {"float4", 700, 1021, 4, 'N', 'b', false},    {"float8", 701, 1022, 8, 'N', 'b', true},
    {"unknown", 705, 0, 0, 'X', 'b', false},      {"inet", 869, 1041, 24, 'I', 'b', true},
    {"bpchar", 1042, 1014, -1, 'S', 'b', false},  {"varchar", 1043, 1015, -1, 'S', 'b', false},
    {"date", 1082, 1182, 16, 'D', 'b', false},    {"time", 1083, 1183, 8, 'D', 'b', false},
    {"timestamp", 1114, 1115, 24, 'D', 'b', false}, {"timestamptz", 1184, 1185, 24, 'D', 'b', true},
    {"interval", 1186, 1187, 24, 'T', 'b', true}, {"timetz", 1266, 1270, 16, 'D', 'b', false},
    {"bit", 1560, 1561, -1, 'V', 'b', false},     {"varbit", 1562, 1563, -1, 'V', 'b', true},
    {"numeric", 1700, 1231, -1, 'N', 'b', false}, {"regprocedure", 2202, 2207, 4, 'N', 'b', false},
    {"regclass", 2205, 2210, 4, 'N', 'b', false}, {"regtype", 2206, 2211, 4, 'N', 'b', false},
    {"record", 2249, 2287, 0, 'P', 'p', false},   {"void", 2278, 0, 0, 'P', 'p', false},
    {"anyelement", 2283, 2277, -1, 'P', 'p', false}, {"uuid", 2950, 2951, 16, 'U', 'b', false},
    {"jsonb", 3802, 3807, -1, 'U', 'b', false},   {"regnamespace", 4089, 4090, 4, 'N', 'b', false},
    {"regrole", 4096, 4097, 4, 'N', 'b', false},
};

const char *virtual_type_name(const struct sqltype *t) {
    struct sqltype plain = *t;
    plain.array = false;
    for (size_t i = 0; i < sizeof born / sizeof *born; i++)
        if (born[i].oid == sqltype_oid(&plain))
            return born[i].name;
    return "unknown";
}

struct type_row {
    const char *name, *procs; /* procs: "int8" of int8in; "array_" */
    int64_t oid, schema, element, array, owner;
    int length;
    char category, kind;
    bool preferred, row; /* row: not a table's row type, as far as this version says */
};

static void put_type(struct result *r, const struct type_row *t) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", t->oid);
    vrow_text(&row, "typname", t->name);
    vrow_int(&row, "typnamespace", t->schema);
    if (t->owner)
        vrow_int(&row, "typowner", t->owner);
    vrow_int(&row, "typlen", t->length);
    vrow_bool(&row, "typbyval", t->length > 0 && t->length <= 8);
    vrow_f(&row, "typtype", "%c", t->kind);
    vrow_f(&row, "typcategory", "%c", t->category);
    vrow_bool(&row, "typispreferred", t->preferred);
    vrow_bool(&row, "typisdefined", true);
    vrow_text(&row, "typdelim", ",");
    if (t->row)
        vrow_int(&row, "typrelid", 0);
    vrow_int(&row, "typelem", t->element);
    vrow_int(&row, "typarray", t->array);
    vrow_f(&row, "typinput", "%sin", t->procs);
    vrow_f(&row, "typoutput", "%sout", t->procs);
    vrow_f(&row, "typreceive", "%srecv", t->procs);
    vrow_f(&row, "typsend", "%ssend", t->procs);
    vrow_text(&row, "typmodin", "-");
    vrow_text(&row, "typmodout", "-");
    vrow_text(&row, "typanalyze", "-");
    vrow_bool(&row, "typnotnull", false);
    vrow_int(&row, "typbasetype", 0);
    vrow_int(&row, "typtypmod", -1);
    vrow_int(&row, "typndims", 0);
    vrow_int(&row, "typcollation", t->category == 'S' ? virtual_default_collation() : 0);
    vrow_end(&row);
}

static void put_with_array(struct result *r, const struct type_row *t, int64_t array) {
    char *name = mem_printf("_%s", t->name);
    const struct type_row of = {.name = name, .procs = "array_", .oid = array, .schema = t->schema, .element = t->oid,
        .owner = t->owner, .length = -1, .category = 'A', .kind = 'b', .row = true};
    put_type(r, t);
    if (array)
        put_type(r, &of);
    free(name);
}

static void fill_type(const struct virtual_context *c, struct result *r) {
    enum { OID_BASE = 100000 };
    const struct database_descriptor *db = database_by_name(
        c->descriptors, c->session->database ? c->session->database : "");
    for (size_t i = 0; i < sizeof born / sizeof *born; i++) {
        const struct type_row t = {.name = born[i].name, .procs = born[i].name, .oid = born[i].oid,
            .schema = virtual_schema_oid(c, "pg_catalog"), .array = born[i].array, .length = born[i].length,
            .category = born[i].category, .kind = born[i].kind, .preferred = born[i].preferred, .row = true};
        put_with_array(r, &t, born[i].array);
    }
    for (size_t i = 0; db && i < c->descriptors->types.len; i++) {
        const struct type_descriptor *d = c->descriptors->types.items[i];
        if (d->database != db->id)
            continue;
        /* Old versions tell neither of the array type nor that it is no table's row. */
        const bool new = virtual_new(c);
        const struct type_row t = {.name = d->name, .procs = "enum_", .oid = OID_BASE + d->id, .schema = d->schema,
            .array = new ? OID_BASE + d->id + 1 : 0, .owner = virtual_role_oid(d->owner), .length = -1, .category = 'E',
            .kind = 'e', .row = new};
        put_with_array(r, &t, OID_BASE + d->id + 1);
    }
}

static void fill_members(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < users_member_count(c->users); i++) {
        const struct users_member m = users_member_at(c->users, i);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "roleid", virtual_role_oid(m.role));
        vrow_int(&row, "member", virtual_role_oid(m.member));
        vrow_bool(&row, "admin_option", m.admin_option);
        vrow_end(&row);
    }
}

static void fill_user(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < users_count(c->users); i++) {
        const struct users_role_info u = users_at(c->users, i);
        struct vrow row;
        if (u.is_role)
            continue;
        vrow_begin(&row, r);
        vrow_text(&row, "usename", u.name);
        vrow_int(&row, "usesysid", virtual_role_oid(u.name));
        vrow_bool(&row, "usecreatedb", users_is_admin(c->users, u.name));
        vrow_bool(&row, "usesuper", users_is_admin(c->users, u.name));
        vrow_bool(&row, "userepl", false);
        vrow_bool(&row, "usebypassrls", false);
        vrow_text(&row, "passwd", "********");
        vrow_end(&row);
    }
}

static void fill_am(const struct virtual_context *c, struct result *r) {
    static const struct {
        int64_t oid;
        const char *name;
    } methods[] = {{2631952481, "prefix"}, {4004609370, "inverted"}};
    (void)c;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", methods[i].oid);
        vrow_text(&row, "amname", methods[i].name);
        vrow_text(&row, "amtype", "i");
        vrow_end(&row);
    }
}

int64_t virtual_default_collation(void) { return 3403232968; }

static void fill_collation(const struct virtual_context *c, struct result *r) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", virtual_default_collation());
    vrow_text(&row, "collname", "en-US");
    vrow_int(&row, "collnamespace", virtual_schema_oid(c, "pg_catalog"));
    vrow_int(&row, "collencoding", 6);
    vrow_end(&row);
}

static void fill_tablespace(const struct virtual_context *c, struct result *r) {
    struct vrow row;
    (void)c;
    vrow_begin(&row, r);
    vrow_int(&row, "oid", 0);
    vrow_text(&row, "spcname", "pg_default");
    vrow_end(&row);
}

const struct vtable vtables_types[] = {
    {"pg_catalog", "pg_type",
        "oid:o typname:n typnamespace:o typowner:o typlen:2 typbyval:b typtype:c typcategory:c typispreferred:b "
        "typisdefined:b "
        "typdelim:c typrelid:o typelem:o typarray:o typinput:p typoutput:p typreceive:p typsend:p typmodin:p "
        "typmodout:p "
        "typanalyze:p typalign:c typstorage:c typnotnull:b typbasetype:o typtypmod:4 typndims:4 typcollation:o "
        "typdefaultbin:t "
        "typdefault:t typacl:T",
        "=", NULL, fill_type},
    {"pg_catalog", "pg_auth_members", "roleid:o member:o grantor:o admin_option:b", "=", NULL, fill_members},
    {"pg_catalog", "pg_user",
        "usename:n usesysid:o usecreatedb:b usesuper:b userepl:b usebypassrls:b passwd:t valuntil:m useconfig:T", "=",
        NULL, fill_user},
    {"pg_catalog", "pg_am", "oid:o amname:n amhandler:o amtype:c", "=", NULL, fill_am},
    {"pg_catalog", "pg_collation",
        "oid:o collname:t collnamespace:o collowner:o collencoding:4 collcollate:t collctype:t "
        "collprovider:c collversion:t collisdeterministic:b",
        "=", NULL, fill_collation},
    {"pg_catalog", "pg_tablespace", "oid:o spcname:n spcowner:o spclocation:t spcacl:T spcoptions:T", "=", NULL,
        fill_tablespace},
    {"pg_catalog", "pg_extension",
        "oid:o extname:n extowner:o extnamespace:o extrelocatable:b extversion:t extconfig:t extcondition:t", "=", NULL,
        NULL},
    {"pg_catalog", "pg_inherits", "inhrelid:o inhparent:o inhseqno:4", "=", NULL, NULL},
    {"pg_catalog", "pg_trigger",
        "oid:o tgrelid:o tgname:n tgfoid:o tgtype:2 tgenabled:c tgisinternal:b tgconstrrelid:o tgconstrindid:o "
        "tgconstraint:o tgdeferrable:b tginitdeferred:b tgnargs:2 tgattr:t tgargs:y tgqual:t tgoldtable:n tgnewtable:n "
        "tgparentid:o",
        "=", NULL, NULL},
    {"pg_catalog", "pg_rewrite",
        "oid:o rulename:n ev_class:o ev_type:c ev_enabled:c is_instead:b ev_qual:t ev_action:t", "=", NULL, NULL},
    {"pg_catalog", "pg_description", "objoid:o classoid:o objsubid:4 description:t", "=", NULL, NULL},
    {"pg_catalog", "pg_shdescription", "objoid:o classoid:o description:t", "=", NULL, NULL},
    {"pg_catalog", "pg_depend", "classid:o objid:o objsubid:4 refclassid:o refobjid:o refobjsubid:4 deptype:c", "=",
        NULL, NULL},
    {"pg_catalog", "pg_foreign_table", "ftrelid:o ftserver:o ftoptions:T", "=", NULL, NULL},
    {"pg_catalog", "pg_foreign_server",
        "oid:o srvname:n srvowner:o srvfdw:o srvtype:t srvversion:t srvacl:T srvoptions:T", "=", NULL, NULL},
    {"pg_catalog", "pg_range", "rngtypid:o rngsubtype:o rngcollation:o rngsubopc:o rngcanonical:o rngsubdiff:o", "=",
        NULL, NULL},
    {"pg_catalog", "pg_policy",
        "oid:o polname:n polrelid:o polcmd:c polpermissive:b polroles:O polqual:t polwithcheck:t", "=", NULL, NULL},
    {"pg_catalog", "pg_publication",
        "oid:o pubname:n pubowner:o puballtables:b pubinsert:b pubupdate:b pubdelete:b pubtruncate:b "
        "pubviaroot:b",
        "=", NULL, NULL},
    {"pg_catalog", "pg_publication_rel", "oid:o prpubid:o prrelid:o", "=", NULL, NULL},
    {"pg_catalog", "pg_partitioned_table",
        "partrelid:o partstrat:c partnatts:2 partdefid:o partattrs:t partclass:O partcollation:O "
        "partexprs:t",
        "=", NULL, NULL},
    {"pg_catalog", "pg_statistic_ext",
        "oid:o stxrelid:o stxname:n stxnamespace:o stxowner:o stxstattarget:4 stxkeys:t stxkind:T", "=", NULL, NULL},
    {"pg_catalog", "pg_matviews",
        "schemaname:n matviewname:n matviewowner:n tablespace:n hasindexes:b ispopulated:b definition:t", "=", NULL,
        NULL},
    {"pg_catalog", "pg_event_trigger", "oid:o evtname:n evtevent:n evtowner:o evtfoid:o evtenabled:c evttags:T", "=",
        NULL, NULL},
    {"pg_catalog", "pg_opclass",
        "oid:o opcmethod:o opcname:n opcnamespace:o opcowner:o opcfamily:o opcintype:o opcdefault:b "
        "opckeytype:o",
        "=", NULL, NULL},
    {"pg_catalog", "pg_language",
        "oid:o lanname:n lanowner:o lanispl:b lanpltrusted:b lanplcallfoid:o laninline:o lanvalidator:o "
        "lanacl:T",
        "=", NULL, NULL},
    {"pg_catalog", "pg_cast", "oid:o castsource:o casttarget:o castfunc:o castcontext:c castmethod:c", "=", NULL, NULL},
    {"pg_catalog", "pg_db_role_setting", "setdatabase:o setrole:o setconfig:T", "=", NULL, NULL},
    {"pg_catalog", "pg_foreign_data_wrapper",
        "oid:o fdwname:n fdwowner:o fdwhandler:o fdwvalidator:o fdwacl:T fdwoptions:T", "=", NULL, NULL},
    {"pg_extension", "geography_columns",
        "f_table_catalog:n f_table_schema:n f_table_name:n f_geography_column:n coord_dimension:i "
        "srid:i type:t",
        "=", NULL, NULL},
    {"pg_extension", "geometry_columns",
        "f_table_catalog:n f_table_schema:n f_table_name:n f_geometry_column:n coord_dimension:i "
        "srid:i type:t",
        "=", NULL, NULL},
    {"pg_extension", "spatial_ref_sys", "srid:i auth_name:t auth_srid:i srtext:t proj4text:t", "=", NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
