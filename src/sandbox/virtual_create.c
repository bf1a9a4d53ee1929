/* virtual_create: SHOW CREATE TABLE and DATABASE, as the server prints them. */
#include "virtual_private.h"

#include "domicile/dialect/name.h"

#include <stdlib.h>
#include <inttypes.h>
#include <string.h>

static const char *type_text(struct str *out, const struct descriptors *d, const struct sqltype *t) {
    const struct type_descriptor *user = t->user ? type_by_id(d, t->user) : NULL;
    char *name = user ? type_full_name(d, user) : NULL;
    sqltype_print(out, t, name);
    free(name);
    return str_get(out);
}

/* An expression with its text constants marked, so that a reader can take them out. */
static void add_expression(struct str *out, const char *expr, enum create_form form) {
    bool inside = false;
    for (const char *at = expr; *at; at++) {
        if (*at != '\'' || form != CREATE_REDACTABLE) {
            str_add_char(out, *at);
        } else if (inside && at[1] == '\'') {
            str_add(out, "''");
            at++;
        } else {
            str_add(out, inside ? "'›" : "‹'");
            inside = !inside;
        }
    }
}

static void add_column(struct str *out, const struct descriptors *d, const struct column_descriptor *c,
    enum create_form form) {
    str_add(out, "\n\t");
    name_quote(out, c->name);
    str_add_char(out, ' ');
    type_text(out, d, &c->type);
    if (c->hidden)
        str_add(out, " NOT VISIBLE");
    str_add(out, c->nullable ? " NULL" : " NOT NULL");
    if (c->identity != IDENTITY_NONE) {
        str_add_f(out, " GENERATED %s AS IDENTITY", c->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    } else if (c->default_expr) {
        str_add(out, " DEFAULT ");
        add_expression(out, c->default_expr, form);
    }
    if (c->on_update)
        str_add_f(out, " ON UPDATE %s", c->on_update);
    if (c->computed) {
        str_add(out, " AS (");
        add_expression(out, c->computed, form);
        str_add_f(out, ") %s", c->computed_stored ? "STORED" : "VIRTUAL");
    }
}

static void add_keys(struct str *out, const struct table_descriptor *t, const struct index_descriptor *ix) {
    bool first = true;
    str_add_char(out, '(');
    for (size_t i = 0; i < ix->keys.len; i++) {
        const struct index_key *k = &ix->keys.items[i];
        const struct column_descriptor *c = column_by_id(t, k->column);
        if (k->implicit || !c)
            continue;
        str_add(out, first ? "" : ", ");
        name_quote(out, c->name);
        if (!ix->inverted)
            str_add(out, k->descending ? " DESC" : " ASC");
        first = false;
    }
    str_add_char(out, ')');
}

static void add_names(struct str *out, const struct table_descriptor *t, const int *ids, size_t n) {
    str_add_char(out, '(');
    for (size_t i = 0; i < n; i++) {
        const struct column_descriptor *c = column_by_id(t, ids[i]);
        str_add(out, i ? ", " : "");
        name_quote(out, c ? c->name : "?");
    }
    str_add_char(out, ')');
}

static void add_foreign_key(
    struct str *out, const struct descriptors *d, const struct table_descriptor *t, const struct foreign_key *fk) {
    static const char *const actions[] = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"};
    const struct table_descriptor *to = table_by_id(d, fk->table);
    const struct database_descriptor *db = to ? database_by_id(d, to->database) : NULL;
    const struct schema_descriptor *schema = db ? schema_by_id(db, to->schema) : NULL;
    str_add(out, "CONSTRAINT ");
    name_quote(out, fk->name);
    str_add(out, " FOREIGN KEY ");
    add_names(out, t, fk->columns.items, fk->columns.len);
    str_add(out, " REFERENCES ");
    name_quote(out, schema ? schema->name : "public");
    str_add_char(out, '.');
    name_quote(out, to ? to->name : "?");
    if (to)
        add_names(out, to, fk->references.items, fk->references.len);
    if (fk->on_delete > 0 && (size_t)fk->on_delete < sizeof actions / sizeof *actions)
        str_add_f(out, " ON DELETE %s", actions[fk->on_delete]);
    if (fk->on_update > 0 && (size_t)fk->on_update < sizeof actions / sizeof *actions)
        str_add_f(out, " ON UPDATE %s", actions[fk->on_update]);
}

/* " (a ASC) STORING (b) WHERE ...", as CREATE INDEX and CREATE TABLE alike have it. */
static void add_index_body(struct str *out, const struct table_descriptor *t, const struct index_descriptor *ix) {
    str_add_char(out, ' ');
    add_keys(out, t, ix);
    if (ix->storing.len > 0) {
        str_add(out, " STORING ");
        add_names(out, t, ix->storing.items, ix->storing.len);
    }
    if (ix->where)
        str_add_f(out, " WHERE %s", ix->where);
}

static void add_index(struct str *out, const struct table_descriptor *t, const struct index_descriptor *ix) {
    str_add_f(out, ",\n\t%sINDEX ", ix->inverted ? "INVERTED " : ix->unique ? "UNIQUE " : "");
    name_quote(out, ix->name);
    add_index_body(out, t, ix);
}

/* Columns that came by themselves, as that of the regions, are of the first family without saying so. */
static const char *family_name(const struct table_descriptor *t, int id) {
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.items[i].family && t->columns.items[i].family_id == id)
            return t->columns.items[i].family;
    return "primary";
}

/* One family of the name that it has by itself is not shown. */
static void add_families(struct str *out, const struct table_descriptor *t) {
    int last = -1;
    bool own = false;
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column_descriptor *c = &t->columns.items[i];
        last = c->family_id > last ? c->family_id : last;
        own = own || (c->family && (c->family_id || !str_eq(c->family, "primary")));
    }
    for (int id = 0; own && id <= last; id++) {
        bool any = false;
        for (size_t i = 0; i < t->columns.len; i++) {
            const struct column_descriptor *c = &t->columns.items[i];
            if (c->family_id != id)
                continue;
            str_add(out, any ? ", " : ",\n\tFAMILY ");
            if (!any) {
                name_quote(out, family_name(t, id));
                str_add(out, " (");
            }
            name_quote(out, c->name);
            any = true;
        }
        if (any)
            str_add_char(out, ')');
    }
}

static void add_locality(struct str *out, const struct descriptors *d, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct column_descriptor *column = t->region_column ? column_by_id(t, t->region_column) : NULL;
    if (!db || !db->primary_region)
        return;
    if (t->locality == TABLE_LOCALITY_GLOBAL) {
        str_add(out, " LOCALITY GLOBAL");
    } else if (t->locality == TABLE_LOCALITY_BY_ROW) {
        str_add(out, " LOCALITY REGIONAL BY ROW");
        if (t->region_as && column) {
            str_add(out, " AS ");
            name_quote(out, column->name);
        }
    } else {
        str_add(out, " LOCALITY REGIONAL BY TABLE IN ");
        if (t->home)
            name_quote(out, t->home);
        else
            str_add(out, "PRIMARY REGION");
    }
}

void virtual_create_index(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct schema_descriptor *schema = db ? schema_by_id(db, t->schema) : NULL;
    str_add_f(out, "CREATE %sINDEX ",
        ix->inverted ? "INVERTED "
            : ix->unique || ix == &t->indexes.items[0] ? "UNIQUE "
            : "");
    name_quote(out, ix->name);
    str_add_f(out, " ON %s.", schema ? schema->name : "public");
    name_quote(out, t->name);
    add_index_body(out, t, ix);
}

void virtual_alter_foreign_key(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct foreign_key *fk, bool validate) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct schema_descriptor *schema = db ? schema_by_id(db, t->schema) : NULL;
    str_add_f(out, "ALTER TABLE %s.", schema ? schema->name : "public");
    name_quote(out, t->name);
    if (validate) {
        str_add(out, " VALIDATE CONSTRAINT ");
        name_quote(out, fk->name);
    } else {
        str_add(out, " ADD ");
        add_foreign_key(out, d, t, fk);
    }
}

void virtual_create_table(struct str *out, const struct descriptors *d, const struct table_descriptor *t) {
    virtual_create_table_as(out, d, t, CREATE_PLAIN);
}

void virtual_create_table_as(struct str *out, const struct descriptors *d, const struct table_descriptor *t,
    enum create_form form) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    const struct schema_descriptor *schema = db ? schema_by_id(db, t->schema) : NULL;
    str_add_f(out, "CREATE %s ", t->view ? "VIEW" : t->sequence ? "SEQUENCE" : "TABLE");
    name_quote(out, schema ? schema->name : "public");
    str_add_char(out, '.');
    name_quote(out, t->name);
    if (t->sequence) {
        str_add_f(out, " MINVALUE %" PRId64 " MAXVALUE %" PRId64 " INCREMENT %" PRId64 " START %" PRId64,
            t->numbers.minimum, t->numbers.maximum, t->numbers.increment, t->numbers.start);
        return;
    }
    if (t->view) {
        str_add_f(out, " AS %s", t->view);
        return;
    }
    str_add(out, " (");
    for (size_t i = 0; i < t->columns.len; i++) {
        add_column(out, d, &t->columns.items[i], form);
        str_add(out, ",");
    }
    str_truncate(out, out->len - 1);
    if (t->indexes.len > 0) {
        str_add(out, ",\n\tCONSTRAINT ");
        name_quote(out, t->indexes.items[0].name);
        str_add(out, " PRIMARY KEY ");
        add_keys(out, t, &t->indexes.items[0]);
    }
    for (size_t i = 0; form != CREATE_WITHOUT_FOREIGN_KEYS && i < t->foreign_keys.len; i++) {
        str_add(out, ",\n\t");
        add_foreign_key(out, d, t, &t->foreign_keys.items[i]);
    }
    for (size_t i = 1; i < t->indexes.len; i++)
        add_index(out, t, &t->indexes.items[i]);
    add_families(out, t);
    for (size_t i = 0; i < t->checks.len; i++) {
        str_add(out, ",\n\tCONSTRAINT ");
        name_quote(out, t->checks.items[i].name);
        str_add_f(out, " CHECK (%s)", t->checks.items[i].expr);
    }
    str_add(out, "\n)");
    if (t->schema_locked)
        str_add(out, " WITH (schema_locked = true)");
    add_locality(out, d, t);
}

static int setting_order(const void *a, const void *b) {
    const struct zone_setting *const *x = a, *const *y = b;
    const char *xi = (*x)->index ? (*x)->index : "", *yi = (*y)->index ? (*y)->index : "";
    const char *xp = (*x)->partition ? (*x)->partition : "", *yp = (*y)->partition ? (*y)->partition : "";
    const int d = strcmp(xi, yi);
    return d ? d : strcmp(xp, yp);
}

static void add_zone_target(struct str *out, const struct database_descriptor *db, const struct table_descriptor *t,
    const struct zone_setting *s) {
    const struct schema_descriptor *schema = schema_by_id(db, t->schema);
    if (s->partition) {
        str_add(out, "PARTITION ");
        name_quote(out, s->partition);
        str_add(out, " OF ");
    }
    str_add(out, s->index ? "INDEX " : "TABLE ");
    name_quote(out, db->name);
    str_add_char(out, '.');
    name_quote(out, schema ? schema->name : "public");
    str_add_char(out, '.');
    name_quote(out, t->name);
    if (s->index) {
        str_add_char(out, '@');
        name_quote(out, s->index);
    }
}

/* In a database with regions only the fields that those do not derive, and in the form of a statement; elsewhere as
 * crdb_internal.zones has it. */
static void add_zone_statement(struct str *out, const struct database_descriptor *db, const struct table_descriptor *t,
    const struct zone_setting *s) {
    const unsigned own = ZONE_RANGE_MIN_BYTES | ZONE_RANGE_MAX_BYTES | ZONE_GC_TTLSECONDS;
    struct zone z = {0};
    struct str options = {0};
    zone_put(&z, &s->zone, db->primary_region ? own : ~0U);
    if (z.set) {
        zone_print_options(&options, &z, db->primary_region ? "" : "\t");
        str_add(out, ";\nALTER ");
        add_zone_target(out, db, t, s);
        str_add(out, " CONFIGURE ZONE USING");
        str_add(out, db->primary_region ? " " : "\n");
        const char *text = str_get(&options);
        for (size_t i = 0; text[i]; i++) {
            const bool dotted = db->primary_region && strncmp(text + i, "gc.ttlseconds", strlen("gc.ttlseconds")) == 0;
            if (dotted) {
                str_add(out, "\"gc.ttlseconds\"");
                i += strlen("gc.ttlseconds") - 1;
            } else {
                str_add_char(out, db->primary_region && text[i] == '\n' ? ' ' : text[i]);
            }
        }
    }
    str_free(&options);
    zone_free(&z);
}

void virtual_create_zones(struct str *out, const struct descriptors *d, const struct table_descriptor *t) {
    const struct database_descriptor *db = database_by_id(d, t->database);
    VEC_STRUCT(const struct zone_setting *) list = {0};
    for (size_t i = 0; db && i < t->zones.len; i++)
        vec_push(&list, &t->zones.items[i]);
    if (list.len)
        qsort(list.items, list.len, sizeof *list.items, setting_order);
    for (size_t i = 0; i < list.len; i++)
        add_zone_statement(out, db, t, list.items[i]);
    vec_free(&list);
}

void virtual_create_database(struct str *out, const struct descriptors *d, const struct database_descriptor *db) {
    (void)d;
    str_add(out, "CREATE DATABASE ");
    name_quote(out, db->name);
    if (!db->primary_region)
        return;
    const char **regions;
    size_t n = virtual_sorted_regions(db, &regions);
    str_add(out, " PRIMARY REGION ");
    name_quote(out, db->primary_region);
    str_add(out, " REGIONS = ");
    for (size_t i = 0; i < n; i++) {
        str_add(out, i ? ", " : "");
        name_quote(out, regions[i]);
    }
    free(regions);
    str_add_f(out, " SURVIVE %s FAILURE", db->survive_region ? "REGION" : "ZONE");
    if (db->restricted)
        str_add(out, " PLACEMENT RESTRICTED");
    if (db->secondary_region) {
        str_add(out, " SECONDARY REGION ");
        name_quote(out, db->secondary_region);
    }
}
