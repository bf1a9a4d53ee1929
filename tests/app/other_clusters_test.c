/* The screen on clusters that are not the walkthrough's: four regions and a node without one, a database that survives
 * a region's failure, one with a super region; on both versions. */
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 20000, SETTLED = 60000 };

static const char *const four[] = {"--locality", "region=ap-southeast-2,az=a", "--locality",
    "region=ap-southeast-2,az=b", "--locality", "region=ap-southeast-2,az=c", "--locality", "region=ca-central-1,az=a",
    "--locality", "region=ca-central-1,az=b", "--locality", "region=ca-central-1,az=c", "--locality",
    "region=us-east-1,az=a", "--locality", "region=us-east-1,az=b", "--locality", "region=us-east-1,az=c", "--locality",
    "region=us-west-1,az=a", "--locality", "region=us-west-1,az=b", "--locality", "region=us-west-1,az=c", "--locality",
    "rack=7"};

static void begin(struct server *s, const char *version) {
    enum { FOUR = sizeof four / sizeof *four };
    const char *arguments[FOUR + 8] = {"--compat", version, "--speed", "20", "--report-interval", "2s", "--empty"};
    memcpy(arguments + 7, four, sizeof four);
    server_start(s, arguments);
}

static void run(const struct server *s, const char *database, const char *const *statements) {
    for (; *statements; statements++) {
        char *answer = server_sql(s, 1, database, *statements);
        if (str_starts(answer, "ERROR"))
            fail_msg("%s: %s", *statements, answer);
        free(answer);
    }
}

static struct term *look(const struct server *s, const char *database) {
    char url[160];
    snprintf(url, sizeof url, "postgresql://root@127.0.0.1:%d/%s?sslmode=disable", s->port, database);
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    return term_start(&(struct term_options){.rows = 45, .cols = 140, .argv = argv});
}

static void leave(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_settle(t, 100);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    term_free(t);
}

/* What the line of a row is to hold. */
struct wanted {
    const char *name, *text;
};

static bool line_has(struct term *t, void *arg) {
    const struct wanted *w = arg;
    const int row = term_find(t, w->name, NULL);
    return row >= 0 && strstr(term_line(t, row), w->text);
}

static void wait_line(struct term *t, const char *name, const char *text) {
    struct wanted w = {name, text};
    assert_true(term_wait_for(t, line_has, &w, text, READ));
}

/* Five voters in four regions, two at home: what keeps them abroad is the survival goal, and no placement changes it. */
static void survives_a_region(const char *version) {
    static const char *const make[] = {
        "CREATE DATABASE shop PRIMARY REGION \"us-east-1\" REGIONS \"ca-central-1\", \"us-west-1\", \"ap-southeast-2\" "
        "SURVIVE REGION FAILURE",
        NULL};
    static const char *const fill[] = {
        "CREATE TABLE users (id INT8 PRIMARY KEY, name STRING, INDEX (name)) LOCALITY REGIONAL BY ROW",
        "INSERT INTO users (crdb_region, id, name) VALUES ('us-east-1', 1, 'Ann'), ('ap-southeast-2', 2, 'Cat')", NULL};
    struct server s;
    begin(&s, version);
    run(&s, "defaultdb", make);
    run(&s, "shop", fill);
    struct term *t = look(&s, "shop");
    assert_true(term_wait(t, "Cat", READ));
    assert_true(term_wait(t, "surviving a region wants", SETTLED));
    assert_true(term_has(t, "voters abroad (no placement changes that)"));
    assert_false(term_has(t, "DEFAULT itself wants"));
    assert_true(term_has(t, "13 of 13 nodes"));
    wait_line(t, "Cat", "voter abroad: 3 voters");
    wait_line(t, "Cat", "◆●");
    term_type(t, "3");
    term_key(t, "Enter");
    assert_true(term_wait(t, "ap-southeast-2 only; surviving a region's failure nevertheless keeps voters", SOON));
    term_type(t, "G");
    assert_true(term_wait(t, "every index: users_pkey, users_name_idx", SOON));
    leave(t);
    assert_true(server_stop(&s));
}

static void test_survives_22(void **state) {
    (void)state;
    survives_a_region("22.1");
}

static void test_survives_26(void **state) {
    (void)state;
    survives_a_region("26.1");
}

/* The rows of a super region's members stay within it, and that is home. */
static void test_super_region(void **state) {
    static const char *const make[] = {
        "CREATE DATABASE shop PRIMARY REGION \"us-east-1\" REGIONS \"ca-central-1\", \"us-west-1\", \"ap-southeast-2\"",
        NULL};
    static const char *const fill[] = {"SET enable_super_regions = on; ALTER DATABASE shop ADD SUPER REGION west "
                                       "VALUES \"ca-central-1\", \"us-west-1\"",
        "CREATE TABLE users (id INT8 PRIMARY KEY, name STRING) LOCALITY REGIONAL BY ROW",
        "INSERT INTO users (crdb_region, id, name) VALUES ('us-west-1', 1, 'Wes'), ('us-east-1', 2, 'Eve')", NULL};
    (void)state;
    struct server s;
    begin(&s, "26.1");
    run(&s, "defaultdb", make);
    run(&s, "shop", fill);
    struct term *t = look(&s, "shop");
    assert_true(term_wait(t, "Wes", READ));
    assert_true(term_wait(t, "DEFAULT itself wants", SETTLED));
    wait_line(t, "Wes", "◆●●");
    wait_line(t, "Wes", " home");
    wait_line(t, "Eve", "abroad: 3 non-voters");
    term_type(t, "3G");
    term_key(t, "Enter");
    assert_true(term_wait(t, "may be in      the super region west", SOON));
    leave(t);
    assert_true(server_stop(&s));
}

/* A report that was never made does not say that there is no violation. */
static void test_report_not_made(void **state) {
    static const char *const still[] = {"--speed", "0", NULL};
    (void)state;
    struct server s;
    server_start(&s, still);
    struct term *t = look(&s, "django");
    assert_true(term_wait(t, "CockroachDB's report: not made yet", READ));
    assert_true(term_wait(t, "Carl", READ));
    term_settle(t, 500);
    assert_true(term_has(t, "CockroachDB's report: not made yet"));
    assert_false(term_has(t, "no violation"));
    term_resize(t, 24, 80);
    assert_true(term_wait(t, "CockroachDB's report: not made yet", SOON));
    leave(t);
    assert_true(server_stop(&s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_survives_22),
        cmocka_unit_test(test_survives_26),
        cmocka_unit_test(test_super_region),
        cmocka_unit_test(test_report_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
