/* explain: the plan of a scan drawn as a tree of operators. */
#include "explain.h"
#include "plan.h"
#include "reach.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/print.h"

#include <string.h>

enum { CHILDREN = 2, FIELDS = 6 };

struct operator {
    const char *name;
    const char *fields[FIELDS];
    size_t field_count;
    const struct operator *children[CHILDREN];
    size_t child_count;
};

struct explain {
    struct translator *tr;
    struct result *r;
    const struct descriptors *descriptors;
    bool verbose;
    struct plan plan;
    const char *columns;      /* of the scan, VERBOSE */
    const char *shown;        /* of the answer, VERBOSE */
};

static void line(struct result *r, const char *text) { result_row_add(r, (const char *const[]){text}); }

static void draw(struct explain *x, const struct operator *o, const char *first, const char *rest) {
    struct arena *a = x->tr->arena;
    line(x->r, arena_printf(a, "%s• %s", first, o->name));
    for (size_t i = 0; i < o->field_count; i++)
        line(x->r, arena_printf(a, "%s%s%s", rest, o->child_count ? "│ " : "  ", o->fields[i]));
    for (size_t i = 0; i < o->child_count; i++) {
        const bool last = i + 1 == o->child_count;
        line(x->r, arena_printf(a, "%s│", rest));
        draw(x, o->children[i], arena_printf(a, "%s%s", rest, last ? "└── " : "├── "),
            arena_printf(a, "%s%s", rest, last ? "    " : "│   "));
    }
}

static void field(struct operator *o, const char *text) {
    if (o->field_count < FIELDS)
        o->fields[o->field_count++] = text;
}

static struct operator *operator_new(struct explain *x, const char *name, const char *columns) {
    struct operator *o = arena_alloc(x->tr->arena, sizeof *o);
    *o = (struct operator){.name = name};
    if (x->verbose && columns)
        field(o, columns);
    return o;
}

static struct operator *scan(struct explain *x, const struct plan_span *spans, size_t n) {
    struct operator *o = operator_new(x, "scan", x->columns);
    const struct plan *p = &x->plan;
    struct str text = {0};
    /* The sandbox collects no statistics, and a server without them says this. */
    field(o, "missing stats");
    field(o, arena_printf(x->tr->arena, "table: %s@%s", p->table->name, p->index->name));
    str_add(&text, p->full ? "spans: FULL SCAN" : "spans: ");
    for (size_t i = 0; !p->full && i < n; i++) {
        str_add(&text, i ? " " : "");
        plan_print_span(&text, p, &spans[i], x->descriptors, x->verbose);
    }
    field(o, arena_strdup(x->tr->arena, str_get(&text)));
    str_free(&text);
    return o;
}

static struct operator *over(struct explain *x, const char *name, const char *columns, const struct operator *child) {
    struct operator *o = operator_new(x, name, columns);
    o->children[o->child_count++] = child;
    return o;
}

static const char *filter_text(struct explain *x) {
    struct str text = {0};
    const size_t n = x->plan.filters.len;
    str_add(&text, "filter: ");
    for (size_t i = 0; i < n; i++) {
        str_add(&text, n == 1 ? "" : i ? " AND (" : "(");
        print_expr(&text, x->plan.filters.items[i], PRINT_NO_ANNOTATIONS);
        str_add(&text, n == 1 ? "" : ")");
    }
    const char *kept = arena_strdup(x->tr->arena, str_get(&text));
    str_free(&text);
    return kept;
}

static const struct operator *tree(struct explain *x) {
    struct plan *p = &x->plan;
    struct operator *top = scan(x, p->local.items, p->local.len);
    if (p->remote.len) {
        top = over(x, "union all", x->columns, top);
        field(top, "limit: 1");
        top->children[top->child_count++] = scan(x, p->remote.items, p->remote.len);
    }
    if (p->filters.len) {
        top = over(x, "filter", x->columns, top);
        field(top, filter_text(x));
    }
    return x->verbose && x->shown && !str_eq(x->shown, x->columns) ? over(x, "project", x->shown, top) : top;
}

/* ---- what is to be planned ---- */

/* The one table of a plain SELECT; NULL: it is something else. */
static const struct ast_from *only_table(const struct ast_stmt *st) {
    const struct ast_query *q = st->kind == STMT_QUERY ? st->u.query : NULL;
    while (q && q->kind == QUERY_PAREN)
        q = q->u.paren;
    if (!q || q->kind != QUERY_SELECT || q->with || q->limit || q->offset || q->order.len)
        return NULL;
    const struct ast_select *s = q->u.select;
    if (s->distinct || s->distinct_on.len || s->group_by.len || s->having || s->from.len != 1)
        return NULL;
    for (size_t i = 0; i < s->targets.len; i++)
        if (s->targets.items[i].expr->kind != EXPR_STAR && s->targets.items[i].expr->kind != EXPR_COLUMN)
            return NULL;
    return s->from.items[0]->kind == FROM_TABLE ? s->from.items[0] : NULL;
}

static const struct ast_select *select_of(const struct ast_query *q) {
    while (q->kind == QUERY_PAREN)
        q = q->u.paren;
    return q->u.select;
}

/* Whether an expression reads a column of this name. A name within a text is taken for one, too: a plan may then show
 * one column more than need be read. */
static bool reads(const struct ast_expr *where, const char *column) {
    struct str text = {0};
    if (where)
        print_expr(&text, where, PRINT_NO_ANNOTATIONS);
    const bool found = where && strstr(str_get(&text), column);
    str_free(&text);
    return found;
}

/* "columns: (id, name)" of those that the answer has or the condition reads, in the table's order. */
static void name_columns(struct explain *x, const struct out_columns *shown, const struct ast_expr *where) {
    struct str all = {0}, out = {0};
    for (size_t i = 0; i < x->plan.table->columns.len; i++) {
        const char *name = x->plan.table->columns.items[i].name;
        bool wanted = reads(where, name);
        for (size_t k = 0; k < shown->len; k++)
            wanted = wanted || str_eq(shown->items[k].name, name);
        if (wanted)
            str_add_f(&all, all.len ? ", %s" : "columns: (%s", name);
    }
    for (size_t k = 0; k < shown->len; k++)
        str_add_f(&out, k ? ", %s" : "columns: (%s", shown->items[k].name);
    x->columns = all.len ? arena_printf(x->tr->arena, "%s)", str_get(&all)) : "columns: ()";
    x->shown = out.len ? arena_printf(x->tr->arena, "%s)", str_get(&out)) : "columns: ()";
    str_free(&all);
    str_free(&out);
}

static bool has_option(const struct ast_explain *st, const char *name) {
    for (size_t i = 0; i < st->options.len; i++)
        if (str_eq(st->options.items[i], name))
            return true;
    return false;
}

/* Whether its text form is what is asked for. */
static bool is_plain(const struct ast_explain *st) {
    for (size_t i = 0; i < st->options.len; i++)
        if (!str_eq(st->options.items[i], "VERBOSE") && !str_eq(st->options.items[i], "PLAN"))
            return false;
    return !st->analyze;
}

bool explain_statement(struct translator *tr, const struct ast_explain *st, struct result *r) {
    struct out_columns columns = {0};
    struct explain x = {.tr = tr, .r = r, .descriptors = tr->engine->descriptors, .verbose = has_option(st, "VERBOSE")};
    result_column(r, "info", OID_TEXT);
    r->has_rows = true;
    if (!is_plain(st))
        return result_unsupported(r, "EXPLAIN with other options than VERBOSE");
    const size_t tables = tr->table_count;
    /* Finds what is wrong with a query; the tables that it names are not read. */
    const bool good = st->stmt->kind != STMT_QUERY || translate_query(tr, st->stmt->u.query, NULL, &columns);
    tr->table_count = tables;
    const struct ast_from *from = good ? only_table(st->stmt) : NULL;
    struct table_descriptor *t = from ? engine_table(tr, &from->u.table.name, true) : NULL;
    const bool planned = t && !t->view && !t->sequence && t->indexes.len && !from->u.table.index;
    if (good && !planned)
        result_unsupported(r, "EXPLAIN of anything but a SELECT of columns from one table");
    if (good && planned && !tr->describe) {
        const struct ast_select *s = select_of(st->stmt->u.query);
        plan_scan(&x.plan, tr, t, s->where, reach_gateway(tr));
        name_columns(&x, &columns, s->where);
        line(r, "distribution: local");
        line(r, "vectorized: true");
        line(r, "");
        draw(&x, tree(&x), "", "");
    }
    vec_free(&columns);
    return good && planned;
}
