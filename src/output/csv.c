/* csv: RFC 4180, with a line of headings; newlines as the platform's tools expect them. */
#include "domicile/base/text.h"
#include "writers.h"

#include <string.h>

/* A file may be opened in a terminal later: in it, too, controls are made visible; lines and tabs stay. JSON has
 * the exact text. */
static void add_lines_clean(struct str *out, const char *text) {
    for (;;) {
        size_t n = strcspn(text, "\n\t");
        text_clean(out, text, n);
        if (text[n] == '\0')
            return;
        str_add_char(out, text[n]);
        text += n + 1;
    }
}

static void add(struct str *out, const char *text, bool tty) {
    struct str clean = {0};
    if (tty)
        text_clean(&clean, text, strlen(text));
    else
        add_lines_clean(&clean, text);
    const char *p = str_get(&clean);
    bool quoted = strpbrk(p, ",\"\r\n") || *p == ' ' || (*p && p[strlen(p) - 1] == ' ');
    if (quoted)
        str_add_char(out, '"');
    for (; *p; p++) {
        if (*p == '"')
            str_add_char(out, '"');
        str_add_char(out, *p);
    }
    if (quoted)
        str_add_char(out, '"');
    str_free(&clean);
}

void csv_write(struct str *out, const struct records *r, const struct output_style *style) {
    for (size_t c = 0; !r->no_heading && c < r->fields.len; c++) {
        str_add(out, c > 0 ? "," : "");
        add(out, r->fields.items[c].name, style->tty);
    }
    if (!r->no_heading)
        str_add_char(out, '\n');
    for (size_t i = 0; i < r->rows.len; i++) {
        for (size_t c = 0; c < r->fields.len; c++) {
            struct str text = {0};
            record_print_value(&text, record_get(r->rows.items[i], &r->fields.items[c]));
            str_add(out, c > 0 ? "," : "");
            add(out, str_get(&text), style->tty);
            str_free(&text);
        }
        str_add_char(out, '\n');
    }
}
