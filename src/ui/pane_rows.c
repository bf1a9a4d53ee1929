/* pane_rows: every row with its home and its replicas drawn where they are. */
#include "panes.h"

#include "domicile/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_REGIONS = 12,
    MAX_VALUES = 6,
    MAX_COLUMNS = MAX_REGIONS + MAX_VALUES + 3,
    KEY_WIDTH = 9,
    WIDE = 150,
    WHOLE_KEY = 36
};

/* Which columns are drawn: values of the row, then home, a column a region, range and verdict. */
struct row_columns {
    struct table_column c[MAX_COLUMNS];
    size_t values[MAX_VALUES];
    size_t value_count;
    const char *regions[MAX_REGIONS];
    size_t region_count;
    size_t home, first_region, range, verdict, count;
    char *titles[MAX_VALUES]; /* owned */
};

static bool is_region_column(const struct table *t, const char *name) { return t && str_eq(t->region_column, name); }

static int widest_value(struct ui *ui, size_t column, int most) {
    int width = 4;
    struct model_row row;
    for (size_t i = 0; i < 50 && model_row_at(ui->model, i, &row); i++) {
        const char *value = column < row.row->values.len ? row.row->values.items[column] : NULL;
        int w = value ? (int)strlen(value) : 4;
        if (w > width)
            width = w;
    }
    return width < most ? width : most;
}

static void choose_values(struct ui *ui, struct row_columns *rc, const struct rows *rows, int width) {
    const struct catalog *catalog = snapshot_catalog(&ui->model->shown);
    const struct table *t = catalog ? catalog_table(catalog, rows->table) : NULL;
    for (size_t i = 0; i < rows->columns.len && rc->value_count < MAX_VALUES; i++) {
        const char *name = rows->columns.items[i];
        bool key = i < rows->key_columns;
        if (is_region_column(t, name))
            continue;
        char *title = mem_strdup(name);
        for (char *p = title; *p; p++)
            *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
        int want = key && width < WIDE ? KEY_WIDTH : widest_value(ui, i, key ? WHOLE_KEY : 20);
        int titled = (int)strlen(title) < 12 ? (int)strlen(title) : 12;
        rc->titles[rc->value_count] = title;
        rc->c[rc->count++] = (struct table_column){
            title, key ? 5 : 8, want > titled ? want : titled, key ? 3 : 1 + (int)rc->value_count, false, false, 0, 0};
        rc->values[rc->value_count++] = i;
    }
}

static void choose_columns(struct ui *ui, struct row_columns *rc, const struct rows *rows, int width) {
    int region_width = 5;
    choose_values(ui, rc, rows, width);
    rc->region_count = draw_region_columns(ui->model, rc->regions, MAX_REGIONS);
    for (size_t i = 0; i < rc->region_count; i++) {
        int w = text_width(rc->regions[i]);
        if (w > region_width)
            region_width = w;
    }
    if (region_width > 16)
        region_width = 16;
    rc->home = rc->count;
    rc->c[rc->count++] = (struct table_column){
        "HOME", region_width < 12 ? region_width : 12, region_width, 0, false, false, 0, 0};
    rc->first_region = rc->count;
    for (size_t i = 0; i < rc->region_count; i++)
        rc->c[rc->count++] = (struct table_column){
            "", region_width < 8 ? region_width : 8, region_width, 0, false, false, 0, 0};
    rc->range = rc->count;
    rc->c[rc->count++] = (struct table_column){"RANGE", 5, 6, 20, false, false, 0, 0};
    rc->verdict = rc->count;
    rc->c[rc->count++] = (struct table_column){"VERDICT", 12, 40, 0, false, true, 0, 0};
    layout_columns(rc->c, rc->count, 2, width - 2);
}

static void free_columns(struct row_columns *rc) {
    for (size_t i = 0; i < rc->value_count; i++)
        free(rc->titles[i]);
}

/* "abroad: 2 non-voters, n3 n8 · since 14:42:48", "home since 14:43:02", or "home, unavailable: no quorum". */
static void add_verdict(struct ui *ui, struct str *out, const struct row *r, const struct range *range) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    const struct domicile_verdict *v = &r->verdict;
    usec since = draw_since(ui->model, r, range);
    bool unavailable = (v->flags & DOMICILE_UNAVAILABLE) != 0;
    str_add_f(out, "%s%s", domicile_name(v->domicile), unavailable ? ", unavailable: no quorum" : "");
    if (v->domicile >= DOMICILE_ABROAD && t) {
        int kinds = 0;
        str_add(out, unavailable ? " ·" : ":");
        if (v->abroad_voters)
            str_add_f(out, " %d voter%s", v->abroad_voters, v->abroad_voters > 1 ? "s" : ""), kinds++;
        if (v->abroad_non_voters)
            str_add_f(out, "%s %d non-voter%s", kinds++ ? "," : "", v->abroad_non_voters,
                v->abroad_non_voters > 1 ? "s" : "");
        if (v->abroad_learners)
            str_add_f(out, "%s %d learner%s", kinds ? "," : "", v->abroad_learners, v->abroad_learners > 1 ? "s" : "");
        str_add_char(out, ',');
        for (size_t i = 0; i < v->abroad.len; i++)
            str_add_f(out, " %s", draw_store(t, v->abroad.items[i]));
    } else if (v->domicile == DOMICILE_UNKNOWN) {
        str_add_f(out, "%s %s", unavailable ? " ·" : ":", v->reason);
    }
    if (since && v->domicile != DOMICILE_UNKNOWN && !unavailable) {
        str_add(out, v->domicile == DOMICILE_HOME ? " since " : " · since ");
        draw_add_time(out, ui->model->wall - (ui->model->now - since));
    }
    if (v->flags & DOMICILE_MOVING)
        str_add(out, " · moving");
}

static void draw_row(struct ui *ui, struct area a, const struct row_columns *rc, const struct row *r) {
    const struct range *range = row_range(r, snapshot_ranges(&ui->model->shown));
    struct str text = {0};
    if (model_lit_since(ui->model, r->landed))
        a.over |= OVER_LIT;
    for (size_t i = 0; i < rc->value_count; i++) {
        const struct table_column *c = &rc->c[i];
        const char *value = rc->values[i] < r->values.len ? r->values.items[rc->values[i]] : NULL;
        if (c->width > 0 && rc->values[i] == 0)
            area_text_middle(a, c->x, 0, c->width, STYLE_DIM, value ? value : "NULL");
        else if (c->width > 0)
            area_text(a, c->x, 0, c->width, value ? STYLE_STRONG : STYLE_DIM, value ? value : "NULL");
    }
    int home = model_region_index(ui->model, r->home);
    area_text(a, rc->c[rc->home].x, 0, rc->c[rc->home].width, home >= 0 ? theme_region((size_t)home) : STYLE_DIM,
        r->home ? r->home : "-");
    for (size_t i = 0; i < rc->region_count; i++) {
        const struct table_column *c = &rc->c[rc->first_region + i];
        draw_replicas(ui, a, c->x, 0, c->width, range, rc->regions[i], r->home);
    }
    if (rc->c[rc->range].width > 0) {
        if (r->range_id)
            area_text_f(a, rc->c[rc->range].x, 0, rc->c[rc->range].width, STYLE_DIM, "r%" PRId64, r->range_id);
        else
            area_text(a, rc->c[rc->range].x, 0, rc->c[rc->range].width, STYLE_UNKNOWN, "?");
    }
    add_verdict(ui, &text, r, range);
    enum style style = r->verdict.flags & DOMICILE_UNAVAILABLE ? STYLE_BAD : draw_verdict_style(r->verdict.domicile);
    area_text(a, rc->c[rc->verdict].x, 0, rc->c[rc->verdict].width, style, str_get(&text));
    str_free(&text);
}

/* Of the first row whose leaseholder could not be told; else why leaseholders as such cannot be read. */
static void add_lease_doubt(struct ui *ui, struct str *out) {
    const struct ranges *ranges = snapshot_ranges(&ui->model->shown);
    struct model_row row;
    for (size_t i = 0; ranges && !out->len && model_row_at(ui->model, i, &row); i++) {
        const struct range *range = ranges_by_id(ranges, row.row->range_id);
        if (range && range->lease_state == LEASE_TIMED_OUT)
            draw_add_lease_doubt(out, ui->model, range);
    }
    if (!out->len && ui->model->leases_problem)
        str_add(out, ui->model->leases_problem);
}

/* What of the rows could not be read, and so is not known: a sentence each. They have lines of their own, so that no
 * row can cover them; where there are too few lines, the last one counts the rest. */
struct problems {
    VEC(char *); /* owned */
};

static void collect_problems(struct ui *ui, struct problems *p, const struct rows *rows) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    struct str lease = {0};
    for (size_t i = 0; i < rows->pages.len; i++)
        if (rows->pages.items[i].problem)
            vec_push(p, mem_printf("%s: %s", rows->pages.items[i].region ? rows->pages.items[i].region : "rows",
                            rows->pages.items[i].problem));
    add_lease_doubt(ui, &lease);
    if (lease.len)
        vec_push(p, mem_strdup(str_get(&lease)));
    if (t && !t->liveness_known && model_row_count(ui->model))
        vec_push(p, mem_strdup("availability unknown: liveness not readable"));
    str_free(&lease);
}

static void free_problems(struct problems *p) {
    for (size_t i = 0; i < p->len; i++)
        free(p->items[i]);
    vec_free(p);
}

static void draw_problems(struct area a, int y, const struct problems *p, int lines) {
    for (int i = 0; i < lines; i++) {
        size_t more = i + 1 == lines ? p->len - (size_t)lines : 0;
        if (more)
            area_text_f(a, 2, y + i, a.width - 2, STYLE_WARN, "(+%zu more) %s", more, p->items[i]);
        else
            area_text(a, 2, y + i, a.width - 2, STYLE_WARN, p->items[i]);
    }
}

static void draw_region_headings(struct ui *ui, struct area a, const struct row_columns *rc) {
    for (size_t i = 0; i < rc->region_count; i++) {
        const struct table_column *c = &rc->c[rc->first_region + i];
        draw_region_name(ui, a, c->x, 0, c->width, theme_region(i), rc->regions[i]);
    }
}

void pane_rows_draw(struct ui *ui, struct area a, bool focused) {
    const struct rows *rows = snapshot_rows(&ui->model->shown);
    struct row_columns rc = {0};
    struct problems problems = {0};
    struct model_row row;
    if (!rows) {
        area_text(a, 2, 0, a.width - 2, STYLE_DIM, ui->model->table[0] ? "reading …" : "no table is selected");
        return;
    }
    choose_columns(ui, &rc, rows, a.width);
    draw_headings(a, 0, rc.c, rc.count);
    draw_region_headings(ui, a, &rc);
    size_t n = model_row_count(ui->model);
    struct list_state *l = &ui->model->lists[PANE_ROWS];
    collect_problems(ui, &problems, rows);
    int most = a.height > 2 ? a.height / 2 : 0; /* the heading and a row at least stay */
    int told = (int)problems.len < most ? (int)problems.len : most;
    int end = a.height - told;
    draw_scroll(l, n, end - 1);
    int line = 1;
    for (; line < end && model_row_at(ui->model, l->top + (size_t)line - 1, &row); line++) {
        size_t i = l->top + (size_t)line - 1;
        struct area part = area_part(a, 0, line, a.width, 1);
        if (i == l->selected && focused)
            part.over |= OVER_SELECTED;
        if (i == l->selected)
            area_text(part, 0, 0, 1, STYLE_STRONG, "▸");
        draw_row(ui, part, &rc, row.row);
        area_join(part, 4);
    }
    if (n == 0 && line < end)
        area_text(a, 2, line++, a.width - 2, STYLE_DIM, ui->model->filter ? "no row matches the filter" : "no rows");
    draw_problems(a, line, &problems, told);
    free_problems(&problems);
    free_columns(&rc);
}

/* A page that was turned back to comes from the nearest replicas until it is read again. */
static void add_followed(struct ui *ui, struct str *out, const struct rows *rows) {
    usec oldest = 0;
    for (size_t i = 0; i < rows->pages.len; i++)
        if (rows->pages.items[i].followed && (!oldest || rows->pages.items[i].asof < oldest))
            oldest = rows->pages.items[i].asof;
    if (!oldest)
        return;
    str_add(out, " · follower read, ");
    draw_add_age(out, ui->model->now - oldest);
    str_add(out, " old");
}

void pane_rows_title(struct ui *ui, struct str *out) {
    const struct rows *rows = snapshot_rows(&ui->model->shown);
    if (!rows)
        return;
    str_add_f(
        out, "  %s · %zu row%s", rows->table, model_row_count(ui->model), model_row_count(ui->model) == 1 ? "" : "s");
    if (ui->model->filter && ui->model->filter_pane == PANE_ROWS)
        str_add_f(out, " with \"%s\"", ui->model->filter);
    if (!ui->model->watches_all)
        str_add(out, " · watching this page");
    add_followed(ui, out, rows);
}
