/* headless: the commands that print an answer and end, for scripts and monitoring. */
#ifndef DOMICILE_APP_HEADLESS_H
#define DOMICILE_APP_HEADLESS_H

#include "domicile/base/str.h"

#include <stdbool.h>

/* Whether a command of that name is a headless one. */
bool headless_knows(const char *name);
/* Runs argv[1] with what follows it; returns the exit code. A password inside argv is overwritten there. */
int headless_main(int argc, char **argv);
/* Appends their part of --help, a line each. */
void headless_help(struct str *out);

#endif
