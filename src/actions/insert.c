/* insert: a row on its way: sent through a gateway, looked for when the answer is lost, watched until placed. */
#include "insert_private.h"
#include "task.h"

#include "domicile/sql/statement.h"

#include <string.h>

enum { TIMEOUT = 15 * USEC_PER_SEC, FIRST_PAUSE = USEC_PER_SEC / 4, MOST_LOOKS = 6, MOST_MATCHES = 5 };

/* statement_completion_unknown: "result is ambiguous", of a node that lost the others while it committed. */
static const char AMBIGUOUS[] = "40003";

struct insert {
    struct loop *loop;
    struct survey *s;
    struct insert_form *form;
    struct task *task;
    struct insert_result result;
    void (*changed)(void *arg, const struct insert_result *result);
    void *arg;
    usec committed;  /* loop time */
    int looks;       /* attempts to find a row whose answer was lost */
    struct loop_timer *pause; /* before the next of them */
    const char *doubt;        /* why nobody knows whether it was committed */
    bool cancelling;
};

static void replace(char **text, char *with) {
    free(*text);
    *text = with;
}

/* Takes message over. */
static void set_state(struct insert *i, enum insert_state state, char *message) {
    i->result.state = state;
    replace(&i->result.message, message);
    if (i->changed != NULL)
        i->changed(i->arg, &i->result);
}

static void end_session(struct insert *i) {
    task_free(i->task);
    i->task = NULL;
}

static void add_text(struct insert_result *r, const char *value) {
    vec_push(&r->key, mem_strdup(value != NULL ? value : ""));
}

static void clear_key(struct insert_result *r) {
    for (size_t k = 0; k < r->key.len; k++)
        free(r->key.items[k]);
    vec_clear(&r->key);
}

/* Key and region as the server gave them back. */
static void take_row(struct insert *i, const struct pg_result *r) {
    size_t column;
    if (pg_result_rows(r) == 0)
        return;
    clear_key(&i->result);
    for (size_t k = 0; k < i->form->key.len; k++)
        add_text(&i->result, pg_result_has(r, i->form->key.items[k], &column) ? pg_result_text(r, 0, column) : NULL);
    if (i->form->region_column != NULL && pg_result_has(r, i->form->region_column, &column))
        replace(&i->result.home, mem_strdup_null(pg_result_text(r, 0, column)));
}

static void tell(struct insert *i, const char *text) {
    survey_tell(i->s, EVENT_STATEMENT, text);
}

static void done(struct insert *i) {
    const struct insert_result *r = &i->result;
    char *text = mem_printf("inserted into %s through %s in %.1f ms%s%s", i->form->table, r->gateway,
        (double)r->duration / USEC_PER_MS, r->home != NULL ? ", home " : "", r->home != NULL ? r->home : "");
    i->committed = loop_now(i->loop);
    end_session(i);
    tell(i, text);
    survey_hurry(i->s);
    set_state(i, INSERT_DONE, text);
}

static void fail(struct insert *i, enum insert_state state, char *message, char *hint) {
    replace(&i->result.hint, hint);
    end_session(i);
    char *text = mem_printf("insert into %s: %s", i->form->table, message);
    tell(i, text);
    free(text);
    set_state(i, state, message);
}

/* -- a lost answer -- */

static bool key_is_known(const struct insert_form *f) {
    for (size_t k = 0; k < f->key.len; k++) {
        const struct insert_field *field = insert_form_field(f, f->key.items[k]);
        if (field == NULL || field->value == NULL)
            return false;
    }
    return f->key.len > 0;
}

/* "id = 'x'", as a message names the key. */
static char *key_text(const struct insert_form *f) {
    struct str out = {0};
    for (size_t k = 0; k < f->key.len; k++)
        str_add_f(&out, "%s%s = %s", k > 0 ? ", " : "", f->key.items[k], insert_form_field(f, f->key.items[k])->value);
    return str_take(&out);
}

static void not_known(struct insert *i, const char *why) {
    fail(i, INSERT_UNKNOWN,
        mem_printf("not known whether it was committed: %s, and %s", i->doubt, why),
        mem_strdup(key_is_known(i->form) ? "sent again with this key it cannot be there twice"
            : "look for the row before sending it again"));
}

/* A server that restarts takes a while: the pauses grow. */
static void look_later(struct insert *i) {
    loop_timer_start(i->pause, (usec)FIRST_PAUSE << (i->looks - 1), 0);
    i->looks++;
}

static void on_pause(void *arg) {
    struct insert *i = arg;
    if (i->task != NULL)
        task_reopen(i->task);
}

/* Looking for it met a lost connection, or an error of the server. */
static void look_failed(struct insert *i, const struct pg_error *e) {
    if ((e->lost || e->not_sent) && i->looks < MOST_LOOKS) {
        look_later(i);
        return;
    }
    char *why = mem_printf("looking for the row failed: %s", e->message);
    not_known(i, why);
    free(why);
}

static void found_by_key(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct insert *i = arg;
    (void)took;
    if (r == NULL) {
        look_failed(i, e);
    } else if (pg_result_rows(r) > 0) {
        take_row(i, r);
        done(i);
    } else {
        /* The server may still be at it: only the key makes sending it again safe. */
        char *key = key_text(i->form);
        fail(i, INSERT_FAILED, mem_printf("%s, and no row with %s is there", i->doubt, key),
            mem_strdup("sent again with this key it cannot be there twice"));
        free(key);
    }
    pg_result_free(r);
}

/* Rows with the same values may be this one or others': the user is shown them and decides. */
static void found_by_values(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct insert *i = arg;
    struct str text = {0};
    (void)took;
    if (r == NULL) {
        look_failed(i, e);
        return;
    }
    size_t n = pg_result_rows(r);
    str_add_f(&text, "not known whether it was committed: %s; ", i->doubt);
    if (n == 0)
        str_add(&text, "no row with these values is there now");
    else
        str_add_f(&text, "%zu row%s with these values %s there%s", n > MOST_MATCHES ? MOST_MATCHES : n,
            n == 1 ? "" : "s", n == 1 ? "is" : "are", n > MOST_MATCHES ? ", and more" : "");
    for (size_t row = 0; row < n && row < MOST_MATCHES; row++)
        for (size_t c = 0; c < pg_result_columns(r); c++)
            str_add_f(&text, "%s%s = %s", c > 0 ? ", " : row > 0 ? "; " : ": ", pg_result_column_name(r, c),
                pg_result_text(r, row, c) != NULL ? pg_result_text(r, row, c) : "NULL");
    fail(i, INSERT_UNKNOWN, str_take(&text), mem_strdup(n == 0
        ? "it may still come; whether it is sent again is yours to decide"
        : "if none of them is the new one, it may still come; whether it is sent again is yours to decide"));
    pg_result_free(r);
}

/* The row is looked for by its key, or, where the server made that, by all values that were sent. */
static void look(struct insert *i) {
    struct str sql = {0};
    struct insert_params params = {0};
    VEC_STRUCT(const char *) by = {0}, returned = {0};
    const struct insert_form *f = i->form;
    bool by_key = key_is_known(f);
    for (size_t k = 0; k < f->fields.len; k++) {
        const struct insert_field *field = &f->fields.items[k];
        if (field->value != NULL && (field->key || !by_key)) {
            vec_push(&by, field->column);
            vec_push(&params, field->value);
        }
    }
    for (size_t k = 0; k < f->key.len; k++)
        vec_push(&returned, f->key.items[k]);
    if (f->region_column != NULL)
        vec_push(&returned, f->region_column);
    struct statement_arg args[] = {
        {.name = "schema", .kind = STATEMENT_NAME, .value = f->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = f->table},
        {.name = "columns", .kind = STATEMENT_NAMES, .values = by.items, .count = by.len},
        {.name = "values", .kind = STATEMENT_PARAMETERS, .count = by.len, .number = 1},
        {.name = "returned", .kind = STATEMENT_NAMES, .values = returned.items, .count = returned.len},
        {.name = "limit", .kind = STATEMENT_NUMBER, .number = MOST_MATCHES + 1},
    };
    if (statement_fill(&sql, statement_find("actions/find-row"), args, sizeof args / sizeof *args, NULL))
        task_query(i->task, str_get(&sql), params.items, params.len, TIMEOUT, "find the row",
            by_key ? found_by_key : found_by_values);
    str_free(&sql);
    vec_free(&params);
    vec_free(&by);
    vec_free(&returned);
}

static bool gives_something(const struct insert_form *f) {
    for (size_t k = 0; k < f->fields.len; k++)
        if (f->fields.items[k].value != NULL)
            return f->key.len > 0;
    return false;
}

static void uncertain(struct insert *i, const char *doubt, bool still_up) {
    i->doubt = doubt;
    if (!gives_something(i->form)) {
        fail(i, INSERT_UNKNOWN,
            mem_printf("not known whether it was committed: %s, and nothing that was sent tells its row "
                       "from others",
                doubt),
            mem_strdup("look at the table's newest rows; whether it is sent again is yours to decide"));
        return;
    }
    i->looks = 1;
    set_state(i, INSERT_UNCERTAIN, mem_printf("%s: looking for the row by its %s", doubt,
        key_is_known(i->form) ? "key" : "values"));
    if (still_up)
        look(i); /* behind the cancel, on the same session: when it is answered the server has decided */
    else
        task_reopen(i->task);
}

/* -- the insert -- */

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct insert *i = arg;
    i->result.duration = took;
    if (r != NULL) {
        take_row(i, r);
        pg_result_free(r);
        done(i);
        return;
    }
    memcpy(i->result.sqlstate, e->sqlstate, sizeof i->result.sqlstate);
    if (e->lost) {
        uncertain(i, "the connection was lost while it ran", false);
    } else if (e->timed_out) {
        uncertain(i, "no answer came in time", true);
    } else if (strcmp(e->sqlstate, AMBIGUOUS) == 0) {
        uncertain(i, "the server does not know what became of it", true);
    } else if (e->cancelled || (i->cancelling && strcmp(e->sqlstate, "57014") == 0)) {
        fail(i, INSERT_CANCELLED, mem_strdup("cancelled: nothing was inserted"), NULL);
    } else {
        char *hint = NULL;
        char *sentence = insert_error_sentence(i->form, e, &hint);
        fail(i, INSERT_FAILED, sentence, hint);
    }
}

static void ready(void *arg) {
    struct insert *i = arg;
    struct str sql = {0};
    struct insert_params params = {0};
    if (i->looks > 0) {
        look(i);
        return;
    }
    if (insert_form_sql(&sql, &params, i->form, NULL)) {
        set_state(i, INSERT_RUNNING, mem_printf("inserting through %s", i->result.gateway));
        task_query(i->task, str_get(&sql), params.items, params.len, TIMEOUT, "insert", answered);
    }
    str_free(&sql);
    vec_free(&params);
}

static void failed(void *arg, const char *reason) {
    struct insert *i = arg;
    if (i->looks > 0 && i->looks < MOST_LOOKS) {
        look_later(i);
    } else if (i->looks > 0) {
        char *why = mem_printf("%s cannot be reached: %s", i->result.gateway, reason);
        not_known(i, why);
        free(why);
    } else {
        fail(i, INSERT_FAILED, mem_printf("%s cannot be reached: %s", i->result.gateway, reason),
            mem_strdup("choose another gateway"));
    }
}

static bool complete(const struct insert_form *f, struct err *err) {
    for (size_t k = 0; k < f->fields.len; k++) {
        const struct insert_field *field = &f->fields.items[k];
        if (field->source != INSERT_OPTIONAL && field->value == NULL) {
            err_set(err, ERR_INPUT, "%s must have a value", field->column);
            return err_hint(err, "it has no default and takes no NULL");
        }
    }
    return true;
}

struct insert *insert_start(struct loop *loop, struct survey *s, const struct insert_form *f,
    void (*changed)(void *arg, const struct insert_result *result), void *arg, struct err *err) {
    if (survey_read_only(s)) {
        err_set(err, ERR_FORBIDDEN, "nothing is inserted in a read-only session");
        err_hint(err, "start without --read-only");
        return NULL;
    }
    if (!complete(f, err))
        return NULL;
    struct insert *i = mem_calloc(1, sizeof *i);
    const struct insert_gateway *g = &f->gateways.items[f->gateway];
    i->loop = loop;
    i->s = s;
    i->form = insert_form_copy(f);
    i->changed = changed;
    i->arg = arg;
    i->result.gateway = mem_strdup(g->label);
    i->result.message = mem_printf("connecting to %s", g->label);
    struct task_options o = {.conninfo = g->conninfo, .host = g->host, .port = g->port, .ready = ready,
        .failed = failed, .arg = i};
    i->pause = loop_timer_new(loop, on_pause, i);
    i->task = task_new(loop, s, &o, err);
    if (i->task == NULL) {
        insert_free(i);
        return NULL;
    }
    return i;
}

const struct insert_result *insert_result(const struct insert *i) {
    return &i->result;
}

void insert_cancel(struct insert *i) {
    if (i->result.state == INSERT_CONNECTING) {
        fail(i, INSERT_CANCELLED, mem_strdup("cancelled: nothing was sent"), NULL);
    } else if (i->result.state == INSERT_UNCERTAIN) {
        loop_timer_stop(i->pause);
        not_known(i, "looking for the row was cancelled");
    } else if (i->task != NULL) {
        i->cancelling = true;
        task_cancel(i->task);
    }
}

/* -- where it is -- */

static void add_stores(struct str *out, const struct range *r, const struct topology *t, enum replica_kind kind,
    const char *one, const char *many) {
    int n = 0;
    for (size_t k = 0; k < r->replicas.len; k++)
        n += r->replicas.items[k].kind == kind && r->replicas.items[k].store_id != r->leaseholder;
    if (n == 0)
        return;
    str_add_f(out, "%s%s", out->len > 0 ? ", " : "", n == 1 ? one : many);
    for (size_t k = 0; k < r->replicas.len; k++)
        if (r->replicas.items[k].kind == kind && r->replicas.items[k].store_id != r->leaseholder) {
            str_add(out, " ");
            topology_print_store(out, t, r->replicas.items[k].store_id);
        }
}

static char *replicas_text(const struct range *r, const struct topology *t) {
    struct str out = {0};
    if (r->lease_state == LEASE_KNOWN) {
        str_add(&out, "leaseholder ");
        topology_print_store(&out, t, r->leaseholder);
    }
    add_stores(&out, r, t, REPLICA_VOTER, "voter", "voters");
    add_stores(&out, r, t, REPLICA_NON_VOTER, "non-voter", "non-voters");
    add_stores(&out, r, t, REPLICA_LEARNER, "learner", "learners");
    return str_take(&out);
}

/* The row alone, as the rows of a snapshot are kept. */
static void one_row(struct insert *i, struct rows *rows, struct row *row, const struct catalog *c) {
    const struct table *t = catalog_table_in(c, i->form->schema, i->form->table);
    rows->table = mem_strdup(t != NULL ? table_shown(t) : i->form->table);
    rows->key_columns = i->form->key.len;
    for (size_t k = 0; k < i->form->key.len; k++) {
        const struct column *column = t != NULL ? table_column(t, i->form->key.items[k]) : NULL;
        vec_push(&rows->columns, mem_strdup(i->form->key.items[k]));
        vec_push(&rows->types, mem_strdup(column != NULL ? column->type : ""));
        vec_push(&row->values, mem_strdup(k < i->result.key.len ? i->result.key.items[k] : ""));
    }
    const char *home = i->result.home != NULL ? i->result.home : t != NULL ? table_home(t, &c->database) : NULL;
    row->home = mem_strdup_null(home);
}

static void placed(struct insert *i, const struct row *row, const struct range *r, const struct topology *t) {
    struct insert_result *out = &i->result;
    out->range_id = r->id;
    if (out->home == NULL)
        replace(&out->home, mem_strdup_null(row->home));
    replace(&out->replicas, replicas_text(r, t));
    replace(&out->verdict, mem_strdup_null(row->verdict.reason));
    char *text = mem_printf("it landed in %s, r%lld: %s; %.1f ms via %s", out->home != NULL ? out->home : "no region",
        (long long)r->id, out->replicas, (double)out->duration / USEC_PER_MS, out->gateway);
    tell(i, text);
    set_state(i, INSERT_PLACED, text);
}

void insert_notice(struct insert *i, unsigned parts) {
    const struct snapshot *now = survey_snapshot(i->s);
    const struct part *p = now->parts[PART_RANGES];
    const struct catalog *c = snapshot_catalog(now);
    const struct topology *t = snapshot_topology(now);
    (void)parts;
    if (i->result.state != INSERT_DONE || p == NULL || p->asof < i->committed || c == NULL || t == NULL)
        return;
    struct rows rows = {0};
    struct row row = {0};
    one_row(i, &rows, &row, c);
    row_place(&row, &rows, c, snapshot_ranges(now), t);
    const struct range *r = row.range_id != 0 ? ranges_by_id(snapshot_ranges(now), row.range_id) : NULL;
    if (r != NULL)
        placed(i, &row, r, t);
    row_free(&row);
    rows_free(&rows);
}

void insert_free(struct insert *i) {
    if (i == NULL)
        return;
    task_free(i->task);
    loop_timer_free(i->pause);
    insert_form_free(i->form);
    clear_key(&i->result);
    vec_free(&i->result.key);
    free(i->result.gateway);
    free(i->result.home);
    free(i->result.replicas);
    free(i->result.verdict);
    free(i->result.message);
    free(i->result.hint);
    free(i);
}
