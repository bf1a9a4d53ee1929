/* What only connection.c and result.c share: the libpq object behind a result. */
#ifndef PG_RESULT_PRIVATE_H
#define PG_RESULT_PRIVATE_H

#include "domicile/pg/result.h"

#include <libpq-fe.h>

/* Takes the PGresult over; purpose is copied. */
struct pg_result *pg_result_wrap(PGresult *r, const char *purpose);
/* Fills e from an error or notice result; fallback is the message when it has none. */
void pg_error_take(struct pg_error *e, const PGresult *r, const char *fallback);

#endif
