/* engine_private: what the files of the SQL engine share. Rows live in SQLite: table t<id>, columns c<id>.
 * A value there is an INTEGER (numbers, booleans), a REAL, or the text that PostgreSQL's text format has. */
#ifndef DOMICILE_SANDBOX_ENGINE_PRIVATE_H
#define DOMICILE_SANDBOX_ENGINE_PRIVATE_H

#include "domicile/base/arena.h"
#include "domicile/base/str.h"
#include "domicile/dialect/ast.h"
#include "domicile/sandbox/descriptor.h"
#include "domicile/sandbox/engine.h"
#include "domicile/sandbox/settings.h"
#include "domicile/sandbox/spans.h"
#include "domicile/sandbox/users.h"

#include <sqlite3.h>

/* What a statement in a session waits for. */
enum engine_wait { WAIT_NOTHING, WAIT_SLEEP, WAIT_WRITER, WAIT_RANGES, WAIT_ROWS };

struct savepoint {
    char *name;
    char *descriptors; /* the catalog when it was set */
};

/* A query that a transaction read by, and what it gave. */
struct engine_read {
    char *sql;
    uint64_t hash;
};

/* What a session last took from a sequence. */
struct session_sequence {
    int64_t id, value;
};

/* DECLARE: what its query gave, and how far it has been given out. */
struct engine_cursor {
    char *name;
    struct result *rows;
    size_t next;
};

/* The engine's side of a session: its connection and its transaction. */
struct engine_session {
    struct session *session;
    sqlite3 *db;
    bool open;            /* SQLite is in a transaction */
    bool writes;          /* ... that may write */
    bool explicit_txn;    /* BEGIN, not the implicit one of a message */
    bool read_committed;  /* each statement sees what is committed */
    bool released;        /* RELEASE SAVEPOINT cockroach_restart: committed, COMMIT is still to come */
    uint64_t snapshot;    /* engine.commits when SQLite's transaction began */
    bool read_too_much;   /* ... for reads to hold */
    VEC_STRUCT(struct engine_read) reads;
    char *before;         /* the catalog at its beginning, once it changes; NULL */
    char *users_before;
    struct str jobs;      /* those that its commit waits for */
    bool asynchronous;    /* ... and what they do goes on after it */
    bool has_jobs;        /* it waits for some, whether or not it says so (22.1 does not) */
    int64_t started_wall; /* now() of the transaction */
    VEC_STRUCT(int64_t) changed; /* tables whose rows it changed */
    VEC_STRUCT(int64_t) created; /* tables that it made */
    VEC_STRUCT(int64_t) mutated; /* tables whose columns or indexes it changed */
    int64_t past_wall;    /* AS OF SYSTEM TIME of the transaction, µs since 1970; 0: the present */
    bool past_or_before;
    VEC_STRUCT(struct savepoint) savepoints;
    VEC_STRUCT(char *) temps;   /* temporary tables of the statement that runs */
    int temp_number;
    VEC_STRUCT(struct engine_statement *) prepared; /* PREPARE */
    VEC_STRUCT(char *) prepared_names;
    VEC_STRUCT(struct engine_cursor) cursors; /* of the transaction */
    VEC_STRUCT(char *) bound;   /* the arguments of the EXECUTE that runs; NULL is SQL's */
    VEC_STRUCT(struct session_sequence) sequences;
    int64_t last_sequence; /* id */
    /* The statement that waits. */
    enum engine_wait wait;
    struct engine_statement *statement;
    const char *const *params;
    size_t param_count;
    usec slept_until;
    bool slept;
    struct engine_fetch *fetch; /* the query whose rows come in slices; NULL */
};

struct engine_job {
    int64_t id;
    char *type;
    char *description;
    char *user;
    int64_t created, finished; /* µs since 1970 */
};

/* What the ranges were last told of a table. */
struct seen_table {
    int64_t table;
    int64_t primary;    /* index id; 0: never */
    int64_t rows_since; /* µs since 1970, of the world: when it got its first rows; 0: none yet, or long ago */
    int64_t rows;       /* that came and went */
    bool counted;       /* for the optimizer; since then: */
    int64_t net, stale; /* rows more, rows changed */
    int64_t count_at;   /* µs since 1970: when they are counted again; 0: not yet enough of them are stale */
};

/* A state that the rows of all tables were in, held by a connection that reads it. */
struct past_state {
    sqlite3 *db; /* NULL: none */
    int64_t from, until; /* µs since 1970 */
};
struct past_change {
    int64_t table;
    int64_t wall; /* µs since 1970, of its last commit */
};
enum { PAST_STATES = 32 };
struct past {
    struct past_state states[PAST_STATES];
    size_t next;    /* of states: the oldest */
    int64_t since;  /* of the present state; µs since 1970 */
    int64_t kept;   /* when the last state was */
    VEC_STRUCT(struct past_change) changes;
};

struct engine {
    struct loop *loop;
    int compat;
    char *path; /* of SQLite's file */
    struct descriptors *descriptors;
    struct users *users;
    struct settings *settings;
    struct world *world;
    struct server *server;
    uint64_t saved_descriptors, saved_users; /* changes when last kept */
    char cluster_id[40];
    uint64_t commits;     /* of transactions that changed something */
    int64_t last_rowid;
    int64_t last_job;
    struct engine_session *writer; /* who holds SQLite's write lock */
    VEC_STRUCT(struct engine_session *) sessions;
    VEC_STRUCT(struct engine_job) jobs;
    usec jobs_held_until; /* engine_clock: no schema change's job ends before; 0 */
    VEC_STRUCT(struct seen_table) seen;
    struct spans told;    /* of the tables that there are, as the world was last told */
    struct spans dropped; /* of tables that there were */
    int64_t collect_at;   /* µs since 1970: when the first of those is collected; 0: none is */
    struct past past;
};

struct engine_statement {
    struct arena *arena; /* shared by the statements of one text */
    int *arena_refs;
    struct ast_stmt *ast;
    struct sqltype *types;   /* of parameters */
    size_t type_count;
    struct result *shape;    /* its columns; NULL: not prepared */
};

/* ---- translating: an AST into SQLite's SQL ---- */

struct scope_column {
    const char *table;   /* alias; "" for none */
    const char *name;
    const char *sql;
    struct sqltype type;
    bool hidden;
};
struct scope {
    VEC(struct scope_column);
    const struct scope *parent;
    bool grouped; /* not used for resolving */
};

/* A column of an answer. */
struct out_column {
    const char *name;
    struct sqltype type;
    bool hidden;
};
struct out_columns {
    VEC(struct out_column);
};

struct typed {
    const char *sql;
    struct sqltype type;
    const char *literal; /* a string constant's text; NULL */
    size_t literal_len;
    bool null;           /* the constant NULL */
    int param;           /* > 0: $n */
};

struct cte_entry {
    const char *name;
    const char *sql;     /* name in SQLite */
    struct out_columns columns;
    struct cte_entry *next;
};

struct translator {
    struct engine *engine;
    struct engine_session *es;
    struct arena *arena;
    struct result *r;         /* the error, when one is found */
    struct engine_statement *statement; /* whose parameters; NULL */
    bool describe;            /* only types are wanted: nothing is materialised */
    int aliases;
    struct cte_entry *ctes;
    struct table_descriptor *tables[16]; /* read or written, for the dead-region check */
    size_t table_count;
    bool hangs;               /* what it asks for has no quorum */
    bool more;                /* the session's query has more rows than fitted into this turn */
    const struct world_range *lost; /* that range, as long as the statement runs */
    const char *const *params; /* of the statement that is executed; NULL while describing */
    size_t param_count;
    int aside;                /* UPDATE ... FROM: what was joined is in temp.v<aside> */
    struct str *sources;      /* FROM of the list that is translated: functions that give rows add theirs */
    int series;               /* ... so many have */
    const char *zip;          /* they are several: what numbers their rows; NULL */
    struct str *zip_lengths;  /* ", n1, n2": how many rows each has */
    const char *no_aggregates; /* the clause that aggregates must not stand in; NULL */
    double sleep;             /* seconds that pg_sleep asks for */
};

/* All return false, or a typed with sql NULL, with the error in tr->r. */
struct typed translate_expr(struct translator *tr, const struct ast_expr *e, const struct scope *scope);
/* As to, if it is a constant, NULL, a parameter or an implicit conversion allows. */
struct typed translate_coerce(struct translator *tr, struct typed e, struct sqltype to);
struct typed translate_cast(struct translator *tr, struct typed e, struct sqltype to);
struct typed translate_call(struct translator *tr, const struct ast_expr *e, const struct scope *scope);
struct typed translate_binary(struct translator *tr, enum ast_op op, struct typed a, struct typed b);
bool translate_type(struct translator *tr, const struct ast_type *t, struct sqltype *out);
/* A boolean expression. */
struct typed translate_condition(struct translator *tr, const struct ast_expr *e, const struct scope *scope,
    const char *what);
/* SELECT and its like; columns are named k0, k1 ... in SQL. NULL on error. */
const char *translate_query(struct translator *tr, const struct ast_query *q, const struct scope *outer,
    struct out_columns *columns);
/* WITH ...: its SQL in front of a statement's, and its names in tr->ctes, until translate_forget. */
bool translate_with(struct translator *tr, const struct ast_with *with, const struct scope *outer, struct str *out);
void translate_forget(struct translator *tr, struct cte_entry *until);
/* RETURNING and SELECT lists: expressions with their names; stars expanded. */
bool translate_targets(struct translator *tr, const struct ast_targets *targets, const struct scope *scope,
    struct str *sql, struct out_columns *columns);
/* The name that a column of an answer gets without AS. */
const char *translate_column_name(const struct ast_expr *e);
struct typed typed_error(void);
const char *translate_text_literal(struct translator *tr, const char *text, size_t n);

/* Resolves a table's name; view, virtual and missing ones give NULL, the latter with the error. */
struct table_descriptor *engine_table(struct translator *tr, const struct ast_name *name, bool missing_ok);
/* The next schema of the search path that the database has, from *at (0 at first) on; NULL: no more. */
const struct schema_descriptor *engine_search_path(
    struct translator *tr, const struct database_descriptor *db, size_t *at);
struct database_descriptor *engine_database(struct engine *e, struct session *s, const char *name, struct result *r);
struct type_descriptor *engine_type(struct translator *tr, const struct ast_name *name);
struct users_object engine_object(const struct table_descriptor *t);
struct users_object engine_database_object(const struct database_descriptor *db);

/* ---- running ---- */

bool engine_exec(struct engine_session *es, const char *sql, struct result *r);
/* Turns SQLite's error into the server's. table (may be NULL) is the one that was written. */
bool engine_sqlite_error(struct engine_session *es, struct result *r);
/* Runs translated SQL and adds its rows to r, whose columns are set. */
bool engine_rows(struct engine_session *es, struct engine_statement *st, const char *sql,
    const struct out_columns *columns, const char *const *params, size_t n, struct result *r);
/* One SQLite value as text of its type; NULL for NULL. In the arena. */
const char *engine_value_text(struct arena *a, sqlite3_stmt *st, int column, const struct sqltype *type);
/* The same as a client gets it: a REGCLASS is an id among values, and a name in an answer. */
const char *engine_answer_text(const struct engine_session *es, struct arena *a, sqlite3_stmt *st, int column,
    const struct sqltype *type);
void engine_columns(struct result *r, const struct out_columns *columns);
bool engine_begin(struct engine_session *es, bool write, struct result *r);
/* Before the catalog changes: remembers it for a rollback, takes the write lock. */
bool engine_change(struct engine_session *es, struct result *r);
/* SQLite's part of a statement's parameters. */
bool engine_bind(sqlite3_stmt *stmt, const struct engine_statement *st, const char *const *params, size_t n,
    struct result *r);
/* A result made into a temporary table with columns k0 ...; its name, in the arena. */
const char *engine_materialise(struct translator *tr, const struct result *r, const struct out_columns *columns);
/* An empty temporary table temp.v<n> with the columns r, k0, k1 ...: its n. */
int engine_aside(struct translator *tr, const struct out_columns *columns);
void engine_drop_temps(struct engine_session *es);
void engine_functions(struct engine_session *es);
int64_t engine_job(struct engine *e, const char *type, const char *description, const char *user);
int64_t engine_rowid(struct engine *e);

/* Statements. Whether one changes rows or the catalog; the catalog; runs in a transaction of SQLite's. */
bool statement_writes(const struct ast_stmt *st);
/* The error for one that writes, where only reading is allowed. */
bool statement_refuse_change(const struct ast_stmt *st, int compat, struct result *r);
/* SELECT ... FOR UPDATE: waits for other writers as a write does. */
bool statement_locks(const struct ast_stmt *st);
/* Whether pg_sleep was met and has not been slept yet. */
bool statement_sleeps(const struct translator *tr);
/* Runs INSERT, UPDATE or DELETE as a source of rows: their table's name in SQLite, with its columns; NULL on error,
 * or when it has to wait. */
const char *statement_changed_rows(struct translator *tr, const struct ast_stmt *st, struct out_columns *columns);
bool statement_changes_catalog(const struct ast_stmt *st);
bool statement_needs_transaction(const struct ast_stmt *st);
bool statement_describe(struct translator *tr, const struct ast_stmt *st, struct result *r);
/* *hangs: it waits for ranges without a quorum, and has done nothing. */
bool statement_execute(struct translator *tr, const struct ast_stmt *st, const char *const *params, size_t n,
    struct result *r, bool *hangs);
/* Keeps the catalog and the users in SQLite, in the transaction that is open. */
void engine_keep(struct engine_session *es);
void result_copy_error(struct result *r, const struct result *from);
bool ddl_execute(struct translator *tr, const struct ast_stmt *st, struct result *r);
bool ddl_create_table(struct translator *tr, const struct ast_create_table *st, struct result *r);
bool ddl_alter_table(struct translator *tr, const struct ast_alter_table *st, struct result *r);
bool ddl_create_index(struct translator *tr, const struct ast_create_index *st, struct result *r);
bool ddl_drop(struct translator *tr, const struct ast_drop *st, struct result *r);
bool ddl_create_database(struct translator *tr, const struct ast_create_database *st, struct result *r);
bool ddl_alter_database(struct translator *tr, const struct ast_alter_database *st, struct result *r);
/* Makes SQLite's table follow the descriptor: missing columns added, unique indexes and triggers anew. */
bool ddl_follow_table(struct translator *tr, struct table_descriptor *t);
bool ddl_add_constraint(struct translator *tr, struct table_descriptor *t, const struct ast_constraint *c,
    struct result *r);
/* A scope of a table's columns under an SQL prefix ("f1." or "new."). */
void table_scope(struct translator *tr, struct scope *scope, const struct table_descriptor *t, const char *alias,
    const char *prefix);
/* SHOW statements into r: columns (and rows unless describe). */
bool show_statement(struct translator *tr, const struct ast_show *st, struct result *r);
/* A virtual table's columns, and rows unless describe. False without an error: there is none. */
bool vtable_exists(struct translator *tr, const char *schema, const char *name);
bool vtable_fill(struct translator *tr, const char *schema, const char *name, struct result *r);
bool txn_execute(struct engine_session *es, const struct ast_txn *st, struct result *r);
bool txn_commit(struct engine_session *es, struct result *r);
/* The commit will wait for these jobs ("1, 2"), and say so. */
void txn_await(struct engine_session *es, const char *jobs);
void txn_tell_jobs(struct engine_session *es, struct result *r);
void txn_rollback(struct engine_session *es);
void txn_after_error(struct engine_session *es);

#endif
