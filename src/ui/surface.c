/* surface: cells in memory, drawn by functions that clean the text. */
#include "domicile/ui/surface.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void surface_init(struct surface *s, int width, int height, bool ascii) {
    *s = (struct surface){.ascii = ascii, .cursor_x = -1, .cursor_y = -1};
    surface_resize(s, width, height);
}

void surface_free(struct surface *s) {
    free(s->cells);
    *s = (struct surface){0};
}

void surface_resize(struct surface *s, int width, int height) {
    free(s->cells);
    s->width = width > 0 ? width : 1;
    s->height = height > 0 ? height : 1;
    s->cells = mem_calloc((size_t)s->width * (size_t)s->height, sizeof *s->cells);
    surface_erase(s);
}

void surface_erase(struct surface *s) {
    static const struct cell blank = {.text = " "};
    const size_t line = (size_t)s->width;
    for (size_t x = 0; x < line; x++)
        s->cells[x] = blank;
    for (size_t y = 1; y < (size_t)s->height; y++)
        memcpy(s->cells + y * line, s->cells, line * sizeof blank);
    s->cursor_x = s->cursor_y = -1;
}

const struct cell *surface_cell(const struct surface *s, int x, int y) {
    return x >= 0 && y >= 0 && x < s->width && y < s->height ? &s->cells[y * s->width + x] : NULL;
}

void surface_add_row(struct str *out, const struct surface *s, int y) {
    size_t start = out->len;
    for (int x = 0; x < s->width; x++)
        str_add(out, s->cells[y * s->width + x].text);
    while (out->len > start && out->data[out->len - 1] == ' ')
        str_truncate(out, out->len - 1);
}

struct area surface_area(struct surface *s) {
    return (struct area){.surface = s, .width = s->width, .height = s->height};
}

struct area area_part(struct area a, int x, int y, int width, int height) {
    if (x < 0) {
        width += x;
        x = 0;
    }
    if (y < 0) {
        height += y;
        y = 0;
    }
    if (x + width > a.width)
        width = a.width - x;
    if (y + height > a.height)
        height = a.height - y;
    a.x += x;
    a.y += y;
    a.width = width > 0 ? width : 0;
    a.height = height > 0 ? height : 0;
    return a;
}

/* What stands for a character where only ASCII can be shown. */
struct substitute {
    uint32_t from;
    char to;
};

static const struct substitute substitutes[] = {
    {0x2026, '~'},
    {0x2500, '-'},
    {0x2502, '|'},
    {0x256d, '+'},
    {0x256e, '+'},
    {0x256f, '+'},
    {0x2570, '+'},
    {0x251c, '+'},
    {0x2524, '+'},
    {0x25c6, 'L'},
    {0x25cf, 'V'},
    {0x25cb, 'n'},
    {0x25cc, 'l'},
    {0x2715, 'x'},
    {0x00b7, '.'},
    {0x25b8, '>'},
    {0x2588, '#'},
    {0x2591, '.'},
    {0x2192, '>'},
    {0x2190, '<'},
    {0x2191, '^'},
    {0x2193, 'v'},
    {0x26a0, '!'},
    {0x2713, '*'},
    {0x23ce, '$'},
    {0x21e5, '>'},
    {0x2022, '*'},
    {0x2013, '-'},
    {0x2014, '-'},
    {0x2212, '-'},
    {0x00d7, 'x'},
    {0x25aa, '*'},
    {0x2581, '_'},
    {0x2582, '_'},
    {0x2583, '.'},
    {0x2584, '-'},
    {0x2585, '='},
    {0x2586, '+'},
    {0x2587, '#'},
    {0x280b, '-'},
};

static char ascii_of(uint32_t cp) {
    if (cp < 0x7f)
        return (char)cp;
    for (size_t i = 0; i < sizeof substitutes / sizeof *substitutes; i++)
        if (substitutes[i].from == cp)
            return substitutes[i].to;
    return '?';
}

static void put_cell(struct area a, int x, int y, enum style style, const char *bytes, size_t n) {
    if (x < 0 || y < 0 || x >= a.width || y >= a.height)
        return;
    struct cell *c = &a.surface->cells[(a.y + y) * a.surface->width + a.x + x];
    if (n >= sizeof c->text)
        n = sizeof c->text - 1;
    *c = (struct cell){.style = (uint8_t)style, .over = a.over};
    memcpy(c->text, bytes, n);
}

static bool printable(const char *s) {
    while (*s >= ' ' && *s <= '~')
        s++;
    return *s == '\0';
}

/* Printable ASCII, which needs no cleaning and is as wide as it is long: most of what is drawn. */
static int put_printable(struct area a, int x, int y, int columns, enum style style, const char *s) {
    size_t n = strlen(s);
    size_t fits = columns > 0 ? (size_t)columns : 0;
    size_t shown = n <= fits ? n : fits > 0 ? fits - 1 : 0;
    for (size_t i = 0; i < shown; i++)
        put_cell(a, x + (int)i, y, style, s + i, 1);
    if (n > fits && fits > 0)
        put_cell(a, x + (int)shown++, y, style, a.surface->ascii ? "~" : "…", a.surface->ascii ? 1 : strlen("…"));
    return (int)shown;
}

/* Draws cleaned text; returns the columns used. */
static int put_text(struct area a, int x, int y, int width, enum style style, const char *s) {
    int used = 0;
    size_t left = strlen(s);
    while (left > 0) {
        uint32_t cp;
        size_t n = text_decode(s, left, &cp);
        int w = text_char_width(cp);
        size_t whole = n; /* with the marks that stand on it */
        while (whole < left) {
            uint32_t mark;
            size_t m = text_decode(s + whole, left - whole, &mark);
            if (text_char_width(mark) != 0)
                break;
            whole += m;
        }
        if (used + w > width)
            break;
        char plain = a.surface->ascii ? ascii_of(cp) : '\0';
        if (plain)
            put_cell(a, x + used, y, style, &plain, 1);
        else
            put_cell(a, x + used, y, style, s, whole);
        if (w == 2)
            put_cell(a, x + used + 1, y, style, plain ? "?" : "", plain ? 1 : 0);
        used += w;
        s += whole;
        left -= whole;
    }
    return used;
}

static int room(struct area a, int x, int width) { return width < 0 || x + width > a.width ? a.width - x : width; }

int area_text(struct area a, int x, int y, int width, enum style style, const char *text) {
    struct str fitted = {0};
    int columns = room(a, x, width);
    if (text && printable(text))
        return put_printable(a, x, y, columns, style, text);
    char *clean = text_cleaned(text);
    if (columns > 0)
        text_add_fitted(&fitted, clean, columns, false, a.surface->ascii);
    int used = columns > 0 ? put_text(a, x, y, columns, style, str_get(&fitted)) : 0;
    str_free(&fitted);
    free(clean);
    return used;
}

int area_text_f(struct area a, int x, int y, int width, enum style style, const char *format, ...) {
    struct str text = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    int used = area_text(a, x, y, width, style, str_get(&text));
    str_free(&text);
    return used;
}

static int aligned(struct area a, int x, int y, int width, enum style style, const char *text, int share) {
    char *clean = text && printable(text) ? NULL : text_cleaned(text);
    int columns = room(a, x, width);
    int need = text_width(clean ? clean : text);
    int offset = need < columns ? (columns - need) * share / 2 : 0;
    free(clean);
    return offset + area_text(a, x + offset, y, columns - offset, style, text);
}

int area_text_right(struct area a, int x, int y, int width, enum style style, const char *text) {
    return aligned(a, x, y, width, style, text, 2);
}
int area_text_centre(struct area a, int x, int y, int width, enum style style, const char *text) {
    return aligned(a, x, y, width, style, text, 1);
}

int area_text_middle(struct area a, int x, int y, int width, enum style style, const char *text) {
    struct str cut = {0};
    char *clean = text_cleaned(text);
    int columns = room(a, x, width);
    if (columns > 0)
        text_add_middle(&cut, clean, columns, a.surface->ascii);
    int used = columns > 0 ? put_text(a, x, y, columns, style, str_get(&cut)) : 0;
    str_free(&cut);
    free(clean);
    return used;
}

/* Where the line that begins at s ends: at the last blank that fits, else where the width ends. */
static size_t line_end(const char *s, int width) {
    size_t fit = text_fit(s, width, NULL);
    if (s[fit] == '\0' || fit == 0)
        return fit ? fit : strlen(s);
    for (size_t i = fit; i > 0; i--)
        if (s[i] == ' ')
            return i;
    return fit;
}

int area_text_wrapped(struct area a, int x, int y, int width, int indent, enum style style, const char *text) {
    int lines = 0;
    int columns = room(a, x, width);
    for (const char *part = text; part;) { /* lines of their own stay so */
        const char *newline = strchr(part, '\n');
        char *one = newline ? mem_strndup(part, (size_t)(newline - part)) : mem_strdup(part);
        char *clean = text_cleaned(one);
        const char *p = clean;
        do {
            int in = lines ? indent : 0;
            int w = columns - in > 0 ? columns - in : 1;
            size_t n = line_end(p, w);
            char *line = mem_strndup(p, n);
            put_text(a, x + in, y + lines, w, style, line);
            free(line);
            lines++;
            p += n;
            p += strspn(p, " ");
        } while (*p);
        free(clean);
        free(one);
        part = newline ? newline + 1 : NULL;
    }
    return lines;
}

void area_fill(struct area a, enum style style, char character) {
    for (int y = 0; y < a.height; y++)
        for (int x = 0; x < a.width; x++)
            put_cell(a, x, y, style, &character, 1);
}

void area_join(struct area a, int gap) {
    for (int y = 0; y < a.height && a.over; y++) {
        struct cell *row = &a.surface->cells[(a.y + y) * a.surface->width + a.x];
        int last = -1; /* the last cell that has it */
        for (int x = 0; x < a.width; x++) {
            if (!(row[x].over & a.over))
                continue;
            for (int k = last + 1; last >= 0 && x - last - 1 <= gap && k < x; k++)
                row[k].over |= a.over;
            last = x;
        }
    }
}

void area_frame(struct area a, enum style style) {
    static const char *const lines[2][6] = {{"─", "│", "╭", "╮", "╰", "╯"}, {"-", "|", "+", "+", "+", "+"}};
    const char *const *line = lines[a.surface->ascii];
    int right = a.width - 1;
    int bottom = a.height - 1;
    const size_t n = strlen(line[0]); /* all are as long */
    for (int x = 1; x < right; x++) {
        put_cell(a, x, 0, style, line[0], n);
        put_cell(a, x, bottom, style, line[0], n);
    }
    for (int y = 1; y < bottom; y++) {
        put_cell(a, 0, y, style, line[1], n);
        put_cell(a, right, y, style, line[1], n);
    }
    put_cell(a, 0, 0, style, line[2], n);
    put_cell(a, right, 0, style, line[3], n);
    put_cell(a, 0, bottom, style, line[4], n);
    put_cell(a, right, bottom, style, line[5], n);
}

void area_cursor(struct area a, int x, int y) {
    if (x < 0 || y < 0 || x >= a.width || y >= a.height)
        return;
    a.surface->cursor_x = a.x + x;
    a.surface->cursor_y = a.y + y;
}
