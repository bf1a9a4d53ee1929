/* world_quorum: which ranges can be reached, and since when others have no leader. */
#include "world_private.h"

#include <stdlib.h>

struct votes {
    int voters, live;
};

static struct votes votes_of(const struct world *w, const struct world_range *r) {
    struct votes v = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        v.voters++;
        v.live += world_store_live(w, r->replicas.items[i].store_id);
    }
    return v;
}

bool world_range_available(const struct world *w, const struct world_range *r) {
    const struct votes v = votes_of(w, r);
    return v.live >= v.voters / 2 + 1;
}

const struct world_range *world_lost_range(const struct world *w, const struct key *start, const struct key *end) {
    for (size_t i = world_find(w, start); i < w->ranges.len; i++) {
        const struct world_range *r = w->ranges.items[i];
        if (key_compare(&r->start, end) >= 0 && key_compare(&r->start, start) != 0)
            break;
        if (!world_range_available(w, r))
            return r;
    }
    return NULL;
}

bool world_available(const struct world *w, const struct key *start, const struct key *end) {
    return !world_lost_range(w, start, end);
}

static int by_time(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The leader is lost with the first voter that a quorum cannot do without, once its liveness record has run out. */
int64_t world_leaderless_since(const struct world *w, const struct world_range *r) {
    const struct votes v = votes_of(w, r);
    const size_t spare = (size_t)(v.voters - (v.voters / 2 + 1));
    VEC_STRUCT(int64_t) ends = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct world_node *n = world_store_node(w, r->replicas.items[i].store_id);
        if (r->replicas.items[i].kind == REPLICA_VOTER && !n->up)
            vec_push(&ends, n->down_wall);
    }
    if (ends.len > 1)
        qsort(ends.items, ends.len, sizeof *ends.items, by_time);
    const int64_t since = ends.len > spare ? ends.items[spare] + LIVENESS_EXPIRES : 0;
    vec_free(&ends);
    return since;
}
