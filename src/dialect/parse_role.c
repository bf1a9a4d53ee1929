/* parse_role: users, rights, comments, and the control of jobs. */
#include "parse.h"

static const char *upper(struct parser *p, const char *text) {
    char *copy = arena_strdup(p->arena, text);
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return copy;
}

/* ---- CREATE and ALTER ROLE ---- */

static bool password(struct parser *p, struct ast_option *o) {
    o->name = "PASSWORD";
    if (parse_take(p, "null"))
        return true;
    o->value = parse_primary(p);
    return o->value != NULL;
}

static bool role_option(struct parser *p, struct ast_role *r) {
    struct ast_option o = {.pos = p->tok.begin};
    const char *word;
    parse_take(p, "encrypted");
    if (parse_take(p, "password")) {
        if (!password(p, &o))
            return false;
    } else if (parse_take_all(p, "valid", "until")) {
        o.name = "VALID UNTIL";
        if (!parse_take(p, "null") && !(o.value = parse_primary(p)))
            return false;
    } else {
        if (!parse_any_name(p, &word))
            return false;
        o.name = upper(p, word);
        if (p->tok.kind == TOKEN_STRING && !(o.value = parse_primary(p)))
            return false;
    }
    parse_push(p, &r->options, o);
    return true;
}

static bool role_set(struct parser *p, struct ast_role *r) {
    if (parse_take_all(p, "in", "database") && !parse_name(p, &r->in_database))
        return false;
    r->has_set = parse_at(p, "set") || parse_at(p, "reset");
    if (parse_take(p, "set"))
        return parse_set_clause(p, &r->set);
    if (!parse_take(p, "reset"))
        return true;
    r->set.reset = true;
    r->set.reset_all = parse_take(p, "all");
    return r->set.reset_all || parse_setting_name(p, &r->set.name);
}

bool parse_create_role(struct parser *p, struct ast_stmt *s, bool alter) {
    struct ast_role *r = &s->u.role;
    s->kind = STMT_ROLE;
    r->alter = alter;
    r->user = parse_at(p, "user");
    parse_advance(p);
    if (!(alter ? parse_if_exists(p, &r->if_not_exists) : parse_if_not_exists(p, &r->if_not_exists)))
        return false;
    if (!(alter && parse_take(p, "all")) && !parse_role(p, &r->name))
        return false;
    if (alter && (!role_set(p, r) || r->has_set))
        return r->has_set && !p->failed;
    parse_take(p, "with");
    while (p->tok.kind == TOKEN_KEYWORD || p->tok.kind == TOKEN_NAME)
        if (!role_option(p, r))
            return false;
    return true;
}

/* ---- GRANT and REVOKE ---- */

static bool privileges(struct parser *p, struct ast_words *list) {
    do {
        const char *word;
        if (!(p->tok.kind == TOKEN_STRING ? parse_string(p, &word) : parse_any_name(p, &word)))
            return false;
        if (strcmp(word, "all") == 0)
            parse_take(p, "privileges");
        parse_push(p, list, upper(p, word));
    } while (parse_take_op(p, ","));
    return true;
}

static bool role_names(struct parser *p, struct ast_words *list) {
    for (size_t i = 0; i < list->len; i++) { /* role names were made upper case as privileges */
        char *copy = arena_strdup(p->arena, list->items[i]);
        for (char *c = copy; *c; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        list->items[i] = copy;
    }
    return true;
}

static const struct { const char *words[4]; enum ast_target_kind kind; } grant_targets[] = {
    {{"database"}, TARGET_DATABASE}, {{"schema"}, TARGET_SCHEMA},     {{"type"}, TARGET_TYPE},
    {{"table"}, TARGET_TABLE},       {{"sequence"}, TARGET_SEQUENCE}, {{"function"}, TARGET_FUNCTION},
    {{"external", "connection"}, TARGET_EXTERNAL_CONNECTION},
    {{"all", "tables", "in", "schema"}, TARGET_ALL_TABLES_IN_SCHEMA},
};

/* t, s.t, s.*, * */
static bool table_pattern(struct parser *p, struct ast_name *name) {
    if (parse_take_op(p, "*")) {
        *name = (struct ast_name){.n = 1, .part = {"*"}};
        return true;
    }
    *name = (struct ast_name){.pos = p->tok.begin};
    do {
        if (name->n == 3)
            return parse_fail(p);
        if (parse_take_op(p, "*"))
            name->part[name->n] = "*";
        else if (!parse_any_name(p, &name->part[name->n]))
            return false;
        name->n++;
    } while (parse_take_op(p, "."));
    return true;
}

static bool grant_target(struct parser *p, struct ast_grant *g) {
    g->target.kind = TARGET_TABLE;
    for (size_t i = 0; i < sizeof grant_targets / sizeof *grant_targets; i++) {
        const char *const *w = grant_targets[i].words;
        bool four = w[2] != NULL;
        bool here =
            four ? parse_at(p, "all") && token_is_word(parse_peek(p, 1), "tables") : parse_at(p, w[0]);
        if (!here)
            continue;
        for (int n = 0; n < 4 && w[n]; n++)
            if (!parse_expect(p, w[n]))
                return false;
        g->target.kind = grant_targets[i].kind;
        break;
    }
    do {
        struct ast_name name;
        if (!table_pattern(p, &name))
            return false;
        parse_push(p, &g->names, name);
    } while (parse_take_op(p, ","));
    return true;
}

static bool grant_rest(struct parser *p, struct ast_grant *g) {
    if (parse_take_all(p, "grant", "option", "for") || parse_take_all(p, "admin", "option", "for"))
        g->option = true;
    if (parse_take(p, "system")) {
        g->target.kind = TARGET_SYSTEM;
        if (p->version < 2202)
            return parse_fail(p);
    }
    if (!privileges(p, &g->privileges))
        return false;
    if (g->target.kind == TARGET_NONE && parse_take(p, "on")) {
        if (!grant_target(p, g))
            return false;
    } else if (g->target.kind == TARGET_NONE) {
        g->roles = role_names(p, &g->privileges);
    }
    if (!parse_expect(p, g->revoke ? "from" : "to") || !parse_roles(p, &g->grantees))
        return false;
    if (parse_take_all(p, "with", "grant", "option") || parse_take_all(p, "with", "admin", "option"))
        g->option = true;
    return true;
}

bool parse_grant(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_GRANT;
    s->u.grant.revoke = parse_at(p, "revoke");
    parse_advance(p);
    const char *help = parse_enter(p, s->u.grant.revoke ? "h REVOKE" : "h GRANT");
    if (!grant_rest(p, &s->u.grant))
        return false;
    parse_leave(p, help);
    return true;
}

/* ---- COMMENT ON ---- */

static bool comment_target(struct parser *p, struct ast_target *t) {
    static const struct { const char *word; enum ast_target_kind kind; } kinds[] = {
        {"table", TARGET_TABLE}, {"schema", TARGET_SCHEMA}, {"type", TARGET_TYPE}, {"view", TARGET_VIEW},
    };
    if (parse_take(p, "database")) {
        t->kind = TARGET_DATABASE;
        return parse_name(p, &t->word);
    }
    if (parse_take(p, "index"))
        return parse_table_index(p, t);
    if (parse_take(p, "constraint")) {
        t->kind = TARGET_CONSTRAINT;
        return parse_name(p, &t->word) && parse_expect(p, "on") && parse_object(p, &t->name);
    }
    if (parse_take(p, "column")) {
        t->kind = TARGET_COLUMN;
        if (!parse_object(p, &t->name) || t->name.n < 2)
            return parse_fail(p);
        t->word = t->name.part[--t->name.n];
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (parse_take(p, kinds[i].word)) {
            t->kind = kinds[i].kind;
            return parse_object(p, &t->name);
        }
    return parse_fail(p);
}

bool parse_comment(struct parser *p, struct ast_stmt *s) {
    s->kind = STMT_COMMENT;
    parse_advance(p);
    const char *help = parse_enter(p, "h COMMENT ON");
    if (!parse_expect(p, "on") || !comment_target(p, &s->u.comment.target) || !parse_expect(p, "is"))
        return false;
    if (!parse_take(p, "null") && !parse_string(p, &s->u.comment.text))
        return false;
    parse_leave(p, help);
    return true;
}

/* ---- CANCEL, PAUSE, RESUME ---- */

bool parse_job_control(struct parser *p, struct ast_stmt *s) {
    static const struct { const char *one, *many; enum ast_cancel_kind kind;
    } kinds[] = {
        {"query", "queries", CANCEL_QUERY},
        {"session", "sessions", CANCEL_SESSION},
        {"job", "jobs", CANCEL_JOB},
    };
    struct ast_job_control *j = &s->u.job;
    s->kind = STMT_JOB_CONTROL;
    j->pause = parse_at(p, "pause");
    j->resume = parse_at(p, "resume");
    const char *help = parse_enter(p, j->pause ? "h PAUSE JOBS" : j->resume ? "h RESUME JOBS" : "h CANCEL");
    parse_advance(p);
    if (parse_at(p, "schedule") || parse_at(p, "schedules") || parse_at(p, "all"))
        return parse_unsupported(p, s, "CANCEL");
    for (size_t i = j->pause || j->resume ? 2 : 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool many = parse_at(p, kinds[i].many);
        if (!many && !parse_at(p, kinds[i].one))
            continue;
        parse_advance(p);
        j->what = kinds[i].kind;
        j->if_exists = parse_take_all(p, "if", "exists");
        bool done = many ? (j->query = parse_query(p)) != NULL : (j->id = parse_expr(p)) != NULL;
        parse_leave(p, help);
        return done;
    }
    return parse_fail(p);
}
