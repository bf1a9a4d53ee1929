/* answer_ranges: ranges and rows, with where they are. */
#include "answers.h"

#include <string.h>

void ranges_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {"range_id", "table", "index", "home", "kind", "voters", "non_voters",
        "learners", "leaseholder", "verdict", "abroad", "flags", "conformance", "start_key", "end_key",
        "reason", "age_ms", NULL};
    (void)in;
    answer_fields(r, names);
    r->fields.items[r->fields.len - 4].identifier = true;
    r->fields.items[r->fields.len - 3].identifier = true;
}

static json_t *key_text(const struct key *k) {
    struct str text = {0};
    key_print(&text, k);
    json_t *value = record_text(str_get(&text));
    str_free(&text);
    return value;
}

/* Unique texts of the parts, in their order: a range may cover several. */
static void add_once(json_t *list, const char *text) {
    size_t i;
    json_t *item;
    json_t *value = record_text(text);
    json_array_foreach(list, i, item) {
        if (json_equal(item, value)) {
            json_decref(value);
            return;
        }
    }
    json_array_append_new(list, value);
}

/* Whether one of the parts is the table's. */
static bool set_parts(json_t *record, const struct range_parts *parts, const struct table *table) {
    json_t *tables = json_array();
    json_t *indexes = json_array();
    json_t *homes = json_array();
    bool holds = false;
    for (size_t i = 0; i < parts->len; i++) {
        const struct range_part *p = &parts->items[i];
        if (p->table)
            add_once(tables, table_shown(p->table));
        if (p->index)
            add_once(indexes, p->index->name);
        if (p->home)
            add_once(homes, p->home);
        holds = holds || (table && p->table == table);
    }
    record_set(record, "table", tables);
    record_set(record, "index", indexes);
    record_set(record, "home", homes);
    return holds;
}

static void set_place(json_t *record, const struct range *range, const struct topology *t) {
    static const struct topology nothing;
    record_set(record, "range_id", json_integer(range->id));
    record_set(record, "voters", answer_replicas(range, t, REPLICA_VOTER));
    record_set(record, "non_voters", answer_replicas(range, t, REPLICA_NON_VOTER));
    record_set(record, "learners", answer_replicas(range, t, REPLICA_LEARNER));
    if (range->lease_state == LEASE_KNOWN && range->leaseholder > 0) {
        struct str name = {0};
        topology_print_store(&name, t ? t : &nothing, range->leaseholder);
        record_set(record, "leaseholder", record_text(str_get(&name)));
        str_free(&name);
    }
}

static void set_verdict(json_t *record, const struct domicile_verdict *v, const struct topology *t) {
    record_set(record, "verdict", record_text(domicile_name(v->domicile)));
    record_set(record, "abroad", answer_abroad(v, t));
    record_set(record, "flags", answer_flags(v->flags));
    record_set(record, "reason", record_text(v->reason));
}

static void add_range(struct records *r, const struct answer_input *in, size_t i) {
    const struct snapshot *s = in->snapshot;
    const struct catalog *c = snapshot_catalog(s);
    const struct table *table = in->table && c ? catalog_table(c, in->table) : NULL;
    const struct range *range = &snapshot_ranges(s)->items[i];
    const struct verdicts *all = snapshot_verdicts(s);
    const struct range_verdict *v = all && i < all->ranges.len ? &all->ranges.items[i] : NULL;
    struct range_parts parts = {0};
    if (v && v->foreign && in->table)
        return;
    if (c)
        domicile_range_parts(&parts, range, c);
    json_t *record = records_add(r);
    set_place(record, range, snapshot_topology(s));
    record_set(record, "start_key",
        range->start_pretty ? record_text(range->start_pretty) : key_text(&range->start));
    record_set(record, "end_key", key_text(&range->end));
    const bool wanted = set_parts(record, &parts, table) || !in->table;
    if (v) {
        struct str states = {0};
        conformance_print(&states, v->conformance);
        record_set(record, "kind", record_text(v->foreign ? "other" : v->gap ? "gap" : "rows"));
        record_set(record, "conformance", record_text(str_get(&states)));
        set_verdict(record, v->domicile, snapshot_topology(s));
        answer_set_age(record, in);
        str_free(&states);
    }
    vec_free(&parts);
    if (!wanted)
        json_decref(r->rows.items[--r->rows.len]);
}

void ranges_append(struct records *r, const struct answer_input *in) {
    const struct ranges *all = snapshot_ranges(in->snapshot);
    for (size_t i = 0; all && i < all->len; i++)
        add_range(r, in, i);
}

void rows_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {"home", "range_id", "voters", "non_voters", "learners", "leaseholder",
        "verdict", "abroad", "flags", "reason", "age_ms", NULL};
    const struct rows *rows = snapshot_rows(in->snapshot);
    for (size_t i = 0; rows && i < rows->columns.len; i++)
        records_add_field(r, rows->columns.items[i])->nested = true;
    answer_fields(r, names);
}

void rows_append(struct records *r, const struct answer_input *in) {
    const struct rows *rows = snapshot_rows(in->snapshot);
    for (size_t i = 0; in->page && i < in->page->rows.len; i++) {
        const struct row *row = &in->page->rows.items[i];
        const struct range *range = row->range_id && snapshot_ranges(in->snapshot)
            ? ranges_by_id(snapshot_ranges(in->snapshot), row->range_id)
            : NULL;
        json_t *record = records_add(r);
        for (size_t k = 0; k < row->values.len && k < rows->columns.len; k++)
            record_set_nested(record, rows->columns.items[k], record_text(row->values.items[k]));
        record_set(record, "home", record_text(row->home));
        if (range)
            set_place(record, range, snapshot_topology(in->snapshot));
        set_verdict(record, &row->verdict, snapshot_topology(in->snapshot));
        answer_set_age(record, in);
        if (row->why)
            record_set(record, "reason", record_text(row->why));
    }
}
