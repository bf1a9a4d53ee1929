/* virtual_constraints: keys, checks, references, indexes and defaults as pg_catalog and information_schema list them. */
#include "virtual_private.h"

#include "domicile/dialect/name.h"

#include <string.h>

/* One constraint of a table. */
struct constraint {
    const char *name, *kind; /* "p", "u", "c", "f" as pg_constraint has it */
    const struct index_descriptor *index;
    const struct foreign_key *key;
    const struct check_descriptor *check;
};

static size_t constraint_count(const struct table_descriptor *t) {
    return t->indexes.len + t->foreign_keys.len + t->checks.len;
}

/* False: the index is no constraint. */
static bool constraint_at(const struct table_descriptor *t, size_t i, struct constraint *out) {
    *out = (struct constraint){0};
    if (i < t->indexes.len) {
        out->index = &t->indexes.items[i];
        out->name = out->index->name;
        out->kind = i ? "u" : "p";
        return i == 0 || out->index->unique;
    }
    i -= t->indexes.len;
    if (i < t->foreign_keys.len) {
        out->key = &t->foreign_keys.items[i];
        out->name = out->key->name;
        out->kind = "f";
        return true;
    }
    out->check = &t->checks.items[i - t->foreign_keys.len];
    out->name = out->check->name;
    out->kind = "c";
    return true;
}

/* FNV-1 of the table and the name: the same as long as both are. */
static int64_t oid_of(const struct table_descriptor *t, const char *name) {
    uint32_t h = UINT32_C(2166136261) ^ (uint32_t)t->id;
    for (const char *p = name; *p; p++)
        h = (h * UINT32_C(16777619)) ^ (unsigned char)*p;
    return h;
}

int64_t virtual_index_oid(const struct table_descriptor *t, const char *index) { return oid_of(t, index); }

static void add_columns(struct str *out, const struct table_descriptor *t, const int *ids, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const struct column_descriptor *c = column_by_id(t, ids[i]);
        str_add(out, i ? ", " : "");
        name_quote(out, c ? c->name : "?");
    }
}

static void add_keys(
    struct str *out, const struct table_descriptor *t, const struct index_descriptor *x, bool direction) {
    const char *before = "";
    for (size_t i = 0; i < x->keys.len; i++) {
        const struct column_descriptor *c = column_by_id(t, x->keys.items[i].column);
        if (x->keys.items[i].implicit || !c)
            continue;
        str_add(out, before);
        name_quote(out, c->name);
        if (direction)
            str_add(out, x->keys.items[i].descending ? " DESC" : " ASC");
        before = ", ";
    }
}

static void add_definition(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct constraint *c) {
    if (c->index) {
        str_add(out, *c->kind == 'p' ? "PRIMARY KEY (" : "UNIQUE (");
        add_keys(out, t, c->index, true);
    } else if (c->check) {
        str_add_f(out, "CHECK ((%s)", c->check->expr);
    } else {
        const struct table_descriptor *to = table_by_id(d, c->key->table);
        str_add(out, "FOREIGN KEY (");
        add_columns(out, t, c->key->columns.items, c->key->columns.len);
        str_add_f(out, ") REFERENCES %s(", to ? to->name : "?");
        if (to)
            add_columns(out, to, c->key->references.items, c->key->references.len);
    }
    str_add(out, ")");
    static const char *const actions[] = {"", " ON DELETE RESTRICT", " ON DELETE CASCADE", " ON DELETE SET NULL",
        " ON DELETE SET DEFAULT"};
    str_add(out, c->key ? actions[c->key->on_delete] : "");
    static const char *const updates[] = {
        "", " ON UPDATE RESTRICT", " ON UPDATE CASCADE", " ON UPDATE SET NULL", " ON UPDATE SET DEFAULT"};
    str_add(out, c->key ? updates[c->key->on_update] : "");
}

static const char *kept(struct result *r, struct str *s) {
    const char *text = arena_strdup(r->arena, str_get(s));
    str_free(s);
    return text;
}

static const char *ids(struct result *r, const int *items, size_t n) {
    struct str s = {0};
    str_add_char(&s, '{');
    for (size_t i = 0; i < n; i++)
        str_add_f(&s, i ? ",%d" : "%d", items[i]);
    str_add_char(&s, '}');
    return kept(r, &s);
}

static const char *key_ids(struct result *r, const struct index_descriptor *x, const char *begin, const char *between,
    const char *end) {
    struct str s = {0};
    size_t n = 0;
    str_add(&s, begin);
    for (size_t i = 0; i < x->keys.len; i++)
        if (!x->keys.items[i].implicit)
            str_add_f(&s, "%s%d", n++ ? between : "", x->keys.items[i].column);
    str_add(&s, end);
    return kept(r, &s);
}

/* Calls each for every table of the current database that has rows or gives some. */
static void each_table(const struct virtual_context *c, struct result *r, void (*each)(const struct virtual_context *c,
    const struct database_descriptor *db, const struct table_descriptor *t, struct result *r)) {
    const struct database_descriptor *db = database_by_name(c->descriptors, c->session->database ? c->session->database
        : "");
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++)
        if (c->descriptors->tables.items[i]->database == db->id)
            each(c, db, c->descriptors->tables.items[i], r);
}

static void put_pg_constraints(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    static const char *const actions[] = {"a", "r", "c", "n", "d"};
    (void)db;
    for (size_t i = 0; i < constraint_count(t); i++) {
        struct constraint k;
        struct vrow row;
        struct str definition = {0};
        if (!constraint_at(t, i, &k))
            continue;
        add_definition(&definition, c->descriptors, t, &k);
        vrow_begin(&row, r);
        vrow_int(&row, "oid", oid_of(t, k.name));
        vrow_text(&row, "conname", k.name);
        vrow_int(&row, "connamespace", t->schema);
        vrow_text(&row, "contype", k.kind);
        vrow_bool(&row, "condeferrable", false);
        vrow_bool(&row, "condeferred", false);
        vrow_bool(&row, "convalidated", true);
        vrow_int(&row, "conrelid", t->id);
        vrow_int(&row, "contypid", 0);
        vrow_int(&row, "conindid", k.index ? oid_of(t, k.name) : 0);
        vrow_int(&row, "confrelid", k.key ? k.key->table : 0);
        vrow_text(&row, "confupdtype", k.key ? actions[k.key->on_update] : NULL);
        vrow_text(&row, "confdeltype", k.key ? actions[k.key->on_delete] : NULL);
        vrow_text(&row, "confmatchtype", k.key ? "s" : NULL);
        vrow_bool(&row, "conislocal", true);
        vrow_int(&row, "coninhcount", 0);
        vrow_bool(&row, "connoinherit", true);
        vrow_text(&row, "conkey", k.index ? key_ids(r, k.index, "{", ",", "}") : k.key ? ids(r, k.key->columns.items,
            k.key->columns.len) : NULL);
        vrow_text(&row, "confkey", k.key ? ids(r, k.key->references.items, k.key->references.len) : NULL);
        vrow_text(&row, "condef", kept(r, &definition));
        vrow_end(&row);
    }
}

/* One of each key of an index. */
static const char *index_zeros(struct result *r, const struct index_descriptor *x) {
    struct str s = {0};
    for (size_t i = 0; i < x->keys.len; i++)
        if (!x->keys.items[i].implicit)
            str_add(&s, s.len ? ",0" : "{0");
    str_add(&s, s.len ? "}" : "{}");
    return kept(r, &s);
}

/* Ascending with NULLs first, descending with NULLs last. */
static const char *index_options(struct result *r, const struct index_descriptor *x) {
    struct str s = {0};
    for (size_t i = 0; i < x->keys.len; i++)
        if (!x->keys.items[i].implicit)
            str_add_f(&s, s.len ? ",%d" : "{%d", x->keys.items[i].descending ? 1 : 2);
    str_add(&s, s.len ? "}" : "{}");
    return kept(r, &s);
}

static void add_index_definition(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *x) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct schema_descriptor *schema = db ? schema_by_id(db, t->schema) : NULL;
    str_add_f(out, "CREATE %sINDEX %s ON %s.%s.%s USING %s (", x->unique ? "UNIQUE " : "", x->name, db ? db->name : "?",
        schema ? schema->name : "public", t->name, x->inverted ? "gin" : "btree");
    add_keys(out, t, x, !x->inverted);
    str_add_char(out, ')');
    if (x->where)
        str_add_f(out, " WHERE %s", x->where);
}

static void put_pg_indexes(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    (void)db;
    for (size_t i = 0; i < t->indexes.len; i++) {
        const struct index_descriptor *x = &t->indexes.items[i];
        struct str definition = {0};
        struct vrow row;
        add_index_definition(&definition, c->descriptors, t, x);
        vrow_begin(&row, r);
        vrow_int(&row, "crdb_oid", oid_of(t, x->name));
        vrow_text(&row, "schemaname", virtual_schema_name(c, t));
        vrow_text(&row, "tablename", t->name);
        vrow_text(&row, "indexname", x->name);
        vrow_text(&row, "indexdef", kept(r, &definition));
        vrow_int(&row, "indexrelid", oid_of(t, x->name));
        vrow_int(&row, "indrelid", t->id);
        vrow_int(&row, "indnatts", (int64_t)x->keys.len);
        vrow_bool(&row, "indisunique", x->unique);
        vrow_bool(&row, "indisprimary", i == 0);
        vrow_bool(&row, "indimmediate", x->unique);
        vrow_bool(&row, "indisclustered", false);
        vrow_bool(&row, "indisvalid", true);
        vrow_bool(&row, "indisready", true);
        vrow_bool(&row, "indislive", true);
        vrow_bool(&row, "indisexclusion", false);
        vrow_bool(&row, "indcheckxmin", false);
        vrow_bool(&row, "indisreplident", false);
        vrow_text(&row, "indclass", index_zeros(r, x));
        vrow_text(&row, "indcollation", index_zeros(r, x));
        vrow_text(&row, "indoption", index_options(r, x));
        vrow_text(&row, "indpred", x->where);
        vrow_text(&row, "indkey", key_ids(r, x, "{", ",", "}"));
        vrow_int(&row, "indnkeyatts", (int64_t)x->keys.len);
        vrow_end(&row);
    }
}

static void put_defaults(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    (void)c;
    (void)db;
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column_descriptor *column = &t->columns.items[i];
        const char *text = column->default_expr ? column->default_expr : column->computed;
        struct vrow row;
        if (!text)
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "oid", oid_of(t, column->name));
        vrow_int(&row, "adrelid", t->id);
        vrow_int(&row, "adnum", column->id);
        vrow_text(&row, "adbin", text);
        vrow_text(&row, "adsrc", text);
        vrow_end(&row);
    }
}

static void put_pg_table(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    struct vrow row;
    (void)db;
    if (t->view || t->sequence)
        return;
    vrow_begin(&row, r);
    vrow_text(&row, "schemaname", virtual_schema_name(c, t));
    vrow_text(&row, "tablename", t->name);
    vrow_text(&row, "tableowner", t->owner);
    vrow_bool(&row, "hasindexes", t->indexes.len > 0);
    vrow_bool(&row, "hasrules", false);
    vrow_bool(&row, "hastriggers", false);
    vrow_bool(&row, "rowsecurity", false);
    vrow_end(&row);
}

static void put_view(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    struct vrow row;
    if (!t->view)
        return;
    vrow_begin(&row, r);
    vrow_text(&row, "schemaname", virtual_schema_name(c, t));
    vrow_text(&row, "viewname", t->name);
    vrow_text(&row, "viewowner", t->owner);
    vrow_text(&row, "definition", t->view);
    vrow_text(&row, "table_catalog", db->name);
    vrow_text(&row, "table_schema", virtual_schema_name(c, t));
    vrow_text(&row, "table_name", t->name);
    vrow_text(&row, "view_definition", t->view);
    vrow_text(&row, "is_updatable", "NO");
    vrow_text(&row, "is_insertable_into", "NO");
    vrow_end(&row);
}

static void put_sequence(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    struct vrow row;
    if (!t->sequence)
        return;
    vrow_begin(&row, r);
    vrow_text(&row, "sequence_catalog", db->name);
    vrow_text(&row, "sequence_schema", virtual_schema_name(c, t));
    vrow_text(&row, "sequence_name", t->name);
    vrow_text(&row, "data_type", "bigint");
    vrow_int(&row, "numeric_precision", 64);
    vrow_int(&row, "numeric_precision_radix", 2);
    vrow_int(&row, "numeric_scale", 0);
    vrow_int(&row, "start_value", t->numbers.start);
    vrow_int(&row, "minimum_value", t->numbers.minimum);
    vrow_int(&row, "maximum_value", t->numbers.maximum);
    vrow_int(&row, "increment", t->numbers.increment);
    vrow_text(&row, "cycle_option", "NO");
    vrow_end(&row);
}

/* What the rows of information_schema about constraints begin with. */
static void begin_named(struct vrow *row, const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, const char *constraint, struct result *r) {
    vrow_begin(row, r);
    vrow_text(row, "constraint_catalog", db->name);
    vrow_text(row, "constraint_schema", virtual_schema_name(c, t));
    vrow_text(row, "constraint_name", constraint);
    vrow_text(row, "table_catalog", db->name);
    vrow_text(row, "table_schema", virtual_schema_name(c, t));
    vrow_text(row, "table_name", t->name);
}

static void put_table_constraints(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    for (size_t i = 0; i < constraint_count(t); i++) {
        struct constraint k;
        struct vrow row;
        if (!constraint_at(t, i, &k))
            continue;
        begin_named(&row, c, db, t, k.name, r);
        vrow_text(&row, "constraint_type", *k.kind == 'p' ? "PRIMARY KEY" : *k.kind == 'u' ? "UNIQUE"
            : *k.kind == 'f' ? "FOREIGN KEY" : "CHECK");
        vrow_text(&row, "is_deferrable", "NO");
        vrow_text(&row, "initially_deferred", "NO");
        vrow_end(&row);
    }
}

static void put_key_column(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, const struct constraint *k, int column, size_t position, struct result *r) {
    const struct column_descriptor *d = column_by_id(t, column);
    struct vrow row;
    begin_named(&row, c, db, t, k->name, r);
    vrow_text(&row, "column_name", d ? d->name : NULL);
    vrow_int(&row, "ordinal_position", (int64_t)position);
    if (k->key)
        vrow_int(&row, "position_in_unique_constraint", (int64_t)position);
    vrow_end(&row);
}

static void put_key_columns(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    for (size_t i = 0; i < constraint_count(t); i++) {
        struct constraint k;
        size_t position = 0;
        if (!constraint_at(t, i, &k) || k.check)
            continue;
        for (size_t m = 0; k.index && m < k.index->keys.len; m++)
            if (!k.index->keys.items[m].implicit)
                put_key_column(c, db, t, &k, k.index->keys.items[m].column, ++position, r);
        for (size_t m = 0; k.key && m < k.key->columns.len; m++)
            put_key_column(c, db, t, &k, k.key->columns.items[m], ++position, r);
    }
}

static void put_references(const struct virtual_context *c, const struct database_descriptor *db,
    const struct table_descriptor *t, struct result *r) {
    static const char *const rules[] = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"};
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        const struct foreign_key *f = &t->foreign_keys.items[i];
        const struct table_descriptor *to = table_by_id(c->descriptors, f->table);
        struct vrow row;
        begin_named(&row, c, db, t, f->name, r);
        vrow_text(&row, "unique_constraint_catalog", db->name);
        vrow_text(&row, "unique_constraint_schema", to ? virtual_schema_name(c, to) : NULL);
        vrow_text(&row, "unique_constraint_name", to && to->indexes.len ? to->indexes.items[0].name : NULL);
        vrow_text(&row, "match_option", "NONE");
        vrow_text(&row, "update_rule", "NO ACTION");
        vrow_text(&row, "delete_rule", rules[f->on_delete]);
        vrow_text(&row, "referenced_table_name", to ? to->name : NULL);
        vrow_end(&row);
    }
}

#define FILL(name, each) \
    static void name(const struct virtual_context *c, struct result *r) { each_table(c, r, each); }
FILL(fill_pg_constraint, put_pg_constraints)
FILL(fill_pg_index, put_pg_indexes)
FILL(fill_attrdef, put_defaults)
FILL(fill_pg_tables, put_pg_table)
FILL(fill_views, put_view)
FILL(fill_sequences, put_sequence)
FILL(fill_table_constraints, put_table_constraints)
FILL(fill_key_columns, put_key_columns)
FILL(fill_references, put_references)

const struct vtable vtables_constraints[] = {
    {"pg_catalog", "pg_constraint",
        "oid:o conname:n connamespace:o contype:c condeferrable:b condeferred:b convalidated:b conrelid:o contypid:o "
        "conindid:o confrelid:o confupdtype:c confdeltype:c confmatchtype:c conislocal:b coninhcount:4 connoinherit:b "
        "conkey:I confkey:I condef:t",
        "=", NULL, fill_pg_constraint},
    {"pg_catalog", "pg_index",
        "indexrelid:o indrelid:o indnatts:2 indisunique:b indisprimary:b indimmediate:b indisclustered:b indisvalid:b "
        "indisready:b indislive:b indkey:I indexprs:t indpred:t indnkeyatts:2 indisexclusion:b indcheckxmin:b "
        "indisreplident:b "
        "indcollation:O indclass:O indoption:I",
        "=", NULL, fill_pg_index},
    {"pg_catalog", "pg_indexes", "crdb_oid:o schemaname:n tablename:n indexname:n tablespace:n indexdef:t", "=", NULL,
        fill_pg_index},
    {"pg_catalog", "pg_attrdef", "oid:o adrelid:o adnum:2 adbin:t adsrc:t", "=", NULL, fill_attrdef},
    {"pg_catalog", "pg_tables",
        "schemaname:n tablename:n tableowner:n tablespace:n hasindexes:b hasrules:b hastriggers:b rowsecurity:b", "=",
        NULL, fill_pg_tables},
    {"pg_catalog", "pg_views", "schemaname:n viewname:n viewowner:n definition:t", "=", NULL, fill_views},
    {"information_schema", "views",
        "table_catalog:t table_schema:t table_name:t view_definition:t check_option:t is_updatable:t "
        "is_insertable_into:t",
        "=", NULL, fill_views},
    {"information_schema", "sequences",
        "sequence_catalog:t sequence_schema:t sequence_name:t data_type:t numeric_precision:i "
        "numeric_precision_radix:i "
        "numeric_scale:i start_value:t minimum_value:t maximum_value:t increment:t cycle_option:t",
        "=", NULL, fill_sequences},
    {"information_schema", "table_constraints",
        "constraint_catalog:t constraint_schema:t constraint_name:t table_catalog:t table_schema:t table_name:t "
        "constraint_type:t is_deferrable:t initially_deferred:t",
        "=", NULL, fill_table_constraints},
    {"information_schema", "key_column_usage",
        "constraint_catalog:t constraint_schema:t constraint_name:t table_catalog:t table_schema:t table_name:t "
        "column_name:t ordinal_position:i position_in_unique_constraint:i",
        "=", NULL, fill_key_columns},
    {"information_schema", "referential_constraints",
        "constraint_catalog:t constraint_schema:t constraint_name:t unique_constraint_catalog:t "
        "unique_constraint_schema:t unique_constraint_name:t match_option:t update_rule:t delete_rule:t table_name:t "
        "referenced_table_name:t",
        "=", NULL, fill_references},
    {"information_schema", "table_privileges",
        "grantor:t grantee:t table_catalog:t table_schema:t table_name:t privilege_type:t is_grantable:t "
        "with_hierarchy:t",
        "=", NULL, virtual_fill_table_privileges},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const char *virtual_constraint_definition(struct arena *a, const struct descriptors *d, int64_t oid) {
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < constraint_count(d->tables.items[i]); k++) {
            struct constraint c;
            if (!constraint_at(d->tables.items[i], k, &c) || oid_of(d->tables.items[i], c.name) != oid)
                continue;
            struct str s = {0};
            add_definition(&s, d, d->tables.items[i], &c);
            const char *text = arena_strdup(a, str_get(&s));
            str_free(&s);
            return text;
        }
    return NULL;
}

const char *virtual_index_definition(struct arena *a, const struct descriptors *d, int64_t oid, int column) {
    for (size_t i = 0; i < d->tables.len; i++)
        for (size_t k = 0; k < d->tables.items[i]->indexes.len; k++) {
            const struct table_descriptor *t = d->tables.items[i];
            const struct index_descriptor *x = &t->indexes.items[k];
            struct str s = {0};
            int at = 0;
            if (oid_of(t, x->name) != oid)
                continue;
            if (!column)
                add_index_definition(&s, d, t, x);
            for (size_t m = 0; column && m < x->keys.len; m++)
                if (!x->keys.items[m].implicit && ++at == column && column_by_id(t, x->keys.items[m].column))
                    str_add(&s, column_by_id(t, x->keys.items[m].column)->name);
            const char *text = arena_strdup(a, str_get(&s));
            str_free(&s);
            return text;
        }
    return NULL;
}
