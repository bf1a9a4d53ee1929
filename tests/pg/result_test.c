/* result_test: answers of an unexpected shape are refused with a sentence, never misread. */
#include "result_private.h"

#include "domicile/pg/sqllog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pg_result *answer(void) {
    static char names[][8] = {"id", "Name", "list", "at", "yes"};
    static const char *const values[2][5] = {{"7", "carl", "{1,2}", "1970-01-01 00:00:01+00", "t"},
        {"seven", NULL, "{1,x}", "yesterday", "maybe"}};
    PGresAttDesc columns[5];
    PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    memset(columns, 0, sizeof columns);
    for (int i = 0; i < 5; i++) {
        columns[i].name = names[i];
        columns[i].typid = 25;
    }
    assert_int_equal(PQsetResultAttrs(r, 5, columns), 1);
    for (int row = 0; row < 2; row++)
        for (int i = 0; i < 5; i++) {
            char value[64];
            snprintf(value, sizeof value, "%s", values[row][i] ? values[row][i] : "");
            assert_int_equal(PQsetvalue(r, row, i, values[row][i] ? value : NULL,
                values[row][i] ? (int)strlen(value) : -1), 1);
        }
    return pg_result_wrap(r, "regions");
}

static void values_are_read_by_name(void **state) {
    struct pg_result *r = answer();
    struct pg_ints list = {0};
    struct pg_texts texts = {0};
    struct err err = {0};
    size_t column;
    int64_t i;
    bool b;
    (void)state;
    assert_int_equal(pg_result_rows(r), 2);
    assert_int_equal(pg_result_columns(r), 5);
    assert_true(pg_result_column(r, "id", &column, &err));
    assert_true(pg_result_int(r, 0, column, &i, &err));
    assert_int_equal(i, 7);
    assert_true(pg_result_column(r, "Name", &column, &err));
    assert_string_equal(pg_result_text(r, 0, column), "carl");
    assert_null(pg_result_text(r, 1, column));
    assert_true(pg_result_column(r, "list", &column, &err));
    assert_true(pg_result_ints(r, 0, column, &list, &err));
    assert_int_equal(list.len, 2);
    assert_true(pg_result_texts(r, 1, column, &texts, &err));
    assert_string_equal(texts.items[1], "x");
    assert_true(pg_result_column(r, "at", &column, &err));
    assert_true(pg_result_timestamp(r, 0, column, &i, &err));
    assert_int_equal(i, 1000000);
    assert_true(pg_result_column(r, "yes", &column, &err));
    assert_true(pg_result_bool(r, 0, column, &b, &err) && b);
    assert_string_equal(err.message, "");
    pg_ints_free(&list);
    pg_texts_free(&texts);
    pg_result_free(r);
}

static void what_is_not_there_is_named(void **state) {
    struct pg_result *r = answer();
    struct pg_ints list = {0};
    struct err err = {0};
    size_t column;
    int64_t i = 99;
    bool b;
    (void)state;
    assert_false(pg_result_column(r, "name", &column, &err)); /* names are not folded */
    assert_non_null(strstr(err.message, "regions"));
    assert_non_null(strstr(err.message, "name"));
    assert_false(pg_result_has(r, "ID", &column));
    assert_false(pg_result_int(r, 1, 0, &i, &err));
    assert_non_null(strstr(err.message, "\"seven\" is not an integer"));
    assert_non_null(strstr(err.message, "row 2, column id"));
    assert_false(pg_result_int(r, 1, 1, &i, &err));
    assert_non_null(strstr(err.message, "\"NULL\" is not an integer"));
    assert_false(pg_result_ints(r, 1, 2, &list, &err));
    assert_int_equal(list.len, 0);
    assert_false(pg_result_timestamp(r, 1, 3, &i, &err));
    assert_false(pg_result_bool(r, 1, 4, &b, &err));
    assert_int_equal(i, 99);
    /* Beyond the rows and columns there are. */
    assert_null(pg_result_text(r, 2, 0));
    assert_null(pg_result_text(r, 0, 5));
    assert_false(pg_result_int(r, 2, 0, &i, &err));
    assert_string_equal(pg_result_column_name(r, 5), "");
    pg_result_free(r);
    pg_result_free(NULL);
}

static void hostile_values_are_cleaned_in_the_sentence(void **state) {
    static char name[] = "x";
    PGresAttDesc column = {.name = name, .typid = 25};
    PGresult *raw = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    char value[] = "\033[2J";
    struct err err = {0};
    int64_t i;
    (void)state;
    PQsetResultAttrs(raw, 1, &column);
    PQsetvalue(raw, 0, 0, value, 4);
    struct pg_result *r = pg_result_wrap(raw, NULL);
    assert_false(pg_result_int(r, 0, 0, &i, &err));
    assert_null(strchr(err.message, '\033'));
    assert_non_null(strstr(err.message, "^[[2J"));
    pg_result_free(r);
}

static void note(void *arg, const struct sqllog_entry *e) {
    assert_null(strstr(e->sql, "s3cret"));
    ++*(int *)arg;
}

static void the_sql_log_is_a_ring_without_secrets(void **state) {
    int told = 0;
    (void)state;
    struct sqllog *l = sqllog_new(3, note, &told);
    sqllog_add(1, 1, false, "nobody", "SELECT 0", "SELECT 1");
    sqllog_use(l);
    for (int i = 1; i <= 5; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "ALTER USER u%d PASSWORD 's3cret'", i);
        sqllog_add(i, 10 * i, i == 5, "test", sql, "ALTER ROLE");
    }
    assert_int_equal(told, 5);
    assert_int_equal(sqllog_count(l), 3);
    assert_string_equal(sqllog_entry(l, 0)->sql, "ALTER USER u3 PASSWORD ***");
    assert_string_equal(sqllog_entry(l, 2)->sql, "ALTER USER u5 PASSWORD ***");
    assert_int_equal(sqllog_entry(l, 2)->took, 50);
    assert_true(sqllog_entry(l, 2)->user);
    assert_null(sqllog_entry(l, 3));
    sqllog_free(l);
    sqllog_add(1, 1, false, "nobody", "SELECT 0", "SELECT 1"); /* none in use any more */
    sqllog_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_by_name),
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(hostile_values_are_cleaned_in_the_sentence),
        cmocka_unit_test(the_sql_log_is_a_ring_without_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
