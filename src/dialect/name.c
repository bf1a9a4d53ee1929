/* name: identifiers and literals written into SQL, quoted as CockroachDB quotes them. */
#include "domicile/dialect/name.h"

#include "domicile/base/text.h"
#include "domicile/dialect/keyword.h"

#include <string.h>

static bool is_letter(unsigned char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

bool name_is_bare(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || !is_letter((unsigned char)name[0]) || !text_valid(name, n))
        return false;
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '$')
            return false;
    }
    const struct keyword *keyword = keyword_find(name, (unsigned)n);
    return !keyword || keyword->class != KEYWORD_RESERVED;
}

void name_quote_always(struct str *out, const char *name) {
    str_add_char(out, '"');
    for (const char *p = name; *p; p++) {
        if (*p == '"')
            str_add_char(out, '"');
        str_add_char(out, *p);
    }
    str_add_char(out, '"');
}

void name_quote(struct str *out, const char *name) {
    if (name_is_bare(name))
        str_add(out, name);
    else
        name_quote_always(out, name);
}

char *name_quoted(const char *name) {
    struct str out = {0};
    name_quote(&out, name);
    return str_take(&out);
}

/* Printable ASCII apart from the quote and the backslash stands as it is. */
static bool needs_escape(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || c == '\\' || c == '\'')
            return true;
    }
    return !text_valid(text, len);
}

void literal_add_escaped(struct str *out, char byte) {
    static const char named[] = "\bb\ff\nn\rr\tt\\\\''";
    unsigned char c = (unsigned char)byte;
    for (const char *row = named; *row; row += 2)
        if (*row == byte) {
            str_add_f(out, "\\%c", row[1]);
            return;
        }
    if (c >= 0x20 && c < 0x7f)
        str_add_char(out, byte);
    else
        str_add_f(out, "\\x%02x", c);
}

/* One character of n bytes: whole when it is valid UTF-8 beyond ASCII, byte by byte otherwise. */
static void add_escaped(struct str *out, const char *at, size_t n) {
    if (n > 1 && text_valid(at, n)) {
        str_add_n(out, at, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        literal_add_escaped(out, at[i]);
}

void literal_quote_n(struct str *out, const char *text, size_t len) {
    bool escape = needs_escape(text, len);
    str_add(out, escape ? "e'" : "'");
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        size_t n = text_decode(text + i, len - i, &cp);
        if (escape)
            add_escaped(out, text + i, n);
        else
            str_add_n(out, text + i, n);
        i += n;
    }
    str_add_char(out, '\'');
}

void literal_quote(struct str *out, const char *text) {
    literal_quote_n(out, text, strlen(text));
}

char *literal_quoted(const char *text) {
    struct str out = {0};
    literal_quote(&out, text);
    return str_take(&out);
}
