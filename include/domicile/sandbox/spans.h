/* spans: which zone configuration governs which stretch of keys, from the lowest object that has one up to
 * RANGE default: what the world is told to bring about. */
#ifndef DOMICILE_SANDBOX_SPANS_H
#define DOMICILE_SANDBOX_SPANS_H

#include "domicile/cluster/key.h"
#include "domicile/dialect/zone.h"

#include <stdint.h>

/* One object's own zone configuration: what it sets itself. */
struct span_level {
    int64_t zone_id;
    int64_t subzone_id; /* 0: the object itself; else of a partition or an index */
    struct zone own;
};

/* [start, end) with the full configuration and the levels it was inherited through, the lowest first. */
struct span {
    struct key start;
    struct key end;
    struct zone zone;
    VEC_STRUCT(struct span_level) levels;
    bool system; /* not of a user's table */
    int64_t gone_wall; /* µs since 1970: when its table was dropped; 0: it is there */
};

/* Sorted by start, without overlap. */
struct spans {
    VEC(struct span);
    VEC_STRUCT(struct span) idle; /* zones that there are and that govern no keys: only levels */
};
void span_free(struct span *s);
void spans_free(struct spans *s);
/* Deep copy into an empty one. */
void span_copy(struct span *to, const struct span *from);
/* The span that holds k; NULL none. */
const struct span *spans_find(const struct spans *s, const struct key *k);
void spans_sort(struct spans *s);

#endif
