/* functions_number: exact and other arithmetic, random numbers, sums. */
#include "decimal.h"
#include "functions.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void decimal_op(sqlite3_context *c, sqlite3_value **v, struct decimal (*op)(struct decimal,
    struct decimal)) {
    const struct decimal d = op(decimal_parse(fn_text(v[0])), decimal_parse(fn_text(v[1])));
    if (d.bad)
        fn_fail(c, "22003", "decimal out of range");
    else
        fn_give(c, decimal_print(d));
}
static void dec_add(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        decimal_op(c, v, decimal_add);
}
static void dec_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        decimal_op(c, v, decimal_subtract);
}
static void dec_mul(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        decimal_op(c, v, decimal_multiply);
}
static void dec_div(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    if (decimal_parse(fn_text(v[1])).mantissa == 0)
        fn_fail(c, "22012", "division by zero");
    else
        decimal_op(c, v, decimal_divide);
}
static struct decimal floor_divide(struct decimal a, struct decimal b) {
    return decimal_round(decimal_divide(a, b), 0, -1);
}
static void dec_floordiv(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    if (decimal_parse(fn_text(v[1])).mantissa == 0)
        fn_fail(c, "22012", "division by zero");
    else
        decimal_op(c, v, floor_divide);
}
static struct decimal remainder_of(struct decimal a, struct decimal b) {
    return decimal_subtract(a, decimal_multiply(floor_divide(a, b), b));
}
static void dec_mod(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    if (decimal_parse(fn_text(v[1])).mantissa == 0)
        fn_fail(c, "22012", "zero modulus");
    else
        decimal_op(c, v, remainder_of);
}

/* To INT8, half away from zero. */
static void dec_int(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    char *text = decimal_print(decimal_round(decimal_parse(fn_text(v[0])), 0, 0));
    errno = 0;
    const long long i = strtoll(text, NULL, 10);
    const bool over = errno == ERANGE || strlen(text) > 20;
    free(text);
    if (over)
        fn_fail(c, "22003", "integer out of range");
    else
        sqlite3_result_int64(c, i);
}

static void nonzero(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    if (sqlite3_value_type(v[0]) != SQLITE_NULL && sqlite3_value_double(v[0]) == 0)
        fn_fail(c, "22012", "division by zero");
    else
        sqlite3_result_value(c, v[0]);
}

static void abs_any(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    if (sqlite3_value_type(v[0]) == SQLITE_TEXT) {
        const char *s = fn_text(v[0]);
        sqlite3_result_text(c, s + (*s == '-'), -1, SQLITE_TRANSIENT);
    } else if (sqlite3_value_type(v[0]) == SQLITE_FLOAT) {
        sqlite3_result_double(c, fabs(sqlite3_value_double(v[0])));
    } else {
        sqlite3_result_int64(c, llabs(sqlite3_value_int64(v[0])));
    }
}

static void round_any(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const int scale = sqlite3_value_int(v[1]);
    int mode = sqlite3_value_int(v[2]);
    if (mode == 2) /* towards zero */
        mode = *fn_text(v[0]) == '-' ? 1 : -1;
    if (sqlite3_value_type(v[0]) == SQLITE_TEXT) {
        fn_give(c, decimal_print(decimal_round(decimal_parse(fn_text(v[0])), scale, mode)));
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

/* SQLite's memory lies at multiples of 8, too few for a sum: it is copied there and back. */
void fn_sum_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct sum s;
    void *kept = sqlite3_aggregate_context(c, sizeof s);
    if (!kept || fn_null(n, v))
        return;
    memcpy(&s, kept, sizeof s);
    s.total = s.count++ ? decimal_add(s.total, decimal_parse(fn_text(v[0]))) : decimal_parse(fn_text(v[0]));
    memcpy(kept, &s, sizeof s);
}

/* False: there was nothing to add. */
static bool sum_of(sqlite3_context *c, struct sum *out) {
    const void *kept = sqlite3_aggregate_context(c, 0);
    if (kept)
        memcpy(out, kept, sizeof *out);
    return kept && out->count;
}

void fn_sum_final(sqlite3_context *c) {
    struct sum s;
    if (sum_of(c, &s))
        fn_give(c, decimal_print(s.total));
}

void fn_average_final(sqlite3_context *c) {
    struct sum s;
    if (sum_of(c, &s))
        fn_give(c, decimal_print(decimal_divide(s.total, (struct decimal){.mantissa = s.count})));
}

/* Variance and standard deviation of a sample. */
struct spread {
    double mean, squares;
    int64_t count;
};

void fn_spread_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct spread *s = sqlite3_aggregate_context(c, sizeof *s);
    if (!s || fn_null(n, v))
        return;
    const double x = strtod(fn_text(v[0]), NULL), delta = x - s->mean;
    s->mean += delta / (double)++s->count;
    s->squares += delta * (x - s->mean);
}

void fn_variance_final(sqlite3_context *c) {
    const struct spread *s = sqlite3_aggregate_context(c, 0);
    if (s && s->count > 1)
        sqlite3_result_double(c, s->squares / (double)(s->count - 1));
}

void fn_deviation_final(sqlite3_context *c) {
    const struct spread *s = sqlite3_aggregate_context(c, 0);
    if (s && s->count > 1)
        sqlite3_result_double(c, sqrt(s->squares / (double)(s->count - 1)));
}

/* hlc_now(): nanoseconds since 1970 and a logical part. */
static void hlc_now(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    char text[48];
    snprintf(text, sizeof text, "%lld000.0000000000", (long long)engine_wall(fn_session(c)->session->engine));
    sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
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
        fn_fail(c, "XX000", "no random numbers");
        return;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (int i = 0; i < 16; i++)
        str_add_f(&s, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
    fn_give(c, str_take(&s));
}

static void unique_rowid(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    sqlite3_result_int64(c, engine_rowid(fn_session(c)->session->engine));
}

static void session_pid(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    (void)v;
    sqlite3_result_int(c, fn_session(c)->session->process_id);
}

static void float_text(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, sqlite3_value_double(v[0]));
        if (strtod(text, NULL) == sqlite3_value_double(v[0]))
            break;
    }
    sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
}

const struct function functions_number[] = {
    {"dec_add", 2, dec_add}, {"dec_sub", 2, dec_sub}, {"dec_mul", 2, dec_mul}, {"dec_div", 2, dec_div},
    {"dec_floordiv", 2, dec_floordiv}, {"dec_mod", 2, dec_mod}, {"abs_any", 1, abs_any},
    {"round_any", 3, round_any}, {"random_float", 0, random_float}, {"random_uuid", 0, random_uuid},
    {"unique_rowid", 0, unique_rowid}, {"session_pid", 0, session_pid}, {"float_text", 1, float_text},
    {"hlc_now", 0, hlc_now}, {"nonzero", 1, nonzero}, {"dec_int", 1, dec_int},
    {NULL, 0, NULL},
};
