/* layout: where the panes are, for every size down to 1x1. */
#ifndef DOMICILE_UI_LAYOUT_H
#define DOMICILE_UI_LAYOUT_H

#include "domicile/ui/model.h"

struct box {
    int x, y, width, height; /* width 0: not shown */
};

enum layout_kind {
    LAYOUT_TINY,   /* too small for anything but a word */
    LAYOUT_SINGLE, /* one pane, tabs in the title line, a report strip of two lines */
    LAYOUT_WIDE,   /* all panes */
};

struct layout {
    enum layout_kind kind;
    struct box title;
    struct box panes[PANE_COUNT];
    struct box strip;  /* LAYOUT_SINGLE: the report in two lines */
    struct box status; /* what is wrong with the connection; height 0: nothing is */
    struct box footer;
};

struct layout_wish {
    int width, height;
    enum pane_id focus;
    bool zoomed;
    bool status;  /* a status line is needed */
    int regions;  /* lines that these panes could use */
    int tables;
    int report;
};
void layout_make(struct layout *l, const struct layout_wish *wish);

/* Columns of a table that share a width. */
struct table_column {
    const char *title;
    int min, want;  /* columns; want is what its contents need */
    int priority;   /* larger is given up first; 0 never */
    bool right;     /* right-aligned */
    bool flexible;  /* takes what is left */
    int x, width;   /* result; width 0: not shown */
};
/* Places n columns from x with one blank between; gives up columns by priority until the rest fit. */
void layout_columns(struct table_column *columns, size_t n, int x, int width);

#endif
