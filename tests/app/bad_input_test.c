/* Bad input: each wrong thing that a user can hand to the program ends in a sentence and in the exit code
 * that the documentation promises. */
#include "support/fake.h"
#include "support/patience.h"
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
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
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000 };

/* Runs the program without a terminal; what it wrote to stdout and stderr, and its exit code. */
static int run(struct str *out, const char *const *arguments) {
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        const char *argv[16] = {getenv("DOMICILE")};
        for (int i = 1; *arguments && i < 15; i++)
            argv[i] = *arguments++;
        int null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(fds[1], 1);
        dup2(fds[1], 2);
        close(fds[0]);
        setsid();
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(fds[1]);
    char buffer[4096];
    struct pollfd p = {.fd = fds[0], .events = POLLIN};
    ssize_t n;
    while (poll(&p, 1, READ) > 0 && (n = read(fds[0], buffer, sizeof buffer)) > 0)
        str_add_n(out, buffer, (size_t)n);
    close(fds[0]);
    int status;
    if (waitpid(pid, &status, WNOHANG) == 0) {
        usleep(500000);
        if (waitpid(pid, &status, WNOHANG) == 0) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void expect(const char *const *arguments, int code, const char *text) {
    struct str out = {0};
    int got = run(&out, arguments);
    if (got != code || !strstr(str_get(&out), text))
        fail_msg("exit %d instead of %d, or no \"%s\" in: %s", got, code, text, str_get(&out));
    str_free(&out);
}

static void test_unknown_option(void **state) {
    (void)state;
    expect((const char *const[]){"--no-such-option", NULL}, 64, "--no-such-option");
    expect((const char *const[]){"sandbox", "--no-such-option", NULL}, 64, "--no-such-option");
    expect((const char *const[]){"sandbox", "--compat", "9.9", NULL}, 64, "9.9");
    expect((const char *const[]){"sandbox", "--listen", "nowhere", NULL}, 64, "nowhere");
    expect((const char *const[]){"nonsense", NULL}, 64, "nonsense");
    expect((const char *const[]){"nonsense", NULL}, 64, "passport"); /* which commands there are */
}

static void test_answers_at_once(void **state) {
    (void)state;
    expect((const char *const[]){"--version", NULL}, 0, "domicile ");
    expect((const char *const[]){"--help", NULL}, 0, "demo");
}

static void test_no_terminal(void **state) {
    (void)state;
    expect((const char *const[]){"postgresql://root@127.0.0.1:1/django", NULL}, 64, "terminal");
}

static void test_port_in_use(void **state) {
    struct fake f;
    (void)state;
    fake_start(&f, FAKE_HANG_UP);
    char listen_at[32];
    char port[8];
    snprintf(listen_at, sizeof listen_at, "127.0.0.1:%d", f.port);
    snprintf(port, sizeof port, "%d", f.port);
    expect((const char *const[]){"sandbox", "--listen", listen_at, NULL}, 69, port);
    fake_stop(&f);
}

static struct term *open_on(const char *url, int rows, int cols) {
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    return term_start(&o);
}

static void quit(struct term *t) {
    int status;
    term_key(t, "Esc");
    term_settle(t, 100);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status));
    term_free(t);
}

static bool ended_with(struct term *t, int code, const char *text) {
    int status;
    size_t n;
    if (!term_wait_exit(t, &status, READ))
        return false;
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == code && strstr(term_raw(t, &n), text) != NULL;
    if (!ok)
        printf("# wait status %d, the last of %zu bytes: %s\n", status, n, term_raw(t, &n) + (n > 300 ? n - 300 : 0));
    return ok;
}

/* An unreachable host: the explorer opens, says so, and goes on trying. */
static void test_unreachable_host(void **state) {
    (void)state;
    struct term *t = open_on("postgresql://root@127.0.0.1:1/django?sslmode=disable", 24, 80);
    assert_true(term_wait(t, "refused", READ));
    quit(t);
}

/* A server that accepts and never answers: the screen lives, the reason is told. */
static void test_black_hole(void **state) {
    struct fake f;
    char url[96];
    (void)state;
    fake_start(&f, FAKE_BLACK_HOLE);
    snprintf(url, sizeof url, "postgresql://root@127.0.0.1:%d/django?sslmode=disable&connect_timeout=2", f.port);
    struct term *t = open_on(url, 24, 80);
    assert_true(term_wait(t, "Rows", SOON));
    term_type(t, "?");
    assert_true(term_wait(t, "quit", 1000));
    term_key(t, "Esc");
    assert_true(term_wait(t, "did not answer", READ));
    quit(t);
    fake_stop(&f);
}

static void test_not_a_cockroachdb(void **state) {
    struct fake f;
    char url[96];
    (void)state;
    fake_start(&f, FAKE_POSTGRES);
    snprintf(url, sizeof url, "postgresql://root@127.0.0.1:%d/django?sslmode=disable", f.port);
    struct term *t = open_on(url, 24, 80);
    assert_true(ended_with(t, 69, "not a CockroachDB"));
    term_free(t);
    fake_stop(&f);
}

/* A wrong password in the URL: asked for again in a masked prompt; giving up ends with 77. */
static void test_wrong_password(void **state) {
    struct fake f;
    char url[128];
    char path[64];
    char arguments[4096] = "";
    (void)state;
    fake_start(&f, FAKE_PASSWORD);
    snprintf(url, sizeof url, "postgresql://someone:hunter2@127.0.0.1:%d/django?sslmode=disable", f.port);
    struct term *t = open_on(url, 24, 80);
    assert_true(term_wait(t, "assword", READ));
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)term_pid(t));
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, arguments, sizeof arguments);
    close(fd);
    assert_true(n > 0);
    if (!emulated())
        assert_null(memmem(arguments, (size_t)n, "hunter2", 7));
    term_type(t, "wrong-again");
    term_settle(t, 300);
    size_t len;
    assert_null(strstr(term_raw(t, &len), "wrong-again"));
    assert_null(strstr(term_raw(t, &len), "hunter2"));
    term_key(t, "Esc");
    assert_true(ended_with(t, 77, "password"));
    term_free(t);
    fake_stop(&f);
}

static void test_missing_database(void **state) {
    const struct server *s = *state;
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/nosuchdb?sslmode=disable", s->port);
    struct term *t = open_on(url, 24, 80);
    assert_true(term_wait(t, "nosuchdb", READ));
    assert_true(term_wait(t, "there is no database \"nosuchdb\"", READ));
    assert_true(term_wait(t, "django", READ));
    quit(t);
    free(url);
}

/* Too small for anything, then large enough: nothing breaks. */
static void test_tiny_terminal(void **state) {
    const struct server *s = *state;
    struct term *t = open_on(s->url, 1, 1);
    term_settle(t, 1500);
    term_type(t, "jkhlip?\t");
    term_key(t, "Esc");
    term_settle(t, 200);
    term_key(t, "Esc");
    term_settle(t, 200);
    term_resize(t, 3, 10);
    term_settle(t, 200);
    term_key(t, "Esc");
    term_resize(t, 24, 80);
    term_settle(t, 300);
    term_key(t, "Esc");
    term_type(t, "3");
    assert_true(term_wait(t, "Mike", READ));
    quit(t);
}

static int start(void **state) {
    static struct server server;
    static const char *const arguments[] = {"--speed", "5", NULL};
    server_start(&server, arguments);
    *state = &server;
    return 0;
}

static int stop(void **state) { return server_stop(*state) ? 0 : -1; }

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown_option),
        cmocka_unit_test(test_answers_at_once),
        cmocka_unit_test(test_no_terminal),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_unreachable_host),
        cmocka_unit_test(test_black_hole),
        cmocka_unit_test(test_not_a_cockroachdb),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test_setup_teardown(test_missing_database, start, stop),
        cmocka_unit_test_setup_teardown(test_tiny_terminal, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
