/* reach: whether what a statement touches has a quorum, and what the round trip to its leaseholder costs. */
#ifndef DOMICILE_SANDBOX_REACH_H
#define DOMICILE_SANDBOX_REACH_H

#include "dml.h"
#include "engine_private.h"

/* The constant that a condition holds a column to: region = 'x', also within AND. NULL: none. */
const char *reach_held_to(const struct ast_expr *e, const char *column);
/* Whether a table (of a region alone, unless NULL) has a quorum; raises r->cost to the round trip. */
bool reach_table(struct translator *tr, const struct table_descriptor *t, const char *region, struct result *r);
/* Likewise all tables that a query reads. */
bool reach_tables(struct translator *tr, const struct ast_query *q, const char *const *params, size_t n,
    struct result *r);
/* Whether the uniqueness of what INSERT or UPDATE writes can be checked: a key without the region in front may be taken
 * in any region, unless its value is generated. */
bool reach_unique(struct translator *tr, const struct ast_stmt *st, const struct dml *d, const char *const *params,
    size_t n);
/* The gateway's region; NULL: none. */
const char *reach_gateway(struct translator *tr);

#endif
