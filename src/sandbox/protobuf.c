/* protobuf: zone configurations as stored, and their JSON. */
#include "protobuf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void add_varint(struct str *out, uint64_t v) {
    for (; v >= 0x80; v >>= 7)
        str_add_char(out, (char)(unsigned char)(0x80 | (v & 0x7f)));
    str_add_char(out, (char)v);
}

void protobuf_add_int(struct str *out, int field, uint64_t v) {
    add_varint(out, (uint64_t)field << 3);
    add_varint(out, v);
}

void protobuf_add_bytes(struct str *out, int field, const void *bytes, size_t n) {
    add_varint(out, (uint64_t)field << 3 | 2);
    add_varint(out, n);
    str_add_n(out, bytes, n);
}

static void add_message(struct str *out, int field, struct str *message) {
    protobuf_add_bytes(out, field, str_get(message), message->len);
    str_free(message);
}

enum { CONSTRAINT_REQUIRED = 1, CONSTRAINT_PROHIBITED = 2 };

static void add_members(struct str *out, int field, const struct zone_conjunction *c) {
    for (size_t i = 0; i < c->members.len; i++) {
        const struct zone_constraint *m = &c->members.items[i];
        struct str message = {0};
        protobuf_add_int(&message, 1, m->prohibited ? CONSTRAINT_PROHIBITED : CONSTRAINT_REQUIRED);
        if (*m->key)
            protobuf_add_bytes(&message, 2, m->key, strlen(m->key));
        protobuf_add_bytes(&message, 3, m->value, strlen(m->value));
        add_message(out, field, &message);
    }
}

static void add_conjunctions(struct str *out, int field, const struct zone_conjunctions *list) {
    for (size_t i = 0; i < list->len; i++) {
        struct str message = {0};
        add_members(&message, 6, &list->items[i]);
        protobuf_add_int(&message, 7, (uint64_t)list->items[i].num_replicas);
        add_message(out, field, &message);
    }
}

static void add_leases(struct str *out, const struct zone_conjunctions *list) {
    for (size_t i = 0; i < list->len; i++) {
        struct str message = {0};
        add_members(&message, 1, &list->items[i]);
        add_message(out, 9, &message);
    }
}

void protobuf_zone(struct str *out, const struct zone *z, bool all_voters) {
    if (z->set & ZONE_RANGE_MIN_BYTES)
        protobuf_add_int(out, 2, (uint64_t)z->range_min_bytes);
    if (z->set & ZONE_RANGE_MAX_BYTES)
        protobuf_add_int(out, 3, (uint64_t)z->range_max_bytes);
    if (z->set & ZONE_GC_TTLSECONDS) {
        struct str gc = {0};
        protobuf_add_int(&gc, 1, (uint64_t)z->gc_ttlseconds);
        add_message(out, 4, &gc);
    }
    if (z->set & ZONE_NUM_REPLICAS)
        protobuf_add_int(out, 5, (uint64_t)z->num_replicas);
    add_conjunctions(out, 6, &z->constraints);
    add_leases(out, &z->lease_preferences);
    protobuf_add_int(out, 10, !(z->set & ZONE_CONSTRAINTS));
    protobuf_add_int(out, 11, !(z->set & ZONE_LEASE_PREFERENCES));
    if (z->set & ZONE_GLOBAL_READS)
        protobuf_add_int(out, 12, z->global_reads);
    if (z->set & ZONE_NUM_VOTERS)
        protobuf_add_int(out, 13, (uint64_t)z->num_voters);
    add_conjunctions(out, 14, &z->voter_constraints);
    protobuf_add_int(out, 15, all_voters || (z->set & ZONE_VOTER_CONSTRAINTS));
}

void protobuf_subzones(struct str *out, const struct protobuf_subzone *zones, size_t zone_count,
    const struct protobuf_subzone_span *spans, size_t span_count) {
    protobuf_add_int(out, 5, 0);
    for (size_t i = 0; i < span_count; i++) {
        struct str message = {0};
        protobuf_add_bytes(&message, 1, spans[i].key, spans[i].len);
        protobuf_add_int(&message, 3, (uint64_t)spans[i].index);
        add_message(out, 7, &message);
    }
    for (size_t i = 0; i < zone_count; i++) {
        struct str message = {0};
        struct str zone = {0};
        protobuf_zone(&zone, zones[i].zone, false);
        protobuf_add_int(&message, 1, (uint64_t)zones[i].index_id);
        protobuf_add_bytes(&message, 2, zones[i].partition, strlen(zones[i].partition));
        add_message(&message, 3, &zone);
        add_message(out, 8, &message);
    }
    protobuf_add_int(out, 10, 1);
    protobuf_add_int(out, 11, 1);
    protobuf_add_int(out, 15, 0);
}

/* ---- JSON ---- */

enum kind { KIND_INT32, KIND_INT64, KIND_BOOL, KIND_TEXT, KIND_BYTES, KIND_CONSTRAINT_TYPE, KIND_MESSAGE };

/* A field: in JSON in the order of this table, which is alphabetical within a message. */
struct field {
    const char *message;
    const char *name;
    int number;
    enum kind kind;
    bool repeated;
    bool optional; /* shown where present, also when 0 */
    const char *type; /* of KIND_MESSAGE */
};

static const struct field fields[] = {
    {"ZoneConfig", "constraints", 6, KIND_MESSAGE, true, false, "ConstraintsConjunction"},
    {"ZoneConfig", "gc", 4, KIND_MESSAGE, false, true, "GCPolicy"},
    {"ZoneConfig", "globalReads", 12, KIND_BOOL, false, true, NULL},
    {"ZoneConfig", "inheritedConstraints", 10, KIND_BOOL, false, false, NULL},
    {"ZoneConfig", "inheritedLeasePreferences", 11, KIND_BOOL, false, false, NULL},
    {"ZoneConfig", "leasePreferences", 9, KIND_MESSAGE, true, false, "LeasePreference"},
    {"ZoneConfig", "nullVoterConstraintsIsEmpty", 15, KIND_BOOL, false, false, NULL},
    {"ZoneConfig", "numReplicas", 5, KIND_INT32, false, true, NULL},
    {"ZoneConfig", "numVoters", 13, KIND_INT32, false, true, NULL},
    {"ZoneConfig", "rangeMaxBytes", 3, KIND_INT64, false, true, NULL},
    {"ZoneConfig", "rangeMinBytes", 2, KIND_INT64, false, true, NULL},
    {"ZoneConfig", "subzoneSpans", 7, KIND_MESSAGE, true, false, "SubzoneSpan"},
    {"ZoneConfig", "subzones", 8, KIND_MESSAGE, true, false, "Subzone"},
    {"ZoneConfig", "voterConstraints", 14, KIND_MESSAGE, true, false, "ConstraintsConjunction"},
    {"GCPolicy", "ttlSeconds", 1, KIND_INT32, false, true, NULL},
    {"ConstraintsConjunction", "constraints", 6, KIND_MESSAGE, true, false, "Constraint"},
    {"ConstraintsConjunction", "numReplicas", 7, KIND_INT32, false, false, NULL},
    {"LeasePreference", "constraints", 1, KIND_MESSAGE, true, false, "Constraint"},
    {"Constraint", "key", 2, KIND_TEXT, false, false, NULL},
    {"Constraint", "type", 1, KIND_CONSTRAINT_TYPE, false, true, NULL},
    {"Constraint", "value", 3, KIND_TEXT, false, false, NULL},
    {"SubzoneSpan", "key", 1, KIND_BYTES, false, false, NULL},
    {"SubzoneSpan", "subzoneIndex", 3, KIND_INT32, false, false, NULL},
    {"Subzone", "config", 3, KIND_MESSAGE, false, true, "ZoneConfig"},
    {"Subzone", "indexId", 1, KIND_INT32, false, false, NULL},
    {"Subzone", "partitionName", 2, KIND_TEXT, false, false, NULL},
};

enum { MAX_DEPTH = 8 };

struct reader {
    const unsigned char *at, *end;
};

static bool read_varint(struct reader *r, uint64_t *v) {
    *v = 0;
    for (int shift = 0; r->at < r->end && shift < 64; shift += 7) {
        const unsigned char b = *r->at++;
        *v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return true;
    }
    return false;
}

/* One field of the wire: an integer, or bytes. */
struct wire {
    int number;
    bool is_bytes;
    uint64_t value;
    const unsigned char *bytes;
    size_t n;
};

static bool read_wire(struct reader *r, struct wire *w) {
    uint64_t tag;
    if (!read_varint(r, &tag) || !read_varint(r, &w->value))
        return false;
    w->number = (int)(tag >> 3);
    w->is_bytes = (tag & 7) == 2;
    if (!w->is_bytes)
        return (tag & 7) == 0;
    if (w->value > (uint64_t)(r->end - r->at))
        return false;
    w->bytes = r->at;
    w->n = (size_t)w->value;
    r->at += w->n;
    return true;
}

static void add_json_text(struct str *out, const unsigned char *bytes, size_t n) {
    str_add_char(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\')
            str_add_f(out, "\\%c", bytes[i]);
        else if (bytes[i] < 0x20)
            str_add_f(out, "\\u%04x", bytes[i]);
        else
            str_add_char(out, (char)bytes[i]);
    }
    str_add_char(out, '"');
}

static void add_base64(struct str *out, const unsigned char *bytes, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    str_add_char(out, '"');
    for (size_t i = 0; i < n; i += 3) {
        const unsigned b = (unsigned)bytes[i] << 16 | (i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0) |
            (i + 2 < n ? bytes[i + 2] : 0);
        str_add_char(out, digits[b >> 18]);
        str_add_char(out, digits[b >> 12 & 63]);
        str_add_char(out, i + 1 < n ? digits[b >> 6 & 63] : '=');
        str_add_char(out, i + 2 < n ? digits[b & 63] : '=');
    }
    str_add_char(out, '"');
}

static bool add_message_json(struct str *out, const char *message, const unsigned char *bytes, size_t n, int depth);

static bool add_value(struct str *out, const struct field *f, const struct wire *w, int depth) {
    static const char *const types[] = {"DEPRECATED_POSITIVE", "REQUIRED", "PROHIBITED"};
    switch (f->kind) {
    case KIND_INT32: str_add_f(out, "%" PRId64, (int64_t)w->value); return true;
    case KIND_INT64: str_add_f(out, "\"%" PRId64 "\"", (int64_t)w->value); return true;
    case KIND_BOOL: str_add(out, w->value ? "true" : "false"); return true;
    case KIND_TEXT: add_json_text(out, w->bytes, w->n); return true;
    case KIND_BYTES: add_base64(out, w->bytes, w->n); return true;
    case KIND_CONSTRAINT_TYPE: str_add_f(out, "\"%s\"", types[w->value < 3 ? w->value : 0]); return true;
    case KIND_MESSAGE: return add_message_json(out, f->type, w->bytes, w->n, depth + 1);
    }
    return false;
}

static bool takes_bytes(enum kind k) { return k == KIND_TEXT || k == KIND_BYTES || k == KIND_MESSAGE; }

/* All of one field's values; nothing where there are none to show. */
static bool add_field(struct str *out, const struct field *f, struct reader r, int depth, bool *any) {
    struct str values = {0};
    size_t count = 0;
    struct wire w = {0};
    bool good = true;
    while (good && r.at < r.end && (good = read_wire(&r, &w))) {
        if (w.number != f->number)
            continue;
        good = w.is_bytes == takes_bytes(f->kind);
        if (good && (f->repeated || f->optional || (w.is_bytes ? w.n : w.value))) {
            str_add(&values, count++ ? ", " : "");
            good = add_value(&values, f, &w, depth);
        }
    }
    if (good && count) {
        str_add_f(out, f->repeated ? "%s\"%s\": [%s]" : "%s\"%s\": %s", *any ? ", " : "", f->name, str_get(&values));
        *any = true;
    }
    str_free(&values);
    return good;
}

static bool add_message_json(struct str *out, const char *message, const unsigned char *bytes, size_t n, int depth) {
    bool known = false;
    bool any = false;
    if (depth > MAX_DEPTH)
        return false;
    str_add_char(out, '{');
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].message, message) == 0) {
            known = true;
            if (!add_field(out, &fields[i], (struct reader){bytes, bytes + n}, depth, &any))
                return false;
        }
    str_add_char(out, '}');
    return known;
}

bool protobuf_to_json(struct str *out, const char *message, const unsigned char *bytes, size_t n) {
    static const char prefix[] = "cockroach.config.zonepb.";
    const size_t begin = out->len;
    if (str_starts(message, prefix) && add_message_json(out, message + strlen(prefix), bytes, n, 0))
        return true;
    str_truncate(out, begin);
    return false;
}
