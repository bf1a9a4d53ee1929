/* canonical: what psql printed, brought into a form in which two clusters' answers can be compared: ids,
 * times, sizes and the allocator's free choices normalised, nothing else. */
#ifndef DOMICILE_TESTS_CANONICAL_H
#define DOMICILE_TESTS_CANONICAL_H

#include <stdbool.h>

/* The canonical form of psql's output, aligned or -A -F '|'. sql says whether rows have an order. free_choice:
 * the allocator was free to choose regions too (no constraints), so that only the count of replicas
 * is compared. The caller frees. */
char *canonical(const char *output, const char *sql, bool free_choice);

#endif
