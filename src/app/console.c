/* console: what is typed into the console, run: commands at once, SQL on a session of its own. */
#include "explorer_private.h"
#include "result_records.h"

#include "domicile/actions/intent.h"
#include "domicile/base/text.h"
#include "domicile/output/records.h"
#include "domicile/pg/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ECHO_LINES = 12, DETAIL_LINES = 40 };

/* ---- what the session tells ---- */

void explorer_console_state(struct explorer *x) {
    struct console_status *s = console_status(x->console);
    if (!x->script)
        return;
    s->transaction = script_transaction(x->script);
    s->running = script_is_running(x->script);
    s->cancelling = script_is_cancelling(x->script);
    s->running_since = script_running_since(x->script);
    s->waiting = script_waiting(x->script);
}

static void on_state(void *arg) {
    struct explorer *x = arg;
    explorer_console_state(x);
    explorer_dirty(x);
}

static void on_notice(void *arg, const struct pg_error *n) {
    struct explorer *x = arg;
    console_add_f(x->console, STYLE_WARN, "%s: %s", n->severity ? n->severity : "NOTICE", n->message ? n->message : "");
    if (n->detail)
        console_add(x->console, STYLE_DIM, n->detail, DETAIL_LINES);
    if (n->hint)
        console_add_f(x->console, STYLE_DIM, "HINT: %s", n->hint);
    explorer_dirty(x);
}

static void tell_error(struct explorer *x, const struct script_outcome *o) {
    const struct pg_error *e = o->error;
    struct str text = {0};
    if (e->cancelled) {
        console_add(x->console, STYLE_WARN, "cancelled: the server gave the statement up", 0);
    } else {
        str_add_f(&text, "%s: %s", e->severity ? e->severity : "ERROR", e->message);
        if (e->sqlstate[0])
            str_add_f(&text, "  (%s)", e->sqlstate);
        console_add(x->console, STYLE_BAD, str_get(&text), DETAIL_LINES);
    }
    if (e->position > 0 && !e->cancelled) {
        str_clear(&text);
        script_mark(&text, o->sql, e->position);
        console_add(x->console, STYLE_NORMAL, str_get(&text), 0);
    }
    if (e->detail)
        console_add(x->console, STYLE_DIM, e->detail, DETAIL_LINES);
    if (e->hint)
        console_add_f(x->console, STYLE_DIM, "HINT: %s", e->hint);
    if (o->hint)
        console_add_f(x->console, STYLE_DIM, "HINT: %s", o->hint);
    if (e->lost)
        console_add(
            x->console, STYLE_DIM, "whether the statement took effect is not known; the next one connects again", 0);
    if (o->dropped)
        console_add_f(x->console, STYLE_DIM, "%zu statement%s behind it %s not run", o->dropped,
            o->dropped == 1 ? "" : "s", o->dropped == 1 ? "is" : "are");
    str_free(&text);
}

static void on_outcome(void *arg, struct script_outcome *o) {
    struct explorer *x = arg;
    struct str text = {0};
    if (o->error) {
        tell_error(x, o);
    } else {
        size_t rows = pg_result_rows(o->result);
        bool table = pg_result_columns(o->result) > 0;
        if (table)
            str_add_f(&text, "(%zu row%s)", rows, rows == 1 ? "" : "s");
        else
            str_add(&text, pg_result_tag(o->result));
        str_add_f(&text, "  %.1f ms", (double)o->took / USEC_PER_MS);
        if (table)
            console_add_result(x->console, o->result);
        else
            pg_result_free(o->result);
        console_add(x->console, STYLE_DIM, str_get(&text), 0);
    }
    str_free(&text);
    survey_hurry(x->survey);
    explorer_dirty(x);
}

static void on_finished(void *arg, bool ok) {
    struct explorer *x = arg;
    (void)ok;
    survey_refresh(x->survey); /* what was typed may have changed anything */
    on_state(x);
}

/* ---- a change that the planner knows ---- */

/* Shows what the statement would do; false: the planner does not know it, or the server has more to say of it. */
static bool preview(struct explorer *x, const struct catalog *c, const char *sql) {
    struct err err = {0};
    struct intent *intent = intent_new(sql, c->database.name, &err);
    if (!intent)
        return false;
    struct plan *plan = plan_make(&x->model.live, intent_request(intent));
    intent_free(intent);
    /* What is so already, or what the server would refuse, the server says best itself. */
    bool known = plan->possible && plan->changes;
    if (known)
        dialog_push(&x->dialogs, dialog_placement_new(plan, NULL, NULL, c->database.name));
    else
        plan_free(plan);
    return known;
}

static enum script_verdict on_allow(void *arg, const char *sql) {
    struct explorer *x = arg;
    const struct catalog *c = snapshot_catalog(&x->model.live);
    console_add_f(x->console, STYLE_SQL, "%s;", sql);
    on_state(x);
    bool known = c && preview(x, c, sql);
    x->held = known ? HELD_ASKING : HELD_NOTHING;
    return known ? SCRIPT_HOLD : SCRIPT_SEND;
}

bool explorer_console_plan(struct explorer *x) {
    if (x->held != HELD_ASKING)
        return true;
    /* In an open transaction it belongs to that transaction: as it was typed, on its session. */
    bool here = script_transaction(x->script) == 'T';
    x->held = here ? HELD_NOTHING : HELD_RUNNING;
    if (here)
        script_release(x->script, SCRIPT_SEND);
    return !here;
}

static void release(struct explorer *x, enum script_verdict verdict) {
    x->held = HELD_NOTHING;
    script_release(x->script, verdict);
    on_state(x);
}

void explorer_console_settle(struct explorer *x) {
    const struct change_progress *p = x->model.change;
    if (x->held == HELD_ASKING && !dialog_find(x->dialogs, "placement")) {
        console_add(x->console, STYLE_DIM, "not run", 0);
        release(x, SCRIPT_DROP);
    } else if (x->held == HELD_RUNNING &&
        (!p || p->state == CHANGE_FAILED || p->state == CHANGE_CANCELLED || p->state == CHANGE_UNCERTAIN)) {
        console_add(x->console, STYLE_BAD, p ? p->message : "refused", DETAIL_LINES);
        if (p && p->hint)
            console_add_f(x->console, STYLE_DIM, "HINT: %s", p->hint);
        release(x, SCRIPT_DROP);
    } else if (x->held == HELD_RUNNING && (p->state == CHANGE_DRAINING || p->state == CHANGE_SETTLED)) {
        console_add(x->console, STYLE_GOOD, p->message, 0);
        release(x, SCRIPT_SKIP);
    }
}

/* ---- what was typed ---- */

static bool open_script(struct explorer *x) {
    struct pg_options options = {0};
    struct script_callbacks callbacks = {on_state, on_notice, on_allow, on_outcome, on_finished, x};
    struct err err = {0};
    const struct server_info *s = snapshot_server(&x->model.live);
    if (!x->script) {
        survey_session_options(x->survey, &options);
        if (s && s->database)
            options.database = s->database;
        x->script = script_new(x->loop, &options, &callbacks, &err);
    }
    if (!x->script)
        console_add(x->console, STYLE_BAD, err.message, 0);
    return x->script != NULL;
}

static void run_command(struct explorer *x, const struct command *c, const char *text, const char *argument) {
    console_add(x->console, STYLE_KEY, text, ECHO_LINES);
    explorer_run(x, c->id, argument);
    if (x->model.message) {
        enum message_kind kind = x->model.message_kind;
        console_add(x->console,
            kind == MESSAGE_BAD ? STYLE_BAD
                : kind == MESSAGE_WARN ? STYLE_WARN
                : STYLE_DIM,
            x->model.message, 0);
    }
}

static bool is_word(const char *text, const char *word) {
    size_t n = strlen(word);
    text += strspn(text, " \t\n");
    return strncmp(text, word, n) == 0 && text[n + strspn(text + n, " \t\n;")] == '\0';
}

void intent_line(void *arg, const char *text) {
    struct explorer *x = arg;
    const char *argument;
    const struct command *c = command_of_line(text, &argument);
    if (text[strspn(text, " \t\n;")] == '\0')
        return;
    if (c)
        run_command(x, c, text, argument);
    else if (is_word(text, "exit") || is_word(text, "\\q"))
        console_close(x->console);
    else if (!x->survey)
        console_add(x->console, STYLE_BAD, "there is no server to ask yet", 0);
    else if (open_script(x))
        script_add(x->script, text);
    on_state(x);
}

void intent_cancel_line(void *arg) {
    struct explorer *x = arg;
    if (x->script)
        script_cancel(x->script);
    on_state(x);
}

/* The console's session belongs to one database. */
void explorer_console_forget(struct explorer *x) {
    if (x->script) {
        console_add(x->console, STYLE_DIM, "another database: the session here is closed", 0);
        script_free(x->script);
        x->script = NULL;
        *console_status(x->console) = (struct console_status){.transaction = 'I'};
    }
    x->held = HELD_NOTHING;
}

/* ---- results to keep ---- */

static void print_result(struct str *out, const struct pg_result *r, enum output_format format) {
    struct records records = {0};
    struct output_style style = {.format = format};
    result_records(&records, r);
    records_print(out, &records, &style);
    records_free(&records);
}

static bool format_of(const char *path, enum output_format *format, struct err *err) {
    const char *dot = strrchr(path, '.');
    return output_format_parse(format, dot ? dot + 1 : "", err);
}

static bool write_all(int fd, const struct str *text) {
    size_t done = 0;
    while (done < text->len) {
        ssize_t n = write(fd, text->data + done, text->len - done);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* All of it or nothing: what was there stays when the disk is full. */
static bool write_file(const char *path, const struct str *text, bool over) {
    char *target = over ? mem_printf("%s.%d.part", path, (int)getpid()) : mem_strdup(path);
    int fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_EXCL, 0600);
    bool ok = fd >= 0 && write_all(fd, text);
    int saved = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        saved = errno;
    }
    if (ok && over && rename(target, path) != 0) {
        ok = false;
        saved = errno;
    }
    if (fd >= 0 && !ok)
        unlink(target);
    free(target);
    errno = saved;
    return ok;
}

void explorer_export(struct explorer *x, const char *argument) {
    const struct pg_result *r = console_result(x->console);
    struct model *m = &x->model;
    struct str text = {0};
    struct err err = {0};
    enum output_format format;
    bool over = argument && *argument == '!';
    const char *path = argument ? argument + over + strspn(argument + over, " ") : "";
    if (!r)
        model_message(m, MESSAGE_WARN, "the console has no result to export");
    else if (!*path)
        model_message(m, MESSAGE_WARN, "export what? \"export file.csv\" or \"export file.json\"");
    else if (!format_of(path, &format, &err))
        model_message(m, MESSAGE_BAD, "%s: the file's name ends in its format, .csv or .json", path);
    else {
        print_result(&text, r, format);
        if (write_file(path, &text, over))
            model_message(m, MESSAGE_GOOD, "%zu rows written to %s", pg_result_rows(r), path);
        else if (errno == EEXIST)
            model_message(m, MESSAGE_WARN, "%s is there already: \"export! %s\" overwrites it", path, path);
        else
            model_message(m, MESSAGE_BAD, "%s was not written: %s; the result is still here", path, strerror(errno));
    }
    str_free(&text);
}

bool explorer_copy_result(struct explorer *x) {
    const struct pg_result *r = console_result(x->console);
    struct str text = {0};
    if (!dialog_find(x->dialogs, "console") || !r)
        return false;
    print_result(&text, r, OUTPUT_CSV);
    screen_copy(x->screen, str_get(&text));
    model_message(
        &x->model, MESSAGE_INFO, "%zu rows handed to the terminal's clipboard as CSV (OSC 52)", pg_result_rows(r));
    str_free(&text);
    return true;
}

void explorer_console_open(struct explorer *x) {
    if (!dialog_find(x->dialogs, "console"))
        dialog_push(&x->dialogs, dialog_console_new(x->console, &x->ui));
}

void explorer_console_free(struct explorer *x) {
    script_free(x->script);
    console_free(x->console);
}
