/* picture: small pictures of a cluster, made by hand, for tests of what is computed from them. */
#ifndef TESTS_CLUSTER_PICTURE_H
#define TESTS_CLUSTER_PICTURE_H

#include "domicile/cluster/snapshot.h"

/* Stores 1-3 in eu, 4-6 in uk, 7-9 in us, one a node; store 10 on a node without a region; store 11 unknown. All live. */
struct topology picture_topology(void);
/* "db" with the regions eu (primary), uk and us, whose bytes in keys are known; survives a zone, placement DEFAULT. */
struct database picture_database(void);
/* "1* 2 3 n4 n7 l9": voters, the leaseholder starred, non-voters, learners. Range 7: the whole of index 1 of table 106. */
struct range picture_range(const char *text);
/* One table by row, t (106) with its primary index, one range (1, 2, 3) a region, each as DEFAULT wants it. */
void picture_snapshot(struct snapshot *s);
/* Judges the whole. The caller frees with verdicts_free. */
struct verdicts *picture_judged(struct snapshot *s, const struct snapshot *previous, usec now);

#endif
