/* recording: recordings that are no plain answer of one statement: sessions of psql, and samples over time. */
#ifndef TESTS_SURVEY_RECORDING_H
#define TESTS_SURVEY_RECORDING_H

#include "domicile/cluster/range.h"
#include "domicile/pg/result.h"

/* The last aligned answer in the recording of a psql session. */
struct pg_result *recording_session(const char *file);

/* The answer with one more column, the same in every row; takes r. */
struct pg_result *recording_with(struct pg_result *r, const char *name, const char *value);

/* Ranges of an answer whose keys are pretty text: range_id, start_key or start_pretty, replicas by kind, and where
 * there are any the end and the lease. A range without an end ends where the next begins, the last one at last.
 * Keys that leave the table out are of this one. Sorted; the caller frees with ranges_free + free. */
struct ranges *recording_ranges(const struct pg_result *r, uint64_t table, const char *last);

/* One moment of a sample. */
struct sample {
    char time[32];           /* "2026-11-23T14:42:08.199206Z" */
    struct pg_result *ranges; /* NULL: none were read at that moment */
    int violations;          /* rows of the constraint report with violating ranges */
    bool reported;           /* the constraint report was read */
};
/* Reads a sample-*.log; each moment in order, with the answer of its RANGE lines. */
void recording_samples(const char *file, void (*moment)(void *arg, const struct sample *s), void *arg);
/* The ranges that the cluster's own conformance endpoint listed under name at the moment whose time begins so. */
void recording_conformance(
    const char *file, const char *time, const char *name, void (*id)(void *arg, int64_t id), void *arg);

/* The whole text; the caller frees. */
char *recording_text(const char *file);
/* The one range of an answer that leaves table and index out of its keys, which are these. */
struct ranges *recording_one_range(const struct pg_result *r, const char *start, const char *end);

/* A moment of a sample whose nodes and descriptors were asked for one after the other. */
struct turn {
    const char *time;
    struct pg_result *nodes;  /* to be taken over; as gossip_nodes has them */
    struct pg_result *ranges;
};
/* Each answer of descriptors in order, with the nodes as they were read before it; how many there were. */
int recording_turns(const char *file, void (*turn)(void *arg, const struct turn *t), void *arg);

#endif
