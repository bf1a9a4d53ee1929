/* plan: the spans that a scan of one table reads, from what its condition holds the key's columns to. */
#include "plan.h"

#include "cluster_hooks.h"

#include "domicile/dialect/casevalues.h"

#include <string.h>

/* A constant in a condition, as the text of its value; NULL: it is none. */
static const char *constant(const struct ast_expr *e) {
    while (e->kind == EXPR_PAREN || e->kind == EXPR_CAST)
        e = e->kind == EXPR_PAREN ? e->u.paren : e->u.cast.arg;
    if (e->kind == EXPR_STRING)
        return e->u.string.bytes;
    if (e->kind == EXPR_NUMBER)
        return e->u.number.text;
    return e->kind == EXPR_BOOL ? e->u.boolean ? "true" : "false" : NULL;
}

static const char *column_name(const struct ast_expr *e) {
    return e->kind == EXPR_COLUMN ? e->u.column.part[e->u.column.n - 1] : NULL;
}

/* The constant that "column = constant" holds a column to; NULL: it says something else. */
static const char *equality(const struct ast_expr *e, const char *column) {
    const struct ast_expr *at = e;
    while (at->kind == EXPR_PAREN)
        at = at->u.paren;
    if (at->kind != EXPR_BINARY || at->u.binary.op != OP_EQ)
        return NULL;
    const struct ast_expr *l = ast_unparen(at->u.binary.left), *r = ast_unparen(at->u.binary.right);
    if (str_eq(column_name(l), column))
        return constant(r);
    return str_eq(column_name(r), column) ? constant(l) : NULL;
}

typedef AST_LIST(const struct ast_expr *) conjuncts;

static void split(struct arena *a, conjuncts *out, const struct ast_expr *e) {
    const struct ast_expr *at = e;
    while (at && at->kind == EXPR_PAREN)
        at = at->u.paren;
    if (!at)
        return;
    if (at->kind == EXPR_BINARY && at->u.binary.op == OP_AND) {
        split(a, out, at->u.binary.left);
        split(a, out, at->u.binary.right);
        return;
    }
    const struct ast_expr **items = arena_alloc(a, (out->len + 1) * sizeof *items);
    if (out->len)
        memcpy(items, out->items, out->len * sizeof *items);
    items[out->len++] = at;
    out->items = items;
}

/* What the conditions hold a column to; *which gets the condition that says so. */
static const char *held(const conjuncts *list, const char *column, size_t *which) {
    for (size_t i = 0; i < list->len; i++) {
        const char *value = equality(list->items[i], column);
        if (value) {
            *which = i;
            return value;
        }
    }
    return NULL;
}

typedef AST_LIST(const char *) texts;

static bool has_text(const texts *list, const char *text) {
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i], text))
            return true;
    return false;
}

/* The constants of "column IN (constants)"; none: it says something else. */
static texts membership(struct arena *a, const struct ast_expr *e, const char *column) {
    texts out = {0};
    const struct ast_expr *at = e;
    while (at->kind == EXPR_PAREN)
        at = at->u.paren;
    if (at->kind != EXPR_IN || at->u.in.negated || at->u.in.query)
        return out;
    if (!str_eq(column_name(ast_unparen(at->u.in.arg)), column))
        return out;
    const char **items = arena_alloc(a, (at->u.in.list.len + 1) * sizeof *items);
    for (size_t i = 0; i < at->u.in.list.len; i++) {
        const char *value = constant(at->u.in.list.items[i]);
        if (!value)
            return (texts){0};
        items[out.len++] = value;
    }
    out.items = items;
    return out;
}

/* The values that the conditions leave a column; none: any. */
static texts possible(struct arena *a, const conjuncts *list, const char *column, size_t *which) {
    const char *one = held(list, column, which);
    texts out = {0};
    if (one) {
        const char **items = arena_alloc(a, sizeof *items);
        items[0] = one;
        return (texts){.items = items, .len = 1};
    }
    for (size_t i = 0; i < list->len && !out.len; i++) {
        out = membership(a, list->items[i], column);
        *which = i;
    }
    return out;
}

/* The regions that a computed region column can have where the column that it reads is held to values; none:
 * any. */
static texts computed_regions(struct arena *a, const struct column_descriptor *c, const conjuncts *list) {
    struct casevalues v = {0};
    struct err err;
    size_t which;
    texts regions = {0};
    if (c->computed && casevalues_parse(&v, c->computed, &err) && *v.column) {
        const texts values = possible(a, list, v.column, &which);
        const char **items = arena_alloc(a, (values.len + 1) * sizeof *items);
        for (size_t i = 0; i < values.len; i++) {
            const char *found = casevalues_region(&v, values.items[i]);
            if (!found) { /* of no region: the column is not told by this one */
                regions.len = 0;
                break;
            }
            items[regions.len++] = arena_strdup(a, found);
        }
        regions.items = items;
    }
    casevalues_free(&v);
    return regions;
}

static const struct type_descriptor *region_type(const struct engine *e, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(e->descriptors, t->database);
    return t->locality == TABLE_LOCALITY_BY_ROW && db ? type_by_id(e->descriptors, db->region_type) : NULL;
}

/* Which columns of an index behind the implicit one are held to values that keys can be made of. */
static void bind(struct plan *p, const struct engine *e, const conjuncts *list, bool *used) {
    const struct index_descriptor *x = p->index;
    size_t own = 0;
    for (size_t i = 0; i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(p->table, x->keys.items[i].column);
        struct key k = {0};
        struct err err;
        size_t which = 0;
        if (x->keys.items[i].implicit || (p->regions && i == 0))
            continue;
        own++;
        const char *value = own == p->bound + 1 && p->bound < PLAN_COLUMNS ? held(list, c->name, &which) : NULL;
        if (!value || !hook_add_key_value(&k, e->descriptors, c, value, x->keys.items[i].descending, &err)) {
            key_free(&k);
            continue;
        }
        key_free(&k);
        used[which] = true;
        p->columns[p->bound] = c;
        p->descending[p->bound] = x->keys.items[i].descending;
        p->values[p->bound++] = value;
    }
    p->unique = own > 0 && p->bound == own;
}

static void span_add(struct arena *a, struct plan_span **items, size_t *len, const char *region) {
    struct plan_span *more = arena_alloc(a, (*len + 1) * sizeof *more);
    if (*len)
        memcpy(more, *items, *len * sizeof *more);
    more[(*len)++] = (struct plan_span){region};
    *items = more;
}

/* The spans of the wanted regions, or of all where none is named. A lookup of one row asks its own region first,
 * and the others only where that had none. */
static void spread(struct plan *p, struct arena *a, const texts *wanted, const char *gateway) {
    bool near = false;
    size_t n = 0;
    for (size_t i = 0; i < p->regions->labels.len; i++) {
        const char *region = p->regions->labels.items[i].name;
        const bool meant = !wanted->len || has_text(wanted, region);
        near = near || (meant && str_eq(region, gateway));
        n += meant;
    }
    for (size_t i = 0; i < p->regions->labels.len; i++) {
        const char *region = p->regions->labels.items[i].name;
        if (wanted->len && !has_text(wanted, region))
            continue;
        if (near && n > 1 && p->unique && !str_eq(region, gateway))
            span_add(a, &p->remote.items, &p->remote.len, region);
        else
            span_add(a, &p->local.items, &p->local.len, region);
    }
}

/* The regions that the conditions leave; none: any. */
static texts wanted_regions(const struct plan *p, struct arena *a, const conjuncts *list, bool *used) {
    const struct column_descriptor *c = column_by_id(p->table, p->table->region_column);
    size_t which;
    const texts wanted = possible(a, list, c->name, &which);
    if (wanted.len)
        used[which] = true;
    return wanted.len ? wanted : computed_regions(a, c, list);
}

void plan_scan(struct plan *p, struct translator *tr, const struct table_descriptor *t, const struct ast_expr *where,
    const char *gateway) {
    conjuncts list = {0};
    *p = (struct plan){.table = t, .index = &t->indexes.items[0], .regions = region_type(tr->engine, t)};
    split(tr->arena, &list, where);
    bool *used = arena_alloc(tr->arena, list.len + 1);
    memset(used, 0, list.len + 1);
    const texts wanted = p->regions ? wanted_regions(p, tr->arena, &list, used) : (texts){0};
    bind(p, tr->engine, &list, used);
    p->full = !wanted.len && p->bound == 0;
    if (p->regions && !p->full)
        spread(p, tr->arena, &wanted, gateway);
    else if (!p->full)
        span_add(tr->arena, &p->local.items, &p->local.len, NULL);
    const struct ast_expr **filters = arena_alloc(tr->arena, (list.len + 1) * sizeof *filters);
    p->filters.items = filters;
    for (size_t i = 0; i < list.len; i++)
        if (!used[i])
            filters[p->filters.len++] = list.items[i];
}

/* 'text' or a bare number, as a plan shows values. */
static void print_value(struct str *out, const struct column_descriptor *c, const char *value) {
    const bool bare = sqltype_is_number(&c->type) || c->type.base == TYPE_BOOL;
    str_add_f(out, bare ? "/%s" : "/'%s'", value);
}

static void print_plain(struct str *out, const struct plan *p, const struct plan_span *span) {
    if (span->region)
        str_add_f(out, "/'%s'", span->region);
    for (size_t i = 0; i < p->bound; i++)
        print_value(out, p->columns[i], p->values[i]);
}

static void span_key(struct key *k, const struct plan *p, const struct plan_span *span, const struct descriptors *d) {
    struct err err;
    for (size_t i = 0; span->region && i < p->regions->labels.len; i++)
        if (str_eq(p->regions->labels.items[i].name, span->region))
            key_add_bytes(
                k, p->regions->labels.items[i].physical.data, p->regions->labels.items[i].physical.len, false);
    for (size_t i = 0; i < p->bound; i++)
        (void)hook_add_key_value(k, d, p->columns[i], p->values[i], p->descending[i], &err);
}

/* A key without the table and the index that it begins with. */
static void print_behind_index(struct str *out, const struct plan *p, const struct key *k) {
    struct str whole = {0};
    struct str prefix = {0};
    str_add_f(&prefix, "/Table/%lld/%d", (long long)p->table->id, p->index->id);
    key_print(&whole, k);
    const char *text = str_get(&whole);
    str_add(out, str_starts(text, str_get(&prefix)) ? text + prefix.len : text);
    str_free(&whole);
    str_free(&prefix);
}

void plan_print_span(struct str *out, const struct plan *p, const struct plan_span *span, const struct descriptors *d,
    bool verbose) {
    if (!verbose) {
        str_add(out, "[");
        print_plain(out, p, span);
        str_add(out, " - ");
        print_plain(out, p, span);
        str_add(out, "]");
        return;
    }
    struct key k = {0};
    key_begin(&k, (uint64_t)p->table->id, (uint64_t)p->index->id);
    span_key(&k, p, span, d);
    print_behind_index(out, p, &k);
    if (p->unique) {
        str_add(out, "/0"); /* the one column family of the one row */
    } else {
        str_add(out, "-");
        key_prefix_end(&k);
        print_behind_index(out, p, &k);
    }
    key_free(&k);
}
