/* parse_expr: operators of expressions, by binding power. */
#include "parse.h"

/* Binding powers, weakest first, as in the server's grammar. */
enum {
    BIND_OR = 1,
    BIND_AND,
    BIND_NOT,
    BIND_IS,
    BIND_COMPARE,
    BIND_LIKE,
    BIND_CONTAINS,
    BIND_OTHER,
    BIND_BIT_OR,
    BIND_BIT_XOR,
    BIND_BIT_AND,
    BIND_SHIFT,
    BIND_OPERATOR,
    BIND_ADD,
    BIND_MULTIPLY,
    BIND_POWER,
    BIND_AT,
    BIND_COLLATE,
    BIND_UNARY,
    BIND_ANNOTATE,
    BIND_CAST
};

static const struct infix {
    const char *text;
    enum ast_op op;
    int bind;
    bool chainless; /* a = b = c is no expression */
} infixes[] = {
    {"=", OP_EQ, BIND_COMPARE, true},          {"<>", OP_NE, BIND_COMPARE, true},
    {"!=", OP_NE, BIND_COMPARE, true},         {"<", OP_LT, BIND_COMPARE, true},
    {"<=", OP_LE, BIND_COMPARE, true},         {">", OP_GT, BIND_COMPARE, true},
    {">=", OP_GE, BIND_COMPARE, true},         {"@>", OP_CONTAINS, BIND_CONTAINS, true},
    {"<@", OP_CONTAINED, BIND_CONTAINS, true},  {"?", OP_KEY_EXISTS, BIND_CONTAINS, true},
    {"?|", OP_SOME_EXISTS, BIND_CONTAINS, true},{"?&", OP_ALL_EXISTS, BIND_CONTAINS, true},
    {"<<=", OP_WITHIN, BIND_SHIFT, false},     {">>=", OP_HOLDS, BIND_SHIFT, false},
    {"@@", OP_TSMATCH, BIND_OTHER, false},
    {"~", OP_MATCH, BIND_LIKE, true},          {"!~", OP_NOT_MATCH, BIND_LIKE, true},
    {"~*", OP_IMATCH, BIND_LIKE, true},        {"!~*", OP_NOT_IMATCH, BIND_LIKE, true},
    {"~~", OP_LIKE, BIND_LIKE, true},          {"!~~", OP_NOT_LIKE, BIND_LIKE, true},
    {"~~*", OP_ILIKE, BIND_LIKE, true},        {"!~~*", OP_NOT_ILIKE, BIND_LIKE, true},
    {"||", OP_CONCAT, BIND_OTHER, false},      {"&&", OP_OVERLAPS, BIND_SHIFT, false},
    {"->", OP_FETCH, BIND_OTHER, false},       {"->>", OP_FETCH_TEXT, BIND_OTHER, false},
    {"#>", OP_FETCH_PATH, BIND_OTHER, false},  {"#>>", OP_FETCH_PATH_TEXT, BIND_OTHER, false},
    {"#-", OP_REMOVE_PATH, BIND_OTHER, false},
    {"|", OP_BIT_OR, BIND_BIT_OR, false},      {"#", OP_BIT_XOR, BIND_BIT_XOR, false},
    {"&", OP_BIT_AND, BIND_BIT_AND, false},    {"<<", OP_SHIFT_LEFT, BIND_SHIFT, false},
    {">>", OP_SHIFT_RIGHT, BIND_SHIFT, false}, {"+", OP_ADD, BIND_ADD, false},
    {"-", OP_SUB, BIND_ADD, false},            {"*", OP_MUL, BIND_MULTIPLY, false},
    {"/", OP_DIV, BIND_MULTIPLY, false},       {"//", OP_FLOORDIV, BIND_MULTIPLY, false},
    {"%", OP_MOD, BIND_MULTIPLY, false},       {"^", OP_POW, BIND_POWER, false},
};

static struct ast_expr *expr_at(struct parser *p, int bind, bool restricted);

struct ast_expr *parse_new_expr(struct parser *p, enum ast_expr_kind kind) {
    struct ast_expr *e = parse_new(p, struct ast_expr);
    e->kind = kind;
    e->pos = p->tok.begin;
    return e;
}

struct ast_expr *parse_done(struct parser *p, struct ast_expr *e) {
    if (e)
        e->end = p->last_end;
    return e;
}

static struct ast_expr *new_after(struct parser *p, enum ast_expr_kind kind, const struct ast_expr *left) {
    struct ast_expr *e = parse_new_expr(p, kind);
    e->pos = left->pos;
    return e;
}

static struct ast_expr *binary(struct parser *p, enum ast_op op, struct ast_expr *left,
                               struct ast_expr *right) {
    if (!right)
        return NULL;
    struct ast_expr *e = new_after(p, EXPR_BINARY, left);
    e->u.binary.op = op;
    e->u.binary.left = left;
    e->u.binary.right = right;
    return parse_done(p, e);
}

static const struct infix *find_infix(const struct token *tok) {
    for (size_t i = 0; tok->kind == TOKEN_OP && i < sizeof infixes / sizeof *infixes; i++)
        if (strcmp(infixes[i].text, tok->text) == 0)
            return &infixes[i];
    return NULL;
}

/* What stands in parentheses behind ANY or IN: a query, however often in parentheses, or not. */
static struct ast_query *query_in(struct ast_expr *right) {
    while (right->kind == EXPR_PAREN)
        right = right->u.paren;
    return right->kind == EXPR_SUBQUERY ? right->u.query : NULL;
}

/* a op ANY (array or query), after the operator. The server also prints ANY ARRAY[...]. */
static struct ast_expr *quantified(struct parser *p, enum ast_op op, struct ast_expr *left) {
    struct ast_expr *e = new_after(p, EXPR_QUANTIFIED, left);
    e->u.quantified.op = op;
    e->u.quantified.left = left;
    e->u.quantified.all = parse_at(p, "all");
    parse_advance(p);
    struct ast_expr *right = expr_at(p, BIND_OTHER + 1, false);
    if (!right)
        return NULL;
    e->u.quantified.query = query_in(right);
    if (!e->u.quantified.query)
        e->u.quantified.right = right->kind == EXPR_PAREN ? right->u.paren : right;
    return parse_done(p, e);
}

static bool at_quantifier(struct parser *p) {
    return parse_at(p, "any") || parse_at(p, "some") || parse_at(p, "all");
}

static struct ast_expr *infix_rest(struct parser *p, struct ast_expr *left, enum ast_op op, int bind,
                                   bool restricted) {
    if (at_quantifier(p))
        return quantified(p, op, left);
    return binary(p, op, left, expr_at(p, bind + 1, restricted));
}

/* OPERATOR(schema.op), as psql writes it. */
static struct ast_expr *named_operator(struct parser *p, struct ast_expr *left, bool restricted) {
    const char *schema;
    parse_advance(p);
    if (!parse_expect_op(p, "("))
        return NULL;
    while (p->tok.kind != TOKEN_OP)
        if (!parse_any_name(p, &schema) || !parse_expect_op(p, "."))
            return NULL;
    const struct infix *infix = find_infix(&p->tok);
    if (!infix) {
        parse_fail(p);
        return NULL;
    }
    parse_advance(p);
    return parse_expect_op(p, ")") ? infix_rest(p, left, infix->op, BIND_OPERATOR, restricted) : NULL;
}

/* ---- IS ---- */

static struct ast_expr *is_of_type(struct parser *p, struct ast_expr *left, bool negated) {
    struct ast_expr *e = new_after(p, EXPR_IS_OF_TYPE, left);
    e->u.is_of.arg = left;
    e->u.is_of.negated = negated;
    if (!parse_expect_op(p, "("))
        return NULL;
    do {
        struct ast_type *type = parse_type(p);
        if (!type)
            return NULL;
        parse_push(p, &e->u.is_of.types, type);
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

static struct ast_expr *is_test(struct parser *p, struct ast_expr *left, enum ast_is what, bool negated) {
    struct ast_expr *e = new_after(p, EXPR_IS, left);
    e->u.is.arg = left;
    e->u.is.what = what;
    e->u.is.negated = negated;
    return parse_done(p, e);
}

static struct ast_expr *is_rest(struct parser *p, struct ast_expr *left, bool restricted) {
    static const struct { const char *word; enum ast_is what; } tests[] = {
        {"null", IS_NULL}, {"true", IS_TRUE}, {"false", IS_FALSE}, {"unknown", IS_UNKNOWN},
    };
    parse_advance(p);
    bool negated = parse_take(p, "not");
    if (parse_take_all(p, "distinct", "from"))
        return binary(p, negated ? OP_NOT_DISTINCT : OP_DISTINCT, left, expr_at(p, BIND_IS + 1, restricted));
    if (parse_take(p, "of"))
        return is_of_type(p, left, negated);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (!restricted && parse_take(p, tests[i].word))
            return is_test(p, left, tests[i].what, negated);
    parse_fail(p);
    return NULL;
}

/* ---- IN, BETWEEN, LIKE ---- */

static struct ast_expr *in_rest(struct parser *p, struct ast_expr *left, bool negated) {
    struct ast_expr *e = new_after(p, EXPR_IN, left);
    e->u.in.arg = left;
    e->u.in.negated = negated;
    parse_advance(p);
    if (!parse_at_op(p, "(")) {
        parse_fail(p);
        return NULL;
    }
    struct ast_expr *right = parse_primary(p);
    if (!right)
        return NULL;
    e->u.in.query = query_in(right);
    if (e->u.in.query)
        return parse_done(p, e);
    if (right->kind == EXPR_TUPLE)
        e->u.in.list = right->u.tuple.list;
    else
        parse_push(p, &e->u.in.list, right->kind == EXPR_PAREN ? right->u.paren : right);
    return parse_done(p, e);
}

static struct ast_expr *between_rest(struct parser *p, struct ast_expr *left, bool negated) {
    struct ast_expr *e = new_after(p, EXPR_BETWEEN, left);
    e->u.between.arg = left;
    e->u.between.negated = negated;
    parse_advance(p);
    e->u.between.symmetric = parse_take(p, "symmetric");
    if (!e->u.between.symmetric)
        parse_take(p, "asymmetric");
    e->u.between.low = parse_b_expr(p);
    if (!e->u.between.low || !parse_expect(p, "and"))
        return NULL;
    e->u.between.high = expr_at(p, BIND_LIKE + 1, false);
    return e->u.between.high ? parse_done(p, e) : NULL;
}

static struct ast_expr *like_rest(struct parser *p, struct ast_expr *left, enum ast_op op) {
    parse_advance(p);
    if (op == OP_SIMILAR || op == OP_NOT_SIMILAR)
        if (!parse_expect(p, "to"))
            return NULL;
    struct ast_expr *e = infix_rest(p, left, op, BIND_LIKE, false);
    if (e && e->kind == EXPR_BINARY && parse_take(p, "escape")) {
        e->u.binary.escape = expr_at(p, BIND_LIKE + 1, false);
        if (!e->u.binary.escape)
            return NULL;
    }
    return parse_done(p, e);
}

static const struct { const char *word; enum ast_op plain, negated;
} likes[] = {
    {"like", OP_LIKE, OP_NOT_LIKE},
    {"ilike", OP_ILIKE, OP_NOT_ILIKE},
    {"similar", OP_SIMILAR, OP_NOT_SIMILAR},
};

static bool is_matcher(const struct token *tok) {
    for (size_t i = 0; i < sizeof likes / sizeof *likes; i++)
        if (token_is_word(tok, likes[i].word))
            return true;
    return token_is_word(tok, "in") || token_is_word(tok, "between");
}

static struct ast_expr *matcher_rest(struct parser *p, struct ast_expr *left) {
    bool negated = parse_take(p, "not");
    if (parse_at(p, "in"))
        return in_rest(p, left, negated);
    if (parse_at(p, "between"))
        return between_rest(p, left, negated);
    for (size_t i = 0; i < sizeof likes / sizeof *likes; i++)
        if (parse_at(p, likes[i].word))
            return like_rest(p, left, negated ? likes[i].negated : likes[i].plain);
    parse_fail(p);
    return NULL;
}

/* ---- what stands behind a value ---- */

static struct ast_expr *cast(struct parser *p, struct ast_expr *left, enum ast_cast_style style) {
    struct ast_expr *e = new_after(p, EXPR_CAST, left);
    parse_advance(p);
    e->u.cast.arg = left;
    e->u.cast.style = style;
    e->u.cast.type = parse_type(p);
    return e->u.cast.type ? parse_done(p, e) : NULL;
}

static struct ast_expr *collate(struct parser *p, struct ast_expr *left) {
    struct ast_expr *e = new_after(p, EXPR_COLLATE, left);
    parse_advance(p);
    e->u.collate.arg = left;
    return parse_any_name(p, &e->u.collate.locale) ? parse_done(p, e) : NULL;
}

static struct ast_expr *at_time_zone(struct parser *p, struct ast_expr *left) {
    struct ast_expr *e = new_after(p, EXPR_CALL, left);
    if (!parse_take_all(p, "at", "time", "zone"))
        return NULL;
    e->u.call.name = (struct ast_name){.n = 1, .part = {"timezone"}, .pos = e->pos};
    e->u.call.style = CALL_AT_TIME_ZONE;
    struct ast_expr *zone = expr_at(p, BIND_AT + 1, false);
    if (!zone)
        return NULL;
    parse_push(p, &e->u.call.args, zone);
    parse_push(p, &e->u.call.args, left);
    return parse_done(p, e);
}

/* One operator behind left, if one that binds at least so strongly stands here: true, and *left
 * changed (NULL after an error). */
static bool suffix(struct parser *p, struct ast_expr **left, int bind) {
    if (bind <= BIND_CAST && parse_at_op(p, "::"))
        *left = cast(p, *left, CAST_COLONS);
    else if (bind <= BIND_ANNOTATE && parse_at_op(p, ":::"))
        *left = cast(p, *left, CAST_ANNOTATE);
    else if (bind <= BIND_COLLATE && parse_at(p, "collate"))
        *left = collate(p, *left);
    else if (bind <= BIND_AT && parse_at2(p, "at", "time"))
        *left = at_time_zone(p, *left);
    else
        return false;
    return true;
}

static bool word_operator(struct parser *p, struct ast_expr **left, int bind, bool restricted) {
    if (bind <= BIND_OPERATOR && parse_at(p, "operator") && token_is_op(parse_peek(p, 1), "("))
        *left = named_operator(p, *left, restricted);
    else if (bind <= BIND_IS && parse_at(p, "is"))
        *left = is_rest(p, *left, restricted);
    else if (restricted)
        return false;
    else if (bind <= BIND_LIKE
             && (is_matcher(&p->tok) || (parse_at(p, "not") && is_matcher(parse_peek(p, 1)))))
        *left = matcher_rest(p, *left);
    else if (bind <= BIND_IS && parse_take(p, "isnull"))
        *left = is_test(p, *left, IS_NULL, false);
    else if (bind <= BIND_IS && parse_take(p, "notnull"))
        *left = is_test(p, *left, IS_NULL, true);
    else if (bind <= BIND_AND && parse_take(p, "and"))
        *left = binary(p, OP_AND, *left, expr_at(p, BIND_AND + 1, false));
    else if (bind <= BIND_OR && parse_take(p, "or"))
        *left = binary(p, OP_OR, *left, expr_at(p, BIND_OR + 1, false));
    else
        return false;
    return true;
}

static struct ast_expr *rest(struct parser *p, struct ast_expr *left, int bind, bool restricted) {
    int ceiling = BIND_CAST; /* a comparison cannot be an operand of the next one at its level */
    for (int links = 0; left && parse_link(p, &links);) {
        if (suffix(p, &left, bind))
            continue;
        const struct infix *infix = find_infix(&p->tok);
        if (infix && infix->bind >= bind && infix->bind <= ceiling) {
            parse_advance(p);
            left = infix_rest(p, left, infix->op, infix->bind, restricted);
            ceiling = infix->chainless ? infix->bind - 1 : BIND_CAST;
            continue;
        }
        if (infix || !word_operator(p, &left, bind, restricted))
            break;
        ceiling = BIND_CAST;
    }
    return p->failed ? NULL : left;
}

static const struct { const char *text; enum ast_op op; } prefixes[] = {
    {"-", OP_MINUS}, {"+", OP_PLUS}, {"~", OP_BIT_NOT}, {"|/", OP_SQRT}, {"||/", OP_CBRT},
};

static struct ast_expr *unary(struct parser *p, enum ast_op op, int bind, bool restricted) {
    struct ast_expr *e = parse_new_expr(p, EXPR_UNARY);
    parse_advance(p);
    e->u.unary.op = op;
    e->u.unary.arg = expr_at(p, bind, restricted);
    return e->u.unary.arg ? parse_done(p, e) : NULL;
}

static struct ast_expr *operand(struct parser *p, bool restricted) {
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (parse_at_op(p, prefixes[i].text))
            return unary(p, prefixes[i].op, BIND_UNARY, restricted);
    if (!restricted && parse_at(p, "not"))
        return unary(p, OP_NOT, BIND_NOT, false);
    return parse_primary(p);
}

static struct ast_expr *expr_at(struct parser *p, int bind, bool restricted) {
    struct ast_expr *e = NULL;
    if (parse_dive(p)) {
        e = operand(p, restricted);
        e = e ? rest(p, e, bind, restricted) : NULL;
    }
    parse_rise(p);
    return e;
}

struct ast_expr *parse_expr(struct parser *p) {
    return expr_at(p, BIND_OR, false);
}

struct ast_expr *parse_b_expr(struct parser *p) {
    return expr_at(p, BIND_IS, true);
}

bool parse_exprs(struct parser *p, struct ast_exprs *list) {
    do {
        struct ast_expr *e = parse_expr(p);
        if (!e)
            return false;
        parse_push(p, list, e);
    } while (parse_take_op(p, ","));
    return true;
}
