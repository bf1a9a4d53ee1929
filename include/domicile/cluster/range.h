/* range: a range descriptor as the catalog shows it. */
#ifndef DOMICILE_CLUSTER_RANGE_H
#define DOMICILE_CLUSTER_RANGE_H

#include "domicile/cluster/key.h"
#include "domicile/base/vec.h"
#include "domicile/loop/loop.h"

#include <stdint.h>

enum replica_kind { REPLICA_VOTER, REPLICA_NON_VOTER, REPLICA_LEARNER };

struct replica {
    int store_id;
    enum replica_kind kind;
};

/* Why a leaseholder is not known; the screen says it. */
enum lease_state { LEASE_NOT_ASKED, LEASE_KNOWN, LEASE_TIMED_OUT, LEASE_FORBIDDEN, LEASE_NONE };

struct range {
    int64_t id;
    struct key start;
    struct key end;
    char *start_pretty; /* as the server printed it; NULL: print it from the bytes */
    VEC_STRUCT(struct replica) replicas; /* sorted by store id */
    enum lease_state lease_state;
    int leaseholder;    /* store id; 0 unless LEASE_KNOWN */
    usec lease_asof;    /* loop time of the answer; 0 never */
    int64_t size;       /* bytes; -1 not known */
};

/* Frees what a range owns, not the structure; range_copy is deep, into an empty one. */
void range_free(struct range *r);
void range_copy(struct range *to, const struct range *from);
/* Adds a replica keeping the order by store id; a store that is there already changes its kind. */
void range_add_replica(struct range *r, int store_id, enum replica_kind kind);
int range_count(const struct range *r, enum replica_kind kind);
const struct replica *range_replica(const struct range *r, int store_id);

/* Ranges sorted by start key, without overlap. */
struct ranges {
    VEC(struct range);
    VEC_STRUCT(size_t) breaks; /* indices of ranges that do not begin where the one before them ends, in order */
    bool breaks_known;         /* breaks was filled; otherwise whoever asks has to look at the ranges */
};
void ranges_free(struct ranges *rs);
void ranges_sort(struct ranges *rs);
/* Fills breaks. O(n): who adds many ranges in slices notes them as it goes. */
void ranges_find_breaks(struct ranges *rs);
/* Whether they leave nothing of [start, end) out. O(log n) where breaks are known. */
bool ranges_cover(const struct ranges *rs, const struct key *start, const struct key *end);
/* The range that contains k; NULL when none of those read does. O(log n). */
const struct range *ranges_find(const struct ranges *rs, const struct key *k);
/* O(n). */
const struct range *ranges_by_id(const struct ranges *rs, int64_t id);

#endif
