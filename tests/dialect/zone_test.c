/* zone_test: every zone configuration of the recorded answers is read and printed back byte for byte. */
#include "domicile/dialect/zone.h"

#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The end of options that begin at text: where a line does not end in a comma. */
static const char *options_end(const char *text) {
    for (const char *p = text;; p++) {
        bool quoted = false;
        for (; *p && (quoted || (*p != '\n' && *p != '|')); p++)
            quoted = *p == '\'' ? !quoted : quoted;
        if (*p != '\n' || p == text || p[-1] != ',')
            return p;
    }
}

static int statements;
static int partitions;

static void round_trip(const char *name, const char *text, size_t len, bool whole) {
    char *sql = mem_strndup(text, len);
    char *target = NULL;
    struct zone z = {0};
    struct err err = {0};
    if (!zone_parse(&z, &target, sql, &err))
        fail_msg("%s: %s in %s", name, err.message, sql);
    struct str out = {0};
    if (whole)
        zone_print(&out, &z, target);
    else
        zone_print_options(&out, &z, "");
    assert_string_equal(str_get(&out), sql);
    str_free(&out);
    zone_free(&z);
    free(target);
    free(sql);
}

static void check_statements(const char *name, const char *text) {
    static const char middle[] = " CONFIGURE ZONE USING\n\t";
    for (const char *p = text; (p = strstr(p, middle)); p++) {
        const char *begin = p;
        while (strncmp(begin, "ALTER ", 6) != 0)
            begin--;
        const char *end = options_end(strchr(p, '\n') + 1);
        round_trip(name, begin, (size_t)(end - begin), true);
        statements++;
    }
}

static void check_partitions(const char *name, const char *text) {
    static const char *const first[] = {"|range_min_bytes = ", "|num_voters = ", "|num_replicas = "};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        for (const char *p = text; (p = strstr(p, first[i])); p++) {
            round_trip(name, p + 1, (size_t)(options_end(p + 1) - p - 1), false);
            partitions++;
        }
}

static void check_file(const char *name, const char *text, void *context) {
    (void)context;
    check_statements(name, text);
    check_partitions(name, text);
}

static void test_recorded(void **state) {
    (void)state;
    files_each(check_file, NULL);
    assert_true(statements > 150);
    assert_true(partitions > 50);
}

static void print_constraints(const char *text, const char *expected) {
    struct zone_conjunctions list = {0};
    struct err err = {0};
    assert_true(zone_parse_constraints(&list, text, &err));
    struct str out = {0};
    zone_print_conjunctions(&out, &list);
    assert_string_equal(str_get(&out), expected);
    str_free(&out);
    for (size_t i = 0; i < list.len; i++) {
        for (size_t m = 0; m < list.items[i].members.len; m++) {
            free(list.items[i].members.items[m].key);
            free(list.items[i].members.items[m].value);
        }
        vec_free(&list.items[i].members);
    }
    vec_free(&list);
}

static void test_constraints(void **state) {
    (void)state;
    print_constraints("[]", "[]");
    print_constraints("", "[]");
    print_constraints("{}", "[]");
    print_constraints("[ +region=a , -ssd ]", "[+region=a, -ssd]");
    print_constraints("[\"+region=a\"]", "[+region=a]");
    print_constraints("{\"+region=b,+ssd\": 2, +region=a: 1}", "{+region=a: 1, '+region=b,+ssd': 2}");
    print_constraints("{'+region=a:b': 1}", "{+region=a:b: 1}");
}

static void test_bad_constraints(void **state) {
    (void)state;
    static const char *const bad[] = {
        "[",    "region=a", "[region=a]", "{+region=a}", "{+region=a: x}", "{+region=a: 0}", "[+region=a] x",
        "['+a", "[+]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zone_conjunctions list = {0};
        struct err err = {0};
        assert_false(zone_parse_constraints(&list, bad[i], &err));
        assert_true(*err.message);
        assert_int_equal(list.len, 0);
    }
}

static void test_bad_statements(void **state) {
    (void)state;
    static const char *const bad[] = {
        "ALTER DATABASE d",
        "num_replicas = 3 num_voters = 3",
        "num_replicas = x",
        "what = 3",
        "num_replicas",
        "ALTER TABLE t CONFIGURE ZONE",
        "lease_preferences = '[+region=a]'",
        "global_reads = 1",
        "constraints = 3",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zone z = {0};
        struct err err = {0};
        char *target = NULL;
        assert_false(zone_parse(&z, &target, bad[i], &err));
        assert_true(*err.message);
        assert_null(target);
    }
}

static void test_inherit(void **state) {
    (void)state;
    struct zone child = {0}, parent = {0}, copy = {0};
    struct err err = {0};
    assert_true(zone_parse(&child, NULL, "num_voters = 3, voter_constraints = '[+region=a]'", &err));
    assert_true(
        zone_parse(&parent, NULL, "num_replicas = 5, num_voters = 5, constraints = '{+region=b: 1}'", &err));
    zone_inherit(&child, &parent);
    assert_int_equal(child.num_replicas, 5);
    assert_int_equal(zone_wanted_voters(&child), 3);
    assert_int_equal(zone_wanted_non_voters(&child), 2);
    assert_int_equal(child.constraints.len, 1);
    zone_copy(&copy, &child);
    assert_true(zone_equal(&copy, &child));
    copy.voter_constraints.items[0].members.items[0].value[0] = 'z';
    assert_false(zone_equal(&copy, &child));
    zone_free(&child);
    zone_free(&parent);
    zone_free(&copy);
}

static void test_special_forms(void **state) {
    (void)state;
    struct zone z = {0};
    struct err err = {0};
    char *target = NULL;
    assert_true(zone_parse(&z, &target, "ALTER TABLE t CONFIGURE ZONE DISCARD;", &err));
    assert_string_equal(target, "TABLE t");
    assert_int_equal(z.set, 0);
    free(target);
    assert_true(zone_parse(&z, &target,
                           "alter database d configure zone using \"gc.ttlseconds\" = 10,"
                           "num_replicas = COPY FROM PARENT, constraints = e'{\\'+region=a,+b\\': 1}'",
                           &err));
    assert_int_equal(z.set, ZONE_GC_TTLSECONDS | ZONE_CONSTRAINTS);
    struct str out = {0};
    zone_print_options(&out, &z, "\t");
    assert_string_equal(str_get(&out), "\tgc.ttlseconds = 10,\n\tconstraints = e'{\\'+region=a,+b\\': 1}'");
    str_clear(&out);
    zone_print_report_name(&out, &z.constraints.items[0]);
    assert_string_equal(str_get(&out), "+region=a,+b:1");
    str_free(&out);
    free(target);
    zone_free(&z);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recorded),        cmocka_unit_test(test_constraints),
        cmocka_unit_test(test_bad_constraints), cmocka_unit_test(test_bad_statements),
        cmocka_unit_test(test_inherit),         cmocka_unit_test(test_special_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
