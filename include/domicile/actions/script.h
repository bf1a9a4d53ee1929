/* script: statements that the user typed or wrote, run one after the other on one session of their own: each with
 * its own result, notices, time and error; an error drops the rest of what was given together. With --read-only each goes alone into a
 * read-only transaction. */
#ifndef DOMICILE_ACTIONS_SCRIPT_H
#define DOMICILE_ACTIONS_SCRIPT_H

#include "domicile/pg/connection.h"

struct script;

/* What came of one statement. */
struct script_outcome {
    const char *sql;              /* as sent, without its ';' */
    struct pg_result *result;     /* NULL on error; owned by the receiver */
    const struct pg_error *error; /* NULL: done. ERR_FORBIDDEN refusals have no SQLSTATE and not_sent */
    const char *hint;             /* of a refusal before anything was sent; NULL */
    usec took;
    size_t dropped;               /* statements behind a failed one that are not run */
};

enum script_verdict {
    SCRIPT_SEND,
    SCRIPT_SKIP, /* somebody else did it: go on with the next */
    SCRIPT_DROP, /* drop it and the rest */
    SCRIPT_HOLD, /* wait for script_release */
};

/* All on the loop; all but outcome may be NULL. None may free the script. */
struct script_callbacks {
    void (*state)(void *arg); /* connection, transaction or running statement changed */
    void (*notice)(void *arg, const struct pg_error *notice);
    enum script_verdict (*allow)(void *arg, const char *sql); /* asked before each statement is sent */
    void (*outcome)(void *arg, struct script_outcome *o);
    void (*finished)(void *arg, bool ok); /* nothing is left to run; ok: every statement was done */
    void *arg;
};

/* The session is opened at the first statement. options as pg_connection_new's. */
struct script *script_new(struct loop *loop, const struct pg_options *options, const struct script_callbacks *callbacks,
    struct err *err);
void script_free(struct script *s);

/* Queues every statement of the text; its last one needs no ';'. False: there is none. */
bool script_add(struct script *s, const char *text);
/* Whether the text can be run as it is: nothing, or a last statement that its ';' ends. Otherwise what it waits for
 * ("within a string"). */
bool script_is_complete(const char *text, const char **waits_for);
/* Goes on with the statement that allow held. */
void script_release(struct script *s, enum script_verdict verdict);
/* Cancels what runs on the server, and drops the rest. */
void script_cancel(struct script *s);

/* Statements behind the one that runs. */
size_t script_waiting(const struct script *s);
bool script_is_running(const struct script *s);
/* Loop time since when the statement runs; 0: none does. */
usec script_running_since(const struct script *s);
bool script_is_cancelling(const struct script *s);
/* 'I' idle or no session, 'T' in a transaction, 'E' in a failed one: as after the last statement. */
char script_transaction(const struct script *s);
/* Why there is no session; NULL: there is one, or none was needed yet. */
const char *script_problem(const struct script *s);

/* Appends the line of sql that holds character position (from 1) and a line with ^ under it. */
void script_mark(struct str *out, const char *sql, int position);

#endif
