/* explain: EXPLAIN of a scan of one table, as text. */
#ifndef DOMICILE_SANDBOX_EXPLAIN_H
#define DOMICILE_SANDBOX_EXPLAIN_H

#include "engine_private.h"

/* The column "info" and a row a line (none while tr->describe). False with the error in r: the statement is wrong,
 * or is none that this sandbox can plan (0A000). */
bool explain_statement(struct translator *tr, const struct ast_explain *st, struct result *r);

#endif
