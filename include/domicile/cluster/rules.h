/* rules: the zone configuration that CockroachDB derives from locality, survival goal, placement, super
 * regions and version. Used by the sandbox (what it writes) and the planner (what would change).
 * Facts: truth/22.1 and truth/26.1, zone configurations of every recorded state. */
#ifndef DOMICILE_CLUSTER_RULES_H
#define DOMICILE_CLUSTER_RULES_H

#include "domicile/cluster/catalog.h"

/* major * 100 + minor, e.g. 2201, 2601. */
typedef int rules_version;

/* What the rules look at of a database; taken from struct database by rules_input. */
struct rules_input {
    const struct database *database;
    rules_version version;
};

/* Fields that the DATABASE's own zone sets. z must be empty. False for what the server refuses
 * (RESTRICTED with region survival, region survival with fewer than three regions). */
bool rules_database(struct zone *z, const struct rules_input *in, struct err *err);
/* Fields that a table's own zone sets (none for most): GLOBAL, BY TABLE; for BY ROW the table itself. */
bool rules_table(struct zone *z, const struct rules_input *in, enum table_locality locality,
    const char *home, struct err *err);
/* Fields that a partition (index x region) of a BY ROW table sets. */
bool rules_partition(struct zone *z, const struct rules_input *in, const char *region, struct err *err);

/* Regions where replicas of an object with this home may be: the super region's members if it is in
 * one, else the home alone. Caller frees the vector, not the names (owned by d). */
struct allowed_regions {
    VEC(const char *);
};
void rules_allowed(struct allowed_regions *out, const struct database *d, const char *home);

#endif
