/* sizes: rows counted by region, and shared out among the ranges that their keys may be in. */
#include "sizes.h"

#include "domicile/base/mem.h"
#include "domicile/sandbox/world.h"

#include <inttypes.h>

/* What a row of the walkthrough takes in its primary index, and in another. */
enum { PRIMARY_BYTES = 56, SECONDARY_BYTES = 40 };

static const struct enum_label *label_of(const struct engine *e, const struct table_descriptor *t, const char *region) {
    const struct column_descriptor *c = column_by_id(t, t->region_column);
    const struct type_descriptor *type = c ? type_by_id(e->descriptors, c->type.user) : NULL;
    for (size_t i = 0; type && region && i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, region))
            return &type->labels.items[i];
    return NULL;
}

static void add_rows(const struct engine *e, const struct table_descriptor *t, const struct enum_label *region, int64_t rows) {
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct key start = {0}, end = {0};
        key_begin(&start, (uint64_t)t->id, (uint64_t)t->indexes.items[i].id);
        if (region)
            key_add_bytes(&start, region->physical.data, region->physical.len, false);
        key_copy(&end, &start);
        key_prefix_end(&end);
        world_spread_size(e->world, &start, &end, rows * (i ? SECONDARY_BYTES : PRIMARY_BYTES), rows);
        key_free(&start);
        key_free(&end);
    }
}

static void count_table(const struct engine_session *es, const struct table_descriptor *t) {
    const struct engine *e = es->session->engine;
    const bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && t->region_column;
    sqlite3_stmt *st = NULL;
    char *sql = by_row
        ? mem_printf("SELECT count(*), c%d FROM t%" PRId64 " GROUP BY 2", t->region_column, t->id)
        : mem_printf("SELECT count(*) FROM t%" PRId64, t->id);
    if (sqlite3_prepare_v2(es->db, sql, -1, &st, NULL) == SQLITE_OK)
        while (sqlite3_step(st) == SQLITE_ROW)
            add_rows(e, t, by_row ? label_of(e, t, (const char *)sqlite3_column_text(st, 1)) : NULL,
                sqlite3_column_int64(st, 0));
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
