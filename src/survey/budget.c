/* budget: a minute of time that all rounds share. A round takes more of it than it cost, by the rate allowed: of a
 * connection's second 20 ms may be spent, so that a round of 20 ms takes a second of the budget. */
#include "budget.h"

#include <string.h>

enum { PER_MILLE = 20, HURRIED_PER_MILLE = 100, MINUTE = 60 * USEC_PER_SEC };
static const usec longest = 3600 * (usec)USEC_PER_SEC;

/* What is read besides the groups of questions. */
static const struct wish rows_wish = {2 * USEC_PER_SEC, 1 * USEC_PER_SEC, 17, true};
static const struct wish keys_wish = {2 * USEC_PER_SEC, 1 * USEC_PER_SEC, 8, true};

static const struct wish *wish_of(int who) {
    return who < SPENDER_ROWS ? &group_table[who].wish : who == SPENDER_ROWS ? &rows_wish : &keys_wish;
}

static usec takes(usec cost, bool hurried) {
    return cost * 1000 / (hurried ? HURRIED_PER_MILLE : PER_MILLE);
}

/* What a whole round takes when a piece costs so much. */
static usec round_takes(const struct spending *p, usec cost, bool hurried) {
    return takes(cost, hurried) * (p->pieces > 0 ? p->pieces : 1);
}

/* -- the minute that lies behind -- */

static void turn_to(struct spending *p, usec second) {
    usec steps = second - p->second;
    for (usec i = 1; i <= steps && i <= BUDGET_SECONDS; i++)
        p->taken[(p->second + i) % BUDGET_SECONDS] = 0;
    p->second = second > p->second ? second : p->second;
}

/* Taken in the minute that ends with this second, as far as it is known now. */
static usec taken_until(const struct spending *p, usec second) {
    usec all = 0;
    for (usec at = second - BUDGET_SECONDS + 1; at <= p->second; at++)
        if (at >= 0 && at > p->second - BUDGET_SECONDS)
            all += p->taken[at % BUDGET_SECONDS];
    return all;
}

static usec share_of(int who) {
    return MINUTE / 100 * wish_of(who)->share;
}

/* -- the minute that lies ahead -- */

/* The most that its rounds will take of any minute; of those that are rarer, the average. */
static usec of_a_minute(const struct spending *p, bool hurried) {
    usec size = round_takes(p, p->typical, hurried);
    if (p->interval <= 0)
        return 0;
    if (p->interval >= MINUTE)
        return (usec)((double)size * MINUTE / (double)p->interval);
    return size * ((MINUTE - 1) / p->interval + 1);
}

/* A share is everybody's own; what others leave of theirs is for whoever needs it. */
static usec available(const struct budget *b, int who, bool hurried) {
    usec left = MINUTE, share = share_of(who);
    for (int i = 0; i < SPENDERS; i++)
        if (i != who)
            left -= of_a_minute(&b->of[i], hurried);
    return left > share ? left : share;
}

/* The shortest interval at which rounds of this size stay within what a minute allows. */
static usec stretched(usec size, usec allowed) {
    usec rounds = size > 0 ? allowed / size : MINUTE;
    if (rounds > 0)
        return (MINUTE + rounds - 1) / rounds;
    return (usec)((double)size * MINUTE / (double)allowed);
}

/* What the others took, or will. */
static usec others_until(const struct budget *b, int who, usec second, bool hurried) {
    usec all = 0;
    for (int i = 0; i < SPENDERS; i++) {
        usec taken = taken_until(&b->of[i], second), will = of_a_minute(&b->of[i], hurried);
        all += i == who ? 0 : taken > will ? taken : will;
    }
    return all;
}

/* The first second in which a round of that size fits beside the others, or into its own share. */
static usec fits_at(const struct budget *b, int who, usec size, usec second, bool hurried) {
    for (usec end = second + BUDGET_SECONDS; second < end; second++) {
        usec own = taken_until(&b->of[who], second) + size;
        if (own == size || own <= share_of(who) || own + others_until(b, who, second, hurried) <= MINUTE)
            break;
    }
    return second;
}

static usec wished(const struct budget *b, const struct wish *w, bool hurried) {
    usec interval = w->interval;
    if (b->refresh > 0 && (w->picture || b->refresh > interval))
        interval = b->refresh;
    return hurried && w->hurried < interval ? w->hurried : interval;
}

/* Rounds of whole seconds begin at multiples of their interval: those of one interval are asked in one wake-up, with
 * those of others as often as can be, and their answers make one picture. What is a little late is made up for. */
static usec on_beat(usec interval, usec next, usec now) {
    usec late = interval > 0 ? next % interval : 0;
    if (interval % USEC_PER_SEC != 0 || late == 0)
        return next;
    if (late > interval / 4)
        return next - late + interval;
    return next - late >= now ? next - late : next;
}

/* -- what others call -- */

void budget_spend(struct budget *b, int who, usec now, bool hurried, usec cost) {
    struct spending *p = &b->of[who];
    p->typical = p->interval == 0 ? cost : (3 * p->typical + cost) / 4;
    p->last = cost;
    turn_to(p, now / USEC_PER_SEC);
    p->taken[p->second % BUDGET_SECONDS] += takes(cost, hurried);
}

usec budget_next(struct budget *b, int who, usec began, usec now, bool hurried) {
    struct spending *p = &b->of[who];
    usec interval = wished(b, wish_of(who), hurried);
    usec least = stretched(round_takes(p, p->typical, hurried), available(b, who, hurried));
    if (interval < least)
        interval = least;
    p->interval = interval < longest ? interval : longest;
    usec next = began + p->interval > now ? began + p->interval : now;
    usec size = round_takes(p, p->last > p->typical ? p->last : p->typical, hurried);
    usec fits = fits_at(b, who, size, next / USEC_PER_SEC, hurried) * USEC_PER_SEC;
    return fits > next ? fits : on_beat(p->interval, next, now);
}

usec budget_beat(usec at) {
    return (at + USEC_PER_SEC - 1) / USEC_PER_SEC * USEC_PER_SEC;
}

usec budget_interval(const struct budget *b, int who) {
    return b->of[who].interval > 0 ? b->of[who].interval : wished(b, wish_of(who), false);
}

void budget_clear(struct budget *b) {
    for (int i = 0; i < SPENDERS; i++)
        b->of[i] = (struct spending){.pieces = b->of[i].pieces};
}

void budget_pieces(struct budget *b, int who, size_t pieces) {
    b->of[who].pieces = (int)pieces;
}

void budget_anew(struct budget *b, int who, size_t pieces) {
    struct spending *p = &b->of[who];
    p->pieces = (int)pieces;
    p->typical = p->last = p->interval = 0;
}
