/* watch: the keys of a small table beyond the pages shown, so that rows that land there are noticed too. */
#include "pages.h"

#include <string.h>

enum { MOST_ROWS = 10000, TIMEOUT = 5 * USEC_PER_SEC, MOST_TOLD = 20 };

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void clear(struct watch *w) {
    for (size_t i = 0; i < w->keys.len; i++)
        free(w->keys.items[i]);
    vec_free(&w->keys);
}

void watch_free(struct page *p) {
    struct pg_connection *c = p->watch.query != 0 ? p->s->sessions[SESSION_SLOW_ROWS].c : NULL;
    if (c != NULL)
        pg_query_forget(c, p->watch.query);
    clear(&p->watch);
    p->watch = (struct watch){0};
}

/* A key's values in one text; what stands between them cannot be in a value that was typed. */
static char *joined(const struct pg_result *r, size_t row, size_t n) {
    struct str out = {0};
    for (size_t i = 0; i < n; i++) {
        const char *value = pg_result_text(r, row, i);
        str_add(&out, value != NULL ? value : "");
        str_add_char(&out, '\x1f');
    }
    return str_take(&out);
}

static bool on_page(const struct page *p, const struct pg_result *r, size_t row, size_t n) {
    for (size_t i = 0; i < p->rows.len; i++) {
        bool same = true;
        for (size_t k = 0; k < n && same; k++)
            same = str_eq(p->rows.items[i].values.items[k], pg_result_text(r, row, k));
        if (same)
            return true;
    }
    return false;
}

static void tell(struct page *p, const struct pg_result *r, size_t row, size_t n) {
    VEC_STRUCT(char *) key = {0};
    for (size_t i = 0; i < n; i++)
        vec_push(&key, mem_strdup_null(pg_result_text(r, row, i)));
    landed_beyond(p->s, p, key.items, key.len);
    for (size_t i = 0; i < key.len; i++)
        free(key.items[i]);
    vec_free(&key);
}

static void compare(struct page *p, const struct pg_result *r) {
    struct watch *w = &p->watch, fresh = {0};
    size_t n = p->s->pages->key_columns, told = 0;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        char *key = joined(r, i, n);
        bool known = !w->read ||
            (w->keys.len > 0 && bsearch(&key, w->keys.items, w->keys.len, sizeof key, by_text) != NULL);
        if (!known && !on_page(p, r, i, n) && told++ < MOST_TOLD)
            tell(p, r, i, n);
        vec_push(&fresh.keys, key);
    }
    if (fresh.keys.len > 1)
        qsort(fresh.keys.items, fresh.keys.len, sizeof *fresh.keys.items, by_text);
    clear(w);
    w->keys.items = fresh.keys.items;
    w->keys.len = fresh.keys.len;
    w->keys.cap = fresh.keys.cap;
    w->read = true;
}

/* Only where rows are out of sight, in tables that are small as far as is known. */
static bool wanted(const struct survey *s, const struct page *p) {
    const struct catalog *c = snapshot_catalog(&s->next);
    const struct table *t = c != NULL ? catalog_table_in(c, s->pages->schema, s->pages->table) : NULL;
    return t != NULL && t->estimated_rows <= MOST_ROWS && p->read && (p->more_after || p->more_before) && !p->slow
        && !s->once && s->pages->filter == NULL;
}

static size_t watched(const struct pages *ps) {
    size_t n = 0;
    for (size_t i = 0; i < ps->list.len; i++)
        n += wanted(ps->list.items[i]->s, ps->list.items[i]);
    return n;
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct page *p = arg;
    struct survey *s = p->s;
    struct watch *w = &p->watch;
    usec now = loop_now(s->loop);
    w->query = 0;
    budget_spend(&s->budget, SPENDER_KEYS, now, ask_hurried(s), rtt_work(s, page_home(p, &s->next), took));
    budget_pieces(&s->budget, SPENDER_KEYS, watched(s->pages));
    w->due = budget_next(&s->budget, SPENDER_KEYS, w->since, now, ask_hurried(s));
    w->too_many = r != NULL && pg_result_rows(r) > MOST_ROWS;
    if (r == NULL || w->too_many || pg_result_columns(r) != s->pages->key_columns) {
        w->due += 60 * USEC_PER_SEC;
        w->read = false;
    } else {
        compare(p, r);
    }
    (void)e;
    pg_result_free(r);
    pages_start(s);
}

static void send(struct page *p, struct pg_connection *c) {
    const struct pages *ps = p->s->pages;
    struct str sql = {0};
    const char *region = p->region;
    struct statement_arg args[] = {
        {.name = "key", .kind = STATEMENT_NAMES, .values = (const char *const *)ps->columns.items,
            .count = ps->key_columns},
        {.name = "schema", .kind = STATEMENT_NAME, .value = ps->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = ps->table},
        {.name = "region", .kind = STATEMENT_NAME, .value = ps->region_column != NULL ? ps->region_column : ""},
        {.name = "limit", .kind = STATEMENT_NUMBER, .number = MOST_ROWS + 1},
    };
    const struct statement *st = statement_find(region != NULL ? "rows/keys" : "rows/keys-all");
    if (statement_fill(&sql, st, args, sizeof args / sizeof *args, NULL)) {
        struct pg_query q = {.sql = str_get(&sql), .params = &region, .param_count = region != NULL ? 1 : 0,
            .timeout = TIMEOUT, .purpose = "keys of rows", .done = answered, .arg = p};
        p->watch.since = loop_now(p->s->loop);
        p->watch.query = pg_query(c, &q);
    }
    str_free(&sql);
}

bool watch_start(struct page *p) {
    struct survey *s = p->s;
    if (p->watch.query != 0 || p->watch.due > loop_now(s->loop) || !wanted(s, p))
        return false;
    struct pg_connection *c = session_get(s, SESSION_SLOW_ROWS);
    if (c != NULL && pg_query_pending(c) == 0)
        send(p, c);
    return true;
}

bool watch_whole(const struct page *p) {
    return (!p->more_after && !p->more_before) || (p->watch.read && !p->watch.too_many);
}

size_t watch_found(const struct pages *ps) {
    size_t n = 0;
    for (size_t i = 0; i < ps->list.len; i++)
        n += ps->list.items[i]->watch.too_many ? MOST_ROWS : ps->list.items[i]->watch.keys.len;
    return n;
}
