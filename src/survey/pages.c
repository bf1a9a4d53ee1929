/* pages: which table is shown, which page is asked for when and on which session. */
#include "pages.h"

#include <string.h>

enum { MOST_COLUMNS = 24, SLOW = 500 * USEC_PER_MS, FILTER_ROWS = 10000 };

static void tick(void *arg);

void pages_init(struct survey *s) {
    struct pages *ps = mem_calloc(1, sizeof *ps);
    ps->timer = loop_timer_new(s->loop, tick, s);
    s->pages = ps;
}

static void free_texts(char **items, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(items[i]);
}

static void clear_table(struct pages *ps) {
    for (size_t i = 0; i < ps->list.len; i++)
        page_free(ps->list.items[i]);
    vec_free(&ps->list);
    free_texts(ps->columns.items, ps->columns.len);
    free_texts(ps->types.items, ps->types.len);
    vec_free(&ps->columns);
    vec_free(&ps->types);
    vec_free(&ps->descending);
    free(ps->table);
    free(ps->schema);
    free(ps->shown);
    free(ps->region_column);
    free(ps->problem);
    ps->table = ps->schema = ps->shown = ps->region_column = ps->problem = NULL;
    ps->key_columns = 0;
}

void pages_free(struct survey *s) {
    struct pages *ps = s->pages;
    clear_table(ps);
    loop_timer_free(ps->timer);
    free(ps->wanted);
    free(ps->filter);
    free(ps);
    s->pages = NULL;
}

/* -- which table, which columns -- */

static const struct table *choose(const struct pages *ps, const struct catalog *c) {
    if (ps->none)
        return NULL;
    if (ps->wanted != NULL)
        return catalog_table(c, ps->wanted);
    for (size_t i = 0; i < c->tables.len; i++)
        if (c->tables.items[i].locality == TABLE_LOCALITY_BY_ROW)
            return &c->tables.items[i];
    return c->tables.len > 0 ? &c->tables.items[0] : NULL;
}

static bool listed(const struct pages *ps, const char *name) {
    for (size_t i = 0; i < ps->columns.len; i++)
        if (strcmp(ps->columns.items[i], name) == 0)
            return true;
    return false;
}

static void add_column(struct pages *ps, const struct column *column) {
    vec_push(&ps->columns, mem_strdup(column->name));
    vec_push(&ps->types, mem_strdup(column->type));
}

static void add_key(struct pages *ps, const struct table *t) {
    const struct index *primary = table_primary(t);
    for (size_t i = 0; primary != NULL && i < primary->columns.len; i++) {
        const struct index_column *k = &primary->columns.items[i];
        const struct column *column = k->implicit ? NULL : table_column(t, k->name);
        if (column == NULL)
            continue;
        add_column(ps, column);
        vec_push(&ps->descending, k->descending);
    }
    ps->key_columns = ps->columns.len;
}

static void add_columns(struct pages *ps, const struct table *t) {
    add_key(ps, t);
    for (size_t i = 0; i < t->columns.len && ps->columns.len < MOST_COLUMNS; i++)
        if (!t->columns.items[i].hidden && !listed(ps, t->columns.items[i].name))
            add_column(ps, &t->columns.items[i]);
    const struct column *region = t->region_column != NULL ? table_column(t, t->region_column) : NULL;
    if (region != NULL && !region->hidden && !listed(ps, region->name))
        add_column(ps, region);
}

static void add_pages(struct survey *s, struct pages *ps, const struct table *t, const struct database *d) {
    if (t->locality != TABLE_LOCALITY_BY_ROW) {
        vec_push(&ps->list, page_new(s, NULL));
        return;
    }
    ps->region_column = mem_strdup_null(t->region_column);
    for (size_t i = 0; i < d->regions.len; i++)
        vec_push(&ps->list, page_new(s, d->regions.items[i].name));
}

static void set_table(struct survey *s, struct pages *ps, const struct table *t, const struct catalog *c) {
    clear_table(ps);
    ps->table = mem_strdup(t->name);
    ps->schema = mem_strdup(t->schema);
    ps->shown = mem_strdup(table_shown(t));
    add_columns(ps, t);
    add_pages(s, ps, t, &c->database);
    if (ps->key_columns == 0)
        ps->problem = mem_printf("the primary key of %s is not known, so its rows cannot be read in pages", t->name);
}

/* Whether what is shown still fits the catalog. */
static bool fits(struct survey *s, const struct pages *ps, const struct table *t, const struct catalog *c) {
    struct pages other = {0};
    bool same = str_eq(ps->table, t->name) && str_eq(ps->schema, t->schema) && str_eq(ps->shown, table_shown(t));
    if (!same)
        return false;
    set_table(s, &other, t, c);
    same = other.columns.len == ps->columns.len && other.key_columns == ps->key_columns
        && other.list.len == ps->list.len && str_eq(other.region_column, ps->region_column);
    for (size_t i = 0; same && i < ps->columns.len; i++)
        same = str_eq(other.columns.items[i], ps->columns.items[i]);
    for (size_t i = 0; same && i < ps->list.len; i++)
        same = str_eq(other.list.items[i]->region, ps->list.items[i]->region);
    clear_table(&other);
    return same;
}

void pages_catalog(struct survey *s) {
    struct pages *ps = s->pages;
    const struct catalog *c = snapshot_catalog(&s->next);
    const struct table *t = c != NULL ? choose(ps, c) : NULL;
    if (c == NULL)
        return;
    if (t != NULL && fits(s, ps, t, c)) {
        pages_start(s);
        return;
    }
    if (t == NULL)
        clear_table(ps);
    else
        set_table(s, ps, t, c);
    budget_anew(&s->budget, SPENDER_ROWS, ps->list.len);
    budget_anew(&s->budget, SPENDER_KEYS, ps->list.len);
    pages_start(s);
}

/* -- asking -- */

static const struct page *asking_on(const struct pages *ps, enum session_kind kind) {
    for (size_t i = 0; i < ps->list.len; i++)
        if (ps->list.items[i]->query != 0 && ps->list.items[i]->on == kind)
            return ps->list.items[i];
    return NULL;
}

/* The session on which a page may be asked for now: slow regions have one of their own; the others may use it
 * too while theirs is held up. */
static bool choose_session(struct survey *s, const struct page *p, enum session_kind *kind) {
    const struct page *rows = asking_on(s->pages, SESSION_ROWS);
    const struct page *slow = asking_on(s->pages, SESSION_SLOW_ROWS);
    *kind = p->slow || (rows != NULL && rows->slow) ? SESSION_SLOW_ROWS : SESSION_ROWS;
    return *kind == SESSION_ROWS ? rows == NULL : slow == NULL;
}

static void mark_slow(struct survey *s) {
    struct pages *ps = s->pages;
    for (size_t i = 0; i < ps->list.len; i++) {
        struct page *p = ps->list.items[i];
        if (p->query != 0 && loop_now(s->loop) - p->since >= SLOW)
            p->slow = true;
    }
}

static void schedule(struct survey *s) {
    struct pages *ps = s->pages;
    usec now = loop_now(s->loop), next = INT64_MAX;
    for (size_t i = 0; i < ps->list.len; i++) {
        const struct page *p = ps->list.items[i];
        usec at = p->query == 0 ? p->due : p->slow ? INT64_MAX : p->since + SLOW;
        enum session_kind kind;
        if (p->query == 0 && s->once && p->tried)
            continue;
        if (p->query == 0 && at <= now && !choose_session(s, p, &kind))
            continue; /* its turn comes with the answer to the page before it, or with that one's being slow */
        next = at < next ? at : next;
        if (p->watch.query == 0 && p->watch.due > now && p->watch.due < next)
            next = p->watch.due;
    }
    if (next != INT64_MAX)
        loop_timer_start_at(ps->timer, next > now ? next : now + 10 * USEC_PER_MS, 0);
}

void pages_start(struct survey *s) {
    struct pages *ps = s->pages;
    usec now = loop_now(s->loop);
    if (s->state != SURVEY_READING || !s->server_known || ps->problem != NULL)
        return;
    for (size_t i = 0; i < ps->list.len; i++) {
        struct page *p = ps->list.items[i];
        enum session_kind kind;
        if (p->query != 0 || p->due > now || (s->once && p->tried) || !choose_session(s, p, &kind))
            continue;
        struct pg_connection *c = session_get(s, kind);
        if (c != NULL && !page_send(p, c, kind))
            p->due = now + USEC_PER_SEC;
    }
    for (size_t i = 0; i < ps->list.len; i++)
        (void)watch_start(ps->list.items[i]);
    schedule(s);
}

static void tick(void *arg) {
    mark_slow(arg);
    pages_start(arg);
}

void pages_session_up(struct survey *s, enum session_kind kind) {
    (void)kind;
    pages_start(s);
}

void pages_reset(struct survey *s) {
    for (size_t i = 0; i < s->pages->list.len; i++) {
        page_forget_query(s->pages->list.items[i]);
        s->pages->list.items[i]->due = 0;
        s->pages->list.items[i]->watch.query = 0;
    }
    loop_timer_stop(s->pages->timer);
}

void pages_hurry(struct survey *s) {
    struct pages *ps = s->pages;
    for (size_t i = 0; i < ps->list.len; i++) {
        struct page *p = ps->list.items[i];
        usec due = budget_next(&s->budget, SPENDER_ROWS, p->last, loop_now(s->loop), ask_hurried(s));
        if (!p->slow && p->due > due)
            p->due = due;
    }
    pages_start(s);
}

void pages_now(struct survey *s) {
    for (size_t i = 0; i < s->pages->list.len; i++)
        if (!s->pages->list.items[i]->slow)
            s->pages->list.items[i]->due = 0;
    pages_start(s);
}

bool pages_idle(const struct survey *s) {
    const struct pages *ps = s->pages;
    for (size_t i = 0; i < ps->list.len && ps->problem == NULL; i++)
        if (!ps->list.items[i]->tried || ps->list.items[i]->query != 0)
            return false;
    return true;
}

/* -- the part -- */

const char *page_home(const struct page *p, const struct snapshot *in) {
    const struct catalog *c = snapshot_catalog(in);
    const struct table *t = c != NULL ? catalog_table_in(c, p->s->pages->schema, p->s->pages->table) : NULL;
    return p->region != NULL ? p->region : t != NULL ? table_home(t, &c->database) : NULL;
}

static void copy_row(struct rows *rows, struct row_page *page, const struct page_row *from, const struct page *p,
    const struct snapshot *in) {
    static const struct topology no_topology;
    static const struct ranges no_ranges;
    const struct catalog *c = snapshot_catalog(in);
    struct row row = {.landed = from->landed};
    const char *home = page_home(p, in);
    for (size_t i = 0; i < from->values.len; i++)
        vec_push(&row.values, mem_strdup_null(from->values.items[i]));
    row.home = mem_strdup_null(home);
    row_place(&row, rows, c, snapshot_ranges(in) != NULL ? snapshot_ranges(in) : &no_ranges,
        snapshot_topology(in) != NULL ? snapshot_topology(in) : &no_topology);
    vec_push(&page->rows, row);
}

static void copy_page(struct rows *rows, const struct page *p, const struct snapshot *in) {
    struct row_page page = {
        .region = mem_strdup_null(p->region),
        .more_before = p->more_before,
        .more_after = p->more_after,
        .followed = p->followed,
        .asof = p->asof,
        .problem = mem_strdup_null(p->problem),
    };
    for (size_t i = 0; i < p->rows.len; i++)
        copy_row(rows, &page, &p->rows.items[i], p, in);
    vec_push(&rows->pages, page);
}

struct rows *pages_build(const struct survey *s, const struct snapshot *in, usec *asof, int64_t *asof_wall) {
    const struct pages *ps = s->pages;
    if (ps == NULL || ps->table == NULL)
        return NULL;
    struct rows *rows = mem_calloc(1, sizeof *rows);
    rows->table = mem_strdup(ps->shown);
    rows->key_columns = ps->key_columns;
    for (size_t i = 0; i < ps->columns.len; i++) {
        vec_push(&rows->columns, mem_strdup(ps->columns.items[i]));
        vec_push(&rows->types, mem_strdup(ps->types.items[i]));
    }
    for (size_t i = 0; i < ps->list.len; i++) {
        const struct page *p = ps->list.items[i];
        copy_page(rows, p, in);
        if (p->asof != 0 && (*asof == 0 || p->asof < *asof)) {
            *asof = p->asof;
            *asof_wall = p->asof_wall;
        }
    }
    return rows;
}

/* -- what the user asks for -- */

void survey_show_table(struct survey *s, const char *table) {
    struct pages *ps = s->pages;
    char *wanted = mem_strdup_null(table);
    free(ps->wanted);
    ps->wanted = wanted;
    ps->none = table == NULL;
    free(ps->filter);
    ps->filter = NULL;
    pages_catalog(s);
    publish_rows(s);
}

const char *survey_table(const struct survey *s) {
    return s->pages->shown != NULL ? s->pages->shown : "";
}

void survey_turn_page(struct survey *s, const char *region, enum survey_page page) {
    struct pages *ps = s->pages;
    for (size_t i = 0; i < ps->list.len; i++) {
        struct page *p = ps->list.items[i];
        if ((region == NULL || str_eq(p->region, region)) && page_turn(p, ps, page))
            page_forget_query(p);
    }
    pages_start(s);
}

bool survey_filter(struct survey *s, const char *text, bool force, struct err *err) {
    struct pages *ps = s->pages;
    const struct catalog *c = snapshot_catalog(&s->next);
    const struct table *t = c != NULL && ps->table != NULL ? catalog_table_in(c, ps->schema, ps->table) : NULL;
    bool some = text != NULL && text[0] != '\0';
    if (some && !force && t != NULL && (t->estimated_rows >= FILTER_ROWS || watch_found(ps) >= FILTER_ROWS)) {
        if (t->estimated_rows >= FILTER_ROWS)
            err_set(err, ERR_INPUT, "%s holds about %lld rows, a search reads them all", t->name,
                (long long)t->estimated_rows);
        else
            err_set(err, ERR_INPUT, "%s holds more than %d rows, a search reads them all", t->name, FILTER_ROWS);
        return err_hint(err, "search for the same again to do it, for 5 s at most");
    }
    free(ps->filter);
    ps->filter = some ? mem_strdup(text) : NULL;
    for (size_t i = 0; i < ps->list.len; i++) {
        page_forget_query(ps->list.items[i]);
        page_turn(ps->list.items[i], ps, SURVEY_PAGE_FIRST);
    }
    pages_start(s);
    return true;
}

const char *survey_filter_text(const struct survey *s) {
    return s->pages->filter != NULL ? s->pages->filter : "";
}

bool survey_watches_all(const struct survey *s) {
    const struct pages *ps = s->pages;
    for (size_t i = 0; i < ps->list.len; i++)
        if (!watch_whole(ps->list.items[i]) || ps->filter != NULL)
            return false;
    return true;
}

static usec pages_since(const struct pages *ps) {
    usec since = 0;
    for (size_t i = 0; i < ps->list.len; i++)
        if (ps->list.items[i]->query != 0 && (since == 0 || ps->list.items[i]->since < since))
            since = ps->list.items[i]->since;
    return since;
}

usec survey_waiting_since(const struct survey *s, enum part_kind part) {
    if (part == PART_ROWS)
        return pages_since(s->pages);
    for (int i = 0; i < GROUPS; i++)
        if (group_table[i].part == part && !group_table[i].leases)
            return s->groups[i].began;
    return 0;
}

static usec group_interval(const struct survey *s, int kind) {
    usec wish = budget_interval(&s->budget, kind), next = s->groups[kind].due - s->groups[kind].last;
    return next > wish ? next : wish;
}

usec survey_interval(const struct survey *s, enum part_kind part) {
    if (part == PART_ROWS)
        return budget_interval(&s->budget, SPENDER_ROWS);
    for (int i = 0; i < GROUPS; i++)
        if (group_table[i].part == part && !group_table[i].leases)
            return group_interval(s, i);
    return group_interval(s, GROUP_RANGES);
}

static const char *pages_problem(const struct pages *ps) {
    if (ps->problem != NULL)
        return ps->problem;
    for (size_t i = 0; i < ps->list.len; i++)
        if (ps->list.items[i]->problem != NULL)
            return ps->list.items[i]->problem;
    return NULL;
}

static const char *closed_problem(const struct survey *s, enum group_kind group) {
    for (int q = 0; q < QUESTIONS; q++)
        if (question_table[q].group == group && s->closed[q].why != NULL)
            return s->closed[q].why;
    return NULL;
}

const char *survey_problem(const struct survey *s, enum part_kind part) {
    if (part == PART_ROWS)
        return pages_problem(s->pages);
    for (int i = 0; i < GROUPS; i++)
        if (group_table[i].part == part && !group_table[i].leases)
            return s->groups[i].problem != NULL ? s->groups[i].problem : closed_problem(s, (enum group_kind)i);
    return NULL;
}

bool survey_refused(const struct survey *s, enum part_kind part) {
    for (int i = 0; i < GROUPS; i++)
        if (group_table[i].part == part && !group_table[i].leases && closed_problem(s, (enum group_kind)i) != NULL)
            return true;
    return false;
}
