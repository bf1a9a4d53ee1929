/* virtual_zones: the zones that there are, of which crdb_internal.zones and system.zones are two views. */
#ifndef SANDBOX_VIRTUAL_ZONES_H
#define SANDBOX_VIRTUAL_ZONES_H

#include "virtual_private.h"

struct zone_row {
    int64_t zone_id, subzone_id;
    char *target;
    const char *range_name, *database, *schema, *table, *index, *partition;
    int64_t index_id; /* of a partition */
    bool all_voters;  /* says, too, that there are no voter constraints to inherit */
    struct zone raw;
    struct zone full;
};

struct zone_rows {
    VEC(struct zone_row);
};

/* In order of ids. */
void zone_rows_collect(struct zone_rows *out, const struct virtual_context *c);
void zone_rows_free(struct zone_rows *rows);
/* "\\x2803…": the configuration as it is stored; in r's arena. */
const char *zone_row_bytes(struct result *r, const struct zone_row *z);
/* system.zones */
void virtual_fill_system_zones(const struct virtual_context *c, struct result *r);

#endif
