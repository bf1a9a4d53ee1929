/* virtual_spans: the zone configurations of descriptors, and the key spans that they govern. */
#include "virtual_private.h"

#include "domicile/cluster/rules.h"

#include <stdlib.h>
#include <string.h>

void virtual_default_zone(struct zone *z, int compat) {
    z->set = ZONE_RANGE_MIN_BYTES | ZONE_RANGE_MAX_BYTES | ZONE_GC_TTLSECONDS | ZONE_NUM_REPLICAS | ZONE_CONSTRAINTS |
        ZONE_LEASE_PREFERENCES;
    z->range_min_bytes = 134217728;
    z->range_max_bytes = 536870912;
    z->gc_ttlseconds = compat >= COMPAT_NEW ? 14400 : 90000;
    z->num_replicas = 3;
}

void virtual_range_default(struct zone *z, const struct descriptors *d) {
    virtual_default_zone(z, d->compat);
    zone_settings_apply(&d->zones, NULL, NULL, z);
}

static void inherit_default(struct zone *z, const struct descriptors *d) {
    struct zone parent = {0};
    virtual_range_default(&parent, d);
    zone_inherit(z, &parent);
    zone_free(&parent);
}

void virtual_database_zone(
    struct zone *out, const struct descriptors *d, const struct database_descriptor *db, bool full) {
    if (db->primary_region) {
        struct database rules = {0};
        database_for_rules(&rules, d, db);
        rules_database(out, &(struct rules_input){&rules, d->compat}, NULL);
        database_free(&rules);
    }
    zone_settings_apply(&db->zones, NULL, NULL, out);
    if (full)
        inherit_default(out, d);
}

static void add_parent(struct zone *out, const struct descriptors *d, const struct database_descriptor *db) {
    struct zone parent = {0};
    virtual_database_zone(&parent, d, db, true);
    zone_inherit(out, &parent);
    zone_free(&parent);
}

void virtual_table_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t, bool full) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    if (db && db->primary_region) {
        struct database rules = {0};
        database_for_rules(&rules, d, db);
        rules_table(out, &(struct rules_input){&rules, d->compat}, t->locality, t->home, NULL);
        database_free(&rules);
    }
    zone_settings_apply(&t->zones, NULL, NULL, out);
    if (full && db)
        add_parent(out, d, db);
}

void virtual_index_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix, bool full) {
    zone_settings_apply(&t->zones, ix->name, NULL, out);
    if (full) {
        struct zone parent = {0};
        virtual_table_zone(&parent, d, t, true);
        zone_inherit(out, &parent);
        zone_free(&parent);
    }
}

void virtual_partition_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix, const char *region, bool full) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    if (db && db->primary_region) {
        struct database rules = {0};
        database_for_rules(&rules, d, db);
        rules_partition(out, &(struct rules_input){&rules, d->compat}, region, NULL);
        database_free(&rules);
    }
    zone_settings_apply(&t->zones, ix->name, region, out);
    if (full && db) {
        struct zone parent = {0};
        virtual_index_zone(&parent, d, t, ix, true);
        zone_inherit(out, &parent);
        zone_free(&parent);
    }
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t virtual_sorted_regions(const struct database_descriptor *db, const char ***names) {
    const char **out = mem_calloc(db->regions.len + 1, sizeof *out);
    for (size_t i = 0; i < db->regions.len; i++)
        out[i] = db->regions.items[i];
    qsort(out, db->regions.len, sizeof *out, compare_names);
    *names = out;
    return db->regions.len;
}

const struct enum_label *virtual_region_label(
    const struct descriptors *d, const struct database_descriptor *db, const char *region) {
    const struct type_descriptor *type = type_by_id(d, db->region_type);
    for (size_t i = 0; type && i < type->labels.len; i++)
        if (strcmp(type->labels.items[i].name, region) == 0)
            return &type->labels.items[i];
    return NULL;
}

/* What all spans of one table have in common. */
struct table_levels {
    const struct descriptors *d;
    const struct database_descriptor *db;
    const struct table_descriptor *t;
    struct zone table;
    struct zone database;
    struct zone fallback;
};

static void add_level(struct span *s, int64_t zone_id, int64_t subzone_id, const struct zone *own) {
    struct span_level level = {.zone_id = zone_id, .subzone_id = subzone_id};
    zone_inherit(&s->zone, own);
    if (!own->set)
        return;
    zone_copy(&level.own, own);
    vec_push(&s->levels, level);
}

static void add_span(struct spans *out, const struct table_levels *l, const struct key *start, const struct key *end,
    const struct zone *own, int64_t subzone) {
    struct span s = {0};
    if (key_compare(start, end) >= 0)
        return;
    key_copy(&s.start, start);
    key_copy(&s.end, end);
    if (own)
        add_level(&s, l->t->id, subzone, own);
    add_level(&s, l->t->id, 0, &l->table);
    add_level(&s, l->db->id, 0, &l->database);
    add_level(&s, 0, 0, &l->fallback);
    vec_push(out, s);
}

/* A partition's or an index's place in key order. */
struct place {
    struct key start;
    size_t index;
    const char *region; /* NULL: the whole index */
    int64_t subzone;
};

static int by_start(const void *a, const void *b) {
    return key_compare(&((const struct place *)a)->start, &((const struct place *)b)->start);
}

static size_t collect_places(const struct table_levels *l, struct place **places) {
    const char **regions;
    size_t n = virtual_sorted_regions(l->db, &regions);
    size_t indexes = l->t->indexes.len;
    struct place *out = mem_calloc(n * indexes + 1, sizeof *out);
    size_t used = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < indexes; i++) {
            const struct enum_label *label = virtual_region_label(l->d, l->db, regions[k]);
            struct place *p = &out[used];
            if (!label)
                continue;
            *p = (struct place){.index = i, .region = label->name, .subzone = (int64_t)(k * indexes + i + 1)};
            key_begin(&p->start, (uint64_t)l->t->id, (uint64_t)l->t->indexes.items[i].id);
            key_add_bytes(&p->start, label->physical.data, label->physical.len, false);
            used++;
        }
    free(regions);
    qsort(out, used, sizeof *out, by_start);
    *places = out;
    return used;
}

/* Indexes with a configuration of their own. */
static size_t collect_indexes(const struct table_levels *l, struct place **places) {
    struct place *out = mem_calloc(l->t->indexes.len + 1, sizeof *out);
    size_t used = 0;
    for (size_t i = 0; i < l->t->indexes.len; i++) {
        const struct index_descriptor *ix = &l->t->indexes.items[i];
        if (!zone_settings_find(&l->t->zones, ix->name, NULL))
            continue;
        struct place *p = &out[used++];
        *p = (struct place){.index = i, .subzone = (int64_t)used};
        key_begin(&p->start, (uint64_t)l->t->id, (uint64_t)ix->id);
    }
    qsort(out, used, sizeof *out, by_start);
    *places = out;
    return used;
}

static void add_parts(struct spans *out, const struct table_levels *l, struct key *at, const struct key *end) {
    struct place *places;
    size_t n = l->t->locality == TABLE_LOCALITY_BY_ROW && l->db->primary_region ? collect_places(l, &places)
        : collect_indexes(l, &places);
    for (size_t i = 0; i < n; i++) {
        struct zone own = {0};
        struct key stop = {0};
        key_copy(&stop, &places[i].start);
        key_prefix_end(&stop);
        if (places[i].region)
            virtual_partition_zone(&own, l->d, l->t, &l->t->indexes.items[places[i].index], places[i].region, false);
        else
            virtual_index_zone(&own, l->d, l->t, &l->t->indexes.items[places[i].index], false);
        add_span(out, l, at, &places[i].start, NULL, 0);
        add_span(out, l, &places[i].start, &stop, &own, places[i].subzone);
        key_copy(at, &stop);
        key_free(&stop);
        key_free(&places[i].start);
        zone_free(&own);
    }
    free(places);
    add_span(out, l, at, end, NULL, 0);
}

static void add_table(struct spans *out, const struct descriptors *d, const struct database_descriptor *db,
    const struct table_descriptor *t) {
    struct table_levels l = {.d = d, .db = db, .t = t};
    struct key start = {0};
    struct key end = {0};
    virtual_table_zone(&l.table, d, t, false);
    virtual_database_zone(&l.database, d, db, false);
    virtual_range_default(&l.fallback, d);
    key_add_uvarint(&start, (uint64_t)t->id);
    key_copy(&end, &start);
    key_prefix_end(&end);
    add_parts(out, &l, &start, &end);
    key_free(&start);
    key_free(&end);
    zone_free(&l.table);
    zone_free(&l.database);
    zone_free(&l.fallback);
}

/* The zone of a database, which may have no tables yet. */
static void add_idle(struct spans *out, const struct descriptors *d, const struct database_descriptor *db) {
    struct span s = {0};
    struct zone own = {0};
    virtual_database_zone(&own, d, db, false);
    add_level(&s, db->id, 0, &own);
    vec_push(&out->idle, s);
    zone_free(&own);
}

void virtual_spans(struct spans *out, const struct descriptors *d) {
    for (size_t i = 0; i < d->tables.len; i++) {
        const struct table_descriptor *t = d->tables.items[i];
        const struct database_descriptor *db = database_by_id(d, t->database);
        if (db && !t->view && !t->sequence && db->id >= 100)
            add_table(out, d, db, t);
    }
    for (size_t i = 0; d->compat >= COMPAT_NEW && i < d->databases.len; i++) /* old reports pass over them */
        if (d->databases.items[i]->primary_region)
            add_idle(out, d, d->databases.items[i]);
    spans_sort(out);
}
