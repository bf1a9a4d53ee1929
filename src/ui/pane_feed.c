/* pane_feed: what happened, and the statements that were sent; the newest first. */
#include "panes.h"

static enum style style_of(enum event_kind k) {
    switch (k) {
    case EVENT_ROW_LANDED: return STYLE_STRONG;
    case EVENT_ROW_GONE:
    case EVENT_ROW_MOVED:
    case EVENT_VERDICT_CHANGED: return STYLE_NORMAL;
    case EVENT_NODE_DOWN: return STYLE_BAD;
    case EVENT_NODE_UP: return STYLE_GOOD;
    case EVENT_STATEMENT: return STYLE_SQL;
    case EVENT_ZONE_CHANGED:
    case EVENT_POLICY_CHANGED: return STYLE_WARN;
    case EVENT_NOTE: return STYLE_UNKNOWN;
    case EVENT_REPLICA_ADDED:
    case EVENT_REPLICA_REMOVED:
    case EVENT_REPLICA_CHANGED:
    case EVENT_LEASE_MOVED:
    case EVENT_RANGE_SPLIT:
    case EVENT_RANGE_MERGED:
    case EVENT_REPORT_REGENERATED:
    case EVENT_CONNECTION: return STYLE_DIM;
    }
    return STYLE_NORMAL;
}

void pane_feed_draw(struct ui *ui, struct area a, bool focused) {
    struct model *m = ui->model;
    struct list_state *l = &m->lists[PANE_FEED];
    draw_scroll(l, m->feed.len, a.height);
    for (int line = 0; line < a.height && l->top + (size_t)line < m->feed.len; line++) {
        size_t i = l->top + (size_t)line;
        const struct event *e = &m->feed.items[m->feed.len - 1 - i];
        struct area row = area_part(a, 0, line, a.width, 1);
        struct str time = {0};
        if (i == l->selected && focused)
            row.over |= OVER_SELECTED;
        draw_add_time(&time, e->at_wall);
        area_text(row, 1, 0, 8, STYLE_DIM, str_get(&time));
        area_text(row, 11, 0, -1, style_of(e->kind), e->text);
        str_free(&time);
    }
    if (m->feed.len == 0)
        area_text(a, 1, 0, -1, STYLE_DIM, m->state_text);
}
