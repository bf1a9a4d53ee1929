/* What the files of the virtual tables and SHOW statements share. */
#ifndef SANDBOX_VIRTUAL_PRIVATE_H
#define SANDBOX_VIRTUAL_PRIVATE_H

#include "domicile/base/str.h"
#include "domicile/sandbox/virtual.h"

enum { VROW_CELLS = 64, COMPAT_NEW = 2301 };

/* A row being filled by column names: what this version's table does not have is passed over, what is not set is NULL. */
struct vrow {
    struct result *r;
    const char *cells[VROW_CELLS];
};
void vrow_begin(struct vrow *row, struct result *r);
/* text lives until vrow_end; NULL is SQL's NULL. */
void vrow_text(struct vrow *row, const char *column, const char *text);
void vrow_int(struct vrow *row, const char *column, int64_t v);
void vrow_bool(struct vrow *row, const char *column, bool v);
void vrow_f(struct vrow *row, const char *column, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* µs since 1970; 0 is NULL. zone: a TIMESTAMPTZ ("+00"). */
void vrow_time(struct vrow *row, const char *column, int64_t wall, bool zone);
void vrow_end(struct vrow *row);

/* Adds columns from "name:type name:type"; types: i INT8, t STRING, b BOOL, y BYTES, I INT8[], T STRING[], m TIMESTAMP,
 * z TIMESTAMPTZ, d DECIMAL, D DECIMAL(18,15), j JSONB, n NAME, o OID, v INTERVAL, f FLOAT8, u UUID, r REGCLASS, 2 INT2, 4 INT4, O OID[], p REGPROC. */
void virtual_columns(struct result *r, const char *spec);

/* One table of a schema. */
struct vtable {
    const char *schema;
    const char *name;
    const char *columns_old; /* NULL: not there in 22.1 */
    const char *columns_new; /* NULL: not there in 26.1; "=": as in 22.1 */
    /* Who may read it; false with the error. NULL: everybody. */
    bool (*check)(const struct virtual_context *c, const char *name, struct result *r);
    void (*fill)(const struct virtual_context *c, struct result *r); /* NULL: no rows */
};
/* Tables by file, each ended by an empty row. */
extern const struct vtable vtables_cluster[];
extern const struct vtable vtables_catalog[];
extern const struct vtable vtables_system[];
extern const struct vtable vtables_pg[];
extern const struct vtable vtables_types[];
extern const struct vtable vtables_constraints[];
/* Oids: of a role by its name, of a schema of virtual tables, of the one collation, of a table's index by its name. */
int64_t virtual_role_oid(const char *name);
int64_t virtual_schema_oid(const struct virtual_context *c, const char *name);
int64_t virtual_default_collation(void);
/* pg_type's name of a type that the server was born with, of an array that of its elements. */
const char *virtual_type_name(const struct sqltype *t);
/* Of a virtual table that clients refer to (schema NULL: any); 0: none. And its name; NULL: none. */
int64_t virtual_class_oid(int compat, const char *schema, const char *name);
const char *virtual_class_name(int compat, int64_t oid);
int64_t virtual_index_oid(const struct table_descriptor *t, const char *index);
/* What pg_get_indexdef tells of an index, or of its column-th (0: the whole); in the arena; NULL: there is none. */
const char *virtual_index_definition(struct arena *a, const struct descriptors *d, int64_t oid, int column);
/* Rows of information_schema.table_privileges. */
void virtual_fill_table_privileges(const struct virtual_context *c, struct result *r);
/* What pg_get_constraintdef tells of a constraint; in the arena; NULL: there is none. */
const char *virtual_constraint_definition(struct arena *a, const struct descriptors *d, int64_t oid);

static inline bool virtual_new(const struct virtual_context *c) { return c->session->compat >= COMPAT_NEW; }

/* "{1,2,3}" of the replicas of some kinds (bits 1 << kind), in the descriptor's order or sorted; in r's arena. */
const char *virtual_replicas(struct result *r, const struct world_range *range, unsigned kinds, bool sorted);
/* Localities aligned with the sorted voters and non-voters. */
const char *virtual_localities(struct result *r, const struct world *w, const struct world_range *range);
/* "\xf28a…" in r's arena. */
const char *virtual_key_hex(struct result *r, const struct key *k);
/* The pretty text, as /Table/106/2/"@"; in r's arena. */
const char *virtual_key_text(struct result *r, const struct key *k);
/* An array as PostgreSQL's text has it: elements quoted where needed. */
void virtual_add_element(struct str *out, const char *element);

/* The database that a SHOW is about (NULL name: the session's); NULL with 3D000 in r. */
const struct database_descriptor *virtual_database(const struct virtual_context *c, const char *name, struct result *r);
/* The table of a name; NULL with 42P01. */
const struct table_descriptor *virtual_find_table(
    const struct virtual_context *c, const struct ast_name *name, struct result *r);
/* "REGIONAL BY ROW AS region"; NULL in a database without regions. In r's arena. */
const char *virtual_locality_text(struct result *r, const struct virtual_context *c, const struct table_descriptor *t);
/* The table that a target names, by itself or by an index alone. NULL with the error in r. */
const struct table_descriptor *virtual_target_table(const struct virtual_context *c, const struct ast_target *target,
    struct result *r);
struct system_table;
/* Whether a target is the system database, in words or as the session's own; the table of it that a target names in full,
 * or NULL. Neither has a descriptor. */
bool virtual_system_database(const struct virtual_context *c, const struct ast_target *target);
const struct system_table *virtual_system_target(const struct virtual_context *c, const struct ast_target *target);
const char *virtual_schema_name(const struct virtual_context *c, const struct table_descriptor *t);
/* Regions in alphabetical order; the caller frees the array. */
size_t virtual_sorted_regions(const struct database_descriptor *db, const char ***names);
/* The label of a region in the enum; NULL none. */
const struct enum_label *virtual_region_label(
    const struct descriptors *d, const struct database_descriptor *db, const char *region);
/* Zones of nodes in a region, "{1,2,3}"; in r's arena. */
const char *virtual_region_zones(struct result *r, const struct world *w, const char *region);

/* "21.2-62": the cluster's active version. */
const char *virtual_node_version(const struct virtual_context *c);

/* virtual_create.c: other forms of a CREATE TABLE. */
enum create_form { CREATE_PLAIN, CREATE_WITHOUT_FOREIGN_KEYS, CREATE_REDACTABLE /* constants between ‹ and › */ };
/* Appends ";\nALTER ... CONFIGURE ZONE ..." for what was configured by hand of a table, its indexes and their partitions. */
void virtual_create_zones(struct str *out, const struct descriptors *d, const struct table_descriptor *t);
void virtual_create_table_as(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    enum create_form form);
/* "CREATE UNIQUE INDEX i ON public.t (a ASC)" */
void virtual_create_index(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix);
/* "ALTER TABLE public.t ADD CONSTRAINT …", or "… VALIDATE CONSTRAINT …". */
void virtual_alter_foreign_key(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct foreign_key *fk, bool validate);

/* virtual_ranges.c */
bool virtual_show_ranges(const struct virtual_context *c, const struct ast_show *st, struct result *r);
/* 26.1 asks for the leaseholders of what is shown alone: whether one of those has no quorum. */
bool virtual_ranges_hang(const struct virtual_context *c, const struct ast_show *st);
bool virtual_show_range_for_row(const struct virtual_context *c, const struct ast_show *st, struct result *r);
/* virtual_grants.c */
bool virtual_show_grants(const struct virtual_context *c, const struct ast_show *st, struct result *r);
bool virtual_show_system_grants(const struct virtual_context *c, const struct ast_show *st, struct result *r);
/* virtual_zones.c */
bool virtual_show_zone(const struct virtual_context *c, const struct ast_show *st, struct result *r);
bool virtual_show_partitions(const struct virtual_context *c, const struct ast_show *st, struct result *r);
void virtual_fill_zones(const struct virtual_context *c, struct result *r);
/* RANGE default as this version has it. */
void virtual_default_zone(struct zone *z, int compat);

/* Whether the session's user has any right on a table. */
bool virtual_may_see(const struct virtual_context *c, const struct table_descriptor *t);

#endif
