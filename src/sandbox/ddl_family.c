/* ddl_family: the column families of a table. The sandbox keeps every row in one piece, so they are names that SHOW
 * CREATE gives back; the first one holds the primary key and what nobody named. */
#include "ddl.h"

#include <stdlib.h>
#include <string.h>

static int family_named(const struct table_descriptor *t, const char *name) {
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.items[i].family && str_eq(t->columns.items[i].family, name))
            return t->columns.items[i].family_id;
    return -1;
}

static int next_family(const struct table_descriptor *t) {
    int next = 0;
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.items[i].family && t->columns.items[i].family_id >= next)
            next = t->columns.items[i].family_id + 1;
    return next;
}

static void put(struct column_descriptor *c, int id, const char *name) {
    char *own = mem_strdup(name);
    free(c->family);
    c->family = own;
    c->family_id = id;
}

static bool family_item(struct translator *tr, struct table_descriptor *t, const struct ast_family *f) {
    const int id = next_family(t);
    if (f->name && family_named(t, f->name) >= 0)
        return result_unsupported(tr->r, "naming a column family twice");
    for (size_t i = 0; i < f->columns.len; i++) {
        struct column_descriptor *c = column_by_name(t, f->columns.items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", f->columns.items[i]);
        if (c->family)
            return result_unsupported(tr->r, "naming a column in two column families");
        put(c, id, f->name ? f->name : "");
    }
    return true;
}

/* A family without a name has one of its columns', once all are there. */
static void name_families(struct translator *tr, struct table_descriptor *t) {
    for (size_t i = 0; i < t->columns.len; i++) {
        const char *old = t->columns.items[i].family;
        const int id = t->columns.items[i].family_id;
        if (!old || *old)
            continue;
        const char *name = arena_printf(tr->arena, "fam_%d", id);
        for (size_t k = i; k < t->columns.len; k++)
            if (t->columns.items[k].family && t->columns.items[k].family_id == id)
                name = arena_printf(tr->arena, "%s_%s", name, t->columns.items[k].name);
        for (size_t k = i; k < t->columns.len; k++)
            if (t->columns.items[k].family && t->columns.items[k].family_id == id)
                put(&t->columns.items[k], id, name);
    }
}

/* The first family takes the columns that no other has. */
static bool fill_first(struct translator *tr, struct table_descriptor *t) {
    const char *first = NULL;
    for (size_t i = 0; i < t->columns.len && !first; i++)
        if (t->columns.items[i].family && t->columns.items[i].family_id == 0)
            first = arena_printf(tr->arena, "%s", t->columns.items[i].family);
    for (size_t i = 0; i < t->columns.len && next_family(t) > 0; i++)
        if (!t->columns.items[i].family)
            put(&t->columns.items[i], 0, first ? first : "primary");
    name_families(tr, t);
    for (size_t i = 0; t->indexes.len > 0 && i < t->indexes.items[0].keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, t->indexes.items[0].keys.items[i].column);
        if (c && c->family_id)
            return result_unsupported(tr->r, "a column of the primary key outside of the first column family");
    }
    return true;
}

bool ddl_families(struct translator *tr, struct table_descriptor *t, const struct ast_create_table *st) {
    for (size_t i = 0; i < st->items.len; i++) {
        const struct ast_column *c = st->items.items[i].kind == ITEM_COLUMN ? st->items.items[i].u.column : NULL;
        if (!c || (!c->family && !c->create_family))
            continue;
        const int found = c->family ? family_named(t, c->family) : -1, id = found < 0 ? next_family(t) : found;
        put(column_by_name(t, c->name), id, c->family ? c->family : "");
    }
    for (size_t i = 0; i < st->items.len; i++)
        if (st->items.items[i].kind == ITEM_FAMILY && !family_item(tr, t, st->items.items[i].u.family))
            return false;
    return fill_first(tr, t);
}

bool ddl_column_family(struct translator *tr, struct table_descriptor *t, const struct ast_column *c) {
    if (!c->family && !c->create_family)
        return fill_first(tr, t);
    if (next_family(t) == 0)
        for (size_t i = 0; i < t->columns.len; i++)
            if (!str_eq(t->columns.items[i].name, c->name))
                put(&t->columns.items[i], 0, "primary");
    const int found = c->family ? family_named(t, c->family) : -1;
    if (found < 0 && !c->create_family)
        return result_fail(tr->r, "XXUUU", "unknown family \"%s\"", c->family);
    if (found >= 0 && c->create_family && !c->family_if_not_exists)
        return result_fail(tr->r, "XXUUU", "family \"%s\" already exists", c->family);
    const int id = found < 0 ? next_family(t) : found;
    put(column_by_name(t, c->name), id, c->family ? c->family : arena_printf(tr->arena, "fam_%d_%s", id, c->name));
    return true;
}
