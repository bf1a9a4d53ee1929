/* parse_database: CREATE and ALTER DATABASE with everything about regions, and CONFIGURE ZONE. */
#include "parse.h"

#include "domicile/base/str.h"

bool parse_survival(struct parser *p, enum ast_survival *goal) {
    parse_take_op(p, "=");
    if (parse_take(p, "region"))
        *goal = SURVIVAL_SAID_REGION;
    else {
        *goal = SURVIVAL_SAID_ZONE;
        parse_take(p, "availability");
        if (!parse_expect(p, "zone"))
            return false;
    }
    return parse_expect(p, "failure");
}

bool parse_placement(struct parser *p, enum ast_placement *policy) {
    parse_take_op(p, "=");
    if (parse_take(p, "default"))
        *policy = PLACEMENT_SAID_DEFAULT;
    else {
        *policy = PLACEMENT_SAID_RESTRICTED;
        if (!parse_expect(p, "restricted"))
            return false;
    }
    return true;
}

static bool region_after_equals(struct parser *p, const char **region) {
    parse_take_op(p, "=");
    return parse_region(p, region);
}

static bool super_region(struct parser *p, struct ast_super_region *super) {
    return parse_name(p, &super->name) && parse_expect(p, "values") && parse_regions(p, &super->regions);
}

/* ---- CREATE DATABASE ---- */

static bool connection_limit(struct parser *p, struct ast_option *o) {
    o->name = "connection limit";
    parse_take_op(p, "=");
    struct ast_expr *value = parse_expr(p);
    o->value = value;
    return value != NULL;
}

static bool create_option(struct parser *p, struct ast_create_database *d) {
    static const char *const plain[] = {"template", "encoding", "lc_collate", "lc_ctype"};
    struct ast_option o = {.pos = p->tok.begin};
    if (parse_take_all(p, "connection", "limit")) {
        if (!connection_limit(p, &o))
            return false;
        parse_push(p, &d->options, o);
        return true;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (!parse_take(p, plain[i]))
            continue;
        parse_take_op(p, "=");
        o.name = plain[i];
        o.value = parse_expr(p);
        if (!o.value)
            return false;
        parse_push(p, &d->options, o);
    }
    return true;
}

static bool create_regions(struct parser *p, struct ast_create_database *d) {
    if (parse_take_all(p, "primary", "region") && !region_after_equals(p, &d->primary))
        return false;
    if (parse_take(p, "regions")) {
        parse_take_op(p, "=");
        if (!parse_regions(p, &d->regions))
            return false;
    }
    if (parse_take(p, "survive") && !parse_survival(p, &d->survival))
        return false;
    if (parse_take(p, "placement") && !parse_placement(p, &d->placement))
        return false;
    if (parse_take(p, "owner")) {
        parse_take_op(p, "=");
        if (!parse_role(p, &d->owner))
            return false;
    }
    if (p->version >= 2301 && parse_take_all(p, "super", "region") && !super_region(p, &d->super))
        return false;
    return p->version < 2202 || !parse_take_all(p, "secondary", "region")
           || region_after_equals(p, &d->secondary);
}

bool parse_create_database(struct parser *p, struct ast_stmt *s) {
    struct ast_create_database *d = &s->u.create_database;
    s->kind = STMT_CREATE_DATABASE;
    parse_advance(p);
    const char *help = parse_enter(p, "h CREATE DATABASE");
    if (!parse_if_not_exists(p, &d->if_not_exists) || !parse_name(p, &d->name))
        return false;
    parse_take(p, "with");
    size_t before;
    do {
        before = d->options.len;
        if (!create_option(p, d))
            return false;
    } while (d->options.len > before);
    if (!create_regions(p, d))
        return false;
    parse_leave(p, help);
    return true;
}

/* ---- ALTER DATABASE ---- */

static bool alter_add(struct parser *p, struct ast_alter_database *d) {
    if (p->version >= 2202 && parse_take_all(p, "super", "region")) {
        d->kind = DATABASE_ADD_SUPER_REGION;
        return super_region(p, &d->super);
    }
    d->kind = DATABASE_ADD_REGION;
    return parse_expect(p, "region") && parse_if_not_exists(p, &d->if_not_exists)
           && parse_region(p, &d->region);
}

static bool alter_drop(struct parser *p, struct ast_alter_database *d) {
    if (p->version >= 2202 && parse_take_all(p, "super", "region")) {
        d->kind = DATABASE_DROP_SUPER_REGION;
        return parse_name(p, &d->super.name);
    }
    if (p->version >= 2202 && parse_take_all(p, "secondary", "region")) {
        d->kind = DATABASE_DROP_SECONDARY;
        return parse_if_exists(p, &d->if_exists);
    }
    d->kind = DATABASE_DROP_REGION;
    return parse_expect(p, "region") && parse_if_exists(p, &d->if_exists) && parse_region(p, &d->region);
}

static bool alter_locality(struct parser *p, struct ast_alter_database *d) {
    if (p->version >= 2202 && parse_take_all(p, "super", "region")) {
        d->kind = DATABASE_ALTER_SUPER_REGION;
        return super_region(p, &d->super);
    }
    d->kind = DATABASE_LOCALITY_ZONE;
    if (p->version < 2301 || !parse_expect(p, "locality"))
        return parse_fail(p);
    if (parse_take(p, "global"))
        d->locality.kind = LOCALITY_GLOBAL;
    else if (!parse_expect(p, "regional"))
        return false;
    else if (parse_take(p, "in")) {
        d->locality.kind = LOCALITY_TABLE_IN;
        if (!parse_region(p, &d->locality.region))
            return false;
    } else
        d->locality.kind = LOCALITY_TABLE_PRIMARY;
    bool use_default;
    return parse_expect(p, "configure") && parse_expect(p, "zone")
        && parse_zone_options(p, &d->options, &d->discard, &use_default);
}

static bool alter_set(struct parser *p, struct ast_alter_database *d) {
    if (p->version >= 2202 && parse_take_all(p, "secondary", "region")) {
        d->kind = DATABASE_SET_SECONDARY;
        return region_after_equals(p, &d->region);
    }
    if (parse_take_all(p, "primary", "region")) {
        d->kind = DATABASE_PRIMARY_REGION;
        return region_after_equals(p, &d->region);
    }
    d->kind = DATABASE_SET;
    return parse_set_clause(p, &d->set);
}

static bool alter_reset(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_SET;
    d->set.reset = true;
    d->set.reset_all = parse_take(p, "all");
    return d->set.reset_all || parse_setting_name(p, &d->set.name);
}

static bool alter_primary(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_PRIMARY_REGION;
    return parse_expect(p, "region") && region_after_equals(p, &d->region);
}

static bool alter_survive(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_SURVIVE;
    return parse_survival(p, &d->survival);
}

static bool alter_placement(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_PLACEMENT;
    return parse_placement(p, &d->placement);
}

static bool alter_owner(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_OWNER;
    return parse_expect(p, "to") && parse_role(p, &d->region);
}

static bool alter_rename(struct parser *p, struct ast_alter_database *d) {
    d->kind = DATABASE_RENAME;
    return parse_expect(p, "to") && parse_name(p, &d->region);
}

static const struct {
    const char *word;
    bool (*parse)(struct parser *, struct ast_alter_database *);
} actions[] = {
    {"add", alter_add},         {"drop", alter_drop},           {"alter", alter_locality},
    {"set", alter_set},         {"reset", alter_reset},         {"primary", alter_primary},
    {"survive", alter_survive}, {"placement", alter_placement}, {"owner", alter_owner},
    {"rename", alter_rename},
};

bool parse_alter_database(struct parser *p, struct ast_stmt *s) {
    struct ast_alter_database *d = &s->u.alter_database;
    const char *help = parse_enter(p, "h ALTER DATABASE");
    parse_advance(p);
    if (!parse_name(p, &d->name))
        return false;
    if (parse_at(p, "configure")) {
        struct ast_target target = {.kind = TARGET_DATABASE, .word = d->name};
        bool done = parse_configure_zone(p, s, &target);
        parse_leave(p, help);
        return done;
    }
    s->kind = STMT_ALTER_DATABASE;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (parse_take(p, actions[i].word)) {
            bool done = actions[i].parse(p, d);
            parse_leave(p, help);
            return done;
        }
    return parse_fail(p);
}

/* ---- CONFIGURE ZONE ---- */

static bool zone_option(struct parser *p, struct ast_option *o) {
    o->pos = p->tok.begin;
    if (!parse_setting_name(p, &o->name) || !parse_expect_op(p, "="))
        return false;
    if (parse_take_all(p, "copy", "from", "parent")) {
        o->copy_from_parent = true;
        return true;
    }
    o->value = parse_expr(p);
    return o->value != NULL;
}

bool parse_zone_options(struct parser *p, struct ast_options *options, bool *discard, bool *use_default) {
    *discard = parse_take(p, "discard");
    if (*discard)
        return true;
    if (!parse_expect(p, "using"))
        return false;
    *use_default = parse_take(p, "default");
    if (*use_default)
        return true;
    do {
        struct ast_option o = {0};
        if (!zone_option(p, &o))
            return false;
        parse_push(p, options, o);
    } while (parse_take_op(p, ","));
    return true;
}

bool parse_configure_zone(struct parser *p, struct ast_stmt *s, const struct ast_target *target) {
    struct ast_configure_zone zone = {.target = *target};
    if (!parse_expect(p, "configure") || !parse_expect(p, "zone")
        || !parse_zone_options(p, &zone.options, &zone.discard, &zone.use_default))
        return false;
    memset(&s->u, 0, sizeof s->u);
    s->kind = STMT_CONFIGURE_ZONE;
    s->u.configure_zone = zone;
    return true;
}
