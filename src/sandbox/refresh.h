/* refresh: what a transaction has read, so that it can go on at a later time if that still reads the same. */
#ifndef DOMICILE_SANDBOX_REFRESH_H
#define DOMICILE_SANDBOX_REFRESH_H

#include "engine_private.h"

/* Whether what this query reads has to be remembered: a transaction's own, not yet writing. */
bool refresh_wants(const struct engine_session *es, const char *sql);
/* The hash of a query's rows: begun, then taken on by the row that st stands on. */
uint64_t refresh_hash_begin(void);
uint64_t refresh_hash_row(uint64_t hash, sqlite3_stmt *st);
/* Remembers a query, with its parameters' values, by the hash of all its rows. */
void refresh_keep(struct engine_session *es, sqlite3_stmt *st, uint64_t hash);
void refresh_forget(struct engine_session *es);
/* Brings a transaction that has only read to the present, before it writes or (READ COMMITTED) reads on. False with
 * 40001 when what it read has changed since. */
bool refresh_transaction(struct engine_session *es, struct result *r);
/* The error that asks for a retry. */
bool refresh_fail(const struct engine_session *es, struct result *r);

#endif
