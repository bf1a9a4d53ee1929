/* parse_txn: transactions, prepared statements, cursors, EXPLAIN. */
#include "parse.h"

#include "domicile/base/str.h"

#include <limits.h>

/* ---- modes ---- */

static bool isolation(struct parser *p, struct ast_txn *t) {
    static const struct { const char *words[3]; const char *name; } levels[] = {
        {{"read", "uncommitted"}, "read uncommitted"}, {{"read", "committed"}, "read committed"},
        {{"repeatable", "read"}, "repeatable read"},   {{"snapshot"}, "snapshot"},
        {{"serializable"}, "serializable"},
    };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (parse_take_words(p, levels[i].words)) {
            t->isolation = levels[i].name;
            return true;
        }
    return parse_fail(p);
}

static bool priority(struct parser *p, struct ast_txn *t) {
    if (!parse_at(p, "low") && !parse_at(p, "normal") && !parse_at(p, "high"))
        return parse_fail(p);
    return parse_any_name(p, &t->priority);
}

/* One mode; *found says whether there was one. */
static bool mode(struct parser *p, struct ast_txn *t, bool *found) {
    *found = true;
    if (parse_take_all(p, "isolation", "level"))
        return isolation(p, t);
    if (parse_take(p, "priority"))
        return priority(p, t);
    if (parse_take_all(p, "as", "of", "system", "time"))
        return (t->as_of = parse_expr(p)) != NULL;
    if (parse_take_all(p, "read", "only"))
        t->read_only = 1;
    else if (parse_take_all(p, "read", "write"))
        t->read_only = -1;
    else if (parse_take(p, "deferrable"))
        t->deferrable = 1;
    else if (parse_take_all(p, "not", "deferrable"))
        t->deferrable = -1;
    else
        *found = false;
    return true;
}

static bool modes(struct parser *p, struct ast_txn *t) {
    bool found, comma = false;
    do {
        if (!mode(p, t, &found))
            return false;
        if (!found && comma)
            return parse_fail(p);
        comma = found && parse_take_op(p, ",");
    } while (found);
    return true;
}

bool parse_set_transaction(struct parser *p, struct ast_stmt *s, bool session) {
    s->kind = STMT_TXN;
    s->u.txn.kind = session ? TXN_SET_DEFAULT : TXN_SET;
    const char *help = parse_enter(p, "h SET TRANSACTION");
    parse_advance(p);
    if (!modes(p, &s->u.txn))
        return false;
    parse_leave(p, help);
    return true;
}

static bool rollback(struct parser *p, struct ast_txn *t) {
    t->kind = TXN_ROLLBACK;
    if (!parse_take(p, "transaction"))
        parse_take(p, "work");
    if (!parse_take(p, "to"))
        return true;
    t->kind = TXN_ROLLBACK_TO;
    parse_take(p, "savepoint");
    return parse_name(p, &t->savepoint);
}

static const struct { const char *word; enum ast_txn_kind kind; const char *help; } txn_words[] = {
    {"begin", TXN_BEGIN, "h BEGIN"},         {"start", TXN_BEGIN, "h BEGIN"},
    {"commit", TXN_COMMIT, "h COMMIT"},      {"end", TXN_COMMIT, "h COMMIT"},
    {"rollback", TXN_ROLLBACK, "h ROLLBACK"}, {"abort", TXN_ROLLBACK, "h ROLLBACK"},
    {"savepoint", TXN_SAVEPOINT, "h SAVEPOINT"}, {"release", TXN_RELEASE, "h RELEASE"},
};

static bool txn_rest(struct parser *p, struct ast_txn *t, bool start) {
    switch (t->kind) {
    case TXN_BEGIN:
        if (start && !parse_expect(p, "transaction"))
            return false;
        if (!parse_take(p, "transaction"))
            parse_take(p, "work");
        return modes(p, t);
    case TXN_COMMIT:
        if (!parse_take(p, "transaction"))
            parse_take(p, "work");
        return true;
    case TXN_SAVEPOINT:
        return parse_name(p, &t->savepoint);
    case TXN_RELEASE:
        parse_take(p, "savepoint");
        return parse_name(p, &t->savepoint);
    case TXN_ROLLBACK:
    case TXN_ROLLBACK_TO:
    case TXN_SET:
    case TXN_SET_DEFAULT:
        break;
    }
    return rollback(p, t);
}

bool parse_txn(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_TXN;
    for (size_t i = 0; i < sizeof txn_words / sizeof *txn_words; i++) {
        if (!parse_at(p, txn_words[i].word))
            continue;
        bool start = parse_at(p, "start");
        s->u.txn.kind = txn_words[i].kind;
        parse_advance(p);
        const char *help = parse_enter(p, txn_words[i].help);
        if (!txn_rest(p, &s->u.txn, start))
            return false;
        parse_leave(p, help);
        return true;
    }
    return parse_fail(p);
}

/* ---- PREPARE, EXECUTE, DEALLOCATE, DISCARD ---- */

static bool prepare(struct parser *p, struct ast_prepare *r) {
    if (!parse_name(p, &r->name))
        return false;
    if (parse_take_op(p, "(")) {
        do {
            struct ast_type *type = parse_type(p);
            if (!type)
                return false;
            parse_push(p, &r->types, type);
        } while (parse_take_op(p, ","));
        if (!parse_expect_op(p, ")"))
            return false;
    }
    return parse_expect(p, "as") && (r->stmt = parse_stmt(p));
}

static bool execute(struct parser *p, struct ast_prepare *r) {
    if (!parse_name(p, &r->name))
        return false;
    if (parse_take_op(p, "(") && (!parse_exprs(p, &r->args) || !parse_expect_op(p, ")")))
        return false;
    r->discard_rows = parse_take_all(p, "discard", "rows");
    return true;
}

static bool discard(struct parser *p, struct ast_stmt *s) {
    static const char *const what[][2] = {
        {"all", "ALL"},     {"temp", "TEMP"}, {"temporary", "TEMP"}, {"sequences", "SEQUENCES"},
        {"plans", "PLANS"},
    };
    s->kind = STMT_DISCARD;
    for (size_t i = 0; i < sizeof what / sizeof *what; i++)
        if (parse_take(p, what[i][0])) {
            s->u.discard = what[i][1];
            return true;
        }
    return parse_fail(p);
}

bool parse_prepare(struct parser *p, struct ast_stmt *s) {
    static const struct { const char *word; const char *help;
    } words[] = {
        {"prepare", "h PREPARE"},
        {"execute", "h EXECUTE"},
        {"deallocate", "h DEALLOCATE"},
        {"discard", "h DISCARD"},
    };
    size_t i = 0;
    while (!parse_at(p, words[i].word))
        i++;
    parse_advance(p);
    const char *help = parse_enter(p, words[i].help);
    bool done;
    if (i == 3) {
        done = discard(p, s);
    } else if (i == 2) {
        s->kind = STMT_DEALLOCATE;
        parse_take(p, "prepare");
        done = parse_take(p, "all") || parse_name(p, &s->u.prepare.name);
    } else {
        s->kind = i == 0 ? STMT_PREPARE : STMT_EXECUTE;
        done = i == 0 ? prepare(p, &s->u.prepare) : execute(p, &s->u.prepare);
    }
    parse_leave(p, help);
    return done;
}

/* ---- cursors ---- */

static bool declare(struct parser *p, struct ast_cursor *c) {
    static const char *const options[] = {"binary", "insensitive", "asensitive", "no", "scroll"};
    if (!parse_name(p, &c->name))
        return false;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        parse_take(p, options[i]);
    if (!parse_expect(p, "cursor"))
        return false;
    c->hold = parse_take_all(p, "with", "hold");
    parse_take_all(p, "without", "hold");
    return parse_expect(p, "for") && (c->query = parse_query(p));
}

/* FETCH [direction] [n|ALL] [FROM|IN] c */
static bool fetch(struct parser *p, struct ast_cursor *c) {
    static const char *const directions[] = {"next",     "prior",    "first",   "last",
                                             "absolute", "relative", "forward", "backward"};
    c->direction = "next";
    c->count = 1;
    for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
        if (parse_take(p, directions[i]))
            c->direction = directions[i];
    if (parse_take(p, "all")) {
        c->count = LLONG_MAX;
        c->direction = strcmp(c->direction, "next") == 0 ? "all" : c->direction;
    } else if ((p->tok.kind == TOKEN_INTEGER || parse_at_op(p, "-")) && !parse_integer(p, &c->count)) {
        return false;
    }
    if (!parse_take(p, "from"))
        parse_take(p, "in");
    return parse_name(p, &c->name);
}

bool parse_cursor(struct parser *p, struct ast_stmt *s) {
    struct ast_cursor *c = &s->u.cursor;
    if (parse_take(p, "declare")) {
        s->kind = STMT_DECLARE;
        return declare(p, c);
    }
    if (parse_take(p, "close")) {
        s->kind = STMT_CLOSE;
        return parse_take(p, "all") || parse_name(p, &c->name);
    }
    s->kind = STMT_FETCH;
    c->move = parse_at(p, "move");
    parse_advance(p);
    return fetch(p, c);
}

/* ---- EXPLAIN ---- */

static const char *upper(struct parser *p, const char *text) {
    char *copy = arena_strdup(p->arena, text);
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return copy;
}

static bool explain_options(struct parser *p, struct ast_explain *e) {
    parse_advance(p);
    do {
        const char *word;
        if (!parse_any_name(p, &word))
            return false;
        if (strcmp(word, "analyze") == 0 || strcmp(word, "analyse") == 0)
            e->analyze = true;
        else
            parse_push(p, &e->options, upper(p, word));
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")");
}

bool parse_explain(struct parser *p, struct ast_stmt *s) {
    struct ast_explain *e = &s->u.explain;
    s->kind = STMT_EXPLAIN;
    parse_advance(p);
    const char *help = parse_enter(p, "h EXPLAIN");
    e->analyze = parse_take(p, "analyze") || parse_take(p, "analyse");
    if (parse_take(p, "verbose"))
        parse_push(p, &e->options, "VERBOSE");
    const struct token *next = parse_peek(p, 1);
    bool query = token_is_op(next, "(") || token_is_word(next, "select") || token_is_word(next, "values")
              || token_is_word(next, "with") || token_is_word(next, "table");
    if (parse_at_op(p, "(") && !query && !explain_options(p, e))
        return false;
    e->stmt = parse_stmt(p);
    parse_leave(p, help);
    return e->stmt != NULL;
}
