/* planner_rights: which privileges a change needs, and which are missing. Facts: the database's owner, admins and who has
 * CREATE on it change its regions, survival goal and placement; adding or dropping a region repartitions every table by
 * row, which needs the same on each; so does making a database multi-region, or no longer, on every table. */
#include "planner_private.h"

#include "domicile/sql/statement.h"

#include <stdlib.h>

static const char *user_of(const struct planning *p) {
    const struct server_info *server = snapshot_server(p->s);
    return server && server->user ? server->user : "this user";
}

/* "GRANT CREATE ON DATABASE "django" TO "carol"". */
static char *grant_of(const struct planning *p, const struct table *t) {
    struct str out = {0};
    str_add_f(&out, "GRANT CREATE ON %s ", t ? "TABLE" : "DATABASE");
    if (t && t->schema) {
        statement_quote_name(&out, t->schema);
        str_add_char(&out, '.');
    }
    statement_quote_name(&out, t ? t->name : p->catalog->database.name);
    str_add(&out, " TO ");
    statement_quote_name(&out, user_of(p));
    return str_take(&out);
}

static void need(struct planning *p, enum right right, const struct table *t, struct str *unread) {
    const char *name = t ? t->name : p->catalog->database.name;
    if (right == RIGHT_UNKNOWN)
        str_add_f(unread, "%s%s%s", unread->len ? ", " : "", t ? "table " : "database ", name);
    if (right != RIGHT_NO)
        return;
    char *grant = grant_of(p, t);
    planner_obstacle(
        p, mem_printf("user %s must be owner of %s or have CREATE on it: %s would allow it", user_of(p), name, grant));
    free(grant);
}

static void need_tables(struct planning *p, bool by_row_only, struct str *unread) {
    for (size_t i = 0; i < p->catalog->tables.len; i++) {
        const struct table *t = &p->catalog->tables.items[i];
        if (!by_row_only || t->locality == TABLE_LOCALITY_BY_ROW)
            need(p, t->may_alter, t, unread);
    }
}

void planner_check_rights(struct planning *p) {
    const struct database *d = &p->catalog->database;
    bool regions = p->r->kind == PLAN_ADD_REGION || p->r->kind == PLAN_DROP_REGION;
    bool first = p->r->kind == PLAN_PRIMARY_REGION && !d->primary_region;
    bool last = p->r->kind == PLAN_DROP_REGION && d->regions.len == 1;
    struct str unread = {0};
    if (p->r->kind == PLAN_SET_LOCALITY) {
        if (p->table)
            need(p, p->table->may_alter, p->table, &unread);
    } else {
        need(p, d->may_alter, NULL, &unread);
        if (regions || first || last)
            need_tables(p, !first && !last, &unread);
    }
    if (unread.len)
        p->plan->unchecked = mem_printf("privilege not checked: whether %s owns or has CREATE on %s could not be read",
            user_of(p), str_get(&unread));
    str_free(&unread);
}
