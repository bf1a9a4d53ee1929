/* err: an error as a value. A function that can fail returns bool (true = done) and fills the
 * caller's struct err; only the top prints it. */
#ifndef DOMICILE_BASE_ERR_H
#define DOMICILE_BASE_ERR_H

#include <stdbool.h>

/* The kinds that decide the exit code (docs: the table of exit codes). */
enum err_kind {
    ERR_NONE,
    ERR_USAGE,       /* 64: the command line, or no terminal */
    ERR_UNAVAILABLE, /* 69: no server, or not a CockroachDB */
    ERR_FORBIDDEN,   /* 77: not allowed */
    ERR_INTERRUPTED, /* 130 */
    ERR_INPUT,       /* 1: text that does not parse, a refused plan, a failed statement */
    ERR_INTERNAL,    /* 1: what should not happen */
};

/* Both texts are for people: what was wrong and where, then what to do next. message is "" when
 * there is no error. */
struct err {
    enum err_kind kind;
    char message[1024];
    char hint[512];
};

/* Sets the error (cut at the buffer's end, whole UTF-8 characters) and returns false, so that one
 * can write return err_set(...). err may be NULL: then only false is returned. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds what to do next; returns false. */
bool err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "prefix: " in front of the message; returns false. */
bool err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void err_clear(struct err *err);
/* Prints "domicile: message" and the hint on standard error, made safe for a terminal: for the top alone. */
void err_print(const struct err *err);
/* The process exit code of a kind: 0, 1, 64, 69, 77 or 130. */
int err_exit_code(enum err_kind kind);

#endif
