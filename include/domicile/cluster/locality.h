/* locality: the ordered key=value tiers of a node, and whether they satisfy a constraint. */
#ifndef DOMICILE_CLUSTER_LOCALITY_H
#define DOMICILE_CLUSTER_LOCALITY_H

#include "domicile/dialect/zone.h"

#include <stdbool.h>

struct locality_tier {
    char *key;
    char *value;
};

/* Zero-initialised: no tiers. Owns its texts. */
struct locality {
    VEC(struct locality_tier);
};

/* Parses "cloud=aws,region=eu-west-1,zone=a"; "" has no tiers. False: which tier has no '='. */
bool locality_parse(struct locality *l, const char *text, struct err *err);
void locality_free(struct locality *l);
void locality_copy(struct locality *to, const struct locality *from);
/* The value of a tier; NULL when it has none. Owned by l. */
const char *locality_get(const struct locality *l, const char *key);
/* The tier "region"; NULL when the node lacks it. */
const char *locality_region(const struct locality *l);
/* The tier "zone", "availability-zone" or "az", whichever it has; NULL without one. */
const char *locality_zone(const struct locality *l);
void locality_print(struct str *out, const struct locality *l);
/* Whether a store at l satisfies every member of c (attributes never match: they are not read). */
bool locality_satisfies(const struct locality *l, const struct zone_conjunction *c);

#endif
