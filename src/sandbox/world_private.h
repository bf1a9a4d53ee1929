/* What the files of the world share. */
#ifndef SANDBOX_WORLD_PRIVATE_H
#define SANDBOX_WORLD_PRIVATE_H

#include "domicile/sandbox/world.h"

/* A node's liveness record runs out so long after its end. */
enum { LIVENESS_EXPIRES = 4 * USEC_PER_SEC };

/* How fast a version moves, as recorded; µs at speed 1. */
struct world_pace {
    usec reconcile; /* how often changes of the catalog are looked for: what is undone in between is never in force */
    usec propagation_min, propagation_max; /* from then on until they are in force */
    bool update_enqueues; /* a new configuration has every range looked at; else they wait for the scanner */
    usec range_min, range_max; /* between two ranges that begin to move */
    usec scan;                 /* a store's scanner has looked at each of its ranges once */
    usec step;                 /* between two changes of one range */
    usec snapshot;             /* a learner before its promotion */
    bool merges;               /* neighbours that have been equal for minutes become one (world_merge.c) */
    bool coalesces;            /* neighbours with equal configurations share a range */
};

/* What one look at a range led to. */
enum world_step { STEP_NONE, STEP_REPLICAS, STEP_LEASE };

/* Why ranges are to be looked at. */
enum world_cause {
    CAUSE_UPDATE, /* a configuration came into force */
    CAUSE_SCAN,   /* nodes came back, or have been gone for long: the scanners find what there is to do */
    CAUSE_FAILURE /* leases have to move */
};

/* Configurations under way to the stores. */
struct world_pending {
    struct spans spans;
    usec due; /* world time */
};

enum alarm {
    ALARM_RECONCILER,
    ALARM_PROPAGATION,
    ALARM_ALLOCATOR,
    ALARM_LIVENESS,
    ALARM_REPORTER,
    ALARM_MERGER,
    ALARM_COUNT
};

struct world_alarm {
    void (*ring)(struct world *w);
    usec due; /* world time; 0: not set */
};

struct world {
    struct loop *loop;
    int compat;
    double speed;
    uint64_t random;
    const struct world_pace *pace;
    VEC_STRUCT(struct world_node) nodes;
    VEC_STRUCT(struct world_range *) ranges; /* sorted by start */
    unsigned char *likeness; /* of store i + 1 and k + 1, at i * nodes + k */
    VEC_STRUCT(int64_t) held; /* by store id - 1: ranges with a replica there */
    int64_t next_range_id;
    usec born;            /* world time */
    struct spans system;  /* for ever */
    struct spans wanted;  /* not yet seen by the reconciler, if there is any: */
    bool changed;
    struct spans spans;   /* in force */
    const struct spans *before; /* what was, while those come into force */
    VEC_STRUCT(struct world_pending) pending; /* oldest first */
    struct world_alarm alarms[ALARM_COUNT];
    struct loop_timer *pulse; /* of the alarm that is due first */
    size_t system_merged;     /* pairs of the system's ranges, so far */
    size_t merge_turn;
    usec skipped;             /* what world_advance left out */
    bool stopped;             /* the clock stands still but for world_advance, at: */
    usec stopped_now;
    int64_t stopped_wall;
    usec report_interval;
    struct world_report report;
    uint64_t changes;
    void (*on_node)(void *arg, int node, bool up);
    void *on_node_arg;
    void (*on_change)(void *arg);
    void *on_change_arg;
};

/* 0 … n-1 */
uint64_t world_random(struct world *w, uint64_t n);
usec world_between(struct world *w, usec low, usec high);
/* A recorded duration at this world's speed. */
usec world_scaled(const struct world *w, usec duration);
void world_changed(struct world *w);

/* world_clock.c: the world's own time, which may be stopped and skipped. */
void world_clock_open(struct world *w, bool stopped);
void world_clock_close(struct world *w);
usec world_now(const struct world *w);
/* Microseconds since 1970. */
int64_t world_wall(const struct world *w);
/* The sooner of two times; 0 is none. */
int64_t world_sooner(int64_t a, int64_t b);
/* Rings once, so long from now. */
void world_alarm_set(struct world *w, enum alarm which, usec delay);
void world_alarm_clear(struct world *w, enum alarm which);
bool world_alarm_is_set(const struct world *w, enum alarm which);

const struct world_node *world_store_node(const struct world *w, int store);
bool world_store_live(const struct world *w, int store);
/* Dead for longer than server.time_until_store_dead: its replicas are replaced. */
bool world_store_dead(const struct world *w, int store);

/* world_spans.c: the way of a configuration to the stores. */
void world_reconcile(struct world *w);
void world_propagate(struct world *w);
/* All that is under way comes into force. */
void world_propagate_all(struct world *w);
void world_spans_free(struct world *w);
/* Up, and not only just back: a node that was down is given no replicas for half a minute. */
bool world_store_trusted(const struct world *w, int store);

/* world_system.c */
void world_make_system(struct world *w);
/* Whether the system's range that begins here may become one with its left neighbour of the same configuration. */
bool world_system_merges(const struct key *start);
/* world_split.c */
/* The index of the range that holds k. */
size_t world_find(const struct world *w, const struct key *k);
struct world_range *world_add_range(struct world *w, const struct key *start, const struct key *end);
void world_apply_splits(struct world *w);
/* Keeps count of who holds what: a range's replicas come (1) or go (-1). */
void world_hold(struct world *w, const struct world_range *r, int sign);
/* world_merge.c: merges one pair of neighbours that have been equal for long enough, and sets the alarm for the next. */
void world_merge(struct world *w);
/* There may be more to merge than before. */
void world_wake_merger(struct world *w);
/* world_allocator.c */
/* Once all nodes are there. */
void world_compare_localities(struct world *w);
void world_allocate(struct world *w);
void world_schedule(struct world *w, enum world_cause cause);
/* The allocator looks at a range so much later. */
void world_look(struct world *w, struct world_range *r, usec delay);
/* One change of one range. */
enum world_step world_step(struct world *w, struct world_range *r, bool skip_learner);
/* world_report.c */
void world_generate_report(struct world *w);
void world_report_free(struct world_report *r);

#endif
