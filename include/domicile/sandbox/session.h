/* session: one client of the sandbox, whatever it speaks through. The wire layer makes sessions, the
 * engine runs their statements, one at a time. A statement that has to wait (a region that is down,
 * pg_sleep, a schema job, the one SQLite writer) says so to the wire layer (ENGINE_WAIT in engine.h):
 * it is resumed by session_wake or at session->wake_at, and ended by its timeout or a cancel. */
#ifndef DOMICILE_SANDBOX_SESSION_H
#define DOMICILE_SANDBOX_SESSION_H

#include "domicile/loop/loop.h"
#include "domicile/sandbox/result.h"
#include "domicile/sandbox/variables.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct engine_session;

/* What ReadyForQuery tells: 'I', 'T', 'E'. The engine keeps it, on BEGIN, COMMIT, ROLLBACK and errors. */
enum session_transaction { SESSION_IDLE = 'I', SESSION_OPEN = 'T', SESSION_FAILED = 'E' };

struct session {
    struct engine *engine;
    struct loop *loop;
    int compat;                 /* 2201, 2601 */
    struct engine_session *sql; /* the engine's own: SQLite connection, savepoints; NULL before opening */
    int32_t process_id;         /* BackendKeyData; unique among living sessions */
    int32_t secret;
    char *user;                 /* normalised; owned */
    bool admin;                 /* root, or a member of admin; kept by privilege_refresh */
    char *database;             /* current database; may name none that exists, "" for none; owned */
    int node;                   /* the gateway: node id whose port the client came to */
    char *locality;             /* of that node: "cloud=azure,region=uksouth,zone=1"; owned */
    struct variables variables; /* session variables */
    enum session_transaction transaction;
    bool batch;                 /* several statements came in one message: they share one implicit
                                 * transaction, which the wire layer ends through engine_finish */
    size_t batch_index;         /* which of them runs, from 0 */
    bool read_only;             /* of the open transaction (BEGIN READ ONLY), or by default */

    /* The statement that runs. */
    char *statement;            /* its text, for SHOW STATEMENTS; NULL when idle; owned */
    usec started;               /* engine_clock */
    usec deadline;              /* statement_timeout: the engine_clock at which 57014 is due; 0 none */
    usec wake_at;               /* ENGINE_WAIT: resume at this engine_clock at the latest; 0: only by a wake */
    bool waiting;               /* ENGINE_WAIT was answered and nobody has woken it yet */
    bool cancelled;             /* a cancel or the deadline came: the engine ends the wait at its next call */
    bool timed_out;             /* ... by the deadline: its text differs from a cancel's */

    /* Told by session_wake: the wire layer resumes the statement later in this turn, or in the next. */
    void (*wake)(void *arg);
    void *wake_arg;
    /* Told by DEALLOCATE, with wake_arg: forgets what the client prepared by a message under a name, NULL: all of
     * it. Whether there was any. */
    bool (*deallocate)(void *arg, const char *name);
    int64_t opened_wall;        /* µs since 1970 */
    char *client;               /* "127.0.0.1:40312"; owned */
};

/* A session of user on a node with the defaults of compat (2201, 2601) and no engine attached.
 * Strings are copied. */
struct session *session_new(struct loop *loop, int compat, const char *user, const char *database, int node);
/* Frees it; the engine's part must have been closed (engine_close). NULL is allowed. */
void session_free(struct session *s);
/* Tells the gateway's locality; copied. */
void session_set_locality(struct session *s, const char *locality);
/* Changes the current database (USE, SET database); copies the name. */
void session_set_database(struct session *s, const char *database);
/* Ends a wait: the statement is resumed. Nothing happens when the session does not wait. */
void session_wake(struct session *s);
/* Cancels what runs; wakes it. Nothing happens when idle. */
void session_cancel(struct session *s, bool timed_out);
/* The error of a cancelled statement: 57014 with the text of a cancel or of statement_timeout. */
bool session_fail_cancelled(const struct session *s, struct result *r);

#endif
