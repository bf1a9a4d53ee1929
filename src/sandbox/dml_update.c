/* dml_update: UPDATE and DELETE as SQLite statements. */
#include "dml.h"
#include "translate.h"

#include <string.h>

/* SET (a, b) = (SELECT ...): one of the query's columns as a value. */
static struct typed of_subquery(struct translator *tr, const struct ast_assignment *a, size_t i,
    const struct scope *scope) {
    struct out_columns columns = {0};
    const char *sql = translate_query(tr, ast_unparen(a->value)->u.query, scope, &columns);
    struct typed out = typed_error();
    if (sql && columns.len != a->columns.len)
        result_fail(tr->r, "42601", "number of columns (%zu) does not match number of values (%zu)", a->columns.len,
            columns.len);
    else if (sql)
        out = (struct typed){.sql = arena_printf(tr->arena, "(SELECT k%zu FROM (%s))", i, sql),
            .type = columns.items[i].type};
    vec_free(&columns);
    return out;
}

/* One assignment's value, or of a tuple the values one by one. */
static const struct ast_expr *assigned(const struct ast_assignment *a, size_t i) {
    const struct ast_expr *e = ast_unparen(a->value);
    return !a->tuple || e->kind != EXPR_TUPLE ? a->value : i < e->u.tuple.list.len
        ? e->u.tuple.list.items[i] : NULL;
}

static bool is_assigned(const struct ast_assignments *set, const struct column_descriptor *c) {
    for (size_t i = 0; i < set->len; i++)
        for (size_t k = 0; k < set->items[i].columns.len; k++)
            if (str_eq(set->items[i].columns.items[k], c->name))
                return true;
    return false;
}

bool dml_assignments(struct translator *tr, const struct table_descriptor *t,
    const struct ast_assignments *set,
    const struct scope *scope, struct str *out) {
    struct scope after = {0};
    table_scope(tr, &after, t, "", "");
    const char *before = "";
    bool good = true;
    for (size_t i = 0; i < scope->len && i < after.len; i++)
        after.items[i].sql = scope->items[i].sql;
    for (size_t i = 0; good && i < set->len; i++)
        for (size_t k = 0; good && k < set->items[i].columns.len; k++) {
            const struct column_descriptor *c = column_by_name(t, set->items[i].columns.items[k]);
            const struct ast_expr *e = assigned(&set->items[i], k);
            if (!c || !e) {
                good = result_fail(tr->r, "42703", "column \"%s\" does not exist",
                    set->items[i].columns.items[k]);
                break;
            }
            if (c->computed) {
                good = result_fail(tr->r, "55000", "cannot write directly to computed column \"%s\"",
                    c->name);
                break;
            }
            if (e->kind != EXPR_DEFAULT && !dml_not_generated(tr, c, true)) {
                good = false;
                break;
            }
            const bool query = set->items[i].tuple && ast_unparen((struct ast_expr *)(size_t)e)->kind == EXPR_SUBQUERY;
            const struct typed v = e->kind == EXPR_DEFAULT ? dml_default(tr, c) : dml_assign(tr,
                query ? of_subquery(tr, &set->items[i], k, scope) : translate_expr(tr, e, scope), c);
            good = v.sql;
            str_add_f(out, "%sc%d = %s", before, c->id, good ? v.sql : "");
            before = ", ";
            for (size_t m = 0; m < after.len; m++)
                if (str_eq(after.items[m].name, c->name))
                    after.items[m].sql = v.sql;
        }
    for (size_t i = 0; good && i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        if (!c->on_update || is_assigned(set, c))
            continue;
        const struct typed v = dml_parse_expr(tr, c->on_update, NULL, c->type);
        good = v.sql;
        str_add_f(out, "%sc%d = %s", before, c->id, good ? v.sql : "");
        before = ", ";
        for (size_t m = 0; m < after.len; m++)
            if (str_eq(after.items[m].name, c->name))
                after.items[m].sql = v.sql;
    }
    for (size_t i = 0; good && i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        if (!c->computed)
            continue;
        const struct typed v = dml_parse_expr(tr, c->computed, &after, c->type);
        good = v.sql;
        str_add_f(out, "%sc%d = %s", before, c->id, good ? v.sql : "");
        before = ", ";
    }
    vec_free(&after);
    return good;
}

/* WHERE, or with ORDER BY and LIMIT the rows that those pick. */
static bool where(struct translator *tr, const struct table_descriptor *t, const struct ast_expr *condition,
    const struct ast_orders *order, const struct ast_expr *limit, const struct scope *scope,
        struct str *out) {
    struct typed w = {.sql = "1"};
    if (condition && !(w = translate_condition(tr, condition, scope, "WHERE")).sql)
        return false;
    if (!limit) {
        str_add_f(out, " WHERE %s", w.sql);
        return true;
    }
    str_add_f(out, " WHERE f.rowid IN (SELECT f.rowid FROM t%lld AS f WHERE %s", (long long)t->id, w.sql);
    for (size_t i = 0; i < order->len; i++) {
        const struct typed o = order->items[i].expr ? translate_expr(tr, order->items[i].expr, scope)
            : (struct typed){0};
        if (!o.sql)
            return false;
        str_add_f(out, i ? ", %s%s" : " ORDER BY %s%s", o.sql, order->items[i].descending ? " DESC" : "");
    }
    const struct typed l = translate_coerce(tr, translate_expr(tr, limit, NULL), sqltype_of(TYPE_INT8));
    str_add_f(out, " LIMIT %s)", l.sql ? l.sql : "0");
    return l.sql;
}

/* What FROM or USING adds is joined first and put aside in a table of its own, a row for each row that is to change:
 * r, its rowid, and the columns that were added. The scope's columns beyond the table's become those. */
static bool put_aside(struct translator *tr, const struct table_descriptor *t, const struct ast_froms *from,
    const struct ast_expr *condition, struct scope *scope, struct dml *d) {
    struct str sources = {0}, columns = {0};
    struct out_columns added = {0};
    bool good = true;
    for (size_t i = 0; good && i < from->len; i++) {
        const char *sql = translate_from(tr, from->items[i], scope);
        good = sql;
        str_add_f(&sources, ", %s", good ? sql : "");
    }
    const struct typed w = good && condition ? translate_condition(tr, condition, scope, "WHERE")
        : (struct typed){.sql = "1"};
    good = good && w.sql;
    for (size_t i = t->columns.len; good && i < scope->len; i++) {
        const struct out_column c = {.name = scope->items[i].name, .type = scope->items[i].type};
        str_add_f(&columns, ", %s", scope->items[i].sql);
        vec_push(&added, c);
        scope->items[i].sql = arena_printf(tr->arena, "s.k%zu", i - t->columns.len);
    }
    if (good) {
        tr->aside = engine_aside(tr, &added);
        d->fill = arena_printf(tr->arena, "%s INSERT INTO temp.v%d SELECT f.rowid%s FROM t%lld AS f%s WHERE %s "
            "GROUP BY f.rowid", d->with, tr->aside, str_get(&columns), (long long)t->id, str_get(&sources), w.sql);
    }
    str_free(&sources);
    str_free(&columns);
    vec_free(&added);
    return good;
}

struct change {
    const struct ast_with *with;
    const struct ast_name *table;
    const char *alias;
    const struct ast_assignments *set; /* NULL: DELETE */
    const struct ast_froms *from;
    const struct ast_expr *where;
    const struct ast_orders *order;
    const struct ast_expr *limit;
    const struct ast_targets *returning; /* NULL: none */
};

static bool change_sql(struct translator *tr, const struct change *ch, struct scope *scope, struct dml *d,
    struct str *out) {
    const struct table_descriptor *t = d->table;
    bool good = true;
    if (ch->from->len)
        good = put_aside(tr, t, ch->from, ch->where, scope, d);
    str_add_f(out, ch->set ? "UPDATE t%lld AS f SET " : "DELETE FROM t%lld AS f", (long long)t->id);
    good = good && (!ch->set || dml_assignments(tr, t, ch->set, scope, out));
    if (!good)
        return false;
    if (!ch->from->len)
        return where(tr, t, ch->where, ch->order, ch->limit, scope, out);
    str_add_f(out, ch->set ? " FROM temp.v%d AS s WHERE s.r = f.rowid" : " WHERE f.rowid IN (SELECT r FROM temp.v%d)",
        tr->aside);
    return true;
}

/* From this version on LIMIT is as good as WHERE. */
enum { LIMIT_IS_SAFE = 2401 };

/* What sql_safe_updates forbids: to change all rows. */
static bool safe(struct translator *tr, const struct change *ch) {
    const bool newer = tr->engine->compat >= LIMIT_IS_SAFE;
    if (ch->where || (newer && ch->limit) || !variable_on(tr->es->session, "sql_safe_updates"))
        return true;
    return result_fail(tr->r, "01000", "rejected (sql_safe_updates = true): %s without WHERE %sclause",
        ch->set ? "UPDATE" : "DELETE", newer ? "or LIMIT " : "");
}

static bool change(struct translator *tr, const struct change *ch, struct dml *d) {
    if (!safe(tr, ch))
        return false;
    struct scope scope = {0};
    struct str out = {0};
    struct cte_entry *const ctes = tr->ctes;
    struct table_descriptor *t = dml_table(tr, ch->table, ch->set ? PRIVILEGE_UPDATE : PRIVILEGE_DELETE);
    if (!t)
        return false;
    table_scope(tr, &scope, t, ch->alias ? ch->alias : t->name, "f.");
    d->table = t;
    d->tag = ch->set ? "UPDATE" : "DELETE";
    bool good = translate_with(tr, ch->with, NULL, &out);
    d->with = arena_strdup(tr->arena, str_get(&out));
    good = good && change_sql(tr, ch, &scope, d, &out) &&
        dml_returning(tr, t, ch->returning, &scope, &out, &d->columns);
    d->sql = good ? arena_strdup(tr->arena, str_get(&out)) : NULL;
    translate_forget(tr, ctes);
    str_free(&out);
    vec_free(&scope);
    return good;
}

bool dml_update(struct translator *tr, const struct ast_update *st, struct dml *d) {
    const struct change ch = {st->with, &st->table, st->alias, &st->set, &st->from, st->where, &st->order, st->limit,
        st->has_returning ? &st->returning : NULL};
    return change(tr, &ch, d);
}

bool dml_delete(struct translator *tr, const struct ast_delete *st, struct dml *d) {
    const struct change ch = {st->with, &st->table, st->alias, NULL, &st->from, st->where, &st->order, st->limit,
        st->has_returning ? &st->returning : NULL};
    return change(tr, &ch, d);
}
