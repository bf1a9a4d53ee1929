/* spans: zone configurations over stretches of keys. */
#include "domicile/sandbox/spans.h"

#include <stdlib.h>

void span_free(struct span *s) {
    key_free(&s->start);
    key_free(&s->end);
    zone_free(&s->zone);
    for (size_t i = 0; i < s->levels.len; i++)
        zone_free(&s->levels.items[i].own);
    vec_free(&s->levels);
}

void spans_free(struct spans *s) {
    for (size_t i = 0; i < s->len; i++)
        span_free(&s->items[i]);
    for (size_t i = 0; i < s->idle.len; i++)
        span_free(&s->idle.items[i]);
    vec_free(&s->idle);
    vec_free(s);
}

void span_copy(struct span *to, const struct span *from) {
    *to = (struct span){.system = from->system, .gone_wall = from->gone_wall};
    key_copy(&to->start, &from->start);
    key_copy(&to->end, &from->end);
    zone_copy(&to->zone, &from->zone);
    for (size_t i = 0; i < from->levels.len; i++) {
        struct span_level level = {
            .zone_id = from->levels.items[i].zone_id, .subzone_id = from->levels.items[i].subzone_id};
        zone_copy(&level.own, &from->levels.items[i].own);
        vec_push(&to->levels, level);
    }
}

const struct span *spans_find(const struct spans *s, const struct key *k) {
    size_t low = 0;
    size_t high = s->len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (key_compare(&s->items[mid].start, k) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low > 0 && key_compare(k, &s->items[low - 1].end) < 0 ? &s->items[low - 1] : NULL;
}

static int by_start(const void *a, const void *b) {
    return key_compare(&((const struct span *)a)->start, &((const struct span *)b)->start);
}

void spans_sort(struct spans *s) {
    if (s->len > 1)
        qsort(s->items, s->len, sizeof *s->items, by_start);
}
