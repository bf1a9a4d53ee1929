/* commands: what the commands and the views' intents do. */
#include "explorer_private.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LIT_STEP = 2 * USEC_PER_SEC, LIT_MOST = 120 * USEC_PER_SEC };

static void push(struct explorer *x, struct view *v) {
    if (v)
        dialog_push(&x->dialogs, v);
}

static void say_err(struct explorer *x, const struct err *err) {
    model_message(&x->model, MESSAGE_BAD, "%s%s%s", err->message, err->hint[0] ? " · " : "", err->hint);
}

/* ---- intents ---- */

static void on_insert(void *arg, const struct insert_result *r) {
    struct explorer *x = arg;
    struct view *form = dialog_find(x->dialogs, "insert");
    bool committed = r->state == INSERT_DONE || r->state == INSERT_PLACED;
    if (form && committed) {
        dialog_pop(&x->dialogs);
        survey_refresh(x->survey);
    } else if (form) {
        dialog_insert_progress(form, r);
    }
    if (committed || !form)
        model_message(&x->model, committed ? MESSAGE_GOOD : MESSAGE_BAD, "%s", r->message);
    survey_hurry(x->survey);
    explorer_dirty(x);
}

static void intent_insert(void *arg, const struct insert_form *form) {
    struct explorer *x = arg;
    struct err err = {0};
    insert_free(x->insert);
    x->insert = insert_start(x->loop, x->survey, form, on_insert, x, &err);
    struct view *v = dialog_find(x->dialogs, "insert");
    if (!x->insert && v)
        dialog_insert_refused(v, &err);
}

static void intent_cancel_insert(void *arg) {
    struct explorer *x = arg;
    if (x->insert)
        insert_cancel(x->insert);
}

static void on_change(void *arg, const struct change_progress *p) {
    struct explorer *x = arg;
    x->model.change = p;
    explorer_console_settle(x);
    survey_hurry(x->survey);
    explorer_dirty(x);
}

static void intent_run_plan(void *arg, const struct plan *plan) {
    struct explorer *x = arg;
    struct err err = {0};
    if (x->model.change && x->model.change->state < CHANGE_DRAINING) {
        model_message(&x->model, MESSAGE_WARN, "a change is still running: Esc cancels it, then this one can run");
        return;
    }
    if (!explorer_console_plan(x))
        return;
    x->model.change = NULL;
    if (x->change)
        change_free(x->change, true);
    x->model.change_wall = loop_wall();
    x->change = change_start(x->loop, x->survey, plan, on_change, x, &err);
    if (x->change)
        x->model.change = change_progress(x->change);
    else
        say_err(x, &err);
}

static void intent_copy(void *arg, const char *text, const char *what) {
    struct explorer *x = arg;
    screen_copy(x->screen, text);
    model_message(&x->model, MESSAGE_INFO, "%s: handed to the terminal's clipboard (OSC 52)", what);
}

static void intent_switch(void *arg, const char *name) {
    struct explorer *x = arg;
    survey_switch_database(x->survey, name);
    explorer_console_forget(x);
}

static void intent_password(void *arg, const char *password) {
    struct explorer *x = arg;
    struct err err = {0};
    if (password) {
        survey_password(x->survey, password);
        return;
    }
    err_set(&err, ERR_FORBIDDEN, "%s",
        x->model.state_text[0] ? x->model.state_text : "the server wants a password, and none was given");
    explorer_fail(x, &err);
}

static void on_failure(void *arg, bool ok, const char *sentence) {
    struct explorer *x = arg;
    model_message(&x->model, ok ? MESSAGE_WARN : MESSAGE_BAD, "%s", sentence);
    survey_refresh(x->survey);
    explorer_dirty(x);
}

static void intent_fail(void *arg, enum failure_what what, int node, const char *region) {
    struct explorer *x = arg;
    struct err err = {0};
    failure_free(x->failure);
    x->failure = failure_start(x->loop, x->survey, what, node, region, on_failure, x, &err);
    if (!x->failure)
        say_err(x, &err);
}

static void intent_filter(void *arg, enum pane_id pane, const char *text) {
    struct explorer *x = arg;
    char *copy = mem_strdup_null(text && *text ? text : NULL);
    free(x->model.filter);
    x->model.filter = copy;
    x->model.filter_pane = pane;
    model_reanchor(&x->model);
    if (!copy && x->survey && *survey_filter_text(x->survey))
        survey_filter(x->survey, NULL, true, NULL);
}

/* A table of many rows is looked through only when the same is asked for twice. */
static void intent_search(void *arg, enum pane_id pane, const char *text) {
    struct explorer *x = arg;
    struct err err = {0};
    bool again = text && str_eq(text, x->search_asked);
    intent_filter(x, pane, text);
    if (pane != PANE_ROWS || !text || !x->survey)
        return;
    free(x->search_asked);
    x->search_asked = NULL;
    if (survey_filter(x->survey, text, again, &err))
        return;
    x->search_asked = mem_strdup(text);
    model_message(&x->model, MESSAGE_WARN, "%s; %s", err.message, err.hint);
}

static void intent_table(void *arg, const char *table) {
    struct explorer *x = arg;
    survey_show_table(x->survey, table);
}

const struct intents *explorer_intents(void) {
    static const struct intents intents = {intent_insert, intent_cancel_insert, intent_run_plan, intent_copy,
        intent_switch, intent_password, intent_fail, intent_filter, intent_search, intent_line, intent_cancel_line,
        intent_table};
    return &intents;
}

/* ---- commands ---- */

static void move(struct explorer *x, long by) {
    struct list_state *l = &x->model.lists[x->model.focus];
    size_t n = model_count(&x->model, x->model.focus);
    long to = (long)l->selected + by;
    model_select(&x->model, x->model.focus, to < 0 ? 0 : (size_t)to >= n ? (n ? n - 1 : 0) : (size_t)to);
    if (x->model.focus == PANE_TABLES) {
        const struct table *t = model_table_at(&x->model, l->selected, NULL);
        if (t && x->survey)
            survey_show_table(x->survey, table_shown(t));
    }
}

static void page(struct explorer *x, enum survey_page to) {
    struct model_row row;
    if (x->model.focus == PANE_ROWS && model_row_at(&x->model, x->model.lists[PANE_ROWS].selected, &row))
        survey_turn_page(x->survey, row.page->region, to);
}

static void next_abroad(struct explorer *x, int by) {
    struct model *m = &x->model;
    size_t n = model_row_count(m);
    size_t at = m->lists[PANE_ROWS].selected;
    struct model_row row;
    for (size_t i = 1; i <= n; i++) {
        size_t k = (at + (by > 0 ? i : n * 2 - i)) % n;
        if (model_row_at(m, k, &row) && row.row->verdict.domicile >= DOMICILE_ABROAD) {
            model_select(m, PANE_ROWS, k);
            return;
        }
    }
    model_message(m, MESSAGE_INFO, "no row shown is abroad");
}

static void on_inspect(void *arg, const struct inspect_answer *a) {
    struct explorer *x = arg;
    struct view *v = dialog_find(x->dialogs, "table");
    if (v)
        dialog_table_answer(v, a);
    explorer_dirty(x);
}

static void open_table(struct explorer *x) {
    const struct table *t = model_table_at(&x->model, x->model.lists[PANE_TABLES].selected, NULL);
    if (!t)
        return;
    struct inspect_request r = {.what = INSPECT_TABLE, .schema = t->schema, .table = t->name};
    push(x, dialog_table_new(&x->ui));
    inspect_free(x->inspect);
    x->inspect = inspect_start(x->loop, x->survey, &r, on_inspect, x);
}

static void open_selected(struct explorer *x) {
    struct model *m = &x->model;
    switch (m->focus) {
    case PANE_REGIONS: push(x, dialog_region_new(&x->ui)); break;
    case PANE_TABLES: open_table(x); break;
    case PANE_ROWS: push(x, dialog_passport_new(&x->ui)); break;
    case PANE_REPORT: push(x, dialog_why_new()); break;
    case PANE_FEED:
        if (m->lists[PANE_FEED].selected < m->feed.len)
            push(x, dialog_event_new(&m->feed.items[m->feed.len - 1 - m->lists[PANE_FEED].selected]));
        break;
    case PANE_COUNT: break;
    }
}

static bool connected(struct explorer *x) {
    if (x->survey && x->model.state == SURVEY_READING)
        return true;
    model_message(&x->model, MESSAGE_WARN, "there is no connection to the server yet: %s", x->model.state_text);
    return false;
}

static void open_insert(struct explorer *x) {
    struct err err = {0};
    if (!connected(x))
        return;
    struct insert_form *form = insert_form_new(x->survey, x->model.table, &err);
    if (form)
        push(x, dialog_insert_new(form));
    else
        say_err(x, &err);
}

static void open_placement(struct explorer *x, const char *argument) {
    const struct catalog *c = snapshot_catalog(&x->model.live);
    static const char *const names[] = {"unknown", "DEFAULT", "RESTRICTED"};
    if (!connected(x) || !c) {
        if (!c)
            model_message(&x->model, MESSAGE_WARN, "the database's policy has not been read yet");
        return;
    }
    enum placement to = c->database.placement == PLACEMENT_RESTRICTED ? PLACEMENT_DEFAULT : PLACEMENT_RESTRICTED;
    if (argument && strcasecmp(argument, "default") == 0)
        to = PLACEMENT_DEFAULT;
    else if (argument && strcasecmp(argument, "restricted") == 0)
        to = PLACEMENT_RESTRICTED;
    struct plan_request r = {.kind = PLAN_PLACEMENT, .placement = to};
    push(x,
        dialog_placement_new(plan_make(&x->model.live, &r), names[c->database.placement], names[to], c->database.name));
}

static void open_failures(struct explorer *x) {
    const struct server_info *s = snapshot_server(&x->model.live);
    if (s && s->offers_sandbox)
        push(x, dialog_failures_new(&x->ui));
    else
        model_message(&x->model, MESSAGE_INFO, "this server does not offer to stop nodes");
}

static void copy_selected(struct explorer *x) {
    if (explorer_copy_result(x))
        return;
    char *anchor = model_anchor(&x->model, x->model.focus, x->model.lists[x->model.focus].selected);
    if (anchor)
        intent_copy(x, anchor, "the selected name");
    else
        model_message(&x->model, MESSAGE_INFO, "nothing is selected that could be copied");
    free(anchor);
}

static void change_theme(struct explorer *x, const char *name) {
    const struct theme *theme = theme_by_name(name ? name : "default");
    if (theme)
        screen_set_theme(x->screen, theme);
    else
        model_message(&x->model, MESSAGE_BAD, "there is no theme \"%s\": default, mono or high-contrast", name);
}

static void change_lit(struct explorer *x, int by) {
    struct model *m = &x->model;
    m->lit_for += by * (usec)LIT_STEP;
    if (m->lit_for < LIT_STEP)
        m->lit_for = LIT_STEP;
    if (m->lit_for > (usec)LIT_MOST)
        m->lit_for = LIT_MOST;
    model_message(m, MESSAGE_INFO, "changes stay lit for %d s", (int)(m->lit_for / USEC_PER_SEC));
}

/* Asks the server to give up what the user has under way. False: nothing is. */
static bool cancel_running(struct explorer *x) {
    const struct change_progress *c = x->model.change;
    if (c && c->state < CHANGE_CANCELLING) {
        change_cancel(x->change);
        return true;
    }
    enum insert_state i = x->insert ? insert_result(x->insert)->state : INSERT_DONE;
    if (i != INSERT_CONNECTING && i != INSERT_RUNNING && i != INSERT_UNCERTAIN)
        return false;
    insert_cancel(x->insert);
    return true;
}

static void go_back(struct explorer *x) {
    struct model *m = &x->model;
    if (cancel_running(x))
        return;
    if (m->filter)
        intent_filter(x, m->filter_pane, NULL);
    else if (m->zoomed)
        m->zoomed = false;
}

static void refresh(struct explorer *x) {
    if (!x->survey)
        return;
    if (x->model.state == SURVEY_READING)
        survey_refresh(x->survey);
    else
        survey_retry(x->survey);
}

static void run_pane(struct explorer *x, enum command_id id) {
    x->model.focus = (enum pane_id)(id - COMMAND_PANE_REGIONS);
}

void explorer_run(struct explorer *x, enum command_id id, const char *argument) {
    struct model *m = &x->model;
    const struct command *c = command_get(id);
    if (c && c->changes && m->read_only) {
        model_message(m, MESSAGE_WARN, "%s is refused: this program was started with --read-only", c->name);
        return;
    }
    switch (id) {
    case COMMAND_UP: move(x, -1); break;
    case COMMAND_DOWN: move(x, 1); break;
    case COMMAND_LEFT: page(x, SURVEY_PAGE_PREVIOUS); break;
    case COMMAND_RIGHT: page(x, SURVEY_PAGE_NEXT); break;
    case COMMAND_PAGE_UP: move(x, -10); break;
    case COMMAND_PAGE_DOWN: move(x, 10); break;
    case COMMAND_HOME: move(x, -1000000); break;
    case COMMAND_END: move(x, 1000000); break;
    case COMMAND_NEXT_PANE: m->focus = (enum pane_id)((m->focus + 1) % PANE_COUNT); break;
    case COMMAND_PREVIOUS_PANE: m->focus = (enum pane_id)((m->focus + PANE_COUNT - 1) % PANE_COUNT); break;
    case COMMAND_PANE_REGIONS:
    case COMMAND_PANE_TABLES:
    case COMMAND_PANE_ROWS:
    case COMMAND_PANE_REPORT:
    case COMMAND_PANE_FEED: run_pane(x, id); break;
    case COMMAND_OPEN: open_selected(x); break;
    case COMMAND_BACK: go_back(x); break;
    case COMMAND_INSERT: open_insert(x); break;
    case COMMAND_PLACEMENT: open_placement(x, argument); break;
    case COMMAND_FILTER:
        if (argument)
            intent_search(x, m->focus == PANE_TABLES ? PANE_TABLES : PANE_ROWS, argument);
        else
            push(x, dialog_prompt_new('/', m->focus == PANE_TABLES ? PANE_TABLES : PANE_ROWS, ""));
        break;
    case COMMAND_NEXT_MATCH: next_abroad(x, 1); break;
    case COMMAND_PREVIOUS_MATCH: next_abroad(x, -1); break;
    case COMMAND_MATRIX: push(x, dialog_matrix_new()); break;
    case COMMAND_ZOOM: m->zoomed = !m->zoomed; break;
    case COMMAND_FREEZE: model_freeze(m, !m->frozen); break;
    case COMMAND_WHY: push(x, dialog_why_new()); break;
    case COMMAND_DATABASES: push(x, dialog_databases_new(NULL)); break;
    case COMMAND_FAILURES: open_failures(x); break;
    case COMMAND_REFRESH: refresh(x); break;
    case COMMAND_COPY: copy_selected(x); break;
    case COMMAND_LIT_LONGER: change_lit(x, 1); break;
    case COMMAND_LIT_SHORTER: change_lit(x, -1); break;
    case COMMAND_REPAINT: screen_repaint(x->screen); break;
    case COMMAND_SUSPEND: raise(SIGTSTP); break;
    case COMMAND_LINE: explorer_console_open(x); break;
    case COMMAND_THEME: change_theme(x, argument); break;
    case COMMAND_EXPORT: explorer_export(x, argument); break;
    case COMMAND_CLEAR: console_clear(x->console); break;
    case COMMAND_HELP: push(x, dialog_help_new()); break;
    case COMMAND_QUIT: loop_stop(x->loop, 0); break;
    case COMMAND_NONE:
    case COMMAND_COUNT: break;
    }
}

/* ---- input ---- */

static void react(struct explorer *x, struct view *top, enum view_reaction r) {
    /* A dialog that closes may have opened another on top of itself. */
    if (r != VIEW_CLOSE)
        return;
    if (x->dialogs == top) {
        dialog_pop(&x->dialogs);
        return;
    }
    for (struct view *v = x->dialogs; v; v = v->below)
        if (v->below == top) {
            v->below = top->below;
            top->ops->free(top);
            return;
        }
}

static bool everywhere(enum command_id id) { return id == COMMAND_REPAINT || id == COMMAND_SUSPEND; }

static void dialog_input(struct explorer *x, const struct input_event *e) {
    struct view *top = x->dialogs;
    enum command_id id = e->kind == INPUT_KEY ? keymap_find(x->keymap, top->ops->context, e->key) : COMMAND_NONE;
    /* A form gets characters first; other dialogs get commands first. */
    enum view_reaction r = top->ops->context == CONTEXT_FORM ? top->ops->input(top, &x->ui, e) : VIEW_IGNORED;
    if (r == VIEW_IGNORED && everywhere(id))
        explorer_run(x, id, NULL);
    else if (r == VIEW_IGNORED && id != COMMAND_NONE)
        r = top->ops->command(top, &x->ui, id);
    if (r == VIEW_IGNORED && top->ops->context != CONTEXT_FORM)
        r = top->ops->input(top, &x->ui, e);
    react(x, top, r);
}

static void mouse_input(struct explorer *x, const struct input_event *e) {
    enum pane_id pane;
    int line;
    int width;
    int height;
    screen_size(x->screen, &width, &height);
    if (!overview_hit(&x->ui, width, height, e->x, e->y, &pane, &line))
        return;
    x->model.focus = pane;
    if (e->mouse == MOUSE_WHEEL_UP || e->mouse == MOUSE_WHEEL_DOWN)
        move(x, e->mouse == MOUSE_WHEEL_UP ? -3 : 3);
    else if (line >= 0)
        model_select(&x->model, pane, x->model.lists[pane].top + (size_t)line);
    if (e->mouse == MOUSE_DOUBLE && line >= 0)
        open_selected(x);
}

/* Ctrl-C ends what runs before it ends anything else; the console does that itself for its own. */
static bool interrupts(struct explorer *x, const struct input_event *e) {
    enum { CTRL_C = 3 };
    bool own = x->dialogs && str_eq(x->dialogs->ops->name, "console") && x->script && script_is_running(x->script);
    return e->kind == INPUT_KEY && e->key == CTRL_C && !own && cancel_running(x);
}

void explorer_input(struct explorer *x, const struct input_event *e) {
    x->model.now = loop_now(x->loop);
    x->model.wall = loop_wall();
    model_clear_message(&x->model);
    if (x->survey)
        survey_hurry(x->survey);
    if (interrupts(x, e))
        return;
    if (x->dialogs) {
        dialog_input(x, e);
        explorer_console_settle(x);
        return;
    }
    if (e->kind == INPUT_MOUSE)
        mouse_input(x, e);
    if (e->kind == INPUT_KEY)
        explorer_run(x, keymap_find(x->keymap, CONTEXT_PANES, e->key), NULL);
}
