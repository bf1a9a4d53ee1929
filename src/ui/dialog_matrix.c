/* dialog_matrix: tables and partitions by regions or by nodes: what kinds of replicas are where. */
#include "lines.h"

#include "domicile/base/text.h"
#include "domicile/cluster/rules.h"

#include <string.h>

enum { REGION_CELL = 15, NODE_CELL = 7 };

/* A column: a region, or one of its stores. */
struct place {
    const char *region;
    int store; /* 0: the whole region */
};

struct places {
    VEC(struct place);
};

/* In the order of the regions. */
static void choose_places(struct places *out, struct ui *ui, bool nodes) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    for (size_t k = 0; k < model_region_count(ui->model); k++) {
        const char *region = model_region_at(ui->model, k);
        if (!nodes)
            vec_push(out, ((struct place){region, 0}));
        for (size_t i = 0; nodes && t && i < t->stores.len; i++)
            if (str_eq(topology_store_region(t, t->stores.items[i].id), region))
                vec_push(out, ((struct place){region, t->stores.items[i].id}));
    }
}

static bool is_allowed(const struct database *d, const char *home, const char *region) {
    struct allowed_regions allowed = {0};
    bool ok = home == NULL;
    if (home)
        rules_allowed(&allowed, d, home);
    for (size_t i = 0; i < allowed.len; i++)
        ok = ok || strcmp(allowed.items[i], region) == 0;
    vec_free(&allowed);
    return ok;
}

/* Leaseholders, other voters, the rest: of one place. */
struct counts {
    int n[3];
};

static void count_range(
    struct counts *counts, const struct places *p, const struct topology *t, const struct range *r) {
    for (size_t i = 0; i < r->replicas.len; i++) {
        const struct replica *x = &r->replicas.items[i];
        bool leads = r->lease_state == LEASE_KNOWN && r->leaseholder == x->store_id;
        const char *region = topology_store_region(t, x->store_id);
        for (size_t k = 0; k < p->len; k++)
            if (p->items[k].store ? p->items[k].store == x->store_id : str_eq(p->items[k].region, region))
                counts[k].n[leads ? 0 : x->kind == REPLICA_VOTER ? 1 : 2]++;
    }
}

/* Whether the range holds rows of the table that live in home. */
static bool holds(const struct range *r, const struct catalog *c, const struct table *t, const char *home) {
    struct range_parts parts = {0};
    bool mine = false;
    domicile_range_parts(&parts, r, c);
    for (size_t i = 0; i < parts.len; i++)
        mine = mine ||
            (parts.items[i].table == t && parts.items[i].kind == SPAN_ROWS && str_eq(parts.items[i].home, home));
    vec_free(&parts);
    return mine;
}

static void add_cell(struct str *out, const struct counts *c, bool abroad, int width) {
    static const char *const glyphs[] = {"◆", "●", "○"};
    struct str cell = {0};
    for (int k = 0; k < 3; k++)
        if (c->n[k])
            str_add_f(&cell, "%s%d", glyphs[k], c->n[k]);
    if (cell.len == 0)
        str_add(&cell, "·");
    else if (abroad)
        str_add_char(&cell, '!');
    text_add_fitted(out, str_get(&cell), width - 1, true, false);
    str_add_char(out, ' ');
    str_free(&cell);
}

static void add_line(struct lines *l, struct ui *ui, const struct places *p, const struct table *t, const char *home) {
    const struct ranges *ranges = snapshot_ranges(&ui->model->shown);
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct topology *topology = snapshot_topology(&ui->model->shown);
    struct counts *counts = mem_calloc(p->len + 1, sizeof *counts);
    struct str text = {0};
    bool any = false;
    for (size_t i = 0; ranges && topology && i < ranges->len; i++)
        if (holds(&ranges->items[i], c, t, home))
            count_range(counts, p, topology, &ranges->items[i]);
    for (size_t k = 0; k < p->len; k++) {
        bool abroad = !is_allowed(&c->database, home, p->items[k].region);
        any = any || (abroad && counts[k].n[0] + counts[k].n[1] + counts[k].n[2] > 0);
        add_cell(&text, &counts[k], abroad, l->mode ? NODE_CELL : REGION_CELL);
    }
    lines_add_pair(l, home ? home : "", any ? STYLE_ABROAD : STYLE_NORMAL, "%s", str_get(&text));
    str_free(&text);
    free(counts);
}

static void add_heads(struct lines *l, struct ui *ui, const struct places *p) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    struct str regions = {0};
    struct str nodes = {0};
    int width = l->mode ? NODE_CELL : REGION_CELL;
    for (size_t k = 0; k < p->len; k++) {
        bool first = k == 0 || !str_eq(p->items[k - 1].region, p->items[k].region);
        size_t span = 1;
        while (k + span < p->len && str_eq(p->items[k + span].region, p->items[k].region))
            span++;
        if (first)
            text_add_fitted(&regions, p->items[k].region, width * (int)span - 1, true, false),
                str_add_char(&regions, ' ');
        if (p->items[k].store)
            text_add_fitted(&nodes, draw_store(t, p->items[k].store), width, true, false);
    }
    lines_add_pair(l, "", STYLE_HEADER, "%s", str_get(&regions));
    if (nodes.len)
        lines_add_pair(l, "", STYLE_HEADER, "%s", str_get(&nodes));
    str_free(&regions);
    str_free(&nodes);
}

static void build(struct lines *l, struct ui *ui) {
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct table *t;
    struct places places = {0};
    if (!c) {
        lines_add(l, STYLE_DIM, "the tables have not been read yet");
        return;
    }
    choose_places(&places, ui, l->mode != 0);
    lines_add(l, STYLE_DIM, "replicas of ranges with rows: ◆ leaseholders ● other voters ○ non-voters, ! outside home");
    lines_add(l, STYLE_DIM, l->mode ? "n: by regions" : "n: by nodes");
    add_heads(l, ui, &places);
    for (size_t i = 0; (t = model_table_at(ui->model, i, NULL)) != NULL; i++) {
        lines_add(l, STYLE_STRONG, "%s", t->name);
        if (t->locality != TABLE_LOCALITY_BY_ROW)
            add_line(l, ui, &places, t, table_home(t, &c->database));
        for (size_t k = 0; t->locality == TABLE_LOCALITY_BY_ROW && k < model_region_count(ui->model); k++)
            add_line(l, ui, &places, t, model_region_at(ui->model, k));
    }
    vec_free(&places);
}

static bool on_key(struct lines *l, keycode key) {
    if (key == 'n')
        l->mode = !l->mode;
    return key == 'n';
}

struct view *dialog_matrix_new(void) {
    struct lines *l = lines_new("matrix", "Placement matrix", build);
    l->key = on_key;
    return &l->view;
}
