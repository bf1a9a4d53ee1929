/* spawn: the sandbox in a child process, which ends when its parent does, however that ends. What the child
 * prints, a line a node and then "ready", comes back through a pipe that the parent's loop reads. */
#include "domicile/sandbox/sandbox.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "sandbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct sandbox_child {
    struct loop *loop;
    pid_t pid;
    int output;              /* what the child prints, errors included */
    int life;                /* closed: the child ends */
    struct loop_fd *watch;
    struct str text;         /* not yet a whole line */
    struct err failure;      /* the last line that was no node */
    bool reported;
    VEC_STRUCT(struct sandbox_child_node) nodes;
    void (*report)(void *arg, bool ready, const struct err *err);
    void *arg;
};

size_t sandbox_child_count(const struct sandbox_child *c) {
    return c->nodes.len;
}

const struct sandbox_child_node *sandbox_child_node(const struct sandbox_child *c, size_t i) {
    return &c->nodes.items[i];
}

static void child_report(struct sandbox_child *c, bool ready) {
    if (c->reported)
        return;
    c->reported = true;
    if (!ready && !c->failure.message[0]) {
        err_set(&c->failure, ERR_INTERNAL, "the sandbox ended before it was ready");
        err_hint(&c->failure, "start it alone to see why: domicile sandbox");
    }
    c->report(c->arg, ready, ready ? NULL : &c->failure);
}

/* "n1 postgresql://... locality", "ready", or a sentence about what went wrong. */
static void child_line(struct sandbox_child *c, char *line) {
    if (str_eq(line, "ready")) {
        child_report(c, true);
        return;
    }
    char *url = strstr(line, " postgresql://");
    if (line[0] == 'n' && url) {
        char *locality = strchr(url + 1, ' ');
        if (locality)
            *locality++ = '\0';
        const struct sandbox_child_node node = {mem_strdup(url + 1), mem_strdup(locality ? locality : "")};
        vec_push(&c->nodes, node);
        return;
    }
    const char *sentence = str_starts(line, "domicile: ") ? line + strlen("domicile: ") : line;
    if (*sentence && !c->failure.message[0])
        err_set(&c->failure, ERR_UNAVAILABLE, "%s", sentence);
    else if (*sentence)
        err_hint(&c->failure, "%s", sentence);
}

static void child_lines(struct sandbox_child *c) {
    char *text = str_take(&c->text), *line = text;
    for (char *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        child_line(c, line);
    }
    str_add(&c->text, line);
    free(text);
}

static void child_readable(void *arg, int events) {
    struct sandbox_child *c = arg;
    char buffer[4096];
    (void)events;
    const ssize_t n = read(c->output, buffer, sizeof buffer);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0) {
        str_add_n(&c->text, buffer, (size_t)n);
        child_lines(c);
        return;
    }
    loop_fd_free(c->watch);
    c->watch = NULL;
    child_report(c, false);
}

/* In the child: nothing of the parent's stays open but the two pipes. */
static void child_main(const struct sandbox_options *o, int output, int life, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    setpgid(0, 0);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (life != 3) {
        dup2(life, 3);
        life = 3;
    }
    close_range(4, ~0U, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    static const int reset[] = {SIGINT, SIGTERM, SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGCHLD, SIGUSR1};
    for (size_t i = 0; i < sizeof reset / sizeof *reset; i++)
        signal(reset[i], SIG_DFL);
    const int status = sandbox_serve(o, life, true);
    fflush(NULL);
    _exit(status);
}

struct sandbox_child *sandbox_spawn(struct loop *loop, const struct sandbox_options *o,
    void (*report)(void *arg, bool ready, const struct err *err), void *arg, struct err *err) {
    int output[2], life[2];
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(life, O_CLOEXEC) != 0) {
        err_set(err, ERR_INTERNAL, "cannot start the sandbox: %s", strerror(errno));
        return NULL;
    }
    fflush(NULL);
    const pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        child_main(o, output[1], life[0], parent);
    close(output[1]);
    close(life[0]);
    if (pid < 0) {
        err_set(err, ERR_INTERNAL, "cannot start the sandbox: %s", strerror(errno));
        close(output[0]);
        close(life[1]);
        return NULL;
    }
    struct sandbox_child *c = mem_calloc(1, sizeof *c);
    c->loop = loop;
    c->pid = pid;
    c->output = output[0];
    c->life = life[1];
    c->report = report;
    c->arg = arg;
    fcntl(c->output, F_SETFL, O_NONBLOCK);
    c->watch = loop_fd_new(loop, c->output, LOOP_READ, child_readable, c);
    return c;
}

/* The child has two seconds to end by itself. */
static void child_wait(pid_t pid) {
    kill(pid, SIGTERM);
    for (int i = 0; i < 200; i++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return;
        usleep(10000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

void sandbox_child_free(struct sandbox_child *c) {
    if (!c)
        return;
    loop_fd_free(c->watch);
    close(c->life);
    child_wait(c->pid);
    close(c->output);
    for (size_t i = 0; i < c->nodes.len; i++) {
        free(c->nodes.items[i].url);
        free(c->nodes.items[i].locality);
    }
    vec_free(&c->nodes);
    str_free(&c->text);
    free(c);
}
