/* planner_locality: what a change of a table's locality needs, and what stands in its way. */
#include "planner_private.h"

#include "domicile/sql/statement.h"

#include <stdlib.h>
#include <string.h>

static void check_by_row(struct planning *p, const struct table *t) {
    const struct column *c = table_column(t, p->changed.region_column);
    bool implicit = strcmp(p->changed.region_column, "crdb_region") == 0;
    if (!c && !implicit)
        planner_obstacle(p, mem_printf("table %s has no column %s", t->name, p->changed.region_column));
    if (c && c->type && !strstr(c->type, "crdb_internal_region"))
        planner_obstacle(p, mem_printf("column %s is %s, and must be crdb_internal_region", c->name, c->type));
    if (c && c->nullable)
        planner_obstacle(p, mem_printf("column %s may hold NULL: ALTER COLUMN … SET NOT NULL first", c->name));
    planner_uncertain(
        p, mem_strdup("which replicas move depends on the rows: each goes to the region that its column names"));
}

/* The one that is meant: in the schema that was named, else in public, else the only one of this name. */
static const struct table *meant_table(struct planning *p) {
    const char *wanted = str_eq(p->r->schema, p->catalog->database.name) ? NULL
        : p->r->schema; /* "db.t" is of no schema */
    const struct table *found = NULL;
    bool ambiguous = false;
    for (size_t i = 0; i < p->catalog->tables.len; i++) {
        const struct table *t = &p->catalog->tables.items[i];
        const char *schema = t->schema ? t->schema : "public";
        if (!str_eq(t->name, p->r->table) || (wanted && strcmp(schema, wanted) != 0))
            continue;
        if (strcmp(schema, wanted ? wanted : "public") == 0)
            return t;
        ambiguous = found != NULL;
        found = t;
    }
    if (ambiguous)
        planner_obstacle(p,
            mem_printf(
                "several schemas of %s have a table %s: name the schema", p->catalog->database.name, p->r->table));
    else if (!found)
        planner_obstacle(p, mem_printf("there is no table %s in %s", p->r->table, p->catalog->database.name));
    return ambiguous ? NULL : found;
}

static void set_locality_statements(struct planning *p, const struct table *t) {
    struct str name = {0};
    if (t->schema && strcmp(t->schema, "public") != 0) {
        statement_quote_name(&name, t->schema);
        str_add_char(&name, '.');
    }
    statement_quote_name(&name, t->name);
    struct statement_arg args[] = {{.name = "table", .kind = STATEMENT_SQL, .value = str_get(&name)},
        {.name = "locality", .kind = STATEMENT_SQL, .value = p->r->locality}};
    if (t->schema_locked)
        planner_statement(p, "actions/unlock-table", args, 1,
            "the table is locked against schema changes (schema_locked)",
            mem_printf("table %s is unlocked now: ALTER TABLE %s SET (schema_locked = true) locks it again", t->name,
                str_get(&name)));
    planner_statement(p, "actions/set-locality", args, 2, NULL, NULL);
    if (t->schema_locked)
        planner_statement(p, "actions/lock-table", args, 1, "lock it again", NULL);
    str_free(&name);
}

void planner_set_locality(struct planning *p) {
    struct err err = {0};
    p->plan->title = mem_printf("Locality of %s: %s", p->r->table, p->r->locality);
    const struct table *t = p->table = meant_table(p);
    if (!t)
        return;
    p->plan->changes = !str_eq(t->locality_text, p->r->locality);
    p->changed.id = t->id;
    p->changed.name = mem_strdup(t->name);
    if (!table_set_locality(&p->changed, p->r->locality, &err))
        planner_obstacle(p, mem_strdup(err.message));
    if (!planner_need_regions(p))
        return;
    if (p->changed.home && !database_region(&p->catalog->database, p->changed.home))
        planner_obstacle(
            p, mem_printf("region \"%s\" has not been added to %s", p->changed.home, p->catalog->database.name));
    if (p->changed.locality == TABLE_LOCALITY_BY_ROW)
        check_by_row(p, t);
    bool rewrites = (t->locality == TABLE_LOCALITY_BY_ROW) != (p->changed.locality == TABLE_LOCALITY_BY_ROW);
    planner_cost(p, rewrites ? "every index of the table is rewritten" : "only the zone configuration changes");
    if (p->changed.locality == TABLE_LOCALITY_GLOBAL)
        planner_cost(p, "a GLOBAL table has no home: a copy of every row is kept in every region");
    p->plan->undo = mem_printf("SET LOCALITY %s", t->locality_text ? t->locality_text : "as before");
    set_locality_statements(p, t);
}
