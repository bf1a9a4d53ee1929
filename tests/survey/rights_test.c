/* rights_test: the explorer as a user with each of the recorded sets of privileges: what it may see is seen, what it may
 * not see is named with the GRANT that would allow it, and nothing unread is called home or live. */
#include "survey/look.h"

#include "domicile/base/mem.h"
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
};

/* The recorded ones: bob's on 22.1, carol's on 26.1. */
static const struct rights sets[] = {
    {"22.1", NULL, false, false, false,
        {"read crdb_internal.gossip_nodes; GRANT admin TO \"carol\" would allow it",
            "kv.replication_reports.interval'; GRANT admin TO \"carol\" would allow it",
            "GRANT ZONECONFIG ON DATABASE \"django\" TO \"carol\" would allow it", NULL}},
    {"22.1", "GRANT SELECT ON cockroach_example_customers TO carol", false, false, true,
        {"GRANT ZONECONFIG ON DATABASE \"django\" TO \"carol\" would allow it", NULL}},
    {"22.1", "GRANT SELECT, ZONECONFIG ON cockroach_example_customers TO carol", false, true, true,
        {"GRANT admin TO \"carol\" would allow it", NULL}},
    {"22.1", "GRANT admin TO carol", true, true, true, {NULL}},
    {"26.1", NULL, false, false, false,
        {"GRANT SYSTEM VIEWCLUSTERMETADATA TO \"carol\" would allow it", "GRANT SYSTEM VIEWACTIVITYREDACTED TO \"carol\" would",
            NULL}},
    {"26.1", "GRANT SYSTEM VIEWCLUSTERMETADATA TO carol", true, false, false,
        {"ranges cannot be read", "GRANT SYSTEM VIEWACTIVITYREDACTED TO \"carol\" would allow it", NULL}},
    {"26.1", "GRANT SELECT, ZONECONFIG ON cockroach_example_customers TO carol", false, true, true,
        {"GRANT SYSTEM VIEWCLUSTERMETADATA TO \"carol\" would allow it", NULL}},
    {"26.1", "GRANT SYSTEM VIEWACTIVITYREDACTED TO carol", false, true, false,
        {"GRANT SYSTEM VIEWCLUSTERMETADATA TO \"carol\" would allow it", NULL}},
    {"26.1", "GRANT admin TO carol", true, true, true, {NULL}},
};

static void execute(const struct server *server, const char *sql)
{
    PGconn *c = PQconnectdb(server->url);
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

static bool misses(const struct look *l, const char *what)
{
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        if (strstr(info->missing.items[i], what) != NULL)
            return true;
    return false;
}

static size_t row_count(const struct look *l)
{
    const struct rows *rows = snapshot_rows(survey_snapshot(l->s));
    size_t n = 0;
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        n += rows->pages.items[i].rows.len;
    return n;
}

static void print_missing(const struct look *l)
{
    const struct server_info *info = snapshot_server(survey_snapshot(l->s));
    for (size_t i = 0; info != NULL && i < info->missing.len; i++)
        print_message("#   %s\n", info->missing.items[i]);
}

static void nothing_unread_is_green(const struct look *l, const struct rights *row)
{
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

static void check(const struct rights *row)
{
    const char *const arguments[] = {"--compat", row->compat, "--report-interval", "5s", "--speed", "20", NULL};
    struct server server;
    struct look l = {0};
    server_start(&server, arguments);
    execute(&server, "CREATE USER carol");
    if (row->grant != NULL)
        execute(&server, row->grant);
    char *rest = strstr(server.url, "@");
    char *url = mem_printf("postgresql://carol%s", rest);
    look_at(&l, url, 0);
    free(url);
    print_message("# %s, %s\n", row->compat, row->grant != NULL ? row->grant : "no grant");
    WAIT_AT_MOST(&l, 20, survey_idle(l.s) && snapshot_topology(survey_snapshot(l.s)) != NULL);
    WAIT_AT_MOST(&l, 20, (snapshot_ranges(survey_snapshot(l.s)) != NULL) == row->ranges && (row_count(&l) >= 3) == row->rows);
    print_missing(&l);
    assert_int_equal(snapshot_topology(survey_snapshot(l.s))->liveness_known, row->nodes);
    for (int i = 0; i < 4 && row->missing[i] != NULL; i++)
        if (!misses(&l, row->missing[i]))
            fail_msg("not told: %s", row->missing[i]);
    assert_false(strcmp(row->compat, "22.1") == 0 && misses(&l, "GRANT SYSTEM")); /* 22.1 has no such privileges */
    nothing_unread_is_green(&l, row);
    look_away(&l);
    assert_true(server_stop(&server));
}

static void each_set_of_rights_sees_what_it_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        check(&sets[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_of_rights_sees_what_it_may),
    };
    return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
