/* functions_convert: casts: from text to every other type. */
#include "decimal.h"
#include "functions.h"
#include "protobuf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void to_bool(sqlite3_context *c, int n, sqlite3_value **v) {
    static const char *const yes[] = {"t", "true", "on", "yes", "y", "1"}, *const no[] = {"f", "false",
        "off", "no", "n", "0"};
    if (fn_null(n, v))
        return;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (str_eq_nocase(fn_text(v[0]), yes[i])) {
            sqlite3_result_int(c, 1);
            return;
        }
        if (str_eq_nocase(fn_text(v[0]), no[i])) {
            sqlite3_result_int(c, 0);
            return;
        }
    }
    fn_fail(c, "22P02", "could not parse \"%s\" as type bool: invalid bool value", fn_text(v[0]));
}

static void to_int(sqlite3_context *c, int n, sqlite3_value **v) {
    char *end;
    if (fn_null(n, v))
        return;
    const char *s = fn_text(v[0]);
    errno = 0;
    const long long i = strtoll(s, &end, 10);
    if (errno == ERANGE)
        fn_fail(c, "22003", "could not parse \"%s\" as type int: strconv.ParseInt: parsing \"%s\": value out of range",
            s, s);
    else if (end == s || end[strspn(end, " ")])
        fn_fail(c, "22P02", "could not parse \"%s\" as type int: strconv.ParseInt: parsing \"%s\": "
            "invalid syntax", s, s);
    else
        sqlite3_result_int64(c, i);
}

static void to_float(sqlite3_context *c, int n, sqlite3_value **v) {
    char *end;
    if (fn_null(n, v))
        return;
    const double d = strtod(fn_text(v[0]), &end);
    if (end == fn_text(v[0]) || *end)
        fn_fail(c, "22P02", "could not parse \"%s\" as type float: strconv.ParseFloat: parsing \"%s\": "
            "invalid syntax",
            fn_text(v[0]), fn_text(v[0]));
    else
        sqlite3_result_double(c, d);
}

static void to_decimal(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct decimal d = decimal_parse(fn_text(v[0]));
    if (d.bad) {
        fn_fail(c, "22P02", "could not parse \"%s\" as type decimal", fn_text(v[0]));
        return;
    }
    const int scale = sqlite3_value_int(v[1]);
    if (scale >= 0)
        d = decimal_round(d, scale, 0);
    fn_give(c, decimal_print(d));
}

/* A text that must fit a column's width. */
static void fit_text(sqlite3_context *c, int n, sqlite3_value **v) {
    int length = 0;
    if (fn_null(n, v))
        return;
    for (const char *p = fn_text(v[0]); *p; p++)
        length += ((unsigned char)*p & 0xc0) != 0x80;
    if (length > sqlite3_value_int(v[1]))
        fn_fail(c, "22001", "value too long for type VARCHAR(%d)", sqlite3_value_int(v[1]));
    else
        sqlite3_result_value(c, v[0]);
}

static void to_uuid(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    int digits = 0;
    if (fn_null(n, v))
        return;
    const char *given = fn_text(v[0]);
    for (const char *p = given; *p; p++) {
        if (isxdigit((unsigned char)*p)) {
            if (digits == 8 || digits == 12 || digits == 16 || digits == 20)
                str_add_char(&s, '-');
            str_add_char(&s, (char)tolower((unsigned char)*p));
            digits++;
        } else if (*p != '-' && *p != '{' && *p != '}') {
            digits = -1000;
        }
    }
    if (digits == 32) {
        fn_give(c, str_take(&s));
        return;
    }
    str_free(&s);
    fn_fail(c, "22P02", "could not parse \"%s\" as type uuid: uuid: incorrect UUID length: %s", given, given);
}

static void to_bytes(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *s = fn_text(v[0]);
    if (str_starts(s, "\\x")) {
        sqlite3_result_value(c, v[0]);
        return;
    }
    struct str out = {0};
    str_add(&out, "\\x");
    for (; *s; s++)
        str_add_f(&out, "%02x", (unsigned char)*s);
    fn_give(c, str_take(&out));
}

/* The bytes of "\\x…". */
static void read_hex(struct str *out, const char *hex) {
    hex += str_starts(hex, "\\x") ? 2 : 0;
    for (; hex[0] && hex[1]; hex += 2) {
        const char pair[3] = {hex[0], hex[1], '\0'};
        str_add_char(out, (char)strtoul(pair, NULL, 16));
    }
}

static void encode_bytes(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *bytes = fn_text(v[0]);
    if (!str_eq(fn_text(v[1]), "hex")) {
        fn_fail(c, "0A000", "encode() into \"%s\" is not supported by this sandbox", fn_text(v[1]));
        return;
    }
    fn_give(c, mem_strdup(bytes + (str_starts(bytes, "\\x") ? 2 : 0)));
}

static void pb_to_json(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str bytes = {0};
    struct str out = {0};
    if (fn_null(n, v))
        return;
    read_hex(&bytes, fn_text(v[1]));
    if (protobuf_to_json(&out, fn_text(v[0]), (const unsigned char *)str_get(&bytes), bytes.len))
        fn_give(c, str_take(&out));
    else
        fn_fail(c, "0A000", "messages of type %s are not supported by this sandbox", fn_text(v[0]));
    str_free(&bytes);
    str_free(&out);
}

const struct function functions_convert[] = {
    {"to_bool", 1, to_bool}, {"to_int", 1, to_int}, {"to_float", 1, to_float},
    {"to_decimal", 2, to_decimal}, {"to_uuid", 1, to_uuid}, {"fit_text", 3, fit_text},
    {"to_bytes", 1, to_bytes}, {"encode_bytes", 2, encode_bytes}, {"pb_to_json", 2, pb_to_json},
    {NULL, 0, NULL},
};
