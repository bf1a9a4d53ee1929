/* canonical: what psql printed, brought into a form in which two clusters' answers can be compared: ids,
 * times, sizes and the allocator's free choices normalised, nothing else. */
#ifndef DOMICILE_TESTS_CANONICAL_H
#define DOMICILE_TESTS_CANONICAL_H

#include <stdbool.h>

/* What was left to the allocator's choice where an answer was recorded. */
enum canonical_choice {
    CHOICE_NODES,      /* which nodes of a region: as ever */
    CHOICE_REGIONS,    /* regions too (no constraints), so that only the count of replicas is compared */
    CHOICE_ZONES_LOST, /* with a region down, reports name the zones whose nodes happen to hold what is left: of system
                        * ranges their rows are left out, of others the zone's name */
    CHOICE_NODE_LOST   /* with a node down, also how many system ranges it happened to hold */
};

/* The canonical form of psql's output, aligned or -A -F '|'. sql says whether rows have an order. The caller frees. */
char *canonical(const char *output, const char *sql, enum canonical_choice choice);

#endif
