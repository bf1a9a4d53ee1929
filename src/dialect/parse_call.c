/* parse_call: function calls, windows, and the functions with a grammar of their own. */
#include "parse.h"

/* ---- what may follow the arguments ---- */

static bool bound(struct parser *p, struct ast_bound *b) {
    if (parse_take_all(p, "current", "row")) {
        b->kind = BOUND_CURRENT_ROW;
        return true;
    }
    bool unbounded = parse_take(p, "unbounded");
    if (!unbounded && !(b->offset = parse_expr(p)))
        return false;
    bool preceding = parse_take(p, "preceding");
    if (!preceding && !parse_expect(p, "following"))
        return false;
    if (unbounded)
        b->kind = preceding ? BOUND_UNBOUNDED_PRECEDING : BOUND_UNBOUNDED_FOLLOWING;
    else
        b->kind = preceding ? BOUND_PRECEDING : BOUND_FOLLOWING;
    return true;
}

static bool exclusion(struct parser *p, struct ast_window *w) {
    if (!parse_take(p, "exclude"))
        return true;
    if (parse_take_all(p, "current", "row"))
        w->exclude = "CURRENT ROW";
    else if (parse_take(p, "group"))
        w->exclude = "GROUP";
    else if (parse_take(p, "ties"))
        w->exclude = "TIES";
    else
        return parse_take_all(p, "no", "others") || parse_fail(p);
    return true;
}

static bool frame(struct parser *p, struct ast_window *w) {
    if (parse_take(p, "rows"))
        w->frame = FRAME_ROWS;
    else if (parse_take(p, "range"))
        w->frame = FRAME_RANGE;
    else if (parse_take(p, "groups"))
        w->frame = FRAME_GROUPS;
    else
        return true;
    if (parse_take(p, "between")) {
        w->has_to = true;
        if (!bound(p, &w->from) || !parse_expect(p, "and") || !bound(p, &w->to))
            return false;
    } else if (!bound(p, &w->from)) {
        return false;
    }
    return exclusion(p, w);
}

/* (base PARTITION BY ... ORDER BY ... frame) */
bool parse_window(struct parser *p, struct ast_window *w) {
    if (!parse_expect_op(p, "("))
        return false;
    bool clause = parse_at(p, "partition") || parse_at(p, "order") || parse_at(p, "rows")
                  || parse_at(p, "range") || parse_at(p, "groups") || parse_at_op(p, ")");
    if (!clause && !parse_name(p, &w->base))
        return false;
    if (parse_take_all(p, "partition", "by") && !parse_exprs(p, &w->partition))
        return false;
    if (parse_take_all(p, "order", "by") && !parse_orders(p, &w->order))
        return false;
    return frame(p, w) && parse_expect_op(p, ")");
}

static bool after_call(struct parser *p, struct ast_call *call) {
    if (parse_take_all(p, "within", "group")) {
        call->within_group = true;
        if (!parse_expect_op(p, "(") || !parse_expect(p, "order") || !parse_expect(p, "by")
            || !parse_orders(p, &call->order) || !parse_expect_op(p, ")"))
            return false;
    }
    if (parse_at(p, "filter") && token_is_op(parse_peek(p, 1), "(")) {
        parse_advance(p);
        parse_advance(p);
        if (!parse_expect(p, "where") || !(call->filter = parse_expr(p)) || !parse_expect_op(p, ")"))
            return false;
    }
    if (!parse_take(p, "over"))
        return true;
    call->over = parse_new(p, struct ast_window);
    return parse_at_op(p, "(") ? parse_window(p, call->over) : parse_name(p, &call->over->name);
}

/* ---- arguments ---- */

static bool name_argument(struct parser *p, struct ast_call *call) {
    bool named = token_is_op(parse_peek(p, 1), "=>") || token_is_op(parse_peek(p, 1), ":=");
    if (!named)
        return true;
    if (!call->arg_names)
        call->arg_names = arena_calloc(p->arena, 128, sizeof *call->arg_names);
    if (call->args.len >= 128)
        return parse_fail_because(p, "too many named arguments");
    const char **slot = &call->arg_names[call->args.len];
    if (!parse_name(p, slot))
        return false;
    parse_advance(p);
    return true;
}

static bool argument(struct parser *p, struct ast_call *call) {
    call->variadic = parse_take(p, "variadic");
    if (!name_argument(p, call))
        return false;
    struct ast_expr *arg = parse_expr(p);
    if (!arg)
        return false;
    parse_push(p, &call->args, arg);
    return true;
}

static bool arguments(struct parser *p, struct ast_call *call) {
    if (parse_at_op(p, "*")) {
        struct ast_expr *star = parse_new_expr(p, EXPR_STAR);
        parse_advance(p);
        parse_push(p, &call->args, parse_done(p, star));
        return true;
    }
    call->distinct = parse_take(p, "distinct");
    if (!call->distinct)
        parse_take(p, "all");
    do {
        if (!argument(p, call))
            return false;
    } while (parse_take_op(p, ","));
    return !parse_take_all(p, "order", "by") || parse_orders(p, &call->order);
}

struct ast_expr *parse_call_of(struct parser *p, struct ast_expr *e) {
    struct ast_call *call = &e->u.call;
    const char *name = call->name.part[call->name.n - 1];
    const char *help = parse_enter(p, arena_printf(p->arena, "hf %s", name));
    if (!parse_expect_op(p, "(") || (!parse_at_op(p, ")") && !arguments(p, call)) || !parse_expect_op(p, ")"))
        return NULL;
    parse_leave(p, help);
    return after_call(p, call) ? parse_done(p, e) : NULL;
}

/* ---- functions with their own grammar ---- */

static void set_name(struct ast_expr *e, const char *name, enum ast_call_style style) {
    e->u.call.name = (struct ast_name){.n = 1, .part = {name}, .pos = e->pos};
    e->u.call.style = style;
}

static bool push_expr(struct parser *p, struct ast_expr *e) {
    struct ast_expr *arg = parse_expr(p);
    if (!arg)
        return false;
    parse_push(p, &e->u.call.args, arg);
    return true;
}

/* Puts the last argument first. */
static void rotate(struct ast_expr *e) {
    struct ast_exprs *args = &e->u.call.args;
    struct ast_expr *last = args->items[args->len - 1];
    memmove(args->items + 1, args->items, (args->len - 1) * sizeof *args->items);
    args->items[0] = last;
}

/* EXTRACT(field FROM x), or plain arguments */
static bool extract(struct parser *p, struct ast_expr *e) {
    if (!token_is_word(parse_peek(p, 1), "from"))
        return arguments(p, &e->u.call);
    struct ast_expr *field = parse_new_expr(p, EXPR_STRING);
    const char *text;
    if (!(p->tok.kind == TOKEN_STRING ? parse_string(p, &text) : parse_any_name(p, &text)))
        return false;
    field->u.string.bytes = text;
    field->u.string.len = strlen(text);
    parse_push(p, &e->u.call.args, parse_done(p, field));
    e->u.call.style = CALL_EXTRACT;
    return parse_expect(p, "from") && push_expr(p, e);
}

/* SUBSTRING(x FROM a FOR b), SUBSTRING(x FOR b FROM a), SUBSTRING(x FOR b), or plain arguments */
static bool substring(struct parser *p, struct ast_expr *e) {
    if (!push_expr(p, e))
        return false;
    if (parse_take_op(p, ","))
        return arguments(p, &e->u.call);
    e->u.call.style = CALL_SUBSTRING;
    struct ast_expr *from = NULL, *length = NULL;
    for (int i = 0; i < 2; i++) {
        if (!from && parse_take(p, "from") && !(from = parse_expr(p)))
            return false;
        if (!length && parse_take(p, "for") && !(length = parse_expr(p)))
            return false;
    }
    if (!from && length) {
        from = parse_new_expr(p, EXPR_NUMBER);
        from->u.number.text = "1";
        from->u.number.integer = true;
    }
    if (from)
        parse_push(p, &e->u.call.args, from);
    if (length)
        parse_push(p, &e->u.call.args, length);
    return true;
}

static bool position(struct parser *p, struct ast_expr *e) {
    struct ast_expr *needle = parse_b_expr(p);
    if (!needle || !parse_expect(p, "in"))
        return false;
    parse_push(p, &e->u.call.args, needle);
    set_name(e, "strpos", CALL_POSITION);
    if (!push_expr(p, e))
        return false;
    rotate(e);
    return true;
}

static bool overlay(struct parser *p, struct ast_expr *e) {
    if (!push_expr(p, e))
        return false;
    if (parse_take_op(p, ","))
        return arguments(p, &e->u.call);
    e->u.call.style = CALL_OVERLAY;
    return parse_expect(p, "placing") && push_expr(p, e) && parse_expect(p, "from") && push_expr(p, e)
        && (!parse_take(p, "for") || push_expr(p, e));
}

/* TRIM([BOTH|LEADING|TRAILING] [a] FROM b), TRIM(a, b) */
static bool trim(struct parser *p, struct ast_expr *e) {
    const char *name = parse_take(p, "leading") ? "ltrim" : parse_take(p, "trailing") ? "rtrim" : "btrim";
    parse_take(p, "both");
    set_name(e, name, CALL_TRIM);
    if (parse_take(p, "from"))
        return arguments(p, &e->u.call);
    if (!push_expr(p, e))
        return false;
    if (parse_take(p, "from")) {
        if (!push_expr(p, e))
            return false;
        rotate(e);
        return true;
    }
    return !parse_take_op(p, ",") || arguments(p, &e->u.call);
}

static bool plain(struct parser *p, struct ast_expr *e) {
    return parse_at_op(p, ")") || arguments(p, &e->u.call);
}

static bool cast(struct parser *p, struct ast_expr *e) {
    struct ast_expr *arg = parse_expr(p);
    if (!arg || !parse_expect(p, "as"))
        return false;
    e->kind = EXPR_CAST;
    e->u.cast.arg = arg;
    e->u.cast.style = CAST_FUNCTION;
    e->u.cast.type = parse_type(p);
    return e->u.cast.type != NULL;
}

static bool annotate(struct parser *p, struct ast_expr *e) {
    struct ast_expr *arg = parse_expr(p);
    if (!arg || !parse_expect_op(p, ","))
        return false;
    e->kind = EXPR_CAST;
    e->u.cast.arg = arg;
    e->u.cast.style = CAST_ANNOTATE;
    e->u.cast.type = parse_type(p);
    return e->u.cast.type != NULL;
}

static const struct special {
    const char *word;
    enum ast_call_style style;
    bool (*parse)(struct parser *p, struct ast_expr *e); /* between the parentheses; NULL: none */
} specials[] = {
    {"coalesce", CALL_SPECIAL, plain},  {"nullif", CALL_SPECIAL, plain},    {"if", CALL_SPECIAL, plain},
    {"ifnull", CALL_SPECIAL, plain},    {"iferror", CALL_SPECIAL, plain},   {"iserror", CALL_SPECIAL, plain},
    {"greatest", CALL_SPECIAL, plain},  {"least", CALL_SPECIAL, plain},     {"grouping", CALL_SPECIAL, plain},
    {"cast", CALL_PLAIN, cast},         {"annotate_type", CALL_PLAIN, annotate},
    {"extract", CALL_PLAIN, extract},   {"extract_duration", CALL_PLAIN, extract},
    {"substring", CALL_PLAIN, substring}, {"position", CALL_PLAIN, position},
    {"overlay", CALL_PLAIN, overlay},   {"trim", CALL_PLAIN, trim},
    {"current_timestamp", CALL_KEYWORD, NULL}, {"current_date", CALL_KEYWORD, NULL},
    {"current_time", CALL_KEYWORD, NULL},      {"localtime", CALL_KEYWORD, NULL},
    {"localtimestamp", CALL_KEYWORD, NULL},    {"current_user", CALL_KEYWORD, NULL},
    {"current_role", CALL_KEYWORD, NULL},      {"session_user", CALL_KEYWORD, NULL},
    {"user", CALL_KEYWORD, NULL},              {"current_schema", CALL_KEYWORD, NULL},
    {"current_catalog", CALL_KEYWORD, NULL},
};

/* current_timestamp, current_timestamp(3), current_schema() */
static struct ast_expr *keyword_call(struct parser *p, struct ast_expr *e) {
    if (!parse_take_op(p, "("))
        return parse_done(p, e);
    e->u.call.style = CALL_PLAIN;
    return plain(p, e) && parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

static struct ast_expr *special_call(struct parser *p, const struct special *row) {
    struct ast_expr *e = parse_new_expr(p, EXPR_CALL);
    set_name(e, row->word, row->style);
    parse_advance(p);
    if (!row->parse)
        return keyword_call(p, e);
    const char *help = parse_enter(p, arena_printf(p->arena, "hf %s", row->word));
    if (!parse_expect_op(p, "(") || !row->parse(p, e) || !parse_expect_op(p, ")"))
        return NULL;
    parse_leave(p, help);
    return parse_done(p, e);
}

static struct ast_expr *collation_for(struct parser *p) {
    struct ast_expr *e = parse_new_expr(p, EXPR_CALL);
    set_name(e, "pg_collation_for", CALL_COLLATION_FOR);
    parse_advance(p);
    parse_advance(p);
    return parse_expect_op(p, "(") && push_expr(p, e) && parse_expect_op(p, ")") ? parse_done(p, e) : NULL;
}

struct ast_expr *parse_special_call(struct parser *p, bool *is_special) {
    *is_special = true;
    if (parse_at2(p, "collation", "for"))
        return collation_for(p);
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (parse_at(p, specials[i].word) && (!specials[i].parse || token_is_op(parse_peek(p, 1), "(")))
            return special_call(p, &specials[i]);
    *is_special = false;
    return NULL;
}
