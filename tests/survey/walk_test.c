/* walk_test: a thousand pages of random keys on the simulated cluster, forward and back: every row once, in the index's
 * order, by key and never by OFFSET, each home region by itself. */
#include "survey/look.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"
#include "domicile/pg/sqllog.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rows of uksouth make a thousand pages, those of eu-west-1 forty. */
enum { PAGE = 3, PAGES = 1000, PAGES_ELSEWHERE = 40 };

struct walk {
    struct server server;
    struct look l;
    usec inserted;
    VEC_STRUCT(char *) keys; /* of the region walked, in the order seen */
};

static int row_statements, offsets, follower_reads;

static void on_statement(void *arg, const struct sqllog_entry *e) {
    (void)arg;
    if (strcmp(e->purpose, "rows") != 0)
        return;
    row_statements++;
    offsets += strstr(e->sql, "OFFSET") != NULL;
    follower_reads += strstr(e->sql, "AS OF SYSTEM TIME") != NULL;
}

static const struct row_page *page_of(const struct walk *w, const char *region) {
    const struct rows *rows = snapshot_rows(survey_snapshot(w->l.s));
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        if (str_eq(rows->pages.items[i].region, region))
            return &rows->pages.items[i];
    return NULL;
}

static const char *first_key(const struct walk *w, const char *region) {
    const struct row_page *p = page_of(w, region);
    return p != NULL && p->rows.len > 0 ? p->rows.items[0].values.items[0] : "";
}

static void note_page(struct walk *w, const char *region, bool back) {
    const struct row_page *p = page_of(w, region);
    for (size_t i = 0; i < p->rows.len; i++) {
        const struct row *row = &p->rows.items[back ? p->rows.len - 1 - i : i];
        assert_string_equal(row->home, region);
        vec_push(&w->keys, mem_strdup(row->values.items[0]));
    }
}

/* Turned back to, a page is some seconds old, and says so, until it is read anew. */
static void check_age(const struct walk *w, const char *region, bool back) {
    const struct row_page *p = page_of(w, region);
    usec age = loop_now(w->l.loop) - p->asof;
    if (patience() > 1 && p->followed != back)
        return; /* a slow program was still at it when it was time to read anew */
    assert_int_equal(p->followed, back);
    assert_true(back ? age >= 4800 * USEC_PER_MS : age < 4800 * USEC_PER_MS);
}

/* Turns until there is no further page; how many there were. */
static int walk_on(struct walk *w, const char *region, bool back) {
    int pages = 1;
    note_page(w, region, back);
    while (back ? page_of(w, region)->more_before : page_of(w, region)->more_after) {
        char *before = mem_strdup(first_key(w, region));
        survey_turn_page(w->l.s, region, back ? SURVEY_PAGE_PREVIOUS : SURVEY_PAGE_NEXT);
        WAIT_AT_MOST(&w->l, 10, strcmp(first_key(w, region), before) != 0);
        free(before);
        check_age(w, region, back);
        note_page(w, region, back);
        pages++;
    }
    return pages;
}

static void forget_keys(struct walk *w) {
    for (size_t i = 0; i < w->keys.len; i++)
        free(w->keys.items[i]);
    vec_free(&w->keys);
}

static void check_order(const struct walk *w, bool back) {
    for (size_t i = 1; i < w->keys.len; i++)
        assert_true((strcmp(w->keys.items[i - 1], w->keys.items[i]) < 0) != back); /* text of UUIDs sorts as they do */
}

static void check_region(struct walk *w, const char *region, size_t rows, int pages) {
    char *sum[2] = {NULL, NULL};
    for (int back = 0; back < 2; back++) {
        WAIT_AT_MOST(&w->l, 10, !back || loop_now(w->l.loop) > w->inserted + 6 * USEC_PER_SEC); /* followers know it */
        assert_int_equal(walk_on(w, region, back), pages);
        assert_int_equal(w->keys.len, rows);
        check_order(w, back);
        struct str all = {0};
        for (size_t i = 0; i < w->keys.len; i++)
            str_add(&all, w->keys.items[back ? w->keys.len - 1 - i : i]);
        sum[back] = str_take(&all);
        forget_keys(w);
    }
    assert_string_equal(sum[0], sum[1]); /* the same rows forward and back */
    free(sum[0]);
    free(sum[1]);
}

static void insert_rows(const struct walk *w, const char *cloud, int n) {
    char *sql = mem_printf(
        "INSERT INTO cockroach_example_customers (id, name, cloud) SELECT gen_random_uuid(), 'x', '%s' "
        "FROM generate_series(1, %d)",
        cloud, n);
    char *answer = server_sql(&w->server, 1, "django", sql);
    assert_false(str_starts(answer, "ERROR"));
    free(answer);
    free(sql);
}

static void every_row_is_seen_once(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    struct walk w = {.l = {.page_rows = PAGE}};
    struct sqllog *log = sqllog_new(10, on_statement, NULL);
    (void)state;
    sqllog_use(log);
    server_start(&w.server, arguments);
    insert_rows(&w, "azure", PAGE * PAGES - 1); /* one of each is there */
    insert_rows(&w, "aws", PAGE * PAGES_ELSEWHERE - 1);
    look_at(&w.l, w.server.url, 0);
    w.inserted = loop_now(w.l.loop);
    WAIT_AT_MOST(
        &w.l, 20, survey_idle(w.l.s) && page_of(&w, "uksouth") != NULL && page_of(&w, "uksouth")->rows.len == PAGE);
    check_region(&w, "uksouth", PAGE * PAGES, PAGES);
    check_region(&w, "eu-west-1", PAGE * PAGES_ELSEWHERE, PAGES_ELSEWHERE);
    survey_hurry(w.l.s);
    WAIT_AT_MOST(&w.l, 10, !page_of(&w, "eu-west-1")->followed && !page_of(&w, "uksouth")->followed);
    assert_true(loop_now(w.l.loop) - page_of(&w, "uksouth")->asof < 4 * USEC_PER_SEC);
    print_message("# %d statements for rows, %d follower reads\n", row_statements, follower_reads);
    assert_int_equal(follower_reads, PAGES - 1 + PAGES_ELSEWHERE - 1); /* each turn back, and nothing that is watched */
    assert_true(row_statements >= 2 * PAGES);
    assert_int_equal(offsets, 0);
    look_away(&w.l);
    assert_true(server_stop(&w.server));
    sqllog_use(NULL);
    sqllog_free(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_seen_once),
    };
    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
