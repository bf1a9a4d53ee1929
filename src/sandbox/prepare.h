/* prepare: PREPARE, EXECUTE and DEALLOCATE: statements kept under a name by the session's SQL side. */
#ifndef DOMICILE_SANDBOX_PREPARE_H
#define DOMICILE_SANDBOX_PREPARE_H

#include "engine_private.h"

/* PREPARE: 42P05 when the name is taken. */
bool prepare_statement(struct translator *tr, const struct ast_prepare *p, struct result *r);
/* DEALLOCATE of a name, of all with NULL; of what the client prepared by messages too. 26000 when there is none. */
bool prepare_deallocate(struct engine_session *es, const char *name, struct result *r);
/* The statement of that name; NULL with 26000. */
const struct engine_statement *prepare_find(const struct engine_session *es, const char *name, struct result *r);
/* EXECUTE: its arguments as texts in es->bound, and the statement to run with them. NULL with the error. */
struct engine_statement *prepare_bind(struct engine *e, struct session *s, struct engine_statement *outer,
    const char *const *params, size_t n, struct result *r);
void prepare_unbind(struct engine_session *es);
void prepare_forget_all(struct engine_session *es);

#endif
