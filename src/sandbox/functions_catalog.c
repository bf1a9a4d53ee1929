/* functions_catalog: types, names, keys, and the failures of the cluster. */
#include "cluster_hooks.h"
#include "functions.h"
#include "virtual_private.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/name.h"
#include "domicile/dialect/parser.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void format_type(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_NULL)
        return;
    struct sqltype t = sqltype_from_oid((uint32_t)sqlite3_value_int64(v[0]));
    struct str s = {0};
    if (t.base == TYPE_USER) {
        const struct type_descriptor *d = type_by_id(fn_session(c)->session->engine->descriptors, t.user);
        /* The array type has the id that follows. */
        str_add_f(&s, d && d->id != t.user ? "%s[]" : "%s", d ? d->name : "???");
    } else {
        const bool array = t.array;
        t.array = false;
        str_add(&s, sqltype_pg_name(&t));
        const int typmod = sqlite3_value_int(v[1]);
        if (typmod > 4 && (t.base == TYPE_VARCHAR || t.base == TYPE_CHAR))
            str_add_f(&s, "(%d)", typmod - 4);
        else if (typmod > 4 && t.base == TYPE_DECIMAL)
            str_add_f(&s, "(%d,%d)", (typmod - 4) >> 16, (typmod - 4) & 0xffff);
        str_add(&s, array ? "[]" : "");
    }
    fn_give(c, str_take(&s));
}

static void pg_get_userbyid(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const struct engine *e = fn_session(c)->session->engine;
    const int64_t oid = sqlite3_value_int64(v[0]);
    for (size_t i = 0; i < users_count(e->users); i++)
        if (virtual_role_oid(users_at(e->users, i).name) == oid) {
            fn_give(c, mem_strdup(users_at(e->users, i).name));
            return;
        }
    /* Old versions do not know the servers' own user. */
    if (e->compat >= COMPAT_NEW && virtual_role_oid("node") == oid)
        fn_give(c, mem_strdup("node"));
    else
        fn_give(c, mem_printf("unknown (OID=%" PRId64 ")", oid));
}

/* A relation by its name as SQL writes it, in the session's database unless it says another; NULL: none. */
static const struct table_descriptor *find_relation(const struct session *s, const char *text) {
    const struct descriptors *d = s->engine->descriptors;
    struct arena *a = arena_new();
    struct ast_expr *e = NULL;
    struct parse_error why = {0};
    const struct table_descriptor *t = NULL;
    if (parser_parse_expr(a, text, s->engine->compat, &e, &why) && e->kind == EXPR_COLUMN) {
        const struct ast_name *n = &e->u.column;
        const char *first = n->n >= 2 ? n->part[0] : NULL;
        const struct database_descriptor *other = first ? database_by_name(d, first) : NULL;
        const struct database_descriptor *own = s->database ? database_by_name(d, s->database) : NULL;
        const struct schema_descriptor *in = n->n == 2 && own ? schema_by_name(own, first) : NULL;
        const struct database_descriptor *db = n->n == 3 || (n->n == 2 && !in) ? other : own;
        const struct schema_descriptor *schema = in ? in
            : db ? schema_by_name(db, n->n == 3 ? n->part[1] : "public")
            : NULL;
        t = db && schema ? table_by_name(d, db->id, schema->id, n->part[n->n - 1]) : NULL;
    }
    arena_free(a);
    return t;
}

/* The relation's name; of an id that none has, the number. */
char *fn_relation_name(const struct engine *e, int64_t id) {
    const struct table_descriptor *t = table_by_id(e->descriptors, id);
    const char *name = t ? t->name : virtual_class_name(e->compat, id);
    return name ? name_quoted(name) : mem_printf("%" PRId64, id);
}

static void regclass_text(sqlite3_context *c, int n, sqlite3_value **v) {
    if (!fn_null(n, v))
        fn_give(c, fn_relation_name(fn_session(c)->session->engine, sqlite3_value_int64(v[0])));
}

static void to_regclass(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    char *end;
    const char *name = fn_text(v[0]);
    const long long id = strtoll(name, &end, 10);
    if (end != name && !*end) {
        sqlite3_result_int64(c, id);
        return;
    }
    const struct table_descriptor *t = find_relation(fn_session(c)->session, name);
    const char *dot = strrchr(name, '.');
    const bool pg = str_starts(name, "pg_catalog.");
    const int64_t virtual = !t && (!dot || pg)
        ? virtual_class_oid(fn_session(c)->session->compat, NULL, dot ? dot + 1 : name)
        : 0;
    if (t || virtual)
        sqlite3_result_int64(c, t ? t->id : virtual);
    else if (n < 2) /* to_regclass() has a second argument here, and gives NULL */
        fn_fail(c, "42P01", "relation \"%s\" does not exist", name);
}

/* set_config(name, value, local): SET, with the value as its answer. */
static void set_config(sqlite3_context *c, int n, sqlite3_value **v) {
    struct result *r = result_new();
    (void)n;
    const char *value = sqlite3_value_type(v[1]) == SQLITE_NULL ? NULL : fn_text(v[1]);
    if (variable_set(fn_session(c)->session, fn_text(v[0]), value, sqlite3_value_int(v[2]), r))
        sqlite3_result_value(c, v[1]);
    else
        fn_fail(c, r->error.sqlstate, "%s", r->error.message);
    result_free(r);
}

/* pg_get_indexdef(oid[, column, pretty]): of one column its name alone. */
static void index_definition(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct arena *a = arena_new();
    const char *text = virtual_index_definition(
        a, fn_session(c)->session->engine->descriptors, sqlite3_value_int64(v[0]), n > 1 ? sqlite3_value_int(v[1]) : 0);
    if (text)
        fn_give(c, mem_strdup(text));
    arena_free(a);
}

static void view_definition(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const struct table_descriptor *t = table_by_id(
        fn_session(c)->session->engine->descriptors, sqlite3_value_int64(v[0]));
    if (t && t->view)
        fn_give(c, mem_strdup(t->view));
}

static void constraint_definition(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct arena *a = arena_new();
    const char *text = virtual_constraint_definition(a, fn_session(c)->session->engine->descriptors,
        sqlite3_value_int64(v[0]));
    if (text)
        sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
    arena_free(a);
}

static void locality_value(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    const char *at = fn_session(c)->session->locality, *key = fn_text(v[0]);
    for (; *at; at += strcspn(at, ","), at += *at == ',')
        if (str_starts(at, key) && at[strlen(key)] == '=') {
            at += strlen(key) + 1;
            sqlite3_result_text(c, at, (int)strcspn(at, ","), SQLITE_TRANSIENT);
            return;
        }
}

static void encode_key(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err = {0};
    const struct engine *e = fn_session(c)->session->engine;
    const struct table_descriptor *t = table_by_id(e->descriptors, sqlite3_value_int64(v[0]));
    const struct index_descriptor *x = NULL;
    const char *prefix = e->compat < 2601 ? "crdb_internal.encode_key(): " : "";
    for (size_t i = 0; t && i < t->indexes.len; i++)
        if (t->indexes.items[i].id == sqlite3_value_int(v[1]))
            x = &t->indexes.items[i];
    if (!x) {
        fn_fail(c, "42P01", "%srelation or index does not exist", prefix);
        return;
    }
    if ((size_t)n - 2 != x->keys.len) {
        fn_fail(c, e->compat < 2601 ? "XXUUU" : "22023",
            "%snumber of values must equal number of columns in index \"%s\"",
            prefix, x->name);
        return;
    }
    key_begin(&key, (uint64_t)t->id, (uint64_t)x->id);
    for (int i = 2; i < n; i++) {
        const struct column_descriptor *column = column_by_id(t, x->keys.items[i - 2].column);
        const char *text = sqlite3_value_type(v[i]) == SQLITE_NULL ? NULL : fn_text(v[i]);
        if (!text && column && !column->nullable) {
            fn_fail(c, "23502", "%sNULL provided as a value for a nonnullable column", prefix);
            key_free(&key);
            return;
        }
        if (!hook_add_key_value(&key, e->descriptors, column, text, x->keys.items[i - 2].descending, &err)) {
            fn_fail(c, err.kind == ERR_USAGE ? "22P02" : "22023", "%s%s", prefix, err.message);
            key_free(&key);
            return;
        }
    }
    struct str s = {0};
    str_add(&s, "\\x");
    for (size_t i = 0; i < key.len; i++)
        str_add_f(&s, "%02x", key.data[i]);
    key_free(&key);
    fn_give(c, str_take(&s));
}

static void pretty_key(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err;
    struct str s = {0};
    if (fn_null(n, v) || !key_parse_hex(&key, fn_text(v[0]), &err))
        return;
    key_print(&s, &key);
    key_free(&key);
    const char *at = str_get(&s);
    for (sqlite3_int64 skip = sqlite3_value_int64(v[1]); skip >= 0 && *at == '/'; skip--)
        at = *at ? at + 1 + strcspn(at + 1, "/") : at;
    sqlite3_result_text(c, at, -1, SQLITE_TRANSIENT);
    str_free(&s);
}

static void lease_holder(sqlite3_context *c, int n, sqlite3_value **v) {
    struct key key = {0};
    struct err err;
    if (fn_null(n, v) || !key_parse_hex(&key, fn_text(v[0]), &err))
        return;
    const int store = hook_lease_holder(fn_session(c)->session->engine, &key);
    key_free(&key);
    if (store)
        sqlite3_result_int(c, store);
}

static void sandbox_node(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (fn_null(n, v))
        return;
    if (variables_read_only(fn_session(c)->session))
        fn_fail(c, "25006", "cannot execute sandbox.%s in a read-only transaction",
            sqlite3_value_int(v[1]) ? "start_node" : "kill_node");
    else if (hook_node(fn_session(c)->session->engine, sqlite3_value_int(v[0]), sqlite3_value_int(v[1]),
        &err))
        sqlite3_result_int(c, 1);
    else
        fn_fail(c, "22023", "%s", err.message);
}

static void sandbox_region(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (fn_null(n, v))
        return;
    if (variables_read_only(fn_session(c)->session))
        fn_fail(c, "25006", "cannot execute sandbox.%s in a read-only transaction",
            sqlite3_value_int(v[1]) ? "start_region" : "kill_region");
    else if (hook_region(fn_session(c)->session->engine, fn_text(v[0]), sqlite3_value_int(v[1]), &err))
        sqlite3_result_int(c, 1);
    else
        fn_fail(c, "22023", "%s", err.message);
}

static void sandbox_advance(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (fn_null(n, v))
        return;
    if (fn_session(c)->session->read_only)
        fn_fail(c, "25006", "cannot execute sandbox.advance in a read-only transaction");
    else if (hook_advance(fn_session(c)->session->engine, sqlite3_value_double(v[0]), &err))
        sqlite3_result_int(c, 1);
    else
        fn_fail(c, "22023", "%s", err.message);
}

static void sandbox_hold(sqlite3_context *c, int n, sqlite3_value **v) {
    struct err err = {0};
    if (fn_null(n, v))
        return;
    if (variables_read_only(fn_session(c)->session))
        fn_fail(c, "25006", "cannot execute sandbox.hold_schema_changes in a read-only transaction");
    else if (hook_hold_jobs(fn_session(c)->session->engine, sqlite3_value_double(v[0]), &err))
        sqlite3_result_int(c, 1);
    else
        fn_fail(c, "22023", "%s", err.message);
}

const struct function functions_catalog[] = {
    {"format_type", 2, format_type},
    {"to_regclass", 1, to_regclass},
    {"set_variable", 3, set_config},
    {"constraint_definition", 1, constraint_definition},
    {"index_definition", -1, index_definition},
    {"view_definition", 1, view_definition},
    {"regclass_or_null", 2, to_regclass},
    {"regclass_text", 1, regclass_text},
    {"locality_value", 1, locality_value},
    {"encode_key", -1, encode_key},
    {"pretty_key", 2, pretty_key},
    {"lease_holder", 1, lease_holder},
    {"sandbox_node", 2, sandbox_node},
    {"sandbox_region", 2, sandbox_region},
    {"sandbox_advance", 1, sandbox_advance},
    {"sandbox_hold", 1, sandbox_hold},
    {"pg_get_userbyid", 1, pg_get_userbyid},
    {NULL, 0, NULL},
};
