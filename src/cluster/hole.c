/* hole: what the ranges that were read leave out of a table. */
#include "part.h"

#include "domicile/cluster/range.h"

static int part_holes(const struct range_part *part, const struct catalog *c, const struct ranges *rs) {
    struct key start = {0};
    struct key end = {0};
    bool whole = part_span(&start, &end, part, &c->database) && ranges_cover(rs, &start, &end);
    key_free(&start);
    key_free(&end);
    return !whole;
}

/* The index of a table by row as a whole, where it cannot be told which of it is whose. */
static int index_holes(const struct table *t, const struct index *ix, const struct ranges *rs) {
    struct key start = {0};
    struct key end = {0};
    key_begin(&start, (uint64_t)t->id, (uint64_t)ix->id);
    key_copy(&end, &start);
    key_prefix_end(&end);
    bool whole = ranges_cover(rs, &start, &end);
    key_free(&start);
    key_free(&end);
    return !whole;
}

static bool knows_bytes(const struct database *d) {
    for (size_t i = 0; i < d->regions.len; i++)
        if (d->regions.items[i].physical.len == 0)
            return false;
    return d->regions.len > 0;
}

int domicile_holes(const struct table *t, const struct catalog *c, const struct ranges *rs) {
    const struct database *d = &c->database;
    bool by_row = t->locality == TABLE_LOCALITY_BY_ROW;
    int holes = 0;
    if (t->locality == TABLE_LOCALITY_GLOBAL || (t->locality == TABLE_LOCALITY_NONE && !d->primary_region))
        return 0;
    if (t->id == 0 || t->indexes.len == 0)
        return 1;
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct range_part part = {.kind = SPAN_ROWS, .table = t, .index = &t->indexes.items[i]};
        for (size_t k = 0; by_row && knows_bytes(d) && k < d->regions.len; k++) {
            part.home = d->regions.items[k].name;
            holes += part_holes(&part, c, rs);
        }
        if (!by_row)
            holes += part_holes(&part, c, rs);
        else if (!knows_bytes(d))
            holes += index_holes(t, part.index, rs);
    }
    return holes;
}
