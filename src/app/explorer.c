/* explorer: model, commands and views put together and run on the loop. */
#include "domicile/app/explorer.h"

#include "explorer_private.h"

#include "domicile/base/log.h"
#include "domicile/base/text.h"
#include "domicile/ui/terminal.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_wake(void *arg) { explorer_dirty(arg); }

void explorer_dirty(struct explorer *x) {
    if (x->screen)
        screen_dirty(x->screen);
}

static void paint(void *arg, struct surface *s) {
    struct explorer *x = arg;
    struct model *m = &x->model;
    struct area all = surface_area(s);
    m->now = loop_now(x->loop);
    m->wall = loop_wall();
    m->next_change = 0;
    explorer_console_state(x);
    overview_draw(&x->ui, all);
    dialog_draw(x->dialogs, &x->ui, all);
    if (m->next_change)
        loop_timer_start(x->wake, m->next_change > m->now ? m->next_change - m->now : 0, 0);
    else
        loop_timer_stop(x->wake);
}

static void on_event(void *arg, const struct input_event *e) {
    explorer_input(arg, e);
    explorer_dirty(arg);
}

static void on_resized(void *arg, int width, int height) {
    (void)width;
    (void)height;
    explorer_dirty(arg);
}

static void on_hangup(void *arg) {
    struct explorer *x = arg;
    x->signal = SIGHUP;
    loop_stop(x->loop, 0);
}

static void on_signal(void *arg, int signo) {
    struct explorer *x = arg;
    if (signo == SIGWINCH) {
        screen_resize(x->screen);
    } else if (signo == SIGTSTP) {
        screen_suspend(x->screen);
        loop_on_signal(x->loop, SIGTSTP, on_signal, x);
    } else if (signo == SIGCONT) {
        screen_resume(x->screen); /* after SIGSTOP; the shell may have used the terminal meanwhile */
    } else {
        x->signal = signo;
        loop_stop(x->loop, 0);
    }
}

/* ---- what the survey tells ---- */

static void copy_parts(struct explorer *x) {
    struct model *m = &x->model;
    for (int i = 0; i < PART_KINDS; i++) {
        const char *problem = survey_problem(x->survey, (enum part_kind)i);
        m->parts[i].waiting_since = survey_waiting_since(x->survey, (enum part_kind)i);
        m->parts[i].interval = survey_interval(x->survey, (enum part_kind)i);
        if (!str_eq(m->parts[i].problem, problem)) {
            free(m->parts[i].problem);
            m->parts[i].problem = mem_strdup_null(problem);
        }
    }
    free(m->leases_problem);
    m->leases_problem = mem_strdup_null(survey_leases_problem(x->survey));
    free(m->table);
    m->table = mem_strdup(survey_table(x->survey));
    m->watches_all = survey_watches_all(x->survey);
}

static void copy_rtts(struct explorer *x) {
    struct model *m = &x->model;
    if (m->frozen)
        return;
    struct region_rtts before = m->rtts;
    m->rtts = (struct region_rtts){0};
    for (size_t i = 0; i < model_region_count(m); i++) {
        const char *region = model_region_at(m, i);
        const struct region_rtt *shown = model_find_rtt(&before, region);
        const char *reason;
        struct region_rtt r = {.region = mem_strdup(region)};
        r.rtt = model_steady_rtt(shown ? shown->rtt : -1, survey_rtt(x->survey, region));
        r.gateway = survey_gateway_state(x->survey, region, &reason);
        r.gateway_reason = mem_strdup(reason);
        vec_push(&m->rtts, r);
    }
    model_free_rtts(&before);
}

static void copy_databases(struct explorer *x) {
    struct model *m = &x->model;
    size_t n = 0;
    const char *const *names = survey_databases(x->survey, &n);
    for (size_t i = 0; i < m->databases.len; i++)
        free(m->databases.items[i]);
    vec_clear(&m->databases);
    for (size_t i = 0; i < n; i++)
        vec_push(&m->databases, mem_strdup(names[i]));
}

static void fail_as(struct explorer *x, enum err_kind kind, const char *what) {
    struct err err = {0};
    err_set(&err, kind, "%s", what);
    explorer_fail(x, &err);
}

static void enter_state(struct explorer *x, enum survey_state before) {
    const char *text = x->model.state_text;
    enum survey_state now = x->model.state;
    if (now == before)
        return;
    if (now == SURVEY_NOT_COCKROACH)
        fail_as(x, ERR_UNAVAILABLE, text);
    else if (now == SURVEY_NEEDS_PASSWORD && !dialog_find(x->dialogs, "password"))
        dialog_push(&x->dialogs, dialog_password_new(text));
    else if (now == SURVEY_REFUSED) {
        const struct err *e = survey_state_err(x->survey);
        fail_as(x, e->kind == ERR_NONE ? ERR_FORBIDDEN : e->kind, e->message[0] ? e->message : text);
    } else if (now == SURVEY_NO_DATABASE && !dialog_find(x->dialogs, "databases"))
        dialog_push(&x->dialogs, dialog_databases_new(text));
}

static void copy_state(struct explorer *x) {
    struct model *m = &x->model;
    enum survey_state before = m->state;
    m->state = survey_state(x->survey);
    free(m->state_text);
    m->state_text = mem_strdup(survey_state_text(x->survey));
    free(m->address);
    m->address = mem_strdup(survey_address(x->survey));
    usec left = survey_retry_in(x->survey);
    m->retry_at = left ? loop_now(x->loop) + left : 0;
    copy_databases(x);
    enter_state(x, x->seen_state ? before : SURVEY_CONNECTING);
    x->seen_state = true;
}

static void on_changed(void *arg, unsigned parts) {
    struct explorer *x = arg;
    struct model *m = &x->model;
    m->now = loop_now(x->loop);
    m->wall = loop_wall();
    model_update(m, survey_snapshot(x->survey), parts);
    copy_parts(x);
    if (parts & SURVEY_CHANGED_STATE)
        copy_state(x);
    if (parts & (SURVEY_CHANGED_RTT | 1U << PART_CATALOG | 1U << PART_TOPOLOGY))
        copy_rtts(x);
    if (x->change)
        change_notice(x->change, parts);
    if (x->insert)
        insert_notice(x->insert, parts);
    explorer_dirty(x);
}

static void on_happened(void *arg, const struct events *events) {
    struct explorer *x = arg;
    x->model.now = loop_now(x->loop);
    model_add_events(&x->model, events);
    explorer_dirty(x);
}

/* The user's own statements go to the feed; the survey's are in the log. */
static void on_statement(void *arg, const struct sqllog_entry *e) {
    struct explorer *x = arg;
    struct str text = {0};
    log_write(LOG_LEVEL_DEBUG, "%s: %s (%s, %lld us)", e->purpose, e->sql, e->outcome, (long long)e->took);
    if (!e->user || !x->survey)
        return;
    str_add_f(&text, "%lld ms  %s  → %s", (long long)(e->took / USEC_PER_MS), e->sql, e->outcome);
    survey_tell(x->survey, EVENT_STATEMENT, str_get(&text));
    str_free(&text);
}

/* ---- beginning and end ---- */

static bool utf8_locale(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

static bool wants_colour(const struct options *o) {
    const char *no = getenv("NO_COLOR");
    return o->color == COLOR_ALWAYS || (o->color == COLOR_AUTO && !(no && *no));
}

static void watch_signals(struct explorer *x) {
    static const int signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        loop_on_signal(x->loop, signals[i], on_signal, x);
}

/* Without memory: the terminal back, and what was said meanwhile shown. */
static void on_exhausted(void) {
    terminal_restore();
    terminal_unpark();
}

/* What it cost, for --stats and the log. */
static void add_stats(struct str *out, const struct explorer *x) {
    struct loop_stats l = loop_stats(x->loop);
    struct screen_stats s = screen_stats(x->screen);
    str_add_f(out,
        "%llu turns of the loop, the longest %lld us, %llu wake-ups, %llu of them by timers; %llu frames, %llu bytes, "
        "%llu frames passed over",
        (unsigned long long)l.turns, (long long)l.longest_turn, (unsigned long long)l.wakeups,
        (unsigned long long)l.timeouts, (unsigned long long)s.frames, (unsigned long long)s.bytes,
        (unsigned long long)s.skipped);
}

static bool open_screen(struct explorer *x, const struct options *o, struct err *err) {
    const struct theme *theme = theme_by_name(o->theme ? o->theme : "default");
    if (!theme) {
        err_set(err, ERR_USAGE, "there is no theme \"%s\"", o->theme);
        return err_hint(err, "the themes are default, mono and high-contrast");
    }
    if (!terminal_open(err))
        return false;
    terminal_guard();
    x->ui.ascii = o->ascii || !utf8_locale();
    struct screen_options so = {.theme = theme,
        .colour = wants_colour(o),
        .ascii = x->ui.ascii,
        .mouse = !o->no_mouse,
        .escape_delay = o->escape_delay,
        .event = on_event,
        .paint = paint,
        .resized = on_resized,
        .hangup = on_hangup,
        .arg = x};
    x->screen = screen_new(x->loop, &so, err);
    return x->screen != NULL;
}

struct explorer *explorer_new(struct loop *loop, const struct options *o, struct err *err) {
    struct explorer *x = mem_calloc(1, sizeof *x);
    x->loop = loop;
    x->options = o;
    if (o->log && !log_open(o->log, LOG_LEVEL_DEBUG, err)) {
        free(x);
        return NULL;
    }
    model_init(&x->model);
    x->model.read_only = o->read_only;
    x->model.lit_for = o->lit;
    x->model.now = loop_now(loop);
    x->ui = (struct ui){.model = &x->model, .intents = explorer_intents(), .arg = x};
    watch_signals(x); /* before curses looks: it then leaves them alone, at its start and at each frame */
    if (!open_screen(x, o, err)) {
        terminal_close();
        model_free(&x->model);
        free(x);
        return NULL;
    }
    mem_set_exhausted_hook(on_exhausted);
    x->keymap = keymap_new();
    for (size_t i = 0; i < o->keys.len; i++)
        keymap_bind(x->keymap, o->keys.items[i].key, o->keys.items[i].command);
    keymap_show(x->keymap);
    x->console = console_new();
    x->wake = loop_timer_new(loop, on_wake, x);
    x->sqllog = sqllog_new(500, on_statement, x);
    sqllog_use(x->sqllog);
    return x;
}

void explorer_connect(struct explorer *x, const char *conninfo, const char *database) {
    const struct options *o = x->options;
    struct survey_gateway *gateways = mem_calloc(o->gateways.len + 1, sizeof *gateways);
    for (size_t i = 0; i < o->gateways.len; i++)
        gateways[i] = (struct survey_gateway){o->gateways.items[i].region, o->gateways.items[i].conninfo};
    struct survey_options so = {.conninfo = conninfo ? conninfo : o->conninfo,
        .database = database,
        .read_only = o->read_only,
        .unsafe_internals = o->unsafe_internals,
        .gateways = gateways,
        .gateway_count = o->gateways.len,
        .refresh = o->refresh,
        .changed = on_changed,
        .happened = on_happened,
        .arg = x};
    x->survey = survey_new(x->loop, &so);
    free(gateways);
    copy_parts(x);
    copy_state(x);
    explorer_dirty(x);
}

void explorer_say(struct explorer *x, const char *text) {
    free(x->model.state_text);
    x->model.state_text = mem_strdup(text);
    explorer_dirty(x);
}

void explorer_fail(struct explorer *x, const struct err *err) {
    if (x->end.kind == ERR_NONE)
        x->end = *err;
    loop_stop(x->loop, 0);
}

static void drop_actions(struct explorer *x) {
    insert_free(x->insert);
    if (x->change)
        change_free(x->change, true); /* a statement under way is not undone by looking away */
    free(x->search_asked);
    inspect_free(x->inspect);
    failure_free(x->failure);
}

int explorer_finish(struct explorer *x) {
    struct err end = x->end;
    int signo = x->signal;
    struct str stats = {0};
    bool tell_stats = x->options->stats;
    add_stats(&stats, x);
    log_write(LOG_LEVEL_INFO, "%s", str_get(&stats));
    dialog_free_all(&x->dialogs);
    explorer_console_free(x);
    drop_actions(x);
    survey_free(x->survey);
    sqllog_free(x->sqllog);
    loop_timer_free(x->wake);
    screen_free(x->screen);
    keymap_show(NULL);
    keymap_free(x->keymap);
    model_free(&x->model);
    free(x);
    terminal_close();
    log_close();
    if (tell_stats)
        fprintf(stderr, "domicile: %s\n", str_get(&stats));
    str_free(&stats);
    if (signo)
        terminal_die_by(signo);
    if (end.kind != ERR_NONE) {
        err_print(&end);
    }
    return err_exit_code(end.kind);
}

int explore_main(const struct options *o) {
    struct err err = {0};
    struct loop *loop = loop_new();
    struct explorer *x = explorer_new(loop, o, &err);
    if (!x) {
        loop_free(loop);
        err_print(&err);
        return err_exit_code(err.kind);
    }
    explorer_connect(x, NULL, NULL);
    loop_run(loop, NULL);
    int status = explorer_finish(x);
    loop_free(loop);
    return status;
}

/* ---- the demo ---- */

struct demo {
    struct explorer *explorer;
    struct sandbox_child *child;
    const struct options *options;
};

static void on_sandbox(void *arg, bool ready, const struct err *err) {
    struct demo *d = arg;
    if (!ready) {
        explorer_fail(d->explorer, err);
        return;
    }
    explorer_connect(d->explorer, sandbox_child_node(d->child, 0)->url, d->options->sandbox.empty ? NULL : "django");
}

int demo_main(const struct options *o) {
    struct err err = {0};
    struct loop *loop = loop_new();
    struct demo d = {.options = o};
    /* The sandbox is a child of a process that has not taken the terminal yet. */
    d.child = sandbox_spawn(loop, &o->sandbox, on_sandbox, &d, &err);
    d.explorer = d.child ? explorer_new(loop, o, &err) : NULL;
    if (!d.explorer) {
        sandbox_child_free(d.child);
        loop_free(loop);
        err_print(&err);
        return err_exit_code(err.kind);
    }
    explorer_say(d.explorer, "starting the sandbox: nine nodes in three regions …");
    loop_run(loop, NULL);
    /* explorer_finish may die by a signal: the sandbox ends with its parent whatever happens. */
    int status = explorer_finish(d.explorer);
    sandbox_child_free(d.child);
    loop_free(loop);
    return status;
}
