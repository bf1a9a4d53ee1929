/* planner_super: secondary and super regions: what a change of them needs, and what stands in its way. */
#include "planner_private.h"

#include "domicile/sql/statement.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERSION_SECONDARY = 2202,          /* secondary regions */
    VERSION_SUPER = 2202,              /* from here on every server has super regions */
    VERSION_SUPER_SETTING_GONE = 2602, /* no setting is needed for them any more */
    REGIONS_FOR_SURVIVAL = 3,
};

/* -- secondary region -- */

static bool has_by_row(const struct planning *p) {
    for (size_t i = 0; i < p->catalog->tables.len; i++)
        if (p->catalog->tables.items[i].locality == TABLE_LOCALITY_BY_ROW)
            return true;
    return false;
}

static void check_secondary_version(struct planning *p) {
    if (p->version < VERSION_SECONDARY)
        planner_obstacle(p, mem_strdup("this server has no secondary regions: they came with 22.2"));
}

void planner_set_secondary(struct planning *p) {
    const struct database *d = &p->catalog->database;
    const char *name = p->r->region;
    p->plan->title = mem_printf("Secondary region of %s: %s", d->name, name);
    p->plan->changes = !str_eq(d->secondary_region, name);
    check_secondary_version(p);
    if (!planner_need_regions(p) || !planner_check_in_database(p))
        return;
    if (str_eq(d->primary_region, name))
        planner_obstacle(p, mem_printf("%s is the primary region, and the secondary one is another", name));
    if (p->version < VERSION_SUPER_SETTING_GONE &&
        database_super_region_of(d, d->primary_region) != database_super_region_of(d, name))
        planner_obstacle(
            p, mem_strdup("the secondary region must be in the same super region as the primary one, or both in none"));
    if (has_by_row(p))
        planner_cost(p, "documented as unsupported together with tables by row, although the server takes it");
    free(p->after.secondary_region);
    p->after.secondary_region = mem_strdup(name);
    p->plan->undo = d->secondary_region ? mem_printf("SET SECONDARY REGION %s", d->secondary_region)
        : mem_strdup("DROP SECONDARY REGION undoes it");
    planner_of_region(p, "actions/set-secondary-region", name);
}

void planner_drop_secondary(struct planning *p) {
    const struct database *d = &p->catalog->database;
    p->plan->title = mem_printf("Secondary region of %s: none", d->name);
    p->plan->changes = true;
    check_secondary_version(p);
    if (!planner_need_regions(p))
        return;
    if (!d->secondary_region)
        planner_obstacle(p, mem_printf("%s has no secondary region", d->name));
    else
        p->plan->undo = mem_printf("SET SECONDARY REGION %s", d->secondary_region);
    free(p->after.secondary_region);
    p->after.secondary_region = NULL;
    planner_of_region(p, "actions/drop-secondary-region", "");
}

/* -- super regions -- */

static struct super_region *super_region(struct database *d, const char *name) {
    for (size_t i = 0; i < d->super_regions.len; i++)
        if (strcmp(d->super_regions.items[i].name, name) == 0)
            return &d->super_regions.items[i];
    return NULL;
}

static bool is_listed(const struct plan_request *r, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(r->regions[i], r->regions[n]) == 0)
            return true;
    return false;
}

static void check_members(struct planning *p) {
    const struct database *d = &p->catalog->database;
    for (size_t i = 0; i < p->r->region_count; i++) {
        const char *region = p->r->regions[i];
        const struct super_region *other = database_super_region_of(d, region);
        if (!database_region(d, region))
            planner_obstacle(p, mem_printf("region %s is not part of %s", region, d->name));
        else if (is_listed(p->r, i))
            planner_obstacle(p, mem_printf("region %s is named twice", region));
        else if (other && strcmp(other->name, p->r->super_region) != 0)
            planner_obstacle(p, mem_printf("region %s is already part of super region %s", region, other->name));
        if (str_eq(d->primary_region, region))
            planner_cost(
                p, "the primary region is in it: the tables in the primary region keep all their replicas within it");
    }
    if (d->survival == SURVIVAL_REGION && p->r->region_count < REGIONS_FOR_SURVIVAL)
        planner_obstacle(p, mem_strdup("at least 3 regions are needed in it to survive a region failure"));
    if (d->placement == PLACEMENT_RESTRICTED)
        planner_check_restricted_super(p, p->r->region_count);
    if (p->version < VERSION_SUPER)
        planner_cost(p, "the server may not know super regions: they came with the last betas of 22.1");
}

static void set_members(struct planning *p, struct super_region *sr) {
    for (size_t i = 0; i < sr->regions.len; i++)
        free(sr->regions.items[i]);
    vec_clear(&sr->regions);
    for (size_t i = 0; i < p->r->region_count; i++)
        vec_push(&sr->regions, mem_strdup(p->r->regions[i]));
}

static void of_super_region(struct planning *p, const char *name) {
    struct statement_arg args[] = {{.name = "database", .kind = STATEMENT_NAME, .value = p->catalog->database.name},
        {.name = "name", .kind = STATEMENT_NAME, .value = p->r->super_region},
        {.name = "regions", .kind = STATEMENT_NAMES, .values = p->r->regions, .count = p->r->region_count}};
    if (p->version < VERSION_SUPER_SETTING_GONE)
        planner_setting(p, "actions/super-region-setting");
    planner_statement(p, name, args, 3, NULL, NULL);
}

void planner_add_super(struct planning *p) {
    struct super_region sr = {.name = mem_strdup(p->r->super_region)};
    p->plan->title = mem_printf("Super regions of %s: add %s", p->catalog->database.name, p->r->super_region);
    p->plan->changes = true;
    if (super_region(&p->after, sr.name))
        planner_obstacle(p, mem_printf("there is a super region %s already", sr.name));
    check_members(p);
    set_members(p, &sr);
    vec_push(&p->after.super_regions, sr);
    if (!planner_need_regions(p))
        return;
    p->plan->undo = mem_printf("DROP SUPER REGION %s", p->r->super_region);
    of_super_region(p, "actions/add-super-region");
}

/* "a, b": the members as they are. */
static char *members_text(const struct super_region *sr) {
    struct str out = {0};
    for (size_t i = 0; i < sr->regions.len; i++)
        str_add_f(&out, "%s%s", i ? ", " : "", sr->regions.items[i]);
    return str_take(&out);
}

static struct super_region *existing_super(struct planning *p) {
    struct super_region *sr = super_region(&p->after, p->r->super_region);
    if (!sr)
        planner_obstacle(p, mem_printf("%s has no super region %s", p->catalog->database.name, p->r->super_region));
    return sr;
}

static bool has_members(const struct super_region *sr, const struct plan_request *r) {
    size_t same = 0;
    for (size_t i = 0; i < sr->regions.len; i++)
        for (size_t k = 0; k < r->region_count; k++)
            same += strcmp(sr->regions.items[i], r->regions[k]) == 0;
    return same == sr->regions.len && same == r->region_count;
}

void planner_alter_super(struct planning *p) {
    p->plan->title = mem_printf("Super regions of %s: alter %s", p->catalog->database.name, p->r->super_region);
    p->plan->changes = true;
    struct super_region *sr = existing_super(p);
    check_members(p);
    if (!sr)
        return;
    char *members = members_text(sr);
    p->plan->undo = mem_printf("ALTER SUPER REGION %s VALUES %s", sr->name, members);
    free(members);
    p->plan->changes = !has_members(sr, p->r);
    set_members(p, sr);
    of_super_region(p, "actions/alter-super-region");
}

void planner_drop_super(struct planning *p) {
    struct database *d = &p->after;
    p->plan->title = mem_printf("Super regions of %s: drop %s", d->name, p->r->super_region);
    p->plan->changes = true;
    struct super_region *sr = existing_super(p);
    if (!sr)
        return;
    char *members = members_text(sr);
    p->plan->undo = mem_printf("ADD SUPER REGION %s VALUES %s", sr->name, members);
    free(members);
    set_members(p, sr);
    vec_free(&sr->regions);
    free(sr->name);
    d->super_regions.len--;
    *sr = d->super_regions.items[d->super_regions.len];
    planner_cost(p, "replicas leave for the other regions of the database again");
    of_super_region(p, "actions/drop-super-region");
}
