/* ast_query: queries, and the statements that change rows. */
#ifndef DOMICILE_DIALECT_AST_QUERY_H
#define DOMICILE_DIALECT_AST_QUERY_H

#include "domicile/dialect/ast_expr.h"

/* ---- queries ---- */

struct ast_target_column { /* of SELECT and RETURNING */
    struct ast_expr *expr;
    const char *alias;
};

struct ast_targets {
    struct ast_target_column *items;
    size_t len;
};

enum ast_from_kind {
    FROM_TABLE,     /* u.table */
    FROM_QUERY,     /* u.query */
    FROM_FUNCTION,  /* u.functions: one, or several in ROWS FROM (...) */
    FROM_STATEMENT, /* u.statement: [SHOW ...], [EXPLAIN ...], [INSERT ... RETURNING ...] */
    FROM_JOIN,      /* u.join */
    FROM_PAREN,     /* u.paren: (a JOIN b), may have an alias */
    FROM_TABLE_ID,  /* u.table_id: [53 AS t] */
};

enum ast_join_kind { JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_CROSS };

struct ast_from {
    enum ast_from_kind kind;
    size_t pos;
    bool lateral;
    bool ordinality; /* WITH ORDINALITY */
    const char *alias;
    struct ast_words columns;     /* alias (a, b) */
    struct ast_type **column_types;/* of a record function's columns, else NULL */
    union {
        /* index: t@i; no_index_join and force flags of t@{...} are dropped */
        struct { struct ast_name name; const char *index; } table;
        struct ast_query *query;
        struct ast_exprs functions;
        struct ast_stmt *statement;
        struct {
            enum ast_join_kind kind;
            bool natural;
            struct ast_from *left;
            struct ast_from *right;
            struct ast_expr *on;
            struct ast_words using;
            const char *hint; /* "HASH", "MERGE", "LOOKUP", "INVERTED"; NULL */
        } join;
        struct ast_from *paren;
        long long table_id;
    } u;
};

struct ast_froms {
    struct ast_from **items;
    size_t len;
};

struct ast_select {
    bool distinct;
    struct ast_exprs distinct_on;
    struct ast_targets targets;
    struct ast_froms from;
    struct ast_expr *as_of; /* AS OF SYSTEM TIME */
    struct ast_expr *where;
    struct ast_exprs group_by;
    struct ast_expr *having;
    struct ast_windows windows;
    bool table; /* TABLE t: targets is * */
};

enum ast_query_kind { QUERY_SELECT, QUERY_VALUES, QUERY_SETOP, QUERY_PAREN };
enum ast_setop { SETOP_UNION, SETOP_INTERSECT, SETOP_EXCEPT };

struct ast_cte {
    const char *name;
    struct ast_words columns;
    struct ast_stmt *stmt; /* STMT_QUERY, or INSERT/UPDATE/DELETE ... RETURNING, or any [..]-able */
    int materialized;      /* 1 MATERIALIZED, -1 NOT MATERIALIZED, 0 not said */
};

struct ast_with {
    bool recursive;
    struct ast_cte *items;
    size_t len;
};

struct ast_locking {
    const char *strength; /* "UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE" */
    struct ast_names of;
    const char *wait;     /* "SKIP LOCKED", "NOWAIT"; NULL */
};

struct ast_query {
    enum ast_query_kind kind;
    size_t pos;
    size_t end;
    struct ast_with *with;
    union {
        struct ast_select *select;
        struct ast_rows values;
        struct { enum ast_setop op; bool all; struct ast_query *left; struct ast_query *right; } setop;
        struct ast_query *paren;
    } u;
    struct ast_orders order;
    struct ast_expr *limit; /* NULL also for LIMIT ALL */
    struct ast_expr *offset;
    AST_LIST(struct ast_locking) locking;
};

/* ---- changes of rows ---- */

struct ast_assignment {      /* SET a = x, or SET (a, b) = (x, y) | (SELECT ...) */
    struct ast_words columns;/* one, or several for the tuple form */
    bool tuple;
    struct ast_expr *value;  /* EXPR_DEFAULT, EXPR_TUPLE, EXPR_SUBQUERY ... */
};

struct ast_assignments {
    struct ast_assignment *items;
    size_t len;
};

enum ast_conflict { CONFLICT_NONE, CONFLICT_NOTHING, CONFLICT_UPDATE };

struct ast_insert {
    struct ast_with *with;
    bool upsert;
    struct ast_name table;
    const char *alias;
    struct ast_words columns;
    struct ast_query *source; /* NULL: DEFAULT VALUES */
    enum ast_conflict conflict;
    struct ast_words conflict_columns;
    const char *conflict_constraint; /* ON CONFLICT ON CONSTRAINT c */
    struct ast_expr *conflict_where; /* arbiter predicate */
    struct ast_assignments set;
    struct ast_expr *set_where;
    bool has_returning;              /* RETURNING NOTHING: false */
    struct ast_targets returning;
};

struct ast_update {
    struct ast_with *with;
    struct ast_name table;
    const char *index;
    const char *alias;
    struct ast_assignments set;
    struct ast_froms from;
    struct ast_expr *where;
    struct ast_orders order;
    struct ast_expr *limit;
    bool has_returning;
    struct ast_targets returning;
};

struct ast_delete {
    struct ast_with *with;
    struct ast_name table;
    const char *index;
    const char *alias;
    struct ast_froms from; /* USING */
    struct ast_expr *where;
    struct ast_orders order;
    struct ast_expr *limit;
    bool has_returning;
    struct ast_targets returning;
};

#endif
