/* plan: what the planner says of a change, as a record and as text. */
#ifndef DOMICILE_OUTPUT_PLAN_H
#define DOMICILE_OUTPUT_PLAN_H

#include "domicile/cluster/planner.h"
#include "domicile/output/records.h"

/* The fields, then a record a plan. */
void output_plan_begin(struct records *r);
void output_plan_add(struct records *r, const char *statement, const struct plan *p);
/* The plan for people, lines with a newline each. Cleaned. */
void output_plan_print(struct str *out, const struct plan *p);

#endif
