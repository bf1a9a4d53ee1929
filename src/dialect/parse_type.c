/* parse_type: names of types, with the aliases that CockroachDB folds into one. */
#include "parse.h"

enum modifiers { NO_WIDTH, WIDTH, WIDTH_AND_SCALE };

/* A type by each of its names; canonical is what SHOW CREATE prints. */
static const struct type_name {
    const char *name;
    enum ast_type_base base;
    const char *canonical;
    enum modifiers modifiers;
} type_names[] = {
    {"bool", TYPE_BOOL, "BOOL", NO_WIDTH},
    {"boolean", TYPE_BOOL, "BOOL", NO_WIDTH},
    {"int", TYPE_INT8, "INT8", NO_WIDTH},
    {"integer", TYPE_INT8, "INT8", NO_WIDTH},
    {"int8", TYPE_INT8, "INT8", NO_WIDTH},
    {"int64", TYPE_INT8, "INT8", NO_WIDTH},
    {"bigint", TYPE_INT8, "INT8", NO_WIDTH},
    {"int4", TYPE_INT4, "INT4", NO_WIDTH},
    {"int2", TYPE_INT2, "INT2", NO_WIDTH},
    {"smallint", TYPE_INT2, "INT2", NO_WIDTH},
    {"serial", TYPE_INT8, "INT8", NO_WIDTH},
    {"serial8", TYPE_INT8, "INT8", NO_WIDTH},
    {"bigserial", TYPE_INT8, "INT8", NO_WIDTH},
    {"serial4", TYPE_INT4, "INT4", NO_WIDTH},
    {"serial2", TYPE_INT2, "INT2", NO_WIDTH},
    {"smallserial", TYPE_INT2, "INT2", NO_WIDTH},
    {"float", TYPE_FLOAT8, "FLOAT8", WIDTH},
    {"float8", TYPE_FLOAT8, "FLOAT8", NO_WIDTH},
    {"float4", TYPE_FLOAT4, "FLOAT4", NO_WIDTH},
    {"real", TYPE_FLOAT4, "FLOAT4", NO_WIDTH},
    {"decimal", TYPE_DECIMAL, "DECIMAL", WIDTH_AND_SCALE},
    {"dec", TYPE_DECIMAL, "DECIMAL", WIDTH_AND_SCALE},
    {"numeric", TYPE_DECIMAL, "DECIMAL", WIDTH_AND_SCALE},
    {"string", TYPE_STRING, "STRING", WIDTH},
    {"text", TYPE_STRING, "STRING", WIDTH},
    {"varchar", TYPE_VARCHAR, "VARCHAR", WIDTH},
    {"char", TYPE_CHAR, "CHAR", WIDTH},
    {"character", TYPE_CHAR, "CHAR", WIDTH},
    {"bpchar", TYPE_CHAR, "CHAR", NO_WIDTH},
    {"name", TYPE_NAME, "NAME", NO_WIDTH},
    {"bytes", TYPE_BYTES, "BYTES", NO_WIDTH},
    {"bytea", TYPE_BYTES, "BYTES", NO_WIDTH},
    {"blob", TYPE_BYTES, "BYTES", NO_WIDTH},
    {"date", TYPE_DATE, "DATE", NO_WIDTH},
    {"time", TYPE_TIME, "TIME", WIDTH},
    {"timetz", TYPE_TIMETZ, "TIMETZ", WIDTH},
    {"timestamp", TYPE_TIMESTAMP, "TIMESTAMP", WIDTH},
    {"timestamptz", TYPE_TIMESTAMPTZ, "TIMESTAMPTZ", WIDTH},
    {"interval", TYPE_INTERVAL, "INTERVAL", WIDTH},
    {"uuid", TYPE_UUID, "UUID", NO_WIDTH},
    {"json", TYPE_JSONB, "JSONB", NO_WIDTH},
    {"jsonb", TYPE_JSONB, "JSONB", NO_WIDTH},
    {"inet", TYPE_INET, "INET", NO_WIDTH},
    {"bit", TYPE_BIT, "BIT", WIDTH},
    {"varbit", TYPE_VARBIT, "VARBIT", WIDTH},
    {"oid", TYPE_OID, "OID", NO_WIDTH},
    {"regclass", TYPE_REGCLASS, "REGCLASS", NO_WIDTH},
    {"regtype", TYPE_REGTYPE, "REGTYPE", NO_WIDTH},
    {"regproc", TYPE_REGPROC, "REGPROC", NO_WIDTH},
    {"regprocedure", TYPE_REGPROCEDURE, "REGPROCEDURE", NO_WIDTH},
    {"regnamespace", TYPE_REGNAMESPACE, "REGNAMESPACE", NO_WIDTH},
    {"regrole", TYPE_REGROLE, "REGROLE", NO_WIDTH},
    {"oidvector", TYPE_OIDVECTOR, "OIDVECTOR", NO_WIDTH},
    {"int2vector", TYPE_INT2VECTOR, "INT2VECTOR", NO_WIDTH},
    {"geometry", TYPE_GEOMETRY, "GEOMETRY", NO_WIDTH},
    {"geography", TYPE_GEOGRAPHY, "GEOGRAPHY", NO_WIDTH},
    {"record", TYPE_RECORD, "RECORD", NO_WIDTH},
    {"void", TYPE_VOID, "VOID", NO_WIDTH},
    {"anyelement", TYPE_ANYELEMENT, "ANYELEMENT", NO_WIDTH},
    {"unknown", TYPE_UNKNOWN, "UNKNOWN", NO_WIDTH},
    {"tsvector", TYPE_TSVECTOR, "TSVECTOR", NO_WIDTH},
    {"tsquery", TYPE_TSQUERY, "TSQUERY", NO_WIDTH},
};

static const struct type_name *find_type(const char *name) {
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcmp(type_names[i].name, name) == 0)
            return &type_names[i];
    return NULL;
}

static void become(struct ast_type *t, const char *name) {
    const struct type_name *row = find_type(name);
    t->base = row->base;
    t->name = row->canonical;
    t->serial = strstr(name, "serial") != NULL;
}

static bool width(struct parser *p, int *n) {
    long long value;
    if (!parse_integer(p, &value))
        return false;
    *n = (int)value;
    return (value >= 0 && value < 1 << 30) || parse_fail_because(p, "length out of range");
}

static bool modifiers(struct parser *p, struct ast_type *t, enum modifiers allowed) {
    if (allowed == NO_WIDTH || !parse_take_op(p, "("))
        return true;
    if (!width(p, &t->width))
        return false;
    if (allowed == WIDTH_AND_SCALE && parse_take_op(p, ",") && !width(p, &t->scale))
        return false;
    return parse_expect_op(p, ")");
}

/* TIME and TIMESTAMP [WITH|WITHOUT TIME ZONE] */
static void time_zone(struct parser *p, struct ast_type *t) {
    if (t->base != TYPE_TIME && t->base != TYPE_TIMESTAMP)
        return;
    if (parse_take_all(p, "with", "time", "zone"))
        become(t, t->base == TYPE_TIME ? "timetz" : "timestamptz");
    else
        parse_take_all(p, "without", "time", "zone");
}

/* What precedes the width: DOUBLE PRECISION, CHARACTER VARYING, BIT VARYING. */
static void two_words(struct parser *p, struct ast_type *t) {
    if (t->base == TYPE_CHAR && parse_take(p, "varying"))
        become(t, "varchar");
    else if (t->base == TYPE_BIT && parse_take(p, "varying"))
        become(t, "varbit");
}

static const char *const interval_words[] = {"year", "month", "day", "hour", "minute", "second", "to", NULL};

const char *parse_interval_fields(struct parser *p) {
    const char *last = NULL;
    for (int i = 0; interval_words[i]; i++)
        if (parse_take(p, interval_words[i])) {
            last = interval_words[i];
            i = -1;
        }
    return last;
}

/* GEOMETRY(POINT, 4326): the shape is not kept. */
static bool shape(struct parser *p, struct ast_type *t) {
    const char *name;
    long long srid;
    if ((t->base != TYPE_GEOMETRY && t->base != TYPE_GEOGRAPHY) || !parse_take_op(p, "("))
        return true;
    return parse_any_name(p, &name) && (!parse_take_op(p, ",") || parse_integer(p, &srid))
        && parse_expect_op(p, ")");
}

static bool built_in(struct parser *p, struct ast_type *t, const struct type_name *row) {
    parse_advance(p);
    become(t, row->name);
    two_words(p, t);
    if (!modifiers(p, t, find_type(row->name)->modifiers) || !shape(p, t))
        return false;
    time_zone(p, t);
    if (t->base == TYPE_INTERVAL)
        parse_interval_fields(p);
    if (t->base == TYPE_FLOAT8 && t->width > 0 && t->width <= 24)
        become(t, "float4");
    if (t->base == TYPE_FLOAT8 || t->base == TYPE_FLOAT4)
        t->width = -1;
    return true;
}

/* pg_catalog.int4 is int4; any other qualified name is the user's. */
static bool named(struct parser *p, struct ast_type *t) {
    bool quoted = p->tok.kind == TOKEN_NAME && p->tok.len != p->tok.end - p->tok.begin;
    if (!parse_object(p, &t->user))
        return false;
    const char *last = t->user.part[t->user.n - 1];
    const struct type_name *row = find_type(last);
    bool system = t->user.n == 2 && strcmp(t->user.part[0], "pg_catalog") == 0;
    if (quoted && t->user.n == 1 && strcmp(last, "char") == 0) {
        t->base = TYPE_QCHAR;
        t->name = "\"char\"";
    } else if (row && (system || t->user.n == 1)) {
        become(t, last);
        t->user.n = 0;
        return modifiers(p, t, row->modifiers);
    }
    return true;
}

static bool suffixes(struct parser *p, struct ast_type *t) {
    if (parse_take(p, "collate") && !parse_any_name(p, &t->collate))
        return false;
    if (parse_take(p, "array"))
        t->array = true;
    while (parse_take_op(p, "[")) {
        long long ignored;
        t->array = true;
        if (p->tok.kind == TOKEN_INTEGER && !parse_integer(p, &ignored))
            return false;
        if (!parse_expect_op(p, "]"))
            return false;
    }
    return true;
}

struct ast_type *parse_type(struct parser *p) {
    struct ast_type *t = parse_new(p, struct ast_type);
    t->pos = p->tok.begin;
    t->width = t->scale = -1;
    bool bare = token_is_word(&p->tok, p->tok.text) && !token_is_op(parse_peek(p, 1), ".");
    const struct type_name *row = bare ? find_type(p->tok.text) : NULL;
    bool done;
    if (parse_take_all(p, "double", "precision")) {
        become(t, "float8");
        done = true;
    } else {
        const bool vector = bare && p->version >= 2402 && parse_at(p, "vector");
        done = row ? built_in(p, t, row) : named(p, t) && (!vector || modifiers(p, t, WIDTH));
    }
    return done && suffixes(p, t) ? t : NULL;
}

bool parse_at_typed_literal(struct parser *p) {
    const struct token *next = parse_peek(p, 1);
    const struct token *third = parse_peek(p, 2);
    bool name = token_is_name(&p->tok) || token_is_function_name(&p->tok);
    if (name && next->kind == TOKEN_STRING)
        return true;
    if (parse_at2(p, "double", "precision"))
        return third->kind == TOKEN_STRING;
    const struct type_name *row = token_is_word(&p->tok, p->tok.text) ? find_type(p->tok.text) : NULL;
    if (!row || !name)
        return false;
    if (token_is_word(next, "with") || token_is_word(next, "without"))
        return token_is_word(third, "time");
    if (token_is_word(next, "varying"))
        return true;
    return token_is_op(next, "(") && row->modifiers != NO_WIDTH && p->tok.kind == TOKEN_KEYWORD
        && p->tok.keyword->class == KEYWORD_COLUMN;
}
