/* functions_text: texts, digests, patterns. */
#include "functions.h"
#include "pattern.h"

#include "domicile/base/mem.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static void split_part(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *at = fn_text(v[0]), *by = fn_text(v[1]);
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
    if (fn_null(n, v))
        return;
    struct str s = {0};
    const sqlite3_int64 times = sqlite3_value_int64(v[1]);
    if (times > 0 && (size_t)times * strlen(fn_text(v[0])) > 16 * 1024 * 1024) {
        fn_fail(c, "54000", "requested length too large");
        return;
    }
    for (sqlite3_int64 i = 0; i < times; i++)
        str_add(&s, fn_text(v[0]));
    fn_give(c, str_take(&s));
}

static void text_reverse(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct str s = {0};
    const char *text = fn_text(v[0]);
    for (size_t end = strlen(text); end > 0;) {
        size_t start = end - 1;
        while (start > 0 && ((unsigned char)text[start] & 0xc0) == 0x80)
            start--;
        str_add_n(&s, text + start, end - start);
        end = start;
    }
    fn_give(c, str_take(&s));
}

static void pad(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *text = fn_text(v[1]), *with = n > 3 ? fn_text(v[3]) : " ";
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
    fn_give(c, str_take(&out));
}

static void concat_all(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    for (int i = 0; i < n; i++)
        str_add(&s, fn_text(v[i]));
    fn_give(c, str_take(&s));
}

static void concat_sep(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    bool any = false;
    for (int i = 1; i < n; i++)
        if (sqlite3_value_type(v[i]) != SQLITE_NULL) {
            str_add_f(&s, "%s%s", any ? fn_text(v[0]) : "", fn_text(v[i]));
            any = true;
        }
    fn_give(c, str_take(&s));
}

static void digest(sqlite3_context *c, int n, sqlite3_value **v) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (fn_null(n, v))
        return;
    const EVP_MD *md = EVP_get_digestbyname(fn_text(v[0]));
    if (!md || !EVP_Digest(fn_text(v[1]), strlen(fn_text(v[1])), out, &len, md, NULL)) {
        fn_fail(c, "XX000", "the digest %s is not there", fn_text(v[0]));
        return;
    }
    struct str s = {0};
    for (unsigned i = 0; i < len; i++)
        str_add_f(&s, "%02x", out[i]);
    fn_give(c, str_take(&s));
}

static void initcap(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    char *text = mem_strdup(fn_text(v[0]));
    bool first = true;
    for (char *p = text; *p; p++) {
        *p = (char)(first ? toupper((unsigned char)*p) : tolower((unsigned char)*p));
        first = !isalnum((unsigned char)*p) && !((unsigned char)*p & 0x80);
    }
    fn_give(c, text);
}

static void quote_ident(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct str s = {0};
    str_add_char(&s, '"');
    for (const char *p = fn_text(v[0]); *p; p++) {
        if (*p == '"')
            str_add_char(&s, '"');
        str_add_char(&s, *p);
    }
    str_add_char(&s, '"');
    fn_give(c, str_take(&s));
}

static void to_char(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        sqlite3_result_value(c, v[0]);
}

static bool compile(sqlite3_context *c, regex_t *re, const char *pattern, int flags) {
    switch (pattern_compile(re, pattern, flags)) {
    case PATTERN_GOOD: return true;
    case PATTERN_INVALID: fn_fail(c, "2201B", "invalid regular expression: %s", pattern); return false;
    case PATTERN_UNSUPPORTED:
        fn_fail(c, "0A000", "a regular expression such as \"%s\" is not supported by this sandbox", pattern);
    }
    return false;
}

static void regex(sqlite3_context *c, int n, sqlite3_value **v) {
    regex_t re;
    if (fn_null(n, v))
        return;
    if (!compile(c, &re, fn_text(v[1]), REG_NOSUB | (sqlite3_value_int(v[2]) ? REG_ICASE : 0)))
        return;
    sqlite3_result_int(c, regexec(&re, fn_text(v[0]), 0, NULL, 0) == 0);
    regfree(&re);
}

/* regex_replace(text, pattern, with, flags): \\1 ... and \\& in with. */
static void regex_replace(sqlite3_context *c, int n, sqlite3_value **v) {
    regex_t re;
    regmatch_t at[10];
    struct str out = {0};
    if (fn_null(n, v))
        return;
    const char *flags = n > 3 ? fn_text(v[3]) : "", *s = fn_text(v[0]), *with = fn_text(v[2]);
    if (!compile(c, &re, fn_text(v[1]), strchr(flags, 'i') ? REG_ICASE : 0))
        return;
    for (bool first = true; regexec(&re, s, 10, at, first ? 0 : REG_NOTBOL) == 0; first = false) {
        str_add_n(&out, s, (size_t)at[0].rm_so);
        for (const char *p = with; *p; p++) {
            const int group = p[0] == '\\' && p[1] == '&' ? 0
                : p[0] == '\\' && p[1] >= '1' && p[1] <= '9' ? p[1] - '0'
                : -1;
            if (group < 0)
                str_add_char(&out, *p);
            else if (at[group].rm_so >= 0)
                str_add_n(&out, s + at[group].rm_so, (size_t)(at[group].rm_eo - at[group].rm_so));
            p += group >= 0;
        }
        const bool empty = at[0].rm_eo == at[0].rm_so;
        if (empty && s[at[0].rm_eo])
            str_add_char(&out, s[at[0].rm_eo]);
        s += at[0].rm_eo + (empty && s[at[0].rm_eo]);
        if (!strchr(flags, 'g') || !*s)
            break;
    }
    str_add(&out, s);
    regfree(&re);
    fn_give(c, str_take(&out));
}

/* The first group, or the whole, of the first match. */
static void regex_extract(sqlite3_context *c, int n, sqlite3_value **v) {
    regex_t re;
    regmatch_t at[2];
    if (fn_null(n, v))
        return;
    if (!compile(c, &re, fn_text(v[1]), 0))
        return;
    if (regexec(&re, fn_text(v[0]), 2, at, 0) == 0) {
        const regmatch_t m = re.re_nsub && at[1].rm_so >= 0 ? at[1] : at[0];
        sqlite3_result_text(c, fn_text(v[0]) + m.rm_so, m.rm_eo - m.rm_so, SQLITE_TRANSIENT);
    }
    regfree(&re);
}

/* SIMILAR TO's pattern as a regular expression for the whole text. */
static void similar_pattern(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    if (fn_null(n, v))
        return;
    str_add(&s, "^(");
    for (const char *p = fn_text(v[0]); *p; p++)
        if (*p == '%')
            str_add(&s, ".*");
        else if (*p == '_')
            str_add_char(&s, '.');
        else if (*p == '.' || *p == '^' || *p == '$')
            str_add_f(&s, "\\%c", *p);
        else
            str_add_char(&s, *p);
    str_add(&s, ")$");
    fn_give(c, str_take(&s));
}

/* translate(text, from, to): bytes of ASCII. */
static void translate(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    if (fn_null(n, v))
        return;
    const char *from = fn_text(v[1]), *to = fn_text(v[2]);
    for (const char *p = fn_text(v[0]); *p; p++) {
        const char *at = strchr(from, *p);
        if (!at)
            str_add_char(&s, *p);
        else if ((size_t)(at - from) < strlen(to))
            str_add_char(&s, to[at - from]);
    }
    fn_give(c, str_take(&s));
}

/* format('%s %I %L', ...) */
static void format_text(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    int next = 1;
    for (const char *p = fn_text(v[0]); *p; p++) {
        if (*p != '%' || !p[1]) {
            str_add_char(&s, *p);
            continue;
        }
        p++;
        if (*p == '%') {
            str_add_char(&s, '%');
            continue;
        }
        if (next >= n) {
            str_free(&s);
            fn_fail(c, "22023", "not enough arguments");
            return;
        }
        const char *text = fn_text(v[next++]);
        if (*p == 'L')
            str_add_char(&s, '\'');
        for (const char *q = text; *q; q++)
            str_add_f(&s, *p == 'L' && *q == '\'' ? "''" : "%c", *q);
        if (*p == 'L')
            str_add_char(&s, '\'');
    }
    fn_give(c, str_take(&s));
}

/* encode(bytes, 'hex' or 'escape'), of \x6162. */
static void encode(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *s = fn_text(v[0]);
    struct str out = {0};
    if (s[0] != '\\' || s[1] != 'x')
        for (; *s; s++)
            str_add_f(&out, "%02x", (unsigned char)*s);
    else
        str_add(&out, s + 2);
    if (str_eq_nocase(fn_text(v[1]), "hex")) {
        fn_give(c, str_take(&out));
        return;
    }
    str_free(&out);
    fn_fail(c, "0A000", "encode() to %s is not supported by this sandbox", fn_text(v[1]));
}

static void bad_enum(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    fn_fail(c, "22P02", "invalid input value for enum %s: \"%s\"", fn_text(v[1]), fn_text(v[0]));
}

static void force_error(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    fn_fail(c, strlen(fn_text(v[0])) == 5 ? fn_text(v[0]) : "XXUUU", "%s", fn_text(v[1]));
}

static int extreme(int n, sqlite3_value **v, int sign) {
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            continue;
        const bool text = sqlite3_value_type(v[i]) == SQLITE_TEXT;
        if (best < 0 || (text ? strcmp(fn_text(v[i]), fn_text(v[best])) * sign > 0
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

const struct function functions_text[] = {
    {"regex_replace", -1, regex_replace}, {"regex_extract", 2, regex_extract}, {"similar_pattern", 1, similar_pattern},
    {"text_translate", 3, translate}, {"format_text", -1, format_text}, {"encode_bytes", 2, encode},
    {"split_part", 3, split_part}, {"repeat", 2, repeat}, {"text_reverse", 1, text_reverse},
    {"pad", -1, pad}, {"concat_all", -1, concat_all}, {"concat_sep", -1, concat_sep}, {"digest", 2, digest},
    {"initcap", 1, initcap}, {"to_char", 2, to_char}, {"regex", 3, regex}, {"bad_enum", 2, bad_enum},
    {"force_error", 2, force_error}, {"max_of", -1, max_of}, {"min_of", -1, min_of},
    {"quote_ident", 1, quote_ident},
    {NULL, 0, NULL},
};
