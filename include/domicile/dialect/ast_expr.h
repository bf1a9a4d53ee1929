/* ast_expr: names, types and expressions of the syntax tree (ast.h says the general rules). */
#ifndef DOMICILE_DIALECT_AST_EXPR_H
#define DOMICILE_DIALECT_AST_EXPR_H

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
    OP_WITHIN /* <<= */, OP_HOLDS /* >>= */,
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

#endif
