/* planner: what a change would do, before it runs. Changes nothing. */
#ifndef DOMICILE_CLUSTER_PLANNER_H
#define DOMICILE_CLUSTER_PLANNER_H

#include "domicile/cluster/snapshot.h"

enum plan_kind {
    PLAN_PLACEMENT,
    PLAN_SURVIVE,
    PLAN_ADD_REGION,
    PLAN_DROP_REGION,
    PLAN_PRIMARY_REGION,
    PLAN_SET_LOCALITY,
    PLAN_ADD_SUPER_REGION,
    PLAN_ALTER_SUPER_REGION,
    PLAN_DROP_SUPER_REGION,
    PLAN_SET_SECONDARY_REGION,
    PLAN_DROP_SECONDARY_REGION,
};

struct plan_request {
    enum plan_kind kind;
    enum placement placement;  /* PLAN_PLACEMENT */
    enum survival survival;    /* PLAN_SURVIVE */
    const char *region;        /* ADD/DROP/PRIMARY/SET SECONDARY REGION */
    const char *schema;        /* SET LOCALITY: of the table; NULL: public, or else the only one with such a table */
    const char *table;         /* SET LOCALITY */
    const char *locality;      /* SET LOCALITY: "REGIONAL BY ROW AS region" */
    const char *super_region;  /* ADD/ALTER/DROP SUPER REGION: name; members (not of DROP) in regions */
    const char *const *regions;
    size_t region_count;
};

/* An object whose zone configuration changes, or several alike. */
struct plan_zone {
    char *target; /* "DATABASE django", "PARTITION uk of t" */
    int alike;    /* further objects of the kind that change in the same way */
    char *before; /* "num_replicas 5, constraints {…}": what differs */
    char *after;
    int inheritors; /* objects that change only because they inherit it */
};
/* Replicas that would come to or leave one region, over every range. */
struct plan_region {
    char *region;
    int leave_non_voters, leave_voters, come_non_voters, come_voters;
};
/* What a range has in one region now, and what it would have. */
struct plan_place {
    const char *region; /* owned by the plan's regions */
    int voters_before, voters_after, non_voters_before, non_voters_after;
};
/* A range, or a part of one that would be split because its parts come under different configurations. */
struct plan_piece {
    int64_t range_id;
    int part; /* 0: the one that holds the range's start key */
};
/* Pieces that would change alike, or all stay as they are. */
struct plan_move {
    VEC_STRUCT(struct plan_piece) pieces;
    VEC_STRUCT(struct plan_place) places; /* regions in which it has or would have a replica */
    int open; /* replicas of each whose region the rules leave open: they are taken to stay where they are */
};
/* A statement that has to run, in order. */
struct plan_statement {
    char *sql;
    char *why; /* "needs this session setting"; NULL for the change itself */
    char *left; /* what is so if no later statement runs ("table t is unlocked: …"); NULL: nothing to tell */
};

struct plan {
    bool possible;       /* false: obstacles say why */
    bool changes;        /* false: it is so already */
    char *title;         /* "Placement of django: DEFAULT -> RESTRICTED" */
    VEC_STRUCT(struct plan_zone) zones;
    VEC_STRUCT(struct plan_region) regions;
    VEC_STRUCT(struct plan_move) moves; /* the most pieces first */
    int ranges;          /* that would change, counted after splits */
    int splits;          /* ranges that would have to be split first */
    int open;            /* replicas whose region the rules leave open, over every range */
    int homeless;        /* replicas wanted where there are not enough live nodes for them */
    VEC_STRUCT(char *) obstacles; /* what would stop it and why, a sentence each, with the way out */
    VEC_STRUCT(char *) costs;     /* what it costs */
    char *undo;          /* how to undo; or that it cannot be */
    VEC_STRUCT(struct plan_statement) statements;
    char *uncertain;     /* what could not be computed and why; NULL nothing */
    char *unchecked; /* the privileges that could not be checked, and why; NULL: none is missing, or obstacles say so */
};

/* Quotes identifiers itself; the statements are ready to run. */
struct plan *plan_make(const struct snapshot *s, const struct plan_request *r);
void plan_free(struct plan *p);
/* Whether its ranges have, or would have, other replicas than now. */
bool plan_move_changes(const struct plan_move *m);
/* Appends "8 ranges: eu-west-1 1 -> 0 non-voters, uksouth 3 voters". */
void plan_print_move(struct str *out, const struct plan_move *m);

#endif
