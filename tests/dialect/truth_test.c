/* truth_test: every statement that was sent to the recorded clusters parses, and those that the clusters
 * refused as syntax errors are refused in the same words. */
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/dialect/parser.h"

#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int parsed;
static int refused;
static int wrong;

static int version_of(const char *name) {
    return strncmp(name, "22.1", 4) == 0 ? DIALECT_22_1 : DIALECT_26_1;
}

/* The error as psql prints it, without LOCATION. */
static char *error_text(const struct parse_error *err) {
    struct str out = {0};
    str_add_f(&out, "ERROR:  %s: %s\n", err->sqlstate, err->message);
    if (err->detail)
        str_add_f(&out, "DETAIL:  %s\n", err->detail);
    if (err->hint)
        str_add_f(&out, "HINT:  %s\n", err->hint);
    return str_take(&out);
}

/* answer is the recorded text that follows the statement. */
static void check_statement(const char *name, const char *sql, const char *answer) {
    struct arena *arena = arena_new();
    struct ast_stmts stmts;
    struct parse_error err = {0};
    bool ok = parser_parse(arena, sql, strlen(sql), version_of(name), &stmts, &err);
    const char *error = strstr(answer, "ERROR:  42601: ");
    bool expected = error && strstr(answer, "syntax error");
    if (ok && expected) {
        print_message("%s: not refused: %s\n", name, sql);
        wrong++;
    } else if (!ok) {
        char *text = error_text(&err);
        if (!expected || strncmp(error, text, strlen(text)) != 0
            || strncmp(error + strlen(text), "LOCATION", 8) != 0) {
            print_message("%s: %s\n  gave %s\n", name, sql, text);
            wrong++;
        } else {
            refused++;
        }
        free(text);
    } else {
        parsed++;
    }
    arena_free(arena);
}

/* From the second line to the line of dashes. */
static void check_single(const char *name, const char *text) {
    const char *begin = strchr(text, '\n') + 1;
    const char *end = strncmp(begin, "---", 3) == 0 ? NULL : strstr(begin, "\n---");
    if (!end)
        return;
    char *sql = mem_strndup(begin, (size_t)(end - begin));
    const char *form = strstr(end, "\n--- -A");
    char *answer = form ? mem_strndup(end, (size_t)(form - end)) : mem_strdup(end);
    if (*sql != '\\')
        check_statement(name, sql, answer);
    free(answer);
    free(sql);
}

/* psql -a echoes each line: those that end in ';' and begin with a capital are statements. */
static void check_session(const char *name, const char *text) {
    for (const char *line = text; line && *line;) {
        const char *end = strchr(line, '\n');
        size_t n = end ? (size_t)(end - line) : strlen(line);
        if (n > 1 && *line >= 'A' && *line <= 'Z' && line[n - 1] == ';') {
            char *sql = mem_strndup(line, n);
            check_statement(name, sql, "");
            free(sql);
        }
        line = end ? end + 1 : NULL;
    }
}

static void check_file(const char *name, const char *text, void *context) {
    (void)context;
    const char *base = strrchr(name, '/') + 1;
    if (strstr(name, ".sql")) {
        check_statement(name, text, "");
        return;
    }
    const char *line_end = strchr(text, '\n');
    const char *user = strstr(text, " user ");
    if (strncmp(text, "=> ", 3) != 0 || !user || user > line_end || strncmp(base, "4-psql", 6) == 0)
        return;
    if (strstr(text, "(one session)") && strstr(text, "(one session)") < line_end)
        check_session(name, line_end + 1);
    else
        check_single(name, text);
}

static void test_truth(void **state) {
    (void)state;
    files_each(check_file, NULL);
    print_message("%d statements parsed, %d refused as recorded\n", parsed, refused);
    assert_int_equal(wrong, 0);
    assert_true(parsed > 600);
    assert_true(refused >= 6);
}

/* What psql's \d and \df send, refused by both versions at the dot of a collation's name. */
static void test_psql_describe(void **state) {
    (void)state;
    static const char sql[] = "SELECT c.oid,\n  n.nspname,\n  c.relname\nFROM pg_catalog.pg_class c\n"
                              "     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
                              "WHERE c.relname OPERATOR(pg_catalog.~) '^(cockroach_example_customers)$' "
                              "COLLATE pg_catalog.default\n"
                              "  AND pg_catalog.pg_table_is_visible(c.oid)\nORDER BY 2, 3;";
    char *recorded = files_read("26.1/4-psql-backslash.txt");
    assert_non_null(recorded);
    struct arena *arena = arena_new();
    struct ast_stmts stmts;
    struct parse_error err = {0};
    assert_false(parser_parse(arena, sql, strlen(sql), DIALECT_26_1, &stmts, &err));
    char *text = error_text(&err);
    char *lines = strchr(recorded, '\n') + 1;
    assert_memory_equal(lines, text, strlen(text));
    free(text);
    free(recorded);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_truth), cmocka_unit_test(test_psql_describe)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
