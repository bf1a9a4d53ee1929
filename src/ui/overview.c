/* overview: title line, panes, status and footer. */
#include "panes.h"

#include "domicile/base/text.h"
#include "domicile/command/keymap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct pane panes[PANE_COUNT] = {
    [PANE_REGIONS] = {PANE_REGIONS, "Regions", COMMAND_PANE_REGIONS, PART_TOPOLOGY, pane_regions_draw, NULL,
        pane_regions_lines},
    [PANE_TABLES] = {PANE_TABLES, "Tables", COMMAND_PANE_TABLES, PART_CATALOG, pane_tables_draw, NULL,
        pane_tables_lines},
    [PANE_ROWS] = {PANE_ROWS, "Rows", COMMAND_PANE_ROWS, PART_ROWS, pane_rows_draw, pane_rows_title, NULL},
    [PANE_REPORT] = {PANE_REPORT, "Report", COMMAND_PANE_REPORT, PART_RANGES, pane_report_draw, NULL,
        pane_report_lines},
    [PANE_FEED] = {PANE_FEED, "Feed", COMMAND_PANE_FEED, PART_KINDS, pane_feed_draw, NULL, NULL},
};

enum { SPINNER_AFTER = 300 * USEC_PER_MS, SPINNER_STEP = 120 * USEC_PER_MS };

const struct pane *pane_get(enum pane_id id) { return &panes[id]; }

/* The time of what is shown, an age once it is old, a spinner while an answer is late. */
static void add_as_of(struct ui *ui, struct str *out, enum part_kind kind) {
    static const char *const spinner[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"};
    static const char *const plain[] = {"|", "/", "-", "\\"};
    struct model *m = ui->model;
    const struct part *part = kind < PART_KINDS ? m->shown.parts[kind] : NULL;
    const struct model_part *state = kind < PART_KINDS ? &m->parts[kind] : NULL;
    if (state && state->waiting_since && !m->frozen) {
        usec waited = m->now - state->waiting_since;
        if (waited >= SPINNER_AFTER) {
            size_t step = (size_t)(waited / SPINNER_STEP);
            str_add_f(out, "%s ", ui->ascii ? plain[step % 4] : spinner[step % 8]);
            model_wake_at(m, m->now + SPINNER_STEP);
        } else {
            model_wake_at(m, state->waiting_since + SPINNER_AFTER);
        }
    }
    if (!part)
        return;
    usec age = m->now - part->asof;
    usec old = 2 * (state->interval > 0 ? state->interval : 5 * USEC_PER_SEC);
    if (!m->frozen && age > old && age > 2 * USEC_PER_SEC) {
        draw_add_age(out, age);
        str_add(out, " old");
        model_wake_at(m, m->now + USEC_PER_SEC);
    } else {
        draw_add_time(out, part->asof_wall);
        if (!m->frozen)
            model_wake_at(m, part->asof + old + USEC_PER_MS);
    }
}

static void draw_frame(struct ui *ui, struct area a, const struct pane *p, bool focused) {
    struct str left = {0};
    struct str right = {0};
    area_frame(a, focused ? STYLE_BORDER_FOCUS : STYLE_BORDER);
    str_add_f(&left, " %d %s", (int)p->id + 1, p->name);
    if (p->title)
        p->title(ui, &left);
    str_add_char(&left, ' ');
    add_as_of(ui, &right, p->part);
    int used = area_text(a, 2, 0, a.width - 4, focused ? STYLE_TITLE_FOCUS : STYLE_TITLE, str_get(&left));
    int width = right.len ? text_width(str_get(&right)) + 2 : 0;
    if (right.len && used + width + 6 < a.width)
        area_text_f(a, a.width - 2 - width, 0, width, STYLE_DIM, " %s ", str_get(&right));
    str_free(&left);
    str_free(&right);
}

static void draw_pane(struct ui *ui, struct area screen, const struct box *b, enum pane_id id) {
    struct area a = area_part(screen, b->x, b->y, b->width, b->height);
    bool focused = ui->model->focus == id;
    if (a.width < 4 || a.height < 2)
        return;
    draw_frame(ui, a, &panes[id], focused);
    panes[id].draw(ui, area_part(a, 1, 1, a.width - 2, a.height - 2), focused);
}

static void add_nodes(struct str *out, const struct topology *t) {
    size_t live = 0;
    for (size_t i = 0; t && i < t->nodes.len; i++)
        live += t->nodes.items[i].liveness == LIVENESS_LIVE;
    if (t && t->nodes.len && t->liveness_known)
        str_add_f(out, "%zu of %zu nodes", live, t->nodes.len);
    else if (t && t->nodes.len)
        str_add_f(out, "%zu nodes, liveness ?", t->nodes.len);
    else
        str_add(out, "nodes ?");
}

static void draw_title(struct ui *ui, struct area a) {
    const struct model *m = ui->model;
    const struct server_info *s = snapshot_server(&m->shown);
    const struct catalog *c = snapshot_catalog(&m->shown);
    struct str left = {0};
    struct str right = {0};
    area_fill(a, STYLE_BAR, ' ');
    str_add_f(&left, " domicile  %s", s && s->database ? s->database : "");
    if (m->address[0])
        str_add_f(&left, " @ %s", m->address);
    if (s && s->version_text && a.width >= 100)
        str_add_f(&left, "   %s", s->version_text);
    if (m->frozen)
        str_add(&right, "FROZEN  ");
    if (m->read_only)
        str_add(&right, "read-only  ");
    add_nodes(&right, snapshot_topology(&m->shown));
    if (c && c->database.placement == PLACEMENT_DEFAULT)
        str_add(&right, "  DEFAULT");
    else if (c && c->database.placement == PLACEMENT_RESTRICTED)
        str_add(&right, "  RESTRICTED");
    if (c && c->database.survival)
        str_add(&right, c->database.survival == SURVIVAL_REGION ? "  region" : "  zone");
    str_add_char(&right, ' ');
    int width = text_width(str_get(&right));
    area_text(a, 0, 0, a.width - width - 1, STYLE_BAR, str_get(&left));
    area_text(a, a.width - width, 0, width, STYLE_BAR, str_get(&right));
    str_free(&left);
    str_free(&right);
}

/* At 80 columns the title line carries the panes. */
static void draw_tabs(struct ui *ui, struct area a) {
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct server_info *s = snapshot_server(&ui->model->shown);
    int x = 1;
    area_fill(a, STYLE_BAR, ' ');
    for (int i = 0; i < PANE_COUNT; i++) {
        bool focused = ui->model->focus == (enum pane_id)i;
        struct area part = a;
        part.over |= focused ? OVER_SELECTED : 0;
        x += area_text_f(part, x, 0, -1, focused ? STYLE_TITLE_FOCUS : STYLE_BAR, "%d %s", i + 1, panes[i].name) + 2;
    }
    struct str right = {0};
    if (ui->model->frozen)
        str_add(&right, "FROZEN ");
    str_add_f(&right, "%s%s ", s && s->database ? s->database : "",
        c && c->database.placement == PLACEMENT_RESTRICTED ? " RESTRICTED"
            : c && c->database.placement == PLACEMENT_DEFAULT ? " DEFAULT"
            : "");
    int width = text_width(str_get(&right));
    if (x + width < a.width)
        area_text(a, a.width - width, 0, width, STYLE_BAR, str_get(&right));
    str_free(&right);
}

/* The command at the footer's next place after last (NULL: at its first); NULL at its end. */
static const struct command *next_of_footer(const struct command *last) {
    size_t n;
    const struct command *table = command_table(&n);
    const struct command *next = NULL;
    for (size_t i = 0; i < n; i++)
        if (table[i].label && table[i].footer > (last ? last->footer : 0) && (!next || table[i].footer < next->footer))
            next = &table[i];
    return next;
}

static void draw_footer(struct ui *ui, struct area a) {
    const struct model *m = ui->model;
    if (m->message) {
        enum style style = m->message_kind == MESSAGE_BAD ? STYLE_BAD
            : m->message_kind == MESSAGE_WARN ? STYLE_WARN
            : m->message_kind == MESSAGE_GOOD ? STYLE_GOOD
            : STYLE_NORMAL;
        area_text(a, 1, 0, -1, style, m->message);
        return;
    }
    int x = 1;
    for (const struct command *c = next_of_footer(NULL); c; c = next_of_footer(c)) {
        struct str key = {0};
        if (c->changes && m->read_only)
            continue;
        keymap_add_key(&key, c);
        int need = text_width(str_get(&key)) + 1 + text_width(c->label) + 3;
        if (x + need <= a.width) {
            x += area_text(a, x, 0, -1, STYLE_KEY, str_get(&key)) + 1;
            x += area_text(a, x, 0, -1, STYLE_DIM, c->label) + 2;
        }
        str_free(&key);
    }
}

static bool needs_status(const struct model *m) { return m->state != SURVEY_READING; }

static void draw_status(struct ui *ui, struct area a) {
    struct model *m = ui->model;
    bool bad = m->state == SURVEY_WAITING || m->state == SURVEY_REFUSED || m->state == SURVEY_NOT_COCKROACH ||
        m->state == SURVEY_NO_DATABASE;
    struct str text = {0};
    str_add(&text, m->state_text);
    if (m->retry_at > m->now) {
        str_add(&text, "; again in ");
        draw_add_age(&text, m->retry_at - m->now + USEC_PER_SEC / 2);
        str_add(&text, " (r: now)");
        model_wake_at(m, m->now + USEC_PER_SEC);
    }
    area_text(a, 1, 0, -1, bad ? STYLE_BAD : STYLE_DIM, str_get(&text));
    str_free(&text);
}

static void lay_out(struct ui *ui, struct layout *l, int width, int height) {
    struct layout_wish wish = {.width = width,
        .height = height,
        .focus = ui->model->focus,
        .zoomed = ui->model->zoomed,
        .status = needs_status(ui->model),
        .regions = panes[PANE_REGIONS].lines(ui, width),
        .tables = panes[PANE_TABLES].lines(ui, width),
        .report = panes[PANE_REPORT].lines(ui, width)};
    layout_make(l, &wish);
}

void overview_draw(struct ui *ui, struct area a) {
    struct layout l;
    lay_out(ui, &l, a.width, a.height);
    if (l.kind == LAYOUT_TINY) {
        area_text(a, 0, 0, -1, STYLE_NORMAL, "domicile: too small");
        return;
    }
    struct area title = area_part(a, l.title.x, l.title.y, l.title.width, l.title.height);
    if (l.kind == LAYOUT_SINGLE)
        draw_tabs(ui, title);
    else
        draw_title(ui, title);
    for (int i = 0; i < PANE_COUNT; i++)
        if (l.panes[i].width > 0)
            draw_pane(ui, a, &l.panes[i], (enum pane_id)i);
    if (l.strip.height)
        pane_report_strip(ui, area_part(a, l.strip.x, l.strip.y, l.strip.width, l.strip.height));
    if (l.status.height)
        draw_status(ui, area_part(a, l.status.x, l.status.y, l.status.width, l.status.height));
    draw_footer(ui, area_part(a, l.footer.x, l.footer.y, l.footer.width, l.footer.height));
}

bool overview_hit(struct ui *ui, int width, int height, int x, int y, enum pane_id *pane, int *line) {
    struct layout l;
    lay_out(ui, &l, width, height);
    for (int i = 0; i < PANE_COUNT; i++) {
        const struct box *b = &l.panes[i];
        if (b->width == 0 || x < b->x || x >= b->x + b->width || y < b->y || y >= b->y + b->height)
            continue;
        int heading = i == PANE_FEED ? 0 : 1;
        *pane = (enum pane_id)i;
        *line = y - b->y - 1 - heading;
        if (y == b->y + b->height - 1 || *line < 0)
            *line = -1;
        return true;
    }
    return false;
}
