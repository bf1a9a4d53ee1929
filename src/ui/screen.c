/* screen: curses paints into memory, the loop sends what it painted. */
#include "domicile/ui/screen.h"

#include "domicile/base/mem.h"
#include "domicile/base/text.h"
#include "domicile/ui/terminal.h"
#include "sgr.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

enum {
    LONGEST_COPY = 74994 /* most terminals' limit, in base64 100,000 */,
    MAX_PAIRS = 250,
    DOUBLE_CLICK = 400 * USEC_PER_MS,
    GATE = 30 * USEC_PER_MS
};

struct screen {
    struct loop *loop;
    struct screen_options o;
    SCREEN *curses;
    FILE *memory;    /* where curses writes */
    int memory_fd;
    struct sgr sgr;
    struct str frame; /* what curses wrote */
    struct str out;  /* painted or sent, not yet taken by the terminal */
    struct surface surface;
    struct cell *drawn; /* what curses was told last, cell for cell; NULL: nothing that holds */
    struct input input;
    struct loop_fd *watch;
    struct loop_timer *escape;
    struct loop_timer *gate;
    struct loop_prepare *prepare;
    int cursor_x, cursor_y; /* where curses was told that it is; -1 hidden */
    bool dirty;
    bool urgent;     /* what is dirty is what a key did: it does not wait for the gate */
    usec painted_at; /* of the last picture that differed */
    bool all;        /* paint everything anew */
    bool gone;       /* the terminal hung up */
    short pairs[MAX_PAIRS][2];
    short pair_count;
    usec pressed_at;
    int pressed_x, pressed_y;
    struct screen_stats stats;
};

static void send_pending(struct screen *s) {
    size_t done = 0;
    while (done < s->out.len) {
        ssize_t n = write(terminal_fd(), s->out.data + done, s->out.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done) {
        memmove(s->out.data, s->out.data + done, s->out.len - done);
        str_truncate(&s->out, s->out.len - done);
    }
    s->stats.bytes += done;
    if (s->watch)
        loop_fd_set_events(s->watch, s->out.len ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

/* The pair of a foreground and a background, made when first used. */
static short pair_of(struct screen *s, short fg, short bg) {
    if (fg < 0 && bg < 0)
        return 0;
    for (short i = 0; i < s->pair_count; i++)
        if (s->pairs[i][0] == fg && s->pairs[i][1] == bg)
            return (short)(i + 1);
    if (s->pair_count + 1 >= MAX_PAIRS || s->pair_count + 1 >= COLOR_PAIRS)
        return 0;
    s->pairs[s->pair_count][0] = fg;
    s->pairs[s->pair_count][1] = bg;
    init_pair((short)(s->pair_count + 1), fg, bg);
    return ++s->pair_count;
}

static void lay_over(struct look *look, const struct look *over) {
    if (over->fg >= 0)
        look->fg = over->fg;
    if (over->bg >= 0)
        look->bg = over->bg;
    if (over->fg8 >= 0)
        look->fg8 = over->fg8;
    if (over->bg8 >= 0)
        look->bg8 = over->bg8;
    look->attributes |= over->attributes;
}

static attr_t attributes_of(unsigned looks) {
    attr_t a = A_NORMAL;
    if (looks & LOOK_BOLD)
        a |= A_BOLD;
    if (looks & LOOK_UNDERLINE)
        a |= A_UNDERLINE;
    if (looks & LOOK_REVERSE)
        a |= A_REVERSE;
    if (looks & LOOK_DIM)
        a |= A_DIM;
    return a;
}

static void look_of(struct screen *s, const struct cell *c, attr_t *attributes, short *pair) {
    const struct theme *t = s->o.theme;
    struct look look = t->looks[c->style];
    if (c->over & OVER_SELECTED)
        lay_over(&look, &t->selected);
    if (c->over & OVER_LIT)
        lay_over(&look, &t->lit);
    bool colour = s->o.colour && t->colours;
    bool many = COLORS >= 256;
    *pair = colour ? pair_of(s, many ? look.fg : look.fg8, many ? look.bg : look.bg8) : 0;
    /* Without colour the selection and what is lit still have to be seen. */
    if (!colour && c->over)
        look.attributes |= LOOK_REVERSE;
    *attributes = attributes_of(look.attributes);
}

static void paint_cell(struct screen *s, int x, int y, const struct cell *c) {
    wchar_t text[CCHARW_MAX + 1];
    cchar_t cell;
    attr_t attributes;
    short pair;
    size_t n = 0;
    if (c->text[0] == '\0')
        return; /* behind a wide character */
    size_t left = strlen(c->text);
    for (const char *p = c->text; left > 0 && n < CCHARW_MAX - 1;) {
        uint32_t cp;
        size_t len = text_decode(p, left, &cp);
        text[n++] = (wchar_t)cp;
        p += len;
        left -= len;
    }
    text[n] = L'\0';
    look_of(s, c, &attributes, &pair);
    setcchar(&cell, text, attributes, pair, NULL);
    mvadd_wch(y, x, &cell);
}

/* Takes what curses wrote: the file is as long as the longest frame, its position the length of this one. */
static void collect(struct screen *s) {
    char buffer[16384];
    fflush(s->memory);
    off_t length = lseek(s->memory_fd, 0, SEEK_CUR);
    str_clear(&s->frame);
    for (off_t at = 0; at < length;) {
        size_t left = (size_t)(length - at);
        ssize_t n = pread(s->memory_fd, buffer, left < sizeof buffer ? left : sizeof buffer, at);
        if (n <= 0)
            break;
        str_add_n(&s->frame, buffer, (size_t)n);
        at += n;
    }
    sgr_squeeze(&s->sgr, &s->out, str_get(&s->frame), s->frame.len);
    lseek(s->memory_fd, 0, SEEK_SET);
}

static void paint_line(struct screen *s, int y, bool all) {
    const struct cell *cells = s->surface.cells + (size_t)y * (size_t)s->surface.width;
    struct cell *drawn = s->drawn + (size_t)y * (size_t)s->surface.width;
    for (int x = 0; x < s->surface.width; x++) {
        /* A narrow character over half of a wide one: curses drops the other half, so both are written. */
        bool half = !all && (cells[x].text[0] == '\0') != (drawn[x].text[0] == '\0');
        if (!all && !half && memcmp(&cells[x], &drawn[x], sizeof *cells) == 0)
            continue;
        if (half && x > 0)
            paint_cell(s, x - 1, y, &cells[x - 1]);
        paint_cell(s, x, y, &cells[x]);
        drawn[x] = cells[x];
    }
}

/* Curses' own picture made empty, and known to be; false: in this theme a blank has a colour, so each has to be drawn. */
static bool begin_drawn(struct screen *s) {
    static const struct cell blank = {.text = " "};
    size_t n = (size_t)s->surface.width * (size_t)s->surface.height;
    attr_t attributes;
    short pair;
    s->drawn = mem_calloc(n, sizeof *s->drawn);
    look_of(s, &blank, &attributes, &pair);
    if (attributes != A_NORMAL || pair != 0)
        return false;
    erase();
    for (size_t i = 0; i < n; i++)
        s->drawn[i] = blank;
    return true;
}

/* Only what is another than last time: curses' own comparison costs many times as much. */
static void paint_cells(struct screen *s) {
    const struct surface *f = &s->surface;
    size_t line = (size_t)f->width * sizeof *f->cells;
    bool all = !s->drawn && !begin_drawn(s);
    for (int y = 0; y < f->height; y++) {
        size_t at = (size_t)y * (size_t)f->width;
        if (all || memcmp(f->cells + at, s->drawn + at, line) != 0)
            paint_line(s, y, all);
    }
}

static void forget_drawn(struct screen *s) {
    free(s->drawn);
    s->drawn = NULL;
}

static bool differs(const struct screen *s) {
    const struct surface *f = &s->surface;
    if (s->all || !s->drawn || s->cursor_x != f->cursor_x || s->cursor_y != f->cursor_y)
        return true;
    return memcmp(f->cells, s->drawn, (size_t)f->width * (size_t)f->height * sizeof *f->cells) != 0;
}

static void show(struct screen *s) {
    if (s->all) {
        clearok(curscr, TRUE);
        forget_drawn(s);
    }
    s->all = false;
    paint_cells(s);
    s->painted_at = loop_now(s->loop);
    loop_timer_stop(s->gate);
    s->cursor_x = s->surface.cursor_x;
    s->cursor_y = s->surface.cursor_y;
    bool cursor = s->cursor_x >= 0;
    curs_set(cursor);
    leaveok(stdscr, !cursor);
    if (cursor)
        move(s->cursor_y, s->cursor_x);
    wnoutrefresh(stdscr);
    doupdate();
    collect(s);
    s->stats.frames++;
}

/* Answers that come one upon the other make one picture. */
static bool waits_for_gate(struct screen *s) {
    usec opens = s->painted_at + GATE;
    if (s->urgent || loop_now(s->loop) >= opens)
        return false;
    loop_timer_start_at(s->gate, opens, 0);
    return true;
}

static void paint(struct screen *s) {
    if (loop_timer_running(s->gate) && !s->urgent)
        return; /* it differs, and is drawn as it is when the gate opens */
    surface_erase(&s->surface);
    s->o.paint(s->o.arg, &s->surface);
    if (differs(s)) {
        if (waits_for_gate(s))
            return;
        show(s);
    }
    s->dirty = s->urgent = false;
}

/* At the end of a turn: the newest picture, once the last one has left. */
static void on_prepare(void *arg) {
    struct screen *s = arg;
    if (s->gone)
        return;
    send_pending(s); /* a frame that the terminal did not take, or what was handed to its clipboard */
    if (s->dirty && s->out.len > 0)
        s->stats.skipped++;
    else if (s->dirty)
        paint(s);
    send_pending(s);
}

/* The turn that it makes ends with painting. */
static void on_gate(void *arg) { (void)arg; }

static void tell(struct screen *s, struct input_event *e) {
    if (e->kind == INPUT_MOUSE && e->mouse == MOUSE_PRESS) {
        usec now = loop_now(s->loop);
        bool twice = now - s->pressed_at < DOUBLE_CLICK && e->x == s->pressed_x && e->y == s->pressed_y;
        s->pressed_at = twice ? 0 : now;
        s->pressed_x = e->x;
        s->pressed_y = e->y;
        if (twice)
            e->mouse = MOUSE_DOUBLE;
    }
    s->urgent = true;
    s->o.event(s->o.arg, e);
}

static void decode(struct screen *s, bool timed_out) {
    struct input_event e;
    while (input_next(&s->input, timed_out, &e))
        tell(s, &e);
    if (input_waiting(&s->input))
        loop_timer_start(s->escape, s->o.escape_delay, 0);
    else
        loop_timer_stop(s->escape);
}

static void on_escape(void *arg) { decode(arg, true); }

static void hang_up(struct screen *s) {
    s->gone = true;
    loop_fd_free(s->watch);
    s->watch = NULL;
    s->o.hangup(s->o.arg);
}

static void on_terminal(void *arg, int events) {
    struct screen *s = arg;
    char buffer[4096];
    bool read_any = false;
    if (events & LOOP_WRITE)
        send_pending(s);
    if (!(events & (LOOP_READ | LOOP_HANGUP)))
        return;
    ssize_t n;
    while ((n = read(terminal_fd(), buffer, sizeof buffer)) > 0) {
        input_feed(&s->input, buffer, (size_t)n);
        read_any = true;
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        hang_up(s);
        return;
    }
    if (read_any)
        decode(s, false);
}

/* What curses writes to take the terminal is let go: that is ours to do, and to undo, also from a signal handler. */
static void forget_beginning(struct screen *s) {
    doupdate();
    fflush(s->memory);
    lseek(s->memory_fd, 0, SEEK_SET);
    s->all = true;
}

static bool start_curses(struct screen *s, struct err *err) {
    int rows;
    int cols;
    s->memory_fd = memfd_create("screen", MFD_CLOEXEC);
    s->memory = s->memory_fd >= 0 ? fdopen(s->memory_fd, "w") : NULL;
    terminal_size(&rows, &cols);
    use_env(FALSE);
    use_tioctl(FALSE);
    s->curses = s->memory ? newterm(NULL, s->memory, stdin) : NULL;
    if (!s->curses) {
        const char *name = getenv("TERM");
        return err_set(err, ERR_USAGE, "the terminal type TERM=%s is not known here", name ? name : "");
    }
    set_term(s->curses);
    typeahead(-1); /* the loop has read what was typed, and a picture is painted whole */
    forget_beginning(s);
    if (s->o.colour && has_colors()) {
        start_color();
        use_default_colors();
    } else {
        s->o.colour = false;
    }
    resizeterm(rows, cols);
    surface_init(&s->surface, cols, rows, s->o.ascii);
    return true;
}

struct screen *screen_new(struct loop *loop, const struct screen_options *o, struct err *err) {
    struct screen *s = mem_calloc(1, sizeof *s);
    s->loop = loop;
    s->o = *o;
    s->memory_fd = -1;
    if (!start_curses(s, err)) {
        if (s->memory)
            fclose(s->memory);
        free(s);
        return NULL;
    }
    terminal_take(o->mouse);
    sgr_reset(&s->sgr);
    s->watch = loop_fd_new(loop, terminal_fd(), LOOP_READ, on_terminal, s);
    s->escape = loop_timer_new(loop, on_escape, s);
    s->gate = loop_timer_new(loop, on_gate, s);
    s->prepare = loop_prepare_new(loop, on_prepare, s);
    s->dirty = true;
    return s;
}

void screen_free(struct screen *s) {
    if (!s)
        return;
    loop_fd_free(s->watch);
    loop_timer_free(s->escape);
    loop_timer_free(s->gate);
    loop_prepare_free(s->prepare);
    endwin();
    delscreen(s->curses);
    fclose(s->memory);
    surface_free(&s->surface);
    input_free(&s->input);
    str_free(&s->out);
    str_free(&s->frame);
    free(s->drawn);
    free(s);
}

void screen_dirty(struct screen *s) { s->dirty = true; }

void screen_set_theme(struct screen *s, const struct theme *theme) {
    s->o.theme = theme;
    screen_repaint(s);
}

void screen_repaint(struct screen *s) {
    s->all = true;
    s->dirty = s->urgent = true;
}

void screen_resize(struct screen *s) {
    int rows;
    int cols;
    terminal_size(&rows, &cols);
    if (rows == s->surface.height && cols == s->surface.width) {
        screen_repaint(s); /* it may have been another in between, and the terminal has cut what it showed */
        return;
    }
    resizeterm(rows, cols);
    forget_drawn(s);
    surface_resize(&s->surface, cols, rows);
    s->o.resized(s->o.arg, cols, rows);
    screen_repaint(s);
}

void screen_send(struct screen *s, const char *bytes, size_t n) { str_add_n(&s->out, bytes, n); }

/* Whatever is pasted somewhere must not act there: only lines and tabs stay. */
static void add_clean_lines(struct str *out, const char *text) {
    for (;;) {
        size_t n = strcspn(text, "\n\t");
        text_clean(out, text, n);
        if (text[n] == '\0')
            return;
        str_add_char(out, text[n]);
        text += n + 1;
    }
}

void screen_copy(struct screen *s, const char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct str clean = {0};
    add_clean_lines(&clean, text);
    const unsigned char *p = (const unsigned char *)str_get(&clean);
    size_t n = clean.len < LONGEST_COPY ? clean.len : LONGEST_COPY;
    str_add(&s->out, "\033]52;c;");
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0U) | (i + 2 < n ? p[i + 2] : 0U);
        str_add_char(&s->out, digits[v >> 18]);
        str_add_char(&s->out, digits[v >> 12 & 63]);
        str_add_char(&s->out, i + 1 < n ? digits[v >> 6 & 63] : '=');
        str_add_char(&s->out, i + 2 < n ? digits[v & 63] : '=');
    }
    str_add(&s->out, "\033\\");
    str_free(&clean);
}

void screen_resume(struct screen *s) {
    str_clear(&s->out); /* what was left belongs to the picture before */
    terminal_take(s->o.mouse);
    sgr_reset(&s->sgr);
    screen_resize(s);
    screen_repaint(s);
}

void screen_suspend(struct screen *s) {
    str_clear(&s->out);
    terminal_suspend(s->o.mouse);
    sgr_reset(&s->sgr);
    screen_resize(s);
    screen_repaint(s);
}

void screen_size(const struct screen *s, int *width, int *height) {
    *width = s->surface.width;
    *height = s->surface.height;
}

struct screen_stats screen_stats(const struct screen *s) { return s->stats; }
