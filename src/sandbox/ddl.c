/* ddl: changes of the catalog by kind, and what they share. */
#include "cluster_hooks.h"
#include "ddl.h"
#include "past.h"
#include "sequence.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/lexer.h"
#include "domicile/dialect/name.h"
#include "domicile/dialect/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- expressions as the catalog keeps them ---- */

static struct ast_type *ast_type_of(struct translator *tr, const struct sqltype *t) {
    struct ast_type *out = arena_new_of(tr->arena, struct ast_type);
    struct str name = {0};
    out->base = t->base == TYPE_VARCHAR || t->base == TYPE_UNKNOWN || t->base == TYPE_CHAR ? TYPE_STRING
        : t->base;
    out->width = out->scale = -1;
    if (t->base == TYPE_USER) {
        const struct type_descriptor *d = type_by_id(tr->engine->descriptors, t->user);
        out->user.n = 2;
        out->user.part[0] = "public";
        out->user.part[1] = d ? arena_strdup(tr->arena, d->name) : "unknown";
    } else {
        const struct sqltype plain = sqltype_of(out->base);
        sqltype_print(&name, &plain, NULL);
        out->name = arena_strdup(tr->arena, str_get(&name));
    }
    str_free(&name);
    return out;
}

static void annotate(struct translator *tr, struct ast_expr *e, const struct table_descriptor *t,
    struct sqltype type);

static void annotate_constant(struct translator *tr, struct ast_expr *e, struct sqltype type) {
    struct ast_expr *inner = arena_new_of(tr->arena, struct ast_expr);
    *inner = *e;
    memset(&e->u, 0, sizeof e->u);
    e->kind = EXPR_CAST;
    e->u.cast.arg = inner;
    e->u.cast.type = ast_type_of(tr, &type);
    e->u.cast.style = CAST_ANNOTATE;
}

/* The type of a column that stands alone on one side. */
static struct sqltype side_type(const struct ast_expr *e, const struct table_descriptor *t) {
    e = ast_unparen((struct ast_expr *)(size_t)e);
    const struct column_descriptor *c = e->kind == EXPR_COLUMN && t ? column_by_name(t,
        e->u.column.part[e->u.column.n - 1]) : NULL;
    return c ? c->type : sqltype_of(TYPE_UNKNOWN);
}

static void annotate_case(struct translator *tr, struct ast_expr *e, const struct table_descriptor *t,
    struct sqltype type) {
    const struct sqltype arg = e->u.cases.arg ? side_type(e->u.cases.arg, t) : sqltype_of(TYPE_BOOL);
    for (size_t i = 0; i < e->u.cases.whens.len; i++) {
        annotate(tr, e->u.cases.whens.items[i].when, t, arg);
        annotate(tr, e->u.cases.whens.items[i].then, t, type);
    }
    if (e->u.cases.otherwise)
        annotate(tr, e->u.cases.otherwise, t, type);
}

static void annotate(struct translator *tr, struct ast_expr *e, const struct table_descriptor *t,
    struct sqltype type) {
    switch (e->kind) {
    case EXPR_STRING: annotate_constant(tr, e, type); break;
    case EXPR_NUMBER:
        annotate_constant(tr, e, sqltype_is_number(&type) ? type : sqltype_of(e->u.number.integer
            ? TYPE_INT8 : TYPE_DECIMAL));
        break;
    case EXPR_PAREN: annotate(tr, e->u.paren, t, type); break;
    case EXPR_CASE: annotate_case(tr, e, t, type); break;
    case EXPR_BINARY: {
        const struct sqltype l = side_type(e->u.binary.left, t), r = side_type(e->u.binary.right, t);
        annotate(tr, e->u.binary.left, t, r.base != TYPE_UNKNOWN ? r : l);
        annotate(tr, e->u.binary.right, t, l.base != TYPE_UNKNOWN ? l : r);
        break;
    }
    case EXPR_IN:
        for (size_t i = 0; i < e->u.in.list.len; i++)
            annotate(tr, e->u.in.list.items[i], t, side_type(e->u.in.arg, t));
        break;
    case EXPR_CALL:
        for (size_t i = 0; i < e->u.call.args.len; i++)
            annotate(tr, e->u.call.args.items[i], t, sqltype_of(TYPE_STRING));
        break;
    default: break;
    }
}

const char *ddl_annotated(struct translator *tr, struct ast_expr *e, const struct table_descriptor *t,
    struct sqltype type) {
    struct str out = {0};
    annotate(tr, e, t, type);
    print_expr(&out, e, PRINT_PLAIN);
    const char *text = arena_strdup(tr->arena, str_get(&out));
    str_free(&out);
    return text;
}

/* An expression's text with one name replaced: of a column, not of a function, a type or a qualified name. */
static char *renamed(const char *text, const char *from, const char *to) {
    struct arena *a = arena_new();
    struct lexer lx;
    struct str out = {0};
    size_t done = 0;
    bool qualified = false;
    lexer_init(&lx, a, text, strlen(text));
    for (struct token tok = lexer_next(&lx); tok.kind != TOKEN_END && tok.kind != TOKEN_ERROR; tok = lexer_next(&lx)) {
        const bool name = tok.kind == TOKEN_NAME || tok.kind == TOKEN_KEYWORD;
        const char after = text[tok.end + strspn(text + tok.end, " ")];
        if (name && !qualified && after != '(' && after != '.' && str_eq(tok.text, from)) {
            str_add_n(&out, text + done, tok.begin - done);
            name_quote(&out, to);
            done = tok.end;
        }
        qualified = tok.kind == TOKEN_OP && (tok.text[0] == '.' || tok.text[0] == ':');
    }
    str_add(&out, text + done);
    arena_free(a);
    return str_take(&out);
}

static void rename_text(char **text, const char *from, const char *to) {
    if (!*text)
        return;
    char *fresh = renamed(*text, from, to);
    free(*text);
    *text = fresh;
}

void ddl_rename_in(struct table_descriptor *t, const char *from, const char *to) {
    for (size_t i = 0; i < t->columns.len; i++)
        rename_text(&t->columns.items[i].computed, from, to);
    for (size_t i = 0; i < t->checks.len; i++)
        rename_text(&t->checks.items[i].expr, from, to);
    for (size_t i = 0; i < t->indexes.len; i++)
        rename_text(&t->indexes.items[i].where, from, to);
}

/* ---- what changes share ---- */

static bool holds(const int64_t *items, size_t n, int64_t id) {
    for (size_t i = 0; i < n; i++)
        if (items[i] == id)
            return true;
    return false;
}

void ddl_mutates(struct translator *tr, const struct table_descriptor *t) {
    if (!holds(tr->es->mutated.items, tr->es->mutated.len, t->id))
        vec_push(&tr->es->mutated, t->id);
}

bool ddl_key_may_change(struct translator *tr, const struct table_descriptor *t, const char *what) {
    const struct engine_session *es = tr->es;
    return !holds(es->mutated.items, es->mutated.len, t->id) || holds(es->created.items, es->created.len, t->id) ||
        ddl_unimplemented(tr, 45510,
            "cannot perform a %s change on %s with other schema changes on %s in the same transaction", what, t->name,
            t->name);
}

bool ddl_unimplemented(struct translator *tr, int issue, const char *format, ...) {
    struct str what = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&what, format, ap);
    va_end(ap);
    result_fail(tr->r, "0A000", "unimplemented: %s", str_get(&what));
    str_free(&what);
    return result_hint(tr->r, "You have attempted to use a feature that is not yet implemented.\n"
        "See: https://go.crdb.dev/issue-v/%d/%s", issue, tr->engine->compat >= 2601 ? "dev" : "v22.1");
}

void ddl_jobs(struct translator *tr, int n, const char *type, const char *format, ...) {
    struct str description = {0}, ids = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&description, format, ap);
    va_end(ap);
    for (int i = 0; i < n; i++)
        str_add_f(&ids, i ? ", %" PRId64 : "%" PRId64,
            engine_job(tr->engine, type, str_get(&description), tr->es->session->user));
    tr->es->has_jobs = tr->es->has_jobs || n > 0;
    if (n && tr->engine->compat >= 2601)
        txn_await(tr->es, str_get(&ids));
    str_free(&description);
    str_free(&ids);
}

/* Steps in 22.1 and 26.1. What a column and NOT NULL take in 26.1 is known as a sum only. */
static const struct {
    int old, new;
} steps[] = {
    [CHANGE_CREATED] = {1, 1}, [CHANGE_REFERS] = {1, 1}, [CHANGE_REFERRED] = {1, 1}, [CHANGE_SETTING] = {1, 1},
    [CHANGE_COLUMN] = {3, 9}, [CHANGE_NOT_NULL] = {3, 5}, [CHANGE_PRIMARY_KEY] = {6, 6},
};

void ddl_touch(struct translator *tr, struct table_descriptor *t, enum ddl_change change) {
    t->version += tr->engine->compat >= 2601 ? steps[change].new : steps[change].old;
    t->modified = engine_wall(tr->engine);
}

bool ddl_may_change(struct translator *tr, const struct table_descriptor *t) {
    const struct users_object o = engine_object(t);
    return users_check_owner_or_create(tr->engine->users, tr->es->session, &o, tr->r);
}

bool ddl_may_change_database(struct translator *tr, const struct database_descriptor *db) {
    const struct users_object o = engine_database_object(db);
    return users_check_owner_or_create(tr->engine->users, tr->es->session, &o, tr->r);
}

bool ddl_unlocked(struct translator *tr, const struct table_descriptor *t) {
    if (!t->schema_locked)
        return true;
    result_fail(tr->r, "57000",
        "this schema change is disallowed because table \"%s\" is locked and this operation "
        "cannot automatically unlock the table", t->name);
    result_detail(tr->r, "To unlock the table, execute `ALTER TABLE %s SET (schema_locked = false);`\n"
        "After the schema change completes, we recommend setting it back to true with "
        "`ALTER TABLE %s SET (schema_locked = true);`.", t->name, t->name);
    return result_hint(tr->r, "Locking the table improves changefeed performance; see "
        "https://www.cockroachlabs.com/docs/dev/"
        "changefeed-best-practices.html#lock-the-schema-on-changefeed-watched-tables");
}

bool ddl_name_taken(const struct table_descriptor *t, const char *name) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (str_eq(t->indexes.items[i].name, name))
            return true;
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        if (str_eq(t->foreign_keys.items[i].name, name))
            return true;
    for (size_t i = 0; i < t->checks.len; i++)
        if (str_eq(t->checks.items[i].name, name))
            return true;
    return false;
}

const char *ddl_free_name(struct translator *tr, const struct table_descriptor *t, const char *columns,
    const char *suffix) {
    const char *base = arena_printf(tr->arena, "%s_%s%s%s", t->name, columns, *columns ? "_" : "", suffix),
        *name = base;
    for (int i = 1; ddl_name_taken(t, name); i++)
        name = arena_printf(tr->arena, "%s%d", base, i);
    return name;
}

/* ---- CREATE of small things ---- */

static struct database_descriptor *current_database(struct translator *tr) {
    return engine_database(tr->engine, tr->es->session, NULL, tr->r);
}

static bool create_type(struct translator *tr, const struct ast_create_type *st) {
    struct database_descriptor *db = current_database(tr);
    if (!db)
        return false;
    const char *name = st->name.part[st->name.n - 1];
    if (type_by_name(tr->engine->descriptors, db->id, name))
        return st->if_not_exists || result_fail(tr->r, "42710", "type \"%s\" already exists", name);
    struct type_descriptor *t = type_add(tr->engine->descriptors, db->id, db->schemas.items[0].id, name,
        tr->es->session->user);
    for (size_t i = 0; i < st->labels.len; i++)
        type_add_label(t, st->labels.items[i]);
    return true;
}

static bool create_schema(struct translator *tr, const struct ast_create_schema *st) {
    struct database_descriptor *db = current_database(tr);
    const char *name = st->name.n ? st->name.part[st->name.n - 1] : st->owner;
    if (!db || !ddl_may_change_database(tr, db))
        return false;
    if (schema_by_name(db, name))
        return st->if_not_exists || result_fail(tr->r, "42P06", "schema \"%s\" already exists", name);
    const struct schema_descriptor s = {descriptors_next_id(tr->engine->descriptors), mem_strdup(name),
        mem_strdup(st->owner ? st->owner : tr->es->session->user)};
    vec_push(&db->schemas, s);
    tr->engine->descriptors->changes++;
    return true;
}

static bool create_view(struct translator *tr, const struct ast_create_view *st) {
    struct database_descriptor *db = current_database(tr);
    struct out_columns columns = {0};
    struct str text = {0};
    /* It would be a table in every report of tables, with rows of its own and a zone: what a plain view is not. */
    if (st->materialized)
        return result_unsupported(tr->r, "CREATE MATERIALIZED VIEW");
    if (!db || !translate_query(tr, st->query, NULL, &columns))
        return false;
    const char *name = st->name.part[st->name.n - 1];
    struct table_descriptor *old = table_by_name(tr->engine->descriptors, db->id, db->schemas.items[0].id,
        name);
    bool good = !old || st->or_replace || st->if_not_exists || result_fail(tr->r, "42P07",
        "relation \"%s\" already exists", name);
    if (good && !(old && st->if_not_exists)) {
        if (old)
            table_remove(tr->engine->descriptors, old->id);
        struct table_descriptor *t = table_add(tr->engine->descriptors, db->id, db->schemas.items[0].id,
            name, tr->es->session->user);
        print_query(&text, st->query, PRINT_PLAIN);
        t->view = mem_strdup(str_get(&text));
        t->locality = db->primary_region ? TABLE_LOCALITY_BY_TABLE : TABLE_LOCALITY_NONE;
        for (size_t i = 0; i < columns.len; i++)
            column_add(t, i < st->columns.len ? st->columns.items[i] : columns.items[i].name,
                columns.items[i].type);
    }
    str_free(&text);
    vec_free(&columns);
    return good;
}

/* ---- GRANT ---- */

struct objects {
    VEC(struct users_object);
};

/* The tables, views and sequences of a database, or of one schema of it. */
static void add_tables(struct translator *tr, const struct database_descriptor *db,
    const struct schema_descriptor *schema, struct objects *out) {
    const struct descriptors *d = tr->engine->descriptors;
    for (size_t i = 0; db && i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && (!schema || d->tables.items[i]->schema == schema->id))
            vec_push(out, engine_object(d->tables.items[i]));
}

/* A schema, "s" or "db.s", with its database; NULL with the error. */
static const struct schema_descriptor *grant_schema(
    struct translator *tr, const struct ast_name *name, const struct database_descriptor **db) {
    const char *word = name->part[name->n - 1];
    *db = engine_database(tr->engine, tr->es->session, name->n > 1 ? name->part[name->n - 2] : NULL, tr->r);
    const struct schema_descriptor *schema = *db ? schema_by_name(*db, word) : NULL;
    if (!schema && !tr->r->failed)
        result_fail(tr->r, "3F000", "unknown schema \"%s\"", word);
    return schema;
}

static bool grant_object(struct translator *tr, enum ast_target_kind kind, const struct ast_name *name,
    struct objects *out) {
    const struct database_descriptor *db;
    const char *word = name->part[name->n - 1];
    if (kind == TARGET_DATABASE) {
        if (!(db = engine_database(tr->engine, tr->es->session, name->part[0], tr->r)))
            return false;
        vec_push(out, engine_database_object(db));
    } else if (kind == TARGET_SCHEMA || kind == TARGET_ALL_TABLES_IN_SCHEMA) {
        const struct schema_descriptor *schema = grant_schema(tr, name, &db);
        if (!schema)
            return false;
        if (kind == TARGET_ALL_TABLES_IN_SCHEMA)
            add_tables(tr, db, schema, out);
        else
            vec_push(out, ((struct users_object){OBJECT_SCHEMA, schema->id, schema->name, schema->owner, false}));
    } else if (kind == TARGET_TYPE) {
        const struct type_descriptor *type = engine_type(tr, name);
        if (!type)
            return result_fail(tr->r, "42704", "type \"%s\" does not exist", word);
        vec_push(out, ((struct users_object){OBJECT_TYPE, type->id, type->name, type->owner, false}));
    } else if (name->n >= 2 && str_eq(name->part[0], "system")) {
        vec_push(out, ((struct users_object){OBJECT_TABLE, 1, word, "node", true}));
    } else if (str_eq(word, "*")) {
        add_tables(tr, database_by_name(tr->engine->descriptors, tr->es->session->database), NULL, out);
    } else {
        const struct table_descriptor *t = engine_table(tr, name, false);
        if (!t)
            return false;
        vec_push(out, engine_object(t));
    }
    return true;
}

static bool grant_on(struct translator *tr, const struct ast_grant *st) {
    struct objects objects = {0};
    bool good = true;
    for (size_t i = 0; good && !st->roles && st->target.kind != TARGET_SYSTEM && i < st->names.len; i++)
        good = grant_object(tr, st->target.kind, &st->names.items[i], &objects);
    good = good && users_grant(tr->engine->users, tr->es->session, st, objects.items, objects.len, tr->r);
    vec_free(&objects);
    return good;
}

static bool grant(struct translator *tr, const struct ast_grant *st) {
    if (!grant_on(tr, st))
        return false;
    if (st->target.kind == TARGET_DATABASE && !st->roles)
        ddl_jobs(tr, 1, "SCHEMA CHANGE", "%s", st->revoke ? "updating privileges" : "updating privileges");
    for (size_t i = 0; i < tr->engine->sessions.len; i++)
        tr->engine->sessions.items[i]->session->admin =
            users_is_admin(tr->engine->users, tr->engine->sessions.items[i]->session->user);
    return true;
}

/* ---- the rest ---- */

struct tables {
    VEC(struct table_descriptor *);
};

static bool listed(const struct tables *list, const struct table_descriptor *t) {
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i] == t)
            return true;
    return false;
}

/* A table with a foreign key to a listed one that is not listed itself; NULL: none. *to is the one it refers to. */
static struct table_descriptor *refers_to(
    const struct descriptors *d, const struct tables *list, const struct table_descriptor **to) {
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; !listed(list, d->tables.items[i]) && k < d->tables.items[i]->foreign_keys.len; k++)
            if (listed(list, *to = table_by_id(d, d->tables.items[i]->foreign_keys.items[k].table)))
                return d->tables.items[i];
    return NULL;
}

/* Empty indexes take the places of the full ones. */
static bool empty(struct translator *tr, struct table_descriptor *t) {
    if (!engine_exec(tr->es, arena_printf(tr->arena, "DELETE FROM t%" PRId64, t->id), tr->r))
        return false;
    for (size_t k = 0; k < t->indexes.len; k++)
        t->indexes.items[k].id = t->next_index++;
    hook_emptied(tr->engine, t);
    past_changed(tr->es, t->id);
    return true;
}

static bool truncate_all(struct translator *tr, const struct ast_truncate *st, struct tables *list) {
    const struct table_descriptor *to;
    struct table_descriptor *child;
    for (size_t i = 0; i < st->tables.len; i++) {
        struct table_descriptor *t = engine_table(tr, &st->tables.items[i], false);
        if (!t)
            return false;
        if (!listed(list, t))
            vec_push(list, t);
    }
    while ((child = refers_to(tr->engine->descriptors, list, &to))) {
        if (!st->cascade)
            return result_fail(
                tr->r, "2BP01", "\"%s\" is referenced by foreign key from table \"%s\"", to->name, child->name);
        vec_push(list, child);
    }
    for (size_t i = 0; i < list->len; i++) {
        const struct users_object o = engine_object(list->items[i]);
        if (!users_check(tr->engine->users, tr->es->session, PRIVILEGE_DROP, &o, tr->r))
            return false;
    }
    /* They go together: nothing that refers to a row is left to be asked. */
    bool good = true;
    for (size_t i = 0; good && i < list->len; i++)
        good = ddl_forget_triggers(tr, list->items[i]);
    for (size_t i = 0; good && i < list->len; i++)
        good = empty(tr, list->items[i]);
    for (size_t i = 0; good && i < list->len; i++)
        good = ddl_follow_table(tr, list->items[i]);
    return good;
}

static bool truncate(struct translator *tr, const struct ast_truncate *st) {
    struct tables list = {0};
    const bool good = truncate_all(tr, st, &list);
    vec_free(&list);
    return good;
}

static bool alter_type(struct translator *tr, const struct ast_alter_type *st) {
    struct type_descriptor *t = engine_type(tr, &st->name);
    if (!t)
        return result_fail(tr->r, "42704", "type \"%s\" does not exist", st->name.part[st->name.n - 1]);
    if (t->regions) {
        const struct database_descriptor *db = database_by_id(tr->engine->descriptors, t->database);
        result_fail(tr->r, "42809",
            "\"%s.public.%s\" is a multi-region enum and can't be modified using the alter type command",
            db ? db->name : "", t->name);
        return result_hint(tr->r, "try adding/removing the region using ALTER DATABASE");
    }
    if (st->kind != TYPE_ADD_VALUE)
        return result_unsupported(tr->r, "this change of a type");
    type_add_label(t, st->value);
    tr->engine->descriptors->changes++;
    return true;
}

/* ALTER INDEX [t@]i RENAME TO n */
static bool alter_index(struct translator *tr, const struct ast_alter_index *st) {
    struct descriptors *d = tr->engine->descriptors;
    const struct database_descriptor *db = current_database(tr);
    const char *name = st->index.index ? st->index.index : st->index.name.n ? st->index.name.part[st->index.name.n - 1]
        : "";
    for (size_t i = 0; db && i < d->tables.len; i++) {
        struct table_descriptor *t = d->tables.items[i];
        struct index_descriptor *x = t->database == db->id ? index_by_name(t, name) : NULL;
        if (!x || (st->index.index && st->index.name.n && !str_eq(t->name, st->index.name.part[st->index.name.n - 1])))
            continue;
        if (!ddl_may_change(tr, t))
            return false;
        if (!st->new_name)
            return result_unsupported(tr->r, "an index that is not visible");
        if (index_by_name(t, st->new_name))
            return result_fail(tr->r, "42P07", "index name \"%s\" already exists", st->new_name);
        free(x->name);
        x->name = mem_strdup(st->new_name);
        d->changes++;
        return true;
    }
    return db && (st->if_exists || result_fail(tr->r, "42704", "index \"%s\" does not exist", name));
}

bool ddl_execute(struct translator *tr, const struct ast_stmt *st, struct result *r) {
    (void)r;
    if (st->kind != STMT_COMMENT && statement_writes(st) && !engine_change(tr->es, tr->r))
        return false;
    switch (st->kind) {
    case STMT_CREATE_DATABASE: return ddl_create_database(tr, &st->u.create_database, tr->r);
    case STMT_ALTER_DATABASE: return ddl_alter_database(tr, &st->u.alter_database, tr->r);
    case STMT_CREATE_TABLE: return ddl_create_table(tr, &st->u.create_table, tr->r);
    case STMT_ALTER_TABLE: return ddl_alter_table(tr, &st->u.alter_table, tr->r);
    case STMT_CREATE_INDEX: return ddl_create_index(tr, &st->u.create_index, tr->r);
    case STMT_DROP: return ddl_drop(tr, &st->u.drop, tr->r);
    case STMT_CREATE_TYPE: return create_type(tr, &st->u.create_type);
    case STMT_ALTER_TYPE: return alter_type(tr, &st->u.alter_type);
    case STMT_CREATE_SCHEMA: return create_schema(tr, &st->u.create_schema);
    case STMT_ALTER_INDEX: return alter_index(tr, &st->u.alter_index);
    case STMT_CREATE_SEQUENCE: return sequence_create(tr, &st->u.sequence);
    case STMT_ALTER_SEQUENCE: return sequence_alter(tr, &st->u.sequence);
    case STMT_CREATE_VIEW: return create_view(tr, &st->u.create_view);
    case STMT_GRANT: return grant(tr, &st->u.grant);
    case STMT_TRUNCATE: return truncate(tr, &st->u.truncate);
    case STMT_CONFIGURE_ZONE: return ddl_configure_zone(tr, &st->u.configure_zone);
    case STMT_COMMENT: /* taking away what is not there is done */
        return !st->u.comment.text || result_unsupported(tr->r, "%s", ast_stmt_tag(st, tr->engine->compat));
    case STMT_ANALYZE: return true;
    default: return result_unsupported(tr->r, "%s", ast_stmt_tag(st, tr->engine->compat));
    }
}
