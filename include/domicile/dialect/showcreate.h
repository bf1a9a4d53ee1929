/* showcreate: what SHOW CREATE TABLE and SHOW CREATE DATABASE of any version say, as structures. */
#ifndef DOMICILE_DIALECT_SHOWCREATE_H
#define DOMICILE_DIALECT_SHOWCREATE_H

#include "domicile/base/err.h"
#include "domicile/base/vec.h"

#include <stdbool.h>

struct showcreate_column {
    char *name;
    char *type;          /* as printed: VARCHAR(250), public.crdb_internal_region */
    bool not_null;
    bool hidden;         /* NOT VISIBLE */
    char *default_expr;  /* NULL when there is none */
    char *on_update;     /* NULL when there is none */
    char *computed;      /* NULL when the column is not computed; annotations kept */
    bool stored;         /* of a computed one: STORED, not VIRTUAL */
};

struct showcreate_key {
    char *column;        /* or the expression's text in parentheses */
    bool descending;
};

struct showcreate_index {
    char *name;
    bool primary;
    bool unique;
    bool inverted;
    bool hashed;         /* USING HASH */
    VEC_STRUCT(struct showcreate_key) keys; /* without the implicit region column */
    VEC_STRUCT(char *) storing;
    char *predicate;     /* of a partial index; NULL */
};

struct showcreate_foreign_key {
    char *name;
    VEC_STRUCT(char *) columns;
    char *table;         /* referenced, as printed: public.t */
    VEC_STRUCT(char *) references;
};

enum showcreate_locality {
    SHOWCREATE_NONE,     /* a table of a database without regions */
    SHOWCREATE_GLOBAL,
    SHOWCREATE_REGIONAL_TABLE, /* region is "" for the primary region */
    SHOWCREATE_REGIONAL_ROW,   /* column is the region column: crdb_region unless AS names one */
};

struct showcreate_param {
    char *name;
    char *value;
};

struct showcreate_table {
    char *schema;        /* "" when not printed */
    char *name;
    VEC_STRUCT(struct showcreate_column) columns;
    VEC_STRUCT(struct showcreate_index) indexes; /* the primary key first */
    VEC_STRUCT(struct showcreate_foreign_key) foreign_keys;
    VEC_STRUCT(char *) checks;
    VEC_STRUCT(struct showcreate_param) params;  /* WITH (schema_locked = true) */
    enum showcreate_locality locality;
    char *region;        /* of SHOWCREATE_REGIONAL_TABLE */
    char *region_column; /* of SHOWCREATE_REGIONAL_ROW */
};

struct showcreate_database {
    char *name;
    char *primary_region;   /* "" when the database has no regions */
    char *secondary_region; /* "" when there is none */
    VEC_STRUCT(char *) regions;
    bool survives_region;   /* SURVIVE REGION FAILURE */
    bool restricted;        /* PLACEMENT RESTRICTED; absence means DEFAULT */
};

/* Reads what SHOW CREATE TABLE answers on any version (with or without WITH (…), LOCALITY and the semicolon). False with the
 * place and what was expected there in err; t, which must be empty, is then empty. */
bool showcreate_table_parse(struct showcreate_table *t, const char *text, struct err *err);
void showcreate_table_free(struct showcreate_table *t);
/* The value of a storage parameter; NULL when it is not set. */
const char *showcreate_table_param(const struct showcreate_table *t, const char *name);
bool showcreate_database_parse(struct showcreate_database *d, const char *text, struct err *err);
void showcreate_database_free(struct showcreate_database *d);

#endif
