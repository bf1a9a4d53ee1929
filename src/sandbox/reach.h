/* reach: whether what a statement touches has a quorum, and what the round trip to its leaseholder costs. */
#ifndef DOMICILE_SANDBOX_REACH_H
#define DOMICILE_SANDBOX_REACH_H

#include "dml.h"
#include "engine_private.h"

/* Whether a table (of a region alone, unless NULL) has a quorum; raises r->cost to the round trip. */
bool reach_table(struct translator *tr, const struct table_descriptor *t, const char *region, struct result *r);
/* Likewise the regions of a table that a condition leaves to be read. alias: what the table is called in it, if it is
 * the only one; NULL. */
bool reach_rows(struct translator *tr, const struct table_descriptor *t, const char *alias,
    const struct ast_expr *where, struct result *r);
/* Likewise all tables that a query reads. */
bool reach_tables(struct translator *tr, const struct ast_query *q, struct result *r);
/* Whether the uniqueness of what INSERT or UPDATE writes can be checked: a key without the region in front may be taken
 * in any region, unless its value is generated. */
bool reach_unique(struct translator *tr, const struct ast_stmt *st, const struct dml *d, const char *const *params,
    size_t n);
/* The gateway's region; NULL: none. */
const char *reach_gateway(struct translator *tr);

#endif
