/* fetch: a query's rows, taken from SQLite a slice a turn, so that a large answer leaves the loop to other clients; and
 * a computation that gives no row for long hears cancels and its time limit all the same. */
#ifndef DOMICILE_SANDBOX_FETCH_H
#define DOMICILE_SANDBOX_FETCH_H

#include "engine_private.h"

enum fetch_status {
    FETCH_DONE,
    FETCH_FAILED, /* the error is in r */
    FETCH_MORE,   /* the turn's budget is used up: fetch_go_on in a later one */
};

/* Begins translated SQL, whose rows go to r, whose columns are set. The session has one such query at most. */
enum fetch_status fetch_begin(struct translator *tr, const char *sql, const struct out_columns *columns,
    const char *const *params, size_t n, struct result *r);
enum fetch_status fetch_go_on(struct engine_session *es, struct result *r);
/* Lets go of a query that is not at its end; also when there is none. */
void fetch_end(struct engine_session *es);
/* Makes long computations of the session's connection hear cancels and time limits; once, when it is opened. */
void fetch_watch(struct engine_session *es);

#endif
