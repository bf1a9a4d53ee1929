/* row: rows of a table, placed in ranges on the client. */
#include "domicile/cluster/row.h"

#include "part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void row_free(struct row *r) {
    for (size_t i = 0; i < r->values.len; i++)
        free(r->values.items[i]);
    vec_free(&r->values);
    free(r->home);
    free(r->why);
    key_free(&r->key);
    domicile_verdict_free(&r->verdict);
    *r = (struct row){0};
}

void row_page_free(struct row_page *p) {
    for (size_t i = 0; i < p->rows.len; i++)
        row_free(&p->rows.items[i]);
    vec_free(&p->rows);
    free(p->region);
    free(p->problem);
    *p = (struct row_page){0};
}

void rows_free(struct rows *r) {
    for (size_t i = 0; i < r->columns.len; i++)
        free(r->columns.items[i]);
    for (size_t i = 0; i < r->types.len; i++)
        free(r->types.items[i]);
    for (size_t i = 0; i < r->pages.len; i++)
        row_page_free(&r->pages.items[i]);
    vec_free(&r->columns);
    vec_free(&r->types);
    vec_free(&r->pages);
    free(r->table);
    *r = (struct rows){0};
}

static bool column_place(const struct rows *rows, const char *name, size_t *at) {
    for (size_t i = 0; i < rows->columns.len; i++)
        if (strcmp(rows->columns.items[i], name) == 0) {
            *at = i;
            return true;
        }
    return false;
}

/* The region column: its physical bytes, which the value's text does not tell. */
static bool add_region(
    struct key *k, const struct row *r, const struct database *d, bool descending, bool *guess, struct err *err) {
    const struct db_region *region = r->home ? database_region(d, r->home) : NULL;
    if (!region || region->physical.len == 0)
        return err_set(
            err, ERR_INPUT, "the bytes that stand for region %s in keys could not be read", r->home ? r->home : "?");
    *guess = *guess || region->physical_guess;
    key_add_bytes(k, region->physical.data, region->physical.len, descending);
    return true;
}

static bool add_column(struct key *k, const struct row *r, const struct rows *rows, const struct table *t,
    const struct index_column *ic, struct err *err) {
    size_t at;
    const struct column *c = table_column(t, ic->name);
    if (!column_place(rows, ic->name, &at) || at >= r->values.len)
        return err_set(err, ERR_INPUT, "column %s of the key was not read", ic->name);
    if (!c || c->key_type == KEY_TYPE_OTHER || c->key_type == KEY_TYPE_ENUM)
        return err_set(err, ERR_INPUT, "column %s (%s) cannot be encoded here: ask for this row's range alone",
            ic->name, c ? c->type : "unknown type");
    return key_add_value(k, c->key_type, r->values.items[at], ic->descending, err);
}

/* The key of the row in one index; false with the reason when it cannot be told. */
static bool encode(struct key *k, const struct row *r, const struct rows *rows, const struct table *t,
    const struct index *ix, const struct database *d, bool *guess, struct err *err) {
    if (ix->opaque)
        return err_set(
            err, ERR_INPUT, "keys of index %s are not made of columns alone (inverted or hash-sharded)", ix->name);
    key_begin(k, (uint64_t)t->id, (uint64_t)ix->id);
    for (size_t i = 0; i < ix->columns.len; i++) {
        const struct index_column *ic = &ix->columns.items[i];
        bool region = t->region_column && strcmp(ic->name, t->region_column) == 0;
        if (region && i > 0)
            return err_set(err, ERR_INPUT, "index %s names the region column twice", ix->name);
        if (region ? !add_region(k, r, d, ic->descending, guess, err) : !add_column(k, r, rows, t, ic, err))
            return false;
    }
    return true;
}

static void set_why(struct row *r, const char *why) {
    if (!r->why)
        r->why = mem_strdup(why);
}

const struct zone *row_zone(const struct row *r, const struct table *t, const struct index *ix, const char **target) {
    const struct zone *z = ix ? index_zone(t, ix) : &t->zone;
    const char *from = ix && ix->zone.set ? ix->zone_target : t->zone_target;
    bool of_partition = false;
    for (size_t i = 0; ix && r->home && i < ix->partitions.len; i++)
        if (strcmp(ix->partitions.items[i].region, r->home) == 0) {
            z = &ix->partitions.items[i].zone;
            from = ix->partitions.items[i].zone_target;
            of_partition = true;
        }
    if (target)
        *target = from;
    return z && z->set && of_partition == (t->locality == TABLE_LOCALITY_BY_ROW) ? z : NULL;
}

static void take_worse(struct row *r, struct domicile_verdict *v, bool first) {
    unsigned flags = first ? v->flags : v->flags | r->verdict.flags;
    if (first || v->domicile > r->verdict.domicile) {
        domicile_verdict_free(&r->verdict);
        r->verdict = *v;
    } else {
        domicile_verdict_free(v);
    }
    r->verdict.flags = flags;
}

static void unknown(struct row *r, bool first, const char *reason) {
    struct domicile_verdict v = {.domicile = DOMICILE_UNKNOWN, .home = NULL, .reason = mem_strdup(reason)};
    take_worse(r, &v, first);
}

/* What the placing of one row in one index looks at. */
struct placing {
    struct row *row;
    const struct table *table;
    const struct index *index;
    const struct catalog *catalog;
    const struct ranges *ranges;
    const struct topology *topology;
    bool first; /* of the row's indexes */
};

static void judge(struct domicile_verdict *v, const struct placing *p, const struct range *range) {
    domicile_judge(
        v, range, p->row->home, &p->catalog->database, row_zone(p->row, p->table, p->index, NULL), p->topology);
}

static bool guessed(const struct placing *p) {
    const struct db_region *region = p->table->region_column && p->row->home
        ? database_region(&p->catalog->database, p->row->home)
        : NULL;
    return region && region->physical_guess;
}

/* The entry lies in one of these ranges: what is proven of it is the least that they have in common. False: nothing. */
static bool least_of(
    struct domicile_verdict *least, const struct placing *p, const struct key *start, const struct key *end) {
    const struct range *past = p->ranges->items + p->ranges->len;
    bool any = false;
    bool home = true;
    if (!ranges_cover(p->ranges, start, end))
        return false;
    for (const struct range *r = ranges_find(p->ranges, start); r < past && key_compare(&r->start, end) < 0; r++) {
        struct domicile_verdict v;
        judge(&v, p, r);
        home = home && v.domicile == DOMICILE_HOME;
        if (any && v.domicile >= least->domicile) {
            domicile_verdict_free(&v);
            continue;
        }
        if (any)
            domicile_verdict_free(least);
        *least = v;
        any = true;
    }
    if (any && least->domicile == DOMICILE_HOME && !home)
        domicile_verdict_free(least), any = false;
    return any;
}

/* A key that cannot be encoded still lies in its region's part of the index. */
static void place_within(const struct placing *p, const char *why) {
    struct range_part part = {.kind = SPAN_ROWS, .table = p->table, .index = p->index, .home = p->row->home};
    struct key start = {0};
    struct key end = {0};
    struct domicile_verdict v = {0};
    bool told = part_span(&start, &end, &part, &p->catalog->database) && !guessed(p) && least_of(&v, p, &start, &end);
    if (p->index->primary || !told)
        set_why(p->row, why);
    if (told)
        take_worse(p->row, &v, p->first);
    else
        unknown(p->row, p->first, why);
    key_free(&start);
    key_free(&end);
}

/* Judges the row's entry in one index. */
static void place_in(const struct placing *p, const struct rows *rows) {
    struct row *r = p->row;
    struct key key = {0};
    struct err err = {0};
    struct domicile_verdict v;
    bool guess = false;
    bool known = encode(&key, r, rows, p->table, p->index, &p->catalog->database, &guess, &err);
    const struct range *range = known ? ranges_find(p->ranges, &key) : NULL;
    if (known && p->index->primary) {
        key_copy(&r->key, &key);
        r->range_id = range ? range->id : 0;
    }
    if (!known) {
        place_within(p, err.message);
    } else if (!range) {
        set_why(r, "the range that holds its key was not read");
        unknown(r, p->first, "the range that holds its key was not read");
    } else {
        judge(&v, p, range);
        if (guess) {
            domicile_verdict_free(&v);
            unknown(r, p->first, "the bytes that stand for its region in keys are a guess");
        } else {
            take_worse(r, &v, p->first);
        }
    }
    key_free(&key);
}

const struct range *row_range(const struct row *r, const struct ranges *ranges) {
    if (!ranges || !r->range_id)
        return NULL;
    const struct range *range = r->key.len ? ranges_find(ranges, &r->key) : NULL;
    return range && range->id == r->range_id ? range : ranges_by_id(ranges, r->range_id);
}

void row_place(struct row *r, const struct rows *rows, const struct catalog *c, const struct ranges *ranges,
    const struct topology *t) {
    const struct table *table = catalog_table(c, rows->table);
    free(r->why);
    r->why = NULL;
    r->range_id = 0;
    key_free(&r->key);
    domicile_verdict_free(&r->verdict);
    if (!table || table->indexes.len == 0) {
        set_why(r, "the indexes of its table could not be read");
        unknown(r, true, r->why);
        return;
    }
    const char *doubt = domicile_table_doubt(table, &c->database);
    if (doubt) {
        unknown(r, true, doubt);
        return;
    }
    struct placing p = {.row = r, .table = table, .catalog = c, .ranges = ranges, .topology = t};
    for (size_t i = 0; i < table->indexes.len; i++) {
        p.index = &table->indexes.items[i];
        p.first = i == 0;
        place_in(&p, rows);
    }
}
