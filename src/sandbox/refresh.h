/* refresh: what a transaction has read, so that it can go on at a later time if that still reads the same. */
#ifndef DOMICILE_SANDBOX_REFRESH_H
#define DOMICILE_SANDBOX_REFRESH_H

#include "engine_private.h"

/* Remembers what a query of an explicit transaction read. */
void refresh_note(struct translator *tr, const char *sql);
void refresh_forget(struct engine_session *es);
/* Brings a transaction that has only read to the present, before it writes or (READ COMMITTED) reads on. False with
 * 40001 when what it read has changed since. */
bool refresh_transaction(struct engine_session *es, struct result *r);
/* The error that asks for a retry. */
bool refresh_fail(const struct engine_session *es, struct result *r);

#endif
