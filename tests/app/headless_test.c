/* headless_test: the commands for scripts, against recordings: what they print and how they exit. */
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "support/fake.h"
#include "support/server.h"
#include "survey/scenes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

static const struct recorded_row healthy[] = {
    SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
};
static const struct recorded_row without_ranges[] = {
    {"ranges", NULL, NULL, NULL, NULL, "42501",
        "only users with the ZONECONFIG privilege or the admin role can read crdb_internal.ranges_no_leases",
        false, false},
    SERVER_22_1,
    TOPOLOGY_22_1,
    CATALOG_22_1,
    REPORT_22_1,
    ROWS_22_1,
    {0},
};

struct ran {
    struct str out; /* stdout and stderr */
    int status;
};

/* Runs the program with a shell's reading of arguments. */
static struct ran run(const char *arguments, bool with_errors) {
    struct ran r = {0};
    char *command = mem_printf(
        "timeout 60 \"$DOMICILE\" %s 2>%s </dev/null", arguments, with_errors ? "&1" : "/dev/null");
    char buffer[4096];
    FILE *f = popen(command, "r");
    assert_non_null(f);
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        str_add_n(&r.out, buffer, n);
    int status = pclose(f);
    r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    free(command);
    return r;
}

static struct ran run_on(const struct recorded *server, const char *arguments, bool with_errors) {
    char *all = mem_printf("%s -d '%s'", arguments, server->conninfo);
    struct ran r = run(all, with_errors);
    free(all);
    return r;
}

/* The array that a command prints as JSON; the caller drops it. */
static json_t *records_of(const struct recorded *server, const char *arguments, int status) {
    char *all = mem_printf("%s --format json", arguments);
    struct ran r = run_on(server, all, false);
    assert_int_equal(r.status, status);
    json_t *list = json_loads(str_get(&r.out), 0, NULL);
    assert_true(json_is_array(list));
    str_free(&r.out);
    free(all);
    return list;
}

static const char *text_at(const json_t *list, size_t i, const char *name) {
    const char *text = json_string_value(json_object_get(json_array_get(list, i), name));
    return text ? text : "(null)";
}

static json_int_t number_at(const json_t *list, size_t i, const char *name) {
    const json_t *value = json_object_get(json_array_get(list, i), name);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static void places(void **state) {
    json_t *list = records_of(*state, "regions", 0);
    assert_int_equal(json_array_size(list), 3);
    assert_string_equal(text_at(list, 0, "region"), "eu-west-1");
    assert_int_equal(number_at(list, 0, "nodes"), 3);
    assert_int_equal(number_at(list, 0, "live_nodes"), 3);
    assert_string_equal(text_at(list, 2, "region"), "uksouth");
    assert_string_equal(text_at(list, 2, "role"), "primary");
    json_decref(list);
    list = records_of(*state, "tables", 0);
    assert_int_equal(json_array_size(list), 4);
    assert_string_equal(text_at(list, 0, "table"), "cockroach_example_customers");
    assert_string_equal(text_at(list, 0, "locality"), "REGIONAL BY ROW AS region");
    json_decref(list);
}

static void ranges(void **state) {
    json_t *all = records_of(*state, "ranges", 0);
    json_t *some = records_of(*state, "ranges cockroach_example_customers", 0);
    assert_true(json_array_size(all) > json_array_size(some));
    assert_true(json_array_size(some) >= 3);
    for (size_t i = 0; i < json_array_size(some); i++) {
        const json_t *tables = json_object_get(json_array_get(some, i), "table");
        assert_string_equal(json_string_value(json_array_get(tables, 0)), "cockroach_example_customers");
        assert_true(json_array_size(json_object_get(json_array_get(some, i), "voters")) >= 3);
    }
    json_decref(all);
    json_decref(some);
}

static void rows(void **state) {
    json_t *list = records_of(*state, "rows cockroach_example_customers", 0);
    assert_true(json_array_size(list) >= 3);
    const json_t *first = json_array_get(list, 0);
    assert_true(json_is_string(json_object_get(json_object_get(first, "values"), "id")));
    assert_true(json_is_integer(json_object_get(first, "range_id")));
    json_decref(list);
    struct ran r = run_on(*state, "rows nonsense", true);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(str_get(&r.out), "there is no table \"nonsense\""));
    str_free(&r.out);
    r = run_on(*state, "check --table nonsense", true); /* 1 would say that something is abroad */
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(str_get(&r.out), "there is no table \"nonsense\""));
    str_free(&r.out);
}

static void both_reports(void **state) {
    json_t *list = records_of(*state, "report", 0);
    size_t n = json_array_size(list);
    assert_string_equal(text_at(list, 0, "source"), "domicile");
    assert_string_equal(text_at(list, n - 1, "source"), "cockroachdb");
    assert_string_equal(text_at(list, n - 1, "target"), "DATABASE django");
    assert_int_equal(number_at(list, n - 1, "ranges"), 10);
    json_decref(list);
}

/* The recorded cluster is under PLACEMENT DEFAULT: it conforms, and its rows have replicas abroad. */
static void the_check_says_no(void **state) {
    json_t *list = records_of(*state, "check", 1);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(text_at(list, 0, "verdict"), "abroad");
    assert_true(number_at(list, 0, "abroad") > 0);
    assert_int_equal(number_at(list, 0, "voters_abroad"), 0);
    assert_true(number_at(list, 0, "non_voters_abroad") > 0);
    json_decref(list);
}

static void formats(void **state) {
    struct ran table = run_on(*state, "tables", false);
    struct ran csv = run_on(*state, "tables --format=csv", false);
    struct ran lines = run_on(*state, "tables --format ndjson", false);
    assert_true(str_starts(str_get(&table.out), "schema  table"));
    assert_true(str_starts(str_get(&csv.out), "schema,table,locality,"));
    assert_true(str_starts(str_get(&lines.out), "{\"schema\":\"public\","));
    str_free(&table.out);
    str_free(&csv.out);
    str_free(&lines.out);
}

static void the_check_cannot_tell_without_ranges(void **state) {
    struct recorded closed = {0};
    (void)state;
    recorded_start(&closed, VERSION_22_1, without_ranges);
    struct ran r = run_on(&closed, "check", true);
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(str_get(&r.out), "cannot tell"));
    str_free(&r.out);
    recorded_stop(&closed);
}

/* An empty list of what may not be read would say that there is nothing. */
static void what_may_not_be_read_is_no_empty_list(void **state) {
    static const struct recorded_row without_tables[] = {
        {"SHOW TABLES", NULL, NULL, NULL, NULL, "42501", "user nobody has no privileges", false, false},
        SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1, {0},
    };
    struct recorded closed = {0};
    (void)state;
    recorded_start(&closed, VERSION_22_1, without_ranges);
    struct ran r = run_on(&closed, "ranges", true);
    assert_int_equal(r.status, 77);
    assert_non_null(strstr(str_get(&r.out), "the ranges could not be read: "));
    str_free(&r.out);
    r = run_on(&closed, "tables", true);
    assert_int_equal(r.status, 0);
    str_free(&r.out);
    recorded_stop(&closed);
    recorded_start(&closed, VERSION_22_1, without_tables);
    r = run_on(&closed, "tables", true);
    assert_int_equal(r.status, 77);
    assert_non_null(strstr(str_get(&r.out), "the catalog could not be read: "));
    str_free(&r.out);
    recorded_stop(&closed);
}

static void no_server(void **state) {
    struct fake f;
    (void)state;
    fake_start(&f, FAKE_HANG_UP);
    char *arguments = mem_printf("check 'postgresql://127.0.0.1:%d/d?sslmode=disable'", f.port);
    struct ran r = run(arguments, true);
    assert_int_equal(r.status, 69);
    assert_true(str_starts(str_get(&r.out), "domicile: "));
    str_free(&r.out);
    fake_stop(&f);
    free(arguments);
}

static void not_a_cockroach(void **state) {
    struct fake f;
    (void)state;
    fake_start(&f, FAKE_POSTGRES);
    char *arguments = mem_printf("check -d 'host=127.0.0.1 port=%d sslmode=disable'", f.port);
    struct ran r = run(arguments, true);
    assert_int_equal(r.status, 69);
    assert_non_null(strstr(str_get(&r.out), "not a CockroachDB"));
    str_free(&r.out);
    fake_stop(&f);
    free(arguments);
}

static void a_wrong_password(void **state) {
    struct fake f;
    (void)state;
    fake_start(&f, FAKE_PASSWORD);
    char *arguments = mem_printf("check 'postgresql://u:s3cret@127.0.0.1:%d/d?sslmode=disable'", f.port);
    struct ran r = run(arguments, true);
    assert_int_equal(r.status, 77);
    assert_null(strstr(str_get(&r.out), "s3cret"));
    str_free(&r.out);
    fake_stop(&f);
    free(arguments);
}

static void wrong_usage(void **state) {
    static const char *const wrong[] = {"rows", "check --format xml", "check --bogus", "check one",
        "check -d", "rows t --ascii=1", "check postgresql://a/b postgresql://c/d"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ran r = run(wrong[i], true);
        assert_int_equal(r.status, 64);
        assert_true(str_starts(str_get(&r.out), "domicile: "));
        str_free(&r.out);
    }
    struct ran r = run("check --help", false);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(str_get(&r.out), "--format FORMAT"));
    str_free(&r.out);
}

/* What a monitoring script sees of the main job: abroad, restricted, draining, home. */
static void the_check_turns_to_yes(void **state) {
    struct server sandbox;
    (void)state;
    server_start(&sandbox, (const char *const[]){"--speed", "20", NULL});
    char *check = mem_printf("check '%s'", sandbox.url);
    struct ran r = run(check, true);
    assert_int_equal(r.status, 1);
    str_free(&r.out);
    free(server_sql(&sandbox, 1, "django",
        "SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT RESTRICTED"));
    for (int i = 0; i < 60 && r.status != 0; i++) {
        usleep(500000);
        r = run(check, true);
        str_free(&r.out);
    }
    assert_int_equal(r.status, 0);
    free(check);
    assert_true(server_stop(&sandbox));
}

/* Runs a command and looks for what it must say, and for what it must not. */
static void says(const struct server *s, const char *command, int status, const char *text, const char *never) {
    char *all = mem_printf("%s -d '%s'", command, s->url);
    struct ran r = run(all, true);
    if (r.status != status || !strstr(str_get(&r.out), text) || strstr(str_get(&r.out), never))
        fail_msg("%s: %d, %s", command, r.status, str_get(&r.out));
    str_free(&r.out);
    free(all);
}

/* Two schemas with a table of one name: neither is taken for the other. */
static void tables_of_one_name(void **state) {
    static const char refused[] = "public.dup, s2.dup";
    struct server sandbox;
    (void)state;
    server_start(&sandbox, (const char *const[]){"--speed", "20", NULL});
    free(server_sql(&sandbox, 1, "django", "CREATE SCHEMA s2"));
    free(server_sql(&sandbox, 1, "django", "CREATE TABLE public.dup (a STRING PRIMARY KEY) LOCALITY GLOBAL"));
    free(server_sql(&sandbox, 1, "django", "CREATE TABLE s2.dup (a STRING PRIMARY KEY) LOCALITY REGIONAL BY TABLE"));
    free(server_sql(&sandbox, 1, "django", "INSERT INTO public.dup VALUES ('first')"));
    free(server_sql(&sandbox, 1, "django", "INSERT INTO s2.dup VALUES ('second')"));
    says(&sandbox, "check --table dup", 2, refused, "cannot tell");
    says(&sandbox, "rows dup", 1, refused, "first");
    says(&sandbox, "ranges dup", 1, refused, "leaseholder");
    says(&sandbox, "passport dup first", 1, refused, "GLOBAL");
    says(&sandbox, "insert dup a=third --yes", 1, refused, "landed");
    says(&sandbox, "check --table public.dup", 2, "cannot tell", "of s2.dup are");
    says(&sandbox, "check --table s2.dup", 1, "of s2.dup are outside", "cannot tell");
    says(&sandbox, "rows public.dup", 0, "first", "second");
    says(&sandbox, "rows s2.dup", 0, "second", "first");
    says(&sandbox, "passport s2.dup second", 0, "dup_pkey", "first");
    says(&sandbox, "insert s2.dup a=third --yes", 0, "third", "first");
    says(&sandbox, "rows s2.dup", 0, "third", "first");
    says(&sandbox, "rows public.dup", 0, "first", "third");
    char *evidence = mem_printf("evidence --count --format json -d '%s'", sandbox.url);
    struct ran r = run(evidence, false);
    json_t *content = json_loads(str_get(&r.out), 0, NULL), *t;
    int seen = 0;
    size_t i;
    json_array_foreach(json_object_get(json_object_get(content, "content"), "tables"), i, t) {
        if (strcmp(json_string_value(json_object_get(t, "table")), "dup") != 0)
            continue;
        seen++;
        assert_int_equal(json_array_size(json_object_get(t, "counted_rows")), 1);
    }
    assert_int_equal(seen, 2);
    json_decref(content);
    str_free(&r.out);
    free(evidence);
    assert_true(server_stop(&sandbox));
}

static int start(void **state) {
    static struct recorded server;
    recorded_start(&server, VERSION_22_1, healthy);
    *state = &server;
    return 0;
}

static int stop(void **state) {
    recorded_stop(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(ranges),
        cmocka_unit_test(rows),
        cmocka_unit_test(both_reports),
        cmocka_unit_test(the_check_says_no),
        cmocka_unit_test(formats),
        cmocka_unit_test(the_check_cannot_tell_without_ranges),
        cmocka_unit_test(what_may_not_be_read_is_no_empty_list),
        cmocka_unit_test(no_server),
        cmocka_unit_test(not_a_cockroach),
        cmocka_unit_test(a_wrong_password),
        cmocka_unit_test(wrong_usage),
        cmocka_unit_test(the_check_turns_to_yes),
        cmocka_unit_test(tables_of_one_name),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
