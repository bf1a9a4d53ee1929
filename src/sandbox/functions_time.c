/* functions_time: times, dates and intervals. */
#include "functions.h"
#include "wiretime.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Any form of a time: its binary value in µs since 2000, or false. */
static bool parse_time(const char *s, int64_t *out) {
    struct wire_out o = {0};
    struct str padded = {0};
    str_add(&padded, s);
    if (!strchr(s, ':'))
        str_add(&padded, " 00:00:00");
    else if (padded.len && padded.data[padded.len - 1] == 'Z')
        str_truncate(&padded, padded.len - 1);
    bool good = wiretime_encode_timestamp(&o, str_get(&padded));
    struct wire_in in = {.at = o.data, .left = o.len};
    if (good) {
        wire_get_int32(&in);
        const uint64_t hi = (uint32_t)wire_get_int32(&in);
        *out = (int64_t)(hi << 32 | (uint32_t)wire_get_int32(&in));
    }
    wire_out_free(&o);
    str_free(&padded);
    return good;
}

static int64_t now_2000(void) {
    return loop_wall() - INT64_C(946684800000000);
}

static bool time_value(sqlite3_context *c, sqlite3_value *v, const char *type, int64_t *out) {
    const char *s = fn_text(v);
    if (str_eq(s, "now")) {
        *out = now_2000();
        return true;
    }
    if (parse_time(s, out))
        return true;
    fn_fail(c, "22007", "could not parse \"%s\" as type %s: parsing as type %s: could not parse \"%s\"", s,
        type, type, s);
    return false;
}

static void to_timestamp(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (!fn_null(n, v) && time_value(c, v[0], "timestamp", &t))
        fn_give(c, wiretime_decode_timestamp(t, false));
}

static void to_timestamptz(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (!fn_null(n, v) && time_value(c, v[0], "timestamptz", &t))
        fn_give(c, wiretime_decode_timestamp(t, true));
}

static void to_date(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (fn_null(n, v) || !time_value(c, v[0], "date", &t))
        return;
    char *text = wiretime_decode_timestamp(t, false);
    text[strcspn(text, " ")] = '\0';
    fn_give(c, text);
}

/* An interval as microseconds, days and months taken as 24 hours and 30 days. */
static char *interval_text(int64_t t) {
    struct str s = {0};
    const int64_t days = t / INT64_C(86400000000);
    int64_t rest = t % INT64_C(86400000000);
    if (days)
        str_add_f(&s, days == 1 ? "%" PRId64 " day " : "%" PRId64 " days ", days);
    if (rest < 0)
        str_add_char(&s, '-');
    rest = rest < 0 ? -rest : rest;
    if (rest || !days) {
        str_add_f(&s, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, rest / INT64_C(3600000000),
            rest / 60000000 % 60,
            rest / 1000000 % 60);
        if (rest % 1000000) {
            str_add_f(&s, ".%06" PRId64, rest % 1000000);
            while (s.data[s.len - 1] == '0')
                str_truncate(&s, s.len - 1);
        }
    } else {
        str_truncate(&s, s.len - 1);
    }
    return str_take(&s);
}

static bool interval_value(const char *s, int64_t *out) {
    usec d;
    int64_t total = 0;
    const char *days = strstr(s, " day");
    if (days && strchr(s, ':')) {
        total = strtoll(s, NULL, 10) * INT64_C(86400000000);
        s = days + strcspn(days + 1, " ") + 1;
        s += *s == ' ';
    }
    const bool negative = *s == '-';
    if (!settings_parse_duration(s + negative, &d))
        return false;
    *out = total + (negative ? -d : d);
    return true;
}

static void to_interval(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t d;
    if (fn_null(n, v))
        return;
    if (interval_value(fn_text(v[0]), &d))
        fn_give(c, interval_text(d));
    else
        fn_fail(c, "22007", "could not parse \"%s\" as type interval: interval: invalid input syntax",
            fn_text(v[0]));
}

static void time_add(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t, d = 0;
    if (fn_null(n, v) || !time_value(c, v[0], "timestamp", &t))
        return;
    interval_value(fn_text(v[1]), &d);
    fn_give(c, wiretime_decode_timestamp(t + d * sqlite3_value_int(v[2]), strstr(fn_text(v[0]), "+00")));
}

static void time_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a, b;
    if (!fn_null(n, v) && time_value(c, v[0], "timestamp", &a) && time_value(c, v[1], "timestamp", &b))
        fn_give(c, interval_text(a - b));
}

static void interval_negate(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t d;
    if (!fn_null(n, v) && interval_value(fn_text(v[0]), &d))
        fn_give(c, interval_text(-d));
}

static void date_trunc(sqlite3_context *c, int n, sqlite3_value **v) {
    static const struct {
        const char *unit;
        size_t keep;
    } units[] = {{"year", 4}, {"month", 7}, {"day", 10}, {"hour", 13}, {"minute", 16}, {"second", 19}};
    static const char rest[] = "0000-01-01 00:00:00";
    if (fn_null(n, v))
        return;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, fn_text(v[0]))) {
            char *text = mem_printf("%.*s%s+00", (int)units[i].keep, fn_text(v[1]), rest + units[i].keep);
            fn_give(c, text);
            return;
        }
    fn_fail(c, "22023", "unsupported timespan: %s", fn_text(v[0]));
}

static void date_part(sqlite3_context *c, int n, sqlite3_value **v) {
    static const struct {
        const char *unit;
        int at, len;
    } units[] = {{"year", 0, 4}, {"month", 5, 2}, {"day", 8, 2}, {"hour", 11, 2}, {"minute", 14, 2},
        {"second", 17, 9}};
    int64_t t;
    if (fn_null(n, v))
        return;
    if (str_eq_nocase(fn_text(v[0]), "epoch")) {
        if (time_value(c, v[1], "timestamp", &t))
            sqlite3_result_double(c, (double)(t + INT64_C(946684800000000)) / 1e6);
        return;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, fn_text(v[0])) && (int)strlen(fn_text(v[1])) > units[i].at) {
            char *part = mem_strndup(fn_text(v[1]) + units[i].at, (size_t)units[i].len);
            sqlite3_result_double(c, strtod(part, NULL));
            free(part);
            return;
        }
    fn_fail(c, "22023", "unsupported timespan: %s", fn_text(v[0]));
}

static void clock_timestamp(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    fn_give(c, wiretime_decode_timestamp(now_2000(), true));
}

static void age(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a = now_2000(), b;
    if (fn_null(n, v) || (n == 2 && !time_value(c, v[0], "timestamptz", &a)) ||
        !time_value(c, v[n - 1], "timestamptz", &b))
        return;
    fn_give(c, interval_text(a - b));
}

const struct function functions_time[] = {
    {"to_timestamptz", 1, to_timestamptz}, {"to_date", 1, to_date}, {"to_interval", 1, to_interval},
    {"time_add", 3, time_add}, {"time_sub", 2, time_sub}, {"interval_negate", 1, interval_negate},
    {"date_trunc", 2, date_trunc}, {"date_part", 2, date_part}, {"clock_timestamp", 0, clock_timestamp},
    {"age", -1, age},
    {"to_timestamp", 1, to_timestamp},
    {NULL, 0, NULL},
};
