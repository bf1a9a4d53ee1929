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
