/* plan: the planner's words. */
#include "domicile/output/plan.h"

#include "domicile/base/text.h"

#include <stdlib.h>

enum { NAMED_RANGES = 100, PRINTED_MOVES = 8 };

void output_plan_begin(struct records *r) {
    static const char *const names[] = {"statement", "title", "possible", "changes", "ranges", "zones", "regions",
        "moves", "splits", "open", "obstacles", "costs", "undo", "sql", "uncertain", "unchecked", NULL};
    for (const char *const *n = names; *n; n++)
        records_add_field(r, *n);
    r->vertical = true;
}

static json_t *zones_of(const struct plan *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->zones.len; i++) {
        json_t *z = json_object();
        record_set(z, "target", record_text(p->zones.items[i].target));
        record_set(z, "alike", json_integer(p->zones.items[i].alike));
        record_set(z, "before", record_text(p->zones.items[i].before));
        record_set(z, "after", record_text(p->zones.items[i].after));
        record_set(z, "inheritors", json_integer(p->zones.items[i].inheritors));
        json_array_append_new(list, z);
    }
    return list;
}

static json_t *regions_of(const struct plan *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->regions.len; i++) {
        const struct plan_region *g = &p->regions.items[i];
        json_t *o = json_object();
        record_set(o, "region", record_text(g->region));
        record_set(o, "voters_leave", json_integer(g->leave_voters));
        record_set(o, "voters_come", json_integer(g->come_voters));
        record_set(o, "non_voters_leave", json_integer(g->leave_non_voters));
        record_set(o, "non_voters_come", json_integer(g->come_non_voters));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *places_of(const struct plan_move *m) {
    json_t *list = json_array();
    for (size_t i = 0; i < m->places.len; i++) {
        const struct plan_place *at = &m->places.items[i];
        json_t *o = json_object();
        record_set(o, "region", record_text(at->region));
        record_set(o, "voters_before", json_integer(at->voters_before));
        record_set(o, "voters_after", json_integer(at->voters_after));
        record_set(o, "non_voters_before", json_integer(at->non_voters_before));
        record_set(o, "non_voters_after", json_integer(at->non_voters_after));
        json_array_append_new(list, o);
    }
    return list;
}

/* Those that change; of each group the first ranges by name. */
static json_t *moves_of(const struct plan *p) {
    json_t *list = json_array();
    for (size_t i = 0; i < p->moves.len; i++) {
        const struct plan_move *m = &p->moves.items[i];
        if (!plan_move_changes(m))
            continue;
        json_t *o = json_object();
        json_t *ids = json_array();
        for (size_t k = 0; k < m->pieces.len && k < NAMED_RANGES; k++)
            json_array_append_new(ids, json_integer(m->pieces.items[k].range_id));
        record_set(o, "ranges", json_integer((json_int_t)m->pieces.len));
        record_set(o, "range_ids", ids);
        record_set(o, "open", json_integer(m->open));
        record_set(o, "regions", places_of(m));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *texts_of(char *const *items, size_t n) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, record_text(items[i]));
    return list;
}

void output_plan_add(struct records *r, const char *statement, const struct plan *p) {
    json_t *o = records_add(r);
    json_t *sql = json_array();
    for (size_t i = 0; i < p->statements.len; i++)
        json_array_append_new(sql, record_text(p->statements.items[i].sql));
    record_set(o, "statement", record_text(statement));
    record_set(o, "title", record_text(p->title));
    record_set(o, "possible", json_boolean(p->possible));
    record_set(o, "changes", json_boolean(p->changes));
    record_set(o, "ranges", json_integer(p->ranges));
    record_set(o, "zones", zones_of(p));
    record_set(o, "regions", regions_of(p));
    record_set(o, "moves", moves_of(p));
    record_set(o, "splits", json_integer(p->splits));
    record_set(o, "open", json_integer(p->open));
    record_set(o, "obstacles", texts_of(p->obstacles.items, p->obstacles.len));
    record_set(o, "costs", texts_of(p->costs.items, p->costs.len));
    record_set(o, "undo", record_text(p->undo));
    record_set(o, "sql", sql);
    record_set(o, "uncertain", record_text(p->uncertain));
    record_set(o, "unchecked", record_text(p->unchecked));
}

static void line(struct str *out, const char *label, const char *text) {
    char *clean = text_cleaned(text);
    str_add_f(out, "%-10s %s\n", label, clean);
    free(clean);
}

static void add_moves(struct str *out, const struct plan *p) {
    for (size_t i = 0; i < p->regions.len; i++) {
        const struct plan_region *g = &p->regions.items[i];
        struct str text = {0};
        str_add_f(&text, "%s: voters %+d, non-voters %+d", g->region, g->come_voters - g->leave_voters,
            g->come_non_voters - g->leave_non_voters);
        line(out, "moves", str_get(&text));
        str_free(&text);
    }
}

static void add_groups(struct str *out, const struct plan *p) {
    int printed = 0;
    for (size_t i = 0; i < p->moves.len && printed < PRINTED_MOVES; i++) {
        struct str text = {0};
        if (!plan_move_changes(&p->moves.items[i]))
            continue;
        plan_print_move(&text, &p->moves.items[i]);
        line(out, "ranges", str_get(&text));
        str_free(&text);
        printed++;
    }
}

void output_plan_print(struct str *out, const struct plan *p) {
    line(out, "plan", p->title ? p->title : "");
    for (size_t i = 0; i < p->zones.len; i++) {
        struct str text = {0};
        str_add_f(&text, "%s", p->zones.items[i].target);
        if (p->zones.items[i].alike)
            str_add_f(&text, " and %d more", p->zones.items[i].alike);
        str_add_f(&text, ": %s -> %s", p->zones.items[i].before, p->zones.items[i].after);
        line(out, "zone", str_get(&text));
        str_free(&text);
    }
    add_moves(out, p);
    add_groups(out, p);
    for (size_t i = 0; i < p->obstacles.len; i++)
        line(out, "obstacle", p->obstacles.items[i]);
    for (size_t i = 0; i < p->costs.len; i++)
        line(out, "cost", p->costs.items[i]);
    if (p->undo)
        line(out, "undo", p->undo);
    if (p->uncertain)
        line(out, "uncertain", p->uncertain);
    if (p->unchecked)
        line(out, "unchecked", p->unchecked);
    for (size_t i = 0; i < p->statements.len; i++)
        line(out, "sql", p->statements.items[i].sql);
}
