/* parse_ddl: which thing CREATE, ALTER and DROP are about, and the smaller things: types, schemas,
 * views, sequences. */
#include "parse.h"

/* ---- types ---- */

static bool labels(struct parser *p, struct ast_words *labels) {
    if (!parse_expect_op(p, "("))
        return false;
    while (!parse_at_op(p, ")")) {
        const char *label;
        if (!parse_string(p, &label))
            return false;
        parse_push(p, labels, label);
        if (!parse_take_op(p, ","))
            break;
    }
    return parse_expect_op(p, ")");
}

static bool create_type(struct parser *p, struct ast_stmt *s) {
    struct ast_create_type *t = &s->u.create_type;
    s->kind = STMT_CREATE_TYPE;
    parse_advance(p);
    if (!parse_if_not_exists(p, &t->if_not_exists) || !parse_object(p, &t->name) || !parse_expect(p, "as"))
        return false;
    if (parse_at_op(p, "("))
        return parse_unsupported(p, s, "CREATE TYPE");
    return parse_expect(p, "enum") && labels(p, &t->labels);
}

static bool type_value(struct parser *p, struct ast_alter_type *t, enum ast_alter_type_kind kind) {
    t->kind = kind;
    if (kind == TYPE_ADD_VALUE && !parse_if_not_exists(p, &t->if_not_exists))
        return false;
    if (!parse_string(p, &t->value))
        return false;
    if (kind == TYPE_RENAME_VALUE)
        return parse_expect(p, "to") && parse_string(p, &t->new_name);
    t->before = kind == TYPE_ADD_VALUE && parse_take(p, "before");
    return kind != TYPE_ADD_VALUE || !(t->before || parse_take(p, "after")) || parse_string(p, &t->neighbour);
}

static bool alter_type(struct parser *p, struct ast_stmt *s) {
    struct ast_alter_type *t = &s->u.alter_type;
    s->kind = STMT_ALTER_TYPE;
    parse_advance(p);
    if (!parse_object(p, &t->name))
        return false;
    if (parse_take_all(p, "add", "value"))
        return type_value(p, t, TYPE_ADD_VALUE);
    if (parse_take_all(p, "drop", "value"))
        return type_value(p, t, TYPE_DROP_VALUE);
    if (parse_take_all(p, "rename", "value"))
        return type_value(p, t, TYPE_RENAME_VALUE);
    if (parse_take_all(p, "set", "schema")) {
        t->kind = TYPE_SET_SCHEMA;
        return parse_name(p, &t->new_name);
    }
    if (parse_take_all(p, "owner", "to")) {
        t->kind = TYPE_OWNER;
        return parse_role(p, &t->new_name);
    }
    t->kind = TYPE_RENAME;
    return parse_expect(p, "rename") && parse_expect(p, "to") && parse_name(p, &t->new_name);
}

/* ---- schemas, views, sequences ---- */

static bool create_schema(struct parser *p, struct ast_stmt *s) {
    struct ast_create_schema *c = &s->u.create_schema;
    s->kind = STMT_CREATE_SCHEMA;
    parse_advance(p);
    if (!parse_if_not_exists(p, &c->if_not_exists))
        return false;
    if (!parse_at(p, "authorization") && !parse_object(p, &c->name))
        return false;
    return !parse_take(p, "authorization") || parse_role(p, &c->owner);
}

static bool create_view(struct parser *p, struct ast_stmt *s) {
    struct ast_create_view *v = &s->u.create_view;
    s->kind = STMT_CREATE_VIEW;
    v->or_replace = parse_take_all(p, "or", "replace");
    v->temporary = parse_take(p, "temp") || parse_take(p, "temporary");
    v->materialized = parse_take(p, "materialized");
    parse_advance(p);
    if (!parse_if_not_exists(p, &v->if_not_exists) || !parse_object(p, &v->name))
        return false;
    if (parse_at_op(p, "(") && !parse_names_in_parens(p, &v->columns))
        return false;
    struct ast_options params = {0};
    if (parse_take(p, "with") && !parse_params(p, &params))
        return false;
    return parse_expect(p, "as") && (v->query = parse_query(p));
}

/* Options that are two words, or take a number, or none. */
static bool sequence_option(struct parser *p, struct ast_sequence *q, bool *found) {
    static const char *const with_number[] = {"increment", "minvalue", "maxvalue", "start",
                                              "cache",     "restart",  "virtual"};
    struct ast_option o = {.pos = p->tok.begin};
    *found = true;
    if (parse_take_all(p, "owned", "by")) {
        struct ast_name column;
        o.name = "owned by";
        o.value = parse_new_expr(p, EXPR_COLUMN);
        if (!(parse_at(p, "none") ? parse_any_name(p, &column.part[0]) : parse_object(p, &o.value->u.column)))
            return false;
    } else if (parse_take(p, "no")) {
        const char *what;
        if (!parse_any_name(p, &what))
            return false;
        o.name = arena_printf(p->arena, "no %s", what);
    } else if (parse_take(p, "cycle")) {
        o.name = "cycle";
    } else if (parse_take(p, "as")) {
        o.name = "as";
        if (!parse_type(p))
            return false;
    }
    for (size_t i = 0; !o.name && i < sizeof with_number / sizeof *with_number; i++)
        if (parse_take(p, with_number[i])) {
            o.name = with_number[i];
            bool joined = parse_take(p, "by") || parse_take(p, "with");
            bool number = p->tok.kind == TOKEN_INTEGER || parse_at_op(p, "-");
            if ((joined || number) && !(o.value = parse_b_expr(p)))
                return false;
        }
    *found = o.name != NULL;
    if (o.name)
        parse_push(p, &q->options, o);
    return true;
}

static bool sequence_options(struct parser *p, struct ast_sequence *q) {
    bool found = true;
    while (found)
        if (!sequence_option(p, q, &found))
            return false;
    return true;
}

static bool create_sequence(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_CREATE_SEQUENCE;
    if (!parse_take(p, "temp"))
        parse_take(p, "temporary");
    parse_advance(p);
    return parse_if_not_exists(p, &s->u.sequence.if_not_exists) && parse_object(p, &s->u.sequence.name)
        && sequence_options(p, &s->u.sequence);
}

static bool rename_rest(struct parser *p, struct ast_rename *r) {
    if (parse_take_all(p, "rename", "to"))
        return parse_name(p, &r->new_name);
    if (parse_take_all(p, "set", "schema"))
        return parse_name(p, &r->schema);
    return parse_expect(p, "owner") && parse_expect(p, "to") && parse_role(p, &r->owner);
}

static bool alter_named(struct parser *p, struct ast_stmt *s, enum ast_target_kind what) {
    s->kind = STMT_RENAME;
    s->u.rename.what = what;
    parse_advance(p);
    return parse_if_exists(p, &s->u.rename.if_exists) && parse_object(p, &s->u.rename.name)
        && rename_rest(p, &s->u.rename);
}

static bool alter_view(struct parser *p, struct ast_stmt *s) {
    parse_take(p, "materialized");
    return alter_named(p, s, TARGET_VIEW);
}

static bool alter_schema(struct parser *p, struct ast_stmt *s) {
    return alter_named(p, s, TARGET_SCHEMA);
}

static bool alter_sequence(struct parser *p, struct ast_stmt *s) {
    struct ast_rename r = {.what = TARGET_SEQUENCE};
    parse_advance(p);
    if (!parse_if_exists(p, &r.if_exists) || !parse_object(p, &r.name))
        return false;
    if (parse_at(p, "rename") || parse_at2(p, "set", "schema") || parse_at(p, "owner")) {
        s->kind = STMT_RENAME;
        s->u.rename = r;
        return rename_rest(p, &s->u.rename);
    }
    s->kind = STMT_ALTER_SEQUENCE;
    s->u.sequence.name = r.name;
    s->u.sequence.if_not_exists = r.if_exists;
    return sequence_options(p, &s->u.sequence);
}

/* ALTER PARTITION p OF ..., ALTER RANGE r: only their zone can be altered. */
static bool alter_zone(struct parser *p, struct ast_stmt *s) {
    struct ast_target target;
    if (parse_at2(p, "range", "relocate"))
        return parse_unsupported(p, s, "ALTER RANGE RELOCATE");
    return parse_zone_target(p, &target) && parse_configure_zone(p, s, &target);
}

static bool create_user(struct parser *p, struct ast_stmt *s) {
    return parse_create_role(p, s, false);
}

static bool alter_user(struct parser *p, struct ast_stmt *s) {
    return parse_create_role(p, s, true);
}

static bool create_unsupported(struct parser *p, struct ast_stmt *s) {
    char *words = arena_printf(p->arena, "CREATE %s", p->tok.text);
    for (char *c = words; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return parse_unsupported(p, s, words);
}

static bool alter_unsupported(struct parser *p, struct ast_stmt *s) {
    return parse_unsupported(p, s, "ALTER DEFAULT PRIVILEGES");
}

struct ddl {
    const char *words[4];
    const char *help;
    bool (*parse)(struct parser *p, struct ast_stmt *s); /* at the first of the words */
};

/* The parsers of the second column set their own help topic where NULL stands. */
static const struct ddl creates[] = {
    {{"database"}, NULL, parse_create_database},
    {{"table"}, NULL, parse_create_table},
    {{"temp", "table"}, NULL, parse_create_table},
    {{"temporary", "table"}, NULL, parse_create_table},
    {{"unlogged", "table"}, NULL, parse_create_table},
    {{"index"}, NULL, parse_create_index},
    {{"unique"}, NULL, parse_create_index},
    {{"inverted"}, NULL, parse_create_index},
    {{"type"}, "h CREATE TYPE", create_type},
    {{"schema"}, "h CREATE SCHEMA", create_schema},
    {{"view"}, "h CREATE VIEW", create_view},
    {{"materialized", "view"}, "h CREATE VIEW", create_view},
    {{"temp", "view"}, "h CREATE VIEW", create_view},
    {{"temporary", "view"}, "h CREATE VIEW", create_view},
    {{"or", "replace", "view"}, "h CREATE VIEW", create_view},
    {{"sequence"}, "h CREATE SEQUENCE", create_sequence},
    {{"temp", "sequence"}, "h CREATE SEQUENCE", create_sequence},
    {{"temporary", "sequence"}, "h CREATE SEQUENCE", create_sequence},
    {{"user"}, "h CREATE ROLE", create_user},
    {{"role"}, "h CREATE ROLE", create_user},
    {{"statistics"}, NULL, create_unsupported},
    {{"changefeed"}, NULL, create_unsupported},
    {{"schedule"}, NULL, create_unsupported},
    {{"function"}, NULL, create_unsupported},
    {{"procedure"}, NULL, create_unsupported},
    {{"or", "replace", "function"}, NULL, create_unsupported},
    {{"trigger"}, NULL, create_unsupported},
    {{"policy"}, NULL, create_unsupported},
    {{"extension"}, NULL, create_unsupported},
    {{"external"}, NULL, create_unsupported},
};

static const struct ddl alters[] = {
    {{"database"}, NULL, parse_alter_database},
    {{"table"}, NULL, parse_alter_table},
    {{"index"}, NULL, parse_alter_index},
    {{"partition"}, "h ALTER PARTITION", alter_zone},
    {{"range"}, "h ALTER RANGE", alter_zone},
    {{"type"}, "h ALTER TYPE", alter_type},
    {{"view"}, "h ALTER VIEW", alter_view},
    {{"materialized", "view"}, "h ALTER VIEW", alter_view},
    {{"schema"}, "h ALTER SCHEMA", alter_schema},
    {{"sequence"}, "h ALTER SEQUENCE", alter_sequence},
    {{"user"}, "h ALTER ROLE", alter_user},
    {{"role"}, "h ALTER ROLE", alter_user},
    {{"default", "privileges"}, NULL, alter_unsupported},
};

static bool at_words(struct parser *p, const char *const *words) {
    if (!parse_at(p, words[0]))
        return false;
    for (int i = 1; words[i]; i++)
        if (!token_is_word(parse_peek(p, i), words[i]))
            return false;
    return true;
}

static bool dispatch(struct parser *p, struct ast_stmt *s, const struct ddl *rows, size_t n, const char *help) {
    const char *before = parse_enter(p, help);
    parse_advance(p);
    for (size_t i = 0; i < n; i++) {
        if (!at_words(p, rows[i].words))
            continue;
        if (rows[i].help)
            p->help = rows[i].help;
        bool done = rows[i].parse(p, s);
        parse_leave(p, before);
        return done;
    }
    return !parse_refused(p) && parse_fail(p);
}

/* What PostgreSQL has and the server refuses by name, after CREATE or DROP. */
static const char *const refused[] = {
    "access",   "aggregate",   "cast", "conversion", "foreign",      "language",
    "operator", "publication", "rule", "server",     "subscription", "tablespace",
};

bool parse_refused(struct parser *p) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (parse_take(p, refused[i]))
            return !parse_unimplemented(p, "this syntax");
    return false;
}

bool parse_create(struct parser *p, struct ast_stmt *s) {
    return dispatch(p, s, creates, sizeof creates / sizeof *creates, "h CREATE");
}

bool parse_alter(struct parser *p, struct ast_stmt *s) {
    return dispatch(p, s, alters, sizeof alters / sizeof *alters, "h ALTER");
}
