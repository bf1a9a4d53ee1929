/* parse_table: CREATE TABLE and ALTER TABLE. */
#include "parse.h"

bool parse_locality(struct parser *p, struct ast_locality *l) {
    if (parse_take(p, "global")) {
        l->kind = LOCALITY_GLOBAL;
        return true;
    }
    if (!parse_expect(p, "regional"))
        return false;
    if (parse_take_all(p, "by", "row")) {
        l->kind = LOCALITY_ROW;
        return !parse_take(p, "as") || parse_name(p, &l->column);
    }
    l->kind = LOCALITY_TABLE_PRIMARY;
    if (parse_take(p, "by") && !parse_expect(p, "table"))
        return false;
    if (!parse_take(p, "in") || parse_take_all(p, "primary", "region"))
        return true;
    l->kind = LOCALITY_TABLE_IN;
    return parse_region(p, &l->region);
}

/* ---- CREATE TABLE ---- */

static bool at_index(struct parser *p) {
    const struct token *next = parse_peek(p, 1);
    if (parse_at(p, "unique") || parse_at(p, "inverted"))
        return token_is_word(next, "index") || token_is_word(next, "inverted");
    return parse_at(p, "index")
        && (token_is_op(next, "(") || (token_is_name(next) && token_is_op(parse_peek(p, 2), "(")));
}

static bool index_item(struct parser *p, struct ast_table_item *item) {
    struct ast_index *i = parse_new(p, struct ast_index);
    item->kind = ITEM_INDEX;
    item->u.index = i;
    i->unique = parse_take(p, "unique");
    i->inverted = parse_take(p, "inverted");
    if (!parse_expect(p, "index"))
        return false;
    if (!parse_at_op(p, "(") && !parse_name(p, &i->name))
        return false;
    return parse_index_body(p, i);
}

static bool family_item(struct parser *p, struct ast_table_item *item) {
    struct ast_family *f = parse_new(p, struct ast_family);
    item->kind = ITEM_FAMILY;
    item->u.family = f;
    parse_advance(p);
    if (!parse_at_op(p, "(") && !parse_name(p, &f->name))
        return false;
    return parse_names_in_parens(p, &f->columns);
}

static bool like_item(struct parser *p, struct ast_table_item *item) {
    item->kind = ITEM_LIKE;
    parse_advance(p);
    if (!parse_object(p, &item->u.like.table))
        return false;
    while (parse_at(p, "including") || parse_at(p, "excluding")) {
        const char *how, *what;
        if (!parse_any_name(p, &how) || !parse_any_name(p, &what))
            return false;
        parse_push(p, &item->u.like.options, arena_printf(p->arena, "%s %s", how, what));
    }
    return true;
}

static bool table_item(struct parser *p, struct ast_table_item *item, bool typed) {
    if (parse_at(p, "family"))
        return family_item(p, item);
    if (parse_at(p, "like"))
        return like_item(p, item);
    if (at_index(p))
        return index_item(p, item);
    if (parse_at_constraint(p)) {
        item->kind = ITEM_CONSTRAINT;
        return (item->u.constraint = parse_constraint(p)) != NULL;
    }
    item->kind = ITEM_COLUMN;
    return (item->u.column = parse_column(p, typed)) != NULL;
}

/* Names only, as in CREATE TABLE t (a, b) AS ...: a column without a type. */
static bool untyped(struct parser *p) {
    const struct token *next = parse_peek(p, 1);
    return token_is_name(&p->tok)
        && (token_is_op(next, ",") || token_is_op(next, ")") || token_is_word(next, "primary"));
}

static bool items(struct parser *p, struct ast_create_table *t) {
    parse_advance(p);
    if (parse_take_op(p, ")"))
        return true;
    do {
        struct ast_table_item item = {0};
        if (!table_item(p, &item, !untyped(p)))
            return false;
        parse_push(p, &t->items, item);
    } while (parse_take_op(p, ","));
    return parse_expect_op(p, ")");
}

static bool on_commit(struct parser *p, struct ast_create_table *t) {
    if (!parse_take_all(p, "on", "commit"))
        return true;
    t->on_commit = parse_at(p, "preserve") ? "PRESERVE ROWS" : parse_at(p, "drop") ? "DROP" : "DELETE ROWS";
    return parse_take_all(p, "preserve", "rows") || parse_take_all(p, "delete", "rows")
           || parse_expect(p, "drop");
}

static bool table_tail(struct parser *p, struct ast_create_table *t) {
    if (parse_take(p, "partition")) {
        t->partition_by = true;
        if (!parse_partition_by(p))
            return false;
    }
    if (parse_take(p, "with") && !parse_params(p, &t->params))
        return false;
    if (!on_commit(p, t))
        return false;
    return !parse_take(p, "locality") || parse_locality(p, &t->locality);
}

/* CREATE TABLE ... AS query; columns may have been named without types. */
static bool as_query(struct parser *p, struct ast_create_table *t) {
    if (!parse_take(p, "as"))
        return true;
    t->as = parse_query(p);
    if (t->as && parse_take(p, "with"))
        return parse_take(p, "data") || (parse_expect(p, "no") && parse_expect(p, "data"));
    return t->as != NULL;
}

static bool all_typed(struct parser *p, const struct ast_create_table *t) {
    for (size_t i = 0; i < t->items.len; i++)
        if (t->items.items[i].kind == ITEM_COLUMN && !t->items.items[i].u.column->type)
            return parse_fail(p);
    return true;
}

bool parse_create_table(struct parser *p, struct ast_stmt *s) {
    struct ast_create_table *t = &s->u.create_table;
    s->kind = STMT_CREATE_TABLE;
    t->temporary = parse_take(p, "temp") || parse_take(p, "temporary");
    t->unlogged = parse_take(p, "unlogged");
    parse_advance(p);
    const char *help = parse_enter(p, "h CREATE TABLE");
    if (!parse_if_not_exists(p, &t->if_not_exists) || !parse_object(p, &t->name))
        return false;
    if (parse_at_op(p, "(") ? !items(p, t) : !parse_at(p, "as") && !parse_at(p, "with"))
        return parse_fail(p);
    if (!table_tail(p, t) || !as_query(p, t) || (!t->as && !all_typed(p, t)))
        return false;
    parse_leave(p, help);
    return true;
}

bool parse_alter_table(struct parser *p, struct ast_stmt *s) {
    struct ast_alter_table *t = &s->u.alter_table;
    s->kind = STMT_ALTER_TABLE;
    const char *help = parse_enter(p, "h ALTER TABLE");
    parse_advance(p);
    if (!parse_if_exists(p, &t->if_exists) || !parse_object(p, &t->name))
        return false;
    if (parse_at(p, "configure")) {
        struct ast_target target = {.kind = TARGET_TABLE, .name = t->name};
        bool done = parse_configure_zone(p, s, &target);
        parse_leave(p, help);
        return done;
    }
    if (parse_at(p, "enable") || parse_at(p, "disable") || parse_at(p, "force")) {
        parse_leave(p, help);
        return parse_unsupported(p, s, "ALTER TABLE");
    }
    if (!parse_alter_commands(p, t))
        return false;
    parse_leave(p, help);
    return true;
}
