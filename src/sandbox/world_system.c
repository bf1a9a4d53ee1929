/* world_system: the ranges below the users' tables, which every cluster has, and their configurations. */
#include "world_private.h"

#include <string.h>

/* Zone ids that a cluster is born with. */
enum { ZONE_DEFAULT = 0, ZONE_SYSTEM_DATABASE = 1, ZONE_META = 16, ZONE_SYSTEM = 17, ZONE_LIVENESS = 22 };

struct fixed_range {
    const char *bytes;
    size_t n;
    int zone;
};

/* Tables of new versions whose old rows go sooner than the others', s. */
static const struct {
    unsigned table;
    int ttl;
} brief_tables[] = {
    {11, 600}, {25, 600}, {27, 600}, {42, 3600}, {43, 3600}, {45, 7200}, {58, 3600}, {61, 3600}, {62, 3600}};

#define FIXED(b, z) {b, sizeof(b) - 1, z}

static const struct fixed_range fixed_ranges[] = {
    FIXED("", ZONE_META),
    FIXED("\x04\x00liveness-", ZONE_LIVENESS),
    FIXED("\x04\x00liveness.", ZONE_SYSTEM),
    FIXED("\x04tsd", ZONE_DEFAULT),
    FIXED("\x04tse", ZONE_SYSTEM),
};

/* Table ids of the system database that begin a range; the first is the span of the tables 0 to 10 (22.1). */
static const unsigned char tables_old[] = {0, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 50};

static bool first_table(const struct key *start, uint64_t *table) {
    uint64_t index = 0;
    return key_table_index(start, table, &index);
}

static int ttl_of(const struct world *w, const struct key *start, int zone) {
    uint64_t table = 0;
    if (zone == ZONE_META || zone == ZONE_LIVENESS)
        return zone == ZONE_META ? 3600 : 600;
    if (w->compat < 2301)
        return 90000;
    for (size_t i = 0; first_table(start, &table) && i < sizeof brief_tables / sizeof *brief_tables; i++)
        if (brief_tables[i].table == table)
            return brief_tables[i].ttl;
    return 14400;
}

/* Tables 0 to 3 share an entry of system.span_configurations; below table 48 each other one keeps its range. */
bool world_system_merges(const struct key *start) {
    enum { SHARED = 3, FIRST_OF_MANY = 48 };
    uint64_t table = 0;
    return first_table(start, &table) && (table == SHARED || table > FIRST_OF_MANY);
}

static void push_span(struct world *w, const struct key *start, const struct key *end, int zone) {
    struct span s = {.system = true};
    struct span_level level = {.zone_id = zone};
    key_copy(&s.start, start);
    key_copy(&s.end, end);
    s.zone.set = ZONE_NUM_REPLICAS | ZONE_GC_TTLSECONDS | ZONE_RANGE_MIN_BYTES | ZONE_RANGE_MAX_BYTES;
    s.zone.num_replicas = zone == ZONE_DEFAULT ? 3 : 5;
    s.zone.range_min_bytes = 134217728;
    s.zone.range_max_bytes = 536870912;
    s.zone.gc_ttlseconds = ttl_of(w, start, zone);
    level.own.set = ZONE_NUM_REPLICAS;
    level.own.num_replicas = s.zone.num_replicas;
    if (!w->pace->coalesces || start->len) /* new versions' reports begin after the first range */
        vec_push(&s.levels, level);
    vec_push(&w->system, s);
}

static void add_span(struct world *w, const struct key *start, const struct key *end, int zone) {
    push_span(w, start, end, zone);
    world_add_range(w, start, end);
}

/* Boundaries of every range below the users' tables, in order. */
struct boundary {
    struct key key;
    int zone;
};

struct boundaries {
    VEC(struct boundary);
};

static void add_boundary(struct boundaries *b, const void *bytes, size_t n, int zone) {
    struct boundary x = {.zone = zone};
    key_set(&x.key, bytes, n);
    vec_push(b, x);
}

static void add_table_boundary(struct boundaries *b, unsigned table) {
    struct boundary x = {.zone = ZONE_SYSTEM_DATABASE};
    key_add_uvarint(&x.key, table);
    vec_push(b, x);
}

static void collect(struct world *w, struct boundaries *b) {
    bool new = w->compat >= 2301;
    for (size_t i = 0; i < sizeof fixed_ranges / sizeof *fixed_ranges; i++) {
        add_boundary(b, fixed_ranges[i].bytes, fixed_ranges[i].n, fixed_ranges[i].zone);
        if (new && i == 0)
            add_boundary(b, "\x03", 1, ZONE_META);
    }
    if (!new) {
        for (size_t i = 0; i < sizeof tables_old; i++)
            add_table_boundary(b, tables_old[i]);
        return;
    }
    add_table_boundary(b, 0);
    for (unsigned id = 3; id <= 76; id++)
        if (id != 10 && id != 49)
            add_table_boundary(b, id);
}

enum { FIRST_USER_ID = 100 };

/* What lies above the system's tables and is no table's either: RANGE default. No range begins there by itself. */
static void add_rest(struct world *w, const struct key *max) {
    struct key start = {0};
    key_add_uvarint(&start, FIRST_USER_ID);
    key_copy(&w->system.items[w->system.len - 1].end, &start);
    push_span(w, &start, max, ZONE_DEFAULT);
    w->system.items[w->system.len - 1].system = false;
    key_free(&start);
}

void world_make_system(struct world *w) {
    struct boundaries b = {0};
    struct key max = {0};
    key_set(&max, KEY_MAX_BYTES, 2);
    collect(w, &b);
    for (size_t i = 0; i < b.len; i++)
        add_span(w, &b.items[i].key, i + 1 < b.len ? &b.items[i + 1].key : &max, b.items[i].zone);
    add_rest(w, &max);
    for (size_t i = 0; i < b.len; i++)
        key_free(&b.items[i].key);
    vec_free(&b);
    key_free(&max);
    world_wake_merger(w);
}
