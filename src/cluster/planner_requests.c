/* planner_requests: what a change of policy or regions needs, what stands in its way, and what it costs. */
#include "planner_private.h"

#include "domicile/sql/statement.h"

#include <stdlib.h>
#include <string.h>

enum { REGIONS_FOR_SURVIVAL = 3, RESTRICTED_REPLICAS = 3 };

static const char *const placement_names[] = {"unknown", "DEFAULT", "RESTRICTED"};
static const char *const survival_names[] = {"unknown", "ZONE", "REGION"};

/* -- statements -- */

void planner_statement(
    struct planning *p, const char *name, const struct statement_arg *args, size_t n, const char *why, char *left) {
    struct str sql = {0};
    struct err err = {0};
    const struct statement *st = statement_find(name);
    if (!st || !statement_fill(&sql, st, args, n, &err)) {
        planner_obstacle(p,
            mem_printf(
                "the statement %s cannot be written: %s", name, st ? err.message : "it is missing from this program"));
        str_free(&sql);
        free(left);
        return;
    }
    while (sql.len > 0 && (sql.data[sql.len - 1] == '\n' || sql.data[sql.len - 1] == ';'))
        str_truncate(&sql, sql.len - 1);
    vec_push(&p->plan->statements,
        ((struct plan_statement){.sql = str_take(&sql), .why = mem_strdup_null(why), .left = left}));
}

static void of_database(
    struct planning *p, const char *name, const char *what, enum statement_arg_kind kind, const char *value) {
    struct statement_arg args[] = {{.name = "database", .kind = STATEMENT_NAME, .value = p->catalog->database.name},
        {.name = what, .kind = kind, .value = value}};
    planner_statement(p, name, args, 2, NULL, NULL);
}

void planner_of_region(struct planning *p, const char *name, const char *region) {
    of_database(p, name, "region", STATEMENT_NAME, region);
}

void planner_setting(struct planning *p, const char *name) {
    planner_statement(p, name, NULL, 0, "the session setting it needs", NULL);
}

bool planner_need_regions(struct planning *p) {
    if (p->catalog->database.primary_region)
        return true;
    planner_obstacle(
        p, mem_printf("database %s has no regions: give it a primary region first", p->catalog->database.name));
    return false;
}

/* -- policy -- */

static size_t largest_super_region(const struct database *d) {
    size_t most = 0;
    for (size_t i = 0; i < d->super_regions.len; i++)
        most = d->super_regions.items[i].regions.len > most ? d->super_regions.items[i].regions.len : most;
    return most;
}

void planner_check_restricted_super(struct planning *p, size_t regions) {
    if (regions > RESTRICTED_REPLICAS)
        planner_obstacle(
            p, mem_printf("a super region of %zu regions asks for more replicas than the 3 of RESTRICTED", regions));
    else if (regions > 1)
        planner_cost(
            p, "super regions keep asking for a replica in each of their regions: RESTRICTED cannot satisfy them");
}

static void plan_placement(struct planning *p) {
    const struct database *d = &p->catalog->database;
    enum placement to = p->r->placement;
    bool restrict_it = to == PLACEMENT_RESTRICTED;
    p->plan->title = mem_printf(
        "Placement of %s: %s -> %s", d->name, placement_names[d->placement], placement_names[to]);
    p->plan->changes = d->placement != to;
    p->after.placement = to;
    if (!planner_need_regions(p))
        return;
    if (restrict_it && d->survival == SURVIVAL_REGION)
        planner_obstacle(p,
            mem_printf("%s survives a region failure, and RESTRICTED forbids that: ALTER DATABASE … SURVIVE ZONE "
                       "FAILURE first",
                d->name));
    if (restrict_it)
        planner_check_restricted_super(p, largest_super_region(d));
    planner_cost(p,
        restrict_it ? "rows can be read with low latency only in their home region; a region that is lost takes its "
                      "rows with it"
                    : "every region keeps a copy again: data leaves its home region");
    p->plan->undo = mem_strdup(
        restrict_it ? "PLACEMENT DEFAULT brings the replicas back" : "PLACEMENT RESTRICTED sends them away again");
    planner_setting(p, "actions/placement-setting");
    of_database(p, "actions/placement", "policy", STATEMENT_SQL, placement_names[to]);
}

static void plan_survive(struct planning *p) {
    const struct database *d = &p->catalog->database;
    bool region = p->r->survival == SURVIVAL_REGION;
    p->plan->title = mem_printf(
        "Survival goal of %s: %s -> %s FAILURE", d->name, survival_names[d->survival], survival_names[p->r->survival]);
    p->plan->changes = d->survival != p->r->survival;
    p->after.survival = p->r->survival;
    if (!planner_need_regions(p))
        return;
    if (region && d->regions.len < REGIONS_FOR_SURVIVAL)
        planner_obstacle(p,
            mem_printf("%s has %zu regions, and at least 3 are needed to survive the failure of one: add regions first",
                d->name, d->regions.len));
    if (region && d->placement == PLACEMENT_RESTRICTED)
        planner_obstacle(
            p, mem_strdup("placement is RESTRICTED, which forbids region survival: PLACEMENT DEFAULT first"));
    for (size_t i = 0; region && i < d->super_regions.len; i++)
        if (d->super_regions.items[i].regions.len < REGIONS_FOR_SURVIVAL)
            planner_obstacle(p,
                mem_printf("super region %s has fewer than 3 regions: ALTER or DROP it first",
                    d->super_regions.items[i].name));
    planner_cost(p,
        region ? "five voters over the regions: every write waits for another region; voters leave home"
               : "a region that is lost takes its rows' quorum with it");
    p->plan->undo = mem_strdup(region ? "SURVIVE ZONE FAILURE undoes it" : "SURVIVE REGION FAILURE undoes it");
    of_database(p, "actions/survive", "goal", STATEMENT_SQL, survival_names[p->r->survival]);
}

/* -- regions -- */

static bool cluster_has_region(const struct planning *p, const char *name) {
    const struct topology *t = snapshot_topology(p->s);
    for (size_t i = 0; t && i < t->regions.len; i++)
        if (strcmp(t->regions.items[i].name, name) == 0)
            return true;
    return false;
}

static int region_order(const void *a, const void *b) {
    return strcmp(((const struct db_region *)a)->name, ((const struct db_region *)b)->name);
}

static void add_to(struct database *d, const char *region) {
    vec_push(&d->regions, ((struct db_region){.name = mem_strdup(region)}));
    qsort(d->regions.items, d->regions.len, sizeof *d->regions.items, region_order);
}

static void check_in_cluster(struct planning *p) {
    if (!cluster_has_region(p, p->r->region))
        planner_obstacle(p, mem_printf("no node of the cluster is in region \"%s\"", p->r->region));
}

bool planner_check_in_database(struct planning *p) {
    if (database_region(&p->catalog->database, p->r->region))
        return true;
    planner_obstacle(p, mem_printf("region \"%s\" has not been added to %s", p->r->region, p->catalog->database.name));
    return false;
}

static void plan_add_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    size_t indexes = 0;
    p->plan->title = mem_printf("Regions of %s: add %s", d->name, p->r->region);
    p->plan->changes = !database_region(d, p->r->region);
    if (!planner_need_regions(p))
        return;
    check_in_cluster(p);
    if (p->plan->changes)
        add_to(&p->after, p->r->region);
    for (size_t i = 0; i < p->catalog->tables.len; i++)
        indexes += p->catalog->tables.items[i].locality == TABLE_LOCALITY_BY_ROW
            ? p->catalog->tables.items[i].indexes.len
            : 0;
    if (indexes)
        vec_push(&p->plan->costs,
            mem_printf("tables by row get a partition for it in every index, %zu in all, empty at first", indexes));
    p->plan->undo = mem_strdup("DROP REGION, as long as no row lives there");
    planner_of_region(p, "actions/add-region", p->r->region);
}

static void drop_from(struct database *d, const char *name) {
    for (size_t i = 0; i < d->regions.len; i++)
        if (strcmp(d->regions.items[i].name, name) == 0) {
            free(d->regions.items[i].name);
            d->regions.len--;
            memmove(d->regions.items + i, d->regions.items + i + 1, (d->regions.len - i) * sizeof *d->regions.items);
            break;
        }
    if (str_eq(d->primary_region, name)) {
        free(d->primary_region);
        d->primary_region = NULL;
    }
}

/* An expression that names the region as a value. */
static bool names_region(const char *expression, const char *region) {
    char *literal = mem_printf("'%s'", region);
    bool found = expression && strstr(expression, literal);
    free(literal);
    return found;
}

/* Tables that need the region: at home there, or with an expression that names it. */
static void check_used(struct planning *p, const char *region) {
    for (size_t i = 0; i < p->catalog->tables.len; i++) {
        const struct table *t = &p->catalog->tables.items[i];
        if (str_eq(t->home, region))
            planner_obstacle(p, mem_printf("table %s lives in %s: give it another locality first", t->name, region));
        if (t->locality == TABLE_LOCALITY_BY_ROW && p->catalog->database.regions.len == 1)
            planner_obstacle(p,
                mem_printf("table %s is REGIONAL BY ROW, and no region would be left: give it another locality first",
                    t->name));
        for (size_t k = 0; k < t->columns.len; k++)
            if (names_region(t->columns.items[k].computed, region) ||
                names_region(t->columns.items[k].default_expr, region))
                planner_obstacle(p,
                    mem_printf("the expression of column %s of table %s names %s: change it first",
                        t->columns.items[k].name, t->name, region));
    }
}

static void plan_drop_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    const char *name = p->r->region;
    p->plan->title = mem_printf("Regions of %s: drop %s", d->name, name);
    p->plan->changes = true;
    if (!planner_need_regions(p))
        return;
    planner_check_in_database(p);
    if (str_eq(d->primary_region, name) && d->regions.len > 1)
        planner_obstacle(p, mem_printf("%s is the primary region: make another one primary first", name));
    if (str_eq(d->secondary_region, name))
        planner_obstacle(p, mem_printf("%s is the secondary region: drop that first", name));
    if (database_super_region_of(d, name))
        planner_obstacle(p,
            mem_printf(
                "%s is part of super region %s: drop that first", name, database_super_region_of(d, name)->name));
    if (d->survival == SURVIVAL_REGION && d->regions.len <= REGIONS_FOR_SURVIVAL)
        planner_obstacle(
            p, mem_strdup("fewer than 3 regions would be left, and the database survives a region failure"));
    check_used(p, name);
    planner_cost(p, "refused by the server while any row has it as its home");
    p->plan->undo = mem_strdup("ADD REGION brings it back, empty");
    drop_from(&p->after, name);
    planner_of_region(p, "actions/drop-region", name);
}

/* The primary region carries every table without a home of its own into its super region, or out of it. */
static void check_primary_super(struct planning *p) {
    const struct database *d = &p->catalog->database;
    const struct super_region *from = d->primary_region ? database_super_region_of(d, d->primary_region) : NULL;
    const struct super_region *to = database_super_region_of(d, p->r->region);
    if (from == to)
        return;
    planner_setting(p, "actions/primary-super-region-setting");
    vec_push(&p->plan->costs,
        to ? mem_printf("every table in the primary region becomes part of super region %s", to->name)
           : mem_printf("every table in the primary region leaves super region %s", from->name));
}

static void plan_primary_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    bool first = !d->primary_region;
    p->plan->title = first ? mem_printf("Primary region of %s: %s, its first", d->name, p->r->region)
        : mem_printf("Primary region of %s: %s -> %s", d->name, d->primary_region, p->r->region);
    p->plan->changes = !str_eq(d->primary_region, p->r->region);
    if (first)
        check_in_cluster(p);
    else
        planner_check_in_database(p);
    if (str_eq(d->secondary_region, p->r->region))
        planner_obstacle(
            p, mem_printf("%s is the secondary region: ALTER DATABASE … DROP SECONDARY REGION first", p->r->region));
    check_primary_super(p);
    if (first) {
        add_to(&p->after, p->r->region);
        p->after.survival = SURVIVAL_ZONE;
        p->after.placement = PLACEMENT_DEFAULT;
    }
    free(p->after.primary_region);
    p->after.primary_region = mem_strdup(p->r->region);
    planner_cost(p, "the tables without a home of their own move to it, and GLOBAL tables' voters");
    p->plan->undo = first ? mem_strdup("DROP REGION, once it is the last")
        : mem_printf("PRIMARY REGION %s", d->primary_region);
    planner_of_region(p, "actions/primary-region", p->r->region);
}

void planner_request(struct planning *p) {
    static void (*const makers[])(struct planning *p) = {
        [PLAN_PLACEMENT] = plan_placement,
        [PLAN_SURVIVE] = plan_survive,
        [PLAN_ADD_REGION] = plan_add_region,
        [PLAN_DROP_REGION] = plan_drop_region,
        [PLAN_PRIMARY_REGION] = plan_primary_region,
        [PLAN_SET_LOCALITY] = planner_set_locality,
        [PLAN_ADD_SUPER_REGION] = planner_add_super,
        [PLAN_ALTER_SUPER_REGION] = planner_alter_super,
        [PLAN_DROP_SUPER_REGION] = planner_drop_super,
        [PLAN_SET_SECONDARY_REGION] = planner_set_secondary,
        [PLAN_DROP_SECONDARY_REGION] = planner_drop_secondary,
    };
    makers[p->r->kind](p);
}
