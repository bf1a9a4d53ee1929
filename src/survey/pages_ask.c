/* pages_ask: the statement of a page: its columns, its order, its key and its filter. */
#include "pages.h"

#include <string.h>

enum {
    ROWS_TIMEOUT = 5 * USEC_PER_SEC,
    SLOW_PAUSE = 5 * USEC_PER_SEC,
    MOST_LATE = 500 * USEC_PER_MS, /* that a page waited for the session makes the next no later */
    FOLLOWER_AGE = 4800 * USEC_PER_MS, /* how long ago follower_read_timestamp() is */
};

void page_forget_query(struct page *p) {
    struct pg_connection *c = p->query != 0 ? p->s->sessions[p->on].c : NULL;
    if (c != NULL)
        pg_query_forget(c, p->query);
    p->query = 0;
    p->since = 0;
}

/* One piece of SQL made of a template and the piece before it. */
static bool add_piece(char **all, const char *join, const char *one) {
    struct str out = {0};
    if (*all == NULL) {
        *all = mem_strdup(one);
        return true;
    }
    struct statement_arg args[] = {
        {.name = "before", .kind = STATEMENT_SQL, .value = *all},
        {.name = "one", .kind = STATEMENT_SQL, .value = one},
    };
    bool ok = statement_fill(&out, statement_find(join), args, 2, NULL);
    free(*all);
    *all = str_take(&out);
    return ok;
}

static char *order_of(const struct pages *ps, bool down) {
    char *all = NULL;
    for (size_t i = 0; i < ps->key_columns; i++) {
        struct str one = {0};
        bool descending = ps->descending.items[i] != down;
        struct statement_arg arg = {.name = "column", .kind = STATEMENT_NAME, .value = ps->columns.items[i]};
        statement_fill(&one, statement_find(descending ? "rows/order-down" : "rows/order-up"), &arg, 1, NULL);
        add_piece(&all, "rows/order-next", str_get(&one));
        str_free(&one);
    }
    return all;
}

/* " AND (a LIKE $n OR b LIKE $n)", or "". */
char *page_filter(const struct pages *ps, size_t parameter) {
    char *all = NULL;
    struct str out = {0};
    for (size_t i = 0; ps->filter != NULL && i < ps->columns.len; i++) {
        struct str one = {0};
        struct statement_arg args[] = {
            {.name = "column", .kind = STATEMENT_NAME, .value = ps->columns.items[i]},
            {.name = "parameter", .kind = STATEMENT_PARAMETERS, .count = 1, .number = (long long)parameter},
        };
        statement_fill(&one, statement_find("rows/filter-column"), args, 2, NULL);
        add_piece(&all, "rows/filter-or", str_get(&one));
        str_free(&one);
    }
    if (all != NULL) {
        struct statement_arg arg = {.name = "columns", .kind = STATEMENT_SQL, .value = all};
        statement_fill(&out, statement_find("rows/filter"), &arg, 1, NULL);
    }
    free(all);
    return str_take(&out);
}

static const char *template_of(const struct page *p) {
    if (p->region != NULL)
        return p->cursor.len > 0 ? "rows/rows-after" : "rows/rows-first";
    return p->cursor.len > 0 ? "rows/rows-all-after" : "rows/rows-all-first";
}

static bool follows(const struct page *p) {
    return p->back && p->cursor.len > 0 && !p->s->pages->no_followers;
}

bool page_sql(struct str *sql, const struct page *p, const char *filter, struct err *err) {
    const struct pages *ps = p->s->pages;
    bool descending = ps->descending.len > 0 && ps->descending.items[0];
    char *order = order_of(ps, p->down);
    struct statement_arg args[] = {
        {.name = "columns", .kind = STATEMENT_NAMES, .values = (const char *const *)ps->columns.items,
            .count = ps->columns.len},
        {.name = "schema", .kind = STATEMENT_NAME, .value = ps->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = ps->table},
        {.name = "asof", .kind = STATEMENT_SQL, .value = follows(p) ? statement_find("rows/follower")->text : ""},
        {.name = "region", .kind = STATEMENT_NAME, .value = ps->region_column != NULL ? ps->region_column : ""},
        {.name = "key", .kind = STATEMENT_NAMES, .values = (const char *const *)ps->columns.items,
            .count = ps->key_columns},
        {.name = "beyond", .kind = STATEMENT_SQL, .value = descending != p->down ? "<" : ">"},
        {.name = "values", .kind = STATEMENT_PARAMETERS, .count = ps->key_columns, .number = p->region != NULL ? 2 : 1},
        {.name = "filter", .kind = STATEMENT_SQL, .value = filter},
        {.name = "order", .kind = STATEMENT_SQL, .value = order != NULL ? order : ""},
        {.name = "limit", .kind = STATEMENT_NUMBER, .number = p->s->page_rows + 1},
    };
    bool ok = statement_fill(sql, statement_find(template_of(p)), args, sizeof args / sizeof *args, err);
    free(order);
    return ok;
}

static void set_problem(struct page *p, char *problem) {
    free(p->problem);
    p->problem = problem;
}

/* The rows before the first that were there, when a page turned back comes out short. */
static void fill_short_page(struct page *p, const struct pages *ps) {
    if (p->down && p->cursor.len > 0 && !p->more_before && p->rows.len < (size_t)p->s->page_rows)
        page_turn(p, ps, SURVEY_PAGE_FIRST);
}

static void took_in(struct page *p, struct pages *ps, const struct pg_result *r) {
    struct survey *s = p->s;
    struct err err = {0};
    if (!page_take(p, ps, r, s->page_rows + 1, loop_now(s->loop), &err)) {
        set_problem(p, mem_strdup(err.message));
        return;
    }
    p->followed = p->following;
    p->asof = p->since - (p->followed ? FOLLOWER_AGE : 0);
    p->asof_wall = loop_wall() - (p->followed ? FOLLOWER_AGE : 0);
    p->slow = false;
    set_problem(p, NULL);
    fill_short_page(p, ps);
}

/* Where the table is younger than what followers know the leaseholder is asked; without a licence always. */
static bool only_follower_failed(struct page *p, const struct pg_error *e) {
    if (e == NULL || !p->following || e->lost || e->not_sent)
        return false;
    p->following = false;
    p->s->pages->no_followers = str_eq(e->sqlstate, "XXC02") || str_eq(e->sqlstate, "0A000") ||
        str_eq(e->sqlstate, "42883");
    p->due = 0;
    return true;
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct page *p = arg;
    struct survey *s = p->s;
    struct pages *ps = s->pages;
    usec now = loop_now(s->loop);
    p->query = 0;
    if (only_follower_failed(p, e)) {
        pages_start(s);
        return;
    }
    bool routine = p->tried; /* what the user turned to was asked for by the user */
    p->tried = true;
    p->last = p->planned;
    if (routine && (e == NULL || !e->timed_out)) /* a hanging query waits, it does not work */
        budget_spend(&s->budget, SPENDER_ROWS, now, ask_hurried(s), rtt_work(s, page_home(p, &s->next), took));
    p->due = budget_next(&s->budget, SPENDER_ROWS, p->last, now, ask_hurried(s));
    if (r != NULL) {
        took_in(p, ps, r);
    } else {
        struct str problem = {0};
        pg_error_print(&problem, e);
        set_problem(p, str_take(&problem));
        p->slow = p->slow || e->timed_out;
        p->due = now + SLOW_PAUSE;
    }
    p->since = 0;
    pg_result_free(r);
    publish_rows(s);
    publish_changed(s, SURVEY_CHANGED_STATE);
    pages_start(s);
}

/* What ILIKE takes for the text anywhere; what it would take for a wildcard stands for itself. */
static char *like_of(const char *text) {
    struct str out = {0};
    str_add_char(&out, '%');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '%' || *p == '_' || *p == '\\')
            str_add_char(&out, '\\');
        str_add_char(&out, *p);
    }
    str_add_char(&out, '%');
    return str_take(&out);
}

bool page_send(struct page *p, struct pg_connection *c, enum session_kind kind) {
    struct survey *s = p->s;
    struct pages *ps = s->pages;
    struct str sql = {0};
    struct err err = {0};
    VEC_STRUCT(const char *) params = {0};
    char *like = ps->filter != NULL ? like_of(ps->filter) : NULL;
    if (p->region != NULL)
        vec_push(&params, p->region);
    for (size_t i = 0; i < p->cursor.len; i++)
        vec_push(&params, p->cursor.items[i]);
    char *filter = page_filter(ps, params.len + 1);
    if (like != NULL)
        vec_push(&params, like);
    bool ok = page_sql(&sql, p, filter, &err);
    if (ok) {
        struct pg_query q = {.sql = str_get(&sql),
            .params = params.items,
            .param_count = params.len,
            .timeout = s->timeout < ROWS_TIMEOUT ? s->timeout : ROWS_TIMEOUT,
            .purpose = "rows",
            .done = answered,
            .arg = p};
        p->on = kind;
        p->following = follows(p);
        p->back = false;
        p->since = loop_now(s->loop);
        p->planned = p->due > 0 && p->since - p->due < MOST_LATE ? p->due : p->since;
        p->query = pg_query(c, &q);
    } else {
        set_problem(p, mem_strdup(err.message));
    }
    free(filter);
    free(like);
    vec_free(&params);
    str_free(&sql);
    return ok;
}
