/* plan: the spans that a scan of one table reads, from what its condition holds the key's columns to. */
#include "plan.h"

#include "cluster_hooks.h"
#include "reach.h"

#include "domicile/dialect/casevalues.h"

#include <string.h>

/* A constant in a condition, as the text of its value; NULL: it is none. */
static const char *constant(struct translator *tr, const struct ast_expr *e) {
    while (e->kind == EXPR_PAREN || e->kind == EXPR_CAST)
        e = e->kind == EXPR_PAREN ? e->u.paren : e->u.cast.arg;
    switch (e->kind) {
    case EXPR_STRING: return e->u.string.bytes;
    case EXPR_NUMBER: return e->u.number.text;
    case EXPR_BOOL: return e->u.boolean ? "true" : "false";
    case EXPR_PARAM:
        return tr->params && e->u.param >= 1 && (size_t)e->u.param <= tr->param_count
            ? tr->params[e->u.param - 1] : NULL;
    case EXPR_CALL: return str_eq_nocase(e->u.call.name.part[e->u.call.name.n - 1], "gateway_region")
        ? reach_gateway(tr) : NULL;
    default: return NULL;
    }
}

static const char *column_name(const struct ast_expr *e) {
    return e->kind == EXPR_COLUMN ? e->u.column.part[e->u.column.n - 1] : NULL;
}

/* The constant that "column = constant" holds a column to; NULL: it says something else. */
static const char *equality(struct translator *tr, const struct ast_expr *e, const char *column) {
    const struct ast_expr *at = e;
    while (at->kind == EXPR_PAREN)
        at = at->u.paren;
    if (at->kind != EXPR_BINARY || at->u.binary.op != OP_EQ)
        return NULL;
    const struct ast_expr *l = ast_unparen(at->u.binary.left), *r = ast_unparen(at->u.binary.right);
    if (str_eq(column_name(l), column))
        return constant(tr, r);
    return str_eq(column_name(r), column) ? constant(tr, l) : NULL;
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
static const char *held(struct translator *tr, const conjuncts *list, const char *column, size_t *which) {
    for (size_t i = 0; i < list->len; i++) {
        const char *value = equality(tr, list->items[i], column);
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

static void add_text(struct arena *a, texts *out, const char *text) {
    const char **items = arena_alloc(a, (out->len + 1) * sizeof *items);
    if (out->len)
        memcpy(items, out->items, out->len * sizeof *items);
    items[out->len++] = text;
    out->items = items;
}

/* The values of a list, if all are constants; none: they are not. */
static texts constants(struct translator *tr, const struct ast_exprs *list) {
    texts out = {0};
    for (size_t i = 0; i < list->len; i++) {
        const char *value = constant(tr, list->items[i]);
        if (!value)
            return (texts){0};
        add_text(tr->arena, &out, value);
    }
    return out;
}

/* The constants of "column IN (constants)", "column = ANY (ARRAY[constants])" and several of these with OR between
 * them; none: it says something else. */
static texts membership(struct translator *tr, const struct ast_expr *e, const char *column) {
    const struct ast_expr *at = e;
    while (at->kind == EXPR_PAREN)
        at = at->u.paren;
    if (at->kind == EXPR_IN && !at->u.in.negated && !at->u.in.query &&
        str_eq(column_name(ast_unparen(at->u.in.arg)), column))
        return constants(tr, &at->u.in.list);
    if (at->kind == EXPR_QUANTIFIED && at->u.quantified.op == OP_EQ && !at->u.quantified.all &&
        !at->u.quantified.query && str_eq(column_name(ast_unparen(at->u.quantified.left)), column)) {
        const struct ast_expr *array = ast_unparen(at->u.quantified.right);
        if (array->kind == EXPR_CAST)
            array = ast_unparen(array->u.cast.arg);
        return array->kind == EXPR_ARRAY ? constants(tr, &array->u.list) : (texts){0};
    }
    if (at->kind == EXPR_BINARY && at->u.binary.op == OP_OR) {
        texts left = membership(tr, at->u.binary.left, column);
        const texts right = membership(tr, at->u.binary.right, column);
        for (size_t i = 0; left.len && i < right.len; i++)
            add_text(tr->arena, &left, right.items[i]);
        return right.len ? left : (texts){0};
    }
    const char *one = equality(tr, at, column);
    texts out = {0};
    if (one)
        add_text(tr->arena, &out, one);
    return out;
}

/* The constants of "column <> constant" and "column NOT IN (constants)" among the conditions. */
static texts exclusions(struct translator *tr, const conjuncts *list, const char *column) {
    texts out = {0};
    for (size_t i = 0; i < list->len; i++) {
        const struct ast_expr *at = list->items[i];
        if (at->kind == EXPR_BINARY && at->u.binary.op == OP_NE &&
            str_eq(column_name(ast_unparen(at->u.binary.left)), column)) {
            const char *value = constant(tr, at->u.binary.right);
            if (value)
                add_text(tr->arena, &out, value);
        } else if (at->kind == EXPR_IN && at->u.in.negated && !at->u.in.query &&
            str_eq(column_name(ast_unparen(at->u.in.arg)), column)) {
            const texts values = constants(tr, &at->u.in.list);
            for (size_t k = 0; k < values.len; k++)
                add_text(tr->arena, &out, values.items[k]);
        }
    }
    return out;
}

/* The values that the conditions leave a column; none: any. */
static texts possible(struct translator *tr, const conjuncts *list, const char *column, size_t *which) {
    const char *one = held(tr, list, column, which);
    texts out = {0};
    if (one)
        add_text(tr->arena, &out, one);
    for (size_t i = 0; i < list->len && !out.len; i++) {
        out = membership(tr, list->items[i], column);
        *which = i;
    }
    return out;
}

/* The regions that a computed region column can have where the column that it reads is held to values; none:
 * any. */
static texts computed_regions(struct translator *tr, const struct column_descriptor *c, const conjuncts *list) {
    struct casevalues v = {0};
    struct err err;
    size_t which;
    texts regions = {0};
    if (c->computed && casevalues_parse(&v, c->computed, &err) && *v.column) {
        const texts values = possible(tr, list, v.column, &which);
        const char **items = arena_alloc(tr->arena, (values.len + 1) * sizeof *items);
        for (size_t i = 0; i < values.len; i++) {
            const char *found = casevalues_region(&v, values.items[i]);
            if (!found) { /* of no region: the column is not told by this one */
                regions.len = 0;
                break;
            }
            items[regions.len++] = arena_strdup(tr->arena, found);
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
static void bind(struct plan *p, struct translator *tr, const conjuncts *list, bool *used) {
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
        const char *value = own == p->bound + 1 && p->bound < PLAN_COLUMNS ? held(tr, list, c->name, &which) : NULL;
        if (!value || !hook_add_key_value(&k, tr->engine->descriptors, c, value, x->keys.items[i].descending, &err)) {
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
static texts wanted_regions(const struct plan *p, struct translator *tr, const conjuncts *list, bool *used) {
    const struct column_descriptor *c = column_by_id(p->table, p->table->region_column);
    size_t which;
    const texts wanted = possible(tr, list, c->name, &which);
    if (wanted.len)
        used[which] = true;
    return wanted.len ? wanted : computed_regions(tr, c, list);
}

void plan_scan(struct plan *p, struct translator *tr, const struct table_descriptor *t, const struct ast_expr *where,
    const char *gateway) {
    conjuncts list = {0};
    *p = (struct plan){.table = t, .index = &t->indexes.items[0], .regions = region_type(tr->engine, t)};
    split(tr->arena, &list, where);
    bool *used = arena_alloc(tr->arena, list.len + 1);
    memset(used, 0, list.len + 1);
    const texts wanted = p->regions ? wanted_regions(p, tr, &list, used) : (texts){0};
    if (p->regions) {
        const texts unread = exclusions(tr, &list, column_by_id(t, t->region_column)->name);
        p->unread.items = unread.items;
        p->unread.len = unread.len;
    }
    bind(p, tr, &list, used);
    p->full = !wanted.len && p->bound == 0;
    if (p->regions && !p->full)
        spread(p, tr->arena, &wanted, gateway);
    else if (!p->full)
        span_add(tr->arena, &p->local.items, &p->local.len, NULL);
    const struct ast_expr **filters = arena_alloc(tr->arena, (list.len + 1) * sizeof *filters);
    const struct ast_expr **held_by = arena_alloc(tr->arena, (list.len + 1) * sizeof *held_by);
    p->filters.items = filters;
    p->held.items = held_by;
    for (size_t i = 0; i < list.len; i++)
        if (used[i])
            held_by[p->held.len++] = list.items[i];
        else
            filters[p->filters.len++] = list.items[i];
}

bool plan_reads(const struct plan *p, const char *region) {
    bool reads = p->full;
    for (size_t i = 0; !reads && i < p->local.len; i++)
        reads = !p->local.items[i].region || str_eq(p->local.items[i].region, region);
    for (size_t i = 0; !reads && i < p->remote.len; i++)
        reads = str_eq(p->remote.items[i].region, region);
    for (size_t i = 0; reads && i < p->unread.len; i++)
        reads = !str_eq(p->unread.items[i], region);
    return reads;
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
