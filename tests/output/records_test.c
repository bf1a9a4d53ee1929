/* records_test: the same records as a table, JSON, ndjson and CSV; hostile values in each. */
#include "domicile/output/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void fill(struct records *r) {
    records_add_field(r, "id")->identifier = true;
    records_add_field(r, "n");
    records_add_field(r, "voters");
    records_add_field(r, "verdict")->nested = true;
    json_t *a = records_add(r);
    record_set(a, "id", record_text("0f9d2c41-aaaa-bbbb-cccc-0000000000a1"));
    record_set(a, "n", json_integer(7));
    record_set(a, "voters", json_pack("[s,s]", "n1", "n4"));
    record_set_nested(a, "verdict", record_text("a \"b\",\nc"));
    json_t *b = records_add(r);
    record_set(b, "id", record_text("\033[2J\x9b\xff"));
    record_set(b, "n", json_integer(1234));
    record_set_nested(b, "verdict", json_true());
}

static void expect(enum output_format format, int width, bool tty, bool ascii, const char *want) {
    struct records r = {0};
    struct str out = {0};
    fill(&r);
    struct output_style style = {.format = format, .width = width, .tty = tty, .ascii = ascii};
    records_print(&out, &r, &style);
    assert_string_equal(str_get(&out), want);
    str_free(&out);
    records_free(&r);
}

#define U "\xef\xbf\xbd"

static void tables(void **state) {
    (void)state;
    expect(OUTPUT_TABLE, 0, false, false,
        "id                                       n  voters  verdict\n"
        "0f9d2c41-aaaa-bbbb-cccc-0000000000a1     7  n1 n4   a \"b\",⏎c\n"
        "^[[2J" U U "                               1234          true\n");
    expect(OUTPUT_TABLE, 36, true, true,
        "id               n  voters  verdict\n"
        "0f9d2c41~0a1     7  n1 n4   a \"b\",⏎c\n"
        "^[[2J" U U "       1234          true\n");
    /* Narrower than it can be: it is as narrow as it may be. */
    expect(OUTPUT_TABLE, 10, true, false,
        "id       n  vot…  ver…\n"
        "0f…1     7  n1 …  a \"…\n"
        "^[…" U "  1234        true\n");
}

static void json(void **state) {
    (void)state;
    expect(OUTPUT_JSON, 0, false, false,
        "[\n {\"id\":\"0f9d2c41-aaaa-bbbb-cccc-0000000000a1\",\"n\":7,\"voters\":[\"n1\",\"n4\"],"
        "\"values\":{\"verdict\":\"a \\\"b\\\",\\nc\"}},\n"
        " {\"id\":\"\\u001B[2J" U U "\",\"n\":1234,\"voters\":null,\"values\":{\"verdict\":true}}\n]\n");
    expect(OUTPUT_NDJSON, 0, true, false,
        "{\"id\":\"0f9d2c41-aaaa-bbbb-cccc-0000000000a1\",\"n\":7,\"voters\":[\"n1\",\"n4\"],"
        "\"values\":{\"verdict\":\"a \\\"b\\\",\\nc\"}}\n"
        "{\"id\":\"\\u001B[2J\\uFFFD\\uFFFD\",\"n\":1234,\"voters\":null,\"values\":{\"verdict\":true}}\n");
}

static void csv(void **state) {
    (void)state;
    expect(OUTPUT_CSV, 0, false, false,
        "id,n,voters,verdict\n"
        "0f9d2c41-aaaa-bbbb-cccc-0000000000a1,7,n1 n4,\"a \"\"b\"\",\nc\"\n"
        "^[[2J" U U ",1234,,true\n"); /* it may be opened in a terminal later */
    expect(OUTPUT_CSV, 0, true, false,
        "id,n,voters,verdict\n"
        "0f9d2c41-aaaa-bbbb-cccc-0000000000a1,7,n1 n4,\"a \"\"b\"\",⏎c\"\n"
        "^[[2J" U U ",1234,,true\n");
}

static void nothing(void **state) {
    struct records r = {0};
    struct str out = {0};
    struct output_style style = {.format = OUTPUT_JSON};
    (void)state;
    records_add_field(&r, "id");
    records_print(&out, &r, &style);
    assert_string_equal(str_get(&out), "[]\n");
    str_clear(&out);
    style.format = OUTPUT_NDJSON;
    records_print(&out, &r, &style);
    assert_string_equal(str_get(&out), "");
    style.format = OUTPUT_TABLE;
    records_print(&out, &r, &style);
    assert_string_equal(str_get(&out), "id\n");
    str_free(&out);
    records_free(&r);
}

static void formats_have_names(void **state) {
    enum output_format f = OUTPUT_TABLE;
    struct err err = {0};
    (void)state;
    assert_true(output_format_parse(&f, "ndjson", &err));
    assert_int_equal(f, OUTPUT_NDJSON);
    assert_false(output_format_parse(&f, "xml", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.hint, "csv"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables),
        cmocka_unit_test(json),
        cmocka_unit_test(csv),
        cmocka_unit_test(nothing),
        cmocka_unit_test(formats_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
