/* task: a session of an action's own: opened, used for one statement at a time, closed. */
#ifndef ACTIONS_TASK_H
#define ACTIONS_TASK_H

#include "domicile/pg/connection.h"
#include "domicile/survey/survey.h"

struct task;

struct task_options {
    const char *conninfo; /* NULL: the survey's */
    const char *host, *port; /* in place of the conninfo's; NULL as it says */
    void (*ready)(void *arg);                      /* the session is there (again, after task_reopen) */
    void (*failed)(void *arg, const char *reason); /* it cannot be had */
    void (*notice)(void *arg, const struct pg_error *notice); /* may be NULL */
    void *arg;
    bool routine; /* its statements are the program's own, asked again and again: not for the feed */
};

struct task *task_new(struct loop *loop, const struct survey *s, const struct task_options *o, struct err *err);
/* No callback comes afterwards; may be called inside one. NULL allowed. */
void task_free(struct task *t);
/* Connects again after the session was lost. */
void task_reopen(struct task *t);
/* Sends; answered with arg of the options. done is not called after task_free. */
void task_query(struct task *t, const char *sql, const char *const *params, size_t n, usec timeout,
    const char *purpose, void (*done)(void *arg, struct pg_result *r, const struct pg_error *e, usec took));
void task_cancel(struct task *t);

#endif
