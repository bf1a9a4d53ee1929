/* reach: whether what a statement touches has a quorum, and what the round trip to its leaseholder costs. */
#include "reach.h"

#include "leaderless.h"
#include "plan.h"
#include "translate.h"

#include "domicile/dialect/casevalues.h"

#include <string.h>

static void table_span(const struct table_descriptor *t, struct key *start, struct key *end) {
    key_begin(start, (uint64_t)t->id, t->indexes.len ? (uint64_t)t->indexes.items[0].id : 1);
    key_copy(end, start);
    key_prefix_end(end);
}

/* The span of one region's rows of a table. */
static bool region_span(const struct engine *e, const struct table_descriptor *t, const char *region,
    struct key *start, struct key *end) {
    const struct database_descriptor *db = database_by_id(e->descriptors, t->database);
    const struct type_descriptor *type = db ? type_by_id(e->descriptors, db->region_type) : NULL;
    for (size_t i = 0; type && i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, region)) {
            key_begin(start, (uint64_t)t->id, (uint64_t)t->indexes.items[0].id);
            key_add_bytes(start, type->labels.items[i].physical.data, type->labels.items[i].physical.len,
                false);
            key_copy(end, start);
            key_prefix_end(end);
            return true;
        }
    return false;
}

static bool reach_span(struct translator *tr, const struct key *start, const struct key *end,
    struct result *r) {
    const struct engine *e = tr->engine;
    if (!e->world)
        return true;
    tr->lost = world_lost_range(e->world, start, end);
    if (tr->lost)
        return false;
    const usec cost = world_cost(e->world, tr->es->session->node, start);
    if (cost > r->cost)
        r->cost = cost;
    return true;
}

bool reach_table(struct translator *tr, const struct table_descriptor *t, const char *region,
    struct result *r) {
    struct key start = {0}, end = {0};
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    bool good = true;
    if (t->locality != TABLE_LOCALITY_BY_ROW) {
        table_span(t, &start, &end);
        good = reach_span(tr, &start, &end, r);
    } else if (region) {
        if (region_span(tr->engine, t, region, &start, &end))
            good = reach_span(tr, &start, &end, r);
    } else {
        for (size_t i = 0; good && db && i < db->regions.len; i++) {
            if (region_span(tr->engine, t, db->regions.items[i], &start, &end))
                good = reach_span(tr, &start, &end, r);
            key_free(&start);
            key_free(&end);
        }
    }
    key_free(&start);
    key_free(&end);
    return good;
}

/* Whether the one row that is looked up is in the gateway's region: the others are not asked then. */
static bool found_near(struct translator *tr, const struct plan *p, const char *alias, const char *gateway) {
    const struct out_columns none = {0};
    struct scope scope = {0};
    struct str sql = {0};
    bool found = p->remote.len && !strchr(gateway, '\'');
    table_scope(tr, &scope, p->table, alias, "x.");
    str_add_f(&sql, "SELECT 1 FROM t%lld AS x WHERE x.c%d = '%s'", (long long)p->table->id, p->table->region_column,
        gateway);
    for (size_t i = 0; found && i < p->held.len; i++) {
        const struct typed w = translate_condition(tr, p->held.items[i], &scope, "WHERE");
        found = w.sql;
        str_add_f(&sql, " AND %s", found ? w.sql : "");
    }
    str_add(&sql, " LIMIT 1");
    struct result *rows = result_new();
    found = found && engine_rows(tr->es, tr->statement, str_get(&sql), &none, tr->params, tr->param_count, rows) &&
        rows->rows.len;
    result_free(rows);
    str_free(&sql);
    vec_free(&scope);
    return found;
}

bool reach_rows(struct translator *tr, const struct table_descriptor *t, const char *alias,
    const struct ast_expr *where, struct result *r) {
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    const char *gateway = reach_gateway(tr);
    struct plan p;
    bool good = true;
    if (t->locality != TABLE_LOCALITY_BY_ROW || !t->indexes.len)
        return reach_table(tr, t, NULL, r);
    plan_scan(&p, tr, t, where, gateway);
    if (alias && p.remote.len && found_near(tr, &p, alias, gateway))
        return reach_table(tr, t, gateway, r);
    for (size_t i = 0; good && db && i < db->regions.len; i++)
        if (plan_reads(&p, db->regions.items[i]))
            good = reach_table(tr, t, db->regions.items[i], r);
    return good;
}

static const struct ast_expr *where_of(const struct ast_query *q) {
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    return q && q->kind == QUERY_SELECT ? q->u.select->where : NULL;
}

/* What the only table that a query reads is called in it; NULL: it reads several, or none by itself. */
static const char *only_table(const struct translator *tr, const struct ast_query *q) {
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    if (!q || tr->table_count != 1 || q->kind != QUERY_SELECT || q->u.select->from.len != 1)
        return NULL;
    const struct ast_from *f = q->u.select->from.items[0];
    const struct ast_name *name = &f->u.table.name;
    if (f->kind != FROM_TABLE || !str_eq(name->part[name->n - 1], tr->tables[0]->name) || f->columns.len)
        return NULL;
    return f->alias ? f->alias : name->part[name->n - 1];
}

/* A read of the past that any replica may serve. */
static bool is_follower_read(const struct ast_query *q) {
    static const char *const functions[] = {
        "follower_read_timestamp", "experimental_follower_read_timestamp", "with_max_staleness", "with_min_timestamp"};
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    const struct ast_expr *at = q && q->kind == QUERY_SELECT ? q->u.select->as_of : NULL;
    at = at ? ast_unparen((struct ast_expr *)(size_t)at) : NULL;
    for (size_t i = 0; at && at->kind == EXPR_CALL && i < sizeof functions / sizeof *functions; i++)
        if (str_eq_nocase(at->u.call.name.part[at->u.call.name.n - 1], functions[i]))
            return true;
    return false;
}

/* What reads the tables of a query, in the order in which they were noted: each SELECT for those in its FROM. */
struct readings {
    const struct ast_query *by[sizeof((struct translator *)0)->tables / sizeof(struct table_descriptor *)];
    size_t len;
    bool told; /* nothing else reads a table */
};

static void find_readings(const struct translator *tr, const struct ast_query *q, struct readings *out) {
    while (q->kind == QUERY_PAREN && !q->with)
        q = q->u.paren;
    out->told = out->told && !q->with && (q->kind == QUERY_SELECT || q->kind == QUERY_SETOP);
    if (out->told && q->kind == QUERY_SETOP) {
        find_readings(tr, q->u.setop.left, out);
        find_readings(tr, q->u.setop.right, out);
        return;
    }
    for (size_t i = 0; out->told && i < q->u.select->from.len; i++) {
        const struct ast_from *f = q->u.select->from.items[i];
        if (f->kind == FROM_QUERY) {
            find_readings(tr, f->u.query, out);
            continue;
        }
        out->told = f->kind == FROM_TABLE && out->len < tr->table_count &&
            str_eq(f->u.table.name.part[f->u.table.name.n - 1], tr->tables[out->len]->name);
        if (out->told)
            out->by[out->len++] = q;
    }
}

/* LIMIT 0 and WHERE false. */
static bool reads_nothing(const struct ast_query *q) {
    const struct ast_expr *limit = q->limit ? ast_unparen(q->limit) : NULL;
    if (limit && limit->kind == EXPR_NUMBER && str_eq(limit->u.number.text, "0"))
        return true;
    if (q->kind == QUERY_PAREN)
        return reads_nothing(q->u.paren);
    const struct ast_expr *where = where_of(q);
    where = where ? ast_unparen((struct ast_expr *)(size_t)where) : NULL;
    return where && where->kind == EXPR_BOOL && !where->u.boolean;
}

/* A table under the condition of the SELECT that reads it and under that of the whole query. */
static bool reach_reading(struct translator *tr, size_t i, const struct ast_query *by, const struct ast_query *q,
    struct result *r) {
    const struct ast_expr *own = where_of(by), *outer = by != q && (by->limit || by->offset) ? NULL : where_of(q);
    const struct ast_expr both = {.kind = EXPR_BINARY, .u.binary = {.op = OP_AND,
        .left = (struct ast_expr *)(size_t)own, .right = (struct ast_expr *)(size_t)outer}};
    const bool two = own && outer && own != outer;
    return reads_nothing(by) || reach_rows(tr, tr->tables[i], only_table(tr, q), two ? &both : own ? own : outer, r);
}

bool reach_tables(struct translator *tr, const struct ast_query *q, struct result *r) {
    struct readings readings = {.told = true};
    if (reads_nothing(q) && !q->with)
        return true;
    find_readings(tr, q, &readings);
    readings.told = readings.told && readings.len == tr->table_count;
    for (size_t i = 0; i < tr->table_count; i++)
        if (!reach_reading(tr, i, readings.told ? readings.by[i] : q, q, r)) {
            if (tr->lost && is_follower_read(q))
                leaderless_fail(tr->engine, tr->lost, tr->es->session->node, r);
            return false;
        }
    return true;
}

const char *reach_gateway(struct translator *tr) {
    const char *at = tr->es->session->locality;
    const char *found = at ? strstr(at, "region=") : NULL;
    return found ? arena_strndup(tr->arena, found + 7, strcspn(found + 7, ",")) : NULL;
}

/* ---- unique keys ---- */

static const char *const generators[] = {"gen_random_uuid", "unique_rowid", "unordered_unique_rowid"};

/* Whether an expression gives a value that nobody else has: it is not looked for elsewhere. */
static bool is_generated(const struct ast_expr *e) {
    while (e->kind == EXPR_PAREN || e->kind == EXPR_CAST)
        e = e->kind == EXPR_PAREN ? e->u.paren : e->u.cast.arg;
    for (size_t i = 0; e->kind == EXPR_CALL && i < sizeof generators / sizeof *generators; i++)
        if (str_eq_nocase(e->u.call.name.part[e->u.call.name.n - 1], generators[i]))
            return true;
    return false;
}

/* Likewise a column's default. None is null, and nulls are no duplicates. */
static bool is_default_unchecked(const struct column_descriptor *c) {
    bool found = !c->default_expr;
    for (size_t i = 0; !found && i < sizeof generators / sizeof *generators; i++)
        found = str_starts(c->default_expr, generators[i]);
    return found;
}

/* Which value of a row is a column's; -1: none, its default is taken. */
static long position(const struct ast_insert *st, const struct table_descriptor *t, const struct column_descriptor *c) {
    long at = 0;
    for (size_t i = 0; i < st->columns.len; i++)
        if (str_eq(st->columns.items[i], c->name))
            return (long)i;
    for (size_t i = 0; !st->columns.len && i < t->columns.len; i++) {
        if (&t->columns.items[i] == c)
            return c->hidden || c->computed ? -1 : at;
        at += !t->columns.items[i].hidden && !t->columns.items[i].computed;
    }
    return -1;
}

/* Whether no row of an INSERT gives a column a value that must be looked for. */
static bool is_unchecked(const struct ast_insert *st, const struct table_descriptor *t,
    const struct column_descriptor *c) {
    const long at = st->source ? position(st, t, c) : -1;
    if (c->computed || at < 0)
        return !c->computed && is_default_unchecked(c);
    if (st->source->kind != QUERY_VALUES)
        return false;
    for (size_t i = 0; i < st->source->u.values.len; i++) {
        const struct ast_exprs *row = &st->source->u.values.items[i];
        const struct ast_expr *e = (size_t)at < row->len ? row->items[at] : NULL;
        const bool unchecked = !e || e->kind == EXPR_DEFAULT ? is_default_unchecked(c)
            : e->kind == EXPR_NULL || is_generated(e);
        if (!unchecked)
            return false;
    }
    return true;
}

/* Whether the region is computed from a column. An expression that is not understood may read any that it names. */
static bool computed_from(const struct column_descriptor *region, const char *column, bool unknown) {
    struct casevalues v = {0};
    struct err err;
    if (!region->computed)
        return false;
    const bool parsed = casevalues_parse(&v, region->computed, &err);
    const bool found = parsed ? str_eq(v.column, column) : unknown && strstr(region->computed, column);
    casevalues_free(&v);
    return found;
}

/* Whether rows of several regions could have the same key: it is unique, and does not tell the region. */
static bool spans_regions(const struct table_descriptor *t, const struct index_descriptor *x) {
    const struct column_descriptor *region = column_by_id(t, t->region_column);
    bool unique = x->unique || x == &t->indexes.items[0];
    for (size_t i = 0; unique && i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, x->keys.items[i].column);
        if (x->keys.items[i].implicit)
            continue;
        unique = c->id != t->region_column && !computed_from(region, c->name, false);
    }
    return unique;
}

static bool insert_checks(const struct ast_insert *st, const struct table_descriptor *t,
    const struct index_descriptor *x) {
    for (size_t i = 0; i < x->keys.len; i++)
        if (!x->keys.items[i].implicit && is_unchecked(st, t, column_by_id(t, x->keys.items[i].column)))
            return false;
    return spans_regions(t, x);
}

/* What UPDATE assigns to a column; NULL: nothing. */
static const struct ast_expr *assigned(const struct ast_assignments *set, const char *column) {
    for (size_t i = 0; i < set->len; i++)
        for (size_t k = 0; k < set->items[i].columns.len; k++)
            if (str_eq(set->items[i].columns.items[k], column))
                return set->items[i].value;
    return NULL;
}

static bool moves_region(const struct ast_assignments *set, const struct table_descriptor *t) {
    const struct column_descriptor *region = column_by_id(t, t->region_column);
    bool moves = region->on_update || assigned(set, region->name);
    for (size_t i = 0; !moves && i < t->columns.len; i++)
        moves = assigned(set, t->columns.items[i].name) && computed_from(region, t->columns.items[i].name, true);
    return moves;
}

static bool update_checks(const struct ast_assignments *set, const struct table_descriptor *t,
    const struct index_descriptor *x) {
    bool changes = moves_region(set, t);
    for (size_t i = 0; !changes && i < x->keys.len; i++) {
        const struct ast_expr *e = assigned(set, column_by_id(t, x->keys.items[i].column)->name);
        changes = e && e->kind != EXPR_NULL && !is_generated(e);
    }
    return changes && spans_regions(t, x);
}

/* Whether each row's key is found in the gateway's region, where it is looked for first, and the row itself is of no
 * region that is lost. */
static bool all_near(struct translator *tr, const struct dml *d, const struct index_descriptor *x, const char *lost,
    const char *const *params, size_t n) {
    const struct table_descriptor *t = d->table;
    const char *gateway = reach_gateway(tr);
    const struct out_columns none = {0};
    struct str sql = {0};
    str_add_f(&sql, "%s SELECT 1 FROM (%s) AS m WHERE ", d->with, d->source);
    if (!column_by_id(t, t->region_column)->computed)
        str_add_f(&sql, "m.c%d IN (%s) OR ", t->region_column, lost);
    str_add_f(&sql, "NOT EXISTS (SELECT 1 FROM t%lld AS x WHERE x.c%d = '%s'", (long long)t->id, t->region_column,
        gateway ? gateway : "");
    bool told = gateway && !strchr(gateway, '\'');
    for (size_t i = 0; i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, x->keys.items[i].column);
        if (!x->keys.items[i].implicit)
            str_add_f(&sql, " AND x.c%d = m.c%d", c->id, c->id);
        told = told && (x->keys.items[i].implicit || !c->computed);
    }
    str_add(&sql, ") LIMIT 1");
    struct result *found = result_new();
    told = told && engine_rows(tr->es, tr->statement, str_get(&sql), &none, params, n, found) && !found->rows.len;
    result_free(found);
    str_free(&sql);
    return told;
}

/* The regions of a table that have no quorum: 'a', 'b'; "": none. */
static const char *lost_regions(struct translator *tr, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    struct result *unused = result_new(); /* what the way costs is not asked */
    struct str out = {0};
    for (size_t i = 0; db && i < db->regions.len; i++)
        if (!reach_table(tr, t, db->regions.items[i], unused))
            str_add_f(&out, out.len ? ", '%s'" : "'%s'", db->regions.items[i]);
    const char *kept = arena_strdup(tr->arena, str_get(&out));
    result_free(unused);
    str_free(&out);
    return kept;
}

bool reach_unique(struct translator *tr, const struct ast_stmt *st, const struct dml *d, const char *const *params,
    size_t n) {
    const struct table_descriptor *t = d->table;
    if (t->locality != TABLE_LOCALITY_BY_ROW || st->kind == STMT_DELETE)
        return true;
    const char *lost = lost_regions(tr, t);
    bool good = true;
    for (size_t i = 0; good && *lost && i < t->indexes.len; i++) {
        const struct index_descriptor *x = &t->indexes.items[i];
        if (st->kind == STMT_UPDATE)
            good = !update_checks(&st->u.update.set, t, x);
        else if (insert_checks(&st->u.insert, t, x))
            good = all_near(tr, d, x, lost, params, n);
    }
    return good;
}
