/* roles: CREATE, ALTER and DROP of users and roles, GRANT and REVOKE. */
#include "password.h"
#include "users_private.h"

#include <stdlib.h>
#include <string.h>

/* Role options: the word, the privilege that it is, and whether it takes it away. */
static const struct {
    const char *word;
    unsigned option;
    bool off;
} options[] = {
    {"CREATEROLE", PRIVILEGE_CREATEROLE, false}, {"NOCREATEROLE", PRIVILEGE_CREATEROLE, true},
    {"CREATEDB", PRIVILEGE_CREATEDB, false}, {"NOCREATEDB", PRIVILEGE_CREATEDB, true},
    {"CREATELOGIN", PRIVILEGE_CREATELOGIN, false}, {"NOCREATELOGIN", PRIVILEGE_CREATELOGIN, true},
    {"CONTROLJOB", PRIVILEGE_CONTROLJOB, false}, {"NOCONTROLJOB", PRIVILEGE_CONTROLJOB, true},
    {"CANCELQUERY", PRIVILEGE_CANCELQUERY, false}, {"NOCANCELQUERY", PRIVILEGE_CANCELQUERY, true},
    {"VIEWACTIVITY", PRIVILEGE_VIEWACTIVITY, false}, {"NOVIEWACTIVITY", PRIVILEGE_VIEWACTIVITY, true},
    {"VIEWACTIVITYREDACTED", PRIVILEGE_VIEWACTIVITYREDACTED, false},
    {"NOVIEWACTIVITYREDACTED", PRIVILEGE_VIEWACTIVITYREDACTED, true},
    {"VIEWCLUSTERSETTING", PRIVILEGE_VIEWCLUSTERSETTING, false},
    {"NOVIEWCLUSTERSETTING", PRIVILEGE_VIEWCLUSTERSETTING, true},
    {"MODIFYCLUSTERSETTING", PRIVILEGE_MODIFYCLUSTERSETTING, false},
    {"NOMODIFYCLUSTERSETTING", PRIVILEGE_MODIFYCLUSTERSETTING, true},
    {"CONTROLCHANGEFEED", 0, false}, {"NOCONTROLCHANGEFEED", 0, false}, {"SQLLOGIN", 0, false},
    {"NOSQLLOGIN", 0, false}, {"REPLICATION", 0, false}, {"NOREPLICATION", 0, false},
    {"PASSWORD", 0, false}, {"ENCRYPTED PASSWORD", 0, false}, {"VALID UNTIL", 0, false},
};

static bool set_option(struct user_entry *e, const char *word, struct result *r) {
    if (str_eq_nocase(word, "LOGIN") || str_eq_nocase(word, "NOLOGIN")) {
        e->no_login = str_eq_nocase(word, "NOLOGIN");
        return true;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (str_eq_nocase(options[i].word, word)) {
            e->options = options[i].off ? e->options & ~options[i].option : e->options | options[i].option;
            return true;
        }
    return result_fail(r, "42601", "unrecognized role option %s", word);
}

/* Kept as a verifier only. NULL takes it away. */
static bool set_password(const struct users *u, struct user_entry *e, const struct ast_option *o, struct result *r) {
    if (!str_eq_nocase(o->name, "PASSWORD") && !str_eq_nocase(o->name, "ENCRYPTED PASSWORD"))
        return true;
    free(e->password);
    e->password = NULL;
    if (!o->value || o->value->kind != EXPR_STRING)
        return true;
    if (*o->value->u.string.bytes == '\0')
        return result_fail(r, "28P01", "empty passwords are not permitted");
    e->password = password_verifier(o->value->u.string.bytes, u->scram);
    return e->password || result_fail(r, "XX000", "the password could not be hashed");
}

static bool may_manage(const struct users *u, const struct session *s, struct result *r) {
    return users_has_system(u, s->user, PRIVILEGE_CREATEROLE) || result_fail(r, "42501",
        "user %s does not have CREATEROLE privilege", s->user);
}

/* A name that no one can have. */
static bool reserved(const char *name, struct result *r) {
    if (!str_eq(name, "public") && !str_eq(name, "none") && !str_eq(name, "node"))
        return false;
    result_fail(r, "42939", "role name \"%s\" is reserved", name);
    return true;
}

static struct user_entry *role_entry(struct users *u, const struct ast_role *st, bool *done,
    struct result *r) {
    struct user_entry *e = user_find(u, st->name);
    *done = st->if_not_exists && (st->alter ? !e : e != NULL);
    if (*done)
        return e;
    if (st->alter && !e)
        result_fail(r, "42704", "role/user %s does not exist", st->name);
    else if (!st->alter && e)
        result_fail(r, "42710", "a role/user named %s already exists", st->name);
    else
        return e ? e : user_add(u, st->name, !st->user);
    return NULL;
}

bool users_role(struct users *u, const struct session *s, const struct ast_role *st, struct result *r) {
    bool done;
    if (!may_manage(u, s, r) || (!st->alter && reserved(st->name, r)))
        return false;
    if (st->alter && !st->name)
        return true;
    struct user_entry *e = role_entry(u, st, &done, r);
    if (done || !e)
        return done;
    for (size_t i = 0; i < st->options.len; i++)
        if (!set_option(e, st->options.items[i].name, r) || !set_password(u, e, &st->options.items[i], r)) {
            if (!st->alter)
                user_remove(u, st->name);
            return false;
        }
    u->changes++;
    return true;
}

/* Names of what was granted to a role, for the refusal to drop it. */
static void granted_names(const struct users *u, const char *role,
    bool (*name_of)(void *arg, enum object_kind kind, int64_t id, struct str *out), void *arg,
        struct str *out) {
    for (size_t i = 0; i < u->grants.len; i++) {
        const struct grant_entry *g = &u->grants.items[i];
        struct str name = {0};
        if (str_eq(g->grantee, role) && g->kind != OBJECT_SYSTEM && name_of && name_of(arg, g->kind, g->id,
            &name))
            str_add_f(out, out->len ? ", %s" : "%s", str_get(&name));
        str_free(&name);
    }
}

static bool may_drop(const struct users *u, const struct session *s, const char *name,
    bool (*name_of)(void *arg, enum object_kind kind, int64_t id, struct str *out), void *arg,
        struct result *r) {
    if (str_eq(name, "root") || str_eq(name, "admin") || str_eq(name, "public"))
        return result_fail(r, "42501", "cannot drop special %s %s", str_eq(name, "root") ? "user" : "role",
            name);
    if (users_is_admin(u, name) && !users_is_admin(u, s->user))
        return result_fail(r, "42501", "must be superuser to drop superusers");
    const struct grant_entry *system = grant_find(u, OBJECT_SYSTEM, 0, name);
    if (system && system->privileges) {
        result_fail(r, "2BP01", "cannot drop role/user %s: grants still exist on system", name);
        return false;
    }
    struct str names = {0};
    granted_names(u, name, name_of, arg, &names);
    const bool free_to_go = names.len == 0;
    if (!free_to_go)
        result_fail(r, "2BP01", "cannot drop role/user %s: grants still exist on %s", name, str_get(&names));
    str_free(&names);
    return free_to_go;
}

bool users_drop(struct users *u, const struct session *s, const struct ast_drop *st,
    bool (*name_of)(void *arg, enum object_kind kind, int64_t id, struct str *out), void *arg,
    struct result *r) {
    if (!may_manage(u, s, r))
        return false;
    for (size_t i = 0; i < st->targets.len; i++) {
        const struct ast_target *t = &st->targets.items[i];
        const char *name = t->word ? t->word : t->name.n ? t->name.part[t->name.n - 1] : "";
        if (!users_exists(u, name) && !str_eq(name, "public")) {
            if (st->if_exists)
                continue;
            return result_fail(r, "42704", "role/user %s does not exist", name);
        }
        if (!may_drop(u, s, name, name_of, arg, r))
            return false;
        user_remove(u, name);
    }
    return true;
}

static bool grantees_exist(const struct users *u, const struct ast_grant *st, bool public_too,
    struct result *r) {
    for (size_t i = 0; i < st->grantees.len; i++) {
        const char *name = st->grantees.items[i];
        if (!users_exists(u, name) && !(public_too && str_eq(name, "public")))
            return u->compat < 2601 ? result_fail(r, "42704", "user or role %s does not exist", name)
                : result_fail(r, "42704", "role/user \"%s\" does not exist", name);
    }
    return true;
}

static bool may_grant_role(const struct users *u, const struct session *s, const char *role,
    struct result *r) {
    const struct membership *m = membership_find(u, role, s->user);
    if (m && m->admin_option)
        return true;
    if (str_eq(role, "admin"))
        return users_is_admin(u, s->user) || result_fail(r, "42501", "%s is not a role admin for role admin",
            s->user);
    return users_has_system(u, s->user, PRIVILEGE_CREATEROLE) || result_fail(r, "42501",
        "%s is not a superuser or role admin for role %s", s->user, role);
}

static bool grant_role(struct users *u, const struct ast_grant *st, const char *role, struct result *r) {
    for (size_t i = 0; i < st->grantees.len; i++) {
        const char *member = st->grantees.items[i];
        if (str_eq(role, "admin") && str_eq(member, "root") && st->revoke)
            return result_fail(r, "42501",
                "role/user root cannot be removed from role admin or lose the ADMIN "
                "OPTION");
        if (st->revoke && st->option) {
            struct membership *m = membership_find(u, role, member);
            if (m)
                m->admin_option = false;
        } else if (st->revoke) {
            membership_remove(u, role, member);
        } else if (str_eq(role, member)) {
            return result_fail(r, "0LP01", "%s cannot be a member of itself", role);
        } else if (users_is_member(u, role, member)) {
            return result_fail(r, "0LP01", "making %s a member of %s would create a cycle", member, role);
        } else {
            membership_add(u, role, member, st->option);
        }
    }
    u->changes++;
    return true;
}

static bool grant_roles(struct users *u, const struct session *s, const struct ast_grant *st,
    struct result *r) {
    for (size_t i = 0; i < st->privileges.len; i++) {
        const char *role = st->privileges.items[i];
        if (!users_exists(u, role))
            return result_fail(r, "42704", "role/user %s does not exist", role);
        if (!may_grant_role(u, s, role, r))
            return false;
    }
    if (!grantees_exist(u, st, false, r))
        return false;
    for (size_t i = 0; i < st->privileges.len; i++)
        if (!grant_role(u, st, st->privileges.items[i], r))
            return false;
    return true;
}

/* What can be granted on which kind of object. */
static unsigned grantable(enum object_kind kind) {
    static const unsigned table = PRIVILEGE_BACKUP | PRIVILEGE_CREATE | PRIVILEGE_DELETE | PRIVILEGE_DROP |
        PRIVILEGE_GRANT | PRIVILEGE_INSERT | PRIVILEGE_SELECT | PRIVILEGE_TRIGGER | PRIVILEGE_UPDATE |
        PRIVILEGE_ZONECONFIG;
    switch (kind) {
    case OBJECT_DATABASE: return PRIVILEGE_BACKUP | PRIVILEGE_CONNECT | PRIVILEGE_CREATE | PRIVILEGE_DROP |
        PRIVILEGE_GRANT | PRIVILEGE_RESTORE | PRIVILEGE_ZONECONFIG;
    case OBJECT_SCHEMA: return PRIVILEGE_CREATE | PRIVILEGE_GRANT | PRIVILEGE_USAGE;
    case OBJECT_TABLE: return table;
    case OBJECT_TYPE: return PRIVILEGE_GRANT | PRIVILEGE_USAGE;
    default: return PRIVILEGE_BACKUP | PRIVILEGE_CANCELQUERY | PRIVILEGE_CREATEDB | PRIVILEGE_CREATELOGIN |
        PRIVILEGE_CREATEROLE | PRIVILEGE_CONTROLJOB | PRIVILEGE_MODIFYCLUSTERSETTING |
        PRIVILEGE_MODIFYSQLCLUSTERSETTING | PRIVILEGE_REPAIRCLUSTER | PRIVILEGE_RESTORE |
        PRIVILEGE_VIEWACTIVITY |
        PRIVILEGE_VIEWACTIVITYREDACTED | PRIVILEGE_VIEWCLUSTERMETADATA | PRIVILEGE_VIEWCLUSTERSETTING |
        PRIVILEGE_VIEWDEBUG | PRIVILEGE_VIEWJOB;
    }
}

static bool read_privileges(const struct ast_grant *st, enum object_kind kind, unsigned *out,
    struct result *r) {
    static const char *const words[] = {"global", "database", "schema", "table", "type"};
    *out = 0;
    for (size_t i = 0; i < st->privileges.len; i++) {
        const enum privilege p = privilege_by_name(st->privileges.items[i]);
        if (!p)
            return result_fail(r, "42601", "not a valid privilege: \"%s\"", st->privileges.items[i]);
        if (p != PRIVILEGE_ALL && !(p & grantable(kind)))
            return result_fail(r, "0LP01", "invalid privilege type %s for %s", privilege_name(p),
                words[kind]);
        *out |= p;
    }
    return true;
}

/* ALL taken apart when one of it is revoked. */
static void change(struct grant_entry *g, unsigned privileges, const struct ast_grant *st) {
    if (!st->revoke) {
        g->privileges |= privileges;
        g->grant_options |= st->option ? privileges : 0;
        if (g->privileges & PRIVILEGE_ALL)
            g->privileges = PRIVILEGE_ALL;
        return;
    }
    const unsigned all = grantable(g->kind);
    const unsigned gone = privileges & PRIVILEGE_ALL ? ~0U : privileges;
    if (g->privileges & PRIVILEGE_ALL && gone != ~0U && !st->option)
        g->privileges = all;
    if (g->grant_options & PRIVILEGE_ALL && gone != ~0U)
        g->grant_options = all;
    g->grant_options &= ~gone;
    if (!st->option)
        g->privileges &= ~gone;
}

static bool may_grant(const struct users *u, const struct session *s, const struct users_object *o,
    unsigned privileges, struct result *r) {
    if (o->is_system)
        return result_fail(r, "42501", "cannot %s on system object", "GRANT");
    if (o->kind == OBJECT_SYSTEM ? users_is_admin(u, s->user) : users_is_admin(u, s->user) ||
        (o->owner && users_is_member(u, s->user, o->owner)))
        return true;
    const struct grant_entry *g = grant_find(u, o->kind, o->id, s->user);
    if (g && (g->grant_options & PRIVILEGE_ALL || (privileges & ~g->grant_options) == 0))
        return true;
    struct str list = {0};
    privilege_list(&list, privileges, ", ");
    result_fail(r, "42501", "user %s missing WITH GRANT OPTION privilege on %s", s->user, str_get(&list));
    str_free(&list);
    return false;
}

bool users_grant(struct users *u, const struct session *s, const struct ast_grant *st,
    const struct users_object *objects, size_t n, struct result *r) {
    if (st->roles)
        return grant_roles(u, s, st, r);
    const struct users_object system = {.kind = OBJECT_SYSTEM, .name = "system"};
    if (st->target.kind == TARGET_SYSTEM) {
        objects = &system;
        n = 1;
    }
    unsigned privileges;
    for (size_t i = 0; i < n; i++)
        if (!read_privileges(st, objects[i].kind, &privileges, r) || !may_grant(u, s, &objects[i],
            privileges, r)) {
            if (st->revoke && objects[i].is_system)
                result_fail(r, "42501", "cannot REVOKE on system object");
            return false;
        }
    if (!grantees_exist(u, st, true, r))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < st->grantees.len; k++)
            change(grant_make(u, objects[i].kind, objects[i].id, st->grantees.items[k]), privileges, st);
    grants_tidy(u);
    return true;
}
