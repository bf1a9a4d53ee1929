/* What the files of the planner share. */
#ifndef CLUSTER_PLANNER_PRIVATE_H
#define CLUSTER_PLANNER_PRIVATE_H

#include "domicile/cluster/planner.h"
#include "domicile/cluster/rules.h"

/* What the steps of one plan share. */
struct planning {
    struct plan *plan;
    const struct snapshot *s;
    const struct plan_request *r;
    const struct catalog *catalog;
    struct database after;
    struct table changed; /* SET LOCALITY: the table with its new locality; else zeroed */
    const struct table *table; /* the one that changes, as it is; NULL none */
    rules_version version;
};

/* -- planner -- */

/* Takes text over. */
void planner_obstacle(struct planning *p, char *text);
/* Copies text. */
void planner_cost(struct planning *p, const char *text);
/* Takes text over; what was uncertain before stays. */
void planner_uncertain(struct planning *p, char *text);

/* -- planner_requests: fills title, statements, obstacles, costs, and the database or table as it would be -- */

void planner_request(struct planning *p);

/* Adds a statement; left (may be NULL, taken over): see struct plan_statement. */
struct statement_arg;
void planner_statement(
    struct planning *p, const char *name, const struct statement_arg *args, size_t n, const char *why, char *left);
/* One about the database, by its name, and a region ({region}). */
void planner_of_region(struct planning *p, const char *name, const char *region);
/* A session setting that the change needs. */
void planner_setting(struct planning *p, const char *name);
/* Obstacles: a database without regions; the request's region is not the database's. */
bool planner_need_regions(struct planning *p);
bool planner_check_in_database(struct planning *p);
/* Under RESTRICTED there are three replicas, all at home, and yet one is wanted in each region of a super region. */
void planner_check_restricted_super(struct planning *p, size_t regions);

/* -- planner_super, planner_locality -- */

void planner_set_secondary(struct planning *p);
void planner_drop_secondary(struct planning *p);
void planner_add_super(struct planning *p);
void planner_alter_super(struct planning *p);
void planner_drop_super(struct planning *p);
void planner_set_locality(struct planning *p);

/* -- planner_rights: obstacles for privileges that are missing -- */

void planner_check_rights(struct planning *p);

/* -- planner_zones -- */

/* The database as it would be: names copied, zone configuration as the rules give it. */
void planner_copy_database(struct database *to, const struct database *from);
/* The full configuration of an object afterwards: the database's (t NULL), a table's, or that of a partition (region).
 * What placement does not set (range sizes, GC) is as in now (may be NULL). False: the rules refuse it. */
bool planner_zone_after(struct zone *out, const struct planning *p, const struct table *t, const char *region,
    const struct zone *now);
/* Lists the objects whose configuration changes. */
void planner_compare_zones(struct planning *p);

/* -- planner_layout: which configuration would govern which keys -- */

/* What a configuration asks of the regions (by their place in the topology). */
struct demand {
    int voters, non_voters;
    int *voters_in; /* at least, by region */
    int *all_in;    /* at least, of either kind */
};
struct governed {
    struct key start, end;
    size_t zone; /* of layout.zones */
};
struct layout {
    VEC_STRUCT(struct governed) spans; /* sorted, without overlap */
    VEC_STRUCT(struct zone) zones;     /* each different one once */
};
/* False: the bytes of a region are not known, or are a guess: then *why (static) says it. */
bool planner_layout(struct layout *l, const struct planning *p, const char **why);
void planner_layout_free(struct layout *l);

/* -- planner_moves -- */

/* How many replicas of a range are, or would be, in each region. */
struct spread {
    int *voters;
    int *non_voters;
};
/* Where replicas would be: what is demanded, and what is free where it is now. room: how many a region can take. */
struct settling {
    size_t n; /* regions */
    const struct demand *demand;
    const struct spread *now;
    const int *room;
    struct spread want;
    int open, homeless;
};
void planner_settle(struct settling *s);
/* Adds what would leave and come, region by region, over every range of the snapshot. */
void planner_count_moves(struct planning *p);

#endif
