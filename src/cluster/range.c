/* range: range descriptors, sorted by key. */
#include "domicile/cluster/range.h"

#include <stdlib.h>
#include <string.h>

void range_free(struct range *r) {
    key_free(&r->start);
    key_free(&r->end);
    free(r->start_pretty);
    vec_free(&r->replicas);
    *r = (struct range){0};
}

void range_copy(struct range *to, const struct range *from) {
    *to = *from;
    to->start = (struct key){0};
    to->end = (struct key){0};
    key_copy(&to->start, &from->start);
    key_copy(&to->end, &from->end);
    to->start_pretty = mem_strdup_null(from->start_pretty);
    to->replicas.items = NULL;
    to->replicas.len = to->replicas.cap = 0;
    vec_reserve(&to->replicas, from->replicas.len);
    for (size_t i = 0; i < from->replicas.len; i++)
        vec_push(&to->replicas, from->replicas.items[i]);
}

void range_add_replica(struct range *r, int store_id, enum replica_kind kind) {
    size_t at = 0;
    while (at < r->replicas.len && r->replicas.items[at].store_id < store_id)
        at++;
    if (at < r->replicas.len && r->replicas.items[at].store_id == store_id) {
        r->replicas.items[at].kind = kind;
        return;
    }
    struct replica replica = {store_id, kind};
    vec_push(&r->replicas, replica);
    memmove(r->replicas.items + at + 1, r->replicas.items + at, (r->replicas.len - 1 - at) * sizeof replica);
    r->replicas.items[at] = replica;
}

int range_count(const struct range *r, enum replica_kind kind) {
    int n = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        n += r->replicas.items[i].kind == kind;
    return n;
}

const struct replica *range_replica(const struct range *r, int store_id) {
    for (size_t i = 0; i < r->replicas.len; i++)
        if (r->replicas.items[i].store_id == store_id)
            return &r->replicas.items[i];
    return NULL;
}

void ranges_free(struct ranges *rs) {
    for (size_t i = 0; i < rs->len; i++)
        range_free(&rs->items[i]);
    vec_free(&rs->breaks);
    vec_free(rs);
}

static int by_start(const void *a, const void *b) {
    const struct range *x = a;
    const struct range *y = b;
    return key_compare(&x->start, &y->start);
}

void ranges_sort(struct ranges *rs) {
    rs->breaks_known = false;
    bool sorted = true; /* servers mostly answer in key order */
    for (size_t i = 1; sorted && i < rs->len; i++)
        sorted = by_start(&rs->items[i - 1], &rs->items[i]) <= 0;
    if (!sorted)
        qsort(rs->items, rs->len, sizeof *rs->items, by_start);
}

const struct range *ranges_find(const struct ranges *rs, const struct key *k) {
    size_t low = 0;
    size_t high = rs->len;
    while (low < high) { /* the first that starts after k */
        size_t mid = low + (high - low) / 2;
        if (key_compare(&rs->items[mid].start, k) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return NULL;
    const struct range *r = &rs->items[low - 1];
    return key_compare(k, &r->end) < 0 ? r : NULL;
}

static bool follows(const struct range *r, const struct range *before) {
    return key_compare(&r->start, &before->end) == 0;
}

void ranges_find_breaks(struct ranges *rs) {
    vec_clear(&rs->breaks);
    for (size_t i = 1; i < rs->len; i++)
        if (!follows(&rs->items[i], &rs->items[i - 1]))
            vec_push(&rs->breaks, i);
    rs->breaks_known = true;
}

/* The first break after the range at i; the number of ranges when there is none. */
static size_t next_break(const struct ranges *rs, size_t i) {
    size_t low = 0;
    size_t high = rs->breaks.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rs->breaks.items[mid] <= i)
            low = mid + 1;
        else
            high = mid;
    }
    return low < rs->breaks.len ? rs->breaks.items[low] : rs->len;
}

bool ranges_cover(const struct ranges *rs, const struct key *start, const struct key *end) {
    const struct range *first = ranges_find(rs, start);
    if (!first)
        return false;
    size_t i = (size_t)(first - rs->items);
    size_t past = i + 1; /* of those that follow each other */
    if (rs->breaks_known)
        past = next_break(rs, i);
    while (!rs->breaks_known && past < rs->len && key_compare(&rs->items[past - 1].end, end) < 0
        && follows(&rs->items[past], &rs->items[past - 1]))
        past++;
    return key_compare(&rs->items[past - 1].end, end) >= 0;
}

const struct range *ranges_by_id(const struct ranges *rs, int64_t id) {
    for (size_t i = 0; i < rs->len; i++)
        if (rs->items[i].id == id)
            return &rs->items[i];
    return NULL;
}
