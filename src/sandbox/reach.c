/* reach: whether what a statement touches has a quorum, and what the round trip to its leaseholder costs. */
#include "reach.h"

#include "leaderless.h"

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

const char *reach_held_to(const struct ast_expr *e, const char *column) {
    e = e ? ast_unparen((struct ast_expr *)(size_t)e) : NULL;
    if (!e || e->kind != EXPR_BINARY)
        return NULL;
    if (e->u.binary.op == OP_AND) {
        const char *left = reach_held_to(e->u.binary.left, column);
        return left ? left : reach_held_to(e->u.binary.right, column);
    }
    const struct ast_expr *l = ast_unparen(e->u.binary.left), *r = ast_unparen(e->u.binary.right);
    if (r->kind == EXPR_CAST)
        r = ast_unparen(r->u.cast.arg);
    if (e->u.binary.op != OP_EQ || l->kind != EXPR_COLUMN || r->kind != EXPR_STRING ||
        !str_eq(l->u.column.part[l->u.column.n - 1], column))
        return NULL;
    return r->u.string.bytes;
}

/* The parameter that a condition holds a column to: region = $1. */
static const char *held_to_param(const struct ast_expr *e, const char *column, const char *const *params,
    size_t n) {
    e = e ? ast_unparen((struct ast_expr *)(size_t)e) : NULL;
    if (!e || e->kind != EXPR_BINARY)
        return NULL;
    if (e->u.binary.op == OP_AND) {
        const char *left = held_to_param(e->u.binary.left, column, params, n);
        return left ? left : held_to_param(e->u.binary.right, column, params, n);
    }
    const struct ast_expr *l = ast_unparen(e->u.binary.left), *r = ast_unparen(e->u.binary.right);
    if (e->u.binary.op != OP_EQ || l->kind != EXPR_COLUMN || r->kind != EXPR_PARAM ||
        !str_eq(l->u.column.part[l->u.column.n - 1], column) || r->u.param < 1 || (size_t)r->u.param > n)
        return NULL;
    return params[r->u.param - 1];
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

static const struct ast_expr *where_of(const struct ast_query *q) {
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    return q && q->kind == QUERY_SELECT ? q->u.select->where : NULL;
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

bool reach_tables(struct translator *tr, const struct ast_query *q, const char *const *params,
    size_t n,
    struct result *r) {
    for (size_t i = 0; i < tr->table_count; i++) {
        struct table_descriptor *t = tr->tables[i];
        const struct column_descriptor *c = t->locality == TABLE_LOCALITY_BY_ROW ? column_by_id(t,
            t->region_column) : NULL;
        const char *region = c ? reach_held_to(where_of(q), c->name) : NULL;
        if (c && !region)
            region = held_to_param(where_of(q), c->name, params, n);
        if (!reach_table(tr, t, region, r)) {
            if (tr->lost && is_follower_read(q))
                leaderless_fail(tr->engine, tr->lost, tr->es->session->node, r);
            return false;
        }
    }
    return true;
}
