/* parse_set: SET, RESET and USE of session variables and cluster settings. */
#include "parse.h"

#include "domicile/base/str.h"

/* a.b.c in one text; any word may be a part. */
bool parse_setting_name(struct parser *p, const char **name) {
    struct str text = {0};
    do {
        const char *part;
        if (!parse_any_name(p, &part)) {
            str_free(&text);
            return false;
        }
        str_add(&text, text.len ? "." : "");
        str_add(&text, part);
    } while (parse_take_op(p, "."));
    *name = arena_strdup(p->arena, str_get(&text));
    str_free(&text);
    return true;
}

/* on, off, read: words that are no expressions but are values. */
static struct ast_expr *value(struct parser *p) {
    bool word = (p->tok.kind == TOKEN_KEYWORD || p->tok.kind == TOKEN_NAME) && !parse_at(p, "default")
             && !parse_at(p, "null") && !parse_at(p, "true") && !parse_at(p, "false") && !parse_at(p, "case")
             && !parse_at(p, "not") && !parse_at(p, "array") && !parse_at_typed_literal(p);
    const struct token *next = parse_peek(p, 1);
    bool lone = next->kind == TOKEN_END || token_is_op(next, ";") || token_is_op(next, ",")
                || token_is_op(next, "]") || token_is_op(next, ")");
    if (!word || !lone)
        return parse_expr(p);
    struct ast_expr *e = parse_new_expr(p, EXPR_COLUMN);
    e->u.column = (struct ast_name){.n = 1, .part = {p->tok.text}, .pos = p->tok.begin};
    parse_advance(p);
    return parse_done(p, e);
}

static bool values(struct parser *p, struct ast_set *set) {
    do {
        struct ast_expr *e = value(p);
        if (!e)
            return false;
        parse_push(p, &set->values, e);
    } while (parse_take_op(p, ","));
    set->reset = set->values.len == 1 && set->values.items[0]->kind == EXPR_DEFAULT;
    return true;
}

static bool time_zone(struct parser *p, struct ast_set *set) {
    set->name = "timezone";
    if (!parse_take_op(p, "="))
        parse_take(p, "to");
    if (parse_take(p, "local")) {
        set->reset = true;
        return true;
    }
    return values(p, set);
}

bool parse_set_clause(struct parser *p, struct ast_set *set) {
    if (parse_take_all(p, "time", "zone"))
        return time_zone(p, set);
    if (parse_at2(p, "names", "default")
        || (parse_at(p, "names") && parse_peek(p, 1)->kind == TOKEN_STRING)) {
        parse_advance(p);
        set->name = "client_encoding";
        return values(p, set);
    }
    if (parse_at(p, "schema") && parse_peek(p, 1)->kind == TOKEN_STRING) {
        parse_advance(p);
        set->name = "search_path";
        return values(p, set);
    }
    if (parse_at(p, "role") && !token_is_op(parse_peek(p, 1), "=")
        && !token_is_word(parse_peek(p, 1), "to")) {
        parse_advance(p);
        set->name = "role";
        return values(p, set);
    }
    if (!parse_setting_name(p, &set->name))
        return false;
    return (parse_take_op(p, "=") || parse_expect(p, "to")) && values(p, set);
}

static bool set_cluster(struct parser *p, struct ast_set *set) {
    const char *help = parse_enter(p, "h SET CLUSTER SETTING");
    set->scope = SCOPE_CLUSTER;
    if (!parse_setting_name(p, &set->name) || !(parse_take_op(p, "=") || parse_expect(p, "to"))
        || !values(p, set))
        return false;
    parse_leave(p, help);
    return true;
}

/* SET SESSION AUTHORIZATION DEFAULT|name */
static bool set_authorization(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_SET_AUTHORIZATION;
    s->u.name.n = 1;
    return parse_at(p, "default") ? parse_any_name(p, &s->u.name.part[0]) : parse_role(p, &s->u.name.part[0]);
}

bool parse_set(struct parser *p, struct ast_stmt *s) {
    const char *help = p->help;
    parse_advance(p);
    if (parse_take_all(p, "session", "authorization"))
        return set_authorization(p, s);
    bool session_transaction = parse_take_all(p, "session", "characteristics", "as");
    if (parse_at(p, "transaction") || parse_at2(p, "session", "transaction") || session_transaction) {
        parse_take(p, "session");
        return parse_set_transaction(p, s, session_transaction);
    }
    s->kind = STMT_SET;
    if (parse_take_all(p, "cluster", "setting"))
        return set_cluster(p, &s->u.set);
    parse_enter(p, parse_at(p, "local") ? "h SET LOCAL" : "h SET SESSION");
    s->u.set.scope = parse_take(p, "local") ? SCOPE_LOCAL : SCOPE_SESSION;
    parse_take(p, "session");
    if (!parse_set_clause(p, &s->u.set))
        return false;
    parse_leave(p, help);
    return true;
}

bool parse_reset(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_SET;
    s->u.set.reset = true;
    parse_advance(p);
    const char *help = parse_enter(p, "h RESET");
    if (parse_take_all(p, "cluster", "setting"))
        s->u.set.scope = SCOPE_CLUSTER;
    else
        parse_take(p, "session");
    if (s->u.set.scope == SCOPE_SESSION && parse_take(p, "all"))
        s->u.set.reset_all = true;
    else if (parse_take_all(p, "time", "zone"))
        s->u.set.name = "timezone";
    else if (!parse_setting_name(p, &s->u.set.name))
        return false;
    parse_leave(p, help);
    return true;
}

bool parse_use(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_SET;
    s->u.set.name = "database";
    parse_advance(p);
    const char *help = parse_enter(p, "h USE");
    if (!values(p, &s->u.set))
        return false;
    parse_leave(p, help);
    return true;
}
