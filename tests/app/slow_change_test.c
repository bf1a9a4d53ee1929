/* A change that takes long on the server, as it does while somebody's lease on the schema runs out: the screen tells how
 * long, and how far its job is; everything else goes on; it can be cancelled, and left running. On a pseudo-terminal. */
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

enum { SOON = 5000, READ = 15000 };

static const char *const versions[] = {"22.1", "26.1"};
static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {60, 200}};

static void open_server(struct server *server, const char *version) {
    const char *const arguments[] = {"--compat", version, "--report-interval", "2s", "--speed", "20", NULL};
    server_start(server, arguments);
}

static void sql(const struct server *server, const char *text) {
    char *answer = server_sql(server, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

static struct term *open_explorer(const struct server *server, int rows, int cols) {
    const char *argv[] = {getenv("DOMICILE"), server->url, NULL};
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "DEFAULT", READ));
    return t;
}

static void quit(struct term *t) {
    int status = -1;
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(WEXITSTATUS(status), 0);
    term_free(t);
}

/* Asks for RESTRICTED while schema changes are held, and waits until the report's pane tells of its job. */
static void begin(struct term *t) {
    term_type(t, "p");
    assert_true(term_wait(t, "Run it", READ));
    assert_true(term_wait(t, "PLACEMENT RESTRICTED;", SOON)); /* the whole SQL, at 80x24 too */
    term_key(t, "Enter");
    assert_true(term_wait_gone(t, "Run it", SOON));
    term_type(t, "4");
    assert_true(term_wait(t, ": running", READ));
    assert_true(term_wait(t, "% done", READ));
    assert_true(term_has(t, "Esc cancels"));
}

/* The number after "elapsed"; -1 none. */
static int elapsed(struct term *t) {
    int row = term_find(t, "elapsed ", NULL);
    return row >= 0 ? atoi(strstr(term_line(t, row), "elapsed ") + strlen("elapsed ")) : -1;
}

static bool later(struct term *t, void *arg) { return elapsed(t) > *(int *)arg; }

static void shows_that_it_goes_on(struct term *t) {
    int before = elapsed(t);
    assert_true(before >= 0);
    assert_true(term_wait_for(t, later, &before, "more seconds", SOON));
    term_type(t, "2"); /* nothing waits with it */
    assert_true(term_wait(t, "REGIONAL BY ROW", SOON));
    term_type(t, "4");
}

/* The job that is shown is the one that the server lists. */
static void shows_its_job(struct term *t, const struct server *server) {
    char *id = server_sql(server, 1, "django", "SELECT max(job_id) FROM [SHOW JOBS] WHERE status = 'running'");
    if (!term_wait(t, id, SOON))
        fail_msg("job %s is not shown", id);
    free(id);
}

static void runs_to_its_end(const char *version, int rows, int cols) {
    struct server server;
    open_server(&server, version);
    struct term *t = open_explorer(&server, rows, cols);
    sql(&server, "SELECT sandbox.hold_schema_changes(600)");
    begin(t);
    shows_its_job(t, &server);
    shows_that_it_goes_on(t);
    term_type(t, "p"); /* a second one is not begun on top of it */
    assert_true(term_wait(t, "Run it", READ) || term_has(t, "Cancel"));
    term_key(t, "Enter");
    term_settle(t, 100);
    term_key(t, "Esc");
    term_settle(t, 100);
    assert_true(term_has(t, "running") || term_has(t, "cancel"));
    quit(t); /* left running: the change is made all the same */
    char *created = server_sql(&server, 1, "django", "SELECT create_statement FROM [SHOW CREATE DATABASE django]");
    assert_non_null(strstr(created, "RESTRICTED"));
    free(created);
    assert_true(server_stop(&server));
}

static void is_told_when_it_ends(const char *version, int rows, int cols) {
    struct server server;
    open_server(&server, version);
    struct term *t = open_explorer(&server, rows, cols);
    sql(&server, "SELECT sandbox.hold_schema_changes(6)");
    begin(t);
    shows_its_job(t, &server);
    shows_that_it_goes_on(t);
    term_type(t, "5");
    assert_true(term_wait(t, "done on the server", READ));
    assert_false(term_has(t, "SHOW JOBS")); /* asked every second, and not for the feed */
    quit(t);
    assert_true(server_stop(&server));
}

static void is_cancelled(const char *version, int rows, int cols) {
    struct server server;
    open_server(&server, version);
    struct term *t = open_explorer(&server, rows, cols);
    sql(&server, "SELECT sandbox.hold_schema_changes(600)");
    begin(t);
    term_key(t, "Esc");
    assert_true(term_wait(t, ": cancelled", READ));
    assert_true(term_wait(t, "in the background", SOON));
    assert_true(term_has(t, strcmp(version, "26.1") == 0 ? "its job 5" : "SHOW JOBS")); /* 26.1 names it */
    assert_false(term_has(t, "elapsed"));
    quit(t);
    assert_true(server_stop(&server));
}

/* The old version on a small screen, the new one on a wide one. */
static void each(void (*step)(const char *version, int rows, int cols)) {
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        printf("# %s, %dx%d\n", versions[i], sizes[i].cols, sizes[i].rows);
        step(versions[i], sizes[i].rows, sizes[i].cols);
    }
}

static void test_end(void **state) {
    (void)state;
    each(is_told_when_it_ends);
}

static void test_left(void **state) {
    (void)state;
    each(runs_to_its_end);
}

static void test_cancel(void **state) {
    (void)state;
    each(is_cancelled);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
