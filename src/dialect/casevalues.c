/* casevalues: what a computed region column's expression knows: which values give which region. */
#include "domicile/dialect/casevalues.h"

#include "domicile/base/str.h"
#include "domicile/dialect/parser.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    struct casevalues *out;
    struct err *err;
    bool closed; /* every value has been answered for: later branches cannot be reached */
};

void casevalues_free(struct casevalues *c) {
    for (size_t i = 0; i < c->values.len; i++) {
        free(c->values.items[i].value);
        free(c->values.items[i].region);
    }
    vec_free(&c->values);
    free(c->column);
    free(c->else_region);
    *c = (struct casevalues){0};
}

static bool cannot(struct reader *r, const char *why) {
    return err_set(r->err, ERR_INPUT, "cannot tell which values give which region: %s", why);
}

/* Without parentheses and casts: neither changes which value is meant. */
static struct ast_expr *bare(struct ast_expr *e) {
    while (e && (e->kind == EXPR_PAREN || e->kind == EXPR_CAST))
        e = e->kind == EXPR_PAREN ? e->u.paren : e->u.cast.arg;
    return e;
}

/* The text of a constant: NULL when it is not one. */
static const char *constant(struct reader *r, struct ast_expr *e) {
    e = bare(e);
    if (e->kind == EXPR_STRING)
        return e->u.string.bytes;
    if (e->kind == EXPR_NUMBER)
        return e->u.number.text;
    if (e->kind == EXPR_BOOL)
        return e->u.boolean ? "true" : "false";
    if (e->kind == EXPR_UNARY && e->u.unary.op == OP_MINUS && bare(e->u.unary.arg)->kind == EXPR_NUMBER)
        return arena_printf(r->arena, "-%s", bare(e->u.unary.arg)->u.number.text);
    return NULL;
}

static bool known(const struct casevalues *c, const char *value) {
    for (size_t i = 0; i < c->values.len; i++)
        if (str_eq(c->values.items[i].value, value))
            return true;
    return false;
}

static bool reads(struct reader *r, struct ast_expr *e) {
    e = bare(e);
    if (e->kind != EXPR_COLUMN)
        return cannot(r, "it compares something other than a column with constants");
    const char *name = e->u.column.part[e->u.column.n - 1];
    if (*r->out->column && strcmp(r->out->column, name) != 0)
        return cannot(r, "it reads more than one column");
    free(r->out->column);
    r->out->column = mem_strdup(name);
    return true;
}

static bool add(struct reader *r, const char *value, const char *region) {
    if (r->closed || known(r->out, value))
        return true;
    struct casevalue v = {mem_strdup_null(value), mem_strdup_null(region)};
    vec_push(&r->out->values, v);
    return true;
}

static bool add_constant(struct reader *r, struct ast_expr *e, const char *region) {
    if (bare(e)->kind == EXPR_NULL) /* nothing equals NULL */
        return true;
    const char *value = constant(r, e);
    return value ? add(r, value, region)
        : cannot(r, "it compares the column with something other than a constant");
}

static bool add_all(struct reader *r, const struct ast_exprs *list, const char *region) {
    for (size_t i = 0; i < list->len; i++)
        if (!add_constant(r, list->items[i], region))
            return false;
    return true;
}

static bool equality(struct reader *r, struct ast_expr *left, struct ast_expr *right, const char *region) {
    struct ast_expr *column = bare(left)->kind == EXPR_COLUMN ? left : right;
    return reads(r, column) && add_constant(r, column == left ? right : left, region);
}

/* Adds every value for which the condition is true. */
static bool condition(struct reader *r, struct ast_expr *e, const char *region) {
    e = bare(e);
    if (e->kind == EXPR_BINARY && e->u.binary.op == OP_OR)
        return condition(r, e->u.binary.left, region) && condition(r, e->u.binary.right, region);
    if (e->kind == EXPR_BINARY && e->u.binary.op == OP_EQ)
        return equality(r, e->u.binary.left, e->u.binary.right, region);
    if (e->kind == EXPR_IN && !e->u.in.negated && !e->u.in.query)
        return reads(r, e->u.in.arg) && add_all(r, &e->u.in.list, region);
    if (e->kind == EXPR_IS && e->u.is.what == IS_NULL && !e->u.is.negated)
        return reads(r, e->u.is.arg) && add(r, NULL, region);
    if (e->kind == EXPR_QUANTIFIED && e->u.quantified.op == OP_EQ && !e->u.quantified.all
        && e->u.quantified.right && bare(e->u.quantified.right)->kind == EXPR_ARRAY)
        return reads(r, e->u.quantified.left) && add_all(r, &bare(e->u.quantified.right)->u.list, region);
    return cannot(r, "a condition is not a comparison of the column with constants");
}

static bool value(struct reader *r, struct ast_expr *e);

/* The region of a branch: a constant or NULL. */
static bool region_of(struct reader *r, struct ast_expr *e, const char **region) {
    *region = bare(e)->kind == EXPR_STRING ? bare(e)->u.string.bytes : NULL;
    return *region || bare(e)->kind == EXPR_NULL
           || cannot(r, "a branch gives something other than a region's name");
}

static bool when(struct reader *r, struct ast_expr *arg, const struct ast_when *w) {
    const char *region;
    if (!region_of(r, w->then, &region))
        return false;
    if (arg)
        return reads(r, arg) && add_constant(r, w->when, region);
    if (bare(w->when)->kind == EXPR_BOOL && bare(w->when)->u.boolean) {
        bool done = value(r, w->then);
        r->closed = true;
        return done;
    }
    return condition(r, w->when, region);
}

static bool cases(struct reader *r, struct ast_expr *e) {
    for (size_t i = 0; i < e->u.cases.whens.len; i++)
        if (!when(r, e->u.cases.arg, &e->u.cases.whens.items[i]))
            return false;
    return !e->u.cases.otherwise || value(r, e->u.cases.otherwise);
}

static bool is_if(const struct ast_expr *e) {
    return e->kind == EXPR_CALL && e->u.call.args.len == 3 && e->u.call.name.n == 1
        && strcmp(e->u.call.name.part[0], "if") == 0;
}

/* The expression's value for what no earlier branch took. */
static bool value(struct reader *r, struct ast_expr *e) {
    e = bare(e);
    if (e->kind == EXPR_CASE)
        return cases(r, e);
    if (is_if(e)) {
        struct ast_when w = {e->u.call.args.items[0], e->u.call.args.items[1]};
        return when(r, NULL, &w) && value(r, e->u.call.args.items[2]);
    }
    const char *region;
    if (!region_of(r, e, &region))
        return false;
    if (!r->closed)
        r->out->else_region = mem_strdup_null(region);
    r->closed = true;
    return true;
}

bool casevalues_parse(struct casevalues *c, const char *expression, struct err *err) {
    struct reader r = {.arena = arena_new(), .out = c, .err = err};
    struct ast_expr *e = NULL;
    struct parse_error wrong = {0};
    *c = (struct casevalues){.column = mem_strdup("")};
    bool done;
    if (parser_parse_expr(r.arena, expression, 0, &e, &wrong))
        done = value(&r, e);
    else
        done = err_set(err, ERR_INPUT, "cannot read the expression: %s", wrong.message);
    if (done)
        c->covers_null = casevalues_region(c, NULL) != NULL;
    else
        casevalues_free(c);
    arena_free(r.arena);
    return done;
}

const char *casevalues_region(const struct casevalues *c, const char *value) {
    for (size_t i = 0; i < c->values.len; i++)
        if (str_eq(c->values.items[i].value, value))
            return c->values.items[i].region;
    return c->else_region;
}
