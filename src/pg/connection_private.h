/* What connection.c (the session) and query.c (its statements) share. */
#ifndef PG_CONNECTION_PRIVATE_H
#define PG_CONNECTION_PRIVATE_H

#include "child.h"
#include "domicile/pg/connection.h"
#include "resolve.h"
#include "result_private.h"
#include "target.h"

struct query {
    uint64_t id;
    char *sql;
    char *purpose;
    char **params;
    size_t param_count;
    usec timeout;
    bool user;
    void (*done)(
        void *arg, struct pg_result *r, const struct pg_error *e, usec took); /* NULL: forgotten or told */
    void *arg;
};

struct pg_connection {
    struct loop *loop;
    struct pg_callbacks callbacks;
    struct targets targets;
    size_t target; /* of targets.hosts: the one it is or tries */
    enum pg_state state;
    enum pg_state told; /* the last that the owner heard of */
    char *reason;
    char *address;
    bool reconnect;
    int attempts; /* failed rounds in a row, sessions that ended at once among them */
    usec up_since;
    usec retry_at;
    usec connect_began;
    usec connect_time;
    struct resolve *resolve;
    struct child *canceller;
    PGconn *conn;
    struct loop_fd *watch;
    int watched_fd;
    struct loop_timer *timer;
    struct loop_timer *failer; /* tells statements queued on a closed connection, in the next turn */
    VEC_STRUCT(struct query *) queue; /* the first runs when state is PG_BUSY or PG_CANCELLING */
    PGresult *answer; /* of the running statement, kept until the connection is free */
    usec sent_at;     /* 0: none runs */
    uint64_t last_id;
    bool broken;           /* sending failed: to be told in the next turn */
    bool no_passphrase;    /* the key was encrypted and nothing known opens it */
    bool wants_passphrase; /* PG_NEEDS_PASSWORD means the key's */
    bool cancelled;   /* the user cancelled the running statement */
    struct pg_stats stats;
};

void connection_set_busy(struct pg_connection *c, enum pg_state state);
/* The session is gone while it was up. */
void connection_lost(struct pg_connection *c, const char *reason);

void query_send_next(struct pg_connection *c);
void query_on_socket(struct pg_connection *c, int events);
/* The connection broke: ends it with libpq's reason. */
void query_lost(struct pg_connection *c);
void query_timed_out(struct pg_connection *c);
/* Tells every statement that it will not be answered; the first was running if was_up. */
void query_fail_all(struct pg_connection *c, const char *reason, bool was_up);
void query_drop_all(struct pg_connection *c);
void query_forget_all(struct pg_connection *c);

#endif
