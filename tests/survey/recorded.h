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

struct recorded {
    pid_t pid;
    int port;
    char conninfo[128];
};

/* version: the crdb_version that it reports; NULL: it reports none. */
void recorded_start(struct recorded *r, const char *version, const struct recorded_row *rows);
void recorded_stop(struct recorded *r);

#endif
