/* terminal_test: the terminal comes back whatever ends or stops the program, and a terminal that does not read
 * delays only its own picture. */
#include "support/fake.h"
#include "support/patience.h"
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, STALL = 3000 };

static struct server server;
static struct fake hole;
static char hole_url[64];

static struct term *start(const char *const *argv, int rows, int cols) {
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    return term_start(&o);
}

static struct term *explore(const char *url) {
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    return start(argv, 40, 120);
}

static void expect_restored(struct term *t, const struct termios *before) {
    struct termios after;
    memset(&after, 0, sizeof after);
    term_modes(t, &after);
    assert_memory_equal(before, &after, sizeof after);
    assert_false(term_alternate_screen(t));
    assert_false(term_bracketed_paste(t));
    assert_int_equal(term_mouse_mode(t), 0);
    assert_true(term_cursor_visible(t));
}

static void expect_taken(struct term *t) {
    struct termios now;
    memset(&now, 0, sizeof now);
    term_modes(t, &now);
    assert_false(now.c_lflag & ICANON);
    assert_true(term_alternate_screen(t));
    assert_true(term_bracketed_paste(t));
    assert_int_not_equal(term_mouse_mode(t), 0);
}

/* ---- signals ---- */

static const int deadly[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS};

static void dies_clean(const char *url, const char *shown, const char *keys, int signo) {
    struct termios before;
    term_fresh_modes(&before);
    struct term *t = explore(url);
    int status = 0;
    assert_true(term_wait(t, shown, READ));
    expect_taken(t);
    if (*keys) {
        term_type(t, keys);
        term_settle(t, 200);
    }
    term_signal(t, signo);
    assert_true(term_wait_exit(t, &status, SOON));
    if (!WIFSIGNALED(status) || WTERMSIG(status) != signo)
        fail_msg("signal %d: wait status %x", signo, (unsigned)status);
    expect_restored(t, &before);
    term_free(t);
}

static void test_signals_with_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        dies_clean(server.url, "Mike", "", deadly[i]);
}

static void test_signals_in_a_form(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        dies_clean(server.url, "Mike", "i", deadly[i]);
}

static void test_signals_while_connecting(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        dies_clean(hole_url, "connecting", "", deadly[i]);
}

/* A broken pipe is an error where it occurs, not an end. */
static void test_pipe(void **state) {
    struct termios before;
    term_fresh_modes(&before);
    int status = 0;
    (void)state;
    struct term *t = explore(server.url);
    assert_true(term_wait(t, "Mike", READ));
    term_signal(t, SIGPIPE);
    term_type(t, "?");
    assert_true(term_wait(t, "passport", SOON));
    term_key(t, "Esc");
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    expect_restored(t, &before);
    term_free(t);
}

/* The window is closed: no spinning, no waiting for the server. */
static void test_hang_up(void **state) {
    static const char *const urls[] = {server.url, hole_url};
    static const char *const shown[] = {"Mike", "connecting"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct term *t = explore(urls[i]);
        int status = 0;
        assert_true(term_wait(t, shown[i], READ));
        term_hang_up(t);
        assert_true(term_wait_exit(t, &status, SOON));
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
        term_free(t);
    }
}

/* A terminal that is lost while SIGHUP does not reach the program: reading tells. */
static void test_hang_up_unheard(void **state) {
    char *line = mem_printf("t=$(tty); setsid -f '%s' '%s' <$t >$t 2>/dev/null; sleep 60",
        getenv("DOMICILE"), server.url);
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    (void)state;
    struct term *t = start(argv, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    char *find = mem_printf("pgrep -f '[d]omicile .*:%d/' >/dev/null", server.port);
    assert_int_equal(system(find), 0);
    term_hang_up(t);
    int tries = 0;
    while (tries < 100 && system(find) == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        tries++;
    }
    assert_true(tries < 100);
    term_free(t);
    free(find);
    free(line);
}

/* ---- stop and go on, in a shell with job control ---- */

static struct term *shell(void) {
    const char *argv[] = {"/bin/bash", "--norc", "--noprofile", "-i", NULL};
    struct term *t = start(argv, 40, 120);
    term_type(t, "PS1='ready$ '; set +o emacs +o vi; stty sane -ixon; stty -g >/tmp/.domicile-modes-$$; clear\r");
    term_settle(t, 300);
    assert_true(term_wait(t, "ready$", SOON));
    return t;
}

/* The shell says so, with a number of its own each time. */
static void same_modes(struct term *t) {
    static int times = 100;
    char *line = mem_printf("stty -g | cmp - /tmp/.domicile-modes-$$ && echo the-same-$((%d+1))\r", ++times);
    char *said = mem_printf("the-same-%d", times + 1);
    term_type(t, line);
    assert_true(term_wait(t, said, READ));
    free(line);
    free(said);
}

static bool left(struct term *t, void *arg) {
    (void)arg;
    return !term_alternate_screen(t);
}

/* What is typed after this is the shell's. */
static void wait_left(struct term *t) { assert_true(term_wait_for(t, left, NULL, "the alternate screen left", READ)); }

static void leave_shell(struct term *t) {
    int status;
    term_type(t, "rm -f /tmp/.domicile-modes-$$; exit\r");
    assert_true(term_wait_exit(t, &status, READ));
    term_free(t);
}

static void type_command(struct term *t) {
    char *line = mem_printf("'%s' '%s'\r", getenv("DOMICILE"), server.url);
    term_type(t, line);
    free(line);
}

static void stops_and_goes_on(const char *how) {
    if (emulated())
        return; /* a signal to oneself comes later there than the system has it */
    struct term *t = shell();
    type_command(t);
    assert_true(term_wait(t, "Mike", READ));
    if (how) {
        char *line = mem_printf("pkill -%s -P %d", how, (int)term_pid(t));
        assert_int_equal(system(line), 0);
        free(line);
    } else {
        term_key(t, "C-z");
    }
    assert_true(term_wait(t, "Stopped", READ));
    if (!how || strcmp(how, "STOP") != 0) {
        assert_false(term_alternate_screen(t));
        assert_false(term_bracketed_paste(t));
        assert_int_equal(term_mouse_mode(t), 0);
        same_modes(t);
    }
    term_type(t, "fg\r");
    assert_true(term_wait(t, "Mike", SOON));
    assert_true(term_wait(t, "Report", SOON));
    assert_true(term_alternate_screen(t));
    term_type(t, "?");
    assert_true(term_wait(t, "passport", SOON));
    term_key(t, "Esc");
    term_type(t, "q");
    wait_left(t);
    same_modes(t);
    leave_shell(t);
}

static void test_stop_by_key(void **state) {
    (void)state;
    stops_and_goes_on(NULL);
}

static void test_stop_by_signal(void **state) {
    (void)state;
    stops_and_goes_on("TSTP");
    stops_and_goes_on("STOP");
}

/* Whoever kills it, the shell's line goes on as it was. */
static void test_killed_in_a_shell(void **state) {
    (void)state;
    struct term *t = shell();
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        type_command(t);
        assert_true(term_wait(t, "Mike", READ));
        char *line = mem_printf("pkill -%d -P %d", deadly[i], (int)term_pid(t));
        assert_int_equal(system(line), 0);
        free(line);
        wait_left(t);
        same_modes(t);
        term_type(t, "clear\r");
        assert_true(term_wait_gone(t, "the-same", SOON));
    }
    leave_shell(t);
}

/* ---- core dumps ---- */

static void dumps_no_core(const char *const *argv, const char *shown) {
    struct term *t = start(argv, 40, 120);
    assert_true(term_wait(t, shown, READ));
    char *path = mem_printf("/proc/%d/limits", (int)term_pid(t));
    FILE *f = fopen(path, "r");
    char line[256];
    bool seen = false;
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if (str_starts(line, "Max core file size")) {
            long soft = -1;
            long hard = -1;
            assert_int_equal(sscanf(line, "Max core file size %ld %ld", &soft, &hard), 2);
            assert_int_equal(soft, 0);
            assert_int_equal(hard, 0);
            seen = true;
        }
    fclose(f);
    free(path);
    assert_true(seen);
    term_free(t);
}

/* The explorer, a command for scripts and a sandbox: each may hold passwords. */
static void test_no_core(void **state) {
    const char *const explorer[] = {getenv("DOMICILE"), server.url, NULL};
    const char *const watch[] = {getenv("DOMICILE"), "watch", server.url, NULL};
    const char *const sandbox[] = {getenv("DOMICILE"), "sandbox", "--listen", "127.0.0.1:0", NULL};
    (void)state;
    dumps_no_core(explorer, "Mike");
    dumps_no_core(watch, "connected to");
    dumps_no_core(sandbox, "ready");
}

/* ---- a terminal that does not read ---- */

static size_t lines_of(const char *path) {
    FILE *f = fopen(path, "r");
    size_t n = 0;
    for (int c; f && (c = getc(f)) != EOF;)
        n += c == '\n';
    if (f)
        fclose(f);
    return n;
}

static void type_blind(struct term *t, const char *bytes, size_t n) {
    assert_int_equal(write(term_fd(t), bytes, n), (ssize_t)n); /* nothing is read */
}

static void nap(int ms) { nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL); }

/* Repaints until the kernel's buffer is full, then some: none of the later frames may be kept. */
static void fill(struct term *t) {
    for (int i = 0; i < 200; i++) {
        type_blind(t, "\014", 1);
        nap(5);
    }
}

static void test_stall(void **state) {
    char *log = mem_printf("/tmp/domicile-stall-%d.log", (int)getpid());
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "0.5", "--log", log, server.url, NULL};
    int status = 0;
    (void)state;
    struct term *t = start(argv, 60, 200);
    assert_true(term_wait(t, "Mike", READ));
    fill(t);
    size_t asked = lines_of(log);
    char *tag = server_sql(&server, 1, "django",
        "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'Newest', 'gcp')");
    assert_string_equal(tag, "INSERT 0 1");
    free(tag);
    nap(STALL);
    printf("# while nothing was read: %zu lines of log\n", lines_of(log) - asked);
    for (int i = 0; patience() > 1 && i < 100 * patience() && lines_of(log) <= asked + 5; i++)
        nap(10);
    assert_true(lines_of(log) > asked + 5); /* questions and timers went on */
    size_t before = term_bytes(t);
    assert_true(term_wait(t, "Newest", READ));
    size_t came = term_bytes(t) - before;
    printf("# behind the stall came %zu bytes\n", came);
    assert_true(came < 256 * 1024); /* the kernel's buffer, the frame under way, the newest: not 200 frames */
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
    unlink(log);
    free(log);
}

/* Leaving needs no terminal that reads. */
static void test_quit_while_stalled(void **state) {
    struct termios before;
    term_fresh_modes(&before);
    int status = -1;
    (void)state;
    const char *argv[] = {getenv("DOMICILE"), server.url, NULL};
    struct term *t = start(argv, 60, 200);
    assert_true(term_wait(t, "Mike", READ));
    fill(t);
    type_blind(t, "q", 1);
    for (int i = 0; i < 100 && waitpid(term_pid(t), &status, WNOHANG | WNOWAIT) == 0; i++) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)term_pid(t), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid)
            break;
        nap(20);
    }
    assert_true(term_wait_exit(t, &status, 100));
    assert_int_equal(status, 0);
    expect_restored(t, &before);
    term_free(t);
}

static int start_all(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s", "--speed", "5", NULL};
    (void)state;
    server_start(&server, arguments);
    fake_start(&hole, FAKE_BLACK_HOLE);
    snprintf(hole_url, sizeof hole_url, "postgresql://root@127.0.0.1:%d/django", hole.port);
    return 0;
}

static int stop_all(void **state) {
    (void)state;
    fake_stop(&hole);
    return server_stop(&server) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals_with_rows),
        cmocka_unit_test(test_signals_in_a_form),
        cmocka_unit_test(test_signals_while_connecting),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_hang_up_unheard),
        cmocka_unit_test(test_stop_by_key),
        cmocka_unit_test(test_stop_by_signal),
        cmocka_unit_test(test_killed_in_a_shell),
        cmocka_unit_test(test_no_core),
        cmocka_unit_test(test_stall),
        cmocka_unit_test(test_quit_while_stalled),
    };
    return cmocka_run_group_tests(tests, start_all, stop_all);
}
