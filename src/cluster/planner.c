/* planner: what a change would do, before it runs. */
#include "planner_private.h"

#include <stdlib.h>
#include <string.h>

void planner_obstacle(struct planning *p, char *text) { vec_push(&p->plan->obstacles, text); }
void planner_cost(struct planning *p, const char *text) { vec_push(&p->plan->costs, mem_strdup(text)); }

void planner_uncertain(struct planning *p, char *text) {
    if (p->plan->uncertain)
        free(text);
    else
        p->plan->uncertain = text;
}

/* What the counting found that the user must weigh. */
static void tell_counts(struct planning *p) {
    struct plan *plan = p->plan;
    if (plan->open)
        vec_push(&plan->costs,
            mem_printf("the rules leave open where %d of the replicas %s: taken to stay", plan->open,
                plan->open == 1 ? "is" : "are"));
    if (plan->splits)
        vec_push(&plan->costs,
            mem_printf(
                "%d range%s split first, each part is counted", plan->splits, plan->splits == 1 ? " is" : "s are"));
}

struct plan *plan_make(const struct snapshot *s, const struct plan_request *r) {
    struct plan *plan = mem_calloc(1, sizeof *plan);
    struct planning p = {.plan = plan, .s = s, .r = r, .catalog = snapshot_catalog(s)};
    const struct server_info *server = snapshot_server(s);
    p.version = server && server->version ? server->version : 9999;
    if (!p.catalog) {
        plan->title = mem_strdup("The change cannot be planned");
        planner_obstacle(&p, mem_strdup("the catalog of the database has not been read yet"));
        return plan;
    }
    planner_copy_database(&p.after, &p.catalog->database);
    planner_request(&p);
    if (plan->changes)
        planner_check_rights(&p);
    plan->possible = plan->obstacles.len == 0;
    if (plan->possible && plan->changes) {
        planner_compare_zones(&p);
        if (!plan->uncertain)
            planner_count_moves(&p);
        tell_counts(&p);
    }
    database_free(&p.after);
    table_free(&p.changed);
    return plan;
}

/* -- in words -- */

bool plan_move_changes(const struct plan_move *m) {
    for (size_t i = 0; i < m->places.len; i++)
        if (m->places.items[i].voters_before != m->places.items[i].voters_after ||
            m->places.items[i].non_voters_before != m->places.items[i].non_voters_after)
            return true;
    return false;
}

static void add_kind(struct str *out, const char *kind, int before, int after) {
    if (before == 0 && after == 0)
        return;
    str_add_f(out, " %d", before);
    if (after != before)
        str_add_f(out, " -> %d", after);
    str_add_f(out, " %s%s", kind, (after != before ? after : before) == 1 ? "" : "s");
}

void plan_print_move(struct str *out, const struct plan_move *m) {
    str_add_f(out, "%zu range%s:", m->pieces.len, m->pieces.len == 1 ? "" : "s");
    for (size_t i = 0; i < m->places.len; i++) {
        const struct plan_place *at = &m->places.items[i];
        str_add_f(out, "%s %s", i ? "," : "", at->region);
        add_kind(out, "voter", at->voters_before, at->voters_after);
        add_kind(out, "non-voter", at->non_voters_before, at->non_voters_after);
    }
}

/* -- the end -- */

static void free_zones(struct plan *p) {
    for (size_t i = 0; i < p->zones.len; i++) {
        free(p->zones.items[i].target);
        free(p->zones.items[i].before);
        free(p->zones.items[i].after);
    }
    vec_free(&p->zones);
}

static void free_moves(struct plan *p) {
    for (size_t i = 0; i < p->moves.len; i++) {
        vec_free(&p->moves.items[i].pieces);
        vec_free(&p->moves.items[i].places);
    }
    for (size_t i = 0; i < p->regions.len; i++)
        free(p->regions.items[i].region);
    vec_free(&p->moves);
    vec_free(&p->regions);
}

static void free_statements(struct plan *p) {
    for (size_t i = 0; i < p->statements.len; i++) {
        free(p->statements.items[i].sql);
        free(p->statements.items[i].why);
        free(p->statements.items[i].left);
    }
    vec_free(&p->statements);
}

void plan_free(struct plan *p) {
    if (!p)
        return;
    free_zones(p);
    free_moves(p);
    free_statements(p);
    for (size_t i = 0; i < p->obstacles.len; i++)
        free(p->obstacles.items[i]);
    for (size_t i = 0; i < p->costs.len; i++)
        free(p->costs.items[i]);
    vec_free(&p->obstacles);
    vec_free(&p->costs);
    free(p->title);
    free(p->undo);
    free(p->uncertain);
    free(p->unchecked);
    free(p);
}
