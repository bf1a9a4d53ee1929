/* headless: a command for scripts: its options, its survey, its task, one exit code. */
#include "domicile/app/headless.h"
#include "domicile/base/log.h"

#include "domicile/base/text.h"
#include "headless_private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PAGE_ROWS = 1000 };

static const struct headless_task *const tasks[] = {
    &task_regions, &task_tables, &task_rows, &task_ranges, &task_report, &task_check, &task_passport,
    &task_plan, &task_placement, &task_insert, &task_watch, &task_evidence, &task_sql,
};

static const struct headless_task *task_find(const char *name) {
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (strcmp(tasks[i]->name, name) == 0)
            return tasks[i];
    return NULL;
}

bool headless_knows(const char *name) { return headless_command_find(name) != NULL; }

void headless_help(struct str *out) { headless_commands_help(out); }

void headless_stop(struct headless *h, int status) {
    h->status = status;
    h->stopped = true;
    loop_stop(h->loop, status);
}

void headless_fail(struct headless *h) { headless_stop(h, err_exit_code(h->err.kind)); }

void headless_say(const char *kind, const char *text) {
    struct str safe = {0};
    log_redact(&safe, text); /* what errors quote may be logged by whoever runs the script */
    char *clean = text_cleaned(str_get(&safe));
    fprintf(stderr, "domicile: %s%s\n", kind, clean);
    free(clean);
    str_free(&safe);
}

const struct database *headless_database(const struct headless *h) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(h->survey));
    return c ? &c->database : NULL;
}

bool headless_has_table(struct headless *h, const char *table) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(h->survey));
    if (!table || !c || catalog_table(c, table))
        return true;
    struct str candidates = {0};
    const bool several = catalog_candidates(c, table, &candidates) > 1;
    if (several)
        err_set(&h->err, ERR_INPUT, "several tables may be meant by \"%s\": %s", table, str_get(&candidates));
    str_free(&candidates);
    if (several)
        return err_hint(&h->err, "name one with its schema");
    err_set(&h->err, ERR_INPUT, "there is no table \"%s\" in the database \"%s\"", table, c->database.name);
    return err_hint(&h->err, "\"domicile tables\" lists those there are");
}

/* -- asking -- */

bool headless_confirm(struct headless *h, const char *preview) {
    char answer[16] = "";
    fputs(preview, stderr);
    if (h->options->yes)
        return true;
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        err_set(&h->err, ERR_USAGE, "this changes the cluster, and there is no terminal to ask on");
        return err_hint(&h->err, "--yes says that it may");
    }
    fputs("Run it? [y/N] ", stderr);
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
        return true;
    return err_set(&h->err, ERR_INTERRUPTED, "nothing was changed");
}

/* -- writing -- */

void headless_write(struct headless *h, const char *text, size_t n) {
    fwrite(text, 1, n, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    /* A reader such as head that has enough is no error to talk of. */
    if (errno == EPIPE)
        headless_stop(h, 0);
    else
        headless_stop(h, !err_set(&h->err, ERR_INTERNAL, "standard output: %s", strerror(errno)));
}

void headless_print(struct headless *h, const struct records *r) {
    struct str out = {0};
    struct winsize size = {0};
    bool tty = isatty(STDOUT_FILENO) == 1;
    if (tty)
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    struct output_style style = {.format = h->format, .width = size.ws_col, .tty = tty, .ascii = h->options->ascii};
    records_print(&out, r, &style);
    headless_write(h, str_get(&out), out.len);
    str_free(&out);
}

/* -- states in which no answer will come -- */

static bool is_stuck(struct headless *h) {
    switch (survey_state(h->survey)) {
    case SURVEY_CONNECTING:
    case SURVEY_READING: return false;
    case SURVEY_NEEDS_PASSWORD:
        err_set(&h->err, ERR_FORBIDDEN, "%s wants a password", survey_address(h->survey));
        err_hint(&h->err, "put it in PGPASSWORD, in ~/.pgpass or in the URL");
        return true;
    case SURVEY_WAITING:
        /* Who watches waits for the server to come back. */
        if (h->task->keeps_reading && snapshot_server(survey_snapshot(h->survey)))
            return false;
        h->err = *survey_state_err(h->survey);
        return true;
    case SURVEY_NOT_COCKROACH:
    case SURVEY_NO_DATABASE:
    case SURVEY_REFUSED:
        h->err = *survey_state_err(h->survey);
        return true;
    }
    return false;
}

static void each_turn(void *arg) {
    struct headless *h = arg;
    if (h->stopped || !h->survey)
        return;
    if (is_stuck(h))
        headless_fail(h);
    else if (h->task->ready && survey_idle(h->survey))
        h->task->ready(h);
}

static void on_changed(void *arg, unsigned parts) {
    struct headless *h = arg;
    if (!h->stopped && h->survey && h->task->changed)
        h->task->changed(h, parts);
}

static void on_happened(void *arg, const struct events *events) {
    struct headless *h = arg;
    if (!h->stopped && h->task->happened)
        h->task->happened(h, events);
}

static void on_interrupt(void *arg, int signo) {
    struct headless *h = arg;
    (void)signo;
    err_set(&h->err, ERR_INTERRUPTED, "interrupted");
    headless_fail(h);
}

static void on_late(void *arg) {
    struct headless *h = arg;
    if (h->task->late) {
        h->task->late(h);
        return;
    }
    err_set(&h->err, ERR_UNAVAILABLE, "no answer within %g s: %s", (double)h->options->timeout / USEC_PER_SEC,
        survey_state_text(h->survey));
    err_hint(&h->err, "--timeout gives it longer");
    headless_fail(h);
}

/* -- telling -- */

/* What could not be read, so that a gap in the answer is not taken for a fact. */
static void say_what_is_missing(const struct headless *h) {
    static const char *const parts[PART_KINDS] = {[PART_TOPOLOGY] = "nodes: ", [PART_CATALOG] = "catalog: ",
        [PART_RANGES] = "ranges: ", [PART_REPORT] = "replication report: "};
    const struct server_info *info = snapshot_server(survey_snapshot(h->survey));
    for (int i = 0; i < PART_KINDS; i++) {
        const char *problem = parts[i] ? survey_problem(h->survey, (enum part_kind)i) : NULL;
        if (problem)
            headless_say(parts[i], problem);
    }
    for (size_t i = 0; info && i < info->missing.len; i++)
        headless_say("", info->missing.items[i]);
}

static void finish(struct headless *h) {
    if (h->err.kind == ERR_NONE && h->task->prints) {
        say_what_is_missing(h);
        headless_print(h, &h->records);
    }
    if (h->err.kind == ERR_NONE)
        return;
    headless_say("", h->err.message);
    if (h->err.hint[0])
        headless_say("", h->err.hint);
}

static void open_survey(struct headless *h) {
    const struct headless_options *o = h->options;
    VEC_STRUCT(struct survey_gateway) gateways = {0};
    for (size_t i = 0; i < o->gateways.len; i++)
        vec_push(&gateways, ((struct survey_gateway){o->gateways.items[i].name, o->gateways.items[i].value}));
    struct survey_options wishes = {.conninfo = o->conninfo,
        .database = o->database,
        .read_only = !o->command->changes,
        .unsafe_internals = o->unsafe_internals,
        .gateways = gateways.items,
        .gateway_count = gateways.len,
        .once = !h->task->keeps_reading && !o->until_home,
        .page_rows = PAGE_ROWS,
        .changed = on_changed,
        .happened = on_happened,
        .arg = h};
    h->survey = survey_new(h->loop, &wishes);
    /* Who watches sees rows of the first table by row unless another is named; the rest need no rows. */
    if (o->table || !(o->command->options & HEADLESS_FOR))
        survey_show_table(h->survey, o->table);
    vec_free(&gateways);
}

static int run(const struct headless_options *o, enum output_format format) {
    struct headless h = {.options = o, .format = format, .loop = loop_new(), .task = task_find(o->command->name)};
    signal(SIGPIPE, SIG_IGN);
    loop_on_signal(h.loop, SIGINT, on_interrupt, &h);
    loop_on_signal(h.loop, SIGTERM, on_interrupt, &h);
    struct loop_prepare *prepare = loop_prepare_new(h.loop, each_turn, &h);
    struct loop_timer *late = loop_timer_new(h.loop, on_late, &h);
    open_survey(&h);
    if (o->timeout)
        loop_timer_start(late, o->timeout, 0);
    int status;
    if (h.task->start && !h.task->start(&h))
        h.status = err_exit_code(h.err.kind);
    else if (!h.stopped)
        loop_run(h.loop, &status);
    finish(&h);
    if (h.task->end)
        h.task->end(&h);
    loop_timer_free(late);
    loop_prepare_free(prepare);
    survey_free(h.survey);
    loop_free(h.loop);
    records_free(&h.records);
    return h.status;
}

static int refuse(const struct err *err) {
    headless_say("", err->message);
    if (err->hint[0])
        headless_say("", err->hint);
    return err_exit_code(err->kind);
}

int headless_main(int argc, char **argv) {
    struct headless_options o;
    struct err err = {0};
    enum output_format format = OUTPUT_TABLE;
    int status = 0;
    if (!headless_options_parse(&o, argc, argv, &err) || (o.format && !output_format_parse(&format, o.format, &err))) {
        status = refuse(&err);
    } else if (o.help) {
        struct str text = {0};
        headless_options_help(&text, o.command);
        fputs(str_get(&text), stdout);
        str_free(&text);
    } else {
        status = run(&o, format);
    }
    headless_options_free(&o);
    return status;
}
