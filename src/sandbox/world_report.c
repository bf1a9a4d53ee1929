/* world_report: CockroachDB's replication reports with their faults: zones are judged by the first ancestor that has
 * constraints, old versions look at voters only, the dead count as if alive, and RESTRICTED silences all of it. */
#include "world_private.h"

#include "domicile/base/str.h"

#include <stdlib.h>
#include <string.h>

enum { VERSION_VOTER_CONSTRAINTS = 2202 };

void world_report_free(struct world_report *r) {
    for (size_t i = 0; i < r->constraints.len; i++)
        free(r->constraints.items[i].config);
    for (size_t i = 0; i < r->critical.len; i++)
        free(r->critical.items[i].locality);
    vec_free(&r->constraints);
    vec_free(&r->stats);
    vec_free(&r->critical);
}

/* The first level with constraints; an empty list counts as none. */
static const struct span_level *judging_level(const struct span *s) {
    for (size_t i = 0; i < s->levels.len; i++)
        if (s->levels.items[i].own.constraints.len > 0)
            return &s->levels.items[i];
    return NULL;
}

/* The lowest level that says how many. */
static const struct span_level *counting_level(const struct world *w, const struct span *s) {
    bool voters = w->compat >= VERSION_VOTER_CONSTRAINTS;
    for (size_t i = 0; i < s->levels.len; i++) {
        const struct zone *z = &s->levels.items[i].own;
        if ((z->set & ZONE_NUM_REPLICAS) || z->constraints.len > 0 || (voters && (z->set & ZONE_NUM_VOTERS)))
            return &s->levels.items[i];
    }
    return NULL;
}

static struct world_constraint_row *constraint_row(
    struct world_report *r, const struct span_level *l, const char *type, const struct zone_conjunction *c) {
    struct str config = {0};
    zone_print_report_name(&config, c);
    for (size_t i = 0; i < r->constraints.len; i++) {
        struct world_constraint_row *row = &r->constraints.items[i];
        if (row->zone_id == l->zone_id && row->subzone_id == l->subzone_id && strcmp(row->type, type) == 0 &&
            strcmp(row->config, str_get(&config)) == 0) {
            str_free(&config);
            return row;
        }
    }
    struct world_constraint_row row = {
        .zone_id = l->zone_id, .subzone_id = l->subzone_id, .type = type, .config = str_take(&config)};
    vec_push(&r->constraints, row);
    return &r->constraints.items[r->constraints.len - 1];
}

static bool violates(
    const struct world *w, const struct world_range *r, const struct zone_conjunction *c, bool voters_only) {
    int matching = 0;
    int all = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        if (p->kind == REPLICA_LEARNER || (voters_only && p->kind != REPLICA_VOTER))
            continue;
        all++;
        matching += locality_satisfies(&world_store_node(w, p->store_id)->locality, c);
    }
    return matching < (c->num_replicas ? c->num_replicas : all);
}

static void judge_lists(
    const struct world *w, struct world_report *out, const struct world_range *r, const struct span_level *l) {
    bool old = w->compat < VERSION_VOTER_CONSTRAINTS;
    for (size_t i = 0; i < l->own.constraints.len; i++) {
        const struct zone_conjunction *c = &l->own.constraints.items[i];
        constraint_row(out, l, "constraint", c)->violating_ranges += violates(w, r, c, old);
    }
    for (size_t i = 0; !old && i < l->own.voter_constraints.len; i++) {
        const struct zone_conjunction *c = &l->own.voter_constraints.items[i];
        constraint_row(out, l, "voter_constraint", c)->violating_ranges += violates(w, r, c, true);
    }
}

static struct world_stats_row *stats_row(struct world_report *r, const struct span_level *l) {
    for (size_t i = 0; i < r->stats.len; i++)
        if (r->stats.items[i].zone_id == l->zone_id && r->stats.items[i].subzone_id == l->subzone_id)
            return &r->stats.items[i];
    vec_push(&r->stats, ((struct world_stats_row){.zone_id = l->zone_id, .subzone_id = l->subzone_id}));
    return &r->stats.items[r->stats.len - 1];
}

/* Spans, then what governs nothing. */
static size_t zone_count(const struct world *w) { return w->spans.len + w->spans.idle.len; }
static const struct span *zone_at(const struct world *w, size_t i) {
    return i < w->spans.len ? &w->spans.items[i] : &w->spans.idle.items[i - w->spans.len];
}

/* A row for every zone that says how many, also where no range is its. */
static void list_zones(const struct world *w, struct world_report *out) {
    for (size_t i = 0; i < zone_count(w); i++) {
        const struct span_level *l = counting_level(w, zone_at(w, i));
        if (l)
            stats_row(out, l);
    }
}

/* A row for every constraint there is, also where nothing violates it. */
static void list_all(const struct world *w, struct world_report *out) {
    bool old = w->compat < VERSION_VOTER_CONSTRAINTS;
    for (size_t i = 0; i < zone_count(w); i++)
        for (size_t k = 0; k < zone_at(w, i)->levels.len; k++) {
            const struct span_level *l = &zone_at(w, i)->levels.items[k];
            for (size_t c = 0; c < l->own.constraints.len; c++)
                constraint_row(out, l, "constraint", &l->own.constraints.items[c]);
            for (size_t c = 0; !old && c < l->own.voter_constraints.len; c++)
                constraint_row(out, l, "voter_constraint", &l->own.voter_constraints.items[c]);
        }
}

static void count_stats(const struct world *w, struct world_report *out, const struct world_range *r,
    const struct span_level *l, const struct span *s) {
    struct world_stats_row *row = stats_row(out, l);
    int voters = 0;
    int live = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        voters++;
        live += world_store_live(w, r->replicas.items[i].store_id);
    }
    int needed = w->compat < VERSION_VOTER_CONSTRAINTS ? s->zone.num_replicas : zone_wanted_voters(&s->zone);
    row->total++;
    row->unavailable += live < voters / 2 + 1;
    row->under += live < needed;
    row->over += live > needed;
}

static void add_critical(struct world_report *out, const struct span_level *l, const char *locality) {
    for (size_t i = 0; i < out->critical.len; i++) {
        struct world_critical_row *row = &out->critical.items[i];
        if (row->zone_id == l->zone_id && row->subzone_id == l->subzone_id && strcmp(row->locality, locality) == 0) {
            row->at_risk++;
            return;
        }
    }
    struct world_critical_row row = {
        .zone_id = l->zone_id, .subzone_id = l->subzone_id, .locality = mem_strdup(locality), .at_risk = 1};
    vec_push(&out->critical, row);
}

static bool within(const struct world *w, int store, const char *locality) {
    const char *text = world_store_node(w, store)->locality_text;
    size_t n = strlen(locality);
    return strncmp(text, locality, n) == 0 && (text[n] == '\0' || text[n] == ',');
}

/* Whether the live voters outside a locality are too few for a quorum. */
static bool is_critical(const struct world *w, const struct world_range *r, const char *locality) {
    int voters = 0;
    int left = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        int store = r->replicas.items[i].store_id;
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        voters++;
        left += world_store_live(w, store) && !within(w, store, locality);
    }
    return left < voters / 2 + 1;
}

/* Each prefix of each replica's tiers, once: those of non-voters too, which are all at risk once voters are lost. */
static void count_critical(
    const struct world *w, struct world_report *out, const struct world_range *r, const struct span_level *l) {
    VEC_STRUCT(char *) seen = {0};
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *p = &r->replicas.items[i];
        const char *text = world_store_node(w, p->store_id)->locality_text;
        for (const char *end = text; p->kind != REPLICA_LEARNER && *end; end += *end == ',') {
            end += strcspn(end, ",");
            char *prefix = mem_strndup(text, (size_t)(end - text));
            bool known = false;
            for (size_t k = 0; k < seen.len; k++)
                known = known || strcmp(seen.items[k], prefix) == 0;
            if (!known && is_critical(w, r, prefix))
                add_critical(out, l, prefix);
            if (known)
                free(prefix);
            else
                vec_push(&seen, prefix);
        }
    }
    for (size_t i = 0; i < seen.len; i++)
        free(seen.items[i]);
    vec_free(&seen);
}

/* When the count went above nothing, as long as it stays there. */
static void carry_starts(struct world_report *now, const struct world_report *old, int64_t generated) {
    for (size_t i = 0; i < now->constraints.len; i++) {
        struct world_constraint_row *row = &now->constraints.items[i];
        if (row->violating_ranges == 0)
            continue;
        row->violation_start = generated;
        for (size_t k = 0; k < old->constraints.len; k++) {
            const struct world_constraint_row *before = &old->constraints.items[k];
            if (before->zone_id == row->zone_id && before->subzone_id == row->subzone_id && before->violation_start &&
                strcmp(before->type, row->type) == 0 && strcmp(before->config, row->config) == 0)
                row->violation_start = before->violation_start;
        }
    }
}

static int by_zone(const void *a, const void *b) {
    const struct world_stats_row *x = a;
    const struct world_stats_row *y = b;
    return x->zone_id != y->zone_id ? (x->zone_id > y->zone_id) - (x->zone_id < y->zone_id)
        : (x->subzone_id > y->subzone_id) - (x->subzone_id < y->subzone_id);
}

static int by_locality(const void *a, const void *b) {
    const struct world_critical_row *x = a;
    const struct world_critical_row *y = b;
    if (x->zone_id != y->zone_id || x->subzone_id != y->subzone_id)
        return x->zone_id != y->zone_id ? (x->zone_id > y->zone_id) - (x->zone_id < y->zone_id)
            : (x->subzone_id > y->subzone_id) - (x->subzone_id < y->subzone_id);
    return strcmp(x->locality, y->locality);
}

static int by_config(const void *a, const void *b) {
    const struct world_constraint_row *x = a;
    const struct world_constraint_row *y = b;
    if (x->zone_id != y->zone_id)
        return (x->zone_id > y->zone_id) - (x->zone_id < y->zone_id);
    if (x->subzone_id != y->subzone_id)
        return (x->subzone_id > y->subzone_id) - (x->subzone_id < y->subzone_id);
    int type = strcmp(x->type, y->type);
    return type ? type : strcmp(x->config, y->config);
}

/* The tables' primary keys: rows are read in their order. */
static void sort_rows(struct world_report *r) {
    if (r->constraints.len > 1)
        qsort(r->constraints.items, r->constraints.len, sizeof *r->constraints.items, by_config);
    if (r->stats.len > 1)
        qsort(r->stats.items, r->stats.len, sizeof *r->stats.items, by_zone);
    if (r->critical.len > 1)
        qsort(r->critical.items, r->critical.len, sizeof *r->critical.items, by_locality);
}

void world_generate_report(struct world *w) {
    struct world_report now = {0};
    list_all(w, &now);
    list_zones(w, &now);
    for (size_t i = 0; i < w->ranges.len; i++) {
        const struct world_range *r = w->ranges.items[i];
        const struct span *s = world_range_span(w, r);
        const struct span_level *judging = s ? judging_level(s) : NULL;
        const struct span_level *counting = s ? counting_level(w, s) : NULL;
        if (judging)
            judge_lists(w, &now, r, judging);
        if (counting)
            count_stats(w, &now, r, counting, s);
        if (counting)
            count_critical(w, &now, r, counting);
    }
    for (int i = 0; i < 3; i++)
        now.generated[i] = world_wall(w) + i * (int64_t)(5000 + world_random(w, 5000));
    carry_starts(&now, &w->report, now.generated[0]);
    sort_rows(&now);
    world_report_free(&w->report);
    w->report = now;
    if (w->report_interval > 0) /* a run takes a little of the next interval */
        world_alarm_set(w, ALARM_REPORTER, w->report_interval + world_between(w, 0, w->report_interval / 20));
    world_changed(w);
}
