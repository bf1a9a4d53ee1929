/* surface: a rectangle of character cells in memory. Everything is drawn here, by functions that
 * clean the text; the painter alone copies it to the terminal. */
#ifndef DOMICILE_UI_SURFACE_H
#define DOMICILE_UI_SURFACE_H

#include "domicile/base/str.h"
#include "domicile/ui/theme.h"

#include <stdbool.h>
#include <stdint.h>

/* Two that look the same are the same byte for byte: text is filled up with NULs. */
struct cell {
    char text[14];  /* one character with its combining marks, UTF-8, NUL-terminated; "" behind a wide one */
    uint8_t style;  /* enum style */
    uint8_t over;   /* enum style_over */
};

struct surface {
    int width, height;
    bool ascii; /* every cell is ASCII: other characters are translated or become '?' */
    struct cell *cells;
    int cursor_x, cursor_y; /* where the terminal's cursor is shown; -1 hidden */
};

/* Blank cells of this size, the cursor hidden; surface_free ends them. ascii: see the struct. */
void surface_init(struct surface *s, int width, int height, bool ascii);
void surface_free(struct surface *s);
/* Forgets the contents. */
void surface_resize(struct surface *s, int width, int height);
void surface_erase(struct surface *s);
/* NULL outside. */
const struct cell *surface_cell(const struct surface *s, int x, int y);
/* Appends a row's text without trailing blanks: for tests and for copying what is shown. */
void surface_add_row(struct str *out, const struct surface *s, int y);

/* A part of a surface with its own coordinates; drawing outside of it does nothing. */
struct area {
    struct surface *surface;
    int x, y, width, height;
    uint8_t over; /* put over everything that is drawn in it */
};
struct area surface_area(struct surface *s);
/* A part of a, cut to it. */
struct area area_part(struct area a, int x, int y, int width, int height);

/* Draws text (cleaned here) from (x, y), cut to width columns with an ellipsis (width < 0: to the right
 * edge); returns the columns used. */
int area_text(struct area a, int x, int y, int width, enum style style, const char *text);
int area_text_f(struct area a, int x, int y, int width, enum style style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* The same, right-aligned or centred in width columns. */
int area_text_right(struct area a, int x, int y, int width, enum style style, const char *text);
int area_text_centre(struct area a, int x, int y, int width, enum style style, const char *text);
/* Cut in the middle: for identifiers. */
int area_text_middle(struct area a, int x, int y, int width, enum style style, const char *text);
/* Draws text in lines broken at blanks; returns the lines used (or needed, when y is beyond the end).
 * Later lines are indented by indent columns. */
int area_text_wrapped(struct area a, int x, int y, int width, int indent, enum style style, const char *text);
/* Fills a with a printable character of ASCII. */
void area_fill(struct area a, enum style style, char character);
/* Puts a's over on blanks of up to gap columns between cells that have it: a selected line is a bar, not islands. */
void area_join(struct area a, int gap);
/* A frame around the whole area. */
void area_frame(struct area a, enum style style);
/* Places the terminal's cursor. */
void area_cursor(struct area a, int x, int y);

#endif
