/* ast: small questions about nodes, and the command tags of statements. */
#include "domicile/dialect/ast.h"

#include "domicile/dialect/parser.h"

struct ast_expr *ast_unparen(struct ast_expr *e) {
    while (e && e->kind == EXPR_PAREN)
        e = e->u.paren;
    return e;
}

static const char *const ops[OP_COUNT] = {
    [OP_NONE] = "",
    [OP_OR] = "OR",
    [OP_AND] = "AND",
    [OP_NOT] = "NOT",
    [OP_EQ] = "=",
    [OP_NE] = "!=",
    [OP_LT] = "<",
    [OP_LE] = "<=",
    [OP_GT] = ">",
    [OP_GE] = ">=",
    [OP_DISTINCT] = "IS DISTINCT FROM",
    [OP_NOT_DISTINCT] = "IS NOT DISTINCT FROM",
    [OP_LIKE] = "LIKE",
    [OP_NOT_LIKE] = "NOT LIKE",
    [OP_ILIKE] = "ILIKE",
    [OP_NOT_ILIKE] = "NOT ILIKE",
    [OP_SIMILAR] = "SIMILAR TO",
    [OP_NOT_SIMILAR] = "NOT SIMILAR TO",
    [OP_MATCH] = "~",
    [OP_NOT_MATCH] = "!~",
    [OP_IMATCH] = "~*",
    [OP_NOT_IMATCH] = "!~*",
    [OP_CONTAINS] = "@>",
    [OP_CONTAINED] = "<@",
    [OP_OVERLAPS] = "&&",
    [OP_KEY_EXISTS] = "?",
    [OP_SOME_EXISTS] = "?|",
    [OP_ALL_EXISTS] = "?&",
    [OP_TSMATCH] = "@@",
    [OP_FETCH] = "->",
    [OP_FETCH_TEXT] = "->>",
    [OP_FETCH_PATH] = "#>",
    [OP_FETCH_PATH_TEXT] = "#>>",
    [OP_REMOVE_PATH] = "#-",
    [OP_BIT_OR] = "|",
    [OP_BIT_XOR] = "#",
    [OP_BIT_AND] = "&",
    [OP_SHIFT_LEFT] = "<<",
    [OP_SHIFT_RIGHT] = ">>",
    [OP_WITHIN] = "<<=",
    [OP_HOLDS] = ">>=",
    [OP_ADD] = "+",
    [OP_SUB] = "-",
    [OP_MUL] = "*",
    [OP_DIV] = "/",
    [OP_FLOORDIV] = "//",
    [OP_MOD] = "%",
    [OP_POW] = "^",
    [OP_CONCAT] = "||",
    [OP_PLUS] = "+",
    [OP_MINUS] = "-",
    [OP_BIT_NOT] = "~",
    [OP_SQRT] = "|/",
    [OP_CBRT] = "||/",
};

const char *ast_op_text(enum ast_op op) {
    return ops[op];
}

/* ---- command tags ---- */

/* 22.1 names the action; later versions only the object. */
static const char *const old_database_tags[] = {
    [DATABASE_PRIMARY_REGION] = "ALTER DATABASE PRIMARY REGION",
    [DATABASE_ADD_REGION] = "ALTER DATABASE ADD REGION",
    [DATABASE_DROP_REGION] = "ALTER DATABASE DROP REGION",
    [DATABASE_SURVIVE] = "ALTER DATABASE SURVIVE",
    [DATABASE_PLACEMENT] = "ALTER DATABASE PLACEMENT",
    [DATABASE_ADD_SUPER_REGION] = "ALTER DATABASE ADD SUPER REGION",
    [DATABASE_ALTER_SUPER_REGION] = "ALTER DATABASE ALTER SUPER REGION",
    [DATABASE_DROP_SUPER_REGION] = "ALTER DATABASE DROP SUPER REGION",
    [DATABASE_SET_SECONDARY] = "ALTER DATABASE SET SECONDARY REGION",
    [DATABASE_DROP_SECONDARY] = "ALTER DATABASE DROP SECONDARY REGION",
    [DATABASE_OWNER] = "ALTER DATABASE OWNER",
    [DATABASE_RENAME] = "RENAME DATABASE",
    [DATABASE_SET] = "ALTER DATABASE SET",
    [DATABASE_LOCALITY_ZONE] = "ALTER DATABASE",
};

static const char *const txn_tags[] = {
    [TXN_BEGIN] = "BEGIN",         [TXN_COMMIT] = "COMMIT",   [TXN_ROLLBACK] = "ROLLBACK",
    [TXN_SAVEPOINT] = "SAVEPOINT", [TXN_RELEASE] = "RELEASE", [TXN_ROLLBACK_TO] = "ROLLBACK",
    [TXN_SET] = "SET TRANSACTION", [TXN_SET_DEFAULT] = "SET",
};

static const struct { enum ast_target_kind kind; const char *drop, *alter, *comment; } object_tags[] = {
    {TARGET_DATABASE, "DROP DATABASE", "ALTER DATABASE", "COMMENT ON DATABASE"},
    {TARGET_SCHEMA, "DROP SCHEMA", "ALTER SCHEMA", "COMMENT ON SCHEMA"},
    {TARGET_TABLE, "DROP TABLE", "ALTER TABLE", "COMMENT ON TABLE"},
    {TARGET_VIEW, "DROP VIEW", "ALTER VIEW", "COMMENT ON TABLE"},
    {TARGET_SEQUENCE, "DROP SEQUENCE", "ALTER SEQUENCE", "COMMENT ON TABLE"},
    {TARGET_TYPE, "DROP TYPE", "ALTER TYPE", "COMMENT ON TYPE"},
    {TARGET_INDEX, "DROP INDEX", "ALTER INDEX", "COMMENT ON INDEX"},
    {TARGET_COLUMN, "ALTER TABLE", "ALTER TABLE", "COMMENT ON COLUMN"},
    {TARGET_CONSTRAINT, "ALTER TABLE", "ALTER TABLE", "COMMENT ON CONSTRAINT"},
    {TARGET_ROLE, "DROP ROLE", "ALTER ROLE", ""},
    {TARGET_USER, "DROP ROLE", "ALTER ROLE", ""},
};

enum tag_of { TAG_DROP, TAG_ALTER, TAG_COMMENT };

static const char *object_tag(enum ast_target_kind kind, enum tag_of of) {
    for (size_t i = 0; i < sizeof object_tags / sizeof *object_tags; i++)
        if (object_tags[i].kind == kind)
            return of == TAG_DROP ? object_tags[i].drop
                 : of == TAG_ALTER ? object_tags[i].alter : object_tags[i].comment;
    return "";
}

static const char *alter_table_tag(const struct ast_alter_table *t, int version) {
    if (version < 2202 && t->cmds.len == 1) {
        enum ast_alter_table_kind kind = t->cmds.items[0].kind;
        if (kind == ALTER_SET_LOCALITY)
            return "ALTER TABLE SET LOCALITY";
        if (kind == ALTER_RENAME_TABLE)
            return "RENAME TABLE";
        if (kind == ALTER_RENAME_COLUMN)
            return "RENAME COLUMN";
        if (kind == ALTER_OWNER)
            return "ALTER TABLE OWNER";
        if (kind == ALTER_SET_SCHEMA)
            return "ALTER TABLE SET SCHEMA";
    }
    return "ALTER TABLE";
}

static const char *set_tag(const struct ast_set *set) {
    if (set->scope == SCOPE_CLUSTER)
        return set->reset && set->values.len == 0 ? "RESET CLUSTER SETTING" : "SET CLUSTER SETTING";
    return set->reset && set->values.len == 0 ? "RESET" : "SET";
}

static const char *job_tag(const struct ast_job_control *j) {
    if (j->pause)
        return "PAUSE JOBS";
    if (j->resume)
        return "RESUME JOBS";
    return j->what == CANCEL_QUERY ? "CANCEL QUERIES"
           : j->what == CANCEL_SESSION ? "CANCEL SESSIONS"
           : "CANCEL JOBS";
}

static const char *const plain_tags[] = {
    [STMT_QUERY] = "SELECT",
    [STMT_INSERT] = "INSERT 0",
    [STMT_UPDATE] = "UPDATE",
    [STMT_DELETE] = "DELETE",
    [STMT_TRUNCATE] = "TRUNCATE",
    [STMT_EXPLAIN] = "EXPLAIN",
    [STMT_SHOW] = "SHOW",
    [STMT_PREPARE] = "PREPARE",
    [STMT_EXECUTE] = "EXECUTE",
    [STMT_DEALLOCATE] = "DEALLOCATE",
    [STMT_DISCARD] = "DISCARD",
    [STMT_DECLARE] = "DECLARE CURSOR",
    [STMT_FETCH] = "FETCH",
    [STMT_COPY] = "COPY",
    [STMT_CLOSE] = "CLOSE CURSOR",
    [STMT_CREATE_DATABASE] = "CREATE DATABASE",
    [STMT_CONFIGURE_ZONE] = "CONFIGURE ZONE 1",
    [STMT_CREATE_INDEX] = "CREATE INDEX",
    [STMT_ALTER_INDEX] = "ALTER INDEX",
    [STMT_CREATE_TYPE] = "CREATE TYPE",
    [STMT_ALTER_TYPE] = "ALTER TYPE",
    [STMT_CREATE_VIEW] = "CREATE VIEW",
    [STMT_CREATE_SCHEMA] = "CREATE SCHEMA",
    [STMT_CREATE_SEQUENCE] = "CREATE SEQUENCE",
    [STMT_ALTER_SEQUENCE] = "ALTER SEQUENCE",
    [STMT_REFRESH_VIEW] = "REFRESH MATERIALIZED VIEW",
    [STMT_ANALYZE] = "CREATE STATISTICS",
    [STMT_REASSIGN] = "REASSIGN OWNED BY",
    [STMT_SET_AUTHORIZATION] = "SET",
    [STMT_UNSUPPORTED] = "",
};

const char *ast_stmt_tag(const struct ast_stmt *s, int version) {
    version = version ? version : 9999;
    if (s->kind == STMT_ALTER_DATABASE)
        return version < 2202 ? old_database_tags[s->u.alter_database.kind] : "ALTER DATABASE";
    if (s->kind == STMT_ALTER_TABLE)
        return alter_table_tag(&s->u.alter_table, version);
    if (s->kind == STMT_CREATE_TABLE)
        return s->u.create_table.as ? "CREATE TABLE AS" : "CREATE TABLE";
    if (s->kind == STMT_TXN)
        return txn_tags[s->u.txn.kind];
    if (s->kind == STMT_SET)
        return set_tag(&s->u.set);
    if (s->kind == STMT_DROP)
        return object_tag(s->u.drop.what, TAG_DROP);
    if (s->kind == STMT_RENAME)
        return object_tag(s->u.rename.what, TAG_ALTER);
    if (s->kind == STMT_COMMENT)
        return object_tag(s->u.comment.target.kind, TAG_COMMENT);
    if (s->kind == STMT_ROLE)
        return s->u.role.alter ? "ALTER ROLE" : "CREATE ROLE";
    if (s->kind == STMT_GRANT)
        return s->u.grant.revoke ? "REVOKE" : "GRANT";
    if (s->kind == STMT_REASSIGN && !s->u.reassign.to)
        return "DROP OWNED BY";
    if (s->kind == STMT_UNSUPPORTED)
        return s->u.unsupported;
    if (s->kind == STMT_JOB_CONTROL)
        return job_tag(&s->u.job);
    return plain_tags[s->kind];
}
