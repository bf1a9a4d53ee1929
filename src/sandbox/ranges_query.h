/* ranges_query: the statement by which 26.1 answers SHOW RANGES FROM TABLE, which WITH EXPLAIN shows. */
#ifndef DOMICILE_SANDBOX_RANGES_QUERY_H
#define DOMICILE_SANDBOX_RANGES_QUERY_H

#include "domicile/base/str.h"

#include <stdint.h>

/* options: RANGES_DETAILS and RANGES_KEYS count. */
void ranges_query(struct str *out, unsigned options, const char *database, int64_t table);

#endif
