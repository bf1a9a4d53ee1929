/* intent: statements about regions read as questions to the planner. */
#include "domicile/actions/intent.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/print.h"

#include <string.h>

struct intent {
    struct arena *arena;
    struct plan_request request;
};

const struct plan_request *intent_request(const struct intent *i) { return &i->request; }

void intent_free(struct intent *i) {
    if (!i)
        return;
    arena_free(i->arena);
    free(i);
}

/* Those about a region or a super region. */
static bool of_regions(struct plan_request *r, const struct ast_alter_database *st) {
    static const struct {
        enum ast_alter_database_kind said;
        enum plan_kind kind;
    } kinds[] = {
        {DATABASE_PRIMARY_REGION, PLAN_PRIMARY_REGION},
        {DATABASE_ADD_REGION, PLAN_ADD_REGION},
        {DATABASE_DROP_REGION, PLAN_DROP_REGION},
        {DATABASE_SET_SECONDARY, PLAN_SET_SECONDARY_REGION},
        {DATABASE_DROP_SECONDARY, PLAN_DROP_SECONDARY_REGION},
        {DATABASE_ADD_SUPER_REGION, PLAN_ADD_SUPER_REGION},
        {DATABASE_ALTER_SUPER_REGION, PLAN_ALTER_SUPER_REGION},
        {DATABASE_DROP_SUPER_REGION, PLAN_DROP_SUPER_REGION},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].said != st->kind)
            continue;
        r->kind = kinds[i].kind;
        r->region = st->region;
        r->super_region = st->super.name;
        r->regions = (const char *const *)st->super.regions.items;
        r->region_count = st->super.regions.len;
        return true;
    }
    return false;
}

/* False: a form that the planner does not know. */
static bool of_database(struct plan_request *r, const struct ast_alter_database *st) {
    switch (st->kind) {
    case DATABASE_PLACEMENT:
        r->kind = PLAN_PLACEMENT;
        r->placement = st->placement == PLACEMENT_SAID_RESTRICTED ? PLACEMENT_RESTRICTED : PLACEMENT_DEFAULT;
        return true;
    case DATABASE_SURVIVE:
        r->kind = PLAN_SURVIVE;
        r->survival = st->survival == SURVIVAL_SAID_REGION ? SURVIVAL_REGION : SURVIVAL_ZONE;
        return true;
    default: return of_regions(r, st);
    }
}

static bool of_table(struct intent *i, const struct ast_alter_table *st) {
    struct str locality = {0};
    if (st->cmds.len != 1 || st->cmds.items[0].kind != ALTER_SET_LOCALITY)
        return false;
    print_locality(&locality, &st->cmds.items[0].locality);
    i->request.kind = PLAN_SET_LOCALITY;
    i->request.table = st->name.part[st->name.n - 1];
    i->request.schema = st->name.n > 1 ? st->name.part[st->name.n - 2] : NULL;
    i->request.locality = arena_strdup(i->arena, str_get(&locality));
    str_free(&locality);
    return true;
}

static bool understand(struct intent *i, const struct ast_stmt *st, const char *database, struct err *err) {
    if (st->kind == STMT_ALTER_TABLE)
        return of_table(i, &st->u.alter_table);
    if (st->kind != STMT_ALTER_DATABASE || !of_database(&i->request, &st->u.alter_database))
        return false;
    const char *named = st->u.alter_database.name;
    if (!named || !database || strcmp(named, database) == 0)
        return true;
    err_set(err, ERR_INPUT, "the statement is about the database \"%s\", and \"%s\" is looked at", named, database);
    return err_hint(err, "connect to \"%s\" to plan a change of it", named);
}

struct intent *intent_new(const char *sql, const char *database, struct err *err) {
    struct ast_stmts list = {0};
    struct parse_error why = {0};
    struct intent *i = mem_calloc(1, sizeof *i);
    err_clear(err);
    i->arena = arena_new();
    bool known = parser_parse(i->arena, sql, strlen(sql), 0, &list, &why);
    if (!known)
        err_set(err, ERR_INPUT, "%s", why.message);
    else if (list.len > 1)
        known = err_set(err, ERR_INPUT, "one statement at a time can be planned");
    known = known && list.len == 1 && understand(i, list.items[0], database, err);
    if (known)
        return i;
    intent_free(i);
    return NULL;
}
