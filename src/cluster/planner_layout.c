/* planner_layout: which configuration would govern which keys of the database. */
#include "part.h"
#include "planner_private.h"

#include <stdlib.h>
#include <string.h>

void planner_layout_free(struct layout *l) {
    for (size_t i = 0; i < l->spans.len; i++) {
        key_free(&l->spans.items[i].start);
        key_free(&l->spans.items[i].end);
    }
    for (size_t i = 0; i < l->zones.len; i++)
        zone_free(&l->zones.items[i]);
    vec_free(&l->spans);
    vec_free(&l->zones);
}

/* Takes z over. */
static size_t zone_place(struct layout *l, struct zone *z) {
    for (size_t i = 0; i < l->zones.len; i++)
        if (zone_equal(&l->zones.items[i], z)) {
            zone_free(z);
            return i;
        }
    vec_push(&l->zones, *z);
    return l->zones.len - 1;
}

static int by_start(const void *a, const void *b) {
    return key_compare(&((const struct governed *)a)->start, &((const struct governed *)b)->start);
}

static bool add_partitions(
    struct layout *l, const struct planning *p, const struct table *now, const struct table *after) {
    const struct database *d = &p->after;
    for (size_t i = 0; i < now->indexes.len; i++)
        for (size_t k = 0; k < d->regions.len; k++) {
            const struct index *ix = &now->indexes.items[i];
            struct range_part part = {.kind = SPAN_ROWS, .table = now, .index = ix, .home = d->regions.items[k].name};
            struct governed g = {0};
            struct zone z = {0};
            const struct zone *as_now = NULL;
            for (size_t n = 0; n < ix->partitions.len; n++)
                if (strcmp(ix->partitions.items[n].region, part.home) == 0)
                    as_now = &ix->partitions.items[n].zone;
            if (!planner_zone_after(&z, p, after, part.home, as_now)) {
                zone_free(&z);
                return false;
            }
            g.zone = zone_place(l, &z);
            /* A region that is yet to be added has no bytes: its partitions are made of what is a gap now. */
            if (part_span(&g.start, &g.end, &part, &p->catalog->database))
                vec_push(&l->spans, g);
        }
    return true;
}

static void add_gap(struct layout *l, const struct key *start, const struct key *end, size_t zone) {
    struct governed g = {.zone = zone};
    if (key_compare(start, end) >= 0)
        return;
    key_copy(&g.start, start);
    key_copy(&g.end, end);
    vec_push(&l->spans, g);
}

static bool add_table(struct layout *l, const struct planning *p, const struct table *t) {
    const struct table *after = p->table == t ? &p->changed : t;
    struct zone z = {0};
    struct governed whole = {0};
    size_t first = l->spans.len;
    if (after->locality == TABLE_LOCALITY_BY_ROW && t->locality == TABLE_LOCALITY_BY_ROW &&
        !add_partitions(l, p, t, after))
        return false;
    if (!planner_zone_after(&z, p, after, NULL, &t->zone))
        return false;
    size_t zone = zone_place(l, &z);
    key_add_uvarint(&whole.start, (uint64_t)t->id);
    key_copy(&whole.end, &whole.start);
    key_prefix_end(&whole.end);
    size_t partitions = l->spans.len - first;
    if (partitions > 1)
        qsort(l->spans.items + first, partitions, sizeof *l->spans.items, by_start);
    for (size_t i = 0; i <= partitions; i++) { /* items move as they are added to: keys are copied first */
        struct key start = {0};
        struct key end = {0};
        key_copy(&start, i == 0 ? &whole.start : &l->spans.items[first + i - 1].end);
        key_copy(&end, i == partitions ? &whole.end : &l->spans.items[first + i].start);
        add_gap(l, &start, &end, zone);
        key_free(&start);
        key_free(&end);
    }
    key_free(&whole.start);
    key_free(&whole.end);
    return true;
}

bool planner_layout(struct layout *l, const struct planning *p, const char **why) {
    const struct catalog *c = p->catalog;
    *why = NULL;
    for (size_t i = 0; i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        for (size_t k = 0; t->locality == TABLE_LOCALITY_BY_ROW && k < c->database.regions.len; k++)
            if (c->database.regions.items[k].physical.len == 0 || c->database.regions.items[k].physical_guess)
                *why = "the bytes that stand for a region in keys could not be read, so that it is not known which "
                       "ranges hold whose rows";
        if (t->id == 0 || (t->locality == TABLE_LOCALITY_BY_ROW && t->indexes.len == 0))
            *why = "the ids or indexes of a table could not be read";
        else if (!*why && !add_table(l, p, t))
            *why = "the rules refuse it";
        if (*why)
            return false;
    }
    if (l->spans.len > 1)
        qsort(l->spans.items, l->spans.len, sizeof *l->spans.items, by_start);
    return true;
}
