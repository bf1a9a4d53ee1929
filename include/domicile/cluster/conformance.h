/* conformance: a range against its zone configuration, by the algorithm of the cluster's own
 * conformance reporter (spanconfigreporter), done here on the client. */
#ifndef DOMICILE_CLUSTER_CONFORMANCE_H
#define DOMICILE_CLUSTER_CONFORMANCE_H

#include "domicile/cluster/range.h"
#include "domicile/cluster/topology.h"
#include "domicile/dialect/zone.h"

/* A range can be in several states at once; 0 = conforming. */
enum conformance {
    CONFORMANCE_UNAVAILABLE = 1,
    CONFORMANCE_UNDER_REPLICATED = 2,
    CONFORMANCE_OVER_REPLICATED = 4,
    CONFORMANCE_VIOLATES_CONSTRAINTS = 8,
    CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS = 16,
    CONFORMANCE_VIOLATES_LEASE_PREFERENCES = 32, /* the reporter does not check these; said apart */
    CONFORMANCE_UNKNOWN = 64, /* zone configuration, liveness or localities not readable */
};

/* One finding names the replica, the node, the locality and the rule. */
struct conformance_finding {
    enum conformance what;
    int store_id; /* 0: the range as a whole */
    char *text;   /* a sentence */
};

struct conformance_verdict {
    unsigned states; /* of enum conformance */
    VEC_STRUCT(struct conformance_finding) findings;
};

/* Judges r against the configuration that governs it, in the order of the cluster's own reporter (facts: the conformance
 * report of 26.1, recorded with a node and with a region down). v must be empty; conformance_verdict_free ends it. A store
 * whose locality t does not hold proves nothing: no finding is made of it, and the states say so. */
void conformance_judge(struct conformance_verdict *v, const struct range *r, const struct zone *zone,
    const struct topology *t);
void conformance_verdict_free(struct conformance_verdict *v);
/* "conforming", "under-replicated", …, several joined with ", ". */
void conformance_print(struct str *out, unsigned states);

#endif
