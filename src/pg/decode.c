/* decode: PostgreSQL's text formats. */
#include "domicile/pg/decode.h"

#include "domicile/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { USEC = 1000000 };

void pg_texts_free(struct pg_texts *v) {
    for (size_t i = 0; i < v->len; i++)
        free(v->items[i]);
    vec_free(v);
}

void pg_ints_free(struct pg_ints *v) { vec_free(v); }

/* Reads one element at *p up to ',' or '}'; false when the text ends before. */
static bool array_element(const char **p, char **out) {
    struct str text = {0};
    bool quoted = **p == '"';
    if (quoted)
        ++*p;
    while (**p && (quoted ? **p != '"' : **p != ',' && **p != '}')) {
        if (**p == '\\' && (*p)[1])
            ++*p;
        str_add_char(&text, *(*p)++);
    }
    if (**p == '\0') {
        str_free(&text);
        return false;
    }
    if (quoted)
        ++*p;
    if (!quoted && strcasecmp(str_get(&text), "NULL") == 0) {
        str_free(&text);
        *out = NULL;
        return true;
    }
    *out = str_take(&text);
    return true;
}

bool pg_decode_array(struct pg_texts *v, const char *text) {
    const char *p = text;
    if (!text || *p++ != '{')
        return false;
    if (*p == '}')
        return p[1] == '\0';
    for (;;) {
        char *element;
        if (!array_element(&p, &element))
            break;
        vec_push(v, element);
        if (*p == '}' && p[1] == '\0')
            return true;
        if (*p++ != ',')
            break;
    }
    pg_texts_free(v);
    return false;
}

bool pg_decode_int(int64_t *v, const char *text) {
    char *end;
    if (!text)
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || isspace((unsigned char)*text))
        return false;
    *v = value;
    return true;
}

bool pg_decode_ints(struct pg_ints *v, const char *text) {
    struct pg_texts texts = {0};
    if (!pg_decode_array(&texts, text))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < texts.len; i++) {
        int64_t value;
        ok = texts.items[i] && pg_decode_int(&value, texts.items[i]);
        if (ok)
            vec_push(v, value);
    }
    pg_texts_free(&texts);
    if (!ok)
        vec_free(v);
    return ok;
}

bool pg_decode_bool(bool *v, const char *text) {
    static const char *const yes[] = {"t", "true", "on"};
    static const char *const no[] = {"f", "false", "off"};
    for (size_t i = 0; text && i < 3; i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *v = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    int low = tolower((unsigned char)c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool decode_hex(unsigned char **bytes, size_t *n, const char *hex) {
    size_t len = strlen(hex);
    if (len % 2)
        return false;
    unsigned char *out = mem_alloc(len / 2 + 1);
    for (size_t i = 0; i < len / 2; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(out);
            return false;
        }
        out[i] = (unsigned char)(high << 4 | low);
    }
    *bytes = out;
    *n = len / 2;
    return true;
}

static bool octal(char c) { return c >= '0' && c <= '7'; }

bool pg_decode_bytea(unsigned char **bytes, size_t *n, const char *text) {
    if (!text)
        return false;
    if (strncmp(text, "\\x", 2) == 0)
        return decode_hex(bytes, n, text + 2);
    unsigned char *out = mem_alloc(strlen(text) + 1);
    size_t len = 0;
    for (const char *p = text; *p; p++) {
        if (*p != '\\') {
            out[len++] = (unsigned char)*p;
        } else if (p[1] == '\\') {
            out[len++] = '\\';
            p++;
        } else if (octal(p[1]) && octal(p[2]) && octal(p[3])) {
            out[len++] = (unsigned char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
            p += 3;
        } else {
            free(out);
            return false;
        }
    }
    *bytes = out;
    *n = len;
    return true;
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* ".86994" at p as microseconds; *p is left behind the digits. */
static int64_t fraction(const char **p) {
    int64_t value = 0;
    int digits = 0;
    if (**p != '.')
        return 0;
    for (++*p; isdigit((unsigned char)**p); ++*p)
        if (digits < 6) {
            value = value * 10 + (**p - '0');
            digits++;
        }
    for (; digits < 6; digits++)
        value *= 10;
    return value;
}

/* "+00", "-03:30", "Z", "" as seconds east of UTC. */
static bool zone_offset(const char *p, int *seconds) {
    int hours = 0;
    int minutes = 0;
    int used = 0;
    *seconds = 0;
    if (*p == '\0' || strcmp(p, "Z") == 0)
        return true;
    if (*p != '+' && *p != '-')
        return false;
    if (sscanf(p + 1, "%2d%n", &hours, &used) != 1 || used == 0)
        return false;
    const char *rest = p + 1 + used;
    if (*rest == ':' && sscanf(rest + 1, "%2d%n", &minutes, &used) == 1)
        rest += 1 + used;
    *seconds = (hours * 60 + minutes) * 60 * (*p == '-' ? -1 : 1);
    return *rest == '\0';
}

bool pg_decode_timestamp(int64_t *wall, const char *text) {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int used = 0;
    int offset;
    char separator;
    if (!text ||
        sscanf(text, "%5d-%2d-%2d%c%2d:%2d:%2d%n", &year, &month, &day, &separator, &hour, &minute, &second,
            &used) != 7 ||
        used == 0 || (separator != ' ' && separator != 'T'))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 24 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return false;
    const char *p = text + used;
    int64_t micros = fraction(&p);
    if (!zone_offset(p, &offset))
        return false;
    int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *wall = seconds * USEC + micros;
    return true;
}

struct unit {
    const char *name;
    int64_t micros;
};

static const struct unit units[] = {
    {"us", 1},
    {"µs", 1},
    {"ms", 1000},
    {"s", USEC},
    {"sec", USEC},
    {"secs", USEC},
    {"second", USEC},
    {"seconds", USEC},
    {"m", 60LL * USEC},
    {"min", 60LL * USEC},
    {"mins", 60LL * USEC},
    {"minute", 60LL * USEC},
    {"minutes", 60LL * USEC},
    {"h", 3600LL * USEC},
    {"hour", 3600LL * USEC},
    {"hours", 3600LL * USEC},
    {"d", 86400LL * USEC},
    {"day", 86400LL * USEC},
    {"days", 86400LL * USEC},
    {"mon", 30 * 86400LL * USEC},
    {"mons", 30 * 86400LL * USEC},
    {"month", 30 * 86400LL * USEC},
    {"months", 30 * 86400LL * USEC},
    {"year", 360 * 86400LL * USEC},
    {"years", 360 * 86400LL * USEC},
};

static const struct unit *find_unit(const char *p, size_t n) {
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == n && strncmp(units[i].name, p, n) == 0)
            return &units[i];
    return NULL;
}

/* "02:00:01.5" or "00:30". */
static bool clock_part(const char **p, int64_t *micros) {
    int hours;
    int minutes;
    int seconds = 0;
    int used = 0;
    if (sscanf(*p, "%9d:%2d%n", &hours, &minutes, &used) != 2)
        return false;
    *p += used;
    if (**p == ':' && sscanf(*p + 1, "%2d%n", &seconds, &used) == 1)
        *p += 1 + used;
    *micros = ((int64_t)hours * 3600 + minutes * 60 + seconds) * USEC + fraction(p);
    return true;
}

bool pg_decode_interval(int64_t *duration, const char *text) {
    int64_t total = 0;
    bool any = false;
    if (!text)
        return false;
    for (const char *p = text;;) {
        p += strspn(p, " ");
        if (*p == '\0')
            break;
        int sign = *p == '-' ? -1 : 1;
        p += *p == '-' || *p == '+';
        if (!isdigit((unsigned char)*p))
            return false;
        size_t digits = strspn(p, "0123456789");
        if (digits > 9)
            return false;
        int64_t part;
        if (p[digits] == ':') {
            if (!clock_part(&p, &part))
                return false;
        } else {
            int64_t whole = strtoll(p, NULL, 10);
            p += digits;
            int64_t parts = fraction(&p);
            p += strspn(p, " ");
            size_t n = strcspn(p, " 0123456789-+");
            const struct unit *unit = find_unit(p, n);
            if (!unit)
                return false;
            p += n;
            if (__builtin_mul_overflow(whole, unit->micros, &part) ||
                __builtin_add_overflow(part, (int64_t)((__int128)parts * unit->micros / USEC), &part))
                return false;
        }
        if (__builtin_add_overflow(total, sign * part, &total))
            return false;
        any = true;
    }
    if (any)
        *duration = total;
    return any;
}
