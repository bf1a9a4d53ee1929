/* ddl: what the files that change the catalog share. */
#ifndef DOMICILE_SANDBOX_DDL_H
#define DOMICILE_SANDBOX_DDL_H

#include "engine_private.h"

/* An expression as the catalog keeps it: constants annotated with their types. In the arena. */
const char *ddl_annotated(struct translator *tr, struct ast_expr *e, const struct table_descriptor *t,
    struct sqltype type);
/* The transaction changes the table's columns or indexes; a new primary key or locality cannot follow in it (0A000; what:
 * "primary key", "locality"). */
void ddl_mutates(struct translator *tr, const struct table_descriptor *t);
bool ddl_key_may_change(struct translator *tr, const struct table_descriptor *t, const char *what);
/* What the server itself has not implemented: 0A000, with the number of its issue in the hint. False. */
bool ddl_unimplemented(struct translator *tr, int issue, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Drops the triggers of a table; ddl_follow_table makes them again. */
bool ddl_forget_triggers(struct translator *tr, const struct table_descriptor *t);
/* WITH (...), SET (...), RESET (...) of a table; 22023: there is no such parameter. */
bool ddl_set_param(struct translator *tr, struct table_descriptor *t, const struct ast_option *o, bool reset);
/* 26.1 tells of the jobs that a change waits for; either version lists them in SHOW JOBS. */
void ddl_jobs(struct translator *tr, int n, const char *type, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* What happens to a table: each takes a version's schema changer so many steps, and each step makes a version of the
 * descriptor. */
enum ddl_change {
    CHANGE_CREATED,
    CHANGE_REFERS,       /* it got foreign keys as it was created */
    CHANGE_REFERRED,     /* another table refers to it now */
    CHANGE_SETTING,      /* its parameters, its locality without a new primary key */
    CHANGE_COLUMN,       /* a column, or another backfill */
    CHANGE_NOT_NULL,
    CHANGE_PRIMARY_KEY,
};
void ddl_touch(struct translator *tr, struct table_descriptor *t, enum ddl_change change);
/* The right to change a table or a database. */
bool ddl_may_change(struct translator *tr, const struct table_descriptor *t);
bool ddl_may_change_database(struct translator *tr, const struct database_descriptor *db);
/* A locked table refuses what cannot unlock it by itself. */
bool ddl_unlocked(struct translator *tr, const struct table_descriptor *t);
/* Gives a column; its default or computed value is filled in where rows are. */
/* The column families that CREATE TABLE names, and the one of a column added. */
bool ddl_families(struct translator *tr, struct table_descriptor *t, const struct ast_create_table *st);
bool ddl_column_family(struct translator *tr, struct table_descriptor *t, const struct ast_column *c);
bool ddl_add_column(struct translator *tr, struct table_descriptor *t, const struct ast_column *c);
/* A column's new name in the expressions of its table. */
void ddl_rename_in(struct table_descriptor *t, const char *from, const char *to);
/* Whether an index or a constraint of the table has that name. */
bool ddl_name_taken(const struct table_descriptor *t, const char *name);
/* "t_a_b_key": not yet taken in the table. In the arena. */
const char *ddl_free_name(struct translator *tr, const struct table_descriptor *t, const char *columns,
    const char *suffix);
/* The region enum of a database, made when it gets its first region. */
struct type_descriptor *ddl_region_type(struct translator *tr, struct database_descriptor *db);
/* False with the error and the cluster's regions as the hint: no node is in the region. */
bool ddl_known_region(struct translator *tr, const char *region);
/* The super region that a region is in; NULL none. */
const struct super_region *ddl_super_of(const struct database_descriptor *db, const char *region);
/* Whether so many regions can survive the failure of one; false with the error. */
bool ddl_survives_with(struct translator *tr, size_t regions);
/* Whoever changes the regions changes the partitions of tables by row; false with the error. */
bool ddl_may_repartition(struct translator *tr, const struct database_descriptor *db);
/* A table's locality follows from its database's getting or losing its regions. */
void ddl_set_table_locality(struct translator *tr, struct table_descriptor *t, enum table_locality locality);
/* Forms of ALTER DATABASE. */
bool ddl_primary_region(struct translator *tr, struct database_descriptor *db, const char *region);
bool ddl_region_add(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st);
bool ddl_region_drop(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st);
bool ddl_super_region(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st);
bool ddl_secondary_region(struct translator *tr, struct database_descriptor *db, const struct ast_alter_database *st);
/* Whether what the rules derive for the tables of a database can be kept: not more replicas asked for than there are. False
 * with 23514. */
bool ddl_zones_sound(struct translator *tr, const struct database_descriptor *db);
bool ddl_configure_zone(struct translator *tr, const struct ast_configure_zone *st);
/* Whether CONFIGURE ZONE left the object's own fields as the rules derive them, or the session may overwrite them; false
 * with 42P17. kind: "database", "table". */
bool ddl_zone_unmodified(struct translator *tr, const char *kind, const char *name, const struct zone_settings *list,
    const struct zone *derived);
/* The rules derive the object's configuration anew: what CONFIGURE ZONE set of that is gone. */
void ddl_zone_derived(struct zone_settings *list);
/* A new primary index in place of the old one, with or without the region in front. */
void ddl_new_primary(struct translator *tr, struct table_descriptor *t, int region_column);
bool ddl_set_locality_of(struct translator *tr, struct table_descriptor *t, const struct ast_locality *l);

#endif
