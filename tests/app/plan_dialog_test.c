/* What a change would do, told before it runs, on a screen that is too small for it: the SQL comes first, the rest is
 * scrolled, and what is refused says why. On a pseudo-terminal. */
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, MANY = 60 };

static struct server server;

static struct term *open_explorer(const char *url, int rows, int cols) {
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, "DEFAULT", READ));
    return t;
}

static void quit(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_settle(t, 100);
    term_key(t, "Esc");
    term_settle(t, 100);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    term_free(t);
}

static void test_scrolled(void **state) {
    struct term *t = open_explorer(server.url, 24, 80);
    (void)state;
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    term_type(t, "ALTER DATABASE django SURVIVE REGION FAILURE;");
    term_key(t, "Enter");
    assert_true(term_wait(t, "Run it", READ));
    assert_true(term_has(t, "ALTER DATABASE \"django\" SURVIVE REGION FAILURE;"));
    assert_true(term_has(t, "PARTITION eu-west-1"));
    assert_true(term_has(t, "more"));
    assert_false(term_has(t, "How to undo"));
    for (int i = 0; i < MANY; i++)
        term_key(t, "Down");
    assert_true(term_wait(t, "How to undo", SOON));
    assert_true(term_has(t, "voters: "));
    assert_true(term_has(t, "Run it"));
    for (int i = 0; i < MANY; i++)
        term_key(t, "Up");
    assert_true(term_wait(t, "SURVIVE REGION FAILURE;", SOON));
    quit(t);
}

/* Nothing runs, and the GRANT that is missing is named. */
static void test_no_right(void **state) {
    char *answer = server_sql(
        &server, 1, "django", "CREATE USER carol; GRANT SELECT, ZONECONFIG ON cockroach_example_customers TO carol");
    char *url = mem_printf("postgresql://carol@127.0.0.1:%d/django?sslmode=disable", server.port);
    (void)state;
    free(answer);
    struct term *t = open_explorer(url, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "p");
    assert_true(term_wait(t, "must be owner of django", READ));
    assert_true(term_has(t, "GRANT CREATE"));
    assert_true(term_has(t, "DATABASE \"django\" TO \"carol\""));
    term_key(t, "Enter"); /* the button is Cancel */
    assert_true(term_wait_gone(t, "must be owner of django", SOON));
    quit(t);
    char *created = server_sql(&server, 1, "django", "SELECT create_statement FROM [SHOW CREATE DATABASE django]");
    assert_null(strstr(created, "RESTRICTED"));
    free(created);
    free(url);
}

static int start(void **state) {
    static const char *const arguments[] = {"--compat", "26.1", "--report-interval", "5s", "--speed", "20", NULL};
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
        cmocka_unit_test(test_scrolled),
        cmocka_unit_test(test_no_right),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
