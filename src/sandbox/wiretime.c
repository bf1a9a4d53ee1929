/* wiretime: dates, times and intervals between their text and their binary format. */
#include "wiretime.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400000000)
/* Days from 0000-03-01 to 2000-01-01. */
#define EPOCH_2000 730425

/* Days since 2000-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t days_of(int64_t y, int64_t m, int64_t d) {
    y -= m <= 2;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t yoe = y - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - EPOCH_2000;
}

static void date_of(int64_t days, int64_t *y, int64_t *m, int64_t *d) {
    days += EPOCH_2000;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t doe = days - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = yoe + era * 400 + (*m <= 2);
}

/* A number of 1 to 9 digits at *at. */
static bool number(const char **at, int64_t *out) {
    const char *s = *at;
    int64_t v = 0;
    while (isdigit((unsigned char)*s) && s - *at < 9)
        v = v * 10 + (*s++ - '0');
    const bool good = s > *at;
    *at = s;
    *out = v;
    return good;
}

static bool separator(const char **at, char c) {
    return **at == c ? (++*at, true) : false;
}

static bool parse_date(const char **at, int64_t *days) {
    int64_t y, m, d;
    if (!number(at, &y) || !separator(at, '-') || !number(at, &m) || !separator(at, '-') || !number(at, &d) ||
        m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *days = days_of(y, m, d);
    return true;
}

/* HH:MM:SS with a fraction of up to six digits, as microseconds. */
static bool parse_clock(const char **at, int64_t *out) {
    int64_t h, m, s, fraction = 0;
    if (!number(at, &h) || !separator(at, ':') || !number(at, &m) || !separator(at, ':') || !number(at, &s))
        return false;
    if (separator(at, '.'))
        for (int i = 0; i < 6; i++)
            fraction = fraction * 10 + (isdigit((unsigned char)**at) ? *(*at)++ - '0' : 0);
    *out = ((h * 60 + m) * 60 + s) * 1000000 + fraction;
    return true;
}

/* +HH, +HH:MM, +HH:MM:SS or nothing, in microseconds. */
static bool parse_offset(const char **at, int64_t *out) {
    *out = 0;
    if (**at != '+' && **at != '-')
        return true;
    const int64_t sign = *(*at)++ == '-' ? -1 : 1;
    int64_t h, m = 0, s = 0;
    if (!number(at, &h) || (separator(at, ':') && !number(at, &m)) || (separator(at, ':') && !number(at, &s)))
        return false;
    *out = sign * ((h * 60 + m) * 60 + s) * 1000000;
    return true;
}

bool wiretime_encode_date(struct wire_out *o, const char *text) {
    int64_t days;
    if (!parse_date(&text, &days))
        return false;
    wire_int32(o, 4);
    wire_int32(o, (int32_t)days);
    return true;
}

bool wiretime_encode_time(struct wire_out *o, const char *text) {
    int64_t t;
    if (!parse_clock(&text, &t) || *text)
        return false;
    wire_int32(o, 8);
    wire_int64(o, t);
    return true;
}

bool wiretime_encode_timestamp(struct wire_out *o, const char *text) {
    int64_t days, t, offset;
    if (!parse_date(&text, &days) || (!separator(&text, ' ') && !separator(&text, 'T')) ||
        !parse_clock(&text, &t) || !parse_offset(&text, &offset) || *text)
        return false;
    wire_int32(o, 8);
    wire_int64(o, days * DAY + t - offset);
    return true;
}

/* The units that the server prints, in months or days. */
static const struct {
    const char *name;
    int32_t months;
    int32_t days;
} units[] = {
    {"years", 12, 0}, {"year", 12, 0}, {"mons", 1, 0}, {"mon", 1, 0}, {"days", 0, 1}, {"day", 0, 1},
};

static bool parse_unit(const char **at, int64_t v, int64_t *months, int64_t *days) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_starts(*at, units[i].name)) {
            *at += strlen(units[i].name);
            *months += v * units[i].months;
            *days += v * units[i].days;
            return true;
        }
    return false;
}

bool wiretime_encode_interval(struct wire_out *o, const char *text) {
    int64_t months = 0, days = 0, t = 0;
    while (*text) {
        const int64_t sign = *text == '-' ? -1 : 1;
        text += *text == '-' || *text == '+';
        const char *start = text;
        int64_t v;
        if (!number(&text, &v))
            return false;
        if (*text == ':') {
            if (!parse_clock(&start, &t) || *start)
                return false;
            t *= sign;
            break;
        }
        if (!separator(&text, ' ') || !parse_unit(&text, sign * v, &months, &days))
            return false;
        text += *text == ' ';
    }
    wire_int32(o, 16);
    wire_int64(o, t);
    wire_int32(o, (int32_t)days);
    wire_int32(o, (int32_t)months);
    return true;
}

static void add_clock(struct str *s, int64_t t) {
    const int64_t seconds = t / 1000000, fraction = t % 1000000;
    str_add_f(s, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (fraction) {
        str_add_f(s, ".%06" PRId64, fraction);
        while (s->data[s->len - 1] == '0')
            str_truncate(s, s->len - 1);
    }
}

static void add_date(struct str *s, int64_t days) {
    int64_t y, m, d;
    date_of(days, &y, &m, &d);
    str_add_f(s, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, y, m, d);
}

char *wiretime_decode_date(int32_t days) {
    struct str s = {0};
    add_date(&s, days);
    return str_take(&s);
}

char *wiretime_decode_time(int64_t t) {
    struct str s = {0};
    if (t < 0 || t > DAY)
        return NULL;
    add_clock(&s, t);
    return str_take(&s);
}

char *wiretime_decode_timestamp(int64_t t, bool zone) {
    struct str s = {0};
    const int64_t days = t >= 0 ? t / DAY : -((-(t + 1)) / DAY) - 1;
    add_date(&s, days);
    str_add_char(&s, ' ');
    add_clock(&s, t - days * DAY);
    str_add(&s, zone ? "+00" : "");
    return str_take(&s);
}

char *wiretime_decode_interval(int64_t t, int32_t days, int32_t months) {
    struct str s = {0};
    if (t == INT64_MIN)
        return NULL;
    str_add_f(&s, "%d mons %d days %s", months, days, t < 0 ? "-" : "");
    add_clock(&s, t < 0 ? -t : t);
    return str_take(&s);
}
