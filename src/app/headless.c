/* headless: one survey, one answer, one exit code. */
#include "domicile/app/headless.h"

#include "domicile/base/text.h"
#include "domicile/loop/loop.h"
#include "domicile/output/answer.h"
#include "domicile/survey/survey.h"
#include "headless_options.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PAGE_ROWS = 1000 };

struct headless {
    const struct headless_options *options;
    struct loop *loop;
    struct survey *survey;
    struct records records;
    bool begun;
    VEC_STRUCT(usec) seen; /* asof of each page when it was last added */
    struct err err;
    int status;
};

bool headless_knows(const char *name) { return answer_find(name) != NULL; }

void headless_help(struct str *out) {
    for (const struct answer *a = answer_table(); a->name; a++) {
        char *usage = mem_printf("%s%s%s", a->name, a->argument ? " " : "", a->argument ? a->argument : "");
        str_add_f(out, "  domicile %-22s %s\n", usage, a->help);
        free(usage);
    }
}

static void stop(struct headless *h, int status) {
    h->status = status;
    loop_stop(h->loop, status);
}

static void fail(struct headless *h) { stop(h, err_exit_code(h->err.kind)); }

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
    case SURVEY_NOT_COCKROACH:
    case SURVEY_NO_DATABASE:
    case SURVEY_REFUSED:
        h->err = *survey_state_err(h->survey);
        return true;
    }
    return false;
}

/* -- the answer -- */

static struct answer_input input(const struct headless *h) {
    return (struct answer_input){
        .snapshot = survey_snapshot(h->survey),
        .table = h->options->table,
        .unread = survey_problem(h->survey, PART_CATALOG) || survey_problem(h->survey, PART_RANGES),
    };
}

static bool table_exists(struct headless *h) {
    const struct catalog *c = snapshot_catalog(survey_snapshot(h->survey));
    if (!h->options->table || !c || catalog_table(c, h->options->table))
        return true;
    err_set(&h->err, ERR_INPUT, "there is no table \"%s\" in the database \"%s\"", h->options->table,
        c->database.name);
    return err_hint(&h->err, "\"domicile tables\" lists those there are");
}

/* Adds the pages that are new; true when another page of one was asked for. */
static bool add_pages(struct headless *h) {
    struct answer_input in = input(h);
    const struct rows *rows = snapshot_rows(in.snapshot);
    VEC_STRUCT(char *) turn = {0};
    bool whole = false; /* a table not by row has one page, without a region */
    for (size_t i = 0; rows && i < rows->pages.len; i++) {
        const struct row_page *page = &rows->pages.items[i];
        while (h->seen.len <= i)
            vec_push(&h->seen, 0);
        if (page->asof == h->seen.items[i])
            continue;
        h->seen.items[i] = page->asof;
        in.page = page;
        h->options->answer->append(&h->records, &in);
        if (page->more_after && page->region)
            vec_push(&turn, mem_strdup(page->region));
        else
            whole = whole || page->more_after;
    }
    bool more = turn.len > 0 || whole;
    for (size_t i = 0; i < turn.len; i++) {
        survey_turn_page(h->survey, turn.items[i], SURVEY_PAGE_NEXT);
        free(turn.items[i]);
    }
    vec_free(&turn);
    if (whole)
        survey_turn_page(h->survey, NULL, SURVEY_PAGE_NEXT);
    return more && !survey_idle(h->survey);
}

static int exit_code(const struct headless *h) {
    struct answer_input in = input(h);
    return h->options->answer->says ? (int)h->options->answer->says(&in) : 0;
}

static void answer(struct headless *h) {
    struct answer_input in = input(h);
    if (!table_exists(h)) {
        fail(h);
        return;
    }
    if (!h->begun)
        h->options->answer->begin(&h->records, &in);
    h->begun = true;
    if (h->options->answer->paged) {
        if (add_pages(h))
            return;
    } else {
        h->options->answer->append(&h->records, &in);
    }
    stop(h, exit_code(h));
}

static void each_turn(void *arg) {
    struct headless *h = arg;
    if (is_stuck(h))
        fail(h);
    else if (survey_idle(h->survey))
        answer(h);
}

static void on_interrupt(void *arg, int signo) {
    struct headless *h = arg;
    (void)signo;
    err_set(&h->err, ERR_INTERRUPTED, "interrupted");
    fail(h);
}

/* -- telling -- */

static void say(const char *kind, const char *text) {
    char *clean = text_cleaned(text);
    fprintf(stderr, "domicile: %s%s\n", kind, clean);
    free(clean);
}

/* What could not be read, so that a gap in the answer is not taken for a fact. */
static void say_what_is_missing(const struct headless *h) {
    static const char *const parts[PART_KINDS] = {[PART_TOPOLOGY] = "nodes: ", [PART_CATALOG] = "catalog: ",
        [PART_RANGES] = "ranges: ", [PART_ROWS] = "rows: ", [PART_REPORT] = "replication report: "};
    const struct snapshot *s = survey_snapshot(h->survey);
    const struct server_info *info = snapshot_server(s);
    const struct rows *rows = h->options->answer->paged ? snapshot_rows(s) : NULL;
    for (int i = 0; i < PART_KINDS; i++) {
        const char *problem = parts[i] ? survey_problem(h->survey, (enum part_kind)i) : NULL;
        if (problem && (i != PART_ROWS || h->options->answer->paged))
            say(parts[i], problem);
    }
    for (size_t i = 0; info && i < info->missing.len; i++)
        say("", info->missing.items[i]);
    for (size_t i = 0; rows && i < rows->pages.len; i++) {
        const struct row_page *page = &rows->pages.items[i];
        if (page->problem)
            say(page->region ? page->region : "rows: ", page->problem);
        else if (page->more_after)
            say("", "not every row is shown: pages of this table cannot be turned by its key");
    }
}

static void print(const struct headless *h) {
    struct str out = {0};
    struct winsize size = {0};
    bool tty = isatty(STDOUT_FILENO) == 1;
    if (tty)
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    struct output_style style = {
        .format = h->options->format, .width = size.ws_col, .tty = tty, .ascii = h->options->ascii};
    records_print(&out, &h->records, &style);
    fwrite(str_get(&out), 1, out.len, stdout);
    str_free(&out);
}

static int finish(struct headless *h) {
    if (h->err.kind != ERR_NONE) {
        say("", h->err.message);
        if (h->err.hint[0])
            say("", h->err.hint);
    } else {
        say_what_is_missing(h);
        print(h);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            say("", strerror(errno));
            return err_exit_code(ERR_INTERNAL);
        }
    }
    return h->status;
}

static int run(const struct headless_options *o) {
    struct headless h = {.options = o, .loop = loop_new()};
    struct survey_options wishes = {.conninfo = o->conninfo,
        .read_only = true,
        .unsafe_internals = o->unsafe_internals,
        .once = true,
        .page_rows = PAGE_ROWS};
    loop_on_signal(h.loop, SIGINT, on_interrupt, &h);
    loop_on_signal(h.loop, SIGTERM, on_interrupt, &h);
    struct loop_prepare *prepare = loop_prepare_new(h.loop, each_turn, &h);
    h.survey = survey_new(h.loop, &wishes);
    survey_show_table(h.survey, o->answer->paged ? o->table : NULL);
    int status;
    loop_run(h.loop, &status);
    status = finish(&h);
    loop_prepare_free(prepare);
    survey_free(h.survey);
    loop_free(h.loop);
    records_free(&h.records);
    vec_free(&h.seen);
    return status;
}

int headless_main(int argc, char **argv) {
    struct headless_options o;
    struct err err = {0};
    int status;
    if (!headless_options_parse(&o, argc, argv, &err)) {
        say("", err.message);
        if (err.hint[0])
            say("", err.hint);
        status = err_exit_code(err.kind);
    } else if (o.help) {
        struct str text = {0};
        headless_options_help(&text, o.answer);
        fputs(str_get(&text), stdout);
        str_free(&text);
        status = 0;
    } else {
        status = run(&o);
    }
    headless_options_free(&o);
    return status;
}
