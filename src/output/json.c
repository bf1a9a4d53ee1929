/* json: an array of objects, or one object a line. */
#include "domicile/base/text.h"
#include "writers.h"

#include <stdlib.h>
#include <string.h>

/* JSON's own escapes leave DEL, C1 and what turns the direction of text as they are; these occur in strings only. */
static bool needs_escape(uint32_t cp) {
    return (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || (cp >= 0x200b && cp <= 0x200f) ||
        (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff;
}

static void add(struct str *out, const json_t *value, size_t flags) {
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    const char *p = text ? text : "null";
    for (size_t left = strlen(p); left > 0;) {
        uint32_t cp;
        size_t n = text_decode(p, left, &cp);
        if (needs_escape(cp))
            str_add_f(out, "\\u%04x", (unsigned)cp);
        else
            str_add_n(out, p, n);
        p += n;
        left -= n;
    }
    free(text);
}

void json_write(struct str *out, const struct records *r, const struct output_style *style) {
    bool lines = style->format == OUTPUT_NDJSON;
    /* Escaping everything else is the one way to keep C1 controls from a terminal and the text the same. */
    size_t flags = JSON_COMPACT | (style->tty ? JSON_ENSURE_ASCII : 0);
    if (!lines)
        str_add(out, "[");
    for (size_t i = 0; i < r->rows.len; i++) {
        if (!lines)
            str_add(out, i > 0 ? ",\n " : "\n ");
        add(out, r->rows.items[i], flags);
        if (lines)
            str_add(out, "\n");
    }
    if (!lines)
        str_add(out, r->rows.len > 0 ? "\n]\n" : "]\n");
}
