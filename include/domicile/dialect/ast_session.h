/* ast_session: targets and options that statements share, SHOW, settings, transactions, cursors. */
#ifndef DOMICILE_DIALECT_AST_SESSION_H
#define DOMICILE_DIALECT_AST_SESSION_H

#include "domicile/dialect/ast_query.h"

/* ---- targets of SHOW, CONFIGURE ZONE, GRANT, COMMENT, DROP ---- */

enum ast_target_kind {
    TARGET_NONE,
    TARGET_RANGE,      /* word: default, meta, liveness, system, timeseries, tenants; or number */
    TARGET_DATABASE,   /* word */
    TARGET_SCHEMA,     /* name */
    TARGET_TABLE,      /* name */
    TARGET_INDEX,      /* name and index: t@i; index alone when name.n == 0 */
    TARGET_VIEW, TARGET_SEQUENCE, TARGET_TYPE, TARGET_FUNCTION, TARGET_COLUMN, TARGET_CONSTRAINT,
    TARGET_CLUSTER, TARGET_CURRENT_CATALOG, TARGET_ALL_DATABASES, TARGET_SYSTEM,
    TARGET_ALL_TABLES_IN_SCHEMA, TARGET_ROLE, TARGET_USER, TARGET_TENANT, TARGET_EXTERNAL_CONNECTION,
};

struct ast_target {
    enum ast_target_kind kind;
    struct ast_name name;
    const char *index;
    bool all_indexes;      /* t@* */
    const char *partition; /* PARTITION p OF ... */
    const char *word;
};

/* name = value: storage parameters, zone options, EXPLAIN and SHOW options. value NULL: a bare name. */
struct ast_option {
    const char *name;       /* "gc.ttlseconds" joined with dots */
    struct ast_expr *value;
    bool copy_from_parent;  /* zone options: COPY FROM PARENT */
    size_t pos;
};

struct ast_options {
    struct ast_option *items;
    size_t len;
};

/* ---- SHOW ---- */

enum ast_show_kind {
    SHOW_VARIABLE,        /* word: the session variable, lower case; TIME ZONE is "timezone" */
    SHOW_ALL,             /* SHOW ALL: every session variable */
    SHOW_CLUSTER_SETTING, /* word */
    SHOW_CLUSTER_SETTING_OF, /* word: FOR VIRTUAL CLUSTER ... */
    SHOW_CLUSTER_SETTINGS,/* all: SHOW ALL CLUSTER SETTINGS; else the public ones */
    SHOW_RANGES,          /* target, options */
    SHOW_RANGE_FOR_ROW,   /* target, row */
    SHOW_REGIONS,         /* target: NONE, CLUSTER, DATABASE (word NULL = current), ALL_DATABASES */
    SHOW_SUPER_REGIONS,   /* word: database; NULL = current */
    SHOW_SURVIVAL_GOAL,   /* word: database; NULL = current */
    SHOW_ZONE_CONFIGURATION,  /* target */
    SHOW_ZONE_CONFIGURATIONS,
    SHOW_PARTITIONS,      /* target: TABLE, DATABASE, INDEX (index NULL: all of the table's, t@*) */
    SHOW_CREATE,          /* target: TABLE (also for plain names, views, sequences), DATABASE, SCHEMA, ... */
    SHOW_CREATE_ALL,      /* word: "TABLES", "TYPES", "SCHEMAS" */
    SHOW_TABLES,          /* name: [db.]schema or a lone word; with_comment */
    SHOW_DATABASES,       /* with_comment */
    SHOW_COLUMNS,         /* name; with_comment */
    SHOW_INDEXES,         /* target TABLE or DATABASE; with_comment */
    SHOW_CONSTRAINTS,     /* name; with_comment */
    SHOW_SCHEMAS,         /* word: database */
    SHOW_SEQUENCES,       /* word: database */
    SHOW_ENUMS,           /* name: [db.]schema or a lone word */
    SHOW_TYPES,
    SHOW_FUNCTIONS,       /* name */
    SHOW_USERS, SHOW_ROLES,
    SHOW_GRANTS,          /* target, targets, grantees; ON ROLE: target.kind ROLE */
    SHOW_DEFAULT_PRIVILEGES, SHOW_SYSTEM_GRANTS,
    SHOW_JOBS,            /* automatic, query: SHOW JOBS (SELECT ...), job, when_complete */
    SHOW_SCHEDULES,
    SHOW_SESSIONS,        /* all, cluster_wide */
    SHOW_QUERIES,         /* all, cluster_wide: SHOW [ALL] [CLUSTER|LOCAL] STATEMENTS|QUERIES */
    SHOW_TRANSACTIONS,
    SHOW_LOCALITY, SHOW_SYNTAX, SHOW_TRANSACTION_STATUS, SHOW_SAVEPOINT_STATUS, SHOW_LAST_QUERY_STATISTICS,
    SHOW_STATISTICS,      /* name: FOR TABLE */
    SHOW_BACKUP, SHOW_TRACE, SHOW_HISTOGRAM, SHOW_FULL_TABLE_SCANS, SHOW_CHANGEFEED_JOBS, SHOW_TRANSFER_STATE,
    SHOW_COMMIT_TIMESTAMP, SHOW_VIRTUAL_CLUSTER, SHOW_EXTERNAL_CONNECTIONS, SHOW_LOGICAL_REPLICATION,
    SHOW_TRIGGERS, SHOW_POLICIES,
};

enum ast_ranges_option {
    RANGES_TABLES = 1 << 0, RANGES_INDEXES = 1 << 1, RANGES_DETAILS = 1 << 2,
    RANGES_KEYS = 1 << 3, RANGES_EXPLAIN = 1 << 4,
};

struct ast_show {
    enum ast_show_kind kind;
    struct ast_target target;
    struct ast_name name;
    const char *word;
    unsigned ranges;        /* of enum ast_ranges_option */
    struct ast_exprs row;   /* FOR ROW (...) */
    bool with_comment;
    bool all;
    bool automatic;
    bool cluster_wide;
    bool when_complete;
    struct ast_expr *job;
    struct ast_query *query;
    struct ast_names names;    /* several objects: SHOW GRANTS ON t, u */
    struct ast_words grantees; /* FOR a, b */
    struct ast_options options;
};

/* ---- sessions and transactions ---- */

enum ast_set_scope { SCOPE_SESSION, SCOPE_LOCAL, SCOPE_CLUSTER };

struct ast_set {            /* SET x = v; RESET x; USE d (name "database"); SET TIME ZONE (name "timezone") */
    enum ast_set_scope scope;
    const char *name;       /* lower case, "custom.option" with dots */
    struct ast_exprs values;/* bare words are EXPR_COLUMN of one part; DEFAULT is EXPR_DEFAULT */
    bool reset;             /* RESET, or SET x TO DEFAULT */
    bool reset_all;         /* RESET ALL */
};

enum ast_txn_kind {
    TXN_BEGIN, TXN_COMMIT, TXN_ROLLBACK, TXN_SAVEPOINT, TXN_RELEASE, TXN_ROLLBACK_TO,
    TXN_SET,         /* SET TRANSACTION ... */
    TXN_SET_DEFAULT, /* SET SESSION CHARACTERISTICS AS TRANSACTION ... */
};

struct ast_txn {
    enum ast_txn_kind kind;
    const char *savepoint;
    const char *isolation;  /* "serializable", "snapshot", "read committed" ...; NULL */
    const char *priority;   /* "low", "normal", "high"; NULL */
    int read_only;          /* 1 READ ONLY, -1 READ WRITE, 0 not said */
    int deferrable;         /* likewise */
    struct ast_expr *as_of;
};

struct ast_prepare {
    const char *name;       /* PREPARE, EXECUTE, DEALLOCATE; NULL: DEALLOCATE ALL */
    AST_LIST(struct ast_type *) types;
    struct ast_stmt *stmt;  /* PREPARE ... AS */
    struct ast_exprs args;  /* EXECUTE */
    bool discard_rows;
};

struct ast_explain {
    bool analyze;
    struct ast_words options; /* upper case: "VERBOSE", "DISTSQL", "OPT", "DEBUG", "TYPES" ... */
    struct ast_stmt *stmt;
};

struct ast_copy {           /* COPY t (a, b) FROM STDIN; COPY t TO STDOUT, COPY (query) TO STDOUT */
    bool to;
    struct ast_name table;
    struct ast_words columns;
    struct ast_query *query;/* NULL: the table */
    bool csv, binary, header;
    char delimiter, quote, escape; /* 0: not said */
    const char *null;       /* NULL: not said */
};

struct ast_cursor {         /* DECLARE, FETCH, MOVE, CLOSE */
    const char *name;       /* NULL: CLOSE ALL */
    struct ast_query *query;
    /* "next", "prior", "first", "last", "absolute", "relative", "forward", "backward", "all" */
    const char *direction;
    long long count;
    bool move;
    bool hold;
};

#endif
