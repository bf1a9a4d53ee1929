/* key_parse: pretty-printed keys of every version, back to bytes. */
#include "key_decode.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(const char *text, const char *why, struct err *err) {
    return err_set(err, ERR_INPUT, "the key \"%.120s\" is not understood: %s", text, why);
}

/* -1: no such digits, or more than a character can be. */
static int hex_value(const char *p, int digits) {
    enum { LAST_CHARACTER = 0x10ffff };
    int v = 0;
    for (int i = 0; i < digits; i++) {
        if (!isxdigit((unsigned char)p[i]))
            return -1;
        v = v * 16 + (isdigit((unsigned char)p[i]) ? p[i] - '0' : tolower((unsigned char)p[i]) - 'a' + 10);
        if (v > LAST_CHARACTER)
            return -1;
    }
    return v;
}

/* One escape of Go's strconv.Quote behind the backslash; false when it is none. */
static bool unescape(const char **p, struct str *out) {
    static const char plain[] = "\\\\\"\"a\ab\bf\fn\nr\rt\tv\v";
    char c = *(*p)++;
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits) {
        int v = hex_value(*p, digits);
        if (v < 0)
            return false;
        *p += digits;
        if (c == 'x')
            str_add_char(out, (char)v);
        else
            text_encode(out, (uint32_t)v);
        return true;
    }
    for (size_t i = 0; i + 1 < sizeof plain; i += 2)
        if (plain[i] == c) {
            str_add_char(out, plain[i + 1]);
            return true;
        }
    return false;
}

/* "…" at *p; false when it does not end. */
static bool unquote(const char **p, struct str *out) {
    for (++*p; **p && **p != '"';) {
        if (**p == '\\') {
            ++*p;
            if (!unescape(p, out))
                return false;
        } else {
            str_add_char(out, *(*p)++);
        }
    }
    return *(*p)++ == '"';
}

/* A column that is no quoted text; n is the length of its text. */
static bool add_bare(struct key *k, const char *p, size_t n, const char **why) {
    char *text = mem_strndup(p, n);
    char *end;
    bool ok = true;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (strcmp(text, "NULL") == 0)
        key_add_null(k, false);
    else if (strcmp(text, "!NULL") == 0)
        key_add_byte(k, 0x01);
    else if (strcmp(text, "PrefixEnd") == 0)
        key_prefix_end(k);
    else if (end != text && *end == '\0' && errno == 0)
        key_add_int(k, v, false);
    else if (n > 10 && text[4] == '-' && memchr(text, 'T', n) && text[n - 1] == 'Z')
        ok = key_add_value(k, KEY_TYPE_TIMESTAMPTZ, text, false, NULL);
    else
        ok = false;
    if (!ok)
        *why = "the text does not tell the type of one of its columns";
    free(text);
    return ok;
}

static bool add_columns(struct key *k, const char *p, const char **why) {
    while (*p) {
        if (*p++ != '/') {
            *why = "a / was expected";
            return false;
        }
        if (*p == '"') {
            struct str bytes = {0};
            bool ok = unquote(&p, &bytes);
            if (ok)
                key_add_bytes(k, str_get(&bytes), bytes.len, false);
            str_free(&bytes);
            if (!ok) {
                *why = "a quoted value does not end";
                return false;
            }
            continue;
        }
        size_t n = strcspn(p, "/");
        if (!add_bare(k, p, n, why))
            return false;
        p += n;
    }
    return true;
}

/* Reads decimal digits; false when there are none. */
static bool read_id(const char **p, uint64_t *id) {
    char *end;
    if (!isdigit((unsigned char)**p))
        return false;
    *id = strtoull(*p, &end, 10);
    *p = end;
    return true;
}

/* "/Table/106/2/…": ids, then columns. */
static bool parse_full(struct key *k, const char *p, const char **why) {
    uint64_t table;
    uint64_t index;
    if (!str_starts(p, "/Table/")) {
        *why = "it is not a table's";
        return false;
    }
    p += strlen("/Table/");
    if (!read_id(&p, &table)) {
        *why = "the table's id is missing";
        return false;
    }
    key_add_uvarint(k, table);
    if (strcmp(p, "/PrefixEnd") == 0) {
        k->len = 0; /* the end of all ids of one byte length: the printer cuts there */
        key_add_uvarint(k, table);
        key_prefix_end(k);
        return true;
    }
    if (*p == '\0')
        return true;
    p++;
    if (!read_id(&p, &index)) {
        *why = "the index's id is missing";
        return false;
    }
    key_add_uvarint(k, index);
    return add_columns(k, p, why);
}

/* The span that a relative key is relative to, its begin or its end. */
static void add_context(struct key *k, const struct key_context *c, bool end) {
    key_add_uvarint(k, c->table_id);
    if (c->index_id)
        key_add_uvarint(k, c->index_id);
    if (end)
        key_prefix_end(k);
}

/* "…/4/\"@\"", "…/<TableMin>": what stands behind the ellipsis. */
static bool parse_relative(struct key *k, const char *p, const struct key_context *c, const char **why) {
    static const char ellipsis[] = "…";
    while (str_starts(p, "/" "…"))
        p += 1 + strlen(ellipsis);
    if (strcmp(p, "/<TableMin>") == 0 || strcmp(p, "/<TableMax>") == 0) {
        struct key_context table = {.table_id = c->table_id};
        add_context(k, &table, strcmp(p, "/<TableMax>") == 0);
        return true;
    }
    if (strcmp(p, "/<IndexMin>") == 0 || strcmp(p, "/<IndexMax>") == 0) {
        add_context(k, c, strcmp(p, "/<IndexMax>") == 0);
        return true;
    }
    add_context(k, c, false);
    if (c->index_id || *p == '\0')
        return add_columns(k, p, why);
    uint64_t index;
    p++;
    if (!read_id(&p, &index)) {
        *why = "the index's id is missing";
        return false;
    }
    key_add_uvarint(k, index);
    return add_columns(k, p, why);
}

static bool parse_any(struct key *k, const char *text, const struct key_context *c, const char **why) {
    static const char ellipsis[] = "…";
    if (key_fixed_bytes(k, text))
        return true;
    if (str_starts(text, "/Table/"))
        return parse_full(k, text, why);
    if (c->table_id == 0) {
        *why = "it is relative, and the table is not known";
        return false;
    }
    if (str_starts(text, ellipsis))
        return parse_relative(k, text + strlen(ellipsis), c, why);
    add_context(k, c, false);
    return add_columns(k, text, why); /* 22.1: /"@" */
}

bool key_parse_pretty(struct key *k, const char *text, const struct key_context *context, struct err *err) {
    static const struct key_context nothing;
    const struct key_context *c = context ? context : &nothing;
    const char *why = "";
    key_free(k);
    if (!text || *text == '\0') {
        if (c->table_id)
            add_context(k, c, c->end);
        else if (c->end)
            key_set(k, KEY_MAX_BYTES, 2);
        return true;
    }
    char *inner = NULL;
    size_t n = strlen(text);
    if ((str_starts(text, "<after:") || str_starts(text, "<before:")) && text[n - 1] == '>') {
        const char *begin = strchr(text, ':') + 1;
        inner = mem_strndup(begin, n - (size_t)(begin - text) - 1);
    }
    bool ok = parse_any(k, inner ? inner : text, c, &why);
    free(inner);
    if (ok)
        return true;
    key_free(k);
    return refuse(text, why, err);
}
