/* page_test: pages by key: what is more on either side, what has landed, what is gone, and the statements. */
#include "survey/answer.h"

#include "../src/survey/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct scene {
    struct survey s;
    struct pages ps;
    struct page *p;
    char feed[1024];
};

static void happened(void *arg, const struct events *events) {
    struct scene *c = arg;
    for (size_t i = 0; i < events->len; i++) {
        size_t n = strlen(c->feed);
        (void)snprintf(c->feed + n, sizeof c->feed - n, "%s\n", events->items[i].text);
    }
}

static void open_scene(struct scene *c) {
    memset(c, 0, sizeof *c);
    c->s.loop = loop_new();
    c->s.pages = &c->ps;
    c->s.page_rows = 3;
    c->s.happened = happened;
    c->s.arg = c;
    c->ps.table = mem_strdup("t");
    c->ps.schema = mem_strdup("public");
    c->ps.region_column = mem_strdup("region");
    vec_push(&c->ps.columns, mem_strdup("id"));
    vec_push(&c->ps.columns, mem_strdup("name"));
    vec_push(&c->ps.descending, false);
    c->ps.key_columns = 1;
    c->p = page_new(&c->s, "eu");
}

static void close_scene(struct scene *c) {
    page_free(c->p);
    free(c->ps.table);
    free(c->ps.schema);
    free(c->ps.region_column);
    free(c->ps.columns.items[0]);
    free(c->ps.columns.items[1]);
    vec_free(&c->ps.columns);
    vec_free(&c->ps.descending);
    loop_free(c->s.loop);
}

/* Three rows a page; the fourth only tells that there are more. */
static void take(struct scene *c, const char *text, usec now) {
    struct pg_result *r = answer_of(text);
    struct err err = {0};
    assert_true(page_take(c->p, &c->ps, r, 4, now, &err));
    pg_result_free(r);
}

static const char *id(const struct scene *c, size_t i) {
    return c->p->rows.items[i].values.items[0];
}

static void a_page_knows_what_is_beyond_it(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    take(&c, "id|name\n1|a\n2|b\n3|c\n4|d\n", 1);
    assert_int_equal(c.p->rows.len, 3);
    assert_true(c.p->more_after && !c.p->more_before);
    assert_false(page_turn(c.p, &c.ps, SURVEY_PAGE_PREVIOUS));
    assert_true(page_turn(c.p, &c.ps, SURVEY_PAGE_NEXT));
    assert_string_equal(c.p->cursor.items[0], "3");
    take(&c, "id|name\n4|d\n5|e\n", 2);
    assert_true(!c.p->more_after && c.p->more_before);
    assert_int_equal(c.p->rows.items[0].landed, 0);
    assert_true(page_turn(c.p, &c.ps, SURVEY_PAGE_PREVIOUS));
    assert_true(c.p->down);
    take(&c, "id|name\n3|c\n2|b\n1|a\n", 3);
    assert_string_equal(id(&c, 0), "1");
    assert_true(c.p->more_after && !c.p->more_before);
    close_scene(&c);
}

static void a_row_between_others_has_landed(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    take(&c, "id|name\n1|a\n3|c\n", 1);
    assert_int_equal(c.p->rows.items[0].landed, 0);
    take(&c, "id|name\n1|a\n2|b\n3|c\n", 7);
    assert_int_equal(c.p->rows.items[1].landed, 7);
    assert_int_equal(c.p->rows.items[2].landed, 0);
    take(&c, "id|name\n1|a\n2|b\n3|c\n4|d\n", 9);
    assert_int_equal(c.p->rows.items[1].landed, 7);
    close_scene(&c);
}

static void a_first_row_has_landed(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    take(&c, "id|name\n", 1);
    take(&c, "id|name\n5|e\n", 4);
    assert_int_equal(c.p->rows.items[0].landed, 4);
    close_scene(&c);
}

/* When one of a full page goes, the next moves up: it has not landed. */
static void a_row_that_moved_up_has_not_landed(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    take(&c, "id|name\n1|a\n2|b\n3|c\n4|d\n", 1);
    take(&c, "id|name\n1|a\n3|c\n4|d\n5|e\n", 6);
    assert_string_equal(id(&c, 2), "4");
    assert_int_equal(c.p->rows.items[2].landed, 0);
    assert_string_equal(c.feed, "");
    close_scene(&c);
}

static void a_row_that_went_is_told(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    take(&c, "id|name\n1|a\n2|Mike\n", 1);
    take(&c, "id|name\n1|a\n", 2);
    assert_string_equal(c.feed, "Mike (id 2) is gone from eu\n");
    close_scene(&c);
}

static void other_columns_than_asked_for_are_refused(void **state) {
    struct scene c;
    struct err err = {0};
    (void)state;
    open_scene(&c);
    struct pg_result *r = answer_of("id|name|extra\n1|a|x\n");
    assert_false(page_take(c.p, &c.ps, r, 4, 1, &err));
    assert_true(err.message[0] != '\0');
    pg_result_free(r);
    close_scene(&c);
}

static void mixed_orders_are_not_turned(void **state) {
    struct scene c;
    (void)state;
    open_scene(&c);
    vec_push(&c.ps.descending, true);
    take(&c, "id|name\n1|a\n2|b\n3|c\n4|d\n", 1);
    assert_false(page_turn(c.p, &c.ps, SURVEY_PAGE_NEXT));
    close_scene(&c);
}

static void the_statement_goes_by_key(void **state) {
    struct scene c;
    struct str sql = {0};
    (void)state;
    open_scene(&c);
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_string_equal(str_get(&sql),
        "SELECT \"id\", \"name\" FROM \"public\".\"t\" WHERE \"region\" = $1 ORDER BY \"id\" ASC LIMIT 4");
    str_clear(&sql);
    take(&c, "id|name\n1|a\n2|b\n3|c\n4|d\n", 1);
    page_turn(c.p, &c.ps, SURVEY_PAGE_NEXT);
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_string_equal(str_get(&sql),
        "SELECT \"id\", \"name\" FROM \"public\".\"t\" WHERE \"region\" = $1 AND (\"id\") > ($2) "
        "ORDER BY \"id\" ASC LIMIT 4");
    str_clear(&sql);
    take(&c, "id|name\n4|d\n5|e\n6|f\n7|g\n", 2);
    page_turn(c.p, &c.ps, SURVEY_PAGE_PREVIOUS); /* paging back alone may be answered by followers */
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_string_equal(str_get(&sql), "SELECT \"id\", \"name\" FROM \"public\".\"t\" AS OF SYSTEM TIME "
        "follower_read_timestamp() WHERE \"region\" = $1 AND (\"id\") < ($2) ORDER BY \"id\" DESC LIMIT 4");
    str_clear(&sql);
    c.p->back = false; /* sent: what is watched from now on is asked of the leaseholder */
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_null(strstr(str_get(&sql), "SYSTEM TIME"));
    str_clear(&sql);
    page_turn(c.p, &c.ps, SURVEY_PAGE_LAST);
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_null(strstr(str_get(&sql), "SYSTEM TIME"));
    assert_non_null(strstr(str_get(&sql), "ORDER BY \"id\" DESC LIMIT 4"));
    str_clear(&sql);
    c.ps.filter = mem_strdup("x");
    char *filter = page_filter(&c.ps, 2);
    assert_string_equal(filter, " AND (\"id\"::STRING ILIKE $2 OR \"name\"::STRING ILIKE $2)");
    free(filter);
    free(c.ps.filter);
    str_free(&sql);
    close_scene(&c);
}

static void rename_to(char **what, const char *name) {
    free(*what);
    *what = mem_strdup(name);
}

/* Names that would be another statement are quoted, whatever they hold. */
static void hostile_names_are_quoted(void **state) {
    struct scene c;
    struct str sql = {0};
    (void)state;
    open_scene(&c);
    rename_to(&c.ps.table, "t\"; DROP TABLE t; --");
    rename_to(&c.ps.schema, "a\"\"b");
    rename_to(&c.ps.region_column, "re\ngion");
    rename_to(&c.ps.columns.items[0], "i\\'d");
    rename_to(&c.ps.columns.items[1], "\x1b[2J");
    assert_true(page_sql(&sql, c.p, "", NULL));
    assert_string_equal(str_get(&sql), "SELECT \"i\\'d\", \"\x1b[2J\" FROM \"a\"\"\"\"b\".\"t\"\"; DROP TABLE t; --\" "
        "WHERE \"re\ngion\" = $1 ORDER BY \"i\\'d\" ASC LIMIT 4");
    str_free(&sql);
    close_scene(&c);
}

/* Values are kept as the server gave them: NULL, invalid UTF-8, escapes, a megabyte; what is drawn is made clean later. */
static void hostile_values_are_kept_as_they_are(void **state) {
    struct scene c;
    struct str text = {0};
    (void)state;
    open_scene(&c);
    str_add(&text, "id|name\n1|\n2|\xff\xfe'\"\x1b]0;x\x07\n3|");
    for (int i = 0; i < 1000000; i++)
        str_add_char(&text, 'x');
    str_add(&text, "\n");
    take(&c, str_get(&text), 1);
    assert_int_equal(c.p->rows.len, 3);
    assert_null(c.p->rows.items[0].values.items[1]);
    assert_string_equal(c.p->rows.items[1].values.items[1], "\xff\xfe'\"\x1b]0;x\x07");
    assert_int_equal(strlen(c.p->rows.items[2].values.items[1]), 1000000);
    str_free(&text);
    close_scene(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_knows_what_is_beyond_it),
        cmocka_unit_test(a_row_between_others_has_landed),
        cmocka_unit_test(a_first_row_has_landed),
        cmocka_unit_test(a_row_that_moved_up_has_not_landed),
        cmocka_unit_test(a_row_that_went_is_told),
        cmocka_unit_test(other_columns_than_asked_for_are_refused),
        cmocka_unit_test(mixed_orders_are_not_turned),
        cmocka_unit_test(the_statement_goes_by_key),
        cmocka_unit_test(hostile_names_are_quoted),
        cmocka_unit_test(hostile_values_are_kept_as_they_are),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
