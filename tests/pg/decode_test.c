/* decode_test: PostgreSQL's text formats, well formed and not. */
#include "domicile/pg/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The elements joined by '|', NULL as "(null)"; "refused" when it is no array. */
static void array(const char *text, const char *want) {
    struct pg_texts v = {0};
    char got[256] = "";
    if (!pg_decode_array(&v, text)) {
        assert_int_equal(v.len, 0);
        assert_string_equal("refused", want);
        return;
    }
    for (size_t i = 0; i < v.len; i++) {
        strncat(got, i ? "|" : "", sizeof got - strlen(got) - 1);
        strncat(got, v.items[i] ? v.items[i] : "(null)", sizeof got - strlen(got) - 1);
    }
    assert_string_equal(got, want);
    pg_texts_free(&v);
}

static void arrays(void **state) {
    (void)state;
    array("{}", "");
    array("{a}", "a");
    array("{a,b c,\"d,e\",\"f\\\"g\",\"\\\\h\"}", "a|b c|d,e|f\"g|\\h");
    array("{NULL,\"NULL\",null}", "(null)|NULL|(null)");
    array("{\"\"}", "");
    array("{\"cloud=azure,region=uksouth\"}", "cloud=azure,region=uksouth");
    array("", "refused");
    array("a,b", "refused");
    array("{", "refused");
    array("{a", "refused");
    array("{a,", "refused");
    array("{a}b", "refused");
    array("{\"a}", "refused");
    array("{\"a\"b}", "refused");
    array("{\"a\\", "refused");
    array("{{1,2},{3,4}}", "refused");
    array(NULL, "refused");
}

static void ints(const char *text, bool ok, size_t len, int64_t last) {
    struct pg_ints v = {0};
    assert_int_equal(pg_decode_ints(&v, text), ok);
    assert_int_equal(v.len, ok ? len : 0);
    if (ok && len)
        assert_int_equal(v.items[len - 1], last);
    pg_ints_free(&v);
}

static void arrays_of_integers(void **state) {
    (void)state;
    ints("{}", true, 0, 0);
    ints("{1,2,9223372036854775807}", true, 3, INT64_MAX);
    ints("{-9223372036854775808}", true, 1, INT64_MIN);
    ints("{9223372036854775808}", false, 0, 0);
    ints("{1,NULL}", false, 0, 0);
    ints("{1,x}", false, 0, 0);
    ints("{1,}", false, 0, 0);
    ints("{ 1}", false, 0, 0);
    ints(NULL, false, 0, 0);
}

static void scalars(void **state) {
    int64_t i = 5;
    bool b = false;
    (void)state;
    assert_true(pg_decode_int(&i, "-12"));
    assert_int_equal(i, -12);
    static const char *const no_int[] = {"", " 1", "1 ", "1.0", "0x1", "abc", "99999999999999999999"};
    for (size_t k = 0; k < sizeof no_int / sizeof *no_int; k++)
        assert_false(pg_decode_int(&i, no_int[k]));
    assert_false(pg_decode_int(&i, NULL));
    assert_int_equal(i, -12);
    assert_true(pg_decode_bool(&b, "t") && b);
    assert_true(pg_decode_bool(&b, "false") && !b);
    assert_true(pg_decode_bool(&b, "on") && b);
    assert_false(pg_decode_bool(&b, "T"));
    assert_false(pg_decode_bool(&b, ""));
    assert_false(pg_decode_bool(&b, NULL));
}

static void bytes(const char *text, const char *want, size_t n) {
    unsigned char *got = NULL;
    size_t len = 0;
    bool ok = pg_decode_bytea(&got, &len, text);
    assert_int_equal(ok, want != NULL);
    if (!ok)
        return;
    assert_int_equal(len, n);
    assert_memory_equal(got, want, n);
    free(got);
}

static void byte_strings(void **state) {
    (void)state;
    bytes("\\xf28c", "\xf2\x8c", 2);
    bytes("\\xF28C", "\xf2\x8c", 2);
    bytes("\\x", "", 0);
    bytes("\\xf", NULL, 0);
    bytes("\\xzz", NULL, 0);
    bytes("abc", "abc", 3);
    bytes("\\000\\\\x", "\0\\x", 3);
    bytes("\\12", NULL, 0);
    bytes("a\\", NULL, 0);
    bytes("", "", 0);
    bytes(NULL, NULL, 0);
}

static void moment(const char *text, bool ok, int64_t want) {
    int64_t got = -1;
    assert_int_equal(pg_decode_timestamp(&got, text), ok);
    assert_int_equal(got, ok ? want : -1);
}

static void moments(void **state) {
    (void)state;
    moment("1970-01-01 00:00:00+00", true, 0);
    moment("1970-01-01 00:00:00", true, 0);
    moment("1969-12-31 23:59:59.5+00", true, -500000);
    moment("2026-11-23 17:51:25.86994+00", true, 1795456285869940);
    moment("2026-11-23T17:51:25.86994Z", true, 1795456285869940);
    moment("2026-11-23 18:51:25.86994+01", true, 1795456285869940);
    moment("2026-11-23 14:21:25.86994-03:30", true, 1795456285869940);
    moment("2024-02-29 00:00:00+00:00", true, 1709164800000000);
    moment("2026-11-23 17:51:25.123456789+00", true, 1795456285123456);
    moment("infinity", false, 0);
    moment("2026-11-23", false, 0);
    moment("2026-13-23 17:51:25", false, 0);
    moment("2026-11-23 25:51:25", false, 0);
    moment("2026-11-23 17:51:25 BC", false, 0);
    moment("2026-11-23 17:51:25+", false, 0);
    moment("", false, 0);
    moment(NULL, false, 0);
}

static void span(const char *text, bool ok, int64_t want) {
    int64_t got = -1;
    assert_int_equal(pg_decode_interval(&got, text), ok);
    assert_int_equal(got, ok ? want : -1);
}

static void spans(void **state) {
    (void)state;
    span("00:01:00", true, 60000000);
    span("1 day 02:00:00", true, 93600000000);
    span("-00:00:01.5", true, -1500000);
    span("1m0s", true, 60000000);
    span("5s", true, 5000000);
    span("1.5s", true, 1500000);
    span("100ms", true, 100000);
    span("1h30m", true, 5400000000);
    span("2 mons -3 days", true, (60 - 3) * 86400000000);
    span("", false, 0);
    span("  ", false, 0);
    span("5", false, 0);
    span("five seconds", false, 0);
    span("1 parsec", false, 0);
    span("9999999999s", false, 0);
    span("999999999 years", false, 0);
    span("999999999.9 years", false, 0);
    span("999999999:00:00 999999999:00:00 999999999:00:00", false, 0);
    span(NULL, false, 0);
}

/* Any text at all: it must answer, and leave nothing behind. */
static void noise(void **state) {
    static const char alphabet[] = "{}\",\\N0123456789:-+. xfTZsdaymNULL";
    uint32_t seed = 42;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[40];
        size_t n = (size_t)round % (sizeof text - 1);
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        text[n] = '\0';
        struct pg_texts texts = {0};
        struct pg_ints numbers = {0};
        unsigned char *raw;
        size_t len;
        int64_t i;
        if (pg_decode_array(&texts, text))
            assert_int_equal(text[0], '{');
        pg_decode_ints(&numbers, text);
        pg_decode_timestamp(&i, text);
        pg_decode_interval(&i, text);
        if (pg_decode_bytea(&raw, &len, text)) {
            assert_true(len <= n);
            free(raw);
        }
        pg_texts_free(&texts);
        pg_ints_free(&numbers);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays),
        cmocka_unit_test(arrays_of_integers),
        cmocka_unit_test(scalars),
        cmocka_unit_test(byte_strings),
        cmocka_unit_test(moments),
        cmocka_unit_test(spans),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
