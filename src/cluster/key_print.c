/* key_print: range keys as the database prints them. */
#include "domicile/cluster/key.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"
#include "key_decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Go's strconv.Quote: printable characters as they are, the rest escaped. */
void key_print_quoted(struct str *out, const void *bytes, size_t n) {
    static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\"\"";
    const char *s = bytes;
    str_add_char(out, '"');
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = text_decode(s + i, n - i, &cp);
        const char *escape = NULL;
        for (size_t e = 0; e + 1 < sizeof escapes && len == 1; e += 2)
            if (s[i] == escapes[e])
                escape = &escapes[e + 1];
        if (escape)
            str_add_f(out, "\\%c", *escape);
        else if (len == 1 && ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7f))
            str_add_f(out, "\\x%02x", (unsigned char)s[i]);
        else if (len > 1 && cp < 0xa0)
            str_add_f(out, "\\u%04x", (unsigned)cp);
        else if (len > 1 && (text_char_width(cp) == 0 && cp != 0x301) && (cp < 0x300 || cp > 0x36f))
            str_add_f(out, cp > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)cp);
        else
            str_add_n(out, s + i, len);
        i += len;
    }
    str_add_char(out, '"');
}

struct fixed {
    const char *bytes;
    size_t n;
    const char *text;
};

#define FIXED(b, t) {b, sizeof(b) - 1, t}

/* Keys below and beside the tables that are range boundaries. */
static const struct fixed fixed[] = {
    FIXED("", "/Min"),
    FIXED("\x03", "/Meta2/\"\""),
    FIXED("\xff\xff", "/Max"),
    FIXED("\x04\x00liveness-", "/System/NodeLiveness"),
    FIXED("\x04\x00liveness.", "/System/NodeLivenessMax"),
    FIXED("\x04tsd", "/System/tsd"),
    FIXED("\x04tse", "/System/\"tse\""),
    FIXED("\xa6", "/NamespaceTable/30"),
    FIXED("\xa7", "/NamespaceTable/Max"),
};

const char *key_fixed_text(const struct key *k) {
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (k->len == fixed[i].n && memcmp(k->data ? (const char *)k->data : "", fixed[i].bytes, fixed[i].n) == 0)
            return fixed[i].text;
    return NULL;
}

bool key_fixed_bytes(struct key *k, const char *text) {
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i].text, text) == 0) {
            key_set(k, fixed[i].bytes, fixed[i].n);
            return true;
        }
    return false;
}

static void print_timestamp(struct str *out, const struct key_column *c) {
    time_t seconds = (time_t)c->integer;
    struct tm tm;
    char text[40];
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    str_add(out, text);
    if (c->nanoseconds) {
        char digits[16];
        snprintf(digits, sizeof digits, "%09" PRId64, c->nanoseconds);
        size_t n = 9;
        while (n > 0 && digits[n - 1] == '0')
            digits[--n] = '\0';
        str_add_f(out, ".%s", digits);
    }
    str_add(out, "Z");
}

static void print_column(struct str *out, const struct key_column *c) {
    str_add_char(out, '/');
    switch (c->kind) {
    case KEY_COLUMN_NULL: str_add(out, "NULL"); break;
    case KEY_COLUMN_NOT_NULL: str_add(out, "!NULL"); break;
    case KEY_COLUMN_INT: str_add_f(out, "%" PRId64, c->integer); break;
    case KEY_COLUMN_BYTES: key_print_quoted(out, c->bytes.data, c->bytes.len); break;
    case KEY_COLUMN_TIMESTAMP: print_timestamp(out, c); break;
    case KEY_COLUMN_UNKNOWN: str_add(out, "???"); break;
    }
    if (c->bumped)
        str_add(out, "/PrefixEnd");
}

/* Behind the last table whose id takes so many bytes stands only the mark of a longer one. */
static const char *table_end_text(const struct key *k) {
    static const char *const texts[] = {"/Table/109/PrefixEnd", "/Table/255/PrefixEnd", "/Table/65535/PrefixEnd"};
    if (k->len != 1 || k->data[0] < 0xf6 || k->data[0] > 0xf8)
        return NULL;
    return texts[k->data[0] - 0xf6];
}

void key_print(struct str *out, const struct key *k) {
    uint64_t table;
    uint64_t index;
    const char *text = key_fixed_text(k);
    if (text) {
        str_add(out, text);
        return;
    }
    if (!key_table_index(k, &table, &index)) {
        const char *end = table_end_text(k);
        str_add(out, end ? end : "/???");
        return;
    }
    str_add_f(out, "/Table/%" PRIu64, table);
    size_t at = key_skip_uvarint(k, 0);
    if (at == k->len)
        return;
    str_add_f(out, "/%" PRIu64, index);
    at = key_skip_uvarint(k, at);
    while (at > 0 && at < k->len) {
        struct key_column c = {0};
        at = key_next_column(k, at, &c);
        print_column(out, &c);
        key_column_free(&c);
    }
}
