/* part: what part of a range's span belongs to which table, index and partition, and which holds no rows. */
#include "part.h"

#include <string.h>

/* A stretch of a table's key span: [start, end) with what governs it. */
struct stretch {
    struct key start;
    struct key end;
};

static void stretch_free(struct stretch *s) {
    key_free(&s->start);
    key_free(&s->end);
}

static bool overlaps(const struct range *r, const struct stretch *s) {
    return key_compare(&r->start, &s->end) < 0 && key_compare(&s->start, &r->end) < 0;
}

/* The region that a zone's voter constraints name: the home of a gap that it governs. */
static const char *zone_home(const struct zone *z, const struct database *d) {
    const struct zone_conjunctions *list = &z->voter_constraints;
    if (!(z->set & ZONE_VOTER_CONSTRAINTS) || list->len == 0)
        return NULL;
    for (size_t i = 0; i < list->len; i++)
        for (size_t k = 0; k < list->items[i].members.len; k++) {
            const struct zone_constraint *c = &list->items[i].members.items[k];
            const struct db_region *region = c->key && strcmp(c->key, "region") == 0 && !c->prohibited
                ? database_region(d, c->value)
                : NULL;
            if (region && (list->len == 1 || strcmp(region->name, d->primary_region ? d->primary_region : "") == 0))
                return region->name;
        }
    return NULL;
}

static const struct zone *readable(const struct zone *z) { return z->set ? z : NULL; }

/* What inherits was given its configuration when the catalog was read: without one it is not known, and another's
 * would prove nothing. */
static const struct zone *table_zone(const struct table *t) { return t->zones_unplaced ? NULL : readable(&t->zone); }

static const char *gap_home(const struct table *t, const struct database *d) {
    const struct zone *z = table_zone(t);
    const char *home = z ? zone_home(z, d) : NULL;
    if (t->locality == TABLE_LOCALITY_GLOBAL || !d->primary_region)
        return NULL;
    return home ? home : t->home ? t->home : d->primary_region;
}

static const char unread_indexes[] = "the indexes of the table could not be read";
static const char unread_bytes[] = "the bytes that stand for a region in keys could not be read";

const char *domicile_table_doubt(const struct table *t, const struct database *d) {
    if (d->primary_region && t->locality == TABLE_LOCALITY_NONE)
        return "the locality of the table could not be read";
    if (!d->primary_region && t->locality != TABLE_LOCALITY_NONE)
        return "the regions of the database could not be read";
    return NULL;
}

static void add(struct range_parts *out, const struct range_part *part) { vec_push(out, *part); }

/* [T/i/rep, T/i/rep/PrefixEnd) of one partition. False: the region's bytes are not known. */
static bool partition_stretch(
    struct stretch *s, const struct table *t, const struct index *ix, const struct db_region *region) {
    if (!region || region->physical.len == 0)
        return false;
    key_begin(&s->start, (uint64_t)t->id, (uint64_t)ix->id);
    key_add_bytes(&s->start, region->physical.data, region->physical.len, false);
    key_copy(&s->end, &s->start);
    key_prefix_end(&s->end);
    return true;
}

static void index_stretch(struct stretch *s, const struct table *t, const struct index *ix) {
    key_begin(&s->start, (uint64_t)t->id, (uint64_t)ix->id);
    key_copy(&s->end, &s->start);
    key_prefix_end(&s->end);
}

/* Whether r covers anything of whole that none of the covered stretches holds. covered is sorted by start. */
static bool covers_gap(const struct range *r, const struct stretch *whole, const struct stretch *covered, size_t n) {
    const struct key *at = key_compare(&r->start, &whole->start) > 0 ? &r->start : &whole->start;
    const struct key *end = key_compare(&r->end, &whole->end) < 0 ? &r->end : &whole->end;
    for (size_t i = 0; i < n && key_compare(at, end) < 0; i++) {
        if (key_compare(&covered[i].end, at) <= 0)
            continue;
        if (key_compare(&covered[i].start, at) > 0)
            return true;
        at = &covered[i].end;
    }
    return key_compare(at, end) < 0;
}

struct covered {
    VEC(struct stretch);
};

static void insert_sorted(struct covered *c, struct stretch s) {
    vec_push(c, s);
    size_t i = c->len - 1;
    for (; i > 0 && key_compare(&c->items[i - 1].start, &s.start) > 0; i--)
        c->items[i] = c->items[i - 1];
    c->items[i] = s;
}

/* Whether each region's bytes are known, if only as a guess. */
static bool knows_partitions(const struct database *d) {
    for (size_t i = 0; i < d->regions.len; i++)
        if (d->regions.items[i].physical.len == 0)
            return false;
    return d->regions.len > 0;
}

static void add_partitions(struct range_parts *out, struct covered *covered, const struct range *r,
    const struct table *t, const struct index *ix, const struct database *d) {
    for (size_t i = 0; i < d->regions.len; i++) {
        const struct db_region *region = &d->regions.items[i];
        const struct zone *zone = NULL; /* every partition is given one: without it is not known */
        struct stretch s = {0};
        for (size_t p = 0; p < ix->partitions.len; p++)
            if (strcmp(ix->partitions.items[p].region, region->name) == 0)
                zone = readable(&ix->partitions.items[p].zone);
        if (!partition_stretch(&s, t, ix, region)) {
            stretch_free(&s);
            continue;
        }
        if (overlaps(r, &s))
            add(out, &(struct range_part){SPAN_ROWS, t, ix, region->name, zone,
                         region->physical_guess ? unread_bytes : NULL});
        insert_sorted(covered, s);
    }
}

/* Where regions' bytes are guessed, what looks like a gap in an index may be a partition. */
static bool gap_in_doubt(const struct range *r, const struct table *t, const struct database *d) {
    bool guess = false;
    bool within = false;
    for (size_t i = 0; i < d->regions.len; i++)
        guess = guess || d->regions.items[i].physical_guess || d->regions.items[i].physical.len == 0;
    for (size_t i = 0; guess && i < t->indexes.len; i++) {
        struct stretch s = {0};
        index_stretch(&s, t, &t->indexes.items[i]);
        within = within || overlaps(r, &s);
        stretch_free(&s);
    }
    return within && t->locality == TABLE_LOCALITY_BY_ROW;
}

static const char *gap_doubt(const struct range *r, const struct table *t, const struct database *d) {
    const char *doubt = domicile_table_doubt(t, d);
    if (doubt)
        return doubt;
    if (t->locality == TABLE_LOCALITY_BY_ROW && t->indexes.len == 0)
        return unread_indexes;
    return gap_in_doubt(r, t, d) ? unread_bytes : NULL;
}

static void add_table(struct range_parts *out, const struct range *r, const struct table *t, const struct database *d) {
    struct stretch whole = {0};
    struct covered covered = {0};
    key_add_uvarint(&whole.start, (uint64_t)t->id);
    key_copy(&whole.end, &whole.start);
    key_prefix_end(&whole.end);
    bool touched = overlaps(r, &whole);
    for (size_t i = 0; touched && i < t->indexes.len; i++) {
        const struct index *ix = &t->indexes.items[i];
        bool by_row = t->locality == TABLE_LOCALITY_BY_ROW;
        if (by_row && knows_partitions(d)) {
            add_partitions(out, &covered, r, t, ix, d);
            continue;
        }
        struct stretch s = {0};
        index_stretch(&s, t, ix);
        if (overlaps(r, &s))
            add(out,
                &(struct range_part){SPAN_ROWS, t, ix, by_row ? d->primary_region : table_home(t, d), index_zone(t, ix),
                    by_row ? unread_bytes : domicile_table_doubt(t, d)});
        insert_sorted(&covered, s);
    }
    if (touched && covers_gap(r, &whole, covered.items, covered.len))
        add(out, &(struct range_part){SPAN_GAP, t, NULL, gap_home(t, d), table_zone(t), gap_doubt(r, t, d)});
    for (size_t i = 0; i < covered.len; i++)
        stretch_free(&covered.items[i]);
    vec_free(&covered);
    stretch_free(&whole);
}

void domicile_range_parts(struct range_parts *out, const struct range *r, const struct catalog *c) {
    uint64_t first;
    uint64_t last;
    uint64_t index;
    /* Most ranges lie within one table: the others need not be looked at. */
    bool narrow = key_table_index(&r->start, &first, &index) && key_table_index(&r->end, &last, &index);
    for (size_t i = 0; i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        if (t->id == 0 || (narrow && ((uint64_t)t->id < first || (uint64_t)t->id > last)))
            continue;
        add_table(out, r, t, &c->database);
    }
}

bool part_span(struct key *start, struct key *end, const struct range_part *part, const struct database *d) {
    struct stretch s = {0};
    bool by_row = part->table->locality == TABLE_LOCALITY_BY_ROW;
    bool known = !by_row ||
        partition_stretch(&s, part->table, part->index, part->home ? database_region(d, part->home) : NULL);
    if (!by_row)
        index_stretch(&s, part->table, part->index);
    key_free(start);
    key_free(end);
    *start = s.start;
    *end = s.end;
    return known;
}

/* Where no partition or index is known to lie. An index whose id was not read may be what lies there. */
static const struct zone *zone_between(const struct table *t, uint64_t index) {
    const struct index *ix = table_index(t, (int64_t)index);
    if (ix)
        return index_zone(t, ix);
    for (size_t i = 0; i < t->indexes.len; i++)
        if (t->indexes.items[i].id == 0 && (t->indexes.items[i].zone.set || t->indexes.items[i].zones_unplaced))
            return NULL;
    return table_zone(t);
}

const struct zone *domicile_governing_zone(
    const struct range *r, const struct catalog *c, const struct range_parts *parts) {
    for (size_t i = 0; i < parts->len; i++) {
        const struct range_part *part = &parts->items[i];
        struct stretch s = {0};
        bool known = part->kind != SPAN_ROWS || part_span(&s.start, &s.end, part, &c->database);
        bool holds = known && part->kind == SPAN_ROWS && key_in_span(&r->start, &s.start, &s.end);
        stretch_free(&s);
        if (!known)
            return NULL; /* which partition holds the start key cannot be told */
        if (holds)
            return part->zone;
    }
    /* In a gap, or in front of the first table: the index's own, the table's, or the database's. */
    uint64_t table;
    uint64_t index;
    const struct table *t = key_table_index(&r->start, &table, &index) ? catalog_table_by_id(c, (int64_t)table) : NULL;
    return t ? zone_between(t, index) : parts->len > 0 ? table_zone(parts->items[0].table) : NULL;
}
