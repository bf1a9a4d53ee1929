/* inspect: what is read only when somebody wants to see it: CREATE statements, zone configurations. */
#ifndef DOMICILE_ACTIONS_INSPECT_H
#define DOMICILE_ACTIONS_INSPECT_H

#include "domicile/survey/survey.h"

enum inspect_what {
    INSPECT_TABLE,     /* SHOW CREATE TABLE, and the zone configuration that applies to it */
    INSPECT_DATABASE,  /* SHOW CREATE DATABASE, and its zone configuration */
    INSPECT_PARTITION, /* zone configuration of a partition of an index */
    INSPECT_RANGE_DEFAULT, /* zone configuration of RANGE default */
};

struct inspect_request {
    enum inspect_what what;
    const char *schema;    /* NULL: public */
    const char *table;
    const char *index;     /* INSPECT_PARTITION; NULL: the table */
    const char *partition; /* INSPECT_PARTITION */
};

struct inspect_answer {
    bool done;        /* every statement was answered */
    char *create;     /* CREATE statement; NULL not asked or not answered */
    char *zone_target; /* who supplied the zone: "DATABASE django" */
    char *zone;       /* its SQL */
    char *problem;    /* a sentence; NULL fine */
};

struct inspect;
/* changed is called on the loop with each answer, and once with done. */
struct inspect *inspect_start(struct loop *loop, struct survey *s, const struct inspect_request *r,
    void (*changed)(void *arg, const struct inspect_answer *answer), void *arg);
const struct inspect_answer *inspect_answer(const struct inspect *i);
void inspect_free(struct inspect *i);

#endif
