/* What cannot be told is said, on a real terminal, on both versions: who leads a range of a region that is down, who
 * lives where that may not be read. Everything else is shown all the same. */
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
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

enum { SOON = 5000, READ = 20000, HANGS = 60000 };

static const char *const versions[] = {"22.1", "26.1"};

static struct server server;

static void start(const char *version) {
    const char *const arguments[] = {"--compat", version, "--report-interval", "5s", "--speed", "20", NULL};
    server_start(&server, arguments);
    print_message("# %s\n", version);
}

static struct term *open_explorer_of(const char *url, int rows, int cols, const char *name) {
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "1", url, NULL};
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, name, READ));
    return t;
}

static struct term *open_explorer(const char *url) { return open_explorer_of(url, 40, 160, "Mike"); }

static void leave(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    term_free(t);
}

static void sql(const char *text) {
    char *answer = server_sql(&server, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

static const char *line_of(struct term *t, const char *text) {
    assert_true(term_wait(t, text, SOON));
    int row = term_find(t, text, NULL);
    return term_line(t, row);
}

/* -- a region down -- */

static void everything_else_is_shown(struct term *t) {
    assert_true(term_wait(t, "✕✕✕", SOON));
    assert_non_null(strstr(line_of(t, "Mike"), "abroad, unavailable: no quorum · 2 non-voters, n"));
    assert_true(term_wait(t, "◆", READ)); /* leaseholders of what has a quorum are asked for alone */
    assert_non_null(strstr(line_of(t, "Carl"), "◆"));
    assert_non_null(strstr(line_of(t, "Dan"), "◆"));
    assert_null(strstr(line_of(t, "Mike"), "◆"));
    assert_true(term_wait(t, "ranges unavailable", SOON));
    assert_true(term_wait(t, "6 of 9 nodes", SOON));
    assert_true(term_wait(t, "CockroachDB's report, ", SOON));
}

static void passport_says_the_same(struct term *t) {
    term_type(t, "3");
    for (int i = 0; i < 3 && strstr(line_of(t, "Mike"), "▸") == NULL; i++) {
        term_key(t, "Down");
        term_settle(t, 200);
    }
    term_key(t, "Enter");
    assert_true(term_wait(t, "cannot tell (timed out, n4 n5 n6 do not answer), asked at ", SOON));
    assert_true(term_wait(t, "no: no quorum of its voters lives", SOON));
    assert_true(term_wait(t, "no: unavailable", SOON));
}

static void a_region_down_leaves_its_leases_open(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        start(versions[i]);
        struct term *t = open_explorer(server.url);
        sql("SELECT sandbox.kill_region('eu-west-1')");
        assert_true(term_wait(t, "lease: cannot tell (timed out, n4 n5 n6 do not answer), asked at ", HANGS));
        everything_else_is_shown(t);
        assert_true(term_has(t, "lease: cannot tell (timed out, n4 n5 n6 do not answer), asked at "));
        passport_says_the_same(t);
        leave(t);
        assert_true(server_stop(&server));
    }
}

/* Rows that fill the pane do not cover what could not be told. */
static void rows_do_not_cover_what_cannot_be_told(void **state) {
    (void)state;
    start("26.1");
    sql("INSERT INTO cockroach_example_customers (id, name, cloud) "
        "SELECT gen_random_uuid(), 'many', 'gcp' FROM generate_series(1, 60)");
    struct term *t = open_explorer_of(server.url, 24, 80, "many");
    term_type(t, "3");
    sql("SELECT sandbox.kill_region('eu-west-1')");
    assert_true(term_wait(t, "lease: cannot tell (timed out, n4 n5 n6 do not answer)", HANGS));
    term_key(t, "End");
    assert_true(term_wait(t, "Mike", SOON)); /* the last of the rows has its line as well */
    assert_true(term_has(t, "lease: cannot tell (timed out, n4 n5 n6 do not answer)"));
    leave(t);
    assert_true(server_stop(&server));
}

/* -- who lives may not be read -- */

static void nobody_is_called_live(struct term *t) {
    assert_true(term_wait(t, "nodes ?", SOON));
    assert_true(term_wait(t, "unknown: liveness not readable", READ));
    assert_non_null(strstr(line_of(t, "primary"), "primary   ?"));
    term_type(t, "1");
    term_key(t, "Enter");
    assert_true(term_wait(t, "liveness is not readable: nothing here is called live", SOON));
    assert_false(term_has(t, "live  cloud"));
    term_key(t, "Esc");
}

static void replicas_are_not_drawn_as_live(struct term *t) {
    assert_true(term_wait(t, "availability unknown: liveness not readable", SOON));
    assert_non_null(strstr(line_of(t, "Carl"), "○?"));
    assert_true(strstr(line_of(t, "Carl"), "●●?") || strstr(line_of(t, "Carl"), "●●●?"));
    term_type(t, "3");
    term_key(t, "Enter");
    assert_true(term_wait(t, "non-voter, liveness unknown", SOON));
    assert_true(term_has(t, "unknown: liveness not readable"));
    term_key(t, "Esc");
    assert_true(term_wait_gone(t, "liveness unknown", SOON));
}

static void what_hangs_on_liveness_is_unknown(void **state) {
    (void)state;
    start("26.1");
    char *url = mem_printf("%s&options=-callow_unsafe_internals%%3Doff", server.url);
    struct term *t = open_explorer(url);
    free(url);
    assert_true(term_wait(t, "abroad: 2 non-voters, s", READ)); /* stores, because nobody tells their nodes */
    replicas_are_not_drawn_as_live(t);
    nobody_is_called_live(t);
    sql("SELECT sandbox.kill_region('eu-west-1')");
    assert_true(term_wait(t, "lease: cannot tell (timed out, liveness not readable), asked at ", HANGS));
    assert_null(strstr(line_of(t, "Carl"), "◆"));
    assert_non_null(strstr(line_of(t, "Carl"), "abroad: 2 non-voters, s"));
    assert_false(term_has(t, "✕"));
    leave(t);
    assert_true(server_stop(&server));
}

/* -- a user without rights -- */

static void what_may_not_be_read_names_its_grant(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        start(versions[i]);
        sql("CREATE USER carol");
        sql("GRANT SELECT ON cockroach_example_customers TO carol");
        char *url = mem_printf("postgresql://carol%s", strchr(server.url, '@'));
        struct term *t = open_explorer(url);
        free(url);
        assert_true(term_wait(t, "unknown: ", READ));
        assert_non_null(strstr(line_of(t, "Mike"), "unknown"));
        term_type(t, "4");
        term_type(t, "z");
        assert_true(term_wait(t, i == 0 ? "GRANT ZONECONFIG ON DATABASE" : "GRANT SYSTEM VIEWACTIVITYREDACTED", SOON));
        assert_true(term_wait(t, "nodes and whether they live cannot be read", SOON));
        assert_true(term_wait(t, "unknown: ranges cannot be read: ", SOON));
        leave(t);
        assert_true(server_stop(&server));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_down_leaves_its_leases_open),
        cmocka_unit_test(rows_do_not_cover_what_cannot_be_told),
        cmocka_unit_test(what_hangs_on_liveness_is_unknown),
        cmocka_unit_test(what_may_not_be_read_names_its_grant),
    };
    return cmocka_run_group_tests_name("cannot tell", tests, NULL, NULL);
}
