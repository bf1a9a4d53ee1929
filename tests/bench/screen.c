/* screen: a program on a pseudo-terminal, measured by its bytes. */
#include "screen.h"

#include "domicile/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t bench_now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void screen_run_start(struct screen_run *s, const char *const *argv, int rows, int cols) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    *s = (struct screen_run){0};
    s->pid = forkpty(&s->fd, NULL, NULL, &size);
    if (s->pid < 0) {
        perror("bench: forkpty");
        exit(99);
    }
    if (s->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
        setenv("PAGER", "cat", 1);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

void screen_run_stop(struct screen_run *s) {
    kill(s->pid, SIGTERM);
    for (int i = 0; i < 200 && waitpid(s->pid, NULL, WNOHANG) == 0; i++) {
        screen_run_watch(s, 5000);
        if (i == 150)
            kill(s->pid, SIGKILL);
    }
    close(s->fd);
    str_free(&s->bytes);
}

/* Waits for bytes; false: time is up, or the program has ended. */
static bool read_more(struct screen_run *s, int64_t wait) {
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    struct timespec ts = {.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000};
    char buffer[65536];
    if (wait < 0 || ppoll(&p, 1, &ts, NULL) <= 0)
        return false;
    ssize_t n = read(s->fd, buffer, sizeof buffer);
    if (n > 0)
        str_add_n(&s->bytes, buffer, (size_t)n);
    return n > 0;
}

int64_t screen_run_type(struct screen_run *s, const char *keys, size_t n, int64_t quiet) {
    str_clear(&s->bytes);
    int64_t begin = bench_now();
    int64_t last = begin;
    while (n > 0) {
        ssize_t done = write(s->fd, keys, n);
        if (done > 0) {
            keys += done;
            n -= (size_t)done;
        } else if (errno != EAGAIN || !read_more(s, 1000)) {
            break;
        }
    }
    while (read_more(s, quiet))
        last = bench_now();
    return last - begin;
}

size_t screen_run_watch(struct screen_run *s, int64_t time) {
    str_clear(&s->bytes);
    int64_t end = bench_now() + time;
    while (bench_now() < end)
        if (!read_more(s, end - bench_now()) && bench_now() < end)
            usleep(1000);
    return s->bytes.len;
}

int64_t screen_run_until(struct screen_run *s, const char *text, int64_t limit) {
    str_clear(&s->bytes);
    int64_t begin = bench_now();
    while (bench_now() - begin < limit) {
        if (memmem(str_get(&s->bytes), s->bytes.len, text, strlen(text)))
            return bench_now() - begin;
        if (!read_more(s, limit - (bench_now() - begin)))
            usleep(200);
    }
    return -1;
}

void screen_run_size(struct screen_run *s, int rows, int cols) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    ioctl(s->fd, TIOCSWINSZ, &size);
}

long screen_run_status(const struct screen_run *s, const char *name) {
    char *path = mem_printf("/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "r");
    char line[256];
    long value = -1;
    size_t n = strlen(name);
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, n) == 0 && line[n] == ':')
            value = strtol(line + n + 1, NULL, 10);
    if (f)
        fclose(f);
    free(path);
    return value;
}
