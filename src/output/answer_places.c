/* answer_places: what is where: regions and tables. */
#include "answers.h"

#include <string.h>

void regions_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {"region", "role", "super_region", "zones", "nodes", "live_nodes",
        "ranges", "leases", "replicas_abroad", NULL};
    (void)in;
    answer_fields(r, names);
}

static const char *role_of(const struct database *d, const char *region) {
    if (!database_region(d, region))
        return NULL;
    if (d->primary_region && strcmp(d->primary_region, region) == 0)
        return "primary";
    return d->secondary_region && strcmp(d->secondary_region, region) == 0 ? "secondary" : "region";
}

static void set_nodes(json_t *record, const struct topology *t, const char *region) {
    int nodes = 0;
    int live = 0;
    for (size_t i = 0; t && i < t->nodes.len; i++) {
        const char *of = locality_region(&t->nodes.items[i].locality);
        if (!of || strcmp(of, region) != 0)
            continue;
        nodes++;
        live += t->nodes.items[i].liveness == LIVENESS_LIVE;
    }
    if (t && t->nodes.len > 0)
        record_set(record, "nodes", json_integer(nodes));
    if (t && t->liveness_known)
        record_set(record, "live_nodes", json_integer(live));
}

static void set_zones(json_t *record, const struct topology *t, const char *region) {
    json_t *zones = json_array();
    for (size_t i = 0; t && i < t->regions.len; i++)
        if (strcmp(t->regions.items[i].name, region) == 0)
            for (size_t k = 0; k < t->regions.items[i].zones.len; k++)
                json_array_append_new(zones, record_text(t->regions.items[i].zones.items[k]));
    record_set(record, "zones", zones);
}

static void add_region(
    struct records *r, const struct snapshot *s, const char *region, const struct region_counts *counts) {
    const struct catalog *c = snapshot_catalog(s);
    json_t *record = records_add(r);
    record_set(record, "region", record_text(region));
    record_set(record, "role", record_text(c ? role_of(&c->database, region) : NULL));
    const struct super_region *super = c ? database_super_region_of(&c->database, region) : NULL;
    record_set(record, "super_region", record_text(super ? super->name : NULL));
    set_zones(record, snapshot_topology(s), region);
    set_nodes(record, snapshot_topology(s), region);
    if (!counts)
        return;
    record_set(record, "ranges", json_integer(counts->ranges));
    if (counts->leases >= 0)
        record_set(record, "leases", json_integer(counts->leases));
    record_set(record, "replicas_abroad", json_integer(counts->abroad));
}

void regions_append(struct records *r, const struct answer_input *in) {
    const struct catalog *c = snapshot_catalog(in->snapshot);
    const struct topology *t = snapshot_topology(in->snapshot);
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    for (size_t i = 0; c && i < c->database.regions.len; i++)
        add_region(r, in->snapshot, c->database.regions.items[i].name,
            v && i < v->regions.len ? &v->regions.items[i] : NULL);
    for (size_t i = 0; t && i < t->regions.len; i++)
        if (!c || !database_region(&c->database, t->regions.items[i].name))
            add_region(r, in->snapshot, t->regions.items[i].name, NULL);
}

void tables_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {"schema", "table", "locality", "ranges", "estimated_rows", "verdict", "reason",
        "replicas_abroad", "age_ms", NULL};
    (void)in;
    answer_fields(r, names);
}

static const struct table_verdict *verdict_of(const struct verdicts *v, size_t i, int64_t table_id) {
    return v && i < v->tables.len && v->tables.items[i].table_id == table_id ? &v->tables.items[i] : NULL;
}

/* Why a table has its verdict: the worst of its ranges decides. */
static void set_reason(json_t *record, const struct table_verdict *v) {
    static const char *const reasons[] = {
        [DOMICILE_NO_RULE] = "its database has no regions",
        [DOMICILE_GLOBAL] = "a GLOBAL table has no home",
        [DOMICILE_HOME] = "every replica of its rows is within its home region",
        [DOMICILE_UNKNOWN] = "of some of its ranges it cannot be told where they are: \"domicile ranges\" says why",
        [DOMICILE_ABROAD] = "replicas without a vote are outside their home region",
        [DOMICILE_VOTER_ABROAD] = "voters are outside their home region",
        [DOMICILE_LEASE_ABROAD] = "leaseholders are outside their home region",
    };
    record_set(record, "reason", json_string(reasons[v->worst]));
}

void tables_append(struct records *r, const struct answer_input *in) {
    const struct catalog *c = snapshot_catalog(in->snapshot);
    for (size_t i = 0; c && i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        const struct table_verdict *v = verdict_of(snapshot_verdicts(in->snapshot), i, t->id);
        json_t *record = records_add(r);
        record_set(record, "schema", record_text(t->schema));
        record_set(record, "table", record_text(t->name));
        record_set(record, "locality", record_text(t->locality_text));
        if (t->estimated_rows >= 0)
            record_set(record, "estimated_rows", json_integer(t->estimated_rows));
        if (!v)
            continue;
        record_set(record, "ranges", json_integer(v->ranges));
        record_set(record, "verdict", record_text(domicile_name(v->worst)));
        record_set(record, "replicas_abroad", json_integer(v->abroad_replicas));
        set_reason(record, v);
        answer_set_age(record, in);
    }
}
