/* transcript: what was typed into the console and what came of it. */
#include "transcript.h"

#include "domicile/base/text.h"

#include <string.h>

enum { MOST_BLOCKS = 2000, WIDEST_CELL = 60, MEASURED_ROWS = 1000, ALL_LINES = 1000000 };

static void block_free(struct transcript_block *b) {
    for (size_t i = 0; i < b->lines.len; i++)
        free(b->lines.items[i]);
    vec_free(&b->lines);
    vec_free(&b->widths);
    pg_result_free(b->result);
}

void transcript_clear(struct transcript *t) {
    for (size_t i = 0; i < t->blocks.len; i++)
        block_free(&t->blocks.items[i]);
    vec_clear(&t->blocks);
    t->count = 0;
}

void transcript_free(struct transcript *t) {
    transcript_clear(t);
    vec_free(&t->blocks);
}

/* What is oldest goes, a tenth at a time. */
static void add_block(struct transcript *t, const struct transcript_block *b) {
    if (t->blocks.len >= MOST_BLOCKS) {
        size_t n = MOST_BLOCKS / 10;
        for (size_t i = 0; i < n; i++) {
            t->count -= t->blocks.items[i].count;
            block_free(&t->blocks.items[i]);
        }
        t->blocks.len -= n;
        memmove(t->blocks.items, t->blocks.items + n, t->blocks.len * sizeof *t->blocks.items);
    }
    vec_push(&t->blocks, *b);
    t->count += b->count;
}

static void add_line(struct transcript_block *b, const char *bytes, size_t n) {
    struct str line = {0};
    text_clean(&line, bytes, n);
    vec_push(&b->lines, str_take(&line));
}

/* Where a cleaned line is broken: behind the last blank that fits, or in the middle of a long word. */
static size_t break_at(const char *line, int width) {
    int used;
    size_t fits = text_fit(line, width, &used);
    if (line[fits] == '\0' || fits == 0)
        return strlen(line);
    for (size_t i = fits; i > fits / 2; i--)
        if (line[i - 1] == ' ')
            return i;
    return fits;
}

static void add_broken(struct transcript_block *b, const char *bytes, size_t n, int width) {
    struct str line = {0};
    text_clean(&line, bytes, n);
    const char *p = str_get(&line);
    do {
        size_t len = width > 0 ? break_at(p, width) : strlen(p);
        vec_push(&b->lines, mem_strndup(p, len));
        p += len;
    } while (*p);
    str_free(&line);
}

static void add_lines(struct transcript_block *b, const char *text, size_t most, int width) {
    size_t left = 0;
    for (const char *p = text;; p++) {
        size_t n = strcspn(p, "\n");
        if (b->lines.len < most)
            add_broken(b, p, n, width);
        else
            left++;
        p += n;
        if (!*p)
            break;
    }
    if (left)
        vec_push(&b->lines, mem_printf("… %zu more lines", left));
}

void transcript_add(struct transcript *t, enum style style, const char *text, size_t most, int width) {
    struct transcript_block b = {.style = style};
    add_lines(&b, text, most ? most : ALL_LINES, width);
    b.count = b.lines.len;
    add_block(t, &b);
}

static const char *cell(const struct pg_result *r, size_t row, size_t column) {
    const char *text = pg_result_text(r, row, column);
    return text ? text : "NULL";
}

static int cell_width(const char *text) {
    struct str clean = {0};
    text_clean(&clean, text, strlen(text));
    int width = text_width(str_get(&clean));
    str_free(&clean);
    return width;
}

static void measure(struct transcript_block *b) {
    const struct pg_result *r = b->result;
    for (size_t c = 0; c < pg_result_columns(r); c++) {
        int width = cell_width(pg_result_column_name(r, c));
        for (size_t i = 0; i < pg_result_rows(r) && i < MEASURED_ROWS; i++) {
            int w = cell_width(cell(r, i, c));
            width = w > width ? w : width;
        }
        int widest = pg_result_columns(r) == 1 ? 10 * WIDEST_CELL : WIDEST_CELL;
        vec_push(&b->widths, width < widest ? width : widest);
    }
}

static bool has_line_ends(const struct pg_result *r) {
    for (size_t c = 0; c < pg_result_columns(r); c++)
        if (strchr(cell(r, 0, c), '\n'))
            return true;
    return false;
}

/* One row with texts of several lines, as SHOW CREATE gives it: a name and its value below each other. */
static void add_record(struct transcript_block *b) {
    const struct pg_result *r = b->result;
    int label = 0;
    for (size_t c = 0; c < pg_result_columns(r); c++) {
        int w = cell_width(pg_result_column_name(r, c));
        label = w > label ? w : label;
    }
    for (size_t c = 0; c < pg_result_columns(r); c++) {
        const char *name = pg_result_column_name(r, c);
        for (const char *p = cell(r, 0, c);; p++) {
            size_t n = strcspn(p, "\n");
            struct str line = {0};
            text_add_fitted(&line, name, label, true, false);
            str_add(&line, "  ");
            for (size_t i = 0; i < n; i++) /* what SHOW CREATE indents with */
                if (p[i] == '\t')
                    str_add(&line, "    ");
                else
                    str_add_char(&line, p[i]);
            add_line(b, str_get(&line), line.len);
            str_free(&line);
            name = "";
            p += n;
            if (!*p)
                break;
        }
    }
}

void transcript_add_result(struct transcript *t, struct pg_result *r) {
    struct transcript_block b = {.result = r};
    if (pg_result_rows(r) == 1 && has_line_ends(r)) {
        add_record(&b);
        b.count = b.lines.len;
    } else {
        measure(&b);
        b.count = pg_result_rows(r) + 2;
    }
    add_block(t, &b);
}

static bool is_number(uint32_t type) {
    static const uint32_t numbers[] = {20, 21, 23, 26, 700, 701, 1700}; /* OIDs of int8 … numeric */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == type)
            return true;
    return false;
}

static void add_cell(struct str *out, const char *text, int width, bool right, bool last) {
    struct str clean = {0};
    text_clean(&clean, text, strlen(text));
    int w = text_width(str_get(&clean));
    if (right && w <= width)
        str_add_f(out, "%*s%s", width - w, "", str_get(&clean));
    else
        text_add_fitted(out, str_get(&clean), width, !last, false);
    str_free(&clean);
}

static enum style result_line(const struct transcript_block *b, size_t i, struct str *out) {
    const struct pg_result *r = b->result;
    size_t n = b->widths.len;
    for (size_t c = 0; c < n; c++) {
        bool last = c + 1 == n;
        if (i == 1)
            for (int k = 0; k < b->widths.items[c]; k++)
                str_add(out, "─");
        else
            add_cell(out, i == 0 ? pg_result_column_name(r, c) : cell(r, i - 2, c), b->widths.items[c],
                is_number(pg_result_column_type(r, c)), last);
        str_add(out, last ? "" : "  ");
    }
    return i == 0 ? STYLE_HEADER : i == 1 ? STYLE_DIM : STYLE_NORMAL;
}

enum style transcript_line(const struct transcript *t, size_t i, struct str *out) {
    for (size_t k = 0; k < t->blocks.len; k++) {
        const struct transcript_block *b = &t->blocks.items[k];
        if (i >= b->count) {
            i -= b->count;
            continue;
        }
        if (b->lines.len == 0)
            return result_line(b, i, out);
        str_add(out, b->lines.items[i]);
        return b->style;
    }
    return STYLE_NORMAL;
}

size_t transcript_find(const struct transcript *t, const char *text, size_t from, bool back) {
    struct str line = {0};
    size_t found = (size_t)-1;
    for (size_t i = from; found == (size_t)-1 && (back ? i-- > 0 : i < t->count); i += !back) {
        str_clear(&line);
        transcript_line(t, i, &line);
        if (strcasestr(str_get(&line), text))
            found = i;
    }
    str_free(&line);
    return found;
}

const struct pg_result *transcript_result(const struct transcript *t) {
    for (size_t k = t->blocks.len; k-- > 0;)
        if (t->blocks.items[k].result)
            return t->blocks.items[k].result;
    return NULL;
}
