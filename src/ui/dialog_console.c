/* dialog_console: the console's dialog: results above, the text being edited below them. */
#include "domicile/ui/console.h"

#include "complete.h"
#include "draw.h"
#include "field.h"
#include "transcript.h"

#include "domicile/actions/script.h"
#include "domicile/base/log.h"
#include "domicile/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_HEIGHT = 12, MATCH_LINES = 6, SIDE_STEP = 20 };

struct console {
    struct transcript transcript;
    struct console_status status;
    struct ui *ui;      /* of the open dialog */
    bool closing;       /* Ctrl-D */
    const char *waits;  /* why Enter began a new line; NULL */
    /* the results */
    bool paging;        /* keys go to the results */
    bool searching;     /* the text to look for is being typed */
    struct field search;
    size_t back;        /* lines below what is shown; 0: the newest are */
    int left;           /* columns to the left of what is shown */
    size_t hit;         /* line found; (size_t)-1 none */
    int lines, columns; /* shown last time */
};

struct console_dialog {
    struct view view;
    struct console *c;
};

struct console *console_new(void) {
    struct console *c = mem_calloc(1, sizeof *c);
    c->status.transaction = 'I';
    c->hit = (size_t)-1;
    return c;
}

void console_free(struct console *c) {
    if (!c)
        return;
    editor_free();
    transcript_free(&c->transcript);
    field_free(&c->search);
    free(c);
}

struct console_status *console_status(struct console *c) { return &c->status; }

static void added(struct console *c, size_t before) {
    if (c->back)
        c->back += c->transcript.count - before;
}

/* What was typed and what errors quote of it stays on the screen: without its passwords. */
void console_add(struct console *c, enum style style, const char *text, size_t most) {
    size_t before = c->transcript.count;
    struct str safe = {0};
    log_redact(&safe, text);
    transcript_add(&c->transcript, style, str_get(&safe), most, c->columns);
    str_free(&safe);
    added(c, before);
}

void console_add_f(struct console *c, enum style style, const char *format, ...) {
    struct str text = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    console_add(c, style, str_get(&text), 0);
    str_free(&text);
}

void console_add_result(struct console *c, struct pg_result *r) {
    size_t before = c->transcript.count;
    transcript_add_result(&c->transcript, r);
    added(c, before);
}

const struct pg_result *console_result(const struct console *c) { return transcript_result(&c->transcript); }

void console_clear(struct console *c) {
    transcript_clear(&c->transcript);
    c->back = 0;
    c->hit = (size_t)-1;
}

void console_close(struct console *c) { c->closing = true; }

void console_type(struct console *c, const char *text) {
    c->paging = false;
    editor_set_text(text);
}

/* ---- what the editor asks ---- */

/* A word of the command table needs no ';'. */
static bool is_complete(void *arg, const char *text) {
    struct console *c = arg;
    const char *argument;
    c->waits = NULL;
    if (command_of_line(text, &argument))
        return true;
    bool complete = script_is_complete(text, &c->waits);
    if (complete)
        c->waits = NULL;
    return complete;
}

static void accept(void *arg, const char *text) {
    struct console *c = arg;
    c->back = 0;
    c->left = 0;
    c->hit = (size_t)-1;
    c->ui->intents->run_line(c->ui->arg, text);
}

static void offer(void *arg, const char *text, size_t begin, size_t end, struct words *out) {
    struct console *c = arg;
    complete_words(c->ui->model, text, begin, end, out);
}

static void end(void *arg) {
    struct console *c = arg;
    c->closing = true;
}

/* ---- drawing ---- */

static void measure(struct view *v, struct ui *ui, int max_width, int *width, int *height) {
    (void)v;
    (void)ui;
    (void)max_width;
    (void)width; /* all of it */
    *height = *height * 3 / 5 > LEAST_HEIGHT ? *height * 3 / 5 : LEAST_HEIGHT;
}

static void add_prompt(struct str *out, const struct console *c, const struct ui *ui) {
    const struct server_info *s = snapshot_server(&ui->model->live);
    char t = c->status.transaction;
    str_add_f(out, "%s%s> ", s && s->database ? s->database : "sql", t == 'T' ? "*" : t == 'E' ? "!" : "");
}

/* A row of the text as it is drawn. */
struct edit_row {
    size_t begin, end;
    bool first; /* of its line */
};

/* The text's rows around the cursor, at most `most` of them, broken at width columns; *at is the cursor's. */
static size_t edit_rows(struct edit_row *rows, size_t most, int width, size_t *at) {
    const char *text = editor_text();
    size_t len = strlen(text);
    size_t point = editor_point();
    size_t from = point;
    size_t n = 0;
    for (size_t lines = 0; from > 0; from--)
        if (text[from - 1] == '\n' && ++lines >= most)
            break;
    *at = 0;
    for (size_t begin = from;;) {
        size_t line = strcspn(text + begin, "\n");
        size_t take = 0;
        for (int used = 0; take < line;) {
            uint32_t cp;
            size_t bytes = text_decode(text + begin + take, line - take, &cp);
            int w = text_char_width(cp) > 0 ? text_char_width(cp) : 1;
            if (used + w >= width && take > 0)
                break;
            used += w;
            take += bytes;
        }
        bool whole = take == line;
        if (n == most) { /* the cursor stays among the rows kept */
            if (point < rows[n - 1].end || (point == rows[n - 1].end && *at < n - 1))
                break;
            memmove(rows, rows + 1, (most - 1) * sizeof *rows);
            n--;
            *at -= *at > 0;
        }
        rows[n] = (struct edit_row){begin, begin + take, begin == 0 || text[begin - 1] == '\n'};
        if (point >= begin && (point < begin + take || (whole && point == begin + take)))
            *at = n;
        n++;
        begin += take + whole;
        if (whole && begin > len)
            break;
    }
    return n;
}

static void draw_row(struct area a, int y, int x, const struct edit_row *row, bool cursor) {
    struct str text = {0};
    const char *all = editor_text();
    text_clean(&text, all + row->begin, row->end - row->begin);
    area_text(a, x, y, -1, STYLE_NORMAL, str_get(&text));
    if (cursor) {
        str_clear(&text);
        text_clean(&text, all + row->begin, editor_point() - row->begin);
        area_cursor(a, x + text_width(str_get(&text)), y);
    }
    str_free(&text);
}

/* The text being edited at the bottom of a; returns the lines it takes. */
static int draw_edit(struct console *c, struct ui *ui, struct area a, bool focused) {
    enum { MOST = 40 };
    struct edit_row rows[MOST];
    struct str prompt = {0};
    const char *message = editor_message();
    size_t most = (size_t)(a.height / 2 > 1 ? a.height / 2 : 1);
    size_t at;
    if (*message)
        str_add(&prompt, message);
    else
        add_prompt(&prompt, c, ui);
    int x = text_width(str_get(&prompt));
    if (x > a.width / 2)
        x = a.width / 2;
    size_t n = edit_rows(rows, most < MOST ? most : MOST, a.width - x, &at);
    int top = a.height - (int)n;
    enum style style = c->status.transaction == 'E' ? STYLE_BAD : c->status.transaction == 'T' ? STYLE_WARN : STYLE_KEY;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].begin == 0 && i == 0)
            area_text(a, 0, top, x, style, str_get(&prompt));
        else if (rows[i].first)
            area_text_right(a, 0, top + (int)i, x - 1, STYLE_DIM, "->");
        draw_row(a, top + (int)i, x, &rows[i], focused && i == at);
    }
    str_free(&prompt);
    return (int)n;
}

/* What fits at the cursor, in columns above the text; returns the lines taken. */
static int draw_matches(struct area a, int bottom) {
    const struct words *w = editor_matches();
    int widest = 1;
    if (w->len == 0)
        return 0;
    for (size_t i = 0; i < w->len; i++)
        widest = text_width(w->items[i]) > widest ? text_width(w->items[i]) : widest;
    int columns = a.width / (widest + 2) > 0 ? a.width / (widest + 2) : 1;
    int lines = ((int)w->len + columns - 1) / columns;
    int shown = lines < MATCH_LINES ? lines : MATCH_LINES;
    for (int i = 0; i < shown * columns && i < (int)w->len; i++) {
        bool more = i == shown * columns - 1 && (size_t)i + 1 < w->len;
        if (more)
            area_text_f(
                a, i % columns * (widest + 2), bottom - shown + i / columns, widest, STYLE_DIM, "+%d", (int)w->len - i);
        else
            area_text(a, i % columns * (widest + 2), bottom - shown + i / columns, widest, STYLE_SQL, w->items[i]);
    }
    return shown;
}

static void draw_line(struct console *c, struct area a, int y, size_t i) {
    struct str line = {0};
    enum style style = transcript_line(&c->transcript, i, &line);
    int used;
    size_t skip = c->left ? text_fit(str_get(&line), c->left, &used) : 0;
    if (i == c->hit)
        a.over |= OVER_SELECTED;
    area_text(a, 0, y, a.width, style, str_get(&line) + skip);
    str_free(&line);
}

static void draw_transcript(struct console *c, struct area a) {
    size_t count = c->transcript.count;
    size_t shown = a.height > 0 ? (size_t)a.height : 0;
    c->lines = a.height;
    c->columns = a.width;
    if (count <= shown)
        c->back = 0;
    else if (c->back > count - shown)
        c->back = count - shown;
    size_t first = count > shown ? count - shown - c->back : 0;
    /* A short one stands at the bottom, next to the prompt. */
    int top = count < shown ? (int)(shown - count) : 0;
    for (size_t i = first; i < count && i - first < shown; i++)
        draw_line(c, a, top + (int)(i - first), i);
}

static void draw_state(struct console *c, struct ui *ui, struct area a) {
    struct str text = {0};
    const struct console_status *s = &c->status;
    enum style style = STYLE_DIM;
    if (s->running) {
        style = STYLE_WARN;
        str_add(&text, s->cancelling ? " cancelling … " : " running ");
        if (s->running_since && !s->cancelling) {
            draw_add_age(&text, ui->model->now - s->running_since);
            str_add_char(&text, ' ');
        }
        str_add(&text, s->cancelling ? "" : "· Esc cancels ");
        model_wake_at(ui->model, ui->model->now + USEC_PER_SEC);
        if (s->waiting)
            str_add_f(&text, "· %zu more ", s->waiting);
    } else if (s->transaction != 'I') {
        style = s->transaction == 'E' ? STYLE_BAD : STYLE_WARN;
        str_add(&text, s->transaction == 'E' ? " transaction failed: ROLLBACK ends it " : " transaction open ");
    }
    int width = text_width(str_get(&text));
    if (width)
        area_text(a, a.width - width - 2, 0, width, style, str_get(&text));
    str_free(&text);
}

static void draw_hint(struct console *c, struct area a) {
    const char *text;
    const struct model *m = c->ui->model;
    if (m->message) {
        enum style style = m->message_kind == MESSAGE_BAD ? STYLE_BAD
            : m->message_kind == MESSAGE_WARN ? STYLE_WARN
            : STYLE_GOOD;
        area_text_f(a, 2, a.height - 1, a.width - 4, style, " %s ", m->message);
        return;
    }
    if (c->paging)
        text = a.width < 100
            ? " arrows PgUp page · / n N search · y copy · e export · Esc prompt "
            : " arrows PgUp PgDn page · / search · n N next · y copy · e export · Esc back to the prompt ";
    else if (c->waits)
        text = c->waits;
    else
        text = a.width < 100
            ? " ; and Enter run it · Tab completes · PgUp S-Tab results · C-d closes "
            : " Enter runs what ends with ; · Tab completes · PgUp pages · S-Tab to the results · Ctrl-D closes ";
    area_text_f(a, 2, a.height - 1, a.width - (editor_is_vi() ? 15 : 4),
        c->waits && !c->paging ? STYLE_WARN : STYLE_DIM, c->waits && !c->paging ? " %s " : "%s", text);
    if (editor_is_vi() && !c->paging)
        area_text(a, a.width - 12, a.height - 1, 10, STYLE_STRONG, editor_is_vi_command() ? " command " : " insert ");
    if (c->back)
        area_text_f(a, a.width - 26, 0, 24, STYLE_STRONG, " %zu lines below ", c->back);
}

static void draw(struct view *v, struct ui *ui, struct area a) {
    struct console *c = ((struct console_dialog *)v)->c;
    struct area in = area_part(a, 2, 1, a.width - 4, a.height - 2);
    area_frame(a, STYLE_BORDER_FOCUS);
    area_text(a, 2, 0, a.width - 4, STYLE_TITLE_FOCUS, ui->model->read_only ? " Console (read-only) " : " Console ");
    draw_state(c, ui, a);
    draw_hint(c, a);
    int taken = 1;
    if (c->searching) {
        area_text(in, 0, in.height - 1, 1, STYLE_KEY, "/");
        field_draw(&c->search, in, 1, in.height - 1, in.width - 1, true, false);
    } else {
        taken = draw_edit(c, ui, in, !c->paging);
        taken += draw_matches(in, in.height - taken);
    }
    draw_transcript(c, area_part(in, 0, 0, in.width, in.height - taken));
}

/* ---- keys ---- */

static void page(struct console *c, long by) {
    if (by > 0)
        c->back += (size_t)by;
    else
        c->back = (size_t)-by > c->back ? 0 : c->back - (size_t)-by;
}

static void find(struct console *c, bool back) {
    const char *text = str_get(&c->search.text);
    size_t shown = c->lines > 0 ? (size_t)c->lines : 1;
    size_t from = c->hit != (size_t)-1 ? c->hit + !back : back ? c->transcript.count : 0;
    size_t hit = *text ? transcript_find(&c->transcript, text, from, back) : (size_t)-1;
    if (hit == (size_t)-1 && *text) /* around the end */
        hit = transcript_find(&c->transcript, text, back ? c->transcript.count : 0, back);
    c->hit = hit;
    if (hit == (size_t)-1) {
        model_message(c->ui->model, MESSAGE_INFO, "\"%s\" is not in the results", text);
        return;
    }
    size_t below = c->transcript.count - 1 - hit;
    c->back = below > shown / 2 ? below - shown / 2 : 0;
}

static bool search_key(struct console *c, const struct input_event *e) {
    if (field_input(&c->search, e))
        return true;
    if (e->kind == INPUT_KEY && (e->key == KEYCODE_ENTER || e->key == KEYCODE_ESC)) {
        c->searching = false;
        c->hit = (size_t)-1;
        if (e->key == KEYCODE_ENTER)
            find(c, true);
    }
    return true;
}

static bool page_key(struct console *c, keycode key) {
    long screen = c->lines > 2 ? c->lines - 1 : 1;
    switch (key) {
    case KEYCODE_UP: case 'k': page(c, 1); break;
    case KEYCODE_DOWN: case 'j': page(c, -1); break;
    case KEYCODE_PAGE_UP: case 2: case 'b': page(c, screen); break;
    case KEYCODE_PAGE_DOWN: case 6: case ' ': page(c, -screen); break;
    case KEYCODE_HOME: case 'g': c->back = c->transcript.count; break;
    case KEYCODE_END: case 'G': c->back = 0; break;
    case KEYCODE_LEFT: case 'h': c->left = c->left > SIDE_STEP ? c->left - SIDE_STEP : 0; break;
    case KEYCODE_RIGHT: case 'l': c->left += SIDE_STEP; break;
    case '/':
        c->searching = true;
        field_set(&c->search, "");
        break;
    case 'n': find(c, true); break;
    case 'N': find(c, false); break;
    case 'y': c->ui->intents->run_line(c->ui->arg, "copy"); break;
    case 'e': console_type(c, "export "); break;
    case KEYCODE_ESC: case KEYCODE_TAB: case KEYCODE_BACK_TAB: case 'i': case 'q':
        c->paging = false;
        c->left = 0;
        break;
    default: break;
    }
    return true;
}

static bool is_page_key(keycode key) { return key == KEYCODE_PAGE_UP || key == KEYCODE_PAGE_DOWN; }

/* A lone Esc means something to readline in vi mode, and in a search; on an empty line it closes. */
static bool closes(keycode key) {
    return key == KEYCODE_ESC && *editor_text() == '\0' && editor_is_idle() &&
        (!editor_is_vi() || editor_is_vi_command());
}

static enum view_reaction key(struct console *c, keycode k) {
    if (c->status.running && (k == KEYCODE_ESC || k == 3)) {
        c->ui->intents->cancel_line(c->ui->arg);
        return VIEW_HANDLED;
    }
    if (k == 12 || k == 26) /* painting anew and suspending are the program's */
        return VIEW_IGNORED;
    if (c->paging)
        return page_key(c, k) ? VIEW_HANDLED : VIEW_IGNORED;
    if (closes(k))
        return VIEW_CLOSE;
    if (k == KEYCODE_BACK_TAB)
        c->paging = true;
    else if (is_page_key(k))
        page_key(c, k);
    else
        editor_key(k);
    if (k != KEYCODE_ENTER)
        c->waits = NULL;
    return c->closing ? VIEW_CLOSE : VIEW_HANDLED;
}

static enum view_reaction input(struct view *v, struct ui *ui, const struct input_event *e) {
    struct console *c = ((struct console_dialog *)v)->c;
    c->ui = ui;
    if (c->searching && search_key(c, e))
        return VIEW_HANDLED;
    switch (e->kind) {
    case INPUT_KEY: return key(c, e->key);
    case INPUT_PASTE:
        c->paging = false;
        editor_paste(e->paste);
        return VIEW_HANDLED;
    case INPUT_MOUSE:
        if (e->mouse == MOUSE_WHEEL_UP || e->mouse == MOUSE_WHEEL_DOWN)
            page(c, e->mouse == MOUSE_WHEEL_UP ? 3 : -3);
        return VIEW_HANDLED;
    }
    return VIEW_IGNORED;
}

static enum view_reaction command(struct view *v, struct ui *ui, enum command_id id) {
    (void)v;
    (void)ui;
    (void)id;
    return VIEW_IGNORED;
}

static void dialog_free(struct view *v) {
    editor_close();
    free(v);
}

static const struct view_ops ops = {"console", CONTEXT_FORM, measure, draw, input, command, dialog_free};

struct view *dialog_console_new(struct console *c, struct ui *ui) {
    struct console_dialog *d = mem_calloc(1, sizeof *d);
    struct editor_options o = {is_complete, accept, offer, end, c};
    d->view.ops = &ops;
    d->c = c;
    c->ui = ui;
    c->closing = false;
    c->paging = false;
    c->searching = false;
    c->waits = NULL;
    editor_open(&o);
    return &d->view;
}
