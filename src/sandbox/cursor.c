/* cursor: DECLARE, FETCH, MOVE and CLOSE. */
#include "cursor.h"

#include "domicile/base/mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Its index, -1 when there is none of that name. */
static long find(const struct engine_session *es, const char *name) {
    for (size_t i = 0; i < es->cursors.len; i++)
        if (str_eq(es->cursors.items[i].name, name))
            return (long)i;
    return -1;
}

static struct engine_cursor *existing(const struct engine_session *es, const char *name, struct result *r) {
    const long at = find(es, name);
    if (at < 0)
        result_fail(r, "34000", "cursor \"%s\" does not exist", name);
    return at < 0 ? NULL : &es->cursors.items[at];
}

bool cursor_may_declare(const struct engine_session *es, const struct ast_cursor *c, struct result *r) {
    if (c->hold)
        return result_unsupported(r, "DECLARE CURSOR WITH HOLD");
    if (!es->explicit_txn)
        return result_fail(r, "25P01", "DECLARE CURSOR can only be used in transaction blocks");
    if (find(es, c->name) >= 0)
        return result_fail(r, "42P03", "cursor \"%s\" already exists", c->name);
    return true;
}

void cursor_declare(struct engine_session *es, const struct ast_cursor *c, struct result *rows) {
    const struct engine_cursor fresh = {.name = mem_strdup(c->name), .rows = rows};
    vec_push(&es->cursors, fresh);
}

bool cursor_describe(const struct engine_session *es, const struct ast_cursor *c, struct result *r) {
    const struct engine_cursor *cursor = existing(es, c->name, r);
    for (size_t i = 0; cursor && !c->move && i < cursor->rows->columns.len; i++) {
        const struct result_column *column = &cursor->rows->columns.items[i];
        result_column_typmod(r, column->name, column->oid, column->typmod);
    }
    r->has_rows = cursor && !c->move;
    return cursor;
}

/* How many rows from here on; -1: it would have to go back. */
static long long portion(const struct ast_cursor *c, size_t next) {
    const long long at = (long long)next;
    if (str_eq(c->direction, "first"))
        return at == 0 ? 1 : -1;
    if (str_eq(c->direction, "absolute"))
        return c->count > at ? c->count - at : -1;
    if (str_eq(c->direction, "all"))
        return LLONG_MAX;
    return str_eq(c->direction, "next") || str_eq(c->direction, "forward") || str_eq(c->direction, "relative")
        ? c->count
        : -1;
}

bool cursor_fetch(struct engine_session *es, const struct ast_cursor *c, struct result *r) {
    struct engine_cursor *cursor = existing(es, c->name, r);
    /* These go to a row and give it alone. */
    const bool one = str_eq(c->direction, "absolute") || str_eq(c->direction, "relative");
    size_t given = 0;
    if (!cursor || !cursor_describe(es, c, r))
        return false;
    const long long n = portion(c, cursor->next);
    if (n < 0) {
        result_fail(r, "55000", "cursor can only scan forward");
        return result_hint(r, "Declare it with SCROLL option to enable backward scan.");
    }
    for (long long i = 0; i < n && cursor->next < cursor->rows->rows.len; i++, cursor->next++) {
        if (one && i + 1 < n)
            continue;
        if (!c->move)
            result_row_add(r, cursor->rows->rows.items[cursor->next]);
        given++;
    }
    result_tag(r, "%s %zu", c->move ? "MOVE" : "FETCH", given);
    return true;
}

static void forget(struct engine_cursor *cursor) {
    free(cursor->name);
    result_free(cursor->rows);
}

bool cursor_close(struct engine_session *es, const struct ast_cursor *c, struct result *r) {
    result_tag(r, "CLOSE CURSOR");
    if (!c->name) {
        cursor_forget_all(es);
        return true;
    }
    struct engine_cursor *cursor = existing(es, c->name, r);
    if (!cursor)
        return false;
    forget(cursor);
    *cursor = es->cursors.items[--es->cursors.len];
    return true;
}

void cursor_forget_all(struct engine_session *es) {
    for (size_t i = 0; i < es->cursors.len; i++)
        forget(&es->cursors.items[i]);
    vec_free(&es->cursors);
}
