/* pane_regions: the regions with their nodes, ranges, leases and round trips. */
#include "panes.h"

#include <string.h>

static const char *role(const struct database *d, const char *region) {
    const struct super_region *sr = database_super_region_of(d, region);
    if (str_eq(d->primary_region, region))
        return "primary";
    if (str_eq(d->secondary_region, region))
        return "secondary";
    return sr ? sr->name : "";
}

/* A dot a node: live, dead, unknown. */
static void draw_nodes(struct ui *ui, struct area a, int x, int y, int width, const char *region) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    int at = 0;
    for (size_t i = 0; t && i < t->nodes.len && at < width; i++) {
        const struct node *n = &t->nodes.items[i];
        if (!str_eq(locality_region(&n->locality), region))
            continue;
        bool live = n->liveness == LIVENESS_LIVE;
        bool dead = n->liveness == LIVENESS_DEAD;
        area_text(a, x + at++, y, 1,
            live ? STYLE_GOOD
                : dead ? STYLE_DEAD
                : STYLE_UNKNOWN,
            live ? "●"
                : dead ? "✕"
                : "?");
    }
    if (at == 0)
        area_text(a, x, y, 1, STYLE_UNKNOWN, "?");
}

static void draw_count(struct area a, const struct table_column *c, int y, int n) {
    if (c->width <= 0)
        return;
    struct str text = {0};
    if (n < 0)
        str_add_char(&text, '?');
    else
        str_add_f(&text, "%d", n);
    area_text_right(a, c->x, y, c->width, n < 0 ? STYLE_UNKNOWN : STYLE_NORMAL, str_get(&text));
    str_free(&text);
}

/* What a round trip takes, or why the gateway that was given has none. */
static void draw_rtt(struct ui *ui, struct area a, const struct table_column *c, int y, const char *region) {
    const struct region_rtt *r = model_gateway(ui->model, region);
    struct str text = {0};
    if (!r || c->width <= 0)
        return;
    if (r->rtt >= 0)
        draw_add_duration(&text, r->rtt);
    else if (r->gateway && !str_eq(r->gateway, "up"))
        str_add(&text, r->gateway);
    area_text_right(a, c->x, y, c->width, r->rtt >= 0 ? STYLE_NORMAL : STYLE_WARN, str_get(&text));
    str_free(&text);
}

static void draw_region(struct ui *ui, struct area a, int y, const struct table_column *c, size_t i) {
    const struct catalog *catalog = snapshot_catalog(&ui->model->shown);
    const struct verdicts *v = snapshot_verdicts(&ui->model->shown);
    const char *name = model_region_at(ui->model, i);
    const struct region_counts *counts = NULL;
    for (size_t k = 0; catalog && v && k < catalog->database.regions.len && k < v->regions.len; k++)
        if (str_eq(catalog->database.regions.items[k].name, name))
            counts = &v->regions.items[k];
    area_text(a, c[0].x, y, c[0].width, theme_region(i), name);
    if (c[1].width > 0)
        area_text(a, c[1].x, y, c[1].width, STYLE_DIM, catalog ? role(&catalog->database, name) : "");
    if (c[2].width > 0)
        draw_nodes(ui, a, c[2].x, y, c[2].width, name);
    draw_count(a, &c[3], y, counts ? counts->ranges : -1);
    draw_count(a, &c[4], y, counts ? counts->leases : -1);
    draw_rtt(ui, a, &c[5], y, name);
}

void pane_regions_draw(struct ui *ui, struct area a, bool focused) {
    struct table_column c[] = {
        {"REGION", 12, 24, 0, false, a.width < 60, 0, 0},
        {"ROLE", 7, 9, 3, false, false, 0, 0},
        {"NODES", 5, 5, 1, false, false, 0, 0},
        {"RANGES", 6, 6, 2, true, false, 0, 0},
        {"LEASES", 6, 6, 4, true, false, 0, 0},
        {"RTT", 6, 6, 5, true, false, 0, 0},
    };
    layout_columns(c, 6, 2, a.width - 2);
    draw_headings(a, 0, c, 6);
    size_t n = model_region_count(ui->model);
    struct list_state *l = &ui->model->lists[PANE_REGIONS];
    draw_scroll(l, n, a.height - 1);
    for (int line = 1; line < a.height && l->top + (size_t)line - 1 < n; line++) {
        size_t i = l->top + (size_t)line - 1;
        struct area row = area_part(a, 0, line, a.width, 1);
        if (i == l->selected && focused)
            row.over |= OVER_SELECTED;
        if (i == l->selected)
            area_text(row, 0, 0, 1, STYLE_STRONG, "▸");
        draw_region(ui, row, 0, c, i);
        area_join(row, 4);
    }
}

int pane_regions_lines(struct ui *ui, int width) {
    (void)width;
    return (int)model_region_count(ui->model);
}
