/* history: what was typed into the console, kept between sessions in a file of its own. */
#include "history.h"

#include "domicile/base/log.h"
#include "domicile/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 2000, LONGEST = 65536, LARGEST_FILE = 16 << 20 };

char *history_path(void) {
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state && *state == '/')
        return mem_printf("%s/domicile/history", state);
    return home && *home ? mem_printf("%s/.local/state/domicile/history", home) : NULL;
}

bool history_may_keep(const char *text) {
    static const char *const words[] = {
        "password", "passwd", "token", "secret", "api_key", "private key", "credential"};
    struct str redacted = {0};
    bool keep = strlen(text) <= LONGEST && text[strspn(text, " \t\n")] != '\0';
    log_redact(&redacted, text);
    keep = keep && str_eq(str_get(&redacted), text);
    str_free(&redacted);
    for (size_t i = 0; keep && i < sizeof words / sizeof *words; i++)
        keep = strcasestr(text, words[i]) == NULL;
    return keep;
}

static void drop(struct history *h, size_t i) {
    free(h->texts.items[i]);
    memmove(h->texts.items + i, h->texts.items + i + 1, (--h->texts.len - i) * sizeof *h->texts.items);
}

static void append(struct history *h, char *text) {
    for (size_t i = 0; i < h->texts.len; i++)
        if (strcmp(h->texts.items[i], text) == 0) {
            drop(h, i);
            break;
        }
    if (h->texts.len >= MOST)
        drop(h, 0);
    vec_push(&h->texts, text);
}

void history_add(struct history *h, const char *text) { append(h, mem_strdup(text)); }

/* A line holds a text: its line ends are written \n, its backslashes \\. */
static char *unescaped(const char *line, size_t n) {
    struct str out = {0};
    for (size_t i = 0; i < n; i++) {
        if (line[i] == '\\' && i + 1 < n)
            str_add_char(&out, line[++i] == 'n' ? '\n' : line[i]);
        else
            str_add_char(&out, line[i]);
    }
    return str_take(&out);
}

static void add_escaped(struct str *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\n')
            str_add(out, "\\n");
        else if (*text == '\\')
            str_add(out, "\\\\");
        else
            str_add_char(out, *text);
    }
    str_add_char(out, '\n');
}

void history_load(struct history *h, const char *path) {
    char buffer[16384];
    struct str all = {0};
    ssize_t n;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    while (all.len < LARGEST_FILE && (n = read(fd, buffer, sizeof buffer)) > 0)
        str_add_n(&all, buffer, (size_t)n);
    close(fd);
    for (const char *p = str_get(&all); *p;) {
        size_t len = strcspn(p, "\n");
        if (len)
            append(h, unescaped(p, len));
        p += len + (p[len] == '\n');
    }
    str_free(&all);
}

static void make_folders(const char *path) {
    char *copy = mem_strdup(path);
    for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdir(copy, 0700);
        *p = '/';
    }
    free(copy);
}

static bool write_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static bool replace(const char *path, const struct str *text) {
    char *fresh = mem_printf("%s.%ld", path, (long)getpid());
    unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, str_get(text), text->len);
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    ok = ok && rename(fresh, path) == 0;
    if (!ok)
        unlink(fresh);
    free(fresh);
    return ok;
}

bool history_save(const char *path, const char *text) {
    struct history h = {0};
    struct str out = {0};
    make_folders(path);
    history_load(&h, path);
    history_add(&h, text);
    for (size_t i = 0; i < h.texts.len; i++)
        add_escaped(&out, h.texts.items[i]);
    bool ok = replace(path, &out);
    str_free(&out);
    history_free(&h);
    return ok;
}

void history_free(struct history *h) {
    for (size_t i = 0; i < h->texts.len; i++)
        free(h->texts.items[i]);
    vec_free(&h->texts);
}
