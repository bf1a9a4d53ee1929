/* clock_test: the time of day jumps under the explorer, and under its server: it neither hangs nor spins, reads on,
 * and shows no age that nothing had. */
#include "support/patience.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, LOOKED_MS = 1500, DAY = 86400, YEAR = 365 * DAY, LONGEST_TURN_US = 1000000 };

static char shift_path[64];
static char log_path[64];
static int64_t *shift; /* seconds */
static char *preload, *shift_variable, *asan_variable;

/* How the time of day jumps: an hour as at the end of summer, a year, and to before 1970. */
static const int64_t jumps[] = {3600, -3600, 10 * (int64_t)YEAR, -10 * (int64_t)YEAR, -80 * (int64_t)YEAR, 0};

static struct term *explore(const char *url, bool shifted) {
    const char *env[] = {preload, shift_variable, asan_variable, NULL};
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "0.5", "--log", log_path, url, NULL};
    struct term_options o = {.rows = 40, .cols = 120, .argv = argv, .env = shifted ? env : NULL};
    unlink(log_path);
    return term_start(&o);
}

/* What the last line of the log says of the loop: its longest turn, in µs; -1 nothing. */
static long long longest_turn(void) {
    FILE *f = fopen(log_path, "r");
    char line[4096];
    long long us = -1;
    while (f && fgets(line, sizeof line, f)) {
        const char *at = strstr(line, "the longest ");
        if (at && strstr(line, "turns of the loop"))
            us = strtoll(at + strlen("the longest "), NULL, 10);
    }
    if (f)
        fclose(f);
    return us;
}

static void leave(struct term *t) {
    int status = -1;
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
    long long us = longest_turn();
    printf("# measured longest turn of the loop: %lld us\n", us);
    assert_true(us >= 0 && us < LONGEST_TURN_US * patience());
}

/* Processor time of the program so far, ms. */
static long long cpu_ms(pid_t pid) {
    char *path = mem_printf("/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    unsigned long long user = 0, system = 0;
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system), 2);
    fclose(f);
    free(path);
    return (long long)((user + system) * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static void add_customer(const struct server *s, const char *name) {
    char *text = mem_printf(
        "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), '%s', 'gcp')", name);
    char *answer = server_sql(s, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s", answer);
    free(answer);
    free(text);
}

/* No age on the screen is in minutes or hours: the program has run for seconds. */
static void no_absurd_age(struct term *t) {
    for (int row = 0; row < 40; row++) {
        const char *line = term_line(t, row);
        if (strstr(line, " min old") || strstr(line, " h old") || strstr(line, " h ago") || strstr(line, "-1 s") ||
            strstr(line, "next in -") || (strstr(line, "next in ") && strstr(line, " h ")))
            fail_msg("an absurd age: %s", line);
    }
}

/* The screen shows the time of day as it is after the jump: the program did see it. */
static bool shows_shifted_time(struct term *t, void *arg) {
    (void)arg;
    for (int ago = 0; ago < 3; ago++) {
        time_t at = time(NULL) + (time_t)*shift - ago;
        struct tm tm;
        char text[16];
        gmtime_r(&at, &tm);
        strftime(text, sizeof text, "%H:%M:%S", &tm);
        if (term_has(t, text))
            return true;
    }
    return false;
}

/* The explorer's own clock. */
static void test_jumps(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s", NULL};
    struct server server;
    (void)state;
    *shift = 0;
    server_start(&server, arguments);
    struct term *t = explore(server.url, true);
    assert_true(term_wait(t, "Mike", READ));
    term_settle(t, 1000);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        char *name = mem_printf("Jump%zu", i);
        *shift = jumps[i];
        long long before = cpu_ms(term_pid(t));
        term_type(t, "?");
        assert_true(term_wait(t, "one line up", SOON));
        term_key(t, "Esc");
        add_customer(&server, name);
        assert_true(term_wait(t, name, READ));
        assert_true(term_wait_for(t, shows_shifted_time, NULL, "the time after the jump", READ));
        term_settle(t, LOOKED_MS);
        long long used = cpu_ms(term_pid(t)) - before;
        printf("# after a jump to %+lld s: %lld ms of processor time\n", (long long)jumps[i], used);
#ifndef __SANITIZE_ADDRESS__
        assert_true(used < LOOKED_MS / 2 * patience());
#endif
        no_absurd_age(t);
        free(name);
    }
    leave(t);
    assert_true(server_stop(&server));
}

/* Pauses between attempts are not counted by the time of day. */
static void test_jump_while_reconnecting(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s", NULL};
    struct server server;
    struct proxy proxy;
    (void)state;
    *shift = 0;
    server_start(&server, arguments);
    proxy_start(&proxy, server.port);
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/django?sslmode=disable", proxy.port);
    struct term *t = explore(url, true);
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_REFUSE, 0);
    assert_true(term_wait(t, " again in ", READ));
    *shift = YEAR;
    term_settle(t, 1500);
    *shift = -YEAR;
    term_settle(t, 1500);
    assert_true(term_wait(t, " again in ", SOON));
    int col;
    int row = term_find(t, " again in ", &col);
    const char *at = strstr(term_line(t, row), " again in ");
    long seconds = strtol(at + strlen(" again in "), NULL, 10);
    printf("# again in %ld s\n", seconds);
    assert_true(seconds >= 0 && seconds <= 16);
    assert_true(term_has(t, "Mike"));
    no_absurd_age(t);
    proxy_set(&proxy, PROXY_PASS, 0);
    term_type(t, "r");
    add_customer(&server, "BackAgain");
    assert_true(term_wait(t, "BackAgain", READ));
    leave(t);
    free(url);
    proxy_stop(&proxy);
    assert_true(server_stop(&server));
}

/* The server's clock: what it wrote down before the jump is ahead of its time, or far behind. */
static void test_server_jumps(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    struct server server;
    (void)state;
    *shift = 0;
    putenv(preload);
    putenv(shift_variable);
    putenv(asan_variable);
    server_start(&server, arguments);
    unsetenv("LD_PRELOAD");
    struct term *t = explore(server.url, false);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "CockroachDB's report, ", READ));
    *shift = -DAY;
    add_customer(&server, "Yesterday");
    assert_true(term_wait(t, "Yesterday", READ));
    assert_true(term_wait(t, "CockroachDB's report, made ahead of its clock", READ));
    no_absurd_age(t);
    *shift = DAY;
    add_customer(&server, "Tomorrow");
    assert_true(term_wait(t, "Tomorrow", READ));
    /* As old as the server itself says. */
    assert_true(term_wait(t, "CockroachDB's report, 24 h old", READ));
    leave(t);
    assert_true(server_stop(&server));
}

static int prepare(void **state) {
    (void)state;
    snprintf(shift_path, sizeof shift_path, "/tmp/domicile-clock-%d", (int)getpid());
    snprintf(log_path, sizeof log_path, "/tmp/domicile-clock-%d.log", (int)getpid());
    int fd = open(shift_path, O_RDWR | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, sizeof *shift), 0);
    shift = mmap(NULL, sizeof *shift, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    assert_true(shift != MAP_FAILED);
    const char *asan = getenv("ASAN_OPTIONS");
    preload = mem_printf("LD_PRELOAD=%s", getenv("CLOCKSHIFT_SO"));
    shift_variable = mem_printf("CLOCKSHIFT=%s", shift_path);
    asan_variable = mem_printf("ASAN_OPTIONS=verify_asan_link_order=0%s%s", asan ? ":" : "", asan ? asan : "");
    assert_int_equal(access(getenv("CLOCKSHIFT_SO"), R_OK), 0);
    return 0;
}

static int tidy(void **state) {
    (void)state;
    unlink(shift_path);
    unlink(log_path);
    munmap(shift, sizeof *shift);
    unsetenv("CLOCKSHIFT");
    unsetenv("ASAN_OPTIONS");
    free(preload);
    free(shift_variable);
    free(asan_variable);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jumps),
        cmocka_unit_test(test_jump_while_reconnecting),
        cmocka_unit_test(test_server_jumps),
    };
    return cmocka_run_group_tests(tests, prepare, tidy);
}
