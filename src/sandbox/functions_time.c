/* functions_time: times, dates and intervals. */
#include "functions.h"
#include "interval.h"
#include "wiretime.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool time_parse(const char *s, int64_t *out) {
    struct wire_out o = {0};
    struct str padded = {0};
    str_add(&padded, s);
    const char *minutes = strchr(s, ':');
    if (!minutes)
        str_add(&padded, " 00:00:00");
    if (minutes && strlen(minutes) >= 3 && minutes[3] != ':') { /* 12:00+01: without seconds */
        str_clear(&padded);
        str_add_n(&padded, s, (size_t)(minutes + 3 - s));
        str_add_f(&padded, ":00%s", minutes + 3);
    }
    if (minutes && padded.len && padded.data[padded.len - 1] == 'Z')
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

static int64_t now_2000(sqlite3_context *c) {
    return engine_wall(fn_session(c)->session->engine) - INT64_C(946684800000000);
}

static bool time_value(sqlite3_context *c, sqlite3_value *v, const char *type, int64_t *out) {
    const char *s = fn_text(v);
    if (str_eq(s, "now")) {
        *out = now_2000(c);
        return true;
    }
    if (time_parse(s, out))
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

static bool interval_value(sqlite3_context *c, sqlite3_value *v, struct interval *out) {
    if (interval_parse(fn_text(v), out))
        return true;
    fn_fail(c, "22007", "could not parse \"%s\" as type interval: interval: invalid input syntax", fn_text(v));
    return false;
}

/* The time between two times: days and what is left of one. */
static struct interval between(int64_t a, int64_t b) {
    const int64_t day = INT64_C(86400000000), t = a - b;
    return (struct interval){0, t / day, t % day};
}

static void to_interval(sqlite3_context *c, int n, sqlite3_value **v) {
    struct interval i;
    if (!fn_null(n, v) && interval_value(c, v[0], &i))
        fn_give(c, interval_print(i));
}

static struct interval times(struct interval i, double by) {
    const double months = (double)i.months * by, days = (double)i.days * by + (months - trunc(months)) * 30;
    return (struct interval){(int64_t)trunc(months), (int64_t)trunc(days),
        (int64_t)llround((double)i.usec * by + (days - trunc(days)) * 86400e6)};
}

static void time_add(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    struct interval i;
    if (fn_null(n, v) || !time_value(c, v[0], "timestamp", &t) || !interval_value(c, v[1], &i))
        return;
    if (sqlite3_value_int(v[2]) < 0)
        i = times(i, -1);
    fn_give(c, wiretime_decode_timestamp(interval_after(t, i), strstr(fn_text(v[0]), "+00")));
}

static void time_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a, b;
    if (!fn_null(n, v) && time_value(c, v[0], "timestamp", &a) && time_value(c, v[1], "timestamp", &b))
        fn_give(c, interval_print(between(a, b)));
}

/* DATE + n days, DATE - DATE in days. */
static void date_add(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (fn_null(n, v) || !time_value(c, v[0], "date", &t))
        return;
    char *text = wiretime_decode_timestamp(t + sqlite3_value_int64(v[1]) * INT64_C(86400000000), false);
    text[strcspn(text, " ")] = '\0';
    fn_give(c, text);
}

static void date_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a, b;
    if (!fn_null(n, v) && time_value(c, v[0], "date", &a) && time_value(c, v[1], "date", &b))
        sqlite3_result_int64(c, (a - b) / INT64_C(86400000000));
}

static void interval_negate(sqlite3_context *c, int n, sqlite3_value **v) {
    struct interval i;
    if (!fn_null(n, v) && interval_value(c, v[0], &i))
        fn_give(c, interval_print(times(i, -1)));
}

/* interval_add(a, b, 1 or -1). */
static void interval_add(sqlite3_context *c, int n, sqlite3_value **v) {
    struct interval a, b;
    const int sign = sqlite3_value_int(v[2]);
    if (!fn_null(n, v) && interval_value(c, v[0], &a) && interval_value(c, v[1], &b))
        fn_give(c, interval_print((struct interval){a.months + sign * b.months, a.days + sign * b.days,
            a.usec + sign * b.usec}));
}

static void interval_times(sqlite3_context *c, int n, sqlite3_value **v) {
    struct interval i;
    if (!fn_null(n, v) && interval_value(c, v[0], &i))
        fn_give(c, interval_print(times(i, sqlite3_value_double(v[1]))));
}

/* For comparing and for EXTRACT: microseconds, with months of 30 days. */
static void interval_usec(sqlite3_context *c, int n, sqlite3_value **v) {
    struct interval i;
    if (!fn_null(n, v) && interval_value(c, v[0], &i))
        sqlite3_result_int64(c, interval_total(i));
}

/* date_trunc(unit, time): the text cut after the unit; a TIMESTAMPTZ keeps its zone. */
static void date_trunc(sqlite3_context *c, int n, sqlite3_value **v) {
    static const struct {
        const char *unit;
        size_t keep;
    } units[] = {{"year", 4}, {"month", 7}, {"day", 10}, {"hour", 13}, {"minute", 16}, {"second", 19}};
    static const char rest[] = "0000-01-01 00:00:00";
    int64_t t;
    if (fn_null(n, v) || !time_value(c, v[1], "timestamp", &t))
        return;
    const bool zone = strstr(fn_text(v[1]), "+00");
    const int64_t day = INT64_C(86400000000);
    if (str_eq_nocase(fn_text(v[0]), "week")) { /* 2000-01-03 was a Monday */
        const int64_t days = t / day - (t % day < 0) - 2;
        fn_give(c, wiretime_decode_timestamp((days - ((days % 7) + 7) % 7 + 2) * day, zone));
        return;
    }
    char *text = wiretime_decode_timestamp(t, false);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, fn_text(v[0]))) {
            fn_give(c, mem_printf("%.*s%s%s", (int)units[i].keep, text, rest + units[i].keep, zone ? "+00" : ""));
            free(text);
            return;
        }
    free(text);
    fn_fail(c, "22023", "unsupported timespan: %s", fn_text(v[0]));
}

static void date_make(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        fn_give(c, mem_printf("%04d-%02d-%02d", sqlite3_value_int(v[0]), sqlite3_value_int(v[1]),
            sqlite3_value_int(v[2])));
}

/* to_timestamp(seconds since 1970) */
static void epoch_time(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        fn_give(c, wiretime_decode_timestamp((int64_t)llround(sqlite3_value_double(v[0]) * 1e6) -
            INT64_C(946684800000000), true));
}

/* What the text of a time does not show: by days since 2000-01-01, a Saturday. */
static bool part_of_day(const char *unit, int64_t t, double *out) {
    const int64_t day = INT64_C(86400000000), days = t / day - (t % day < 0);
    const int64_t dow = ((days + 6) % 7 + 7) % 7;
    if (str_eq_nocase(unit, "dow") || str_eq_nocase(unit, "dayofweek"))
        *out = (double)dow;
    else if (str_eq_nocase(unit, "isodow"))
        *out = (double)(dow ? dow : 7);
    else if (str_eq_nocase(unit, "millisecond") || str_eq_nocase(unit, "milliseconds"))
        *out = (double)(((t % 60000000) + 60000000) % 60000000) / 1e3;
    else if (str_eq_nocase(unit, "microsecond") || str_eq_nocase(unit, "microseconds"))
        *out = (double)(((t % 60000000) + 60000000) % 60000000);
    else if (str_eq_nocase(unit, "timezone"))
        *out = 0;
    else
        return false;
    return true;
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
    if (!time_value(c, v[1], "timestamp", &t))
        return;
    double d;
    if (part_of_day(fn_text(v[0]), t, &d)) {
        sqlite3_result_double(c, d);
        return;
    }
    char *text = wiretime_decode_timestamp(t, false);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, fn_text(v[0])) && (int)strlen(text) > units[i].at) {
            char *part = mem_strndup(text + units[i].at, (size_t)units[i].len);
            sqlite3_result_double(c, strtod(part, NULL));
            free(part);
            free(text);
            return;
        }
    free(text);
    fn_fail(c, "22023", "unsupported timespan: %s", fn_text(v[0]));
}

static void clock_timestamp(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    fn_give(c, wiretime_decode_timestamp(now_2000(c), true));
}

static void age(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a = now_2000(c), b;
    if (fn_null(n, v) || (n == 2 && !time_value(c, v[0], "timestamptz", &a)) ||
        !time_value(c, v[n - 1], "timestamptz", &b))
        return;
    fn_give(c, interval_print(between(a, b)));
}

/* series_times(from, to, by): ["2024-01-01 00:00:00", ...] */
static void series_times(sqlite3_context *c, int n, sqlite3_value **v) {
    enum { MOST = 1000000 };
    int64_t from, to;
    struct interval by;
    struct str s = {0};
    if (fn_null(n, v) || !time_value(c, v[0], "timestamp", &from) || !time_value(c, v[1], "timestamp", &to) ||
        !interval_value(c, v[2], &by))
        return;
    const bool zone = strstr(fn_text(v[0]), "+00");
    const int64_t step = interval_total(by);
    if (step == 0) {
        fn_fail(c, "22023", "step cannot be 0");
        return;
    }
    str_add_char(&s, '[');
    int count = 0;
    for (int64_t t = from; (step > 0 ? t <= to : t >= to) && count < MOST; t = interval_after(t, by)) {
        char *text = wiretime_decode_timestamp(t, zone);
        str_add_f(&s, count++ ? ",\"%s\"" : "\"%s\"", text);
        free(text);
    }
    str_add_char(&s, ']');
    fn_give(c, str_take(&s));
}

const struct function functions_time[] = {
    {"series_times", 3, series_times},
    {"to_timestamptz", 1, to_timestamptz},
    {"to_date", 1, to_date},
    {"to_interval", 1, to_interval},
    {"date_add", 2, date_add},
    {"date_sub", 2, date_sub},
    {"interval_add", 3, interval_add},
    {"interval_times", 2, interval_times},
    {"interval_usec", 1, interval_usec},
    {"date_make", 3, date_make},
    {"epoch_time", 1, epoch_time},
    {"time_add", 3, time_add},
    {"time_sub", 2, time_sub},
    {"interval_negate", 1, interval_negate},
    {"date_trunc", 2, date_trunc},
    {"date_part", 2, date_part},
    {"clock_timestamp", 0, clock_timestamp},
    {"age", -1, age},
    {"to_timestamp", 1, to_timestamp},
    {NULL, 0, NULL},
};
