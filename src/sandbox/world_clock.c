/* world_clock: the world's time, and what is due when. It runs with the loop's, skips what it is told to, and may stand
 * still, so that a recorded history can be lived through at its own pace and in no time. */
#include "world_private.h"

usec world_now(const struct world *w) {
    return w->stopped ? w->stopped_now : loop_now(w->loop) + w->skipped;
}

int64_t world_wall(const struct world *w) {
    return w->stopped ? w->stopped_wall : loop_wall() + w->skipped;
}

int64_t world_wall_now(const struct world *w) { return world_wall(w); }

/* The alarm that is due first; NULL: none is set. */
static struct world_alarm *first_alarm(struct world *w) {
    struct world_alarm *first = NULL;
    for (size_t i = 0; i < ALARM_COUNT; i++)
        if (w->alarms[i].due && (!first || w->alarms[i].due < first->due))
            first = &w->alarms[i];
    return first;
}

static void arm(struct world *w) {
    const struct world_alarm *first = first_alarm(w);
    const usec left = first ? first->due - world_now(w) : 0;
    if (w->stopped || !w->pulse)
        return;
    if (first)
        loop_timer_start(w->pulse, left > 0 ? left : 0, 0);
    else
        loop_timer_stop(w->pulse);
}

static void ring(struct world *w, struct world_alarm *alarm) {
    alarm->due = 0;
    alarm->ring(w);
}

static void on_pulse(void *arg) {
    struct world *w = arg;
    struct world_alarm *first = first_alarm(w);
    if (first && first->due <= world_now(w))
        ring(w, first);
    arm(w);
}

void world_clock_open(struct world *w, bool stopped) {
    w->stopped_now = loop_now(w->loop);
    w->stopped_wall = loop_wall();
    w->stopped = stopped;
    w->pulse = loop_timer_new(w->loop, on_pulse, w);
}

void world_clock_close(struct world *w) {
    loop_timer_free(w->pulse);
    w->pulse = NULL;
}

void world_alarm_set(struct world *w, enum alarm which, usec delay) {
    w->alarms[which].due = world_now(w) + (delay > 0 ? delay : 0);
    arm(w);
}

void world_alarm_clear(struct world *w, enum alarm which) {
    w->alarms[which].due = 0;
    arm(w);
}

bool world_alarm_is_set(const struct world *w, enum alarm which) { return w->alarms[which].due != 0; }

static void skip(struct world *w, usec duration) {
    w->skipped += duration;
    if (w->stopped) {
        w->stopped_now += duration;
        w->stopped_wall += duration;
    }
}

void world_advance(struct world *w, usec duration) {
    const usec end = world_now(w) + duration;
    for (struct world_alarm *next; (next = first_alarm(w)) && next->due <= end;) {
        const usec left = next->due - world_now(w);
        skip(w, left > 0 ? left : 0);
        ring(w, next);
    }
    const usec rest = end - world_now(w);
    skip(w, rest > 0 ? rest : 0);
    arm(w);
    if (w->on_change)
        w->on_change(w->on_change_arg);
}

int64_t world_sooner(int64_t a, int64_t b) { return !a || (b && b < a) ? b : a; }

usec world_skipped(const struct world *w) { return w->skipped; }
