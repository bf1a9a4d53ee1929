/* task_sql: statements from the command line, a file or standard input; the first error ends it. */
#include "headless_private.h"
#include "domicile/base/log.h"
#include "result_records.h"

#include "domicile/actions/script.h"
#include "domicile/base/text.h"
#include "domicile/output/variables.h"
#include "domicile/pg/connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct running {
    bool begun;
    struct script *script;
    size_t results; /* printed */
};

static bool read_file(struct str *out, const char *name, struct err *err) {
    char buffer[65536];
    FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
    if (!f)
        return err_set(err, ERR_USAGE, "%s cannot be read: %s", name, strerror(errno));
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        str_add_n(out, buffer, n);
    bool good = !ferror(f);
    if (f != stdin)
        fclose(f);
    return good || err_set(err, ERR_USAGE, "%s cannot be read: %s", name, strerror(errno));
}

static void end(struct headless *h) {
    struct running *r = h->state;
    if (r)
        script_free(r->script);
    free(r);
}

static void print_rows(struct headless *h, const struct pg_result *result) {
    struct running *s = h->state;
    struct records r = {0};
    result_records(&r, result);
    if (s->results++ && h->format == OUTPUT_CSV)
        headless_write(h, "\n", 1);
    headless_print(h, &r);
    records_free(&r);
}

static void on_notice(void *arg, const struct pg_error *n) {
    (void)arg;
    struct str text = {0};
    str_add_f(&text, "%s: %s", n->severity[0] ? n->severity : "NOTICE", n->message);
    headless_say("", str_get(&text));
    str_free(&text);
}

/* The line of the statement and the mark below it: text from a file that anybody may have written. */
static void print_mark(const char *text) {
    struct str safe = {0};
    log_redact(&safe, text);
    for (const char *line = str_get(&safe); *line;) {
        struct str clean = {0};
        size_t n = strcspn(line, "\n");
        text_clean(&clean, line, n);
        fprintf(stderr, "%s\n", str_get(&clean));
        str_free(&clean);
        line += n + (line[n] == '\n');
    }
    str_free(&safe);
}

static void tell_error(struct headless *h, const struct script_outcome *o) {
    const struct pg_error *e = o->error;
    struct str text = {0};
    bool forbidden = strcmp(e->sqlstate, "42501") == 0 || strcmp(e->sqlstate, "25006") == 0 ||
        (!e->sqlstate[0] && e->not_sent && !e->lost);
    err_set(&h->err, e->lost ? ERR_UNAVAILABLE : forbidden ? ERR_FORBIDDEN : ERR_INPUT, "%s%s%s%s", e->sqlstate,
        e->sqlstate[0] ? ": " : "", e->message, e->detail && e->detail[0] ? " (see the detail)" : "");
    if (e->detail && e->detail[0])
        headless_say("detail: ", e->detail);
    if (e->position > 0)
        script_mark(&text, o->sql, e->position);
    print_mark(str_get(&text));
    if (o->hint || (e->hint && e->hint[0]))
        err_hint(&h->err, "%s", o->hint ? o->hint : e->hint);
    str_free(&text);
}

static void on_outcome(void *arg, struct script_outcome *o) {
    struct headless *h = arg;
    if (o->error) {
        tell_error(h, o);
    } else if (o->result && pg_result_columns(o->result)) {
        print_rows(h, o->result);
    } else if (o->result && h->format == OUTPUT_TABLE) {
        headless_say("", pg_result_tag(o->result));
    }
    pg_result_free(o->result);
}

static void on_finished(void *arg, bool ok) {
    struct headless *h = arg;
    if (h->stopped)
        return;
    if (ok)
        headless_stop(h, 0);
    else
        headless_fail(h);
}

static void on_state(void *arg) {
    struct headless *h = arg;
    struct running *r = h->state;
    const char *problem = r->script ? script_problem(r->script) : NULL;
    if (problem && h->err.kind == ERR_NONE && !h->stopped && !script_is_running(r->script)) {
        err_set(&h->err, ERR_UNAVAILABLE, "%s", problem);
        headless_fail(h);
    }
}

/* The statements with their variables put in. */
static bool collect(struct headless *h, struct str *all) {
    const struct headless_options *o = h->options;
    struct str raw = {0};
    for (size_t i = 0; i < o->statements.len; i++)
        str_add_f(&raw, "%s;\n", o->statements.items[i]);
    const char *file = o->file ? o->file : o->statements.len ? NULL : "-";
    if (file && strcmp(file, "-") == 0 && !o->file && isatty(STDIN_FILENO) == 1) {
        err_set(&h->err, ERR_USAGE, "there is no statement");
        err_hint(&h->err, "give one with -c, a file with -f, or write them to standard input");
        str_free(&raw);
        return false;
    }
    bool good = !file || read_file(&raw, file, &h->err);
    struct variables v = {0};
    for (size_t i = 0; i < o->variables.len; i++)
        vec_push(&v, ((struct variable){o->variables.items[i].name, o->variables.items[i].value}));
    good = good && variables_fill(all, str_get(&raw), &v, &h->err);
    vec_free(&v);
    str_free(&raw);
    return good;
}

static bool start(struct headless *h) {
    h->state = mem_calloc(1, sizeof(struct running));
    return true;
}

/* The survey has found the server and knows how to reach it: the statements go the same way. */
static void changed(struct headless *h, unsigned parts) {
    struct running *s = h->state;
    struct script_callbacks callbacks = {
        .state = on_state, .notice = on_notice, .outcome = on_outcome, .finished = on_finished, .arg = h};
    struct pg_options options = {0};
    struct str all = {0};
    (void)parts;
    if (s->begun || survey_state(h->survey) != SURVEY_READING)
        return;
    s->begun = true;
    survey_session_options(h->survey, &options);
    options.read_only = h->options->read_only;
    bool good = collect(h, &all) && (s->script = script_new(h->loop, &options, &callbacks, &h->err));
    if (!good)
        headless_fail(h);
    else if (!script_add(s->script, str_get(&all)))
        headless_stop(h, 0);
    str_free(&all);
}

const struct headless_task task_sql = {
    .name = "sql", .keeps_reading = true, .start = start, .changed = changed, .end = end};
