/* cursor: DECLARE, FETCH, MOVE and CLOSE: a query's rows kept for the transaction and given out in portions. */
#ifndef DOMICILE_SANDBOX_CURSOR_H
#define DOMICILE_SANDBOX_CURSOR_H

#include "engine_private.h"

/* What may be said of one before its query is run: 25P01 outside of a transaction, 42P03 when there is one of that name. */
bool cursor_may_declare(const struct engine_session *es, const struct ast_cursor *c, struct result *r);
/* Keeps the rows of its query, which cursor_may_declare let through; takes rows over. */
void cursor_declare(struct engine_session *es, const struct ast_cursor *c, struct result *rows);
/* The columns that FETCH gives; 34000 when there is no such cursor. */
bool cursor_describe(const struct engine_session *es, const struct ast_cursor *c, struct result *r);
bool cursor_fetch(struct engine_session *es, const struct ast_cursor *c, struct result *r);
bool cursor_close(struct engine_session *es, const struct ast_cursor *c, struct result *r);
/* The transaction is over. */
void cursor_forget_all(struct engine_session *es);

#endif
