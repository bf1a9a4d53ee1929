/* catalog: databases, tables, indexes, partitions and columns. */
#include "domicile/cluster/catalog.h"

#include "domicile/base/str.h"

#include <stdlib.h>
#include <string.h>

#define FREE_TEXTS(list) \
    do { \
        for (size_t i_ = 0; i_ < (list)->len; i_++) \
            free((list)->items[i_]); \
        vec_free(list); \
    } while (0)

void database_free(struct database *d) {
    free(d->name);
    free(d->primary_region);
    free(d->secondary_region);
    free(d->zone_target);
    for (size_t i = 0; i < d->regions.len; i++) {
        free(d->regions.items[i].name);
        key_free(&d->regions.items[i].physical);
    }
    for (size_t i = 0; i < d->super_regions.len; i++) {
        free(d->super_regions.items[i].name);
        FREE_TEXTS(&d->super_regions.items[i].regions);
    }
    vec_free(&d->regions);
    vec_free(&d->super_regions);
    zone_free(&d->zone);
    *d = (struct database){0};
}

static void column_free(struct column *c) {
    free(c->name);
    free(c->type);
    free(c->default_expr);
    free(c->computed);
    FREE_TEXTS(&c->values);
}

static void index_free(struct index *ix) {
    free(ix->name);
    for (size_t i = 0; i < ix->columns.len; i++)
        free(ix->columns.items[i].name);
    for (size_t i = 0; i < ix->partitions.len; i++) {
        free(ix->partitions.items[i].region);
        free(ix->partitions.items[i].zone_target);
        zone_free(&ix->partitions.items[i].zone);
    }
    vec_free(&ix->columns);
    vec_free(&ix->partitions);
    zone_free(&ix->zone);
    free(ix->zone_target);
}

const struct zone *index_zone(const struct table *t, const struct index *ix) {
    const struct zone *zone = ix->zone.set ? &ix->zone : &t->zone;
    return zone->set && !ix->zones_unplaced && !t->zones_unplaced ? zone : NULL;
}

void table_free(struct table *t) {
    free(t->schema);
    free(t->name);
    free(t->qualified);
    free(t->home);
    free(t->region_column);
    free(t->locality_text);
    free(t->zone_target);
    free(t->create_statement);
    for (size_t i = 0; i < t->columns.len; i++)
        column_free(&t->columns.items[i]);
    for (size_t i = 0; i < t->indexes.len; i++)
        index_free(&t->indexes.items[i]);
    vec_free(&t->columns);
    vec_free(&t->indexes);
    zone_free(&t->zone);
    *t = (struct table){0};
}

void catalog_free(struct catalog *c) {
    database_free(&c->database);
    for (size_t i = 0; i < c->tables.len; i++)
        table_free(&c->tables.items[i]);
    vec_free(&c->tables);
}

/* Whether the name, bare or after its schema, means the table. */
static bool is_meant(const struct table *t, const char *name) {
    if (!name || str_eq(t->name, name))
        return name != NULL;
    size_t n = t->schema ? strlen(t->schema) : 0;
    return n > 0 && strncmp(name, t->schema, n) == 0 && name[n] == '.' && str_eq(t->name, name + n + 1);
}

const struct table *catalog_table(const struct catalog *c, const char *name) {
    const struct table *found = NULL;
    for (size_t i = 0; i < c->tables.len; i++) {
        if (!is_meant(&c->tables.items[i], name))
            continue;
        if (found)
            return NULL;
        found = &c->tables.items[i];
    }
    return found;
}

size_t catalog_candidates(const struct catalog *c, const char *name, struct str *out) {
    size_t n = 0;
    for (size_t i = 0; i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        if (is_meant(t, name))
            str_add_f(out, "%s%s.%s", n++ ? ", " : "", t->schema ? t->schema : "?", t->name);
    }
    return n;
}

const struct table *catalog_table_in(const struct catalog *c, const char *schema, const char *name) {
    for (size_t i = 0; i < c->tables.len; i++)
        if (str_eq(c->tables.items[i].name, name) && str_eq(c->tables.items[i].schema, schema))
            return &c->tables.items[i];
    return NULL;
}

static int by_bare_name(const void *a, const void *b) {
    const struct table *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void qualify(struct table *t) {
    if (!t->qualified)
        t->qualified = mem_printf("%s.%s", t->schema, t->name);
}

void catalog_qualify(struct catalog *c) {
    VEC_STRUCT(struct table *) all = {0};
    for (size_t i = 0; i < c->tables.len; i++)
        vec_push(&all, &c->tables.items[i]);
    if (all.len > 1)
        qsort(all.items, all.len, sizeof *all.items, by_bare_name);
    for (size_t i = 1; i < all.len; i++)
        if (strcmp(all.items[i - 1]->name, all.items[i]->name) == 0) {
            qualify(all.items[i - 1]);
            qualify(all.items[i]);
        }
    vec_free(&all);
}

const char *table_shown(const struct table *t) { return t->qualified ? t->qualified : t->name; }

const struct table *catalog_table_by_id(const struct catalog *c, int64_t id) {
    for (size_t i = 0; i < c->tables.len; i++)
        if (c->tables.items[i].id == id)
            return &c->tables.items[i];
    return NULL;
}

const struct index *table_index(const struct table *t, int64_t id) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (t->indexes.items[i].id == id)
            return &t->indexes.items[i];
    return NULL;
}

const struct index *table_primary(const struct table *t) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (t->indexes.items[i].primary)
            return &t->indexes.items[i];
    return NULL;
}

const struct column *table_column(const struct table *t, const char *name) {
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.items[i].name, name))
            return &t->columns.items[i];
    return NULL;
}

const struct db_region *database_region(const struct database *d, const char *name) {
    for (size_t i = 0; name && i < d->regions.len; i++)
        if (str_eq(d->regions.items[i].name, name))
            return &d->regions.items[i];
    return NULL;
}

const struct db_region *database_region_of_bytes(const struct database *d, const struct key *bytes) {
    for (size_t i = 0; bytes->len > 0 && i < d->regions.len; i++)
        if (key_compare(&d->regions.items[i].physical, bytes) == 0)
            return &d->regions.items[i];
    return NULL;
}

const struct super_region *database_super_region_of(const struct database *d, const char *region) {
    for (size_t i = 0; i < d->super_regions.len; i++)
        for (size_t k = 0; k < d->super_regions.items[i].regions.len; k++)
            if (str_eq(d->super_regions.items[i].regions.items[k], region))
                return &d->super_regions.items[i];
    return NULL;
}

/* Reads an identifier, quoted or bare; NULL when there is none or something follows it. */
static char *whole_identifier(const char *p) {
    struct str out = {0};
    p += strspn(p, " ");
    if (*p == '"') {
        for (p++; *p; p++) {
            if (*p == '"' && p[1] != '"')
                break;
            p += *p == '"';
            str_add_char(&out, *p);
        }
        p += *p == '"';
    } else {
        size_t n = strcspn(p, " ");
        str_add_n(&out, p, n);
        p += n;
    }
    p += strspn(p, " ");
    if (*p != '\0' || out.len == 0) {
        str_free(&out);
        return NULL;
    }
    return str_take(&out);
}

bool table_set_locality(struct table *t, const char *text, struct err *err) {
    static const char by_row[] = "REGIONAL BY ROW";
    static const char by_table[] = "REGIONAL BY TABLE";
    free(t->home);
    free(t->region_column);
    char *copy = mem_strdup_null(text);
    free(t->locality_text);
    t->locality_text = copy;
    t->home = t->region_column = NULL;
    t->locality = TABLE_LOCALITY_NONE;
    if (!text)
        return true;
    if (strcmp(text, "GLOBAL") == 0) {
        t->locality = TABLE_LOCALITY_GLOBAL;
        return true;
    }
    if (str_starts(text, by_row)) {
        const char *rest = text + strlen(by_row);
        t->locality = TABLE_LOCALITY_BY_ROW;
        t->region_column = str_starts(rest, " AS ") ? whole_identifier(rest + 4)
            : *rest ? NULL
            : mem_strdup("crdb_region");
        if (t->region_column)
            return true;
    } else if (str_starts(text, by_table) || strcmp(text, "REGIONAL") == 0) {
        const char *rest = strcmp(text, "REGIONAL") == 0 ? "" : text + strlen(by_table);
        t->locality = TABLE_LOCALITY_BY_TABLE;
        if (*rest == '\0' || strcmp(rest, " IN PRIMARY REGION") == 0)
            return true;
        t->home = str_starts(rest, " IN ") ? whole_identifier(rest + 4) : NULL;
        if (t->home)
            return true;
    }
    t->locality = TABLE_LOCALITY_NONE;
    return err_set(err, ERR_INPUT, "the locality \"%s\" of table %s is not understood", text, t->name ? t->name : "?");
}

const char *table_home(const struct table *t, const struct database *d) {
    if (t->locality != TABLE_LOCALITY_BY_TABLE)
        return NULL;
    return t->home ? t->home : d->primary_region;
}
