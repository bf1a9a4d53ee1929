/* refusal: what an error of a question means: another way of asking, something that this user may not read, or a bad
 * moment. */
#include "survey_private.h"

#include <string.h>

enum {
    RETRY_CLOSED = 60,        /* s until what was refused is tried again */
    SYSTEM_PRIVILEGES = 2202, /* the first version that has them */
};

static bool is_shape_error(const struct pg_error *e) {
    static const char *const codes[] = {"42703", "42P01", "42601", "42883", "3F000", "42P02"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(e->sqlstate, codes[i]) == 0)
            return true;
    return false;
}

/* What is asked for is of another version. */
static bool is_unknown(const struct pg_error *e) {
    return is_shape_error(e) || strcmp(e->sqlstate, "0A000") == 0;
}

static bool is_refusal(const struct pg_error *e) {
    return strcmp(e->sqlstate, "42501") == 0 || strcmp(e->sqlstate, "0A000") == 0;
}

static bool is_gate(const struct pg_error *e) {
    return strcmp(e->sqlstate, "42501") == 0 && e->message != NULL
        && strstr(e->message, "crdb_internal and system is restricted") != NULL;
}

/* The next older row for the statement; NULL: none that this user may ask. */
static const struct statement *older(const struct survey *s, const struct statement *st) {
    const struct statement *to = st->falls_back_to != NULL ? statement_find(st->falls_back_to) : NULL;
    return to != NULL && (s->internals || !to->internals) ? to : NULL;
}

bool ask_fall_back(struct survey *s, enum question q) {
    const struct statement *st = ask_statement(s, q), *to = st != NULL ? older(s, st) : NULL;
    if (to == NULL)
        return false;
    char *text = mem_printf("this server does not know what %s asks for; using %s", st->name, to->name);
    s->closed[q].statement = to;
    publish_event(s, EVENT_NOTE, text);
    free(text);
    return true;
}

static void close_gate(struct survey *s) {
    s->internals = false;
    for (size_t q = 0; q < QUESTIONS; q++)
        s->closed[q].statement = NULL;
    publish_event(s, EVENT_NOTE,
        "system catalogs are closed on this server (allow_unsafe_internals is off): only SHOW statements are used; "
        "--unsafe-internals would add liveness, leaseholders and CockroachDB's own report");
}

/* "leaseholders cannot be read: …; GRANT … would allow it". */
static char *refusal_sentence(struct survey *s, const struct group *g, const struct pg_error *e) {
    struct str out = {0};
    struct str grant = {0};
    str_add_f(&out, "%s cannot be read: ", question_table[g->at].what);
    str_add(&out, e->message != NULL ? e->message : e->sqlstate);
    const char *schema = NULL, *table = NULL;
    struct statement as_text = *g->asked;
    if (strstr(g->asked->text, "{table}") != NULL)
        (void)ask_table(s, g->table, &schema, &table);
    bool old = s->version > 0 && s->version < SYSTEM_PRIVILEGES && g->asked->grant_22_1 != NULL;
    as_text.text = old ? g->asked->grant_22_1 : g->asked->grant;
    if (as_text.text != NULL && strcmp(e->sqlstate, "42501") == 0 && ask_fill(s, &grant, &as_text, schema, table, NULL))
        str_add_f(&out, "; %s would allow it", str_get(&grant));
    str_free(&grant);
    return str_take(&out);
}

static void refuse(struct group *g, const struct pg_error *e) {
    struct survey *s = g->s;
    struct closed *c = &s->closed[g->at];
    const struct question_row *row = &question_table[g->at];
    c->unavailable = true;
    c->retry = loop_now(s->loop) + (usec)RETRY_CLOSED * USEC_PER_SEC;
    ask_forget(s, (enum question)g->at);
    if (g->at == Q_LEASES)
        ask_no_leases(s, LEASE_FORBIDDEN);
    if (row->quiet)
        return;
    char *why = refusal_sentence(s, g, e);
    bool news = !str_eq(why, c->why);
    free(c->why);
    c->why = why;
    if (news)
        learnt_server(s);
}

void refusal_problem(struct group *g, const struct pg_error *e) {
    struct str out = {0};
    g->failed = true;
    str_add_f(&out, "%s: ", question_table[g->at].what);
    pg_error_print(&out, e);
    free(g->problem);
    g->problem = str_take(&out);
    if (g->at == Q_LEASES) {
        ask_no_leases(g->s, LEASE_TIMED_OUT);
        g->s->leases_some = g->s->leases_some || e->timed_out;
    }
}

/* One table of many may not be read, or is gone meanwhile: the others may be all the same. */
static void refuse_table(struct group *g, const struct pg_error *e) {
    if (!is_refusal(e))
        return;
    if (g->refused_tables++ > 0)
        return;
    free(g->refused);
    g->refused = refusal_sentence(g->s, g, e);
}

void refusal_tables(struct group *g) {
    struct closed *c = &g->s->closed[g->at];
    char *why = NULL;
    if (g->refused_tables > 1)
        why = mem_printf(
            "%s (and %zu more table%s)", g->refused, g->refused_tables - 1, g->refused_tables > 2 ? "s" : "");
    else if (g->refused_tables == 1)
        why = mem_strdup(g->refused);
    bool news = !str_eq(why, c->why);
    free(c->why);
    c->why = why;
    if (news)
        learnt_server(g->s);
}

/* No answer in time: what was known stays. What only some servers know is then not asked for a while, and not taken for
 * nothing. */
static void late(struct group *g, const struct pg_error *e) {
    if (question_table[g->at].quiet && g->s->answers.of[g->at] == NULL)
        refuse(g, e);
    refusal_problem(g, e);
}

bool refusal_take(struct group *g, const struct pg_error *e) {
    struct survey *s = g->s;
    enum question q = (enum question)g->at;
    if (is_gate(e) && g->asked->internals && s->internals) {
        close_gate(s);
        return true;
    }
    if (is_unknown(e) && g->asked == ask_statement(s, q) && ask_fall_back(s, q))
        return true;
    if (is_refusal(e) && g->asked->falls_back_to != NULL && s->closed[q].statement == NULL
        && !statement_find(g->asked->falls_back_to)->internals) {
        s->closed[q].statement = statement_find(g->asked->falls_back_to);
        return true;
    }
    if (strstr(g->asked->text, "{table}") != NULL && (is_refusal(e) || is_shape_error(e)))
        refuse_table(g, e);
    else if (is_refusal(e) || is_shape_error(e) || (question_table[q].quiet && !e->timed_out))
        refuse(g, e);
    else
        late(g, e);
    return false;
}
