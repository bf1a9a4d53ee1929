/* rights_test: the explorer as a user with each of the recorded sets of privileges: what it may see is seen, what it may
 * not see is named with the GRANT that would allow it, and nothing unread is called home or live. */
#include "survey/look.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "support/server.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct rights {
    const char *compat;
    const char *grant;   /* NULL none */
    bool nodes;          /* nodes, stores and who lives */
    bool ranges;         /* descriptors */
    bool rows;           /* rows of customers */
    const char *missing[4]; /* parts of the sentences that must be told */
    bool closed;         /* allow_unsafe_internals is off */
};

#define ON_CUSTOMERS "cockroach_example_customers TO carol"
#define DESCRIPTORS_22_1 "GRANT ZONECONFIG ON DATABASE \"django\" TO \"carol\" would allow it"
#define DESCRIPTORS "GRANT SYSTEM VIEWACTIVITYREDACTED TO \"carol\" would allow it"
#define NODES_22_1 "read crdb_internal.gossip_nodes; GRANT admin TO \"carol\" would allow it"
#define NODES "GRANT SYSTEM VIEWCLUSTERMETADATA TO \"carol\" would allow it"
#define REPORT_22_1 "kv.replication_reports.interval'; GRANT admin TO \"carol\" would allow it"
#define REPORT "the replication report cannot be read"
#define CLOSED "--unsafe-internals opens them"

/* The recorded ones: bob's as more was granted to him, carol's on 26.1, each there with closed catalogs, too. */
static const struct rights sets[] = {
    {"22.1", NULL, false, false, false, {NODES_22_1, REPORT_22_1, DESCRIPTORS_22_1, NULL}, false},
    {"22.1", "GRANT CREATE ON DATABASE django TO carol", false, false, false,
        {NODES_22_1, REPORT_22_1, DESCRIPTORS_22_1, NULL}, false},
    {"22.1", "GRANT SELECT ON " ON_CUSTOMERS, false, false, true, {DESCRIPTORS_22_1, NULL}, false},
    {"22.1",
        "GRANT CREATE ON DATABASE django TO carol; GRANT SELECT ON " ON_CUSTOMERS "; ALTER USER carol VIEWACTIVITY",
        false, false, true, {NODES_22_1, DESCRIPTORS_22_1, NULL}, false},
    {"22.1", "GRANT SELECT, ZONECONFIG ON " ON_CUSTOMERS, false, true, true,
        {"GRANT admin TO \"carol\" would allow it", NULL}, false},
    {"22.1", "CREATE ROLE r; GRANT r TO carol; GRANT CREATE ON cockroach_example_orders TO r", false, false, false,
        {NULL}, false},
    {"22.1", "GRANT admin TO carol", true, true, true, {NULL}, false},
    {"26.1", NULL, false, false, false, {NODES, DESCRIPTORS, NULL}, false},
    {"26.1", "GRANT CREATE ON DATABASE django TO carol", false, false, false, {NODES, DESCRIPTORS, REPORT, NULL},
        false},
    {"26.1", "GRANT SELECT ON " ON_CUSTOMERS, false, false, true, {NODES, DESCRIPTORS, REPORT, NULL}, false},
    {"26.1", "GRANT SYSTEM VIEWCLUSTERMETADATA TO carol", true, false, false,
        {"ranges cannot be read", DESCRIPTORS, NULL}, false},
    {"26.1", "GRANT SELECT, ZONECONFIG ON " ON_CUSTOMERS, false, true, true, {NODES, NULL}, false},
    {"26.1", "GRANT SYSTEM VIEWACTIVITYREDACTED TO carol", false, true, false, {NODES, NULL}, false},
    {"26.1", "GRANT SELECT ON " ON_CUSTOMERS "; ALTER USER carol VIEWACTIVITY", false, true, true,
        {NODES, REPORT, NULL}, false},
    {"26.1", "CREATE ROLE r; GRANT r TO carol; GRANT CREATE ON cockroach_example_orders TO r", false, false, false,
        {NULL}, false},
    {"26.1", "GRANT admin TO carol", true, true, true, {NULL}, false},
    {"26.1", NULL, false, false, false, {CLOSED, DESCRIPTORS, NULL}, true},
    {"26.1", "GRANT SYSTEM VIEWCLUSTERMETADATA TO carol", false, false, false, {CLOSED, DESCRIPTORS, NULL}, true},
    {"26.1", "GRANT SELECT, ZONECONFIG ON " ON_CUSTOMERS, false, true, true,
        {CLOSED,
            "columns and indexes cannot be read: user carol has "
            "no privileges on relation cockroach_example_orders; GRANT SELECT ON TABLE "
            "\"django\".\"public\".\"cockroach_example_orders\" TO "
            "\"carol\" would allow it (and 2 more tables)",
            NULL},
        true},
    /* A table that comes first and may not be read is no reason not to read the next. */
    {"26.1", "CREATE TABLE a_first (id INT PRIMARY KEY); GRANT SELECT, ZONECONFIG ON " ON_CUSTOMERS, false, true, true,
        {CLOSED, "ON TABLE \"django\".\"public\".\"a_first\" TO \"carol\" would allow it (and 3 more tables)", NULL},
        true},
    {"26.1", "GRANT SELECT ON " ON_CUSTOMERS "; GRANT SYSTEM VIEWACTIVITYREDACTED TO carol", false, true, true,
        {CLOSED, NULL}, true},
    {"26.1", "GRANT admin TO carol", false, true, true, {CLOSED, NULL}, true},
};

static void execute(const struct server *server, const char *sql) {
    PGconn *c = PQconnectdb(server->url);
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

static bool misses(const struct look *l, const char *what) {
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        if (strstr(info->missing.items[i], what) != NULL)
            return true;
    return false;
}

static size_t row_count(const struct look *l) {
    const struct rows *rows = snapshot_rows(survey_snapshot(l->s));
    size_t n = 0;
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        n += rows->pages.items[i].rows.len;
    return n;
}

static void print_missing(const struct look *l) {
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        print_message("#   %s\n", info->missing.items[i]);
}

static void nothing_unread_is_green(const struct look *l, const struct rights *row) {
    const struct snapshot *s = survey_snapshot(l->s);
    const struct verdicts *v = snapshot_verdicts(s);
    const struct rows *rows = snapshot_rows(s);
    assert_true(v == NULL || v->rows.home == 0); /* under DEFAULT nothing is */
    assert_true(row->nodes || v == NULL || v->conforming == 0);
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        for (size_t k = 0; k < rows->pages.items[i].rows.len; k++)
            assert_int_equal(rows->pages.items[i].rows.items[k].verdict.domicile,
                row->ranges ? DOMICILE_ABROAD : DOMICILE_UNKNOWN);
}

/* "n5" only where somebody told that store 5 is on node 5. */
static void stores_are_named(const struct look *l, const struct rights *row) {
    struct str name = {0};
    topology_print_store(&name, snapshot_topology(survey_snapshot(l->s)), 5);
    assert_string_equal(str_get(&name), row->nodes ? "n5" : "s5");
    str_free(&name);
}

/* Whether the database and a table may be altered: told of every user, and refused to those without CREATE. */
static void what_may_be_altered(const struct look *l, const struct rights *row) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(l->s));
    bool admin = row->grant != NULL && strstr(row->grant, "admin") != NULL;
    bool database = admin || (row->grant != NULL && strstr(row->grant, "CREATE ON DATABASE") != NULL);
    bool table = admin || (row->grant != NULL && strstr(row->grant, "CREATE ON cockroach_example_orders") != NULL);
    assert_int_equal(c->database.may_alter, database ? RIGHT_YES : RIGHT_NO);
    assert_int_equal(catalog_table(c, "cockroach_example_orders")->may_alter, table ? RIGHT_YES : RIGHT_NO);
    assert_int_equal(catalog_table(c, "cockroach_example_products")->may_alter, admin ? RIGHT_YES : RIGHT_NO);
}

static void check(const struct rights *row) {
    const char *const arguments[] = {"--compat", row->compat, "--report-interval", "5s", "--speed", "20", NULL};
    struct server server;
    struct look l = {0};
    server_start(&server, arguments);
    execute(&server, "CREATE USER carol");
    if (row->grant != NULL)
        execute(&server, row->grant);
    char *rest = strstr(server.url, "@");
    char *url = mem_printf(
        "postgresql://carol%s%s", rest, row->closed ? "&options=-callow_unsafe_internals%3Doff" : "");
    look_at(&l, url, 0);
    free(url);
    print_message(
        "# %s%s, %s\n", row->compat, row->closed ? " closed" : "", row->grant != NULL ? row->grant : "no grant");
    WAIT_AT_MOST(&l, 20, survey_idle(l.s) && snapshot_topology(survey_snapshot(l.s)) != NULL);
    WAIT_AT_MOST(
        &l, 20, (snapshot_ranges(survey_snapshot(l.s)) != NULL) == row->ranges && (row_count(&l) >= 3) == row->rows);
    print_missing(&l);
    assert_int_equal(snapshot_topology(survey_snapshot(l.s))->liveness_known, row->nodes);
    for (int i = 0; i < 4 && row->missing[i] != NULL; i++)
        if (!misses(&l, row->missing[i]))
            fail_msg("not told: %s", row->missing[i]);
    assert_false(strcmp(row->compat, "22.1") == 0 && misses(&l, "GRANT SYSTEM")); /* 22.1 has no such privileges */
    assert_int_equal(misses(&l, CLOSED), row->closed);
    stores_are_named(&l, row);
    nothing_unread_is_green(&l, row);
    what_may_be_altered(&l, row);
    look_away(&l);
    assert_true(server_stop(&server));
}

static void each_set_of_rights_sees_what_it_may(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        check(&sets[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_of_rights_sees_what_it_may),
    };
    return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
