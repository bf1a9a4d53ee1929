/* dialog_placement: what a change would do, before it runs. */
#include "domicile/ui/dialog.h"

#include "draw.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL = 18, WIDTH = 94, BUTTONS = 3, GROUPS = 3, SQL_INDENT = 4 };

struct placement_dialog {
    struct view view;
    struct plan *plan;
    char *from, *to, *database;
    int button; /* 0 run, 1 copy, 2 cancel */
    int needed; /* rows of all of it */
    bool sql_first; /* the screen is too small for all: what will run comes first */
    int groups; /* of ranges, told one by one: as many as leave the SQL on the screen, at most GROUPS */
};

static int row(struct area a, int y, const char *label, enum style style, const char *text) {
    area_text(a, 0, y, LABEL - 1, STYLE_HEADER, label);
    return y + area_text_wrapped(a, LABEL, y, a.width - LABEL, 2, style, text);
}

static int rows_of_zones(struct area a, int y, const struct plan *p) {
    for (size_t i = 0; i < p->zones.len; i++) {
        const struct plan_zone *z = &p->zones.items[i];
        struct str text = {0};
        str_add(&text, z->target);
        if (z->alike)
            str_add_f(&text, " and %d more", z->alike);
        str_add_f(&text, ": %s → %s", z->before, z->after);
        if (z->inheritors)
            str_add_f(&text, "; %d partition%s inherit%s it", z->inheritors,
                z->inheritors == 1 ? " or table" : "s and tables", z->inheritors == 1 ? "s" : "");
        y = row(a, y, i ? "" : "What changes", STYLE_NORMAL, str_get(&text));
        str_free(&text);
    }
    return y;
}

/* "3 voters", "1 non-voter". */
static void add_count(struct str *out, const char *sign, int n, const char *kind) {
    str_add_f(out, "%s%d %s%s", sign, n, kind, n == 1 ? "" : "s");
}

/* What leaves (or comes): of one kind in all, with numbers by region; of both, with the kind beside each. */
static void add_moves(struct str *out, const struct plan *p, bool leave) {
    int voters = 0;
    int non_voters = 0;
    for (size_t i = 0; i < p->regions.len; i++) {
        voters += leave ? p->regions.items[i].leave_voters : p->regions.items[i].come_voters;
        non_voters += leave ? p->regions.items[i].leave_non_voters : p->regions.items[i].come_non_voters;
    }
    if (voters + non_voters == 0)
        return;
    if (voters)
        add_count(out, "", voters, "voter");
    if (non_voters)
        add_count(out, voters ? ", " : "", non_voters, "non-voter");
    str_add(out, ": ");
    for (size_t i = 0; i < p->regions.len; i++) {
        const struct plan_region *r = &p->regions.items[i];
        int v = leave ? r->leave_voters : r->come_voters;
        int n = leave ? r->leave_non_voters : r->come_non_voters;
        const char *sign = leave ? "−" : "+";
        if (v + n == 0)
            continue;
        str_add_f(out, "  %s ", r->region);
        if (!voters || !non_voters) {
            str_add_f(out, "%s%d", sign, v + n);
            continue;
        }
        if (v)
            add_count(out, sign, v, "voter");
        if (n)
            add_count(out, v ? (leave ? ", −" : ", +") : sign, n, "non-voter");
    }
}

/* The largest groups of ranges that change alike. */
static int rows_of_ranges(struct area a, int y, const struct plan *p, int most) {
    int shown = 0;
    for (size_t i = 0; i < p->moves.len && shown < most; i++) {
        struct str text = {0};
        if (!plan_move_changes(&p->moves.items[i]))
            continue;
        plan_print_move(&text, &p->moves.items[i]);
        y = row(a, y, shown++ ? "" : "Range by range", STYLE_DIM, str_get(&text));
        str_free(&text);
    }
    return y;
}

static int rows_of_moves(struct area a, int y, const struct plan *p, int groups) {
    struct str leave = {0};
    struct str come = {0};
    add_moves(&leave, p, true);
    add_moves(&come, p, false);
    if (leave.len)
        y = row(a, y, "Who leaves", STYLE_NORMAL, str_get(&leave));
    if (come.len)
        y = row(a, y, "Who comes", STYLE_NORMAL, str_get(&come));
    if (p->ranges) {
        char *text = mem_printf("%d range%s", p->ranges, p->ranges == 1 ? " changes" : "s change");
        y = row(a, y, "", STYLE_DIM, text);
        free(text);
    }
    y = rows_of_ranges(a, y, p, groups);
    str_free(&leave);
    str_free(&come);
    return y;
}

static int rows_of_sql(struct area a, int y, const struct plan *p) {
    for (size_t i = 0; i < p->statements.len; i++) {
        const struct plan_statement *st = &p->statements.items[i];
        char *sql = mem_printf("%s;%s%s", st->sql, st->why ? " -- " : "", st->why ? st->why : "");
        y += area_text_wrapped(a, 0, y, a.width, SQL_INDENT, STYLE_SQL, sql);
        free(sql);
    }
    return y;
}

/* From row y, which is above the area where it is scrolled; returns the row after the last. */
static int draw_body(struct placement_dialog *d, struct area a, int y) {
    const struct plan *p = d->plan;
    if (d->from)
        area_text_f(a, 0, y, -1, STYLE_STRONG, "now %s → %s", d->from, d->to);
    else
        area_text(a, 0, y, -1, STYLE_STRONG, p->title);
    y += 2;
    if (d->sql_first)
        y = rows_of_sql(a, y, p) + 1;
    if (!p->changes)
        y = row(a, y, "What changes", STYLE_DIM, "nothing: it is so already");
    for (size_t i = 0; i < p->obstacles.len; i++)
        y = row(a, y, i ? "" : "In the way", STYLE_BAD, p->obstacles.items[i]);
    y = rows_of_zones(a, y, p);
    y = rows_of_moves(a, y, p, d->groups);
    for (size_t i = 0; i < p->costs.len; i++)
        y = row(a, y, i ? "" : "What it costs", STYLE_NORMAL, p->costs.items[i]);
    if (p->undo)
        y = row(a, y, "How to undo", STYLE_NORMAL, p->undo);
    if (p->uncertain)
        y = row(a, y, "Not known", STYLE_UNKNOWN, p->uncertain);
    if (p->unchecked)
        y = row(a, y, "Not checked", STYLE_UNKNOWN, p->unchecked);
    if (!d->sql_first)
        y = rows_of_sql(a, y + 1, p);
    return y + 2;
}

/* How many rows it takes in this width. */
static int rows_needed(struct placement_dialog *d, int width) {
    struct surface none = {.width = 1, .height = 1};
    struct area a = {.surface = &none, .width = width, .height = 0};
    return draw_body(d, a, 0);
}

static void measure(struct view *v, struct ui *ui, int max_width, int *width, int *height) {
    struct placement_dialog *d = (struct placement_dialog *)v;
    (void)ui;
    *width = max_width < WIDTH ? max_width : WIDTH;
    d->groups = GROUPS;
    d->sql_first = false;
    d->needed = rows_needed(d, *width - 4);
    *height = d->needed + 2;
}

/* On a screen too small for all, what is told range by range goes; if that is not enough, the SQL is put first. */
static void fit(struct placement_dialog *d, int width, int rows) {
    d->groups = GROUPS;
    d->sql_first = false;
    d->needed = rows_needed(d, width);
    while (d->groups > 0 && d->needed - 1 > rows) {
        d->groups--;
        d->needed = rows_needed(d, width);
    }
    d->sql_first = d->needed - 1 > rows;
    if (d->sql_first)
        d->groups = GROUPS;
    d->needed = rows_needed(d, width);
}

static void draw_buttons(struct placement_dialog *d, struct area a) {
    static const char *const names[BUTTONS] = {"[ Run it ]", "[ Copy SQL ]", "[ Cancel ]"};
    int x = a.width - 40 > 0 ? a.width - 40 : 0;
    for (int i = 0; i < BUTTONS; i++) {
        bool usable = i != 0 || (d->plan->possible && d->plan->changes);
        x += area_text(a, x, a.height - 1, -1,
                 !usable ? STYLE_DIM
                     : d->button == i ? STYLE_BUTTON_FOCUS
                     : STYLE_BUTTON,
                 names[i]) +
            3;
    }
}

static void draw(struct view *v, struct ui *ui, struct area a) {
    struct placement_dialog *d = (struct placement_dialog *)v;
    struct area in = area_part(a, 2, 1, a.width - 4, a.height - 2);
    (void)ui;
    area_frame(a, STYLE_BORDER_FOCUS);
    area_text_f(a, 2, 0, a.width - 4, STYLE_TITLE_FOCUS, " %s of %s ", d->from ? "Placement" : "A change", d->database);
    struct area body = in;
    body.height = in.height - 1;
    fit(d, in.width, body.height);
    int surplus = d->needed - 1 - body.height;
    if (v->top > surplus)
        v->top = surplus > 0 ? surplus : 0;
    draw_body(d, body, -v->top);
    area_fill(area_part(in, 0, in.height - 1, in.width, 1), STYLE_NORMAL, ' ');
    if (surplus > 0)
        area_text(in, 0, in.height - 1, -1, STYLE_DIM, v->top < surplus ? "↓ more" : "↑ more");
    draw_buttons(d, in);
}

static char *all_sql(const struct plan *p) {
    struct str out = {0};
    for (size_t i = 0; i < p->statements.len; i++)
        str_add_f(&out, "%s;\n", p->statements.items[i].sql);
    return str_take(&out);
}

static void copy_sql(struct placement_dialog *d, struct ui *ui) {
    char *sql = all_sql(d->plan);
    ui->intents->copy(ui->arg, sql, "SQL");
    free(sql);
}

static enum view_reaction press(struct placement_dialog *d, struct ui *ui) {
    if (d->button == 1) {
        copy_sql(d, ui);
        return VIEW_HANDLED;
    }
    if (d->button == 0 && d->plan->possible && d->plan->changes)
        ui->intents->run_plan(ui->arg, d->plan);
    else if (d->button == 0)
        return VIEW_HANDLED;
    return VIEW_CLOSE;
}

static enum view_reaction command(struct view *v, struct ui *ui, enum command_id id) {
    struct placement_dialog *d = (struct placement_dialog *)v;
    switch ((int)id) {
    case COMMAND_BACK: return VIEW_CLOSE;
    case COMMAND_OPEN: return press(d, ui);
    case COMMAND_COPY: copy_sql(d, ui); return VIEW_HANDLED;
    case COMMAND_NEXT_PANE:
    case COMMAND_RIGHT: d->button = (d->button + 1) % BUTTONS; return VIEW_HANDLED;
    case COMMAND_PREVIOUS_PANE:
    case COMMAND_LEFT: d->button = (d->button + BUTTONS - 1) % BUTTONS; return VIEW_HANDLED;
    case COMMAND_DOWN: v->top++; return VIEW_HANDLED;
    case COMMAND_UP: v->top -= v->top > 0; return VIEW_HANDLED;
    }
    return VIEW_IGNORED;
}

static enum view_reaction input(struct view *v, struct ui *ui, const struct input_event *e) {
    (void)v;
    (void)ui;
    return e->kind == INPUT_KEY && e->key == 'q' ? VIEW_CLOSE : VIEW_IGNORED;
}

static void dialog_free(struct view *v) {
    struct placement_dialog *d = (struct placement_dialog *)v;
    plan_free(d->plan);
    free(d->from);
    free(d->to);
    free(d->database);
    free(d);
}

static const struct view_ops ops = {"placement", CONTEXT_DIALOG, measure, draw, input, command, dialog_free};

struct view *dialog_placement_new(struct plan *plan, const char *from, const char *to, const char *database) {
    struct placement_dialog *d = mem_calloc(1, sizeof *d);
    *d = (struct placement_dialog){
        .plan = plan, .from = mem_strdup_null(from), .to = mem_strdup_null(to), .database = mem_strdup(database)};
    d->view.ops = &ops;
    d->button = plan->possible && plan->changes ? 0 : 2;
    return &d->view;
}
