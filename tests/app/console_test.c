/* The console on a real terminal of 80 columns: readline's editing in both modes, history, completion, SQL with its
 * errors, cancelling, transactions, a long paste, a resize in mid-line, read-only, previews, export. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, LONG = 30000 };

static struct server server;
static char home[64];

static void write_text(const char *name, const char *text) {
    char *path = mem_printf("%s/%s", home, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    free(path);
}

/* The contents of a file of the home; NULL none. */
static char *read_text(const char *name) {
    char *path = mem_printf("%s/%s", home, name);
    struct str text = {0};
    char buffer[4096];
    FILE *f = fopen(path, "r");
    free(path);
    if (!f)
        return NULL;
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        str_add_n(&text, buffer, n);
    fclose(f);
    return str_take(&text);
}

static struct term *open_console(const char *option) {
    char *env_home = mem_printf("HOME=%s", home);
    char *env_inputrc = mem_printf("INPUTRC=%s/inputrc", home);
    const char *env[] = {env_home, env_inputrc, NULL};
    const char *argv[] = {getenv("DOMICILE"), option ? option : server.url, option ? server.url : NULL, NULL};
    struct term_options o = {.rows = 24, .cols = 80, .argv = argv, .env = env};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    free(env_home);
    free(env_inputrc);
    return t;
}

static void leave(struct term *t) {
    int status = -1;
    term_type(t, "\003\003\004"); /* the text given up, the console closed */
    assert_true(term_wait_gone(t, "django>", SOON));
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    term_free(t);
}

static void enter(struct term *t, const char *text) {
    term_type(t, text);
    term_key(t, "Enter");
}

/* The line of the prompt, the last that holds it. */
static const char *prompt(struct term *t) {
    for (int row = 23; row >= 0; row--)
        if (strstr(term_line(t, row), "django"))
            return strstr(term_line(t, row), "django");
    return "";
}

static bool prompt_is(struct term *t, void *arg) { return str_starts(prompt(t), arg); }

static void test_editing(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "SELECT 40 + 2 AS x;");
    assert_true(term_wait(t, "(1 row)", SOON));
    assert_true(term_has(t, "42"));
    /* back a word, a word killed, yanked at the end: emacs keys */
    term_type(t, "one two three");
    term_type(t, "\001\033d\005\031"); /* C-a M-d C-e C-y */
    assert_true(term_wait_for(t, prompt_is, (void *)(uintptr_t) "django>  two threeone", "the word moved", SOON));
    term_type(t, "\025\013"); /* C-u C-k */
    /* A statement goes on until its ';'. */
    enter(t, "SELECT 'first line',");
    assert_true(term_wait(t, "a ; ends the statement", SOON));
    enter(t, "1 + 1 AS second;");
    assert_true(term_wait(t, "second", SOON));
    assert_true(term_wait(t, "first line", SOON));
    /* several at once, each with its own answer */
    enter(t, "SELECT 111 AS a; SELECT 222 AS b;");
    assert_true(term_wait(t, "222", SOON));
    assert_true(term_has(t, "111"));
    leave(t);
}

static void test_vi(void **state) {
    (void)state;
    write_text("inputrc", "set editing-mode vi\n");
    struct term *t = open_console(NULL);
    assert_true(term_wait(t, " insert ", SOON));
    term_type(t, "SELECT 13;");
    term_key(t, "Esc");
    assert_true(term_wait(t, " command ", SOON));
    term_type(t, "0wcw14");
    assert_true(term_wait_for(t, prompt_is, (void *)(uintptr_t) "django> SELECT 14;", "the word changed", SOON));
    term_key(t, "Esc");
    term_settle(t, 100);
    term_key(t, "Enter");
    assert_true(term_wait(t, "(1 row)", SOON));
    assert_true(term_has(t, "14"));
    leave(t);
    write_text("inputrc", "");
}

/* What was typed stays on the screen, and errors quote it: without the password. */
static void test_secrets(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "CREATE USER leaky WITH PASSWORD 'sesame one';");
    assert_true(term_wait(t, "CREATE ROLE", SOON));
    assert_true(term_has(t, "PASSWORD ***"));
    assert_false(term_has(t, "sesame"));
    enter(t, "CREATE USER leaky WITH PASSWORD 'sesame two' );");
    assert_true(term_wait(t, "syntax error", SOON));
    assert_false(term_has(t, "sesame"));
    enter(t, "CREATE USER leaky WITH PASSWORD 'sesame three';");
    assert_true(term_wait(t, "already exists", SOON));
    assert_false(term_has(t, "sesame"));
    leave(t);
    char *kept = read_text(".local/state/domicile/history");
    assert_true(!kept || !strstr(kept, "sesame"));
    free(kept);
}

static void test_history(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "SELECT 'kept one';");
    assert_true(term_wait(t, "(1 row)", SOON));
    enter(t, "SELECT 'kept one';");
    enter(t, "SELECT 'two',\n 3;");
    enter(t, "CREATE USER maxroach WITH PASSWORD 'hunter2';");
    term_settle(t, 300);
    leave(t);
    char *kept = read_text(".local/state/domicile/history");
    assert_non_null(kept);
    char *first = strstr(kept, "kept one");
    assert_non_null(first);
    assert_null(strstr(first + 1, "kept one"));
    assert_null(strstr(kept, "hunter2"));
    free(kept);
    char *path = mem_printf("%s/.local/state/domicile/history", home);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(path);
    t = open_console(NULL);
    term_type(t, "\022kept"); /* C-r */
    assert_true(term_wait(t, "reverse-i-search", SOON));
    assert_true(term_wait(t, "SELECT 'kept one';", SOON));
    term_key(t, "Enter");
    assert_true(term_wait(t, "(1 row)", SOON));
    leave(t);
}

static void test_completion(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    term_type(t, "sel\tname from cockroach_example_cu\t");
    assert_true(term_wait_for(t, prompt_is, (void *)(uintptr_t) "django> select name from cockroach_example_customers",
        "the words completed", SOON));
    term_type(t, "\003");
    term_type(t, "SELECT * FROM cockroach_example_\t");
    assert_true(term_wait(t, "cockroach_example_orders_product", SOON));
    term_type(t, "\003pla\t");
    assert_true(term_wait_for(t, prompt_is, (void *)(uintptr_t) "django> placement", "a command completed", SOON));
    term_type(t, "\003ALTER DATABASE django ADD REGION \"eu\t");
    assert_true(term_wait(t, "\"eu", SOON));
    leave(t);
}

static void test_failing(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "SELECT 1 FRM t; SELECT 2;");
    assert_true(term_wait(t, "syntax error", SOON));
    assert_true(term_wait(t, "^", SOON));
    assert_true(term_wait(t, "1 statement behind it is not run", SOON));
    enter(t, "SELECT * FROM nowhere;");
    assert_true(term_wait(t, "does not exist", SOON));
    assert_true(term_has(t, "42P01"));
    leave(t);
}

static void test_cancel(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "SELECT pg_sleep(60);");
    assert_true(term_wait(t, "Esc cancels", SOON));
    term_key(t, "Esc");
    assert_true(term_wait(t, "cancelled", SOON));
    assert_true(term_wait_gone(t, "Esc cancels", SOON));
    enter(t, "SELECT pg_sleep(60);");
    assert_true(term_wait(t, "Esc cancels", SOON));
    term_key(t, "C-c");
    assert_true(term_wait_gone(t, "Esc cancels", SOON));
    enter(t, "SELECT 5 * 5 AS y;");
    assert_true(term_wait(t, "25", SOON));
    leave(t);
}

static bool title_changed(struct term *t, void *arg) { return strcmp(term_line(t, 1), arg) != 0; }

/* The panes go on while a transaction is open, and do not disturb it. */
static void test_transaction(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "BEGIN;");
    assert_true(term_wait(t, "django*>", SOON));
    enter(t, "UPDATE cockroach_example_customers SET name = 'Danny' WHERE name = 'Dan';");
    assert_true(term_wait(t, "UPDATE 1", SOON));
    assert_true(term_has(t, "transaction open"));
    char *title = mem_strdup(term_line(t, 1)); /* holds the time of what the pane shows */
    assert_true(term_wait_for(t, title_changed, title, "the pane was read again", READ));
    assert_true(term_has(t, "transaction open"));
    free(title);
    enter(t, "SELECT 1/0;");
    assert_true(term_wait(t, "django!>", SOON));
    enter(t, "ROLLBACK;");
    assert_true(term_wait(t, "django>", SOON));
    assert_true(term_wait_gone(t, "transaction failed", SOON));
    char *name = server_sql(
        &server, 1, "django", "SELECT count(*) FROM cockroach_example_customers WHERE name = 'Dan'");
    assert_string_equal(name, "1");
    free(name);
    leave(t);
}

static long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_paste(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    struct str text = {0};
    str_add(&text, "\033[200~SELECT 0\n");
    for (int i = 1; i < 10000; i++)
        str_add_f(&text, "-- line %d, which is pasted with many others\n", i);
    str_add(&text, " + 77 AS pasted;\033[201~");
    long before = milliseconds();
    for (size_t done = 0; done < text.len;) { /* a terminal takes a few kilobytes at a time */
        ssize_t n = write(term_fd(t), text.data + done, text.len - done < 2048 ? text.len - done : 2048);
        if (n > 0)
            done += (size_t)n;
        else
            term_settle(t, 1);
    }
    assert_true(term_wait(t, "AS pasted;", LONG));
    assert_true(milliseconds() - before < 10000);
    before = milliseconds();
    term_type(t, "\033[D\033[C"); /* and keys answer at once */
    term_key(t, "Enter");
    assert_true(term_wait(t, "(1 row)", SOON));
    assert_true(term_has(t, "77"));
    assert_true(milliseconds() - before < 5000);
    str_free(&text);
    leave(t);
}

static void test_resize(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    term_type(t, "SELECT 'a text that is longer than forty columns are' AS z");
    assert_true(term_wait(t, "AS z", SOON));
    term_resize(t, 20, 40);
    assert_true(term_wait(t, "columns are", SOON));
    term_type(t, ", 9 AS w");
    assert_true(term_wait(t, "9 AS w", SOON));
    term_resize(t, 24, 80);
    assert_true(term_wait(t, "9 AS w", SOON));
    enter(t, ";");
    assert_true(term_wait(t, "(1 row)", SOON));
    leave(t);
}

static void test_commands(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "theme mono");
    term_settle(t, 200);
    enter(t, "nonsense");
    assert_true(term_wait(t, "a ; ends the statement", SOON));
    term_type(t, "\003");
    enter(t, "placement restricted");
    assert_true(term_wait(t, "now DEFAULT", SOON));
    term_key(t, "Esc");
    assert_true(term_wait_gone(t, "now DEFAULT", SOON));
    /* the same change as SQL shows the same preview, and is not run unless it is confirmed */
    enter(t, "ALTER DATABASE django PLACEMENT RESTRICTED;");
    assert_true(term_wait(t, "Run it", SOON));
    assert_true(term_has(t, "10 non-voters") || term_has(t, "22 non-voters"));
    term_key(t, "Esc");
    assert_true(term_wait(t, "not run", SOON));
    char *placement = server_sql(
        &server, 1, "django", "SELECT placement FROM crdb_internal.databases WHERE name = 'django'");
    assert_null(strstr(placement, "restricted"));
    free(placement);
    leave(t);
}

static void test_export(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    char *csv = mem_printf("export %s/out.csv", home);
    char *json = mem_printf("export %s/out.json", home);
    enter(t, "SELECT 7 AS n, 'a,b' AS text, NULL AS nothing;");
    assert_true(term_wait(t, "(1 row)", SOON));
    enter(t, csv);
    assert_true(term_wait(t, "1 rows written", SOON));
    enter(t, json);
    term_settle(t, 300);
    enter(t, csv);
    assert_true(term_wait(t, "is there already", SOON));
    char *text = read_text("out.csv");
    assert_non_null(text);
    assert_non_null(strstr(text, "n,text,nothing"));
    assert_non_null(strstr(text, "7,\"a,b\","));
    free(text);
    text = read_text("out.json");
    assert_non_null(text);
    assert_non_null(strstr(text, "null"));
    assert_null(strstr(text, "\"7\""));
    free(text);
    /* OSC 52 */
    enter(t, "copy");
    assert_true(term_wait(t, "clipboard", SOON));
    size_t n;
    const char *raw = term_raw(t, &n);
    assert_non_null(memmem(raw, n, "\033]52;c;", 7));
    free(csv);
    free(json);
    leave(t);
}

/* Paging and searching in what came. */
static void test_results(void **state) {
    (void)state;
    struct term *t = open_console(NULL);
    enter(t, "SELECT i AS number FROM generate_series(1, 500) AS g(i);");
    assert_true(term_wait(t, "(500 rows)", SOON));
    term_key(t, "PgUp");
    assert_true(term_wait(t, "lines below", SOON));
    term_key(t, "BackTab");
    term_type(t, "/number");
    term_key(t, "Enter");
    term_type(t, "g");
    assert_true(term_wait(t, "generate_series", SOON));
    term_key(t, "Esc");
    leave(t);
}

static void test_read_only(void **state) {
    (void)state;
    struct term *t = open_console("--read-only");
    enter(t, "DELETE FROM cockroach_example_customers;");
    assert_true(term_wait(t, "--read-only", SOON));
    enter(t, "SET default_transaction_read_only = off;");
    term_settle(t, 300);
    enter(t, "SELECT count(*) > 2 AS still FROM cockroach_example_customers;");
    assert_true(term_wait(t, "(1 row)", SOON));
    leave(t);
    char *count = server_sql(&server, 1, "django", "SELECT count(*) > 2 FROM cockroach_example_customers");
    assert_string_equal(count, "t");
    free(count);
}

static int set_up(void **state) {
    (void)state;
    strcpy(home, "/tmp/domicile-console-XXXXXX");
    assert_non_null(mkdtemp(home));
    write_text("inputrc", "");
    server_start(&server, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    bool clean = server_stop(&server);
    static const char *const files[] = {"inputrc", "out.csv", "out.json", ".local/state/domicile/history"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = mem_printf("%s/%s", home, files[i]);
        unlink(path);
        free(path);
    }
    static const char *const folders[] = {"/.local/state/domicile", "/.local/state", "/.local", ""};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path = mem_printf("%s%s", home, folders[i]);
        rmdir(path);
        free(path);
    }
    return clean ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editing),
        cmocka_unit_test(test_vi),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_completion),
        cmocka_unit_test(test_failing),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_transaction),
        cmocka_unit_test(test_paste),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_export),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_read_only),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
