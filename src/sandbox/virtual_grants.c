/* virtual_grants: SHOW GRANTS in its forms and SHOW SYSTEM GRANTS: who may do what. */
#include "virtual_private.h"

#include <string.h>

/* Which object, in the columns that its form of SHOW GRANTS has. */
struct granted {
    enum object_kind kind;
    int64_t id;
    const char *database, *schema, *name, *type; /* NULL: has none */
};

static bool wanted(const struct ast_words *grantees, const char *name) {
    for (size_t i = 0; i < grantees->len; i++)
        if (strcmp(grantees->items[i], name) == 0)
            return true;
    return grantees->len == 0;
}

static void put(struct result *r, const struct granted *g, const char *grantee, const char *privilege, bool option) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "database_name", g->database);
    vrow_text(&row, "schema_name", g->schema);
    vrow_text(&row, "table_name", g->name);
    vrow_text(&row, "relation_name", g->name);
    vrow_text(&row, "object_name", g->name);
    vrow_text(&row, "type_name", g->name);
    vrow_text(&row, "object_type", g->type);
    vrow_text(&row, "grantee", grantee);
    vrow_text(&row, "privilege_type", privilege);
    vrow_bool(&row, "is_grantable", option);
    vrow_end(&row);
}

static void put_bits(struct result *r, const struct granted *g, const struct users_grant_info *info) {
    for (unsigned bit = 1; bit && bit <= info->privileges; bit <<= 1)
        if (info->privileges & bit)
            put(r, g, info->grantee, privilege_name((enum privilege)bit), info->grant_options & bit);
}

static bool after(const struct result *r, const result_row x, const result_row y) {
    for (size_t i = 0; i < r->columns.len; i++) {
        const int d = strcmp(x[i] ? x[i] : "", y[i] ? y[i] : "");
        if (d)
            return d > 0;
    }
    return false;
}

static void sort_rows(struct result *r) {
    for (size_t i = 1; i < r->rows.len; i++)
        for (size_t k = i; k > 0 && after(r, r->rows.items[k - 1], r->rows.items[k]); k--) {
            const result_row row = r->rows.items[k];
            r->rows.items[k] = r->rows.items[k - 1];
            r->rows.items[k - 1] = row;
        }
}

/* An object's grants; what admin and root have is implied, on the system nothing is. */
static void put_object(const struct virtual_context *c, const struct ast_show *st, const struct granted *g,
    struct result *r) {
    static const char *const implied[] = {"admin", "root"};
    for (size_t i = 0; g->kind != OBJECT_SYSTEM && i < sizeof implied / sizeof *implied; i++)
        if (wanted(&st->grantees, implied[i]))
            put(r, g, implied[i], "ALL", true);
    bool connect = false;
    for (size_t i = 0; i < users_grant_count(c->users); i++) {
        const struct users_grant_info info = users_grant_at(c->users, i);
        connect = connect || (info.kind == g->kind && info.id == g->id && str_eq(info.grantee, "public"));
    }
    if (g->kind == OBJECT_DATABASE && !connect && wanted(&st->grantees, "public"))
        put(r, g, "public", "CONNECT", false);
    for (size_t i = 0; i < users_grant_count(c->users); i++) {
        const struct users_grant_info info = users_grant_at(c->users, i);
        if (info.kind == g->kind && info.id == g->id && wanted(&st->grantees, info.grantee))
            put_bits(r, g, &info);
    }
}

static struct granted of_table(const struct virtual_context *c, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    return (struct granted){OBJECT_TABLE, t->id, db ? db->name : NULL, virtual_schema_name(c, t), t->name,
        t->sequence ? "sequence" : "table"};
}

static bool grants_on_tables(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct ast_names one = {(struct ast_name *)(size_t)&st->target.name, 1};
    const struct ast_names *names = st->names.len ? &st->names : &one;
    virtual_columns(r, "database_name:t schema_name:t table_name:t grantee:t privilege_type:t is_grantable:b");
    for (size_t i = 0; i < names->len; i++) {
        const struct table_descriptor *t = virtual_find_table(c, &names->items[i], r);
        if (!t)
            return false;
        const struct granted g = of_table(c, t);
        if (!c->describe)
            put_object(c, st, &g, r);
    }
    return true;
}

static bool grants_on_database(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const char *name = st->target.word ? st->target.word : st->names.len ? st->names.items[0].part[0]
        : st->target.name.n ? st->target.name.part[0] : NULL;
    const struct database_descriptor *db = virtual_database(c, name, r);
    virtual_columns(r, "database_name:t grantee:t privilege_type:t is_grantable:b");
    if (!db)
        return false;
    const struct granted g = {OBJECT_DATABASE, db->id, db->name, NULL, NULL, NULL};
    if (!c->describe)
        put_object(c, st, &g, r);
    return true;
}

static bool grants_on_role(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r, "role_name:t member:t is_admin:b");
    for (size_t i = 0; !c->describe && i < users_member_count(c->users); i++) {
        const struct users_member m = users_member_at(c->users, i);
        bool named = st->names.len == 0;
        for (size_t k = 0; k < st->names.len; k++)
            named = named || str_eq(st->names.items[k].part[0], m.role);
        if (named && wanted(&st->grantees, m.member))
            result_row_addv(r, m.role, m.member, m.admin_option ? "t" : "f");
    }
    return true;
}

/* Everything of the current database. */
static bool grants_on_all(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r, virtual_new(c)
        ? "database_name:t schema_name:t object_name:t object_type:t grantee:t privilege_type:t is_grantable:b"
        : "database_name:t schema_name:t relation_name:t grantee:t privilege_type:t is_grantable:b");
    const struct database_descriptor *db = virtual_database(c, NULL, r);
    if (!db)
        return false;
    if (c->describe)
        return true;
    const struct granted g = {OBJECT_DATABASE, db->id, db->name, NULL, NULL, "database"};
    put_object(c, st, &g, r);
    for (size_t i = 0; i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        const struct granted table = of_table(c, t);
        if (t->database == db->id)
            put_object(c, st, &table, r);
    }
    return true;
}

static bool grants_of(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    for (size_t i = 0; i < st->grantees.len; i++)
        if (!users_exists(c->users, st->grantees.items[i]))
            return result_fail(r, "42704", "role/user \"%s\" does not exist", st->grantees.items[i]);
    switch (st->target.kind) {
    case TARGET_NONE: return grants_on_all(c, st, r);
    case TARGET_TABLE: return grants_on_tables(c, st, r);
    case TARGET_DATABASE: return grants_on_database(c, st, r);
    case TARGET_ROLE: return grants_on_role(c, st, r);
    default: return result_unsupported(r, "SHOW GRANTS ON this kind of object");
    }
}

bool virtual_show_grants(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const bool good = grants_of(c, st, r);
    sort_rows(r);
    return good;
}

bool virtual_show_system_grants(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct granted g = {.kind = OBJECT_SYSTEM};
    virtual_columns(r, "grantee:t privilege_type:t is_grantable:b");
    if (!c->describe)
        put_object(c, st, &g, r);
    return true;
}

/* -- information_schema.table_privileges -- */

static void put_privilege(
    struct result *r, const struct granted *g, const char *grantee, const char *privilege, bool option) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "grantee", grantee);
    vrow_text(&row, "table_catalog", g->database);
    vrow_text(&row, "table_schema", g->schema);
    vrow_text(&row, "table_name", g->name);
    vrow_text(&row, "privilege_type", privilege);
    vrow_text(&row, "is_grantable", option ? "YES" : "NO");
    vrow_text(&row, "with_hierarchy", strcmp(privilege, "SELECT") == 0 ? "YES" : "NO");
    vrow_end(&row);
}

/* Of the tables of the session's database that the user may see anything of. */
void virtual_fill_table_privileges(const struct virtual_context *c, struct result *r) {
    const struct database_descriptor *db = database_by_name(
        c->descriptors, c->session->database ? c->session->database : "");
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        const struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, t->database == 1};
        const struct granted g = of_table(c, t);
        if (t->database != db->id || !users_has_any(c->users, c->session->user, &o))
            continue;
        put_privilege(r, &g, "admin", "ALL", true);
        for (size_t k = 0; k < users_grant_count(c->users); k++) {
            const struct users_grant_info info = users_grant_at(c->users, k);
            for (unsigned bit = 1; info.kind == OBJECT_TABLE && info.id == t->id && bit && bit <= info.privileges;
                 bit <<= 1)
                if (info.privileges & bit)
                    put_privilege(r, &g, info.grantee, privilege_name((enum privilege)bit), info.grant_options & bit);
        }
        put_privilege(r, &g, "root", "ALL", true);
    }
}
