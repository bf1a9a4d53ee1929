/* json: an array of objects, or one object a line. */
#include "writers.h"

#include <stdlib.h>

static void add(struct str *out, const json_t *value, size_t flags) {
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    str_add(out, text ? text : "null");
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
