/* showcreate: what SHOW CREATE TABLE and SHOW CREATE DATABASE of any version say, as structures. */
#include "domicile/dialect/showcreate.h"

#include "domicile/base/str.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/print.h"

#include <stdlib.h>
#include <string.h>

/* ---- freeing ---- */

static void free_column(struct showcreate_column *c) {
    free(c->name);
    free(c->type);
    free(c->default_expr);
    free(c->on_update);
    free(c->computed);
}

static void free_index(struct showcreate_index *x) {
    free(x->name);
    free(x->predicate);
    for (size_t i = 0; i < x->keys.len; i++)
        free(x->keys.items[i].column);
    for (size_t i = 0; i < x->storing.len; i++)
        free(x->storing.items[i]);
    vec_free(&x->keys);
    vec_free(&x->storing);
}

static void free_foreign_key(struct showcreate_foreign_key *f) {
    free(f->name);
    free(f->table);
    for (size_t i = 0; i < f->columns.len; i++)
        free(f->columns.items[i]);
    for (size_t i = 0; i < f->references.len; i++)
        free(f->references.items[i]);
    vec_free(&f->columns);
    vec_free(&f->references);
}

void showcreate_table_free(struct showcreate_table *t) {
    for (size_t i = 0; i < t->columns.len; i++)
        free_column(&t->columns.items[i]);
    for (size_t i = 0; i < t->indexes.len; i++)
        free_index(&t->indexes.items[i]);
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        free_foreign_key(&t->foreign_keys.items[i]);
    for (size_t i = 0; i < t->checks.len; i++)
        free(t->checks.items[i]);
    for (size_t i = 0; i < t->params.len; i++) {
        free(t->params.items[i].name);
        free(t->params.items[i].value);
    }
    vec_free(&t->columns);
    vec_free(&t->indexes);
    vec_free(&t->foreign_keys);
    vec_free(&t->checks);
    vec_free(&t->params);
    free(t->schema);
    free(t->name);
    free(t->region);
    free(t->region_column);
    *t = (struct showcreate_table){0};
}

void showcreate_database_free(struct showcreate_database *d) {
    for (size_t i = 0; i < d->regions.len; i++)
        free(d->regions.items[i]);
    vec_free(&d->regions);
    free(d->name);
    free(d->primary_region);
    free(d->secondary_region);
    *d = (struct showcreate_database){0};
}

/* ---- tables ---- */

static char *expr_text(const struct ast_expr *e) {
    struct str out = {0};
    if (!e)
        return NULL;
    print_expr(&out, e, PRINT_PLAIN);
    return str_take(&out);
}

static char *type_text(const struct ast_type *type) {
    struct str out = {0};
    print_type(&out, type);
    return str_take(&out);
}

#define add_words(vec, words) \
    do { \
        for (size_t word_ = 0; word_ < (words)->len; word_++) \
            vec_push((vec), mem_strdup((words)->items[word_])); \
    } while (0)

static void add_index(struct showcreate_table *t, const struct ast_index *source) {
    struct showcreate_index x = {
        .name = mem_strdup(source->name ? source->name : ""), .primary = source->primary,
        .unique = source->unique || source->primary, .inverted = source->inverted,
        .hashed = source->hash,
        .predicate = expr_text(source->where),
    };
    for (size_t i = 0; i < source->columns.len; i++) {
        const struct ast_index_column *c = &source->columns.items[i];
        struct showcreate_key key = {.descending = c->descending};
        key.column = c->column ? mem_strdup(c->column) : expr_text(c->expr);
        vec_push(&x.keys, key);
    }
    add_words(&x.storing, &source->storing);
    vec_push(&t->indexes, x);
}

static void add_foreign_key(struct showcreate_table *t, const struct ast_constraint *source) {
    struct showcreate_foreign_key f = {.name = mem_strdup(source->name ? source->name : "")};
    struct str table = {0};
    print_name(&table, &source->references.table);
    f.table = str_take(&table);
    add_words(&f.columns, &source->columns);
    add_words(&f.references, &source->references.columns);
    vec_push(&t->foreign_keys, f);
}

static void add_constraint(struct showcreate_table *t, const struct ast_constraint *c) {
    switch (c->kind) {
    case CONSTRAINT_PRIMARY:
    case CONSTRAINT_UNIQUE:
        if (!c->without_index)
            add_index(t, &c->index);
        break;
    case CONSTRAINT_CHECK:
        vec_push(&t->checks, expr_text(c->check));
        break;
    case CONSTRAINT_FOREIGN_KEY:
        add_foreign_key(t, c);
        break;
    }
}

/* PRIMARY KEY and UNIQUE behind a column: hand-written statements only, SHOW CREATE never has them. */
static void add_column_key(struct showcreate_table *t, const struct ast_column *c) {
    if (!c->primary && !c->unique)
        return;
    struct showcreate_index x = {.primary = c->primary, .unique = true};
    struct showcreate_key key = {.column = mem_strdup(c->name)};
    x.name = mem_strdup(c->unique_name ? c->unique_name : "");
    vec_push(&x.keys, key);
    vec_push(&t->indexes, x);
}

static void add_column(struct showcreate_table *t, const struct ast_column *source) {
    struct showcreate_column c = {
        .name = mem_strdup(source->name), .type = source->type ? type_text(source->type) : mem_strdup(""),
        .not_null = source->nullable < 0 || source->primary, .hidden = source->hidden,
        .default_expr = expr_text(source->default_expr), .on_update = expr_text(source->on_update),
        .computed = expr_text(source->computed), .stored = source->stored,
    };
    vec_push(&t->columns, c);
    add_column_key(t, source);
    for (size_t i = 0; i < source->constraints.len; i++)
        add_constraint(t, &source->constraints.items[i]);
}

static void add_item(struct showcreate_table *t, const struct ast_table_item *item) {
    switch (item->kind) {
    case ITEM_COLUMN:
        add_column(t, item->u.column);
        break;
    case ITEM_CONSTRAINT:
        add_constraint(t, item->u.constraint);
        break;
    case ITEM_INDEX:
        add_index(t, item->u.index);
        break;
    case ITEM_FAMILY:
    case ITEM_LIKE:
        break;
    }
}

static void set_locality(struct showcreate_table *t, const struct ast_locality *l) {
    t->region = mem_strdup(l->kind == LOCALITY_TABLE_IN ? l->region : "");
    t->region_column = mem_strdup(l->kind != LOCALITY_ROW ? "" : l->column ? l->column : "crdb_region");
    switch (l->kind) {
    case LOCALITY_NONE:
        t->locality = SHOWCREATE_NONE;
        break;
    case LOCALITY_GLOBAL:
        t->locality = SHOWCREATE_GLOBAL;
        break;
    case LOCALITY_TABLE_PRIMARY:
    case LOCALITY_TABLE_IN:
        t->locality = SHOWCREATE_REGIONAL_TABLE;
        break;
    case LOCALITY_ROW:
        t->locality = SHOWCREATE_REGIONAL_ROW;
        break;
    }
}

static void primary_first(struct showcreate_table *t) {
    for (size_t i = 1; i < t->indexes.len; i++)
        if (t->indexes.items[i].primary) {
            struct showcreate_index primary = t->indexes.items[i];
            memmove(t->indexes.items + 1, t->indexes.items, i * sizeof primary);
            t->indexes.items[0] = primary;
            return;
        }
}

static void fill_table(struct showcreate_table *t, const struct ast_create_table *source) {
    const struct ast_name *name = &source->name;
    t->name = mem_strdup(name->part[name->n - 1]);
    t->schema = mem_strdup(name->n > 1 ? name->part[name->n - 2] : "");
    for (size_t i = 0; i < source->items.len; i++)
        add_item(t, &source->items.items[i]);
    for (size_t i = 0; i < source->params.len; i++) {
        struct showcreate_param p = {.name = mem_strdup(source->params.items[i].name)};
        p.value = source->params.items[i].value ? expr_text(source->params.items[i].value) : mem_strdup("");
        vec_push(&t->params, p);
    }
    set_locality(t, &source->locality);
    primary_first(t);
}

/* The first statement of the text when it is of the wanted kind: SHOW CREATE may append others. */
static const struct ast_stmt *first_stmt(struct arena *arena, const char *text, enum ast_stmt_kind kind,
                                         struct err *err) {
    struct ast_stmts stmts;
    struct parse_error wrong = {0};
    if (!parser_parse(arena, text, strlen(text), 0, &stmts, &wrong)) {
        err_set(err, ERR_INPUT, "cannot read what SHOW CREATE gave: %s", wrong.message);
        return NULL;
    }
    if (stmts.len == 0 || stmts.items[0]->kind != kind) {
        err_set(err, ERR_INPUT, "cannot read what SHOW CREATE gave: it is no such CREATE statement");
        return NULL;
    }
    return stmts.items[0];
}

bool showcreate_table_parse(struct showcreate_table *t, const char *text, struct err *err) {
    struct arena *arena = arena_new();
    const struct ast_stmt *s = first_stmt(arena, text, STMT_CREATE_TABLE, err);
    *t = (struct showcreate_table){0};
    if (s)
        fill_table(t, &s->u.create_table);
    arena_free(arena);
    return s != NULL;
}

const char *showcreate_table_param(const struct showcreate_table *t, const char *name) {
    for (size_t i = 0; i < t->params.len; i++)
        if (strcmp(t->params.items[i].name, name) == 0)
            return t->params.items[i].value;
    return NULL;
}

/* ---- databases ---- */

static void fill_database(struct showcreate_database *d, const struct ast_create_database *source) {
    d->name = mem_strdup(source->name);
    d->primary_region = mem_strdup(source->primary ? source->primary : "");
    d->secondary_region = mem_strdup(source->secondary ? source->secondary : "");
    add_words(&d->regions, &source->regions);
    d->survives_region = source->survival == SURVIVAL_SAID_REGION;
    d->restricted = source->placement == PLACEMENT_SAID_RESTRICTED;
}

bool showcreate_database_parse(struct showcreate_database *d, const char *text, struct err *err) {
    struct arena *arena = arena_new();
    const struct ast_stmt *s = first_stmt(arena, text, STMT_CREATE_DATABASE, err);
    *d = (struct showcreate_database){0};
    if (s)
        fill_database(d, &s->u.create_database);
    arena_free(arena);
    return s != NULL;
}
