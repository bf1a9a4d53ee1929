/* ast: statements of CockroachDB's dialect as a tree. Every node and text lives in the arena that was
 * given to the parser; nothing is freed one by one. Names are folded to lower case unless they were
 * quoted. Absent parts are NULL, empty lists have len 0. Positions are bytes of the parsed text. */
#ifndef DOMICILE_DIALECT_AST_H
#define DOMICILE_DIALECT_AST_H

#include "domicile/dialect/ast_ddl.h"
#include "domicile/dialect/ast_expr.h"
#include "domicile/dialect/ast_query.h"
#include "domicile/dialect/ast_session.h"

#include <stdbool.h>
#include <stddef.h>

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
    STMT_COPY,
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
    STMT_UNSUPPORTED, /* a statement of the real server that is not modelled (BACKUP, CREATE
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
        struct ast_copy copy;
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
