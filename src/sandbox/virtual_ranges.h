/* virtual_ranges: what SHOW RANGES and SHOW RANGE ... FOR ROW have in common. */
#ifndef DOMICILE_SANDBOX_VIRTUAL_RANGES_H
#define DOMICILE_SANDBOX_VIRTUAL_RANGES_H

#include "virtual_private.h"

/* A table or an index of one, with its key span: what a row of WITH TABLES or WITH INDEXES is about. */
struct range_object {
    const struct table_descriptor *table;
    const struct system_table *system;    /* instead of table: one of the system database */
    const struct index_descriptor *index; /* NULL: the table */
    struct key start;
    struct key end;
};

struct range_objects {
    VEC(struct range_object);
};

void range_objects_free(struct range_objects *list);
/* index NULL: the whole table. */
struct range_object range_object_of(const struct table_descriptor *t, const struct index_descriptor *ix);
struct range_object range_object_of_system(const struct system_table *t);
/* A table, or each of its indexes. */
void range_objects_add(struct range_objects *out, const struct table_descriptor *t, bool indexes);
/* The system database's tables, as far as the user has a right on them: truth 26.1/7006 names only comments. */
void range_objects_add_system(const struct virtual_context *c, struct range_objects *out);
const char *range_object_name(const struct range_object *o);
bool range_overlaps(const struct world_range *r, const struct key *start, const struct key *end);

/* Cells of a row: the size in MB; the leaseholder; the id and the replicas; what DETAILS adds. */
void range_put_size(struct vrow *row, int64_t size);
void range_put_lease(const struct virtual_context *c, struct vrow *row, const struct world_range *r);
void range_put_replicas(const struct virtual_context *c, struct vrow *row, const struct world_range *r);
void range_put_details(const struct virtual_context *c, struct vrow *row, const struct world_range *r);
/* The key without table and index; NULL when nothing is left, or when it lies outside. */
const char *range_relative_old(struct result *r, const struct key *k);

/* The index of a name, NULL the first; "primary" is the first's other name. NULL with 42704. */
const struct index_descriptor *range_index(const struct table_descriptor *t, const char *name,
    struct result *r);
/* Whether the session may see a table's ranges; false with 42501. */
bool range_may_read(const struct virtual_context *c, const struct table_descriptor *t, struct result *r);

#endif
