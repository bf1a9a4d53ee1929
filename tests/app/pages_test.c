/* Pages of rows on a real terminal: what lands while others insert, what is read back from followers, tables of many
 * rows, of many columns and of long values. */
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { SOON = 5000, READ = 20000, LATER = 30000 };

static struct server server;

static int open_sandbox(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", "--speed", "20", NULL};
    (void)state;
    server_start(&server, arguments);
    return 0;
}

static int close_sandbox(void **state) {
    (void)state;
    return server_stop(&server) ? 0 : -1;
}

static void sql(const char *text) {
    char *answer = server_sql(&server, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

/* As the application does, on a connection of its own: uksouth's rows, with names x1, x2 … */
static void insert_many(int n) {
    char *text = mem_printf(
        "INSERT INTO cockroach_example_customers (id, name, cloud) SELECT gen_random_uuid(), 'x' || i::STRING, "
        "'azure' FROM generate_series(1, %d) AS g(i)",
        n);
    sql(text);
    free(text);
}

static void insert_one(const char *id, const char *name) {
    char *text = mem_printf(
        "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES ('%s', '%s', 'azure')", id, name);
    sql(text);
    free(text);
}

static struct term *open_explorer(const char *wait) {
    const char *argv[] = {getenv("DOMICILE"), "--refresh", "1", server.url, NULL};
    struct term_options o = {.rows = 60, .cols = 160, .argv = argv};
    struct term *t = term_start(&o);
    assert_true(term_wait(t, wait, READ));
    return t;
}

static void leave(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_settle(t, 100);
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    term_free(t);
}

#define LOWEST "00000000-0000-0000-0000-000000000001"
#define HIGHEST "ffffffff-ffff-ffff-ffff-ffffffffff01"

/* 200 rows: one page of fifty is shown of uksouth's, and what lands beyond it is told, too. */
static void what_lands_is_told_wherever_it_lands(void **state) {
    (void)state;
    insert_many(200);
    struct term *t = open_explorer("Mike");
    assert_true(term_wait(t, " · 52 rows ", LATER));
    assert_true(term_wait_gone(t, "watching this page", LATER));
    insert_one(LOWEST, "Early");
    assert_true(term_wait(t, "Early (id " LOWEST ") landed in uksouth", LATER));
    insert_one(HIGHEST, "Late");
    assert_true(term_wait(t, "id " HIGHEST " landed in uksouth, beyond", LATER));
    leave(t);
}

/* The id of the row of uksouth that is selected; NULL: it is another's. */
static char *selected_id(struct term *t) {
    for (int row = 0; row < 60; row++) {
        const char *text = term_line(t, row), *mark = strstr(text, "▸ ");
        if (mark != NULL && strstr(mark, " azure ") != NULL)
            return mem_strndup(mark + strlen("▸ "), 36);
    }
    return NULL;
}

static bool uksouth_is_selected(struct term *t, void *arg) {
    char *id = selected_id(t);
    (void)arg;
    free(id);
    return id != NULL;
}

/* Until what was there some seconds ago is what is there now. */
static void wait_for_followers(void) {
    static const char count[] = "SELECT count(*) FROM cockroach_example_customers";
    char *now = server_sql(&server, 1, "django", count), *then = NULL;
    char *past = mem_printf("%s AS OF SYSTEM TIME follower_read_timestamp()", count);
    for (int i = 0; i < 300; i++) {
        free(then);
        then = server_sql(&server, 1, "django", past);
        if (str_eq(now, then))
            break;
        poll(NULL, 0, 50);
    }
    assert_string_equal(then, now);
    free(past);
    free(then);
    free(now);
}

/* Turned back to, the page comes from followers and says how old it is, until it is read anew. */
static void a_page_turned_back_to_says_its_age(void **state) {
    (void)state;
    wait_for_followers();
    struct term *t = open_explorer("Mike");
    assert_true(term_wait(t, " · 52 rows ", LATER));
    term_type(t, "3G");
    assert_true(term_wait_for(t, uksouth_is_selected, NULL, "a row of uksouth is selected", SOON));
    char *first = selected_id(t);
    term_key(t, "Right");
    assert_true(term_wait_gone(t, first, SOON));
    assert_true(term_wait_for(t, uksouth_is_selected, NULL, "a row of uksouth is selected", SOON));
    char *second = selected_id(t);
    term_key(t, "Right");
    assert_true(term_wait_gone(t, second, SOON));
    assert_false(term_has(t, "follower read"));
    term_key(t, "Left"); /* not to the first page, which lacked some seconds ago what has landed there */
    assert_true(term_wait(t, " · follower read, ", SOON));
    assert_true(term_wait(t, second, SOON));
    assert_true(term_wait_gone(t, "follower read", LATER));
    assert_true(term_wait(t, second, SOON));
    free(first);
    free(second);
    leave(t);
}

/* More than 10,000 rows: only the page shown is watched, and a search asks first. */
static void a_table_of_many_rows_is_watched_where_it_is_shown(void **state) {
    (void)state;
    insert_many(11000);
    sql("SELECT sandbox.advance(61)"); /* until statistics are taken nobody knows how many they are */
    struct term *t = open_explorer("Mike");
    assert_true(term_wait(t, "watching this page", LATER));
    insert_one("00000000-0000-0000-0000-000000000002", "Second");
    assert_true(term_wait(t, "Second (id 00000000-0000-0000-0000-000000000002) landed in uksouth", LATER));
    insert_one("ffffffff-ffff-ffff-ffff-ffffffffff02", "Unseen");
    insert_one("00000000-0000-0000-0000-000000000003", "Third");
    assert_true(term_wait(t, "Third (id 00000000-0000-0000-0000-000000000003) landed in uksouth", LATER));
    assert_false(term_has(t, "ffffffff-ffff-ffff-ffff-ffffffffff02"));
    term_type(t, "3");
    term_type(t, "/x10999");
    term_key(t, "Enter");
    assert_true(term_wait(t, "a search reads them all; search for the same again to do it, for 5 s at most", SOON));
    assert_true(term_wait(t, "no row matches the filter", SOON)); /* of the page */
    term_type(t, "/x10999");
    term_key(t, "Enter");
    assert_true(term_wait(t, "1 row with \"x10999\"", LATER));
    term_key(t, "Esc");
    assert_true(term_wait(t, "Second", LATER));
    leave(t);
}

/* Under 10,000 rows the whole table is searched at once; what LIKE takes for a wildcard stands for itself. */
static void a_small_table_is_searched_at_once(void **state) {
    (void)state;
    sql("CREATE TABLE zz_notes (id INT PRIMARY KEY, note STRING)");
    sql("INSERT INTO zz_notes SELECT i, 'note' || i::STRING FROM generate_series(1, 500) AS g(i)");
    sql("INSERT INTO zz_notes VALUES (1000, '100%_sure')");
    struct term *t = open_explorer("Mike");
    term_type(t, "2");
    term_type(t, "G");
    assert_true(term_wait(t, "3 Rows  zz_notes", SOON));
    assert_true(term_wait(t, "note1", SOON));
    term_type(t, "3");
    term_type(t, "/0%_s");
    term_key(t, "Enter");
    assert_true(term_wait(t, "100%_sure", SOON));
    assert_true(term_wait(t, "1 row with", SOON));
    leave(t);
    sql("DROP TABLE zz_notes");
}

static void make_wide(void) {
    struct str text = {0};
    str_add(&text, "CREATE TABLE zz_wide (id INT PRIMARY KEY");
    for (int i = 1; i < 1600; i++)
        str_add_f(&text, ", c%04d STRING", i);
    str_add(&text, ")");
    sql(str_get(&text));
    str_free(&text);
    sql("INSERT INTO zz_wide (id, c0001, c0002, c1599) VALUES (1, repeat('x', 1000000), e'a\\n\\x1b[2Jb', 'last')");
    sql("INSERT INTO zz_wide (id) VALUES (2)");
}

/* 1,600 columns, a value of a megabyte, an escape sequence, NULLs: shown, opened, inserted into. */
static void a_wide_table_is_shown(void **state) {
    (void)state;
    make_wide();
    struct term *t = open_explorer("Mike");
    term_type(t, "2");
    term_type(t, "G");
    assert_true(term_wait(t, "3 Rows  zz_wide · 2 rows", LATER));
    assert_true(term_wait(t, "xxxxxxxx", SOON));
    assert_true(term_has(t, "NULL"));
    term_type(t, "3");
    term_key(t, "Enter");
    assert_true(term_wait(t, "Passport", SOON));
    term_key(t, "Esc");
    assert_true(term_wait_gone(t, "Passport", SOON));
    term_type(t, "i");
    assert_true(term_wait(t, "c0001", LATER));
    term_key(t, "Esc");
    term_settle(t, 200);
    leave(t);
    sql("DROP TABLE zz_wide");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lands_is_told_wherever_it_lands),
        cmocka_unit_test(a_page_turned_back_to_says_its_age),
        cmocka_unit_test(a_small_table_is_searched_at_once),
        cmocka_unit_test(a_wide_table_is_shown),
        cmocka_unit_test(a_table_of_many_rows_is_watched_where_it_is_shown),
    };
    return cmocka_run_group_tests_name("pages", tests, open_sandbox, close_sandbox);
}
