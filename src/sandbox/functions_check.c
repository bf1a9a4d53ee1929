/* functions_check: what refuses: overflow, more than one row, rows that something refers to. */
#include "functions.h"

#include "domicile/base/mem.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* INT8 arithmetic, with the server's error in place of SQLite's turn to floating point. */
static void checked(sqlite3_context *c, sqlite3_value **v, char op) {
    const long long a = sqlite3_value_int64(v[0]), b = sqlite3_value_int64(v[1]);
    long long out = 0;
    const bool over = op == '+' ? __builtin_add_overflow(a, b, &out) : op == '-' ? __builtin_sub_overflow(a, b, &out)
        : __builtin_mul_overflow(a, b, &out);
    if (over)
        fn_fail(c, "22003", "integer out of range");
    else
        sqlite3_result_int64(c, out);
}

static void int_add(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        checked(c, v, '+');
}

static void int_sub(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        checked(c, v, '-');
}

static void int_mul(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        checked(c, v, '*');
}

/* LIMIT and OFFSET: not_negative(value, SQLSTATE, word). */
static void not_negative(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_NULL)
        sqlite3_result_int64(c, sqlite3_value_int(v[3]));
    else if (sqlite3_value_int64(v[0]) < 0)
        fn_fail(c, fn_text(v[1]), "negative value for %s", fn_text(v[2]));
    else
        sqlite3_result_value(c, v[0]);
}

/* fk_fail(message, constraint, before, after, values ...): 23503 with the key's values in its detail:
 * before "Key (a, b)=(", after ") is not present in table "t"."; a value that is text is quoted. */
static void fk_fail(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    str_add_f(&s, "#23503#%s\x01%s", fn_text(v[0]), fn_text(v[2]));
    for (int i = 4; i < n; i++) {
        const bool text = sqlite3_value_type(v[i]) == SQLITE_TEXT;
        str_add_f(&s, text ? "%s'%s'" : "%s%s", i > 4 ? ", " : "",
            sqlite3_value_type(v[i]) == SQLITE_NULL ? "NULL" : fn_text(v[i]));
    }
    str_add_f(&s, "%s\x01%s", fn_text(v[3]), fn_text(v[1]));
    sqlite3_result_error(c, str_get(&s), -1);
    str_free(&s);
}

/* An address and the length of its prefix; false when it is none. */
static bool read_inet(const char *text, unsigned char *bytes, int *size, int *prefix) {
    char address[64];
    const char *slash = strchr(text, '/');
    snprintf(address, sizeof address, "%.*s", (int)(slash ? slash - text : (long)strlen(text)), text);
    *size = strchr(address, ':') ? 16 : 4;
    *prefix = slash ? atoi(slash + 1) : *size * 8;
    return inet_pton(*size == 16 ? AF_INET6 : AF_INET, address, bytes) == 1 && *prefix >= 0 && *prefix <= *size * 8;
}

static void inet_within(sqlite3_context *c, int n, sqlite3_value **v) {
    unsigned char a[16], b[16];
    int a_size, b_size, a_prefix, b_prefix;
    if (fn_null(n, v))
        return;
    for (int i = 0; i < 2; i++)
        if (!read_inet(fn_text(v[i]), i ? b : a, i ? &b_size : &a_size, i ? &b_prefix : &a_prefix)) {
            fn_fail(c, "22P02", "could not parse \"%s\" as inet. invalid IP", fn_text(v[i]));
            return;
        }
    bool within = a_size == b_size && a_prefix >= b_prefix;
    for (int bit = 0; within && bit < b_prefix; bit++)
        within = ((a[bit / 8] ^ b[bit / 8]) & (0x80 >> (bit % 8))) == 0;
    sqlite3_result_int(c, within);
}

/* A subquery as a value: its only row. */
struct single {
    sqlite3_value *value;
    bool found;
};

void fn_single_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct single *s = sqlite3_aggregate_context(c, sizeof *s);
    (void)n;
    if (!s)
        return;
    if (s->found) {
        fn_fail(c, "21000", "more than one row returned by a subquery used as an expression");
        return;
    }
    s->found = true;
    s->value = sqlite3_value_dup(v[0]);
}

void fn_single_final(sqlite3_context *c) {
    struct single *s = sqlite3_aggregate_context(c, 0);
    if (!s)
        return;
    if (s->value)
        sqlite3_result_value(c, s->value);
    sqlite3_value_free(s->value);
}

const struct function functions_check[] = {
    {"int_add", 2, int_add}, {"int_sub", 2, int_sub}, {"int_mul", 2, int_mul}, {"not_negative", 4, not_negative},
    {"fk_fail", -1, fk_fail}, {"inet_within", 2, inet_within},
    {NULL, 0, NULL},
};
