/* result_records: what the server answered, as records for output. */
#ifndef APP_RESULT_RECORDS_H
#define APP_RESULT_RECORDS_H

#include "domicile/output/records.h"
#include "domicile/pg/result.h"

/* Fills out, which is empty. Integers stay integers, what JSON has no type for stays the server's text; a second column
 * of the same name gets a number. */
void result_records(struct records *out, const struct pg_result *r);

#endif
