/* world: the simulated cluster: nodes, ranges, the allocator that moves replicas, the reports, the failures.
 * It knows keys, zone configurations and time; nothing of SQL. Single-threaded, driven by the loop's timers. */
#ifndef DOMICILE_SANDBOX_WORLD_H
#define DOMICILE_SANDBOX_WORLD_H

#include "domicile/cluster/locality.h"
#include "domicile/cluster/range.h"
#include "domicile/loop/loop.h"
#include "domicile/sandbox/spans.h"

struct world;

struct world_options {
    struct loop *loop;
    int compat;                  /* 2201, 2601: pace, splits, merges, faults of the reports */
    const char *const *localities; /* one a node; NULL: the nine default nodes */
    size_t locality_count;
    usec report_interval;        /* kv.replication_reports.interval at the start */
    double speed;                /* of propagation and allocator; 1 = as recorded; 0: the world's time stands
                                  * still but for world_advance, and then goes as at 1 */
    uint64_t seed;               /* of the allocator's free choices */
};
/* False in err: which locality is not one. NULL then. */
struct world *world_new(const struct world_options *o, struct err *err);
void world_free(struct world *w);

/* -- nodes; store k is on node k -- */
struct world_node {
    int id;
    struct locality locality;
    char *locality_text;
    bool up;              /* the process runs */
    bool live;            /* its liveness record has not expired: false some 4 s after the end */
    int64_t down_wall;    /* when it stopped, µs since 1970; 0 while up */
    int64_t started_wall;
    int64_t expiration_wall; /* of its liveness record */
    int64_t epoch;
};
size_t world_node_count(const struct world *w);
/* 1 .. count; NULL for another id. */
const struct world_node *world_node(const struct world *w, int id);
/* Regions of the nodes, each once, in alphabetical order. The caller frees the array, not the names. */
size_t world_regions(const struct world *w, const char ***names);
/* Failures. False: no such node or region, or already so (err says which). */
bool world_kill_node(struct world *w, int id, struct err *err);
bool world_start_node(struct world *w, int id, struct err *err);
bool world_kill_region(struct world *w, const char *region, struct err *err);
bool world_start_region(struct world *w, const char *region, struct err *err);
/* Told when a node stops or starts: its port has to close or open. */
void world_on_node(struct world *w, void (*changed)(void *arg, int node, bool up), void *arg);
/* Round trip between two nodes, µs. */
usec world_rtt(const struct world *w, int a, int b);

/* -- ranges -- */
struct world_range {
    int64_t id;
    struct key start;
    struct key end;
    VEC_STRUCT(struct replica) replicas; /* in the descriptor's order */
    int lease;              /* store */
    int64_t sticky_until;   /* split_enforced_until, µs since 1970; 0 none */
    int64_t size;           /* bytes: key + value, kept by the engine */
    int64_t live_count;     /* rows, kept by the engine */
    usec act_at;            /* world time of the allocator's next look; 0: nothing to do */
    usec merge_at;          /* world time at which it may join its left neighbour; 0: not equal to it */
};
size_t world_range_count(const struct world *w);
/* In key order. */
const struct world_range *world_range_at(const struct world *w, size_t i);
const struct world_range *world_range_of(const struct world *w, const struct key *k);
/* The configuration that governs the range now; NULL before any. */
const struct span *world_range_span(const struct world *w, const struct world_range *r);
/* Whether every range that touches [start, end) has a live quorum: what does not, hangs. */
bool world_available(const struct world *w, const struct key *start, const struct key *end);
/* The first that has none; NULL: all have. */
const struct world_range *world_lost_range(const struct world *w, const struct key *start, const struct key *end);
/* Since when it has had no leader, µs since 1970; 0: it may have one. */
int64_t world_leaderless_since(const struct world *w, const struct world_range *r);
bool world_range_available(const struct world *w, const struct world_range *r);
/* What a request from a node to the leaseholder of the key costs, µs. */
usec world_cost(const struct world *w, int node, const struct key *k);
/* No range holds anything. */
void world_clear_sizes(struct world *w);
/* Adds to the sizes of the ranges that overlap [start, end), to each the same part. */
void world_spread_size(struct world *w, const struct key *start, const struct key *end, int64_t bytes, int64_t rows);
/* Ranges with a replica on a store, and leases there. */
void world_store_counts(const struct world *w, int store, int64_t *ranges, int64_t *leases);
/* Changes with every change of ranges, replicas, leases, nodes. */
uint64_t world_changes(const struct world *w);
/* Woken after each such change (statements that hang on a dead region look again). */
void world_on_change(struct world *w, void (*changed)(void *arg), void *arg);

/* Lets so much of the world's time pass at once: everything due in it happens, in order. Who listens for changes is told
 * in the end. */
void world_advance(struct world *w, usec duration);
/* How much has passed in this way. */
usec world_skipped(const struct world *w);

/* The wall clock of the world, µs since 1970. */
int64_t world_wall_now(const struct world *w);

/* -- what is wanted -- */
/* Takes the spans over (user tables; the system's are the world's own). They take effect after the version's
 * propagation delay. */
void world_set_spans(struct world *w, struct spans *spans);
/* Splits at k now, as an index backfill does; sticky: the split is kept for an hour. */
void world_split(struct world *w, const struct key *k, bool sticky);
/* Splits at k for good, and gives the new range replicas and a lease of its own, where the nodes hold least: for a
 * prepared start with many ranges. Tells nobody; world_settle does. */
void world_split_evenly(struct world *w, const struct key *k);
/* Brings about at once what is wanted: splits, replicas, leases. For a prepared start. */
void world_settle(struct world *w);
/* The spans in force (user tables). */
const struct spans *world_spans(const struct world *w);

/* -- the replication reports, with the faults of the version's own -- */
struct world_constraint_row {
    int64_t zone_id, subzone_id;
    const char *type;        /* "constraint", "voter_constraint" */
    char *config;
    int64_t violation_start; /* µs since 1970; 0 NULL */
    int64_t violating_ranges;
};
struct world_stats_row {
    int64_t zone_id, subzone_id;
    int64_t total, unavailable, under, over;
};
struct world_critical_row {
    int64_t zone_id, subzone_id;
    char *locality;
    int64_t at_risk;
};
struct world_report {
    VEC_STRUCT(struct world_constraint_row) constraints;
    VEC_STRUCT(struct world_stats_row) stats;
    VEC_STRUCT(struct world_critical_row) critical;
    int64_t generated[3]; /* of reports 1, 2, 3; 0: never */
};
const struct world_report *world_report(const struct world *w);
/* 0 turns it off; a change triggers a run at once. */
void world_set_report_interval(struct world *w, usec interval);

#endif
