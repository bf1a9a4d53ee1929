/* sizes: rows counted by region, and shared out among the ranges that their keys may be in. */
#include "sizes.h"

#include "domicile/base/mem.h"
#include "domicile/sandbox/world.h"

#include <inttypes.h>

/* What a row's key takes beside its columns (table, index, family, time), and its value (checksum and tag). */
enum { ROW_OVERHEAD = 2 + 1 + 13 + 5 };
/* What a column takes, its tag included, when it is no text. */
enum { UUID_BYTES = 18, ENUM_BYTES = 4, OTHER_BYTES = 4, TEXT_OVERHEAD = 2 };
/* A row in a secondary index, more or less. */
enum { SECONDARY_BYTES = 40 };

static void add_column_bytes(struct str *sql, const struct column_descriptor *c) {
    if (c->computed && !c->computed_stored)
        return;
    if (sqltype_is_text(&c->type))
        str_add_f(sql, " + coalesce(length(c%d) + %d, 0)", c->id, TEXT_OVERHEAD);
    else
        str_add_f(sql, " + (c%d IS NOT NULL) * %d", c->id,
            c->type.base == TYPE_UUID ? UUID_BYTES : c->type.base == TYPE_USER ? ENUM_BYTES : OTHER_BYTES);
}

/* SELECT rows, bytes, region … */
static char *counting(const struct table_descriptor *t) {
    const bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && t->region_column;
    struct str sql = {0};
    str_add_f(&sql, "SELECT count(*), total(%d", ROW_OVERHEAD);
    for (size_t i = 0; i < t->columns.len; i++)
        add_column_bytes(&sql, &t->columns.items[i]);
    if (by_row)
        str_add_f(&sql, "), c%d FROM t%" PRId64 " GROUP BY 3", t->region_column, t->id);
    else
        str_add_f(&sql, "), NULL FROM t%" PRId64, t->id);
    return str_take(&sql);
}

static const struct enum_label *label_of(const struct engine *e, const struct table_descriptor *t, const char *region) {
    const struct column_descriptor *c = column_by_id(t, t->region_column);
    const struct type_descriptor *type = c ? type_by_id(e->descriptors, c->type.user) : NULL;
    for (size_t i = 0; type && region && i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, region))
            return &type->labels.items[i];
    return NULL;
}

static void add_rows(const struct engine *e, const struct table_descriptor *t, const struct enum_label *region,
    int64_t rows, int64_t bytes) {
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct key start = {0}, end = {0};
        key_begin(&start, (uint64_t)t->id, (uint64_t)t->indexes.items[i].id);
        if (region)
            key_add_bytes(&start, region->physical.data, region->physical.len, false);
        key_copy(&end, &start);
        key_prefix_end(&end);
        world_spread_size(e->world, &start, &end, i ? rows * SECONDARY_BYTES : bytes, rows);
        key_free(&start);
        key_free(&end);
    }
}

static void count_table(const struct engine_session *es, const struct table_descriptor *t) {
    const struct engine *e = es->session->engine;
    sqlite3_stmt *st = NULL;
    char *sql = counting(t);
    if (sqlite3_prepare_v2(es->db, sql, -1, &st, NULL) == SQLITE_OK)
        while (sqlite3_step(st) == SQLITE_ROW)
            add_rows(e, t, label_of(e, t, (const char *)sqlite3_column_text(st, 2)), sqlite3_column_int64(st, 0),
                (int64_t)sqlite3_column_double(st, 1));
    sqlite3_finalize(st);
    free(sql);
}

void sizes_count(struct engine_session *es) {
    const struct engine *e = es->session->engine;
    if (!e->world)
        return;
    world_clear_sizes(e->world);
    for (size_t i = 0; i < e->descriptors->tables.len; i++) {
        const struct table_descriptor *t = e->descriptors->tables.items[i];
        if (!t->view && !t->sequence)
            count_table(es, t);
    }
}
