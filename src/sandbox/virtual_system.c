/* virtual_system: the tables of the system database: the replication reports, names, zones, settings. */
#include "protobuf.h"
#include "system_table.h"
#include "virtual_zones.h"

#include <stdlib.h>
#include <string.h>

static bool check_report(const struct virtual_context *c, const char *name, struct result *r) {
    if (users_is_admin(c->users, c->session->user))
        return true;
    return result_fail(r, "42501", "user %s does not have SELECT privilege on relation %s", c->session->user, name);
}

static void fill_constraint_stats(const struct virtual_context *c, struct result *r) {
    const struct world_report *report = world_report(c->world);
    for (size_t i = 0; i < report->constraints.len; i++) {
        const struct world_constraint_row *s = &report->constraints.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "zone_id", s->zone_id);
        vrow_int(&row, "subzone_id", s->subzone_id);
        vrow_text(&row, "type", s->type);
        vrow_text(&row, "config", s->config);
        vrow_int(&row, "report_id", 1);
        vrow_time(&row, "violation_start", s->violation_start, true);
        vrow_int(&row, "violating_ranges", s->violating_ranges);
        vrow_end(&row);
    }
}

static void fill_stats(const struct virtual_context *c, struct result *r) {
    const struct world_report *report = world_report(c->world);
    for (size_t i = 0; i < report->stats.len; i++) {
        const struct world_stats_row *s = &report->stats.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "zone_id", s->zone_id);
        vrow_int(&row, "subzone_id", s->subzone_id);
        vrow_int(&row, "report_id", 3);
        vrow_int(&row, "total_ranges", s->total);
        vrow_int(&row, "unavailable_ranges", s->unavailable);
        vrow_int(&row, "under_replicated_ranges", s->under);
        vrow_int(&row, "over_replicated_ranges", s->over);
        vrow_end(&row);
    }
}

static void fill_critical(const struct virtual_context *c, struct result *r) {
    const struct world_report *report = world_report(c->world);
    for (size_t i = 0; i < report->critical.len; i++) {
        const struct world_critical_row *s = &report->critical.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "zone_id", s->zone_id);
        vrow_int(&row, "subzone_id", s->subzone_id);
        vrow_text(&row, "locality", s->locality);
        vrow_int(&row, "report_id", 2);
        vrow_int(&row, "at_risk_ranges", s->at_risk);
        vrow_end(&row);
    }
}

static void fill_reports_meta(const struct virtual_context *c, struct result *r) {
    const struct world_report *report = world_report(c->world);
    for (int i = 0; i < 3; i++) {
        struct vrow row;
        if (!report->generated[i])
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "id", i + 1);
        vrow_time(&row, "generated", report->generated[i], true);
        vrow_end(&row);
    }
}

static void put_name(struct result *r, int64_t parent, int64_t schema, const char *name, int64_t id) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_int(&row, "parentID", parent);
    vrow_int(&row, "parentSchemaID", schema);
    vrow_text(&row, "name", name);
    vrow_int(&row, "id", id);
    vrow_end(&row);
}

static void put_type_names(const struct type_descriptor *t, struct result *r) {
    char *array = mem_printf("_%s", t->name);
    put_name(r, t->database, t->schema, t->name, t->id);
    put_name(r, t->database, t->schema, array, t->id + 1);
    free(array);
}

static void fill_namespace(const struct virtual_context *c, struct result *r) {
    const struct descriptors *d = c->descriptors;
    for (size_t i = 0; i < d->databases.len; i++)
        put_name(r, 0, 0, d->databases.items[i]->name, d->databases.items[i]->id);
    for (size_t i = 0; i < d->databases.len; i++)
        for (size_t k = 0; k < d->databases.items[i]->schemas.len; k++)
            put_name(r, d->databases.items[i]->id, 0, d->databases.items[i]->schemas.items[k].name,
                d->databases.items[i]->schemas.items[k].id);
    for (size_t i = 0; i < system_table_count(); i++) {
        const struct system_table *t = system_table_at(i, virtual_new(c));
        if (t)
            put_name(r, SYSTEM_DATABASE_ID, SYSTEM_SCHEMA_ID, t->name, t->id);
    }
    for (size_t i = 0; i < d->types.len; i++)
        put_type_names(d->types.items[i], r);
    for (size_t i = 0; i < d->tables.len; i++)
        put_name(r, d->tables.items[i]->database, d->tables.items[i]->schema, d->tables.items[i]->name,
            d->tables.items[i]->id);
}

/* Where the console's map draws the regions that a cluster knows from birth. */
static void fill_locations(const struct virtual_context *c, struct result *r) {
    static const struct {
        const char *region, *latitude, *longitude;
    } places[] = {
        {"europe-west1", "50.448160000000000", "3.818860000000000"},
        {"us-central1", "42.032974000000000", "-93.581543000000000"},
        {"us-east1", "33.836082000000000", "-81.163727000000000"},
        {"us-east4", "37.478397000000000", "-76.453077000000000"},
        {"us-west1", "43.804133000000000", "-120.554201000000000"},
    };
    (void)c;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "localityKey", "region");
        vrow_text(&row, "localityValue", places[i].region);
        vrow_text(&row, "latitude", places[i].latitude);
        vrow_text(&row, "longitude", places[i].longitude);
        vrow_end(&row);
    }
}

static void put_setting(const struct virtual_context *c, struct result *r, const char *name, const char *value,
    const char *type) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "name", name);
    vrow_text(&row, "value", value);
    vrow_time(&row, "lastUpdated", world_node(c->world, 1)->started_wall, false);
    vrow_text(&row, "valueType", type);
    vrow_end(&row);
}

/* The version's number as it is stored: major, minor, patch, internal; "21.2-62", "1000025.4-upgrading-to-…-004". */
static void put_version(const struct virtual_context *c, struct result *r) {
    const char *version = virtual_node_version(c);
    const char *last = strrchr(version, '-');
    struct str number = {0};
    struct str value = {0};
    char *minor;
    protobuf_add_int(&number, 1, strtoull(version, &minor, 10));
    protobuf_add_int(&number, 2, *minor ? strtoull(minor + 1, NULL, 10) : 0);
    protobuf_add_int(&number, 3, 0);
    protobuf_add_int(&number, 4, last ? strtoull(last + 1, NULL, 10) : 0);
    protobuf_add_bytes(&value, 2, str_get(&number), number.len);
    put_setting(c, r, "version", str_get(&value), "m");
    str_free(&number);
    str_free(&value);
}

/* What is set; everything else is at its default. */
static void fill_settings(const struct virtual_context *c, struct result *r) {
    put_setting(c, r, "cluster.secret", c->cluster_id, "s");
    for (size_t i = 0; i < settings_count(c->settings); i++) {
        const struct setting s = settings_at(c->settings, i);
        if (str_eq(s.origin, "override"))
            put_setting(c, r, s.name, s.value, s.type);
    }
    put_version(c, r);
}

const struct vtable vtables_system[] = {
    {"system", "replication_constraint_stats",
        "zone_id:i subzone_id:i type:t config:t report_id:i violation_start:z violating_ranges:i", "=", check_report,
        fill_constraint_stats},
    {"system", "replication_stats",
        "zone_id:i subzone_id:i report_id:i total_ranges:i unavailable_ranges:i under_replicated_ranges:i "
        "over_replicated_ranges:i",
        "=", check_report, fill_stats},
    {"system", "replication_critical_localities", "zone_id:i subzone_id:i locality:t report_id:i at_risk_ranges:i", "=",
        check_report, fill_critical},
    {"system", "reports_meta", "id:i generated:z", "=", check_report, fill_reports_meta},
    {"system", "namespace", "parentID:i parentSchemaID:i name:t id:i", "=", check_report, fill_namespace},
    {"system", "locations", "localityKey:t localityValue:t latitude:D longitude:D", "=", check_report, fill_locations},
    {"system", "zones", "id:i config:y", "=", check_report, virtual_fill_system_zones},
    {"system", "settings", "name:t value:t lastUpdated:m valueType:t", "=", check_report, fill_settings},
    {"system", "rangelog", "timestamp:m rangeID:i storeID:i eventType:t otherRangeID:i info:t uniqueID:i", "=",
        check_report, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
