/* users: who there is, who is a member of what, and what was granted to whom. */
#include "users_private.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum privilege privilege;
    const char *name;
} names[] = {
    {PRIVILEGE_ALL, "ALL"}, {PRIVILEGE_BACKUP, "BACKUP"}, {PRIVILEGE_CANCELQUERY, "CANCELQUERY"},
    {PRIVILEGE_CONNECT, "CONNECT"}, {PRIVILEGE_CREATE, "CREATE"}, {PRIVILEGE_DELETE, "DELETE"},
    {PRIVILEGE_DROP, "DROP"}, {PRIVILEGE_EXECUTE, "EXECUTE"}, {PRIVILEGE_GRANT, "GRANT"},
    {PRIVILEGE_INSERT, "INSERT"}, {PRIVILEGE_MODIFYCLUSTERSETTING, "MODIFYCLUSTERSETTING"},
    {PRIVILEGE_MODIFYSQLCLUSTERSETTING, "MODIFYSQLCLUSTERSETTING"}, {PRIVILEGE_RESTORE, "RESTORE"},
    {PRIVILEGE_SELECT, "SELECT"}, {PRIVILEGE_TRIGGER, "TRIGGER"}, {PRIVILEGE_UPDATE, "UPDATE"},
    {PRIVILEGE_USAGE, "USAGE"}, {PRIVILEGE_VIEWACTIVITY, "VIEWACTIVITY"},
    {PRIVILEGE_VIEWACTIVITYREDACTED, "VIEWACTIVITYREDACTED"},
    {PRIVILEGE_VIEWCLUSTERMETADATA, "VIEWCLUSTERMETADATA"},
    {PRIVILEGE_VIEWCLUSTERSETTING, "VIEWCLUSTERSETTING"}, {PRIVILEGE_VIEWDEBUG, "VIEWDEBUG"},
    {PRIVILEGE_VIEWJOB, "VIEWJOB"}, {PRIVILEGE_ZONECONFIG, "ZONECONFIG"},
    {PRIVILEGE_REPAIRCLUSTER, "REPAIRCLUSTER"}, {PRIVILEGE_CREATEROLE, "CREATEROLE"},
    {PRIVILEGE_CREATEDB, "CREATEDB"}, {PRIVILEGE_CREATELOGIN, "CREATELOGIN"},
    {PRIVILEGE_CONTROLJOB, "CONTROLJOB"},
};
enum { NAMES = sizeof names / sizeof *names };

const char *privilege_name(enum privilege p) {
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].privilege == p)
            return names[i].name;
    return "";
}

enum privilege privilege_by_name(const char *name) {
    for (size_t i = 0; i < NAMES; i++)
        if (str_eq_nocase(names[i].name, name))
            return names[i].privilege;
    return 0;
}

void privilege_list(struct str *out, unsigned privileges, const char *separator) {
    const char *before = "";
    for (size_t i = 0; i < NAMES; i++)
        if (privileges & names[i].privilege) {
            str_add_f(out, "%s%s", before, names[i].name);
            before = separator;
        }
}

struct user_entry *user_find(const struct users *u, const char *name) {
    for (size_t i = 0; i < u->entries.len; i++)
        if (str_eq(u->entries.items[i].name, name))
            return &u->entries.items[i];
    return NULL;
}

struct user_entry *user_add(struct users *u, const char *name, bool is_role) {
    const struct user_entry e = {.name = mem_strdup(name), .is_role = is_role, .no_login = is_role};
    vec_push(&u->entries, e);
    size_t i = u->entries.len - 1;
    for (; i > 0 && strcmp(u->entries.items[i - 1].name, name) > 0; i--)
        u->entries.items[i] = u->entries.items[i - 1];
    u->entries.items[i] = e;
    u->changes++;
    return &u->entries.items[i];
}

void user_remove(struct users *u, const char *name) {
    for (size_t i = 0; i < u->members.len;)
        if (str_eq(u->members.items[i].role, name) || str_eq(u->members.items[i].member, name))
            membership_remove(u, u->members.items[i].role, u->members.items[i].member);
        else
            i++;
    for (size_t i = 0; i < u->entries.len; i++)
        if (str_eq(u->entries.items[i].name, name)) {
            free(u->entries.items[i].name);
            free(u->entries.items[i].password);
            memmove(&u->entries.items[i], &u->entries.items[i + 1],
                (u->entries.len - i - 1) * sizeof *u->entries.items);
            u->entries.len--;
            u->changes++;
            users_forget_defaults(u, name);
            return;
        }
}

struct membership *membership_find(const struct users *u, const char *role, const char *member) {
    for (size_t i = 0; i < u->members.len; i++)
        if (str_eq(u->members.items[i].role, role) && str_eq(u->members.items[i].member, member))
            return &u->members.items[i];
    return NULL;
}

void membership_add(struct users *u, const char *role, const char *member, bool admin_option) {
    struct membership *m = membership_find(u, role, member);
    if (m) {
        m->admin_option = m->admin_option || admin_option;
    } else {
        const struct membership fresh = {mem_strdup(role), mem_strdup(member), admin_option};
        vec_push(&u->members, fresh);
    }
    u->changes++;
}

void membership_remove(struct users *u, const char *role, const char *member) {
    struct membership *m = membership_find(u, role, member);
    if (!m)
        return;
    free(m->role);
    free(m->member);
    *m = u->members.items[--u->members.len];
    u->changes++;
}

struct grant_entry *grant_find(const struct users *u, enum object_kind kind, int64_t id,
    const char *grantee) {
    for (size_t i = 0; i < u->grants.len; i++) {
        struct grant_entry *g = &u->grants.items[i];
        if (g->kind == kind && g->id == id && str_eq(g->grantee, grantee))
            return g;
    }
    return NULL;
}

struct grant_entry *grant_make(struct users *u, enum object_kind kind, int64_t id, const char *grantee) {
    struct grant_entry *g = grant_find(u, kind, id, grantee);
    if (g)
        return g;
    const struct grant_entry fresh = {.kind = kind, .id = id, .grantee = mem_strdup(grantee)};
    vec_push(&u->grants, fresh);
    return &u->grants.items[u->grants.len - 1];
}

void grants_tidy(struct users *u) {
    size_t kept = 0;
    for (size_t i = 0; i < u->grants.len; i++)
        if (u->grants.items[i].privileges)
            u->grants.items[kept++] = u->grants.items[i];
        else
            free(u->grants.items[i].grantee);
    u->grants.len = kept;
    u->changes++;
}

struct users *users_new(int compat) {
    struct users *u = mem_calloc(1, sizeof *u);
    u->compat = compat;
    user_add(u, "admin", true);
    user_add(u, "root", false);
    membership_add(u, "admin", "root", true);
    return u;
}

static void users_clear(struct users *u) {
    for (size_t i = 0; i < u->entries.len; i++) {
        free(u->entries.items[i].name);
        free(u->entries.items[i].password);
    }
    for (size_t i = 0; i < u->members.len; i++) {
        free(u->members.items[i].role);
        free(u->members.items[i].member);
    }
    for (size_t i = 0; i < u->grants.len; i++)
        free(u->grants.items[i].grantee);
    vec_free(&u->entries);
    vec_free(&u->members);
    vec_free(&u->grants);
    users_forget_defaults(u, NULL);
}

void users_free(struct users *u) {
    if (!u)
        return;
    users_clear(u);
    free(u->options_text);
    free(u);
}

uint64_t users_changes(const struct users *u) {
    return u->changes;
}

/* A line each, fields separated by tabs: names hold no tab. */
void users_keep_scram(struct users *u, bool scram) { u->scram = scram; }

const char *users_password(const struct users *u, const char *name) {
    const struct user_entry *e = user_find(u, name);
    return e ? e->password : NULL;
}

void users_print(const struct users *u, struct str *out) {
    for (size_t i = 0; i < u->entries.len; i++) {
        const struct user_entry *e = &u->entries.items[i];
        str_add_f(out, "user\t%s\t%d\t%d\t%u%s%s\n", e->name, e->is_role, e->no_login, e->options,
            e->password ? "\t" : "", e->password ? e->password : "");
    }
    for (size_t i = 0; i < u->members.len; i++) {
        const struct membership *m = &u->members.items[i];
        str_add_f(out, "member\t%s\t%s\t%d\n", m->role, m->member, m->admin_option);
    }
    for (size_t i = 0; i < u->grants.len; i++) {
        const struct grant_entry *g = &u->grants.items[i];
        str_add_f(out, "grant\t%s\t%d\t%" PRId64 "\t%u\t%u\n", g->grantee, (int)g->kind, g->id, g->privileges,
            g->grant_options);
    }
    users_print_defaults(u, out);
}

/* The fields of one line, its tabs made NULs. */
static size_t fields(char *line, char *out[6]) {
    size_t n = 0;
    for (char *save = NULL, *f = strtok_r(line, "\t", &save); f && n < 6; f = strtok_r(NULL, "\t", &save))
        out[n++] = f;
    return n;
}

static bool read_line(struct users *u, char *line) {
    char *f[6];
    const size_t n = fields(line, f);
    if ((n == 5 || n == 6) && str_eq(f[0], "user")) {
        struct user_entry *e = user_add(u, f[1], atoi(f[2]));
        e->no_login = atoi(f[3]);
        e->options = (unsigned)strtoul(f[4], NULL, 10);
        free(e->password);
        e->password = n == 6 ? mem_strdup(f[5]) : NULL;
        return true;
    }
    if (n == 5 && str_eq(f[0], "setting")) {
        users_read_default(u, f);
        return true;
    }
    if (n == 4 && str_eq(f[0], "member")) {
        membership_add(u, f[1], f[2], atoi(f[3]));
        return true;
    }
    if (n != 6 || !str_eq(f[0], "grant"))
        return false;
    struct grant_entry *g = grant_make(u, (enum object_kind)atoi(f[2]), strtoll(f[3], NULL, 10), f[1]);
    g->privileges = (unsigned)strtoul(f[4], NULL, 10);
    g->grant_options = (unsigned)strtoul(f[5], NULL, 10);
    return true;
}

bool users_read(struct users *u, const char *text, struct err *err) {
    users_clear(u);
    char *copy = mem_strdup(text), *save = NULL;
    bool good = true;
    for (char *line = strtok_r(copy, "\n", &save); line && good; line = strtok_r(NULL, "\n", &save))
        good = read_line(u, line) || err_set(err, ERR_INPUT, "the kept users are damaged");
    free(copy);
    return good;
}

size_t users_count(const struct users *u) {
    return u->entries.len;
}

struct users_role_info users_at(const struct users *u, size_t i) {
    const struct user_entry *e = &u->entries.items[i];
    struct str text = {0};
    /* In alphabetical order, NOLOGIN among them. */
    const unsigned before = e->options & ~(unsigned)(PRIVILEGE_VIEWACTIVITY | PRIVILEGE_VIEWACTIVITYREDACTED |
        PRIVILEGE_VIEWCLUSTERSETTING);
    privilege_list(&text, before, ", ");
    if (e->no_login)
        str_add(&text, text.len ? ", NOLOGIN" : "NOLOGIN");
    if (e->options & ~before && text.len)
        str_add(&text, ", ");
    privilege_list(&text, e->options & ~before, ", ");
    free(u->options_text);
    ((struct users *)(size_t)u)->options_text = str_take(&text);
    return (struct users_role_info){e->name, e->is_role, e->options, u->options_text};
}

size_t users_member_count(const struct users *u) {
    return u->members.len;
}

struct users_member users_member_at(const struct users *u, size_t i) {
    const struct membership *m = &u->members.items[i];
    return (struct users_member){m->role, m->member, m->admin_option};
}

size_t users_grant_count(const struct users *u) {
    return u->grants.len;
}

struct users_grant_info users_grant_at(const struct users *u, size_t i) {
    const struct grant_entry *g = &u->grants.items[i];
    return (struct users_grant_info){g->kind, g->id, g->grantee, g->privileges, g->grant_options};
}

bool users_exists(const struct users *u, const char *name) {
    return user_find(u, name) != NULL;
}

bool users_is_member(const struct users *u, const char *name, const char *role) {
    if (str_eq(name, role))
        return true;
    for (size_t i = 0; i < u->members.len; i++)
        if (str_eq(u->members.items[i].member, name) && users_is_member(u, u->members.items[i].role, role))
            return true;
    return false;
}

bool users_is_admin(const struct users *u, const char *name) {
    return str_eq(name, "root") || str_eq(name, "node") || users_is_member(u, name, "admin");
}

void users_object_created(struct users *u, const struct users_object *o) {
    static const struct {
        enum object_kind kind;
        unsigned privileges;
    } given[] = {
        {OBJECT_DATABASE, PRIVILEGE_CONNECT},
        {OBJECT_SCHEMA, PRIVILEGE_CREATE | PRIVILEGE_USAGE},
        {OBJECT_TYPE, PRIVILEGE_USAGE},
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].kind == o->kind)
            grant_make(u, o->kind, o->id, "public")->privileges |= given[i].privileges;
    u->changes++;
}

void users_object_dropped(struct users *u, enum object_kind kind, int64_t id) {
    for (size_t i = 0; i < u->grants.len; i++)
        if (u->grants.items[i].kind == kind && u->grants.items[i].id == id)
            u->grants.items[i].privileges = 0;
    grants_tidy(u);
}
