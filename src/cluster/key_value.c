/* key_value: one column value in the server's text format, encoded as the key holds it. */
#include "domicile/cluster/key.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"
#include "key_decode.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct type_name {
    const char *prefix;
    enum key_type type;
};

/* By the beginning of the type's name, upper case; longer names first where one begins another. */
static const struct type_name type_names[] = {
    {"INTERVAL", KEY_TYPE_OTHER},
    {"INT", KEY_TYPE_INT},
    {"BIGINT", KEY_TYPE_INT},
    {"SMALLINT", KEY_TYPE_INT},
    {"OID", KEY_TYPE_INT},
    {"BOOL", KEY_TYPE_BOOL},
    {"STRING", KEY_TYPE_STRING},
    {"TEXT", KEY_TYPE_STRING},
    {"VARCHAR", KEY_TYPE_STRING},
    {"CHARACTER", KEY_TYPE_STRING},
    {"CHAR", KEY_TYPE_STRING},
    {"\"CHAR\"", KEY_TYPE_STRING},
    {"NAME", KEY_TYPE_STRING},
    {"BYTES", KEY_TYPE_BYTES},
    {"BYTEA", KEY_TYPE_BYTES},
    {"UUID", KEY_TYPE_UUID},
    {"DATE", KEY_TYPE_DATE},
    {"TIMESTAMPTZ", KEY_TYPE_TIMESTAMPTZ},
    {"TIMESTAMP WITH TIME ZONE", KEY_TYPE_TIMESTAMPTZ},
    {"TIMESTAMP", KEY_TYPE_TIMESTAMP},
    {"DECIMAL", KEY_TYPE_DECIMAL},
    {"NUMERIC", KEY_TYPE_DECIMAL},
    {"DOUBLE PRECISION", KEY_TYPE_FLOAT},
    {"FLOAT", KEY_TYPE_FLOAT},
    {"REAL", KEY_TYPE_FLOAT},
};

enum key_type key_type_of(const char *sql_type) {
    size_t len = strlen(sql_type);
    if (len > 2 && strcmp(sql_type + len - 2, "[]") == 0)
        return KEY_TYPE_OTHER;
    if (strcasestr(sql_type, "COLLATE") || str_eq_nocase(sql_type, "INT4RANGE"))
        return KEY_TYPE_OTHER;
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        size_t n = strlen(type_names[i].prefix);
        char next = len > n ? sql_type[n] : '\0';
        if (len >= n && strncasecmp(sql_type, type_names[i].prefix, n) == 0 && !isalpha((unsigned char)next) &&
            next != '_')
            return type_names[i].type;
    }
    return KEY_TYPE_OTHER;
}

static bool refuse(struct err *err, const char *text, const char *what) {
    char *clean = text_cleaned(text);
    err_set(err, ERR_INPUT, "\"%.60s\" cannot be encoded as %s", clean, what);
    free(clean);
    return false;
}

static bool add_int(struct key *k, const char *text, bool descending, struct err *err) {
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0)
        return refuse(err, text, "an integer");
    key_add_int(k, v, descending);
    return true;
}

static bool add_bool(struct key *k, const char *text, bool descending, struct err *err) {
    bool yes = strcmp(text, "t") == 0 || strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "f") != 0 && strcmp(text, "false") != 0)
        return refuse(err, text, "a boolean");
    key_add_int(k, yes, descending);
    return true;
}

static bool add_uuid(struct key *k, const char *text, bool descending, struct err *err) {
    unsigned char bytes[16];
    size_t n = 0;
    for (const char *p = text; *p && n < 32; p++) {
        if (*p == '-')
            continue;
        if (!isxdigit((unsigned char)*p))
            return refuse(err, text, "a UUID");
        int digit = isdigit((unsigned char)*p) ? *p - '0' : tolower((unsigned char)*p) - 'a' + 10;
        bytes[n / 2] = (unsigned char)(n % 2 ? bytes[n / 2] | digit : digit << 4);
        n++;
    }
    if (n != 32 || strlen(text) != 36)
        return refuse(err, text, "a UUID");
    key_add_bytes(k, bytes, sizeof bytes, descending);
    return true;
}

static bool add_hex(struct key *k, const char *text, bool descending, const char *what, struct err *err) {
    struct key bytes = {0};
    if (!key_parse_hex(&bytes, text, NULL))
        return refuse(err, text, what);
    key_add_bytes(k, bytes.data ? (const void *)bytes.data : "", bytes.len, descending);
    key_free(&bytes);
    return true;
}

static int64_t days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2026-11-23" with an optional " BC"; *rest is what follows the day. */
static bool read_date(const char *text, int64_t *days, const char **rest) {
    int year;
    int month;
    int day;
    int used = 0;
    if (sscanf(text, "%9d-%2d-%2d%n", &year, &month, &day, &used) != 3 || month < 1 || month > 12 || day < 1 ||
        day > 31)
        return false;
    size_t len = strlen(text);
    bool bc = len > 3 && strcmp(text + len - 3, " BC") == 0;
    *days = days_from_civil(bc ? 1 - year : year, month, day);
    *rest = text + used;
    return true;
}

static bool at_end(const char *p) { return *p == '\0' || strcmp(p, " BC") == 0; }

static bool add_date(struct key *k, const char *text, bool descending, struct err *err) {
    int64_t days;
    bool infinite = strcmp(text, "infinity") == 0 || strcmp(text, "-infinity") == 0;
    if (infinite) {
        key_add_int(k, text[0] == '-' ? INT64_MIN : INT64_MAX, descending);
        return true;
    }
    const char *rest;
    if (!read_date(text, &days, &rest) || !at_end(rest))
        return refuse(err, text, "a date");
    key_add_int(k, days, descending);
    return true;
}

/* "+00", "-03:30", "+05:53:28" in seconds; *p is left behind it. */
static bool read_offset(const char **p, int64_t *seconds) {
    int part[3] = {0, 0, 0};
    int sign = **p == '-' ? -1 : 1;
    *seconds = 0;
    if (**p == 'Z')
        ++*p;
    if (**p != '+' && **p != '-')
        return true;
    for (int i = 0; i < 3 && (i == 0 || **p == ':'); i++) {
        int used = 0;
        if (sscanf(*p + 1, "%2d%n", &part[i], &used) != 1)
            return false;
        *p += 1 + used;
    }
    *seconds = sign * (part[0] * 3600LL + part[1] * 60LL + part[2]);
    return true;
}

static bool on_clock(int hour, int minute, int second) {
    return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}

static bool add_timestamp(struct key *k, const char *text, bool zoned, bool descending, struct err *err) {
    int64_t days;
    int64_t offset = 0;
    int64_t nanos = 0;
    const char *p;
    int hour;
    int minute;
    int second;
    int used = 0;
    if (!read_date(text, &days, &p) || (*p != ' ' && *p != 'T') ||
        sscanf(p + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || !on_clock(hour, minute, second))
        return refuse(err, text, "a timestamp");
    p += 1 + used;
    if (*p == '.') {
        int digits = 0;
        for (p++; isdigit((unsigned char)*p); p++, digits++)
            if (digits < 9)
                nanos = nanos * 10 + (*p - '0');
        for (; digits < 9; digits++)
            nanos *= 10;
    }
    if (!read_offset(&p, &offset) || !at_end(p) || (!zoned && offset))
        return refuse(err, text, "a timestamp");
    int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
    key_add_byte(k, 0x14);
    key_add_int(k, seconds, descending);
    key_add_int(k, nanos, descending);
    return true;
}

static bool add_float(struct key *k, const char *text, bool descending, struct err *err) {
    char *end;
    double v = strtod(text, &end);
    if (end == text || *end != '\0')
        return refuse(err, text, "a floating point number");
    uint64_t bits;
    unsigned char bytes[9] = {0x04};
    size_t n = 1;
    if (v != v) {
        bytes[0] = descending ? 0x06 : 0x02;
    } else if (v != 0) {
        if (descending)
            v = -v;
        memcpy(&bits, &v, sizeof bits);
        bytes[0] = v > 0 ? 0x05 : 0x03;
        if (v < 0)
            bits = ~bits;
        for (n = 1; n < 9; n++)
            bytes[n] = (unsigned char)(bits >> (64 - 8 * n));
    }
    for (size_t i = 0; i < n; i++)
        key_add_byte(k, bytes[i]);
    return true;
}

bool key_add_value(struct key *k, enum key_type type, const char *text, bool descending, struct err *err) {
    if (!text) {
        key_add_null(k, descending);
        return true;
    }
    switch (type) {
    case KEY_TYPE_INT: return add_int(k, text, descending, err);
    case KEY_TYPE_BOOL: return add_bool(k, text, descending, err);
    case KEY_TYPE_STRING: key_add_bytes(k, text, strlen(text), descending); return true;
    case KEY_TYPE_BYTES: return add_hex(k, text, descending, "bytes", err);
    case KEY_TYPE_ENUM: return add_hex(k, text, descending, "an enum's representation", err);
    case KEY_TYPE_UUID: return add_uuid(k, text, descending, err);
    case KEY_TYPE_DATE: return add_date(k, text, descending, err);
    case KEY_TYPE_TIMESTAMP: return add_timestamp(k, text, false, descending, err);
    case KEY_TYPE_TIMESTAMPTZ: return add_timestamp(k, text, true, descending, err);
    case KEY_TYPE_DECIMAL: return key_add_decimal(k, text, descending, err);
    case KEY_TYPE_FLOAT: return add_float(k, text, descending, err);
    case KEY_TYPE_OTHER: break;
    }
    return err_set(err, ERR_INPUT, "values of this type cannot be encoded here");
}
