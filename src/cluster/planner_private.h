/* What the files of the planner share. */
#ifndef CLUSTER_PLANNER_PRIVATE_H
#define CLUSTER_PLANNER_PRIVATE_H

#include "domicile/cluster/planner.h"
#include "domicile/cluster/rules.h"

/* The database as it would be: names copied, zone configuration as the rules give it. */
void planner_copy_database(struct database *to, const struct database *from);
/* The configuration that governs a part of a range afterwards: derived, with everything else as it is now. */
bool planner_zone_after(struct zone *out, const struct range_part *part, const struct table *changed,
    const struct database *after, rules_version version, struct err *err);
/* Adds what would leave and come, region by region, over every range of the snapshot. */
void planner_count_moves(struct plan *p, const struct snapshot *s, const struct database *after, const struct table *changed,
    rules_version version);
/* "num_replicas 5 -> 3, constraints {…} -> []": what differs, before and after apart. */
void planner_print_zone(struct str *out, const struct zone *z, const struct zone *other);

#endif
