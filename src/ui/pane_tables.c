/* pane_tables: the tables with their localities and verdicts. */
#include "panes.h"

#include <inttypes.h>

static void draw_table(
    struct area a, const struct table_column *c, const struct table *t, const struct table_verdict *v) {
    struct str text = {0};
    area_text(a, c[0].x, 0, c[0].width, STYLE_NORMAL, table_shown(t));
    area_text(a, c[1].x, 0, c[1].width, STYLE_DIM, t->locality_text ? t->locality_text : "no regions");
    if (v)
        str_add_f(&text, "%d", v->ranges);
    area_text_right(a, c[2].x, 0, c[2].width, STYLE_NORMAL, v ? str_get(&text) : "?");
    str_clear(&text);
    if (t->estimated_rows >= 0)
        str_add_f(&text, "%" PRId64, t->estimated_rows);
    if (c[3].width > 0)
        area_text_right(a, c[3].x, 0, c[3].width, STYLE_NORMAL, text.len ? str_get(&text) : "?");
    area_text(
        a, c[4].x, 0, c[4].width, v ? draw_verdict_style(v->worst) : STYLE_UNKNOWN, v ? domicile_name(v->worst) : "?");
    str_free(&text);
}

void pane_tables_draw(struct ui *ui, struct area a, bool focused) {
    struct table_column c[] = {
        {"TABLE", 26, 34, 0, false, true, 0, 0},
        {"LOCALITY", 15, 38, 1, false, false, 0, 0},
        {"RANGES", 6, 6, 0, true, false, 0, 0},
        {"ROWS", 4, 8, 2, true, false, 0, 0},
        {"VERDICT", 7, 12, 0, false, false, 0, 0},
    };
    layout_columns(c, 5, 2, a.width - 2);
    draw_headings(a, 0, c, 5);
    size_t n = model_table_count(ui->model);
    struct list_state *l = &ui->model->lists[PANE_TABLES];
    draw_scroll(l, n, a.height - 1);
    for (int line = 1; line < a.height && l->top + (size_t)line - 1 < n; line++) {
        size_t i = l->top + (size_t)line - 1;
        const struct table_verdict *v;
        const struct table *t = model_table_at(ui->model, i, &v);
        struct area row = area_part(a, 0, line, a.width, 1);
        if (i == l->selected && focused)
            row.over |= OVER_SELECTED;
        if (str_eq(table_shown(t), ui->model->table) || i == l->selected)
            area_text(row, 0, 0, 1, STYLE_STRONG, i == l->selected ? "▸" : "•");
        draw_table(row, c, t, v);
        area_join(row, 4);
    }
}

int pane_tables_lines(struct ui *ui, int width) {
    (void)width;
    return (int)model_table_count(ui->model);
}
