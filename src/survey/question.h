/* question: what is asked of a server, as rows of a table: which statement's part, in which group, at what
 * cost, and what a failure means. */
#ifndef SURVEY_QUESTION_H
#define SURVEY_QUESTION_H

#include "domicile/cluster/snapshot.h"
#include "domicile/pg/result.h"
#include "domicile/sql/statement.h"

enum question {
    Q_SETTINGS,
    Q_DATABASES,
    Q_CLUSTER_ID,
    Q_FAILURES,
    Q_CLUSTER_REGIONS,
    Q_NODES,
    Q_LIVENESS,
    Q_STORES,
    Q_DATABASE,
    Q_DATABASE_REGIONS,
    Q_SUPER_REGIONS,
    Q_TABLES,
    Q_INDEX_IDS,
    Q_ENUMS,
    Q_ZONES,
    Q_PARTITIONS,
    Q_ZONE_DATABASE,
    Q_CREATES,
    Q_RIGHT_DATABASE,
    Q_RIGHT_TABLES,
    Q_RANGES,
    Q_LEASES,
    Q_REPORT_META,
    Q_REPORT,
    Q_REPORT_INTERVAL,
    QUESTIONS
};

/* Questions that are asked together, one after the other, and make one part of the snapshot. */
enum group_kind { GROUP_SERVER, GROUP_CATALOG, GROUP_TOPOLOGY, GROUP_RANGES, GROUP_LEASES, GROUP_REPORT, GROUPS };

struct question_row {
    const char *part;   /* of the statement table */
    enum group_kind group;
    bool quiet;         /* a failure only means that there is none of it */
    bool stand_in;      /* asked only when Q_ZONES may not be read */
    const char *what;   /* for sentences: "leaseholders" */
};
extern const struct question_row question_table[QUESTIONS];

/* How often something would be read if it cost nothing. */
struct wish {
    usec interval;
    usec hurried;      /* the same while hurried */
    int share;         /* of the budget that is its own, in percent */
    bool picture;      /* the user's own interval holds for it, also when it is shorter */
};

struct group_row {
    enum part_kind part;
    bool leases;       /* on the session where a hanging query may hang */
    struct wish wish;
    usec timeout;      /* of each question; 0: the option's */
};
extern const struct group_row group_table[GROUPS];

/* The answers of every question, kept until the next one of the same question. */
struct create_answer {
    char *schema;
    char *table;
    char *text;
};
struct answers {
    struct pg_result *of[QUESTIONS]; /* NULL: not read */
    VEC_STRUCT(struct create_answer) creates;
};
void answers_clear(struct answers *a);
void answers_clear_creates(struct answers *a);

#endif
