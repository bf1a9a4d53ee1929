/* resolve: names of databases, tables and types made into descriptors. */
#include "sandbox_functions.h"
#include "known_tables.h"

#include <string.h>

struct users_object engine_object(const struct table_descriptor *t) {
    return (struct users_object){OBJECT_TABLE, t->id, t->name, t->owner, t->database == 1};
}

struct users_object engine_database_object(const struct database_descriptor *db) {
    return (struct users_object){OBJECT_DATABASE, db->id, db->name, db->owner, db->id == 1};
}

struct database_descriptor *engine_database(struct engine *e, struct session *s, const char *name,
    struct result *r) {
    const char *wanted = name ? name : s->database;
    struct database_descriptor *db = database_by_name(e->descriptors, wanted);
    if (!db)
        result_fail(r, "3D000", "database \"%s\" does not exist", wanted);
    return db;
}

static bool is_virtual_schema(const char *name) {
    return str_eq(name, "crdb_internal") || str_eq(name, "pg_catalog") || str_eq(name,
        "information_schema") ||
        str_eq(name, "system") || str_eq(name, "pg_extension");
}

static void missing(struct translator *tr, const struct ast_name *n) {
    const char *schema = n->n >= 2 ? n->part[n->n - 2] : "pg_catalog", *table = n->part[n->n - 1];
    if (known_table(tr->engine->compat, schema, table)) {
        result_unsupported(tr->r, "the table %s.%s", schema, table);
        return;
    }
    struct str name = {0};
    for (int i = 0; i < n->n; i++)
        str_add_f(&name, i ? ".%s" : "%s", n->part[i]);
    result_fail(tr->r, "42P01", "relation \"%s\" does not exist", str_get(&name));
    str_free(&name);
}

const struct schema_descriptor *engine_search_path(
    struct translator *tr, const struct database_descriptor *db, size_t *at) {
    const struct session *s = tr->es->session;
    const char *path = variable_get(s, "search_path");
    while (path && path[*at]) {
        const char *word = path + *at;
        const size_t n = strcspn(word, ",");
        const size_t blank = strspn(word, " \""), left = n > blank ? n - blank : 0;
        size_t len = left;
        *at += n + (word[n] == ',');
        while (len && (word[blank + len - 1] == ' ' || word[blank + len - 1] == '"'))
            len--;
        const char *name = arena_strndup(tr->arena, word + blank, len);
        const struct schema_descriptor *schema = schema_by_name(db, str_eq(name, "$user") ? s->user : name);
        if (schema)
            return schema;
    }
    return NULL;
}

struct table_descriptor *engine_table(struct translator *tr, const struct ast_name *n, bool missing_ok) {
    const struct descriptors *d = tr->engine->descriptors;
    const struct session *s = tr->es->session;
    const char *table = n->part[n->n - 1];
    const struct database_descriptor *db = database_by_name(d, n->n == 3 ? n->part[0] : s->database);
    const struct schema_descriptor *schema = NULL;
    if (n->n == 2 && !(db && (schema = schema_by_name(db, n->part[0]))) && !is_virtual_schema(n->part[0])) {
        db = database_by_name(d, n->part[0]);
        schema = db ? schema_by_name(db, "public") : NULL;
    } else if (n->n == 3) {
        schema = db ? schema_by_name(db, n->part[1]) : NULL;
    }
    struct table_descriptor *t = db && schema ? table_by_name(d, db->id, schema->id, table) : NULL;
    for (size_t i = 0; n->n == 1 && db && !t && (schema = engine_search_path(tr, db, &i));)
        t = table_by_name(d, db->id, schema->id, table);
    if (t || missing_ok)
        return t;
    if (n->n == 1 && !db)
        result_fail(tr->r, "3D000", "database \"%s\" does not exist", s->database);
    else
        missing(tr, n);
    return NULL;
}

struct type_descriptor *engine_type(struct translator *tr, const struct ast_name *n) {
    const struct descriptors *d = tr->engine->descriptors;
    const struct database_descriptor *db = database_by_name(d, n->n == 3 ? n->part[0]
        : tr->es->session->database);
    return db ? type_by_name(d, db->id, n->part[n->n - 1]) : NULL;
}

bool function_allowed(struct translator *tr) {
    if (tr->engine->compat < 2504 || variable_on(tr->es->session, "allow_unsafe_internals"))
        return true;
    result_fail(tr->r, "42501", "Access to crdb_internal and system is restricted.");
    return result_hint(tr->r, "These interfaces are unsupported in production. To proceed, set the "
        "session variable "
        "allow_unsafe_internals = true (not recommended), or contact Cockroach Labs for a supported "
            "alternative.");
}

/* Tables of crdb_internal that stay open; no table of system does. */
static const char *const supported[] = {
    "cluster_contended_indexes", "cluster_contended_keys", "cluster_contended_tables", "cluster_contention_events",
    "cluster_locks", "cluster_queries", "cluster_sessions", "cluster_transactions", "index_usage_statistics",
    "statement_statistics", "transaction_contention_events", "transaction_statistics", "zones",
};

bool table_allowed(struct translator *tr, const char *schema, const char *name) {
    const bool internal = str_eq(schema, "crdb_internal");
    for (size_t i = 0; internal && i < sizeof supported / sizeof *supported; i++)
        if (str_eq(supported[i], name))
            return true;
    return (!internal && !str_eq(schema, "system")) || function_allowed(tr);
}
