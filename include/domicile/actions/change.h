/* change: runs the statements of a plan in order, tells how far they are, and watches the replicas drain. */
#ifndef DOMICILE_ACTIONS_CHANGE_H
#define DOMICILE_ACTIONS_CHANGE_H

#include "domicile/cluster/planner.h"
#include "domicile/survey/survey.h"

enum change_state {
    CHANGE_CONNECTING,
    CHANGE_RUNNING,    /* a statement is under way */
    CHANGE_CANCELLING, /* Esc was pressed: the server was asked */
    CHANGE_DRAINING,   /* done on the server; replicas are on their way */
    CHANGE_SETTLED,    /* nothing moves any more */
    CHANGE_FAILED,
    CHANGE_CANCELLED,
    CHANGE_UNCERTAIN,  /* the connection was lost while a statement ran: the survey will tell */
};

/* What its progress is counted by. */
enum change_measure {
    CHANGE_LEAVES, /* replicas abroad leave: of the most there were */
    CHANGE_COMES,  /* replicas come, abroad: of those that the plan foretells */
    CHANGE_TURNS,  /* both, or it could not be foretold: ranges that conform to the new rules, of those that change */
};

/* One look at the cluster while it drains. */
struct change_sample {
    usec at;
    int abroad;         /* replicas outside home in ranges that hold rows */
    int abroad_gaps;    /* the same in gap ranges */
    int not_conforming; /* ranges that do not conform */
};

struct change_progress {
    enum change_state state;
    char *title;             /* the plan's */
    size_t statement;        /* index of the one under way or last run */
    size_t statements;
    char *sql;               /* that one's text */
    usec started;            /* loop time of the first statement */
    usec statement_started;
    usec changed;            /* loop time at which the last statement was done; 0 not yet */
    char *job_id;            /* of the job that the statement under way, or the last one, waits for; NULL not known */
    bool job_named;          /* the server said so; false: it is the newest unfinished schema change of this user */
    char *job_status;        /* "running"; NULL not read yet */
    enum change_measure measure;
    int foretold;            /* replicas that come, or ranges that change, by the plan; 0 not known */
    bool in_force;           /* the survey has seen the new rules: conformance is to these */
    int peak_not_conforming; /* the most since then */
    double job_fraction;     /* 0 .. 1 of its job; -1 not read yet */
    char *job_text;          /* what the job says of itself; NULL */
    int start_abroad, start_gaps;     /* when it began */
    int peak_abroad, peak_gaps;       /* the most since (a way back brings replicas abroad) */
    VEC_STRUCT(struct change_sample) history; /* oldest first, at most one a second, the last ten minutes */
    VEC_STRUCT(char *) to_go; /* "r79 on n6 n9": at most eight */
    char *message;           /* one sentence for the state; never NULL */
    char *hint;              /* NULL */
    char sqlstate[6];
    VEC_STRUCT(char *) notices; /* what the server said meanwhile */
};

struct change;
/* Starts the plan's statements on a session of its own. changed is called on the loop whenever the progress
 * did. The plan is copied. NULL: refused before anything was sent (read-only, an impossible plan). */
struct change *change_start(struct loop *loop, struct survey *s, const struct plan *plan,
    void (*changed)(void *arg, const struct change_progress *progress), void *arg, struct err *err);
const struct change_progress *change_progress(const struct change *c);
/* Asks the server to cancel what runs; while draining: stops watching. */
void change_cancel(struct change *c);
/* To be called with the survey's changed parts: takes a sample. */
void change_notice(struct change *c, unsigned parts);
/* Leaves: a statement under way is left running on the server only if leave is true, else cancelled. */
void change_free(struct change *c, bool leave);

/* How much of what follows is done, 0 .. 1, and the counts: gone of all, in what the measure counts. */
double change_fraction(const struct change_progress *p, int *gone, int *all);

#endif
