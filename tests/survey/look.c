/* look: a survey on its loop. */
#include "survey/look.h"

#include <stdio.h>
#include <string.h>

static void changed(void *arg, unsigned parts) {
    struct look *l = arg;
    l->parts |= parts;
    if (l->changed != NULL)
        l->changed(l->arg, parts);
}

static void happened(void *arg, const struct events *events) {
    struct look *l = arg;
    for (size_t i = 0; i < events->len; i++) {
        size_t n = strlen(l->feed);
        (void)snprintf(l->feed + n, sizeof l->feed - n, "%s\n", events->items[i].text);
    }
}

void look_at(struct look *l, const char *conninfo, usec timeout) {
    l->loop = loop_new();
    struct survey_options o = {
        .conninfo = conninfo,
        .timeout = timeout,
        .page_rows = l->page_rows,
        .gateways = l->gateways,
        .gateway_count = l->gateway_count,
        .changed = changed,
        .happened = happened,
        .arg = l,
    };
    l->s = survey_new(l->loop, &o);
}

void look_away(struct look *l) {
    survey_free(l->s);
    loop_free(l->loop);
}

void look_start(struct look *l, const char *version, const struct recorded_row *rows, usec timeout) {
    recorded_start(&l->server, version, rows);
    look_at(l, l->server.conninfo, timeout);
}

void look_stop(struct look *l) {
    look_away(l);
    recorded_stop(&l->server);
}
