/* table: aligned columns that adapt to the terminal's width, uncut in a pipe. */
#include "domicile/base/text.h"
#include "writers.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, LEAST = 4 };

/* Every cell as cleaned text, the headings first. */
struct grid {
    size_t columns;
    size_t rows;
    char **cells;
    int *widths;
    bool *right;
};

static char **cell(const struct grid *g, size_t row, size_t column) {
    return &g->cells[row * g->columns + column];
}

static char *cell_text(const json_t *value) {
    struct str raw = {0};
    record_print_value(&raw, value);
    char *clean = text_cleaned(str_get(&raw));
    str_free(&raw);
    return clean;
}

static void fill(struct grid *g, const struct records *r) {
    for (size_t c = 0; c < g->columns; c++) {
        *cell(g, 0, c) = text_cleaned(r->fields.items[c].name);
        g->widths[c] = text_width(*cell(g, 0, c));
        g->right[c] = r->rows.len > 0;
        for (size_t i = 0; i < r->rows.len; i++) {
            const json_t *value = record_get(r->rows.items[i], &r->fields.items[c]);
            char *text = cell_text(value);
            int width = text_width(text);
            *cell(g, i + 1, c) = text;
            g->widths[c] = width > g->widths[c] ? width : g->widths[c];
            g->right[c] = g->right[c] && (json_is_integer(value) || json_is_null(value) || !value);
        }
    }
}

static int total_width(const struct grid *g) {
    int total = 0;
    for (size_t c = 0; c < g->columns; c++)
        total += g->widths[c] + (c > 0 ? GAP : 0);
    return total;
}

/* Takes from the widest column until the table fits or every column is as narrow as may be. */
static void shrink(struct grid *g, int width) {
    for (int excess = total_width(g) - width; excess > 0; excess--) {
        size_t widest = 0;
        for (size_t c = 1; c < g->columns; c++)
            if (g->widths[c] > g->widths[widest])
                widest = c;
        if (g->widths[widest] <= LEAST)
            return;
        g->widths[widest]--;
    }
}

static void add_cell(
    struct str *out, const struct grid *g, const struct records *r, size_t row, size_t c, bool ascii) {
    struct str text = {0};
    const char *full = *cell(g, row, c);
    if (row > 0 && r->fields.items[c].identifier)
        text_add_middle(&text, full, g->widths[c], ascii);
    else
        text_add_fitted(&text, full, g->widths[c], false, ascii);
    int blanks = g->widths[c] - text_width(str_get(&text));
    bool last = c + 1 == g->columns;
    if (g->right[c])
        str_add_f(out, "%*s", blanks, "");
    str_add(out, str_get(&text));
    if (!last)
        str_add_f(out, "%*s", (g->right[c] ? 0 : blanks) + GAP, "");
    str_free(&text);
}

static void add_lines(struct str *out, const struct grid *g, const struct records *r, bool ascii) {
    for (size_t row = 0; row < g->rows; row++) {
        for (size_t c = 0; c < g->columns; c++)
            add_cell(out, g, r, row, c, ascii);
        while (out->len > 0 && out->data[out->len - 1] == ' ')
            str_truncate(out, out->len - 1);
        str_add_char(out, '\n');
    }
}

/* "name  value", a line each; a list of objects a line an object. */
static void add_field(struct str *out, const char *name, const json_t *value, int width) {
    size_t n = json_is_array(value) ? json_array_size(value) : 0;
    bool list = n > 0 && !json_is_integer(json_array_get(value, 0));
    for (size_t i = 0; i < (list ? n : 1); i++) {
        char *text = cell_text(list ? json_array_get(value, i) : value);
        str_add_f(out, *text ? "%-*s  %s\n" : "%-*s\n", *text ? width : 0, i ? "" : name, text);
        free(text);
    }
}

static void write_vertical(struct str *out, const struct records *r) {
    int width = 0;
    for (size_t c = 0; c < r->fields.len; c++)
        if (text_width(r->fields.items[c].name) > width)
            width = text_width(r->fields.items[c].name);
    for (size_t i = 0; i < r->rows.len; i++) {
        str_add(out, i ? "\n" : "");
        for (size_t c = 0; c < r->fields.len; c++)
            add_field(out, r->fields.items[c].name, record_get(r->rows.items[i], &r->fields.items[c]), width);
    }
}

static void write_sentences(struct str *out, const struct records *r) {
    for (size_t i = 0; i < r->rows.len; i++) {
        char *what = cell_text(record_get(r->rows.items[i], &r->fields.items[0]));
        char *why = cell_text(record_get(r->rows.items[i], &r->fields.items[1]));
        str_add_f(out, "%s: %s\n", what, why);
        free(what);
        free(why);
    }
}

void table_write(struct str *out, const struct records *r, const struct output_style *style) {
    if (r->vertical || r->sentence) {
        (r->vertical ? write_vertical : write_sentences)(out, r);
        return;
    }
    struct grid g = {.columns = r->fields.len, .rows = r->rows.len + 1};
    g.cells = mem_calloc(g.columns * g.rows, sizeof *g.cells);
    g.widths = mem_calloc(g.columns, sizeof *g.widths);
    g.right = mem_calloc(g.columns, sizeof *g.right);
    fill(&g, r);
    if (style->width > 0)
        shrink(&g, style->width);
    add_lines(out, &g, r, style->ascii);
    for (size_t i = 0; i < g.columns * g.rows; i++)
        free(g.cells[i]);
    free(g.cells);
    free(g.widths);
    free(g.right);
}
