/* terminal: the terminal's modes, taken and given back whatever happens, and its bytes without
 * blocking. One a program. */
#ifndef DOMICILE_UI_TERMINAL_H
#define DOMICILE_UI_TERMINAL_H

#include "domicile/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Opens a descriptor of its own on the terminal of stdin and stdout. False: there is none. */
bool terminal_open(struct err *err);
/* The descriptor, non-blocking; -1 before. */
int terminal_fd(void);
/* Raw mode, alternate screen, keypad, paste and (if wanted) mouse; stderr is parked. */
void terminal_take(bool mouse);
/* Gives everything back; safe to call twice, and from a signal handler. */
void terminal_restore(void);
/* Prints what was written to stderr meanwhile. */
void terminal_unpark(void);
void terminal_close(void);
void terminal_size(int *rows, int *cols);
/* Core dumps off; the crash signals restore the terminal on a stack of their own, then kill as before. */
void terminal_guard(void);
/* Stops the process as Ctrl-Z does; returns when it is continued, with the terminal taken again. */
void terminal_suspend(bool mouse);
/* Ends the process by this signal with the default handler. */
void terminal_die_by(int signo) __attribute__((noreturn));

#endif
