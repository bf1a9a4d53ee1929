/* descriptor: databases, schemas, tables, types: what the sandbox's catalog knows of them. Rows are
 * elsewhere. Ids are given out as the real server does, so that keys read alike. */
#ifndef DOMICILE_SANDBOX_DESCRIPTOR_H
#define DOMICILE_SANDBOX_DESCRIPTOR_H

#include "domicile/base/err.h"
#include "domicile/base/vec.h"
#include "domicile/cluster/catalog.h"
#include "domicile/sandbox/sqltype.h"
#include "domicile/sandbox/zonesetting.h"

#include <stdbool.h>
#include <stdint.h>

/* One member of an enum, with the bytes that stand for it in keys. */
struct enum_label {
    char *name;
    struct key physical;
};

/* An enum type; the region enum of a multi-region database is one. Its array type has the id + 1. */
struct type_descriptor {
    int64_t id;
    int64_t database;
    int64_t schema;
    char *name;
    char *owner;
    bool regions; /* crdb_internal_region: made and changed by ALTER DATABASE alone */
    VEC_STRUCT(struct enum_label) labels; /* in the order of their bytes */
};

struct schema_descriptor {
    int64_t id;
    char *name;
    char *owner;
};

struct database_descriptor {
    int64_t id;
    char *name;
    char *owner;
    VEC_STRUCT(struct schema_descriptor) schemas; /* public first */
    char *primary_region;   /* NULL: no regions */
    char *secondary_region; /* NULL */
    int64_t region_type;    /* 0: none */
    bool survive_region;
    bool restricted;
    VEC_STRUCT(char *) regions; /* in the order added; the primary first */
    VEC_STRUCT(struct super_region) super_regions;
    struct zone_settings zones;
};

/* GENERATED ... AS IDENTITY: whether its sequence alone gives its values. */
enum column_identity { IDENTITY_NONE, IDENTITY_ALWAYS, IDENTITY_BY_DEFAULT };

struct column_descriptor {
    int id;
    char *name;
    struct sqltype type;
    bool nullable;
    bool hidden;
    bool computed_stored;
    char *computed;      /* expression as typed; NULL none */
    char *default_expr;  /* expression as typed; NULL none */
    char *on_update;     /* NULL none */
    enum column_identity identity;
    char *family;        /* NULL where the table names none */
    int family_id;
};

struct index_key {
    int column;          /* id */
    bool descending;
    bool implicit;       /* the region column before the others */
};

struct index_descriptor {
    int id;
    char *name;
    bool unique;
    bool explicit;       /* made by CREATE INDEX: what is unique is not a constraint's then */
    bool inverted;
    char *where;         /* of a partial index: its condition as typed; NULL: of all rows */
    int64_t created;     /* µs since 1970; 0: not told yet */
    VEC_STRUCT(struct index_key) keys;
    VEC_STRUCT(int) storing; /* column ids */
};

struct foreign_key {
    char *name;
    VEC_STRUCT(int) columns;       /* ids here */
    int64_t table;                 /* referenced */
    VEC_STRUCT(int) references;    /* ids there */
    int on_delete, on_update;      /* of enum ast_fk_action */
};

struct check_descriptor {
    char *name;
    char *expr;
};

/* What a sequence gives out. */
struct sequence_numbers {
    int64_t increment, minimum, maximum, start;
    int64_t value; /* the last that was given out; the next one, unless called */
    bool called;
};

struct table_descriptor {
    int64_t id;
    int64_t database;
    int64_t schema;
    char *name;
    char *owner;
    char *view;           /* the query of a view; NULL for a table */
    bool sequence;
    struct sequence_numbers numbers; /* of a sequence */
    bool has_key;         /* a primary key was given: no hidden rowid */
    bool schema_locked;
    enum table_locality locality;
    char *home;           /* BY TABLE IN a named region; NULL primary */
    int region_column;    /* BY ROW: column id */
    bool region_as;       /* BY ROW AS a column of the user's */
    int next_column;
    int next_index;
    int version;          /* rises with each step of a schema change */
    int64_t modified;     /* µs since 1970, of the version */
    VEC_STRUCT(struct column_descriptor) columns;
    VEC_STRUCT(struct index_descriptor) indexes; /* the primary first */
    VEC_STRUCT(struct foreign_key) foreign_keys;
    VEC_STRUCT(struct check_descriptor) checks;
    struct zone_settings zones; /* of the table, its indexes and their partitions */
};

/* The whole catalog. */
struct descriptors {
    int compat;
    int64_t next_id;
    uint64_t changes;     /* rises with each change */
    VEC_STRUCT(struct database_descriptor *) databases;
    VEC_STRUCT(struct table_descriptor *) tables;
    VEC_STRUCT(struct type_descriptor *) types;
    struct zone_settings zones; /* of RANGE default */
};

/* Holds system, defaultdb and postgres. */
struct descriptors *descriptors_new(int compat);
void descriptors_free(struct descriptors *d);
int64_t descriptors_next_id(struct descriptors *d);
/* As text and back: kept between runs, and put back when a transaction is rolled back. */
void descriptors_print(const struct descriptors *d, struct str *out);
struct descriptors *descriptors_read(int compat, const char *text, struct err *err);

/* NULL when there is none. */
struct database_descriptor *database_by_name(const struct descriptors *d, const char *name);
struct database_descriptor *database_by_id(const struct descriptors *d, int64_t id);
struct schema_descriptor *schema_by_name(const struct database_descriptor *db, const char *name);
struct schema_descriptor *schema_by_id(const struct database_descriptor *db, int64_t id);
struct table_descriptor *table_by_id(const struct descriptors *d, int64_t id);
struct table_descriptor *table_by_name(const struct descriptors *d, int64_t database, int64_t schema,
    const char *name);
struct type_descriptor *type_by_id(const struct descriptors *d, int64_t id);
struct type_descriptor *type_by_name(const struct descriptors *d, int64_t database, const char *name);
struct column_descriptor *column_by_name(const struct table_descriptor *t, const char *name);
struct column_descriptor *column_by_id(const struct table_descriptor *t, int id);
struct index_descriptor *index_by_name(const struct table_descriptor *t, const char *name);
bool database_has_region(const struct database_descriptor *db, const char *region);

/* Add and remove what CREATE and DROP do. A new one gets the next id of its kind (never one that was used) and belongs to d; a
 * pointer to another of the same kind may move when one is added. Removing what is not there does nothing. */
struct database_descriptor *database_add(struct descriptors *d, const char *name, const char *owner);
void database_remove(struct descriptors *d, int64_t id);
struct table_descriptor *table_add(struct descriptors *d, int64_t database, int64_t schema, const char *name,
    const char *owner);
void table_remove(struct descriptors *d, int64_t id);
struct type_descriptor *type_add(struct descriptors *d, int64_t database, int64_t schema, const char *name,
    const char *owner);
void type_remove(struct descriptors *d, int64_t id);
struct column_descriptor *column_add(struct table_descriptor *t, const char *name, struct sqltype type);
struct index_descriptor *index_add(struct table_descriptor *t, const char *name, bool unique);
void index_remove(struct table_descriptor *t, int id);
/* Adds a label in alphabetical order (regions are), with bytes between its neighbours'. */
void type_add_label_sorted(struct type_descriptor *type, const char *name);
/* Gives a type without labels all of them at once: in alphabetical order, with bytes evenly apart. */
void type_set_labels(struct type_descriptor *type, const char *const *names, size_t n);
void type_add_label(struct type_descriptor *type, const char *name);
void type_remove_label(struct type_descriptor *type, const char *name);

/* The database as the placement rules look at it. Caller frees with database_free. */
void database_for_rules(struct database *out, const struct descriptors *d, const struct database_descriptor *db);
/* "public.crdb_internal_region"; the caller frees. */
char *type_full_name(const struct descriptors *d, const struct type_descriptor *t);

#endif
