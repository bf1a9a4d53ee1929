/* build_catalog: database, tables, columns and indexes out of SHOW statements and CREATE statements. */
#include "build.h"

#include "domicile/dialect/showcreate.h"

#include <string.h>

void build_problems_free(struct build_problems *p) {
    for (size_t i = 0; i < p->len; i++)
        free(p->items[i]);
    vec_free(p);
}

static enum placement placement_of(const char *text) {
    if (str_eq_nocase(text, "restricted"))
        return PLACEMENT_RESTRICTED;
    return str_eq_nocase(text, "default") ? PLACEMENT_DEFAULT : PLACEMENT_UNKNOWN;
}

static void take_create_database(struct database *d, const struct showcreate_database *s) {
    if (s->primary_region[0] == '\0')
        return;
    d->primary_region = mem_strdup(s->primary_region);
    if (s->secondary_region[0] != '\0')
        d->secondary_region = mem_strdup(s->secondary_region);
    d->survival = s->survives_region ? SURVIVAL_REGION : SURVIVAL_ZONE;
    d->placement = s->restricted ? PLACEMENT_RESTRICTED : PLACEMENT_DEFAULT;
}

static bool read_database(struct database *d, const struct pg_result *r, struct err *err) {
    size_t create, id, placement;
    if (!pg_result_column(r, "create_statement", &create, err))
        return false;
    if (pg_result_rows(r) == 0 || pg_result_text(r, 0, create) == NULL)
        return true;
    struct showcreate_database s = {0};
    if (!showcreate_database_parse(&s, pg_result_text(r, 0, create), err))
        return err_prefix(err, "CREATE DATABASE");
    take_create_database(d, &s);
    showcreate_database_free(&s);
    if (pg_result_has(r, "id", &id))
        (void)pg_decode_int(&d->id, pg_result_text(r, 0, id));
    if (pg_result_has(r, "placement_policy", &placement) && pg_result_text(r, 0, placement) != NULL)
        d->placement = placement_of(pg_result_text(r, 0, placement));
    return true;
}

static int region_by_name(const void *a, const void *b) {
    return strcmp(((const struct db_region *)a)->name, ((const struct db_region *)b)->name);
}

static bool flag(const struct pg_result *r, size_t row, size_t column) {
    bool v = false;
    return pg_decode_bool(&v, pg_result_text(r, row, column)) && v;
}

static void replace_text(char **text, const char *with) {
    free(*text);
    *text = mem_strdup(with);
}

static void read_region(struct database *d, const struct pg_result *r, size_t i, const size_t columns[3],
    const struct physicals *p) {
    const char *name = pg_result_text(r, i, columns[0]);
    if (name == NULL)
        return;
    struct db_region region = {.name = mem_strdup(name)};
    const struct physical *known = physicals_find(p, name);
    if (known != NULL)
        key_copy(&region.physical, &known->bytes);
    vec_push(&d->regions, region);
    if (flag(r, i, columns[1]))
        replace_text(&d->primary_region, name);
    if (columns[2] != SIZE_MAX && flag(r, i, columns[2]))
        replace_text(&d->secondary_region, name);
}

static bool read_regions(struct database *d, const struct pg_result *r, const struct physicals *p, struct err *err) {
    size_t columns[3];
    if (!pg_result_column(r, "region", &columns[0], err) || !pg_result_column(r, "primary", &columns[1], err))
        return false;
    if (!pg_result_has(r, "secondary", &columns[2]))
        columns[2] = SIZE_MAX;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        read_region(d, r, i, columns, p);
    if (d->regions.len > 1)
        qsort(d->regions.items, d->regions.len, sizeof *d->regions.items, region_by_name);
    return true;
}

static bool read_super_regions(struct database *d, const struct pg_result *r, struct err *err) {
    size_t name, regions;
    if (!pg_result_column(r, "super_region_name", &name, err) || !pg_result_column(r, "regions", &regions, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        struct pg_texts members = {0};
        if (pg_result_text(r, i, name) == NULL || !pg_result_texts(r, i, regions, &members, err))
            return false;
        struct super_region s = {.name = mem_strdup(pg_result_text(r, i, name))};
        for (size_t k = 0; k < members.len; k++)
            if (members.items[k] != NULL)
                vec_push(&s.regions, mem_strdup(members.items[k]));
        pg_texts_free(&members);
        vec_push(&d->super_regions, s);
    }
    return true;
}

struct table_columns {
    size_t schema, name, type, rows, locality;
};

static bool read_table(struct catalog *c, const struct pg_result *r, size_t i, const struct table_columns *k,
    struct err *err) {
    const char *schema = pg_result_text(r, i, k->schema), *name = pg_result_text(r, i, k->name);
    if (schema == NULL || name == NULL || !str_eq(pg_result_text(r, i, k->type), "table"))
        return true;
    struct table t = {.schema = mem_strdup(schema), .name = mem_strdup(name)};
    if (!pg_decode_int(&t.estimated_rows, pg_result_text(r, i, k->rows)))
        t.estimated_rows = -1;
    bool ok = table_set_locality(&t, pg_result_text(r, i, k->locality), err);
    vec_push(&c->tables, t);
    return ok || err_prefix(err, "table %s", name);
}

static int table_by_name(const void *a, const void *b) {
    const struct table *x = a, *y = b;
    int schema = strcmp(x->schema, y->schema);
    return schema != 0 ? schema : strcmp(x->name, y->name);
}

static bool read_tables(struct catalog *c, const struct pg_result *r, struct err *err) {
    struct table_columns k;
    if (!pg_result_column(r, "schema_name", &k.schema, err) || !pg_result_column(r, "table_name", &k.name, err)
        || !pg_result_column(r, "type", &k.type, err) || !pg_result_column(r, "locality", &k.locality, err)
        || !pg_result_column(r, "estimated_row_count", &k.rows, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        if (!read_table(c, r, i, &k, err))
            return false;
    if (c->tables.len > 1)
        qsort(c->tables.items, c->tables.len, sizeof *c->tables.items, table_by_name);
    catalog_qualify(c);
    return true;
}

static struct table *find_table(struct catalog *c, const char *schema, const char *name) {
    struct table key = {.schema = (char *)(uintptr_t)schema, .name = (char *)(uintptr_t)name};
    if (schema == NULL || name == NULL || c->tables.len == 0)
        return NULL;
    return bsearch(&key, c->tables.items, c->tables.len, sizeof *c->tables.items, table_by_name);
}

/* -- what a CREATE TABLE tells -- */

/* The values that a column of an enum type may have. */
static void add_enum_values(struct column *column, const struct pg_result *enums) {
    size_t name, values;
    const char *dot = strrchr(column->type, '.');
    const char *type = dot != NULL ? dot + 1 : column->type;
    if (enums == NULL || !pg_result_has(enums, "name", &name) || !pg_result_has(enums, "values", &values))
        return;
    for (size_t i = 0; i < pg_result_rows(enums); i++) {
        struct pg_texts members = {0};
        if (!str_eq(pg_result_text(enums, i, name), type) || pg_result_text(enums, i, values) == NULL
            || !pg_decode_array(&members, pg_result_text(enums, i, values)))
            continue;
        for (size_t k = 0; k < members.len; k++)
            if (members.items[k] != NULL)
                vec_push(&column->values, mem_strdup(members.items[k]));
        pg_texts_free(&members);
        column->key_type = KEY_TYPE_ENUM;
        return;
    }
}

static void add_column(struct table *t, const struct showcreate_column *s, const struct pg_result *enums) {
    struct column column = {
        .id = (int)t->columns.len + 1,
        .name = mem_strdup(s->name),
        .type = mem_strdup(s->type),
        .key_type = key_type_of(s->type),
        .nullable = !s->not_null,
        .hidden = s->hidden,
        .has_default = s->default_expr != NULL,
        .default_expr = mem_strdup_null(s->default_expr),
        .computed = mem_strdup_null(s->computed),
    };
    add_enum_values(&column, enums);
    vec_push(&t->columns, column);
}

/* Every index of a table by row begins with the region, whether or not it was said. */
static bool begins_with(const struct showcreate_index *s, const char *column) {
    return s->keys.len > 0 && str_eq(s->keys.items[0].column, column);
}

static void add_partitions(struct index *index, const struct database *d) {
    for (size_t i = 0; i < d->regions.len; i++) {
        struct partition p = {.region = mem_strdup(d->regions.items[i].name)};
        vec_push(&index->partitions, p);
    }
}

static void add_index(struct table *t, const struct showcreate_index *s, const struct database *d) {
    struct index index = {.name = mem_strdup(s->name), .primary = s->primary, .unique = s->unique || s->primary,
        .opaque = s->inverted || s->hashed};
    bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && t->region_column != NULL;
    if (by_row && !begins_with(s, t->region_column)) {
        struct index_column region = {.name = mem_strdup(t->region_column), .implicit = true};
        vec_push(&index.columns, region);
    }
    for (size_t i = 0; i < s->keys.len; i++) {
        struct index_column column = {
            .name = mem_strdup(s->keys.items[i].column),
            .descending = s->keys.items[i].descending,
        };
        vec_push(&index.columns, column);
    }
    if (by_row)
        add_partitions(&index, d);
    vec_push(&t->indexes, index);
}

/* A key over an enum column needs its physical bytes, which only the regions' are known of. */
static void read_create(struct table *t, const struct showcreate_table *s, const struct catalog *c,
    const struct pg_result *enums) {
    for (size_t i = 0; i < s->columns.len; i++)
        add_column(t, &s->columns.items[i], enums);
    for (size_t i = 0; i < s->indexes.len; i++)
        add_index(t, &s->indexes.items[i], &c->database);
    t->schema_locked = str_eq(showcreate_table_param(s, "schema_locked"), "true");
}

static void read_creates(struct catalog *c, const struct answers *a, struct build_problems *problems) {
    for (size_t i = 0; i < a->creates.len; i++) {
        const struct create_answer *answer = &a->creates.items[i];
        struct table *t = find_table(c, answer->schema, answer->table);
        struct showcreate_table s = {0};
        struct err err = {0};
        if (t == NULL || t->create_statement != NULL)
            continue;
        t->create_statement = mem_strdup(answer->text);
        if (showcreate_table_parse(&s, answer->text, &err)) {
            read_create(t, &s, c, a->of[Q_ENUMS]);
            showcreate_table_free(&s);
        } else {
            vec_push(problems, mem_printf("the columns of table %s cannot be told: %s", t->name, err.message));
        }
    }
}

/* -- ids -- */

static void set_index_id(struct table *t, const char *name, int64_t id) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (str_eq(t->indexes.items[i].name, name))
            t->indexes.items[i].id = id;
}

static bool read_ids(struct catalog *c, const struct pg_result *r, struct err *err) {
    size_t schema, name, table_id, index_name, index_id;
    if (!pg_result_column(r, "schema_name", &schema, err) || !pg_result_column(r, "table_name", &name, err)
        || !pg_result_column(r, "table_id", &table_id, err) || !pg_result_column(r, "index_name", &index_name, err)
        || !pg_result_column(r, "index_id", &index_id, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        struct table *t = find_table(c, pg_result_text(r, i, schema), pg_result_text(r, i, name));
        int64_t id;
        if (t == NULL)
            continue;
        if (!pg_result_int(r, i, table_id, &t->id, err) || !pg_result_int(r, i, index_id, &id, err))
            return false;
        set_index_id(t, pg_result_text(r, i, index_name), id);
    }
    return true;
}

/* -- what the user may alter -- */

/* An answer that lacks what is expected says nothing. */
static void read_rights(struct catalog *c, const struct answers *a) {
    const struct pg_result *of_database = a->of[Q_RIGHT_DATABASE], *of_tables = a->of[Q_RIGHT_TABLES];
    size_t may, schema, name;
    bool yes;
    if (of_database != NULL && pg_result_rows(of_database) == 1 && pg_result_has(of_database, "may_alter", &may)
        && pg_decode_bool(&yes, pg_result_text(of_database, 0, may)))
        c->database.may_alter = yes ? RIGHT_YES : RIGHT_NO;
    if (of_tables == NULL || !pg_result_has(of_tables, "schema_name", &schema)
        || !pg_result_has(of_tables, "table_name", &name))
        return;
    for (size_t i = 0; i < c->tables.len; i++)
        c->tables.items[i].may_alter = RIGHT_NO;
    for (size_t i = 0; i < pg_result_rows(of_tables); i++) {
        struct table *t = find_table(c, pg_result_text(of_tables, i, schema), pg_result_text(of_tables, i, name));
        if (t != NULL)
            t->may_alter = RIGHT_YES;
    }
}

struct catalog *build_catalog(const struct answers *a, const char *database, const struct physicals *p,
    struct build_problems *problems, struct err *err) {
    struct catalog *c = mem_calloc(1, sizeof *c);
    c->database.name = mem_strdup(database);
    bool ok = (a->of[Q_DATABASE] == NULL || read_database(&c->database, a->of[Q_DATABASE], err))
        && (a->of[Q_DATABASE_REGIONS] == NULL || read_regions(&c->database, a->of[Q_DATABASE_REGIONS], p, err))
        && (a->of[Q_SUPER_REGIONS] == NULL || read_super_regions(&c->database, a->of[Q_SUPER_REGIONS], err))
        && (a->of[Q_TABLES] == NULL || read_tables(c, a->of[Q_TABLES], err));
    if (ok)
        read_creates(c, a, problems);
    ok = ok && (a->of[Q_INDEX_IDS] == NULL || read_ids(c, a->of[Q_INDEX_IDS], err)) && build_zones(c, a, err);
    if (ok) {
        read_rights(c, a);
        return c;
    }
    catalog_free(c);
    free(c);
    return NULL;
}
