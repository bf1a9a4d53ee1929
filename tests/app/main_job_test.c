/* The main job on a real terminal: explore, insert, watch it land, restrict, watch it drain; at three
 * sizes, in UTF-8 and in ASCII. The screen is read through libvterm, the truth through psql's library. */
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, DRAIN = 45000 };

struct shape {
    const char *name;
    int rows, cols;
    bool ascii;
};

static const struct shape shapes[] = {
    {"80x24 UTF-8", 24, 80, false},
    {"120x40 UTF-8", 40, 120, false},
    {"200x60 UTF-8", 60, 200, false},
    {"80x24 ASCII", 24, 80, true},
    {"120x40 ASCII", 40, 120, true},
    {"200x60 ASCII", 60, 200, true},
};

static struct server server;

static struct term *open_explorer(const struct shape *shape) {
    const char *argv[] = {getenv("DOMICILE"), server.url, NULL};
    struct term_options o = {.rows = shape->rows, .cols = shape->cols, .argv = argv, .ascii = shape->ascii};
    return term_start(&o);
}

static void leave(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_settle(t, 100);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_false(term_alternate_screen(t));
    assert_true(term_cursor_visible(t));
    term_free(t);
}

/* The row of the screen that tells of a customer. */
static const char *customer(struct term *t, const char *name) {
    int row = term_find(t, name, NULL);
    assert_true(row >= 0);
    return term_line(t, row);
}

static void sql(const char *text) {
    char *answer = server_sql(&server, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

static bool narrow(const struct shape *s) { return s->cols < 100; }

/* Step 2: the panes, a glyph a replica in its region's column. */
static void opens_with_rows_where_they_are(const struct shape *s) {
    struct term *t = open_explorer(s);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, s->ascii ? "LVV" : "◆●●", READ));
    assert_true(term_wait(t, "abroad", READ));
    const char *line = customer(t, "Mike");
    assert_non_null(strstr(line, "eu-west-1"));
    assert_non_null(strstr(line, s->ascii ? "n" : "○"));
    static const char *const panes[] = {"Regions", "Tables", "Rows", "Report", "Feed"};
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++)
        assert_true(term_has(t, panes[i]));
    if (s->ascii) {
        size_t n;
        const char *raw = term_raw(t, &n);
        for (size_t i = 0; i < n; i++)
            assert_true((unsigned char)raw[i] < 0x80);
    }
    leave(t);
}

/* At 80 columns each pane is one key away; wide, all are there at once. */
static void reaches_each_pane(const struct shape *s) {
    struct term *t = open_explorer(s);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "1");
    assert_true(term_wait(t, "primary", SOON));
    term_type(t, "2");
    assert_true(term_wait(t, "REGIONAL BY ROW", SOON));
    term_type(t, "4");
    assert_true(term_wait(t, "conformance", SOON));
    term_type(t, "5");
    assert_true(term_wait(t, "connected", SOON));
    term_type(t, "3");
    assert_true(term_wait(t, "Carl", SOON));
    leave(t);
}

/* Step 3: the form, the row that lands, the feed that tells. */
static void inserts_and_sees_it_land(const struct shape *s) {
    struct term *t = open_explorer(s);
    char name[16];
    snprintf(name, sizeof name, "Zoe%d%c", s->cols, s->ascii ? 'a' : 'u');
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "i");
    assert_true(term_wait(t, "cloud", SOON));
    assert_true(term_wait(t, "gateway", SOON));
    term_type(t, name);
    term_key(t, "Tab");
    term_type(t, "aws");
    term_key(t, "Enter");
    assert_true(term_wait_gone(t, "gateway", READ) || term_has(t, "landed"));
    assert_true(term_wait(t, name, READ));
    if (narrow(s)) {
        term_type(t, "5");
        assert_true(term_wait(t, "landed in eu-west-1", READ));
        term_type(t, "3");
        assert_true(term_wait(t, name, SOON));
    } else {
        assert_true(term_wait(t, "landed in eu-west-1", READ));
    }
    char question[128];
    snprintf(
        question, sizeof question, "SELECT region::STRING FROM cockroach_example_customers WHERE name = '%s'", name);
    char *region = server_sql(&server, 1, "django", question);
    assert_string_equal(region, "eu-west-1");
    free(region);
    leave(t);
}

/* A cloud that the expression does not know: a sentence, and nothing typed is lost. */
static void tells_an_unknown_cloud(const struct shape *s) {
    struct term *t = open_explorer(s);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "i");
    assert_true(term_wait(t, "cloud", SOON));
    term_type(t, "Olga");
    term_key(t, "Tab");
    term_type(t, "oracle");
    term_key(t, "Enter");
    assert_true(term_wait(t, "knows no region", READ));
    assert_true(term_has(t, "Olga"));
    assert_true(term_has(t, "oracle"));
    term_key(t, "Esc");
    leave(t);
}

/* Step 5: the passport, a region's nodes, a table's zone configuration, the help, filter, zoom. */
static void opens_what_lies_behind(const struct shape *s) {
    struct term *t = open_explorer(s);
    assert_true(term_wait(t, "Mike", READ));
    term_key(t, "Enter");
    assert_true(term_wait(t, "home region", READ));
    assert_true(term_has(t, "because cloud = 'a"));
    assert_true(term_wait(t, "leaseholder", READ));
    term_key(t, "PgDn"); /* at 80x24 what governs it lies below */
    assert_true(term_wait(t, "governed by", SOON));
    term_key(t, "Esc");
    assert_true(term_wait_gone(t, "governed by", SOON));
    term_type(t, "1");
    term_key(t, "Enter");
    assert_true(term_wait(t, "zone=", READ));
    term_key(t, "Esc");
    term_type(t, "2");
    term_key(t, "Enter");
    assert_true(term_wait(t, "num_replicas", READ));
    term_key(t, "Esc");
    term_type(t, "?");
    assert_true(term_wait(t, "passport", SOON));
    term_key(t, "Esc");
    term_type(t, "3");
    term_type(t, "/");
    term_type(t, "Mike");
    term_key(t, "Enter");
    assert_true(term_wait_gone(t, "Carl", SOON));
    assert_true(term_wait(t, "Mike", SOON));
    leave(t);
}

static int glyphs_abroad(struct term *t, const char *name, bool ascii) {
    const char *line = customer(t, name);
    int n = 0;
    const char *glyph = ascii ? " n " : "○";
    for (const char *p = line; (p = strstr(p, glyph)) != NULL; p++)
        n++;
    return n;
}

static bool mike_is_home(struct term *t, void *arg) {
    const struct shape *s = arg;
    return term_find(t, "Mike", NULL) >= 0 && glyphs_abroad(t, "Mike", s->ascii) == 0 &&
        strstr(customer(t, "Mike"), "home") != NULL;
}

/* Step 4: the preview, the drain that is seen, and the way back. */
static void restricts_and_watches_the_drain(const struct shape *s) {
    struct term *t = open_explorer(s);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "abroad", READ));
    term_type(t, "p");
    assert_true(term_wait(t, "RESTRICTED", READ));
    assert_true(term_wait(t, "PLACEMENT RESTRICTED;", SOON));
    assert_true(term_has(t, "enable_multiregion_placement_policy"));
    assert_true(term_wait(t, "non-voters", SOON));
    char *before = server_sql(&server, 1, "django", "SELECT create_statement FROM [SHOW CREATE DATABASE django]");
    assert_null(strstr(before, "RESTRICTED"));
    free(before);
    term_key(t, "Enter");
    assert_true(term_wait_gone(t, "Run it", READ));
    if (narrow(s))
        term_type(t, "4");
    assert_true(term_wait(t, "elapsed", READ));
    if (narrow(s))
        term_type(t, "3");
    assert_true(term_wait_for(t, mike_is_home, (void *)(uintptr_t)s, "Mike at home, no replica abroad", DRAIN));
    leave(t);
    sql("SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT DEFAULT");
    for (int i = 0; i < 300; i++) {
        char *n = server_sql(&server, 1, "django",
            "SELECT count(*) FROM crdb_internal.ranges_no_leases WHERE database_name = 'django' AND "
            "array_length(replicas, 1) < 5");
        bool done = strcmp(n, "0") == 0;
        free(n);
        if (done)
            return;
        struct timespec nap = {.tv_nsec = 100000000};
        nanosleep(&nap, NULL);
    }
    fail_msg("the replicas did not come back under PLACEMENT DEFAULT");
}

static void each_shape(void (*step)(const struct shape *s)) {
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        printf("# %s\n", shapes[i].name);
        step(&shapes[i]);
    }
}

static void test_opens(void **state) {
    (void)state;
    each_shape(opens_with_rows_where_they_are);
}

static void test_panes(void **state) {
    (void)state;
    each_shape(reaches_each_pane);
}

static void test_insert(void **state) {
    (void)state;
    each_shape(inserts_and_sees_it_land);
}

static void test_unknown_cloud(void **state) {
    (void)state;
    each_shape(tells_an_unknown_cloud);
}

static void test_behind(void **state) {
    (void)state;
    each_shape(opens_what_lies_behind);
}

static void test_restrict(void **state) {
    (void)state;
    each_shape(restricts_and_watches_the_drain);
}

static int start(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s", "--speed", "5", NULL};
    (void)state;
    server_start(&server, arguments);
    return 0;
}

static int stop(void **state) {
    (void)state;
    return server_stop(&server) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opens),
        cmocka_unit_test(test_panes),
        cmocka_unit_test(test_insert),
        cmocka_unit_test(test_unknown_cloud),
        cmocka_unit_test(test_behind),
        cmocka_unit_test(test_restrict),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
