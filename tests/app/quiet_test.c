/* quiet_test: what an explorer writes when nothing happens: times of day, and frozen nothing at all. */
#include "support/server.h"
#include "support/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A refresh is every two seconds; what is lit at the start fades within five. */
enum {
    READ = 15000,
    REFRESHES = 3,
    WINDOW = REFRESHES * 2000,
    WINDOWS = 8,
    TIMES = 60 /* bytes a refresh */,
    FROZEN = 4000
};

static struct server server;

static struct term *explore(void) {
    const char *argv[] = {getenv("DOMICILE"), server.url, NULL};
    struct term_options o = {.rows = 40, .cols = 120, .argv = argv};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "abroad", READ));
    return t;
}

/* Under load an answer may be late, which is shown: one window without that is enough. */
static void test_idle(void **state) {
    struct term *t = explore();
    size_t least = SIZE_MAX;
    (void)state;
    for (int i = 0; i < WINDOWS && (least > REFRESHES * TIMES || i == 0); i++) {
        size_t before = term_bytes(t);
        term_settle(t, WINDOW);
        size_t came = term_bytes(t) - before;
        assert_true(came > 0); /* the times go on */
        least = came < least ? came : least;
    }
    printf("# measured: %zu bytes in %d refreshes\n", least, REFRESHES);
    assert_true(least <= REFRESHES * TIMES);
    term_free(t);
}

static void test_frozen(void **state) {
    struct term *t = explore();
    (void)state;
    term_type(t, " ");
    assert_true(term_wait(t, "FROZEN", READ));
    while (term_settle(t, 500) > 0) {
    }
    assert_int_equal(term_settle(t, FROZEN), 0);
    term_free(t);
}

static int start_server(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    (void)state;
    server_start(&server, arguments);
    return 0;
}

static int stop_server(void **state) {
    (void)state;
    return !server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_idle), cmocka_unit_test(test_frozen)};
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
