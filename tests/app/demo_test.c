/* The demo: the sandbox lives as long as the explorer that started it, takes free ports where those asked
 * for are taken, and starts empty when asked to. */
#include "support/fake.h"
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 20000 };

static struct term *open_demo(const char *listen_at, const char *more) {
    const char *argv[] = {getenv("DOMICILE"), "demo", "--listen", listen_at, more, NULL};
    struct term_options o = {.rows = 40, .cols = 120, .argv = argv};
    return term_start(&o);
}

/* The port behind "@ 127.0.0.1:" in the first line. */
static int shown_port(struct term *t) {
    assert_true(term_wait(t, "@ 127.0.0.1:", READ));
    const char *at = strstr(term_line(t, 0), "@ 127.0.0.1:");
    assert_non_null(at);
    return atoi(at + strlen("@ 127.0.0.1:"));
}

static bool listens(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    bool yes = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return yes;
}

static void assert_silent(int port) {
    struct timespec nap = {.tv_nsec = 50000000};
    for (int i = 0; i < 100 && listens(port); i++)
        nanosleep(&nap, NULL);
    assert_false(listens(port));
}

/* However the explorer ends, its sandbox ends with it. */
static void ends_with(int signo) {
    struct term *t = open_demo("127.0.0.1:0", NULL);
    int status = 0;
    assert_true(term_wait(t, "Mike", READ));
    int port = shown_port(t);
    assert_true(listens(port));
    if (signo)
        term_signal(t, signo);
    else
        term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_silent(port);
    term_free(t);
}

static void test_quit(void **state) {
    (void)state;
    ends_with(0);
}

static void test_terminated(void **state) {
    (void)state;
    ends_with(SIGTERM);
}

static void test_killed(void **state) {
    (void)state;
    ends_with(SIGKILL);
}

static void test_port_taken(void **state) {
    struct fake f;
    char listen_at[32];
    (void)state;
    fake_start(&f, FAKE_HANG_UP);
    snprintf(listen_at, sizeof listen_at, "127.0.0.1:%d", f.port);
    struct term *t = open_demo(listen_at, NULL);
    assert_true(term_wait(t, "Mike", READ));
    assert_int_not_equal(shown_port(t), f.port);
    term_free(t);
    fake_stop(&f);
}

/* Before the walkthrough: no database django, no customers, and what the walkthrough says brings them. */
static void test_empty(void **state) {
    (void)state;
    struct term *t = open_demo("127.0.0.1:0", "--empty");
    struct server s = {.port = shown_port(t)};
    char *databases = server_sql(&s, 1, "defaultdb",
        "SELECT string_agg(database_name, ' ' ORDER BY database_name) FROM [SHOW DATABASES]");
    assert_string_equal(databases, "defaultdb postgres system");
    free(databases);
    assert_false(term_has(t, "Mike"));
    term_free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quit),
        cmocka_unit_test(test_terminated),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_port_taken),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
