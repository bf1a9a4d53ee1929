/* protobuf: zone configurations as CockroachDB stores them, and their JSON.
 * Facts: system.zones and crdb_internal.pb_to_json as recorded (2121). */
#ifndef DOMICILE_SANDBOX_PROTOBUF_H
#define DOMICILE_SANDBOX_PROTOBUF_H

#include "domicile/base/str.h"
#include "domicile/dialect/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A span of a table that a subzone governs; its end is the prefix's. */
struct protobuf_subzone_span {
    const unsigned char *key; /* without the table's prefix */
    size_t len;
    int index; /* of the subzone */
};
struct protobuf_subzone {
    int64_t index_id;
    const char *partition;
    const struct zone *zone;
};

/* Appends the bytes of a ZoneConfig. all_voters: voter constraints count as given also where none are. */
void protobuf_zone(struct str *out, const struct zone *z, bool all_voters);
/* The same of a table that has only subzones. */
void protobuf_subzones(struct str *out, const struct protobuf_subzone *zones, size_t zone_count,
    const struct protobuf_subzone_span *spans, size_t span_count);
/* Appends a field of type varint, or of bytes. */
void protobuf_add_int(struct str *out, int field, uint64_t v);
void protobuf_add_bytes(struct str *out, int field, const void *bytes, size_t n);

/* Appends a message as JSON, keys in alphabetical order. False: no message of that name is known, or the bytes are
 * none of it. */
bool protobuf_to_json(struct str *out, const char *message, const unsigned char *bytes, size_t n);

#endif
