/* planner_settle: how a zone configuration spreads the replicas of one range over the regions. */
#include "planner_private.h"

static int least(int a, int b) { return a < b ? a : b; }

static int room_left(const struct settling *s, size_t i) {
    return s->room[i] - s->want.voters[i] - s->want.non_voters[i];
}

/* Up to wanted replicas of a kind into region i, out of those left. */
static int give(struct settling *s, int *kind, size_t i, int wanted, int *left) {
    int n = least(least(wanted, *left), room_left(s, i));
    if (n <= 0)
        return 0;
    kind[i] += n;
    *left -= n;
    return n;
}

/* The voters that the voter constraints bind; those for which a region has no node are nowhere. */
static void bind_voters(struct settling *s, int *voters) {
    for (size_t i = 0; i < s->n; i++) {
        int asked = least(s->demand->voters_in[i], *voters);
        int short_of = asked - give(s, s->want.voters, i, asked, voters);
        s->homeless += short_of;
        *voters -= short_of;
    }
}

static int lacking(const struct settling *s, size_t i) {
    int n = s->demand->all_in[i] - s->want.voters[i] - s->want.non_voters[i];
    return n > 0 ? n : 0;
}

/* What the constraints still lack, first by those of the kind that are there already. */
static void fill_lacking(struct settling *s, int *kind, const int *now, int *left) {
    for (int there = 1; there >= 0; there--)
        for (size_t i = 0; i < s->n; i++)
            give(s, kind, i, there ? least(lacking(s, i), now[i] - kind[i]) : lacking(s, i), left);
}

static int all_lacking(const struct settling *s) {
    int n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += lacking(s, i);
    return n;
}

/* The region with room that has the fewest of the kind; of those alike, one that holds a replica now. n: none. */
static size_t emptiest(const struct settling *s, const int *kind) {
    size_t best = s->n;
    for (size_t i = 0; i < s->n; i++) {
        bool there = s->now->voters[i] + s->now->non_voters[i] > 0;
        bool best_there = best < s->n && s->now->voters[best] + s->now->non_voters[best] > 0;
        if (room_left(s, i) > 0 &&
            (best == s->n || kind[i] < kind[best] || (kind[i] == kind[best] && there && !best_there)))
            best = i;
    }
    return best;
}

/* What nothing binds stays where it is, and the rest goes where there are fewest. */
static void place_free(struct settling *s, int *kind, const int *now, int *left) {
    s->open += *left;
    for (size_t i = 0; i < s->n; i++)
        give(s, kind, i, now[i] - kind[i], left);
    while (*left > 0) {
        size_t at = emptiest(s, kind);
        if (at == s->n) {
            s->homeless += *left;
            *left = 0;
        } else {
            give(s, kind, at, 1, left);
        }
    }
}

void planner_settle(struct settling *s) {
    int voters = s->demand->voters;
    int non_voters = s->demand->non_voters;
    bind_voters(s, &voters);
    int choice = all_lacking(s);
    if (voters > 0 && voters < choice)
        s->open += voters; /* which of the regions get a voter, and which a non-voter */
    fill_lacking(s, s->want.voters, s->now->voters, &voters);
    fill_lacking(s, s->want.non_voters, s->now->non_voters, &non_voters);
    place_free(s, s->want.voters, s->now->voters, &voters);
    place_free(s, s->want.non_voters, s->now->non_voters, &non_voters);
}
