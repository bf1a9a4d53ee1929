/* ddl_alter: ALTER TABLE: columns, constraints, names, and the table's locality. */
#include "ddl.h"
#include "dml.h"
#include "descriptor_private.h"

#include "domicile/base/mem.h"
#include "domicile/cluster/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* From this version on, the declarative schema changer changes primary keys, without a word. */
enum { COMPAT_DECLARATIVE = 2301 };

/* Whether any row has NULL in a column. */
static bool has_null(struct translator *tr, const struct table_descriptor *t, int column) {
    struct result *r = result_new();
    struct out_columns columns = {0};
    const struct out_column c = {.name = "n", .type = sqltype_of(TYPE_INT8)};
    vec_push(&columns, c);
    engine_columns(r, &columns);
    engine_rows(tr->es, NULL, arena_printf(tr->arena, "SELECT 1 FROM t%" PRId64 " WHERE c%d IS NULL LIMIT 1",
        t->id, column),
        &columns, NULL, 0, r);
    const bool found = r->rows.len;
    vec_free(&columns);
    result_free(r);
    return found;
}

/* 26.1 writes the primary index anew for a column with values; the old one's id is gone, as is a temporary's. */
static void renumber_primary(struct translator *tr, struct table_descriptor *t) {
    if (!t->indexes.len)
        return;
    t->indexes.items[0].id = t->next_index++;
    t->indexes.items[0].created = 0;
    if (tr->engine->compat >= 2601)
        t->next_index++;
}

static bool fill_column(struct translator *tr, struct table_descriptor *t,
    const struct column_descriptor *c) {
    struct scope scope = {0};
    table_scope(tr, &scope, t, t->name, "");
    const char *text = c->computed ? c->computed : c->default_expr;
    const struct typed v = dml_parse_expr(tr, text, c->computed ? &scope : NULL, c->type);
    vec_free(&scope);
    return v.sql && engine_exec(tr->es, arena_printf(tr->arena, "UPDATE t%" PRId64 " SET c%d = %s", t->id,
        c->id, v.sql), tr->r);
}

static bool add_column(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    if (column_by_name(t, cmd->add->name) && cmd->if_not_exists)
        return true;
    const size_t before = t->columns.len;
    if (!ddl_add_column(tr, t, cmd->add) || !ddl_column_family(tr, t, cmd->add)) {
        if (t->columns.len > before)
            column_descriptor_clear(&t->columns.items[--t->columns.len]);
        return false;
    }
    struct column_descriptor *c = &t->columns.items[t->columns.len - 1];
    const bool nullable = c->nullable, values = c->computed || c->default_expr;
    c->nullable = true;
    bool good = ddl_follow_table(tr, t) && (!values || fill_column(tr, t, c));
    if (good && !nullable && has_null(tr, t, c->id))
        good = result_fail(tr->r, "23502", "null value in column \"%s\" violates not-null constraint",
            c->name);
    c->nullable = nullable;
    if (good && values && tr->engine->compat >= 2601)
        renumber_primary(tr, t);
    for (size_t i = 0; good && i < cmd->add->constraints.len; i++) {
        struct ast_constraint k = cmd->add->constraints.items[i];
        const char *name = cmd->add->name;
        if (k.kind == CONSTRAINT_FOREIGN_KEY && !k.columns.len)
            k.columns = (struct ast_words){.items = &name, .len = 1};
        good = ddl_add_constraint(tr, t, &k, tr->r);
    }
    if (good && cmd->add->unique) {
        struct ast_index_column column = {.column = cmd->add->name};
        const struct ast_constraint k = {.kind = CONSTRAINT_UNIQUE, .index = {.columns = {.items = &column,
            .len = 1}}};
        good = ddl_add_constraint(tr, t, &k, tr->r);
    }
    good = good && ddl_follow_table(tr, t);
    if (good)
        ddl_jobs(tr, 1, tr->engine->compat >= 2601 ? "NEW SCHEMA CHANGE" : "SCHEMA CHANGE",
            "ALTER TABLE %s ADD COLUMN %s",
            t->name, cmd->add->name);
    return good;
}

static struct column_descriptor *find_column(struct translator *tr, struct table_descriptor *t,
    const char *name) {
    struct column_descriptor *c = column_by_name(t, name);
    if (!c)
        result_fail(tr->r, "42703", "column \"%s\" does not exist", name);
    return c;
}

static bool drop_column(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    if (!column_by_name(t, cmd->column) && cmd->if_exists)
        return true;
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    const int id = c->id;
    if (t->locality == TABLE_LOCALITY_BY_ROW && id == t->region_column) {
        result_fail(tr->r, "42P10",
            "cannot drop column %s as it is used to store the region in a REGIONAL BY ROW table", cmd->column);
        return result_hint(tr->r, "You must change the table locality before dropping this column");
    }
    if (variable_on(tr->es->session, "sql_safe_updates"))
        return result_fail(tr->r, "01000",
            "rejected (sql_safe_updates = true): ALTER TABLE DROP COLUMN will remove all data in "
            "that column");
    for (size_t i = 0; i < t->indexes.items[0].keys.len; i++)
        if (t->indexes.items[0].keys.items[i].column == id)
            return result_fail(tr->r, "42P10", "column \"%s\" is referenced by the primary key", cmd->column);
    for (size_t i = 1; i < t->indexes.len;) {
        bool uses = false;
        for (size_t k = 0; k < t->indexes.items[i].keys.len; k++)
            uses = uses || t->indexes.items[i].keys.items[k].column == id;
        if (uses)
            index_remove(t, t->indexes.items[i].id);
        else
            i++;
    }
    column_descriptor_clear(c);
    memmove(c, c + 1, (size_t)(&t->columns.items[t->columns.len] - (c + 1)) * sizeof *c);
    t->columns.len--;
    if (!ddl_follow_table(tr, t))
        return false;
    ddl_jobs(tr, 1, "SCHEMA CHANGE", "ALTER TABLE %s DROP COLUMN %s", t->name, cmd->column);
    return true;
}

static bool set_not_null(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    if (has_null(tr, t, c->id))
        return result_fail(tr->r, "23514",
            "validation of NOT NULL constraint failed: validation of CHECK \"%s IS NOT NULL\" "
            "failed", c->name);
    c->nullable = false;
    ddl_jobs(tr, 1, tr->engine->compat >= 2601 ? "NEW SCHEMA CHANGE" : "SCHEMA CHANGE",
        "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", t->name, c->name);
    return true;
}

static bool set_default(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    free(c->default_expr);
    c->default_expr = cmd->kind == ALTER_SET_DEFAULT && cmd->expr ? mem_strdup(ddl_annotated(tr, cmd->expr,
        t, c->type)) : NULL;
    return true;
}

static bool set_on_update(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    free(c->on_update);
    c->on_update = cmd->kind == ALTER_SET_ON_UPDATE && cmd->expr ? mem_strdup(ddl_annotated(tr, cmd->expr, t, c->type))
        : NULL;
    return true;
}

static bool drop_constraint(struct translator *tr, struct table_descriptor *t,
    const struct ast_alter_cmd *cmd) {
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        if (str_eq(t->foreign_keys.items[i].name, cmd->column)) {
            free(t->foreign_keys.items[i].name);
            vec_free(&t->foreign_keys.items[i].columns);
            vec_free(&t->foreign_keys.items[i].references);
            t->foreign_keys.items[i] = t->foreign_keys.items[--t->foreign_keys.len];
            return true;
        }
    for (size_t i = 0; i < t->checks.len; i++)
        if (str_eq(t->checks.items[i].name, cmd->column)) {
            free(t->checks.items[i].name);
            free(t->checks.items[i].expr);
            t->checks.items[i] = t->checks.items[--t->checks.len];
            return true;
        }
    const struct index_descriptor *x = index_by_name(t, cmd->column);
    if (x == &t->indexes.items[0])
        return ddl_unimplemented(
            tr, 48026, "primary key dropped without subsequent addition of new primary key in same transaction");
    if (x && x->unique && !x->explicit)
        return ddl_unimplemented(tr, 42840,
            "cannot drop UNIQUE constraint \"%s\" using ALTER TABLE DROP CONSTRAINT, use DROP "
            "INDEX CASCADE instead",
            x->name);
    return cmd->if_exists || result_fail(tr->r, "42704",
        "constraint \"%s\" of relation \"%s\" does not exist", cmd->column,
        t->name);
}

static bool rename_column(struct translator *tr, struct table_descriptor *t,
    const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    if (column_by_name(t, cmd->new_name))
        return result_fail(tr->r, "42701", "column \"%s\" of relation \"%s\" already exists", cmd->new_name,
            t->name);
    ddl_rename_in(t, c->name, cmd->new_name);
    free(c->name);
    c->name = mem_strdup(cmd->new_name);
    if (t->locality == TABLE_LOCALITY_BY_ROW && c->id == t->region_column)
        t->region_as = true;
    return true;
}

static bool rename_constraint(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    char **name = NULL;
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        if (str_eq(t->foreign_keys.items[i].name, cmd->column))
            name = &t->foreign_keys.items[i].name;
    for (size_t i = 0; i < t->checks.len; i++)
        if (str_eq(t->checks.items[i].name, cmd->column))
            name = &t->checks.items[i].name;
    for (size_t i = 0; i < t->indexes.len; i++)
        if ((i == 0 || t->indexes.items[i].unique) && str_eq(t->indexes.items[i].name, cmd->column))
            name = &t->indexes.items[i].name;
    if (!name)
        return result_fail(tr->r, "42704", "constraint \"%s\" of relation \"%s\" does not exist", cmd->column, t->name);
    if (ddl_name_taken(t, cmd->new_name))
        return result_fail(tr->r, "42710", "duplicate constraint name: \"%s\"", cmd->new_name);
    free(*name);
    *name = mem_strdup(cmd->new_name);
    return true;
}

static void renumber(int *items, size_t n, int from, int to) {
    for (size_t i = 0; i < n; i++)
        if (items[i] == from)
            items[i] = to;
}

/* A column's id where the table's indexes and references have it. */
static void renumber_column(struct translator *tr, struct table_descriptor *t, int from, int to) {
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct index_descriptor *x = &t->indexes.items[i];
        for (size_t k = 0; k < x->keys.len; k++)
            renumber(&x->keys.items[k].column, 1, from, to);
        renumber(x->storing.items, x->storing.len, from, to);
    }
    const struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < d->tables.items[i]->foreign_keys.len; k++) {
            struct foreign_key *f = &d->tables.items[i]->foreign_keys.items[k];
            if (d->tables.items[i] == t)
                renumber(f->columns.items, f->columns.len, from, to);
            if (f->table == t->id)
                renumber(f->references.items, f->references.len, from, to);
        }
}

/* The rows' values become the new type's, by USING or by a cast. */
static bool set_type(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    struct sqltype type;
    if (!c || !translate_type(tr, cmd->type, &type))
        return false;
    if (c->computed || c->id == t->region_column)
        return result_unsupported(tr->r, "changing the type of this column");
    struct scope scope = {0};
    table_scope(tr, &scope, t, t->name, "");
    const struct typed old = {.sql = arena_printf(tr->arena, "c%d", c->id), .type = c->type};
    const struct typed v = translate_cast(tr, cmd->expr ? translate_expr(tr, cmd->expr, &scope) : old, type);
    vec_free(&scope);
    if (!v.sql)
        return false;
    /* SQLite cannot change how a column keeps values: they move to a new one. */
    const bool nullable = c->nullable;
    renumber_column(tr, t, c->id, t->next_column);
    c->id = t->next_column++;
    c->type = type;
    c->nullable = true;
    if (!ddl_follow_table(tr, t) ||
        !engine_exec(tr->es, arena_printf(tr->arena, "UPDATE t%" PRId64 " SET c%d = %s", t->id, c->id, v.sql), tr->r))
        return false;
    c->nullable = nullable;
    ddl_jobs(tr, 1, "SCHEMA CHANGE", "ALTER TABLE %s ALTER COLUMN %s TYPE", t->name, c->name);
    return true;
}

static bool rename_table(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    if (table_by_name(tr->engine->descriptors, t->database, t->schema, cmd->new_name))
        return result_fail(tr->r, "42P07", "relation \"%s\" already exists", cmd->new_name);
    free(t->name);
    t->name = mem_strdup(cmd->new_name);
    return true;
}

bool ddl_set_param(struct translator *tr, struct table_descriptor *t, const struct ast_option *o, bool reset) {
    const struct ast_expr *v = o->value;
    if (!str_eq(o->name, "schema_locked") || tr->engine->compat < 2503)
        return result_fail(tr->r, "22023", "invalid storage parameter \"%s\"", o->name);
    t->schema_locked = !reset && !(v && ((v->kind == EXPR_BOOL && !v->u.boolean) ||
        (v->kind == EXPR_STRING && str_eq(v->u.string.bytes, "false"))));
    return true;
}

static bool set_params(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    for (size_t i = 0; i < cmd->params.len; i++)
        if (!ddl_set_param(tr, t, &cmd->params.items[i], cmd->kind == ALTER_RESET_PARAMS))
            return false;
    if (cmd->kind == ALTER_SET_PARAMS)
        ddl_jobs(tr, 1, "NEW SCHEMA CHANGE", "ALTER TABLE %s SET (schema_locked = %s)", t->name,
            t->schema_locked ? "true" : "false");
    else
        ddl_jobs(tr, 1, "NEW SCHEMA CHANGE", "ALTER TABLE %s RESET (schema_locked)", t->name);
    return true;
}

/* ---- the primary key ---- */

static bool same_key(const struct table_descriptor *t, const struct ast_index *x) {
    const struct index_descriptor *primary = &t->indexes.items[0];
    size_t n = 0;
    for (size_t i = 0; i < primary->keys.len; i++) {
        const struct index_key *k = &primary->keys.items[i];
        const struct column_descriptor *c = column_by_id(t, k->column);
        if (k->implicit)
            continue;
        if (n >= x->columns.len || !c || !str_eq(c->name, x->columns.items[n].column) ||
            k->descending != x->columns.items[n].descending)
            return false;
        n++;
    }
    return n == x->columns.len;
}

/* The old primary key goes on as a unique index, unless it was the hidden one. */
static void keep_old_key(struct translator *tr, struct table_descriptor *t) {
    struct index_descriptor old = {.unique = true};
    struct str names = {0};
    const struct index_descriptor *primary = &t->indexes.items[0];
    for (size_t i = 0; i < primary->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, primary->keys.items[i].column);
        if (primary->keys.items[i].implicit || !c)
            continue;
        str_add_f(&names, old.keys.len ? "_%s" : "%s", c->name);
        vec_push(&old.keys, primary->keys.items[i]);
    }
    old.name = mem_strdup(ddl_free_name(tr, t, str_get(&names), "key"));
    str_free(&names);
    vec_push(&t->indexes, old);
    memmove(&t->indexes.items[2], &t->indexes.items[1], (t->indexes.len - 2) * sizeof old);
    t->indexes.items[1] = old;
}

/* name: the new one of the constraint; NULL: as before. dropped: the old key does not go on as a unique index. */
static bool alter_primary_key(
    struct translator *tr, struct table_descriptor *t, const struct ast_index *x, const char *name, bool dropped) {
    struct index_descriptor fresh = {.unique = true};
    if (x->hash)
        return result_unsupported(tr->r, "a hash-sharded index");
    for (size_t i = 0; i < x->columns.len; i++) {
        const struct column_descriptor *c = x->columns.items[i].column ? find_column(tr, t, x->columns.items[i].column)
            : NULL;
        if (!c)
            return tr->r->failed ? false : result_unsupported(tr->r, "a primary key on an expression");
        if (c->nullable)
            return result_fail(tr->r, "42P15", "cannot use nullable column \"%s\" in primary key", c->name);
    }
    if (same_key(t, x))
        return true;
    if (!ddl_key_may_change(tr, t, "primary key"))
        return false;
    if (t->has_key && !dropped)
        keep_old_key(tr, t);
    for (size_t i = 0; i < x->columns.len; i++) {
        const struct index_key key = {.column = column_by_name(t, x->columns.items[i].column)->id,
            .descending = x->columns.items[i].descending};
        vec_push(&fresh.keys, key);
    }
    vec_free(&t->indexes.items[0].keys);
    t->indexes.items[0].keys.items = fresh.keys.items;
    t->indexes.items[0].keys.len = fresh.keys.len;
    t->indexes.items[0].keys.cap = fresh.keys.cap;
    if (name) {
        free(t->indexes.items[0].name);
        t->indexes.items[0].name = mem_strdup(name);
    }
    t->has_key = true;
    ddl_new_primary(tr, t, t->locality == TABLE_LOCALITY_BY_ROW ? t->region_column : 0);
    if (!ddl_follow_table(tr, t))
        return false;
    if (tr->engine->compat < COMPAT_DECLARATIVE)
        result_notice(tr->r,
            "primary key changes will be finalized asynchronously; further schema changes on this table "
            "may be restricted until the job completes");
    ddl_jobs(tr, 1, tr->engine->compat >= 2601 ? "NEW SCHEMA CHANGE" : "SCHEMA CHANGE",
        "ALTER TABLE %s ALTER PRIMARY KEY", t->name);
    return true;
}

/* ADD CONSTRAINT ... PRIMARY KEY, where the key that there is was the hidden one, or was dropped just before. */
static bool replaces_key(const struct table_descriptor *t, const struct ast_alter_table *st, size_t at) {
    const struct ast_alter_cmd *cmd = &st->cmds.items[at];
    if (cmd->kind != ALTER_ADD_CONSTRAINT || cmd->constraint->kind != CONSTRAINT_PRIMARY)
        return false;
    for (size_t i = 0; i < at; i++)
        if (st->cmds.items[i].kind == ALTER_DROP_CONSTRAINT &&
            str_eq(st->cmds.items[i].column, t->indexes.items[0].name))
            return true;
    return !t->has_key;
}

/* DROP CONSTRAINT of the primary key, with the new one to come. */
static bool key_follows(const struct table_descriptor *t, const struct ast_alter_table *st, size_t at) {
    if (st->cmds.items[at].kind != ALTER_DROP_CONSTRAINT ||
        !str_eq(st->cmds.items[at].column, t->indexes.items[0].name))
        return false;
    for (size_t i = at + 1; i < st->cmds.len; i++)
        if (st->cmds.items[i].kind == ALTER_ADD_CONSTRAINT && st->cmds.items[i].constraint->kind == CONSTRAINT_PRIMARY)
            return true;
    return false;
}

/* ---- locality ---- */

void ddl_new_primary(struct translator *tr, struct table_descriptor *t, int region_column) {
    renumber_primary(tr, t);
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct index_descriptor *x = &t->indexes.items[i];
        if (i) {
            x->id = t->next_index++;
            x->created = 0;
        }
        if (x->keys.len && x->keys.items[0].implicit) {
            memmove(&x->keys.items[0], &x->keys.items[1], (x->keys.len - 1) * sizeof *x->keys.items);
            x->keys.len--;
        }
        if (!region_column || (x->keys.len && x->keys.items[0].column == region_column))
            continue;
        const struct index_key key = {.column = region_column, .implicit = true};
        vec_push(&x->keys, key);
        memmove(&x->keys.items[1], &x->keys.items[0], (x->keys.len - 1) * sizeof *x->keys.items);
        x->keys.items[0] = key;
    }
}

/* The hidden column of REGIONAL BY ROW without AS: rows that there are belong to the primary region. */
static bool add_crdb_region(struct translator *tr, struct table_descriptor *t,
    struct database_descriptor *db) {
    struct sqltype type = sqltype_of(TYPE_USER);
    type.user = db->region_type;
    struct column_descriptor *c = column_add(t, "crdb_region", type);
    c->hidden = true;
    c->default_expr = mem_strdup("default_to_database_primary_region(gateway_region())::public.crdb_internal_region");
    if (variable_on(tr->es->session, "enable_auto_rehoming") ||
        variable_on(tr->es->session, "experimental_enable_auto_rehoming"))
        c->on_update = mem_strdup("rehome_row()::public.crdb_internal_region");
    if (!ddl_follow_table(tr, t))
        return false;
    c = &t->columns.items[t->columns.len - 1];
    const char *primary = translate_text_literal(tr, db->primary_region, strlen(db->primary_region));
    if (!engine_exec(tr->es, arena_printf(tr->arena, "UPDATE t%" PRId64 " SET c%d = %s", t->id, c->id,
        primary), tr->r))
        return false;
    c->nullable = false;
    return true;
}

static bool by_row(struct translator *tr, struct table_descriptor *t, struct database_descriptor *db,
    const struct ast_locality *l) {
    const char *name = l->column ? l->column : "crdb_region";
    if (!l->column && !column_by_name(t, name) && !add_crdb_region(tr, t, db))
        return false;
    const struct column_descriptor *c = column_by_name(t, name);
    if (!c)
        return result_fail(tr->r, "42703", "column \"%s\" does not exist", name);
    if (c->type.base != TYPE_USER || c->type.user != db->region_type) {
        return result_fail(tr->r, "42P16",
            "cannot use column %s for REGIONAL BY ROW table as it does not have the crdb_internal_region "
                "type", name);
    }
    if (c->nullable) {
        result_fail(tr->r, "42P16",
            "cannot use column %s for REGIONAL BY ROW table as it may contain NULL values", name);
        return result_hint(tr->r,
            "Add the NOT NULL constraint first using ALTER TABLE %s ALTER COLUMN %s SET NOT NULL.", t->name,
            name);
    }
    t->region_column = c->id;
    t->region_as = l->column != NULL;
    ddl_new_primary(tr, t, c->id);
    t->locality = TABLE_LOCALITY_BY_ROW;
    return true;
}

bool ddl_set_locality_of(struct translator *tr, struct table_descriptor *t, const struct ast_locality *l) {
    struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    if (!db->primary_region) {
        result_fail(tr->r, "42P16",
            "cannot alter a table's LOCALITY if its database is not multi-region enabled");
        return result_hint(tr->r,
            "database must first be multi-region enabled using ALTER DATABASE ... SET PRIMARY REGION "
            "<region>");
    }
    if (l->kind == LOCALITY_TABLE_IN && !database_has_region(db, l->region)) {
        struct str regions = {0};
        const struct type_descriptor *type = type_by_id(tr->engine->descriptors, db->region_type);
        for (size_t i = 0; type && i < type->labels.len; i++)
            str_add_f(&regions, i ? ", %s" : "%s", type->labels.items[i].name);
        result_fail(tr->r, "42P16",
            "relation \"%s\" (%" PRId64 "): invalid locality config: region \"%s\" has not been added to "
                "database \"%s\"",
            t->name, t->id, l->region, db->name);
        result_hint(tr->r, "available regions: %s", str_get(&regions));
        str_free(&regions);
        return false;
    }
    if (l->kind == LOCALITY_ROW)
        return by_row(tr, t, db, l);
    if (t->locality == TABLE_LOCALITY_BY_ROW)
        ddl_new_primary(tr, t, 0);
    t->region_column = 0;
    t->region_as = false;
    t->locality = l->kind == LOCALITY_GLOBAL ? TABLE_LOCALITY_GLOBAL : TABLE_LOCALITY_BY_TABLE;
    free(t->home);
    t->home = l->kind == LOCALITY_TABLE_IN ? mem_strdup(l->region) : NULL;
    return true;
}

/* What was configured by hand is overwritten only where that is wanted. */
static bool zones_unmodified(struct translator *tr, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    struct database rules = {0};
    struct zone derived = {0};
    if (!db->primary_region)
        return true;
    database_for_rules(&rules, tr->engine->descriptors, db);
    rules_table(&derived, &(struct rules_input){&rules, tr->engine->compat}, t->locality, t->home, NULL);
    const bool good = ddl_zone_unmodified(tr, "table", t->name, &t->zones, &derived);
    database_free(&rules);
    zone_free(&derived);
    return good;
}

/* From this version on sql_safe_updates keeps tables from getting their region column on the way. */
enum { BY_ROW_IS_UNSAFE = 2504 };

static bool set_locality(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    if (db->primary_region && !ddl_unlocked(tr, t))
        return false;
    const bool was_row = t->locality == TABLE_LOCALITY_BY_ROW;
    if ((was_row || cmd->locality.kind == LOCALITY_ROW) && !ddl_key_may_change(tr, t, "locality"))
        return false;
    if (!zones_unmodified(tr, t))
        return false;
    if (tr->engine->compat >= BY_ROW_IS_UNSAFE && db->primary_region && cmd->locality.kind == LOCALITY_ROW &&
        !cmd->locality.column && !column_by_name(t, "crdb_region") && variable_on(tr->es->session, "sql_safe_updates"))
        return result_fail(tr->r, "42P16", "cannot convert table to REGIONAL BY ROW with sql_safe_updates enabled");
    if (!ddl_set_locality_of(tr, t, &cmd->locality))
        return false;
    ddl_zone_derived(&t->zones);
    if (!ddl_zones_sound(tr, db))
        return false;
    ddl_jobs(tr, 1, "SCHEMA CHANGE", "ALTER TABLE %s SET LOCALITY", t->name);
    if (cmd->locality.kind == LOCALITY_ROW || was_row)
        tr->es->asynchronous = true;
    return true;
}

static enum ddl_change change_of(const struct ast_alter_cmd *cmd, bool was_row) {
    switch (cmd->kind) {
    case ALTER_ADD_COLUMN:
    case ALTER_DROP_COLUMN:
    case ALTER_ADD_CONSTRAINT:
    case ALTER_DROP_CONSTRAINT: return CHANGE_COLUMN;
    case ALTER_SET_NOT_NULL: return CHANGE_NOT_NULL;
    case ALTER_PRIMARY_KEY: return CHANGE_PRIMARY_KEY;
    case ALTER_SET_LOCALITY:
        return was_row || cmd->locality.kind == LOCALITY_ROW ? CHANGE_PRIMARY_KEY : CHANGE_SETTING;
    default: return CHANGE_SETTING;
    }
}

static bool drop_not_null(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c = find_column(tr, t, cmd->column);
    if (!c)
        return false;
    for (size_t i = 0; i < t->indexes.items[0].keys.len; i++)
        if (t->indexes.items[0].keys.items[i].column == c->id)
            return result_fail(tr->r, "42P16", "column \"%s\" is in a primary index", c->name);
    c->nullable = true;
    return true;
}

static bool alter(struct translator *tr, struct table_descriptor *t, const struct ast_alter_cmd *cmd) {
    struct column_descriptor *c;
    switch (cmd->kind) {
    case ALTER_ADD_COLUMN: return add_column(tr, t, cmd);
    case ALTER_DROP_COLUMN: return drop_column(tr, t, cmd);
    case ALTER_SET_NOT_NULL: return set_not_null(tr, t, cmd);
    case ALTER_DROP_NOT_NULL: return drop_not_null(tr, t, cmd);
    case ALTER_SET_VISIBLE:
    case ALTER_SET_NOT_VISIBLE:
        if (!(c = find_column(tr, t, cmd->column)))
            return false;
        c->hidden = cmd->kind == ALTER_SET_NOT_VISIBLE;
        return true;
    case ALTER_SET_DEFAULT:
    case ALTER_DROP_DEFAULT: return set_default(tr, t, cmd);
    case ALTER_ADD_CONSTRAINT: return ddl_add_constraint(tr, t, cmd->constraint, tr->r);
    case ALTER_DROP_CONSTRAINT: return drop_constraint(tr, t, cmd);
    case ALTER_VALIDATE_CONSTRAINT: return true;
    case ALTER_RENAME_COLUMN: return rename_column(tr, t, cmd);
    case ALTER_RENAME_TABLE: return rename_table(tr, t, cmd);
    case ALTER_RENAME_CONSTRAINT: return rename_constraint(tr, t, cmd);
    case ALTER_SET_TYPE: return set_type(tr, t, cmd);
    case ALTER_SET_ON_UPDATE:
    case ALTER_DROP_ON_UPDATE: return set_on_update(tr, t, cmd);
    case ALTER_SET_LOCALITY: return set_locality(tr, t, cmd);
    case ALTER_PRIMARY_KEY: return alter_primary_key(tr, t, &cmd->constraint->index, NULL, false);
    case ALTER_PARTITION_BY:
        return t->locality == TABLE_LOCALITY_NONE ? result_unsupported(tr->r, "PARTITION BY")
            : result_fail(tr->r, "0A000", "cannot set PARTITION BY on a table in a multi-region enabled database");
    case ALTER_SET_PARAMS:
    case ALTER_RESET_PARAMS: return set_params(tr, t, cmd);
    case ALTER_OWNER:
        if (!users_exists(tr->engine->users, cmd->new_name))
            return result_fail(tr->r, "42704", "role/user \"%s\" does not exist", cmd->new_name);
        free(t->owner);
        t->owner = mem_strdup(cmd->new_name);
        return true;
    default: return result_unsupported(tr->r, "this form of ALTER TABLE");
    }
}

bool ddl_alter_table(struct translator *tr, const struct ast_alter_table *st, struct result *r) {
    struct table_descriptor *t = engine_table(tr, &st->name, st->if_exists);
    if (!t)
        return st->if_exists && !r->failed;
    if (st->index && st->cmds.len && st->cmds.items[0].kind == ALTER_PARTITION_BY && t->locality != TABLE_LOCALITY_NONE)
        return result_fail(r, "0A000",
            "cannot change the partitioning of an index if the table is part of a multi-region database");
    if (!ddl_may_change(tr, t))
        return false;
    for (size_t i = 0; i < st->cmds.len; i++) {
        const bool was_row = t->locality == TABLE_LOCALITY_BY_ROW;
        const struct ast_constraint *c = st->cmds.items[i].constraint;
        if (key_follows(t, st, i))
            continue;
        if (replaces_key(t, st, i) ? !alter_primary_key(tr, t, &c->index, c->name, true)
            : !alter(tr, t, &st->cmds.items[i]))
            return false;
        const enum ddl_change change = change_of(&st->cmds.items[i], was_row);
        ddl_touch(tr, t, change);
        if (change == CHANGE_COLUMN || change == CHANGE_NOT_NULL)
            ddl_mutates(tr, t);
    }
    return ddl_follow_table(tr, t);
}
