/* functions: SQLite's functions for what it does not know itself. An error is "#SQLSTATE#sentence". */
#include "decimal.h"
#include "engine_private.h"
#include "sandbox_functions.h"
#include "cluster_hooks.h"

#include "domicile/base/mem.h"
#include "wiretime.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <openssl/evp.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static const char *text_arg(sqlite3_value *v) {
    const char *s = (const char *)sqlite3_value_text(v);
    return s ? s : "";
}

static bool any_null(int n, sqlite3_value **v) {
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            return true;
    return false;
}

static void result_text(sqlite3_context *c, char *owned) {
    sqlite3_result_text(c, owned, -1, free);
}

static void fail(sqlite3_context *c, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void fail(sqlite3_context *c, const char *sqlstate, const char *format, ...) {
    struct str s = {0};
    va_list ap;
    str_add_f(&s, "#%s#", sqlstate);
    va_start(ap, format);
    str_add_vf(&s, format, ap);
    va_end(ap);
    sqlite3_result_error(c, str_get(&s), -1);
    str_free(&s);
}

const char *function_time(struct arena *a, int64_t wall, bool zone) {
    char *text = wiretime_decode_timestamp(wall - INT64_C(946684800000000), zone);
    const char *copy = arena_strdup(a, text);
    free(text);
    return copy;
}

/* ---- conversions ---- */

static void to_bool(sqlite3_context *c, int n, sqlite3_value **v) {
    static const char *const yes[] = {"t", "true", "on", "yes", "y", "1"}, *const no[] = {"f", "false",
        "off", "no", "n", "0"};
    if (any_null(n, v))
        return;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (str_eq_nocase(text_arg(v[0]), yes[i])) {
            sqlite3_result_int(c, 1);
            return;
        }
        if (str_eq_nocase(text_arg(v[0]), no[i])) {
            sqlite3_result_int(c, 0);
            return;
        }
    }
    fail(c, "22P02", "could not parse \"%s\" as type bool: invalid bool value", text_arg(v[0]));
}

static void to_int(sqlite3_context *c, int n, sqlite3_value **v) {
    char *end;
    if (any_null(n, v))
        return;
    const char *s = text_arg(v[0]);
    const long long i = strtoll(s, &end, 10);
    if (end == s || end[strspn(end, " ")])
        fail(c, "22P02", "could not parse \"%s\" as type int: strconv.ParseInt: parsing \"%s\": invalid syntax", s, s);
    else
        sqlite3_result_int64(c, i);
}

static void to_float(sqlite3_context *c, int n, sqlite3_value **v) {
    char *end;
    if (any_null(n, v))
        return;
    const double d = strtod(text_arg(v[0]), &end);
    if (end == text_arg(v[0]) || *end)
        fail(c, "22P02", "could not parse \"%s\" as type float: strconv.ParseFloat: parsing \"%s\": invalid syntax",
            text_arg(v[0]), text_arg(v[0]));
    else
        sqlite3_result_double(c, d);
}

static void to_decimal(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    struct decimal d = decimal_parse(text_arg(v[0]));
    if (d.bad) {
        fail(c, "22P02", "could not parse \"%s\" as type decimal", text_arg(v[0]));
        return;
    }
    const int scale = sqlite3_value_int(v[1]);
    if (scale >= 0)
        d = decimal_round(d, scale, 0);
    result_text(c, decimal_print(d));
}

/* A text that must fit a column's width. */
static void fit_text(sqlite3_context *c, int n, sqlite3_value **v) {
    int length = 0;
    if (any_null(n, v))
        return;
    for (const char *p = text_arg(v[0]); *p; p++)
        length += ((unsigned char)*p & 0xc0) != 0x80;
    if (length > sqlite3_value_int(v[1]))
        fail(c, "22001", "value too long for type VARCHAR(%d)", sqlite3_value_int(v[1]));
    else
        sqlite3_result_value(c, v[0]);
}

static void to_uuid(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    int digits = 0;
    if (any_null(n, v))
        return;
    const char *given = text_arg(v[0]);
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
        result_text(c, str_take(&s));
        return;
    }
    str_free(&s);
    fail(c, "22P02", "could not parse \"%s\" as type uuid: uuid: incorrect UUID length: %s", given, given);
}

static void to_bytes(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    const char *s = text_arg(v[0]);
    if (str_starts(s, "\\x")) {
        sqlite3_result_value(c, v[0]);
        return;
    }
    struct str out = {0};
    str_add(&out, "\\x");
    for (; *s; s++)
        str_add_f(&out, "%02x", (unsigned char)*s);
    result_text(c, str_take(&out));
}

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
    const char *s = text_arg(v);
    if (str_eq(s, "now")) {
        *out = now_2000();
        return true;
    }
    if (parse_time(s, out))
        return true;
    fail(c, "22007", "could not parse \"%s\" as type %s: parsing as type %s: could not parse \"%s\"", s,
        type, type, s);
    return false;
}

static void to_timestamp(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (!any_null(n, v) && time_value(c, v[0], "timestamp", &t))
        result_text(c, wiretime_decode_timestamp(t, false));
}

static void to_timestamptz(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (!any_null(n, v) && time_value(c, v[0], "timestamptz", &t))
        result_text(c, wiretime_decode_timestamp(t, true));
}

static void to_date(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t;
    if (any_null(n, v) || !time_value(c, v[0], "date", &t))
        return;
    char *text = wiretime_decode_timestamp(t, false);
    text[strcspn(text, " ")] = '\0';
    result_text(c, text);
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
    if (any_null(n, v))
        return;
    if (interval_value(text_arg(v[0]), &d))
        result_text(c, interval_text(d));
    else
        fail(c, "22007", "could not parse \"%s\" as type interval: interval: invalid input syntax",
            text_arg(v[0]));
}

static void time_add(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t t, d = 0;
    if (any_null(n, v) || !time_value(c, v[0], "timestamp", &t))
        return;
    interval_value(text_arg(v[1]), &d);
    result_text(c, wiretime_decode_timestamp(t + d * sqlite3_value_int(v[2]), strstr(text_arg(v[0]), "+00")));
}

static void time_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a, b;
    if (!any_null(n, v) && time_value(c, v[0], "timestamp", &a) && time_value(c, v[1], "timestamp", &b))
        result_text(c, interval_text(a - b));
}

static void interval_negate(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t d;
    if (!any_null(n, v) && interval_value(text_arg(v[0]), &d))
        result_text(c, interval_text(-d));
}

static void date_trunc(sqlite3_context *c, int n, sqlite3_value **v) {
    static const struct {
        const char *unit;
        size_t keep;
    } units[] = {{"year", 4}, {"month", 7}, {"day", 10}, {"hour", 13}, {"minute", 16}, {"second", 19}};
    static const char rest[] = "0000-01-01 00:00:00";
    if (any_null(n, v))
        return;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, text_arg(v[0]))) {
            char *text = mem_printf("%.*s%s+00", (int)units[i].keep, text_arg(v[1]), rest + units[i].keep);
            result_text(c, text);
            return;
        }
    fail(c, "22023", "unsupported timespan: %s", text_arg(v[0]));
}

static void date_part(sqlite3_context *c, int n, sqlite3_value **v) {
    static const struct {
        const char *unit;
        int at, len;
    } units[] = {{"year", 0, 4}, {"month", 5, 2}, {"day", 8, 2}, {"hour", 11, 2}, {"minute", 14, 2},
        {"second", 17, 9}};
    int64_t t;
    if (any_null(n, v))
        return;
    if (str_eq_nocase(text_arg(v[0]), "epoch")) {
        if (time_value(c, v[1], "timestamp", &t))
            sqlite3_result_double(c, (double)(t + INT64_C(946684800000000)) / 1e6);
        return;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_nocase(units[i].unit, text_arg(v[0])) && (int)strlen(text_arg(v[1])) > units[i].at) {
            char *part = mem_strndup(text_arg(v[1]) + units[i].at, (size_t)units[i].len);
            sqlite3_result_double(c, strtod(part, NULL));
            free(part);
            return;
        }
    fail(c, "22023", "unsupported timespan: %s", text_arg(v[0]));
}

static void clock_timestamp(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    result_text(c, wiretime_decode_timestamp(now_2000(), true));
}

static void age(sqlite3_context *c, int n, sqlite3_value **v) {
    int64_t a = now_2000(), b;
    if (any_null(n, v) || (n == 2 && !time_value(c, v[0], "timestamptz", &a)) ||
        !time_value(c, v[n - 1], "timestamptz", &b))
        return;
    result_text(c, interval_text(a - b));
}

/* ---- numbers ---- */

static void decimal_op(sqlite3_context *c, sqlite3_value **v, struct decimal (*op)(struct decimal,
    struct decimal)) {
    const struct decimal d = op(decimal_parse(text_arg(v[0])), decimal_parse(text_arg(v[1])));
    if (d.bad)
        fail(c, "22003", "decimal out of range");
    else
        result_text(c, decimal_print(d));
}
static void dec_add(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!any_null(n, v))
        decimal_op(c, v, decimal_add);
}
static void dec_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!any_null(n, v))
        decimal_op(c, v, decimal_subtract);
}
static void dec_mul(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!any_null(n, v))
        decimal_op(c, v, decimal_multiply);
}
static void dec_div(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    if (decimal_parse(text_arg(v[1])).mantissa == 0)
        fail(c, "22012", "division by zero");
    else
        decimal_op(c, v, decimal_divide);
}
static struct decimal floor_divide(struct decimal a, struct decimal b) {
    return decimal_round(decimal_divide(a, b), 0, -1);
}
static void dec_floordiv(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    if (decimal_parse(text_arg(v[1])).mantissa == 0)
        fail(c, "22012", "division by zero");
    else
        decimal_op(c, v, floor_divide);
}
static struct decimal remainder_of(struct decimal a, struct decimal b) {
    return decimal_subtract(a, decimal_multiply(floor_divide(a, b), b));
}
static void dec_mod(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    if (decimal_parse(text_arg(v[1])).mantissa == 0)
        fail(c, "22012", "zero modulus");
    else
        decimal_op(c, v, remainder_of);
}

static void nonzero(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    if (sqlite3_value_type(v[0]) != SQLITE_NULL && sqlite3_value_double(v[0]) == 0)
        fail(c, "22012", "division by zero");
    else
        sqlite3_result_value(c, v[0]);
}

static void abs_any(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    if (sqlite3_value_type(v[0]) == SQLITE_TEXT) {
        const char *s = text_arg(v[0]);
        sqlite3_result_text(c, s + (*s == '-'), -1, SQLITE_TRANSIENT);
    } else if (sqlite3_value_type(v[0]) == SQLITE_FLOAT) {
        sqlite3_result_double(c, fabs(sqlite3_value_double(v[0])));
    } else {
        sqlite3_result_int64(c, llabs(sqlite3_value_int64(v[0])));
    }
}

static void round_any(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    const int scale = sqlite3_value_int(v[1]), mode = sqlite3_value_int(v[2]);
    if (sqlite3_value_type(v[0]) == SQLITE_TEXT) {
        result_text(c, decimal_print(decimal_round(decimal_parse(text_arg(v[0])), scale, mode)));
    } else if (sqlite3_value_type(v[0]) == SQLITE_FLOAT) {
        const double f = pow(10, scale), x = sqlite3_value_double(v[0]) * f;
        sqlite3_result_double(c, (mode < 0 ? floor(x) : mode > 0 ? ceil(x) : rint(x)) / f);
    } else {
        sqlite3_result_value(c, v[0]);
    }
}

struct sum {
    struct decimal total;
    int64_t count;
};

static void sum_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct sum *s = sqlite3_aggregate_context(c, sizeof *s);
    if (any_null(n, v))
        return;
    s->total = s->count++ ? decimal_add(s->total, decimal_parse(text_arg(v[0])))
        : decimal_parse(text_arg(v[0]));
}

static void sum_final(sqlite3_context *c) {
    const struct sum *s = sqlite3_aggregate_context(c, 0);
    if (s && s->count)
        result_text(c, decimal_print(s->total));
}

static void average_final(sqlite3_context *c) {
    const struct sum *s = sqlite3_aggregate_context(c, 0);
    if (s && s->count)
        result_text(c, decimal_print(decimal_divide(s->total, (struct decimal){.mantissa = s->count})));
}

static void random_float(sqlite3_context *c, int n, sqlite3_value **v) {
    uint32_t bits = 0;
    (void)n;
    (void)v;
    if (getrandom(&bits, sizeof bits, 0) == sizeof bits)
        sqlite3_result_double(c, bits / 4294967296.0);
}

static void random_uuid(sqlite3_context *c, int n, sqlite3_value **v) {
    unsigned char b[16] = {0};
    struct str s = {0};
    (void)n;
    (void)v;
    if (getrandom(b, sizeof b, 0) != sizeof b) {
        fail(c, "XX000", "no random numbers");
        return;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (int i = 0; i < 16; i++)
        str_add_f(&s, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
    result_text(c, str_take(&s));
}

static struct engine_session *session_of(sqlite3_context *c) {
    return sqlite3_user_data(c);
}

static void unique_rowid(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    sqlite3_result_int64(c, engine_rowid(session_of(c)->session->engine));
}

static void session_pid(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    sqlite3_result_int(c, session_of(c)->session->process_id);
}

static void float_text(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, sqlite3_value_double(v[0]));
        if (strtod(text, NULL) == sqlite3_value_double(v[0]))
            break;
    }
    sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
}

/* ---- texts ---- */

static void split_part(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    const char *at = text_arg(v[0]), *by = text_arg(v[1]);
    const size_t len = strlen(by);
    for (int i = sqlite3_value_int(v[2]); i > 1; i--) {
        const char *next = len ? strstr(at, by) : NULL;
        if (!next) {
            sqlite3_result_text(c, "", 0, SQLITE_STATIC);
            return;
        }
        at = next + len;
    }
    const char *end = len ? strstr(at, by) : NULL;
    sqlite3_result_text(c, at, end ? (int)(end - at) : -1, SQLITE_TRANSIENT);
}

static void repeat(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    struct str s = {0};
    const sqlite3_int64 times = sqlite3_value_int64(v[1]);
    if (times > 0 && (size_t)times * strlen(text_arg(v[0])) > 16 * 1024 * 1024) {
        fail(c, "54000", "requested length too large");
        return;
    }
    for (sqlite3_int64 i = 0; i < times; i++)
        str_add(&s, text_arg(v[0]));
    result_text(c, str_take(&s));
}

static void text_reverse(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    struct str s = {0};
    const char *text = text_arg(v[0]);
    for (size_t end = strlen(text); end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((unsigned char)text[start] & 0xc0) == 0x80)
            start--;
        str_add_n(&s, text + start, end - start);
        end = start;
    }
    result_text(c, str_take(&s));
}

static void pad(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    const char *text = text_arg(v[1]), *with = n > 3 ? text_arg(v[3]) : " ";
    const size_t want = (size_t)(sqlite3_value_int(v[2]) > 0 ? sqlite3_value_int(v[2]) : 0),
        have = strlen(text);
    struct str fill = {0}, out = {0};
    for (size_t i = 0; have + i < want && want < 1000000 && *with; i++)
        str_add_char(&fill, with[i % strlen(with)]);
    if (sqlite3_value_int(v[0]))
        str_add(&out, str_get(&fill));
    str_add_n(&out, text, have < want ? have : want);
    if (!sqlite3_value_int(v[0]))
        str_add(&out, str_get(&fill));
    str_free(&fill);
    result_text(c, str_take(&out));
}

static void concat_all(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    for (int i = 0; i < n; i++)
        str_add(&s, text_arg(v[i]));
    result_text(c, str_take(&s));
}

static void concat_sep(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    bool any = false;
    for (int i = 1; i < n; i++)
        if (sqlite3_value_type(v[i]) != SQLITE_NULL) {
            str_add_f(&s, "%s%s", any ? text_arg(v[0]) : "", text_arg(v[i]));
            any = true;
        }
    result_text(c, str_take(&s));
}

static void digest(sqlite3_context *c, int n, sqlite3_value **v) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (any_null(n, v))
        return;
    const EVP_MD *md = EVP_get_digestbyname(text_arg(v[0]));
    if (!md || !EVP_Digest(text_arg(v[1]), strlen(text_arg(v[1])), out, &len, md, NULL)) {
        fail(c, "XX000", "the digest %s is not there", text_arg(v[0]));
        return;
    }
    struct str s = {0};
    for (unsigned i = 0; i < len; i++)
        str_add_f(&s, "%02x", out[i]);
    result_text(c, str_take(&s));
}

static void initcap(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    char *text = mem_strdup(text_arg(v[0]));
    bool first = true;
    for (char *p = text; *p; p++) {
        *p = (char)(first ? toupper((unsigned char)*p) : tolower((unsigned char)*p));
        first = !isalnum((unsigned char)*p) && !((unsigned char)*p & 0x80);
    }
    result_text(c, text);
}

static void quote_ident(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    struct str s = {0};
    str_add_char(&s, '"');
    for (const char *p = text_arg(v[0]); *p; p++) {
        if (*p == '"')
            str_add_char(&s, '"');
        str_add_char(&s, *p);
    }
    str_add_char(&s, '"');
    result_text(c, str_take(&s));
}

static void to_char(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!any_null(n, v))
        sqlite3_result_value(c, v[0]);
}

static void regex(sqlite3_context *c, int n, sqlite3_value **v) {
    regex_t re;
    if (any_null(n, v))
        return;
    if (regcomp(&re, text_arg(v[1]), REG_EXTENDED | REG_NOSUB | (sqlite3_value_int(v[2]) ? REG_ICASE
        : 0)) != 0) {
        fail(c, "2201B", "invalid regular expression: %s", text_arg(v[1]));
        return;
    }
    sqlite3_result_int(c, regexec(&re, text_arg(v[0]), 0, NULL, 0) == 0);
    regfree(&re);
}

static void bad_enum(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    fail(c, "22P02", "invalid input value for enum %s: \"%s\"", text_arg(v[1]), text_arg(v[0]));
}

static void force_error(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    fail(c, strlen(text_arg(v[0])) == 5 ? text_arg(v[0]) : "XXUUU", "%s", text_arg(v[1]));
}

static int extreme(int n, sqlite3_value **v, int sign) {
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            continue;
        const bool text = sqlite3_value_type(v[i]) == SQLITE_TEXT;
        if (best < 0 || (text ? strcmp(text_arg(v[i]), text_arg(v[best])) * sign > 0
            : (sqlite3_value_double(v[i]) - sqlite3_value_double(v[best])) * sign > 0))
            best = i;
    }
    return best;
}

static void max_of(sqlite3_context *c, int n, sqlite3_value **v) {
    const int i = extreme(n, v, 1);
    if (i >= 0)
        sqlite3_result_value(c, v[i]);
}

static void min_of(sqlite3_context *c, int n, sqlite3_value **v) {
    const int i = extreme(n, v, -1);
    if (i >= 0)
        sqlite3_result_value(c, v[i]);
}

/* ---- arrays: {a,"b c",NULL} ---- */

struct elements {
    VEC(char *); /* NULL: NULL */
};

static void elements_free(struct elements *e) {
    for (size_t i = 0; i < e->len; i++)
        free(e->items[i]);
    vec_free(e);
}

static void elements_read(struct elements *out, const char *s) {
    s += *s == '{';
    while (*s && *s != '}') {
        struct str text = {0};
        const bool quoted = *s == '"';
        for (s += quoted; *s && (quoted ? *s != '"' : *s != ',' && *s != '}'); s++) {
            if (*s == '\\' && s[1])
                s++;
            str_add_char(&text, *s);
        }
        s += quoted && *s == '"';
        const bool null = !quoted && str_eq(str_get(&text), "NULL");
        char *item = null ? NULL : str_take(&text);
        str_free(&text);
        vec_push(out, item);
        s += *s == ',';
    }
}

static void element_add(struct str *out, const char *text) {
    if (!text) {
        str_add(out, "NULL");
        return;
    }
    if (*text && !strpbrk(text, "{},\"\\ \t\n=") && !str_eq_nocase(text, "NULL")) {
        str_add(out, text);
        return;
    }
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

static void make_array(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    str_add_char(&s, '{');
    for (int i = 0; i < n; i++) {
        str_add(&s, i ? "," : "");
        element_add(&s, sqlite3_value_type(v[i]) == SQLITE_NULL ? NULL : text_arg(v[i]));
    }
    str_add_char(&s, '}');
    result_text(c, str_take(&s));
}

static void array_agg_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str *s = sqlite3_aggregate_context(c, sizeof *s);
    (void)n;
    str_add(s, s->len ? "," : "{");
    element_add(s, sqlite3_value_type(v[0]) == SQLITE_NULL ? NULL : text_arg(v[0]));
}

static void array_agg_final(sqlite3_context *c) {
    struct str *s = sqlite3_aggregate_context(c, 0);
    if (!s || !s->len)
        return;
    str_add_char(s, '}');
    result_text(c, str_take(s));
}

static void array_length(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (any_null(n, v))
        return;
    elements_read(&e, text_arg(v[0]));
    if (e.len && sqlite3_value_int(v[1]) == 1)
        sqlite3_result_int64(c, (sqlite3_int64)e.len);
    elements_free(&e);
}

static void array_get(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (any_null(n, v))
        return;
    elements_read(&e, text_arg(v[0]));
    const sqlite3_int64 i = sqlite3_value_int64(v[1]);
    if (i >= 1 && (size_t)i <= e.len && e.items[i - 1])
        sqlite3_result_text(c, e.items[i - 1], -1, SQLITE_TRANSIENT);
    elements_free(&e);
}

static void array_to_string(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    if (any_null(2, v))
        return;
    elements_read(&e, text_arg(v[0]));
    bool any = false;
    for (size_t i = 0; i < e.len; i++) {
        const char *text = e.items[i] ? e.items[i] : n > 2 ? text_arg(v[2]) : NULL;
        if (!text)
            continue;
        str_add_f(&s, "%s%s", any ? text_arg(v[1]) : "", text);
        any = true;
    }
    elements_free(&e);
    result_text(c, str_take(&s));
}

static void string_to_array(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    struct str out = {0};
    const char *at = text_arg(v[0]), *by = text_arg(v[1]);
    str_add_char(&out, '{');
    for (bool first = true; *at || first; first = false) {
        const char *end = *by ? strstr(at, by) : NULL;
        char *part = end ? mem_strndup(at, (size_t)(end - at)) : mem_strdup(at);
        str_add(&out, first ? "" : ",");
        element_add(&out, part);
        free(part);
        if (!end)
            break;
        at = end + strlen(by);
    }
    str_add_char(&out, '}');
    result_text(c, str_take(&out));
}

static bool element_in(const struct elements *e, const char *text) {
    for (size_t i = 0; i < e->len; i++)
        if (e->items[i] && str_eq(e->items[i], text))
            return true;
    return false;
}

static void array_position(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (any_null(n, v))
        return;
    elements_read(&e, text_arg(v[0]));
    for (size_t i = 0; i < e.len; i++)
        if (e.items[i] && str_eq(e.items[i], text_arg(v[1]))) {
            sqlite3_result_int64(c, (sqlite3_int64)i + 1);
            break;
        }
    elements_free(&e);
}

static void array_any(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (any_null(n, v))
        return;
    const char *op = text_arg(v[1]), *text = text_arg(v[0]);
    const bool all = sqlite3_value_int(v[3]);
    elements_read(&e, text_arg(v[2]));
    bool hit = all;
    for (size_t i = 0; i < e.len; i++) {
        const int d = strcmp(text, e.items[i] ? e.items[i] : "");
        const bool one = str_eq(op, "=") ? d == 0 : str_eq(op, "!=") ? d != 0 : str_eq(op, "<") ? d < 0
            : d > 0;
        hit = all ? hit && one : hit || one;
    }
    elements_free(&e);
    sqlite3_result_int(c, hit);
}

static void array_contains(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements a = {0}, b = {0};
    if (any_null(n, v))
        return;
    elements_read(&a, text_arg(v[0]));
    elements_read(&b, text_arg(v[1]));
    bool all = true;
    for (size_t i = 0; i < b.len; i++)
        all = all && b.items[i] && element_in(&a, b.items[i]);
    elements_free(&a);
    elements_free(&b);
    sqlite3_result_int(c, all);
}

static void array_overlaps(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements a = {0}, b = {0};
    if (any_null(n, v))
        return;
    elements_read(&a, text_arg(v[0]));
    elements_read(&b, text_arg(v[1]));
    bool any = false;
    for (size_t i = 0; i < b.len; i++)
        any = any || (b.items[i] && element_in(&a, b.items[i]));
    elements_free(&a);
    elements_free(&b);
    sqlite3_result_int(c, any);
}

static void array_append(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    (void)n;
    const char *a = text_arg(v[0]);
    str_add(&s, *a ? a : "{}");
    str_truncate(&s, s.len - 1);
    str_add(&s, s.len > 1 ? "," : "");
    element_add(&s, sqlite3_value_type(v[1]) == SQLITE_NULL ? NULL : text_arg(v[1]));
    str_add_char(&s, '}');
    result_text(c, str_take(&s));
}

static void array_cat(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    (void)n;
    const char *a = text_arg(v[0]), *b = text_arg(v[1]);
    str_add(&s, *a ? a : "{}");
    str_truncate(&s, s.len - 1);
    str_add(&s, s.len > 1 && b[0] && b[1] != '}' ? "," : "");
    str_add(&s, *b ? b + 1 : "}");
    result_text(c, str_take(&s));
}

static void array_to_json(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    if (any_null(n, v))
        return;
    elements_read(&e, text_arg(v[0]));
    str_add_char(&s, '[');
    for (size_t i = 0; i < e.len; i++) {
        str_add(&s, i ? "," : "");
        if (!e.items[i]) {
            str_add(&s, "null");
            continue;
        }
        str_add_char(&s, '"');
        for (const char *p = e.items[i]; *p; p++)
            if ((unsigned char)*p < 0x20)
                str_add_f(&s, "\\u%04x", *p);
            else {
                if (*p == '"' || *p == '\\')
                    str_add_char(&s, '\\');
                str_add_char(&s, *p);
            }
        str_add_char(&s, '"');
    }
    str_add_char(&s, ']');
    elements_free(&e);
    result_text(c, str_take(&s));
}

/* ---- the catalog and the cluster ---- */

static void format_type(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_NULL)
        return;
    struct sqltype t = sqltype_from_oid((uint32_t)sqlite3_value_int64(v[0]));
    struct str s = {0};
    if (t.base == TYPE_USER) {
        const struct type_descriptor *d = type_by_id(session_of(c)->session->engine->descriptors, t.user);
        str_add(&s, d ? d->name : "???");
    } else {
        const bool array = t.array;
        t.array = false;
        str_add(&s, sqltype_pg_name(&t));
        const int typmod = sqlite3_value_int(v[1]);
        if (typmod > 4 && (t.base == TYPE_VARCHAR || t.base == TYPE_CHAR))
            str_add_f(&s, "(%d)", typmod - 4);
        else if (typmod > 4 && t.base == TYPE_DECIMAL)
            str_add_f(&s, "(%d,%d)", (typmod - 4) >> 16, (typmod - 4) & 0xffff);
        str_add(&s, array ? "[]" : "");
    }
    result_text(c, str_take(&s));
}

static void pg_get_userbyid(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    result_text(c, mem_printf("unknown (OID=%" PRId64 ")", (int64_t)sqlite3_value_int64(v[0])));
}

static void to_regclass(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    char *end;
    const char *name = text_arg(v[0]);
    const long long id = strtoll(name, &end, 10);
    if (end != name && !*end) {
        sqlite3_result_int64(c, id);
        return;
    }
    const struct engine *e = session_of(c)->session->engine;
    const char *last = strrchr(name, '.');
    for (size_t i = 0; i < e->descriptors->tables.len; i++)
        if (str_eq(e->descriptors->tables.items[i]->name, last ? last + 1 : name)) {
            sqlite3_result_int64(c, e->descriptors->tables.items[i]->id);
            return;
        }
    fail(c, "42P01", "relation \"%s\" does not exist", name);
}

static void locality_value(sqlite3_context *c, int n, sqlite3_value **v) {
    if (any_null(n, v))
        return;
    const char *at = session_of(c)->session->locality, *key = text_arg(v[0]);
    for (; *at; at += strcspn(at, ","), at += *at == ',')
        if (str_starts(at, key) && at[strlen(key)] == '=') {
            at += strlen(key) + 1;
            sqlite3_result_text(c, at, (int)strcspn(at, ","), SQLITE_TRANSIENT);
            return;
        }
}

static void encode_key(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err = {0};
    const struct engine *e = session_of(c)->session->engine;
    const struct table_descriptor *t = table_by_id(e->descriptors, sqlite3_value_int64(v[0]));
    const struct index_descriptor *x = NULL;
    const char *prefix = e->compat < 2601 ? "crdb_internal.encode_key(): " : "";
    for (size_t i = 0; t && i < t->indexes.len; i++)
        if (t->indexes.items[i].id == sqlite3_value_int(v[1]))
            x = &t->indexes.items[i];
    if (!x) {
        fail(c, "42P01", "%srelation or index does not exist", prefix);
        return;
    }
    if ((size_t)n - 2 != x->keys.len) {
        fail(c, e->compat < 2601 ? "XXUUU" : "22023",
            "%snumber of values must equal number of columns in index \"%s\"",
            prefix, x->name);
        return;
    }
    key_begin(&key, (uint64_t)t->id, (uint64_t)x->id);
    for (int i = 2; i < n; i++) {
        const struct column_descriptor *column = column_by_id(t, x->keys.items[i - 2].column);
        const char *text = sqlite3_value_type(v[i]) == SQLITE_NULL ? NULL : text_arg(v[i]);
        if (!hook_add_key_value(&key, e->descriptors, column, text, x->keys.items[i - 2].descending, &err)) {
            fail(c, err.kind == ERR_USAGE ? "22P02" : "22023", "%s%s", prefix, err.message);
            key_free(&key);
            return;
        }
    }
    struct str s = {0};
    str_add(&s, "\\x");
    for (size_t i = 0; i < key.len; i++)
        str_add_f(&s, "%02x", key.data[i]);
    key_free(&key);
    result_text(c, str_take(&s));
}

static void pretty_key(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err;
    struct str s = {0};
    if (any_null(n, v) || !key_parse_hex(&key, text_arg(v[0]), &err))
        return;
    key_print(&s, &key);
    key_free(&key);
    const char *at = str_get(&s);
    for (sqlite3_int64 skip = sqlite3_value_int64(v[1]); skip >= 0 && *at == '/'; skip--)
        at = *at ? at + 1 + strcspn(at + 1, "/") : at;
    sqlite3_result_text(c, at, -1, SQLITE_TRANSIENT);
    str_free(&s);
}

static void lease_holder(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err;
    if (any_null(n, v) || !key_parse_hex(&key, text_arg(v[0]), &err))
        return;
    const int store = hook_lease_holder(session_of(c)->session->engine, &key);
    key_free(&key);
    if (store)
        sqlite3_result_int(c, store);
}

static void sandbox_node(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (any_null(n, v))
        return;
    if (session_of(c)->session->read_only)
        fail(c, "25006", "cannot execute sandbox.%s in a read-only transaction",
            sqlite3_value_int(v[1]) ? "start_node" : "kill_node");
    else if (hook_node(session_of(c)->session->engine, sqlite3_value_int(v[0]), sqlite3_value_int(v[1]),
        &err))
        sqlite3_result_int(c, 1);
    else
        fail(c, "22023", "%s", err.message);
}

static void sandbox_region(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (any_null(n, v))
        return;
    if (session_of(c)->session->read_only)
        fail(c, "25006", "cannot execute sandbox.%s in a read-only transaction",
            sqlite3_value_int(v[1]) ? "start_region" : "kill_region");
    else if (hook_region(session_of(c)->session->engine, text_arg(v[0]), sqlite3_value_int(v[1]), &err))
        sqlite3_result_int(c, 1);
    else
        fail(c, "22023", "%s", err.message);
}

static const struct {
    const char *name;
    int args;
    void (*run)(sqlite3_context *c, int n, sqlite3_value **v);
} functions[] = {
    {"to_bool", 1, to_bool}, {"to_int", 1, to_int}, {"to_float", 1, to_float}, {"to_decimal", 2, to_decimal},
    {"to_uuid", 1, to_uuid}, {"fit_text", 3, fit_text}, {"to_bytes", 1, to_bytes}, {"to_timestamp", 1,
        to_timestamp},
    {"to_timestamptz", 1, to_timestamptz}, {"to_date", 1, to_date}, {"to_interval", 1, to_interval},
    {"time_add", 3, time_add}, {"time_sub", 2, time_sub}, {"interval_negate", 1, interval_negate},
    {"date_trunc", 2, date_trunc}, {"date_part", 2, date_part}, {"clock_timestamp", 0, clock_timestamp},
    {"age", -1, age}, {"dec_add", 2, dec_add}, {"dec_sub", 2, dec_sub}, {"dec_mul", 2, dec_mul},
    {"dec_div", 2, dec_div}, {"dec_floordiv", 2, dec_floordiv}, {"dec_mod", 2, dec_mod}, {"nonzero", 1,
        nonzero},
    {"abs_any", 1, abs_any}, {"round_any", 3, round_any}, {"random_float", 0, random_float},
    {"random_uuid", 0, random_uuid}, {"unique_rowid", 0, unique_rowid}, {"session_pid", 0, session_pid},
    {"float_text", 1, float_text}, {"split_part", 3, split_part}, {"repeat", 2, repeat},
    {"text_reverse", 1, text_reverse}, {"pad", -1, pad}, {"concat_all", -1, concat_all},
    {"concat_sep", -1, concat_sep}, {"digest", 2, digest}, {"initcap", 1, initcap}, {"quote_ident", 1,
        quote_ident},
    {"to_char", 2, to_char}, {"regex", 3, regex}, {"bad_enum", 2, bad_enum}, {"force_error", 2, force_error},
    {"max_of", -1, max_of}, {"min_of", -1, min_of}, {"make_array", -1, make_array}, {"array_length", 2,
        array_length},
    {"array_get", 2, array_get}, {"array_to_string", -1, array_to_string}, {"string_to_array", 2,
        string_to_array},
    {"array_position", 2, array_position}, {"array_any", 4, array_any}, {"array_contains", 2, array_contains},
    {"array_overlaps", 2, array_overlaps}, {"array_append", 2, array_append}, {"array_cat", 2, array_cat},
    {"array_to_json", 1, array_to_json}, {"format_type", 2, format_type}, {"pg_get_userbyid", 1,
        pg_get_userbyid},
    {"to_regclass", 1, to_regclass}, {"locality_value", 1, locality_value}, {"encode_key", -1, encode_key},
    {"pretty_key", 2, pretty_key}, {"lease_holder", 1, lease_holder}, {"sandbox_node", 2, sandbox_node},
    {"sandbox_region", 2, sandbox_region},
};

static int collate_decimal(void *arg, int na, const void *a, int nb, const void *b) {
    (void)arg;
    char *x = mem_strndup(a, (size_t)na), *y = mem_strndup(b, (size_t)nb);
    const int d = decimal_compare(decimal_parse(x), decimal_parse(y));
    free(x);
    free(y);
    return d;
}

void engine_functions(struct engine_session *es) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        sqlite3_create_function(es->db, functions[i].name, functions[i].args, SQLITE_UTF8, es,
            functions[i].run, NULL,
            NULL);
    sqlite3_create_function(es->db, "dec_sum", 1, SQLITE_UTF8, es, NULL, sum_step, sum_final);
    sqlite3_create_function(es->db, "dec_avg", 1, SQLITE_UTF8, es, NULL, sum_step, average_final);
    sqlite3_create_function(es->db, "array_agg", 1, SQLITE_UTF8, es, NULL, array_agg_step, array_agg_final);
    sqlite3_create_collation(es->db, "DECIMAL", SQLITE_UTF8, NULL, collate_decimal);
}
