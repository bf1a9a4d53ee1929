/* sqltype: the types of columns and expressions: one table. */
#include "domicile/sandbox/sqltype.h"

#include "domicile/sandbox/result.h"

#include <string.h>

static const struct {
    enum ast_type_base base;
    uint32_t oid;
    uint32_t array_oid;
    const char *name;   /* SHOW CREATE */
    const char *word;   /* messages */
    const char *pg;
} types[] = {
    {TYPE_BOOL, 16, 1000, "BOOL", "bool", "boolean"},
    {TYPE_INT8, 20, 1016, "INT8", "int", "bigint"},
    {TYPE_INT4, 23, 1007, "INT4", "int4", "integer"},
    {TYPE_INT2, 21, 1005, "INT2", "int2", "smallint"},
    {TYPE_FLOAT8, 701, 1022, "FLOAT8", "float", "double precision"},
    {TYPE_FLOAT4, 700, 1021, "FLOAT4", "float4", "real"},
    {TYPE_DECIMAL, 1700, 1231, "DECIMAL", "decimal", "numeric"},
    {TYPE_STRING, 25, 1009, "STRING", "string", "text"},
    {TYPE_VARCHAR, 1043, 1015, "VARCHAR", "varchar", "character varying"},
    {TYPE_CHAR, 1042, 1014, "CHAR", "char", "character"},
    {TYPE_QCHAR, 18, 1002, "\"char\"", "\"char\"", "\"char\""},
    {TYPE_NAME, 19, 1003, "NAME", "name", "name"},
    {TYPE_BYTES, 17, 1001, "BYTES", "bytes", "bytea"},
    {TYPE_DATE, 1082, 1182, "DATE", "date", "date"},
    {TYPE_TIME, 1083, 1183, "TIME", "time", "time without time zone"},
    {TYPE_TIMESTAMP, 1114, 1115, "TIMESTAMP", "timestamp", "timestamp without time zone"},
    {TYPE_TIMESTAMPTZ, 1184, 1185, "TIMESTAMPTZ", "timestamptz", "timestamp with time zone"},
    {TYPE_INTERVAL, 1186, 1187, "INTERVAL", "interval", "interval"},
    {TYPE_UUID, 2950, 2951, "UUID", "uuid", "uuid"},
    {TYPE_JSONB, 3802, 3807, "JSONB", "jsonb", "jsonb"},
    {TYPE_INET, 869, 1041, "INET", "inet", "inet"},
    {TYPE_OID, 26, 1028, "OID", "oid", "oid"},
    {TYPE_REGCLASS, 2205, 2210, "REGCLASS", "regclass", "regclass"},
    {TYPE_REGTYPE, 2206, 2211, "REGTYPE", "regtype", "regtype"},
    {TYPE_REGPROC, 24, 1008, "REGPROC", "regproc", "regproc"},
    {TYPE_REGNAMESPACE, 4089, 4090, "REGNAMESPACE", "regnamespace", "regnamespace"},
    {TYPE_RECORD, 2249, 2287, "RECORD", "tuple", "record"},
    {TYPE_VOID, 2278, 0, "VOID", "void", "void"},
    {TYPE_UNKNOWN, 25, 1009, "STRING", "unknown", "unknown"},
};
enum { TYPES = sizeof types / sizeof *types };

static size_t row(enum ast_type_base base) {
    for (size_t i = 0; i < TYPES; i++)
        if (types[i].base == base)
            return i;
    return 7;
}

struct sqltype sqltype_of(enum ast_type_base base) {
    return (struct sqltype){.base = base, .width = -1, .scale = -1};
}

struct sqltype sqltype_array_of(enum ast_type_base base) {
    return (struct sqltype){.base = base, .array = true, .width = -1, .scale = -1};
}

/* A user's type has the OID 100000 + its descriptor's id; its array type follows it. */
uint32_t sqltype_oid(const struct sqltype *t) {
    if (t->base == TYPE_USER)
        return (uint32_t)(OID_FIRST_USER + t->user + (t->array ? 1 : 0));
    const size_t i = row(t->base);
    return t->array ? types[i].array_oid : types[i].oid;
}

int32_t sqltype_typmod(const struct sqltype *t) {
    if (t->array)
        return -1;
    if ((t->base == TYPE_VARCHAR || t->base == TYPE_CHAR || t->base == TYPE_STRING) && t->width > 0)
        return t->width + 4;
    if (t->base == TYPE_DECIMAL && t->width > 0)
        return (t->width << 16 | (t->scale > 0 ? t->scale : 0)) + 4;
    return -1;
}

struct sqltype sqltype_from_oid(uint32_t oid) {
    if (oid >= OID_FIRST_USER) {
        struct sqltype t = sqltype_of(TYPE_USER);
        t.user = (int64_t)oid - OID_FIRST_USER;
        return t;
    }
    for (size_t i = 0; i < TYPES; i++)
        if (oid && (types[i].oid == oid || types[i].array_oid == oid)) {
            struct sqltype t = sqltype_of(types[i].base);
            t.array = types[i].array_oid == oid;
            return t;
        }
    return sqltype_of(TYPE_UNKNOWN);
}

void sqltype_print(struct str *out, const struct sqltype *t, const char *user_name) {
    str_add(out, t->base == TYPE_USER && user_name ? user_name : types[row(t->base)].name);
    if (t->base == TYPE_DECIMAL && t->width > 0)
        str_add_f(out, t->scale > 0 ? "(%d,%d)" : "(%d)", t->width, t->scale);
    else if (t->width > 0 && (t->base != TYPE_CHAR || t->width > 1))
        str_add_f(out, "(%d)", t->width);
    str_add(out, t->array ? "[]" : "");
}

const char *sqltype_word(const struct sqltype *t) {
    return types[row(t->base)].word;
}

const char *sqltype_pg_name(const struct sqltype *t) {
    return t->array ? "ARRAY" : t->base == TYPE_USER ? "USER-DEFINED" : types[row(t->base)].pg;
}

bool sqltype_equal(const struct sqltype *a, const struct sqltype *b) {
    return a->base == b->base && a->array == b->array && a->user == b->user;
}

bool sqltype_is_text(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_STRING || t->base == TYPE_VARCHAR || t->base == TYPE_CHAR ||
        t->base == TYPE_NAME || t->base == TYPE_QCHAR);
}

bool sqltype_is_number(const struct sqltype *t) {
    return !t->array && (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8 ||
        t->base == TYPE_FLOAT4 || t->base == TYPE_FLOAT8 || t->base == TYPE_DECIMAL || t->base == TYPE_OID);
}
