/* virtual_zonebytes: zone configurations as system.zones stores them. */
#include "protobuf.h"
#include "virtual_zones.h"

#include <stdlib.h>
#include <string.h>

static const char *hex(struct result *r, struct str *bytes) {
    struct str out = {0};
    str_add(&out, "\\x");
    for (size_t i = 0; i < bytes->len; i++)
        str_add_f(&out, "%02x", (unsigned char)bytes->data[i]);
    const char *text = arena_strdup(r->arena, str_get(&out));
    str_free(&out);
    str_free(bytes);
    return text;
}

const char *zone_row_bytes(struct result *r, const struct zone_row *z) {
    struct str bytes = {0};
    protobuf_zone(&bytes, &z->raw, z->all_voters);
    return hex(r, &bytes);
}

/* Where a partition's rows begin, without the table's prefix: index, then the region's bytes. */
static void add_partition_key(struct key *k, const struct virtual_context *c, const struct table_descriptor *t,
    const struct zone_row *z) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    const struct enum_label *label = db ? virtual_region_label(c->descriptors, db, z->partition) : NULL;
    key_add_uvarint(k, (uint64_t)z->index_id);
    if (label)
        key_add_bytes(k, label->physical.data, label->physical.len, false);
}

struct placed {
    struct key key;
    int index; /* of the subzone */
};

static int by_place(const void *a, const void *b) {
    return key_compare(&((const struct placed *)a)->key, &((const struct placed *)b)->key);
}

/* One row of system.zones for all the partitions of a table. */
static const char *subzones_bytes(struct result *r, const struct virtual_context *c, const struct zone_row *first,
    size_t n) {
    const struct table_descriptor *t = table_by_id(c->descriptors, first->zone_id);
    struct protobuf_subzone *zones = mem_calloc(n, sizeof *zones);
    struct protobuf_subzone_span *spans = mem_calloc(n, sizeof *spans);
    struct placed *placed = mem_calloc(n, sizeof *placed);
    struct str bytes = {0};
    for (size_t i = 0; i < n; i++) {
        zones[i] = (struct protobuf_subzone){first[i].index_id, first[i].partition, &first[i].raw};
        placed[i].index = (int)i;
        if (t)
            add_partition_key(&placed[i].key, c, t, &first[i]);
    }
    qsort(placed, n, sizeof *placed, by_place);
    for (size_t i = 0; i < n; i++)
        spans[i] = (struct protobuf_subzone_span){placed[i].key.data, placed[i].key.len, placed[i].index};
    protobuf_subzones(&bytes, zones, n, spans, n);
    for (size_t i = 0; i < n; i++)
        key_free(&placed[i].key);
    free(zones);
    free(spans);
    free(placed);
    return hex(r, &bytes);
}

void virtual_fill_system_zones(const struct virtual_context *c, struct result *r) {
    struct zone_rows rows = {0};
    zone_rows_collect(&rows, c);
    for (size_t i = 0; i < rows.len;) {
        const struct zone_row *z = &rows.items[i];
        struct vrow row;
        size_t n = 0;
        while (i + n < rows.len && rows.items[i + n].zone_id == z->zone_id && rows.items[i + n].subzone_id)
            n++;
        vrow_begin(&row, r);
        vrow_int(&row, "id", z->zone_id);
        vrow_text(&row, "config", n ? subzones_bytes(r, c, z, n) : zone_row_bytes(r, z));
        vrow_end(&row);
        i += n ? n : 1;
    }
    zone_rows_free(&rows);
}
