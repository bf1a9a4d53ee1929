/* ddl_follow: SQLite's side of a table: columns, unique indexes, and triggers that hold its constraints. */
#include "ddl.h"
#include "dml.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *affinity(const struct sqltype *t) {
    if (t->array)
        return "TEXT";
    switch (t->base) {
    case TYPE_BOOL: case TYPE_INT2: case TYPE_INT4: case TYPE_INT8: case TYPE_OID: return "INTEGER";
    case TYPE_FLOAT4: case TYPE_FLOAT8: return "REAL";
    case TYPE_DECIMAL: return "TEXT COLLATE DECIMAL";
    default: return "TEXT";
    }
}

static bool has_column(struct engine_session *es, int64_t table, int column) {
    sqlite3_stmt *st = NULL;
    char *sql = mem_printf("SELECT c%d FROM t%" PRId64 " LIMIT 0", column, table);
    const bool found = sqlite3_prepare_v2(es->db, sql, -1, &st, NULL) == SQLITE_OK;
    sqlite3_finalize(st);
    free(sql);
    return found;
}

static bool follow_columns(struct engine_session *es, const struct table_descriptor *t, struct result *r) {
    struct str sql = {0};
    bool good = true;
    str_add_f(&sql, "CREATE TABLE IF NOT EXISTS t%" PRId64 " (", t->id);
    for (size_t i = 0; i < t->columns.len; i++)
        str_add_f(&sql, i ? ", c%d %s" : "c%d %s", t->columns.items[i].id,
            affinity(&t->columns.items[i].type));
    str_add(&sql, ")");
    good = engine_exec(es, str_get(&sql), r);
    for (size_t i = 0; good && i < t->columns.len; i++)
        if (!has_column(es, t->id, t->columns.items[i].id)) {
            str_clear(&sql);
            str_add_f(&sql, "ALTER TABLE t%" PRId64 " ADD COLUMN c%d %s", t->id, t->columns.items[i].id,
                affinity(&t->columns.items[i].type));
            good = engine_exec(es, str_get(&sql), r);
        }
    str_free(&sql);
    return good;
}

/* Drops SQLite's own objects of this table whose names begin so. */
static bool drop_objects(struct engine_session *es, const char *type, int64_t table, struct result *r) {
    sqlite3_stmt *st = NULL;
    struct str sql = {0};
    char *query = mem_printf("SELECT name FROM sqlite_master WHERE type = '%s' AND name LIKE "
        "'t%" PRId64 "\\_%%' ESCAPE '\\'",
        type, table);
    if (sqlite3_prepare_v2(es->db, query, -1, &st, NULL) == SQLITE_OK)
        while (sqlite3_step(st) == SQLITE_ROW)
            str_add_f(&sql, "DROP %s %s;", type, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    free(query);
    const bool good = engine_exec(es, str_get(&sql), r);
    str_free(&sql);
    return good;
}

/* Of a partial index, as SQLite's; NULL with the error. */
static const char *condition(struct translator *tr, const struct table_descriptor *t, const char *where) {
    struct scope scope = {0};
    table_scope(tr, &scope, t, t->name, "");
    const struct typed e = dml_parse_expr(tr, where, &scope, sqltype_of(TYPE_BOOL));
    vec_free(&scope);
    return e.sql;
}

/* The first values that stand in the way of a unique index. */
static void duplicate_detail(
    struct translator *tr, const struct table_descriptor *t, const struct index_descriptor *x) {
    struct out_columns columns = {0};
    struct str list = {0}, names = {0}, values = {0}, sql = {0};
    for (size_t i = 0; i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, x->keys.items[i].column);
        if (x->keys.items[i].implicit || !c)
            continue;
        const struct out_column out = {.name = c->name, .type = c->type};
        str_add_f(&list, columns.len ? ", c%d" : "c%d", c->id);
        str_add_f(&names, columns.len ? ", %s" : "%s", c->name);
        vec_push(&columns, out);
    }
    str_add_f(&sql, "SELECT %s FROM t%" PRId64 " GROUP BY %s HAVING count(*) > 1 LIMIT 1", str_get(&list), t->id,
        str_get(&list));
    struct result *found = result_new();
    engine_columns(found, &columns);
    if (columns.len && engine_rows(tr->es, NULL, str_get(&sql), &columns, NULL, 0, found) && found->rows.len) {
        for (size_t i = 0; i < columns.len; i++) {
            const char *cell = found->rows.items[0][i];
            str_add_f(&values, sqltype_is_number(&columns.items[i].type) ? "%s%s" : "%s'%s'", i ? ", " : "",
                cell ? cell : "NULL");
        }
        result_detail(tr->r, "Key (%s)=(%s) already exists.", str_get(&names), str_get(&values));
    }
    result_free(found);
    vec_free(&columns);
    str_free(&list);
    str_free(&names);
    str_free(&values);
    str_free(&sql);
}

static bool follow_indexes(struct translator *tr, const struct table_descriptor *t) {
    struct engine_session *es = tr->es;
    struct result *r = tr->r;
    struct str sql = {0};
    for (size_t i = 0; i < t->indexes.len; i++) {
        const struct index_descriptor *x = &t->indexes.items[i];
        const char *before = "";
        const char *where = NULL;
        if (x->where && (!x->unique || !(where = condition(tr, t, x->where))))
            continue;
        str_add_f(&sql, "CREATE %sINDEX t%" PRId64 "_i%d ON t%" PRId64 " (", x->unique ? "UNIQUE " : "",
            t->id, x->id, t->id);
        for (size_t k = 0; k < x->keys.len; k++)
            if (!x->keys.items[k].implicit) {
                str_add_f(&sql, "%sc%d", before, x->keys.items[k].column);
                before = ", ";
            }
        str_add_f(&sql, where ? ") WHERE %s;" : ");", where ? where : "");
    }
    const bool good = !r->failed && drop_objects(es, "index", t->id, r) && engine_exec(es, str_get(&sql), r);
    for (size_t i = 0; !good && r->error.constraint && i < t->indexes.len; i++)
        if (str_eq(t->indexes.items[i].name, r->error.constraint))
            duplicate_detail(tr, t, &t->indexes.items[i]);
    str_free(&sql);
    return good;
}

/* 'text' for RAISE: quotes doubled. */
static void add_raise(struct str *out, const char *sqlstate, const char *message, const char *detail,
    const char *constraint) {
    str_add_f(out, "SELECT RAISE(ABORT, '#%s#", sqlstate);
    for (const char *p = message; *p; p++)
        str_add_f(out, *p == '\'' ? "''" : "%c", *p);
    str_add_f(out, "\x01%s\x01%s')", detail, constraint);
}

static void not_null(const struct table_descriptor *t, struct str *out) {
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        if (c->nullable)
            continue;
        char *message = mem_printf("null value in column \"%s\" violates not-null constraint", c->name);
        str_add_f(out, "SELECT RAISE(ABORT, '#23502#%s') WHERE NEW.c%d IS NULL; ", message, c->id);
        free(message);
    }
}

static bool checks(struct translator *tr, const struct table_descriptor *t, struct str *out) {
    struct scope scope = {0};
    bool good = true;
    table_scope(tr, &scope, t, t->name, "NEW.");
    for (size_t i = 0; good && i < t->checks.len; i++) {
        const struct typed e = dml_parse_expr(tr, t->checks.items[i].expr, &scope, sqltype_of(TYPE_BOOL));
        char *message = mem_printf("failed to satisfy CHECK constraint (%s)", t->checks.items[i].expr);
        good = e.sql;
        if (good) {
            add_raise(out, "23514", message, "", t->checks.items[i].name);
            str_add_f(out, " WHERE NOT (%s); ", e.sql);
        }
        free(message);
    }
    vec_free(&scope);
    return good;
}

/* Those columns of a table, as "a, b". */
static void add_names(struct str *out, const struct table_descriptor *t, const int *columns, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const struct column_descriptor *c = column_by_id(t, columns[i]);
        str_add_f(out, i ? ", %s" : "%s", c ? c->name : "?");
    }
}

static void add_quoted(struct str *out, const char *text) {
    str_add_char(out, '\'');
    for (const char *p = text; *p; p++)
        str_add_f(out, *p == '\'' ? "''" : "%c", *p);
    str_add_char(out, '\'');
}

/* SELECT fk_fail(...): its detail names the key's columns, with their values in a row (NEW, OLD). */
static void add_fk_fail(struct str *out, const char *message, const char *constraint, const struct table_descriptor *t,
    const int *columns, size_t n, const char *row, const char *rest, const char *table) {
    struct str before = {0}, after = {0};
    str_add(&before, "Key (");
    add_names(&before, t, columns, n);
    str_add(&before, ")=(");
    str_add_f(&after, ") %s \"%s\".", rest, table);
    str_add(out, "SELECT fk_fail(");
    add_quoted(out, message);
    str_add(out, ", ");
    add_quoted(out, constraint);
    str_add(out, ", ");
    add_quoted(out, str_get(&before));
    str_add(out, ", ");
    add_quoted(out, str_get(&after));
    for (size_t i = 0; i < n; i++)
        str_add_f(out, ", %s.c%d", row, columns[i]);
    str_add(out, ")");
    str_free(&before);
    str_free(&after);
}

/* The child's side: what it refers to is there. */
static void references(const struct descriptors *d, const struct table_descriptor *t, struct str *out) {
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        const struct foreign_key *f = &t->foreign_keys.items[i];
        const struct table_descriptor *parent = table_by_id(d, f->table);
        if (!parent)
            continue;
        char *message = mem_printf("insert on table \"%s\" violates foreign key constraint \"%s\"", t->name,
            f->name);
        add_fk_fail(out, message, f->name, t, f->columns.items, f->columns.len, "NEW", "is not present in table",
            parent->name);
        free(message);
        str_add(out, " WHERE ");
        for (size_t k = 0; k < f->columns.len; k++)
            str_add_f(out, "NEW.c%d IS NOT NULL AND ", f->columns.items[k]);
        str_add_f(out, "NOT EXISTS (SELECT 1 FROM t%" PRId64 " WHERE ", f->table);
        for (size_t k = 0; k < f->references.len; k++)
            str_add_f(out, k ? " AND c%d = NEW.c%d" : "c%d = NEW.c%d", f->references.items[k],
                f->columns.items[k]);
        str_add(out, "); ");
    }
}

/* The parent's side: nobody refers to what goes, or they go with it. */
static void referenced(const struct descriptors *d, const struct table_descriptor *t, bool update,
    struct str *out) {
    for (size_t i = 0; i < d->tables.len; i++) {
        const struct table_descriptor *child = d->tables.items[i];
        for (size_t k = 0; k < child->foreign_keys.len; k++) {
            const struct foreign_key *f = &child->foreign_keys.items[k];
            struct str match = {0};
            if (f->table != t->id)
                continue;
            for (size_t m = 0; m < f->columns.len; m++)
                str_add_f(&match, m ? " AND c%d = OLD.c%d" : "c%d = OLD.c%d", f->columns.items[m],
                    f->references.items[m]);
            if (update && (f->on_update == FK_CASCADE || f->on_update == FK_SET_NULL)) {
                str_free(&match);
                continue;
            }
            if (!update && f->on_delete == FK_CASCADE) {
                str_add_f(out, "DELETE FROM t%" PRId64 " WHERE %s; ", child->id, str_get(&match));
            } else if (!update && f->on_delete == FK_SET_NULL) {
                str_add_f(out, "UPDATE t%" PRId64 " SET ", child->id);
                for (size_t m = 0; m < f->columns.len; m++)
                    str_add_f(out, m ? ", c%d = NULL" : "c%d = NULL", f->columns.items[m]);
                str_add_f(out, " WHERE %s; ", str_get(&match));
            } else {
                char *message = mem_printf("%s on table \"%s\" violates foreign key constraint \"%s\" on "
                    "table \"%s\"",
                    update ? "update" : "delete", t->name, f->name, child->name);
                add_fk_fail(out, message, f->name, t, f->references.items, f->references.len, "OLD",
                    "is still referenced from table", child->name);
                free(message);
                str_add_f(out, " WHERE EXISTS (SELECT 1 FROM t%" PRId64 " WHERE %s)", child->id,
                    str_get(&match));
                if (update) {
                    str_add(out, " AND NOT (");
                    for (size_t m = 0; m < f->references.len; m++)
                        str_add_f(out, m ? " AND OLD.c%d IS NEW.c%d" : "OLD.c%d IS NEW.c%d",
                            f->references.items[m],
                            f->references.items[m]);
                    str_add(out, ")");
                }
                str_add(out, "; ");
            }
            str_free(&match);
        }
    }
}

/* What a changed key does to those that refer to it, once it has changed. */
static void cascaded(const struct descriptors *d, const struct table_descriptor *t, struct str *out) {
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < d->tables.items[i]->foreign_keys.len; k++) {
            const struct foreign_key *f = &d->tables.items[i]->foreign_keys.items[k];
            if (f->table != t->id || (f->on_update != FK_CASCADE && f->on_update != FK_SET_NULL))
                continue;
            str_add_f(out, "UPDATE t%" PRId64 " SET ", d->tables.items[i]->id);
            for (size_t m = 0; m < f->columns.len; m++)
                if (f->on_update == FK_CASCADE)
                    str_add_f(
                        out, m ? ", c%d = NEW.c%d" : "c%d = NEW.c%d", f->columns.items[m], f->references.items[m]);
                else
                    str_add_f(out, m ? ", c%d = NULL" : "c%d = NULL", f->columns.items[m]);
            str_add(out, " WHERE (");
            for (size_t m = 0; m < f->columns.len; m++)
                str_add_f(out, m ? " AND c%d = OLD.c%d" : "c%d = OLD.c%d", f->columns.items[m], f->references.items[m]);
            str_add(out, ") AND NOT (");
            for (size_t m = 0; m < f->references.len; m++)
                str_add_f(out, m ? " AND OLD.c%d IS NEW.c%d" : "OLD.c%d IS NEW.c%d", f->references.items[m],
                    f->references.items[m]);
            str_add(out, "); ");
        }
}

static void add_trigger(struct str *out, const struct table_descriptor *t, const char *name, const char *when,
    const struct str *body) {
    if (body->len)
        str_add_f(out, "CREATE TRIGGER t%" PRId64 "_%s %s ON t%" PRId64 " BEGIN %s END;", t->id, name, when,
            t->id,
            body->data);
}

bool ddl_forget_triggers(struct translator *tr, const struct table_descriptor *t) {
    return drop_objects(tr->es, "trigger", t->id, tr->r);
}

static bool follow_triggers(struct translator *tr, const struct table_descriptor *t, struct result *r) {
    struct str rows = {0}, gone = {0}, changed = {0}, after = {0}, sql = {0};
    bool good = drop_objects(tr->es, "trigger", t->id, r);
    not_null(t, &rows);
    good = good && checks(tr, t, &rows);
    references(tr->engine->descriptors, t, &rows);
    referenced(tr->engine->descriptors, t, false, &gone);
    referenced(tr->engine->descriptors, t, true, &changed);
    cascaded(tr->engine->descriptors, t, &after);
    add_trigger(&sql, t, "cascade", "AFTER UPDATE", &after);
    add_trigger(&sql, t, "insert", "BEFORE INSERT", &rows);
    add_trigger(&sql, t, "update", "BEFORE UPDATE", &rows);
    add_trigger(&sql, t, "delete", "BEFORE DELETE", &gone);
    add_trigger(&sql, t, "change", "BEFORE UPDATE", &changed);
    good = good && engine_exec(tr->es, str_get(&sql), r);
    str_free(&rows);
    str_free(&gone);
    str_free(&changed);
    str_free(&after);
    str_free(&sql);
    return good;
}

bool ddl_follow_table(struct translator *tr, struct table_descriptor *t) {
    tr->engine->descriptors->changes++;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!t->indexes.items[i].created)
            t->indexes.items[i].created = engine_wall(tr->engine);
    if (t->view || t->sequence)
        return true;
    if (!follow_columns(tr->es, t, tr->r) || !follow_indexes(tr, t) || !follow_triggers(tr, t,
        tr->r))
        return false;
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        struct table_descriptor *parent = table_by_id(tr->engine->descriptors,
            t->foreign_keys.items[i].table);
        if (parent && parent != t && !follow_triggers(tr, parent, tr->r))
            return false;
    }
    return true;
}
