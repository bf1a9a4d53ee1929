/* command: the one table of everything that a user can ask for. Key bindings, footer, help, the
 * command line inside the explorer and later the manual page are made from its rows. */
#ifndef DOMICILE_COMMAND_COMMAND_H
#define DOMICILE_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum command_id {
    COMMAND_NONE,
    COMMAND_UP,
    COMMAND_DOWN,
    COMMAND_LEFT,
    COMMAND_RIGHT,
    COMMAND_PAGE_UP,
    COMMAND_PAGE_DOWN,
    COMMAND_HOME,
    COMMAND_END,
    COMMAND_NEXT_PANE,
    COMMAND_PREVIOUS_PANE,
    COMMAND_PANE_REGIONS, /* the five follow each other in the order of the panes */
    COMMAND_PANE_TABLES,
    COMMAND_PANE_ROWS,
    COMMAND_PANE_REPORT,
    COMMAND_PANE_FEED,
    COMMAND_OPEN,
    COMMAND_BACK,
    COMMAND_INSERT,
    COMMAND_PLACEMENT,
    COMMAND_FILTER,
    COMMAND_NEXT_MATCH,
    COMMAND_PREVIOUS_MATCH,
    COMMAND_MATRIX,
    COMMAND_ZOOM,
    COMMAND_FREEZE,
    COMMAND_WHY,
    COMMAND_DATABASES,
    COMMAND_FAILURES,
    COMMAND_REFRESH,
    COMMAND_COPY,
    COMMAND_LIT_LONGER,
    COMMAND_LIT_SHORTER,
    COMMAND_REPAINT,
    COMMAND_SUSPEND,
    COMMAND_LINE, /* the console, ":" */
    COMMAND_THEME,
    COMMAND_EXPORT, /* the console's newest result into a file */
    COMMAND_CLEAR,  /* the console's lines */
    COMMAND_HELP,
    COMMAND_QUIT,
    COMMAND_COUNT
};

/* Where a key means something. A key is looked for in the contexts of what has the focus. */
enum command_context {
    CONTEXT_PANES = 1,  /* the overview */
    CONTEXT_DIALOG = 2, /* a dialog that only shows or offers choices */
    CONTEXT_FORM = 4,   /* a dialog with inputs: characters are typed */
};

struct command {
    enum command_id id;
    const char *name;     /* for the command line: "placement"; lower case, words joined by '-' */
    const char *argument; /* "DEFAULT|RESTRICTED"; NULL: takes none */
    const char *keys;     /* default keys, names separated by blanks; "" none */
    unsigned contexts;    /* of enum command_context */
    const char *help;     /* one sentence, without a full stop */
    const char *label;    /* one or two words for the footer; NULL: not there */
    int footer;           /* order in the footer, smaller first; the larger are left out when narrow */
    bool changes;         /* whether it leads to a change of the cluster; refused in --read-only */
};

/* The table, COMMAND_COUNT - 1 rows in the order of the enum (without COMMAND_NONE). */
const struct command *command_table(size_t *n);
const struct command *command_get(enum command_id id);
/* By name, or the only one that begins with it; NULL: none or several. */
const struct command *command_by_name(const char *name, size_t n);
/* The command that a typed line means, its argument in *argument (NULL none, else a part of line). NULL: the line is
 * something else, SQL perhaps: a command is its whole name, followed by nothing or by the argument that it takes, and
 * never by a ';'. Motions (up, end ...) are keys alone. */
const struct command *command_of_line(const char *line, const char **argument);

/* What a command function is handed. */
struct command_call {
    void *target;               /* the explorer */
    const struct command *command;
    const char *argument;       /* NULL none */
};
typedef void command_function(struct command_call *call);
/* A row of the table of functions that the program binds to the commands. */
struct command_binding {
    enum command_id id;
    command_function *run;
};

#endif
