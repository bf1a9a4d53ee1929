/* console: where commands and SQL are typed, and what came of them. It outlives its dialog: a transaction left open and
 * what was typed are there again when it is opened the next time. */
#ifndef DOMICILE_UI_CONSOLE_H
#define DOMICILE_UI_CONSOLE_H

#include "domicile/pg/result.h"
#include "domicile/ui/view.h"

/* How its session stands; kept by the program. */
struct console_status {
    char transaction;     /* 'I', 'T' open, 'E' failed */
    bool running;
    bool cancelling;
    usec running_since;   /* loop time; 0 none */
    size_t waiting;       /* statements behind the one that runs */
};

struct console;

/* The console's lines and the state of its connection, apart from any dialog, so that closing it loses nothing. console_free
 * ends it; the status is the console's own, written by the app and read by the dialog. */
struct console *console_new(void);
void console_free(struct console *c);
struct console_status *console_status(struct console *c);

/* Adds lines; most 0: all of them. */
void console_add(struct console *c, enum style style, const char *text, size_t most);
void console_add_f(struct console *c, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Adds a result and takes it over. */
void console_add_result(struct console *c, struct pg_result *r);
/* The newest result; NULL none. Owned by c. */
const struct pg_result *console_result(const struct console *c);
void console_clear(struct console *c);
/* Lets the dialog close after the key under way. */
void console_close(struct console *c);
/* Puts a text at the prompt. */
void console_type(struct console *c, const char *text);

/* The dialog; c lives longer. Its texts go to intents' run_line, its cancel to cancel_line. */
struct view *dialog_console_new(struct console *c, struct ui *ui);

#endif
