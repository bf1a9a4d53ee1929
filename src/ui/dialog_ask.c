/* dialog_ask: the dialogs that ask: a database, a password, a failure, a text to filter by. */
#include "field.h"
#include "lines.h"

#include "domicile/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- databases ---- */

static void build_databases(struct lines *l, struct ui *ui) {
    const struct model *m = ui->model;
    const struct server_info *s = snapshot_server(&m->shown);
    if (l->subject && *l->subject)
        lines_add(l, STYLE_BAD, "%s", l->subject);
    if (m->databases.len)
        lines_add(l, STYLE_DIM, "Enter looks at the one selected");
    else
        lines_add(l, STYLE_DIM, "the server has not told its databases yet");
    l->first_choice = l->list.len;
    for (size_t i = 0; i < m->databases.len; i++)
        {
        bool here = s && str_eq(s->database, m->databases.items[i]);
        lines_add(l, here ? STYLE_STRONG : STYLE_NORMAL, "%s%s", m->databases.items[i], here ? "  (this one)" : "");
    }
}

static void choose_database(struct lines *l, struct ui *ui, size_t i) {
    (void)l;
    if (i < ui->model->databases.len)
        ui->intents->switch_database(ui->arg, ui->model->databases.items[i]);
}

struct view *dialog_databases_new(const char *problem) {
    struct lines *l = lines_new("databases", "Databases", build_databases);
    l->subject = mem_strdup_null(problem);
    l->chosen = choose_database;
    return &l->view;
}

/* ---- failures ---- */

struct failure_choice {
    enum failure_what what;
    int node;
    const char *region;
};

/* Line i of the list: every node, then every region. */
static bool failure_at(struct ui *ui, size_t i, struct failure_choice *out) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    if (t && i < t->nodes.len) {
        const struct node *n = &t->nodes.items[i];
        *out = (struct failure_choice){
            n->liveness == LIVENESS_DEAD ? FAILURE_START_NODE : FAILURE_KILL_NODE, n->id, NULL};
        return true;
    }
    i -= t ? t->nodes.len : 0;
    const char *region = model_region_at(ui->model, i);
    bool dead = false;
    for (size_t k = 0; t && k < t->nodes.len; k++)
        dead = dead ||
            (str_eq(locality_region(&t->nodes.items[k].locality), region) &&
                t->nodes.items[k].liveness == LIVENESS_DEAD);
    *out = (struct failure_choice){dead ? FAILURE_START_REGION : FAILURE_KILL_REGION, 0, region};
    return region != NULL;
}

static void build_failures(struct lines *l, struct ui *ui) {
    struct failure_choice c;
    lines_add(l, STYLE_WARN, "Enter sends it: nodes stop and start for everybody who is connected");
    l->first_choice = l->list.len;
    for (size_t i = 0; failure_at(ui, i, &c); i++) {
        struct str sql = {0};
        failure_preview(&sql, c.what, c.node, c.region);
        lines_add(l, c.what == FAILURE_START_NODE || c.what == FAILURE_START_REGION ? STYLE_GOOD : STYLE_NORMAL, "%s",
            str_get(&sql));
        str_free(&sql);
    }
}

static void choose_failure(struct lines *l, struct ui *ui, size_t i) {
    struct failure_choice c;
    (void)l;
    if (failure_at(ui, i, &c))
        ui->intents->fail(ui->arg, c.what, c.node, c.region);
}

struct view *dialog_failures_new(struct ui *ui) {
    struct lines *l = lines_new("failures", "Stop and start nodes", build_failures);
    (void)ui;
    l->chosen = choose_failure;
    return &l->view;
}

/* ---- one line: password, filter ---- */

struct prompt {
    struct view view;
    struct field field;
    char sign; /* '/', or 0 for a password */
    enum pane_id pane;
    char *problem;
};

static void prompt_measure(struct view *v, struct ui *ui, int max_width, int *width, int *height) {
    struct prompt *p = (struct prompt *)v;
    (void)ui;
    *width = p->sign ? 10000 : max_width < 64 ? max_width : 64;
    *height = p->sign ? 1 : 6;
}

static void prompt_draw(struct view *v, struct ui *ui, struct area a) {
    struct prompt *p = (struct prompt *)v;
    (void)ui;
    if (p->sign) {
        area_text_f(a, 0, 0, 1, STYLE_KEY, "%c", p->sign);
        field_draw(&p->field, a, 1, 0, a.width - 1, true, false);
        return;
    }
    area_frame(a, STYLE_BORDER_FOCUS);
    area_text(a, 2, 0, a.width - 4, STYLE_TITLE_FOCUS, " Password ");
    area_text_wrapped(a, 2, 1, a.width - 4, 0, STYLE_NORMAL, p->problem);
    field_draw(&p->field, a, 2, 3, a.width - 4, true, true);
    area_text(a, 2, 4, a.width - 4, STYLE_DIM, "Enter sends it · Esc gives up");
}

static enum view_reaction prompt_input(struct view *v, struct ui *ui, const struct input_event *e) {
    struct prompt *p = (struct prompt *)v;
    if (!field_input(&p->field, e))
        return VIEW_IGNORED;
    if (p->sign == '/')
        ui->intents->filter(ui->arg, p->pane, str_get(&p->field.text));
    return VIEW_HANDLED;
}

static enum view_reaction prompt_command(struct view *v, struct ui *ui, enum command_id id) {
    struct prompt *p = (struct prompt *)v;
    const char *text = str_get(&p->field.text);
    if (id == COMMAND_OPEN) {
        if (p->sign == '/')
            ui->intents->search(ui->arg, p->pane, *text ? text : NULL);
        else
            ui->intents->password(ui->arg, text);
        return VIEW_CLOSE;
    }
    if (id == COMMAND_BACK) {
        if (p->sign == '/')
            ui->intents->filter(ui->arg, p->pane, NULL);
        else if (!p->sign)
            ui->intents->password(ui->arg, NULL);
        return VIEW_CLOSE;
    }
    return VIEW_IGNORED;
}

static void prompt_free(struct view *v) {
    struct prompt *p = (struct prompt *)v;
    field_free(&p->field);
    free(p->problem);
    free(p);
}

static const struct view_ops prompt_ops = {
    "prompt", CONTEXT_FORM, prompt_measure, prompt_draw, prompt_input, prompt_command, prompt_free};
static const struct view_ops password_ops = {
    "password", CONTEXT_FORM, prompt_measure, prompt_draw, prompt_input, prompt_command, prompt_free};

struct view *dialog_prompt_new(char sign, enum pane_id pane, const char *text) {
    struct prompt *p = mem_calloc(1, sizeof *p);
    p->view.ops = &prompt_ops;
    p->sign = sign;
    p->pane = pane;
    field_set(&p->field, text);
    return &p->view;
}

struct view *dialog_password_new(const char *problem) {
    struct prompt *p = mem_calloc(1, sizeof *p);
    p->view.ops = &password_ops;
    p->problem = mem_strdup(problem);
    return &p->view;
}
