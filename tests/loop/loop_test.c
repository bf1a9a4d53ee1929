/* loop_test: descriptors, timers, signals, work, and what is freed inside a callback. */
#include "domicile/loop/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void count(void *arg) { ++*(int *)arg; }

static void timers_fire_once_or_again(void **state) {
    struct loop *loop = loop_new();
    int once = 0;
    int again = 0;
    (void)state;
    struct loop_timer *a = loop_timer_new(loop, count, &once);
    struct loop_timer *b = loop_timer_new(loop, count, &again);
    assert_false(loop_timer_running(a));
    loop_timer_start(a, 1000, 0);
    loop_timer_start(b, 1000, 1000);
    usec start = loop_now(loop);
    while (loop_now(loop) < start + 20000)
        loop_turn(loop, 5000);
    assert_int_equal(once, 1);
    assert_false(loop_timer_running(a));
    assert_true(again > 3 && again <= 20);
    assert_true(loop_timer_running(b));
    loop_timer_stop(b);
    again = 0;
    loop_turn(loop, 3000);
    assert_int_equal(again, 0);
    loop_timer_free(a);
    loop_timer_free(b);
    loop_timer_free(NULL);
    loop_free(loop);
}

static void a_timer_never_fires_early(void **state) {
    struct loop *loop = loop_new();
    int fired = 0;
    (void)state;
    struct loop_timer *t = loop_timer_new(loop, count, &fired);
    usec start = loop_now(loop);
    loop_timer_start(t, 7000, 0);
    while (!fired)
        loop_turn(loop, -1);
    assert_true(loop_now(loop) - start >= 7000);
    loop_free(loop);
}

struct pair {
    struct loop_timer *a, *b;
    int fired;
};

static void free_both(void *arg) {
    struct pair *p = arg;
    p->fired++;
    loop_timer_free(p->a);
    loop_timer_free(p->b);
}

static void timers_freed_by_a_timer_are_silent(void **state) {
    struct loop *loop = loop_new();
    struct pair p = {0};
    (void)state;
    p.a = loop_timer_new(loop, free_both, &p);
    p.b = loop_timer_new(loop, free_both, &p);
    loop_timer_start(p.a, 0, 10);
    loop_timer_start(p.b, 0, 10);
    loop_turn(loop, 1000);
    loop_turn(loop, 1000);
    assert_int_equal(p.fired, 1);
    loop_free(loop);
}

struct watches {
    struct loop_fd *a, *b;
    int calls;
    int events;
};

static void note_and_free(void *arg, int events) {
    struct watches *w = arg;
    w->calls++;
    w->events = events;
    loop_fd_free(w->a);
    loop_fd_free(w->b);
    w->a = w->b = NULL;
}

static void note(void *arg, int events) {
    struct watches *w = arg;
    w->calls++;
    w->events |= events;
}

static void watches_freed_by_a_watch_are_silent(void **state) {
    struct loop *loop = loop_new();
    struct watches w = {0};
    int a[2];
    int b[2];
    (void)state;
    assert_int_equal(pipe(a) | pipe(b), 0);
    assert_int_equal(write(a[1], "x", 1) + write(b[1], "x", 1), 2);
    w.a = loop_fd_new(loop, a[0], LOOP_READ, note_and_free, &w);
    w.b = loop_fd_new(loop, b[0], LOOP_READ, note_and_free, &w);
    loop_turn(loop, 0);
    loop_turn(loop, 0);
    assert_int_equal(w.calls, 1);
    assert_int_equal(w.events, LOOP_READ);
    loop_free(loop);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
}

static void only_what_is_asked_for_is_told(void **state) {
    struct loop *loop = loop_new();
    struct watches w = {0};
    int p[2];
    (void)state;
    assert_int_equal(pipe(p), 0);
    struct loop_fd *read_end = loop_fd_new(loop, p[0], LOOP_READ, note, &w);
    struct loop_fd *write_end = loop_fd_new(loop, p[1], 0, note, &w);
    loop_turn(loop, 0);
    assert_int_equal(w.calls, 0);
    loop_fd_set_events(write_end, LOOP_WRITE);
    loop_turn(loop, 0);
    assert_int_equal(w.calls, 1);
    assert_int_equal(w.events, LOOP_WRITE);
    loop_fd_free(write_end);
    close(p[1]);
    w.events = 0;
    loop_turn(loop, 0);
    assert_int_equal(w.events, LOOP_READ | LOOP_HANGUP);
    /* A hang-up that nobody waits for must not keep the loop awake. */
    loop_fd_set_events(read_end, 0);
    w.calls = 0;
    loop_turn(loop, 0);
    assert_int_equal(w.calls, 0);
    loop_fd_free(read_end);
    close(p[0]);
    loop_free(loop);
}

struct job {
    struct loop *loop;
    int steps;
    int left;
};

static bool step(void *arg) {
    struct job *j = arg;
    j->steps++;
    while (j->left > 0 && loop_budget_left(j->loop) > 0) {
        usleep(200);
        j->left--;
    }
    return j->left > 0;
}

static void work_is_sliced_and_ends(void **state) {
    struct loop *loop = loop_new();
    struct job j = {.loop = loop, .left = 100};
    int ticks = 0;
    (void)state;
    struct loop_work *w = loop_work_new(loop, step, &j);
    struct loop_timer *t = loop_timer_new(loop, count, &ticks);
    loop_timer_start(t, 1000, 1000);
    for (int i = 0; i < 200 && j.left > 0; i++)
        loop_turn(loop, -1);
    assert_int_equal(j.left, 0);
    assert_true(j.steps >= 4);
    assert_true(ticks >= 3); /* others had their turn meanwhile */
    int steps = j.steps;
    loop_turn(loop, 0);
    assert_int_equal(j.steps, steps);
    loop_work_free(w);
    loop_free(loop);
}

static void all_work_gets_on(void **state) {
    struct loop *loop = loop_new();
    struct job a = {.loop = loop, .left = 1000000};
    struct job b = {.loop = loop, .left = 20};
    (void)state;
    struct loop_work *first = loop_work_new(loop, step, &a);
    struct loop_work *second = loop_work_new(loop, step, &b);
    for (int i = 0; i < 40 && b.left > 0; i++)
        loop_turn(loop, -1);
    assert_int_equal(b.left, 0);
    loop_work_free(first);
    loop_work_free(second);
    loop_free(loop);
}

static void painting_comes_last_and_once(void **state) {
    struct loop *loop = loop_new();
    int paints = 0;
    int deferred = 0;
    int fired = 0;
    (void)state;
    struct loop_prepare *p = loop_prepare_new(loop, count, &paints);
    struct loop_timer *t = loop_timer_new(loop, count, &fired);
    loop_timer_start(t, 0, 0);
    loop_defer(loop, count, &deferred);
    loop_defer(loop, count, &deferred);
    loop_turn(loop, 0);
    assert_int_equal(fired, 1);
    assert_int_equal(deferred, 2);
    assert_int_equal(paints, 1);
    loop_prepare_free(p);
    loop_turn(loop, 0);
    assert_int_equal(paints, 1);
    assert_int_equal(deferred, 2);
    loop_free(loop);
}

static void note_signal(void *arg, int signo) { *(int *)arg = signo; }

static void signals_arrive_in_the_loop(void **state) {
    struct loop *loop = loop_new();
    int got = 0;
    (void)state;
    loop_on_signal(loop, SIGUSR1, note_signal, &got);
    raise(SIGUSR1);
    assert_int_equal(got, 0);
    loop_turn(loop, 1000000);
    assert_int_equal(got, SIGUSR1);
    loop_free(loop);
}

static void stop(void *arg) { loop_stop(arg, 42); }

static void idle_means_asleep(void **state) {
    struct loop *loop = loop_new();
    int status = 0;
    (void)state;
    struct loop_timer *t = loop_timer_new(loop, stop, loop);
    loop_timer_start(t, 50000, 0);
    assert_int_equal(loop_run(loop, &status), 42);
    assert_int_equal(status, 42);
    assert_true(loop_stats(loop).wakeups <= 3);
    loop_free(loop);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_once_or_again),
        cmocka_unit_test(a_timer_never_fires_early),
        cmocka_unit_test(timers_freed_by_a_timer_are_silent),
        cmocka_unit_test(watches_freed_by_a_watch_are_silent),
        cmocka_unit_test(only_what_is_asked_for_is_told),
        cmocka_unit_test(work_is_sliced_and_ends),
        cmocka_unit_test(all_work_gets_on),
        cmocka_unit_test(painting_comes_last_and_once),
        cmocka_unit_test(signals_arrive_in_the_loop),
        cmocka_unit_test(idle_means_asleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
