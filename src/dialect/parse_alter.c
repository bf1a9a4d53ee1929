/* parse_alter: the commands of ALTER TABLE. */
#include "parse.h"

static bool behaviour(struct parser *p, struct ast_alter_cmd *c) {
    c->cascade = parse_take(p, "cascade");
    if (!c->cascade)
        parse_take(p, "restrict");
    return true;
}

static bool add(struct parser *p, struct ast_alter_cmd *c) {
    if (parse_at_constraint(p)) {
        c->kind = ALTER_ADD_CONSTRAINT;
        c->constraint = parse_constraint(p);
        return c->constraint != NULL;
    }
    c->kind = ALTER_ADD_COLUMN;
    parse_take(p, "column");
    if (!parse_if_not_exists(p, &c->if_not_exists))
        return false;
    c->add = parse_column(p, true);
    return c->add != NULL;
}

static bool drop(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_DROP_COLUMN;
    if (parse_take(p, "constraint"))
        c->kind = ALTER_DROP_CONSTRAINT;
    else
        parse_take(p, "column");
    return parse_if_exists(p, &c->if_exists) && parse_name(p, &c->column) && behaviour(p, c);
}

static bool column_type(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_SET_TYPE;
    c->type = parse_type(p);
    return c->type && (!parse_take(p, "using") || (c->expr = parse_expr(p)));
}

/* ADD GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY */
static bool add_identity(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_ADD_IDENTITY;
    if (!parse_take(p, "always") && !parse_take_all(p, "by", "default"))
        return parse_fail(p);
    return parse_expect(p, "as") && parse_expect(p, "identity");
}

/* ALTER COLUMN c ...: those that end with the words. */
static const struct { const char *words[4]; enum ast_alter_table_kind kind; } column_words[] = {
    {{"set", "not", "null"}, ALTER_SET_NOT_NULL},  {{"drop", "not", "null"}, ALTER_DROP_NOT_NULL},
    {{"drop", "default"}, ALTER_DROP_DEFAULT},     {{"drop", "stored"}, ALTER_DROP_STORED},
    {{"drop", "on", "update"}, ALTER_DROP_ON_UPDATE},
    {{"set", "not", "visible"}, ALTER_SET_NOT_VISIBLE}, {{"set", "visible"}, ALTER_SET_VISIBLE},
};

static bool alter_column(struct parser *p, struct ast_alter_cmd *c) {
    parse_take(p, "column");
    if (!parse_name(p, &c->column))
        return false;
    for (size_t i = 0; i < sizeof column_words / sizeof *column_words; i++)
        if (parse_take_words(p, column_words[i].words)) {
            c->kind = column_words[i].kind;
            return true;
        }
    if (parse_take(p, "type") || parse_take_all(p, "set", "data", "type"))
        return column_type(p, c);
    if (p->version >= 2301 && parse_take_all(p, "add", "generated"))
        return add_identity(p, c);
    c->kind = ALTER_SET_DEFAULT;
    if (parse_take_all(p, "set", "on", "update"))
        c->kind = ALTER_SET_ON_UPDATE;
    else if (!parse_expect(p, "set") || !parse_expect(p, "default"))
        return false;
    c->expr = parse_expr(p);
    return c->expr != NULL;
}

static bool primary_key(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_PRIMARY_KEY;
    if (!parse_expect(p, "key") || !parse_expect(p, "using") || !parse_expect(p, "columns"))
        return false;
    c->constraint = parse_new(p, struct ast_constraint);
    c->constraint->kind = CONSTRAINT_PRIMARY;
    c->constraint->index.primary = true;
    return parse_index_body(p, &c->constraint->index);
}

static bool alter(struct parser *p, struct ast_alter_cmd *c) {
    return parse_take(p, "primary") ? primary_key(p, c) : alter_column(p, c);
}

static bool rename_to(struct parser *p, struct ast_alter_cmd *c) {
    if (parse_take(p, "to")) {
        c->kind = ALTER_RENAME_TABLE;
        return parse_name(p, &c->new_name);
    }
    c->kind = parse_take(p, "constraint") ? ALTER_RENAME_CONSTRAINT : ALTER_RENAME_COLUMN;
    parse_take(p, "column");
    return parse_name(p, &c->column) && parse_expect(p, "to") && parse_name(p, &c->new_name);
}

static bool set(struct parser *p, struct ast_alter_cmd *c) {
    if (parse_take(p, "locality")) {
        c->kind = ALTER_SET_LOCALITY;
        return parse_locality(p, &c->locality);
    }
    if (parse_take(p, "schema")) {
        c->kind = ALTER_SET_SCHEMA;
        return parse_name(p, &c->new_name);
    }
    c->kind = ALTER_SET_PARAMS;
    return parse_params(p, &c->params);
}

static bool reset(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_RESET_PARAMS;
    return parse_params(p, &c->params);
}

static bool owner(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_OWNER;
    return parse_expect(p, "to") && parse_role(p, &c->new_name);
}

static bool validate(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_VALIDATE_CONSTRAINT;
    return parse_expect(p, "constraint") && parse_name(p, &c->column);
}

static bool partition(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_PARTITION_BY;
    c->flag = parse_at2(p, "by", "nothing");
    return parse_partition_by(p);
}

static bool split(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_SPLIT_AT;
    if (!parse_expect(p, "at") || !(c->query = parse_query(p)))
        return false;
    return !parse_take_all(p, "with", "expiration") || (c->expr = parse_expr(p));
}

static bool unsplit(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_UNSPLIT;
    c->flag = parse_take(p, "all");
    return c->flag || (parse_expect(p, "at") && (c->query = parse_query(p)));
}

static bool scatter(struct parser *p, struct ast_alter_cmd *c) {
    struct ast_exprs bounds = {0};
    c->kind = ALTER_SCATTER;
    if (!parse_take(p, "from"))
        return true;
    return parse_expect_op(p, "(") && parse_exprs(p, &bounds) && parse_expect_op(p, ")")
           && parse_expect(p, "to") && parse_expect_op(p, "(") && parse_exprs(p, &bounds)
           && parse_expect_op(p, ")");
}

static bool audit(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_AUDIT;
    return parse_expect(p, "set")
           && (parse_take(p, "off") || (parse_expect(p, "read") && parse_expect(p, "write")));
}

static bool inject(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_INJECT_STATISTICS;
    return parse_expect(p, "statistics") && (c->expr = parse_expr(p));
}

static bool relocate(struct parser *p, struct ast_alter_cmd *c) {
    c->kind = ALTER_RELOCATE;
    if (!parse_take(p, "lease") && !parse_take(p, "voters"))
        parse_take(p, "nonvoters");
    return (c->query = parse_query(p)) != NULL;
}

static const struct {
    const char *word;
    bool (*parse)(struct parser *, struct ast_alter_cmd *);
} commands[] = {
    {"add", add},
    {"drop", drop},
    {"alter", alter},
    {"rename", rename_to},
    {"set", set},
    {"reset", reset},
    {"owner", owner},
    {"validate", validate},
    {"partition", partition},
    {"split", split},
    {"unsplit", unsplit},
    {"scatter", scatter},
    {"experimental_audit", audit},
    {"inject", inject},
    {"experimental_relocate", relocate},
    {"relocate", relocate},
};

static bool command(struct parser *p, struct ast_alter_cmd *c) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (parse_take(p, commands[i].word))
            return commands[i].parse(p, c);
    return parse_fail(p);
}

bool parse_alter_commands(struct parser *p, struct ast_alter_table *t) {
    do {
        struct ast_alter_cmd c = {0};
        if (!command(p, &c))
            return false;
        parse_push(p, &t->cmds, c);
    } while (parse_take_op(p, ","));
    return true;
}
