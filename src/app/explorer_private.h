/* What the files of the explorer share. */
#ifndef APP_EXPLORER_PRIVATE_H
#define APP_EXPLORER_PRIVATE_H

#include "domicile/actions/change.h"
#include "domicile/actions/script.h"
#include "domicile/app/explorer.h"
#include "domicile/command/keymap.h"
#include "domicile/command/option.h"
#include "domicile/pg/sqllog.h"
#include "domicile/ui/console.h"
#include "domicile/ui/dialog.h"
#include "domicile/ui/screen.h"

/* A statement of the console that waits for an answer to its preview. */
enum held { HELD_NOTHING, HELD_ASKING, HELD_RUNNING };

struct explorer {
    struct loop *loop;
    const struct options *options;
    struct model model;
    struct ui ui;
    struct screen *screen;
    struct keymap *keymap;
    struct view *dialogs;
    struct survey *survey; /* NULL until explorer_connect */
    struct sqllog *sqllog;
    struct loop_timer *wake;
    struct insert *insert;
    struct change *change;
    struct inspect *inspect;
    struct failure *failure;
    struct console *console;
    struct script *script; /* of the console; NULL until something was sent */
    enum held held;
    char *search_asked; /* a text whose search would read many rows; NULL none */
    bool seen_state;
    int signal;     /* that ended it; 0 none */
    struct err end; /* why it ended; ERR_NONE: the user left */
};

void explorer_dirty(struct explorer *x);
/* A key, a paste, a click. */
void explorer_input(struct explorer *x, const struct input_event *e);
/* Runs a command; argument may be NULL. */
void explorer_run(struct explorer *x, enum command_id id, const char *argument);
const struct intents *explorer_intents(void);

/* -- the console -- */
void explorer_console_open(struct explorer *x);
void explorer_console_free(struct explorer *x);
/* The database changed: its session ends. */
void explorer_console_forget(struct explorer *x);
/* Whether the plan confirmed is to be run as any other; false: it was typed and runs where it was typed. */
bool explorer_console_plan(struct explorer *x);
/* Copies how its session stands for the view. */
void explorer_console_state(struct explorer *x);
/* Goes on with what waits for a preview or for a change to end. */
void explorer_console_settle(struct explorer *x);
/* Writes the newest result to "[!] file". */
void explorer_export(struct explorer *x, const char *argument);
/* Copies the newest result when the console is open and has one. */
bool explorer_copy_result(struct explorer *x);
void intent_line(void *arg, const char *text);
void intent_cancel_line(void *arg);

#endif
