/* variables: the session variables of one session: SET, SET LOCAL, RESET, SHOW, and what a transaction's
 * end undoes. Names, defaults per version and checks are one table. */
#ifndef DOMICILE_SANDBOX_VARIABLES_H
#define DOMICILE_SANDBOX_VARIABLES_H

#include "domicile/base/vec.h"
#include "domicile/sandbox/result.h"

#include <stdbool.h>
#include <stddef.h>

struct session;

/* What this session made of one variable. The value in force is the first that is there of local, value,
 * base and the default. */
struct variable_value {
    int index;   /* into the table of variables */
    char *base;  /* given when connecting: what RESET goes back to */
    char *value; /* SET */
    char *local; /* SET LOCAL: gone when the transaction ends */
    char *saved; /* value before the open transaction changed it, for ROLLBACK */
    bool dirty;  /* saved is meaningful */
};

struct variables {
    VEC(struct variable_value);
};
/* Frees every value of a session; v is empty afterwards. */
void variables_free(struct variables *v);

/* The value as SHOW prints it, NULL for a variable there is not. Valid until it changes. */
const char *variable_get(const struct session *s, const char *name);
/* A boolean variable: on or off; false for one there is not. */
bool variable_on(const struct session *s, const char *name);
/* Whether what the session runs now may only read: by its open transaction, or by default for a statement alone. */
bool variables_read_only(const struct session *s);
/* Sets a variable (name in any case) as SET [LOCAL] does; value NULL means DEFAULT. False with the
 * recorded error in r: unknown name, bad value, read only. Variables that the client is told of
 * (application_name, TimeZone ...) add a status to r. */
bool variable_set(struct session *s, const char *name, const char *value, bool local, struct result *r);
/* At the start: options='-c name=value'. */
bool variable_set_default(struct session *s, const char *name, const char *value, struct result *r);
/* RESET ALL, DISCARD ALL. */
void variables_reset(struct session *s);
/* Ends a transaction: LOCAL values go; after a rollback also what was SET since BEGIN. */
void variables_end_transaction(struct session *s, bool committed);
/* BEGIN: from here on a rollback restores. */
void variables_begin_transaction(struct session *s);
/* Calls emit for each variable that SHOW ALL and pg_settings list, in order of name. */
void variables_each(const struct session *s,
    void (*emit)(void *arg, const char *name, const char *value), void *arg);
/* The same with the value a new session would have (pg_settings.boot_val, reset_val). */
const char *variable_default(const struct session *s, const char *name);

#endif
