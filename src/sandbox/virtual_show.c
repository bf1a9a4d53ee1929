/* virtual_show: SHOW statements about regions, databases, tables and what they hold. */
#include "virtual_private.h"

#include "domicile/base/arena.h"
#include "domicile/dialect/name.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/print.h"

#include <stdlib.h>
#include <string.h>

static const char *keep(struct result *r, struct str *s) {
    const char *out = arena_strdup(r->arena, str_get(s));
    str_free(s);
    return out;
}

static const char *name_list(struct result *r, const char **names, size_t n) {
    struct str out = {0};
    str_add_char(&out, '{');
    for (size_t i = 0; i < n; i++) {
        str_add(&out, i ? "," : "");
        virtual_add_element(&out, names[i]);
    }
    str_add_char(&out, '}');
    return keep(r, &out);
}

static const char *database_regions(struct result *r, const struct database_descriptor *db) {
    const char **names;
    size_t n = virtual_sorted_regions(db, &names);
    const char *out = name_list(r, names, n);
    free(names);
    return out;
}

/* ---- regions ---- */

static int by_name(const void *a, const void *b) {
    const struct database_descriptor *x = *(const struct database_descriptor *const *)a;
    const struct database_descriptor *y = *(const struct database_descriptor *const *)b;
    return strcmp(x->name, y->name);
}

static const struct database_descriptor **databases(const struct virtual_context *c, size_t *n) {
    const struct database_descriptor **out = mem_calloc(c->descriptors->databases.len + 1, sizeof *out);
    *n = c->descriptors->databases.len;
    for (size_t i = 0; i < *n; i++)
        out[i] = c->descriptors->databases.items[i];
    qsort(out, *n, sizeof *out, by_name);
    return out;
}

enum part { IN_DATABASE, IS_PRIMARY, IS_SECONDARY };

/* The databases that a region is part, primary or secondary region of. */
static const char *databases_of(const struct virtual_context *c, struct result *r, const char *region, enum part part) {
    size_t n;
    const struct database_descriptor **all = databases(c, &n);
    const char **names = mem_calloc(n + 1, sizeof *names);
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        bool is = part == IN_DATABASE ? database_has_region(all[i], region)
            : part == IS_PRIMARY ? str_eq(all[i]->primary_region, region)
            : str_eq(all[i]->secondary_region, region);
        if (is)
            names[used++] = all[i]->name;
    }
    const char *out = name_list(r, names, used);
    free(names);
    free(all);
    return out;
}

static void show_regions(const struct virtual_context *c, struct result *r, bool cluster) {
    const char **names;
    virtual_columns(r,
        cluster ? "region:t zones:T"
            : virtual_new(c) ? "region:t zones:T database_names:T primary_region_of:T secondary_region_of:T"
            : "region:t zones:T database_names:T primary_region_of:T");
    size_t n = c->describe ? 0 : world_regions(c->world, &names);
    for (size_t i = 0; i < n; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "region", names[i]);
        vrow_text(&row, "zones", virtual_region_zones(r, c->world, names[i]));
        vrow_text(&row, "database_names", databases_of(c, r, names[i], IN_DATABASE));
        vrow_text(&row, "primary_region_of", databases_of(c, r, names[i], IS_PRIMARY));
        vrow_text(&row, "secondary_region_of", databases_of(c, r, names[i], IS_SECONDARY));
        vrow_end(&row);
    }
    if (!c->describe)
        free(names);
}

static void put_database_region(
    const struct virtual_context *c, struct result *r, const struct database_descriptor *db, const char *region) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "database", db->name);
    vrow_text(&row, "region", region);
    vrow_bool(&row, "primary", str_eq(db->primary_region, region));
    vrow_bool(&row, "secondary", str_eq(db->secondary_region, region));
    vrow_text(&row, "zones", virtual_region_zones(r, c->world, region));
    vrow_end(&row);
}

/* The primary first, then the secondary, then the others by name. A database that does not exist has none. */
static bool show_database_regions(const struct virtual_context *c, const char *name, struct result *r) {
    const char *wanted = name ? name : c->session->database;
    const struct database_descriptor *db = database_by_name(c->descriptors, wanted ? wanted : "");
    virtual_columns(r,
        virtual_new(c) ? "database:t region:t primary:b secondary:b zones:T" : "database:t region:t primary:b zones:T");
    if (!db && !name && virtual_new(c))
        return virtual_database(c, NULL, r) != NULL;
    if (!db || !db->primary_region || c->describe)
        return true;
    const char **names;
    size_t n = virtual_sorted_regions(db, &names);
    put_database_region(c, r, db, db->primary_region);
    if (db->secondary_region)
        put_database_region(c, r, db, db->secondary_region);
    for (size_t i = 0; i < n; i++)
        if (!str_eq(names[i], db->primary_region) && !str_eq(names[i], db->secondary_region))
            put_database_region(c, r, db, names[i]);
    free(names);
    return true;
}

static void show_all_regions(const struct virtual_context *c, struct result *r) {
    size_t n;
    const struct database_descriptor **all = databases(c, &n);
    virtual_columns(r,
        virtual_new(c) ? "database_name:t regions:T primary_region:t secondary_region:t"
            : "database_name:t regions:T primary_region:t");
    for (size_t i = 0; i < n && !c->describe; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "database_name", all[i]->name);
        vrow_text(&row, "regions", database_regions(r, all[i]));
        vrow_text(&row, "primary_region", all[i]->primary_region);
        vrow_text(&row, "secondary_region",
            all[i]->secondary_region ? all[i]->secondary_region
                : all[i]->primary_region ? ""
                : NULL);
        vrow_end(&row);
    }
    free(all);
}

static bool show_regions_form(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    if (st->target.kind == TARGET_DATABASE)
        return show_database_regions(c, st->target.word, r);
    if (st->target.kind == TARGET_ALL_DATABASES)
        show_all_regions(c, r);
    else
        show_regions(c, r, st->target.kind == TARGET_CLUSTER);
    return true;
}

static bool show_super_regions(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct database_descriptor *db = virtual_database(c, st->word, r);
    if (!db)
        return false;
    virtual_columns(r, "database_name:t super_region_name:t regions:T");
    for (size_t i = 0; i < db->super_regions.len && !c->describe; i++) {
        const struct super_region *sr = &db->super_regions.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "database_name", db->name);
        vrow_text(&row, "super_region_name", sr->name);
        vrow_text(&row, "regions", name_list(r, (const char **)(void *)sr->regions.items, sr->regions.len));
        vrow_end(&row);
    }
    return true;
}

static bool show_survival(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct database_descriptor *db = virtual_database(c, st->word, r);
    struct vrow row;
    if (!db)
        return false;
    virtual_columns(r, "database:t survival_goal:t");
    if (c->describe)
        return true;
    vrow_begin(&row, r);
    vrow_text(&row, "database", db->name);
    vrow_text(&row, "survival_goal", !db->primary_region ? NULL : db->survive_region ? "region" : "zone");
    vrow_end(&row);
    return true;
}

/* ---- databases and tables ---- */

static bool show_databases(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    size_t n;
    const struct database_descriptor **all = databases(c, &n);
    struct str spec = {0};
    str_add_f(&spec, "database_name:t owner:n primary_region:t %sregions:T survival_goal:t%s",
        virtual_new(c) ? "secondary_region:t " : "", st->with_comment ? " comment:t" : "");
    virtual_columns(r, str_get(&spec));
    str_free(&spec);
    for (size_t i = 0; i < n && !c->describe; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "database_name", all[i]->name);
        vrow_text(&row, "owner", all[i]->owner);
        vrow_text(&row, "primary_region", all[i]->primary_region);
        vrow_text(&row, "secondary_region",
            all[i]->secondary_region ? all[i]->secondary_region
                : all[i]->primary_region ? ""
                : NULL);
        vrow_text(&row, "regions", database_regions(r, all[i]));
        vrow_text(&row, "survival_goal", !all[i]->primary_region ? NULL : all[i]->survive_region ? "region" : "zone");
        vrow_end(&row);
    }
    free(all);
    return true;
}

static int by_table_name(const void *a, const void *b) {
    const struct table_descriptor *x = *(const struct table_descriptor *const *)a;
    const struct table_descriptor *y = *(const struct table_descriptor *const *)b;
    return strcmp(x->name, y->name);
}

/* SHOW TABLES [FROM db[.schema] | schema]: a lone word is a schema if there is one of that name, else a database. */
static const struct database_descriptor *tables_scope(
    const struct virtual_context *c, const struct ast_name *name, const char **schema, struct result *r) {
    const struct database_descriptor *current = database_by_name(
        c->descriptors, c->session->database ? c->session->database : "");
    *schema = NULL;
    if (name->n == 0 && !current && virtual_new(c)) {
        result_fail(r, "42602", "no database or schema specified");
        return NULL;
    }
    if (name->n == 0)
        return virtual_database(c, NULL, r);
    if (name->n == 1 && current && schema_by_name(current, name->part[0])) {
        *schema = name->part[0];
        return current;
    }
    if (name->n == 2)
        *schema = name->part[1];
    return virtual_database(c, name->part[0], r);
}

static bool show_tables(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const char *schema;
    const struct database_descriptor *db = tables_scope(c, &st->name, &schema, r);
    if (!db)
        return false;
    virtual_columns(r,
        st->with_comment ? "schema_name:n table_name:n type:t owner:n estimated_row_count:i locality:t comment:t"
            : "schema_name:n table_name:n type:t owner:n estimated_row_count:i locality:t");
    const struct table_descriptor **list = mem_calloc(c->descriptors->tables.len + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < c->descriptors->tables.len && !c->describe; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        if (t->database == db->id && (!schema || strcmp(virtual_schema_name(c, t), schema) == 0))
            list[n++] = t;
    }
    qsort(list, n, sizeof *list, by_table_name);
    for (size_t i = 0; i < n; i++) {
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "schema_name", virtual_schema_name(c, list[i]));
        vrow_text(&row, "table_name", list[i]->name);
        vrow_text(&row, "type", list[i]->view ? "view" : list[i]->sequence ? "sequence" : "table");
        vrow_text(&row, "owner", list[i]->owner);
        vrow_int(&row, "estimated_row_count", c->table_rows ? c->table_rows(c->arg, list[i]->id) : 0);
        vrow_text(&row, "locality", virtual_locality_text(r, c, list[i]));
        vrow_text(&row, "comment", "");
        vrow_end(&row);
    }
    free(list);
    return true;
}

static bool show_create(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    struct str text = {0};
    const char *cells[2];
    if (st->target.kind == TARGET_DATABASE) {
        const struct database_descriptor *db = virtual_database(c, st->target.word, r);
        virtual_columns(r, "database_name:t create_statement:t");
        if (!db || c->describe)
            return db != NULL;
        virtual_create_database(&text, c->descriptors, db);
        cells[0] = db->name;
    } else {
        const struct table_descriptor *t = virtual_find_table(c, &st->target.name, r);
        virtual_columns(r, "table_name:t create_statement:t");
        if (!t)
            return false;
        struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
        if (!users_check_any(c->users, c->session, &o, r))
            return false;
        if (c->describe)
            return true;
        virtual_create_table(&text, c->descriptors, t);
        virtual_create_zones(&text, c->descriptors, t);
        if (virtual_new(c))
            str_add_char(&text, ';');
        /* As the statement wrote it. */
        struct str written = {0};
        print_name(&written, &st->target.name);
        cells[0] = keep(r, &written);
    }
    cells[1] = str_get(&text);
    result_row_add(r, cells);
    str_free(&text);
    return true;
}

/* The expression without the annotations that SHOW CREATE prints. */
static const char *plain_expr(struct result *r, const char *text) {
    struct arena *a = arena_new();
    struct str out = {0};
    struct parse_error e = {0};
    struct ast_expr *expr = NULL;
    if (text && parser_parse_expr(a, text, 0, &expr, &e))
        print_expr(&out, expr, PRINT_NO_ANNOTATIONS);
    else
        str_add(&out, text ? text : "");
    arena_free(a);
    return keep(r, &out);
}

static bool index_has(const struct index_descriptor *ix, int column) {
    for (size_t i = 0; i < ix->keys.len; i++)
        if (ix->keys.items[i].column == column)
            return true;
    for (size_t i = 0; i < ix->storing.len; i++)
        if (ix->storing.items[i] == column)
            return true;
    return false;
}

static bool is_primary_key(const struct table_descriptor *t, int column) {
    const struct index_descriptor *primary = &t->indexes.items[0];
    for (size_t i = 0; i < primary->keys.len; i++)
        if (primary->keys.items[i].column == column)
            return true;
    return false;
}

/* The primary index holds every column; the others their own and the primary key's, by which rows are found. */
static const char *column_indexes(struct result *r, const struct table_descriptor *t, int column) {
    const char **names = mem_calloc(t->indexes.len + 1, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (i == 0 || index_has(&t->indexes.items[i], column) || is_primary_key(t, column))
            names[n++] = t->indexes.items[i].name;
    const char *out = name_list(r, names, n);
    free(names);
    return out;
}

static const char *type_name(const struct virtual_context *c, struct result *r, const struct sqltype *type) {
    const struct type_descriptor *user = type->user ? type_by_id(c->descriptors, type->user) : NULL;
    char *full = user ? type_full_name(c->descriptors, user) : NULL;
    struct str out = {0};
    sqltype_print(&out, type, full);
    free(full);
    return keep(r, &out);
}

static bool show_columns(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct table_descriptor *t = NULL;
    virtual_columns(r,
        st->with_comment
            ? "column_name:t data_type:t is_nullable:b column_default:t generation_expression:t indices:T is_hidden:b "
              "comment:t"
            : "column_name:t data_type:t is_nullable:b column_default:t generation_expression:t indices:T is_hidden:b");
    t = virtual_find_table(c, &st->name, r);
    for (size_t i = 0; t && i < t->columns.len && !c->describe; i++) {
        const struct column_descriptor *column = &t->columns.items[i];
        struct vrow row;
        vrow_begin(&row, r);
        vrow_text(&row, "column_name", column->name);
        vrow_text(&row, "data_type", type_name(c, r, &column->type));
        vrow_bool(&row, "is_nullable", column->nullable);
        vrow_text(&row, "column_default", column->default_expr ? plain_expr(r, column->default_expr) : NULL);
        vrow_text(&row, "generation_expression", column->computed ? plain_expr(r, column->computed) : "");
        vrow_text(&row, "indices", column_indexes(r, t, column->id));
        vrow_bool(&row, "is_hidden", column->hidden);
        vrow_end(&row);
    }
    return t != NULL;
}

static void put_index_column(const struct virtual_context *c, struct result *r, const struct table_descriptor *t,
    const struct index_descriptor *ix, int column, int seq, const char *direction, bool storing, bool implicit) {
    const struct column_descriptor *col = column_by_id(t, column);
    struct vrow row;
    (void)c;
    vrow_begin(&row, r);
    vrow_text(&row, "table_name", t->name);
    vrow_text(&row, "index_name", ix->name);
    vrow_bool(&row, "non_unique", !ix->unique && ix != &t->indexes.items[0]);
    vrow_int(&row, "seq_in_index", seq);
    vrow_text(&row, "column_name", col ? col->name : "?");
    vrow_text(&row, "definition", col ? col->name : "?");
    vrow_text(&row, "direction", direction);
    vrow_bool(&row, "storing", storing);
    vrow_bool(&row, "implicit", implicit);
    vrow_bool(&row, "visible", true);
    vrow_text(&row, "visibility", "1");
    vrow_end(&row);
}

/* Key columns, then what is stored (the primary index: every other column; others: the key's own columns too). */
static void show_index(const struct virtual_context *c, struct result *r, const struct table_descriptor *t,
    const struct index_descriptor *ix) {
    bool primary = ix == &t->indexes.items[0];
    int seq = 1;
    for (size_t i = 0; i < ix->keys.len; i++)
        put_index_column(c, r, t, ix, ix->keys.items[i].column, seq++, ix->keys.items[i].descending ? "DESC" : "ASC",
            false, ix->keys.items[i].implicit);
    for (size_t i = 0; primary && i < t->columns.len; i++)
        if (!index_has(ix, t->columns.items[i].id))
            put_index_column(c, r, t, ix, t->columns.items[i].id, seq++, "N/A", true, false);
    for (size_t i = 0; !primary && i < t->indexes.items[0].keys.len; i++)
        if (!index_has(ix, t->indexes.items[0].keys.items[i].column))
            put_index_column(c, r, t, ix, t->indexes.items[0].keys.items[i].column, seq++, "ASC", false, true);
    for (size_t i = 0; !primary && i < ix->storing.len; i++)
        put_index_column(c, r, t, ix, ix->storing.items[i], seq++, "N/A", true, false);
}

static bool show_indexes(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r,
        virtual_new(c)
            ? "table_name:t index_name:t non_unique:b seq_in_index:i column_name:t definition:t direction:t storing:b "
              "implicit:b visible:b visibility:f"
            : "table_name:t index_name:t non_unique:b seq_in_index:i column_name:t direction:t storing:b implicit:b");
    const struct ast_name *name = st->target.name.n ? &st->target.name : &st->name;
    if (st->target.kind == TARGET_DATABASE) {
        const struct database_descriptor *db = virtual_database(c, st->target.word, r);
        for (size_t i = 0; db && i < c->descriptors->tables.len && !c->describe; i++)
            for (size_t k = 0; c->descriptors->tables.items[i]->database == db->id &&
                 k < c->descriptors->tables.items[i]->indexes.len;
                 k++)
                show_index(c, r, c->descriptors->tables.items[i], &c->descriptors->tables.items[i]->indexes.items[k]);
        return db != NULL;
    }
    const struct table_descriptor *t = virtual_find_table(c, name, r);
    for (size_t i = 0; t && i < t->indexes.len && !c->describe; i++)
        show_index(c, r, t, &t->indexes.items[i]);
    return t != NULL;
}

static void put_constraint(
    struct result *r, const struct table_descriptor *t, const char *name, const char *type, const char *details) {
    struct vrow row;
    vrow_begin(&row, r);
    vrow_text(&row, "table_name", t->name);
    vrow_text(&row, "constraint_name", name);
    vrow_text(&row, "constraint_type", type);
    vrow_text(&row, "details", details);
    vrow_bool(&row, "validated", true);
    vrow_end(&row);
}

static const char *key_text(
    struct result *r, const struct table_descriptor *t, const struct index_descriptor *ix, const char *word) {
    struct str out = {0};
    bool first = true;
    str_add_f(&out, "%s (", word);
    for (size_t i = 0; i < ix->keys.len; i++) {
        const struct column_descriptor *column = column_by_id(t, ix->keys.items[i].column);
        if (ix->keys.items[i].implicit || !column)
            continue;
        str_add(&out, first ? "" : ", ");
        name_quote(&out, column->name);
        str_add(&out, ix->keys.items[i].descending ? " DESC" : " ASC");
        first = false;
    }
    str_add_char(&out, ')');
    return keep(r, &out);
}

static const char *reference_text(
    const struct virtual_context *c, struct result *r, const struct table_descriptor *t, const struct foreign_key *fk) {
    const struct table_descriptor *to = table_by_id(c->descriptors, fk->table);
    struct str out = {0};
    str_add(&out, "FOREIGN KEY (");
    for (size_t i = 0; i < fk->columns.len; i++)
        str_add_f(&out, "%s%s", i ? ", " : "", column_by_id(t, fk->columns.items[i])->name);
    str_add_f(&out, ") REFERENCES %s(", to ? to->name : "?");
    for (size_t i = 0; to && i < fk->references.len; i++)
        str_add_f(&out, "%s%s", i ? ", " : "", column_by_id(to, fk->references.items[i])->name);
    str_add_char(&out, ')');
    return keep(r, &out);
}

static bool show_constraints(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    virtual_columns(r, "table_name:n constraint_name:n constraint_type:t details:t validated:b");
    const struct table_descriptor *t = virtual_find_table(c, &st->name, r);
    if (!t || c->describe)
        return t != NULL;
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        put_constraint(
            r, t, t->foreign_keys.items[i].name, "FOREIGN KEY", reference_text(c, r, t, &t->foreign_keys.items[i]));
    for (size_t i = 0; i < t->checks.len; i++)
        put_constraint(
            r, t, t->checks.items[i].name, "CHECK", arena_printf(r->arena, "CHECK (%s)", t->checks.items[i].expr));
    for (size_t i = 0; i < t->indexes.len; i++)
        if (i == 0 || t->indexes.items[i].unique)
            put_constraint(r, t, t->indexes.items[i].name, i ? "UNIQUE" : "PRIMARY KEY",
                key_text(r, t, &t->indexes.items[i], i ? "UNIQUE" : "PRIMARY KEY"));
    return true;
}

static bool show_types(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    bool enums = st->kind == SHOW_ENUMS;
    const char *schema;
    const struct database_descriptor *db = tables_scope(c, &st->name, &schema, r);
    virtual_columns(r, enums ? "schema:n name:n values:T owner:n" : "schema:n name:n owner:n");
    for (size_t i = 0; db && i < c->descriptors->types.len && !c->describe; i++) {
        const struct type_descriptor *t = c->descriptors->types.items[i];
        struct str values = {0};
        struct vrow row;
        if (t->database != db->id)
            continue;
        str_add_char(&values, '{');
        for (size_t k = 0; k < t->labels.len; k++) {
            str_add(&values, k ? "," : "");
            virtual_add_element(&values, t->labels.items[k].name);
        }
        str_add_char(&values, '}');
        vrow_begin(&row, r);
        vrow_text(&row, "schema", "public");
        vrow_text(&row, "name", t->name);
        vrow_text(&row, "values", keep(r, &values));
        vrow_text(&row, "owner", t->owner);
        vrow_end(&row);
    }
    return db != NULL;
}

static bool show_schemas(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    static const char *const virtual_schemas[] = {"crdb_internal", "information_schema", "pg_catalog", "pg_extension"};
    const struct database_descriptor *db = virtual_database(c, st->word, r);
    virtual_columns(r, "schema_name:n owner:n");
    if (!db || c->describe)
        return db != NULL;
    for (size_t i = 0; i < sizeof virtual_schemas / sizeof *virtual_schemas; i++)
        result_row_addv(r, virtual_schemas[i], (const char *)NULL);
    for (size_t i = 0; i < db->schemas.len; i++)
        result_row_addv(r, db->schemas.items[i].name, db->schemas.items[i].owner);
    result_row_addv(r, "sandbox", "node");
    return true;
}

static bool show_sequences(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct database_descriptor *db = virtual_database(c, st->word, r);
    virtual_columns(r, "sequence_schema:t sequence_name:t");
    for (size_t i = 0; db && !c->describe && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        if (t->database == db->id && t->sequence)
            result_row_addv(r, virtual_schema_name(c, t), t->name);
    }
    return db;
}

static bool show_users(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    (void)st;
    virtual_columns(r, "username:t options:t member_of:T");
    for (size_t i = 0; i < users_count(c->users) && !c->describe; i++) {
        struct users_role_info u = users_at(c->users, i);
        struct vrow row;
        vrow_begin(&row, r);
        vrow_f(&row, "username", "%s", u.name);
        vrow_f(&row, "options", "%s", u.options_text ? u.options_text : "");
        vrow_text(&row, "member_of", strcmp(u.name, "root") == 0 ? "{admin}" : "{}");
        vrow_end(&row);
    }
    return true;
}

static bool show_locality(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    (void)st;
    virtual_columns(r, "locality:t");
    if (!c->describe)
        result_row_addv(r, c->session->locality ? c->session->locality : "");
    return true;
}

/* Jobs of the last hours: this sandbox keeps those of its schema changes. */
static bool show_jobs(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    bool automatic = st->automatic;
    virtual_columns(r,
        virtual_new(c) ? "job_id:i job_type:t description:t user_name:t status:t running_status:t created:z started:z "
                         "finished:z modified:z fraction_completed:f error:t coordinator_id:i"
                       : "job_id:i job_type:t description:t statement:t user_name:t status:t running_status:t "
                         "created:m started:m finished:m modified:m fraction_completed:f error:t coordinator_id:i "
                         "trace_id:i last_run:m next_run:m num_runs:i execution_errors:T");
    if (automatic || c->describe)
        return true;
    if (st->job && st->job->kind != EXPR_NUMBER)
        return result_unsupported(r, "SHOW JOB of anything but a number");
    const int64_t wanted = st->job ? strtoll(st->job->u.number.text, NULL, 10) : 0;
    for (size_t i = 0; i < c->job_count; i++) {
        const struct virtual_job *j = &c->jobs[i];
        bool zone = virtual_new(c);
        struct vrow row;
        if (st->job && j->id != wanted)
            continue;
        vrow_begin(&row, r);
        vrow_int(&row, "job_id", j->id);
        vrow_text(&row, "job_type", j->type);
        vrow_text(&row, "description", j->description);
        vrow_text(&row, "statement", "");
        vrow_text(&row, "user_name", j->user);
        vrow_text(&row, "status", j->finished_wall ? "succeeded" : "running");
        vrow_text(&row, "running_status", "");
        vrow_time(&row, "created", j->created_wall, zone);
        vrow_time(&row, "started", j->created_wall, zone);
        vrow_time(&row, "finished", j->finished_wall, zone);
        vrow_time(&row, "modified", j->finished_wall ? j->finished_wall : j->created_wall, zone);
        vrow_text(&row, "fraction_completed", j->finished_wall ? "1" : "0");
        vrow_text(&row, "error", "");
        vrow_int(&row, "coordinator_id", 1);
        vrow_end(&row);
    }
    return true;
}

/* The one tenant there is. */
static bool show_virtual_clusters(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    (void)st;
    virtual_columns(r, "id:i name:t data_state:t service_mode:t");
    if (!c->describe)
        result_row_addv(r, "1", "system", "ready", "shared");
    return true;
}

/* What answers each SHOW. */
static const struct {
    enum ast_show_kind kind;
    bool (*show)(const struct virtual_context *c, const struct ast_show *st, struct result *r);
} shows[] = {
    {SHOW_REGIONS, show_regions_form},
    {SHOW_SUPER_REGIONS, show_super_regions},
    {SHOW_SURVIVAL_GOAL, show_survival},
    {SHOW_RANGES, virtual_show_ranges},
    {SHOW_RANGE_FOR_ROW, virtual_show_range_for_row},
    {SHOW_ZONE_CONFIGURATION, virtual_show_zone},
    {SHOW_ZONE_CONFIGURATIONS, virtual_show_zone},
    {SHOW_PARTITIONS, virtual_show_partitions},
    {SHOW_CREATE, show_create},
    {SHOW_TABLES, show_tables},
    {SHOW_DATABASES, show_databases},
    {SHOW_COLUMNS, show_columns},
    {SHOW_INDEXES, show_indexes},
    {SHOW_CONSTRAINTS, show_constraints},
    {SHOW_ENUMS, show_types},
    {SHOW_TYPES, show_types},
    {SHOW_SCHEMAS, show_schemas},
    {SHOW_USERS, show_users},
    {SHOW_ROLES, show_users},
    {SHOW_SEQUENCES, show_sequences},
    {SHOW_GRANTS, virtual_show_grants},
    {SHOW_SYSTEM_GRANTS, virtual_show_system_grants},
    {SHOW_LOCALITY, show_locality},
    {SHOW_JOBS, show_jobs},
    {SHOW_VIRTUAL_CLUSTER, show_virtual_clusters},
};

bool virtual_show(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
        if (shows[i].kind == st->kind)
            return shows[i].show(c, st, r);
    return result_unsupported(r, "this SHOW statement");
}

bool virtual_hangs(const struct virtual_context *c, const struct ast_show *st, const char *schema, const char *name) {
    bool leases = st ? st->kind == SHOW_RANGE_FOR_ROW ||
            (st->kind == SHOW_RANGES && (!virtual_new(c) || (st->ranges & RANGES_DETAILS)))
                     : str_eq(schema, "crdb_internal") && str_eq(name, "ranges");
    if (!leases)
        return false;
    if (st && virtual_new(c))
        return virtual_ranges_hang(c, st);
    for (size_t i = 0; i < world_range_count(c->world); i++)
        if (!world_range_available(c->world, world_range_at(c->world, i)))
            return true;
    return false;
}
