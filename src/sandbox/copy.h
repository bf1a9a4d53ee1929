/* copy: COPY: what is sent out, and what to do with what comes in. */
#ifndef DOMICILE_SANDBOX_COPY_H
#define DOMICILE_SANDBOX_COPY_H

#include "domicile/sandbox/result.h"

/* COPY FROM: checks the table and its columns, and says in r->copy what is to be done with the rows. TO is a query, which the
 * caller runs; its text is given out. */
struct translator;
struct ast_copy;
bool copy_in(struct translator *tr, const struct ast_copy *c, struct result *r);
const char *copy_query(struct translator *tr, const struct ast_copy *c);
/* How rows are written, in r->copy. False with the error: a format that is not modelled. */
bool copy_format(struct translator *tr, const struct ast_copy *c, struct result *r);

#endif
