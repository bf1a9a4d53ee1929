/* term: the pseudo-terminal and the libvterm screen behind the tests that look at the explorer. */
#include "term.h"

#include "patience.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

struct term {
    int fd;
    int slave; /* kept open so that the modes can be read after the end */
    pid_t pid;
    bool reaped;
    int status;
    VTerm *vt;
    VTermScreen *screen;
    int rows, cols;
    bool alternate, cursor_visible, paste;
    int mouse;
    struct str title;
    struct str raw;
    struct str *lines;
    size_t line_count;
};

static int64_t now_ms(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int on_property(VTermProp prop, VTermValue *value, void *user) {
    struct term *t = user;
    if (prop == VTERM_PROP_ALTSCREEN)
        t->alternate = value->boolean;
    else if (prop == VTERM_PROP_CURSORVISIBLE)
        t->cursor_visible = value->boolean;
    else if (prop == VTERM_PROP_MOUSE)
        t->mouse = value->number;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void die(const char *what) {
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(99);
}

static void start_vterm(struct term *t) {
    t->vt = vterm_new(t->rows, t->cols);
    vterm_set_utf8(t->vt, 1);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_reset(t->screen, 1);
    t->cursor_visible = true;
    t->line_count = (size_t)t->rows;
    t->lines = mem_calloc(t->line_count, sizeof *t->lines);
}

static void run_child(const struct term_options *o) {
    const char *home = getenv("HOME");
    char *kept_home = mem_strdup(home ? home : "/tmp");
    char *path = mem_strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    /* Where a sanitizer or valgrind writes is for whoever runs the tests to say. */
    static const char *const handed_on[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "VALGRIND_LOGS"};
    enum { HANDED_ON = sizeof handed_on / sizeof *handed_on };
    char *kept[HANDED_ON];
    for (int i = 0; i < HANDED_ON; i++)
        kept[i] = mem_strdup_null(getenv(handed_on[i]));
    clearenv();
    for (int i = 0; i < HANDED_ON; i++)
        if (kept[i])
            setenv(handed_on[i], kept[i], 1);
    setenv("HOME", kept_home, 1);
    setenv("PATH", path, 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", o->ascii ? "C" : "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1); /* no test depends on who runs it */
    for (const char *const *e = o->env; e && *e; e++)
        putenv(mem_strdup(*e));
    execv(o->argv[0], (char *const *)(uintptr_t)o->argv);
    _exit(127);
}

struct term *term_start(const struct term_options *o) {
    struct term *t = mem_calloc(1, sizeof *t);
    t->rows = o->rows;
    t->cols = o->cols;
    start_vterm(t);
    struct winsize size = {.ws_row = (unsigned short)o->rows, .ws_col = (unsigned short)o->cols};
    if (openpty(&t->fd, &t->slave, NULL, NULL, &size) != 0)
        die("openpty");
    fcntl(t->fd, F_SETFD, FD_CLOEXEC);
    t->pid = fork();
    if (t->pid < 0)
        die("fork");
    if (t->pid == 0) {
        close(t->fd);
        if (login_tty(t->slave) != 0)
            _exit(126);
        run_child(o);
    }
    fcntl(t->slave, F_SETFD, FD_CLOEXEC);
    fcntl(t->fd, F_SETFL, O_NONBLOCK);
    return t;
}

static bool reap(struct term *t) {
    if (!t->reaped && waitpid(t->pid, &t->status, WNOHANG) == t->pid)
        t->reaped = true;
    return t->reaped;
}

bool term_ended(struct term *t) { return reap(t); }

void term_free(struct term *t) {
    if (!reap(t)) {
        kill(-t->pid, SIGKILL);
        kill(t->pid, SIGKILL);
        waitpid(t->pid, &t->status, 0);
    }
    if (t->fd >= 0)
        close(t->fd);
    if (t->slave >= 0)
        close(t->slave);
    vterm_free(t->vt);
    for (size_t i = 0; i < t->line_count; i++)
        str_free(&t->lines[i]);
    free(t->lines);
    str_free(&t->title);
    str_free(&t->raw);
    free(t);
}

void term_type(struct term *t, const char *bytes) {
    size_t left = strlen(bytes);
    while (left > 0) {
        ssize_t n = write(t->fd, bytes, left);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return;
        if (n < 0) {
            term_settle(t, 5);
            continue;
        }
        bytes += n;
        left -= (size_t)n;
    }
}

void term_key(struct term *t, const char *name) {
    static const struct {
        const char *name, *bytes;
    } keys[] = {
        {"Enter", "\r"},      {"Esc", "\033"},      {"Tab", "\t"},        {"BackTab", "\033[Z"},
        {"Up", "\033OA"},     {"Down", "\033OB"},   {"Right", "\033OC"},  {"Left", "\033OD"},
        {"PgUp", "\033[5~"},  {"PgDn", "\033[6~"},  {"Home", "\033OH"},   {"End", "\033OF"},
        {"Backspace", "\177"}, {"C-c", "\003"},     {"C-l", "\014"},      {"C-z", "\032"},
        {"C-u", "\025"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, name) == 0) {
            term_type(t, keys[i].bytes);
            /* What follows an Esc at once would be Alt with that key, as on any terminal. */
            if (strcmp(name, "Esc") == 0)
                term_settle(t, 150 * patience());
            return;
        }
    printf("Bail out! no such key: %s\n", name);
    exit(99);
}

void term_resize(struct term *t, int rows, int cols) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    for (size_t i = 0; i < t->line_count; i++)
        str_free(&t->lines[i]);
    t->lines = mem_reallocarray(t->lines, (size_t)rows, sizeof *t->lines);
    memset(t->lines, 0, (size_t)rows * sizeof *t->lines);
    t->line_count = (size_t)rows;
    t->rows = rows;
    t->cols = cols;
    vterm_set_size(t->vt, rows, cols);
    ioctl(t->fd, TIOCSWINSZ, &size);
}

void term_hang_up(struct term *t) {
    close(t->slave);
    close(t->fd);
    t->slave = t->fd = -1;
}

void term_signal(struct term *t, int signo) { kill(t->pid, signo); }

/* libvterm 0.1 has no property for these: they are read off the bytes. */
static void note_modes(struct term *t, size_t from) {
    const char *all = str_get(&t->raw);
    size_t start = from > 16 ? from - 16 : 0;
    for (const char *p = all + start; (p = memchr(p, '\033', t->raw.len - (size_t)(p - all))) != NULL; p++) {
        if (strncmp(p, "\033[?2004h", 8) == 0)
            t->paste = true;
        else if (strncmp(p, "\033[?2004l", 8) == 0)
            t->paste = false;
        else if (strncmp(p, "\033]0;", 4) == 0 || strncmp(p, "\033]2;", 4) == 0) {
            size_t n = strcspn(p + 4, "\007\033");
            str_clear(&t->title);
            str_add_n(&t->title, p + 4, n);
        }
    }
}

/* Reads once what is there, waiting at most ms; false when there was nothing or the end. */
static bool read_some(struct term *t, int ms) {
    if (t->fd < 0)
        return poll(NULL, 0, ms) > 0;
    struct pollfd p = {.fd = t->fd, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0)
        return false;
    char buffer[65536];
    ssize_t n = read(t->fd, buffer, sizeof buffer);
    if (n <= 0)
        return false;
    size_t from = t->raw.len;
    str_add_n(&t->raw, buffer, (size_t)n);
    note_modes(t, from);
    vterm_input_write(t->vt, buffer, (size_t)n);
    char answer[4096];
    size_t len = vterm_output_read(t->vt, answer, sizeof answer);
    if (len > 0 && write(t->fd, answer, len) < 0)
        return true;
    return true;
}

size_t term_settle(struct term *t, int ms) {
    size_t before = t->raw.len;
    int64_t end = now_ms() + ms;
    while (now_ms() < end)
        if (!read_some(t, (int)(end - now_ms())) && reap(t))
            break;
    return t->raw.len - before;
}

bool term_wait_for(struct term *t, bool (*predicate)(struct term *t, void *arg), void *arg, const char *what, int ms) {
    int64_t end = now_ms() + (int64_t)ms * patience();
    for (;;) {
        while (read_some(t, 0)) {
        }
        if (predicate(t, arg))
            return true;
        int64_t left = end - now_ms();
        if (left <= 0)
            break;
        if (!read_some(t, (int)(left < 50 ? left : 50)) && reap(t) && !read_some(t, 0)) {
            printf("# the program ended, wait status %d\n", t->status);
            break;
        }
    }
    printf("# waited %d ms in vain: %s\n", ms, what);
    term_print(t);
    return false;
}

static bool has_text(struct term *t, void *arg) { return term_has(t, arg); }
static bool lacks_text(struct term *t, void *arg) { return !term_has(t, arg); }

bool term_wait(struct term *t, const char *text, int ms) {
    return term_wait_for(t, has_text, (void *)(uintptr_t)text, text, ms);
}

bool term_wait_gone(struct term *t, const char *text, int ms) {
    return term_wait_for(t, lacks_text, (void *)(uintptr_t)text, text, ms);
}

bool term_wait_exit(struct term *t, int *status, int ms) {
    int64_t end = now_ms() + (int64_t)ms * patience();
    while (!reap(t) && now_ms() < end)
        if (!read_some(t, 20))
            poll(NULL, 0, 2);
    while (read_some(t, 20)) {
    }
    if (!t->reaped) {
        printf("# the program did not end within %d ms\n", ms);
        term_print(t);
        return false;
    }
    *status = t->status;
    return true;
}

static void add_cell_text(struct str *out, const VTermScreenCell *cell) {
    if (cell->chars[0] == 0) {
        str_add_char(out, ' ');
        return;
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
        uint32_t c = cell->chars[i];
        if (c == (uint32_t)-1)
            return; /* right half of a wide character */
        char utf8[5] = {0};
        if (c < 0x80) {
            utf8[0] = (char)c;
        } else if (c < 0x800) {
            utf8[0] = (char)(0xc0 | c >> 6);
            utf8[1] = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            utf8[0] = (char)(0xe0 | c >> 12);
            utf8[1] = (char)(0x80 | (c >> 6 & 0x3f));
            utf8[2] = (char)(0x80 | (c & 0x3f));
        } else {
            utf8[0] = (char)(0xf0 | c >> 18);
            utf8[1] = (char)(0x80 | (c >> 12 & 0x3f));
            utf8[2] = (char)(0x80 | (c >> 6 & 0x3f));
            utf8[3] = (char)(0x80 | (c & 0x3f));
        }
        str_add(out, utf8);
    }
}

const char *term_line(struct term *t, int row) {
    struct str *line = &t->lines[row];
    str_clear(line);
    for (int col = 0; col < t->cols; col++) {
        VTermScreenCell cell;
        vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
        add_cell_text(line, &cell);
    }
    while (line->len > 0 && line->data[line->len - 1] == ' ')
        str_truncate(line, line->len - 1);
    return str_get(line);
}

int term_find(struct term *t, const char *text, int *col) {
    for (int row = 0; row < t->rows; row++) {
        const char *line = term_line(t, row);
        const char *hit = strstr(line, text);
        if (!hit)
            continue;
        if (col) {
            int column = 0;
            for (const char *p = line; p < hit; p++)
                column += ((unsigned char)*p & 0xc0) != 0x80;
            *col = column;
        }
        return row;
    }
    return -1;
}

bool term_has(struct term *t, const char *text) { return term_find(t, text, NULL) >= 0; }

static int palette_index(struct term *t, const VTermColor *color, bool background) {
    if (background ? VTERM_COLOR_IS_DEFAULT_BG(color) : VTERM_COLOR_IS_DEFAULT_FG(color))
        return -1;
    (void)t;
    return VTERM_COLOR_IS_INDEXED(color) ? color->indexed.idx
                                         : 0x1000000 | color->rgb.red << 16 | color->rgb.green << 8 | color->rgb.blue;
}

struct term_cell term_cell(struct term *t, int row, int col) {
    VTermScreenCell cell;
    vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
    struct str text = {0};
    add_cell_text(&text, &cell);
    struct term_cell out = {.bold = cell.attrs.bold,
        .underline = cell.attrs.underline != 0,
        .reverse = cell.attrs.reverse,
        .fg = palette_index(t, &cell.fg, false),
        .bg = palette_index(t, &cell.bg, true)};
    snprintf(out.text, sizeof out.text, "%s", str_get(&text));
    str_free(&text);
    return out;
}

void term_print(struct term *t) {
    printf("# the screen, %d x %d:\n", t->cols, t->rows);
    for (int row = 0; row < t->rows; row++)
        printf("# |%s\n", term_line(t, row));
}

bool term_alternate_screen(const struct term *t) { return t->alternate; }
bool term_cursor_visible(const struct term *t) { return t->cursor_visible; }
int term_mouse_mode(const struct term *t) { return t->mouse; }
bool term_bracketed_paste(const struct term *t) { return t->paste; }
size_t term_bytes(const struct term *t) { return t->raw.len; }
const char *term_title(const struct term *t) { return str_get(&t->title); }
pid_t term_pid(const struct term *t) { return t->pid; }
int term_fd(const struct term *t) { return t->fd; }

const char *term_raw(const struct term *t, size_t *n) {
    *n = t->raw.len;
    return str_get(&t->raw);
}

void term_modes(const struct term *t, struct termios *modes) { tcgetattr(t->slave, modes); }

void term_fresh_modes(struct termios *modes) {
    const char *argv[] = {"/bin/sleep", "5", NULL};
    struct term_options o = {.rows = 24, .cols = 80, .argv = argv};
    struct term *t = term_start(&o);
    memset(modes, 0, sizeof *modes);
    term_modes(t, modes);
    term_free(t);
}
