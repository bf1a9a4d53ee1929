/* evidence: the content of the statement. */
#include "domicile/output/evidence.h"

#include "answers.h"
#include "domicile/output/passport.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What no reading of descriptors can prove, by version. Sources: CockroachDB's documentation of data domiciling. */
static const struct limit {
    int from; /* version, major * 100 + minor; 0 all */
    const char *text;
} limits[] = {
    {0,
        "Keys are range boundaries: values of primary keys and indexed columns can stand in meta ranges and system "
        "tables, "
        "which are replicated outside the region."},
    {0,
        "Zone configurations are best effort: with nodes missing, the allocator may place replicas outside "
        "constraints."},
    {0, "Logs, traces, statement statistics and crash reports can hold values of rows outside the region."},
    {0, "A node's locality is what its operator wrote; a mislabelled node is not seen here."},
    {0, "Backups, exports, changefeeds and query results leave the region by design and were not looked at."},
    {0, "GLOBAL tables are replicated in every region, also under PLACEMENT RESTRICTED."},
    {0,
        "A removed replica's data and old versions of moved or deleted rows stay on disk until they are "
        "garbage-collected."},
    {2302, "A range can hold rows of one table and gaps of others: numbers of ranges by table do not add up."},
    {2601,
        "System catalogs can be closed to this session; what was read by SHOW statements alone lacks nodes' liveness."},
};

static void utc(char out[40], int64_t wall) {
    time_t seconds = (time_t)(wall / USEC_PER_SEC);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(out, 40, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static json_t *cluster_of(const struct evidence_input *in) {
    const struct server_info *s = snapshot_server(in->snapshot);
    json_t *o = json_object();
    record_set(o, "cluster_id", record_text(s ? s->cluster_id : NULL));
    record_set(o, "version", record_text(s ? s->version_text : NULL));
    record_set(o, "user", record_text(s ? s->user : NULL));
    record_set(o, "unsafe_internals", s ? json_boolean(s->unsafe_internals) : json_null());
    json_t *missing = json_array();
    for (size_t i = 0; s && i < s->missing.len; i++)
        json_array_append_new(missing, record_text(s->missing.items[i]));
    record_set(o, "missing_privileges", missing);
    return o;
}

static json_t *database_of(const struct database *d) {
    static const char *const placements[] = {NULL, "default", "restricted"};
    static const char *const survivals[] = {NULL, "zone", "region"};
    json_t *o = json_object();
    json_t *regions = json_array(), *supers = json_array();
    for (size_t i = 0; i < d->regions.len; i++)
        json_array_append_new(regions, record_text(d->regions.items[i].name));
    for (size_t i = 0; i < d->super_regions.len; i++) {
        json_t *s = json_object();
        record_set(s, "name", record_text(d->super_regions.items[i].name));
        record_set(s, "regions", output_allowed(d, d->super_regions.items[i].regions.len
            ? d->super_regions.items[i].regions.items[0] : NULL));
        json_array_append_new(supers, s);
    }
    record_set(o, "name", record_text(d->name));
    record_set(o, "primary_region", record_text(d->primary_region));
    record_set(o, "secondary_region", record_text(d->secondary_region));
    record_set(o, "regions", regions);
    record_set(o, "super_regions", supers);
    record_set(o, "survival_goal", record_text(survivals[d->survival]));
    record_set(o, "placement", record_text(placements[d->placement]));
    return o;
}

static json_t *counts_of(const struct evidence_input *in, const struct table *t) {
    json_t *list = json_array();
    for (size_t i = 0; i < in->count_count; i++) {
        const struct evidence_count *c = &in->counts[i];
        json_t *o;
        if (strcmp(c->table, t->name) != 0 || strcmp(c->schema, t->schema) != 0)
            continue;
        o = json_object();
        record_set(o, "region", record_text(c->region));
        record_set(o, "rows", c->rows >= 0 ? json_integer(c->rows) : json_null());
        record_set(o, "problem", record_text(c->problem));
        json_array_append_new(list, o);
    }
    return list;
}

/* The partitions of a table by row. The server estimates rows by table only: by partition they are counted or not told. */
static json_t *partitions_of(const struct table *t) {
    const struct index *primary = table_primary(t);
    json_t *list = json_array();
    for (size_t i = 0; primary && i < primary->partitions.len; i++) {
        json_t *o = json_object();
        record_set(o, "region", record_text(primary->partitions.items[i].region));
        record_set(o, "estimated_rows", json_null());
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *tables_of(const struct evidence_input *in) {
    const struct catalog *c = snapshot_catalog(in->snapshot);
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    json_t *list = json_array();
    for (size_t i = 0; c && i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        const struct table_verdict *tv = v && i < v->tables.len ? &v->tables.items[i] : NULL;
        json_t *o = json_object();
        record_set(o, "schema", record_text(t->schema));
        record_set(o, "table", record_text(t->name));
        record_set(o, "locality", record_text(t->locality_text));
        record_set(o, "estimated_rows", t->estimated_rows >= 0 ? json_integer(t->estimated_rows) : json_null());
        record_set(o, "partitions", partitions_of(t));
        record_set(o, "counted_rows", counts_of(in, t));
        record_set(o, "verdict", record_text(tv ? domicile_name(tv->worst) : NULL));
        json_array_append_new(list, o);
    }
    return list;
}

/* What of which table, index and region a range holds. */
static json_t *holds_of(const struct range_parts *parts) {
    json_t *list = json_array();
    for (size_t i = 0; i < parts->len; i++) {
        const struct range_part *p = &parts->items[i];
        json_t *o = json_object();
        record_set(o, "table", record_text(p->table ? p->table->name : NULL));
        record_set(o, "index", record_text(p->index ? p->index->name : NULL));
        record_set(o, "region", record_text(p->home));
        record_set(o, "holds", json_string(p->kind == SPAN_ROWS ? "rows" : "gap"));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *range_of(const struct evidence_input *in, size_t i) {
    const struct snapshot *s = in->snapshot;
    const struct catalog *c = snapshot_catalog(s);
    const struct range *r = &snapshot_ranges(s)->items[i];
    const struct range_verdict *v = &snapshot_verdicts(s)->ranges.items[i];
    struct range_parts parts = {0};
    struct str start = {0}, end = {0}, states = {0};
    json_t *o = json_object();
    json_t *allowed = v->domicile->home ? output_allowed(&c->database, v->domicile->home) : NULL;
    domicile_range_parts(&parts, r, c);
    key_print(&start, &r->start);
    key_print(&end, &r->end);
    conformance_print(&states, v->conformance);
    record_set(o, "range_id", json_integer(r->id));
    record_set(o, "kind", json_string(v->gap ? "gap" : "rows"));
    record_set(o, "start_key", record_text(str_get(&start)));
    record_set(o, "end_key", record_text(str_get(&end)));
    record_set(o, "parts", holds_of(&parts));
    record_set(o, "replicas", output_replicas(r, snapshot_topology(s), allowed));
    record_set(o, "verdict", record_text(domicile_name(v->domicile->domicile)));
    record_set(o, "flags", answer_flags(v->domicile->flags));
    record_set(o, "reason", record_text(v->domicile->reason));
    record_set(o, "conformance", record_text(str_get(&states)));
    json_decref(allowed);
    vec_free(&parts);
    str_free(&start);
    str_free(&end);
    str_free(&states);
    return o;
}

static json_t *ranges_of(const struct evidence_input *in) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    const struct ranges *all = snapshot_ranges(in->snapshot);
    json_t *list = json_array();
    for (size_t i = 0; v && all && snapshot_catalog(in->snapshot) && i < all->len && i < v->ranges.len; i++)
        if (!v->ranges.items[i].foreign)
            json_array_append_new(list, range_of(in, i));
    return list;
}

static json_t *summary_of(const struct evidence_input *in) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    struct answer_input question = {.snapshot = in->snapshot, .unread = in->problem_count > 0};
    static const char *const words[] = {
        [ANSWER_YES] = "home", [ANSWER_NO] = "abroad", [ANSWER_CANNOT_TELL] = "cannot tell"};
    json_t *o = json_object();
    record_set(o, "verdict", json_string(words[check_says(&question)]));
    record_set(o, "ranges_with_rows", v ? json_integer(v->rows.ranges) : json_null());
    record_set(o, "home", v ? json_integer(v->rows.home) : json_null());
    record_set(o, "abroad", v ? json_integer(v->rows.abroad) : json_null());
    record_set(o, "unknown", v ? json_integer(v->rows.unknown) : json_null());
    record_set(o, "gap_ranges", v ? json_integer(v->gaps.ranges) : json_null());
    record_set(o, "gap_ranges_abroad", v ? json_integer(v->gaps.abroad) : json_null());
    return o;
}

static void add_sentence(json_t *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_sentence(json_t *list, const char *format, ...) {
    struct str text = {0};
    va_list args;
    va_start(args, format);
    str_add_vf(&text, format, args);
    va_end(args);
    json_array_append_new(list, record_text(str_get(&text)));
    str_free(&text);
}

/* What was read and still proves nothing: ranges whose place or conformance is not known, numbers that are missing. */
static void add_unproven(json_t *list, const struct snapshot *s) {
    const struct verdicts *v = snapshot_verdicts(s);
    const struct catalog *c = snapshot_catalog(s);
    for (size_t i = 0; v && i < v->ranges.len; i++) {
        const struct range_verdict *r = &v->ranges.items[i];
        if (!r->foreign && r->domicile->domicile == DOMICILE_UNKNOWN)
            add_sentence(list, "range %lld: %s", (long long)r->range_id, r->domicile->reason);
    }
    if (v && v->conformance_unknown)
        add_sentence(list, "of %d ranges it is not known whether they conform to their zone configuration",
            v->conformance_unknown);
    for (size_t i = 0; c && i < c->tables.len; i++)
        if (c->tables.items[i].estimated_rows < 0)
            add_sentence(list, "the number of rows of %s is not known", c->tables.items[i].name);
}

/* What could not be verified, and why: what may not be read, what failed, and what follows from neither. */
static json_t *not_verified(const struct evidence_input *in) {
    const struct server_info *s = snapshot_server(in->snapshot);
    const struct topology *t = snapshot_topology(in->snapshot);
    json_t *list = json_array();
    for (size_t i = 0; i < in->problem_count; i++)
        json_array_append_new(list, record_text(in->problems[i]));
    for (size_t i = 0; s && i < s->missing.len; i++)
        json_array_append_new(list, record_text(s->missing.items[i]));
    if (!s || !s->cluster_id)
        add_sentence(list, "the cluster's id was not read");
    if (!t || !t->liveness_known)
        add_sentence(list, "which nodes live was not read");
    if (!snapshot_verdicts(in->snapshot))
        add_sentence(list, "ranges, tables or nodes were not read: nothing is judged");
    add_unproven(list, in->snapshot);
    for (size_t i = 0; i < in->count_count; i++)
        if (in->counts[i].problem)
            add_sentence(list, "rows of %s%s%s were not counted: %s", in->counts[i].table,
                in->counts[i].region ? " in " : "", in->counts[i].region ? in->counts[i].region : "",
                in->counts[i].problem);
    return list;
}

json_t *evidence_make(const struct evidence_input *in) {
    const struct server_info *s = snapshot_server(in->snapshot);
    const struct catalog *c = snapshot_catalog(in->snapshot);
    char from[40], to[40];
    json_t *o = json_object();
    json_t *known = json_array();
    utc(from, in->from_wall);
    utc(to, in->to_wall);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!s || s->version == 0 || s->version >= limits[i].from)
            json_array_append_new(known, json_string(limits[i].text));
    record_set(o, "made_by", record_text(in->program));
    record_set(o, "read_from", json_string(from));
    record_set(o, "read_to", json_string(to));
    record_set(o, "cluster", cluster_of(in));
    record_set(o, "database", c ? database_of(&c->database) : json_null());
    record_set(o, "summary", summary_of(in));
    record_set(o, "tables", tables_of(in));
    record_set(o, "ranges", ranges_of(in));
    record_set(o, "not_verified", not_verified(in));
    record_set(o, "limits", known);
    return o;
}

const char *evidence_verdict(const json_t *content) {
    return json_string_value(json_object_get(json_object_get(content, "summary"), "verdict"));
}
