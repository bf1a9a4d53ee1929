/* ddl_table: CREATE TABLE, CREATE INDEX and DROP. */
#include "ddl.h"
#include "dml.h"
#include "sequence.h"
#include "translate.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *joined(struct translator *tr, const struct ast_words *words) {
    struct str s = {0};
    for (size_t i = 0; i < words->len; i++)
        str_add_f(&s, i ? "_%s" : "%s", words->items[i]);
    const char *copy = arena_strdup(tr->arena, str_get(&s));
    str_free(&s);
    return copy;
}

static bool add_key(struct translator *tr, struct table_descriptor *t, struct index_descriptor *x,
    const char *column,
    bool descending) {
    const struct column_descriptor *c = column_by_name(t, column);
    if (!c)
        return result_fail(tr->r, "42703", "column \"%s\" does not exist", column);
    const struct index_key key = {.column = c->id, .descending = descending};
    vec_push(&x->keys, key);
    return true;
}

/* The region column before the keys of an index of a table by row. */
static void add_region_key(const struct table_descriptor *t, struct index_descriptor *x) {
    if (t->locality != TABLE_LOCALITY_BY_ROW)
        return;
    const struct index_key key = {.column = t->region_column, .implicit = true};
    vec_push(&x->keys, key);
}

/* An inverted index ends with JSON or an array; new versions take texts too, with an operator class. */
static bool can_be_inverted(struct translator *tr, const struct table_descriptor *t, const struct index_descriptor *x) {
    const struct column_descriptor *c = column_by_id(t, x->keys.items[x->keys.len - 1].column);
    if (c->type.array || c->type.base == TYPE_JSONB)
        return true;
    if (tr->engine->compat < 2202)
        result_fail(tr->r, "0A000", "column %s of type %s is not allowed as the last column in an inverted index",
            c->name, sqltype_word(&c->type));
    else
        result_fail(tr->r, "42704", "data type %s has no default operator class for access method \"gin\"",
            sqltype_pg_name(&c->type));
    return false;
}

/* The condition of a partial index, as the catalog keeps it. */
static bool index_condition(
    struct translator *tr, const struct table_descriptor *t, struct ast_expr *e, const char **out) {
    struct scope scope = {0};
    *out = ddl_annotated(tr, e, t, sqltype_of(TYPE_BOOL));
    table_scope(tr, &scope, t, t->name, "");
    const bool good = dml_parse_expr(tr, *out, &scope, sqltype_of(TYPE_BOOL)).sql;
    vec_free(&scope);
    return good;
}

static bool add_index(struct translator *tr, struct table_descriptor *t, const struct ast_index *st,
    bool unique,
    const char *given) {
    const char *where = NULL;
    struct ast_words names = {.items = arena_calloc(tr->arena, st->columns.len + 1, sizeof *names.items)};
    if (st->hash)
        return result_unsupported(tr->r, "a hash-sharded index");
    for (size_t i = 0; i < st->columns.len; i++) {
        if (!st->columns.items[i].column)
            return result_unsupported(tr->r, "an index on an expression");
        names.items[names.len++] = st->columns.items[i].column;
    }
    const char *name = given ? given : st->name ? st->name
        : ddl_free_name(tr, t, joined(tr, &names), unique ? "key" : "idx");
    if (index_by_name(t, name))
        return st->if_not_exists || result_fail(tr->r, "42P07", "index with name \"%s\" already exists",
            name);
    if (st->where && !index_condition(tr, t, st->where, &where))
        return false;
    struct index_descriptor *x = index_add(t, name, unique);
    x->inverted = st->inverted;
    x->where = mem_strdup_null(where);
    add_region_key(t, x);
    for (size_t i = 0; i < st->columns.len; i++)
        if (!add_key(tr, t, x, st->columns.items[i].column, st->columns.items[i].descending)) {
            index_remove(t, x->id);
            return false;
        }
    if (st->inverted && !can_be_inverted(tr, t, x)) {
        index_remove(t, x->id);
        return false;
    }
    for (size_t i = 0; i < st->storing.len; i++) {
        const struct column_descriptor *c = column_by_name(t, st->storing.items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", st->storing.items[i]);
        vec_push(&x->storing, c->id);
    }
    return true;
}

/* The primary index comes first, whatever was declared before it. */
static bool add_primary(struct translator *tr, struct table_descriptor *t,
    const struct ast_index_column *columns,
    size_t n, const char *name) {
    if (t->has_key)
        return result_fail(tr->r, "42P16", "multiple primary keys for table \"%s\" are not allowed", t->name);
    const struct index_descriptor fresh = {.id = 1, .name = mem_strdup(name ? name : arena_printf(tr->arena,
        "%s_pkey", t->name)),
        .unique = true};
    vec_push(&t->indexes, fresh);
    memmove(&t->indexes.items[1], &t->indexes.items[0], (t->indexes.len - 1) * sizeof *t->indexes.items);
    t->indexes.items[0] = fresh;
    t->has_key = true;
    for (size_t i = 0; i < n; i++) {
        if (!add_key(tr, t, &t->indexes.items[0], columns[i].column, columns[i].descending))
            return false;
        column_by_name(t, columns[i].column)->nullable = false;
    }
    return true;
}

static bool add_foreign_key(struct translator *tr, struct table_descriptor *t,
    const struct ast_words *columns,
    const struct ast_references *ref, const char *name) {
    struct foreign_key f = {.on_delete = (int)ref->on_delete, .on_update = (int)ref->on_update};
    if (ref->match && !str_eq(ref->match, "SIMPLE"))
        return result_unsupported(tr->r, "MATCH %s", ref->match);
    if (ref->on_delete == FK_SET_DEFAULT || ref->on_update == FK_SET_DEFAULT)
        return result_unsupported(tr->r, "SET DEFAULT of a foreign key");
    const char *own = ref->table.part[ref->table.n - 1];
    struct table_descriptor *parent = str_eq(own, t->name) && ref->table.n == 1 ? t : engine_table(tr,
        &ref->table, false);
    if (!parent)
        return false;
    f.table = parent->id;
    for (size_t i = 0; i < columns->len; i++) {
        const struct column_descriptor *c = column_by_name(t, columns->items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", columns->items[i]);
        vec_push(&f.columns, c->id);
    }
    for (size_t i = 0; i < ref->columns.len; i++) {
        const struct column_descriptor *c = column_by_name(parent, ref->columns.items[i]);
        if (!c)
            return result_fail(tr->r, "42703", "column \"%s\" does not exist", ref->columns.items[i]);
        vec_push(&f.references, c->id);
    }
    for (size_t i = 0; ref->columns.len == 0 && parent->indexes.len &&
        i < parent->indexes.items[0].keys.len; i++)
        if (!parent->indexes.items[0].keys.items[i].implicit)
            vec_push(&f.references, parent->indexes.items[0].keys.items[i].column);
    if (f.columns.len != f.references.len) {
        vec_free(&f.columns);
        vec_free(&f.references);
        return result_fail(tr->r, "42830",
            "%zu columns must reference exactly %zu columns in referenced table (found %zu)",
            f.columns.len, f.columns.len, f.references.len);
    }
    f.name = mem_strdup(name ? name : ddl_free_name(tr, t, joined(tr, columns), "fkey"));
    vec_push(&t->foreign_keys, f);
    return true;
}

/* The columns that an expression names, each after a "_". */
static void columns_in(const struct ast_expr *e, struct str *out);

static void columns_in_list(const struct ast_exprs *list, struct str *out) {
    for (size_t i = 0; i < list->len; i++)
        columns_in(list->items[i], out);
}

static void columns_in(const struct ast_expr *e, struct str *out) {
    if (!e)
        return;
    switch (e->kind) {
    case EXPR_COLUMN: str_add_f(out, "_%s", e->u.column.part[e->u.column.n - 1]); break;
    case EXPR_PAREN: columns_in(e->u.paren, out); break;
    case EXPR_UNARY: columns_in(e->u.unary.arg, out); break;
    case EXPR_BINARY:
    case EXPR_DISTINCT:
        columns_in(e->u.binary.left, out);
        columns_in(e->u.binary.right, out);
        break;
    case EXPR_IS: columns_in(e->u.is.arg, out); break;
    case EXPR_CAST: columns_in(e->u.cast.arg, out); break;
    case EXPR_BETWEEN:
        columns_in(e->u.between.arg, out);
        columns_in(e->u.between.low, out);
        columns_in(e->u.between.high, out);
        break;
    case EXPR_IN:
        columns_in(e->u.in.arg, out);
        columns_in_list(&e->u.in.list, out);
        break;
    case EXPR_CALL: columns_in_list(&e->u.call.args, out); break;
    default: break;
    }
}

/* "check_a_b": not yet taken. */
static const char *check_name(struct translator *tr, const struct table_descriptor *t, const struct ast_expr *e) {
    struct str columns = {0};
    columns_in(e, &columns);
    const char *base = arena_printf(tr->arena, "check%s", str_get(&columns)), *name = base;
    str_free(&columns);
    for (int i = 1; ddl_name_taken(t, name); i++)
        name = arena_printf(tr->arena, "%s%d", base, i);
    return name;
}

static bool add_check(struct translator *tr, struct table_descriptor *t, struct ast_expr *e,
    const char *name) {
    const char *text = ddl_annotated(tr, e, t, sqltype_of(TYPE_BOOL));
    const struct check_descriptor c = {
        .name = mem_strdup(name ? name : check_name(tr, t, e)),
        .expr = mem_strdup(text)};
    vec_push(&t->checks, c);
    return true;
}

bool ddl_add_constraint(struct translator *tr, struct table_descriptor *t, const struct ast_constraint *c,
    struct result *r) {
    (void)r;
    if (c->without_index)
        return result_fail(tr->r, "0A000", "unique constraints without an index are not yet supported");
    if (c->index.hash)
        return result_unsupported(tr->r, "a hash-sharded index");
    switch (c->kind) {
    case CONSTRAINT_PRIMARY: return add_primary(tr, t, c->index.columns.items, c->index.columns.len, c->name);
    case CONSTRAINT_UNIQUE: return add_index(tr, t, &c->index, true, c->name);
    case CONSTRAINT_CHECK: return add_check(tr, t, c->check, c->name);
    default: return add_foreign_key(tr, t, &c->columns, &c->references, c->name);
    }
}

static bool column_constraints(struct translator *tr, struct table_descriptor *t,
    const struct ast_column *c) {
    const char *name = c->name;
    const struct ast_words own = {.items = &name, .len = 1};
    const struct ast_index_column key = {.column = c->name};
    if (c->primary_hash)
        return result_unsupported(tr->r, "a hash-sharded index");
    if (c->unique_without_index)
        return result_fail(tr->r, "0A000", "unique constraints without an index are not yet supported");
    if (c->primary && !add_primary(tr, t, &key, 1, c->unique_name))
        return false;
    if (c->unique) {
        struct ast_index_column column = key;
        const struct ast_index x = {.columns = {.items = &column, .len = 1}};
        if (!add_index(tr, t, &x, true, c->unique_name))
            return false;
    }
    for (size_t i = 0; i < c->constraints.len; i++) {
        const struct ast_constraint *k = &c->constraints.items[i];
        if (k->kind == CONSTRAINT_CHECK ? !add_check(tr, t, k->check, k->name)
            : !add_foreign_key(tr, t, &own, &k->references, k->name))
            return false;
    }
    return true;
}

/* GENERATED ... AS IDENTITY: a sequence of its own gives its values. */
static bool identity_column(struct translator *tr, const struct table_descriptor *t, struct column_descriptor *c) {
    struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
    const char *base = arena_printf(tr->arena, "%s_%s_seq", t->name, c->name), *name = base;
    if (!typed_is_integer(&c->type))
        return result_fail(tr->r, "42601", "identity column type must be an INT");
    for (int i = 1; table_by_name(tr->engine->descriptors, t->database, t->schema, name); i++)
        name = arena_printf(tr->arena, "%s%d", base, i);
    sequence_add(tr, db, name);
    c->nullable = false;
    c->default_expr = mem_printf("nextval('public.%s'::REGCLASS)", name);
    return true;
}

bool ddl_add_column(struct translator *tr, struct table_descriptor *t, const struct ast_column *c) {
    struct sqltype type;
    if (column_by_name(t, c->name))
        return result_fail(tr->r, "42701", "column \"%s\" of relation \"%s\" already exists", c->name,
            t->name);
    if (!c->type)
        return result_fail(tr->r, "42601", "column \"%s\" has no type", c->name);
    if (!translate_type(tr, c->type, &type))
        return false;
    struct column_descriptor *d = column_add(t, c->name, type);
    d->nullable = c->nullable >= 0 && !c->primary && !c->type->serial;
    d->hidden = c->hidden;
    if (c->default_expr)
        d->default_expr = mem_strdup(ddl_annotated(tr, c->default_expr, t, type));
    if (c->type->serial)
        d->default_expr = mem_strdup("unique_rowid()");
    if (c->identity && !identity_column(tr, t, d))
        return false;
    if (c->identity)
        d->identity = c->identity_always ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    if (c->on_update)
        d->on_update = mem_strdup(ddl_annotated(tr, c->on_update, t, type));
    if (c->computed) {
        d->computed = mem_strdup(ddl_annotated(tr, c->computed, t, type));
        d->computed_stored = c->stored;
        struct scope scope = {0};
        table_scope(tr, &scope, t, t->name, "");
        const struct typed e = dml_parse_expr(tr, d->computed, &scope, type);
        vec_free(&scope);
        if (!e.sql)
            return false;
    }
    return true;
}

static bool table_items(struct translator *tr, struct table_descriptor *t,
    const struct ast_create_table *st) {
    for (size_t i = 0; i < st->items.len; i++)
        if (st->items.items[i].kind == ITEM_COLUMN && !ddl_add_column(tr, t, st->items.items[i].u.column))
            return false;
    for (size_t i = 0; i < st->items.len; i++)
        if (st->items.items[i].kind == ITEM_COLUMN && !column_constraints(tr, t, st->items.items[i].u.column))
            return false;
    for (size_t i = 0; i < st->items.len; i++) {
        const struct ast_table_item *item = &st->items.items[i];
        if (item->kind == ITEM_CONSTRAINT && !ddl_add_constraint(tr, t, item->u.constraint, tr->r))
            return false;
        if (item->kind == ITEM_INDEX && !add_index(tr, t, item->u.index, item->u.index->unique, NULL))
            return false;
        if (item->kind == ITEM_LIKE)
            return result_unsupported(tr->r, "LIKE in CREATE TABLE");
    }
    return true;
}

/* A table without a primary key has a hidden one. */
static bool hidden_key(struct translator *tr, struct table_descriptor *t) {
    if (t->has_key)
        return true;
    struct column_descriptor *c = column_add(t, "rowid", sqltype_of(TYPE_INT8));
    c->hidden = true;
    c->nullable = false;
    c->default_expr = mem_strdup("unique_rowid()");
    const struct ast_index_column key = {.column = "rowid"};
    const bool good = add_primary(tr, t, &key, 1, NULL);
    t->has_key = false;
    return good;
}

static void number_indexes(struct table_descriptor *t) {
    for (size_t i = 0; i < t->indexes.len; i++)
        t->indexes.items[i].id = (int)i + 1;
    t->next_index = (int)t->indexes.len + 1;
}

static bool create_as(struct translator *tr, struct table_descriptor *t, const struct ast_create_table *st) {
    struct out_columns columns = {0};
    const char *sql = translate_query(tr, st->as, NULL, &columns);
    for (size_t i = 0; sql && i < columns.len; i++)
        column_add(t, i < st->items.len && st->items.items[i].kind == ITEM_COLUMN
            ? st->items.items[i].u.column->name
            : columns.items[i].name, columns.items[i].type);
    bool good = sql && hidden_key(tr, t);
    number_indexes(t);
    good = good && ddl_follow_table(tr, t);
    struct str insert = {0};
    str_add_f(&insert, "INSERT INTO t%" PRId64 " SELECT ", t->id);
    for (size_t i = 0; i < columns.len; i++)
        str_add_f(&insert, "k%zu, ", i);
    str_add_f(&insert, "unique_rowid() FROM (%s)", good ? sql : "");
    good = good && engine_exec(tr->es, str_get(&insert), tr->r);
    if (good)
        result_tag(tr->r, "SELECT %d", sqlite3_changes(tr->es->db));
    str_free(&insert);
    vec_free(&columns);
    return good;
}

static int references_of(const struct table_descriptor *t) {
    int n = (int)t->foreign_keys.len;
    for (size_t i = 0; i < t->columns.len; i++)
        n += t->columns.items[i].type.base == TYPE_USER;
    return n;
}

/* A table that others refer to changes once for each that does. */
static void touch_created(struct translator *tr, struct table_descriptor *t) {
    ddl_touch(tr, t, CHANGE_CREATED);
    if (t->foreign_keys.len)
        ddl_touch(tr, t, CHANGE_REFERS);
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        struct table_descriptor *to = table_by_id(tr->engine->descriptors, t->foreign_keys.items[i].table);
        bool again = !to || to == t;
        for (size_t k = 0; k < i; k++)
            again = again || t->foreign_keys.items[k].table == t->foreign_keys.items[i].table;
        if (!again)
            ddl_touch(tr, to, CHANGE_REFERRED);
    }
}

static struct database_descriptor *target_database(struct translator *tr, const struct ast_name *n,
    int64_t *schema) {
    const struct session *s = tr->es->session;
    const struct descriptors *d = tr->engine->descriptors;
    struct database_descriptor *db = database_by_name(d, n->n == 3 ? n->part[0] : s->database);
    const char *schema_name = n->n == 3 ? n->part[1] : n->n == 2 ? n->part[0] : "public";
    size_t at = 0;
    const struct schema_descriptor *sd = !db ? NULL
        : n->n == 1 ? engine_search_path(tr, db, &at)
        : schema_by_name(db, schema_name);
    if (!sd && n->n == 2 && (db = database_by_name(d, n->part[0])))
        sd = schema_by_name(db, "public");
    if (!db && n->n == 1) {
        result_fail(tr->r, "42602", "no database or schema specified");
        return NULL;
    }
    if (!sd) {
        result_fail(tr->r, "3F000",
            "cannot create \"%s\" because the target database or schema does not exist",
            n->part[n->n - 1]);
        result_hint(tr->r, "verify that the current database and search_path are valid and/or the target "
            "database exists");
        return NULL;
    }
    *schema = sd->id;
    return db;
}

/* What CREATE TABLE says of its locality in words of its own; the rest is as in ALTER TABLE. */
static bool create_locality(struct translator *tr, struct table_descriptor *t, const struct database_descriptor *db,
    const struct ast_locality *l) {
    if (!db->primary_region) {
        result_fail(tr->r, "42P16", "cannot set LOCALITY on a table in a database that is not multi-region enabled");
        return result_hint(tr->r, "database must first be multi-region enabled using ALTER DATABASE ... SET PRIMARY "
            "REGION <region>");
    }
    const char *name = l->column ? l->column : "crdb_region";
    struct column_descriptor *c = l->kind == LOCALITY_ROW ? column_by_name(t, name) : NULL;
    if (l->kind != LOCALITY_ROW || (!l->column && !c))
        return ddl_set_locality_of(tr, t, l);
    if (!c)
        return result_fail(tr->r, "42703", "column \"%s\" in REGIONAL BY ROW AS does not exist", l->column);
    if (c->type.user != db->region_type) {
        struct str type = {0};
        sqltype_print(&type, &c->type, NULL);
        result_fail(
            tr->r, "42P16", "cannot use column %s which has type %s in REGIONAL BY ROW", c->name, str_get(&type));
        str_free(&type);
        return result_detail(tr->r,
            l->column ? "REGIONAL BY ROW AS must reference a column of type crdb_internal_region"
                      : "Column crdb_internal_region must be of type crdb_internal_region");
    }
    c->nullable = false; /* made so without a word */
    return ddl_set_locality_of(tr, t, l);
}

/* Partitions by hand exclude each other with those by region; the sandbox has only the latter. */
static bool not_partitioned(
    struct translator *tr, const struct database_descriptor *db, const struct ast_create_table *st) {
    const bool regions = db->primary_region || st->locality.kind != LOCALITY_NONE;
    bool table = st->partition_by, index = false, unique = false;
    for (size_t i = 0; i < st->items.len; i++) {
        const struct ast_table_item *item = &st->items.items[i];
        const bool of_constraint = item->kind == ITEM_CONSTRAINT && item->u.constraint->index.partition;
        const bool of_index = item->kind == ITEM_INDEX && item->u.index->partition;
        unique = unique || of_constraint || (of_index && item->u.index->unique);
        index = index || (of_index && !item->u.index->unique);
    }
    if (!table && !index && !unique)
        return true;
    if (!regions)
        return result_unsupported(tr->r, "PARTITION BY");
    return result_fail(tr->r, "0A000", "multi-region tables %s PARTITION BY are not supported", table ? "containing"
        : index ? "with an INDEX containing" : "with an UNIQUE constraint containing");
}

bool ddl_create_table(struct translator *tr, const struct ast_create_table *st, struct result *r) {
    int64_t schema;
    struct database_descriptor *db = target_database(tr, &st->name, &schema);
    const char *name = st->name.part[st->name.n - 1];
    if (!db)
        return false;
    const struct users_object o = engine_database_object(db);
    const struct users_object in = {OBJECT_SCHEMA, schema, "public", db->owner, false};
    if (!users_has(tr->engine->users, tr->es->session->user, PRIVILEGE_CREATE, &in) &&
        !users_check(tr->engine->users, tr->es->session, PRIVILEGE_CREATE, &o, r))
        return false;
    if (table_by_name(tr->engine->descriptors, db->id, schema, name)) {
        if (!st->if_not_exists)
            return result_fail(r, "42P07", "relation \"%s.public.%s\" already exists", db->name, name);
        result_notice(r, "relation \"%s\" already exists, skipping", name);
        return true;
    }
    if (st->temporary && variable_on(tr->es->session, "experimental_enable_temp_tables"))
        return result_unsupported(r, "a temporary table");
    if (st->temporary) {
        result_fail(r, "XCEXF", "temporary tables are only supported experimentally");
        return result_hint(
            r, "You can enable temporary tables by running `SET experimental_enable_temp_tables = 'on'`.");
    }
    if (st->locality.kind != LOCALITY_NONE && !db->primary_region)
        return create_locality(tr, NULL, db, &st->locality);
    if (!not_partitioned(tr, db, st))
        return false;
    struct table_descriptor *t = table_add(tr->engine->descriptors, db->id, schema, name,
        tr->es->session->user);
    t->schema_locked = tr->engine->compat >= 2601 && variable_on(tr->es->session,
        "create_table_with_schema_locked");
    t->locality = db->primary_region ? TABLE_LOCALITY_BY_TABLE : TABLE_LOCALITY_NONE;
    bool good = true;
    for (size_t i = 0; good && i < st->params.len; i++)
        good = ddl_set_param(tr, t, &st->params.items[i], false);
    good = good && (st->as ? create_as(tr, t, st) : table_items(tr, t, st) && hidden_key(tr, t));
    if (good && !st->as) {
        number_indexes(t);
        good = (st->locality.kind == LOCALITY_NONE || create_locality(tr, t, db, &st->locality)) &&
            ddl_follow_table(tr, t);
        if (good && st->locality.kind == LOCALITY_ROW)
            number_indexes(t);
        good = good && ddl_follow_table(tr, t) && ddl_zones_sound(tr, db) && ddl_families(tr, t, st);
    }
    if (!good) {
        table_remove(tr->engine->descriptors, t->id);
        return false;
    }
    /* The type of the regions learns that a table names one of them; of columns see below. */
    if (t->home)
        ddl_jobs(tr, 1, "TYPEDESC SCHEMA CHANGE",
            "updating type back reference for table %s(%" PRId64 ")", name, t->id);
    touch_created(tr, t);
    vec_push(&tr->es->created, t->id);
    if (references_of(t))
        ddl_jobs(tr, references_of(t) + 1, "SCHEMA CHANGE",
            "updating referenced FK table for table %s(%" PRId64 ")", name, t->id);
    return true;
}

bool ddl_create_index(struct translator *tr, const struct ast_create_index *st, struct result *r) {
    struct table_descriptor *t = engine_table(tr, &st->table, false);
    (void)r;
    const size_t before = t ? t->indexes.len : 0;
    if (t && st->index.partition)
        return t->locality == TABLE_LOCALITY_NONE ? result_unsupported(tr->r, "PARTITION BY")
            : result_fail(tr->r, "0A000", "cannot define PARTITION BY on a new INDEX in a multi-region database");
    if (!t || !ddl_may_change(tr, t) || !add_index(tr, t, &st->index, st->index.unique, NULL))
        return false;
    if (t->indexes.len > before)
        t->indexes.items[t->indexes.len - 1].explicit = true;
    if (!ddl_follow_table(tr, t))
        return false;
    ddl_mutates(tr, t);
    ddl_jobs(tr, 1, "SCHEMA CHANGE", "CREATE INDEX ON %s", t->name);
    return true;
}

/* ---- DROP ---- */

static bool drop_table_now(struct translator *tr, struct table_descriptor *t) {
    struct descriptors *d = tr->engine->descriptors;
    const int64_t id = t->id;
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < d->tables.items[i]->foreign_keys.len;) {
            struct foreign_key *f = &d->tables.items[i]->foreign_keys.items[k];
            if (f->table != id || d->tables.items[i] == t) {
                k++;
                continue;
            }
            free(f->name);
            vec_free(&f->columns);
            vec_free(&f->references);
            *f = d->tables.items[i]->foreign_keys.items[--d->tables.items[i]->foreign_keys.len];
            if (!ddl_follow_table(tr, d->tables.items[i]))
                return false;
        }
    const bool view = t->view;
    int64_t parents[16];
    size_t n = 0;
    for (size_t i = 0; i < t->foreign_keys.len && n < 16; i++)
        parents[n++] = t->foreign_keys.items[i].table;
    users_object_dropped(tr->engine->users, OBJECT_TABLE, id);
    table_remove(d, id);
    if (!view && !engine_exec(tr->es, arena_printf(tr->arena, "DROP TABLE IF EXISTS t%" PRId64, id), tr->r))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct table_descriptor *parent = table_by_id(d, parents[i]);
        if (parent && !ddl_follow_table(tr, parent))
            return false;
    }
    return true;
}

static bool drop_table(struct translator *tr, const struct ast_drop *st, const struct ast_target *target) {
    struct table_descriptor *t = engine_table(tr, &target->name, st->if_exists);
    struct descriptors *d = tr->engine->descriptors;
    if (!t)
        return st->if_exists && !tr->r->failed;
    const struct users_object o = engine_object(t);
    if (!users_check(tr->engine->users, tr->es->session, PRIVILEGE_DROP, &o, tr->r))
        return false;
    for (size_t i = 0; i < d->tables.len && !st->cascade; i++)
        for (size_t k = 0; k < d->tables.items[i]->foreign_keys.len; k++)
            if (d->tables.items[i] != t && d->tables.items[i]->foreign_keys.items[k].table == t->id)
                return result_fail(tr->r, "2BP01", "\"%s\" is referenced by foreign key from table \"%s\"",
                    t->name,
                    d->tables.items[i]->name);
    return drop_table_now(tr, t);
}

static bool drop_database(struct translator *tr, const struct ast_drop *st, const struct ast_target *target) {
    struct descriptors *d = tr->engine->descriptors;
    const char *name = target->word ? target->word : target->name.part[0];
    const bool safe = variable_on(tr->es->session, "sql_safe_updates");
    if (safe && str_eq(name, tr->es->session->database))
        return result_fail(tr->r, "01000", "rejected (sql_safe_updates = true): DROP DATABASE on current database");
    struct database_descriptor *db = database_by_name(d, name);
    if (!db)
        return st->if_exists || result_fail(tr->r, "3D000", "database \"%s\" does not exist", name);
    const struct users_object o = engine_database_object(db);
    if (str_eq(db->name, "system"))
        return result_fail(tr->r, "42501", "user %s does not have DROP privilege on database system",
            tr->es->session->user);
    if (!users_check(tr->engine->users, tr->es->session, PRIVILEGE_DROP, &o, tr->r))
        return false;
    for (size_t i = 0; i < d->tables.len;) {
        if (d->tables.items[i]->database != db->id) {
            i++;
            continue;
        }
        if (st->restrict_said) {
            result_fail(tr->r, "2BP01", "database \"%s\" is not empty and RESTRICT was specified", name);
            return false;
        }
        if (safe && !st->cascade)
            return result_fail(tr->r, "01000", "rejected (sql_safe_updates = true): DROP DATABASE on "
                "non-empty database without explicit CASCADE");
        if (!drop_table_now(tr, d->tables.items[i]))
            return false;
        i = 0;
    }
    users_object_dropped(tr->engine->users, OBJECT_DATABASE, db->id);
    ddl_jobs(tr, 1, "SCHEMA CHANGE", "DROP DATABASE %s CASCADE", name);
    database_remove(d, db->id);
    return true;
}

/* The table that has an index; without a table's name, among those of the current database. NULL: none, or in tr->r
 * that the table is missing. */
static struct table_descriptor *table_of_index(struct translator *tr, const struct ast_target *target) {
    struct descriptors *d = tr->engine->descriptors;
    const struct database_descriptor *db = database_by_name(d, tr->es->session->database);
    if (target->name.n) {
        struct table_descriptor *t = engine_table(tr, &target->name, true);
        return t && target->index && index_by_name(t, target->index) ? t : NULL;
    }
    for (size_t i = 0; db && target->index && i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && index_by_name(d->tables.items[i], target->index))
            return d->tables.items[i];
    return NULL;
}

static bool drop_index(struct translator *tr, const struct ast_drop *st, const struct ast_target *target) {
    struct table_descriptor *t = table_of_index(tr, target);
    if (tr->r->failed)
        return false;
    if (t) {
        const struct index_descriptor *x = index_by_name(t, target->index);
        if (x == &t->indexes.items[0])
            return result_fail(tr->r, "0A000", "cannot drop the primary index of a table using DROP INDEX");
        if (x->unique && !x->explicit && !st->cascade) {
            result_fail(tr->r, "2BP01", "index \"%s\" is in use as unique constraint", x->name);
            return result_hint(tr->r, "use CASCADE if you really want to drop it.");
        }
        ddl_jobs(tr, 1, tr->engine->compat >= 2601 ? "NEW SCHEMA CHANGE" : "SCHEMA CHANGE",
            "DROP INDEX %s@%s", t->name, x->name);
        result_notice(tr->r, "the data for dropped indexes is reclaimed asynchronously");
        result_last_notice(tr->r)->hint =
            "The reclamation delay can be customized in the zone configuration for the table.";
        index_remove(t, x->id);
        ddl_mutates(tr, t);
        return ddl_follow_table(tr, t);
    }
    return st->if_exists || result_fail(tr->r, "42704", "index \"%s\" does not exist", target->index
        ? target->index : "");
}

static bool drop_type(struct translator *tr, const struct ast_drop *st, const struct ast_target *target) {
    struct descriptors *d = tr->engine->descriptors;
    const struct type_descriptor *type = engine_type(tr, &target->name);
    if (!type)
        return st->if_exists || result_fail(tr->r, "42704", "type \"%s\" does not exist",
            target->name.part[target->name.n - 1]);
    if (type->regions) {
        const struct database_descriptor *db = database_by_id(d, type->database);
        result_fail(tr->r, "2BP01", "\"%s.public.%s\" is a multi-region enum and cannot be modified directly",
            db ? db->name : "", type->name);
        return result_hint(tr->r, "try ALTER DATABASE DROP REGION %s.public.%s", db ? db->name : "", type->name);
    }
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < d->tables.items[i]->columns.len; k++)
            if (d->tables.items[i]->columns.items[k].type.user == type->id)
                return result_fail(tr->r, "2BP01",
                    "cannot drop type \"%s\" because other objects ([%s]) still depend on it",
                    type->name, d->tables.items[i]->name);
    type_remove(d, type->id);
    return true;
}

static bool drop_schema(struct translator *tr, const struct ast_drop *st, const struct ast_target *target) {
    struct descriptors *d = tr->engine->descriptors;
    struct database_descriptor *db = engine_database(tr->engine, tr->es->session, target->name.n == 2
        ? target->name.part[0] : NULL, tr->r);
    const char *name = target->name.n ? target->name.part[target->name.n - 1] : target->word;
    const struct schema_descriptor *s = db ? schema_by_name(db, name) : NULL;
    if (!db)
        return false;
    if (!s)
        return st->if_exists || result_fail(tr->r, "3F000", "unknown schema \"%s\"", name);
    if (str_eq(name, "public"))
        return result_fail(tr->r, "3F000", "cannot drop schema \"public\"");
    const int64_t id = s->id;
    for (size_t i = 0; i < d->tables.len;) {
        if (d->tables.items[i]->schema != id) {
            i++;
            continue;
        }
        if (!st->cascade) {
            result_fail(tr->r, "2BP01", "schema \"%s\" is not empty and CASCADE was not specified", name);
            return false;
        }
        if (!drop_table_now(tr, d->tables.items[i]))
            return false;
        i = 0;
    }
    for (size_t i = 0; i < db->schemas.len; i++)
        if (db->schemas.items[i].id == id) {
            free(db->schemas.items[i].name);
            free(db->schemas.items[i].owner);
            memmove(&db->schemas.items[i], &db->schemas.items[i + 1],
                (db->schemas.len - i - 1) * sizeof *db->schemas.items);
            db->schemas.len--;
            break;
        }
    d->changes++;
    return true;
}

static bool object_name(void *arg, enum object_kind kind, int64_t id, struct str *out) {
    const struct engine *e = arg;
    if (kind == OBJECT_DATABASE) {
        const struct database_descriptor *db = database_by_id(e->descriptors, id);
        str_add(out, db ? db->name : "");
        return db;
    }
    const struct table_descriptor *t = kind == OBJECT_TABLE ? table_by_id(e->descriptors, id) : NULL;
    const struct database_descriptor *db = t ? database_by_id(e->descriptors, t->database) : NULL;
    if (db)
        str_add_f(out, "%s.public.%s", db->name, t->name);
    return db;
}

bool ddl_drop(struct translator *tr, const struct ast_drop *st, struct result *r) {
    if (st->what == TARGET_ROLE || st->what == TARGET_USER)
        return users_drop(tr->engine->users, tr->es->session, st, object_name, tr->engine, r);
    for (size_t i = 0; i < st->targets.len; i++) {
        const struct ast_target *t = &st->targets.items[i];
        bool good;
        switch (st->what) {
        case TARGET_TABLE:
        case TARGET_SEQUENCE:
        case TARGET_VIEW: good = drop_table(tr, st, t); break;
        case TARGET_DATABASE: good = drop_database(tr, st, t); break;
        case TARGET_INDEX: good = drop_index(tr, st, t); break;
        case TARGET_TYPE: good = drop_type(tr, st, t); break;
        case TARGET_SCHEMA: good = drop_schema(tr, st, t); break;
        default: good = result_unsupported(r, "this DROP");
        }
        if (!good)
            return false;
    }
    return true;
}
