/* recorded: a server that answers statements with recordings, errors, or not at all; a process a connection. */
#ifndef TESTS_SURVEY_RECORDED_H
#define TESTS_SURVEY_RECORDED_H

#include <stdbool.h>
#include <sys/types.h>

/* What comes of a statement that holds needle; the first that fits. NULL needle: the end. */
struct recorded_row {
    const char *needle;
    const char *file;     /* recording; NULL none */
    const char *column;   /* only its rows with this value in this column; NULL all */
    const char *value;
    const char *text;     /* an answer_of() text; "": done, without rows */
    const char *sqlstate; /* an error */
    const char *message;
    bool hangs;           /* no answer, ever */
    bool drops;           /* the connection breaks */
};
enum { RECORDED_MOST = 100 }; /* rows */

struct recorded {
    pid_t pid;
    int port;
    char conninfo[128];
    const char *slow;     /* set before the start: statements that hold this are answered after delay ms; NULL none */
    int delay;
    int *asked;           /* how often each row was asked for, shared with the server's processes */
};

/* version: the crdb_version that it reports; NULL: it reports none. */
void recorded_start(struct recorded *r, const char *version, const struct recorded_row *rows);
void recorded_stop(struct recorded *r);
/* How many statements those rows with that needle answered. */
int recorded_asked(const struct recorded *r, const struct recorded_row *rows, const char *needle);

#endif
