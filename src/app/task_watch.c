/* task_watch: events as they happen, a line each. */
#include "headless_private.h"

#include "domicile/base/text.h"

#include <stdlib.h>
#include <time.h>

struct watching {
    struct loop_timer *end;
    bool headed; /* CSV's first line was written */
};

static void on_end(void *arg) { headless_stop(arg, 0); }

static bool start(struct headless *h) {
    struct watching *w = mem_calloc(1, sizeof *w);
    h->state = w;
    if (h->format == OUTPUT_JSON) {
        err_set(&h->err, ERR_USAGE, "events have no end that a JSON document could have");
        return err_hint(&h->err, "--format ndjson gives an object a line");
    }
    if (h->options->how_long) {
        w->end = loop_timer_new(h->loop, on_end, h);
        loop_timer_start(w->end, h->options->how_long, 0);
    }
    return true;
}

static void end(struct headless *h) {
    struct watching *w = h->state;
    loop_timer_free(w->end);
    free(w);
}

static void utc(char out[40], int64_t wall) {
    time_t seconds = (time_t)(wall / USEC_PER_SEC);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    size_t n = strftime(out, 40, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, 40 - n, ".%03dZ", (int)(wall % USEC_PER_SEC / USEC_PER_MS));
}

static void print_line(struct headless *h, const struct event *e) {
    char at[40];
    struct str line = {0};
    char *clean = text_cleaned(e->text);
    utc(at, e->at_wall);
    str_add_f(&line, "%s  %-18s %s\n", at, event_kind_name(e->kind), clean);
    headless_write(h, str_get(&line), line.len);
    free(clean);
    str_free(&line);
}

static void print_record(struct headless *h, struct watching *w, const struct event *e) {
    static const char *const names[] = {"time", "event", "range_id", "store_id", "text", NULL};
    struct records r = {.no_heading = w->headed};
    char at[40];
    for (const char *const *n = names; *n; n++)
        records_add_field(&r, *n);
    json_t *o = records_add(&r);
    utc(at, e->at_wall);
    record_set(o, "time", json_string(at));
    record_set(o, "event", json_string(event_kind_name(e->kind)));
    if (e->range_id)
        record_set(o, "range_id", json_integer(e->range_id));
    if (e->store_id)
        record_set(o, "store_id", json_integer(e->store_id));
    record_set(o, "text", record_text(e->text));
    headless_print(h, &r);
    w->headed = true;
    records_free(&r);
}

static void happened(struct headless *h, const struct events *events) {
    for (size_t i = 0; i < events->len && !h->stopped; i++) {
        if (h->format == OUTPUT_TABLE)
            print_line(h, &events->items[i]);
        else
            print_record(h, h->state, &events->items[i]);
    }
}

static void ready(struct headless *h) {
    if (!headless_has_table(h, h->options->table))
        headless_fail(h);
}

const struct headless_task task_watch = {
    .name = "watch", .keeps_reading = true, .start = start, .ready = ready, .happened = happened, .end = end};
