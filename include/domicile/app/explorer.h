/* explorer: model, commands and views put together and run on the loop. */
#ifndef DOMICILE_APP_EXPLORER_H
#define DOMICILE_APP_EXPLORER_H

#include "domicile/base/err.h"
#include "domicile/command/option.h"
#include "domicile/loop/loop.h"

struct explorer;

/* Takes the terminal and paints; connects as soon as explorer_connect is called. NULL: no terminal. */
struct explorer *explorer_new(struct loop *loop, const struct options *o, struct err *err);
/* Opens the survey. conninfo NULL: the options'. */
void explorer_connect(struct explorer *x, const char *conninfo, const char *database);
/* What to show while there is nothing to connect to yet: "starting the sandbox". */
void explorer_say(struct explorer *x, const char *text);
/* Leaves the loop with this error's exit code; its sentence is printed once the terminal is back. */
void explorer_fail(struct explorer *x, const struct err *err);
/* Gives the terminal back and frees; returns the exit code, or dies by the signal that ended it. */
int explorer_finish(struct explorer *x);

/* The two ways to it; each runs until the user leaves. */
int explore_main(const struct options *o);
int demo_main(const struct options *o);

#endif
