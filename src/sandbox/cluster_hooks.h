/* cluster_hooks: what the SQL engine asks of the simulated cluster. */
#ifndef DOMICILE_SANDBOX_CLUSTER_HOOKS_H
#define DOMICILE_SANDBOX_CLUSTER_HOOKS_H

#include "domicile/cluster/key.h"
#include "domicile/sandbox/descriptor.h"
#include "domicile/sandbox/engine.h"

/* One column's value appended to a key; an enum's label becomes its bytes. err.kind ERR_USAGE: no such label. */
bool hook_add_key_value(struct key *k, const struct descriptors *d, const struct column_descriptor *c,
    const char *text, bool descending, struct err *err);
/* Store id of the leaseholder of the range that holds a key; 0 none. */
int hook_lease_holder(const struct engine *e, const struct key *k);
/* Kills or starts a node, or every node of a region. */
bool hook_node(struct engine *e, int node, bool start, struct err *err);
bool hook_region(struct engine *e, const char *region, bool start, struct err *err);
/* Lets so many seconds of the cluster's time pass at once; false in err: not 0 to a day. */
bool hook_advance(struct engine *e, double seconds, struct err *err);
/* Somebody holds a lease on the schema for so many seconds: no schema change's job ends before. 0: no longer. False in err:
 * not 0 to a day. */
bool hook_hold_jobs(struct engine *e, double seconds, struct err *err);
/* A table's indexes are new and empty: there was nothing to write, so nothing is split off for it. Before
 * hook_catalog_changed. */
void hook_emptied(struct engine *e, const struct table_descriptor *t);
/* The catalog changed: the ranges follow. */
void hook_catalog_changed(struct engine *e);
/* Dropped tables whose time has come are garbage; their zones go with them. */
void hook_collect(struct engine *e);
/* So many rows more (or less) in a table: it will get statistics. */
void hook_rows_changed(struct engine *e, const struct table_descriptor *t, int64_t rows);
/* How many rows the optimizer takes a table to have, which has so many: as many as when they were counted last, none
 * before. */
int64_t hook_estimated_rows(struct engine *e, int64_t table, int64_t rows);
/* All there are have been counted now. */
void hook_statistics_done(struct engine *e);

#endif
