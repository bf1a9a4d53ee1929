/* child: a forked helper for the few things that libpq and libc can only do by blocking. */
#include "child.h"

#include "domicile/base/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    pid_t pid;
    int fd;
    struct loop_fd *watch;
    struct str answer;
    void (*done)(void *arg, const char *answer);
    void *arg;
};

static void reset_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    for (int signo = 1; signo < 32; signo++)
        signal(signo, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void on_readable(void *arg, int events) {
    struct child *c = arg;
    char buffer[4096];
    ssize_t n;
    (void)events;
    while ((n = read(c->fd, buffer, sizeof buffer)) > 0)
        if (c->answer.len < 1 << 16)
            str_add_n(&c->answer, buffer, (size_t)n);
    if (n < 0)
        return; /* nothing more yet */
    void (*done)(void *, const char *) = c->done;
    void *done_arg = c->arg;
    char *answer = str_take(&c->answer);
    loop_fd_free(c->watch);
    c->watch = NULL;
    done(done_arg, answer);
    free(answer);
}

struct child *child_start(struct loop *loop, void (*work)(void *work_arg, int fd), void *work_arg,
    void (*done)(void *arg, const char *answer), void *arg) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return NULL;
    pid_t pid = fork();
    if (pid < 0) {
        close(fds[0]);
        close(fds[1]);
        return NULL;
    }
    if (pid == 0) {
        reset_signals();
        setpgid(0, 0); /* a Ctrl-C of the terminal is not for the helper */
        work(work_arg, fds[1]);
        _exit(0);
    }
    close(fds[1]);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    struct child *c = mem_calloc(1, sizeof *c);
    *c = (struct child){.pid = pid, .fd = fds[0], .done = done, .arg = arg};
    c->watch = loop_fd_new(loop, c->fd, LOOP_READ, on_readable, c);
    return c;
}

void child_free(struct child *c) {
    if (!c)
        return;
    loop_fd_free(c->watch);
    close(c->fd);
    /* Its pipe is at the end or nobody wants its answer: it has nothing left to do. */
    kill(c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    str_free(&c->answer);
    free(c);
}
