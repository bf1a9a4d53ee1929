/* sqllog: the last statements that were sent, with what came of them: for the feed and for questions. */
#ifndef DOMICILE_PG_SQLLOG_H
#define DOMICILE_PG_SQLLOG_H

#include "domicile/base/str.h"
#include "domicile/loop/loop.h"

struct sqllog;

struct sqllog_entry {
    usec at;       /* loop time of the answer */
    int64_t at_wall;
    usec took;
    bool user;     /* the user's own, not the survey's */
    char *purpose;
    char *sql;     /* secrets removed */
    char *outcome; /* command tag, or the error's sentence */
};

/* Keeps the last capacity entries. told (may be NULL) is called for each new one. */
struct sqllog *sqllog_new(size_t capacity, void (*told)(void *arg, const struct sqllog_entry *e), void *arg);
void sqllog_free(struct sqllog *l);
/* The log that every connection writes to; NULL: none. One a program. */
void sqllog_use(struct sqllog *l);
/* Adds to the log in use; texts are copied, secrets removed. */
void sqllog_add(usec at, usec took, bool user, const char *purpose, const char *sql, const char *outcome);
size_t sqllog_count(const struct sqllog *l);
const struct sqllog_entry *sqllog_entry(const struct sqllog *l, size_t i); /* 0: the oldest */

#endif
