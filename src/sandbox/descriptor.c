/* descriptor: databases, schemas, tables and types: making, finding and dropping them. */
#include "domicile/sandbox/descriptor.h"

#include "domicile/base/mem.h"
#include "descriptor_private.h"

#include <stdlib.h>
#include <string.h>

int64_t descriptors_next_id(struct descriptors *d) {
    return d->next_id++;
}

static void strings_free(char **items, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(items[i]);
}

void super_region_clear(struct super_region *s) {
    free(s->name);
    strings_free(s->regions.items, s->regions.len);
    vec_free(&s->regions);
}

static void database_descriptor_free(struct database_descriptor *db) {
    for (size_t i = 0; i < db->schemas.len; i++) {
        free(db->schemas.items[i].name);
        free(db->schemas.items[i].owner);
    }
    vec_free(&db->schemas);
    strings_free(db->regions.items, db->regions.len);
    vec_free(&db->regions);
    for (size_t i = 0; i < db->super_regions.len; i++)
        super_region_clear(&db->super_regions.items[i]);
    vec_free(&db->super_regions);
    zone_settings_free(&db->zones);
    free(db->name);
    free(db->owner);
    free(db->primary_region);
    free(db->secondary_region);
    free(db);
}

void column_descriptor_clear(struct column_descriptor *c) {
    free(c->name);
    free(c->computed);
    free(c->default_expr);
    free(c->on_update);
    free(c->family);
}

static void index_clear(struct index_descriptor *x) {
    free(x->name);
    free(x->where);
    vec_free(&x->keys);
    vec_free(&x->storing);
}

static void table_descriptor_free(struct table_descriptor *t) {
    for (size_t i = 0; i < t->columns.len; i++)
        column_descriptor_clear(&t->columns.items[i]);
    for (size_t i = 0; i < t->indexes.len; i++)
        index_clear(&t->indexes.items[i]);
    for (size_t i = 0; i < t->foreign_keys.len; i++) {
        free(t->foreign_keys.items[i].name);
        vec_free(&t->foreign_keys.items[i].columns);
        vec_free(&t->foreign_keys.items[i].references);
    }
    for (size_t i = 0; i < t->checks.len; i++) {
        free(t->checks.items[i].name);
        free(t->checks.items[i].expr);
    }
    zone_settings_free(&t->zones);
    vec_free(&t->columns);
    vec_free(&t->indexes);
    vec_free(&t->foreign_keys);
    vec_free(&t->checks);
    free(t->name);
    free(t->owner);
    free(t->view);
    free(t->home);
    free(t);
}

static void type_descriptor_free(struct type_descriptor *t) {
    for (size_t i = 0; i < t->labels.len; i++) {
        free(t->labels.items[i].name);
        key_free(&t->labels.items[i].physical);
    }
    vec_free(&t->labels);
    free(t->name);
    free(t->owner);
    free(t);
}

void descriptors_free(struct descriptors *d) {
    if (!d)
        return;
    for (size_t i = 0; i < d->databases.len; i++)
        database_descriptor_free(d->databases.items[i]);
    for (size_t i = 0; i < d->tables.len; i++)
        table_descriptor_free(d->tables.items[i]);
    for (size_t i = 0; i < d->types.len; i++)
        type_descriptor_free(d->types.items[i]);
    vec_free(&d->databases);
    vec_free(&d->tables);
    vec_free(&d->types);
    zone_settings_free(&d->zones);
    free(d);
}

static void schema_add(struct database_descriptor *db, int64_t id, const char *name, const char *owner) {
    const struct schema_descriptor s = {.id = id, .name = mem_strdup(name), .owner = mem_strdup(owner)};
    vec_push(&db->schemas, s);
}

static struct database_descriptor *database_make(struct descriptors *d, int64_t id, int64_t schema,
    const char *name, const char *owner) {
    struct database_descriptor *db = mem_calloc(1, sizeof *db);
    db->id = id;
    db->name = mem_strdup(name);
    db->owner = mem_strdup(owner);
    schema_add(db, schema, "public", owner);
    vec_push(&d->databases, db);
    d->changes++;
    return db;
}

/* A new cluster's ids: system 1 with public 29, defaultdb 100 with 101, postgres 102 with 103. */
struct descriptors *descriptors_new(int compat) {
    struct descriptors *d = mem_calloc(1, sizeof *d);
    d->compat = compat;
    database_make(d, 1, 29, "system", "node");
    database_make(d, 100, 101, "defaultdb", "root");
    database_make(d, 102, 103, "postgres", "root");
    d->next_id = 104;
    return d;
}

struct database_descriptor *database_add(struct descriptors *d, const char *name, const char *owner) {
    const int64_t id = descriptors_next_id(d);
    return database_make(d, id, descriptors_next_id(d), name, owner);
}

void database_remove(struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->tables.len;)
        if (d->tables.items[i]->database == id)
            table_remove(d, d->tables.items[i]->id);
        else
            i++;
    for (size_t i = 0; i < d->types.len;)
        if (d->types.items[i]->database == id)
            type_remove(d, d->types.items[i]->id);
        else
            i++;
    for (size_t i = 0; i < d->databases.len; i++)
        if (d->databases.items[i]->id == id) {
            database_descriptor_free(d->databases.items[i]);
            memmove(&d->databases.items[i], &d->databases.items[i + 1],
                (d->databases.len - i - 1) * sizeof *d->databases.items);
            d->databases.len--;
            d->changes++;
            return;
        }
}

struct table_descriptor *table_add(struct descriptors *d, int64_t database, int64_t schema, const char *name,
    const char *owner) {
    struct table_descriptor *t = mem_calloc(1, sizeof *t);
    t->id = descriptors_next_id(d);
    t->database = database;
    t->schema = schema;
    t->name = mem_strdup(name);
    t->owner = mem_strdup(owner);
    t->next_column = t->next_index = 1;
    vec_push(&d->tables, t);
    d->changes++;
    return t;
}

void table_remove(struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->id == id) {
            table_descriptor_free(d->tables.items[i]);
            memmove(&d->tables.items[i], &d->tables.items[i + 1],
                (d->tables.len - i - 1) * sizeof *d->tables.items);
            d->tables.len--;
            d->changes++;
            return;
        }
}

struct type_descriptor *type_add(struct descriptors *d, int64_t database, int64_t schema, const char *name,
    const char *owner) {
    struct type_descriptor *t = mem_calloc(1, sizeof *t);
    t->id = descriptors_next_id(d);
    descriptors_next_id(d); /* of its array type */
    t->database = database;
    t->schema = schema;
    t->name = mem_strdup(name);
    t->owner = mem_strdup(owner);
    vec_push(&d->types, t);
    d->changes++;
    return t;
}

void type_remove(struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->types.len; i++)
        if (d->types.items[i]->id == id) {
            type_descriptor_free(d->types.items[i]);
            d->types.items[i] = d->types.items[--d->types.len];
            d->changes++;
            return;
        }
}

struct database_descriptor *database_by_name(const struct descriptors *d, const char *name) {
    for (size_t i = 0; i < d->databases.len; i++)
        if (str_eq(d->databases.items[i]->name, name))
            return d->databases.items[i];
    return NULL;
}

struct database_descriptor *database_by_id(const struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->databases.len; i++)
        if (d->databases.items[i]->id == id)
            return d->databases.items[i];
    return NULL;
}

struct schema_descriptor *schema_by_name(const struct database_descriptor *db, const char *name) {
    for (size_t i = 0; i < db->schemas.len; i++)
        if (str_eq(db->schemas.items[i].name, name))
            return &db->schemas.items[i];
    return NULL;
}

struct schema_descriptor *schema_by_id(const struct database_descriptor *db, int64_t id) {
    for (size_t i = 0; i < db->schemas.len; i++)
        if (db->schemas.items[i].id == id)
            return &db->schemas.items[i];
    return NULL;
}

struct table_descriptor *table_by_id(const struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->tables.len; i++)
        if (d->tables.items[i]->id == id)
            return d->tables.items[i];
    return NULL;
}

struct table_descriptor *table_by_name(const struct descriptors *d, int64_t database, int64_t schema,
    const char *name) {
    for (size_t i = 0; i < d->tables.len; i++) {
        struct table_descriptor *t = d->tables.items[i];
        if (t->database == database && t->schema == schema && str_eq(t->name, name))
            return t;
    }
    return NULL;
}

struct type_descriptor *type_by_id(const struct descriptors *d, int64_t id) {
    for (size_t i = 0; i < d->types.len; i++)
        if (d->types.items[i]->id == id || d->types.items[i]->id + 1 == id)
            return d->types.items[i];
    return NULL;
}

struct type_descriptor *type_by_name(const struct descriptors *d, int64_t database, const char *name) {
    for (size_t i = 0; i < d->types.len; i++)
        if (d->types.items[i]->database == database && str_eq(d->types.items[i]->name, name))
            return d->types.items[i];
    return NULL;
}

struct column_descriptor *column_by_name(const struct table_descriptor *t, const char *name) {
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.items[i].name, name))
            return &t->columns.items[i];
    return NULL;
}

struct column_descriptor *column_by_id(const struct table_descriptor *t, int id) {
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.items[i].id == id)
            return &t->columns.items[i];
    return NULL;
}

struct index_descriptor *index_by_name(const struct table_descriptor *t, const char *name) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (str_eq(t->indexes.items[i].name, name))
            return &t->indexes.items[i];
    return NULL;
}

bool database_has_region(const struct database_descriptor *db, const char *region) {
    for (size_t i = 0; i < db->regions.len; i++)
        if (str_eq(db->regions.items[i], region))
            return true;
    return false;
}

struct column_descriptor *column_add(struct table_descriptor *t, const char *name, struct sqltype type) {
    const struct column_descriptor c = {
        .id = t->next_column++, .name = mem_strdup(name), .type = type, .nullable = true};
    vec_push(&t->columns, c);
    return &t->columns.items[t->columns.len - 1];
}

struct index_descriptor *index_add(struct table_descriptor *t, const char *name, bool unique) {
    const struct index_descriptor x = {.id = t->next_index++, .name = mem_strdup(name), .unique = unique};
    vec_push(&t->indexes, x);
    return &t->indexes.items[t->indexes.len - 1];
}

void index_remove(struct table_descriptor *t, int id) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (t->indexes.items[i].id == id) {
            index_clear(&t->indexes.items[i]);
            memmove(&t->indexes.items[i], &t->indexes.items[i + 1],
                (t->indexes.len - i - 1) * sizeof *t->indexes.items);
            t->indexes.len--;
            return;
        }
}

static void label_insert(struct type_descriptor *type, size_t at, const char *name) {
    const struct key *lo = at > 0 ? &type->labels.items[at - 1].physical : NULL;
    const struct key *hi = at < type->labels.len ? &type->labels.items[at].physical : NULL;
    struct enum_label fresh = {.name = mem_strdup(name)};
    key_enum_between(&fresh.physical, lo, hi);
    vec_push(&type->labels, fresh);
    memmove(&type->labels.items[at + 1], &type->labels.items[at],
        (type->labels.len - 1 - at) * sizeof *type->labels.items);
    type->labels.items[at] = fresh;
}

void type_add_label_sorted(struct type_descriptor *type, const char *name) {
    size_t at = 0;
    while (at < type->labels.len && strcmp(type->labels.items[at].name, name) < 0)
        at++;
    label_insert(type, at, name);
}

void type_add_label(struct type_descriptor *type, const char *name) {
    label_insert(type, type->labels.len, name);
}

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

void type_set_labels(struct type_descriptor *type, const char *const *names, size_t n) {
    const char **sorted = mem_calloc(n + 1, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = names[i];
    qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 0; i < n; i++) {
        struct enum_label fresh = {.name = mem_strdup(sorted[i])};
        key_enum_initial(&fresh.physical, (int)i, (int)n);
        vec_push(&type->labels, fresh);
    }
    free(sorted);
}

void type_remove_label(struct type_descriptor *type, const char *name) {
    for (size_t i = 0; i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, name)) {
            free(type->labels.items[i].name);
            key_free(&type->labels.items[i].physical);
            memmove(&type->labels.items[i], &type->labels.items[i + 1],
                (type->labels.len - i - 1) * sizeof *type->labels.items);
            type->labels.len--;
            return;
        }
}

char *type_full_name(const struct descriptors *d, const struct type_descriptor *t) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct schema_descriptor *s = db ? schema_by_id(db, t->schema) : NULL;
    return mem_printf("%s.%s", s ? s->name : "public", t->name);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct db_region *)a)->name, ((const struct db_region *)b)->name);
}

void database_for_rules(struct database *out, const struct descriptors *d,
    const struct database_descriptor *db) {
    memset(out, 0, sizeof *out);
    out->id = db->id;
    out->name = mem_strdup(db->name);
    out->primary_region = mem_strdup_null(db->primary_region);
    out->secondary_region = mem_strdup_null(db->secondary_region);
    out->survival = db->survive_region ? SURVIVAL_REGION : SURVIVAL_ZONE;
    out->placement = db->restricted ? PLACEMENT_RESTRICTED : PLACEMENT_DEFAULT;
    const struct type_descriptor *type = type_by_id(d, db->region_type);
    for (size_t i = 0; i < db->regions.len; i++) {
        struct db_region r = {.name = mem_strdup(db->regions.items[i])};
        for (size_t k = 0; type && k < type->labels.len; k++)
            if (str_eq(type->labels.items[k].name, r.name))
                key_copy(&r.physical, &type->labels.items[k].physical);
        vec_push(&out->regions, r);
    }
    if (out->regions.len)
        qsort(out->regions.items, out->regions.len, sizeof *out->regions.items, by_name);
    for (size_t i = 0; i < db->super_regions.len; i++) {
        struct super_region s = {.name = mem_strdup(db->super_regions.items[i].name)};
        for (size_t k = 0; k < db->super_regions.items[i].regions.len; k++)
            vec_push(&s.regions, mem_strdup(db->super_regions.items[i].regions.items[k]));
        vec_push(&out->super_regions, s);
    }
}
