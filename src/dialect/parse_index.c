/* parse_index: index definitions, storage parameters, CREATE INDEX and ALTER INDEX. */
#include "parse.h"

static bool param(struct parser *p, struct ast_option *o) {
    o->pos = p->tok.begin;
    if (p->tok.kind == TOKEN_STRING) {
        if (!parse_string(p, &o->name))
            return false;
    } else if (!parse_setting_name(p, &o->name)) {
        return false;
    }
    if (!parse_take_op(p, "="))
        return true;
    if (parse_at(p, "on") || parse_at(p, "off")) {
        o->value = parse_new_expr(p, EXPR_BOOL);
        o->value->u.boolean = parse_at(p, "on");
        parse_advance(p);
        parse_done(p, o->value);
        return true;
    }
    o->value = parse_expr(p);
    return o->value != NULL;
}

bool parse_params(struct parser *p, struct ast_options *params) {
    if (!parse_expect_op(p, "("))
        return false;
    do {
        struct ast_option o = {0};
        if (!param(p, &o))
            return false;
        parse_push(p, params, o);
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")");
}

/* The parts of PARTITION BY are skipped: databases with regions refuse them. */
bool parse_partition_by(struct parser *p) {
    parse_take(p, "all");
    if (!parse_expect(p, "by"))
        return false;
    if (parse_take(p, "nothing"))
        return true;
    if (!parse_take(p, "list") && !parse_expect(p, "range"))
        return false;
    for (int lists = 0; lists < 2; lists++) {
        int depth = 0;
        if (!parse_at_op(p, "("))
            return parse_fail(p);
        do {
            if (parse_at_end(p) || p->tok.kind == TOKEN_ERROR)
                return parse_fail(p);
            depth += parse_at_op(p, "(") - parse_at_op(p, ")");
            parse_advance(p);
        } while (depth > 0);
    }
    return true;
}

static bool index_column(struct parser *p, struct ast_index_column *c) {
    bool call = token_is_op(parse_peek(p, 1), "(");
    if (parse_take_op(p, "(")) {
        if (!(c->expr = parse_expr(p)) || !parse_expect_op(p, ")"))
            return false;
    } else if (call) {
        if (!(c->expr = parse_primary(p)))
            return false;
    } else if (!parse_name(p, &c->column)) {
        return false;
    }
    if (token_is_name(&p->tok) && !parse_at(p, "nulls") && !parse_any_name(p, &c->opclass))
        return false;
    c->ascending = parse_take(p, "asc");
    c->descending = !c->ascending && parse_take(p, "desc");
    if (parse_take_all(p, "nulls", "first"))
        c->nulls = NULLS_FIRST;
    else if (parse_take_all(p, "nulls", "last"))
        c->nulls = NULLS_LAST;
    return true;
}

static bool index_columns(struct parser *p, struct ast_index *i) {
    if (!parse_expect_op(p, "("))
        return false;
    do {
        struct ast_index_column c = {0};
        if (!index_column(p, &c))
            return false;
        parse_push(p, &i->columns, c);
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")");
}

static bool hash(struct parser *p, struct ast_index *i) {
    i->hash = parse_take_all(p, "using", "hash");
    if (!i->hash || !parse_take_all(p, "with", "bucket_count"))
        return true;
    return parse_expect_op(p, "=") && (i->bucket_count = parse_expr(p));
}

static bool visibility(struct parser *p, struct ast_index *i) {
    if (parse_take_all(p, "not", "visible") || parse_take(p, "invisible"))
        i->not_visible = true;
    else if (parse_take(p, "visibility"))
        return parse_primary(p) != NULL;
    else
        parse_take(p, "visible");
    return true;
}

bool parse_index_body(struct parser *p, struct ast_index *i) {
    if (!index_columns(p, i) || !hash(p, i))
        return false;
    if ((parse_take(p, "storing") || parse_take(p, "covering") || parse_take(p, "include"))
        && !parse_names_in_parens(p, &i->storing))
        return false;
    if (parse_take(p, "partition")) {
        i->partition = true;
        if (!parse_partition_by(p))
            return false;
    }
    if (parse_take(p, "with") && !parse_params(p, &i->params))
        return false;
    if (parse_take(p, "where") && !(i->where = parse_expr(p)))
        return false;
    return visibility(p, i);
}

/* CREATE [UNIQUE] [INVERTED] INDEX [CONCURRENTLY] [IF NOT EXISTS] [name] ON t [USING method] (...) */
bool parse_create_index(struct parser *p, struct ast_stmt *s) {
    struct ast_index *i = &s->u.create_index.index;
    s->kind = STMT_CREATE_INDEX;
    i->unique = parse_take(p, "unique");
    i->inverted = parse_take(p, "inverted");
    if (!parse_expect(p, "index"))
        return false;
    const char *help = parse_enter(p, "h CREATE INDEX");
    i->concurrently = parse_take(p, "concurrently");
    if (!parse_if_not_exists(p, &i->if_not_exists))
        return false;
    if (!parse_at(p, "on") && !parse_name(p, &i->name))
        return false;
    if (!parse_expect(p, "on") || !parse_object(p, &s->u.create_index.table))
        return false;
    const char *method = NULL;
    if (parse_at(p, "using") && !token_is_word(parse_peek(p, 1), "hash")) {
        parse_advance(p);
        if (!parse_any_name(p, &method))
            return false;
        i->inverted = i->inverted || strcmp(method, "gin") == 0 || strcmp(method, "gist") == 0;
    }
    if (!parse_index_body(p, i))
        return false;
    parse_leave(p, help);
    return true;
}

/* ---- ALTER INDEX ---- */

static bool alter_split(struct parser *p, struct ast_stmt *s, const struct ast_target *target) {
    struct ast_alter_table *t = &s->u.alter_table;
    memset(&s->u, 0, sizeof s->u);
    s->kind = STMT_ALTER_TABLE;
    t->name = target->name;
    t->index = target->index;
    return parse_alter_commands(p, t);
}

static bool alter_name_or_visibility(struct parser *p, struct ast_stmt *s) {
    struct ast_alter_index *a = &s->u.alter_index;
    s->kind = STMT_ALTER_INDEX;
    if (parse_take(p, "rename"))
        return parse_expect(p, "to") && parse_name(p, &a->new_name);
    if (parse_take_all(p, "not", "visible") || parse_take(p, "invisible"))
        a->visible = -1;
    else if (parse_take(p, "visible"))
        a->visible = 1;
    else
        return parse_fail(p);
    return true;
}

bool parse_alter_index(struct parser *p, struct ast_stmt *s) {
    struct ast_alter_index *a = &s->u.alter_index;
    const char *help = parse_enter(p, "h ALTER INDEX");
    parse_advance(p);
    if (!parse_if_exists(p, &a->if_exists) || !parse_table_index(p, &a->index))
        return false;
    struct ast_target target = a->index;
    bool done;
    if (parse_at(p, "configure"))
        done = parse_configure_zone(p, s, &target);
    else if (parse_at(p, "split") || parse_at(p, "unsplit") || parse_at(p, "scatter")
             || parse_at(p, "partition"))
        done = alter_split(p, s, &target);
    else
        done = alter_name_or_visibility(p, s);
    parse_leave(p, help);
    return done;
}
