/* snapshot: a picture of the cluster made of reference-counted, immutable parts, each with its age.
 * The survey makes them; the views, the verdicts and the headless commands read them. */
#ifndef DOMICILE_CLUSTER_SNAPSHOT_H
#define DOMICILE_CLUSTER_SNAPSHOT_H

#include "domicile/cluster/conformance.h"
#include "domicile/cluster/domicile.h"
#include "domicile/cluster/row.h"

/* CockroachDB's own replication report, as it says it. */
struct report_row {
    int64_t zone_id;
    int64_t subzone_id;
    char *target; /* "DATABASE django"; NULL: crdb_internal.zones does not list it */
    char *type;   /* "constraint", "voter_constraint" */
    char *config; /* "+region=eu-west-1:1" */
    char *violation_start; /* server time; NULL none */
    int64_t violating_ranges;
};
struct report {
    VEC_STRUCT(struct report_row) rows;
    int64_t generated_wall;  /* µs since 1970 by the server; 0 unknown */
    int64_t server_wall;     /* the server's now() in the same survey: ages use it */
    int64_t interval;        /* kv.replication_reports.interval in µs; 0 off, -1 unknown */
};

/* What one part is about. */
enum part_kind {
    PART_SERVER,   /* struct server_info */
    PART_TOPOLOGY, /* struct topology */
    PART_CATALOG,  /* struct catalog */
    PART_RANGES,   /* struct ranges: of this database, leases merged in */
    PART_ROWS,     /* struct rows: of the table shown */
    PART_REPORT,   /* struct report */
    PART_VERDICTS, /* struct verdicts: computed, not read */
    PART_KINDS
};

struct server_info {
    char *version_text; /* crdb_version as the server says it */
    int version;        /* major * 100 + minor, 2201; 0 unknown */
    char *cluster_id;   /* NULL not readable */
    char *user;
    char *database;
    int gateway_node;   /* 0 unknown */
    char *gateway_region; /* NULL unknown */
    bool unsafe_internals; /* system catalogs are open to this session */
    VEC_STRUCT(char *) databases; /* those there are */
    VEC_STRUCT(char *) missing;   /* sentences: what may not be read, with the GRANT that would allow it */
    bool offers_sandbox;   /* the server lists a schema "sandbox" with failure functions */
};

/* Verdict of one range, worst over the homes it holds. */
struct range_verdict {
    int64_t range_id;
    bool gap;              /* holds no rows */
    bool foreign;          /* of no table of this database */
    const struct domicile_verdict *domicile; /* one of verdicts.kinds */
    unsigned conformance;  /* of enum conformance, findings on demand */
    usec since;            /* loop time this domicile verdict began; 0: at the first snapshot */
};
struct verdict_counts {
    int ranges;       /* judged by a rule */
    int home, abroad, unknown; /* ranges; abroad = any of the three */
    int unavailable, moving;
    int voters_abroad, non_voters_abroad, learners_abroad; /* replicas */
};
/* Counts per region (index as in database.regions) for the Regions pane. */
struct region_counts {
    int ranges;  /* of this database with a replica there */
    int leases;  /* with the leaseholder there; -1 not known */
    int abroad;  /* replicas there that belong elsewhere */
    int64_t last; /* the range counted last: one with two replicas there counts once */
};
struct table_verdict {
    int64_t table_id;
    int ranges;
    enum domicile worst;
    int abroad_replicas;
    int holes;    /* partitions and indexes of which not every range was read */
    int not_conforming, conformance_unknown; /* ranges that hold something of it */
    unsigned conformance_states; /* union over them */
};
struct verdicts {
    VEC_STRUCT(struct range_verdict) ranges; /* same order as the snapshot's ranges */
    VEC_STRUCT(struct domicile_verdict *) kinds; /* each verdict there is once: many ranges share few */
    VEC_STRUCT(struct table_verdict) tables; /* same order as the catalog's tables */
    VEC_STRUCT(struct region_counts) regions;
    struct verdict_counts rows; /* ranges that hold rows; what was not read of a table counts as one unknown */
    struct verdict_counts gaps; /* gap ranges, apart */
    int conforming, not_conforming, conformance_unknown; /* ranges */
    unsigned conformance_states; /* union */
};

/* A part: immutable once in a snapshot. */
struct part {
    enum part_kind kind;
    int refs;
    usec asof;     /* loop time of the oldest answer it rests on */
    int64_t asof_wall; /* the same by the local wall clock, µs since 1970: for display as a time */
    void *data;    /* struct by kind */
};

/* Takes data (by kind) over; refs = 1. */
struct part *part_new(enum part_kind kind, void *data, usec asof, int64_t asof_wall);
struct part *part_ref(struct part *p);
void part_unref(struct part *p); /* NULL allowed */
/* For who holds the last reference and is about to give it up: frees up to n entries from the end of a long list of
 * ranges or verdicts; false when none is left. */
bool part_shrink(struct part *p, size_t n);

struct snapshot {
    struct part *parts[PART_KINDS]; /* NULL: never read */
};
/* Typed access; NULL when the part was never read. */
const struct server_info *snapshot_server(const struct snapshot *s);
const struct topology *snapshot_topology(const struct snapshot *s);
const struct catalog *snapshot_catalog(const struct snapshot *s);
const struct ranges *snapshot_ranges(const struct snapshot *s);
const struct rows *snapshot_rows(const struct snapshot *s);
const struct report *snapshot_report(const struct snapshot *s);
const struct verdicts *snapshot_verdicts(const struct snapshot *s);
/* The verdict of r, a range of ranges; NULL when it was not judged. O(1) where both lists are of one survey. */
const struct range_verdict *verdicts_range(
    const struct verdicts *v, const struct ranges *ranges, const struct range *r);
/* Replaces one part (takes the reference). */
void snapshot_set(struct snapshot *s, struct part *p);
void snapshot_copy(struct snapshot *to, const struct snapshot *from); /* shares the parts */
void snapshot_clear(struct snapshot *s);

/* Judges every range of s in slices: a resumable cursor. previous (may be NULL) is the judged picture before, whose
 * "since" is carried over; the cursor shares the parts of both. */
struct judge;
struct judge *judge_new(const struct snapshot *s, const struct snapshot *previous, usec now);
/* Goes on for about budget µs of the monotonic clock, told through elapsed(); true when done. */
bool judge_step(struct judge *j, bool (*more)(void *arg), void *arg);
/* Takes the finished verdicts. */
struct verdicts *judge_take(struct judge *j);
void judge_free(struct judge *j);
void verdicts_free(struct verdicts *v);

#endif
