/* lines: the dialog that shows text in lines. */
#include "lines.h"

#include "domicile/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_WIDTH = 15 };

static void add(struct lines *l, enum style style, char *label, char *text) {
    vec_push(&l->list, ((struct line){.style = style, .indent = 2, .text = text, .label = label}));
}

static char *format_text(const char *format, va_list ap) {
    struct str out = {0};
    str_add_vf(&out, format, ap);
    return str_take(&out);
}

void lines_add(struct lines *l, enum style style, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    add(l, style, NULL, format_text(format, ap));
    va_end(ap);
}

void lines_add_pair(struct lines *l, const char *label, enum style style, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    add(l, style, mem_strdup(label), format_text(format, ap));
    va_end(ap);
}

void lines_add_sql(struct lines *l, const char *sql) {
    for (const char *p = sql; *p;) {
        size_t n = strcspn(p, "\n");
        struct str line = {0};
        for (size_t i = 0; i < n; i++) {
            if (p[i] == '\t')
                str_add(&line, "    ");
            else
                str_add_char(&line, p[i]);
        }
        add(l, STYLE_SQL, NULL, str_take(&line));
        l->list.items[l->list.len - 1].indent = 6;
        p += n;
        p += *p == '\n';
    }
}

void lines_clear(struct lines *l) {
    for (size_t i = 0; i < l->list.len; i++) {
        free(l->list.items[i].text);
        free(l->list.items[i].label);
    }
    vec_clear(&l->list);
}

static int text_lines(const struct line *line, int width) {
    struct surface none = {.width = 1, .height = 1};
    struct area a = {.surface = &none, .width = width, .height = 0};
    int x = line->label ? LABEL_WIDTH : 0;
    return area_text_wrapped(a, x, 0, width - x, line->indent, line->style, line->text);
}

static void measure(struct view *v, struct ui *ui, int max_width, int *width, int *height) {
    struct lines *l = (struct lines *)v;
    if (l->build) {
        lines_clear(l);
        l->build(l, ui);
    }
    int want = text_width(l->title) + 6;
    for (size_t i = 0; i < l->list.len; i++) {
        int w = text_width(l->list.items[i].text) + (l->list.items[i].label ? LABEL_WIDTH : 0) + 4;
        want = w > want ? w : want;
    }
    *width = want < max_width ? want : max_width;
    *height = 2;
    for (size_t i = 0; i < l->list.len; i++)
        *height += text_lines(&l->list.items[i], *width - 4);
    l->heights = *height - 2;
}

static void draw(struct view *v, struct ui *ui, struct area a) {
    struct lines *l = (struct lines *)v;
    int y = -v->top;
    (void)ui;
    area_frame(a, STYLE_BORDER_FOCUS);
    area_text_f(a, 2, 0, a.width - 4, STYLE_TITLE_FOCUS, " %s ", l->title);
    struct area inside = area_part(a, 2, 1, a.width - 4, a.height - 2);
    for (size_t i = 0; i < l->list.len; i++) {
        const struct line *line = &l->list.items[i];
        int n = text_lines(line, inside.width);
        struct area part = inside;
        bool here = l->chosen && i >= l->first_choice && i - l->first_choice == l->selected;
        if (here) {
            if (y < 0)
                v->top += y;
            part.over |= OVER_SELECTED;
        }
        if (y + n > 0 && y < inside.height) {
            int x = 0;
            if (line->label)
                area_text(part, 0, y, LABEL_WIDTH - 1, STYLE_HEADER, line->label), x = LABEL_WIDTH;
            area_text_wrapped(part, x, y, part.width - x, line->indent, line->style, line->text);
        }
        y += n;
    }
    if (l->heights > inside.height)
        area_text_f(a, a.width - 14, a.height - 1, 12, STYLE_DIM, " %d of %d ",
            v->top + inside.height < l->heights ? v->top + inside.height : l->heights, l->heights);
}

static void scroll(struct lines *l, int by) {
    int visible = l->view.box.height - 2;
    int last = l->heights - (visible > 0 ? visible : 1);
    l->view.top += by;
    if (l->view.top > last)
        l->view.top = last;
    if (l->view.top < 0)
        l->view.top = 0;
}

static void move_choice(struct lines *l, int by) {
    size_t n = l->list.len > l->first_choice ? l->list.len - l->first_choice : 0;
    if (by < 0 && l->selected < (size_t)-by)
        l->selected = 0;
    else
        l->selected = (size_t)((long)l->selected + by);
    if (l->selected >= n)
        l->selected = n ? n - 1 : 0;
    int visible = l->view.box.height - 2;
    int at = (int)(l->first_choice + l->selected);
    if (visible > 0 && at >= l->view.top + visible)
        l->view.top = at - visible + 1;
    if (at < l->view.top)
        l->view.top = at;
}

static void copy_all(struct lines *l, struct ui *ui) {
    struct str out = {0};
    for (size_t i = 0; i < l->list.len && !l->copy; i++)
        str_add_f(&out, "%s%s%s\n", l->list.items[i].label ? l->list.items[i].label : "",
            l->list.items[i].label ? ": " : "", l->list.items[i].text);
    ui->intents->copy(ui->arg, l->copy ? l->copy : str_get(&out), l->title);
    str_free(&out);
}

static enum view_reaction command(struct view *v, struct ui *ui, enum command_id id) {
    struct lines *l = (struct lines *)v;
    int step = id == COMMAND_UP ? -1
        : id == COMMAND_DOWN ? 1
        : id == COMMAND_PAGE_UP ? -10
        : id == COMMAND_PAGE_DOWN ? 10
        : id == COMMAND_HOME ? -10000
        : id == COMMAND_END ? 10000
        : 0;
    if (step) {
        if (l->chosen)
            move_choice(l, step);
        else
            scroll(l, step);
        return VIEW_HANDLED;
    }
    if (id == COMMAND_OPEN && l->chosen && l->list.len > l->first_choice) {
        l->chosen(l, ui, l->selected);
        return VIEW_CLOSE;
    }
    if (id == COMMAND_COPY) {
        copy_all(l, ui);
        return VIEW_HANDLED;
    }
    return id == COMMAND_BACK || id == COMMAND_OPEN || id == COMMAND_HELP ? VIEW_CLOSE : VIEW_IGNORED;
}

static enum view_reaction input(struct view *v, struct ui *ui, const struct input_event *e) {
    struct lines *l = (struct lines *)v;
    (void)ui;
    if (e->kind == INPUT_MOUSE && (e->mouse == MOUSE_WHEEL_UP || e->mouse == MOUSE_WHEEL_DOWN)) {
        scroll(l, e->mouse == MOUSE_WHEEL_UP ? -3 : 3);
        return VIEW_HANDLED;
    }
    if (e->kind == INPUT_KEY && l->key && l->key(l, e->key))
        return VIEW_HANDLED;
    return e->kind == INPUT_KEY && e->key == 'q' ? VIEW_CLOSE : VIEW_IGNORED;
}

static void lines_free(struct view *v) {
    struct lines *l = (struct lines *)v;
    lines_clear(l);
    vec_free(&l->list);
    free((void *)(uintptr_t)v->ops);
    free(l->title);
    free(l->subject);
    free(l->copy);
    free(l);
}

struct lines *lines_new(const char *name, const char *title, void (*build)(struct lines *l, struct ui *ui)) {
    struct lines *l = mem_calloc(1, sizeof *l);
    struct view_ops *ops = mem_calloc(1, sizeof *ops);
    *ops = (struct view_ops){name, CONTEXT_DIALOG, measure, draw, input, command, lines_free};
    l->view.ops = ops;
    l->title = mem_strdup(title);
    l->build = build;
    return l;
}
