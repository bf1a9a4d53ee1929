/* parse_select: one SELECT: its targets, FROM with joins, WHERE, GROUP BY, WINDOW. */
#include "parse.h"

/* ---- targets ---- */

/* Words that go on after an expression and so are no label without AS. */
static const char *const no_labels[] = {
    "as",       "array",     "char",      "character", "collate", "create", "day",     "except",    "fetch",
    "filter",   "for",       "from",      "grant",     "group",   "having", "hour",    "intersect", "into",
    "isnull",   "limit",     "minute",    "month",     "notnull", "offset", "on",      "order",     "over",
    "overlaps", "precision", "returning", "second",    "to",      "union",  "varying", "where",     "window",
    "with",     "within",    "without",   "year",      "do",      "not",
};

static bool at_label(struct parser *p) {
    if (p->tok.kind != TOKEN_NAME && p->tok.kind != TOKEN_KEYWORD)
        return false;
    for (size_t i = 0; i < sizeof no_labels / sizeof *no_labels; i++)
        if (parse_at(p, no_labels[i]))
            return false;
    return true;
}

static bool target(struct parser *p, struct ast_target_column *t) {
    if (parse_at_op(p, "*")) {
        t->expr = parse_new_expr(p, EXPR_STAR);
        parse_advance(p);
        parse_done(p, t->expr);
        return true;
    }
    t->expr = parse_expr(p);
    if (!t->expr)
        return false;
    if (parse_at(p, "as") && !token_is_word(parse_peek(p, 1), "of")) {
        parse_advance(p);
        return parse_any_name(p, &t->alias);
    }
    return !at_label(p) || parse_any_name(p, &t->alias);
}

bool parse_targets(struct parser *p, struct ast_targets *targets) {
    do {
        struct ast_target_column t = {0};
        if (!target(p, &t))
            return false;
        parse_push(p, targets, t);
    } while (parse_take_op(p, ","));
    return true;
}

/* ---- FROM ---- */

static struct ast_from *new_from(struct parser *p, enum ast_from_kind kind) {
    struct ast_from *f = parse_new(p, struct ast_from);
    f->kind = kind;
    f->pos = p->tok.begin;
    return f;
}

/* t@i, t@{FORCE_INDEX=i,ASC,NO_FULL_SCAN} */
static bool index_hint(struct parser *p, const char **index) {
    if (!parse_take_op(p, "@"))
        return true;
    if (!parse_take_op(p, "{"))
        return parse_any_name(p, index);
    do {
        const char *word;
        if (!parse_any_name(p, &word))
            return false;
        if (parse_take_op(p, "=") && !parse_any_name(p, strcmp(word, "force_index") == 0 ? index : &word))
            return false;
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, "}");
}

static bool column_definition(struct parser *p, struct ast_from *f) {
    const char *name;
    if (!parse_name(p, &name))
        return false;
    parse_push(p, &f->columns, name);
    if (parse_at_op(p, ",") || parse_at_op(p, ")"))
        return true;
    if (!f->column_types)
        f->column_types = arena_calloc(p->arena, 256, sizeof *f->column_types);
    if (f->columns.len > 256)
        return parse_fail_because(p, "too many column definitions");
    return (f->column_types[f->columns.len - 1] = parse_type(p)) != NULL;
}

static bool alias(struct parser *p, struct ast_from *f) {
    if (parse_take_all(p, "with", "ordinality"))
        f->ordinality = true;
    bool as = parse_at(p, "as") && !token_is_word(parse_peek(p, 1), "of");
    if (as)
        parse_advance(p);
    if (!as && (!token_is_name(&p->tok) || parse_at(p, "set")))
        return true;
    if (!(as && parse_at_op(p, "(")) && !parse_name(p, &f->alias))
        return false;
    if (!parse_take_op(p, "("))
        return true;
    do {
        if (!column_definition(p, f))
            return false;
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")");
}

static struct ast_from *aliased(struct parser *p, struct ast_from *f, bool done) {
    return done && alias(p, f) ? f : NULL;
}

static struct ast_from *bracket(struct parser *p) {
    struct ast_from *f = new_from(p, FROM_STATEMENT);
    parse_advance(p);
    if (p->tok.kind == TOKEN_INTEGER) {
        f->kind = FROM_TABLE_ID;
        const char *name;
        bool done = parse_integer(p, &f->u.table_id) && parse_expect(p, "as") && parse_name(p, &name)
                 && parse_expect_op(p, "]");
        if (done)
            f->alias = name;
        return aliased(p, f, done);
    }
    f->u.statement = parse_stmt(p);
    return aliased(p, f, f->u.statement && parse_expect_op(p, "]"));
}

static struct ast_from *query_from(struct parser *p, struct ast_from *f) {
    f->kind = FROM_QUERY;
    f->u.query = parse_query(p);
    return f->u.query && parse_expect_op(p, ")") ? f : NULL;
}

/* What stands in parentheses: a query, a join, or a query that begins with another in parentheses. */
static struct ast_from *parenthesis(struct parser *p) {
    struct ast_from *f = new_from(p, FROM_PAREN);
    parse_advance(p);
    if (!parse_at_op(p, "(") && parse_at_query(p))
        return query_from(p, f);
    struct ast_from *inner = parse_from(p);
    if (!inner)
        return NULL;
    if (inner->kind == FROM_QUERY && !inner->alias) {
        struct ast_query *first = parse_new(p, struct ast_query);
        first->kind = QUERY_PAREN;
        first->pos = inner->pos;
        first->u.paren = inner->u.query;
        f->kind = FROM_QUERY;
        f->u.query = parse_query_after_first(p, first);
        return f->u.query && parse_expect_op(p, ")") ? f : NULL;
    }
    f->u.paren = inner;
    return parse_expect_op(p, ")") ? f : NULL;
}

static bool rows_from(struct parser *p, struct ast_from *f) {
    parse_advance(p);
    parse_advance(p);
    f->kind = FROM_FUNCTION;
    return parse_expect_op(p, "(") && parse_exprs(p, &f->u.functions) && parse_expect_op(p, ")");
}

static bool at_function(struct parser *p) {
    static const char *const keywords[] = {"current_schema", "current_user", "session_user",
                                           "current_timestamp", "current_date"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (parse_at(p, keywords[i]))
            return true;
    return false;
}

static struct ast_from *table_or_function(struct parser *p) {
    struct ast_from *f = new_from(p, FROM_TABLE);
    struct ast_expr *call = NULL;
    bool function = (token_is_op(parse_peek(p, 1), "(") && !parse_at(p, "only")) || at_function(p);
    if (!function) {
        bool only = parse_take(p, "only");
        bool parens = only && parse_take_op(p, "(");
        if (!parse_object(p, &f->u.table.name) || (parens && !parse_expect_op(p, ")")))
            return NULL;
        if (!parse_at_op(p, "(")) {
            parse_take_op(p, "*");
            return aliased(p, f, index_hint(p, &f->u.table.index));
        }
        call = parse_new_expr(p, EXPR_CALL);
        call->pos = f->pos;
        call->u.call.name = f->u.table.name;
        call = parse_call_of(p, call);
    } else {
        call = parse_primary(p);
    }
    if (!call)
        return NULL;
    f->kind = FROM_FUNCTION;
    memset(&f->u, 0, sizeof f->u);
    parse_push(p, &f->u.functions, call);
    return aliased(p, f, true);
}

static struct ast_from *from_item(struct parser *p) {
    bool lateral = parse_take(p, "lateral");
    struct ast_from *f;
    if (parse_at_op(p, "[")) {
        f = bracket(p);
    } else if (parse_at_op(p, "(")) {
        f = parenthesis(p);
        f = f ? aliased(p, f, true) : NULL;
    } else if (parse_at2(p, "rows", "from")) {
        f = new_from(p, FROM_FUNCTION);
        f = aliased(p, f, rows_from(p, f));
    } else {
        f = table_or_function(p);
    }
    if (f)
        f->lateral = lateral;
    return f;
}

/* ---- joins ---- */

static const struct { const char *word; enum ast_join_kind kind;
} join_kinds[] = {
    {"inner", JOIN_INNER}, {"left", JOIN_LEFT},   {"right", JOIN_RIGHT},
    {"full", JOIN_FULL},   {"cross", JOIN_CROSS},
};
static const char *const join_hints[][2] = {
    {"hash", "HASH"},         {"merge", "MERGE"},       {"lookup", "LOOKUP"},
    {"inverted", "INVERTED"}, {"straight", "STRAIGHT"},
};

static bool at_join(struct parser *p) {
    if (parse_at(p, "join") || parse_at(p, "natural"))
        return true;
    for (size_t i = 0; i < sizeof join_kinds / sizeof *join_kinds; i++)
        if (parse_at(p, join_kinds[i].word))
            return true;
    return false;
}

static bool join_head(struct parser *p, struct ast_from *f) {
    f->u.join.natural = parse_take(p, "natural");
    f->u.join.kind = JOIN_INNER;
    for (size_t i = 0; i < sizeof join_kinds / sizeof *join_kinds; i++)
        if (parse_take(p, join_kinds[i].word)) {
            f->u.join.kind = join_kinds[i].kind;
            break;
        }
    parse_take(p, "outer");
    for (size_t i = 0; i < sizeof join_hints / sizeof *join_hints; i++)
        if (parse_take(p, join_hints[i][0]))
            f->u.join.hint = join_hints[i][1];
    return parse_expect(p, "join");
}

static struct ast_from *join_rest(struct parser *p, struct ast_from *left) {
    struct ast_from *f = new_from(p, FROM_JOIN);
    f->pos = left->pos;
    f->u.join.left = left;
    if (!join_head(p, f) || !(f->u.join.right = from_item(p)))
        return NULL;
    if (f->u.join.natural || f->u.join.kind == JOIN_CROSS)
        return f;
    while (f->u.join.right && at_join(p)) { /* a JOIN b JOIN c ON ... ON ... */
        f->u.join.right = parse_dive(p) ? join_rest(p, f->u.join.right) : NULL;
        parse_rise(p);
    }
    if (!f->u.join.right)
        return NULL;
    if (parse_take(p, "using"))
        return parse_names_in_parens(p, &f->u.join.using) ? f : NULL;
    return parse_expect(p, "on") && (f->u.join.on = parse_expr(p)) ? f : NULL;
}

struct ast_from *parse_from(struct parser *p) {
    struct ast_from *f = NULL;
    if (parse_dive(p)) {
        f = from_item(p);
        for (int links = 0; f && at_join(p);)
            f = parse_link(p, &links) ? join_rest(p, f) : NULL;
    }
    parse_rise(p);
    return f;
}

bool parse_from_list(struct parser *p, struct ast_froms *list) {
    const char *help = parse_enter(p, "h <SOURCE>");
    do {
        struct ast_from *f = parse_from(p);
        if (!f)
            return false;
        parse_push(p, list, f);
    } while (parse_take_op(p, ","));
    parse_leave(p, help);
    return true;
}

/* ---- the clauses ---- */

static bool windows(struct parser *p, struct ast_windows *list) {
    do {
        struct ast_window w = {0};
        if (!parse_name(p, &w.name) || !parse_expect(p, "as") || !parse_window(p, &w))
            return false;
        parse_push(p, list, w);
    } while (parse_take_op(p, ","));
    return true;
}

static bool as_of(struct parser *p, struct ast_select *s) {
    if (!parse_take_all(p, "as", "of", "system", "time"))
        return true;
    s->as_of = parse_expr(p);
    return s->as_of != NULL;
}

static bool distinct(struct parser *p, struct ast_select *s) {
    s->distinct = parse_take(p, "distinct");
    if (!s->distinct)
        parse_take(p, "all");
    if (!s->distinct || !parse_take(p, "on"))
        return true;
    return parse_expect_op(p, "(") && parse_exprs(p, &s->distinct_on) && parse_expect_op(p, ")");
}

static bool clauses(struct parser *p, struct ast_select *s) {
    if (parse_take(p, "from") && (!parse_from_list(p, &s->from) || !as_of(p, s)))
        return false;
    if (parse_take(p, "where") && !(s->where = parse_expr(p)))
        return false;
    if (parse_take_all(p, "group", "by") && !parse_exprs(p, &s->group_by))
        return false;
    if (parse_take(p, "having") && !(s->having = parse_expr(p)))
        return false;
    return !parse_take(p, "window") || windows(p, &s->windows);
}

static struct ast_select *table(struct parser *p) {
    struct ast_select *s = parse_new(p, struct ast_select);
    struct ast_target_column star = {.expr = parse_new_expr(p, EXPR_STAR)};
    const char *help = parse_enter(p, "h TABLE");
    parse_advance(p);
    struct ast_from *f = new_from(p, FROM_TABLE);
    if (!parse_object(p, &f->u.table.name))
        return NULL;
    parse_leave(p, help);
    s->table = true;
    parse_push(p, &s->targets, star);
    parse_push(p, &s->from, f);
    return s;
}

struct ast_select *parse_select(struct parser *p) {
    if (parse_at(p, "table"))
        return table(p);
    struct ast_select *s = parse_new(p, struct ast_select);
    if (!parse_expect(p, "select"))
        return NULL;
    const char *help = parse_enter(p, "h SELECT");
    if (!distinct(p, s) || (!parse_at(p, "from") && !parse_targets(p, &s->targets)) || !clauses(p, s))
        return NULL;
    parse_leave(p, help);
    return s;
}
