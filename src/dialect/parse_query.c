/* parse_query: WITH, set operations, VALUES, ORDER BY, LIMIT, locking. */
#include "parse.h"

bool parse_at_query(struct parser *p) {
    return parse_at(p, "select") || parse_at(p, "values") || parse_at(p, "table")
        || (parse_at(p, "with") && !token_is_word(parse_peek(p, 1), "time")) || parse_at_op(p, "(");
}

static bool sort_direction(struct parser *p, struct ast_order *o) {
    if (parse_take(p, "desc"))
        o->descending = true;
    else
        parse_take(p, "asc");
    if (parse_take_all(p, "nulls", "first"))
        o->nulls = NULLS_FIRST;
    else if (parse_take(p, "nulls")) {
        o->nulls = NULLS_LAST;
        return parse_expect(p, "last");
    }
    return true;
}

static bool order(struct parser *p, struct ast_order *o) {
    struct ast_target index = {0};
    if (parse_take_all(p, "primary", "key"))
        return parse_object(p, &o->table) && sort_direction(p, o);
    if (parse_at(p, "index") && !token_is_op(parse_peek(p, 1), ",") && token_is_name(parse_peek(p, 1))) {
        parse_advance(p);
        if (!parse_table_index(p, &index))
            return false;
        o->table = index.name;
        o->index = index.index;
        return sort_direction(p, o);
    }
    o->expr = parse_expr(p);
    return o->expr && sort_direction(p, o);
}

bool parse_orders(struct parser *p, struct ast_orders *orders) {
    do {
        struct ast_order o = {0};
        if (!order(p, &o))
            return false;
        parse_push(p, orders, o);
    } while (parse_take_op(p, ","));
    return true;
}

/* ---- LIMIT, OFFSET, FETCH, FOR UPDATE ---- */

static struct ast_expr *number_one(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_NUMBER);
    e->u.number.text = "1";
    e->u.number.integer = true;
    return e;
}

static bool rows_word(struct parser *p) {
    return parse_take(p, "row") || parse_take(p, "rows");
}

static bool fetch(struct parser *p, struct ast_query *q) {
    if (!parse_take(p, "first") && !parse_expect(p, "next"))
        return false;
    q->limit = parse_at(p, "row") || parse_at(p, "rows") ? number_one(p) : parse_primary(p);
    return q->limit && (rows_word(p) || parse_fail(p)) && parse_expect(p, "only");
}

static bool locking(struct parser *p, struct ast_query *q) {
    static const struct { const char *words[4]; const char *strength; } strengths[] = {
        {{"update"}, "UPDATE"}, {{"no", "key", "update"}, "NO KEY UPDATE"}, {{"share"}, "SHARE"},
        {{"key", "share"}, "KEY SHARE"},
    };
    struct ast_locking l = {0};
    if (parse_take_all(p, "read", "only"))
        return true;
    for (size_t i = 0; i < sizeof strengths / sizeof *strengths && !l.strength; i++)
        if (parse_take_words(p, strengths[i].words))
            l.strength = strengths[i].strength;
    if (!l.strength)
        return parse_fail(p);
    if (parse_take(p, "of") && !parse_objects(p, &l.of))
        return false;
    if (parse_take_all(p, "skip", "locked"))
        l.wait = "SKIP LOCKED";
    else if (parse_take(p, "nowait"))
        l.wait = "NOWAIT";
    parse_push(p, &q->locking, l);
    return true;
}

bool parse_locking_and_limits(struct parser *p, struct ast_query *q) {
    for (;;) {
        bool done = true;
        if (!q->limit && parse_take(p, "limit"))
            done = parse_take(p, "all") || (q->limit = parse_expr(p));
        else if (!q->offset && parse_take(p, "offset"))
            done = (q->offset = parse_expr(p)) && (rows_word(p) || true);
        else if (!q->limit && parse_take(p, "fetch"))
            done = fetch(p, q);
        else if (parse_at(p, "for") && !token_is_word(parse_peek(p, 1), "row") && parse_take(p, "for"))
            done = locking(p, q);
        else
            return true;
        if (!done)
            return false;
    }
}

/* ---- VALUES and set operations ---- */

static bool values(struct parser *p, struct ast_query *q) {
    const char *help = parse_enter(p, "h VALUES");
    parse_advance(p);
    q->kind = QUERY_VALUES;
    do {
        struct ast_exprs row = {0};
        if (!parse_expect_op(p, "(") || !parse_exprs(p, &row) || !parse_expect_op(p, ")"))
            return false;
        parse_push(p, &q->u.values, row);
    } while (parse_take_op(p, ","));
    parse_leave(p, help);
    return true;
}

static struct ast_query *simple_query(struct parser *p) {
    struct ast_query *q = parse_new(p, struct ast_query);
    q->pos = p->tok.begin;
    bool done;
    if (parse_take_op(p, "(")) {
        q->kind = QUERY_PAREN;
        q->u.paren = parse_query(p);
        done = q->u.paren && parse_expect_op(p, ")");
    } else if (parse_at(p, "values")) {
        done = values(p, q);
    } else {
        q->kind = QUERY_SELECT;
        q->u.select = parse_select(p);
        done = q->u.select != NULL;
    }
    q->end = p->last_end;
    return done ? q : NULL;
}

static const struct setop { const char *word; enum ast_setop op; int bind; } setops[] = {
    {"union", SETOP_UNION, 1}, {"except", SETOP_EXCEPT, 1}, {"intersect", SETOP_INTERSECT, 2},
};

static const struct setop *at_setop(struct parser *p) {
    for (size_t i = 0; i < sizeof setops / sizeof *setops; i++)
        if (parse_at(p, setops[i].word))
            return &setops[i];
    return NULL;
}

static struct ast_query *setop_rest(struct parser *p, struct ast_query *left, int bind) {
    for (int links = 0;;) {
        const struct setop *row = at_setop(p);
        if (!left || !row || row->bind < bind)
            return left;
        if (!parse_link(p, &links))
            return NULL;
        parse_advance(p);
        bool all = parse_take(p, "all");
        if (!all)
            parse_take(p, "distinct");
        struct ast_query *right = simple_query(p);
        right = right ? setop_rest(p, right, row->bind + 1) : NULL;
        if (!right)
            return NULL;
        struct ast_query *q = parse_new(p, struct ast_query);
        q->kind = QUERY_SETOP;
        q->pos = left->pos;
        q->end = p->last_end;
        q->u.setop.op = row->op;
        q->u.setop.all = all;
        q->u.setop.left = left;
        q->u.setop.right = right;
        left = q;
    }
}

static struct ast_query *query_tail(struct parser *p, struct ast_query *q) {
    if (!q)
        return NULL;
    if (parse_take_all(p, "order", "by") && !parse_orders(p, &q->order))
        return NULL;
    if (!parse_locking_and_limits(p, q))
        return NULL;
    q->end = p->last_end;
    return q;
}

struct ast_query *parse_query_after_first(struct parser *p, struct ast_query *first) {
    return query_tail(p, setop_rest(p, first, 1));
}

struct ast_query *parse_query(struct parser *p) {
    struct ast_query *q = NULL;
    if (parse_dive(p)) {
        size_t pos = p->tok.begin;
        struct ast_with *with = NULL;
        bool done = !parse_at(p, "with") || (with = parse_with(p));
        q = done ? simple_query(p) : NULL;
        q = q ? parse_query_after_first(p, q) : NULL;
        if (q) {
            q->with = with;
            q->pos = pos;
        }
    }
    parse_rise(p);
    return q;
}

/* ---- WITH ---- */

static bool common_table(struct parser *p, struct ast_cte *cte) {
    if (!parse_name(p, &cte->name))
        return false;
    if (parse_at_op(p, "(") && !parse_names_in_parens(p, &cte->columns))
        return false;
    if (!parse_expect(p, "as"))
        return false;
    if (parse_take(p, "materialized"))
        cte->materialized = 1;
    else if (parse_take_all(p, "not", "materialized"))
        cte->materialized = -1;
    if (!parse_expect_op(p, "("))
        return false;
    cte->stmt = parse_stmt(p);
    return cte->stmt && parse_expect_op(p, ")");
}

struct ast_with *parse_with(struct parser *p) {
    struct ast_with *with = parse_new(p, struct ast_with);
    if (!parse_expect(p, "with"))
        return NULL;
    with->recursive = parse_take(p, "recursive");
    do {
        struct ast_cte cte = {0};
        if (!common_table(p, &cte))
            return NULL;
        parse_push(p, with, cte);
    } while (parse_take_op(p, ","));
    return with;
}
