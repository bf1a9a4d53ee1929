/* dialog_insert: the form for a new row. */
#include "domicile/ui/dialog.h"

#include "domicile/base/text.h"
#include "draw.h"
#include "field.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL = 18, WIDTH = 76 };

struct insert_dialog {
    struct view view;
    struct insert_form *form;
    struct field *fields; /* as many as the form's */
    size_t focus;         /* a field, then the gateway */
    bool busy;
    bool bad;
    char *message;
    char *hint;
};

static bool hidden(const struct insert_field *f) {
    return f->source == INSERT_OPTIONAL && f->default_expr && f->choices.len == 0 && f->key;
}

static void say(struct insert_dialog *d, bool bad, const char *message, const char *hint) {
    free(d->message);
    free(d->hint);
    d->message = mem_strdup_null(message);
    d->hint = mem_strdup_null(hint && *hint ? hint : NULL);
    d->bad = bad;
}

static char *preview(const struct insert_dialog *d) {
    struct str sql = {0};
    insert_form_preview(&sql, d->form);
    return str_take(&sql);
}

static void measure(struct view *v, struct ui *ui, int max_width, int *width, int *height) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    struct surface none = {.width = 1, .height = 1};
    *width = max_width < WIDTH + 20 ? max_width : WIDTH + 20;
    struct area a = {.surface = &none, .width = *width - 4, .height = 0};
    char *sql = preview(d);
    (void)ui;
    *height = 2 + (int)d->form->fields.len + 1 + 1 + 1 + area_text_wrapped(a, 0, 0, a.width, 2, STYLE_SQL, sql) + 2;
    *height += d->form->note ? area_text_wrapped(a, 0, 0, a.width, 2, STYLE_WARN, d->form->note) : 0;
    *height += d->message ? area_text_wrapped(a, 0, 0, a.width, 2, STYLE_BAD, d->message) : 0;
    *height += d->hint ? area_text_wrapped(a, 0, 0, a.width, 2, STYLE_DIM, d->hint) : 0;
    free(sql);
}

static void draw_choices(struct area a, int x, int y, const struct insert_field *f, const char *value) {
    for (size_t i = 0; i < f->choices.len; i++) {
        bool on = value && str_eq(value, f->choices.items[i].value);
        x += area_text_f(
                 a, x, y, -1, on ? STYLE_STRONG : STYLE_DIM, "%s%s", on ? "▸" : " ", f->choices.items[i].value) +
            1;
    }
}

static void draw_field(struct insert_dialog *d, struct area a, int y, size_t i) {
    const struct insert_field *f = &d->form->fields.items[i];
    bool focused = d->focus == i;
    bool choose = f->choices.len > 0;
    int width = choose ? 18 : a.width - LABEL - 22;
    area_text_f(a, 0, y, LABEL - 1, focused ? STYLE_STRONG : STYLE_NORMAL, "%s%s", focused ? "▸ " : "  ", f->column);
    field_draw(&d->fields[i], a, LABEL, y, width > 38 ? 38 : width, focused, false);
    if (choose)
        draw_choices(a, LABEL + 19, y, f, str_get(&d->fields[i].text));
    else
        area_text_f(a, LABEL + 39, y, -1, STYLE_DIM, "%s%s", f->type,
            f->source == INSERT_MADE ? ", made here"
                : f->source == INSERT_OPTIONAL ? f->default_expr ? ", has a default" : ", may be NULL"
                : "");
}

static void draw(struct view *v, struct ui *ui, struct area a) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    struct area in = area_part(a, 2, 1, a.width - 4, a.height - 2);
    int y = 0;
    area_frame(a, STYLE_BORDER_FOCUS);
    area_text_f(a, 2, 0, a.width - 4, STYLE_TITLE_FOCUS, " Insert into %s ", d->form->table);
    (void)ui;
    for (size_t i = 0; i < d->form->fields.len; i++)
        draw_field(d, in, y++, i);
    bool focused = d->focus == d->form->fields.len;
    const struct insert_gateway *g = &d->form->gateways.items[d->form->gateway];
    area_text_f(in, 0, y, LABEL - 1, focused ? STYLE_STRONG : STYLE_NORMAL, "%sgateway", focused ? "▸ " : "  ");
    area_text_f(in, LABEL, y++, -1, focused ? STYLE_INPUT : STYLE_NORMAL, "‹ %s ›", g->label);
    const char *home = insert_form_home(d->form);
    area_text(in, 0, y, LABEL - 1, STYLE_HEADER, "  home region");
    area_text(in, LABEL, y++, -1, home ? STYLE_STRONG : STYLE_UNKNOWN, home ? home : "not known from what is given");
    y++;
    char *sql = preview(d);
    y += area_text_wrapped(in, 0, y, in.width, 2, STYLE_SQL, sql);
    free(sql);
    if (d->form->note)
        y += area_text_wrapped(in, 0, y, in.width, 2, STYLE_WARN, d->form->note);
    if (d->message)
        y += area_text_wrapped(in, 0, y, in.width, 2, d->bad ? STYLE_BAD : STYLE_NORMAL, d->message);
    if (d->hint)
        y += area_text_wrapped(in, 0, y, in.width, 2, STYLE_DIM, d->hint);
    area_text(in, 0, in.height - 1, -1, STYLE_DIM,
        d->busy ? "Esc cancels it on the server" : "Enter inserts · Tab next · Up Down choose · Esc closes");
}

static void take_values(struct insert_dialog *d) {
    for (size_t i = 0; i < d->form->fields.len; i++) {
        const char *text = str_get(&d->fields[i].text);
        insert_form_set(d->form, i, *text ? text : NULL);
    }
}

static void choose(struct insert_dialog *d, int by) {
    if (d->focus == d->form->fields.len) {
        size_t n = d->form->gateways.len;
        d->form->gateway = (d->form->gateway + n + (size_t)(by > 0 ? 1 : n - 1)) % n;
        return;
    }
    const struct insert_field *f = &d->form->fields.items[d->focus];
    size_t n = f->choices.len;
    size_t at = n;
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_get(&d->fields[d->focus].text), f->choices.items[i].value))
            at = i;
    if (n == 0)
        return;
    at = at == n ? (by > 0 ? 0 : n - 1) : (at + n + (size_t)(by > 0 ? 1 : n - 1)) % n;
    field_set(&d->fields[d->focus], f->choices.items[at].value);
    take_values(d);
}

static void move_focus(struct insert_dialog *d, int by) {
    size_t n = d->form->fields.len + 1;
    do
        d->focus = (d->focus + n + (size_t)(by > 0 ? 1 : n - 1)) % n;
    while (d->focus < d->form->fields.len && hidden(&d->form->fields.items[d->focus]));
}

static enum view_reaction input(struct view *v, struct ui *ui, const struct input_event *e) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    (void)ui;
    if (d->busy)
        return VIEW_IGNORED;
    bool list = d->focus == d->form->fields.len || d->form->fields.items[d->focus].choices.len > 0;
    bool gateway = d->focus == d->form->fields.len;
    if (e->kind == INPUT_KEY && list && (e->key == KEYCODE_UP || e->key == KEYCODE_DOWN)) {
        choose(d, e->key == KEYCODE_DOWN ? 1 : -1);
        return VIEW_HANDLED;
    }
    if (e->kind == INPUT_KEY && gateway && (e->key == KEYCODE_LEFT || e->key == KEYCODE_RIGHT || e->key == ' ')) {
        choose(d, e->key == KEYCODE_LEFT ? -1 : 1);
        return VIEW_HANDLED;
    }
    if (!gateway && field_input(&d->fields[d->focus], e)) {
        take_values(d);
        return VIEW_HANDLED;
    }
    return VIEW_IGNORED;
}

static enum view_reaction command(struct view *v, struct ui *ui, enum command_id id) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    if (id == COMMAND_BACK && d->busy) {
        ui->intents->cancel_insert(ui->arg);
        return VIEW_HANDLED;
    }
    if (id == COMMAND_BACK)
        return VIEW_CLOSE;
    if (id == COMMAND_NEXT_PANE || id == COMMAND_PREVIOUS_PANE) {
        move_focus(d, id == COMMAND_NEXT_PANE ? 1 : -1);
        return VIEW_HANDLED;
    }
    if (id == COMMAND_OPEN && !d->busy) {
        take_values(d);
        d->busy = true;
        say(d, false, "sending …", NULL);
        ui->intents->insert(ui->arg, d->form);
        return VIEW_HANDLED;
    }
    return VIEW_IGNORED;
}

static void dialog_free(struct view *v) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    for (size_t i = 0; i < d->form->fields.len; i++)
        field_free(&d->fields[i]);
    free(d->fields);
    insert_form_free(d->form);
    free(d->message);
    free(d->hint);
    free(d);
}

static const struct view_ops ops = {"insert", CONTEXT_FORM, measure, draw, input, command, dialog_free};

struct view *dialog_insert_new(struct insert_form *form) {
    struct insert_dialog *d = mem_calloc(1, sizeof *d);
    d->view.ops = &ops;
    d->form = form;
    d->fields = mem_calloc(form->fields.len + 1, sizeof *d->fields);
    for (size_t i = 0; i < form->fields.len; i++)
        field_set(&d->fields[i], form->fields.items[i].value);
    /* The first thing to ask for has the focus: not the key that was made here. */
    d->focus = form->fields.len;
    for (size_t i = form->fields.len; i > 0; i--)
        if (form->fields.items[i - 1].source == INSERT_ASKED ||
            (form->fields.items[i - 1].source == INSERT_OPTIONAL && !form->fields.items[i - 1].default_expr &&
                d->focus == form->fields.len))
            d->focus = i - 1;
    return &d->view;
}

void dialog_insert_progress(struct view *v, const struct insert_result *result) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    bool over = result->state == INSERT_FAILED || result->state == INSERT_CANCELLED || result->state == INSERT_UNKNOWN;
    d->busy = !over;
    say(d, over, result->message, result->hint);
}

void dialog_insert_refused(struct view *v, const struct err *err) {
    struct insert_dialog *d = (struct insert_dialog *)v;
    d->busy = false;
    say(d, true, err->message, err->hint);
}
