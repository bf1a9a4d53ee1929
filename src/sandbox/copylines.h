/* copylines: rows as lines of text or CSV, and back. */
#ifndef DOMICILE_SANDBOX_COPYLINES_H
#define DOMICILE_SANDBOX_COPYLINES_H

#include "domicile/base/str.h"
#include "domicile/sandbox/result.h"

/* One line of a row that goes out; header: the columns' names instead. */
void copylines_encode(struct str *out, const struct result *r, result_row row);
void copylines_header(struct str *out, const struct result *r);
/* What came in, as INSERT statements. *rows: how many rows. False with the error in r, whose columns and copy say what was
 * expected. */
bool copylines_decode(const char *data, size_t n, struct result *r, struct str *sql, size_t *rows);

#endif
