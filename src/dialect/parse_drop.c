/* parse_drop: DROP of everything. */
#include "parse.h"

static const struct dropped {
    const char *words[3];
    enum ast_target_kind kind;
    const char *help;
} things[] = {
    {{"database"}, TARGET_DATABASE, "h DROP DATABASE"},
    {{"table"}, TARGET_TABLE, "h DROP TABLE"},
    {{"materialized", "view"}, TARGET_VIEW, "h DROP VIEW"},
    {{"view"}, TARGET_VIEW, "h DROP VIEW"},
    {{"sequence"}, TARGET_SEQUENCE, "h DROP SEQUENCE"},
    {{"type"}, TARGET_TYPE, "h DROP TYPE"},
    {{"schema"}, TARGET_SCHEMA, "h DROP SCHEMA"},
    {{"index"}, TARGET_INDEX, "h DROP INDEX"},
    {{"user"}, TARGET_USER, "h DROP ROLE"},
    {{"role"}, TARGET_ROLE, "h DROP ROLE"},
};

static bool one(struct parser *p, enum ast_target_kind kind, struct ast_target *t) {
    t->kind = kind;
    if (kind == TARGET_INDEX)
        return parse_table_index(p, t);
    if (kind == TARGET_USER || kind == TARGET_ROLE)
        return parse_role(p, &t->word);
    if (kind == TARGET_DATABASE)
        return parse_name(p, &t->word);
    return parse_object(p, &t->name);
}

static bool drop_owned(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_REASSIGN;
    if (!parse_roles(p, &s->u.reassign.from))
        return false;
    if (!parse_take(p, "cascade"))
        parse_take(p, "restrict");
    return true;
}

static bool things_of(struct parser *p, struct ast_drop *d) {
    d->concurrently = d->what == TARGET_INDEX && parse_take(p, "concurrently");
    if (!parse_if_exists(p, &d->if_exists))
        return false;
    do {
        struct ast_target t = {0};
        if (!one(p, d->what, &t))
            return false;
        parse_push(p, &d->targets, t);
    } while (d->what != TARGET_DATABASE && parse_take_op(p, ","));
    d->cascade = parse_take(p, "cascade");
    d->restrict_said = !d->cascade && parse_take(p, "restrict");
    return true;
}

bool parse_drop(struct parser *p, struct ast_stmt *s) {
    struct ast_drop *d = &s->u.drop;
    s->kind = STMT_DROP;
    parse_advance(p);
    const char *help = parse_enter(p, "h DROP");
    if (parse_take_all(p, "owned", "by"))
        return drop_owned(p, s);
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        d->materialized = parse_at(p, "materialized");
        if (!parse_take_words(p, things[i].words))
            continue;
        d->what = things[i].kind;
        p->help = things[i].help;
        if (!things_of(p, d))
            return false;
        parse_leave(p, help);
        return true;
    }
    if (parse_at(p, "schedule") || parse_at(p, "schedules") || parse_at(p, "function")
        || parse_at(p, "procedure") || parse_at(p, "trigger") || parse_at(p, "policy")
        || parse_at(p, "external"))
        return parse_unsupported(p, s, "DROP");
    return !parse_refused(p) && parse_fail(p);
}
