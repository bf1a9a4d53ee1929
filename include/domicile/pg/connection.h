/* connection: one session on one of the hosts given, through libpq, never blocking. States of one machine,
 * changed in one function, each end with a reason for the user. Statements queue and run one at a time. */
#ifndef DOMICILE_PG_CONNECTION_H
#define DOMICILE_PG_CONNECTION_H

#include "domicile/loop/loop.h"
#include "domicile/pg/result.h"

enum pg_state {
    PG_IDLE,           /* made, not opened */
    PG_RESOLVING,      /* a child looks up host names */
    PG_CONNECTING,
    PG_NEEDS_PASSWORD, /* pg_connection_password goes on */
    PG_READY,
    PG_BUSY,           /* a statement runs */
    PG_CANCELLING,     /* cancelled or timed out; waiting for the server to let go */
    PG_WAITING,        /* for the next attempt */
    PG_REFUSED,        /* the server does not want this user, password or TLS setting: no more attempts */
    PG_CLOSED,
};
const char *pg_state_name(enum pg_state s);

/* Texts are copied. */
struct pg_options {
    const char *conninfo;         /* URI or keyword=value; NULL or "": libpq's environment alone */
    const char *database;         /* overrides; NULL as conninfo says */
    const char *user;             /* overrides; NULL as conninfo says */
    const char *host;             /* overrides host and hostaddr (one host); NULL as conninfo says */
    const char *port;             /* overrides; NULL as conninfo says */
    const char *password;         /* used when the conninfo has none; NULL none */
    const char *application_name; /* NULL: "domicile" */
    bool read_only;               /* default_transaction_read_only=on from the start of the session */
    bool reconnect;               /* try again by itself, with growing, jittered pauses */
    usec connect_timeout;         /* of one host; 0: connect_timeout of conninfo, else 10 s */
};

struct pg_connection;

struct pg_callbacks {
    /* Told of every change; reason is a sentence, "" when there is nothing to say. Do not free c in it. */
    void (*state)(void *arg, enum pg_state state, const char *reason);
    void (*notice)(void *arg, const struct pg_error *notice); /* may be NULL */
    void *arg;
};

/* False with what is wrong in the conninfo in err (then nothing is made). */
struct pg_connection *pg_connection_new(struct loop *loop, const struct pg_options *o,
    const struct pg_callbacks *callbacks, struct err *err);
/* Drops everything; no callback comes afterwards. Wipes the password. NULL allowed. */
void pg_connection_free(struct pg_connection *c);
/* The same at the end of the turn, so that it may be called in a callback of c; silent from now on. */
void pg_connection_drop(struct pg_connection *c);

/* Begins to connect, in the order of the hosts given; what comes of it is told by the callbacks, never at once. */
void pg_connection_open(struct pg_connection *c);
/* Connects now, whatever the pause. */
void pg_connection_retry(struct pg_connection *c);
void pg_connection_close(struct pg_connection *c, const char *reason);
/* Whether what PG_NEEDS_PASSWORD waits for is the passphrase of the client's key: not to be sent to any server. */
bool pg_connection_wants_passphrase(const struct pg_connection *c);
void pg_connection_password(struct pg_connection *c, const char *password);

/* The state of the machine as of now. */
enum pg_state pg_connection_state(const struct pg_connection *c);
/* Why it is in this state: "127.0.0.1:26257: connection refused". */
const char *pg_connection_reason(const struct pg_connection *c);
usec pg_connection_retry_in(const struct pg_connection *c); /* 0 unless PG_WAITING */
/* A parameter that the server reported ("crdb_version"); NULL none. Owned by c. */
const char *pg_connection_parameter(const struct pg_connection *c, const char *name);
const char *pg_connection_user(const struct pg_connection *c);
const char *pg_connection_database(const struct pg_connection *c);
/* "host:port" of the server it is or was last connected to, or is trying. */
const char *pg_connection_address(const struct pg_connection *c);
/* How long the last successful connect took; 0 never. */
usec pg_connection_connect_time(const struct pg_connection *c);
bool pg_connection_uses_tls(const struct pg_connection *c);
/* 'I' idle, 'T' in a transaction, 'E' in a failed one, '?' not connected. */
char pg_connection_transaction(const struct pg_connection *c);

struct pg_query {
    const char *sql;            /* one statement; copied */
    const char *const *params;  /* text or NULL each; copied */
    size_t param_count;
    usec timeout;               /* from sending to the last byte; 0: none */
    const char *purpose;        /* what it is for, in errors and in the log: "regions"; copied */
    bool user;                  /* the user's own statement: shown in the feed */
    /* Called once: r (owned by the receiver, NULL on error) or e (owned by the connection), and how long it
     * took. May queue further statements; must not free the connection. */
    void (*done)(void *arg, struct pg_result *r, const struct pg_error *e, usec took);
    void *arg;
};
/* Queues a statement; returns its number, never 0. When the connection is not up and will not come up by
 * itself, done is called with not_sent at the end of the turn. */
uint64_t pg_query(struct pg_connection *c, const struct pg_query *q);
/* The receiver is gone: done will not be called. */
void pg_query_forget(struct pg_connection *c, uint64_t id);
/* Cancels the statement that runs, on the server; done is called with cancelled. */
void pg_query_cancel(struct pg_connection *c);
/* Statements queued or running. */
size_t pg_query_pending(const struct pg_connection *c);
/* Loop time at which the running statement was sent; 0 none. */
usec pg_query_since(const struct pg_connection *c);

/* Everything that statements cost on all connections, for the budget and for --stats. */
struct pg_stats {
    uint64_t statements;
    uint64_t errors;
    usec time;
};
struct pg_stats pg_connection_stats(const struct pg_connection *c);

#endif
