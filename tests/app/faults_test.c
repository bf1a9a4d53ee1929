/* faults_test: a bad network and a dying server between the explorer and its answers. It survives, says what
 * happened, keeps its last picture, loses nothing typed, and no turn of its loop is long. */
#include "support/patience.h"
#include "support/proxy.h"
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
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, LONG = 30000, LONGEST_TURN_US = 1000000, LONGEST_KEY_MS = 700 };

static struct server server;
static struct proxy proxy;
static char log_path[64];
static long long longest; /* turn of all runs, us */

static int64_t now_ms(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct term *explore_as(const char *const *argv, int rows, int cols) {
    struct term_options o = {.rows = rows, .cols = cols, .argv = argv};
    return term_start(&o);
}

static char *url_of(int port) { return mem_printf("postgresql://root@127.0.0.1:%d/django?sslmode=disable", port); }

static struct term *explore(void) {
    char *url = url_of(proxy.port);
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "0.5", "--log", log_path, url, NULL};
    unlink(log_path);
    struct term *t = explore_as(argv, 40, 120);
    free(url);
    return t;
}

/* The longest turn as the program itself counted it. */
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

static bool log_has(const char *text) {
    FILE *f = fopen(log_path, "r");
    char line[4096];
    bool found = false;
    while (f && fgets(line, sizeof line, f))
        found = found || strstr(line, text) != NULL;
    if (f)
        fclose(f);
    return found;
}

static void leave(struct term *t) {
    int status = -1;
    proxy_set(&proxy, PROXY_PASS, 0);
    term_key(t, "Esc");
    term_key(t, "Esc");
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
    long long us = longest_turn();
    assert_false(log_has("impossible move"));
    printf("# measured longest turn of the loop: %lld us\n", us);
    assert_true(us >= 0 && us < LONGEST_TURN_US * patience());
    longest = us > longest ? us : longest;
}

/* A key is answered whatever the server does. */
static void keys_work(struct term *t) {
    int64_t begin = now_ms();
    term_type(t, "?");
    assert_true(term_wait(t, "one line up", SOON));
    int64_t took = now_ms() - begin;
    printf("# a key took %lld ms\n", (long long)took);
    assert_true(took < LONGEST_KEY_MS * patience());
    term_key(t, "Esc");
    assert_true(term_wait_gone(t, "one line up", SOON));
}

static char *sql(const char *text) { return server_sql(&server, 1, "django", text); }

static void run_sql(const char *text) {
    char *answer = sql(text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

static void add_customer(const char *name) {
    char *text = mem_printf(
        "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), '%s', 'gcp')", name);
    run_sql(text);
    free(text);
}

/* After the trouble it reads on by itself: what came meanwhile is seen. */
static void comes_back(struct term *t, const char *name) {
    add_customer(name);
    assert_true(term_wait(t, name, LONG));
}

static void test_delay(void **state) {
    (void)state;
    proxy_set(&proxy, PROXY_DELAY, 300);
    struct term *t = explore();
    keys_work(t);
    assert_true(term_wait(t, "Mike", LONG));
    keys_work(t);
    leave(t);
}

static void test_trickle(void **state) {
    (void)state;
    proxy_set(&proxy, PROXY_TRICKLE, 0);
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", LONG));
    keys_work(t);
    leave(t);
}

/* The pane's title has an age instead of a time. */
static bool rows_are_old(struct term *t, void *arg) {
    (void)arg;
    int row = term_find(t, "3 Rows", NULL);
    return row >= 0 && strstr(term_line(t, row), " old") != NULL;
}

/* Silence: the picture stays and says how old it is, keys work, and it goes on when the network does. */
static void test_black_hole(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_BLACK_HOLE, 0);
    keys_work(t);
    assert_true(term_wait_for(t, rows_are_old, NULL, "an age in the title of Rows", READ));
    assert_true(term_has(t, "Mike"));
    term_settle(t, 12000); /* the time limits of statements and cancels pass */
    keys_work(t);
    assert_true(term_has(t, "Mike"));
    proxy_set(&proxy, PROXY_PASS, 0);
    term_type(t, "r");
    comes_back(t, "AfterHole");
    leave(t);
}

/* What acts once has acted; the picture stayed. */
static void happened(struct term *t) {
    for (int i = 0; i < 100 * patience() && proxy_mode(&proxy) != PROXY_PASS; i++)
        term_settle(t, 50);
    assert_int_equal(proxy_mode(&proxy), PROXY_PASS);
    term_settle(t, 300);
    assert_true(term_has(t, "Mike"));
}

static void test_cut(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_CUT, 0);
    happened(t);
    comes_back(t, "AfterCut");
    leave(t);
}

static void test_corrupt(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_CORRUPT, 0);
    happened(t);
    comes_back(t, "AfterLie");
    leave(t);
}

static void test_flood(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_FLOOD, 3000);
    term_settle(t, 1500);
    keys_work(t);
    comes_back(t, "InFlood");
    leave(t);
}

/* VmRSS, VmSize. */
static long status_kb(pid_t pid, const char *what) {
    char *path = mem_printf("/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    char line[256];
    long kb = -1;
    while (f && fgets(line, sizeof line, f))
        if (str_starts(line, what) && line[strlen(what)] == ':')
            kb = strtol(line + strlen(what) + 1, NULL, 10);
    if (f)
        fclose(f);
    free(path);
    return kb;
}

static long resident_kb(pid_t pid) { return status_kb(pid, "VmRSS"); }

/* A gigabyte is promised: nothing like it is taken, and the time limit ends it. */
static void test_huge(void **state) {
    (void)state;
    if (emulated())
        return; /* valgrind takes minutes to give and take a gigabyte */
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    long before = resident_kb(term_pid(t));
    proxy_set(&proxy, PROXY_HUGE, 0);
    happened(t);
    term_settle(t, 2000);
    keys_work(t);
    printf("# resident: %ld kB before, %ld kB with 1 GB announced\n", before, resident_kb(term_pid(t)));
    assert_true(resident_kb(term_pid(t)) < before + 32 * 1024);
    comes_back(t, "AfterGiant");
    leave(t);
}

/* Nobody answers the door: the reason, the pause, and a key that tries at once. */
static void test_refuse_and_retry(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_REFUSE, 0);
    assert_true(term_wait(t, "connection lost", READ));
    term_settle(t, 9000); /* the pauses have grown */
    assert_true(term_has(t, "Mike"));
    assert_true(term_has(t, " again in "));
    keys_work(t);
    proxy_set(&proxy, PROXY_PASS, 0);
    int64_t begin = now_ms();
    add_customer("AtOnce");
    term_type(t, "r");
    assert_true(term_wait(t, "AtOnce", READ));
    printf("# back %lld ms after the key\n", (long long)(now_ms() - begin));
    assert_true(now_ms() - begin < 4000 * patience());
    leave(t);
}

/* ---- a server that dies ---- */

static void restart_server(void) {
    static const char *const arguments[] = {"--report-interval", "2s", "--speed", "5", NULL};
    server_kill(&server);
    server_start(&server, arguments);
    proxy_aim(&proxy, server.port);
}

static void test_server_killed_mid_query(void **state) {
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    proxy_set(&proxy, PROXY_DELAY, 400); /* so that something runs when it dies */
    term_settle(t, 700);
    server_kill(&server);
    proxy_set(&proxy, PROXY_PASS, 0);
    assert_true(term_wait(t, "connection lost", READ));
    assert_true(term_has(t, "Mike"));
    keys_work(t);
    restart_server();
    comes_back(t, "Reborn");
    leave(t);
}

static long count_of(const char *name);

/* ---- the console's session ---- */

static struct term *explore_console(void) {
    struct term *t = explore();
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    return t;
}

static void close_console(struct term *t) {
    term_type(t, "\003\003\004");
    assert_true(term_wait_gone(t, "django>", SOON));
}

/* A cancel that nobody hears: keys work meanwhile, the session is given up with a reason, the next one works. */
static void test_cancel_into_a_black_hole(void **state) {
    (void)state;
    struct term *t = explore_console();
    term_type(t, "SELECT 1;\r"); /* the session is there */
    assert_true(term_wait(t, "(1 row)", READ));
    term_type(t, "SELECT pg_sleep(60);\r");
    assert_true(term_wait(t, "Esc cancels", SOON));
    proxy_set(&proxy, PROXY_BLACK_HOLE, 0);
    term_key(t, "Esc");
    int64_t begin = now_ms();
    term_type(t, "SELECT 'typed while it hangs'");
    assert_true(term_wait(t, "typed while it hangs", SOON));
    assert_true(now_ms() - begin < LONGEST_KEY_MS * patience());
    assert_true(term_wait(t, "did not react to a cancel", READ));
    assert_true(term_has(t, "typed while it hangs"));
    proxy_set(&proxy, PROXY_PASS, 0);
    term_type(t, " AS text;\r");
    assert_true(term_wait(t, "text", LONG));
    assert_true(term_wait_gone(t, "Esc cancels", LONG));
    close_console(t);
    leave(t);
}

/* The server dies in the middle of a transaction: that it is gone is said, nothing is taken for committed, and the
 * next statement stands in no transaction. */
static void test_server_killed_mid_transaction(void **state) {
    (void)state;
    struct term *t = explore_console();
    term_type(t, "BEGIN;\r");
    assert_true(term_wait(t, "BEGIN  ", SOON));
    term_type(t,
        "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'HalfDone', 'aws');\r");
    assert_true(term_wait(t, "INSERT 0 1", SOON));
    server_kill(&server);
    term_type(t, "COMMIT;\r");
    assert_true(term_wait(t, "closed", READ));
    restart_server();
    term_type(t, "SELECT count(*) AS half FROM cockroach_example_customers WHERE name = 'HalfDone';\r");
    assert_true(term_wait(t, "(1 row)", LONG));
    term_type(t, "COMMIT;\r");
    assert_true(term_wait(t, "there is no transaction in progress", SOON));
    assert_int_equal(count_of("HalfDone"), 0);
    close_console(t);
    leave(t);
}

static void open_form(struct term *t, const char *name) {
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "abroad", READ));
    term_type(t, "i");
    assert_true(term_wait(t, "gateway", SOON));
    term_type(t, name);
    term_key(t, "Tab");
    term_type(t, "aws");
}

static long count_of(const char *name) {
    char *text = mem_printf("SELECT count(*) FROM cockroach_example_customers WHERE name = '%s'", name);
    char *answer = sql(text);
    long n = strtol(answer, NULL, 10);
    free(answer);
    free(text);
    return n;
}

/* The row is written, the answer is lost: found by its key, not inserted again. */
static void test_lost_insert(void **state) {
    (void)state;
    struct term *t = explore();
    open_form(t, "LostOne");
    proxy_set(&proxy, PROXY_LOSE_INSERT, 0);
    term_key(t, "Enter");
    assert_true(term_wait(t, "landed in eu-west-1", LONG));
    assert_int_equal(proxy_mode(&proxy), PROXY_PASS); /* the answer was lost indeed */
    assert_true(term_wait(t, "LostOne", READ));
    assert_int_equal(count_of("LostOne"), 1);
    leave(t);
}

/* It never came there: the form keeps what was typed and its key, and the second try inserts it once. */
static void test_insert_that_never_came(void **state) {
    (void)state;
    struct term *t = explore();
    open_form(t, "NeverCame");
    proxy_set(&proxy, PROXY_DROP_INSERT, 0);
    term_key(t, "Enter");
    assert_true(term_wait(t, "no row with id = ", LONG));
    assert_true(term_has(t, "cannot be there twice"));
    assert_int_equal(count_of("NeverCame"), 0);
    assert_true(term_has(t, "NeverCame"));
    term_key(t, "Enter");
    assert_true(term_wait(t, "landed in eu-west-1", LONG));
    assert_int_equal(count_of("NeverCame"), 1);
    leave(t);
}

static bool eu_west_is_dead(struct term *t, void *arg) {
    (void)arg;
    int row = term_find(t, "  eu-west-1  ", NULL);
    return row >= 0 && strstr(term_line(t, row), "\xe2\x9c\x95") != NULL;
}

/* An insert into a region that is down hangs on the server: Esc and Ctrl-C cancel it there, keys work meanwhile. */
static void test_cancel_an_insert(void **state) {
    static const char *const keys[] = {"Esc", "C-c"};
    (void)state;
    struct term *t = explore();
    assert_true(term_wait(t, "abroad", READ));
    run_sql("SELECT sandbox.kill_region('eu-west-1')");
    assert_true(term_wait_for(t, eu_west_is_dead, NULL, "eu-west-1 down", LONG));
    for (size_t i = 0; i < 2; i++) {
        term_type(t, "i");
        assert_true(term_wait(t, "gateway", SOON));
        term_type(t, "NeverLanded");
        term_key(t, "Tab");
        term_type(t, "aws");
        term_key(t, "Enter");
        assert_true(term_wait(t, "inserting through", SOON));
        term_settle(t, 1000);
        assert_true(term_has(t, "Esc cancels it on the server"));
        term_key(t, keys[i]);
        assert_true(term_wait(t, "cancelled: nothing was inserted", SOON));
        assert_true(term_has(t, "NeverLanded"));
        term_key(t, "Esc");
        assert_true(term_wait_gone(t, "NeverLanded", SOON));
    }
    run_sql("SELECT sandbox.start_region('eu-west-1')");
    for (int i = 0; i < 60 && count_of("NeverLanded") != 0; i++)
        term_settle(t, 500);
    assert_int_equal(count_of("NeverLanded"), 0);
    leave(t);
}

/* A key that only the server can make, and a lost answer: nobody knows, the rows with such values are shown, and
 * nothing is sent again but by the user. */
static void test_lost_insert_of_an_unknown_key(void **state) {
    (void)state;
    run_sql("CREATE TABLE visits (id INT8 NOT NULL DEFAULT unique_rowid() PRIMARY KEY, note STRING NOT NULL)");
    struct term *t = explore();
    assert_true(term_wait(t, "visits", READ));
    term_type(t, "2G"); /* the last of the tables */
    assert_true(term_wait(t, "3 Rows  visits", READ));
    term_type(t, "i");
    assert_true(term_wait(t, "gateway", SOON));
    term_type(t, "once only");
    proxy_set(&proxy, PROXY_LOSE_INSERT, 0);
    term_key(t, "Enter");
    assert_true(term_wait(t, "not known whether it was committed", LONG));
    assert_true(term_wait(t, "values is there: id = ", SOON));
    assert_true(term_has(t, "whether it is sent again"));
    char *id = sql("SELECT id FROM visits WHERE note = 'once only'");
    assert_true(term_has(t, id));
    free(id);
    term_settle(t, 1500);
    assert_true(term_has(t, "once only"));
    char *n = sql("SELECT count(*) FROM visits");
    assert_string_equal(n, "1");
    free(n);
    leave(t);
    run_sql("DROP TABLE visits");
}

/* The server dies before the row is sent: nothing typed is lost, and the second try works. */
static void test_server_killed_under_a_form(void **state) {
    (void)state;
    struct term *t = explore();
    open_form(t, "Tenacious");
    server_kill(&server);
    term_key(t, "Enter");
    term_settle(t, 3000);
    assert_true(term_has(t, "Tenacious"));
    assert_true(term_has(t, "aws"));
    restart_server();
    term_settle(t, 2000);
    assert_true(term_has(t, "Tenacious"));
    for (int i = 0; i < 10 && count_of("Tenacious") == 0; i++) {
        if (term_has(t, "gateway"))
            term_key(t, "Enter");
        term_settle(t, 1500);
    }
    assert_int_equal(count_of("Tenacious"), 1);
    leave(t);
}

/* ---- too little of everything ---- */

static void test_little_memory(void **state) {
    static const int limits[] = {400000, 60000, 30000};
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    return; /* the sanitizer itself takes terabytes of addresses */
#endif
    if (emulated())
        return; /* valgrind would be what runs out of memory */
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char *line = mem_printf("ulimit -v %d; exec '%s' 'postgresql://root@127.0.0.1:%d/django?sslmode=disable'",
            limits[i], getenv("DOMICILE"), proxy.port);
        const char *argv[] = {"/bin/sh", "-c", line, NULL};
        int status = -1;
        proxy_set(&proxy, i == 0 ? PROXY_PASS : PROXY_HUGE, 0);
        struct term *t = explore_as(argv, 40, 120);
        term_settle(t, 3000);
        bool ended = waitpid(term_pid(t), &status, WNOHANG | WNOWAIT) != 0;
        if (!ended && i == 0)
            assert_true(term_wait(t, "Mike", READ));
        term_type(t, "q");
        assert_true(term_wait_exit(t, &status, SOON));
        /* Either it went on and left as asked, or it said why it could not. */
        printf("# ulimit -v %d: wait status %x\n", limits[i], (unsigned)status);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) != 0)
            assert_true(term_has(t, "out of memory") || term_has(t, "shared libraries") || term_has(t, "memory"));
        assert_false(term_alternate_screen(t));
        term_free(t);
        free(line);
    }
    proxy_set(&proxy, PROXY_PASS, 0);
}

/* An explorer that shows rows, and may from now on take so many kB more. */
static struct term *explore_within(long slack_kb) {
    char *url = url_of(server.port);
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    struct term *t = explore_as(argv, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    rlim_t most = (rlim_t)(status_kb(term_pid(t), "VmSize") + slack_kb) * 1024;
    struct rlimit limit = {most, most};
    assert_int_equal(prlimit(term_pid(t), RLIMIT_AS, &limit, NULL), 0);
    free(url);
    return t;
}

/* It left as asked, or because there was no memory, said so, and gave the terminal back as it was. */
static bool left_for_want_of_memory(struct term *t, const struct termios *before) {
    struct termios after;
    int status = -1;
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status));
    bool ended = WEXITSTATUS(status) != 0;
    if (ended) { /* with our word, or with readline's, which leaves by itself */
        assert_true(WEXITSTATUS(status) == 71 || WEXITSTATUS(status) == 2);
        assert_true(term_has(t, WEXITSTATUS(status) == 71 ? "domicile: out of memory" : "out of virtual memory"));
    }
    memset(&after, 0, sizeof after);
    term_modes(t, &after);
    assert_memory_equal(before, &after, sizeof after);
    assert_false(term_alternate_screen(t));
    assert_false(term_bracketed_paste(t));
    assert_int_equal(term_mouse_mode(t), 0);
    assert_true(term_cursor_visible(t));
    term_free(t);
    return ended;
}

/* Memory that runs out while a large answer comes: it goes on with an error, or it is the end. */
static void test_memory_runs_out(void **state) {
    static const long slack_kb[] = {0, 1000, 8000, 20000};
    struct termios before;
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    return; /* the sanitizer itself takes terabytes of addresses */
#endif
    if (emulated())
        return; /* valgrind would be what runs out of memory */
    term_fresh_modes(&before);
    for (size_t i = 0; i < sizeof slack_kb / sizeof *slack_kb; i++) {
        struct term *t = explore_within(slack_kb[i]);
        term_type(t, ":");
        for (int k = 0; k < 50 && !term_ended(t) && !term_has(t, "django>"); k++)
            term_settle(t, 100);
        term_type(t, "SELECT i, repeat('x', 300) AS text FROM generate_series(1, 60000) AS g(i);");
        term_key(t, "Enter");
        for (int k = 0; k < 100 && !term_ended(t) && !term_has(t, "(60000 rows)") && !term_has(t, "out of memory"); k++)
            term_settle(t, 100);
        if (!term_ended(t)) {
            assert_true(term_has(t, "(60000 rows)") || term_has(t, "out of memory"));
            term_type(t, "\003\003\004");
            term_type(t, "q");
        }
        printf("# %ld kB left: it %s\n", slack_kb[i], left_for_want_of_memory(t, &before) ? "ended" : "went on");
    }
}

/* And while a large text is pasted: that is its own memory, and the end. */
static void test_memory_runs_out_for_good(void **state) {
    enum { PASTED = 8 << 20 };
    struct termios before;
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    return;
#endif
    if (emulated())
        return;
    term_fresh_modes(&before);
    struct term *t = explore_within(0);
    char text[4096];
    memset(text, 'x', sizeof text);
    term_type(t, "/\033[200~");
    for (size_t left = PASTED; left > 0 && !term_ended(t);) { /* at its end nobody reads any more */
        ssize_t n = write(term_fd(t), text, sizeof text);
        left -= n > 0 ? (size_t)n : 0;
        if (n <= 0)
            term_settle(t, 2);
    }
    assert_true(left_for_want_of_memory(t, &before));
}

static void test_full_disk(void **state) {
    char *url = url_of(proxy.port);
    const char *argv[] = {getenv("DOMICILE"), "--log", "/dev/full", url, NULL};
    int status = -1;
    (void)state;
    struct term *t = explore_as(argv, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
    /* An answer that could not be written is no success. */
    char *line = mem_printf(
        "'%s' tables '%s' >/dev/full 2>/tmp/domicile-full-%d", getenv("DOMICILE"), url, (int)getpid());
    char *check = mem_printf(
        "test -s /tmp/domicile-full-%d; r=$?; rm -f /tmp/domicile-full-%d; exit $r", (int)getpid(), (int)getpid());
    status = system(line);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    assert_int_equal(system(check), 0);
    free(line);
    free(check);
    free(url);
}

/* A file that may not grow is what a full disk is: the write fails half-way. Nothing half is left, what was there
 * before stays, the result can be exported again. */
static void test_full_disk_for_an_export(void **state) {
    char *url = url_of(proxy.port);
    char *file = mem_printf("/tmp/domicile-export-%d.csv", (int)getpid());
    char *export = mem_printf("export %s", file);
    char *other = mem_printf("/tmp/domicile-export-over-%d.csv", (int)getpid());
    char *export_over = mem_printf("export! %s", other);
    char *refused = mem_printf("%s was not written: File too large", other);
    const char *argv[] = {getenv("DOMICILE"), "--log", log_path, url, NULL};
    struct rlimit little = {20000, RLIM_INFINITY}, plenty = {RLIM_INFINITY, RLIM_INFINITY};
    (void)state;
    unlink(file);
    unlink(log_path);
    struct term *t = explore_as(argv, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    assert_int_equal(prlimit(term_pid(t), RLIMIT_FSIZE, &little, NULL), 0); /* for the log as well */
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    term_type(t, "SELECT i, repeat('x', 100) AS text FROM generate_series(1, 1000) AS g(i);\r");
    assert_true(term_wait(t, "(1000 rows)", READ));
    term_type(t, export);
    term_key(t, "Enter");
    assert_true(term_wait(t, "was not written: File too large", SOON));
    assert_int_not_equal(access(file, F_OK), 0);
    FILE *f = fopen(other, "w");
    assert_non_null(f);
    fputs("old", f);
    fclose(f);
    term_type(t, export_over);
    term_key(t, "Enter");
    assert_true(term_wait(t, refused, SOON));
    char kept[16] = "";
    f = fopen(other, "r");
    assert_non_null(fgets(kept, sizeof kept, f));
    fclose(f);
    assert_string_equal(kept, "old");
    assert_int_equal(prlimit(term_pid(t), RLIMIT_FSIZE, &plenty, NULL), 0);
    term_type(t, export_over);
    term_key(t, "Enter");
    assert_true(term_wait(t, "1000 rows written", SOON));
    term_type(t, "\003\003\004");
    assert_true(term_wait_gone(t, "django>", SOON));
    leave(t);
    unlink(other);
    free(url);
    free(file);
    free(other);
    free(export);
    free(export_over);
    free(refused);
}

/* ---- gateways ---- */

static void test_gateways(void **state) {
    char *url = url_of(server.port);
    char *good = mem_printf("eu-west-1=host=127.0.0.1 port=%d user=root sslmode=disable", server.port + 3);
    char *bad = mem_printf("europe-west4=host=127.0.0.1 port=%d user=root sslmode=disable", proxy.port);
    const char *argv[] = {getenv("DOMICILE"), "--gateway", good, "--gateway", bad, url, NULL};
    int status = -1;
    (void)state;
    proxy_set(&proxy, PROXY_REFUSE, 0);
    struct term *t = explore_as(argv, 40, 160);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "down", READ));
    int row = term_find(t, "down", NULL);
    assert_non_null(strstr(term_line(t, row), "europe-west4"));
    term_type(t, "1");
    term_key(t, "Down");
    term_key(t, "Down");
    term_key(t, "Enter");
    assert_true(term_wait(t, "gateway", SOON));
    assert_true(term_wait(t, "closed", SOON)); /* the reason */
    term_key(t, "Esc");
    proxy_aim(&proxy, server.port + 6);
    proxy_set(&proxy, PROXY_PASS, 0);
    term_type(t, "r");
    assert_true(term_wait_gone(t, "down", READ));
    /* The form sends through the one that is chosen. */
    term_type(t, "i");
    assert_true(term_wait(t, "this connection", SOON));
    term_type(t, "ThroughAGateway");
    term_key(t, "Tab");
    term_type(t, "gcp");
    term_key(t, "Tab");
    term_key(t, "Right");
    assert_true(term_wait(t, "gateway eu-west-1", SOON));
    term_key(t, "Right");
    assert_true(term_wait(t, "gateway europe-west4", SOON));
    term_key(t, "Enter");
    assert_true(term_wait(t, "via gateway europe-west4", LONG));
    assert_int_equal(count_of("ThroughAGateway"), 1);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
    proxy_aim(&proxy, server.port);
    free(url);
    free(good);
    free(bad);
}

/* ---- --read-only ---- */

/* Every session asks the server to be read-only from its first moment, and keys that change are refused here. */
static void test_read_only_sessions(void **state) {
    static const char *const keys[] = {"i", "p", "s"};
    int begun_before, read_only_before, begun, read_only;
    char *url = url_of(proxy.port);
    char *gateway = mem_printf("eu-west-1=host=127.0.0.1 port=%d user=root sslmode=disable", proxy.port);
    const char *argv[] = {getenv("DOMICILE"), "--read-only", "--log", log_path, "--gateway", gateway, url, NULL};
    (void)state;
    unlink(log_path);
    proxy_sessions(&proxy, &begun_before, &read_only_before);
    struct term *t = explore_as(argv, 40, 120);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "abroad", READ));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        term_type(t, keys[i]);
        assert_true(term_wait(t, "is refused: this program was started with --read-only", SOON));
        term_type(t, "1"); /* the next key takes the message away */
        assert_true(term_wait_gone(t, "is refused", SOON));
    }
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    term_type(t, "SELECT 4 * 4 AS n;\r");
    assert_true(term_wait(t, "(1 row)", READ));
    close_console(t);
    proxy_sessions(&proxy, &begun, &read_only);
    begun -= begun_before;
    read_only -= read_only_before;
    printf("# %d sessions, %d read-only\n", begun, read_only);
    assert_true(begun >= 4); /* the survey, its rows, the gateway, the console */
    assert_int_equal(begun, read_only);
    leave(t);
    free(gateway);
    free(url);
}

static int start_all(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s", "--speed", "5", NULL};
    (void)state;
    server_start(&server, arguments);
    proxy_start(&proxy, server.port);
    snprintf(log_path, sizeof log_path, "/tmp/domicile-faults-%d.log", (int)getpid());
    return 0;
}

static int stop_all(void **state) {
    (void)state;
    printf("# measured longest turn of the loop under all faults: %lld us\n", longest);
    proxy_stop(&proxy);
    unlink(log_path);
    return server_stop(&server) ? 0 : -1;
}

static int calm(void **state) {
    (void)state;
    proxy_set(&proxy, PROXY_PASS, 0);
    proxy_aim(&proxy, server.port);
    return 0;
}

/* With an argument only the tests whose names it fits. */
int main(int argc, char **argv) {
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_delay, calm),
        cmocka_unit_test_setup(test_trickle, calm),
        cmocka_unit_test_setup(test_black_hole, calm),
        cmocka_unit_test_setup(test_cut, calm),
        cmocka_unit_test_setup(test_corrupt, calm),
        cmocka_unit_test_setup(test_flood, calm),
        cmocka_unit_test_setup(test_huge, calm),
        cmocka_unit_test_setup(test_refuse_and_retry, calm),
        cmocka_unit_test_setup(test_lost_insert, calm),
        cmocka_unit_test_setup(test_insert_that_never_came, calm),
        cmocka_unit_test_setup(test_cancel_an_insert, calm),
        cmocka_unit_test_setup(test_lost_insert_of_an_unknown_key, calm),
        cmocka_unit_test_setup(test_gateways, calm),
        cmocka_unit_test_setup(test_full_disk, calm),
        cmocka_unit_test_setup(test_full_disk_for_an_export, calm),
        cmocka_unit_test_setup(test_little_memory, calm),
        cmocka_unit_test_setup(test_memory_runs_out, calm),
        cmocka_unit_test_setup(test_memory_runs_out_for_good, calm),
        cmocka_unit_test_setup(test_cancel_into_a_black_hole, calm),
        cmocka_unit_test_setup(test_read_only_sessions, calm),
        cmocka_unit_test_setup(test_server_killed_mid_query, calm),
        cmocka_unit_test_setup(test_server_killed_mid_transaction, calm),
        cmocka_unit_test_setup(test_server_killed_under_a_form, calm),
    };
    return cmocka_run_group_tests(tests, start_all, stop_all);
}
