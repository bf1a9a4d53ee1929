/* page: rows of one home region between two keys: turned, and read again where new rows are found. */
#include "pages.h"

#include <string.h>

struct page *page_new(struct survey *s, const char *region) {
    struct page *p = mem_calloc(1, sizeof *p);
    p->s = s;
    p->region = mem_strdup_null(region);
    return p;
}

static void row_clear(struct page_row *row) {
    for (size_t i = 0; i < row->values.len; i++)
        free(row->values.items[i]);
    vec_free(&row->values);
}

void page_rows_free(struct page_rows *rows) {
    for (size_t i = 0; i < rows->len; i++)
        row_clear(&rows->items[i]);
    vec_free(rows);
}

static void cursor_clear(struct page *p) {
    for (size_t i = 0; i < p->cursor.len; i++)
        free(p->cursor.items[i]);
    vec_free(&p->cursor);
}

void page_free(struct page *p) {
    page_forget_query(p);
    watch_free(p);
    page_rows_free(&p->rows);
    cursor_clear(p);
    free(p->region);
    free(p->problem);
    free(p);
}

/* -- taking an answer -- */

static bool read_row(
    struct page_row *row, const struct pages *ps, const struct pg_result *r, size_t i, struct err *err) {
    if (pg_result_columns(r) != ps->columns.len)
        return err_set(err, ERR_INTERNAL, "%zu columns were asked for, %zu came", ps->columns.len,
            pg_result_columns(r));
    for (size_t k = 0; k < ps->columns.len; k++)
        vec_push(&row->values, mem_strdup_null(pg_result_text(r, i, k)));
    return true;
}

static bool same_key(const struct page_row *a, const struct page_row *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!str_eq(a->values.items[i], b->values.items[i]))
            return false;
    return true;
}

static const struct page_row *find(const struct page_rows *rows, const struct page_row *row, size_t n) {
    for (size_t i = 0; i < rows->len; i++)
        if (same_key(&rows->items[i], row, n))
            return &rows->items[i];
    return NULL;
}

/* A row has landed when it lies between rows that were there before, or beyond the last of them on a page that
 * had no further: otherwise it has only moved up because another left. */
static void mark_landed(struct page_rows *fresh, const struct page *p, const struct pages *ps, usec now) {
    size_t n = ps->key_columns;
    bool known_after = !p->more_after, known_before = !p->more_before || !p->down;
    for (size_t i = 0; i < fresh->len; i++) {
        struct page_row *row = &fresh->items[i];
        const struct page_row *before = find(&p->rows, row, n);
        bool between = known_after, first = known_before;
        if (before != NULL) {
            row->landed = before->landed;
            continue;
        }
        for (size_t k = i + 1; k < fresh->len && !between; k++)
            between = find(&p->rows, &fresh->items[k], n) != NULL;
        for (size_t k = 0; k < i && !first; k++)
            first = find(&p->rows, &fresh->items[k], n) != NULL;
        if (between && first)
            row->landed = now;
    }
}

/* A page that ends with the region's last row shows every row that went. */
static void tell_gone(const struct page_rows *fresh, const struct page *p, const struct pages *ps) {
    for (size_t i = 0; i < p->rows.len; i++) {
        const struct page_row *row = &p->rows.items[i];
        if (find(fresh, row, ps->key_columns) == NULL)
            landed_gone(p->s, p, row->values.items, row->values.len);
    }
}

static void reverse(struct page_rows *rows) {
    for (size_t i = 0; i < rows->len / 2; i++) {
        struct page_row kept = rows->items[i];
        rows->items[i] = rows->items[rows->len - 1 - i];
        rows->items[rows->len - 1 - i] = kept;
    }
}

bool page_take(
    struct page *p, const struct pages *ps, const struct pg_result *r, int limit, usec now, struct err *err) {
    struct page_rows fresh = {0};
    bool more = pg_result_rows(r) >= (size_t)limit;
    size_t n = more ? (size_t)limit - 1 : pg_result_rows(r);
    for (size_t i = 0; i < n; i++) {
        struct page_row row = {0};
        bool ok = read_row(&row, ps, r, i, err);
        vec_push(&fresh, row);
        if (!ok) {
            page_rows_free(&fresh);
            return false;
        }
    }
    if (p->down)
        reverse(&fresh);
    if (p->read && ps->filter == NULL)
        mark_landed(&fresh, p, ps, now);
    if (p->read && ps->filter == NULL && !more)
        tell_gone(&fresh, p, ps);
    page_rows_free(&p->rows);
    p->rows = fresh;
    p->more_before = p->down ? more : p->cursor.len > 0;
    p->more_after = p->down ? p->cursor.len > 0 : more;
    p->read = true;
    return true;
}

/* -- turning -- */

static void move_cursor(struct page *p, const struct page_row *row, size_t n, bool down) {
    VEC_STRUCT(char *) key = {0};
    for (size_t i = 0; row != NULL && i < n; i++)
        vec_push(&key, mem_strdup_null(row->values.items[i]));
    cursor_clear(p);
    p->cursor.items = key.items;
    p->cursor.len = key.len;
    p->cursor.cap = key.cap;
    p->down = down;
    p->back = down && row != NULL;
    p->read = false;
    p->tried = false; /* survey_idle() waits for it */
    p->due = 0;
}

static bool mixed(const struct pages *ps) {
    for (size_t i = 1; i < ps->descending.len; i++)
        if (ps->descending.items[i] != ps->descending.items[0])
            return true;
    return false;
}

bool page_turn(struct page *p, const struct pages *ps, enum survey_page where) {
    size_t n = ps->key_columns;
    bool empty = p->rows.len == 0 || mixed(ps);
    switch (where) {
    case SURVEY_PAGE_FIRST:
        move_cursor(p, NULL, n, false);
        return true;
    case SURVEY_PAGE_LAST:
        move_cursor(p, NULL, n, true);
        return true;
    case SURVEY_PAGE_NEXT:
        if (empty || !p->more_after)
            return false;
        move_cursor(p, &p->rows.items[p->rows.len - 1], n, false);
        return true;
    case SURVEY_PAGE_PREVIOUS:
        if (empty || !p->more_before)
            return false;
        move_cursor(p, &p->rows.items[0], n, true);
        return true;
    }
    return false;
}
