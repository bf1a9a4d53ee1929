/* ast: statements of CockroachDB's dialect as a tree. Every node and text lives in the arena that was
 * given to the parser; nothing is freed one by one. Names are folded to lower case unless they were
 * quoted. Absent parts are NULL, empty lists have len 0. Positions are bytes of the parsed text. */
#ifndef DOMICILE_DIALECT_AST_H
#define DOMICILE_DIALECT_AST_H

#include <stdbool.h>
#include <stddef.h>

#define AST_LIST(T) struct { T *items; size_t len; }

struct ast_expr;
struct ast_query;
struct ast_stmt;
struct ast_type;

/* a, a.b, a.b.c as written: part[0] is the first. The last part names the object. */
struct ast_name {
    int n; /* 0 = no name */
    const char *part[4];
    size_t pos;
};

struct ast_names { /* of qualified names */
    struct ast_name *items;
    size_t len;
};

struct ast_words { /* of simple names or texts */
    const char **items;
    size_t len;
};

struct ast_exprs {
    struct ast_expr **items;
    size_t len;
};

struct ast_rows { /* VALUES */
    struct ast_exprs *items;
    size_t len;
};

struct ast_stmts {
    struct ast_stmt **items;
    size_t len;
};

/* ---- types ---- */

enum ast_type_base {
    TYPE_USER, /* an enum or any name that is not built in: user */
    TYPE_BOOL, TYPE_INT2, TYPE_INT4, TYPE_INT8, TYPE_FLOAT4, TYPE_FLOAT8, TYPE_DECIMAL,
    TYPE_STRING, TYPE_VARCHAR, TYPE_CHAR, TYPE_QCHAR /* "char" */, TYPE_NAME, TYPE_BYTES,
    TYPE_DATE, TYPE_TIME, TYPE_TIMETZ, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ, TYPE_INTERVAL,
    TYPE_UUID, TYPE_JSONB, TYPE_INET, TYPE_BIT, TYPE_VARBIT,
    TYPE_OID, TYPE_REGCLASS, TYPE_REGTYPE, TYPE_REGPROC, TYPE_REGPROCEDURE, TYPE_REGNAMESPACE, TYPE_REGROLE,
    TYPE_OIDVECTOR, TYPE_INT2VECTOR, TYPE_GEOMETRY, TYPE_GEOGRAPHY, TYPE_RECORD, TYPE_VOID,
    TYPE_ANYELEMENT, TYPE_UNKNOWN, TYPE_TSVECTOR, TYPE_TSQUERY,
    TYPE_COUNT
};

struct ast_type {
    enum ast_type_base base;
    const char *name;      /* as SHOW CREATE prints it, without width: INT8, STRING, "char"; NULL: user */
    struct ast_name user;  /* TYPE_USER */
    int width;             /* VARCHAR(n), DECIMAL(p), BIT(n), TIMESTAMP(p); -1 = not given */
    int scale;             /* DECIMAL(p, s); -1 = not given */
    bool array;            /* T[], T ARRAY */
    bool serial;           /* SERIAL, SERIAL2/4/8, BIGSERIAL: base is the integer */
    const char *collate;   /* STRING COLLATE x */
    size_t pos;
};

/* ---- expressions ---- */

enum ast_expr_kind {
    EXPR_NULL,
    EXPR_BOOL,       /* boolean */
    EXPR_NUMBER,     /* text as written; u.number.integer tells 12 from 1.2 */
    EXPR_STRING,     /* u.string */
    EXPR_BYTES,      /* u.string: b'', x'' */
    EXPR_BITS,       /* u.string: B'101' */
    EXPR_DEFAULT,    /* DEFAULT in VALUES and SET */
    EXPR_PARAM,      /* u.param: $n */
    EXPR_COLUMN,     /* u.column: c, t.c, s.t.c, d.s.t.c */
    EXPR_STAR,       /* u.column: *, t.* (the name is what stands before the star) */
    EXPR_PAREN,      /* u.paren: kept because the server prints it */
    EXPR_UNARY,      /* u.unary */
    EXPR_BINARY,     /* u.binary: arithmetic, comparison, LIKE, AND, OR ... */
    EXPR_IS,         /* u.is: IS [NOT] NULL/TRUE/FALSE/UNKNOWN */
    EXPR_IS_OF_TYPE, /* u.is_of: IS [NOT] OF (types) */
    EXPR_DISTINCT,   /* u.binary with op DISTINCT or NOT_DISTINCT: IS [NOT] DISTINCT FROM */
    EXPR_BETWEEN,    /* u.between */
    EXPR_IN,         /* u.in */
    EXPR_QUANTIFIED, /* u.quantified: a op ANY/SOME/ALL (...) */
    EXPR_EXISTS,     /* u.query */
    EXPR_SUBQUERY,   /* u.query: scalar (or a row, by use) */
    EXPR_ARRAY_QUERY,/* u.query: ARRAY(SELECT ...) */
    EXPR_CASE,       /* u.cases */
    EXPR_CAST,       /* u.cast */
    EXPR_ARRAY,      /* u.list: ARRAY[...] */
    EXPR_SUBSCRIPT,  /* u.subscript: a[i], a[i:j] */
    EXPR_TUPLE,      /* u.tuple: (a, b), ROW(a), () */
    EXPR_CALL,       /* u.call */
    EXPR_COLLATE,    /* u.collate */
    EXPR_FIELD,      /* u.field: (x).y, (x).* when field is NULL */
};

enum ast_op {
    OP_NONE,
    OP_OR, OP_AND, OP_NOT,
    OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
    OP_DISTINCT, OP_NOT_DISTINCT,
    OP_LIKE, OP_NOT_LIKE, OP_ILIKE, OP_NOT_ILIKE, OP_SIMILAR, OP_NOT_SIMILAR,
    OP_MATCH /* ~ */, OP_NOT_MATCH /* !~ */, OP_IMATCH /* ~* */, OP_NOT_IMATCH /* !~* */,
    OP_CONTAINS /* @> */, OP_CONTAINED /* <@ */, OP_OVERLAPS /* && */,
    OP_KEY_EXISTS /* ? */, OP_SOME_EXISTS /* ?| */, OP_ALL_EXISTS /* ?& */,
    OP_TSMATCH /* @@ */,
    OP_FETCH /* -> */, OP_FETCH_TEXT /* ->> */, OP_FETCH_PATH /* #> */, OP_FETCH_PATH_TEXT /* #>> */,
    OP_REMOVE_PATH /* #- */,
    OP_BIT_OR, OP_BIT_XOR /* # */, OP_BIT_AND, OP_SHIFT_LEFT, OP_SHIFT_RIGHT,
    OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_FLOORDIV /* // */, OP_MOD, OP_POW /* ^ */,
    OP_CONCAT /* || */,
    OP_PLUS, OP_MINUS, OP_BIT_NOT /* unary + - ~ */, OP_SQRT /* |/ */, OP_CBRT /* ||/ */,
    OP_COUNT
};

enum ast_is { IS_NULL, IS_TRUE, IS_FALSE, IS_UNKNOWN };

enum ast_cast_style {
    CAST_COLONS,   /* x::T */
    CAST_ANNOTATE, /* x:::T: a type annotation; no conversion */
    CAST_FUNCTION, /* CAST(x AS T) */
    CAST_PREFIX,   /* DATE 'x', INTERVAL '1 day', T 'x' */
};

/* How a call was written: what printing needs. Semantics are those of the named function. */
enum ast_call_style {
    CALL_PLAIN,   /* f(a, b) */
    CALL_KEYWORD, /* current_timestamp, current_user: no parentheses */
    CALL_SPECIAL, /* coalesce, nullif, if, ifnull, iferror, iserror, greatest, least: laziness of their own */
    CALL_EXTRACT, /* EXTRACT(f FROM x) = extract('f', x) */
    CALL_SUBSTRING,    /* SUBSTRING(x FROM a FOR b) = substring(x, a, b) */
    CALL_POSITION,     /* POSITION(a IN b) = strpos(b, a) */
    CALL_OVERLAY,      /* OVERLAY(x PLACING y FROM a FOR b) = overlay(x, y, a, b) */
    CALL_TRIM,         /* TRIM(BOTH a FROM b) = btrim(b, a); LEADING: ltrim, TRAILING: rtrim */
    CALL_AT_TIME_ZONE, /* x AT TIME ZONE z = timezone(z, x) */
    CALL_COLLATION_FOR /* COLLATION FOR (x) = pg_collation_for(x) */
};

enum ast_nulls { NULLS_DEFAULT, NULLS_FIRST, NULLS_LAST };

struct ast_order {
    struct ast_expr *expr; /* NULL for ORDER BY PRIMARY KEY t / INDEX t@i */
    struct ast_name table; /* of the latter */
    const char *index;     /* NULL: the primary key */
    bool descending;
    enum ast_nulls nulls;
};

struct ast_orders {
    struct ast_order *items;
    size_t len;
};

enum ast_frame_mode { FRAME_NONE, FRAME_ROWS, FRAME_RANGE, FRAME_GROUPS };
enum ast_bound_kind {
    BOUND_UNBOUNDED_PRECEDING, BOUND_PRECEDING, BOUND_CURRENT_ROW, BOUND_FOLLOWING, BOUND_UNBOUNDED_FOLLOWING
};

struct ast_bound {
    enum ast_bound_kind kind;
    struct ast_expr *offset;
};

struct ast_window {
    const char *name; /* OVER w, or the name that WINDOW defines */
    const char *base; /* OVER (w ...) */
    struct ast_exprs partition;
    struct ast_orders order;
    enum ast_frame_mode frame;
    struct ast_bound from;
    struct ast_bound to;
    bool has_to;
    const char *exclude; /* "CURRENT ROW", "GROUP", "TIES"; NULL */
};

struct ast_windows {
    struct ast_window *items;
    size_t len;
};

struct ast_call {
    struct ast_name name; /* schema-qualified perhaps */
    enum ast_call_style style;
    struct ast_exprs args; /* count(*): one EXPR_STAR */
    const char **arg_names;/* f(a => 1): as many as args, NULL where not named; NULL when none is */
    bool distinct;
    bool variadic;         /* the last argument was VARIADIC */
    struct ast_orders order; /* f(x ORDER BY y), or WITHIN GROUP */
    bool within_group;
    struct ast_expr *filter;
    struct ast_window *over;
};

struct ast_when {
    struct ast_expr *when;
    struct ast_expr *then;
};

struct ast_expr {
    enum ast_expr_kind kind;
    size_t pos; /* of its first token */
    size_t end; /* one past its last token */
    union {
        bool boolean;
        struct { const char *text; bool integer; } number;
        struct { const char *bytes; size_t len; } string;
        int param;
        struct ast_name column;
        struct ast_expr *paren;
        struct { enum ast_op op; struct ast_expr *arg; } unary;
        struct {
            enum ast_op op;
            struct ast_expr *left;
            struct ast_expr *right;
            struct ast_expr *escape;
        } binary;
        struct { struct ast_expr *arg; enum ast_is what; bool negated; } is;
        struct { struct ast_expr *arg; AST_LIST(struct ast_type *) types; bool negated; } is_of;
        struct {
            struct ast_expr *arg;
            struct ast_expr *low;
            struct ast_expr *high;
            bool negated;
            bool symmetric;
        } between;
        /* list, or query */
        struct {
            struct ast_expr *arg;
            struct ast_exprs list;
            struct ast_query *query;
            bool negated;
        } in;
        /* right side: an array expression, or a query */
        struct {
            enum ast_op op;
            bool all;
            struct ast_expr *left;
            struct ast_expr *right;
            struct ast_query *query;
        } quantified;
        struct ast_query *query;
        struct { struct ast_expr *arg; AST_LIST(struct ast_when) whens; struct ast_expr *otherwise; } cases;
        struct { struct ast_expr *arg; struct ast_type *type; enum ast_cast_style style; } cast;
        struct ast_exprs list;
        struct { struct ast_expr *arg; struct ast_expr *begin; struct ast_expr *end; bool slice; } subscript;
        struct { struct ast_exprs list; struct ast_words labels; bool row; } tuple;
        struct ast_call call;
        struct { struct ast_expr *arg; const char *locale; } collate;
        struct { struct ast_expr *arg; const char *field; } field;
    } u;
};

/* e without the parentheses around it. */
struct ast_expr *ast_unparen(struct ast_expr *e);
/* What an operator is called: "=", "NOT LIKE", "AND". */
const char *ast_op_text(enum ast_op op);

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

struct ast_cursor {         /* DECLARE, FETCH, MOVE, CLOSE */
    const char *name;       /* NULL: CLOSE ALL */
    struct ast_query *query;
    /* "next", "prior", "first", "last", "absolute", "relative", "forward", "backward", "all" */
    const char *direction;
    long long count;
    bool move;
    bool hold;
};

/* ---- regions ---- */

enum ast_locality_kind {
    LOCALITY_NONE,
    LOCALITY_GLOBAL,
    LOCALITY_TABLE_PRIMARY,
    LOCALITY_TABLE_IN,
    LOCALITY_ROW
};

struct ast_locality {
    enum ast_locality_kind kind;
    const char *region;    /* LOCALITY_TABLE_IN */
    const char *column;    /* LOCALITY_ROW AS column; NULL: crdb_region */
};

enum ast_survival { SURVIVAL_NOT_SAID, SURVIVAL_SAID_ZONE, SURVIVAL_SAID_REGION };
enum ast_placement { PLACEMENT_NONE, PLACEMENT_SAID_DEFAULT, PLACEMENT_SAID_RESTRICTED };

struct ast_super_region {
    const char *name;
    struct ast_words regions;
};

struct ast_create_database {
    const char *name;
    bool if_not_exists;
    const char *primary;
    struct ast_words regions;
    enum ast_survival survival;
    enum ast_placement placement;
    const char *owner;
    struct ast_super_region super;
    const char *secondary;
    struct ast_options options; /* TEMPLATE, ENCODING, LC_COLLATE, LC_CTYPE, CONNECTION LIMIT */
};

enum ast_alter_database_kind {
    DATABASE_PRIMARY_REGION, DATABASE_ADD_REGION, DATABASE_DROP_REGION, DATABASE_SURVIVE, DATABASE_PLACEMENT,
    DATABASE_ADD_SUPER_REGION, DATABASE_ALTER_SUPER_REGION, DATABASE_DROP_SUPER_REGION,
    DATABASE_SET_SECONDARY, DATABASE_DROP_SECONDARY, DATABASE_OWNER, DATABASE_RENAME,
    DATABASE_SET,              /* set: ALTER DATABASE d SET x = v | RESET x */
    DATABASE_LOCALITY_ZONE,    /* ALTER LOCALITY l CONFIGURE ZONE ...: locality, options, discard */
};

struct ast_alter_database {
    const char *name;
    enum ast_alter_database_kind kind;
    bool if_exists;            /* of the region */
    bool if_not_exists;
    const char *region;        /* also the new name or owner */
    enum ast_survival survival;
    enum ast_placement placement;
    struct ast_super_region super;
    struct ast_set set;
    struct ast_locality locality; /* LOCALITY_TABLE_PRIMARY: REGIONAL; LOCALITY_TABLE_IN: REGIONAL IN r */
    struct ast_options options;
    bool discard;
};

/* ALTER {RANGE|DATABASE|TABLE|INDEX|PARTITION p OF ...} CONFIGURE ZONE {USING ...|DISCARD} */
struct ast_configure_zone {
    struct ast_target target;
    struct ast_options options;
    bool discard;
    bool use_default; /* USING DEFAULT */
};

/* ---- tables ---- */

enum ast_fk_action { FK_NO_ACTION, FK_RESTRICT, FK_CASCADE, FK_SET_NULL, FK_SET_DEFAULT };

struct ast_references {
    struct ast_name table;
    struct ast_words columns;
    enum ast_fk_action on_delete;
    enum ast_fk_action on_update;
    const char *match; /* "SIMPLE", "FULL"; NULL */
};

struct ast_index_column {
    const char *column;
    struct ast_expr *expr;   /* an expression instead */
    bool descending;
    bool ascending;          /* ASC was said */
    enum ast_nulls nulls;
    const char *opclass;
};

struct ast_index {
    const char *name;
    bool unique;
    bool inverted;
    bool primary;
    bool if_not_exists;
    bool concurrently;
    bool not_visible;
    AST_LIST(struct ast_index_column) columns;
    struct ast_words storing;
    bool hash;               /* USING HASH */
    struct ast_expr *bucket_count;
    struct ast_expr *where;  /* partial */
    struct ast_options params;
    bool partition;          /* PARTITION BY ... (its parts are not kept) */
};

enum ast_constraint_kind { CONSTRAINT_PRIMARY, CONSTRAINT_UNIQUE, CONSTRAINT_CHECK, CONSTRAINT_FOREIGN_KEY };

struct ast_constraint {
    enum ast_constraint_kind kind;
    const char *name;
    bool if_not_exists;
    bool not_valid;
    bool without_index;      /* UNIQUE WITHOUT INDEX */
    struct ast_index index;  /* PRIMARY KEY, UNIQUE */
    struct ast_expr *check;
    struct ast_words columns;/* FOREIGN KEY */
    struct ast_references references;
};

struct ast_column {
    const char *name;
    size_t pos;
    struct ast_type *type;   /* NULL in CREATE TABLE AS */
    int nullable;            /* 1 NULL, -1 NOT NULL, 0 not said */
    bool hidden;             /* NOT VISIBLE */
    struct ast_expr *default_expr;
    struct ast_expr *on_update;
    struct ast_expr *computed;
    bool stored;             /* AS (...) STORED; else VIRTUAL */
    bool identity;           /* GENERATED ... AS IDENTITY */
    bool identity_always;
    bool unique;
    bool unique_without_index;
    bool primary;
    bool primary_hash;
    const char *unique_name; /* CONSTRAINT n before UNIQUE or PRIMARY KEY */
    AST_LIST(struct ast_constraint) constraints; /* CHECK and REFERENCES (kind FOREIGN_KEY) */
    const char *family;
    bool create_family;
};

struct ast_family {
    const char *name;
    struct ast_words columns;
};

enum ast_table_item_kind { ITEM_COLUMN, ITEM_CONSTRAINT, ITEM_INDEX, ITEM_FAMILY, ITEM_LIKE };

struct ast_table_item {
    enum ast_table_item_kind kind;
    union {
        struct ast_column *column;
        struct ast_constraint *constraint;
        struct ast_index *index;
        struct ast_family *family;
        struct { struct ast_name table; struct ast_words options; } like; /* "INCLUDING ALL" */
    } u;
};

struct ast_create_table {
    struct ast_name name;
    bool if_not_exists;
    bool temporary;
    bool unlogged;
    AST_LIST(struct ast_table_item) items; /* in the order written */
    bool partition_by;
    struct ast_options params;
    struct ast_locality locality;
    const char *on_commit;
    struct ast_query *as;       /* CREATE TABLE AS; items then name columns only */
};

enum ast_alter_table_kind {
    ALTER_ADD_COLUMN, ALTER_DROP_COLUMN, ALTER_SET_DEFAULT, ALTER_DROP_DEFAULT, ALTER_SET_ON_UPDATE,
    ALTER_DROP_ON_UPDATE, ALTER_SET_NOT_NULL, ALTER_DROP_NOT_NULL, ALTER_SET_VISIBLE, ALTER_SET_NOT_VISIBLE,
    ALTER_DROP_STORED, ALTER_SET_TYPE, ALTER_ADD_CONSTRAINT, ALTER_DROP_CONSTRAINT, ALTER_VALIDATE_CONSTRAINT,
    ALTER_RENAME_COLUMN, ALTER_RENAME_CONSTRAINT, ALTER_RENAME_TABLE, ALTER_PRIMARY_KEY, ALTER_SET_LOCALITY,
    ALTER_SET_PARAMS, ALTER_RESET_PARAMS, ALTER_OWNER, ALTER_SET_SCHEMA, ALTER_PARTITION_BY, ALTER_SPLIT_AT,
    ALTER_UNSPLIT, ALTER_SCATTER, ALTER_AUDIT, ALTER_INJECT_STATISTICS, ALTER_RELOCATE,
};

struct ast_alter_cmd {
    enum ast_alter_table_kind kind;
    bool if_exists;
    bool if_not_exists;
    bool cascade;
    bool flag;                 /* UNSPLIT ALL, PARTITION BY NOTHING */
    const char *column;        /* or the constraint's name */
    const char *new_name;      /* or owner, or schema */
    struct ast_column *add;
    struct ast_expr *expr;     /* default, on update, USING; NULL */
    struct ast_type *type;
    struct ast_constraint *constraint; /* also the new primary key (index) */
    struct ast_locality locality;
    struct ast_options params;
    struct ast_query *query;   /* SPLIT AT / UNSPLIT AT / RELOCATE */
};

struct ast_alter_table {
    struct ast_name name;
    const char *index;         /* ALTER INDEX t@i SPLIT AT ... */
    bool if_exists;
    AST_LIST(struct ast_alter_cmd) cmds;
};

struct ast_create_index {
    struct ast_name table;
    struct ast_index index;
};

/* ALTER INDEX t@i RENAME TO n | [NOT] VISIBLE */
struct ast_alter_index {
    struct ast_target index;
    bool if_exists;
    const char *new_name;
    int visible; /* 1, -1, 0 not said */
};

struct ast_create_type {
    struct ast_name name;
    bool if_not_exists;
    struct ast_words labels;
};

enum ast_alter_type_kind {
    TYPE_ADD_VALUE,
    TYPE_DROP_VALUE,
    TYPE_RENAME_VALUE,
    TYPE_RENAME,
    TYPE_SET_SCHEMA,
    TYPE_OWNER
};

struct ast_alter_type {
    struct ast_name name;
    enum ast_alter_type_kind kind;
    bool if_not_exists;
    const char *value;
    const char *new_name;
    bool before;
    const char *neighbour; /* BEFORE/AFTER 'x'; NULL */
};

struct ast_create_view {
    struct ast_name name;
    bool or_replace, if_not_exists, materialized, temporary;
    struct ast_words columns;
    struct ast_query *query;
};

struct ast_create_schema {
    struct ast_name name; /* n == 0: AUTHORIZATION only */
    bool if_not_exists;
    const char *owner;
};

struct ast_sequence { /* CREATE and ALTER SEQUENCE */
    struct ast_name name;
    bool if_not_exists;  /* IF EXISTS for ALTER */
    struct ast_options options; /* increment, minvalue, maxvalue, start, cache, restart, owned by ... */
    const char *new_name;
};

struct ast_drop { /* DATABASE, SCHEMA, TABLE, VIEW, SEQUENCE, TYPE, INDEX (names with indexes), ROLE, USER */
    enum ast_target_kind what;
    bool if_exists;
    bool cascade;
    bool restrict_said;
    bool materialized;
    bool concurrently;
    AST_LIST(struct ast_target) targets;
};

struct ast_rename { /* ALTER VIEW/SEQUENCE/SCHEMA ... RENAME TO, SET SCHEMA, OWNER TO */
    enum ast_target_kind what;
    struct ast_name name;
    bool if_exists;
    const char *new_name, *schema, *owner;
};

/* ---- rights ---- */

struct ast_role { /* CREATE/ALTER ROLE|USER */
    bool alter;
    bool user;           /* USER, not ROLE: only the wording differs */
    bool if_not_exists;  /* IF EXISTS for ALTER */
    const char *name;    /* NULL: ALTER ROLE ALL */
    /* upper case: "LOGIN", "PASSWORD" (value NULL expr = NULL), "VIEWACTIVITY" ... */
    struct ast_options options;
    bool has_set;        /* ALTER ROLE r [IN DATABASE d] SET x = v */
    const char *in_database;
    struct ast_set set;
};

struct ast_grant { /* GRANT and REVOKE */
    bool revoke;
    bool roles;          /* GRANT role TO user: privileges are the role names */
    struct ast_words privileges; /* upper case; "ALL" */
    struct ast_target target;    /* kind; SYSTEM: GRANT SYSTEM ...; names in names */
    struct ast_names names;
    struct ast_words grantees;
    bool option;         /* WITH GRANT/ADMIN OPTION, or GRANT/ADMIN OPTION FOR */
};

struct ast_comment {
    struct ast_target target; /* COLUMN: word is the column, name the table */
    const char *text;         /* NULL: IS NULL */
};

enum ast_cancel_kind { CANCEL_QUERY, CANCEL_SESSION, CANCEL_JOB };

struct ast_job_control { /* CANCEL QUERY/SESSION/JOB, PAUSE JOB, RESUME JOB */
    enum ast_cancel_kind what;
    bool pause, resume, if_exists;
    struct ast_expr *id;
    struct ast_query *query;
};

/* ---- statements ---- */

enum ast_stmt_kind {
    STMT_QUERY,
    STMT_INSERT,
    STMT_UPDATE,
    STMT_DELETE,
    STMT_TRUNCATE,
    STMT_EXPLAIN,
    STMT_SHOW,
    STMT_SET,
    STMT_TXN,
    STMT_PREPARE,
    STMT_EXECUTE,
    STMT_DEALLOCATE,
    STMT_DISCARD,
    STMT_DECLARE,
    STMT_FETCH,
    STMT_CLOSE,
    STMT_CREATE_DATABASE,
    STMT_ALTER_DATABASE,
    STMT_CONFIGURE_ZONE,
    STMT_CREATE_TABLE,
    STMT_ALTER_TABLE,
    STMT_CREATE_INDEX,
    STMT_ALTER_INDEX,
    STMT_CREATE_TYPE,
    STMT_ALTER_TYPE,
    STMT_CREATE_VIEW,
    STMT_CREATE_SCHEMA,
    STMT_CREATE_SEQUENCE,
    STMT_ALTER_SEQUENCE,
    STMT_DROP,
    STMT_RENAME,
    STMT_ROLE,
    STMT_GRANT,
    STMT_COMMENT,
    STMT_JOB_CONTROL,
    STMT_REFRESH_VIEW,
    STMT_ANALYZE,
    STMT_REASSIGN,
    STMT_SET_AUTHORIZATION,
    STMT_UNSUPPORTED, /* a statement of the real server that is not modelled (COPY, BACKUP, CREATE
                         CHANGEFEED ...): u.unsupported is its first words; how to answer is the caller's */
};

struct ast_truncate {
    struct ast_names tables;
    bool cascade;
};

struct ast_reassign { /* REASSIGN OWNED BY a TO b; DROP OWNED BY a (to NULL) */
    struct ast_words from;
    const char *to;
};

struct ast_stmt {
    enum ast_stmt_kind kind;
    size_t pos;       /* of its first byte in the parsed text */
    const char *text; /* as sent: without the ';', comments and white space around it */
    int params;       /* the highest $n in it */
    union {
        struct ast_query *query;
        struct ast_insert insert;
        struct ast_update update;
        struct ast_delete delete;
        struct ast_truncate truncate;
        struct ast_explain explain;
        struct ast_show show;
        struct ast_set set;
        struct ast_txn txn;
        struct ast_prepare prepare; /* PREPARE, EXECUTE, DEALLOCATE */
        const char *discard;        /* "ALL", "TEMP", "SEQUENCES", "PLANS" */
        struct ast_cursor cursor;
        struct ast_create_database create_database;
        struct ast_alter_database alter_database;
        struct ast_configure_zone configure_zone;
        struct ast_create_table create_table;
        struct ast_alter_table alter_table;
        struct ast_create_index create_index;
        struct ast_alter_index alter_index;
        struct ast_create_type create_type;
        struct ast_alter_type alter_type;
        struct ast_create_view create_view;
        struct ast_create_schema create_schema;
        struct ast_sequence sequence;
        struct ast_drop drop;
        struct ast_rename rename;
        struct ast_role role;
        struct ast_grant grant;
        struct ast_comment comment;
        struct ast_job_control job;
        struct ast_name name;       /* REFRESH, ANALYZE; SET SESSION AUTHORIZATION: one part */
        struct ast_reassign reassign;
        const char *unsupported;
    } u;
};

/* The command tag of CommandComplete without counts, as the version words it: "ALTER DATABASE ADD
 * REGION" on 22.1, "ALTER DATABASE" on 26.1. INSERT is "INSERT 0", to which the count is added. */
const char *ast_stmt_tag(const struct ast_stmt *s, int version);

#endif
