/* past: what AS OF SYSTEM TIME reads. */
#include "past.h"

#include "functions.h"
#include "interval.h"

#include "domicile/base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const int64_t STEP = INT64_C(500000);         /* between two states that are kept */
static const int64_t KEPT_FOR = INT64_C(60000000);   /* a state's end may lie so far back */
static const int64_t SINCE_2000 = INT64_C(946684800000000);

/* From this version on, closed timestamps reach the followers by another way, and sooner. */
enum { COMPAT_SOONER = 2202 };

int64_t past_follower(const struct engine *e, int64_t wall) {
    return wall - (e->compat >= COMPAT_SOONER ? 4200000 : 4800000);
}

/* ---- the time ---- */

static bool refuse(struct result *r, const char *why) {
    return result_fail(r, "XXUUU", "AS OF SYSTEM TIME: %s", why);
}

static bool not_constant(struct result *r) {
    return refuse(
        r, "only constant expressions, with_min_timestamp, with_max_staleness, or follower_read_timestamp are allowed");
}

/* A number of nanoseconds since 1970, with a logical part behind the point. */
static bool nanoseconds(const char *text, int64_t *wall) {
    char *end;
    errno = 0;
    const long long n = strtoll(text, &end, 10);
    if (end == text || errno || (*end && *end != '.') || (*end && end[1 + strspn(end + 1, "0123456789")]))
        return false;
    *wall = n / 1000;
    return true;
}

static bool from_text(const char *text, int64_t now, int64_t *wall, struct result *r) {
    struct interval i;
    int64_t t;
    if (time_parse(text, &t)) {
        *wall = t + SINCE_2000;
        return true;
    }
    if (nanoseconds(text, wall))
        return *wall > 0 || refuse(r, *wall == 0 && text[0] != '-' ? "zero timestamp is invalid"
            : "timestamp before 1970-01-01T00:00:00Z is invalid");
    if (!interval_parse(text, &i))
        return refuse(r, "value is neither timestamp, decimal, nor interval");
    if (i.months == 0 && i.days == 0 && i.usec == 0) {
        char *why = mem_printf("interval value %s too small, absolute value must be >= 1µs", text);
        refuse(r, why);
        free(why);
        return false;
    }
    *wall = interval_after(now - SINCE_2000, i) + SINCE_2000;
    return true;
}

/* The constant in an expression as text; NULL: it is none. */
static const char *constant(const struct ast_expr *e, bool *negative) {
    e = ast_unparen((struct ast_expr *)(size_t)e);
    if (e->kind == EXPR_CAST)
        return constant(e->u.cast.arg, negative);
    if (e->kind == EXPR_UNARY && e->u.unary.op == OP_MINUS) {
        *negative = !*negative;
        return constant(e->u.unary.arg, negative);
    }
    return e->kind == EXPR_STRING ? e->u.string.bytes : e->kind == EXPR_NUMBER ? e->u.number.text : NULL;
}

static bool from_constant(const struct ast_expr *e, int64_t now, int64_t *wall, struct result *r) {
    bool negative = false;
    const char *text = constant(e, &negative);
    if (!text)
        return not_constant(r);
    char *whole = mem_printf(negative ? "-%s" : "%s", text);
    const bool good = from_text(whole, now, wall, r);
    free(whole);
    return good;
}

bool past_evaluate(struct engine_session *es, const struct ast_expr *e, struct past_time *out, struct result *r) {
    const struct engine *engine = es->session->engine;
    const int64_t now = es->open ? es->started_wall : engine_wall(engine);
    e = ast_unparen((struct ast_expr *)(size_t)e);
    *out = (struct past_time){0};
    if (e->kind == EXPR_CALL) {
        const char *name = e->u.call.name.part[e->u.call.name.n - 1];
        out->or_before = true;
        out->wall = past_follower(engine, now);
        if (str_eq(name, "follower_read_timestamp") || str_eq(name, "experimental_follower_read_timestamp"))
            return true;
        /* The newest state that a nearby replica has: the present here, which no bound forbids. */
        out->wall = 0;
        return str_eq(name, "with_min_timestamp") || str_eq(name, "with_max_staleness") || not_constant(r);
    }
    if (!from_constant(e, now, &out->wall, r))
        return false;
    if (out->wall > engine_wall(engine))
        return result_fail(r, "XXUUU",
            "AS OF SYSTEM TIME: cannot specify timestamp in the future (%" PRId64 ".%09d,0 > %" PRId64 ".%09d,0)",
            out->wall / 1000000, (int)(out->wall % 1000000) * 1000, now / 1000000, (int)(now % 1000000) * 1000);
    return true;
}

static const struct ast_expr *of_query(const struct ast_query *q) {
    while (q->kind == QUERY_PAREN)
        q = q->u.paren;
    if (q->kind == QUERY_SETOP)
        return of_query(q->u.setop.left);
    return q->kind == QUERY_SELECT ? q->u.select->as_of : NULL;
}

static bool within(const struct ast_query *q);

static bool within_from(const struct ast_from *f) {
    switch (f->kind) {
    case FROM_QUERY: return of_query(f->u.query) || within(f->u.query);
    case FROM_PAREN: return within_from(f->u.paren);
    case FROM_JOIN: return within_from(f->u.join.left) || within_from(f->u.join.right);
    default: return false;
    }
}

/* Whether a part of the query alone is to be read in the past. */
static bool within(const struct ast_query *q) {
    for (size_t i = 0; q->with && i < q->with->len; i++) {
        const struct ast_stmt *st = q->with->items[i].stmt;
        if (st->kind == STMT_QUERY && (of_query(st->u.query) || within(st->u.query)))
            return true;
    }
    if (q->kind == QUERY_SETOP)
        return within(q->u.setop.left) || of_query(q->u.setop.right) || within(q->u.setop.right);
    if (q->kind == QUERY_PAREN)
        return within(q->u.paren);
    for (size_t i = 0; q->kind == QUERY_SELECT && i < q->u.select->from.len; i++)
        if (within_from(q->u.select->from.items[i]))
            return true;
    return false;
}

bool past_asked(struct engine_session *es, const struct ast_query *q, struct past_time *out, struct result *r) {
    const struct engine *engine = es->session->engine;
    const struct ast_expr *e = of_query(q);
    *out = (struct past_time){.wall = es->past_wall, .or_before = es->past_or_before};
    if (e)
        return past_evaluate(es, e, out, r);
    if (!es->explicit_txn && variable_on(es->session, "default_transaction_use_follower_reads"))
        *out = (struct past_time){past_follower(engine, es->open ? es->started_wall : engine_wall(engine)), true};
    return es->past_wall || !within(q) ||
        result_fail(r, "42601", "AS OF SYSTEM TIME must be provided on a top-level statement");
}

/* ---- the states ---- */

static int64_t changed_at(const struct engine *e, int64_t table) {
    for (size_t i = 0; i < e->past.changes.len; i++)
        if (e->past.changes.items[i].table == table)
            return e->past.changes.items[i].wall;
    return 0;
}

static void note_change(struct engine *e, int64_t table, int64_t wall) {
    for (size_t i = 0; i < e->past.changes.len; i++)
        if (e->past.changes.items[i].table == table) {
            e->past.changes.items[i].wall = wall;
            return;
        }
    vec_push(&e->past.changes, ((struct past_change){table, wall}));
}

static sqlite3 *state_of(const struct engine *e, const struct past_time *at) {
    const struct past_state *best = NULL;
    for (size_t i = 0; i < PAST_STATES; i++) {
        const struct past_state *s = &e->past.states[i];
        if (!s->db || s->from > at->wall || (!at->or_before && s->until <= at->wall))
            continue;
        if (!best || s->from > best->from)
            best = s;
    }
    return best ? best->db : NULL;
}

bool past_view(struct translator *tr, const struct past_time *at, sqlite3 **view) {
    const struct engine *e = tr->engine;
    bool changed = tr->table_count == sizeof tr->tables / sizeof *tr->tables;
    *view = NULL;
    for (size_t i = 0; i < tr->table_count; i++) {
        const struct table_descriptor *t = tr->tables[i];
        if (t->modified > at->wall && t->version <= 1)
            return result_fail(tr->r, "42P01", "relation \"%s\" does not exist", t->name);
        if (t->modified > at->wall)
            return result_unsupported(
                tr->r, "AS OF SYSTEM TIME before the last change of the schema of \"%s\"", t->name);
        changed = changed || changed_at(e, t->id) > at->wall;
    }
    if (!changed || (*view = state_of(e, at)))
        return true;
    result_unsupported(tr->r, "AS OF SYSTEM TIME at a time of which nothing is kept");
    return result_hint(tr->r,
        "The sandbox keeps the last states of tables that change, one each half second, and for a minute "
        "at most. Ask AS OF SYSTEM TIME follower_read_timestamp(), or for a time after the last change.");
}

void past_changed(struct engine_session *es, int64_t table) {
    for (size_t i = 0; i < es->changed.len; i++)
        if (es->changed.items[i] == table)
            return;
    vec_push(&es->changed, table);
}

static void forget(struct past_state *s) {
    sqlite3_close_v2(s->db);
    *s = (struct past_state){0};
}

/* A connection that goes on reading what is committed now. */
static sqlite3 *hold_present(const struct engine *e) {
    sqlite3 *db = NULL;
    if (sqlite3_open(e->path, &db) == SQLITE_OK &&
        sqlite3_exec(db,
            "PRAGMA temp_store = MEMORY; PRAGMA case_sensitive_like = ON; "
            "BEGIN; SELECT 1 FROM kept LIMIT 1",
            NULL, NULL, NULL) == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

void past_keep(struct engine_session *es) {
    struct engine *e = es->session->engine;
    struct past *p = &e->past;
    const int64_t now = engine_wall(e);
    if (es->changed.len == 0)
        return;
    for (size_t i = 0; i < PAST_STATES; i++)
        if (p->states[i].db && p->states[i].until < now - KEPT_FOR)
            forget(&p->states[i]);
    if (now - p->kept < STEP)
        return;
    struct past_state *s = &p->states[p->next];
    p->next = (p->next + 1) % PAST_STATES;
    forget(s);
    s->db = hold_present(e);
    s->from = p->since;
    s->until = now;
    p->kept = now;
}

void past_ended(struct engine_session *es, bool committed) {
    struct engine *e = es->session->engine;
    const int64_t now = engine_wall(e);
    for (size_t i = 0; committed && i < es->changed.len; i++)
        note_change(e, es->changed.items[i], now);
    if (committed && es->changed.len)
        e->past.since = now;
    vec_free(&es->changed);
}

void past_free(struct engine *e) {
    for (size_t i = 0; i < PAST_STATES; i++)
        forget(&e->past.states[i]);
    vec_free(&e->past.changes);
}
