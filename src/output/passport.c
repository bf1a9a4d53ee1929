/* passport: one row with its range, replicas, zone configuration and verdicts. */
#include "domicile/output/passport.h"

#include "answers.h"

#include <stdlib.h>
#include <string.h>

json_t *output_allowed(const struct database *d, const char *home) {
    const struct super_region *super = home ? database_super_region_of(d, home) : NULL;
    json_t *list = json_array();
    for (size_t i = 0; super && i < super->regions.len; i++)
        json_array_append_new(list, record_text(super->regions.items[i]));
    if (home && !super)
        json_array_append_new(list, record_text(home));
    return list;
}

static bool holds(const json_t *list, const char *text) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    return false;
}

static const char *kind_name(const struct range *r, const struct replica *p) {
    if (r->lease_state == LEASE_KNOWN && r->leaseholder == p->store_id)
        return "leaseholder";
    return p->kind == REPLICA_VOTER ? "voter" : p->kind == REPLICA_NON_VOTER ? "non-voter" : "learner";
}

json_t *output_replicas(const struct range *r, const struct topology *t, const json_t *allowed) {
    static const struct topology nothing;
    json_t *list = json_array();
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        const struct store *store = t ? topology_store(t, p->store_id) : NULL;
        const char *region = t ? topology_store_region(t, p->store_id) : NULL;
        struct str name = {0}, locality = {0};
        json_t *o = json_object();
        topology_print_store(&name, t ? t : &nothing, p->store_id);
        if (store)
            locality_print(&locality, &store->locality);
        record_set(o, "replica", record_text(str_get(&name)));
        record_set(o, "kind", json_string(kind_name(r, p)));
        record_set(o, "region", record_text(region));
        record_set(o, "locality", locality.len ? record_text(str_get(&locality)) : json_null());
        record_set(o, "outside", allowed && region ? json_boolean(!holds(allowed, region)) : json_null());
        json_array_append_new(list, o);
        str_free(&name);
        str_free(&locality);
    }
    return list;
}

static json_t *key_text(const struct key *k) {
    struct str text = {0};
    key_print(&text, k);
    json_t *value = record_text(str_get(&text));
    str_free(&text);
    return value;
}

static void set_zone(
    json_t *o, const struct range *range, const struct zone *z, const char *target, const struct topology *t) {
    struct conformance_verdict v;
    struct str text = {0};
    json_t *findings = json_array();
    if (z) {
        zone_print_options(&text, z, "");
        for (size_t i = 0; i < text.len; i++)
            if (text.data[i] == '\n')
                text.data[i] = ' ';
        record_set(o, "zone_target", record_text(target));
        record_set(o, "zone", record_text(str_get(&text)));
    }
    str_clear(&text);
    conformance_judge(&v, range, z, t);
    conformance_print(&text, v.states);
    record_set(o, "conformance", record_text(str_get(&text)));
    for (size_t i = 0; i < v.findings.len; i++)
        json_array_append_new(findings, record_text(v.findings.items[i].text));
    record_set(o, "findings", findings);
    conformance_verdict_free(&v);
    str_free(&text);
}

void output_passport(struct records *out, const struct snapshot *s, const struct row *r, usec now) {
    static const char *const names[] = {"home", "allowed", "verdict", "reason", "flags", "key", "range_id", "start_key",
        "end_key", "replicas", "zone_target", "zone", "conformance", "findings", "indexes", "age_ms", NULL};
    const struct rows *rows = snapshot_rows(s);
    const struct catalog *c = snapshot_catalog(s);
    const struct table *t = catalog_table(c, rows->table);
    const struct topology *topology = snapshot_topology(s);
    const struct range *range = row_range(r, snapshot_ranges(s));
    const char *target = NULL;
    out->vertical = true;
    for (size_t i = 0; i < rows->columns.len; i++)
        records_add_field(out, rows->columns.items[i])->nested = true;
    answer_fields(out, names);
    json_t *o = records_add(out);
    for (size_t i = 0; i < rows->columns.len && i < r->values.len; i++)
        record_set_nested(o, rows->columns.items[i], record_text(r->values.items[i]));
    json_t *allowed = output_allowed(&c->database, r->home);
    record_set(o, "home", record_text(r->home));
    record_set(o, "verdict", record_text(domicile_name(r->verdict.domicile)));
    record_set(o, "reason", record_text(r->why ? r->why : r->verdict.reason));
    record_set(o, "flags", answer_flags(r->verdict.flags));
    if (r->key.len)
        record_set(o, "key", key_text(&r->key));
    if (range) {
        record_set(o, "range_id", json_integer(range->id));
        record_set(o, "start_key", key_text(&range->start));
        record_set(o, "end_key", key_text(&range->end));
        record_set(o, "replicas", output_replicas(range, topology, r->home ? allowed : NULL));
        if (t)
            set_zone(o, range, row_zone(r, t, table_primary(t), &target), target, topology);
    }
    json_t *indexes = json_array();
    for (size_t i = 0; t && i < t->indexes.len; i++)
        json_array_append_new(indexes, record_text(t->indexes.items[i].name));
    record_set(o, "allowed", allowed);
    record_set(o, "indexes", indexes);
    const struct part *ranges = s->parts[PART_RANGES];
    if (ranges)
        record_set(o, "age_ms", json_integer((json_int_t)((now - ranges->asof) / USEC_PER_MS)));
}
