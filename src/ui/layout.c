/* layout: where the panes are. */
#include "domicile/ui/layout.h"

enum { WIDE_COLUMNS = 100, WIDE_ROWS = 20, TINY_COLUMNS = 20, TINY_ROWS = 6, STRIP = 2 };

static int least(int a, int b) { return a < b ? a : b; }
static int most(int a, int b) { return a > b ? a : b; }

static void one_pane(struct layout *l, const struct layout_wish *w, int top, int height) {
    l->panes[w->focus] = (struct box){0, top, w->width, height};
}

static void all_panes(struct layout *l, const struct layout_wish *w, int top, int height) {
    int frame = 3; /* borders and headings */
    int upper = least(most(most(w->regions, w->tables), 3) + frame, most(height / 3, 6));
    int lower = least(most(w->report, 6) + 2, most(height * 2 / 5, 8));
    int rows = height - upper - lower;
    if (rows < 6) {
        lower = most(lower - (6 - rows), 5);
        rows = height - upper - lower;
    }
    int left = w->width * 43 / 100;
    int report = w->width / 2;
    l->panes[PANE_REGIONS] = (struct box){0, top, left, upper};
    l->panes[PANE_TABLES] = (struct box){left, top, w->width - left, upper};
    l->panes[PANE_ROWS] = (struct box){0, top + upper, w->width, rows};
    l->panes[PANE_REPORT] = (struct box){0, top + upper + rows, report, lower};
    l->panes[PANE_FEED] = (struct box){report, top + upper + rows, w->width - report, lower};
}

void layout_make(struct layout *l, const struct layout_wish *w) {
    *l = (struct layout){.kind = LAYOUT_TINY};
    if (w->width < TINY_COLUMNS || w->height < TINY_ROWS)
        return;
    int status = w->status ? 1 : 0;
    l->title = (struct box){0, 0, w->width, 1};
    l->footer = (struct box){0, w->height - 1, w->width, 1};
    if (status)
        l->status = (struct box){0, w->height - 2, w->width, 1};
    int height = w->height - 2 - status;
    bool wide = w->width >= WIDE_COLUMNS && w->height >= WIDE_ROWS;
    l->kind = wide ? LAYOUT_WIDE : LAYOUT_SINGLE;
    if (wide && !w->zoomed) {
        all_panes(l, w, 1, height);
        return;
    }
    int strip = !wide && !w->zoomed && height > 8 ? STRIP : 0;
    if (strip)
        l->strip = (struct box){0, 1 + height - strip, w->width, strip};
    one_pane(l, w, 1, height - strip);
}

/* The column that is given up next: of the highest priority, the last. -1: none may be. */
static int victim(const struct table_column *c, size_t n) {
    int found = -1;
    for (size_t i = 0; i < n; i++)
        if (c[i].width > 0 && c[i].priority > 0 && (found < 0 || c[i].priority >= c[found].priority))
            found = (int)i;
    return found;
}

static int needed(const struct table_column *c, size_t n) {
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += c[i].width > 0 ? c[i].width + 1 : 0;
    return sum - 1;
}

/* Gives what is left: first what each still wants, then all of it to the flexible ones. */
static void share_out(struct table_column *c, size_t n, int left) {
    for (bool given = true; given && left > 0;) {
        given = false;
        for (size_t i = 0; i < n && left > 0; i++)
            if (c[i].width > 0 && c[i].width < c[i].want) {
                c[i].width++;
                left--;
                given = true;
            }
    }
    for (size_t i = 0; i < n; i++)
        if (c[i].width > 0 && c[i].flexible) {
            c[i].width += left;
            return;
        }
}

void layout_columns(struct table_column *c, size_t n, int x, int width) {
    for (size_t i = 0; i < n; i++)
        c[i].width = least(c[i].min, most(c[i].want, 1)) > 0 ? most(least(c[i].min, most(c[i].want, 1)), 1) : 1;
    for (int v; needed(c, n) > width && (v = victim(c, n)) >= 0;)
        c[v].width = 0;
    share_out(c, n, width - needed(c, n));
    for (size_t i = 0; i < n; i++) {
        c[i].x = x;
        x += c[i].width > 0 ? c[i].width + 1 : 0;
    }
}
