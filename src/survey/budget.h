/* budget: how often each part may be read, so that all of them together stay within what a cluster may be asked for:
 * 2 % of a connection's time in any minute, 10 % while hurried. Pure: the time is a parameter, in µs of the loop's
 * clock. */
#ifndef SURVEY_BUDGET_H
#define SURVEY_BUDGET_H

#include "question.h"

/* Whoever spends: an enum group_kind, or one of these. */
enum { SPENDER_ROWS = GROUPS, SPENDER_KEYS, SPENDERS };

enum { BUDGET_SECONDS = 61 }; /* a minute and the second that it begins in */

struct spending {
    int pieces;         /* that make a round, paid one by one; 0 as 1 */
    usec typical, last; /* cost of a piece: smoothed, and the newest */
    usec interval;      /* 0: none was read yet */
    usec taken[BUDGET_SECONDS]; /* of the budget's time, by the second it was taken in */
    usec second;        /* the newest of those */
};

struct budget {
    usec refresh;       /* the interval that the user wishes; 0 none */
    struct spending of[SPENDERS];
};

/* A piece of a round is through that kept the server busy for cost. */
void budget_spend(struct budget *b, int who, usec now, bool hurried, usec cost);
/* When the round after the one that began then may begin, at a multiple of the interval where that is whole seconds; the
 * interval is the spender's from now on. */
usec budget_next(struct budget *b, int who, usec began, usec now, bool hurried);
usec budget_interval(const struct budget *b, int who);
/* The first second of the clock from at on: for what is read beside the budget. */
usec budget_beat(usec at);
/* What was counted until now is not known to be a cost. */
void budget_clear(struct budget *b);
/* A round is of so many pieces from now on. */
void budget_pieces(struct budget *b, int who, size_t pieces);
/* From now on it reads something else, whose cost is not known yet, in so many pieces a round. */
void budget_anew(struct budget *b, int who, size_t pieces);

#endif
