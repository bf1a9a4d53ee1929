/* interval: months, days and microseconds, which the server keeps apart. */
#include "interval.h"

#include "domicile/base/str.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t SECOND = 1000000, DAY = INT64_C(86400000000);

static const struct {
    const char *names; /* each after a space */
    int64_t months, days, usec;
} units[] = {
    {" microsecond microseconds us ", 0, 0, 1}, {" millisecond milliseconds ms msec ", 0, 0, 1000},
    {" second seconds sec secs s ", 0, 0, 1000000}, {" minute minutes min mins m ", 0, 0, 60000000},
    {" hour hours hr hrs h ", 0, 0, INT64_C(3600000000)}, {" day days d ", 0, 1, 0}, {" week weeks w ", 0, 7, 0},
    {" month months mon mons ", 1, 0, 0}, {" year years yr yrs y ", 12, 0, 0}, {" decade decades ", 120, 0, 0},
    {" century centuries ", 1200, 0, 0},
};

/* So many of a unit; a part of a month becomes days, a part of a day time. */
static bool add_unit(struct interval *out, double n, const char *unit) {
    char word[24];
    size_t k = strlen(unit);
    if (k + 3 > sizeof word)
        return false;
    word[0] = ' ';
    for (size_t i = 0; i < k; i++)
        word[i + 1] = (char)tolower((unsigned char)unit[i]);
    word[k + 1] = ' ';
    word[k + 2] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!strstr(units[i].names, word))
            continue;
        const double months = n * (double)units[i].months, whole_months = trunc(months);
        const double days = n * (double)units[i].days + (months - whole_months) * 30, whole_days = trunc(days);
        out->months += (int64_t)whole_months;
        out->days += (int64_t)whole_days;
        out->usec += (int64_t)llround(n * (double)units[i].usec + (days - whole_days) * (double)DAY);
        return true;
    }
    return false;
}

/* [-]hh:mm[:ss[.ffffff]] */
static bool clock_time(struct interval *out, const char *s, char **end) {
    const bool negative = *s == '-';
    s += negative || *s == '+';
    int64_t total = strtoll(s, end, 10) * 3600;
    if (**end != ':')
        return false;
    total += strtoll(*end + 1, end, 10) * 60;
    total *= SECOND;
    if (**end == ':')
        total += (int64_t)llround(strtod(*end + 1, end) * 1e6);
    out->usec += negative ? -total : total;
    return true;
}

/* P1Y2M3DT4H5M6S */
static bool iso(const char *s, struct interval *out) {
    bool time = false;
    for (s++; *s;) {
        char *end;
        if (*s == 'T') {
            time = true;
            s++;
            continue;
        }
        const double n = strtod(s, &end);
        static const struct { char letter; bool time; const char *unit; } letters[] = {
            {'Y', false, "year"}, {'M', false, "month"}, {'W', false, "week"}, {'D', false, "day"},
            {'H', true, "hour"}, {'M', true, "minute"}, {'S', true, "second"},
        };
        bool known = false;
        for (size_t i = 0; end != s && i < sizeof letters / sizeof *letters; i++)
            if (letters[i].letter == *end && letters[i].time == time)
                known = add_unit(out, n, letters[i].unit);
        if (!known)
            return false;
        s = end + 1;
    }
    return true;
}

bool interval_parse(const char *s, struct interval *out) {
    *out = (struct interval){0};
    s += strspn(s, " ");
    if (*s == 'P')
        return iso(s, out);
    bool any = false;
    while (*s) {
        char *end;
        const char *colon = s + strspn(s, "+-0123456789");
        if (*colon == ':') {
            if (!clock_time(out, s, &end))
                return false;
        } else {
            char unit[24] = "";
            const double n = strtod(s, &end);
            if (end == s)
                return false;
            end += strspn(end, " ");
            size_t k = 0;
            while (isalpha((unsigned char)*end) && k + 1 < sizeof unit)
                unit[k++] = *end++;
            unit[k] = '\0';
            if (!add_unit(out, n, *unit ? unit : "second"))
                return false;
        }
        any = true;
        s = end + strspn(end, " ,");
    }
    return any;
}

char *interval_print(struct interval i) {
    struct str s = {0};
    const struct { int64_t n; const char *one, *many; } parts[] = {
        {i.months / 12, "year", "years"}, {i.months % 12, "mon", "mons"}, {i.days, "day", "days"},
    };
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (parts[k].n)
            str_add_f(
                &s, "%s%" PRId64 " %s", s.len ? " " : "", parts[k].n, parts[k].n == 1 ? parts[k].one : parts[k].many);
    if (i.usec || !s.len) {
        const int64_t t = i.usec < 0 ? -i.usec : i.usec;
        str_add_f(&s, "%s%s%02" PRId64 ":%02" PRId64 ":%02" PRId64, s.len ? " " : "", i.usec < 0 ? "-" : "",
            t / INT64_C(3600000000), t / 60000000 % 60, t / SECOND % 60);
        if (t % SECOND) {
            str_add_f(&s, ".%06" PRId64, t % SECOND);
            while (s.data[s.len - 1] == '0')
                str_truncate(&s, s.len - 1);
        }
    }
    return str_take(&s);
}

int64_t interval_total(struct interval i) {
    return (i.months * 30 + i.days) * DAY + i.usec;
}

/* Days since 1970 of a date, and back (proleptic Gregorian, by eras of 400 years). */
static int64_t days_of(int64_t y, int64_t m, int64_t d) {
    y -= m <= 2;
    const int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void date_of(int64_t days, int64_t *y, int64_t *m, int64_t *d) {
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097, doe = days - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp + (mp < 10 ? 3 : -9);
    *y = yoe + era * 400 + (*m <= 2);
}

int64_t interval_after(int64_t time, struct interval i) {
    enum { DAYS_1970_2000 = 10957 };
    if (i.months) {
        int64_t days = time / DAY - (time % DAY < 0), y, m, d;
        const int64_t rest = time - days * DAY;
        date_of(days + DAYS_1970_2000, &y, &m, &d);
        const int64_t month = y * 12 + m - 1 + i.months;
        y = month / 12 - (month % 12 < 0);
        m = month - y * 12 + 1;
        const int64_t length = (m == 12 ? days_of(y + 1, 1, 1) : days_of(y, m + 1, 1)) - days_of(y, m, 1);
        time = (days_of(y, m, d < length ? d : length) - DAYS_1970_2000) * DAY + rest;
    }
    return time + i.days * DAY + i.usec;
}
