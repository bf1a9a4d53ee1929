/* domicile: the verdict this program exists for: is every replica of a range or row where it may be? */
#ifndef DOMICILE_CLUSTER_DOMICILE_H
#define DOMICILE_CLUSTER_DOMICILE_H

#include "domicile/cluster/catalog.h"
#include "domicile/cluster/range.h"
#include "domicile/cluster/topology.h"

/* In rising order of what is proven; DOMICILE_UNKNOWN only where nothing worse than home is proven. */
enum domicile {
    DOMICILE_NO_RULE, /* the database has no regions; does not count */
    DOMICILE_GLOBAL,  /* GLOBAL table; does not count */
    DOMICILE_HOME,
    DOMICILE_UNKNOWN,
    DOMICILE_ABROAD,
    DOMICILE_VOTER_ABROAD,
    DOMICILE_LEASE_ABROAD,
};

/* Beside the verdict, never instead of it. */
enum domicile_flag { DOMICILE_MOVING = 1, DOMICILE_UNAVAILABLE = 2 };

struct domicile_verdict {
    enum domicile domicile;
    unsigned flags;
    const char *home;          /* region; NULL none. Owned by the catalog */
    int abroad_voters;         /* replicas outside the allowed regions, by kind */
    int abroad_non_voters;
    int abroad_learners;
    int unknown_replicas;      /* replicas whose region is not known */
    VEC_STRUCT(int) abroad;    /* their store ids */
    char *reason;              /* one sentence for people; never NULL after judging */
};

/* Frees the list of stores and the reason; v is empty afterwards. */
void domicile_verdict_free(struct domicile_verdict *v);
/* The word: "home", "abroad", "voter abroad", "lease abroad", "unknown", "global", "no rule". */
const char *domicile_name(enum domicile d);
/* Worst of two for a summary: unknown beats home, abroad beats unknown; global and no rule yield. */
enum domicile domicile_worse(enum domicile a, enum domicile b);

/* Judges one range for one home region. zone (may be NULL: not readable) says how many voters and
 * non-voters are wanted (moving); topology says where stores are and who lives (unavailable). */
void domicile_judge(struct domicile_verdict *v, const struct range *r, const char *home,
    const struct database *d, const struct zone *zone, const struct topology *t);

/* What part of a range's span belongs to whom. A range may cover several (coalesced neighbours). */
enum span_kind {
    SPAN_ROWS, /* a partition, or a whole index of a table that is not BY ROW */
    SPAN_GAP,  /* holds no rows: between partitions, a dropped index */
};
struct range_part {
    enum span_kind kind;
    const struct table *table; /* NULL: no table of this database */
    const struct index *index; /* NULL in a gap without index */
    const char *home;          /* NULL: GLOBAL or no rule */
    const struct zone *zone;   /* that governs it; NULL not readable */
    const char *doubt;         /* why the home is not proven (the region's key bytes were not read); NULL: it is */
};
struct range_parts {
    VEC(struct range_part);
};
/* The parts of the catalog's tables that r covers, in key order. Caller frees with vec_free. A gap's home
 * is the region of the voter constraint that governs its start key. */
void domicile_range_parts(struct range_parts *out, const struct range *r, const struct catalog *c);

/* Why nothing can be said of where the table's rows belong: its locality or the database's regions were not read.
 * NULL: it can. */
const char *domicile_table_doubt(const struct table *t, const struct database *d);

/* Of how many of the table's partitions and indexes the ranges that were read do not cover the whole; also 1 for a
 * table whose id or indexes were not read. 0 for tables to which no rule applies. */
int domicile_holes(const struct table *t, const struct catalog *c, const struct ranges *rs);

/* The zone configuration at the range's start key, among its parts; NULL not readable. */
const struct zone *domicile_governing_zone(
    const struct range *r, const struct catalog *c, const struct range_parts *parts);

#endif
