/* translate_check: columns that are neither grouped nor within an aggregate. */
#include "translate.h"

#include "domicile/dialect/print.h"

#include <stdio.h>
#include <string.h>

struct grouped {
    struct translator *tr;
    const struct ast_select *select;
    const struct scope *scope;
};

static bool fits(const struct ast_expr *e, const struct ast_expr *by) {
    if (e->kind == EXPR_COLUMN && by->kind == EXPR_COLUMN)
        return str_eq(e->u.column.part[e->u.column.n - 1], by->u.column.part[by->u.column.n - 1]);
    if (e->kind != by->kind)
        return false;
    struct str a = {0}, b = {0};
    print_expr(&a, e, PRINT_PLAIN);
    print_expr(&b, by, PRINT_PLAIN);
    const bool same = str_eq(str_get(&a), str_get(&b));
    str_free(&a);
    str_free(&b);
    return same;
}

/* GROUP BY names it: as an expression, by its place in the list, or by its alias there. */
static bool is_grouped(const struct grouped *g, const struct ast_expr *e) {
    const struct ast_select *s = g->select;
    for (size_t i = 0; i < s->group_by.len; i++) {
        const struct ast_expr *by = ast_unparen(s->group_by.items[i]);
        if (fits(e, by))
            return true;
        for (size_t k = 0; k < s->targets.len; k++) {
            const struct ast_target_column *t = &s->targets.items[k];
            char place[24];
            snprintf(place, sizeof place, "%zu", k + 1);
            const bool meant = (by->kind == EXPR_NUMBER && str_eq(by->u.number.text, place)) ||
                (by->kind == EXPR_COLUMN && t->alias && str_eq(by->u.column.part[by->u.column.n - 1], t->alias));
            if (meant && fits(e, ast_unparen(t->expr)))
                return true;
        }
    }
    return false;
}

static bool check(const struct grouped *g, const struct ast_expr *e);

static bool check_list(const struct grouped *g, const struct ast_exprs *list) {
    for (size_t i = 0; i < list->len; i++)
        if (!check(g, list->items[i]))
            return false;
    return true;
}

static bool of_this_select(const struct grouped *g, const struct ast_expr *e) {
    for (size_t i = 0; i < g->scope->len; i++)
        if (str_eq(g->scope->items[i].name, e->u.column.part[e->u.column.n - 1]))
            return true;
    return false;
}

static bool check_case(const struct grouped *g, const struct ast_expr *e) {
    if (e->u.cases.arg && !check(g, e->u.cases.arg))
        return false;
    for (size_t i = 0; i < e->u.cases.whens.len; i++)
        if (!check(g, e->u.cases.whens.items[i].when) || !check(g, e->u.cases.whens.items[i].then))
            return false;
    return !e->u.cases.otherwise || check(g, e->u.cases.otherwise);
}

static bool check(const struct grouped *g, const struct ast_expr *e) {
    if (is_grouped(g, e))
        return true;
    switch (e->kind) {
    case EXPR_COLUMN:
        return !of_this_select(g, e) || result_fail(g->tr->r, "42803",
            "column \"%s\" must appear in the GROUP BY clause or be used in an aggregate function",
            e->u.column.part[e->u.column.n - 1]);
    case EXPR_CALL:
        return (translate_is_aggregate(&e->u.call) && !e->u.call.over) || check_list(g, &e->u.call.args);
    case EXPR_PAREN: return check(g, e->u.paren);
    case EXPR_UNARY: return check(g, e->u.unary.arg);
    case EXPR_BINARY: return check(g, e->u.binary.left) && check(g, e->u.binary.right);
    case EXPR_IS: return check(g, e->u.is.arg);
    case EXPR_CAST: return check(g, e->u.cast.arg);
    case EXPR_CASE: return check_case(g, e);
    default: return true;
    }
}

/* Whether an expression holds an aggregate of its own select. */
static bool has_aggregate(const struct ast_expr *e) {
    switch (e->kind) {
    case EXPR_CALL:
        if (translate_is_aggregate(&e->u.call) && !e->u.call.over)
            return true;
        for (size_t i = 0; i < e->u.call.args.len; i++)
            if (has_aggregate(e->u.call.args.items[i]))
                return true;
        return false;
    case EXPR_PAREN: return has_aggregate(e->u.paren);
    case EXPR_UNARY: return has_aggregate(e->u.unary.arg);
    case EXPR_BINARY: return has_aggregate(e->u.binary.left) || has_aggregate(e->u.binary.right);
    case EXPR_CAST: return has_aggregate(e->u.cast.arg);
    default: return false;
    }
}

/* Grouping by a key lets every column of its table pass: the key's first column is taken for it. */
static bool groups_by_key(const struct grouped *g) {
    for (size_t i = 0; i < g->select->group_by.len; i++) {
        const struct ast_expr *by = ast_unparen(g->select->group_by.items[i]);
        for (size_t k = 0; by->kind == EXPR_COLUMN && k < g->tr->table_count; k++) {
            const struct table_descriptor *t = g->tr->tables[k];
            for (size_t m = 0; t->indexes.len && m < t->indexes.items[0].keys.len; m++) {
                const struct column_descriptor *c = column_by_id(t, t->indexes.items[0].keys.items[m].column);
                if (c && str_eq(c->name, by->u.column.part[by->u.column.n - 1]))
                    return true;
            }
        }
    }
    return false;
}

bool translate_check_grouping(struct translator *tr, const struct ast_select *s, const struct scope *scope) {
    const struct grouped g = {tr, s, scope};
    bool aggregated = s->group_by.len || s->having;
    for (size_t i = 0; i < s->targets.len; i++)
        aggregated = aggregated || has_aggregate(s->targets.items[i].expr);
    if (!aggregated || groups_by_key(&g))
        return true;
    for (size_t i = 0; i < s->targets.len; i++)
        if (!check(&g, s->targets.items[i].expr))
            return false;
    return !s->having || check(&g, s->having);
}
