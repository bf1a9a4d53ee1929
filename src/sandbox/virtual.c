/* virtual: rows filled by column names, and what the virtual tables have in common. */
#include "system_table.h"
#include "virtual_private.h"

#include "domicile/base/text.h"
#include "domicile/dialect/name.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void vrow_begin(struct vrow *row, struct result *r) { *row = (struct vrow){.r = r}; }

void vrow_text(struct vrow *row, const char *column, const char *text) {
    for (size_t i = 0; i < row->r->columns.len && i < VROW_CELLS; i++)
        if (strcmp(row->r->columns.items[i].name, column) == 0)
            row->cells[i] = text;
}

void vrow_f(struct vrow *row, const char *column, const char *format, ...) {
    struct str text = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    vrow_text(row, column, arena_strdup(row->r->arena, str_get(&text)));
    str_free(&text);
}

void vrow_int(struct vrow *row, const char *column, int64_t v) { vrow_f(row, column, "%" PRId64, v); }

void vrow_bool(struct vrow *row, const char *column, bool v) { vrow_text(row, column, v ? "t" : "f"); }

void vrow_time(struct vrow *row, const char *column, int64_t wall, bool zone) {
    char text[40];
    char fraction[16] = "";
    if (!wall)
        return;
    time_t seconds = (time_t)(wall / USEC_PER_SEC);
    int64_t micros = wall % USEC_PER_SEC;
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
    if (micros) {
        int n = snprintf(fraction, sizeof fraction, ".%06" PRId64, micros);
        while (n > 0 && fraction[n - 1] == '0')
            fraction[--n] = '\0';
    }
    vrow_f(row, column, "%s%s%s", text, fraction, zone ? "+00" : "");
}

void vrow_end(struct vrow *row) {
    result_row_add(row->r, row->cells);
    *row = (struct vrow){.r = row->r};
}

static uint32_t oid_of(char type) {
    static const struct {
        char type;
        uint32_t oid;
    } types[] = {
        {'i', OID_INT8},
        {'t', OID_TEXT},
        {'b', OID_BOOL},
        {'y', OID_BYTEA},
        {'I', OID_INT8_ARRAY},
        {'T', OID_TEXT_ARRAY},
        {'m', OID_TIMESTAMP},
        {'z', OID_TIMESTAMPTZ},
        {'d', OID_NUMERIC},
        {'j', OID_JSONB},
        {'n', OID_NAME},
        {'o', OID_OID},
        {'v', OID_INTERVAL},
        {'f', OID_FLOAT8},
        {'F', OID_FLOAT4},
        {'c', OID_QCHAR},
        {'u', OID_UUID},
        {'r', OID_REGCLASS},
        {'2', OID_INT2},
        {'4', OID_INT4},
        {'O', OID_OID_ARRAY},
        {'p', OID_REGPROC},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return types[i].oid;
    return OID_TEXT;
}

enum { DECIMAL_18_15 = (18 << 16 | 15) + 4 };

void virtual_columns(struct result *r, const char *spec) {
    r->has_rows = true;
    for (const char *p = spec; *p;) {
        size_t n = strcspn(p, ":");
        char *name = mem_strndup(p, n);
        if (p[n + 1] == 'D')
            result_column_typmod(r, name, OID_NUMERIC, DECIMAL_18_15);
        else
            result_column(r, name, oid_of(p[n + 1]));
        free(name);
        p += n + 2;
        p += strspn(p, " ");
    }
}

void virtual_add_element(struct str *out, const char *element) {
    bool plain = *element != '\0' && strpbrk(element, "{}\",\\ \t\n") == NULL && !str_eq_nocase(element, "NULL");
    if (plain) {
        str_add(out, element);
        return;
    }
    str_add_char(out, '"');
    for (const char *p = element; *p; p++) {
        if (*p == '"' || *p == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *p);
    }
    str_add_char(out, '"');
}

static const char *keep(struct result *r, struct str *text) {
    const char *out = arena_strdup(r->arena, str_get(text));
    str_free(text);
    return out;
}

static int by_store(const void *a, const void *b) {
    return ((const struct replica *)a)->store_id - ((const struct replica *)b)->store_id;
}

/* The range's replicas of some kinds; the caller frees. */
static size_t select_replicas(const struct world_range *range, unsigned kinds, bool sorted, struct replica **out) {
    size_t n = 0;
    *out = mem_calloc(range->replicas.len + 1, sizeof **out);
    for (size_t i = 0; i < range->replicas.len; i++)
        if (kinds & 1U << range->replicas.items[i].kind)
            (*out)[n++] = range->replicas.items[i];
    if (sorted)
        qsort(*out, n, sizeof **out, by_store);
    return n;
}

const char *virtual_replicas(struct result *r, const struct world_range *range, unsigned kinds, bool sorted) {
    struct replica *list;
    struct str out = {0};
    size_t n = select_replicas(range, kinds, sorted, &list);
    str_add_char(&out, '{');
    for (size_t i = 0; i < n; i++)
        str_add_f(&out, "%s%d", i ? "," : "", list[i].store_id);
    str_add_char(&out, '}');
    free(list);
    return keep(r, &out);
}

const char *virtual_localities(struct result *r, const struct world *w, const struct world_range *range) {
    struct replica *list;
    struct str out = {0};
    size_t n = select_replicas(range, 1U << REPLICA_VOTER | 1U << REPLICA_NON_VOTER, true, &list);
    str_add_char(&out, '{');
    for (size_t i = 0; i < n; i++) {
        const struct world_node *node = world_node(w, list[i].store_id);
        if (i)
            str_add_char(&out, ',');
        virtual_add_element(&out, node ? node->locality_text : "");
    }
    str_add_char(&out, '}');
    free(list);
    return keep(r, &out);
}

const char *virtual_key_hex(struct result *r, const struct key *k) {
    struct str out = {0};
    str_add(&out, "\\x");
    for (size_t i = 0; i < k->len; i++)
        str_add_f(&out, "%02x", k->data[i]);
    return keep(r, &out);
}

const char *virtual_key_text(struct result *r, const struct key *k) {
    struct str out = {0};
    key_print(&out, k);
    return keep(r, &out);
}

const struct database_descriptor *virtual_database(
    const struct virtual_context *c, const char *name, struct result *r) {
    const char *wanted = name ? name : c->session->database;
    const struct database_descriptor *db = wanted && *wanted ? database_by_name(c->descriptors, wanted) : NULL;
    if (!db)
        result_fail(r, "3D000", "database \"%s\" does not exist", wanted ? wanted : "");
    return db;
}

const struct table_descriptor *virtual_find_table(
    const struct virtual_context *c, const struct ast_name *name, struct result *r) {
    const char *table = name->part[name->n - 1];
    const char *schema = "public";
    const char *database = c->session->database;
    struct str text = {0};
    if (name->n == 3) {
        database = name->part[0];
        schema = name->part[1];
    } else if (name->n == 2) {
        const struct database_descriptor *current = database_by_name(c->descriptors, database ? database : "");
        if (current && schema_by_name(current, name->part[0]))
            schema = name->part[0];
        else
            database = name->part[0];
    }
    const struct database_descriptor *db = database ? database_by_name(c->descriptors, database) : NULL;
    const struct schema_descriptor *s = db ? schema_by_name(db, schema) : NULL;
    const struct table_descriptor *t = s ? table_by_name(c->descriptors, db->id, s->id, table) : NULL;
    if (t)
        return t;
    for (int i = 0; i < name->n; i++)
        str_add_f(&text, "%s%s", i ? "." : "", name->part[i]);
    result_fail(r, "42P01", "relation \"%s\" does not exist", str_get(&text));
    str_free(&text);
    return NULL;
}

/* The table of the session's database that has an index; NULL with 42704. */
static const struct table_descriptor *table_of_index(const struct virtual_context *c, const char *index,
    struct result *r) {
    const struct database_descriptor *db = virtual_database(c, NULL, r);
    for (size_t i = 0; db && i < c->descriptors->tables.len; i++) {
        const struct table_descriptor *t = c->descriptors->tables.items[i];
        if (t->database == db->id && index_by_name(t, index))
            return t;
    }
    if (db)
        result_fail(r, "42704", "index \"%s\" does not exist", index);
    return NULL;
}

const struct table_descriptor *virtual_target_table(const struct virtual_context *c, const struct ast_target *target,
    struct result *r) {
    if (target->kind == TARGET_INDEX && target->index && !target->name.n)
        return table_of_index(c, target->index, r);
    const struct table_descriptor *t = virtual_find_table(c, &target->name, r);
    const bool missing = t && target->kind == TARGET_INDEX && target->index &&
        strcmp(target->index, "primary") != 0 && !index_by_name(t, target->index);
    if (missing)
        result_fail(r, "42704", "index \"%s\" does not exist", target->index);
    return missing ? NULL : t;
}

bool virtual_system_database(const struct virtual_context *c, const struct ast_target *target) {
    const char *name = target->word ? target->word : c->session->database;
    return (target->kind == TARGET_DATABASE || target->kind == TARGET_CURRENT_CATALOG) && name &&
        strcmp(name, "system") == 0;
}

const struct system_table *virtual_system_target(const struct virtual_context *c, const struct ast_target *target) {
    const struct ast_name *name = &target->name;
    const bool named = (target->kind == TARGET_TABLE || target->kind == TARGET_INDEX) && name->n >= 2 &&
        strcmp(name->part[0], "system") == 0 && (name->n == 2 || strcmp(name->part[1], "public") == 0);
    return named ? system_table_by_name(name->part[name->n - 1], virtual_new(c)) : NULL;
}

const char *virtual_schema_name(const struct virtual_context *c, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    const struct schema_descriptor *s = db ? schema_by_id(db, t->schema) : NULL;
    return s ? s->name : "public";
}

const char *virtual_locality_text(struct result *r, const struct virtual_context *c, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
    struct str out = {0};
    if (!db || !db->primary_region)
        return NULL;
    const struct column_descriptor *column = t->region_column ? column_by_id(t, t->region_column) : NULL;
    switch (t->locality) {
    case TABLE_LOCALITY_GLOBAL: str_add(&out, "GLOBAL"); break;
    case TABLE_LOCALITY_BY_ROW:
        str_add(&out, "REGIONAL BY ROW");
        if (t->region_as && column) {
            str_add(&out, " AS ");
            name_quote(&out, column->name);
        }
        break;
    case TABLE_LOCALITY_NONE:
    case TABLE_LOCALITY_BY_TABLE:
        str_add(&out, "REGIONAL BY TABLE IN ");
        if (t->home)
            name_quote(&out, t->home);
        else
            str_add(&out, "PRIMARY REGION");
        break;
    }
    return keep(r, &out);
}

static int compare_zones(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *virtual_region_zones(struct result *r, const struct world *w, const char *region) {
    const char **zones = mem_calloc(world_node_count(w) + 1, sizeof *zones);
    size_t n = 0;
    struct str out = {0};
    for (int id = 1; id <= (int)world_node_count(w); id++) {
        const struct locality *l = &world_node(w, id)->locality;
        const char *zone = locality_zone(l);
        size_t k = 0;
        if (!zone || !str_eq(locality_region(l), region))
            continue;
        while (k < n && strcmp(zones[k], zone) != 0)
            k++;
        if (k == n)
            zones[n++] = zone;
    }
    qsort(zones, n, sizeof *zones, compare_zones);
    str_add_char(&out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_add_char(&out, ',');
        virtual_add_element(&out, zones[i]);
    }
    str_add_char(&out, '}');
    free(zones);
    return keep(r, &out);
}

static const struct vtable *const registries[] = {vtables_cluster, vtables_catalog, vtables_system, vtables_pg,
    vtables_types, vtables_constraints};

static const struct vtable *find_vtable(const struct virtual_context *c, const char *schema, const char *name) {
    for (size_t i = 0; i < sizeof registries / sizeof *registries; i++)
        for (const struct vtable *t = registries[i]; t->name; t++)
            if (strcmp(t->name, name) == 0 && (*schema ? str_eq(t->schema, schema) : str_eq(t->schema, "pg_catalog") ||
                str_eq(t->schema, "pg_extension")))
                return (virtual_new(c) ? t->columns_new : t->columns_old) ? t : NULL;
    return NULL;
}

bool virtual_exists(const struct virtual_context *c, const char *schema, const char *name) {
    return find_vtable(c, schema, name) != NULL;
}

bool virtual_table(const struct virtual_context *c, const char *schema, const char *name, struct result *r) {
    const struct vtable *t = find_vtable(c, schema, name);
    if (!t)
        return false;
    if (t->check && !t->check(c, name, r))
        return false;
    bool same = virtual_new(c) && strcmp(t->columns_new, "=") == 0;
    virtual_columns(r, virtual_new(c) && !same ? t->columns_new : t->columns_old);
    if (!c->describe && t->fill)
        t->fill(c, r);
    return !r->failed;
}
