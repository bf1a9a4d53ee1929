/* theme: what each style looks like. Views name a style; only the painter knows colours. */
#ifndef DOMICILE_UI_THEME_H
#define DOMICILE_UI_THEME_H

#include <stdbool.h>
#include <stddef.h>

enum style {
    STYLE_NORMAL,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_HEADER,       /* column headings */
    STYLE_BORDER,
    STYLE_BORDER_FOCUS,
    STYLE_TITLE,        /* of a pane */
    STYLE_TITLE_FOCUS,
    STYLE_BAR,          /* title line of the screen */
    STYLE_KEY,          /* a key in the footer or help */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_UNKNOWN,
    STYLE_ABROAD,       /* a replica outside its home: never colour alone */
    STYLE_DEAD,         /* a replica on a dead node */
    STYLE_INPUT,        /* an input field */
    STYLE_BUTTON,
    STYLE_BUTTON_FOCUS,
    STYLE_SQL,
    STYLE_REGION,       /* the regions' styles follow each other, see theme_region */
    STYLE_COUNT = STYLE_REGION + 8
};

/* On top of a style. */
enum style_over {
    OVER_SELECTED = 1,
    OVER_LIT = 2, /* changed a moment ago */
};

enum {
    LOOK_BOLD = 1,
    LOOK_UNDERLINE = 2,
    LOOK_REVERSE = 4,
    LOOK_DIM = 8,
};
/* How a style looks: colours of the 256 palette and of the 8, -1 = the terminal's own. */
struct look {
    short fg, bg;   /* 256 colours */
    short fg8, bg8; /* 8 colours */
    unsigned attributes;
};
struct theme {
    const char *name;
    const char *help; /* for --help */
    bool colours;
    struct look looks[STYLE_COUNT];
    struct look selected, lit; /* what they put over a style; -1 keeps the style's own colour */
};

/* By name ("default", "mono", "high-contrast"); NULL unknown. */
const struct theme *theme_by_name(const char *name);
const struct theme *theme_table(size_t *n);
/* The style of a database's region by its index. */
enum style theme_region(size_t index);

#endif
