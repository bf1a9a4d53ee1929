/* build_physical: the bytes that stand for a region in keys, learnt from what the server shows. */
#include "build.h"

#include <string.h>

void physicals_free(struct physicals *p) {
    for (size_t i = 0; i < p->len; i++) {
        free(p->items[i].region);
        key_free(&p->items[i].bytes);
    }
    vec_free(p);
}

const struct physical *physicals_find(const struct physicals *p, const char *region) {
    for (size_t i = 0; i < p->len; i++)
        if (strcmp(p->items[i].region, region) == 0)
            return &p->items[i];
    return NULL;
}

void physicals_add(struct physicals *p, const char *region, const struct key *bytes) {
    struct physical one = {.region = mem_strdup(region)};
    key_copy(&one.bytes, bytes);
    vec_push(p, one);
}

/* The first quoted piece of "spans: /"@"-/"@"/PrefixEnd" with the slash before it; the caller frees. */
static char *quoted_piece(const char *line) {
    const char *start = strstr(line, "/\"");
    if (start == NULL)
        return NULL;
    const char *p = start + 2;
    while (*p != '\0' && *p != '"')
        p += *p == '\\' && p[1] != '\0' ? 2 : 1;
    return *p == '"' ? mem_strndup(start, (size_t)(p + 1 - start)) : NULL;
}

bool physical_from_explain(struct key *bytes, const struct pg_result *r, struct err *err) {
    size_t info;
    if (!pg_result_column(r, "info", &info, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        const char *line = pg_result_text(r, i, info);
        const char *spans = line != NULL ? strstr(line, "spans: ") : NULL;
        char *piece = spans != NULL ? quoted_piece(spans) : NULL;
        if (piece == NULL)
            continue;
        /* The piece is relative to an index; which one does not matter for its first column. */
        struct key_context context = {.table_id = 100, .index_id = 1};
        struct key k = {0};
        bool empty = false;
        bool ok = key_parse_pretty(&k, piece, &context, err) && key_first_bytes(&k, bytes, &empty);
        key_free(&k);
        free(piece);
        if (ok)
            return true;
    }
    return err_set(err, ERR_INTERNAL, "the plan names no span of the region's partition");
}

/* Region bytes at which partitions of an index begin, in rising order without repetition. */
struct found {
    VEC(struct key);
};

static void found_free(struct found *f) {
    for (size_t i = 0; i < f->len; i++)
        key_free(&f->items[i]);
    vec_free(f);
}

static void note_boundary(struct found *f, const struct key *start, const struct table *t) {
    uint64_t table_id, index_id;
    struct key bytes = {0};
    bool empty = false;
    if (!key_table_index(start, &table_id, &index_id) || (int64_t)table_id != t->id || index_id == 0
        || table_index(t, (int64_t)index_id) == NULL || !key_first_bytes(start, &bytes, &empty))
        return;
    for (size_t i = 0; i < f->len; i++)
        if (key_compare(&f->items[i], &bytes) == 0) {
            key_free(&bytes);
            return;
        }
    vec_push(f, bytes);
}

static int key_order(const void *a, const void *b) {
    return key_compare(a, b);
}

/* The values of the table's region column, in the order of their bytes. */
static const struct column *region_column(const struct table *t) {
    const struct column *column = t->region_column != NULL ? table_column(t, t->region_column) : NULL;
    return column != NULL && column->values.len > 0 ? column : NULL;
}

static bool learn(struct physicals *p, const struct ranges *rs, const struct table *t) {
    const struct column *column = region_column(t);
    struct found found = {0};
    if (column == NULL || t->id == 0)
        return false;
    for (size_t i = 0; i < rs->len; i++)
        note_boundary(&found, &rs->items[i].start, t);
    bool told = found.len == column->values.len;
    if (told) {
        qsort(found.items, found.len, sizeof *found.items, key_order);
        for (size_t i = 0; i < found.len; i++)
            if (physicals_find(p, column->values.items[i]) == NULL)
                physicals_add(p, column->values.items[i], &found.items[i]);
    }
    found_free(&found);
    return told;
}

bool physical_from_ranges(struct physicals *p, const struct ranges *rs, const struct catalog *c) {
    for (size_t i = 0; i < c->tables.len; i++)
        if (c->tables.items[i].locality == TABLE_LOCALITY_BY_ROW && learn(p, rs, &c->tables.items[i]))
            return true;
    return false;
}
