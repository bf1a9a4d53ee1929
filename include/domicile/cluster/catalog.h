/* catalog: databases, tables, indexes, partitions and columns as the server describes them. */
#ifndef DOMICILE_CLUSTER_CATALOG_H
#define DOMICILE_CLUSTER_CATALOG_H

#include "domicile/base/str.h"
#include "domicile/cluster/key.h"
#include "domicile/dialect/zone.h"

#include <stdbool.h>
#include <stdint.h>

enum survival { SURVIVAL_UNKNOWN, SURVIVAL_ZONE, SURVIVAL_REGION };
enum placement { PLACEMENT_UNKNOWN, PLACEMENT_DEFAULT, PLACEMENT_RESTRICTED };
/* Whether the user may alter an object: owner, admin, or CREATE on it. */
enum right { RIGHT_UNKNOWN, RIGHT_NO, RIGHT_YES };
enum table_locality {
    TABLE_LOCALITY_NONE, /* the database has no regions: no rule */
    TABLE_LOCALITY_GLOBAL,
    TABLE_LOCALITY_BY_TABLE, /* home NULL: in the primary region */
    TABLE_LOCALITY_BY_ROW,
};

struct super_region {
    char *name;
    VEC_STRUCT(char *) regions;
};

/* A region of the database with the bytes that stand for it in keys. */
struct db_region {
    char *name;
    struct key physical;  /* len 0: not learnt */
    bool physical_guess;  /* computed, not read: never the basis of a green verdict */
};

struct database {
    int64_t id; /* 0 unknown */
    char *name;
    char *primary_region;   /* NULL: no regions */
    char *secondary_region; /* NULL: none */
    enum survival survival;
    enum placement placement;
    VEC_STRUCT(struct db_region) regions; /* sorted by name */
    VEC_STRUCT(struct super_region) super_regions;
    struct zone zone;   /* full (inherited) zone configuration; set = 0 when not readable */
    char *zone_target;  /* who supplied it: "DATABASE django" */
    enum right may_alter; /* its regions, survival goal and placement */
};

struct column {
    int id;
    char *name;
    char *type;         /* SQL type as the server names it */
    enum key_type key_type;
    bool nullable;
    bool hidden;        /* NOT VISIBLE */
    bool has_default;
    char *default_expr; /* NULL none */
    char *computed;     /* expression of a computed column; NULL none */
    VEC_STRUCT(char *) values; /* known values of an enum column */
};

struct index_column {
    char *name;
    bool descending;
    bool implicit; /* the region column in front */
};

/* One region's part of an index of a REGIONAL BY ROW table. */
struct partition {
    char *region;
    int subzone_id; /* 0 unknown */
    struct zone zone; /* full; set = 0 when not readable */
    char *zone_target;
};

struct index {
    int64_t id;
    char *name;
    bool primary;
    bool unique;
    bool opaque; /* inverted or hash-sharded: what its keys begin with after the region is not a column's value, so that
                  * no row's key can be encoded. Its rows count all the same */
    VEC_STRUCT(struct index_column) columns; /* key columns in order, the implicit one first */
    VEC_STRUCT(struct partition) partitions; /* empty unless REGIONAL BY ROW */
    struct zone zone; /* its own, full (ALTER INDEX ... CONFIGURE ZONE); set = 0: it has none, the table's governs it */
    char *zone_target;
    bool zones_unplaced; /* a partition of it that is no region's (PARTITION BY) has a configuration: which of its keys
                          * that governs is not known */
};

struct table {
    int64_t id; /* 0 unknown */
    char *schema;
    char *name;
    char *qualified; /* "schema.name" where several schemas have a table of this name (catalog_qualify); NULL */
    enum table_locality locality;
    char *home;          /* BY TABLE IN a named region; NULL primary or not by table */
    char *region_column; /* BY ROW: "crdb_region" or the column of AS; NULL otherwise */
    char *locality_text; /* as the server says it */
    int64_t estimated_rows; /* -1 unknown */
    bool schema_locked;
    VEC_STRUCT(struct column) columns;
    VEC_STRUCT(struct index) indexes; /* the primary first */
    struct zone zone; /* full; set = 0 when not readable */
    char *zone_target;
    bool zones_unplaced; /* an index that was not read has a configuration: which keys that governs is not known */
    char *create_statement; /* SHOW CREATE TABLE; NULL not read */
    enum right may_alter; /* its locality */
};

/* One database's tables, sorted by schema and name. */
struct catalog {
    struct database database;
    VEC_STRUCT(struct table) tables;
};

/* Free what each owns (names, regions, indexes, columns, zones), not the structure itself, which is empty afterwards. */
void catalog_free(struct catalog *c);
void database_free(struct database *d);
void table_free(struct table *t);
/* By "name" or "schema.name". NULL when not there, or when several tables are meant: none is taken for another.
 * Owned by the catalog. */
const struct table *catalog_table(const struct catalog *c, const char *name);
/* The tables that name may mean, as "schema.name, schema.name", into out; how many. */
size_t catalog_candidates(const struct catalog *c, const char *name, struct str *out);
/* By schema and name apart. NULL when not there. */
const struct table *catalog_table_in(const struct catalog *c, const char *schema, const char *name);
/* Fills in what qualifies each table, once all are there. */
void catalog_qualify(struct catalog *c);
/* The name to show, which catalog_table finds again: bare where one schema has it. Owned by the table. */
const char *table_shown(const struct table *t);
const struct table *catalog_table_by_id(const struct catalog *c, int64_t id);
const struct index *table_index(const struct table *t, int64_t id);
const struct index *table_primary(const struct table *t);
const struct column *table_column(const struct table *t, const char *name);
const struct db_region *database_region(const struct database *d, const char *name);
/* The region whose physical bytes these are; NULL unknown. */
const struct db_region *database_region_of_bytes(const struct database *d, const struct key *bytes);
const struct super_region *database_super_region_of(const struct database *d, const char *region);
/* Parses "REGIONAL BY ROW AS region", "GLOBAL", "REGIONAL BY TABLE IN \"x\"", …; fills locality, home,
 * region_column and locality_text. NULL text: TABLE_LOCALITY_NONE. */
bool table_set_locality(struct table *t, const char *text, struct err *err);
/* The configuration that governs the index where none of its partitions' does: its own or the table's. NULL: not
 * known. */
const struct zone *index_zone(const struct table *t, const struct index *ix);
/* Home region of a table that has one: its own, or the primary; NULL for GLOBAL, BY ROW and none. */
const char *table_home(const struct table *t, const struct database *d);

#endif
