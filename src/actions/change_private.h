/* change_private: what the files of the change share. */
#ifndef ACTIONS_CHANGE_PRIVATE_H
#define ACTIONS_CHANGE_PRIVATE_H

#include "domicile/actions/change.h"
#include "domicile/sql/statement.h"
#include "task.h"

/* One statement, and what is so between it and the end (NULL: nothing to tell). */
struct change_step {
    char *sql;
    char *left;
};

struct change {
    struct loop *loop;
    struct survey *s;
    struct task *task;      /* the statements' session */
    struct task *jobs;      /* asks for the job of a long one */
    bool jobs_ready, job_asked;
    VEC_STRUCT(struct change_step) plan;
    struct change_progress progress;
    struct loop_timer *timer;
    usec calm_since;        /* loop time since which nothing moves; 0 something does */
    void (*changed)(void *arg, const struct change_progress *progress);
    void *arg;
};

void change_tell(struct change *c);
void change_set_state(struct change *c, enum change_state state, char *message);
void change_replace(char **text, char *with);

/* -- drain -- */
void change_begin_counts(struct change *c);

#endif
