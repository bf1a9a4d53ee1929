/* sandbox_test: the explorer's engine without its screen on the simulated cluster: read, insert, restrict, drain,
 * lose a region. */
#include "survey/look.h"

#include "domicile/actions/change.h"
#include "domicile/actions/failure.h"
#include "domicile/actions/insert.h"
#include "domicile/base/str.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct stage {
    struct server server;
    struct look l;
    struct insert *insert;
    struct change *change;
};

static void notice(void *arg, unsigned parts) {
    struct stage *st = arg;
    if (st->insert != NULL)
        insert_notice(st->insert, parts);
    if (st->change != NULL)
        change_notice(st->change, parts);
}

static void stage_open(struct stage *st, const char *const *arguments) {
    memset(st, 0, sizeof *st);
    server_start(&st->server, arguments);
    look_at(&st->l, st->server.url, 0);
    st->l.changed = notice;
    st->l.arg = st;
}

static void stage_close(struct stage *st) {
    insert_free(st->insert);
    change_free(st->change, false);
    look_away(&st->l);
    assert_true(server_stop(&st->server));
}

static const struct verdicts *verdicts(const struct stage *st) {
    return snapshot_verdicts(survey_snapshot(st->l.s));
}

static size_t row_count(const struct stage *st) {
    const struct rows *rows = snapshot_rows(survey_snapshot(st->l.s));
    size_t n = 0;
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        n += rows->pages.items[i].rows.len;
    return n;
}

static void wait_read(struct stage *st) {
    WAIT_AT_MOST(&st->l, 20, survey_idle(st->l.s) && verdicts(st) != NULL && row_count(st) >= 3
        && snapshot_report(survey_snapshot(st->l.s)) != NULL);
}

static void print_problems(const struct stage *st) {
    const struct server_info *info = snapshot_server(survey_snapshot(st->l.s));
    for (int k = 0; k < PART_KINDS; k++)
        if (survey_problem(st->l.s, (enum part_kind)k) != NULL)
            print_message("# part %d: %s\n", k, survey_problem(st->l.s, (enum part_kind)k));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        print_message("# missing: %s\n", info->missing.items[i]);
    print_message("# %s", st->l.feed);
}

static void read_whole(struct stage *st) {
    const struct snapshot *s = survey_snapshot(st->l.s);
    print_problems(st);
    assert_int_equal(snapshot_topology(s)->nodes.len, 9);
    assert_int_equal(snapshot_topology(s)->stores.len, 9);
    assert_true(snapshot_topology(s)->liveness_known);
    assert_int_equal(snapshot_catalog(s)->tables.len, 4);
    assert_int_equal(snapshot_catalog(s)->database.regions.len, 3);
    assert_int_equal(snapshot_catalog(s)->database.placement, PLACEMENT_DEFAULT);
    for (size_t i = 0; i < 3; i++)
        assert_false(snapshot_catalog(s)->database.regions.items[i].physical_guess);
    assert_int_equal(row_count(st), 3);
    assert_true(snapshot_server(s)->offers_sandbox);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(snapshot_rows(s)->pages.items[i].rows.items[0].verdict.domicile, DOMICILE_ABROAD);
}

static void what_the_walkthrough_built_is_read(void **state) {
    static const char *const arguments[] = {"--report-interval", "5s", NULL};
    struct stage st;
    (void)state;
    stage_open(&st, arguments);
    wait_read(&st);
    WAIT_AT_MOST(&st.l, 60, verdicts(&st)->rows.abroad == 6 && verdicts(&st)->conforming == 11);
    read_whole(&st);
    assert_int_equal(verdicts(&st)->ranges.len, 11);
    assert_int_equal(verdicts(&st)->rows.non_voters_abroad, 12);
    assert_int_equal(verdicts(&st)->gaps.non_voters_abroad, 10);
    stage_close(&st);
}

/* Three customers in three partitions, five gaps about them, and the other tables' range; neighbours with the same
 * configuration merge in time, so that uksouth's rows and the other tables share a range and three gaps are left. */
static bool settled_26_1(const struct verdicts *v, bool internals) {
    bool split = v->rows.ranges == 4 && v->gaps.ranges == 5, merged = v->rows.ranges == 3 && v->gaps.ranges == 3;
    return (split || merged) && v->rows.abroad == v->rows.ranges && v->gaps.abroad == v->gaps.ranges
        && v->rows.moving + v->gaps.moving == 0 && (!internals || v->conforming == v->rows.ranges + v->gaps.ranges);
}

static void judged_26_1(struct stage *st, bool internals) {
    WAIT_AT_MOST(&st->l, 60, settled_26_1(verdicts(st), internals));
    const struct verdicts *v = verdicts(st);
    assert_int_equal(v->rows.voters_abroad + v->rows.learners_abroad + v->rows.unknown + v->rows.home, 0);
    assert_int_equal(v->rows.non_voters_abroad, 2 * v->rows.ranges);
    assert_int_equal(v->gaps.non_voters_abroad, 2 * v->gaps.ranges);
    assert_int_equal(v->not_conforming, 0);
    /* Who lives cannot be read where system catalogs are closed: then nothing is said to conform. */
    assert_int_equal(v->conformance_unknown, internals ? 0 : v->rows.ranges + v->gaps.ranges);
    assert_int_equal(v->conforming, internals ? v->rows.ranges + v->gaps.ranges : 0);
    for (size_t i = 0; i < 3; i++) {
        const struct row *row = &snapshot_rows(survey_snapshot(st->l.s))->pages.items[i].rows.items[0];
        assert_int_equal(row->verdict.domicile, DOMICILE_ABROAD);
        assert_true(row->range_id > 0);
        assert_false(snapshot_catalog(survey_snapshot(st->l.s))->database.regions.items[i].physical_guess);
    }
    struct str name = {0};
    topology_print_store(&name, snapshot_topology(survey_snapshot(st->l.s)), 5);
    assert_string_equal(str_get(&name), internals ? "n5" : "s5");
    str_free(&name);
}

/* 26.1 splits otherwise, merges neighbours and knows other columns; the verdict is the same. Its catalogs are closed
 * unless the explorer is told to open them. */
static void read_26_1(bool internals) {
    static const char *const arguments[] = {"--compat", "26.1", "--report-interval", "5s", "--speed", "5", NULL};
    struct stage st;
    memset(&st, 0, sizeof st);
    server_start(&st.server, arguments);
    char *url = mem_printf("%s%s", st.server.url, internals ? "" : "&options=-callow_unsafe_internals%3Doff");
    look_at(&st.l, url, 0);
    free(url);
    st.l.changed = notice;
    st.l.arg = &st;
    WAIT_AT_MOST(&st.l, 20, survey_idle(st.l.s) && verdicts(&st) != NULL && row_count(&st) >= 3);
    survey_hurry(st.l.s);
    assert_int_equal(snapshot_server(survey_snapshot(st.l.s))->version, 2601);
    assert_int_equal(snapshot_server(survey_snapshot(st.l.s))->unsafe_internals, internals);
    assert_int_equal(snapshot_topology(survey_snapshot(st.l.s))->liveness_known, internals);
    print_problems(&st);
    judged_26_1(&st, internals);
    stage_close(&st);
}

static void version_26_1_is_read(void **state) {
    (void)state;
    read_26_1(true);
}

static void version_26_1_is_read_with_closed_catalogs(void **state) {
    (void)state;
    read_26_1(false);
}

static void insert_mary(struct stage *st) {
    struct err err = {0};
    struct insert_form *f = insert_form_new(st->l.s, "cockroach_example_customers", &err);
    assert_non_null(f);
    for (size_t i = 0; i < f->fields.len; i++) {
        if (strcmp(f->fields.items[i].column, "name") == 0)
            insert_form_set(f, i, "Mary");
        if (strcmp(f->fields.items[i].column, "cloud") == 0)
            insert_form_set(f, i, "aws");
    }
    for (size_t i = 0; i < f->gateways.len; i++)
        if (f->gateways.items[i].node_id == 7)
            f->gateway = i;
    st->insert = insert_start(st->l.loop, st->l.s, f, NULL, NULL, &err);
    insert_form_free(f);
    assert_non_null(st->insert);
}

static void a_row_lands_and_restricted_drains(void **state) {
    static const char *const arguments[] = {"--report-interval", "5s", "--speed", "5", NULL};
    struct stage st;
    struct err err = {0};
    struct plan_request r = {.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED};
    (void)state;
    stage_open(&st, arguments);
    wait_read(&st);
    insert_mary(&st);
    WAIT_AT_MOST(&st.l, 20, insert_result(st.insert)->state >= INSERT_PLACED);
    print_message("# %s\n", insert_result(st.insert)->message);
    assert_int_equal(insert_result(st.insert)->state, INSERT_PLACED);
    assert_string_equal(insert_result(st.insert)->home, "eu-west-1");
    assert_string_equal(insert_result(st.insert)->gateway, "n7 europe-west4");
    WAIT_AT_MOST(&st.l, 10, row_count(&st) == 4);
    WAIT_AT_MOST(&st.l, 60, verdicts(&st)->conforming == 11);
    struct plan *p = plan_make(survey_snapshot(st.l.s), &r);
    st.change = change_start(st.l.loop, st.l.s, p, NULL, NULL, &err);
    plan_free(p);
    assert_string_equal(err.message, "");
    WAIT_AT_MOST(&st.l, 60, change_progress(st.change)->state >= CHANGE_SETTLED);
    print_message("# %s\n", change_progress(st.change)->message);
    assert_int_equal(change_progress(st.change)->state, CHANGE_SETTLED);
    assert_int_equal(verdicts(&st)->rows.home, 6);
    assert_int_equal(verdicts(&st)->rows.non_voters_abroad + verdicts(&st)->gaps.non_voters_abroad, 0);
    assert_int_equal(snapshot_catalog(survey_snapshot(st.l.s))->database.placement, PLACEMENT_RESTRICTED);
    stage_close(&st);
}

static void failure_done(void *arg, bool ok, const char *sentence) {
    bool *done = arg;
    print_message("# %s\n", sentence);
    *done = ok;
}

static const struct row_page *page_of(const struct stage *st, const char *region) {
    const struct rows *rows = snapshot_rows(survey_snapshot(st->l.s));
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        if (strcmp(rows->pages.items[i].region, region) == 0)
            return &rows->pages.items[i];
    return NULL;
}

static void a_dead_region_takes_only_its_own_rows(void **state) {
    static const char *const arguments[] = {"--report-interval", "5s", NULL};
    struct stage st;
    struct err err = {0};
    bool done = false;
    (void)state;
    stage_open(&st, arguments);
    wait_read(&st);
    struct failure *f = failure_start(
        st.l.loop, st.l.s, FAILURE_KILL_REGION, 0, "eu-west-1", failure_done, &done, &err);
    assert_non_null(f);
    WAIT_AT_MOST(&st.l, 10, done);
    failure_free(f);
    usec killed = loop_now(st.l.loop);
    survey_hurry(st.l.s);
    WAIT_AT_MOST(&st.l, 20, page_of(&st, "eu-west-1")->problem != NULL);
    WAIT_AT_MOST(&st.l, 20, page_of(&st, "uksouth")->asof > killed + 2 * USEC_PER_SEC);
    WAIT_AT_MOST(&st.l, 20, survey_snapshot(st.l.s)->parts[PART_RANGES]->asof > killed + 2 * USEC_PER_SEC);
    WAIT_AT_MOST(&st.l, 20, topology_node(snapshot_topology(survey_snapshot(st.l.s)), 5)->liveness == LIVENESS_DEAD);
    assert_int_equal(page_of(&st, "eu-west-1")->rows.len, 1);
    assert_true(verdicts(&st)->rows.unavailable + verdicts(&st)->gaps.unavailable > 0);
    stage_close(&st);
}

/* Round trips are measured through a node of the region: at the address that gossip tells, else the one that was given.
 * The sandbox's regions are 12 and 18 ms away from the client. */
static void round_trips_are_measured_or_not_shown(void **state) {
    static const char *const arguments[] = {"--compat", "26.1", "--report-interval", "1h", NULL};
    struct stage st;
    (void)state;
    stage_open(&st, arguments);
    WAIT_AT_MOST(&st.l, 20, survey_rtt(st.l.s, "uksouth") >= 0 && survey_rtt(st.l.s, "eu-west-1") >= 12 * USEC_PER_MS
        && survey_rtt(st.l.s, "europe-west4") >= 18 * USEC_PER_MS);
    look_away(&st.l);
    char *closed = mem_printf("%s&options=-callow_unsafe_internals%%3Doff", st.server.url);
    char *through = mem_printf("host=127.0.0.1 port=%d user=root dbname=django sslmode=disable", st.server.port + 3);
    struct survey_gateway gateways[] = {{mem_strdup("eu-west-1"), through},
        {mem_strdup("europe-west4"), mem_strdup("host=127.0.0.1 port=1 user=root dbname=django sslmode=disable")}};
    st.l = (struct look){.gateways = gateways, .gateway_count = 2};
    look_at(&st.l, closed, 0);
    WAIT_AT_MOST(&st.l, 20, survey_idle(st.l.s) && survey_rtt(st.l.s, "eu-west-1") >= 12 * USEC_PER_MS);
    const char *reason;
    WAIT_AT_MOST(&st.l, 20, str_eq(survey_gateway_state(st.l.s, "europe-west4", &reason), "down"));
    assert_true(reason[0] != '\0');
    assert_int_equal(survey_rtt(st.l.s, "europe-west4"), -1); /* its gateway does not answer */
    assert_int_equal(survey_rtt(st.l.s, "uksouth"), -1);      /* nobody told an address */
    assert_null(survey_gateway_state(st.l.s, "uksouth", &reason));
    stage_close(&st);
    for (int i = 0; i < 2; i++) {
        free(gateways[i].region);
        free(gateways[i].conninfo);
    }
    free(closed);
}

/* Through a gateway in another region every statement takes the way there, 12 ms: that is no cost to the cluster, and
 * what is cheap is read as often as ever. */
static void the_way_to_the_gateway_is_no_cost(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    struct stage st = {.insert = NULL};
    (void)state;
    server_start(&st.server, arguments);
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/django?sslmode=disable", st.server.port + 3);
    look_at(&st.l, url, 0);
    free(url);
    WAIT_AT_MOST(&st.l, 20, survey_idle(st.l.s) && survey_rtt(st.l.s, "eu-west-1") >= 12 * USEC_PER_MS);
    assert_string_equal(snapshot_server(survey_snapshot(st.l.s))->gateway_region, "eu-west-1");
    WAIT_AT_MOST(&st.l, 40, survey_interval(st.l.s, PART_CATALOG) <= 4 * USEC_PER_SEC
        && survey_interval(st.l.s, PART_TOPOLOGY) <= 4 * USEC_PER_SEC);
    usec asof = survey_snapshot(st.l.s)->parts[PART_CATALOG]->asof;
    WAIT_AT_MOST(&st.l, 20, survey_snapshot(st.l.s)->parts[PART_CATALOG]->asof > asof);
    assert_true(survey_interval(st.l.s, PART_CATALOG) <= 4 * USEC_PER_SEC);
    stage_close(&st);
}

static void change(const struct stage *st, const char *database, const char *sql) {
    char *answer = server_sql(&st->server, 1, database, sql);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", sql, answer);
    free(answer);
}

/* The first byte that stands for a region; 0: not known. */
static int byte_of(const struct stage *st, const char *region) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(st->l.s));
    const struct db_region *r = c != NULL ? database_region(&c->database, region) : NULL;
    return r != NULL && !r->physical_guess && r->physical.len == 1 ? r->physical.data[0] : 0;
}

/* A look at a database whose three regions were given together: their bytes are 40, 80 and c0. */
static void shop_open(struct stage *st) {
    static const char *const arguments[] = {"--report-interval", "1h", "--speed", "20", "--empty", NULL};
    server_start(&st->server, arguments);
    change(st, "defaultdb", "CREATE DATABASE shop PRIMARY REGION uksouth REGIONS \"eu-west-1\", \"europe-west4\"");
    change(st, "shop", "CREATE TABLE t (id INT8 PRIMARY KEY) LOCALITY REGIONAL BY ROW");
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/shop?sslmode=disable", st->server.port);
    look_at(&st->l, url, 0);
    free(url);
}

/* Regions that were dropped and added again between two looks, in another order, have the old names and other bytes. */
static void regions_that_came_back_have_other_bytes(void **state) {
    struct stage st = {.insert = NULL};
    (void)state;
    shop_open(&st);
    WAIT_AT_MOST(&st.l, 20, byte_of(&st, "eu-west-1") == 0x40 && byte_of(&st, "europe-west4") == 0x80);
    change(&st, "shop", "ALTER DATABASE shop DROP REGION \"eu-west-1\"");
    change(&st, "shop", "ALTER DATABASE shop DROP REGION \"europe-west4\"");
    change(&st, "shop", "ALTER DATABASE shop ADD REGION \"europe-west4\"");
    change(&st, "shop", "ALTER DATABASE shop ADD REGION \"eu-west-1\"");
    survey_refresh(st.l.s);
    WAIT_AT_MOST(&st.l, 20, byte_of(&st, "europe-west4") == 0x60 && byte_of(&st, "eu-west-1") == 0x30);
    assert_int_equal(byte_of(&st, "uksouth"), 0xc0);
    stage_close(&st);
}

/* A database that is dropped and made anew between two looks has the old name and other bytes, too, and nobody asks. */
static void a_database_made_anew_has_other_bytes(void **state) {
    struct stage st = {.insert = NULL};
    (void)state;
    shop_open(&st);
    WAIT_AT_MOST(&st.l, 20, byte_of(&st, "eu-west-1") == 0x40 && byte_of(&st, "uksouth") == 0xc0);
    change(&st, "defaultdb", "DROP DATABASE shop CASCADE");
    change(&st, "defaultdb", "CREATE DATABASE shop PRIMARY REGION uksouth");
    change(&st, "defaultdb", "ALTER DATABASE shop ADD REGION \"eu-west-1\"");
    change(&st, "defaultdb", "ALTER DATABASE shop ADD REGION \"europe-west4\"");
    change(&st, "shop", "CREATE TABLE t (id INT8 PRIMARY KEY) LOCALITY REGIONAL BY ROW");
    WAIT_AT_MOST(&st.l, 20, byte_of(&st, "uksouth") == 0x80);
    assert_int_equal(byte_of(&st, "eu-west-1"), 0x40);
    assert_int_equal(byte_of(&st, "europe-west4"), 0x60);
    stage_close(&st);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_walkthrough_built_is_read),
        cmocka_unit_test(version_26_1_is_read),
        cmocka_unit_test(version_26_1_is_read_with_closed_catalogs),
        cmocka_unit_test(a_row_lands_and_restricted_drains),
        cmocka_unit_test(a_dead_region_takes_only_its_own_rows),
        cmocka_unit_test(round_trips_are_measured_or_not_shown),
        cmocka_unit_test(the_way_to_the_gateway_is_no_cost),
        cmocka_unit_test(regions_that_came_back_have_other_bytes),
        cmocka_unit_test(a_database_made_anew_has_other_bytes),
    };
    return cmocka_run_group_tests_name("survey on the sandbox", tests, NULL, NULL);
}
