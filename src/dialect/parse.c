/* parse: the cursor over tokens, the server's syntax errors, and the parser's entry points. */
#include "parse.h"

#include "domicile/base/str.h"

#include <stdio.h>

/* ---- tokens ---- */

void parse_advance(struct parser *p) {
    p->last_end = p->tok.end;
    if (p->n_ahead == 0) {
        p->tok = lexer_next(&p->lexer);
        return;
    }
    p->tok = p->ahead[0];
    p->n_ahead--;
    memmove(p->ahead, p->ahead + 1, (size_t)p->n_ahead * sizeof *p->ahead);
}

const struct token *parse_peek(struct parser *p, int n) {
    while (p->n_ahead < n)
        p->ahead[p->n_ahead++] = lexer_next(&p->lexer);
    return &p->ahead[n - 1];
}

bool token_is_word(const struct token *tok, const char *word) {
    bool bare = tok->kind == TOKEN_KEYWORD || (tok->kind == TOKEN_NAME && tok->len == tok->end - tok->begin);
    return bare && strcmp(tok->text, word) == 0;
}

bool parse_at(const struct parser *p, const char *word) {
    return token_is_word(&p->tok, word);
}

bool parse_at2(struct parser *p, const char *first, const char *second) {
    return parse_at(p, first) && token_is_word(parse_peek(p, 1), second);
}

bool parse_at_op(const struct parser *p, const char *op) {
    return token_is_op(&p->tok, op);
}

bool parse_take(struct parser *p, const char *word) {
    if (!parse_at(p, word))
        return false;
    parse_advance(p);
    return true;
}

bool parse_take_words(struct parser *p, const char *const *words) {
    if (!parse_at(p, words[0]))
        return false;
    for (int i = 1; words[i]; i++)
        if (!token_is_word(parse_peek(p, i), words[i]))
            return false;
    for (int i = 0; words[i]; i++)
        parse_advance(p);
    return true;
}

bool parse_take_op(struct parser *p, const char *op) {
    if (!parse_at_op(p, op))
        return false;
    parse_advance(p);
    return true;
}

bool parse_expect(struct parser *p, const char *word) {
    return parse_take(p, word) || parse_fail(p);
}

bool parse_expect_op(struct parser *p, const char *op) {
    return parse_take_op(p, op) || parse_fail(p);
}

bool parse_at_end(const struct parser *p) {
    return p->tok.kind == TOKEN_END || parse_at_op(p, ";");
}

/* ---- errors ---- */

/* The statement up to the end of the offending token's line, and a caret under the token. */
static const char *error_detail(struct parser *p) {
    const char *sql = p->lexer.sql;
    size_t pos = p->tok.begin;
    size_t end = pos;
    while (end < p->lexer.len && sql[end] != '\n' && !(parse_at_end(p) && sql[end] == ';'))
        end++;
    size_t line = end;
    while (line > p->stmt_begin && sql[line - 1] != '\n')
        line--;
    struct str out = {0};
    str_add(&out, "source SQL:\n");
    str_add_n(&out, sql + p->stmt_begin, end - p->stmt_begin);
    str_add_char(&out, '\n');
    for (size_t i = line; i < pos; i++)
        str_add_char(&out, ' ');
    str_add_char(&out, '^');
    const char *detail = arena_strdup(p->arena, str_get(&out));
    str_free(&out);
    return detail;
}

static bool fail(struct parser *p, const char *sqlstate, const char *because) {
    if (p->failed)
        return false;
    p->failed = true;
    snprintf(p->error.sqlstate, sizeof p->error.sqlstate, "%s", sqlstate);
    p->error.position = p->tok.begin;
    p->error.detail = error_detail(p);
    if (p->tok.kind == TOKEN_ERROR)
        p->error.message = arena_printf(p->arena, "lexical error: %s", p->tok.text);
    else
        p->error.message = arena_printf(p->arena, "at or near \"%s\": syntax error%s%s",
                                        parse_at_end(p) ? "EOF" : p->tok.text, because ? ": " : "",
                                        because ? because : "");
    if (!because && p->help)
        p->error.hint = arena_printf(p->arena, "try \\%s", p->help);
    return false;
}

bool parse_fail(struct parser *p) {
    return fail(p, "42601", NULL);
}

bool parse_fail_because(struct parser *p, const char *because) {
    return fail(p, "42601", because);
}

bool parse_unimplemented(struct parser *p, const char *what) {
    if (p->failed)
        return false;
    fail(p, "0A000", arena_printf(p->arena, "unimplemented: %s", what));
    p->error.hint = "You have attempted to use a feature that is not yet implemented.";
    return false;
}

const char *parse_enter(struct parser *p, const char *topic) {
    const char *before = p->help;
    p->help = topic;
    return before;
}

void parse_leave(struct parser *p, const char *before) {
    p->help = before;
}

bool parse_dive(struct parser *p) {
    p->depth++;
    return p->depth <= PARSE_DEPTH || parse_fail_because(p, "the statement is nested too deeply");
}

void parse_rise(struct parser *p) {
    p->depth--;
}

bool parse_link(struct parser *p, int *links) {
    return ++*links <= PARSE_LINKS || parse_fail_because(p, "the expression has too many operators");
}

/* The capacity is the power of two at or above len: grow when len has filled it. */
void *parse_grow(struct parser *p, void *items, size_t len, size_t size) {
    if (len & (len - 1) || (len > 0 && len < 4))
        return items;
    size_t capacity = len == 0 ? 4 : len * 2;
    void *bigger = arena_calloc(p->arena, capacity, size);
    if (len > 0)
        memcpy(bigger, items, len * size);
    return bigger;
}

/* ---- entry points ---- */

static void start(struct parser *p, struct arena *arena, const char *sql, size_t len, int version) {
    *p = (struct parser){.arena = arena, .version = version ? version : 9999};
    lexer_init(&p->lexer, arena, sql, len);
    parse_advance(p);
}

static bool finish(struct parser *p, struct parse_error *err) {
    if (err)
        *err = p->error;
    return !p->failed;
}

static bool parse_one(struct parser *p, struct ast_stmts *list) {
    p->stmt_begin = p->tok.begin;
    p->params = 0;
    p->help = NULL;
    struct ast_stmt *s = parse_stmt(p);
    if (!s)
        return false;
    if (!parse_at_end(p))
        return parse_fail(p);
    s->pos = p->stmt_begin;
    s->text = arena_strndup(p->arena, p->lexer.sql + p->stmt_begin, p->last_end - p->stmt_begin);
    s->params = p->params;
    parse_push(p, list, s);
    return true;
}

bool parser_parse(struct arena *arena, const char *sql, size_t len, int version,
                  struct ast_stmts *out, struct parse_error *err) {
    struct parser p;
    struct ast_stmts list = {0};
    *out = list;
    start(&p, arena, sql, len, version);
    while (!p.failed) {
        while (parse_take_op(&p, ";"))
            continue;
        if (p.tok.kind == TOKEN_END || !parse_one(&p, &list))
            break;
    }
    if (!p.failed)
        *out = list;
    return finish(&p, err);
}

bool parser_parse_expr(struct arena *arena, const char *sql, int version,
                       struct ast_expr **out, struct parse_error *err) {
    struct parser p;
    start(&p, arena, sql, strlen(sql), version);
    *out = parse_expr(&p);
    if (*out && p.tok.kind != TOKEN_END)
        parse_fail(&p);
    return finish(&p, err);
}

bool parser_parse_type(struct arena *arena, const char *sql, int version,
                       struct ast_type **out, struct parse_error *err) {
    struct parser p;
    start(&p, arena, sql, strlen(sql), version);
    *out = parse_type(&p);
    if (*out && p.tok.kind != TOKEN_END)
        parse_fail(&p);
    return finish(&p, err);
}

bool parser_parse_name(struct arena *arena, const char *sql, struct ast_name *out, struct parse_error *err) {
    struct parser p;
    start(&p, arena, sql, strlen(sql), 0);
    if (parse_object(&p, out) && p.tok.kind != TOKEN_END)
        parse_fail(&p);
    return finish(&p, err);
}
