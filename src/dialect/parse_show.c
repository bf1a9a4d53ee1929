/* parse_show: every form of SHOW. */
#include "parse.h"

typedef bool show_parser(struct parser *p, struct ast_show *s);

static bool database_name(struct parser *p, const char **name) {
    return parse_at_end(p) || !token_is_name(&p->tok) || parse_name(p, name);
}

static bool nothing(struct parser *p, struct ast_show *s) {
    (void)p;
    (void)s;
    return true;
}

static bool with_comment(struct parser *p, struct ast_show *s) {
    s->with_comment = parse_take_all(p, "with", "comment");
    return true;
}

/* ---- ranges ---- */

static bool range_options(struct parser *p, struct ast_show *s) {
    static const struct { const char *word; enum ast_ranges_option option; } options[] = {
        {"tables", RANGES_TABLES}, {"indexes", RANGES_INDEXES}, {"details", RANGES_DETAILS},
        {"keys", RANGES_KEYS},     {"explain", RANGES_EXPLAIN},
    };
    enum { MODES = RANGES_TABLES | RANGES_INDEXES };
    if (p->version < 2301 || !parse_take(p, "with"))
        return true;
    do {
        unsigned option = 0;
        for (size_t i = 0; i < sizeof options / sizeof *options; i++)
            if (parse_at(p, options[i].word))
                option = options[i].option;
        if (!option)
            return parse_fail(p);
        if (((s->ranges | option) & MODES) == MODES)
            return parse_fail_because(p, "conflicting modes");
        s->ranges |= option;
        parse_advance(p);
    } while (parse_take_op(p, ","));
    return true;
}

static bool range_target(struct parser *p, struct ast_target *t) {
    if (parse_take(p, "table")) {
        t->kind = TARGET_TABLE;
        return parse_object(p, &t->name);
    }
    if (parse_take(p, "index"))
        return parse_table_index(p, t);
    if (p->version >= 2301 && parse_take(p, "current_catalog")) {
        t->kind = TARGET_CURRENT_CATALOG;
        return true;
    }
    t->kind = TARGET_DATABASE;
    return parse_expect(p, "database") && parse_name(p, &t->word);
}

static bool ranges(struct parser *p, struct ast_show *s) {
    if (s->target.kind != TARGET_CLUSTER) {
        if (parse_take(p, "from")) {
            if (!range_target(p, &s->target))
                return false;
        } else if (p->version < 2301) {
            return parse_fail(p);
        } else {
            s->target.kind = TARGET_CURRENT_CATALOG;
        }
    }
    return range_options(p, s);
}

static bool range_for_row(struct parser *p, struct ast_show *s) {
    if (!parse_expect(p, "from"))
        return false;
    if (parse_take(p, "table")) {
        s->target.kind = TARGET_TABLE;
        if (!parse_object(p, &s->target.name))
            return false;
    } else if (!parse_expect(p, "index") || !parse_table_index(p, &s->target)) {
        return false;
    }
    return parse_expect(p, "for") && parse_expect(p, "row") && parse_expect_op(p, "(")
        && parse_exprs(p, &s->row) && parse_expect_op(p, ")");
}

/* ---- regions, zones, partitions ---- */

static bool regions(struct parser *p, struct ast_show *s) {
    if (!parse_take(p, "from"))
        return true;
    if (parse_take(p, "cluster")) {
        s->target.kind = TARGET_CLUSTER;
        return true;
    }
    if (parse_take_all(p, "all", "databases")) {
        s->target.kind = TARGET_ALL_DATABASES;
        return true;
    }
    s->target.kind = TARGET_DATABASE;
    return parse_expect(p, "database") && database_name(p, &s->target.word);
}

static bool from_database(struct parser *p, struct ast_show *s) {
    return parse_expect(p, "from") && parse_expect(p, "database") && database_name(p, &s->word);
}

static bool zone_configuration(struct parser *p, struct ast_show *s) {
    return (parse_take(p, "for") || parse_expect(p, "from")) && parse_zone_target(p, &s->target);
}

static bool partitions(struct parser *p, struct ast_show *s) {
    if (!parse_expect(p, "from"))
        return false;
    if (parse_take(p, "database")) {
        s->target.kind = TARGET_DATABASE;
        return parse_name(p, &s->target.word);
    }
    if (parse_take(p, "index"))
        return parse_table_index(p, &s->target);
    s->target.kind = TARGET_TABLE;
    return parse_expect(p, "table") && parse_object(p, &s->target.name);
}

/* ---- objects ---- */

static bool create(struct parser *p, struct ast_show *s) {
    static const struct { const char *word; enum ast_target_kind kind;
    } kinds[] = {
        {"table", TARGET_TABLE},   {"view", TARGET_TABLE}, {"sequence", TARGET_TABLE},
        {"schema", TARGET_SCHEMA}, {"type", TARGET_TYPE},  {"function", TARGET_FUNCTION},
    };
    if (parse_take(p, "all")) {
        s->kind = SHOW_CREATE_ALL;
        s->word = parse_at(p, "tables") ? "TABLES" : parse_at(p, "schemas") ? "SCHEMAS" : "TYPES";
        return parse_take(p, "tables") || parse_take(p, "schemas") || parse_expect(p, "types");
    }
    if (parse_take(p, "database")) {
        s->target.kind = TARGET_DATABASE;
        return parse_name(p, &s->target.word);
    }
    s->target.kind = TARGET_TABLE;
    bool said = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !said; i++)
        if ((said = parse_take(p, kinds[i].word)))
            s->target.kind = kinds[i].kind;
    return parse_object(p, &s->target.name);
}

static bool from_schema(struct parser *p, struct ast_show *s) {
    if (parse_take(p, "from") && !parse_object(p, &s->name))
        return false;
    return with_comment(p, s);
}

static bool from_object(struct parser *p, struct ast_show *s) {
    return parse_expect(p, "from") && parse_object(p, &s->name) && with_comment(p, s);
}

static bool from_any_database(struct parser *p, struct ast_show *s) {
    return !parse_take(p, "from") || parse_name(p, &s->word);
}

static bool indexes(struct parser *p, struct ast_show *s) {
    if (!parse_expect(p, "from"))
        return false;
    s->target.kind = TARGET_TABLE;
    if (parse_at(p, "database") && token_is_name(parse_peek(p, 1))) {
        parse_advance(p);
        s->target.kind = TARGET_DATABASE;
        return parse_name(p, &s->target.word) && with_comment(p, s);
    }
    parse_take(p, "table");
    return parse_object(p, &s->target.name) && with_comment(p, s);
}

/* ---- rights ---- */

static bool grant_objects(struct parser *p, struct ast_show *s) {
    static const struct { const char *word; enum ast_target_kind kind; } kinds[] = {
        {"database", TARGET_DATABASE}, {"schema", TARGET_SCHEMA}, {"type", TARGET_TYPE},
        {"table", TARGET_TABLE},       {"function", TARGET_FUNCTION},
    };
    if (parse_take(p, "role")) {
        s->target.kind = TARGET_ROLE;
        if (parse_at_end(p) || parse_at(p, "for"))
            return true;
        return parse_objects(p, &s->names);
    }
    if (parse_take_all(p, "external", "connection")) {
        s->target.kind = TARGET_EXTERNAL_CONNECTION;
        return parse_objects(p, &s->names);
    }
    s->target.kind = TARGET_TABLE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (parse_take(p, kinds[i].word)) {
            s->target.kind = kinds[i].kind;
            break;
        }
    do {
        struct ast_name name;
        if (!parse_object(p, &name))
            return false;
        if (parse_at_op(p, ".") && token_is_op(parse_peek(p, 1), "*")) {
            parse_advance(p);
            parse_advance(p);
        }
        parse_push(p, &s->names, name);
    } while (parse_take_op(p, ","));
    return true;
}

static bool grants(struct parser *p, struct ast_show *s) {
    if (parse_take(p, "on") && !grant_objects(p, s))
        return false;
    return !parse_take(p, "for") || parse_roles(p, &s->grantees);
}

static bool for_roles(struct parser *p, struct ast_show *s) {
    return !parse_take(p, "for") || parse_roles(p, &s->grantees);
}

/* FOR ROLE a, FOR ALL ROLES, IN SCHEMA s */
static bool default_privileges(struct parser *p, struct ast_show *s) {
    if (parse_take_all(p, "for", "all", "roles"))
        s->all = true;
    else if (parse_take(p, "for")) {
        if (!parse_take(p, "role"))
            parse_take(p, "user");
        if (!parse_roles(p, &s->grantees))
            return false;
    }
    return !parse_take_all(p, "in", "schema") || parse_object(p, &s->name);
}

/* ---- activity ---- */

static bool jobs(struct parser *p, struct ast_show *s) {
    s->when_complete = parse_take_all(p, "when", "complete");
    if (parse_at_query(p) && (s->query = parse_query(p)) == NULL)
        return false;
    return true;
}

static bool job(struct parser *p, struct ast_show *s) {
    s->when_complete = parse_take_all(p, "when", "complete");
    s->job = parse_expr(p);
    return s->job && (!parse_take(p, "with") || (parse_expect(p, "execution") && parse_expect(p, "details")));
}

static bool statistics(struct parser *p, struct ast_show *s) {
    if (parse_take(p, "using"))
        parse_advance(p);
    return parse_expect(p, "for") && parse_expect(p, "table") && parse_object(p, &s->name);
}

static bool syntax(struct parser *p, struct ast_show *s) {
    return parse_string(p, &s->word);
}

static bool schedules(struct parser *p, struct ast_show *s) {
    if (parse_take(p, "for") && !parse_any_name(p, &s->word))
        return false;
    return true;
}

static bool from_cluster_name(struct parser *p, struct ast_show *s) {
    return parse_any_name(p, &s->word);
}

static bool setting(struct parser *p, struct ast_show *s) {
    struct ast_set set = {0};
    if (parse_take(p, "all")) {
        s->kind = SHOW_CLUSTER_SETTINGS;
        s->all = true;
        return true;
    }
    if (!parse_setting_name(p, &set.name))
        return false;
    s->word = set.name;
    if (p->version < 2301 || !parse_take_all(p, "for", "virtual", "cluster"))
        return true;
    s->kind = SHOW_CLUSTER_SETTING_OF;
    return parse_expr(p);
}

/* The forms by their words. Each is tried in this order; longer ones come before their beginnings. */
static const struct form {
    const char *words[5];
    enum ast_show_kind kind;
    show_parser *parse;
    enum { ALL = 1, CLUSTER = 2, AUTOMATIC = 4, TARGET_IS_CLUSTER = 8 } flags;
    int since;         /* version */
    const char *topic; /* of \h when it is not SHOW and the words */
} forms[] = {
    {{"all", "cluster", "settings"}, SHOW_CLUSTER_SETTINGS, nothing, ALL, 0, "h SHOW CLUSTER SETTING"},
    {{"public", "cluster", "settings"}, SHOW_CLUSTER_SETTINGS, nothing, 0, 0, "h SHOW CLUSTER SETTING"},
    {{"cluster", "settings"}, SHOW_CLUSTER_SETTINGS, nothing, 0, 0, "h SHOW CLUSTER SETTING"},
    {{"cluster", "setting"}, SHOW_CLUSTER_SETTING, setting, 0, 0, "h SHOW CLUSTER SETTING"},
    {{"cluster", "ranges"}, SHOW_RANGES, ranges, TARGET_IS_CLUSTER, 2301, "h SHOW RANGES"},
    {{"ranges"}, SHOW_RANGES, ranges, 0, 0, NULL},
    {{"range"}, SHOW_RANGE_FOR_ROW, range_for_row, 0, 0, NULL},
    {{"regions"}, SHOW_REGIONS, regions, 0, 0, NULL},
    {{"super", "regions"}, SHOW_SUPER_REGIONS, from_database, 0, 2202, NULL},
    {{"survival", "goal"}, SHOW_SURVIVAL_GOAL, from_database, 0, 0, NULL},
    {{"all", "zone", "configurations"},
     SHOW_ZONE_CONFIGURATIONS,
     nothing,
     ALL,
     0,
     "h SHOW ZONE CONFIGURATION"},
    {{"zone", "configurations"}, SHOW_ZONE_CONFIGURATIONS, nothing, 0, 0, "h SHOW ZONE CONFIGURATION"},
    {{"zone", "configuration"}, SHOW_ZONE_CONFIGURATION, zone_configuration, 0, 0, NULL},
    {{"partitions"}, SHOW_PARTITIONS, partitions, 0, 0, NULL},
    {{"create"}, SHOW_CREATE, create, 0, 0, NULL},
    {{"tables"}, SHOW_TABLES, from_schema, 0, 0, NULL},
    {{"databases"}, SHOW_DATABASES, with_comment, 0, 0, NULL},
    {{"columns"}, SHOW_COLUMNS, from_object, 0, 0, NULL},
    {{"index"}, SHOW_INDEXES, indexes, 0, 0, "h SHOW INDEXES"},
    {{"indexes"}, SHOW_INDEXES, indexes, 0, 0, NULL},
    {{"keys"}, SHOW_INDEXES, indexes, 0, 0, "h SHOW INDEXES"},
    {{"constraint"}, SHOW_CONSTRAINTS, from_object, 0, 0, "h SHOW CONSTRAINTS"},
    {{"constraints"}, SHOW_CONSTRAINTS, from_object, 0, 0, NULL},
    {{"schemas"}, SHOW_SCHEMAS, from_any_database, 0, 0, NULL},
    {{"sequences"}, SHOW_SEQUENCES, from_any_database, 0, 0, NULL},
    {{"enums"}, SHOW_ENUMS, from_schema, 0, 0, NULL},
    {{"types"}, SHOW_TYPES, with_comment, 0, 0, NULL},
    {{"functions"}, SHOW_FUNCTIONS, from_schema, 0, 2203, NULL},
    {{"users"}, SHOW_USERS, nothing, 0, 0, NULL},
    {{"roles"}, SHOW_ROLES, nothing, 0, 0, NULL},
    {{"grants"}, SHOW_GRANTS, grants, 0, 0, NULL},
    {{"system", "grants"}, SHOW_SYSTEM_GRANTS, for_roles, 0, 2202, NULL},
    {{"default", "privileges"}, SHOW_DEFAULT_PRIVILEGES, default_privileges, 0, 0, NULL},
    {{"automatic", "jobs"}, SHOW_JOBS, nothing, AUTOMATIC, 0, "h SHOW JOBS"},
    {{"changefeed", "jobs"}, SHOW_CHANGEFEED_JOBS, jobs, 0, 0, "h SHOW JOBS"},
    {{"jobs"}, SHOW_JOBS, jobs, 0, 0, NULL},
    {{"job"}, SHOW_JOBS, job, 0, 0, "h SHOW JOBS"},
    {{"schedules"}, SHOW_SCHEDULES, schedules, 0, 0, NULL},
    {{"all", "cluster", "sessions"}, SHOW_SESSIONS, nothing, ALL | CLUSTER, 0, "h SHOW SESSIONS"},
    {{"all", "local", "sessions"}, SHOW_SESSIONS, nothing, ALL, 0, "h SHOW SESSIONS"},
    {{"all", "sessions"}, SHOW_SESSIONS, nothing, ALL | CLUSTER, 0, "h SHOW SESSIONS"},
    {{"cluster", "sessions"}, SHOW_SESSIONS, nothing, CLUSTER, 0, "h SHOW SESSIONS"},
    {{"local", "sessions"}, SHOW_SESSIONS, nothing, 0, 0, "h SHOW SESSIONS"},
    {{"sessions"}, SHOW_SESSIONS, nothing, CLUSTER, 0, NULL},
    {{"all", "cluster", "queries"}, SHOW_QUERIES, nothing, ALL | CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"all", "cluster", "statements"}, SHOW_QUERIES, nothing, ALL | CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"all", "queries"}, SHOW_QUERIES, nothing, ALL | CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"all", "statements"}, SHOW_QUERIES, nothing, ALL | CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"cluster", "queries"}, SHOW_QUERIES, nothing, CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"cluster", "statements"}, SHOW_QUERIES, nothing, CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"local", "queries"}, SHOW_QUERIES, nothing, 0, 0, "h SHOW STATEMENTS"},
    {{"local", "statements"}, SHOW_QUERIES, nothing, 0, 0, "h SHOW STATEMENTS"},
    {{"queries"}, SHOW_QUERIES, nothing, CLUSTER, 0, "h SHOW STATEMENTS"},
    {{"statements"}, SHOW_QUERIES, nothing, CLUSTER, 0, NULL},
    {{"cluster", "transactions"}, SHOW_TRANSACTIONS, nothing, CLUSTER, 0, "h SHOW TRANSACTIONS"},
    {{"transactions"}, SHOW_TRANSACTIONS, nothing, CLUSTER, 0, NULL},
    {{"locality"}, SHOW_LOCALITY, nothing, 0, 0, NULL},
    {{"syntax"}, SHOW_SYNTAX, syntax, 0, 0, NULL},
    {{"transaction", "status"}, SHOW_TRANSACTION_STATUS, nothing, 0, 0, "h SHOW TRANSACTION"},
    {{"savepoint", "status"}, SHOW_SAVEPOINT_STATUS, nothing, 0, 0, "h SHOW SAVEPOINT"},
    {{"last", "query", "statistics"}, SHOW_LAST_QUERY_STATISTICS, nothing, 0, 0, NULL},
    {{"commit", "timestamp"}, SHOW_COMMIT_TIMESTAMP, nothing, 0, 2301, NULL},
    {{"transfer", "state"}, SHOW_TRANSFER_STATE, nothing, 0, 0, NULL},
    {{"virtual", "clusters"}, SHOW_VIRTUAL_CLUSTER, nothing, ALL, 2301, "h SHOW VIRTUAL CLUSTER"},
    {{"virtual", "cluster"}, SHOW_VIRTUAL_CLUSTER, from_cluster_name, 0, 2301, NULL},
    {{"statistics"}, SHOW_STATISTICS, statistics, 0, 0, NULL},
};

/* Variables whose names are words of their own. */
static const struct { const char *words[4]; const char *name; } variables[] = {
    {{"time", "zone"}, "timezone"},
    {{"transaction", "isolation", "level"}, "transaction_isolation"},
    {{"transaction", "priority"}, "transaction_priority"},
    {{"session", "authorization"}, "session_authorization"},
    {{"names"}, "client_encoding"},
    {{"session_user"}, "session_user"},
};

/* A variable is a name that is no keyword, but for these. */
static bool at_variable(struct parser *p) {
    static const char *const keywords[] = {"database", "role", "lc_collate", "lc_ctype", "tracing",
                                           "virtual_cluster_name", "all"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (parse_at(p, keywords[i]))
            return true;
    return p->tok.kind == TOKEN_NAME;
}

static bool variable(struct parser *p, struct ast_show *s) {
    s->kind = SHOW_VARIABLE;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (parse_take_words(p, variables[i].words)) {
            s->word = variables[i].name;
            return true;
        }
    if (parse_take(p, "all")) {
        s->kind = SHOW_ALL;
        return true;
    }
    if (parse_take(p, "session"))
        p->help = "h SHOW SESSION";
    return at_variable(p) ? parse_setting_name(p, &s->word) : parse_fail(p);
}

static const char *topic(struct parser *p, const struct form *form) {
    struct { char text[64]; size_t n; } out = {"h SHOW", 6};
    for (int i = 0; form->words[i]; i++) {
        out.text[out.n++] = ' ';
        for (const char *c = form->words[i]; *c && out.n < sizeof out.text - 2; c++)
            out.text[out.n++] = (char)(*c - 'a' + 'A');
    }
    out.text[out.n] = '\0';
    return arena_strdup(p->arena, out.text);
}

/* Forms that the server has and this dialect does not model. */
static const struct { const char *words[3]; const char *name; } unsupported[] = {
    {{"backup"}, "SHOW BACKUP"},
    {{"backups"}, "SHOW BACKUPS"},
    {{"changefeed", "job"}, "SHOW CHANGEFEED JOB"},
    {{"compact"}, "SHOW TRACE"},
    {{"completions"}, "SHOW COMPLETIONS"},
    {{"create", "schedule"}, "SHOW CREATE SCHEDULE"},
    {{"create", "schedules"}, "SHOW CREATE SCHEDULES"},
    {{"create", "external"}, "SHOW CREATE EXTERNAL CONNECTION"},
    {{"default", "session"}, "SHOW DEFAULT SESSION VARIABLES"},
    {{"experimental_fingerprints"}, "SHOW FINGERPRINTS"},
    {{"external"}, "SHOW EXTERNAL CONNECTIONS"},
    {{"fingerprints"}, "SHOW FINGERPRINTS"},
    {{"full", "table"}, "SHOW FULL TABLE SCANS"},
    {{"histogram"}, "SHOW HISTOGRAM"},
    {{"inspect"}, "SHOW INSPECT ERRORS"},
    {{"jobs", "for"}, "SHOW JOBS FOR SCHEDULES"},
    {{"kv"}, "SHOW TRACE"},
    {{"logical"}, "SHOW LOGICAL REPLICATION JOBS"},
    {{"paused"}, "SHOW SCHEDULES"},
    {{"policies"}, "SHOW POLICIES"},
    {{"procedures"}, "SHOW PROCEDURES"},
    {{"running"}, "SHOW SCHEDULES"},
    {{"schedule"}, "SHOW SCHEDULE"},
    {{"tenants"}, "SHOW TENANTS"},
    {{"tenant"}, "SHOW TENANT"},
    {{"trace"}, "SHOW TRACE"},
    {{"triggers"}, "SHOW TRIGGERS"},
};

static const char *at_unsupported(struct parser *p) {
    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++) {
        const char *second = unsupported[i].words[1];
        if (parse_at(p, unsupported[i].words[0]) && (!second || token_is_word(parse_peek(p, 1), second)))
            return unsupported[i].name;
    }
    return NULL;
}

bool parse_show(struct parser *p, struct ast_stmt *st) {
    struct ast_show *s = &st->u.show;
    st->kind = STMT_SHOW;
    parse_advance(p);
    const char *help = parse_enter(p, "h SHOW");
    const char *name = at_unsupported(p);
    if (name) {
        parse_leave(p, help);
        return parse_unsupported(p, st, name);
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct form *form = &forms[i];
        if (p->version < form->since || !parse_take_words(p, form->words))
            continue;
        s->kind = form->kind;
        s->all = form->flags & ALL;
        s->cluster_wide = form->flags & CLUSTER;
        s->automatic = form->flags & AUTOMATIC;
        s->target.kind = form->flags & TARGET_IS_CLUSTER ? TARGET_CLUSTER : TARGET_NONE;
        parse_enter(p, form->topic ? form->topic : topic(p, form));
        if (!form->parse(p, s))
            return false;
        parse_leave(p, help);
        return true;
    }
    if (!variable(p, s))
        return false;
    parse_leave(p, help);
    return true;
}
