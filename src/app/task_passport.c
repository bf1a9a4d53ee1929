/* task_passport: one row, found by its key. */
#include "headless_private.h"

#include "domicile/output/passport.h"

#include <stdlib.h>
#include <string.h>

struct seeking {
    bool asked; /* the filter was set: the next complete picture holds the row if it is there */
};

static const char *table_of(const struct headless *h) { return h->options->arguments.items[0]; }

static bool start(struct headless *h) {
    h->state = mem_calloc(1, sizeof(struct seeking));
    survey_show_table(h->survey, table_of(h));
    return true;
}

static void end(struct headless *h) { free(h->state); }

static bool is_it(const struct headless *h, const struct rows *rows, const struct row *r) {
    for (size_t i = 0; i < rows->key_columns; i++) {
        const char *wanted = h->options->arguments.items[i + 1];
        if (i >= r->values.len || !r->values.items[i] || strcmp(r->values.items[i], wanted) != 0)
            return false;
    }
    return true;
}

static const struct row *find(const struct headless *h, const struct rows *rows) {
    for (size_t i = 0; i < rows->pages.len; i++)
        for (size_t k = 0; k < rows->pages.items[i].rows.len; k++)
            if (is_it(h, rows, &rows->pages.items[i].rows.items[k]))
                return &rows->pages.items[i].rows.items[k];
    return NULL;
}

/* The regions whose rows could not be read: the row may be there. */
static bool not_found(struct headless *h, const struct rows *rows) {
    for (size_t i = 0; i < rows->pages.len; i++)
        if (rows->pages.items[i].problem) {
            err_set(&h->err, ERR_UNAVAILABLE, "the row was not found, and not every row could be read: %s",
                rows->pages.items[i].problem);
            return false;
        }
    err_set(&h->err, ERR_INPUT, "there is no row with the key \"%s\" in \"%s\"", h->options->arguments.items[1],
        table_of(h));
    return err_hint(&h->err, "\"domicile rows %s\" lists those there are", table_of(h));
}

static bool fits(struct headless *h, const struct rows *rows) {
    struct str columns = {0};
    if (rows->key_columns == h->options->arguments.len - 1)
        return true;
    for (size_t i = 0; i < rows->key_columns; i++)
        str_add_f(&columns, i ? " %s" : "%s", rows->columns.items[i]);
    err_set(&h->err, ERR_USAGE, "the key of \"%s\" is: %s", table_of(h), str_get(&columns));
    str_free(&columns);
    return false;
}

static void ready(struct headless *h) {
    struct seeking *s = h->state;
    const struct rows *rows = snapshot_rows(survey_snapshot(h->survey));
    bool good = headless_has_table(h, table_of(h));
    if (good && !rows)
        good = err_set(&h->err, ERR_FORBIDDEN, "the rows could not be read: %s",
            survey_problem(h->survey, PART_ROWS) ? survey_problem(h->survey, PART_ROWS) : "no answer");
    const struct row *r = good && fits(h, rows) ? find(h, rows) : NULL;
    if (r) {
        output_passport(&h->records, survey_snapshot(h->survey), r, loop_now(h->loop));
        headless_stop(h, 0);
        return;
    }
    good = good && h->err.kind == ERR_NONE;
    if (good && !s->asked) {
        s->asked = true;
        if (survey_filter(h->survey, h->options->arguments.items[1], true, &h->err) && !survey_idle(h->survey))
            return;
    }
    if (good && h->err.kind == ERR_NONE)
        not_found(h, rows);
    headless_fail(h);
}

const struct headless_task task_passport = {
    .name = "passport", .prints = true, .start = start, .ready = ready, .end = end};
