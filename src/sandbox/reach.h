/* reach: whether what a statement touches has a quorum, and what the round trip to its leaseholder costs. */
#ifndef DOMICILE_SANDBOX_REACH_H
#define DOMICILE_SANDBOX_REACH_H

#include "engine_private.h"

/* The constant that a condition holds a column to: region = 'x', also within AND. NULL: none. */
const char *reach_held_to(const struct ast_expr *e, const char *column);
/* Whether a table (of a region alone, unless NULL) has a quorum; raises r->cost to the round trip. */
bool reach_table(struct translator *tr, const struct table_descriptor *t, const char *region, struct result *r);
/* Likewise all tables that a query reads. */
bool reach_tables(struct translator *tr, const struct ast_query *q, const char *const *params, size_t n,
    struct result *r);

#endif
