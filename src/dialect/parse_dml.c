/* parse_dml: INSERT, UPSERT, UPDATE, DELETE, TRUNCATE. */
#include "parse.h"

static bool returning(struct parser *p, bool *has, struct ast_targets *targets) {
    if (!parse_take(p, "returning"))
        return true;
    if (parse_take(p, "nothing"))
        return true;
    const char *help = parse_enter(p, "h RETURNING");
    *has = true;
    if (!parse_targets(p, targets))
        return false;
    parse_leave(p, help);
    return true;
}

/* ---- SET a = b ---- */

static bool assignment(struct parser *p, struct ast_assignment *a) {
    a->tuple = parse_at_op(p, "(");
    const char *name = NULL;
    if (a->tuple ? !parse_names_in_parens(p, &a->columns) : !parse_name(p, &name))
        return false;
    if (!a->tuple)
        parse_push(p, &a->columns, name);
    if (!parse_expect_op(p, "="))
        return false;
    a->value = parse_expr(p);
    return a->value != NULL;
}

bool parse_assignments(struct parser *p, struct ast_assignments *set) {
    do {
        struct ast_assignment a = {0};
        if (!assignment(p, &a))
            return false;
        parse_push(p, set, a);
    } while (parse_take_op(p, ","));
    return true;
}

/* ---- INSERT ---- */

static bool at_query_in_parens(struct parser *p) {
    const struct token *next = parse_peek(p, 1);
    return token_is_op(next, "(") || token_is_word(next, "select") || token_is_word(next, "with")
        || token_is_word(next, "values") || token_is_word(next, "table");
}

static bool insert_source(struct parser *p, struct ast_insert *i) {
    if (parse_at_op(p, "(") && !at_query_in_parens(p) && !parse_names_in_parens(p, &i->columns))
        return false;
    if (parse_take_all(p, "default", "values"))
        return true;
    if (!parse_at_query(p))
        return parse_fail(p);
    i->source = parse_query(p);
    return i->source != NULL;
}

static bool conflict_target(struct parser *p, struct ast_insert *i) {
    if (parse_take_all(p, "on", "constraint"))
        return parse_name(p, &i->conflict_constraint);
    if (!parse_at_op(p, "("))
        return true;
    if (!parse_names_in_parens(p, &i->conflict_columns))
        return false;
    return !parse_take(p, "where") || (i->conflict_where = parse_expr(p));
}

static bool conflict(struct parser *p, struct ast_insert *i) {
    if (!parse_take(p, "on"))
        return true;
    if (!parse_expect(p, "conflict") || !conflict_target(p, i) || !parse_expect(p, "do"))
        return false;
    if (parse_take(p, "nothing")) {
        i->conflict = CONFLICT_NOTHING;
        return true;
    }
    i->conflict = CONFLICT_UPDATE;
    if (!parse_expect(p, "update") || !parse_expect(p, "set") || !parse_assignments(p, &i->set))
        return false;
    return !parse_take(p, "where") || (i->set_where = parse_expr(p));
}

bool parse_insert(struct parser *p, struct ast_stmt *s, struct ast_with *with) {
    struct ast_insert *i = &s->u.insert;
    s->kind = STMT_INSERT;
    i->with = with;
    i->upsert = parse_at(p, "upsert");
    parse_advance(p);
    const char *help = parse_enter(p, i->upsert ? "h UPSERT" : "h INSERT");
    if (!parse_expect(p, "into") || !parse_object(p, &i->table))
        return false;
    if (parse_take(p, "as") && !parse_name(p, &i->alias))
        return false;
    if (!insert_source(p, i) || (!i->upsert && !conflict(p, i)))
        return false;
    parse_leave(p, help);
    return returning(p, &i->has_returning, &i->returning);
}

/* ---- UPDATE, DELETE ---- */

/* [ONLY] t[@i] [[AS] a] */
static bool changed_table(struct parser *p, struct ast_name *table, const char **index, const char **alias) {
    parse_take(p, "only");
    if (!parse_object(p, table))
        return false;
    parse_take_op(p, "*");
    if (parse_take_op(p, "@") && !parse_any_name(p, index))
        return false;
    if (parse_take(p, "as"))
        return parse_name(p, alias);
    return !token_is_name(&p->tok) || parse_at(p, "set") || parse_name(p, alias);
}

static bool order_and_limit(struct parser *p, struct ast_orders *order, struct ast_expr **limit) {
    if (parse_take_all(p, "order", "by") && !parse_orders(p, order))
        return false;
    return !parse_take(p, "limit") || parse_take(p, "all") || (*limit = parse_expr(p));
}

bool parse_update(struct parser *p, struct ast_stmt *s, struct ast_with *with) {
    struct ast_update *u = &s->u.update;
    s->kind = STMT_UPDATE;
    u->with = with;
    parse_advance(p);
    const char *help = parse_enter(p, "h UPDATE");
    if (!changed_table(p, &u->table, &u->index, &u->alias) || !parse_expect(p, "set")
        || !parse_assignments(p, &u->set))
        return false;
    if (parse_take(p, "from") && !parse_from_list(p, &u->from))
        return false;
    if (parse_take(p, "where") && !(u->where = parse_expr(p)))
        return false;
    if (!order_and_limit(p, &u->order, &u->limit))
        return false;
    parse_leave(p, help);
    return returning(p, &u->has_returning, &u->returning);
}

bool parse_delete(struct parser *p, struct ast_stmt *s, struct ast_with *with) {
    struct ast_delete *d = &s->u.delete;
    s->kind = STMT_DELETE;
    d->with = with;
    parse_advance(p);
    const char *help = parse_enter(p, "h DELETE");
    if (!parse_expect(p, "from") || !changed_table(p, &d->table, &d->index, &d->alias))
        return false;
    if (parse_take(p, "using") && !parse_from_list(p, &d->from))
        return false;
    if (parse_take(p, "where") && !(d->where = parse_expr(p)))
        return false;
    if (!order_and_limit(p, &d->order, &d->limit))
        return false;
    parse_leave(p, help);
    return returning(p, &d->has_returning, &d->returning);
}

bool parse_truncate(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_TRUNCATE;
    parse_advance(p);
    const char *help = parse_enter(p, "h TRUNCATE");
    parse_take(p, "table");
    if (!parse_objects(p, &s->u.truncate.tables))
        return false;
    s->u.truncate.cascade = parse_take(p, "cascade");
    if (!s->u.truncate.cascade)
        parse_take(p, "restrict");
    parse_leave(p, help);
    return true;
}
