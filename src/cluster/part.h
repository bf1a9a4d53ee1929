/* part: the key span of a part, for those within the room. */
#ifndef CLUSTER_PART_H
#define CLUSTER_PART_H

#include "domicile/cluster/domicile.h"

/* The whole span of the partition or index that a part with rows is of. False: the region's bytes are not known. */
bool part_span(struct key *start, struct key *end, const struct range_part *part, const struct database *d);

#endif
