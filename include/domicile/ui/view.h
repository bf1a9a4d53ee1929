/* view: what panes and dialogs have in common. A view draws on a surface and raises intents; it never
 * touches the terminal, the server or another view. */
#ifndef DOMICILE_UI_VIEW_H
#define DOMICILE_UI_VIEW_H

#include "domicile/actions/failure.h"
#include "domicile/actions/insert.h"
#include "domicile/actions/inspect.h"
#include "domicile/cluster/planner.h"
#include "domicile/command/command.h"
#include "domicile/ui/input.h"
#include "domicile/ui/model.h"
#include "domicile/ui/surface.h"

struct ui;

/* What a view may ask the program to do. Each gets the arg of struct ui. */
struct intents {
    void (*insert)(void *arg, const struct insert_form *form);
    void (*cancel_insert)(void *arg);
    void (*run_plan)(void *arg, const struct plan *plan);
    void (*copy)(void *arg, const char *text, const char *what);
    void (*switch_database)(void *arg, const char *name);
    void (*password)(void *arg, const char *password); /* NULL: the user gives up */
    void (*fail)(void *arg, enum failure_what what, int node, const char *region);
    void (*filter)(void *arg, enum pane_id pane, const char *text); /* of what is shown; NULL: none */
    void (*search)(
        void *arg, enum pane_id pane, const char *text); /* the same, and in the Rows pane of the whole table */
    void (*run_line)(void *arg, const char *text); /* typed into the console: a command with its argument, or SQL */
    void (*cancel_line)(void *arg); /* the statement of the console that runs */
    void (*show_table)(void *arg, const char *table);
};

/* What every view is handed. */
struct ui {
    struct model *model;
    const struct intents *intents;
    void *arg;
    bool ascii;
};

enum view_reaction {
    VIEW_IGNORED, /* not its key: somebody else may want it */
    VIEW_HANDLED,
    VIEW_CLOSE,   /* it is done: close it */
};

struct view;
struct view_ops {
    const char *name;
    unsigned context; /* of enum command_context */
    /* The size it would like, cut by the caller to what there is. */
    void (*measure)(struct view *v, struct ui *ui, int max_width, int *width, int *height);
    void (*draw)(struct view *v, struct ui *ui, struct area a);
    enum view_reaction (*input)(struct view *v, struct ui *ui, const struct input_event *e);
    enum view_reaction (*command)(struct view *v, struct ui *ui, enum command_id command);
    void (*free)(struct view *v);
};
/* Derived views have it as their first member. */
struct view {
    const struct view_ops *ops;
    struct view *below; /* the dialog underneath */
    int top;            /* first line shown, for those that scroll */
    struct area box;    /* where it was drawn last, without surface */
};

/* A pane of the overview. */
struct pane {
    enum pane_id id;
    const char *name;
    enum command_id command;    /* that moves the focus to it */
    enum part_kind part;        /* whose age stands in the title */
    void (*draw)(struct ui *ui, struct area a, bool focused);
    /* Appends what stands in the title behind the name; may be NULL. */
    void (*title)(struct ui *ui, struct str *out);
    /* Lines that it could use. */
    int (*lines)(struct ui *ui, int width);
};
const struct pane *pane_get(enum pane_id id);

/* Draws the whole overview: title line, panes, footer. */
void overview_draw(struct ui *ui, struct area a);
/* The pane at a cell, and the list line there (-1 none); false: no pane. */
bool overview_hit(struct ui *ui, int width, int height, int x, int y, enum pane_id *pane, int *line);

#endif
