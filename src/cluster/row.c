/* row: rows of a table, placed in ranges on the client. */
#include "domicile/cluster/row.h"

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
static bool add_region(struct key *k, const struct row *r, const struct database *d, bool descending, bool *guess, struct err *err) {
    const struct db_region *region = r->home ? database_region(d, r->home) : NULL;
    if (!region || region->physical.len == 0)
        return err_set(err, ERR_INPUT, "the bytes that stand for region %s in keys could not be read", r->home ? r->home : "?");
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
        return err_set(err, ERR_INPUT, "column %s (%s) cannot be encoded here: ask for this row's range alone", ic->name, c ? c->type : "unknown type");
    return key_add_value(k, c->key_type, r->values.items[at], ic->descending, err);
}

/* The key of the row in one index; false with the reason when it cannot be told. */
static bool encode(struct key *k, const struct row *r, const struct rows *rows, const struct table *t, const struct index *ix,
    const struct database *d, bool *guess, struct err *err) {
    key_begin(k, (uint64_t)t->id, (uint64_t)ix->id);
    for (size_t i = 0; i < ix->columns.len; i++) {
        const struct index_column *ic = &ix->columns.items[i];
        bool region = t->region_column && strcmp(ic->name, t->region_column) == 0;
        if (region ? !add_region(k, r, d, ic->descending, guess, err) : !add_column(k, r, rows, t, ic, err))
            return false;
    }
    return true;
}

static void set_why(struct row *r, const char *why) {
    if (!r->why)
        r->why = mem_strdup(why);
}

static const struct zone *zone_of(const struct row *r, const struct table *t, const struct index *ix, const struct database *d) {
    for (size_t i = 0; r->home && i < ix->partitions.len; i++)
        if (strcmp(ix->partitions.items[i].region, r->home) == 0 && ix->partitions.items[i].zone.set)
            return &ix->partitions.items[i].zone;
    return t->zone.set ? &t->zone : d->zone.set ? &d->zone : NULL;
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

/* Judges the row's entry in one index. */
static void place_in(struct row *r, const struct rows *rows, const struct table *t, const struct index *ix, const struct catalog *c,
    const struct ranges *ranges, const struct topology *topology, bool first) {
    struct key key = {0};
    struct err err = {0};
    bool guess = false;
    bool known = encode(&key, r, rows, t, ix, &c->database, &guess, &err);
    const struct range *range = known ? ranges_find(ranges, &key) : NULL;
    if (!known)
        set_why(r, err.message);
    else if (!range)
        set_why(r, "the range that holds its key was not read");
    if (known && ix->primary) {
        key_copy(&r->key, &key);
        r->range_id = range ? range->id : 0;
    }
    if (range) {
        struct domicile_verdict v;
        domicile_judge(&v, range, r->home, &c->database, zone_of(r, t, ix, &c->database), topology);
        if (guess && v.domicile == DOMICILE_HOME) {
            domicile_verdict_free(&v);
            unknown(r, first, "the bytes that stand for its region in keys are a guess");
        } else {
            take_worse(r, &v, first);
        }
    } else {
        unknown(r, first, r->why);
    }
    key_free(&key);
}

void row_place(struct row *r, const struct rows *rows, const struct catalog *c, const struct ranges *ranges, const struct topology *t) {
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
    for (size_t i = 0; i < table->indexes.len; i++)
        place_in(r, rows, table, &table->indexes.items[i], c, ranges, t, i == 0);
}
