/* parse_column: columns of tables with their qualifications, and constraints. */
#include "parse.h"

/* ---- foreign keys ---- */

static bool fk_action(struct parser *p, enum ast_fk_action *action) {
    static const struct { const char *words[3]; enum ast_fk_action action; } actions[] = {
        {{"no", "action"}, FK_NO_ACTION}, {{"restrict"}, FK_RESTRICT},          {{"cascade"}, FK_CASCADE},
        {{"set", "null"}, FK_SET_NULL},   {{"set", "default"}, FK_SET_DEFAULT},
    };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (parse_take_words(p, actions[i].words)) {
            *action = actions[i].action;
            return true;
        }
    return parse_fail(p);
}

static bool fk_actions(struct parser *p, struct ast_references *r) {
    static const char *const actions[] = {"no", "restrict", "cascade", "set"};
    for (;;) {
        bool action = false;
        for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
            action = action || (parse_at(p, "on") && token_is_word(parse_peek(p, 2), actions[i]));
        if (!action)
            return true;
        if (parse_take_all(p, "on", "delete")) {
            if (!fk_action(p, &r->on_delete))
                return false;
        } else if (!parse_take_all(p, "on", "update") || !fk_action(p, &r->on_update)) {
            return parse_fail(p);
        }
    }
}

static bool deferral(struct parser *p) {
    for (;;) {
        if (parse_at(p, "deferrable") || parse_at2(p, "initially", "deferred"))
            return parse_unimplemented(p, "this syntax");
        if (!parse_take_all(p, "not", "deferrable") && !parse_take_all(p, "initially", "immediate"))
            return true;
    }
}

bool parse_references(struct parser *p, struct ast_references *r) {
    if (!parse_object(p, &r->table))
        return false;
    if (parse_at_op(p, "(") && !parse_names_in_parens(p, &r->columns))
        return false;
    if (parse_take_all(p, "match", "full"))
        r->match = "FULL";
    else if (parse_take_all(p, "match", "simple"))
        r->match = "SIMPLE";
    return fk_actions(p, r) && deferral(p);
}

/* ---- constraints of tables ---- */

bool parse_at_constraint(struct parser *p) {
    return parse_at(p, "constraint") || parse_at(p, "check") || parse_at(p, "primary")
           || parse_at(p, "foreign")
           || (parse_at(p, "unique") && !token_is_word(parse_peek(p, 1), "index")
               && !token_is_word(parse_peek(p, 1), "inverted"));
}

static bool check(struct parser *p, struct ast_expr **e) {
    return parse_expect_op(p, "(") && (*e = parse_expr(p)) && parse_expect_op(p, ")");
}

static bool foreign_key(struct parser *p, struct ast_constraint *c) {
    c->kind = CONSTRAINT_FOREIGN_KEY;
    return parse_expect(p, "key") && parse_names_in_parens(p, &c->columns) && parse_expect(p, "references")
        && parse_references(p, &c->references);
}

static bool key_constraint(struct parser *p, struct ast_constraint *c) {
    if (parse_take(p, "primary")) {
        c->kind = CONSTRAINT_PRIMARY;
        c->index.primary = true;
        return parse_expect(p, "key") && parse_index_body(p, &c->index);
    }
    c->kind = CONSTRAINT_UNIQUE;
    c->index.unique = true;
    if (!parse_expect(p, "unique"))
        return false;
    c->without_index = parse_take_all(p, "without", "index");
    return parse_index_body(p, &c->index) && deferral(p);
}

struct ast_constraint *parse_constraint(struct parser *p) {
    struct ast_constraint *c = parse_new(p, struct ast_constraint);
    if (parse_take(p, "constraint")
        && (!parse_if_not_exists(p, &c->if_not_exists) || !parse_name(p, &c->name)))
        return NULL;
    bool done;
    if (parse_take(p, "check")) {
        c->kind = CONSTRAINT_CHECK;
        done = check(p, &c->check);
    } else if (parse_take(p, "foreign")) {
        done = foreign_key(p, c);
    } else {
        done = key_constraint(p, c);
    }
    c->index.name = c->name;
    if (done)
        c->not_valid = parse_take_all(p, "not", "valid");
    return done ? c : NULL;
}

/* ---- qualifications of columns ---- */

static bool computed(struct parser *p, struct ast_column *c) {
    if (!check(p, &c->computed))
        return false;
    c->stored = parse_take(p, "stored");
    return c->stored || parse_expect(p, "virtual");
}

static bool skip_parens(struct parser *p) {
    int depth = 0;
    do {
        if (parse_at_end(p) || p->tok.kind == TOKEN_ERROR)
            return parse_fail(p);
        depth += parse_at_op(p, "(") - parse_at_op(p, ")");
        parse_advance(p);
    } while (depth > 0);
    return true;
}

/* GENERATED ALWAYS AS (...) STORED, GENERATED {ALWAYS|BY DEFAULT} AS IDENTITY [(options)] */
static bool generated(struct parser *p, struct ast_column *c) {
    c->identity_always = parse_take(p, "always");
    if (!c->identity_always && (!parse_expect(p, "by") || !parse_expect(p, "default")))
        return false;
    if (!parse_expect(p, "as"))
        return false;
    if (c->identity_always && parse_at_op(p, "("))
        return computed(p, c);
    if (!parse_expect(p, "identity"))
        return false;
    c->identity = true;
    c->nullable = -1;
    return !parse_at_op(p, "(") || skip_parens(p);
}

static bool primary_key(struct parser *p, struct ast_column *c) {
    c->primary = true;
    c->primary_hash = parse_take_all(p, "using", "hash");
    struct ast_options params = {0};
    return !c->primary_hash || !parse_take(p, "with") || parse_params(p, &params);
}

static bool unique(struct parser *p, struct ast_column *c) {
    c->unique = true;
    c->unique_without_index = parse_take_all(p, "without", "index");
    return true;
}

static bool column_constraint(struct parser *p, struct ast_column *c, const char *name) {
    struct ast_constraint k = {.name = name};
    bool done;
    if (parse_take(p, "check")) {
        k.kind = CONSTRAINT_CHECK;
        done = check(p, &k.check);
    } else {
        k.kind = CONSTRAINT_FOREIGN_KEY;
        parse_push(p, &k.columns, c->name);
        done = parse_expect(p, "references") && parse_references(p, &k.references);
    }
    parse_push(p, &c->constraints, k);
    return done;
}

static bool family(struct parser *p, struct ast_column *c) {
    c->create_family = parse_take(p, "create");
    if (c->create_family)
        parse_if_not_exists(p, &c->family_if_not_exists);
    if (!parse_expect(p, "family"))
        return false;
    return (c->create_family && !token_is_name(&p->tok)) || parse_name(p, &c->family);
}

/* One qualification; *found says whether there was one. */
static bool qualification(struct parser *p, struct ast_column *c, bool *found) {
    const char *name = NULL;
    *found = true;
    if (parse_take(p, "constraint") && !parse_name(p, &name))
        return false;
    if (parse_take_all(p, "not", "null"))
        c->nullable = -1;
    else if (parse_take(p, "null"))
        c->nullable = 1;
    else if (parse_take_all(p, "not", "visible"))
        c->hidden = true;
    else if (parse_take(p, "default"))
        return (c->default_expr = parse_b_expr(p)) != NULL;
    else if (parse_take_all(p, "on", "update"))
        return (c->on_update = parse_b_expr(p)) != NULL;
    else if (parse_take(p, "as"))
        return computed(p, c);
    else if (parse_take(p, "generated"))
        return generated(p, c);
    else if (parse_at(p, "check") || parse_at(p, "references"))
        return column_constraint(p, c, name);
    else if (parse_at(p, "family") || parse_at(p, "create"))
        return family(p, c);
    else if (parse_take_all(p, "primary", "key")) {
        c->unique_name = name;
        return primary_key(p, c);
    } else if (parse_take(p, "unique")) {
        c->unique_name = name;
        return unique(p, c);
    } else
        *found = false;
    return *found || !name || parse_fail(p);
}

bool parse_column_qualifiers(struct parser *p, struct ast_column *c) {
    bool found = true;
    while (found)
        if (!qualification(p, c, &found))
            return false;
    return true;
}

struct ast_column *parse_column(struct parser *p, bool typed) {
    struct ast_column *c = parse_new(p, struct ast_column);
    c->pos = p->tok.begin;
    if (!parse_name(p, &c->name))
        return NULL;
    if (typed && !(c->type = parse_type(p)))
        return NULL;
    return parse_column_qualifiers(p, c) ? c : NULL;
}
