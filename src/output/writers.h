/* The formats, one function each. */
#ifndef OUTPUT_WRITERS_H
#define OUTPUT_WRITERS_H

#include "domicile/output/records.h"

void table_write(struct str *out, const struct records *r, const struct output_style *style);
void json_write(struct str *out, const struct records *r, const struct output_style *style);
void csv_write(struct str *out, const struct records *r, const struct output_style *style);

#endif
