/* statement_test: what the build embedded is found, chosen by version, and filled with quoting. */
#include "domicile/sql/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct statement plain(const char *text) {
    return (struct statement){.name = "test", .part = "test", .purpose = "a test", .text = text};
}

static void fill_is(const char *text, const struct statement_arg *args, size_t n, const char *expected) {
    struct statement s = plain(text);
    struct str out = {0};
    struct err err = {0};
    assert_true(statement_fill(&out, &s, args, n, &err));
    assert_string_equal(str_get(&out), expected);
    str_free(&out);
}

static void names_are_quoted(void **state) {
    (void)state;
    struct statement_arg args[] = {
        {.name = "table", .kind = STATEMENT_NAME, .value = "odd\"; DROP TABLE x; --"},
        {.name = "database", .kind = STATEMENT_NAME, .value = "django"},
    };
    fill_is("SELECT * FROM {database}.{table}", args, 2,
        "SELECT * FROM \"django\".\"odd\"\"; DROP TABLE x; --\"");
}

static void lists_and_parameters_are_written_out(void **state) {
    (void)state;
    const char *names[] = {"id", "na\"me"};
    struct statement_arg args[] = {
        {.name = "columns", .kind = STATEMENT_NAMES, .values = names, .count = 2},
        {.name = "values", .kind = STATEMENT_PARAMETERS, .count = 2, .number = 3},
        {.name = "limit", .kind = STATEMENT_NUMBER, .number = 50},
        {.name = "text", .kind = STATEMENT_TEXT, .value = "it's"},
        {.name = "texts", .kind = STATEMENT_TEXTS, .values = names, .count = 2},
    };
    fill_is("({columns}) > ({values}) LIMIT {limit} {text} {texts}", args, 5,
        "(\"id\", \"na\"\"me\") > ($3, $4) LIMIT 50 'it''s' 'id', 'na\"me'");
}

static void other_braces_stay(void **state) {
    (void)state;
    fill_is("SELECT '{1,2}', '{', '{Word}', '{}'", NULL, 0, "SELECT '{1,2}', '{', '{Word}', '{}'");
}

static void a_filled_value_is_not_filled_again(void **state) {
    (void)state;
    struct statement_arg args[] = {
        {.name = "a", .kind = STATEMENT_NAME, .value = "{b}"},
        {.name = "b", .kind = STATEMENT_NAME, .value = "x"},
    };
    fill_is("{a} {b}", args, 2, "\"{b}\" \"x\"");
}

static void a_missing_argument_is_told(void **state) {
    (void)state;
    struct statement s = plain("SELECT {column}");
    struct str out = {0};
    struct err err = {0};
    assert_false(statement_fill(&out, &s, NULL, 0, &err));
    assert_non_null(strstr(err.message, "{column}"));
    str_free(&out);
}

static void every_statement_is_found_under_its_name(void **state) {
    (void)state;
    assert_true(statement_table_count > 0);
    for (size_t i = 0; i < statement_table_count; i++) {
        const struct statement *s = &statement_table[i];
        assert_ptr_equal(statement_find(s->name), s);
        assert_true(i == 0 || strcmp(statement_table[i - 1].name, s->name) < 0);
        assert_true(s->from <= s->to);
        assert_true(s->text[0] != '\0' && !str_starts(s->text, "--"));
        assert_true(s->falls_back_to == NULL || statement_find(s->falls_back_to) != NULL);
    }
    assert_null(statement_find("nothing/of-the-kind"));
}

static void fall_backs_lead_to_older_rows_of_the_same_part(void **state) {
    (void)state;
    for (size_t i = 0; i < statement_table_count; i++) {
        const struct statement *s = &statement_table[i];
        if (s->falls_back_to == NULL)
            continue;
        const struct statement *older = statement_find(s->falls_back_to);
        assert_string_equal(older->part, s->part);
        assert_true(older->from < s->from || (s->internals && !older->internals));
    }
}

static void the_schema_comes_in_order(void **state) {
    (void)state;
    const struct statement *s = statement_each("schema/", NULL);
    assert_non_null(s);
    assert_string_equal(s->name, "schema/10-database");
    int n = 0;
    const struct statement *last = NULL;
    for (; s != NULL; s = statement_each("schema/", s)) {
        assert_true(str_starts(s->name, "schema/"));
        last = s;
        n++;
    }
    assert_string_equal(last->name, "schema/72-lock");
    assert_true(last->from == 2503 && last->to == 999999);
    assert_int_equal(n, 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_quoted),
        cmocka_unit_test(lists_and_parameters_are_written_out),
        cmocka_unit_test(other_braces_stay),
        cmocka_unit_test(a_filled_value_is_not_filled_again),
        cmocka_unit_test(a_missing_argument_is_told),
        cmocka_unit_test(every_statement_is_found_under_its_name),
        cmocka_unit_test(fall_backs_lead_to_older_rows_of_the_same_part),
        cmocka_unit_test(the_schema_comes_in_order),
    };
    return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
