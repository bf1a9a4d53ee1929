/* planner: what a change would do, before it runs. Changes nothing. */
#ifndef DOMICILE_CLUSTER_PLANNER_H
#define DOMICILE_CLUSTER_PLANNER_H

#include "domicile/cluster/snapshot.h"

enum plan_kind {
    PLAN_PLACEMENT,
    PLAN_SURVIVE,
    PLAN_ADD_REGION,
    PLAN_DROP_REGION,
    PLAN_SET_LOCALITY,
    PLAN_ADD_SUPER_REGION,
};

struct plan_request {
    enum plan_kind kind;
    enum placement placement;  /* PLAN_PLACEMENT */
    enum survival survival;    /* PLAN_SURVIVE */
    const char *region;        /* ADD/DROP REGION */
    const char *table;         /* SET LOCALITY */
    const char *locality;      /* SET LOCALITY: "REGIONAL BY ROW AS region" */
    const char *super_region;  /* ADD SUPER REGION: name; members in regions */
    const char *const *regions;
    size_t region_count;
};

/* One object whose zone configuration changes. */
struct plan_zone {
    char *target; /* "DATABASE django" */
    char *before; /* "num_replicas 5, constraints {…}" */
    char *after;
    int inheritors; /* objects that change only because they inherit it */
};
/* Replicas that would come to or leave one region. */
struct plan_region {
    char *region;
    int leave_non_voters, leave_voters, come_non_voters, come_voters;
};
/* A statement that has to run, in order. */
struct plan_statement {
    char *sql;
    char *why; /* "needs this session setting"; NULL for the change itself */
};

struct plan {
    bool possible;       /* false: obstacles say why */
    bool changes;        /* false: it is so already */
    char *title;         /* "Placement of django: DEFAULT -> RESTRICTED" */
    VEC_STRUCT(struct plan_zone) zones;
    VEC_STRUCT(struct plan_region) regions;
    int ranges;          /* that would change */
    VEC_STRUCT(char *) obstacles; /* what would stop it and why, a sentence each, with the way out */
    VEC_STRUCT(char *) costs;     /* what it costs */
    char *undo;          /* how to undo; or that it cannot be */
    VEC_STRUCT(struct plan_statement) statements;
    char *uncertain;     /* what could not be computed and why; NULL nothing */
};

/* Quotes identifiers itself; the statements are ready to run. */
struct plan *plan_make(const struct snapshot *s, const struct plan_request *r);
void plan_free(struct plan *p);

#endif
