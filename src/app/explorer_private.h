/* What the files of the explorer share. */
#ifndef APP_EXPLORER_PRIVATE_H
#define APP_EXPLORER_PRIVATE_H

#include "domicile/actions/change.h"
#include "domicile/app/explorer.h"
#include "domicile/command/keymap.h"
#include "domicile/command/option.h"
#include "domicile/pg/sqllog.h"
#include "domicile/ui/dialog.h"
#include "domicile/ui/screen.h"

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

#endif
