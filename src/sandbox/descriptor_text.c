/* descriptor_text: the catalog as JSON and back: kept between runs, put back by a rollback. */
#include "domicile/base/mem.h"
#include "descriptor_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *text_or_null(const char *s) {
    return s ? json_string(s) : json_null();
}

static char *get_text(const json_t *o, const char *name) {
    const char *s = json_string_value(json_object_get(o, name));
    return mem_strdup_null(s);
}

static int64_t get_int(const json_t *o, const char *name) {
    return json_integer_value(json_object_get(o, name));
}

static bool get_bool(const json_t *o, const char *name) {
    return json_is_true(json_object_get(o, name));
}

static json_t *ids_json(const int *items, size_t n) {
    json_t *a = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(a, json_integer(items[i]));
    return a;
}

static json_t *names_json(char *const *items, size_t n) {
    json_t *a = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(a, json_string(items[i]));
    return a;
}

#define READ_IDS(list, json) \
    for (size_t k_ = 0; k_ < json_array_size(json); k_++) \
        vec_push(list, (int)json_integer_value(json_array_get(json, k_)))
#define READ_NAMES(list, json) \
    for (size_t k_ = 0; k_ < json_array_size(json); k_++) \
        vec_push(list, mem_strdup(json_string_value(json_array_get(json, k_))))

static json_t *zones_json(const struct zone_settings *list) {
    json_t *a = json_array();
    for (size_t i = 0; i < list->len; i++) {
        const struct zone_setting *z = &list->items[i];
        struct str text = {0};
        zone_print_options(&text, &z->zone, "");
        json_t *o = json_pack("{sbss}", "discarded", z->discarded, "zone", str_get(&text));
        json_object_set_new(o, "index", text_or_null(z->index));
        json_object_set_new(o, "partition", text_or_null(z->partition));
        json_array_append_new(a, o);
        str_free(&text);
    }
    return a;
}

static void read_zones(struct zone_settings *list, const json_t *a) {
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *o = json_array_get(a, i);
        struct zone_setting z = {.index = get_text(o, "index"), .partition = get_text(o, "partition"),
            .discarded = get_bool(o, "discarded")};
        const char *text = json_string_value(json_object_get(o, "zone"));
        if (text && *text)
            zone_parse(&z.zone, NULL, text, NULL);
        vec_push(list, z);
    }
}

static json_t *database_json(const struct database_descriptor *db) {
    json_t *o = json_pack("{sIsssssIsbsb}", "id", (json_int_t)db->id, "name", db->name, "owner", db->owner,
        "region_type", (json_int_t)db->region_type, "survive_region", db->survive_region, "restricted",
        db->restricted);
    json_object_set_new(o, "primary", text_or_null(db->primary_region));
    json_object_set_new(o, "secondary", text_or_null(db->secondary_region));
    json_object_set_new(o, "regions", names_json(db->regions.items, db->regions.len));
    json_t *schemas = json_array(), *supers = json_array();
    for (size_t i = 0; i < db->schemas.len; i++)
        json_array_append_new(schemas, json_pack("{sIssss}", "id", (json_int_t)db->schemas.items[i].id,
            "name",
            db->schemas.items[i].name, "owner", db->schemas.items[i].owner));
    for (size_t i = 0; i < db->super_regions.len; i++) {
        const struct super_region *s = &db->super_regions.items[i];
        json_array_append_new(supers, json_pack("{ssso}", "name", s->name, "regions",
            names_json(s->regions.items, s->regions.len)));
    }
    json_object_set_new(o, "zones", zones_json(&db->zones));
    json_object_set_new(o, "schemas", schemas);
    json_object_set_new(o, "super_regions", supers);
    return o;
}

static void read_database(struct descriptors *d, const json_t *o) {
    struct database_descriptor *db = mem_calloc(1, sizeof *db);
    db->id = get_int(o, "id");
    db->name = get_text(o, "name");
    db->owner = get_text(o, "owner");
    db->region_type = get_int(o, "region_type");
    db->survive_region = get_bool(o, "survive_region");
    db->restricted = get_bool(o, "restricted");
    db->primary_region = get_text(o, "primary");
    db->secondary_region = get_text(o, "secondary");
    READ_NAMES(&db->regions, json_object_get(o, "regions"));
    read_zones(&db->zones, json_object_get(o, "zones"));
    const json_t *schemas = json_object_get(o, "schemas"), *supers = json_object_get(o, "super_regions");
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        const json_t *s = json_array_get(schemas, i);
        const struct schema_descriptor schema = {get_int(s, "id"), get_text(s, "name"), get_text(s, "owner")};
        vec_push(&db->schemas, schema);
    }
    for (size_t i = 0; i < json_array_size(supers); i++) {
        const json_t *s = json_array_get(supers, i);
        struct super_region region = {.name = get_text(s, "name")};
        READ_NAMES(&region.regions, json_object_get(s, "regions"));
        vec_push(&db->super_regions, region);
    }
    vec_push(&d->databases, db);
}

static json_t *column_json(const struct column_descriptor *c) {
    json_t *o = json_pack("{sisssisbsIsisisbsbsb}", "id", c->id, "name", c->name, "base", (int)c->type.base,
        "array", c->type.array, "user", (json_int_t)c->type.user, "width", c->type.width, "scale",
            c->type.scale,
        "nullable", c->nullable, "hidden", c->hidden, "stored", c->computed_stored);
    json_object_set_new(o, "computed", text_or_null(c->computed));
    json_object_set_new(o, "default", text_or_null(c->default_expr));
    json_object_set_new(o, "on_update", text_or_null(c->on_update));
    json_object_set_new(o, "identity", json_integer((int)c->identity));
    json_object_set_new(o, "family", text_or_null(c->family));
    json_object_set_new(o, "family_id", json_integer(c->family_id));
    return o;
}

static struct column_descriptor read_column(const json_t *o) {
    return (struct column_descriptor){
        .id = (int)get_int(o, "id"),
        .name = get_text(o, "name"),
        .type = {(enum ast_type_base)get_int(o, "base"), get_bool(o, "array"), get_int(o, "user"),
            (int)get_int(o, "width"), (int)get_int(o, "scale")},
        .nullable = get_bool(o, "nullable"),
        .hidden = get_bool(o, "hidden"),
        .computed_stored = get_bool(o, "stored"),
        .computed = get_text(o, "computed"),
        .default_expr = get_text(o, "default"),
        .on_update = get_text(o, "on_update"),
        .identity = (enum column_identity)get_int(o, "identity"),
        .family = get_text(o, "family"),
        .family_id = (int)get_int(o, "family_id"),
    };
}

static json_t *index_json(const struct index_descriptor *x) {
    json_t *keys = json_array();
    for (size_t i = 0; i < x->keys.len; i++)
        json_array_append_new(keys, json_pack("{sisbsb}", "column", x->keys.items[i].column, "descending",
            x->keys.items[i].descending, "implicit", x->keys.items[i].implicit));
    return json_pack("{sisssbsbsbsosIsoso}", "id", x->id, "name", x->name, "unique", x->unique, "explicit",
        x->explicit, "inverted", x->inverted, "where", text_or_null(x->where), "created", (json_int_t)x->created,
        "keys", keys, "storing", ids_json(x->storing.items, x->storing.len));
}

static struct index_descriptor read_index(const json_t *o) {
    struct index_descriptor x = {
        .id = (int)get_int(o, "id"), .name = get_text(o, "name"), .unique = get_bool(o, "unique"),
        .explicit = get_bool(o, "explicit"), .inverted = get_bool(o, "inverted"), .where = get_text(o, "where"),
        .created = get_int(o, "created")};
    const json_t *keys = json_object_get(o, "keys");
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const json_t *k = json_array_get(keys, i);
        const struct index_key key = {(int)get_int(k, "column"), get_bool(k, "descending"), get_bool(k,
            "implicit")};
        vec_push(&x.keys, key);
    }
    READ_IDS(&x.storing, json_object_get(o, "storing"));
    return x;
}

static json_t *foreign_key_json(const struct foreign_key *f) {
    return json_pack("{sssIsisisoso}", "name", f->name, "table", (json_int_t)f->table, "on_delete",
        f->on_delete, "on_update", f->on_update,
        "columns", ids_json(f->columns.items, f->columns.len), "references",
        ids_json(f->references.items, f->references.len));
}

static struct foreign_key read_foreign_key(const json_t *o) {
    struct foreign_key f = {
        .name = get_text(o, "name"), .table = get_int(o, "table"), .on_delete = (int)get_int(o, "on_delete"),
        .on_update = (int)get_int(o, "on_update")};
    READ_IDS(&f.columns, json_object_get(o, "columns"));
    READ_IDS(&f.references, json_object_get(o, "references"));
    return f;
}

static json_t *table_json(const struct table_descriptor *t) {
    json_t *o = json_pack("{sIsIsIsssssbsbsbsisisbsisi}", "id", (json_int_t)t->id, "database",
        (json_int_t)t->database, "schema", (json_int_t)t->schema, "name", t->name, "owner", t->owner,
            "sequence",
        t->sequence, "has_key", t->has_key, "locked", t->schema_locked, "locality", (int)t->locality,
        "region_column", t->region_column, "region_as", t->region_as, "next_column", t->next_column,
            "next_index",
        t->next_index);
    json_object_set_new(o, "version", json_integer(t->version));
    json_object_set_new(o, "modified", json_integer(t->modified));
    if (t->sequence)
        json_object_set_new(o, "numbers", json_pack("{sIsIsIsIsIsb}", "increment", (json_int_t)t->numbers.increment,
            "minimum", (json_int_t)t->numbers.minimum, "maximum", (json_int_t)t->numbers.maximum, "start",
            (json_int_t)t->numbers.start, "value", (json_int_t)t->numbers.value, "called", t->numbers.called));
    json_object_set_new(o, "view", text_or_null(t->view));
    json_object_set_new(o, "home", text_or_null(t->home));
    json_t *columns = json_array(), *indexes = json_array(), *keys = json_array(), *checks = json_array();
    for (size_t i = 0; i < t->columns.len; i++)
        json_array_append_new(columns, column_json(&t->columns.items[i]));
    for (size_t i = 0; i < t->indexes.len; i++)
        json_array_append_new(indexes, index_json(&t->indexes.items[i]));
    for (size_t i = 0; i < t->foreign_keys.len; i++)
        json_array_append_new(keys, foreign_key_json(&t->foreign_keys.items[i]));
    for (size_t i = 0; i < t->checks.len; i++)
        json_array_append_new(checks,
            json_pack("{ssss}", "name", t->checks.items[i].name, "expr", t->checks.items[i].expr));
    json_object_set_new(o, "columns", columns);
    json_object_set_new(o, "indexes", indexes);
    json_object_set_new(o, "foreign_keys", keys);
    json_object_set_new(o, "checks", checks);
    json_object_set_new(o, "zones", zones_json(&t->zones));
    return o;
}

static void read_lists(struct table_descriptor *t, const json_t *o) {
    const json_t *columns = json_object_get(o, "columns"), *indexes = json_object_get(o, "indexes");
    const json_t *keys = json_object_get(o, "foreign_keys"), *checks = json_object_get(o, "checks");
    for (size_t i = 0; i < json_array_size(columns); i++)
        vec_push(&t->columns, read_column(json_array_get(columns, i)));
    for (size_t i = 0; i < json_array_size(indexes); i++)
        vec_push(&t->indexes, read_index(json_array_get(indexes, i)));
    for (size_t i = 0; i < json_array_size(keys); i++)
        vec_push(&t->foreign_keys, read_foreign_key(json_array_get(keys, i)));
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *c = json_array_get(checks, i);
        const struct check_descriptor check = {get_text(c, "name"), get_text(c, "expr")};
        vec_push(&t->checks, check);
    }
}

static void read_table(struct descriptors *d, const json_t *o) {
    struct table_descriptor *t = mem_calloc(1, sizeof *t);
    t->id = get_int(o, "id");
    t->database = get_int(o, "database");
    t->schema = get_int(o, "schema");
    t->name = get_text(o, "name");
    t->owner = get_text(o, "owner");
    t->view = get_text(o, "view");
    t->home = get_text(o, "home");
    t->sequence = get_bool(o, "sequence");
    const json_t *numbers = json_object_get(o, "numbers");
    t->numbers = (struct sequence_numbers){get_int(numbers, "increment"), get_int(numbers, "minimum"),
        get_int(numbers, "maximum"), get_int(numbers, "start"), get_int(numbers, "value"), get_bool(numbers, "called")};
    t->has_key = get_bool(o, "has_key");
    t->schema_locked = get_bool(o, "locked");
    t->locality = (enum table_locality)get_int(o, "locality");
    t->region_column = (int)get_int(o, "region_column");
    t->region_as = get_bool(o, "region_as");
    t->next_column = (int)get_int(o, "next_column");
    t->next_index = (int)get_int(o, "next_index");
    t->version = (int)get_int(o, "version");
    t->modified = get_int(o, "modified");
    read_lists(t, o);
    read_zones(&t->zones, json_object_get(o, "zones"));
    vec_push(&d->tables, t);
}

static json_t *type_json(const struct type_descriptor *t) {
    json_t *labels = json_array();
    for (size_t i = 0; i < t->labels.len; i++) {
        struct str hex = {0};
        for (size_t k = 0; k < t->labels.items[i].physical.len; k++)
            str_add_f(&hex, "%02x", t->labels.items[i].physical.data[k]);
        json_array_append_new(labels, json_pack("{ssss}", "name", t->labels.items[i].name, "physical",
            str_get(&hex)));
        str_free(&hex);
    }
    return json_pack("{sIsIsIsssssbso}", "id", (json_int_t)t->id, "database", (json_int_t)t->database,
        "schema",
        (json_int_t)t->schema, "name", t->name, "owner", t->owner, "regions", t->regions, "labels", labels);
}

static void read_type(struct descriptors *d, const json_t *o) {
    struct type_descriptor *t = mem_calloc(1, sizeof *t);
    t->id = get_int(o, "id");
    t->database = get_int(o, "database");
    t->schema = get_int(o, "schema");
    t->name = get_text(o, "name");
    t->owner = get_text(o, "owner");
    t->regions = get_bool(o, "regions");
    const json_t *labels = json_object_get(o, "labels");
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *l = json_array_get(labels, i);
        struct enum_label label = {.name = get_text(l, "name")};
        const char *hex = json_string_value(json_object_get(l, "physical"));
        for (; hex && hex[0] && hex[1]; hex += 2) {
            const char digits[] = {hex[0], hex[1], '\0'};
            const unsigned char byte = (unsigned char)strtoul(digits, NULL, 16);
            label.physical.data = mem_realloc(label.physical.data, label.physical.len + 1);
            label.physical.data[label.physical.len++] = byte;
        }
        vec_push(&t->labels, label);
    }
    vec_push(&d->types, t);
}

void descriptors_print(const struct descriptors *d, struct str *out) {
    json_t *databases = json_array(), *tables = json_array(), *types = json_array();
    for (size_t i = 0; i < d->databases.len; i++)
        json_array_append_new(databases, database_json(d->databases.items[i]));
    for (size_t i = 0; i < d->tables.len; i++)
        json_array_append_new(tables, table_json(d->tables.items[i]));
    for (size_t i = 0; i < d->types.len; i++)
        json_array_append_new(types, type_json(d->types.items[i]));
    json_t *all = json_pack("{sIsososo}", "next_id", (json_int_t)d->next_id, "databases", databases, "tables",
        tables, "types", types);
    json_object_set_new(all, "zones", zones_json(&d->zones));
    char *text = json_dumps(all, JSON_COMPACT);
    str_add(out, text);
    free(text);
    json_decref(all);
}

struct descriptors *descriptors_read(int compat, const char *text, struct err *err) {
    json_error_t why;
    json_t *all = json_loads(text, 0, &why);
    if (!all) {
        err_set(err, ERR_INPUT, "the kept catalog is damaged: %s", why.text);
        return NULL;
    }
    struct descriptors *d = mem_calloc(1, sizeof *d);
    d->compat = compat;
    d->next_id = get_int(all, "next_id");
    const json_t *databases = json_object_get(all, "databases"), *tables = json_object_get(all, "tables");
    const json_t *types = json_object_get(all, "types");
    read_zones(&d->zones, json_object_get(all, "zones"));
    for (size_t i = 0; i < json_array_size(databases); i++)
        read_database(d, json_array_get(databases, i));
    for (size_t i = 0; i < json_array_size(tables); i++)
        read_table(d, json_array_get(tables, i));
    for (size_t i = 0; i < json_array_size(types); i++)
        read_type(d, json_array_get(types, i));
    json_decref(all);
    return d;
}
