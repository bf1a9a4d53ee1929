/* loop: the one event loop of explorer and sandbox. Everything is a descriptor, a timer, a signal or
 * a slice of work; nothing blocks. A turn: wait, signals, descriptors, timers, work, deferred, then
 * the prepare hooks (painting) once. Single-threaded. */
#ifndef DOMICILE_LOOP_LOOP_H
#define DOMICILE_LOOP_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds; monotonic unless said otherwise. */
typedef int64_t usec;
#define USEC_PER_MS 1000
#define USEC_PER_SEC 1000000

struct loop;
struct loop_fd;
struct loop_timer;
struct loop_work;
struct loop_prepare;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 };

/* A loop without sources, never NULL. Signals are the process's: only one loop should ask for them.
 * loop_free ends it and what is still registered. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);
/* Runs until loop_stop; returns what that was given. */
int loop_run(struct loop *loop, int *status);
void loop_stop(struct loop *loop, int status);
/* One turn, waiting at most max_wait (-1: until something happens, 0: not at all). For tests. */
void loop_turn(struct loop *loop, usec max_wait);

/* The monotonic time at which this turn began. */
usec loop_now(const struct loop *loop);
/* The wall clock, microseconds since 1970 UTC, now. May jump. */
int64_t loop_wall(void);

/* Watches fd (owned by the caller) for LOOP_READ and/or LOOP_WRITE; callback gets what happened.
 * LOOP_HANGUP is reported unasked together with LOOP_READ. */
struct loop_fd *loop_fd_new(struct loop *loop, int fd, int events,
    void (*callback)(void *arg, int events), void *arg);
void loop_fd_set_events(struct loop_fd *w, int events);
/* Ends the watch; safe inside any callback of the same turn. NULL is allowed. */
void loop_fd_free(struct loop_fd *w);

/* A timer that is not running. */
struct loop_timer *loop_timer_new(struct loop *loop, void (*callback)(void *arg), void *arg);
/* (Re)starts it: fires after delay, then every repeat (0: once). */
void loop_timer_start(struct loop_timer *t, usec delay, usec repeat);
/* The same at a time of the loop's clock: timers that share it are called in one turn. */
void loop_timer_start_at(struct loop_timer *t, usec due, usec repeat);
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_running(const struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);

/* Calls back in the loop (not in the handler) when signo arrives; one watcher a signal. */
void loop_on_signal(struct loop *loop, int signo, void (*callback)(void *arg, int signo), void *arg);

/* The monotonic clock itself: loop_now stands still within a turn. */
usec loop_clock(void);

/* Long work in slices: step is called each turn until it returns false (done); it must look at
 * loop_budget_left and return true when that is used up. */
struct loop_work *loop_work_new(struct loop *loop, bool (*step)(void *arg), void *arg);
void loop_work_free(struct loop_work *w);
/* Microseconds left of this turn's budget (default 2 ms). */
usec loop_budget_left(const struct loop *loop);

/* Called once at the end of every turn in which anything ran, before the wait: painting lives here. */
struct loop_prepare *loop_prepare_new(struct loop *loop, void (*callback)(void *arg), void *arg);
void loop_prepare_free(struct loop_prepare *p);
/* Runs fn once at the end of this turn (deferred freeing). */
void loop_defer(struct loop *loop, void (*fn)(void *arg), void *arg);

/* What the loop counted since it was made. */
struct loop_stats {
    uint64_t turns;
    usec longest_turn; /* without the wait */
    uint64_t wakeups;  /* waits that ended */
    uint64_t timeouts; /* of them, by a timer alone */
};
struct loop_stats loop_stats(const struct loop *loop);

#endif
