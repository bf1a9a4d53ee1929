/* survey_test: the whole survey against servers of recordings: healthy, closed, refusing, hanging, other. */
#include "survey/recorded.h"

#include "domicile/loop/loop.h"
#include "domicile/survey/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define VERSION_22_1 "CockroachDB CCL v22.1.0-dev-7788e17e (x86_64-linux-gnu, built , go1.19.8)"

#define INDEXES_22_1 \
    "schema_name|table_name|table_id|index_name|index_id\n" \
    "public|cockroach_example_customers|106|cockroach_example_customers_pkey|2\n" \
    "public|cockroach_example_products|107|cockroach_example_products_pkey|1\n" \
    "public|cockroach_example_orders|108|cockroach_example_orders_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_orders_id_products_id_key|2\n"

#define ROWS(region, id, name, cloud) \
    "id|name|cloud|region\n" id "|" name "|" cloud "|" region "\n"

#define LEASES_22_1 \
    {"FROM crdb_internal.ranges WHERE database_name", "22.1/2091-select-crdb_internal.ranges.txt", "database_name", "django", \
        NULL, NULL, NULL, false, false}
#define SERVER_22_1 \
    {"SHOW DATABASES", "22.1/2007-show-databases.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"pg_settings", "22.1/2139-param-status.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"pg_namespace", NULL, NULL, NULL, "nspname\n", NULL, NULL, false, false}
#define TOPOLOGY_22_1 \
    {"SHOW REGIONS FROM CLUSTER", "22.1/1004-regions-cluster.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"gossip_nodes", "22.1/2093-select-crdb_internal.gossip_nodes.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"gossip_liveness", "22.1/2094-select-crdb_internal.gossip_liveness.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"kv_store_status", "22.1/2112-select-crdb_internal.kv_store_status-nometrics.txt", NULL, NULL, NULL, NULL, NULL, \
        false, false}
#define CATALOG_22_1 \
    {"FROM crdb_internal.databases", "22.1/2098-select-crdb_internal.databases.txt", "name", "django", NULL, NULL, NULL, \
        false, false}, \
    {"SHOW REGIONS FROM DATABASE", "22.1/2008-show-regions-from-database.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"SHOW TABLES", "22.1/2006-show-tables.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"table_indexes", NULL, NULL, NULL, INDEXES_22_1, NULL, NULL, false, false}, \
    {"SHOW ENUMS", "22.1/2010-show-enums.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_customers\"", "22.1/2001-show-create-customers.txt", NULL, \
        NULL, NULL, NULL, NULL, false, false}, \
    {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_products\"", "22.1/2002-show-create-products.txt", NULL, \
        NULL, NULL, NULL, NULL, false, false}, \
    {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_orders\"", "22.1/2003-show-create-orders.txt", NULL, NULL, \
        NULL, NULL, NULL, false, false}, \
    {"SHOW CREATE TABLE", "22.1/2004-show-create-orders_product.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"create_statements", NULL, NULL, NULL, NULL, "42P01", "relation \"create_statements\" does not exist", false, false}, \
    {"crdb_internal.zones\nWHERE", "22.1/2115-select-crdb_internal.zones.txt", NULL, NULL, NULL, NULL, NULL, false, false}
#define RANGES_22_1 \
    {"ranges_no_leases", "22.1/2092-select-crdb_internal.ranges_no_leases.txt", "database_name", "django", NULL, NULL, NULL, \
        false, false}
#define REPORT_22_1 \
    {"reports_meta", NULL, NULL, NULL, \
        "generated|server_now\n2026-11-23 14:41:21.314473+00|2026-11-23 14:41:25+00\n", NULL, NULL, false, false}, \
    {"replication_constraint_stats", NULL, NULL, NULL, \
        "zone_id|subzone_id|type|config|violation_start|violating_ranges|target\n" \
        "104|0|constraint|+region=eu-west-1:1|2026-11-23 14:37:30+00|10|DATABASE django\n", NULL, NULL, false, false}, \
    {"SHOW CLUSTER SETTING", NULL, NULL, NULL, "kv.replication_reports.interval\n00:00:05\n", NULL, NULL, false, false}
#define ROWS_22_1 \
    {"FROM \"public\".\"cockroach_example_customers\" WHERE", "22.1/2016-select-customers.txt", NULL, NULL, NULL, NULL, NULL, \
        false, false}

static const struct recorded_row healthy[] = {
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
static const struct recorded_row hanging_leases[] = {
    {"crdb_internal.ranges WHERE", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
static const struct recorded_row without_rights[] = {
    {"gossip_", NULL, NULL, NULL, NULL, "42501", "only users with the admin role are allowed to read it", false, false},
    {"kv_store_status", NULL, NULL, NULL, NULL, "42501", "only users with the admin role are allowed to read it", false,
        false},
    {"ranges", NULL, NULL, NULL, NULL, "42501",
        "only users with the ZONECONFIG privilege or the admin role can read crdb_internal.ranges_no_leases", false, false},
    {"system.", NULL, NULL, NULL, NULL, "42501", "user bob does not have SELECT privilege", false, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, ROWS_22_1, {0},
};
static const struct recorded_row no_database[] = {
    {"SHOW DATABASES", NULL, NULL, NULL, "database_name|owner\ndefaultdb|root\nmovr|root\n", NULL, NULL, false, false},
    SERVER_22_1, {0},
};

struct look {
    struct loop *loop;
    struct survey *s;
    struct recorded server;
    unsigned parts;
    char feed[4096];
};

static void changed(void *arg, unsigned parts)
{
    struct look *l = arg;
    l->parts |= parts;
}

static void happened(void *arg, const struct events *events)
{
    struct look *l = arg;
    for (size_t i = 0; i < events->len; i++) {
        size_t n = strlen(l->feed);
        (void)snprintf(l->feed + n, sizeof l->feed - n, "%s\n", events->items[i].text);
    }
}

static void look_start(struct look *l, const char *version, const struct recorded_row *rows, usec timeout)
{
    recorded_start(&l->server, version, rows);
    l->loop = loop_new();
    struct survey_options o = {
        .conninfo = l->server.conninfo,
        .timeout = timeout,
        .changed = changed,
        .happened = happened,
        .arg = l,
    };
    l->s = survey_new(l->loop, &o);
}

static void look_stop(struct look *l)
{
    survey_free(l->s);
    loop_free(l->loop);
    recorded_stop(&l->server);
}

/* Turns the loop until the condition holds; fails after five seconds. */
#define WAIT_FOR(l, condition) \
    do { \
        usec end_ = loop_now((l)->loop) + 5 * USEC_PER_SEC; \
        while (!(condition) && loop_now((l)->loop) < end_) \
            loop_turn((l)->loop, 50 * USEC_PER_MS); \
        if (!(condition)) \
            print_message("state: %s\nfeed: %s\n", survey_state_text((l)->s), (l)->feed); \
        assert_true(condition); \
    } while (0)

static void a_healthy_cluster_is_read_whole(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, healthy, 0);
    assert_int_equal(survey_state(l.s), SURVEY_CONNECTING);
    WAIT_FOR(&l, survey_idle(l.s) && snapshot_verdicts(survey_snapshot(l.s)) != NULL
        && snapshot_verdicts(survey_snapshot(l.s))->regions.len > 0
        && snapshot_verdicts(survey_snapshot(l.s))->regions.items[0].leases >= 0);
    const struct snapshot *s = survey_snapshot(l.s);
    const struct verdicts *v = snapshot_verdicts(s);
    assert_int_equal(survey_state(l.s), SURVEY_READING);
    assert_int_equal(snapshot_server(s)->version, 2201);
    assert_int_equal(snapshot_server(s)->gateway_node, 1);
    assert_string_equal(snapshot_server(s)->gateway_region, "uksouth");
    assert_int_equal(v->rows.abroad, 6);
    assert_int_equal(v->rows.non_voters_abroad, 12);
    assert_int_equal(v->gaps.non_voters_abroad, 10);
    assert_int_equal(v->conforming, 11);
    assert_int_equal(snapshot_report(s)->rows.len, 1);
    assert_string_equal(survey_table(l.s), "cockroach_example_customers");
    assert_int_equal(snapshot_rows(s)->pages.len, 3);
    assert_int_equal(snapshot_rows(s)->key_columns, 1);
    assert_string_equal(snapshot_rows(s)->columns.items[0], "id");
    const struct row *row = &snapshot_rows(s)->pages.items[0].rows.items[0];
    assert_int_equal(row->range_id, 75);
    assert_int_equal(row->verdict.domicile, DOMICILE_ABROAD);
    assert_int_equal(row->landed, 0);
    assert_null(survey_problem(l.s, PART_RANGES));
    look_stop(&l);
}

static void hanging_leases_stop_nothing_else(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, hanging_leases, 700 * USEC_PER_MS);
    WAIT_FOR(&l, survey_leases_problem(l.s) != NULL && snapshot_rows(survey_snapshot(l.s)) != NULL
        && snapshot_verdicts(survey_snapshot(l.s)) != NULL && snapshot_report(survey_snapshot(l.s)) != NULL);
    const struct ranges *rs = snapshot_ranges(survey_snapshot(l.s));
    WAIT_FOR(&l, (rs = snapshot_ranges(survey_snapshot(l.s))) != NULL && rs->items[0].lease_state == LEASE_TIMED_OUT);
    assert_int_equal(rs->items[0].leaseholder, 0);
    assert_int_equal(snapshot_verdicts(survey_snapshot(l.s))->rows.abroad, 6);
    look_stop(&l);
}

static bool misses(const struct look *l, const char *what)
{
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        if (strstr(info->missing.items[i], what) != NULL)
            return true;
    return false;
}

static void what_may_not_be_read_is_named_with_its_grant(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, without_rights, 0);
    WAIT_FOR(&l, survey_idle(l.s) && misses(&l, "ranges cannot be read") && snapshot_rows(survey_snapshot(l.s)) != NULL);
    assert_true(misses(&l, "GRANT ZONECONFIG ON DATABASE \"django\" TO \"root\" would allow it"));
    assert_true(misses(&l, "nodes and whether they live cannot be read"));
    assert_null(snapshot_ranges(survey_snapshot(l.s)));
    assert_false(snapshot_topology(survey_snapshot(l.s))->liveness_known);
    assert_int_equal(snapshot_rows(survey_snapshot(l.s))->pages.len, 3);
    const struct row *row = &snapshot_rows(survey_snapshot(l.s))->pages.items[0].rows.items[0];
    assert_int_equal(row->verdict.domicile, DOMICILE_UNKNOWN);
    assert_non_null(survey_problem(l.s, PART_RANGES));
    look_stop(&l);
}

static void another_server_is_not_asked(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, NULL, healthy, 0);
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_NOT_COCKROACH);
    assert_int_equal(survey_state_err(l.s)->kind, ERR_UNAVAILABLE);
    look_stop(&l);
}

static void a_missing_database_is_noticed(void **state)
{
    struct look l = {0};
    size_t n = 0;
    (void)state;
    look_start(&l, VERSION_22_1, no_database, 0);
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_NO_DATABASE);
    const char *const *names = survey_databases(l.s, &n);
    assert_int_equal(n, 2);
    assert_string_equal(names[1], "movr");
    look_stop(&l);
}

static void a_refused_connection_is_tried_again(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, healthy, 0);
    recorded_stop(&l.server);
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_WAITING && survey_retry_in(l.s) > 0);
    assert_int_equal(survey_state_err(l.s)->kind, ERR_UNAVAILABLE);
    survey_free(l.s);
    loop_free(l.loop);
}

static void switching_the_database_starts_anew(void **state)
{
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, healthy, 0);
    WAIT_FOR(&l, snapshot_verdicts(survey_snapshot(l.s)) != NULL);
    survey_switch_database(l.s, "nosuch");
    assert_null(snapshot_catalog(survey_snapshot(l.s)));
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_NO_DATABASE);
    survey_switch_database(l.s, "django");
    WAIT_FOR(&l, snapshot_verdicts(survey_snapshot(l.s)) != NULL);
    look_stop(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_cluster_is_read_whole),
        cmocka_unit_test(hanging_leases_stop_nothing_else),
        cmocka_unit_test(what_may_not_be_read_is_named_with_its_grant),
        cmocka_unit_test(another_server_is_not_asked),
        cmocka_unit_test(a_missing_database_is_noticed),
        cmocka_unit_test(a_refused_connection_is_tried_again),
        cmocka_unit_test(switching_the_database_starts_anew),
    };
    return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
