/* loop: one wait for everything: descriptors, timers, signals, slices of work. */
#include "domicile/loop/loop.h"

#include "domicile/base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUDGET = 2000, MAX_SIGNALS = 65 };

struct loop_fd {
    struct loop *loop;
    int fd;
    int events;
    void (*callback)(void *arg, int events);
    void *arg;
    bool dead;
};

struct loop_timer {
    struct loop *loop;
    usec due;
    usec repeat;
    bool running;
    bool dead;
    void (*callback)(void *arg);
    void *arg;
};

struct loop_work {
    struct loop *loop;
    bool (*step)(void *arg);
    void *arg;
    bool done;
    bool dead;
};

struct loop_prepare {
    struct loop *loop;
    void (*callback)(void *arg);
    void *arg;
    bool dead;
};

struct deferred {
    void (*fn)(void *arg);
    void *arg;
};

struct signal_watch {
    void (*callback)(void *arg, int signo);
    void *arg;
};

struct loop {
    VEC_STRUCT(struct loop_fd *) fds;
    VEC_STRUCT(struct loop_timer *) timers;
    VEC_STRUCT(struct loop_work *) works;
    VEC_STRUCT(struct loop_prepare *) prepares;
    VEC_STRUCT(struct deferred) deferred;
    VEC_STRUCT(struct pollfd) polls;
    struct signal_watch signals[MAX_SIGNALS];
    int wake[2]; /* what a signal handler writes to */
    usec now;
    bool stopped;
    bool swept; /* something died this turn */
    int status;
    struct loop_stats stats;
};

/* The handler knows only these: whose pipe, and which signals came. */
static volatile sig_atomic_t pending[MAX_SIGNALS];
static int wake_fd = -1;

static void on_signal(int signo) {
    int saved = errno;
    pending[signo] = 1;
    if (write(wake_fd, "", 1) < 0)
        errno = saved; /* full: the loop will wake anyway */
    errno = saved;
}

static usec monotonic(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (usec)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

usec loop_clock(void) { return monotonic(); }

int64_t loop_wall(void) {
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void on_wake(void *arg, int events) {
    struct loop *loop = arg;
    char drain[256];
    (void)events;
    while (read(loop->wake[0], drain, sizeof drain) > 0) {
    }
}

struct loop *loop_new(void) {
    struct loop *loop = mem_calloc(1, sizeof *loop);
    loop->now = monotonic();
    if (pipe2(loop->wake, O_CLOEXEC | O_NONBLOCK) == 0)
        loop_fd_new(loop, loop->wake[0], LOOP_READ, on_wake, loop);
    return loop;
}

/* Restores default handlers: nobody reads the pipe any more. */
static void forget_signals(struct loop *loop) {
    for (int signo = 1; signo < MAX_SIGNALS; signo++)
        if (loop->signals[signo].callback)
            signal(signo, SIG_DFL);
    if (wake_fd == loop->wake[1])
        wake_fd = -1;
}

static void run_deferred(struct loop *loop) {
    for (size_t i = 0; i < loop->deferred.len; i++) {
        struct deferred d = loop->deferred.items[i];
        d.fn(d.arg);
    }
    vec_clear(&loop->deferred);
}

void loop_free(struct loop *loop) {
    if (!loop)
        return;
    forget_signals(loop);
    run_deferred(loop);
    for (size_t i = 0; i < loop->fds.len; i++)
        free(loop->fds.items[i]);
    for (size_t i = 0; i < loop->timers.len; i++)
        free(loop->timers.items[i]);
    for (size_t i = 0; i < loop->works.len; i++)
        free(loop->works.items[i]);
    for (size_t i = 0; i < loop->prepares.len; i++)
        free(loop->prepares.items[i]);
    close(loop->wake[0]);
    close(loop->wake[1]);
    vec_free(&loop->fds);
    vec_free(&loop->timers);
    vec_free(&loop->works);
    vec_free(&loop->prepares);
    vec_free(&loop->deferred);
    vec_free(&loop->polls);
    free(loop);
}

usec loop_now(const struct loop *loop) { return loop->now; }

usec loop_budget_left(const struct loop *loop) { return loop->now + BUDGET - monotonic(); }

struct loop_stats loop_stats(const struct loop *loop) { return loop->stats; }

void loop_stop(struct loop *loop, int status) {
    loop->stopped = true;
    loop->status = status;
}

struct loop_fd *loop_fd_new(
    struct loop *loop, int fd, int events, void (*callback)(void *arg, int events), void *arg) {
    struct loop_fd *w = mem_calloc(1, sizeof *w);
    *w = (struct loop_fd){.loop = loop, .fd = fd, .events = events, .callback = callback, .arg = arg};
    vec_push(&loop->fds, w);
    return w;
}

void loop_fd_set_events(struct loop_fd *w, int events) { w->events = events; }

void loop_fd_free(struct loop_fd *w) {
    if (!w)
        return;
    w->dead = true;
    w->loop->swept = true;
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*callback)(void *arg), void *arg) {
    struct loop_timer *t = mem_calloc(1, sizeof *t);
    *t = (struct loop_timer){.loop = loop, .callback = callback, .arg = arg};
    vec_push(&loop->timers, t);
    return t;
}

void loop_timer_start(struct loop_timer *t, usec delay, usec repeat) {
    loop_timer_start_at(t, monotonic() + (delay > 0 ? delay : 0), repeat);
}

void loop_timer_start_at(struct loop_timer *t, usec due, usec repeat) {
    t->due = due;
    t->repeat = repeat;
    t->running = true;
}

void loop_timer_stop(struct loop_timer *t) { t->running = false; }

bool loop_timer_running(const struct loop_timer *t) { return t->running; }

void loop_timer_free(struct loop_timer *t) {
    if (!t)
        return;
    t->running = false;
    t->dead = true;
    t->loop->swept = true;
}

void loop_on_signal(struct loop *loop, int signo, void (*callback)(void *arg, int signo), void *arg) {
    loop->signals[signo] = (struct signal_watch){callback, arg};
    wake_fd = loop->wake[1];
    pending[signo] = 0;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    sigaction(signo, &action, NULL);
}

struct loop_work *loop_work_new(struct loop *loop, bool (*step)(void *arg), void *arg) {
    struct loop_work *w = mem_calloc(1, sizeof *w);
    *w = (struct loop_work){.loop = loop, .step = step, .arg = arg};
    vec_push(&loop->works, w);
    return w;
}

void loop_work_free(struct loop_work *w) {
    if (!w)
        return;
    w->dead = true;
    w->loop->swept = true;
}

struct loop_prepare *loop_prepare_new(struct loop *loop, void (*callback)(void *arg), void *arg) {
    struct loop_prepare *p = mem_calloc(1, sizeof *p);
    *p = (struct loop_prepare){.loop = loop, .callback = callback, .arg = arg};
    vec_push(&loop->prepares, p);
    return p;
}

void loop_prepare_free(struct loop_prepare *p) {
    if (!p)
        return;
    p->dead = true;
    p->loop->swept = true;
}

void loop_defer(struct loop *loop, void (*fn)(void *arg), void *arg) {
    vec_push(&loop->deferred, ((struct deferred){fn, arg}));
}

/* How long this turn may wait, in µs: -1 for ever. */
static usec wait_time(const struct loop *loop, usec max_wait) {
    if (loop->stopped || loop->deferred.len > 0)
        return 0;
    for (size_t i = 0; i < loop->works.len; i++)
        if (!loop->works.items[i]->done)
            return 0;
    usec now = monotonic();
    for (size_t i = 0; i < loop->timers.len; i++) {
        const struct loop_timer *t = loop->timers.items[i];
        if (!t->running)
            continue;
        usec left = t->due > now ? t->due - now : 0;
        if (max_wait < 0 || left < max_wait)
            max_wait = left;
    }
    return max_wait;
}

static void wait_for_events(struct loop *loop, usec max_wait) {
    vec_clear(&loop->polls);
    for (size_t i = 0; i < loop->fds.len; i++) {
        const struct loop_fd *w = loop->fds.items[i];
        short events = (short)((w->events & LOOP_READ ? POLLIN : 0) | (w->events & LOOP_WRITE ? POLLOUT : 0));
        /* A negative descriptor keeps the place: unwatched ones must not report hang-ups for ever. */
        vec_push(&loop->polls, ((struct pollfd){.fd = events ? w->fd : -1, .events = events}));
    }
    usec wait = wait_time(loop, max_wait);
    struct timespec ts = {.tv_sec = wait / USEC_PER_SEC, .tv_nsec = wait % USEC_PER_SEC * 1000};
    int n = ppoll(loop->polls.items, loop->polls.len, wait < 0 ? NULL : &ts, NULL);
    if (n < 0)
        for (size_t i = 0; i < loop->polls.len; i++)
            loop->polls.items[i].revents = 0;
    loop->stats.wakeups++;
    loop->stats.timeouts += n == 0 && wait > 0;
    loop->now = monotonic();
}

static void run_signals(struct loop *loop) {
    for (int signo = 1; signo < MAX_SIGNALS; signo++) {
        if (!pending[signo] || !loop->signals[signo].callback)
            continue;
        pending[signo] = 0;
        loop->signals[signo].callback(loop->signals[signo].arg, signo);
    }
}

static int events_of(const struct pollfd *p) {
    int events = 0;
    if (p->revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL))
        events |= LOOP_READ;
    if (p->revents & (POLLOUT | POLLERR | POLLNVAL))
        events |= LOOP_WRITE;
    if (p->revents & (POLLHUP | POLLERR | POLLNVAL))
        events |= LOOP_HANGUP;
    return events;
}

static void run_fds(struct loop *loop) {
    size_t n = loop->polls.len; /* watches added meanwhile were not waited for */
    for (size_t i = 0; i < n; i++) {
        struct loop_fd *w = loop->fds.items[i];
        int events = events_of(&loop->polls.items[i]);
        events &= w->events | LOOP_HANGUP;
        if (events && !w->dead && w->events)
            w->callback(w->arg, events);
    }
}

static void run_timers(struct loop *loop) {
    size_t n = loop->timers.len;
    for (size_t i = 0; i < n; i++) {
        struct loop_timer *t = loop->timers.items[i];
        if (!t->running || t->due > loop->now)
            continue;
        t->running = t->repeat > 0;
        /* After a pause (a stopped process) one call makes up for all that were missed. */
        if (t->running)
            t->due = t->due + t->repeat > loop->now ? t->due + t->repeat : loop->now + t->repeat;
        t->callback(t->arg);
    }
}

static void run_works(struct loop *loop) {
    size_t n = loop->works.len;
    for (size_t i = 0; i < n; i++) {
        /* Another one first each turn: what comes later finds the budget used up. */
        struct loop_work *w = loop->works.items[(i + loop->stats.turns) % n];
        if (!w->dead && !w->done)
            w->done = !w->step(w->arg);
    }
}

static void run_prepares(struct loop *loop) {
    for (size_t i = 0; i < loop->prepares.len; i++)
        if (!loop->prepares.items[i]->dead)
            loop->prepares.items[i]->callback(loop->prepares.items[i]->arg);
}

#define SWEEP(list) \
    do { \
        size_t kept = 0; \
        for (size_t i = 0; i < (list)->len; i++) { \
            if ((list)->items[i]->dead) \
                free((list)->items[i]); \
            else \
                (list)->items[kept++] = (list)->items[i]; \
        } \
        (list)->len = kept; \
    } while (0)

/* Objects freed in a callback die here, when nobody can meet them any more. */
static void sweep(struct loop *loop) {
    if (!loop->swept)
        return;
    loop->swept = false;
    SWEEP(&loop->fds);
    SWEEP(&loop->timers);
    SWEEP(&loop->works);
    SWEEP(&loop->prepares);
}

void loop_turn(struct loop *loop, usec max_wait) {
    sweep(loop);
    wait_for_events(loop, max_wait);
    run_signals(loop);
    run_fds(loop);
    run_timers(loop);
    run_works(loop);
    run_deferred(loop);
    run_prepares(loop);
    sweep(loop);
    usec took = monotonic() - loop->now;
    if (took > loop->stats.longest_turn)
        loop->stats.longest_turn = took;
    loop->stats.turns++;
}

int loop_run(struct loop *loop, int *status) {
    loop->stopped = false;
    run_prepares(loop);
    while (!loop->stopped)
        loop_turn(loop, -1);
    if (status)
        *status = loop->status;
    return loop->status;
}
