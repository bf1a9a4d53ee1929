/* reader_test: CASE values, SHOW CREATE and the splitter, over recorded and over hostile texts. */
#include "domicile/dialect/casevalues.h"
#include "domicile/dialect/showcreate.h"
#include "domicile/dialect/splitter.h"

#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- CASE ---- */

static void check_customers(const char *expression) {
    struct casevalues c;
    struct err err = {0};
    assert_true(casevalues_parse(&c, expression, &err));
    assert_string_equal(c.column, "cloud");
    assert_int_equal(c.values.len, 3);
    assert_string_equal(c.values.items[0].value, "aws");
    assert_string_equal(casevalues_region(&c, "aws"), "eu-west-1");
    assert_string_equal(casevalues_region(&c, "azure"), "uksouth");
    assert_string_equal(casevalues_region(&c, "gcp"), "europe-west4");
    assert_null(casevalues_region(&c, "oracle"));
    assert_null(casevalues_region(&c, NULL));
    assert_null(c.else_region);
    assert_false(c.covers_null);
    casevalues_free(&c);
}

static void test_recorded_case(void **state) {
    (void)state;
    check_customers("CASE WHEN cloud = 'aws':::STRING THEN 'eu-west-1':::public.crdb_internal_region"
                    " WHEN cloud = 'azure':::STRING THEN 'uksouth':::public.crdb_internal_region"
                    " WHEN cloud = 'gcp':::STRING THEN 'europe-west4':::public.crdb_internal_region END");
    check_customers("CASE WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'azure' THEN 'uksouth'"
                    " WHEN cloud = 'gcp' THEN 'europe-west4' END");
    check_customers("(CASE cloud WHEN 'aws' THEN 'eu-west-1' WHEN 'azure' THEN 'uksouth'"
                    " WHEN 'gcp' THEN 'europe-west4' ELSE NULL END)::crdb_internal_region");
    check_customers("IF(cloud = 'aws', 'eu-west-1', IF('azure' = t.cloud, 'uksouth',"
                    " CASE WHEN cloud = 'gcp' THEN 'europe-west4' END))");
}

static void test_case_forms(void **state) {
    (void)state;
    struct casevalues c;
    struct err err = {0};
    assert_true(
        casevalues_parse(&c,
                         "CASE WHEN cloud IN ('a', 'b') OR cloud = 'c' THEN 'r1' WHEN cloud IS NULL"
                         " THEN 'r2' WHEN cloud = 'a' THEN 'r3' WHEN cloud = ANY (ARRAY['d']) THEN NULL"
                         " ELSE 'r4' END",
                         &err));
    assert_int_equal(c.values.len, 5);
    assert_string_equal(casevalues_region(&c, "a"), "r1");
    assert_string_equal(casevalues_region(&c, "c"), "r1");
    assert_string_equal(casevalues_region(&c, NULL), "r2");
    assert_null(casevalues_region(&c, "d"));
    assert_string_equal(casevalues_region(&c, "z"), "r4");
    assert_true(c.covers_null);
    casevalues_free(&c);
    assert_true(casevalues_parse(&c, "'uksouth'::public.crdb_internal_region", &err));
    assert_string_equal(c.column, "");
    assert_string_equal(casevalues_region(&c, "anything"), "uksouth");
    casevalues_free(&c);
    assert_true(casevalues_parse(&c, "CASE tenant WHEN 1 THEN 'a' WHEN -2 THEN 'b' END", &err));
    assert_string_equal(casevalues_region(&c, "-2"), "b");
    casevalues_free(&c);
    assert_true(
        casevalues_parse(&c, "CASE WHEN cloud = NULL THEN 'a' WHEN true THEN 'b' ELSE 'c' END", &err));
    assert_string_equal(casevalues_region(&c, NULL), "b");
    casevalues_free(&c);
}

static void test_case_cannot_tell(void **state) {
    (void)state;
    static const char *const expressions[] = {
        "CASE WHEN lower(cloud) = 'aws' THEN 'a' END", "CASE WHEN cloud = 'x' AND size > 3 THEN 'a' END",
        "CASE WHEN cloud = 'x' THEN 'a' WHEN owner = 'y' THEN 'b' END", "CASE WHEN cloud != 'x' THEN 'a' END",
        "CASE WHEN cloud = other THEN 'a' END", "default_to_database_primary_region(gateway_region())",
        "CASE WHEN cloud LIKE 'a%' THEN 'a' END", "CASE cloud WHEN 'x' THEN other END", "CASE WHEN", "",
        "CASE WHEN cloud IS NOT NULL THEN 'a' END", "CASE WHEN cloud NOT IN ('a') THEN 'b' END", "cloud",
    };
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        struct casevalues c;
        struct err err = {0};
        if (casevalues_parse(&c, expressions[i], &err))
            fail_msg("told: %s", expressions[i]);
        assert_true(*err.message);
    }
}

/* ---- SHOW CREATE ---- */

/* The first row of a recorded "-A -F |" answer after the column name|. */
static char *answer(const char *file, const char *object) {
    char *text = files_read(file);
    assert_non_null(text);
    char *form = strstr(text, "--- -A");
    assert_non_null(form);
    char *start = strstr(form, "create_statement\n") + strlen("create_statement\n");
    assert_memory_equal(start, object, strlen(object));
    start = strchr(start, '|') + 1;
    char *end = strstr(start, "\n(1 row)");
    assert_non_null(end);
    *end = '\0';
    char *copy = mem_strdup(start);
    free(text);
    return copy;
}

static void check_table(const char *version, const char *locked) {
    char *file = mem_printf("%s/2001-show-create-customers.txt", version);
    char *text = answer(file, "cockroach_example_customers");
    struct showcreate_table t;
    struct err err = {0};
    assert_true(showcreate_table_parse(&t, text, &err));
    assert_string_equal(t.schema, "public");
    assert_string_equal(t.name, "cockroach_example_customers");
    assert_int_equal(t.columns.len, 4);
    assert_string_equal(t.columns.items[0].default_expr, "gen_random_uuid()");
    assert_string_equal(t.columns.items[1].type, "VARCHAR(250)");
    assert_true(t.columns.items[1].not_null);
    assert_false(t.columns.items[2].not_null);
    assert_string_equal(t.columns.items[3].type, "public.crdb_internal_region");
    assert_true(t.columns.items[3].stored);
    assert_non_null(strstr(text, t.columns.items[3].computed));
    check_customers(t.columns.items[3].computed);
    assert_int_equal(t.indexes.len, 1);
    assert_true(t.indexes.items[0].primary);
    assert_string_equal(t.indexes.items[0].keys.items[0].column, "id");
    assert_int_equal(t.locality, SHOWCREATE_REGIONAL_ROW);
    assert_string_equal(t.region_column, "region");
    if (locked)
        assert_string_equal(showcreate_table_param(&t, "schema_locked"), locked);
    else
        assert_null(showcreate_table_param(&t, "schema_locked"));
    showcreate_table_free(&t);
    free(text);
    free(file);
}

static void test_recorded_tables(void **state) {
    (void)state;
    check_table("22.1", NULL);
    check_table("26.1", "true");
    char *text = answer("26.1/2004-show-create-orders_product.txt", "cockroach_example_orders_product");
    struct showcreate_table t;
    struct err err = {0};
    assert_true(showcreate_table_parse(&t, text, &err));
    assert_int_equal(t.foreign_keys.len, 2);
    assert_string_equal(t.foreign_keys.items[0].references.items[0], "id");
    assert_int_equal(t.locality, SHOWCREATE_REGIONAL_TABLE);
    assert_string_equal(t.region, "");
    showcreate_table_free(&t);
    free(text);
}

static void test_table_forms(void **state) {
    (void)state;
    struct showcreate_table t;
    struct err err = {0};
    assert_true(showcreate_table_parse(
        &t,
        "CREATE TABLE \"a.b\".\"T 1\" (\n\t\"K-1\" INT8 NOT NULL,\n\t\"vé\" STRING NULL,\n"
        "\tcrdb_region public.crdb_internal_region NOT VISIBLE NOT NULL DEFAULT "
        "default_to_database_primary_region("
        "gateway_region())::public.crdb_internal_region ON UPDATE "
        "rehome_row()::public.crdb_internal_region,\n"
        "\tCONSTRAINT \"T 1_pkey\" PRIMARY KEY (\"K-1\" DESC),\n\tUNIQUE INDEX \"i.x\" (\"vé\" ASC, "
        "lower(\"vé\") ASC)"
        " STORING (crdb_region) WHERE \"K-1\" > 0:::INT8,\n\tFAMILY f (\"K-1\", \"vé\"),\n"
        "\tCONSTRAINT c CHECK (\"K-1\" > 0:::INT8)\n) LOCALITY REGIONAL BY ROW;\n"
        "ALTER PARTITION uksouth OF INDEX t@t_pkey CONFIGURE ZONE USING \"gc.ttlseconds\" = 10",
        &err));
    assert_string_equal(t.schema, "a.b");
    assert_string_equal(t.region_column, "crdb_region");
    assert_true(t.columns.items[2].hidden);
    assert_string_equal(t.columns.items[2].on_update, "rehome_row()::public.crdb_internal_region");
    assert_true(t.indexes.items[0].keys.items[0].descending);
    assert_true(t.indexes.items[1].unique);
    assert_string_equal(t.indexes.items[1].keys.items[1].column, "lower(vé)");
    assert_string_equal(t.indexes.items[1].predicate, "\"K-1\" > 0:::INT8");
    assert_string_equal(t.indexes.items[1].storing.items[0], "crdb_region");
    assert_int_equal(t.checks.len, 1);
    showcreate_table_free(&t);
    assert_true(showcreate_table_parse(
        &t, "CREATE TABLE t (k INT8 NULL) LOCALITY REGIONAL BY TABLE IN \"r-1\"", &err));
    assert_string_equal(t.region, "r-1");
    showcreate_table_free(&t);
    assert_false(showcreate_table_parse(&t, "CREATE VIEW v AS SELECT 1", &err));
    assert_false(showcreate_table_parse(&t, "CREATE TABLE (", &err));
}

static void test_databases(void **state) {
    (void)state;
    struct showcreate_database d;
    struct err err = {0};
    char *text = answer("22.1/2005-show-create-database.txt", "django");
    assert_true(showcreate_database_parse(&d, text, &err));
    free(text);
    assert_string_equal(d.primary_region, "uksouth");
    assert_int_equal(d.regions.len, 3);
    assert_string_equal(d.regions.items[0], "eu-west-1");
    assert_false(d.survives_region);
    assert_false(d.restricted);
    showcreate_database_free(&d);
    assert_true(showcreate_database_parse(
        &d,
        "CREATE DATABASE \"My-DB \"\"q\"\"\" PRIMARY REGION uksouth REGIONS = "
        "\"eu-west-1\", uksouth SURVIVE REGION FAILURE PLACEMENT RESTRICTED SECONDARY REGION \"eu-west-1\"",
        &err));
    assert_string_equal(d.name, "My-DB \"q\"");
    assert_string_equal(d.secondary_region, "eu-west-1");
    assert_true(d.survives_region && d.restricted);
    showcreate_database_free(&d);
    assert_true(showcreate_database_parse(&d, "CREATE DATABASE defaultdb", &err));
    assert_string_equal(d.primary_region, "");
    showcreate_database_free(&d);
}

/* ---- splitter ---- */

static void expect(struct splitter *s, const char *statement) {
    char *got = NULL;
    assert_true(splitter_next(s, &got));
    assert_string_equal(got, statement);
    free(got);
}

static void feed(struct splitter *s, const char *text) {
    splitter_feed(s, text, strlen(text));
}

static const char hostile[] =
    "SELECT 1; ; -- a; comment\n /* block ; /* nested ; */ */ SELECT ';', e'\\';', \"a;\"\"b\";\n"
    "SELECT $$a;b$$, $x$ $$ ; $x$, a$1;SELECT 'it''s;' , b'\\';'; SELECT 1 -- end\n; SELECT (1;2);";

static const char *const hostile_statements[] = {
    "SELECT 1", "SELECT ';', e'\\';', \"a;\"\"b\"", "SELECT $$a;b$$, $x$ $$ ; $x$, a$1",
    "SELECT 'it''s;' , b'\\';'", "SELECT 1 -- end", "SELECT (1", "2)",
};

static void test_splitter(void **state) {
    (void)state;
    struct splitter s = {0};
    char *none = NULL;
    feed(&s, hostile);
    for (size_t i = 0; i < sizeof hostile_statements / sizeof *hostile_statements; i++)
        expect(&s, hostile_statements[i]);
    assert_false(splitter_next(&s, &none));
    splitter_free(&s);
}

/* A tag as long as there is room for, and longer ones. */
static void test_splitter_tags(void **state) {
    (void)state;
    for (int n = 55; n < 80; n++) {
        struct splitter s = {0};
        char *got;
        char *tag = mem_printf("$%0*d$", n, 0);
        tag[1] = 'a';
        char *sql = mem_printf("SELECT %sx%s;", tag, tag);
        feed(&s, sql);
        assert_true(splitter_next(&s, &got));
        assert_int_equal(strlen(got), strlen(sql) - 1);
        free(got);
        free(sql);
        free(tag);
        splitter_free(&s);
    }
}

static void test_splitter_bytewise(void **state) {
    (void)state;
    struct splitter s = {0};
    size_t n = 0;
    for (const char *p = hostile; *p; p++) {
        char *got = NULL;
        splitter_feed(&s, p, 1);
        while (splitter_next(&s, &got)) {
            assert_string_equal(got, hostile_statements[n++]);
            free(got);
        }
    }
    assert_int_equal(n, sizeof hostile_statements / sizeof *hostile_statements);
    assert_null(splitter_rest(&s));
    splitter_free(&s);
}

static void test_splitter_states(void **state) {
    (void)state;
    static const struct { const char *text; enum splitter_state state; const char *rest; } rows[] = {
        {"", SPLITTER_EMPTY, NULL},
        {" -- only a comment\n", SPLITTER_EMPTY, NULL},
        {" -- only a comment", SPLITTER_EMPTY, NULL},
        {"SELECT 1\n", SPLITTER_STATEMENT, "SELECT 1"},
        {"SELECT 'a\n", SPLITTER_STRING, "SELECT 'a"},
        {"SELECT \"a\n", SPLITTER_IDENTIFIER, "SELECT \"a"},
        {"SELECT $$a\n", SPLITTER_DOLLAR, "SELECT $$a"},
        {"SELECT /* a\n", SPLITTER_COMMENT, "SELECT /* a"},
        {"/* a\n", SPLITTER_COMMENT, NULL},
        {"CREATE TABLE t (\n", SPLITTER_PARENTHESIS, "CREATE TABLE t ("},
        {"  SELECT 1 -\n", SPLITTER_STATEMENT, "SELECT 1 -"},
        {"SELECT 1 -", SPLITTER_STATEMENT, "SELECT 1 -"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct splitter s = {0};
        char *got = NULL;
        feed(&s, rows[i].text);
        assert_false(splitter_next(&s, &got));
        assert_int_equal(splitter_state(&s), rows[i].state);
        got = splitter_rest(&s);
        if (rows[i].rest)
            assert_string_equal(got, rows[i].rest);
        else
            assert_null(got);
        free(got);
        assert_int_equal(splitter_state(&s), SPLITTER_EMPTY);
        splitter_free(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded_case),     cmocka_unit_test(test_case_forms),
        cmocka_unit_test(test_case_cannot_tell),  cmocka_unit_test(test_recorded_tables),
        cmocka_unit_test(test_table_forms),       cmocka_unit_test(test_databases),
        cmocka_unit_test(test_splitter),          cmocka_unit_test(test_splitter_bytewise),
        cmocka_unit_test(test_splitter_tags),
        cmocka_unit_test(test_splitter_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
