/* snapshot: reference-counted parts of a picture. */
#include "domicile/cluster/snapshot.h"

#include <stdlib.h>

enum { SHRINK = 4096 };

static void free_texts(char **items, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(items[i]);
}

static void server_free(void *data) {
    struct server_info *s = data;
    free(s->version_text);
    free(s->cluster_id);
    free(s->user);
    free(s->database);
    free(s->gateway_region);
    free_texts(s->databases.items, s->databases.len);
    free_texts(s->missing.items, s->missing.len);
    vec_free(&s->databases);
    vec_free(&s->missing);
}

static void report_free(void *data) {
    struct report *r = data;
    for (size_t i = 0; i < r->rows.len; i++) {
        free(r->rows.items[i].target);
        free(r->rows.items[i].type);
        free(r->rows.items[i].config);
        free(r->rows.items[i].violation_start);
    }
    vec_free(&r->rows);
}

static void free_kind(struct domicile_verdict *v) {
    domicile_verdict_free(v);
    free(v);
}

static void clear_verdicts(struct verdicts *v) {
    for (size_t i = 0; i < v->kinds.len; i++)
        free_kind(v->kinds.items[i]);
    vec_free(&v->kinds);
    vec_free(&v->ranges);
    vec_free(&v->tables);
    vec_free(&v->regions);
}

void verdicts_free(struct verdicts *v) {
    if (!v)
        return;
    clear_verdicts(v);
    free(v);
}

static void topology_part_free(void *data) { topology_free(data); }
static void catalog_part_free(void *data) { catalog_free(data); }
static void ranges_part_free(void *data) { ranges_free(data); }
static void rows_part_free(void *data) { rows_free(data); }
static void verdicts_part_free(void *data) { clear_verdicts(data); }

static void (*const free_part[PART_KINDS])(void *data) = {
    [PART_SERVER] = server_free,
    [PART_TOPOLOGY] = topology_part_free,
    [PART_CATALOG] = catalog_part_free,
    [PART_RANGES] = ranges_part_free,
    [PART_ROWS] = rows_part_free,
    [PART_REPORT] = report_free,
    [PART_VERDICTS] = verdicts_part_free,
};

struct part *part_new(enum part_kind kind, void *data, usec asof, int64_t asof_wall) {
    struct part *p = mem_calloc(1, sizeof *p);
    *p = (struct part){.kind = kind, .refs = 1, .asof = asof, .asof_wall = asof_wall, .data = data};
    return p;
}

struct part *part_ref(struct part *p) {
    p->refs++;
    return p;
}

void part_unref(struct part *p) {
    if (!p || --p->refs > 0)
        return;
    free_part[p->kind](p->data);
    free(p->data);
    free(p);
}

bool part_shrink(struct part *p, size_t n) {
    struct ranges *rs = p->data;
    struct verdicts *v = p->data;
    if (p->kind == PART_VERDICTS) {
        for (; n > 0 && v->kinds.len > 0; n--)
            free_kind(v->kinds.items[--v->kinds.len]);
        return v->kinds.len > 0;
    }
    if (p->kind != PART_RANGES)
        return false;
    for (; n > 0 && rs->len > 0; n--)
        range_free(&rs->items[--rs->len]);
    if (rs->len > 0 && rs->cap - rs->len >= SHRINK) { /* the list itself is long as well */
        rs->items = mem_reallocarray(rs->items, rs->len, sizeof *rs->items);
        rs->cap = rs->len;
    }
    return rs->len > 0;
}

static const void *data_of(const struct snapshot *s, enum part_kind kind) {
    return s->parts[kind] ? s->parts[kind]->data : NULL;
}

const struct server_info *snapshot_server(const struct snapshot *s) { return data_of(s, PART_SERVER); }
const struct topology *snapshot_topology(const struct snapshot *s) { return data_of(s, PART_TOPOLOGY); }
const struct catalog *snapshot_catalog(const struct snapshot *s) { return data_of(s, PART_CATALOG); }
const struct ranges *snapshot_ranges(const struct snapshot *s) { return data_of(s, PART_RANGES); }
const struct rows *snapshot_rows(const struct snapshot *s) { return data_of(s, PART_ROWS); }
const struct report *snapshot_report(const struct snapshot *s) { return data_of(s, PART_REPORT); }
const struct verdicts *snapshot_verdicts(const struct snapshot *s) { return data_of(s, PART_VERDICTS); }

const struct range_verdict *verdicts_range(
    const struct verdicts *v, const struct ranges *ranges, const struct range *r) {
    size_t at = (size_t)(r - ranges->items);
    if (at < v->ranges.len && v->ranges.items[at].range_id == r->id)
        return &v->ranges.items[at];
    for (size_t i = 0; i < v->ranges.len; i++)
        if (v->ranges.items[i].range_id == r->id)
            return &v->ranges.items[i];
    return NULL;
}

void snapshot_set(struct snapshot *s, struct part *p) {
    struct part *old = s->parts[p->kind];
    s->parts[p->kind] = p;
    part_unref(old);
}

void snapshot_copy(struct snapshot *to, const struct snapshot *from) {
    for (int i = 0; i < PART_KINDS; i++) {
        struct part *old = to->parts[i];
        to->parts[i] = from->parts[i] ? part_ref(from->parts[i]) : NULL;
        part_unref(old);
    }
}

void snapshot_clear(struct snapshot *s) {
    for (int i = 0; i < PART_KINDS; i++) {
        part_unref(s->parts[i]);
        s->parts[i] = NULL;
    }
}
