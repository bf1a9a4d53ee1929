/* parse_stmt: which statement it is by its first words. */
#include "parse.h"

#include "domicile/base/str.h"

static bool query(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_QUERY;
    s->u.query = parse_query(p);
    return s->u.query != NULL;
}

static bool insert(struct parser *p, struct ast_stmt *s) {
    return parse_insert(p, s, NULL);
}

static bool update(struct parser *p, struct ast_stmt *s) {
    return parse_update(p, s, NULL);
}

static bool delete_rows(struct parser *p, struct ast_stmt *s) {
    return parse_delete(p, s, NULL);
}

/* WITH ... INSERT, UPDATE, DELETE or a query. */
static bool with(struct parser *p, struct ast_stmt *s) {
    size_t pos = p->tok.begin;
    struct ast_with *tables = parse_with(p);
    if (!tables)
        return false;
    if (parse_at(p, "insert") || parse_at(p, "upsert"))
        return parse_insert(p, s, tables);
    if (parse_at(p, "update"))
        return parse_update(p, s, tables);
    if (parse_at(p, "delete"))
        return parse_delete(p, s, tables);
    if (!parse_at_query(p))
        return parse_fail(p);
    if (!query(p, s))
        return false;
    if (s->u.query->with) /* WITH a AS (...) (WITH b AS (...) SELECT ...) has its own */
        return parse_fail(p);
    s->u.query->with = tables;
    s->u.query->pos = pos;
    return true;
}

static bool refresh(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_REFRESH_VIEW;
    parse_advance(p);
    if (!parse_expect(p, "materialized") || !parse_expect(p, "view"))
        return false;
    parse_take(p, "concurrently");
    if (!parse_object(p, &s->u.name))
        return false;
    return !parse_take(p, "with") || parse_take(p, "data")
           || (parse_expect(p, "no") && parse_expect(p, "data"));
}

static bool analyze(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_ANALYZE;
    parse_advance(p);
    return parse_object(p, &s->u.name);
}

static bool reassign(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_REASSIGN;
    parse_advance(p);
    return parse_expect(p, "owned") && parse_expect(p, "by") && parse_roles(p, &s->u.reassign.from)
        && parse_expect(p, "to") && parse_role(p, &s->u.reassign.to);
}

/* What the server knows and this dialect does not model: its first words are kept, the rest is
 * skipped, up to the bracket that ends it when it stands in one. */
bool parse_unsupported(struct parser *p, struct ast_stmt *s, const char *words) {
    memset(&s->u, 0, sizeof s->u);
    s->kind = STMT_UNSUPPORTED;
    s->u.unsupported = words;
    for (int depth = 0; !parse_at_end(p); parse_advance(p)) {
        if (p->tok.kind == TOKEN_ERROR)
            return parse_fail(p);
        depth += parse_at_op(p, "(") || parse_at_op(p, "[");
        bool closes = parse_at_op(p, ")") || parse_at_op(p, "]");
        if (closes && --depth < 0)
            break;
    }
    return true;
}

static bool unsupported(struct parser *p, struct ast_stmt *s) {
    char *word = arena_strdup(p->arena, p->tok.text);
    for (char *c = word; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return parse_unsupported(p, s, word);
}

static const struct {
    const char *word;
    bool (*parse)(struct parser *p, struct ast_stmt *s);
} statements[] = {
    {"select", query},
    {"values", query},
    {"table", query},
    {"with", with},
    {"insert", insert},
    {"upsert", insert},
    {"update", update},
    {"delete", delete_rows},
    {"truncate", parse_truncate},
    {"explain", parse_explain},
    {"show", parse_show},
    {"set", parse_set},
    {"reset", parse_reset},
    {"use", parse_use},
    {"begin", parse_txn},
    {"start", parse_txn},
    {"commit", parse_txn},
    {"end", parse_txn},
    {"rollback", parse_txn},
    {"abort", parse_txn},
    {"savepoint", parse_txn},
    {"release", parse_txn},
    {"prepare", parse_prepare},
    {"execute", parse_prepare},
    {"deallocate", parse_prepare},
    {"discard", parse_prepare},
    {"declare", parse_cursor},
    {"fetch", parse_cursor},
    {"move", parse_cursor},
    {"close", parse_cursor},
    {"create", parse_create},
    {"alter", parse_alter},
    {"drop", parse_drop},
    {"grant", parse_grant},
    {"revoke", parse_grant},
    {"comment", parse_comment},
    {"cancel", parse_job_control},
    {"pause", parse_job_control},
    {"resume", parse_job_control},
    {"refresh", refresh},
    {"analyze", analyze},
    {"analyse", analyze},
    {"reassign", reassign},
    {"copy", parse_copy},
    {"backup", unsupported},
    {"restore", unsupported},
    {"import", unsupported},
    {"export", unsupported},
    {"call", unsupported},
    {"do", unsupported},
    {"unlisten", unsupported},
    {"inspect", unsupported},
};

static bool parse_any(struct parser *p, struct ast_stmt *s) {
    if (parse_at_op(p, "("))
        return query(p, s);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (parse_at(p, statements[i].word))
            return statements[i].parse(p, s);
    return parse_fail(p);
}

struct ast_stmt *parse_stmt(struct parser *p) {
    struct ast_stmt *s = parse_new(p, struct ast_stmt);
    size_t begin = p->tok.begin;
    bool done = parse_dive(p) && parse_any(p, s);
    parse_rise(p);
    if (!done || p->failed)
        return NULL;
    s->pos = begin;
    s->text = arena_strndup(p->arena, p->lexer.sql + begin, p->last_end - begin);
    s->params = p->params;
    return s;
}
