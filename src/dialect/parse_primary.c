/* parse_primary: literals, names, parentheses, CASE, arrays: what operators stand between. */
#include "parse.h"

static struct ast_expr *literal(struct parser *p, enum ast_expr_kind kind) {
    struct ast_expr *e = parse_new_expr(p, kind);
    if (kind == EXPR_NUMBER) {
        e->u.number.text = p->tok.text;
        e->u.number.integer = p->tok.kind == TOKEN_INTEGER;
    } else {
        e->u.string.bytes = p->tok.text;
        e->u.string.len = p->tok.len;
    }
    parse_advance(p);
    return parse_done(p, e);
}

static struct ast_expr *param(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_PARAM);
    e->u.param = p->tok.number;
    p->params = p->tok.number > p->params ? p->tok.number : p->params;
    parse_advance(p);
    return parse_done(p, e);
}

static struct ast_expr *simple(struct parser *p, enum ast_expr_kind kind, bool value) {
    struct ast_expr *e = parse_new_expr(p, kind);
    if (kind == EXPR_BOOL)
        e->u.boolean = value;
    parse_advance(p);
    return parse_done(p, e);
}

/* ---- parentheses ---- */

static bool at_query_rest(struct parser *p) {
    static const char *const words[] = {"union", "intersect", "except", "order",
                                        "limit", "offset",    "fetch",  "for"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (parse_at(p, words[i]))
            return true;
    return false;
}

/* ((SELECT 1) UNION SELECT 2): what began as an expression is the first part of a query. */
static struct ast_expr *query_after_all(struct parser *p, struct ast_expr *outer, struct ast_expr *first) {
    struct ast_query *left = parse_new(p, struct ast_query);
    left->kind = QUERY_PAREN;
    left->pos = first->pos;
    left->u.paren = first->u.query;
    outer->kind = EXPR_SUBQUERY;
    outer->u.query = parse_query_after_first(p, left);
    return outer->u.query && parse_expect_op(p, ")") ? parse_done(p, outer) : NULL;
}

static struct ast_expr *tuple_rest(struct parser *p, struct ast_expr *outer, struct ast_expr *first) {
    outer->kind = EXPR_TUPLE;
    parse_push(p, &outer->u.tuple.list, first);
    while (parse_take_op(p, ",")) {
        if (parse_at_op(p, ")"))
            break;
        struct ast_expr *e = parse_expr(p);
        if (!e)
            return NULL;
        parse_push(p, &outer->u.tuple.list, e);
    }
    return parse_expect_op(p, ")") ? parse_done(p, outer) : NULL;
}

static struct ast_expr *parenthesis(struct parser *p) {
    struct ast_expr *outer = parse_new_expr(p, EXPR_PAREN);
    parse_advance(p);
    if (parse_at_op(p, ")")) {
        outer->kind = EXPR_TUPLE;
        parse_advance(p);
        return parse_done(p, outer);
    }
    if (!parse_at_op(p, "(") && parse_at_query(p)) {
        outer->kind = EXPR_SUBQUERY;
        outer->u.query = parse_query(p);
        return outer->u.query && parse_expect_op(p, ")") ? parse_done(p, outer) : NULL;
    }
    struct ast_expr *inner = parse_expr(p);
    if (!inner)
        return NULL;
    if (inner->kind == EXPR_SUBQUERY && at_query_rest(p))
        return query_after_all(p, outer, inner);
    if (parse_at_op(p, ","))
        return tuple_rest(p, outer, inner);
    if (inner->kind == EXPR_TUPLE && parse_take(p, "as")) { /* ((1, 2) AS a, b) is the tuple itself */
        *outer = *inner;
        return parse_names(p, &outer->u.tuple.labels) && parse_expect_op(p, ")") ? parse_done(p, outer)
            : NULL;
    }
    outer->u.paren = inner;
    return parse_expect_op(p, ")") ? parse_done(p, outer) : NULL;
}

/* (x).y, (x).* */
static struct ast_expr *fields(struct parser *p, struct ast_expr *e) {
    for (int links = 0; e && parse_at_op(p, ".");) {
        if (!parse_link(p, &links))
            return NULL;
        struct ast_expr *field = parse_new_expr(p, EXPR_FIELD);
        field->pos = e->pos;
        field->u.field.arg = e;
        parse_advance(p);
        if (!parse_take_op(p, "*") && !parse_any_name(p, &field->u.field.field))
            return NULL;
        e = parse_done(p, field);
    }
    return e;
}

/* ---- CASE, ARRAY, ROW, EXISTS ---- */

static struct ast_expr *case_expr(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_CASE);
    parse_advance(p);
    if (!parse_at(p, "when") && !(e->u.cases.arg = parse_expr(p)))
        return NULL;
    if (!parse_at(p, "when"))
        parse_fail(p);
    while (parse_take(p, "when")) {
        struct ast_when when = {.when = parse_expr(p)};
        if (!when.when || !parse_expect(p, "then") || !(when.then = parse_expr(p)))
            return NULL;
        parse_push(p, &e->u.cases.whens, when);
    }
    if (parse_take(p, "else") && !(e->u.cases.otherwise = parse_expr(p)))
        return NULL;
    return parse_expect(p, "end") ? parse_done(p, e) : NULL;
}

static struct ast_expr *array_list(struct parser *p, struct ast_expr *e);

static struct ast_expr *array_item(struct parser *p) {
    if (!parse_at_op(p, "["))
        return parse_expr(p);
    struct ast_expr *row = parse_dive(p) ? array_list(p, parse_new_expr(p, EXPR_ARRAY)) : NULL;
    parse_rise(p);
    return row;
}

/* ARRAY[...]; a bare [...] within one is a row of it. */
static struct ast_expr *array_list(struct parser *p, struct ast_expr *e) {
    if (!parse_expect_op(p, "["))
        return NULL;
    while (!parse_at_op(p, "]")) {
        struct ast_expr *item = array_item(p);
        if (!item)
            return NULL;
        parse_push(p, &e->u.list, item);
        if (!parse_take_op(p, ","))
            break;
    }
    return parse_expect_op(p, "]") ? parse_done(p, e) : NULL;
}

static struct ast_expr *array(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_ARRAY);
    parse_advance(p);
    if (!parse_at_op(p, "("))
        return array_list(p, e);
    parse_advance(p);
    e->kind = EXPR_ARRAY_QUERY;
    e->u.query = parse_query(p);
    return e->u.query && parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

static struct ast_expr *row(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_TUPLE);
    parse_advance(p);
    e->u.tuple.row = true;
    if (!parse_expect_op(p, "("))
        return NULL;
    if (!parse_at_op(p, ")") && !parse_exprs(p, &e->u.tuple.list))
        return NULL;
    return parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

static struct ast_expr *exists(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_EXISTS);
    parse_advance(p);
    if (!parse_expect_op(p, "("))
        return NULL;
    e->u.query = parse_query(p);
    return e->u.query && parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

/* INTERVAL '1' DAY: a bare number is of the unit that follows, the last of DAY TO SECOND. */
static void give_unit(struct parser *p, struct ast_expr *text, const char *unit) {
    const char *number = text->u.string.bytes;
    if (!unit || !*number || number[strspn(number, "+-0123456789.")] != '\0')
        return;
    text->u.string.bytes = arena_printf(p->arena, "%s %s", number, unit);
    text->u.string.len = strlen(text->u.string.bytes);
}

static struct ast_expr *typed_literal(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_CAST);
    e->u.cast.style = CAST_PREFIX;
    e->u.cast.type = parse_type(p);
    if (!e->u.cast.type)
        return NULL;
    if (p->tok.kind != TOKEN_STRING) {
        parse_fail(p);
        return NULL;
    }
    e->u.cast.arg = literal(p, EXPR_STRING);
    if (e->u.cast.type->base == TYPE_INTERVAL)
        give_unit(p, e->u.cast.arg, parse_interval_fields(p));
    return parse_done(p, e);
}

/* ---- names ---- */

static struct ast_expr *path(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_COLUMN);
    struct ast_name *name = &e->u.column;
    name->pos = p->tok.begin;
    if (!parse_any_name(p, &name->part[0]))
        return NULL;
    name->n = 1;
    while (parse_at_op(p, ".")) {
        if (token_is_op(parse_peek(p, 1), "*")) {
            parse_advance(p);
            parse_advance(p);
            e->kind = EXPR_STAR;
            break;
        }
        if (name->n == 4) {
            parse_fail(p);
            return NULL;
        }
        parse_advance(p);
        if (!parse_any_name(p, &name->part[name->n]))
            return NULL;
        name->n++;
    }
    return parse_done(p, e);
}

/* schema.type 'text' */
static struct ast_expr *user_literal(struct parser *p, struct ast_expr *name) {
    struct ast_type *type = parse_new(p, struct ast_type);
    type->user = name->u.column;
    type->width = type->scale = -1;
    type->pos = name->pos;
    name->kind = EXPR_CAST;
    name->u.cast.type = type;
    name->u.cast.style = CAST_PREFIX;
    name->u.cast.arg = literal(p, EXPR_STRING);
    return parse_done(p, name);
}

static struct ast_expr *name_or_call(struct parser *p) {
    struct ast_expr *e = path(p);
    if (e && e->kind == EXPR_COLUMN && e->u.column.n > 1 && p->tok.kind == TOKEN_STRING)
        return user_literal(p, e);
    if (!e || !parse_at_op(p, "(") || e->kind == EXPR_STAR)
        return e;
    struct ast_name name = e->u.column;
    e->kind = EXPR_CALL;
    e->u.call = (struct ast_call){.name = name};
    return parse_call_of(p, e);
}

static struct ast_expr *reserved(struct parser *p) {
    static const struct { const char *word; struct ast_expr *(*parse)(struct parser *); } words[] = {
        {"case", case_expr}, {"array", array},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (parse_at(p, words[i].word))
            return words[i].parse(p);
    if (parse_at(p, "null"))
        return simple(p, EXPR_NULL, false);
    if (parse_at(p, "true") || parse_at(p, "false"))
        return simple(p, EXPR_BOOL, parse_at(p, "true"));
    if (parse_at(p, "default"))
        return simple(p, EXPR_DEFAULT, false);
    parse_fail(p);
    return NULL;
}

static struct ast_expr *word(struct parser *p) {
    bool special;
    struct ast_expr *e = parse_special_call(p, &special);
    if (special)
        return e;
    bool call = token_is_op(parse_peek(p, 1), "(");
    if (call && parse_at(p, "row"))
        return row(p);
    if (call && parse_at(p, "exists"))
        return exists(p);
    if (parse_at_typed_literal(p))
        return typed_literal(p);
    if (token_is_name(&p->tok) || (call && token_is_function_name(&p->tok)) || parse_at(p, "family"))
        return name_or_call(p);
    return reserved(p);
}

static struct ast_expr *atom(struct parser *p) {
    switch (p->tok.kind) {
    case TOKEN_INTEGER:
    case TOKEN_FLOAT:
        return literal(p, EXPR_NUMBER);
    case TOKEN_STRING:
        return literal(p, EXPR_STRING);
    case TOKEN_BYTES:
        return literal(p, EXPR_BYTES);
    case TOKEN_BITS:
        return literal(p, EXPR_BITS);
    case TOKEN_PARAM:
        return param(p);
    case TOKEN_NAME:
    case TOKEN_KEYWORD:
        return word(p);
    case TOKEN_OP:
        if (parse_at_op(p, "("))
            return fields(p, parenthesis(p));
        break;
    case TOKEN_END:
    case TOKEN_ERROR:
        break;
    }
    parse_fail(p);
    return NULL;
}

/* a[1], a[1:2] */
static struct ast_expr *subscript(struct parser *p, struct ast_expr *arg) {
    struct ast_expr *e = parse_new_expr(p, EXPR_SUBSCRIPT);
    e->pos = arg->pos;
    e->u.subscript.arg = arg;
    parse_advance(p);
    if (!parse_at_op(p, ":") && !(e->u.subscript.begin = parse_expr(p)))
        return NULL;
    if (parse_take_op(p, ":")) {
        e->u.subscript.slice = true;
        if (!parse_at_op(p, "]") && !(e->u.subscript.end = parse_expr(p)))
            return NULL;
    }
    return parse_expect_op(p, "]") ? parse_done(p, e) : NULL;
}

struct ast_expr *parse_primary(struct parser *p) {
    struct ast_expr *e = atom(p);
    for (int links = 0; e && parse_at_op(p, "[");)
        e = parse_link(p, &links) ? subscript(p, e) : NULL;
    return e;
}
