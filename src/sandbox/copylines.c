/* copylines: rows as lines of text or CSV, and back. */
#include "copylines.h"

#include "domicile/dialect/name.h"

#include <string.h>

enum { ROWS_PER_INSERT = 100 };

/* ---- out ---- */

static void add_text(struct str *out, const char *cell, char delimiter) {
    static const char plain[] = "\b\f\n\r\t\v\\", letters[] = "bfnrtv\\";
    for (const char *p = cell; *p; p++) {
        const char *special = strchr(plain, *p);
        if (special)
            str_add_f(out, "\\%c", letters[special - plain]);
        else
            str_add_f(out, *p == delimiter ? "\\%c" : "%c", *p);
    }
}

static void add_csv(struct str *out, const char *cell, const struct result_copy *f) {
    const bool quoted = strpbrk(cell, "\r\n") || strchr(cell, f->delimiter) || strchr(cell, f->quote) ||
        str_eq(cell, f->null);
    if (!quoted) {
        str_add(out, cell);
        return;
    }
    str_add_char(out, f->quote);
    for (const char *p = cell; *p; p++) {
        if (*p == f->quote || *p == f->escape)
            str_add_char(out, f->escape);
        str_add_char(out, *p);
    }
    str_add_char(out, f->quote);
}

static void add_cell(struct str *out, const struct result *r, size_t i, const char *cell) {
    if (i)
        str_add_char(out, r->copy.delimiter);
    if (!cell)
        str_add(out, r->copy.null);
    else if (r->copy.csv)
        add_csv(out, cell, &r->copy);
    else
        add_text(out, cell, r->copy.delimiter);
}

void copylines_encode(struct str *out, const struct result *r, result_row row) {
    for (size_t i = 0; i < r->columns.len; i++)
        add_cell(out, r, i, row[i]);
    str_add_char(out, '\n');
}

void copylines_header(struct str *out, const struct result *r) {
    for (size_t i = 0; i < r->columns.len; i++)
        add_cell(out, r, i, r->columns.items[i].name);
    str_add_char(out, '\n');
}

/* ---- in ---- */

struct reader {
    const char *at, *end;
    const struct result_copy *format;
    struct str cell;
    bool null;
};

/* A cell of the text format, up to the delimiter or the end of the line. */
static void read_text(struct reader *in) {
    static const char letters[] = "bfnrtv", plain[] = "\b\f\n\r\t\v";
    const char *begin = in->at;
    while (in->at < in->end && *in->at != in->format->delimiter && *in->at != '\n') {
        char c = *in->at++;
        if (c == '\r' && (in->at == in->end || *in->at == '\n'))
            continue;
        if (c == '\\' && in->at < in->end) {
            const char *letter = strchr(letters, *in->at);
            c = letter && *letter ? plain[letter - letters] : *in->at;
            in->at++;
        }
        str_add_char(&in->cell, c);
    }
    const size_t n = (size_t)(in->at - begin), null = strlen(in->format->null);
    in->null = (n == null || (n == null + 1 && begin[null] == '\r')) && strncmp(begin, in->format->null, null) == 0;
}

/* One of CSV; false when a quote is not closed. */
static bool read_csv(struct reader *in) {
    const struct result_copy *f = in->format;
    bool quoted = false, inside = false;
    while (in->at < in->end && (inside || (*in->at != f->delimiter && *in->at != '\n'))) {
        const char c = *in->at++;
        if (inside && c == f->escape && in->at < in->end &&
            (*in->at == f->quote || (*in->at == f->escape && f->escape != f->quote)))
            str_add_char(&in->cell, *in->at++);
        else if (c == f->quote)
            quoted = true, inside = !inside;
        else if (inside || c != '\r' || (in->at < in->end && *in->at != '\n'))
            str_add_char(&in->cell, c);
    }
    in->null = !quoted && str_eq(str_get(&in->cell), f->null);
    return !inside;
}

static bool at_end_mark(const struct reader *in) {
    const size_t left = (size_t)(in->end - in->at);
    return left >= 2 && strncmp(in->at, "\\.", 2) == 0 && (left == 2 || in->at[2] == '\n' || in->at[2] == '\r');
}

/* One line as "(a, b)"; false with the error. */
static bool read_row(struct reader *in, struct result *r, struct str *sql, bool skip) {
    size_t n = 0;
    bool more;
    const size_t begin = sql->len;
    do {
        str_clear(&in->cell);
        if (in->format->csv ? !read_csv(in) : (read_text(in), false))
            return result_fail(r, "22P04", "read CSV record: extraneous or missing \" in quoted-field");
        more = in->at < in->end && *in->at == in->format->delimiter;
        if (in->at < in->end)
            in->at++;
        str_add(sql, n++ ? ", " : "(");
        if (in->null)
            str_add(sql, "NULL");
        else
            literal_quote_n(sql, str_get(&in->cell), in->cell.len);
    } while (more);
    str_add(sql, ")");
    if (skip)
        str_truncate(sql, begin);
    return skip || n == r->columns.len || result_fail(r, "22P04", "expected %zu values, got %zu", r->columns.len, n);
}

bool copylines_decode(const char *data, size_t n, struct result *r, struct str *sql, size_t *rows) {
    struct reader in = {.at = data, .end = data + n, .format = &r->copy};
    bool good = true;
    *rows = 0;
    if (r->copy.header && in.at < in.end)
        good = read_row(&in, r, sql, true);
    while (good && in.at < in.end && !at_end_mark(&in)) {
        str_add(sql, *rows % ROWS_PER_INSERT == 0 ? *rows ? ";\n" : "" : ", ");
        if (*rows % ROWS_PER_INSERT == 0)
            str_add(sql, r->copy.insert);
        good = read_row(&in, r, sql, false);
        ++*rows;
    }
    str_free(&in.cell);
    return good;
}
