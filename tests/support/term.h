/* term: a real terminal for a test: the program runs on a pseudo-terminal, libvterm reads what it
 * writes; keys go in, cells come out. Waits for conditions with a limit (multiplied by patience()), never sleeps for
 * luck. */
#ifndef TESTS_SUPPORT_TERM_H
#define TESTS_SUPPORT_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

struct term;

struct term_options {
    int rows;
    int cols;
    const char *const *argv;  /* NULL-terminated; argv[0] is executed */
    const char *const *env;   /* NULL-terminated "NAME=value", on top of a clean environment; may be NULL */
    bool ascii;               /* LC_ALL=C instead of C.UTF-8 */
};

/* Starts the program. Never NULL: a failure to start ends the test. */
struct term *term_start(const struct term_options *o);
/* Kills what still runs and frees. */
void term_free(struct term *t);

/* Sends bytes, or a key by name: "Enter", "Esc", "Tab", "Up", "Down", "Left", "Right", "PgUp", "PgDn",
 * "BackTab", "Backspace", "C-c", "C-l", "C-z". */
void term_type(struct term *t, const char *bytes);
void term_key(struct term *t, const char *name);
void term_resize(struct term *t, int rows, int cols);
void term_signal(struct term *t, int signo);
/* Takes the terminal away for good, as a closed window does. */
void term_hang_up(struct term *t);

/* Reads what arrives until the screen holds text (anywhere on one line), at most ms milliseconds.
 * False: time is up, and the screen was printed as a diagnosis. */
bool term_wait(struct term *t, const char *text, int ms);
/* Until the screen does not hold text. */
bool term_wait_gone(struct term *t, const char *text, int ms);
/* Until predicate(t, arg) holds. what names it for the diagnosis. */
bool term_wait_for(struct term *t, bool (*predicate)(struct term *t, void *arg), void *arg, const char *what, int ms);
/* Reads for ms milliseconds whatever comes; returns the number of bytes that came. */
size_t term_settle(struct term *t, int ms);
/* Waits for the program's end; its wait status in *status. */
bool term_wait_exit(struct term *t, int *status, int ms);

/* The screen. Lines are UTF-8 without trailing blanks, valid until the next call for the same row. */
const char *term_line(struct term *t, int row);
bool term_has(struct term *t, const char *text);
/* The first row that holds text, -1 none; *col gets the column of the cell where it begins. */
int term_find(struct term *t, const char *text, int *col);
struct term_cell {
    char text[32];
    bool bold, underline, reverse;
    int fg; /* palette index, -1 default */
    int bg;
};
struct term_cell term_cell(struct term *t, int row, int col);
void term_print(struct term *t); /* as TAP diagnostics */

/* What the program turned on and the bytes it wrote. */
bool term_alternate_screen(const struct term *t);
bool term_cursor_visible(const struct term *t);
int term_mouse_mode(const struct term *t); /* 0 off */
bool term_bracketed_paste(const struct term *t);
size_t term_bytes(const struct term *t);   /* written by the program since the start */
const char *term_title(const struct term *t);
/* Every byte that came, for checks that nothing raw went through; length in *n. */
const char *term_raw(const struct term *t, size_t *n);
/* The modes of the pseudo-terminal now. */
void term_modes(const struct term *t, struct termios *modes);
/* Those that a terminal has before any program changes them. */
void term_fresh_modes(struct termios *modes);
/* Whether the program has ended; what it wrote last may still have to be read. */
bool term_ended(struct term *t);
pid_t term_pid(const struct term *t);
/* Stops and resumes reading, as a stalled terminal does (nothing is read while stopped). */
int term_fd(const struct term *t);

#endif
