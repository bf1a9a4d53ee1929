/* survey_test: the whole survey against servers of recordings: healthy, closed, refusing, hanging, other. */
#include "survey/look.h"
#include "survey/scenes.h"

#include "domicile/loop/loop.h"
#include "domicile/survey/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct recorded_row healthy[] = {
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
static const struct recorded_row hanging_leases[] = {
    {"crdb_internal.ranges WHERE", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
#define NODES_REGION_DOWN \
        "node_id|locality|sql_address|is_live|ranges|leases\n" \
        "1|cloud=x,region=uksouth|127.0.0.1:26257|t|1|1\n" \
        "2|cloud=x,region=uksouth|127.0.0.1:26258|t|1|1\n" \
        "3|cloud=x,region=uksouth|127.0.0.1:26259|t|1|1\n" \
        "4|cloud=x,region=eu-west-1|127.0.0.1:26260|f|1|1\n" \
        "5|cloud=x,region=eu-west-1|127.0.0.1:26261|f|1|1\n" \
        "6|cloud=x,region=eu-west-1|127.0.0.1:26262|f|1|1\n" \
        "7|cloud=x,region=europe-west4|127.0.0.1:26263|t|1|1\n" \
        "8|cloud=x,region=europe-west4|127.0.0.1:26264|t|1|1\n" \
        "9|cloud=x,region=europe-west4|127.0.0.1:26265|t|1|1\n"
/* A region is down: all leases together hang, those of ranges with a quorum answer. */
static const struct recorded_row region_down[] = {
    {"crdb_internal.ranges_no_leases WHERE range_id IN", "22.1/2091-select-crdb_internal.ranges.txt", "range_id", "77",
        NULL, NULL, NULL, false, false},
    {"crdb_internal.ranges WHERE", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    {"gossip_nodes", NULL, NULL, NULL, NODES_REGION_DOWN, NULL, NULL, false, false},
    SERVER_22_1,
    TOPOLOGY_22_1,
    CATALOG_22_1,
    RANGES_22_1,
    REPORT_22_1,
    ROWS_22_1,
    {0},
};
static const struct recorded_row without_rights[] = {
    {"gossip_", NULL, NULL, NULL, NULL, "42501", "only users with the admin role are allowed to read it", false, false},
    {"kv_store_status", NULL, NULL, NULL, NULL, "42501", "only users with the admin role are allowed to read it", false,
        false},
    {"ranges", NULL, NULL, NULL, NULL, "42501",
        "only users with the ZONECONFIG privilege or the admin role can read crdb_internal.ranges_no_leases", false,
        false},
    {"system.", NULL, NULL, NULL, NULL, "42501", "user bob does not have SELECT privilege", false, false},
    SERVER_22_1,
    TOPOLOGY_22_1,
    CATALOG_22_1,
    ROWS_22_1,
    {0},
};
#define GATE "Access to crdb_internal and system is restricted."
#define CATALOG_26_1 \
    {"crdb_internal.zones\nWHERE", "26.1/2115-select-crdb_internal.zones.txt", NULL, NULL, NULL, NULL, NULL, false, \
        false}, \
        {"crdb_internal", NULL, NULL, NULL, NULL, "42501", GATE, false, false}, \
        {"system.", NULL, NULL, NULL, NULL, "42501", GATE, false, false}, \
        {"SHOW DATABASES", "26.1/2007-show-databases.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"pg_namespace", NULL, NULL, NULL, "nspname\n", NULL, NULL, false, false}, \
        {"SHOW REGIONS FROM CLUSTER", "26.1/1004-regions-cluster.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW CREATE DATABASE", "26.1/2005-show-create-database.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW REGIONS FROM DATABASE", "26.1/2008-show-regions-from-database.txt", NULL, NULL, NULL, NULL, NULL, \
            false, false}, \
        {"SHOW SUPER REGIONS", NULL, NULL, NULL, "database_name|super_region_name|regions\n", NULL, NULL, false, \
            false}, \
        {"SHOW TABLES", "26.1/2006-show-tables.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW ENUMS", "26.1/2010-show-enums.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"cockroach_example_customers\"", "26.1/2001-show-create-customers.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
        {"cockroach_example_products\"", "26.1/2002-show-create-products.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
        {"cockroach_example_orders\"", "26.1/2003-show-create-orders.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
        {"SHOW CREATE TABLE", "26.1/2004-show-create-orders_product.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"WITH INDEXES", "26.1/2614-ranges-database-indexes-details-keys.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
        {"WITH KEYS", "26.1/2619-cluster-ranges-details-keys.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"WITH DETAILS", "26.1/2619-cluster-ranges-details-keys.txt", NULL, NULL, NULL, NULL, NULL, false, false}, { \
        "SHOW CLUSTER SETTING", NULL, NULL, NULL, "kv.replication_reports.interval\n00:00:05\n", NULL, NULL, false, \
            false \
    }
#define ROWS_26_1 \
    { \
        "FROM \"public\".\"cockroach_example_customers\" WHERE", "26.1/2016-select-customers.txt", NULL, NULL, NULL, \
            NULL, NULL, false, false \
    }
#define PLANS_26_1 \
    {"= 'eu-west-1'", NULL, NULL, NULL, "info\n  spans: /\"@\"-/\"@\"/PrefixEnd\n", NULL, NULL, false, false}, \
    {"= 'europe-west4'", NULL, NULL, NULL, "info\n  spans: /\"`\"-/\"`\"/PrefixEnd\n", NULL, NULL, false, false}, \
    {"= 'uksouth'", NULL, NULL, NULL, "info\n  spans: /\"\\x80\"-/\"\\x80\"/PrefixEnd\n", NULL, NULL, false, false}
#define GUESSED(e) {"EXPLAIN (VERBOSE)", NULL, NULL, NULL, NULL, e, "no plan", false, false}
static const struct recorded_row closed[] = {
    {"pg_settings", NULL, NULL, NULL, "name|setting\nallow_unsafe_internals|off\nnode_id|1\n", NULL, NULL, false,
        false},
    PLANS_26_1,
    ROWS_26_1,
    CATALOG_26_1,
    {0},
};
static const struct recorded_row closed_unsaid[] = {
    {"pg_settings", NULL, NULL, NULL, "name|setting\nnode_id|1\n", NULL, NULL, false, false},
    PLANS_26_1, ROWS_26_1, CATALOG_26_1, {0},
};
static const struct recorded_row closed_without_plan[] = {
    {"pg_settings", NULL, NULL, NULL, "name|setting\nallow_unsafe_internals|off\n", NULL, NULL, false, false},
    GUESSED("42601"), ROWS_26_1, CATALOG_26_1, {0},
};
static const struct recorded_row no_database[] = {
    {"SHOW DATABASES", NULL, NULL, NULL, "database_name|owner\ndefaultdb|root\nmovr|root\n", NULL, NULL, false, false},
    SERVER_22_1, {0},
};

static void a_healthy_cluster_is_read_whole(void **state) {
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

static void hanging_leases_stop_nothing_else(void **state) {
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

static void leases_with_a_quorum_are_asked_for_alone(void **state) {
    struct look l = {0};
    const struct ranges *rs;
    (void)state;
    look_start(&l, VERSION_22_1, region_down, 700 * USEC_PER_MS);
    survey_hurry(l.s);
    /* The server of recordings does not heed a cancel: that session has to be replaced first. */
    WAIT_AT_MOST(&l, 15,
        (rs = snapshot_ranges(survey_snapshot(l.s))) != NULL && ranges_by_id(rs, 77)->lease_state == LEASE_KNOWN);
    assert_int_equal(ranges_by_id(rs, 75)->lease_state, LEASE_TIMED_OUT);
    assert_int_equal(topology_node(snapshot_topology(survey_snapshot(l.s)), 5)->liveness, LIVENESS_DEAD);
    look_stop(&l);
}

static bool misses(const struct look *l, const char *what) {
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        if (strstr(info->missing.items[i], what) != NULL)
            return true;
    return false;
}

static void what_may_not_be_read_is_named_with_its_grant(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, without_rights, 0);
    WAIT_FOR(
        &l, survey_idle(l.s) && misses(&l, "ranges cannot be read") && snapshot_rows(survey_snapshot(l.s)) != NULL);
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

/* With system catalogs closed SHOW statements alone must do; what they cannot tell is unknown, not live. */
static void closed_catalogs_leave_the_verdict(const struct recorded_row *rows) {
    struct look l = {0};
    const struct verdicts *v;
    look_start(&l, "CockroachDB CCL v26.1.0-alpha.2 (x86_64-linux-gnu, built 2026/11/23 17:42:54, go1.25.3)", rows, 0);
    WAIT_FOR(&l,
        survey_idle(l.s) && (v = snapshot_verdicts(survey_snapshot(l.s))) != NULL && v->rows.ranges > 0 &&
            snapshot_rows(survey_snapshot(l.s)) != NULL &&
            snapshot_ranges(survey_snapshot(l.s))->items[80].leaseholder > 0);
    const struct snapshot *s = survey_snapshot(l.s);
    v = snapshot_verdicts(s);
    assert_false(snapshot_server(s)->unsafe_internals);
    assert_true(misses(&l, "--unsafe-internals"));
    assert_false(snapshot_topology(s)->liveness_known);
    assert_false(snapshot_topology(s)->stores_known);
    assert_int_equal(snapshot_catalog(s)->database.placement, PLACEMENT_DEFAULT);
    assert_int_equal(v->rows.ranges, 4);
    assert_int_equal(v->rows.non_voters_abroad, 8);
    assert_int_equal(v->gaps.ranges, 5);
    assert_int_equal(v->gaps.non_voters_abroad, 10);
    assert_int_equal(v->rows.home, 0);
    look_stop(&l);
}

static void closed_catalogs_leave_show_statements(void **state) {
    (void)state;
    closed_catalogs_leave_the_verdict(closed);
}

static void a_gate_that_nobody_announced_is_noticed(void **state) {
    (void)state;
    closed_catalogs_leave_the_verdict(closed_unsaid);
}

/* Regions' bytes that nobody tells are a guess, and a guess proves nothing home. */
static void a_guess_proves_nothing_home(void **state) {
    struct look l = {0};
    const struct catalog *c;
    (void)state;
    look_start(&l, "CockroachDB CCL v26.1.0-alpha.2 (x, built y, go1.25.3)", closed_without_plan, 0);
    WAIT_FOR(&l, survey_idle(l.s) && snapshot_verdicts(survey_snapshot(l.s)) != NULL);
    c = snapshot_catalog(survey_snapshot(l.s));
    for (size_t i = 0; i < c->database.regions.len; i++)
        assert_true(c->database.regions.items[i].physical_guess);
    assert_int_equal(snapshot_verdicts(survey_snapshot(l.s))->rows.home, 0);
    look_stop(&l);
}

#define KEY(region, hex) \
    { \
        "encode_key(106, 2, ('" region "', '00000000-0000-0000-0000-000000000000'))", NULL, NULL, NULL, \
            "key\n\\xf28a12" hex "00011210000000000000000000000000000000000001\n", NULL, NULL, false, false \
    }
static const struct recorded_row keys_tell[] = {
    KEY("eu-west-1", "a0"), KEY("europe-west4", "b0"), KEY("uksouth", "c0"),
    {"ranges_no_leases", NULL, NULL, NULL, NULL, "42501", "no", false, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, REPORT_22_1, ROWS_22_1, {0},
};

static void a_key_tells_a_regions_bytes(void **state) {
    struct look l = {0};
    const struct catalog *c;
    (void)state;
    look_start(&l, VERSION_22_1, keys_tell, 0);
    WAIT_FOR(&l, (c = snapshot_catalog(survey_snapshot(l.s))) != NULL && !c->database.regions.items[2].physical_guess);
    assert_int_equal(c->database.regions.items[0].physical.data[0], 0xa0);
    assert_int_equal(c->database.regions.items[2].physical.data[0], 0xc0);
    look_stop(&l);
}

static void another_server_is_not_asked(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, NULL, healthy, 0);
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_NOT_COCKROACH);
    assert_int_equal(survey_state_err(l.s)->kind, ERR_UNAVAILABLE);
    look_stop(&l);
}

static void a_missing_database_is_noticed(void **state) {
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

static void a_refused_connection_is_tried_again(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, healthy, 0);
    recorded_stop(&l.server);
    WAIT_FOR(&l, survey_state(l.s) == SURVEY_WAITING && survey_retry_in(l.s) > 0);
    assert_int_equal(survey_state_err(l.s)->kind, ERR_UNAVAILABLE);
    survey_free(l.s);
    loop_free(l.loop);
}

static void switching_the_database_starts_anew(void **state) {
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

/* Descriptors that take half a second are read by themselves and hurried alike no more often than they may cost, while
 * what is cheap goes on. */
static void slow_descriptors_are_read_less_often(void **state) {
    struct look l = {.server = {.slow = "ranges_no_leases", .delay = 500}};
    (void)state;
    look_start(&l, VERSION_22_1, healthy, 0);
    WAIT_FOR(
        &l, snapshot_ranges(survey_snapshot(l.s)) != NULL && survey_interval(l.s, PART_RANGES) > 10 * USEC_PER_SEC);
    assert_true(survey_interval(l.s, PART_RANGES) >= 25 * USEC_PER_SEC); /* 0.5 s of 25: 2 % */
    assert_true(survey_interval(l.s, PART_TOPOLOGY) <= 4 * USEC_PER_SEC);
    survey_hurry(l.s);
    assert_true(survey_interval(l.s, PART_RANGES) >= 5 * USEC_PER_SEC &&
        survey_interval(l.s, PART_RANGES) <= 12 * USEC_PER_SEC);
    int before = recorded_asked(&l.server, healthy, "gossip_nodes");
    WAIT_AT_MOST(&l, 15, recorded_asked(&l.server, healthy, "ranges_no_leases") == 2);
    assert_true(recorded_asked(&l.server, healthy, "gossip_nodes") - before >= 3);
    look_stop(&l);
}

static const struct recorded_row hanging_ranges[] = {
    {"ranges_no_leases", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};

/* However often one asks: one question of a part is under way. */
static void a_part_is_asked_for_once_at_a_time(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, hanging_ranges, 0);
    WAIT_FOR(&l,
        survey_waiting_since(l.s, PART_RANGES) > 0 &&
            recorded_asked(&l.server, hanging_ranges, "ranges_no_leases") > 0);
    for (usec end = loop_now(l.loop) + USEC_PER_SEC; loop_now(l.loop) < end;) {
        survey_refresh(l.s);
        survey_hurry(l.s);
        loop_turn(l.loop, 50 * USEC_PER_MS);
    }
    assert_int_equal(recorded_asked(&l.server, hanging_ranges, "ranges_no_leases"), 1);
    look_stop(&l);
}

/* A part that hangs is asked for aside from then on, and the others are read as ever. */
static void a_part_that_hangs_holds_up_no_other(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, hanging_ranges, 700 * USEC_PER_MS);
    /* The server of recordings does not heed a cancel: that session has to be replaced first. */
    WAIT_AT_MOST(&l, 20, recorded_asked(&l.server, hanging_ranges, "ranges_no_leases") >= 2);
    int before = recorded_asked(&l.server, hanging_ranges, "gossip_nodes");
    survey_hurry(l.s);
    WAIT_AT_MOST(&l, 6, recorded_asked(&l.server, hanging_ranges, "gossip_nodes") >= before + 3);
    assert_non_null(snapshot_rows(survey_snapshot(l.s)));
    assert_int_equal(survey_state(l.s), SURVEY_READING);
    assert_non_null(strstr(survey_problem(l.s, PART_RANGES), "no answer"));
    look_stop(&l);
}

/* -- ten million rows -- */

#define HUGE_TABLES \
    "schema_name|table_name|type|owner|estimated_row_count|locality\n" \
    "public|cockroach_example_customers|table|root|10000000|REGIONAL BY ROW AS region\n" \
    "public|cockroach_example_orders|table|root|9999|REGIONAL BY TABLE IN PRIMARY REGION\n"

/* A page and the one row more that tells that there are more. */
static const char *full_page(void) {
    static char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "id|name|cloud|region\n");
    for (int i = 0; i < 51; i++)
        n += (size_t)snprintf(
            text + n, sizeof text - n, "00000000-0000-0000-0000-0000000000%02x|row %d|azure|uksouth\n", i, i);
    return text;
}

/* It opens with a page of each region as a table of ten does: nothing looks at the rest, unless the user says so twice. */
static void a_huge_table_is_read_by_pages_alone(void **state) {
    const struct recorded_row rows[] = {
        {"SHOW TABLES", NULL, NULL, NULL, HUGE_TABLES, NULL, NULL, false, false},
        {"LIMIT 10001", NULL, NULL, NULL, "id\n", NULL, NULL, false, false},
        {"ILIKE", NULL, NULL, NULL, "id|name|cloud|region\n", NULL, NULL, false, false},
        {"WHERE \"region\" = $1 ORDER BY \"id\" ASC LIMIT 51", NULL, NULL, NULL, full_page(), NULL, NULL, false, false},
        GUESSED("42601"), /* a plan, which reads no row */
        {"FROM \"public\".\"cockroach_example_customers\"", NULL, NULL, NULL, NULL, "XX000", "who asks for that?",
            false, false},
        SERVER_22_1,
        TOPOLOGY_22_1,
        CATALOG_22_1,
        RANGES_22_1,
        LEASES_22_1,
        REPORT_22_1,
        {0},
    };
    struct look l = {0};
    struct err err = {0};
    (void)state;
    look_start(&l, VERSION_22_1, rows, 0);
    WAIT_FOR(&l, survey_idle(l.s) && snapshot_rows(survey_snapshot(l.s)) != NULL
        && snapshot_rows(survey_snapshot(l.s))->pages.items[2].rows.len == 50);
    survey_hurry(l.s);
    WAIT_FOR(&l, recorded_asked(&l.server, rows, rows[3].needle) >= 6);
    assert_int_equal(recorded_asked(&l.server, rows, "LIMIT 10001"), 0);
    assert_int_equal(recorded_asked(&l.server, rows, rows[5].needle), 0);
    assert_false(survey_watches_all(l.s));
    assert_false(survey_filter(l.s, "Mike", false, &err));
    assert_string_equal(err.message, "cockroach_example_customers holds about 10000000 rows, a search reads them all");
    assert_non_null(strstr(err.hint, "5 s at most"));
    assert_int_equal(recorded_asked(&l.server, rows, "ILIKE"), 0);
    assert_true(survey_filter(l.s, "Mike", true, NULL));
    WAIT_FOR(&l, recorded_asked(&l.server, rows, "ILIKE") >= 3);
    look_stop(&l);
}

/* -- versions that nobody recorded -- */

#define VERSION_23_1 "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)"
#define VERSION_31_2 "CockroachDB CCL v31.2.0 (x86_64-pc-linux-gnu, built 2031/05/01 00:00:00, go1.40.1)"
#define LEASES_23_1 \
    { \
        "FROM crdb_internal.ranges WHERE start_key", "22.1/2091-select-crdb_internal.ranges.txt", "database_name", \
            "django", NULL, NULL, NULL, false, false \
    }
#define OPEN \
    { \
        "pg_settings", NULL, NULL, NULL, "name|setting\nallow_unsafe_internals|on\nnode_id|1\n", NULL, NULL, false, \
            false \
    }
#define UNKNOWN(needle, code) {needle, NULL, NULL, NULL, NULL, code, "no such thing here", false, false}
/* 23.1 with the columns that SHOW RANGES had before it: nothing tells who votes. */
static const struct recorded_row deprecated_23_1[] = {
    {"WITH KEYS", "22.1/3015-0before-ranges-database.txt", NULL, NULL, NULL, NULL, NULL, false, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_23_1, REPORT_22_1, ROWS_22_1, {0},
};
static const struct recorded_row refused_23_1[] = {
    UNKNOWN("WITH KEYS", "0A000"),
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_23_1, REPORT_22_1, ROWS_22_1, {0},
};
/* A version to come: statements of the newest known one have lost a column, a table, their syntax. */
static const struct recorded_row renamed[] = {
    UNKNOWN("WITH KEYS", "42601"), UNKNOWN("ranges WHERE start_key", "42703"), UNKNOWN("gossip_nodes", "42P01"),
    OPEN, SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
/* There is no older way either. */
static const struct recorded_row gone[] = {
    UNKNOWN("WITH KEYS", "42601"), UNKNOWN("ranges_no_leases", "42P01"),
    OPEN, SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, LEASES_23_1, REPORT_22_1, ROWS_22_1, {0},
};

static int times_told(const struct look *l, const char *what) {
    int n = 0;
    for (const char *p = l->feed; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

static void older_ranges_are_read(const char *version, const struct recorded_row *rows) {
    struct look l = {0};
    const struct verdicts *v = NULL;
    look_start(&l, version, rows, 0);
    WAIT_FOR(&l, survey_idle(l.s) && (v = snapshot_verdicts(survey_snapshot(l.s))) != NULL && v->rows.abroad == 6
        && v->regions.items[0].leases >= 0);
    assert_int_equal(v->rows.non_voters_abroad, 12);
    assert_int_equal(times_told(&l, "does not know what catalog/ranges-23.1 asks for; using catalog/ranges-22.1"), 1);
    survey_hurry(l.s);
    survey_refresh(l.s);
    WAIT_FOR(&l, recorded_asked(&l.server, rows, "ranges_no_leases") >= 3);
    assert_int_equal(recorded_asked(&l.server, rows, "WITH KEYS"), 1); /* once is enough to know */
    assert_int_equal(times_told(&l, "does not know what catalog/ranges-23.1"), 1);
    look_stop(&l);
}

static void a_23_1_with_older_columns_is_read(void **state) {
    (void)state;
    older_ranges_are_read(VERSION_23_1, deprecated_23_1);
    older_ranges_are_read(VERSION_23_1, refused_23_1);
}

static void a_version_to_come_is_read_in_older_ways(void **state) {
    struct look l = {0};
    (void)state;
    older_ranges_are_read(VERSION_31_2, renamed);
    look_start(&l, VERSION_31_2, renamed, 0);
    WAIT_FOR(&l, survey_idle(l.s) && times_told(&l, "catalog/leases-23.1 asks for; using catalog/leases-22.1") > 0
        && misses(&l, "nodes and whether they live"));
    assert_int_equal(times_told(&l, "catalog/leases-23.1"), 1);
    assert_false(snapshot_topology(survey_snapshot(l.s))->liveness_known);
    assert_true(misses(&l, "nodes and whether they live cannot be read: no such thing here"));
    assert_int_equal(snapshot_server(survey_snapshot(l.s))->version, 3102);
    look_stop(&l);
}

static void what_no_way_is_known_for_is_named(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_31_2, gone, 0);
    WAIT_FOR(&l, survey_idle(l.s) && misses(&l, "ranges cannot be read: no such thing here")
        && snapshot_rows(survey_snapshot(l.s)) != NULL);
    assert_int_equal(times_told(&l, "catalog/ranges-23.1 asks for; using catalog/ranges-22.1"), 1);
    assert_null(snapshot_ranges(survey_snapshot(l.s)));
    assert_int_equal(
        snapshot_rows(survey_snapshot(l.s))->pages.items[0].rows.items[0].verdict.domicile, DOMICILE_UNKNOWN);
    look_stop(&l);
}

/* A question that a server may not know at all is still no answer when it hangs: what was known of super regions is not
 * taken for gone, and it is told. */
static const struct recorded_row hanging_super_regions[] = {
    {"SHOW SUPER REGIONS", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};

static void a_timeout_is_no_answer(void **state) {
    struct look l = {0};
    (void)state;
    look_start(&l, VERSION_22_1, hanging_super_regions, 500 * USEC_PER_MS);
    WAIT_AT_MOST(&l, 10, survey_problem(l.s, PART_CATALOG) != NULL);
    assert_non_null(strstr(survey_problem(l.s, PART_CATALOG), "super regions"));
    look_stop(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_cluster_is_read_whole),
        cmocka_unit_test(hanging_leases_stop_nothing_else),
        cmocka_unit_test(leases_with_a_quorum_are_asked_for_alone),
        cmocka_unit_test(what_may_not_be_read_is_named_with_its_grant),
        cmocka_unit_test(closed_catalogs_leave_show_statements),
        cmocka_unit_test(a_gate_that_nobody_announced_is_noticed),
        cmocka_unit_test(a_guess_proves_nothing_home),
        cmocka_unit_test(a_key_tells_a_regions_bytes),
        cmocka_unit_test(another_server_is_not_asked),
        cmocka_unit_test(a_missing_database_is_noticed),
        cmocka_unit_test(a_refused_connection_is_tried_again),
        cmocka_unit_test(switching_the_database_starts_anew),
        cmocka_unit_test(a_huge_table_is_read_by_pages_alone),
        cmocka_unit_test(a_23_1_with_older_columns_is_read),
        cmocka_unit_test(a_version_to_come_is_read_in_older_ways),
        cmocka_unit_test(what_no_way_is_known_for_is_named),
        cmocka_unit_test(slow_descriptors_are_read_less_often),
        cmocka_unit_test(a_part_is_asked_for_once_at_a_time),
        cmocka_unit_test(a_part_that_hangs_holds_up_no_other),
        cmocka_unit_test(a_timeout_is_no_answer),
    };
    return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
