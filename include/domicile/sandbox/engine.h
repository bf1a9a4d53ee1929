/* engine: the SQL engine of the sandbox as the wire layer sees it: a text becomes statements, a statement
 * is prepared and executed for a session, and may have to wait. */
#ifndef DOMICILE_SANDBOX_ENGINE_H
#define DOMICILE_SANDBOX_ENGINE_H

#include "domicile/base/err.h"
#include "domicile/loop/loop.h"
#include "domicile/sandbox/result.h"
#include "domicile/sandbox/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;
struct engine_statement; /* a parsed, after engine_prepare also typed statement */
struct settings;
struct world;
struct server;

struct engine_options {
    struct loop *loop;
    int compat;              /* 2201, 2601 */
    const char *directory;   /* where SQLite's file lives; exists already */
    struct world *world;     /* outlives the engine */
    struct settings *settings; /* outlives the engine */
};

/* Opens or creates the database in the directory. */
struct engine *engine_new(const struct engine_options *o, struct err *err);
void engine_free(struct engine *e);
/* The time by which statements sleep and run into their timeouts: the loop's, and what sandbox.advance skipped. */
usec engine_clock(const struct engine *e);
/* The wall clock that the server tells, µs since 1970: the machine's, and what sandbox.advance skipped. */
int64_t engine_wall(const struct engine *e);
/* The server, for SHOW SESSIONS and CANCEL; told once both exist. */
void engine_set_server(struct engine *e, struct server *server);

/* Gives a session its SQL side; its user must exist. */
void engine_open(struct engine *e, struct session *s);
/* Rolls back what is open and takes the SQL side away; also while a statement waits. */
void engine_close(struct engine *e, struct session *s);
/* Whether such a user may come in. */
bool engine_user_exists(struct engine *e, const char *user);
/* The verifier of its password; NULL: it has none, or there is no such user. Valid until the next statement. */
const char *engine_user_password(struct engine *e, const char *user);

struct engine_statements {
    VEC(struct engine_statement *);
};
/* Parses a text of n bytes (not necessarily NUL-terminated) holding any number of statements. None at all
 * ("", ";") leaves out empty. False with 42601 in r. Free each with engine_statement_free. */
bool engine_parse(struct engine *e, struct session *s, const char *sql, size_t n,
    struct engine_statements *out, struct result *r);
void engine_statement_free(struct engine_statement *st); /* NULL allowed */
/* The statement's own text, as SHOW STATEMENTS shows it. */
const char *engine_statement_text(const struct engine_statement *st);

/* Finds the types: of parameters (those that the client gave, 0 = find it; n may be less than there are)
 * and of the result's columns. False with the error in r (an unknown table, an undeterminable type). */
bool engine_prepare(struct engine *e, struct session *s, struct engine_statement *st,
    const uint32_t *types, size_t n, struct result *r);
/* After engine_prepare. */
size_t engine_param_count(const struct engine_statement *st);
uint32_t engine_param_type(const struct engine_statement *st, size_t i);
/* Adds the columns of what it would answer to r (has_rows says whether there are any). */
void engine_describe(const struct engine_statement *st, struct result *r);

enum engine_status { ENGINE_DONE, ENGINE_WAIT };

/* Executes a statement: in its own transaction, in the session's open one, or (s->batch) in the implicit
 * one of the message. Not prepared before: prepares itself, without parameters. params: text or NULL each.
 * The answer, also an error, is in r. ENGINE_WAIT: it goes on with engine_resume, with the same r, when
 * session_wake was called, at s->wake_at, or because s->cancelled was set (then it ends with
 * session_fail_cancelled). */
enum engine_status engine_execute(struct engine *e, struct session *s, struct engine_statement *st,
    const char *const *params, size_t n, struct result *r);
enum engine_status engine_resume(struct engine *e, struct session *s, struct result *r);
/* The end of a message of several statements, or Sync: ends the implicit transaction if one is open. An
 * error (of COMMIT) is in r. May wait like engine_execute. */
enum engine_status engine_finish(struct engine *e, struct session *s, bool commit, struct result *r);

#endif
