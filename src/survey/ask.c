/* ask: groups of questions, each with one statement under way at most, at intervals that its cost stretches. */
#include "survey_private.h"

#include <string.h>

enum {
    MOST_SOME_LEASES = 200,
    HUNG_INTERVAL = 15 * USEC_PER_SEC, /* after a question that was not answered in time */
    SPAN_WAIT = 300 * USEC_PER_MS,  /* for the catalog, which tells the span to ask for */
};

static void go_on(struct group *g);

bool ask_hurried(const struct survey *s) {
    return loop_now(s->loop) < s->hurried_until;
}

static struct pg_connection *session_of(const struct group *g) {
    return session_get(g->s, group_table[g->kind].leases || g->aside ? SESSION_LEASES : SESSION_MONITOR);
}

const struct statement *ask_statement(const struct survey *s, enum question q) {
    const struct closed *c = &s->closed[q];
    if (c->unavailable && loop_now(s->loop) < c->retry)
        return NULL;
    if (c->statement != NULL)
        return c->statement;
    return statement_for(question_table[q].part, s->version, s->internals);
}

/* -- the statement's text and parameters -- */

static const struct pg_result *tables_answer(const struct survey *s) {
    return s->answers.of[Q_TABLES];
}

bool ask_table(const struct survey *s, size_t n, const char **schema, const char **name) {
    const struct pg_result *r = tables_answer(s);
    size_t schema_column, name_column, type;
    if (r == NULL || !pg_result_has(r, "schema_name", &schema_column) || !pg_result_has(r, "table_name", &name_column)
        || !pg_result_has(r, "type", &type))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        if (!str_eq(pg_result_text(r, i, type), "table") || n-- > 0)
            continue;
        *schema = pg_result_text(r, i, schema_column);
        *name = pg_result_text(r, i, name_column);
        return *schema != NULL && *name != NULL;
    }
    return false;
}

bool ask_fill(const struct survey *s, struct str *out, const struct statement *st, const char *schema,
    const char *table, struct err *err) {
    const char *user = s->sessions[SESSION_MONITOR].c != NULL
        ? pg_connection_user(s->sessions[SESSION_MONITOR].c) : NULL;
    struct statement_arg args[] = {
        {.name = "database", .kind = STATEMENT_NAME, .value = s->database != NULL ? s->database : ""},
        {.name = "user", .kind = STATEMENT_NAME, .value = user != NULL ? user : ""},
        {.name = "schema", .kind = STATEMENT_NAME, .value = schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = table},
    };
    return statement_fill(out, st, args, schema != NULL ? 4 : 2, err);
}

/* The span of every table of the database, as bytea text. False: ids are not known yet. */
static bool span(const struct survey *s, char **from, char **to) {
    const struct catalog *c = snapshot_catalog(&s->next);
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; c != NULL && i < c->tables.len; i++) {
        int64_t id = c->tables.items[i].id;
        least = id > 0 && id < least ? id : least;
        most = id > most ? id : most;
    }
    if (most == 0)
        return false;
    char **ends[] = {from, to};
    uint64_t ids[] = {(uint64_t)least, (uint64_t)most + 1};
    for (int i = 0; i < 2; i++) {
        struct key k = {0};
        struct str text = {0};
        key_add_uvarint(&k, ids[i]);
        str_add(&text, "\\x");
        for (size_t n = 0; n < k.len; n++)
            str_add_f(&text, "%02x", k.data[n]);
        *ends[i] = str_take(&text);
        key_free(&k);
    }
    return true;
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took);

static void send(struct group *g, const char *sql, const char *const *params, size_t n) {
    const struct group_row *row = &group_table[g->kind];
    struct pg_query q = {
        .sql = sql,
        .params = params,
        .param_count = n,
        .timeout = row->timeout > 0 && row->timeout < g->s->timeout ? row->timeout : g->s->timeout,
        .purpose = question_table[g->at].what,
        .done = answered,
        .arg = g,
    };
    g->on = session_of(g);
    g->query = pg_query(g->on, &q);
}

/* False: it cannot be asked now (the catalog is not known yet, or there is no further table). */
static bool send_statement(struct group *g, const struct statement *st) {
    struct str sql = {0};
    struct err err = {0};
    const char *schema = NULL, *table = NULL;
    char *params[2] = {NULL, NULL};
    size_t n = strstr(st->text, "$2") != NULL ? 2 : strstr(st->text, "$1") != NULL ? 1 : 0;
    bool ok = strstr(st->text, "{table}") == NULL || ask_table(g->s, g->table, &schema, &table);
    if (n == 2)
        ok = ok && span(g->s, &params[0], &params[1]);
    else if (n == 1)
        params[0] = mem_strdup(g->s->database != NULL ? g->s->database : "");
    ok = ok && ask_fill(g->s, &sql, st, schema, table, &err);
    if (ok) {
        g->asked = st;
        send(g, str_get(&sql), (const char *const *)params, n);
    }
    free(params[0]);
    free(params[1]);
    str_free(&sql);
    return ok;
}

/* Leaseholders of those ranges that can be asked without waiting for dead nodes. False: there are none. */
static bool send_some_leases(struct group *g) {
    const struct statement *st = statement_for("leases-some", g->s->version, g->s->internals);
    struct range_ids ids = {0};
    struct str sql = {0};
    some_leases(&ids, &g->s->next, MOST_SOME_LEASES);
    struct statement_arg arg = {.name = "ids", .kind = STATEMENT_PARAMETERS, .count = ids.len, .number = 1};
    bool ok = st != NULL && ids.len > 0 && statement_fill(&sql, st, &arg, 1, NULL);
    if (ok) {
        g->asked = st;
        send(g, str_get(&sql), (const char *const *)ids.items, ids.len);
    }
    range_ids_free(&ids);
    str_free(&sql);
    return ok;
}

void ask_forget(struct survey *s, enum question q) {
    learnt_drop(s, q);
    pg_result_free(s->answers.of[q]);
    s->answers.of[q] = NULL;
}

void ask_no_leases(struct survey *s, enum lease_state why) {
    ask_forget(s, Q_LEASES);
    s->leases.state = why;
    vec_clear(&s->leases);
}

/* All of them, unless some node would not answer; those on the screen first where there are many. */
static bool send_leases(struct group *g, const struct statement *st) {
    struct survey *s = g->s;
    const struct ranges *rs = snapshot_ranges(&s->next);
    bool first = !s->leases_begun && s->internals && rs != NULL && rs->len > MOST_SOME_LEASES;
    s->leases_begun = true;
    if (s->leases_some && some_node_is_dead(&s->next)) {
        if (send_some_leases(g))
            return true;
        ask_no_leases(s, LEASE_TIMED_OUT); /* no range has a quorum */
        return false;
    }
    return (first && send_some_leases(g)) || send_statement(g, st);
}

/* -- the round -- */

static void start_timer(struct group *g) {
    struct survey *s = g->s;
    usec now = loop_now(s->loop), least = g->last + HUNG_INTERVAL;
    bool waits = g->hung && !(g->kind == GROUP_LEASES && s->leases_some);
    usec due = budget_next(&s->budget, g->kind, g->last, now, ask_hurried(s));
    g->due = waits && due < least ? least : due;
    if (!s->once)
        loop_timer_start_at(g->timer, g->due, 0);
}

static void finish(struct group *g) {
    struct survey *s = g->s;
    usec asof = g->began;
    budget_spend(&s->budget, g->kind, loop_now(s->loop), ask_hurried(s), g->spent);
    g->running = false;
    g->began = 0;
    if (!g->failed) {
        free(g->problem);
        g->problem = NULL;
    }
    g->tried = true;
    g->aside = g->hung;
    g->last = asof;
    start_timer(g);
    learnt_group(s, g->kind, asof, g->began_wall);
    publish_changed(s, SURVEY_CHANGED_STATE);
}

static bool asked_in(const struct survey *s, const struct group *g, enum question q) {
    const struct question_row *row = &question_table[q];
    return row->group == g->kind && (!row->stand_in || s->closed[Q_ZONES].unavailable);
}

static void go_on(struct group *g) {
    struct survey *s = g->s;
    for (; g->at < QUESTIONS; g->at++) {
        enum question q = (enum question)g->at;
        if (!asked_in(s, g, q))
            continue;
        const struct statement *st = ask_statement(s, q);
        if (st == NULL) {
            ask_forget(s, q);
            continue;
        }
        if (q == Q_LEASES ? send_leases(g, st) : send_statement(g, st))
            return;
        if (g->table > 0)
            refusal_tables(g);
        g->table = 0;
    }
    finish(g);
}

static void begin(struct group *g) {
    struct survey *s = g->s;
    if (g->running || !s->sessions[SESSION_MONITOR].up || session_of(g) == NULL)
        return;
    if (s->state != SURVEY_READING && (s->state != SURVEY_NO_DATABASE || g->kind != GROUP_SERVER))
        return;
    if (g->kind == GROUP_LEASES && (snapshot_catalog(&s->next) == NULL || !s->groups[GROUP_RANGES].tried)) {
        loop_timer_start(g->timer, SPAN_WAIT, 0);
        return;
    }
    loop_timer_stop(g->timer);
    g->running = true;
    g->at = 0;
    g->table = 0;
    g->refused_tables = 0;
    g->spent = 0;
    g->hung = false;
    g->began = loop_now(s->loop);
    g->began_wall = loop_wall();
    g->failed = false;
    if (g->kind == GROUP_CATALOG)
        answers_clear_creates(&s->answers);
    go_on(g);
}

/* -- answers -- */

static void store_create(struct survey *s, const char *schema, const char *table, const char *text) {
    if (schema == NULL || table == NULL || text == NULL)
        return;
    struct create_answer one = {mem_strdup(schema), mem_strdup(table), mem_strdup(text)};
    vec_push(&s->answers.creates, one);
}

static void store_creates(struct group *g, const struct pg_result *r) {
    size_t create, schema, table;
    const char *in = NULL, *name = NULL;
    if (!pg_result_has(r, "create_statement", &create))
        return;
    bool listed = pg_result_has(r, "schema_name", &schema) && pg_result_has(r, "table_name", &table);
    for (size_t i = 0; listed && i < pg_result_rows(r); i++)
        store_create(g->s, pg_result_text(r, i, schema), pg_result_text(r, i, table), pg_result_text(r, i, create));
    if (!listed && pg_result_rows(r) > 0 && ask_table(g->s, g->table, &in, &name))
        store_create(g->s, in, name, pg_result_text(r, 0, create));
}

static void next_question(struct group *g) {
    if (g->asked != NULL && strstr(g->asked->text, "{table}") != NULL)
        g->table++;
    else
        g->at++;
}

static void store(struct group *g, struct pg_result *r) {
    struct survey *s = g->s;
    enum question q = (enum question)g->at;
    if (q == Q_CREATES) {
        store_creates(g, r);
        pg_result_free(r);
        return;
    }
    ask_forget(s, q);
    s->answers.of[q] = r;
    s->closed[q].unavailable = false;
    if (s->closed[q].why != NULL) {
        free(s->closed[q].why);
        s->closed[q].why = NULL;
        learnt_server(s);
    }
}

static void failed(struct group *g, const struct pg_error *e) {
    if (e->lost || e->not_sent) {
        refusal_problem(g, e);
        g->running = false;
        g->began = 0;
        return;
    }
    if (!refusal_take(g, e))
        next_question(g);
    go_on(g);
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct group *g = arg;
    g->query = 0;
    if (e == NULL || !e->timed_out)
        g->spent += rtt_work(g->s, NULL, took); /* a hanging query waits, it does not work */
    g->hung = g->hung || (e != NULL && e->timed_out);
    if (r == NULL) {
        failed(g, e);
        return;
    }
    store(g, r);
    next_question(g);
    go_on(g);
}

/* -- all groups -- */

static void timer_fired(void *arg) {
    begin(arg);
}

void ask_init(struct survey *s) {
    for (int i = 0; i < GROUPS; i++) {
        struct group *g = &s->groups[i];
        g->s = s;
        g->kind = (enum group_kind)i;
        g->timer = loop_timer_new(s->loop, timer_fired, g);
    }
}

static void stop(struct group *g) {
    if (g->query != 0)
        pg_query_forget(g->on, g->query);
    g->query = 0;
    g->running = false;
    g->began = 0;
    loop_timer_stop(g->timer);
}

void ask_reset(struct survey *s) {
    for (int i = 0; i < GROUPS; i++)
        stop(&s->groups[i]);
}

void ask_free(struct survey *s) {
    for (int i = 0; i < GROUPS; i++) {
        stop(&s->groups[i]);
        loop_timer_free(s->groups[i].timer);
        free(s->groups[i].problem);
        free(s->groups[i].refused);
    }
    for (int i = 0; i < QUESTIONS; i++)
        free(s->closed[i].why);
}

void ask_unlearn(struct survey *s) {
    for (int i = 0; i < QUESTIONS; i++) {
        free(s->closed[i].why);
        s->closed[i] = (struct closed){0};
    }
}

void ask_now(struct survey *s, enum group_kind kind) {
    begin(&s->groups[kind]);
}

void ask_start(struct survey *s) {
    begin(&s->groups[GROUP_SERVER]);
    for (int i = 0; s->server_known && i < GROUPS; i++)
        begin(&s->groups[i]);
}

void ask_session_up(struct survey *s, enum session_kind kind) {
    for (int i = 0; kind == SESSION_LEASES && s->server_known && i < GROUPS; i++)
        if (group_table[i].leases || s->groups[i].aside)
            begin(&s->groups[i]);
}

/* What waits longer than it would while hurried is asked earlier. */
void ask_hurry(struct survey *s) {
    for (int i = 0; i < GROUPS; i++) {
        struct group *g = &s->groups[i];
        if (g->tried && !g->running)
            start_timer(g);
    }
}

bool ask_idle(const struct survey *s) {
    for (int i = 0; i < GROUPS; i++)
        if (s->groups[i].running || !s->groups[i].tried)
            return false;
    return true;
}
