/* lines: the dialog that shows text in lines, with a selection where lines can be chosen; most dialogs are one. */
#ifndef UI_LINES_H
#define UI_LINES_H

#include "domicile/ui/dialog.h"
#include "draw.h"

struct line {
    enum style style;
    int indent;       /* of wrapped lines */
    char *text;
    char *label;      /* drawn in front in the heading style; NULL none */
    const struct range *range; /* a replica's line begins with its glyph; unused when glyph is NULL */
    const char *glyph;
};

/* The contents are made anew for each painting, so that they are what the model says now. */
struct lines {
    struct view view; /* first */
    char *title;
    VEC_STRUCT(struct line) list;
    void (*build)(struct lines *l, struct ui *ui); /* NULL: the lines stay as they were added */
    void (*chosen)(struct lines *l, struct ui *ui, size_t i); /* NULL: nothing to choose */
    bool (*key)(struct lines *l, keycode key); /* a key of its own; NULL none */
    int mode;            /* what that key switches */
    size_t selected;
    size_t first_choice; /* lines before it are not chosen */
    char *subject;       /* what it is about: key of a row, name of a region */
    char *copy;          /* what y copies; NULL all lines */
    int heights;         /* lines drawn last time */
};

struct lines *lines_new(const char *name, const char *title, void (*build)(struct lines *l, struct ui *ui));
void lines_clear(struct lines *l);
void lines_add(struct lines *l, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* With a label in front. */
void lines_add_pair(struct lines *l, const char *label, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* SQL text, line by line. */
void lines_add_sql(struct lines *l, const char *sql);

#endif
