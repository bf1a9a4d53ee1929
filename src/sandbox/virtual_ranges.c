/* virtual_ranges: SHOW RANGES in the forms of both versions, and SHOW RANGE ... FOR ROW. */
#include "system_table.h"
#include "virtual_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A table or an index of one, with its key span: what a row of WITH TABLES or WITH INDEXES is about. */
struct object {
    const struct table_descriptor *table;
    const struct system_table *system;    /* instead of table: one of the system database */
    const struct index_descriptor *index; /* NULL: the table */
    struct key start;
    struct key end;
};

struct objects {
    VEC(struct object);
};

static void objects_free(struct objects *list) {
    for (size_t i = 0; i < list->len; i++) {
        key_free(&list->items[i].start);
        key_free(&list->items[i].end);
    }
    vec_free(list);
}

static void set_span(struct object *o, int64_t table) {
    key_add_uvarint(&o->start, (uint64_t)table);
    if (o->index)
        key_add_uvarint(&o->start, (uint64_t)o->index->id);
    key_copy(&o->end, &o->start);
    key_prefix_end(&o->end);
}

static struct object make_object(const struct table_descriptor *t, const struct index_descriptor *ix) {
    struct object o = {.table = t, .index = ix};
    set_span(&o, t->id);
    return o;
}

static struct object make_system(const struct system_table *t) {
    struct object o = {.system = t};
    set_span(&o, t->id);
    return o;
}

static void add_system(const struct virtual_context *c, struct objects *out) {
    for (size_t i = 0; i < system_table_count(); i++)
        if (system_table_at(i, virtual_new(c)))
            vec_push(out, make_system(system_table_at(i, virtual_new(c))));
}

static const char *object_name(const struct object *o) { return o->system ? o->system->name : o->table->name; }

static void add_objects(struct objects *out, const struct table_descriptor *t, bool indexes) {
    if (t->view || t->sequence)
        return;
    if (!indexes) {
        vec_push(out, make_object(t, NULL));
        return;
    }
    for (size_t i = 0; i < t->indexes.len; i++)
        vec_push(out, make_object(t, &t->indexes.items[i]));
}

static int by_start(const void *a, const void *b) {
    return key_compare(&((const struct object *)a)->start, &((const struct object *)b)->start);
}

static bool overlaps(const struct world_range *r, const struct key *start, const struct key *end) {
    return key_compare(&r->start, end) < 0 && key_compare(start, &r->end) < 0;
}

/* Sizes as the server prints them: 20 significant digits, 0 alone. */
static void size_mb(struct vrow *row, int64_t size) {
    int64_t digits = 0;
    for (int64_t v = size; v > 0; v /= 10)
        digits++;
    if (size == 0)
        vrow_text(row, "range_size_mb", "0");
    else
        vrow_f(row, "range_size_mb", "%" PRId64 ".%06" PRId64 "%0*d", size / 1000000, size % 1000000, (int)(digits < 20 ? 20 - digits : 1), 0);
}

static void put_lease(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    const struct world_node *n = world_node(c->world, r->lease);
    vrow_int(row, "lease_holder", r->lease);
    vrow_text(row, "lease_holder_locality", n ? n->locality_text : NULL);
}

static void put_replicas(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    unsigned both = 1U << REPLICA_VOTER | 1U << REPLICA_NON_VOTER;
    vrow_int(row, "range_id", r->id);
    vrow_text(row, "replicas", virtual_replicas(row->r, r, both, true));
    vrow_text(row, "replica_localities", virtual_localities(row->r, c->world, r));
    vrow_text(row, "voting_replicas", virtual_replicas(row->r, r, 1U << REPLICA_VOTER, false));
    vrow_text(row, "non_voting_replicas", virtual_replicas(row->r, r, 1U << REPLICA_NON_VOTER, false));
    vrow_text(row, "learner_replicas", virtual_replicas(row->r, r, 1U << REPLICA_LEARNER, false));
    vrow_time(row, "split_enforced_until", r->sticky_until, false);
}

static void put_details(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    size_mb(row, r->size);
    put_lease(c, row, r);
    vrow_int(row, "range_size", r->size);
    int64_t keys = r->size * 5 / 7;
    vrow_f(row, "span_stats",
        "{\"approximate_disk_bytes\": %" PRId64 ", \"intent_bytes\": 0, \"intent_count\": 0, \"key_bytes\": %" PRId64
        ", \"key_count\": %" PRId64 ", \"live_bytes\": %" PRId64 ", \"live_count\": %" PRId64
        ", \"sys_bytes\": 0, \"sys_count\": 0, \"val_bytes\": %" PRId64 ", \"val_count\": %" PRId64 "}",
        r->size, keys, r->live_count, r->size, r->live_count, r->size - keys, r->live_count);
}

/* ---- 22.1 ---- */

/* The key without table and index; NULL when nothing is left, or when it lies outside. */
static const char *relative_old(struct result *r, const struct key *k) {
    const char *text = virtual_key_text(r, k);
    int slashes = 0;
    for (const char *p = text; *p; p++)
        if (*p == '/' && ++slashes == 4)
            return p;
    return NULL;
}

static void row_old(const struct virtual_context *c, struct result *r, const struct world_range *range, const struct object *o) {
    struct vrow row;
    bool starts_before = key_compare(&range->start, &o->start) < 0;
    bool ends_after = key_compare(&range->end, &o->end) > 0;
    vrow_begin(&row, r);
    vrow_text(&row, "table_name", object_name(o));
    vrow_text(&row, "start_key", starts_before ? NULL : relative_old(r, &range->start));
    vrow_text(&row, "end_key", ends_after ? NULL : relative_old(r, &range->end));
    size_mb(&row, range->size);
    put_lease(c, &row, range);
    put_replicas(c, &row, range);
    vrow_end(&row);
}

static int by_table_name(const void *a, const void *b) {
    return strcmp(object_name(a), object_name(b));
}

static void rows_old(const struct virtual_context *c, struct result *r, const struct objects *list) {
    for (size_t k = 0; k < list->len; k++)
        for (size_t i = 0; i < world_range_count(c->world); i++) {
            const struct world_range *range = world_range_at(c->world, i);
            if (overlaps(range, &list->items[k].start, &list->items[k].end))
                row_old(c, r, range, &list->items[k]);
        }
}

/* ---- 23.1 and later ---- */

enum scope { SCOPE_TABLE, SCOPE_INDEX, SCOPE_WIDE };

/* The text of a key in the form of the statement. own: the object whose bounds print as such. */
static const char *relative_new(struct result *r, const struct key *k, enum scope scope, const struct object *of, const struct object *own) {
    const char *full = virtual_key_text(r, k);
    if (scope == SCOPE_WIDE)
        return full;
    if (own && key_compare(k, &own->start) == 0)
        return "…/<IndexMin>";
    if (own && key_compare(k, &own->end) == 0)
        return scope == SCOPE_INDEX ? "…/<IndexMax>" : "…/…/<IndexMax>";
    if (scope == SCOPE_TABLE && key_compare(k, &of->start) == 0)
        return "…/<TableMin>";
    if (scope == SCOPE_TABLE && key_compare(k, &of->end) == 0)
        return "…/<TableMax>";
    if (key_compare(k, &of->start) < 0)
        return arena_printf(r->arena, "<before:%s>", full);
    if (key_compare(k, &of->end) > 0)
        return arena_printf(r->arena, "<after:%s>", full);
    int skip = scope == SCOPE_TABLE ? 3 : 4;
    for (const char *p = full; *p; p++)
        if (*p == '/' && --skip == 0)
            return arena_printf(r->arena, "…%s", p);
    return "…";
}

static void put_object(const struct virtual_context *c, struct vrow *row, const struct world_range *range, const struct object *o, enum scope scope, const struct object *of) {
    const struct database_descriptor *db = o->table ? database_by_id(c->descriptors, o->table->database) : NULL;
    const struct key *start = key_compare(&range->start, &o->start) > 0 ? &range->start : &o->start;
    const struct key *end = key_compare(&range->end, &o->end) < 0 ? &range->end : &o->end;
    struct result *r = row->r;
    vrow_text(row, "database_name", o->system ? "system" : db ? db->name : NULL);
    vrow_text(row, "schema_name", o->system ? "public" : virtual_schema_name(c, o->table));
    vrow_text(row, "table_name", object_name(o));
    vrow_int(row, "table_id", o->system ? o->system->id : o->table->id);
    if (o->index) {
        vrow_text(row, "index_name", o->index->name);
        vrow_int(row, "index_id", o->index->id);
    }
    const char *start_text = relative_new(r, start, scope, of, NULL);
    const char *end_text = relative_new(r, end, scope, of, NULL);
    vrow_text(row, o->index ? "index_start_key" : "table_start_key", start_text);
    vrow_text(row, o->index ? "index_end_key" : "table_end_key", end_text);
    vrow_text(row, o->index ? "raw_index_start_key" : "raw_table_start_key", virtual_key_hex(r, start));
    vrow_text(row, o->index ? "raw_index_end_key" : "raw_table_end_key", virtual_key_hex(r, end));
}

struct request {
    enum scope scope;
    unsigned options;
    bool cluster;
    struct object of; /* the table or index of FROM */
};

static void row_new(const struct virtual_context *c, struct result *r, const struct world_range *range, const struct object *o, const struct request *q) {
    struct vrow row;
    bool own = o && o->index && q->scope == SCOPE_TABLE;
    const struct object *bounds = q->scope == SCOPE_INDEX ? &q->of : own ? o : NULL;
    vrow_begin(&row, r);
    vrow_text(&row, "start_key", relative_new(r, &range->start, q->scope, &q->of, bounds));
    vrow_text(&row, "end_key", relative_new(r, &range->end, q->scope, &q->of, bounds));
    vrow_text(&row, "raw_start_key", virtual_key_hex(r, &range->start));
    vrow_text(&row, "raw_end_key", virtual_key_hex(r, &range->end));
    put_replicas(c, &row, range);
    if (q->options & RANGES_DETAILS)
        put_details(c, &row, range);
    if (o)
        put_object(c, &row, range, o, q->scope, &q->of);
    else if (q->options & (RANGES_TABLES | RANGES_INDEXES))
        vrow_text(&row, "table_end_key", virtual_key_text(r, &range->end));
    vrow_end(&row);
}

static void columns_new(struct result *r, const struct request *q) {
    struct str spec = {0};
    bool keys = q->options & RANGES_KEYS;
    bool tables = q->options & RANGES_TABLES;
    bool indexes = q->options & RANGES_INDEXES;
    bool wide = q->scope == SCOPE_WIDE;
    str_add(&spec, "start_key:t end_key:t ");
    str_add(&spec, keys ? "raw_start_key:y raw_end_key:y " : "");
    str_add(&spec, "range_id:i ");
    if ((tables || indexes) && wide)
        str_add_f(&spec, "%sschema_name:t table_name:t table_id:i ", q->cluster ? "database_name:t " : "");
    if (indexes)
        str_add_f(&spec, "index_name:t index_id:i index_start_key:t index_end_key:t %s", keys ? "raw_index_start_key:y raw_index_end_key:y " : "");
    if (tables)
        str_add_f(&spec, "table_start_key:t table_end_key:t %s", keys ? "raw_table_start_key:y raw_table_end_key:y " : "");
    if (q->options & RANGES_DETAILS)
        str_add(&spec, "range_size_mb:d lease_holder:i lease_holder_locality:t ");
    str_add(&spec, "replicas:I replica_localities:T voting_replicas:I non_voting_replicas:I learner_replicas:I split_enforced_until:m ");
    if (q->options & RANGES_DETAILS)
        str_add(&spec, "range_size:i span_stats:j ");
    str_truncate(&spec, spec.len - 1);
    virtual_columns(r, str_get(&spec));
    str_free(&spec);
}

static bool touches_any(const struct world_range *range, const struct objects *list) {
    for (size_t i = 0; i < list->len; i++)
        if (overlaps(range, &list->items[i].start, &list->items[i].end))
            return true;
    return false;
}

static void rows_new(const struct virtual_context *c, struct result *r, const struct objects *list, const struct request *q) {
    bool each = q->options & (RANGES_TABLES | RANGES_INDEXES);
    for (size_t i = 0; i < world_range_count(c->world); i++) {
        const struct world_range *range = world_range_at(c->world, i);
        bool touched = touches_any(range, list);
        if (!each && (touched || q->cluster))
            row_new(c, r, range, NULL, q);
        for (size_t k = 0; each && k < list->len; k++)
            if (overlaps(range, &list->items[k].start, &list->items[k].end))
                row_new(c, r, range, &list->items[k], q);
        if (each && !touched && q->cluster && (q->options & RANGES_TABLES))
            row_new(c, r, range, NULL, q);
    }
}

/* The index of a name; "primary" is the first's other name. NULL with 42704. */
static const struct index_descriptor *find_index(const struct table_descriptor *t, const char *name, struct result *r) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!name || strcmp(t->indexes.items[i].name, name) == 0 || (i == 0 && strcmp(name, "primary") == 0))
            return &t->indexes.items[i];
    result_fail(r, "42704", "index \"%s\" does not exist", name ? name : "");
    return NULL;
}

static bool may_read(const struct virtual_context *c, const struct table_descriptor *t, struct result *r) {
    struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
    if (virtual_new(c))
        return users_check_ranges(c->users, c->session, r);
    if (!users_check(c->users, c->session, PRIVILEGE_SELECT, &o, r))
        return false;
    if (users_is_admin(c->users, c->session->user) || users_has(c->users, c->session->user, PRIVILEGE_ZONECONFIG, &o))
        return true;
    return result_fail(r, "42501",
        "only users with the ZONECONFIG privilege or the admin role can use SHOW RANGES on %s: user %s does not have ZONECONFIG privilege on relation %s",
        t->name, c->session->user, t->name);
}

/* The tables of a database, or of all; the indexes of the system database's are not known. */
static void collect_tables(const struct virtual_context *c, const struct database_descriptor *db, bool system,
    struct objects *out, bool indexes) {
    for (size_t i = 0; !system && i < c->descriptors->tables.len; i++)
        if (!db || c->descriptors->tables.items[i]->database == db->id)
            add_objects(out, c->descriptors->tables.items[i], indexes);
    if (!db && !indexes)
        add_system(c, out);
    if (out->len > 1)
        qsort(out->items, out->len, sizeof *out->items, by_start);
}

static bool check_options(const struct ast_show *st, bool narrow, struct result *r) {
    if (narrow && (st->ranges & RANGES_TABLES))
        return result_fail(r, "42601", "cannot use WITH TABLES with SHOW RANGES FROM [INDEX|TABLE]");
    if (st->target.kind == TARGET_INDEX && (st->ranges & RANGES_INDEXES))
        return result_fail(r, "42601", "cannot use WITH INDEXES with SHOW RANGES FROM INDEX");
    if (st->ranges & RANGES_EXPLAIN)
        return result_unsupported(r, "SHOW RANGES WITH EXPLAIN");
    return true;
}

static bool collect(const struct virtual_context *c, const struct ast_show *st, struct objects *list, struct request *q, struct result *r) {
    bool narrow = st->target.kind == TARGET_TABLE || st->target.kind == TARGET_INDEX;
    bool indexes = (st->ranges & RANGES_INDEXES) != 0;
    q->options = st->ranges;
    q->cluster = st->target.kind == TARGET_CLUSTER;
    q->scope = st->target.kind == TARGET_TABLE ? SCOPE_TABLE : st->target.kind == TARGET_INDEX ? SCOPE_INDEX : SCOPE_WIDE;
    if (!check_options(st, narrow, r))
        return false;
    if (!narrow) {
        const bool system = !q->cluster && virtual_system_database(c, &st->target);
        const struct database_descriptor *db = q->cluster || system ? NULL : virtual_database(c, st->target.word, r);
        if (system && indexes)
            return result_unsupported(r, "SHOW RANGES of the system database's indexes");
        if (r->failed || (virtual_new(c) && !users_check_ranges(c->users, c->session, r)))
            return false;
        collect_tables(c, db, system, list, indexes);
        return true;
    }
    const struct system_table *system = st->target.kind == TARGET_TABLE && !indexes
        ? virtual_system_target(c, &st->target) : NULL;
    if (system && virtual_new(c) && users_check_ranges(c->users, c->session, r)) {
        vec_push(list, make_system(system));
        q->of = make_system(system);
        return true;
    }
    const struct table_descriptor *t = r->failed ? NULL : virtual_find_table(c, &st->target.name, r);
    if (!t || !may_read(c, t, r))
        return false;
    const struct index_descriptor *ix = NULL;
    if (st->target.kind == TARGET_INDEX || !virtual_new(c)) {
        ix = find_index(t, st->target.index, r);
        if (!ix)
            return false;
    }
    if (indexes)
        add_objects(list, t, true);
    else
        vec_push(list, make_object(t, ix));
    q->of = make_object(t, st->target.kind == TARGET_INDEX ? ix : NULL);
    return true;
}

bool virtual_show_ranges(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    struct objects list = {0};
    struct request q = {0};
    bool ok = collect(c, st, &list, &q, r);
    bool database = q.scope == SCOPE_WIDE;
    if (ok && virtual_new(c))
        columns_new(r, &q);
    else if (ok)
        virtual_columns(r, database ? "table_name:t start_key:t end_key:t range_id:i range_size_mb:d lease_holder:i lease_holder_locality:t replicas:I replica_localities:T"
                                    : "start_key:t end_key:t range_id:i range_size_mb:d lease_holder:i lease_holder_locality:t replicas:I replica_localities:T");
    if (ok && !c->describe && virtual_new(c)) {
        rows_new(c, r, &list, &q);
    } else if (ok && !c->describe) {
        if (database && list.len > 1)
            qsort(list.items, list.len, sizeof *list.items, by_table_name);
        rows_old(c, r, &list);
    }
    objects_free(&list);
    key_free(&q.of.start);
    key_free(&q.of.end);
    return ok;
}

/* ---- one row ---- */

/* The columns whose values make a key of an index: in one that is not unique, the primary key's others, too. */
struct key_columns {
    VEC(struct index_key);
    size_t named; /* before those */
};

static bool has_column(const struct key_columns *list, int column) {
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].column == column)
            return true;
    return false;
}

static void collect_columns(struct key_columns *out, const struct table_descriptor *t, const struct index_descriptor *ix) {
    for (size_t i = 0; i < ix->keys.len; i++)
        vec_push(out, ix->keys.items[i]);
    out->named = out->len;
    for (size_t i = 0; !ix->unique && ix != &t->indexes.items[0] && i < t->indexes.items[0].keys.len; i++) {
        const int column = t->indexes.items[0].keys.items[i].column;
        if (!has_column(out, column))
            vec_push(out, (struct index_key){.column = column});
    }
}

static void name_columns(struct str *out, const struct table_descriptor *t, const struct key_columns *list, size_t first) {
    for (size_t i = first; i < list->len; i++)
        str_add_f(out, i > first ? " %s" : "%s", column_by_id(t, list->items[i].column)->name);
}

static bool wrong_number(const struct virtual_context *c, const struct table_descriptor *t, const struct index_descriptor *ix,
    const struct key_columns *list, struct result *r) {
    struct str more = {0}, all = {0};
    result_fail(r, virtual_new(c) ? "22023" : "XXUUU", "%snumber of values must equal number of columns in index \"%s\"",
        virtual_new(c) ? "" : "crdb_internal.encode_key(): ", ix->name);
    name_columns(&more, t, list, list->named);
    name_columns(&all, t, list, 0);
    if (more.len)
        result_hint(r, "columns [%s] are implicitly part of index \"%s\"'s key, include columns [%s] in this order",
            str_get(&more), ix->name, str_get(&all));
    str_free(&more);
    str_free(&all);
    return false;
}

static bool encode_value(const struct virtual_context *c, const struct table_descriptor *t, const struct index_key *at, const char *text, struct key *k, struct result *r) {
    const char *prefix = virtual_new(c) ? "" : "crdb_internal.encode_key(): ";
    const struct column_descriptor *column = column_by_id(t, at->column);
    struct err err = {0};
    if (column->id == t->region_column && t->locality == TABLE_LOCALITY_BY_ROW) {
        const struct database_descriptor *db = database_by_id(c->descriptors, t->database);
        const struct enum_label *label = text ? virtual_region_label(c->descriptors, db, text) : NULL;
        if (label) {
            key_add_bytes(k, label->physical.data, label->physical.len, at->descending);
            return true;
        }
        result_fail(r, "22P02", "%sinvalid input value for enum crdb_internal_region: \"%s\"", prefix, text ? text : "NULL");
        return result_hint(r, "try to explicitly cast each value to the corresponding column type");
    }
    struct str type = {0};
    sqltype_print(&type, &column->type, "");
    const bool ok = key_add_value(k, key_type_of(str_get(&type)), text, at->descending, &err);
    str_free(&type);
    return ok || result_fail(r, "22P02", "%s%s", prefix, err.message);
}

static bool encode_row(const struct virtual_context *c, const struct table_descriptor *t, const struct index_descriptor *ix, struct key *k, struct result *r) {
    struct key_columns list = {0};
    collect_columns(&list, t, ix);
    key_begin(k, (uint64_t)t->id, (uint64_t)ix->id);
    bool ok = c->row_count == list.len || wrong_number(c, t, ix, &list, r);
    for (size_t i = 0; ok && i < list.len; i++)
        ok = encode_value(c, t, &list.items[i], c->row[i], k, r);
    vec_free(&list);
    return ok;
}

bool virtual_show_range_for_row(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    const struct table_descriptor *t = virtual_find_table(c, &st->target.name, r);
    const struct index_descriptor *ix = t ? find_index(t, st->target.kind == TARGET_INDEX ? st->target.index : NULL, r) : NULL;
    struct key k = {0};
    virtual_columns(r, virtual_new(c) ? "start_key:t end_key:t range_id:i lease_holder:i lease_holder_locality:t replicas:I replica_localities:T voting_replicas:I non_voting_replicas:I"
                                      : "start_key:t end_key:t range_id:i lease_holder:i lease_holder_locality:t replicas:I replica_localities:T");
    if (!ix || !may_read(c, t, r))
        return false;
    if (c->describe)
        return true;
    bool ok = encode_row(c, t, ix, &k, r);
    const struct world_range *range = ok ? world_range_of(c->world, &k) : NULL;
    if (range) {
        struct vrow row;
        const char *start = relative_old(r, &range->start);
        const char *end = relative_old(r, &range->end);
        const char *dots = virtual_new(c) ? "…" : "";
        vrow_begin(&row, r);
        if (start || virtual_new(c))
            vrow_f(&row, "start_key", "%s%s", dots, start ? start : "");
        if (end || virtual_new(c))
            vrow_f(&row, "end_key", "%s%s", dots, end ? end : "");
        put_replicas(c, &row, range);
        put_lease(c, &row, range);
        vrow_end(&row);
    }
    key_free(&k);
    return ok;
}

bool virtual_ranges_hang(const struct virtual_context *c, const struct ast_show *st) {
    struct result *r = result_new();
    struct key start = {0}, end = {0};
    bool hangs = false;
    const bool of_table = st->target.kind == TARGET_TABLE || st->target.kind == TARGET_INDEX;
    const struct table_descriptor *t = of_table && st->target.name.n ? virtual_find_table(c, &st->target.name, r) : NULL;
    if (st->kind == SHOW_RANGE_FOR_ROW) {
        const struct index_descriptor *ix = t ? find_index(t, st->target.kind == TARGET_INDEX ? st->target.index : NULL,
            r) : NULL;
        const struct world_range *range = ix && encode_row(c, t, ix, &start, r) ? world_range_of(c->world, &start) : NULL;
        hangs = range && !world_range_available(c->world, range);
    } else if (t) {
        key_begin(&start, (uint64_t)t->id, 1);
        key_begin(&end, (uint64_t)t->id, (uint64_t)t->next_index);
        key_prefix_end(&end);
        hangs = !world_available(c->world, &start, &end);
    } else if (!r->failed) {
        for (size_t i = 0; !hangs && i < world_range_count(c->world); i++)
            hangs = !world_range_available(c->world, world_range_at(c->world, i));
    }
    key_free(&start);
    key_free(&end);
    result_free(r);
    return hangs;
}
