/* readonly: which typed statement --read-only lets through. */
#include "domicile/actions/readonly.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/lexer.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_SHOWN = 60 };

/* Kinds that only read, or that a read-only transaction stops before they do anything. Every kind that is
 * not here is refused. */
static const enum ast_stmt_kind readers[] = {STMT_QUERY, STMT_SHOW, STMT_EXPLAIN};

/* Functions whose effect no transaction holds back: a name, or the beginning of one that ends in '*'. */
static const char *const acting_functions[] = {
    "set_config", "setval", "nextval", "lo_*", "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf",
    "pg_sleep_until_*", "pg_advisory_*", "pg_try_advisory_*",
    /* crdb_internal's */
    "unsafe_*", "force_*", "set_vmodule", "set_trace_verbose", "set_compaction_concurrency", "reset_*",
    "request_statement_bundle", "compact_engine_span", "invalidate_query_plan_cache", "repair_*", "revalidate_*",
    "cancel_*", "create_*", "destroy_tenant", "update_tenant_resource_limits", "complete_*", "fingerprint_*",
    "start_replication_*", "kv_set_*", "schedule_*", "job_payload_*", "check_password_hash_format",
    "upsert_*", "write_*", "delete_*", "clear_*", "unlock_*", "change_sql_activity_*", "setup_*",
};

/* Functions of these schemas that only read; whatever else a sandbox offers there changes something. */
static const char *const acting_schemas[] = {"sandbox"};

/* Verbs that make "[ ... ]" a statement that does something, wherever it stands. */
static const char *const verbs[] = {"alter", "analyze", "backup", "begin", "call", "cancel", "close", "comment",
    "commit", "copy", "create", "deallocate", "declare", "delete", "discard", "do", "drop", "execute", "export",
    "grant", "import", "insert", "pause", "prepare", "reassign", "refresh", "release", "reset", "restore",
    "resume", "revoke", "rollback", "savepoint", "scatter", "set", "split", "truncate", "unsplit", "update",
    "upsert", "use"};

static bool in_list(const char *const *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i]);
        bool open = list[i][len - 1] == '*';
        if (open ? strncmp(list[i], name, len - 1) == 0 : strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}
#define IN_LIST(list, name) in_list(list, sizeof(list) / sizeof *(list), name)

static bool refuse(struct err *err, const char *what) {
    err_set(err, ERR_FORBIDDEN, "%s is refused: this program was started with --read-only", what);
    return err_hint(err, "what only reads is let through: SELECT, SHOW, EXPLAIN, VALUES, TABLE");
}

static bool is_word(const struct token *t) { return t->kind == TOKEN_NAME || t->kind == TOKEN_KEYWORD; }

/* Looks at each call and each bracketed statement of the text, in strings nowhere. */
static bool tokens_allowed(struct arena *arena, const char *sql, struct err *err) {
    struct lexer lx;
    struct token before[3] = {0}; /* the last three, the newest first */
    lexer_init(&lx, arena, sql, strlen(sql));
    for (struct token t = lexer_next(&lx); t.kind != TOKEN_END; t = lexer_next(&lx)) {
        if (t.kind == TOKEN_ERROR)
            return err_set(err, ERR_INPUT, "the statement cannot be read: %s", t.text);
        bool call = token_is_op(&t, "(") && is_word(&before[0]);
        bool qualified = token_is_op(&before[1], ".") && is_word(&before[2]);
        if (call && (IN_LIST(acting_functions, before[0].text) ||
                        (qualified && IN_LIST(acting_schemas, before[2].text))))
            return refuse(err, arena_printf(arena, "%.*s()", LONGEST_SHOWN, before[0].text));
        if (t.kind == TOKEN_KEYWORD && token_is_op(&before[0], "[") && IN_LIST(verbs, t.text))
            return refuse(err, arena_printf(arena, "[%.*s ...]", LONGEST_SHOWN, t.text));
        before[2] = before[1];
        before[1] = before[0];
        before[0] = t;
    }
    return true;
}

static bool kind_allowed(enum ast_stmt_kind kind) {
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i] == kind)
            return true;
    return false;
}

/* The first words, for the sentence. */
static const char *opening(struct arena *arena, const char *text) {
    size_t n = strcspn(text, "\n");
    return arena_printf(arena, "\"%.*s%s\"", n > LONGEST_SHOWN ? LONGEST_SHOWN : (int)n, text,
        n > LONGEST_SHOWN ? "..." : "");
}

static bool statement_allowed(struct arena *arena, const struct ast_stmt *s, struct err *err) {
    if (!kind_allowed(s->kind))
        return refuse(err, opening(arena, s->text));
    if (s->kind == STMT_EXPLAIN && s->u.explain.analyze) {
        for (size_t i = 0; i < s->u.explain.options.len; i++)
            if (strcmp(s->u.explain.options.items[i], "DEBUG") == 0)
                return refuse(err, "EXPLAIN ANALYZE (DEBUG), which stores a bundle on the server,");
        return statement_allowed(arena, s->u.explain.stmt, err); /* it is executed */
    }
    return true;
}

/* Newer grammar than the parser's: only what cannot be anything but a query or a SHOW, and one statement. */
static bool unparsed_allowed(struct arena *arena, const char *sql, const struct parse_error *e, struct err *err) {
    static const char *const starts[] = {"select", "show", "table", "values"};
    struct lexer lx;
    lexer_init(&lx, arena, sql, strlen(sql));
    struct token t = lexer_next(&lx);
    if (t.kind != TOKEN_KEYWORD || !IN_LIST(starts, t.text)) {
        err_set(err, ERR_FORBIDDEN, "the statement is not understood (%s), so --read-only refuses it", e->message);
        return err_hint(err, "what only reads is let through: SELECT, SHOW, EXPLAIN, VALUES, TABLE");
    }
    for (; t.kind != TOKEN_END; t = lexer_next(&lx)) {
        if (!token_is_op(&t, ";"))
            continue;
        struct token after = lexer_next(&lx);
        if (after.kind != TOKEN_END)
            return refuse(err, "more than one statement at a time");
        break;
    }
    return true;
}

static bool text_allowed(struct arena *arena, const char *sql, struct err *err) {
    struct ast_stmts stmts = {0};
    struct parse_error e = {0};
    if (!tokens_allowed(arena, sql, err))
        return false;
    if (!parser_parse(arena, sql, strlen(sql), 0, &stmts, &e))
        return unparsed_allowed(arena, sql, &e, err);
    if (stmts.len == 0)
        return err_set(err, ERR_INPUT, "there is no statement");
    if (stmts.len > 1)
        return refuse(err, "more than one statement at a time");
    return statement_allowed(arena, stmts.items[0], err);
}

bool readonly_allows(const char *sql, struct err *err) {
    struct arena *arena = arena_new();
    bool allowed = text_allowed(arena, sql, err);
    arena_free(arena);
    return allowed;
}

void readonly_names_free(struct readonly_names *names) {
    for (size_t i = 0; i < names->list.len; i++)
        free(names->list.items[i]);
    vec_free(&names->list);
}

static bool has_name(const struct readonly_names *names, const char *name) {
    for (size_t i = 0; i < names->list.len; i++)
        if (str_eq(names->list.items[i], name))
            return true;
    return false;
}

void readonly_calls(struct readonly_names *names, const char *sql) {
    struct arena *arena = arena_new();
    struct token before = {0};
    struct lexer lx;
    lexer_init(&lx, arena, sql, strlen(sql));
    for (struct token t = lexer_next(&lx); t.kind != TOKEN_END && t.kind != TOKEN_ERROR; t = lexer_next(&lx)) {
        if (token_is_op(&t, "(") && is_word(&before) && !has_name(names, before.text))
            vec_push(&names->list, mem_strdup(before.text));
        before = t;
    }
    arena_free(arena);
}

bool readonly_refuses_function(const char *name, struct err *err) {
    struct str what = {0};
    str_add_f(&what, "%.*s(), which somebody defined as VOLATILE,", LONGEST_SHOWN, name);
    refuse(err, str_get(&what));
    str_free(&what);
    return err_hint(err, "what such a function does cannot be told from here, and no transaction holds all of it back");
}
