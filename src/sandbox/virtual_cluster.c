/* virtual_cluster: crdb_internal's tables about ranges, nodes, stores, regions, zones and jobs. */
#include "virtual_private.h"

#include "system_table.h"

#include "domicile/sandbox/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RPC_OFFSET = 100, STORE_CAPACITY = 1 << 30 };

static const struct table_descriptor *table_at(const struct virtual_context *c, const struct key *k) {
    uint64_t table;
    uint64_t index;
    return key_table_index(k, &table, &index) ? table_by_id(c->descriptors, (int64_t)table) : NULL;
}

/* Old versions have a name for where the system's configuration began. */
static const char *pretty_key(const struct virtual_context *c, struct result *r, const struct key *k) {
    static const unsigned char first_table[] = {0x88};
    const bool first = k->len == sizeof first_table && memcmp(k->data, first_table, sizeof first_table) == 0;
    return first && !virtual_new(c) ? "/Table/SystemConfigSpan/Start" : virtual_key_text(r, k);
}

static void put_range(const struct virtual_context *c, struct vrow *row, const struct world_range *range) {
    struct result *r = row->r;
    const struct table_descriptor *t = table_at(c, &range->start);
    const struct database_descriptor *db = t ? database_by_id(c->descriptors, t->database) : NULL;
    uint64_t id = 0;
    uint64_t index = 0;
    const bool of_table = key_table_index(&range->start, &id, &index);
    const struct system_table *system = system_table_by_id((int64_t)id, virtual_new(c));
    vrow_int(row, "range_id", range->id);
    vrow_text(row, "start_key", virtual_key_hex(r, &range->start));
    vrow_text(row, "start_pretty", pretty_key(c, r, &range->start));
    vrow_text(row, "end_key", virtual_key_hex(r, &range->end));
    vrow_text(row, "end_pretty", pretty_key(c, r, &range->end));
    vrow_int(row, "table_id", (int64_t)id);
    vrow_text(row, "database_name", db ? db->name : system ? "system" : "");
    vrow_text(row, "schema_name", db ? virtual_schema_name(c, t) : of_table && !system ? "public" : "");
    vrow_text(row, "table_name", t ? t->name : system ? system->name : "");
    vrow_text(row, "index_name", "");
    vrow_text(row, "replicas", virtual_replicas(r, range, 1U << REPLICA_VOTER | 1U << REPLICA_NON_VOTER, true));
    vrow_text(row, "replica_localities", virtual_localities(r, c->world, range));
    vrow_text(row, "voting_replicas", virtual_replicas(r, range, 1U << REPLICA_VOTER, false));
    vrow_text(row, "non_voting_replicas", virtual_replicas(r, range, 1U << REPLICA_NON_VOTER, false));
    vrow_text(row, "learner_replicas", virtual_replicas(r, range, 1U << REPLICA_LEARNER, false));
    vrow_time(row, "split_enforced_until", range->sticky_until, false);
}

static void fill_ranges_no_leases(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < world_range_count(c->world); i++) {
        struct vrow row;
        vrow_begin(&row, r);
        put_range(c, &row, world_range_at(c->world, i));
        vrow_end(&row);
    }
}

static void fill_ranges(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < world_range_count(c->world); i++) {
        const struct world_range *range = world_range_at(c->world, i);
        struct vrow row;
        vrow_begin(&row, r);
        put_range(c, &row, range);
        vrow_int(&row, "lease_holder", range->lease);
        vrow_int(&row, "range_size", range->size);
        vrow_text(&row, "errors", "");
        vrow_end(&row);
    }
}

static bool check_ranges(const struct virtual_context *c, const char *name, struct result *r) {
    (void)name;
    return users_check_ranges(c->users, c->session, r);
}

static bool check_nodes(const struct virtual_context *c, const char *name, struct result *r) {
    char *full = mem_printf("crdb_internal.%s", name);
    bool ok = users_check_nodes(c->users, c->session, full, r);
    free(full);
    return ok;
}

const char *virtual_node_version(const struct virtual_context *c) {
    return virtual_new(c) ? "1000025.4-upgrading-to-1000026.1-step-004" : "21.2-62";
}

/* "CockroachDB CCL v22.1.0-dev-7788e17e (x86_64-linux-gnu, built , go1.19.8)", without the sandbox's own words. */
static const char *build_text(const struct virtual_context *c, struct result *r) {
    const char *text = variable_get(c->session, "crdb_version");
    const char *own = strstr(text, " (domicile ");
    return arena_printf(r->arena, "%.*s", own ? (int)(own - text) : (int)strlen(text), text);
}

/* "v22.1.0-dev-7788e17e" */
static const char *build_tag(const struct virtual_context *c, struct result *r) {
    const char *at = strstr(build_text(c, r), " v");
    return at ? arena_printf(r->arena, "%.*s", (int)strcspn(at + 1, " "), at + 1) : "";
}

/* The host and port that the session came to tell where the other nodes listen. */
static int sql_port(const struct virtual_context *c, int node) {
    const int port = c->server ? server_port(c->server, node) : 0;
    if (port)
        return port;
    return c->first_port ? c->first_port + node - 1 : 26257 + node - 1;
}

static const char *host(const struct virtual_context *c) { return c->host ? c->host : "127.0.0.1"; }

static void fill_gossip_nodes(const struct virtual_context *c, struct result *r) {
    for (int id = 1; id <= (int)world_node_count(c->world); id++) {
        const struct world_node *n = world_node(c->world, id);
        struct vrow row;
        int64_t ranges;
        int64_t leases;
        world_store_counts(c->world, id, &ranges, &leases);
        vrow_begin(&row, r);
        vrow_int(&row, "node_id", id);
        vrow_text(&row, "network", "tcp");
        vrow_f(&row, "address", "%s:%d", host(c), sql_port(c, id) + RPC_OFFSET);
        vrow_f(&row, "advertise_address", "%s:%d", host(c), sql_port(c, id) + RPC_OFFSET);
        vrow_text(&row, "sql_network", "tcp");
        vrow_f(&row, "sql_address", "%s:%d", host(c), sql_port(c, id));
        vrow_f(&row, "advertise_sql_address", "%s:%d", host(c), sql_port(c, id));
        vrow_text(&row, "attrs", "[]");
        vrow_text(&row, "locality", n->locality_text);
        vrow_text(&row, "cluster_name", "");
        vrow_text(&row, "server_version", virtual_node_version(c));
        vrow_text(&row, "build_tag", build_tag(c, r));
        vrow_time(&row, "started_at", n->started_wall, false);
        vrow_bool(&row, "is_live", n->live);
        vrow_int(&row, "ranges", n->live ? ranges : 0);
        vrow_int(&row, "leases", n->live ? leases : 0);
        vrow_end(&row);
    }
}

static void fill_liveness(const struct virtual_context *c, struct result *r) {
    for (int id = 1; id <= (int)world_node_count(c->world); id++) {
        const struct world_node *n = world_node(c->world, id);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "node_id", id);
        vrow_int(&row, "epoch", n->epoch);
        vrow_f(&row, "expiration", "%" PRId64 ".%09" PRId64 ",0", n->expiration_wall / USEC_PER_SEC,
            n->expiration_wall % USEC_PER_SEC * 1000);
        vrow_bool(&row, "draining", false);
        vrow_bool(&row, "decommissioning", false);
        vrow_text(&row, "membership", "active");
        vrow_time(&row, "updated_at", n->expiration_wall, false);
        vrow_end(&row);
    }
}

/* Round trips to the other nodes, as the nodes' heartbeats measure them: {"2": {"latency": 500000}}, ns. */
static const char *activity(const struct virtual_context *c, struct result *r, int id) {
    struct str out = {0};
    str_add_char(&out, '{');
    for (int other = 1; other <= (int)world_node_count(c->world); other++)
        str_add_f(&out, "%s\"%d\": {\"latency\": %" PRId64 "}", other > 1 ? ", " : "", other,
            (int64_t)world_rtt(c->world, id, other) * 1000);
    str_add_char(&out, '}');
    const char *text = arena_strdup(r->arena, str_get(&out));
    str_free(&out);
    return text;
}

/* What a build says of itself beside its tag. */
struct build {
    const char *go, *time, *revision;
};
static const struct build build_old = {"go1.19.8", "", "7788e17e5c3d38eb6d9e1fd9fd9b5466c2846e9b"};
static const struct build build_new = {"go1.25.3", "2026/11/23 17:42:54", "dd7980267a6ddca0175de563672faff38037786c"};

static void fill_node_status(const struct virtual_context *c, struct result *r) {
    const struct build *build = virtual_new(c) ? &build_new : &build_old;
    for (int id = 1; id <= (int)world_node_count(c->world); id++) {
        const struct world_node *n = world_node(c->world, id);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "node_id", id);
        vrow_text(&row, "network", "tcp");
        vrow_f(&row, "address", "%s:%d", host(c), sql_port(c, id) + RPC_OFFSET);
        vrow_text(&row, "attrs", "[]");
        vrow_text(&row, "locality", n->locality_text);
        vrow_text(&row, "server_version", virtual_node_version(c));
        vrow_text(&row, "go_version", build->go);
        vrow_text(&row, "tag", build_tag(c, r));
        vrow_text(&row, "time", build->time);
        vrow_text(&row, "revision", build->revision);
        vrow_text(&row, "cgo_compiler", "gcc 12.2.0");
        vrow_text(&row, "platform", "linux amd64");
        vrow_text(&row, "distribution", "CCL");
        vrow_text(&row, "type", "development");
        vrow_text(&row, "dependencies", "");
        vrow_time(&row, "started_at", n->started_wall, false);
        vrow_time(&row, "updated_at", n->up ? world_wall_now(c->world) : n->down_wall, false);
        vrow_text(&row, "metrics", "{}");
        vrow_text(&row, "args", "[\"domicile\", \"sandbox\"]");
        vrow_text(&row, "env", "[]");
        vrow_text(&row, "activity", activity(c, r, id));
        vrow_end(&row);
    }
}

static int64_t bytes_on(const struct world *w, int store) {
    int64_t bytes = 0;
    for (size_t i = 0; i < world_range_count(w); i++) {
        const struct world_range *range = world_range_at(w, i);
        for (size_t k = 0; k < range->replicas.len; k++)
            bytes += range->replicas.items[k].store_id == store ? range->size : 0;
    }
    return bytes;
}

static void fill_store_status(const struct virtual_context *c, struct result *r) {
    for (int id = 1; id <= (int)world_node_count(c->world); id++) {
        const int64_t bytes = bytes_on(c->world, id);
        struct vrow row;
        int64_t ranges;
        int64_t leases;
        world_store_counts(c->world, id, &ranges, &leases);
        vrow_begin(&row, r);
        vrow_int(&row, "node_id", id);
        vrow_int(&row, "store_id", id);
        vrow_text(&row, "attrs", "[]");
        vrow_int(&row, "capacity", STORE_CAPACITY);
        vrow_int(&row, "available", STORE_CAPACITY - bytes);
        vrow_int(&row, "used", bytes);
        vrow_int(&row, "logical_bytes", bytes);
        vrow_int(&row, "range_count", ranges);
        vrow_int(&row, "lease_count", leases);
        vrow_end(&row);
    }
}

static void fill_regions(const struct virtual_context *c, struct result *r) {
    const char **names;
    size_t n = world_regions(c->world, &names);
    for (size_t i = 0; i < n; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "region", names[i]);
        vrow_text(&row, "zones", virtual_region_zones(r, c->world, names[i]));
        vrow_end(&row);
    }
    free(names);
}

static void fill_network(const struct virtual_context *c, struct result *r) {
    if (virtual_new(c)) {
        result_notice(r, "This table is no longer supported/populated, and will be removed in a future version.");
        result_last_notice(r)->sqlstate[0] = '\0'; /* this one has none */
        return;
    }
    for (int id = 2; id <= (int)world_node_count(c->world); id++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_int(&row, "source_id", id);
        vrow_int(&row, "target_id", 1);
        vrow_end(&row);
    }
}

static void fill_build_info(const struct virtual_context *c, struct result *r) {
    const bool new = virtual_new(c);
    const struct {
        const char *field, *value;
    } rows[] = {{"Name", "CockroachDB"}, {"ClusterID", c->cluster_id}, {"Organization", ""},
        {"Build", build_text(c, r)}, {"Version", build_tag(c, r)}, {"Channel", new ? "source-scratch" : "unknown"},
        {"VirtualClusterName", new ? "system" : NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vrow row;
        if (!rows[i].value)
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "node_id", c->session->node);
        vrow_text(&row, "field", rows[i].field);
        vrow_text(&row, "value", rows[i].value);
        vrow_end(&row);
    }
}

static void fill_jobs(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < c->job_count; i++) {
        const struct virtual_job *j = &c->jobs[i];
        struct vrow row;
        bool zone = virtual_new(c);
        vrow_begin(&row, r);
        vrow_int(&row, "job_id", j->id);
        vrow_text(&row, "job_type", j->type);
        vrow_text(&row, "description", j->description);
        vrow_text(&row, "statement", "");
        vrow_text(&row, "user_name", j->user);
        vrow_text(&row, "status", j->finished_wall ? "succeeded" : "running");
        vrow_text(&row, "running_status", "");
        vrow_time(&row, "created", j->created_wall, zone);
        vrow_time(&row, "started", j->created_wall, zone);
        vrow_time(&row, "finished", j->finished_wall, zone);
        vrow_time(&row, "modified", j->finished_wall ? j->finished_wall : j->created_wall, zone);
        vrow_text(&row, "fraction_completed", j->finished_wall ? "1" : "0");
        vrow_text(&row, "error", "");
        vrow_int(&row, "coordinator_id", 1);
        vrow_end(&row);
    }
}

static void fill_settings(const struct virtual_context *c, struct result *r) {
    for (size_t i = 0; i < settings_count(c->settings); i++) {
        struct setting s = settings_at(c->settings, i);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "variable", s.name);
        vrow_text(&row, "value", s.value);
        vrow_text(&row, "type", s.type);
        vrow_bool(&row, "public", s.is_public);
        vrow_bool(&row, "sensitive", s.sensitive);
        vrow_bool(&row, "reportable", s.reportable);
        vrow_text(&row, "description", s.description);
        vrow_text(&row, "default_value", s.default_value);
        vrow_text(&row, "origin", s.origin);
        vrow_text(&row, "key", s.name);
        vrow_end(&row);
    }
}

static bool check_settings(const struct virtual_context *c, const char *name, struct result *r) {
    (void)name;
    return users_check_setting(c->users, c->session, NULL, false, r);
}

const struct vtable vtables_cluster[] = {
    {"crdb_internal", "ranges",
        "range_id:i start_key:y start_pretty:t end_key:y end_pretty:t table_id:i database_name:t schema_name:t "
        "table_name:t index_name:t "
        "replicas:I replica_localities:T voting_replicas:I non_voting_replicas:I learner_replicas:I "
        "split_enforced_until:m lease_holder:i range_size:i",
        "range_id:i start_key:y start_pretty:t end_key:y end_pretty:t replicas:I replica_localities:T "
        "voting_replicas:I "
        "non_voting_replicas:I learner_replicas:I split_enforced_until:m lease_holder:i range_size:i errors:t",
        check_ranges, fill_ranges},
    {"crdb_internal", "ranges_no_leases",
        "range_id:i start_key:y start_pretty:t end_key:y end_pretty:t table_id:i database_name:t schema_name:t "
        "table_name:t index_name:t "
        "replicas:I replica_localities:T voting_replicas:I non_voting_replicas:I learner_replicas:I "
        "split_enforced_until:m",
        "range_id:i start_key:y start_pretty:t end_key:y end_pretty:t replicas:I replica_localities:T "
        "voting_replicas:I "
        "non_voting_replicas:I learner_replicas:I split_enforced_until:m",
        check_ranges, fill_ranges_no_leases},
    {"crdb_internal", "gossip_nodes",
        "node_id:i network:t address:t advertise_address:t sql_network:t sql_address:t advertise_sql_address:t attrs:j "
        "locality:t "
        "cluster_name:t server_version:t build_tag:t started_at:m is_live:b ranges:i leases:i",
        "=", check_nodes, fill_gossip_nodes},
    {"crdb_internal", "gossip_liveness",
        "node_id:i epoch:i expiration:t draining:b decommissioning:b membership:t updated_at:m", "=", check_nodes,
        fill_liveness},
    {"crdb_internal", "gossip_network", "source_id:i target_id:i", "=", check_nodes, fill_network},
    {"crdb_internal", "gossip_alerts", "node_id:i store_id:i category:t description:t value:f", "=", check_nodes, NULL},
    {"crdb_internal", "kv_node_liveness", "node_id:i epoch:i expiration:t draining:b membership:t", "=", check_nodes,
        fill_liveness},
    {"crdb_internal", "kv_node_status",
        "node_id:i network:t address:t attrs:j locality:t server_version:t go_version:t tag:t time:t revision:t "
        "cgo_compiler:t platform:t "
        "distribution:t type:t dependencies:t started_at:m updated_at:m metrics:j args:j env:j activity:j",
        "=", check_nodes, fill_node_status},
    {"crdb_internal", "kv_store_status",
        "node_id:i store_id:i attrs:j capacity:i available:i used:i logical_bytes:i range_count:i lease_count:i "
        "writes_per_second:f "
        "bytes_per_replica:j writes_per_replica:j metrics:j properties:j",
        "=", check_nodes, fill_store_status},
    {"crdb_internal", "regions", "region:t zones:T", "=", NULL, fill_regions},
    {"crdb_internal", "zones",
        "zone_id:i subzone_id:i target:t range_name:t database_name:t schema_name:t table_name:t index_name:t "
        "partition_name:t "
        "raw_config_yaml:t raw_config_sql:t raw_config_protobuf:y full_config_yaml:t full_config_sql:t",
        "=", NULL, virtual_fill_zones},
    {"crdb_internal", "jobs",
        "job_id:i job_type:t description:t statement:t user_name:t descriptor_ids:I status:t running_status:t "
        "created:m started:m finished:m "
        "modified:m fraction_completed:f high_water_timestamp:d error:t coordinator_id:i trace_id:i last_run:m "
        "next_run:m num_runs:i "
        "execution_errors:T execution_events:j",
        "job_id:i job_type:t description:t statement:t user_name:t status:t running_status:t created:z finished:z "
        "modified:z "
        "fraction_completed:f high_water_timestamp:d error:t coordinator_id:i",
        NULL, fill_jobs},
    {"crdb_internal", "node_build_info", "node_id:i field:t value:t", "=", NULL, fill_build_info},
    {"crdb_internal", "cluster_settings", "variable:t value:t type:t public:b description:t",
        "variable:t value:t type:t public:b sensitive:b reportable:b description:t default_value:t origin:t key:t",
        check_settings, fill_settings},
    {"crdb_internal", "leases", "node_id:i table_id:i name:t parent_id:i expiration:m deleted:b", "=", NULL, NULL},
    {"crdb_internal", "active_range_feeds",
        "id:i tags:t startts:t diff:b node_id:i range_id:i range_start:t range_end:t resolved:t last_event_utc:i",
        "id:i tags:t start_after:d diff:b node_id:i range_id:i created:z range_start:t range_end:t resolved:d "
        "resolved_age:v last_event:z "
        "catchup:b num_errs:i last_err:t",
        NULL, NULL},
    {"crdb_internal", "lost_descriptors_with_data", "descid:i", "=", NULL, NULL},
    {"crdb_internal", "invalid_objects", "id:i database_name:t schema_name:t obj_name:t error:t", "=", NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
