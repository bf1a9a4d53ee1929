/* dml: INSERT and UPSERT as SQLite statements, and what all changes of rows share. */
#include "dml.h"
#include "translate.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/parser.h"

#include <stdlib.h>
#include <string.h>

struct typed dml_parse_expr(struct translator *tr, const char *text, const struct scope *scope,
    struct sqltype to) {
    struct ast_expr *e;
    struct parse_error why;
    if (!parser_parse_expr(tr->arena, text, tr->engine->compat, &e, &why)) {
        result_fail(tr->r, "XX000", "the kept expression \"%s\" does not parse: %s", text, why.message);
        return typed_error();
    }
    struct typed t = translate_coerce(tr, translate_expr(tr, e, scope), to);
    if (t.sql && to.base == TYPE_USER && t.type.base != TYPE_USER)
        t = translate_cast(tr, t, to);
    return t;
}

/* The table to be changed, with the right to it. */
struct table_descriptor *dml_table(struct translator *tr, const struct ast_name *name,
    enum privilege p) {
    struct table_descriptor *t = engine_table(tr, name, true);
    if (!t && !tr->r->failed && name->n >= 2 && vtable_exists(tr, name->part[name->n - 2], name->part[name->n - 1]))
        result_fail(tr->r, "42501", "user %s does not have %s privilege on relation %s", tr->es->session->user,
            privilege_name(p), name->part[name->n - 1]);
    if (!t && !tr->r->failed)
        engine_table(tr, name, false);
    if (!t)
        return NULL;
    const struct users_object o = engine_object(t);
    if (!users_check(tr->engine->users, tr->es->session, p, &o, tr->r))
        return NULL;
    if (t->view || t->sequence) {
        result_fail(tr->r, "42809", "\"%s\" is not a table", t->name);
        return NULL;
    }
    return t;
}

/* What a value becomes in a column: its type, its width. */
struct typed dml_assign(struct translator *tr, struct typed v, const struct column_descriptor *c) {
    struct typed t = translate_coerce(tr, v, c->type);
    if (!t.sql)
        return t;
    const bool same = t.null || t.type.base == c->type.base || (sqltype_is_text(&t.type) &&
        sqltype_is_text(&c->type));
    if (!same && !(t.type.base == TYPE_UNKNOWN)) {
        result_fail(tr->r, "42804", "value type %s doesn't match type %s of column \"%s\"",
            sqltype_word(&t.type),
            c->type.base == TYPE_USER ? "enum" : sqltype_word(&c->type), c->name);
        return typed_error();
    }
    if (c->type.base == TYPE_DECIMAL && c->type.width > 0 && !t.null)
        t.sql = arena_printf(tr->arena, "to_decimal(%s, %d)", t.sql, c->type.scale > 0 ? c->type.scale : 0);
    if (c->type.base == TYPE_VARCHAR && c->type.width > 0 && !t.null)
        t.sql = arena_printf(tr->arena, "fit_text(%s, %d, '%s')", t.sql, c->type.width, c->name);
    return t;
}

/* ---- RETURNING ---- */

bool dml_returning(struct translator *tr, const struct table_descriptor *t, const struct ast_targets *targets,
    const struct scope *joined, struct str *out, struct out_columns *columns) {
    struct scope scope = {0};
    struct str list = {0};
    const char *prefix = arena_printf(tr->arena, "t%lld.", (long long)t->id);
    table_scope(tr, &scope, t, joined->items[0].table, prefix);
    for (size_t i = t->columns.len; i < joined->len; i++) {
        struct scope_column c = joined->items[i];
        c.sql = arena_printf(tr->arena, "(SELECT %s FROM temp.v%d AS s WHERE s.r = %srowid)", c.sql, tr->aside, prefix);
        vec_push(&scope, c);
    }
    const bool good = !targets || translate_targets(tr, targets, &scope, &list, columns);
    vec_free(&scope);
    if (good) {
        const char *region = t->locality == TABLE_LOCALITY_BY_ROW ? arena_printf(tr->arena, "c%d",
            t->region_column) : "1";
        str_add_f(out, " RETURNING %s%s%s", str_get(&list), list.len ? ", " : "", region);
    }
    str_free(&list);
    return good;
}

/* ---- INSERT ---- */

struct insert {
    struct table_descriptor *t;
    bool named;          /* the columns were named */
    VEC_STRUCT(const struct column_descriptor *) targets;
    const char *source;  /* SELECT ... AS k0, ... in the order of targets */
    const char *middle;  /* SELECT ... AS c1, ...: every column but the computed ones */
};

static bool insert_targets(struct translator *tr, const struct ast_insert *st, struct insert *in) {
    for (size_t i = 0; i < st->columns.len; i++) {
        const struct column_descriptor *c = column_by_name(in->t, st->columns.items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", st->columns.items[i]);
        if (c->computed)
            return result_fail(tr->r, "55000", "cannot write directly to computed column \"%s\"", c->name);
        vec_push(&in->targets, c);
    }
    for (size_t i = 0; st->columns.len == 0 && i < in->t->columns.len; i++)
        if (!in->t->columns.items[i].hidden && !in->t->columns.items[i].computed)
            vec_push(&in->targets, &in->t->columns.items[i]);
    return true;
}

struct typed dml_default(struct translator *tr, const struct column_descriptor *c) {
    if (!c->default_expr)
        return (struct typed){.sql = "NULL", .type = c->type, .null = true};
    return dml_parse_expr(tr, c->default_expr, NULL, c->type);
}

bool dml_not_generated(struct translator *tr, const struct column_descriptor *c, bool update) {
    if (c->identity != IDENTITY_ALWAYS)
        return true;
    result_fail(tr->r, "428C9",
        update ? "column \"%s\" can only be updated to DEFAULT" : "cannot insert into column \"%s\"", c->name);
    return result_detail(tr->r, "Column \"%s\" is an identity column defined as GENERATED ALWAYS.", c->name);
}

static bool insert_values(struct translator *tr, const struct ast_rows *rows, struct insert *in,
    struct str *out) {
    const bool many = rows->len > ROWS_AS_SELECTS;
    if (many)
        translate_values_begin(rows->items[0].len, out);
    for (size_t i = 0; i < rows->len; i++) {
        const struct ast_exprs *row = &rows->items[i];
        if (row->len != rows->items[0].len)
            return result_fail(tr->r, "42601",
                "VALUES lists must all be the same length, expected %zu columns, found %zu", rows->items[0].len,
                row->len);
        if (row->len < in->targets.len && in->named)
            return result_fail(tr->r, "42601",
                "INSERT has more target columns than expressions, %zu expressions for %zu targets", row->len,
                in->targets.len);
        if (row->len > in->targets.len)
            return result_fail(tr->r, "42601",
                "INSERT has more expressions than target columns, %zu expressions for %zu targets",
                row->len, in->targets.len);
        str_add(out, many ? i ? ", (" : "(" : i ? " UNION ALL SELECT " : "SELECT ");
        for (size_t k = 0; k < row->len; k++) {
            const struct column_descriptor *c = in->targets.items[k];
            if (row->items[k]->kind != EXPR_DEFAULT && !dml_not_generated(tr, c, false))
                return false;
            const struct typed v = row->items[k]->kind == EXPR_DEFAULT ? dml_default(tr, c)
                : dml_assign(tr, translate_expr(tr, row->items[k], NULL), c);
            if (!v.sql)
                return false;
            if (many)
                str_add_f(out, k ? ", %s" : "%s", v.sql);
            else
                str_add_f(out, k ? ", %s AS k%zu" : "%s AS k%zu", v.sql, k);
        }
        str_add(out, many ? ")" : "");
        in->targets.len = row->len < in->targets.len ? row->len : in->targets.len;
    }
    str_add(out, many ? ")" : "");
    return true;
}

static bool insert_query(struct translator *tr, const struct ast_query *q, struct insert *in,
    struct str *out) {
    struct out_columns columns = {0};
    const char *sql = translate_query(tr, q, NULL, &columns);
    bool good = sql;
    if (good && columns.len > in->targets.len)
        good = result_fail(tr->r, "42601",
            "INSERT has more expressions than target columns, %zu expressions for %zu targets",
            columns.len, in->targets.len);
    str_add(out, "SELECT ");
    for (size_t k = 0; good && k < columns.len; k++) {
        struct typed from = {.sql = arena_printf(tr->arena, "q.k%zu", k), .type = columns.items[k].type};
        /* A constant in the list is text here; it becomes what the column is. */
        if (sqltype_is_text(&from.type) && !sqltype_is_text(&in->targets.items[k]->type))
            from = translate_cast(tr, from, in->targets.items[k]->type);
        if (!dml_not_generated(tr, in->targets.items[k], false))
            good = false;
        const struct typed v = dml_assign(tr, from, in->targets.items[k]);
        good = good && v.sql;
        str_add_f(out, k ? ", %s AS k%zu" : "%s AS k%zu", good ? v.sql : "", k);
    }
    str_add_f(out, " FROM (%s) AS q", good ? sql : "");
    if (good)
        in->targets.len = columns.len;
    vec_free(&columns);
    return good;
}

static bool insert_source(struct translator *tr, const struct ast_insert *st, struct insert *in) {
    struct str out = {0};
    bool good = true;
    if (!st->source) {
        in->targets.len = 0;
        str_add(&out, "SELECT 1 AS none");
    } else if (st->source->kind == QUERY_VALUES && !st->source->order.len && !st->source->limit &&
        !st->source->with) {
        good = insert_values(tr, &st->source->u.values, in, &out);
    } else {
        good = insert_query(tr, st->source, in, &out);
    }
    in->source = arena_strdup(tr->arena, str_get(&out));
    str_free(&out);
    return good;
}

static long target_of(const struct insert *in, const struct column_descriptor *c) {
    for (size_t i = 0; i < in->targets.len; i++)
        if (in->targets.items[i] == c)
            return (long)i;
    return -1;
}

static bool in_primary_key(const struct table_descriptor *t, int column) {
    for (size_t i = 0; t->indexes.len && i < t->indexes.items[0].keys.len; i++)
        if (t->indexes.items[0].keys.items[i].column == column && !t->indexes.items[0].keys.items[i].implicit)
            return true;
    return false;
}

static bool insert_middle(struct translator *tr, struct insert *in) {
    struct str out = {0};
    bool good = true;
    str_add(&out, "SELECT ");
    size_t n = 0;
    for (size_t i = 0; good && i < in->t->columns.len; i++) {
        const struct column_descriptor *c = &in->t->columns.items[i];
        const long k = target_of(in, c);
        if (c->computed)
            continue;
        if (k < 0 && !c->default_expr && in_primary_key(in->t, c->id)) {
            good = result_fail(tr->r, "23502", "missing \"%s\" primary key column", c->name);
            break;
        }
        const struct typed v = k >= 0 ? (struct typed){.sql = arena_printf(tr->arena, "src.k%ld", k)}
            : dml_default(tr, c);
        good = v.sql;
        str_add_f(&out, n++ ? ", %s AS c%d" : "%s AS c%d", good ? v.sql : "", c->id);
    }
    str_add_f(&out, " FROM (%s) AS src", in->source);
    in->middle = arena_strdup(tr->arena, str_get(&out));
    str_free(&out);
    return good;
}

static bool insert_into(struct translator *tr, const struct insert *in, struct str *out) {
    struct scope scope = {0};
    struct str values = {0};
    bool good = true;
    table_scope(tr, &scope, in->t, in->t->name, "m.");
    str_add_f(out, "INSERT INTO t%lld AS f (", (long long)in->t->id);
    for (size_t i = 0; good && i < in->t->columns.len; i++) {
        const struct column_descriptor *c = &in->t->columns.items[i];
        const struct typed v = c->computed ? dml_parse_expr(tr, c->computed, &scope, c->type)
            : (struct typed){.sql = arena_printf(tr->arena, "m.c%d", c->id)};
        good = v.sql;
        str_add_f(out, i ? ", c%d" : "c%d", c->id);
        str_add_f(&values, i ? ", %s" : "%s", good ? v.sql : "");
    }
    str_add_f(out, ") SELECT %s FROM (%s) AS m WHERE 1", str_get(&values), in->middle);
    str_free(&values);
    vec_free(&scope);
    return good;
}

static bool conflict_set(struct translator *tr, const struct ast_insert *st, const struct table_descriptor *t,
    struct str *out) {
    struct scope scope = {0};
    table_scope(tr, &scope, t, st->alias ? st->alias : t->name, "f.");
    const size_t own = scope.len;
    table_scope(tr, &scope, t, "excluded", "excluded.");
    for (size_t i = own; i < scope.len; i++)
        scope.items[i].hidden = true;
    const bool good = dml_assignments(tr, t, &st->set, &scope, out);
    if (good && st->set_where) {
        const struct typed w = translate_condition(tr, st->set_where, &scope, "WHERE");
        str_add_f(out, " WHERE %s", w.sql ? w.sql : "0");
    }
    vec_free(&scope);
    return good;
}

static void key_columns(const struct table_descriptor *t, struct str *out) {
    const struct index_descriptor *x = &t->indexes.items[0];
    const char *before = "";
    for (size_t i = 0; i < x->keys.len; i++)
        if (!x->keys.items[i].implicit) {
            str_add_f(out, "%sc%d", before, x->keys.items[i].column);
            before = ", ";
        }
}

/* UPSERT: where columns were named, those that were not keep their values. */
static bool is_kept(const struct insert *in, const struct column_descriptor *c) {
    return in->named && !c->computed && target_of(in, c) < 0;
}

static bool insert_conflict(struct translator *tr, const struct ast_insert *st, const struct insert *in,
    struct str *out) {
    if (st->upsert) {
        const char *before = "";
        struct scope scope = {0};
        table_scope(tr, &scope, in->t, in->t->name, "excluded.");
        for (size_t i = 0; i < in->t->columns.len; i++)
            if (is_kept(in, &in->t->columns.items[i]))
                scope.items[i].sql = arena_printf(tr->arena, "f.c%d", in->t->columns.items[i].id);
        str_add(out, " ON CONFLICT (");
        key_columns(in->t, out);
        str_add(out, ") DO UPDATE SET ");
        for (size_t i = 0; i < in->t->columns.len; i++) {
            const struct column_descriptor *c = &in->t->columns.items[i];
            const struct typed v = c->computed ? dml_parse_expr(tr, c->computed, &scope, c->type)
                : (struct typed){.sql = scope.items[i].sql};
            if (!is_kept(in, c))
                str_add_f(out, "%sc%d = %s", before, c->id, v.sql ? v.sql : "");
            before = is_kept(in, c) ? before : ", ";
        }
        vec_free(&scope);
        return !tr->r->failed;
    }
    if (st->conflict == CONFLICT_NONE)
        return true;
    str_add(out, " ON CONFLICT");
    for (size_t i = 0; i < st->conflict_columns.len; i++) {
        const struct column_descriptor *c = column_by_name(in->t, st->conflict_columns.items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", st->conflict_columns.items[i]);
        str_add_f(out, i ? ", c%d" : " (c%d", c->id);
    }
    str_add(out, st->conflict_columns.len ? ")" : "");
    if (st->conflict == CONFLICT_NOTHING) {
        str_add(out, " DO NOTHING");
        return true;
    }
    str_add(out, " DO UPDATE SET ");
    return conflict_set(tr, st, in->t, out);
}

bool dml_insert(struct translator *tr, const struct ast_insert *st, struct dml *d) {
    struct insert in = {.t = dml_table(tr, &st->table, PRIVILEGE_INSERT), .named = st->columns.len > 0};
    struct str out = {0};
    struct scope scope = {0};
    struct cte_entry *const ctes = tr->ctes;
    if (in.t)
        table_scope(tr, &scope, in.t, st->alias ? st->alias : in.t->name, "");
    bool good = in.t && translate_with(tr, st->with, NULL, &out);
    d->with = arena_strdup(tr->arena, str_get(&out));
    good = good && insert_targets(tr, st, &in) && insert_source(tr, st, &in) && insert_middle(tr, &in) &&
        insert_into(tr, &in, &out) && insert_conflict(tr, st, &in, &out) &&
        dml_returning(tr, in.t, st->has_returning ? &st->returning : NULL, &scope, &out, &d->columns);
    translate_forget(tr, ctes);
    vec_free(&scope);
    d->table = in.t;
    d->source = in.middle;
    d->tag = "INSERT 0";
    d->sql = good ? arena_strdup(tr->arena, str_get(&out)) : NULL;
    str_free(&out);
    vec_free(&in.targets);
    return good;
}
