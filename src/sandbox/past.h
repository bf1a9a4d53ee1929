/* past: what AS OF SYSTEM TIME reads. The states that the tables had before recent changes are kept, one each half
 * second, as SQLite's own snapshots; what lies further back, or between two of them, is refused rather than read wrong. */
#ifndef DOMICILE_SANDBOX_PAST_H
#define DOMICILE_SANDBOX_PAST_H

#include "engine_private.h"

/* A time that was asked for. */
struct past_time {
    int64_t wall;   /* µs since 1970; 0: the present */
    bool or_before; /* the server may read at an earlier time: follower_read_timestamp() and its like */
};

/* The time that an expression after AS OF SYSTEM TIME says. False with the error. */
bool past_evaluate(struct engine_session *es, const struct ast_expr *e, struct past_time *out, struct result *r);
/* The time that a query asks for itself, else the one that its transaction has. False with the error. */
bool past_asked(struct engine_session *es, const struct ast_query *q, struct past_time *out, struct result *r);
/* Whether what a translated query reads is now as it was at that time, or *view has the state that was. False with the
 * error when neither is so. *view belongs to the engine and is valid until the next commit; NULL: the present will do. */
bool past_view(struct translator *tr, const struct past_time *at, sqlite3 **view);
/* The server's follower_read_timestamp() in a transaction that began at a time (µs since 1970). */
int64_t past_follower(const struct engine *e, int64_t wall);

/* A table's rows were changed by the transaction that is open. */
void past_changed(struct engine_session *es, int64_t table);
/* Just before such a transaction commits: keeps the state that was in force until now. */
void past_keep(struct engine_session *es);
/* The transaction is over. */
void past_ended(struct engine_session *es, bool committed);
void past_free(struct engine *e);

#endif
