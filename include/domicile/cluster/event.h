/* event: a difference between two snapshots in words. */
#ifndef DOMICILE_CLUSTER_EVENT_H
#define DOMICILE_CLUSTER_EVENT_H

#include "domicile/cluster/snapshot.h"

enum event_kind {
    EVENT_ROW_LANDED,
    EVENT_ROW_GONE,
    EVENT_ROW_MOVED,
    EVENT_REPLICA_ADDED,
    EVENT_REPLICA_REMOVED,
    EVENT_REPLICA_CHANGED, /* another kind */
    EVENT_LEASE_MOVED,
    EVENT_RANGE_SPLIT,
    EVENT_RANGE_MERGED,
    EVENT_VERDICT_CHANGED,
    EVENT_NODE_DOWN,
    EVENT_NODE_UP,
    EVENT_ZONE_CHANGED,
    EVENT_POLICY_CHANGED, /* placement, survival goal, regions */
    EVENT_REPORT_REGENERATED,
    EVENT_STATEMENT, /* what this program sent and what came of it */
    EVENT_CONNECTION,
    EVENT_NOTE, /* anything else the user must know: fall-backs, missing rights */
};

struct event {
    enum event_kind kind;
    usec at;          /* loop time */
    int64_t at_wall;  /* µs since 1970 */
    int64_t range_id; /* 0 none */
    int store_id;     /* 0 none */
    char *text;       /* a sentence; raw server text inside, clean before drawing */
};
struct events {
    VEC(struct event);
};
void event_free(struct event *e);
void events_free(struct events *es);
/* Appends the events between two snapshots (previous may be empty: then nothing). Names of kinds for
 * machines: event_kind_name, e.g. "replica_removed". */
void events_diff(
    struct events *out, const struct snapshot *previous, const struct snapshot *now, usec at, int64_t at_wall);
/* The same in slices. It shares the parts of both snapshots until it is freed. */
struct events_diff;
struct events_diff *events_diff_new(
    const struct snapshot *previous, const struct snapshot *now, usec at, int64_t at_wall);
/* Goes on while more says so (NULL: to the end); true when done. */
bool events_diff_step(struct events_diff *d, bool (*more)(void *arg), void *arg);
/* What was found, owned by d. */
const struct events *events_diff_found(const struct events_diff *d);
void events_diff_free(struct events_diff *d); /* NULL allowed */
const char *event_kind_name(enum event_kind k);

#endif
