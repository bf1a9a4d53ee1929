/* passport: everything known about one row, as a record. */
#ifndef DOMICILE_OUTPUT_PASSPORT_H
#define DOMICILE_OUTPUT_PASSPORT_H

#include "domicile/cluster/snapshot.h"
#include "domicile/output/records.h"

/* Adds the fields and one record: r is a row of the snapshot's rows. now is loop time, for ages. */
void output_passport(struct records *out, const struct snapshot *s, const struct row *r, usec now);
/* The regions in which replicas of a home region's rows may be: itself, or its super region's members. */
json_t *output_allowed(const struct database *d, const char *home);
/* A range's replicas, an object each: replica, kind, region, locality, outside. allowed as of output_allowed; NULL: no
 * rule, then outside is null. */
json_t *output_replicas(const struct range *r, const struct topology *t, const json_t *allowed);

#endif
