/* rights: what a user may do: the questions, and the sentences with which the server refuses. */
#include "users_private.h"

static unsigned granted(const struct users *u, const char *grantee, enum object_kind kind, int64_t id) {
    const struct grant_entry *g = grant_find(u, kind, id, grantee);
    return g ? g->privileges : 0;
}

/* Everything that a name has on an object through itself and its roles, public apart. */
static unsigned held(const struct users *u, const char *name, enum object_kind kind, int64_t id) {
    unsigned all = granted(u, name, kind, id);
    for (size_t i = 0; i < u->members.len; i++)
        if (str_eq(u->members.items[i].member, name))
            all |= held(u, u->members.items[i].role, kind, id);
    return all;
}

static bool owns(const struct users *u, const char *name, const struct users_object *o) {
    return users_is_admin(u, name) || (o->owner && users_is_member(u, name, o->owner));
}

/* Comments may be read by all: what catalogs show of objects. */
static bool open_system(const struct users_object *o, enum privilege p) {
    return o->is_system && p == PRIVILEGE_SELECT && str_eq(o->name, "comments");
}

bool users_has(const struct users *u, const char *name, enum privilege p, const struct users_object *o) {
    if (o->kind == OBJECT_SYSTEM)
        return users_has_system(u, name, p);
    /* The tables of the database system are root's and admin's to read, nobody's to grant. */
    if (owns(u, name, o) || open_system(o, p))
        return true;
    const unsigned all = held(u, name, o->kind, o->id) | granted(u, "public", o->kind, o->id);
    return all & (p | PRIVILEGE_ALL);
}

bool users_has_any(const struct users *u, const char *name, const struct users_object *o) {
    return owns(u, name, o) || open_system(o, PRIVILEGE_SELECT) || held(u, name, o->kind, o->id) ||
        granted(u, "public", o->kind, o->id);
}

bool users_has_system(const struct users *u, const char *name, enum privilege p) {
    if (users_is_admin(u, name))
        return true;
    const struct user_entry *e = user_find(u, name);
    if (e && e->options & p)
        return true;
    return (held(u, name, OBJECT_SYSTEM, 0) | granted(u, "public", OBJECT_SYSTEM, 0)) & (p | PRIVILEGE_ALL);
}

bool users_has_anywhere(const struct users *u, const char *name, enum privilege p) {
    if (users_is_admin(u, name))
        return true;
    for (size_t i = 0; i < u->grants.len; i++) {
        const struct grant_entry *g = &u->grants.items[i];
        if (g->kind != OBJECT_SYSTEM && g->privileges & (p | PRIVILEGE_ALL) &&
            (str_eq(g->grantee, "public") || users_is_member(u, name, g->grantee)))
            return true;
    }
    return false;
}

static const char *kind_word(enum object_kind kind) {
    static const char *const words[] = {"system", "database", "schema", "relation", "type"};
    return words[kind];
}

bool users_check(const struct users *u, const struct session *s, enum privilege p,
    const struct users_object *o, struct result *r) {
    return users_has(u, s->user, p, o) || result_fail(r, "42501",
        "user %s does not have %s privilege on %s %s",
        s->user, privilege_name(p), kind_word(o->kind), o->name);
}

bool users_check_any(const struct users *u, const struct session *s, const struct users_object *o,
    struct result *r) {
    return users_has_any(u, s->user, o) || result_fail(r, "42501", "user %s has no privileges on %s %s",
        s->user, kind_word(o->kind), o->name);
}

bool users_check_zone(const struct users *u, const struct session *s, const struct users_object *o, struct result *r) {
    return users_has(u, s->user, PRIVILEGE_CREATE, o) || users_has(u, s->user, PRIVILEGE_ZONECONFIG, o) ||
        result_fail(r, "42501", "user %s does not have %s privilege on %s %s", s->user,
            u->compat < 2601 ? "ZONECONFIG or CREATE" : "CREATE or ZONECONFIG", kind_word(o->kind), o->name);
}

bool users_check_owner_or_create(const struct users *u, const struct session *s,
    const struct users_object *o, struct result *r) {
    return users_has(u, s->user, PRIVILEGE_CREATE, o) || result_fail(r, "42501",
        "user %s must be owner of %s or have CREATE privilege on %s %s", s->user, o->name, kind_word(o->kind),
        o->name);
}

bool users_check_owner(const struct users *u, const struct session *s, const struct users_object *o,
    struct result *r) {
    return owns(u, s->user, o) || result_fail(r, "42501", "must be owner of %s %s", kind_word(o->kind),
        o->name);
}

bool users_check_system(const struct users *u, const struct session *s, enum privilege p, struct result *r) {
    return users_has_system(u, s->user, p) || result_fail(r, "42501",
        "user %s does not have %s system privilege", s->user, privilege_name(p));
}

bool users_check_ranges(const struct users *u, const struct session *s, struct result *r) {
    if (users_has_anywhere(u, s->user, PRIVILEGE_ZONECONFIG))
        return true;
    if (u->compat < 2601)
        return result_fail(r, "42501", "only users with the ZONECONFIG privilege or the admin role can read "
            "crdb_internal.ranges_no_leases");
    return users_has_system(u, s->user, PRIVILEGE_VIEWACTIVITY) ||
        users_has_system(u, s->user, PRIVILEGE_VIEWACTIVITYREDACTED) ||
        result_fail(r, "42501", "only users with the VIEWACTIVITY or VIEWACTIVITYREDACTED or ZONECONFIG "
            "privilege or the admin role can read crdb_internal.ranges_no_leases");
}

bool users_check_nodes(const struct users *u, const struct session *s, const char *table, struct result *r) {
    if (u->compat >= 2601)
        return users_check_system(u, s, PRIVILEGE_VIEWCLUSTERMETADATA, r);
    return users_is_admin(u, s->user) || result_fail(r, "42501",
        "only users with the admin role are allowed to read %s", table);
}

static bool check_setting_22(const struct users *u, const struct session *s, const char *name, bool set,
    struct result *r) {
    if (users_has_system(u, s->user, PRIVILEGE_MODIFYCLUSTERSETTING))
        return true;
    if (!name)
        return result_fail(r, "42501",
            "only users with the MODIFYCLUSTERSETTING privilege are allowed to read "
            "crdb_internal.cluster_settings");
    return result_fail(r, "42501", "only users with the admin role are allowed to %s cluster setting '%s'",
        set ? "set" : "show", name);
}

bool users_check_setting(const struct users *u, const struct session *s, const char *name, bool set,
    struct result *r) {
    if (u->compat < 2601)
        return check_setting_22(u, s, name, set, r);
    const bool modify = users_has_system(u, s->user, PRIVILEGE_MODIFYCLUSTERSETTING);
    if (set)
        return modify || result_fail(r, "42501", "only users with the MODIFYCLUSTERSETTING privilege are "
            "allowed to set cluster setting '%s'", name);
    if (modify || users_has_system(u, s->user, PRIVILEGE_VIEWCLUSTERSETTING))
        return true;
    if (!name)
        return users_has_system(u, s->user, PRIVILEGE_MODIFYSQLCLUSTERSETTING) || result_fail(r, "42501",
            "only users with MODIFYCLUSTERSETTING, MODIFYSQLCLUSTERSETTING or VIEWCLUSTERSETTING system "
            "privileges are allowed to read crdb_internal.cluster_settings");
    return result_fail(r, "42501",
        "only users with MODIFYCLUSTERSETTING or VIEWCLUSTERSETTING privileges are "
        "allowed to show cluster setting '%s'", name);
}
