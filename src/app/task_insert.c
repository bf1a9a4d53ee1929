/* task_insert: one row inserted from the command line, and where it landed. */
#include "headless_private.h"

#include "domicile/actions/insert.h"
#include "domicile/base/text.h"

#include <stdlib.h>
#include <string.h>

struct inserting {
    bool asked;
    struct insert *insert;
};

static const char *table_of(const struct headless *h) { return h->options->arguments.items[0]; }

static bool start(struct headless *h) {
    h->state = mem_calloc(1, sizeof(struct inserting));
    survey_show_table(h->survey, table_of(h));
    for (size_t i = 1; i < h->options->arguments.len; i++)
        if (!strchr(h->options->arguments.items[i], '='))
            return err_set(&h->err, ERR_USAGE, "a value is given as COLUMN=VALUE, not \"%.80s\"",
                h->options->arguments.items[i]);
    return true;
}

static void end(struct headless *h) {
    struct inserting *s = h->state;
    insert_free(s->insert);
    free(s);
}

static bool fill_field(struct headless *h, struct insert_form *f, const char *pair) {
    size_t n = strcspn(pair, "=");
    for (size_t i = 0; i < f->fields.len; i++) {
        const char *column = f->fields.items[i].column;
        if (strlen(column) == n && memcmp(column, pair, n) == 0) {
            insert_form_set(f, i, pair + n + 1);
            return true;
        }
    }
    err_set(&h->err, ERR_INPUT, "\"%s\" has no column \"%.*s\" that can be given", f->table, (int)n, pair);
    return err_hint(&h->err, "computed columns follow from the others");
}

static bool choose_gateway(struct headless *h, struct insert_form *f) {
    struct str known = {0};
    if (!h->options->through)
        return true;
    for (size_t i = 0; i < f->gateways.len; i++) {
        const char *region = f->gateways.items[i].region;
        if (region && strcmp(region, h->options->through) == 0) {
            f->gateway = i;
            str_free(&known);
            return true;
        }
        if (region && !strstr(str_get(&known), region))
            str_add_f(&known, known.len ? ", %s" : "%s", region);
    }
    err_set(&h->err, ERR_INPUT, "no gateway in the region \"%s\" is known", h->options->through);
    err_hint(&h->err, "known are %s; --gateway REGION=CONNINFO names another", known.len ? str_get(&known) : "none");
    str_free(&known);
    return false;
}

static struct insert_form *make_form(struct headless *h) {
    struct insert_form *f = insert_form_new(h->survey, table_of(h), &h->err);
    bool good = f && choose_gateway(h, f);
    for (size_t i = 1; good && i < h->options->arguments.len; i++)
        good = fill_field(h, f, h->options->arguments.items[i]);
    if (good)
        return f;
    insert_form_free(f);
    return NULL;
}

static void add_record(struct headless *h, const struct insert_result *i) {
    static const char *const names[] = {
        "table", "key", "gateway", "duration_us", "home", "range_id", "replicas", "verdict", "message", NULL};
    for (const char *const *n = names; *n; n++)
        records_add_field(&h->records, *n);
    json_t *r = records_add(&h->records);
    json_t *key = json_array();
    for (size_t k = 0; k < i->key.len; k++)
        json_array_append_new(key, record_text(i->key.items[k]));
    record_set(r, "table", record_text(table_of(h)));
    record_set(r, "key", key);
    record_set(r, "gateway", record_text(i->gateway));
    record_set(r, "duration_us", json_integer((json_int_t)i->duration));
    record_set(r, "home", record_text(i->home));
    if (i->range_id)
        record_set(r, "range_id", json_integer(i->range_id));
    record_set(r, "replicas", record_text(i->replicas));
    record_set(r, "verdict", record_text(i->verdict));
    record_set(r, "message", record_text(i->message));
}

static void on_result(void *arg, const struct insert_result *i) {
    struct headless *h = arg;
    if (h->stopped)
        return;
    switch (i->state) {
    case INSERT_CONNECTING:
    case INSERT_RUNNING:
    case INSERT_UNCERTAIN: return;
    case INSERT_DONE:
        if (!h->options->no_wait) {
            survey_hurry(h->survey);
            survey_refresh(h->survey);
            return;
        }
        add_record(h, i);
        headless_stop(h, 0);
        return;
    case INSERT_PLACED:
        add_record(h, i);
        headless_stop(h, 0);
        return;
    case INSERT_UNKNOWN:
    case INSERT_FAILED:
    case INSERT_CANCELLED:
        err_set(&h->err, strcmp(i->sqlstate, "42501") == 0 ? ERR_FORBIDDEN
                : i->state == INSERT_UNKNOWN ? ERR_UNAVAILABLE
                : ERR_INPUT, "%s", i->message);
        if (i->hint)
            err_hint(&h->err, "%s", i->hint);
        headless_fail(h);
        return;
    }
}

static void ready(struct headless *h) {
    struct inserting *s = h->state;
    struct str preview = {0};
    if (s->asked)
        return;
    s->asked = true;
    struct insert_form *f = headless_has_table(h, table_of(h)) ? make_form(h) : NULL;
    if (f) {
        insert_form_preview(&preview, f);
        char *clean = text_cleaned(str_get(&preview));
        str_clear(&preview);
        str_add_f(&preview, "%s\n", clean);
        free(clean);
    }
    if (!f || !headless_confirm(h, str_get(&preview)) ||
        !(s->insert = insert_start(h->loop, h->survey, f, on_result, h, &h->err)))
        headless_fail(h);
    insert_form_free(f);
    str_free(&preview);
}

static void changed(struct headless *h, unsigned parts) {
    struct inserting *s = h->state;
    if (s->insert)
        insert_notice(s->insert, parts);
}

/* The row is committed, and where it is could not be seen in time: that is said, not guessed. */
static void late(struct headless *h) {
    struct inserting *s = h->state;
    const struct insert_result *i = s->insert ? insert_result(s->insert) : NULL;
    if (i && i->state == INSERT_DONE) {
        add_record(h, i);
        headless_stop(h, 0);
        return;
    }
    err_set(&h->err, ERR_UNAVAILABLE, "%s", i ? i->message : "no answer in time");
    headless_fail(h);
}

const struct headless_task task_insert = {.name = "insert",
    .keeps_reading = true,
    .prints = true,
    .start = start,
    .ready = ready,
    .changed = changed,
    .late = late,
    .end = end};
