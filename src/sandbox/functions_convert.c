/* functions_convert: casts: from text to every other type. */
#include "decimal.h"
#include "functions.h"

#include <ctype.h>
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
    const long long i = strtoll(s, &end, 10);
    if (end == s || end[strspn(end, " ")])
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

const struct function functions_convert[] = {
    {"to_bool", 1, to_bool}, {"to_int", 1, to_int}, {"to_float", 1, to_float},
    {"to_decimal", 2, to_decimal}, {"to_uuid", 1, to_uuid}, {"fit_text", 3, fit_text},
    {"to_bytes", 1, to_bytes},
    {NULL, 0, NULL},
};
