/* picture: runs a program on a pseudo-terminal, does what it is told, and draws the screen as SVG:
 *   picture ROWS COLS OUT.svg [wait:TEXT | key:NAME | type:TEXT | settle:MS]... -- PROGRAM [ARGUMENT]...
 * The README's picture is made with it, so that it shows the real screen. */
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_WIDTH = 9, CELL_HEIGHT = 18, MARGIN = 12, WAIT_MS = 20000 };

static const unsigned base_colors[16] = {0x1c1f26, 0xe06c75, 0x98c379, 0xe5c07b, 0x61afef, 0xc678dd, 0x56b6c2, 0xc8ccd4,
    0x5c6370, 0xef7f88, 0xa9d68a, 0xf0cf8c, 0x74bdfb, 0xd58eea, 0x68c9d5, 0xffffff};

static unsigned color_of(int index, unsigned standard) {
    if (index < 0)
        return standard;
    if (index & 0x1000000)
        return (unsigned)index & 0xffffff;
    if (index < 16)
        return base_colors[index];
    if (index >= 232) {
        unsigned level = (unsigned)(8 + (index - 232) * 10);
        return level << 16 | level << 8 | level;
    }
    static const unsigned levels[6] = {0, 95, 135, 175, 215, 255};
    int n = index - 16;
    return levels[n / 36] << 16 | levels[n / 6 % 6] << 8 | levels[n % 6];
}

static void add_escaped(struct str *out, const char *s) {
    for (; *s; s++) {
        if (*s == '<')
            str_add(out, "&lt;");
        else if (*s == '&')
            str_add(out, "&amp;");
        else
            str_add_char(out, *s);
    }
}

static void draw_cell(struct str *out, const struct term_cell *c, int row, int col) {
    unsigned fg = color_of(c->fg, 0xc8ccd4);
    unsigned bg = color_of(c->bg, 0x1c1f26);
    if (c->reverse) {
        unsigned swap = fg;
        fg = bg;
        bg = swap;
    }
    int x = MARGIN + col * CELL_WIDTH;
    int y = MARGIN + row * CELL_HEIGHT;
    if (bg != 0x1c1f26)
        str_add_f(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x, y, CELL_WIDTH,
            CELL_HEIGHT, bg);
    if (c->text[0] == '\0' || strcmp(c->text, " ") == 0)
        return;
    str_add_f(out, "<text x=\"%d\" y=\"%d\" fill=\"#%06x\"%s%s>", x, y + CELL_HEIGHT - 5, fg,
        c->bold ? " font-weight=\"bold\"" : "", c->underline ? " text-decoration=\"underline\"" : "");
    add_escaped(out, c->text);
    str_add(out, "</text>\n");
}

static bool write_picture(struct term *t, int rows, int cols, const char *path) {
    struct str out = {0};
    int width = 2 * MARGIN + cols * CELL_WIDTH;
    int height = 2 * MARGIN + rows * CELL_HEIGHT;
    str_add_f(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-size=\"15\" "
        "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\">\n", width, height);
    str_add_f(&out, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#1c1f26\"/>\n", width, height);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++) {
            struct term_cell c = term_cell(t, row, col);
            draw_cell(&out, &c, row, col);
        }
    str_add(&out, "</svg>\n");
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(out.data, 1, out.len, f) == out.len;
    if (f && fclose(f) != 0)
        ok = false;
    str_free(&out);
    return ok;
}

static bool obey(struct term *t, const char *step) {
    if (str_starts(step, "wait:"))
        return term_wait(t, step + 5, WAIT_MS);
    if (str_starts(step, "key:"))
        term_key(t, step + 4);
    else if (str_starts(step, "type:"))
        term_type(t, step + 5);
    else if (str_starts(step, "settle:"))
        term_settle(t, atoi(step + 7));
    else
        return false;
    return true;
}

int main(int argc, char **argv) {
    int split = 4;
    while (split < argc && strcmp(argv[split], "--") != 0)
        split++;
    if (argc < 6 || split + 1 >= argc) {
        fprintf(stderr,
            "usage: picture ROWS COLS OUT.svg [wait:TEXT | key:NAME | type:TEXT | settle:MS]... -- PROGRAM...\n");
        return 64;
    }
    int rows = atoi(argv[1]);
    int cols = atoi(argv[2]);
    struct term_options o = {.rows = rows, .cols = cols, .argv = (const char *const *)(uintptr_t)(argv + split + 1)};
    struct term *t = term_start(&o);
    bool ok = true;
    for (int i = 4; ok && i < split; i++) {
        ok = obey(t, argv[i]);
        if (!ok)
            fprintf(stderr, "picture: step %d failed: %s\n", i - 3, argv[i]);
    }
    if (ok && !write_picture(t, rows, cols, argv[3])) {
        fprintf(stderr, "picture: %s could not be written\n", argv[3]);
        ok = false;
    }
    term_free(t);
    return ok ? 0 : 1;
}
