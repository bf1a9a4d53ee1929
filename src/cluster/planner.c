/* planner: what a change would do, before it runs. */
#include "planner_private.h"

#include "domicile/sql/statement.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_SUPER_SETTING_GONE = 2602 };

static const char *const placement_names[] = {"unknown", "DEFAULT", "RESTRICTED"};
static const char *const survival_names[] = {"unknown", "ZONE", "REGION"};

/* What the steps of one plan share. */
struct planning {
    struct plan *plan;
    const struct snapshot *s;
    const struct plan_request *r;
    const struct catalog *catalog;
    struct database after;
    struct table changed; /* SET LOCALITY: the table with its new locality; else zeroed */
    rules_version version;
};

static void obstacle(struct planning *p, char *text) { vec_push(&p->plan->obstacles, text); }
static void cost(struct planning *p, const char *text) { vec_push(&p->plan->costs, mem_strdup(text)); }

static void statement(struct planning *p, const char *name, const struct statement_arg *args, size_t n, const char *why) {
    struct str sql = {0};
    struct err err = {0};
    const struct statement *st = statement_find(name);
    if (!st || !statement_fill(&sql, st, args, n, &err)) {
        obstacle(p, mem_printf("the statement %s cannot be written: %s", name, st ? err.message : "it is missing from this program"));
        str_free(&sql);
        return;
    }
    while (sql.len > 0 && (sql.data[sql.len - 1] == '\n' || sql.data[sql.len - 1] == ';'))
        str_truncate(&sql, sql.len - 1);
    vec_push(&p->plan->statements, ((struct plan_statement){.sql = str_take(&sql), .why = mem_strdup_null(why)}));
}

static struct statement_arg database_arg(const struct planning *p) {
    return (struct statement_arg){.name = "database", .kind = STATEMENT_NAME, .value = p->catalog->database.name};
}

static bool need_regions(struct planning *p) {
    if (p->catalog->database.primary_region)
        return true;
    obstacle(p, mem_printf("database %s has no regions: give it a primary region first", p->catalog->database.name));
    return false;
}

static void plan_placement(struct planning *p) {
    const struct database *d = &p->catalog->database;
    enum placement to = p->r->placement;
    bool restrict_it = to == PLACEMENT_RESTRICTED;
    p->plan->title = mem_printf("Placement of %s: %s -> %s", d->name, placement_names[d->placement], placement_names[to]);
    p->plan->changes = d->placement != to;
    p->after.placement = to;
    if (!need_regions(p))
        return;
    if (restrict_it && d->survival == SURVIVAL_REGION)
        obstacle(p, mem_printf("%s survives a region failure, and RESTRICTED forbids that: ALTER DATABASE … SURVIVE ZONE FAILURE first", d->name));
    if (restrict_it && d->super_regions.len > 0)
        cost(p, "super regions keep asking for a replica in each of their regions: RESTRICTED cannot satisfy them");
    cost(p, restrict_it ? "rows can be read with low latency only in their home region; a region that is lost takes its rows with it"
                        : "every region keeps a copy again: data leaves its home region");
    p->plan->undo = mem_strdup(restrict_it ? "PLACEMENT DEFAULT brings the replicas back" : "PLACEMENT RESTRICTED sends them away again");
    statement(p, "actions/placement-setting", NULL, 0, "the session setting it needs");
    struct statement_arg args[] = {database_arg(p), {.name = "policy", .kind = STATEMENT_SQL, .value = placement_names[to]}};
    statement(p, "actions/placement", args, 2, NULL);
}

static void plan_survive(struct planning *p) {
    const struct database *d = &p->catalog->database;
    bool region = p->r->survival == SURVIVAL_REGION;
    p->plan->title = mem_printf("Survival goal of %s: %s -> %s FAILURE", d->name, survival_names[d->survival], survival_names[p->r->survival]);
    p->plan->changes = d->survival != p->r->survival;
    p->after.survival = p->r->survival;
    if (!need_regions(p))
        return;
    if (region && d->regions.len < 3)
        obstacle(p, mem_printf("%s has %zu regions, and at least 3 are needed to survive the failure of one: add regions first", d->name, d->regions.len));
    if (region && d->placement == PLACEMENT_RESTRICTED)
        obstacle(p, mem_strdup("placement is RESTRICTED, which forbids region survival: PLACEMENT DEFAULT first"));
    for (size_t i = 0; region && i < d->super_regions.len; i++)
        if (d->super_regions.items[i].regions.len < 3)
            obstacle(p, mem_printf("super region %s has fewer than 3 regions", d->super_regions.items[i].name));
    cost(p, region ? "five voters over the regions: every write waits for another region; voters leave home" : "a region that is lost takes its rows' quorum with it");
    p->plan->undo = mem_strdup(region ? "SURVIVE ZONE FAILURE undoes it" : "SURVIVE REGION FAILURE undoes it");
    struct statement_arg args[] = {database_arg(p), {.name = "goal", .kind = STATEMENT_SQL, .value = survival_names[p->r->survival]}};
    statement(p, "actions/survive", args, 2, NULL);
}

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

static void plan_add_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    p->plan->title = mem_printf("Regions of %s: add %s", d->name, p->r->region);
    p->plan->changes = !database_region(d, p->r->region);
    if (!need_regions(p))
        return;
    if (!cluster_has_region(p, p->r->region))
        obstacle(p, mem_printf("no node of the cluster is in region \"%s\"", p->r->region));
    if (p->plan->changes) {
        vec_push(&p->after.regions, ((struct db_region){.name = mem_strdup(p->r->region)}));
        qsort(p->after.regions.items, p->after.regions.len, sizeof *p->after.regions.items, region_order);
    }
    cost(p, "tables by row get a partition for it in every index");
    p->plan->undo = mem_strdup("DROP REGION, as long as no row lives there");
    struct statement_arg args[] = {database_arg(p), {.name = "region", .kind = STATEMENT_NAME, .value = p->r->region}};
    statement(p, "actions/add-region", args, 2, NULL);
}

static void drop_from(struct database *d, const char *name) {
    for (size_t i = 0; i < d->regions.len; i++)
        if (strcmp(d->regions.items[i].name, name) == 0) {
            free(d->regions.items[i].name);
            d->regions.len--;
            memmove(d->regions.items + i, d->regions.items + i + 1, (d->regions.len - i) * sizeof *d->regions.items);
            return;
        }
}

static void plan_drop_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    const char *name = p->r->region;
    p->plan->title = mem_printf("Regions of %s: drop %s", d->name, name);
    p->plan->changes = true;
    if (!need_regions(p))
        return;
    if (!database_region(d, name))
        obstacle(p, mem_printf("region \"%s\" has not been added to %s", name, d->name));
    if (str_eq(d->primary_region, name) && d->regions.len > 1)
        obstacle(p, mem_printf("%s is the primary region: make another one primary first", name));
    if (str_eq(d->secondary_region, name))
        obstacle(p, mem_printf("%s is the secondary region: drop that first", name));
    if (database_super_region_of(d, name))
        obstacle(p, mem_printf("%s is part of super region %s: drop that first", name, database_super_region_of(d, name)->name));
    if (d->survival == SURVIVAL_REGION && d->regions.len <= 3)
        obstacle(p, mem_strdup("fewer than 3 regions would be left, and the database survives a region failure"));
    for (size_t i = 0; i < p->catalog->tables.len; i++)
        if (str_eq(p->catalog->tables.items[i].home, name))
            obstacle(p, mem_printf("table %s lives in %s", p->catalog->tables.items[i].name, name));
    cost(p, "refused by the server while any row has it as its home, or a computed column names it");
    p->plan->undo = mem_strdup("ADD REGION brings it back, empty");
    drop_from(&p->after, name);
    struct statement_arg args[] = {database_arg(p), {.name = "region", .kind = STATEMENT_NAME, .value = name}};
    statement(p, "actions/drop-region", args, 2, NULL);
}

static void check_by_row(struct planning *p, const struct table *t) {
    const struct column *c = table_column(t, p->changed.region_column);
    bool implicit = strcmp(p->changed.region_column, "crdb_region") == 0;
    if (!c && !implicit)
        obstacle(p, mem_printf("table %s has no column %s", t->name, p->changed.region_column));
    if (c && c->nullable)
        obstacle(p, mem_printf("column %s may hold NULL: ALTER COLUMN … SET NOT NULL first", c->name));
    p->plan->uncertain = mem_strdup("which replicas move depends on the rows: each goes to the region that its column names");
}

static void plan_set_locality(struct planning *p) {
    const struct table *t = catalog_table(p->catalog, p->r->table);
    struct err err = {0};
    p->plan->title = mem_printf("Locality of %s: %s", p->r->table, p->r->locality);
    if (!t) {
        obstacle(p, mem_printf("there is no table %s in %s", p->r->table, p->catalog->database.name));
        return;
    }
    p->plan->changes = !str_eq(t->locality_text, p->r->locality);
    p->changed.id = t->id;
    p->changed.name = mem_strdup(t->name);
    if (!table_set_locality(&p->changed, p->r->locality, &err))
        obstacle(p, mem_strdup(err.message));
    if (!need_regions(p))
        return;
    if (p->changed.home && !database_region(&p->catalog->database, p->changed.home))
        obstacle(p, mem_printf("region \"%s\" has not been added to %s", p->changed.home, p->catalog->database.name));
    if (p->changed.locality == TABLE_LOCALITY_BY_ROW)
        check_by_row(p, t);
    bool rewrites = (t->locality == TABLE_LOCALITY_BY_ROW) != (p->changed.locality == TABLE_LOCALITY_BY_ROW);
    cost(p, rewrites ? "every index of the table is rewritten" : "only the zone configuration changes");
    p->plan->undo = mem_printf("SET LOCALITY %s", t->locality_text ? t->locality_text : "as before");
    struct statement_arg args[] = {{.name = "table", .kind = STATEMENT_NAME, .value = t->name},
        {.name = "locality", .kind = STATEMENT_SQL, .value = p->r->locality}};
    if (t->schema_locked)
        statement(p, "actions/unlock-table", args, 1, "the table is locked against schema changes (schema_locked)");
    statement(p, "actions/set-locality", args, 2, NULL);
    if (t->schema_locked)
        statement(p, "actions/lock-table", args, 1, "lock it again");
}

static void plan_super_region(struct planning *p) {
    const struct database *d = &p->catalog->database;
    struct super_region sr = {.name = mem_strdup(p->r->super_region)};
    p->plan->title = mem_printf("Super regions of %s: add %s", d->name, p->r->super_region);
    p->plan->changes = true;
    for (size_t i = 0; i < p->r->region_count; i++) {
        const char *region = p->r->regions[i];
        const struct super_region *other = database_super_region_of(d, region);
        if (!database_region(d, region))
            obstacle(p, mem_printf("region %s is not part of %s", region, d->name));
        if (other)
            obstacle(p, mem_printf("region %s is already part of super region %s", region, other->name));
        if (str_eq(d->primary_region, region))
            cost(p, "the primary region moves into it, with every table in the primary region: the server asks for a setting of its own");
        vec_push(&sr.regions, mem_strdup(region));
    }
    if (d->survival == SURVIVAL_REGION && p->r->region_count < 3)
        obstacle(p, mem_strdup("at least 3 regions are needed in it to survive a region failure"));
    if (d->placement == PLACEMENT_RESTRICTED)
        obstacle(p, mem_strdup("under RESTRICTED its constraints cannot be satisfied: PLACEMENT DEFAULT first"));
    vec_push(&p->after.super_regions, sr);
    if (!need_regions(p))
        return;
    p->plan->undo = mem_printf("DROP SUPER REGION %s", p->r->super_region);
    struct statement_arg args[] = {database_arg(p), {.name = "name", .kind = STATEMENT_NAME, .value = p->r->super_region},
        {.name = "regions", .kind = STATEMENT_NAMES, .values = p->r->regions, .count = p->r->region_count}};
    if (p->version < VERSION_SUPER_SETTING_GONE)
        statement(p, "actions/super-region-setting", NULL, 0, "the session setting it needs");
    statement(p, "actions/add-super-region", args, 3, NULL);
}

/* One field's text when the other configuration has another value. */
static void add_field(struct str *out, const char *name, const char *value, const char *other) {
    if (strcmp(value, other) != 0)
        str_add_f(out, "%s%s %s", out->len ? ", " : "", name, value);
}

static char *list_text(const struct zone_conjunctions *list, bool leases) {
    struct str out = {0};
    if (leases)
        zone_print_lease_preferences(&out, list);
    else
        zone_print_conjunctions(&out, list);
    return str_take(&out);
}

static void add_list(struct str *out, const char *name, const struct zone_conjunctions *a, const struct zone_conjunctions *b, bool leases) {
    char *text = list_text(a, leases);
    char *other = list_text(b, leases);
    add_field(out, name, text, other);
    free(text);
    free(other);
}

void planner_print_zone(struct str *out, const struct zone *z, const struct zone *other) {
    if (z->num_replicas != other->num_replicas)
        str_add_f(out, "num_replicas %d", z->num_replicas);
    if (z->num_voters != other->num_voters)
        str_add_f(out, "%snum_voters %d", out->len ? ", " : "", z->num_voters);
    add_list(out, "constraints", &z->constraints, &other->constraints, false);
    add_list(out, "voter_constraints", &z->voter_constraints, &other->voter_constraints, false);
    add_list(out, "lease_preferences", &z->lease_preferences, &other->lease_preferences, true);
}

static void add_zone(struct planning *p, char *target, const struct zone *before, const struct zone *after, int inheritors) {
    struct str b = {0};
    struct str a = {0};
    planner_print_zone(&b, before, after);
    planner_print_zone(&a, after, before);
    if (a.len || b.len)
        vec_push(&p->plan->zones, ((struct plan_zone){target, str_take(&b), str_take(&a), inheritors}));
    else
        free(target);
    str_free(&a);
    str_free(&b);
}

/* Full configuration of one object of the database, before or after. */
static bool derive(struct zone *out, const struct database *d, rules_version version, const struct table *t, const char *region) {
    struct rules_input in = {d, version};
    struct zone parent = {0};
    bool ok = rules_database(&parent, &in, NULL);
    if (ok && region)
        ok = rules_partition(out, &in, region, NULL);
    else if (ok && t)
        ok = rules_table(out, &in, t->locality, t->home, NULL);
    zone_inherit(out, &parent);
    zone_free(&parent);
    return ok;
}

/* Objects that set nothing of what changes themselves. */
static int count_inheritors(const struct planning *p) {
    int n = 0;
    for (size_t i = 0; i < p->catalog->tables.len; i++) {
        const struct table *t = &p->catalog->tables.items[i];
        n += t->locality != TABLE_LOCALITY_GLOBAL && t->locality != TABLE_LOCALITY_NONE;
        for (size_t k = 0; k < t->indexes.len; k++)
            n += (int)t->indexes.items[k].partitions.len;
    }
    return n;
}

static void compare_object(struct planning *p, char *target, const struct table *before_table, const struct table *after_table, const char *region) {
    struct zone before = {0};
    struct zone after = {0};
    bool ok = derive(&before, &p->catalog->database, p->version, before_table, region) && derive(&after, &p->after, p->version, after_table, region);
    if (ok)
        add_zone(p, target, &before, &after, 0);
    else
        free(target);
    zone_free(&before);
    zone_free(&after);
}

static void compare_zones(struct planning *p) {
    struct zone before = {0};
    struct zone after = {0};
    const struct database *d = &p->catalog->database;
    if (derive(&before, d, p->version, NULL, NULL) && derive(&after, &p->after, p->version, NULL, NULL)) {
        if (d->zone.set & ZONE_NUM_REPLICAS) { /* what the server said beats what the rules say */
            zone_free(&before);
            zone_copy(&before, &d->zone);
        }
        add_zone(p, mem_printf("DATABASE %s", d->name), &before, &after, count_inheritors(p));
    }
    zone_free(&before);
    zone_free(&after);
    bool database_changed = p->plan->zones.len > 0;
    for (size_t i = 0; i < p->catalog->tables.len; i++) {
        const struct table *t = &p->catalog->tables.items[i];
        const struct table *changed = p->changed.id && p->changed.id == t->id ? &p->changed : t;
        if (t->locality == TABLE_LOCALITY_BY_ROW && p->r->kind == PLAN_ADD_SUPER_REGION)
            for (size_t k = 0; k < d->regions.len; k++)
                compare_object(p, mem_printf("PARTITION %s of %s", d->regions.items[k].name, t->name), t, t, d->regions.items[k].name);
        else if (changed != t || (!database_changed && t->locality == TABLE_LOCALITY_GLOBAL))
            compare_object(p, mem_printf("TABLE %s", t->name), t, changed, NULL);
    }
}

static void (*const makers[])(struct planning *p) = {
    [PLAN_PLACEMENT] = plan_placement,
    [PLAN_SURVIVE] = plan_survive,
    [PLAN_ADD_REGION] = plan_add_region,
    [PLAN_DROP_REGION] = plan_drop_region,
    [PLAN_SET_LOCALITY] = plan_set_locality,
    [PLAN_ADD_SUPER_REGION] = plan_super_region,
};

struct plan *plan_make(const struct snapshot *s, const struct plan_request *r) {
    struct plan *plan = mem_calloc(1, sizeof *plan);
    struct planning p = {.plan = plan, .s = s, .r = r, .catalog = snapshot_catalog(s)};
    const struct server_info *server = snapshot_server(s);
    p.version = server && server->version ? server->version : 9999;
    if (!p.catalog) {
        plan->title = mem_strdup("The change cannot be planned");
        obstacle(&p, mem_strdup("the catalog of the database has not been read yet"));
        return plan;
    }
    planner_copy_database(&p.after, &p.catalog->database);
    makers[r->kind](&p);
    plan->possible = plan->obstacles.len == 0;
    if (plan->possible && plan->changes) {
        compare_zones(&p);
        if (snapshot_ranges(s) && snapshot_topology(s) && !(plan->uncertain))
            planner_count_moves(plan, s, &p.after, p.changed.id ? &p.changed : NULL, p.version);
        else if (!plan->uncertain)
            plan->uncertain = mem_strdup("which replicas move cannot be told: the ranges could not be read");
    }
    database_free(&p.after);
    table_free(&p.changed);
    return plan;
}

void plan_free(struct plan *p) {
    if (!p)
        return;
    for (size_t i = 0; i < p->zones.len; i++) {
        free(p->zones.items[i].target);
        free(p->zones.items[i].before);
        free(p->zones.items[i].after);
    }
    for (size_t i = 0; i < p->regions.len; i++)
        free(p->regions.items[i].region);
    for (size_t i = 0; i < p->obstacles.len; i++)
        free(p->obstacles.items[i]);
    for (size_t i = 0; i < p->costs.len; i++)
        free(p->costs.items[i]);
    for (size_t i = 0; i < p->statements.len; i++) {
        free(p->statements.items[i].sql);
        free(p->statements.items[i].why);
    }
    vec_free(&p->zones);
    vec_free(&p->regions);
    vec_free(&p->obstacles);
    vec_free(&p->costs);
    vec_free(&p->statements);
    free(p->title);
    free(p->undo);
    free(p->uncertain);
    free(p);
}
