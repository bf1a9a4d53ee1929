/* virtual_ranges: SHOW RANGES in the forms of both versions. */
#include "ranges_query.h"
#include "system_table.h"
#include "virtual_ranges.h"

#include <stdlib.h>
#include <string.h>

/* ---- 22.1 ---- */

static void row_old(const struct virtual_context *c, struct result *r, const struct world_range *range,
    const struct range_object *o) {
    struct vrow row;
    bool starts_before = key_compare(&range->start, &o->start) < 0;
    bool ends_after = key_compare(&range->end, &o->end) > 0;
    vrow_begin(&row, r);
    vrow_text(&row, "table_name", range_object_name(o));
    vrow_text(&row, "start_key", starts_before ? NULL : range_relative_old(r, &range->start));
    vrow_text(&row, "end_key", ends_after ? NULL : range_relative_old(r, &range->end));
    range_put_size(&row, range->size);
    range_put_lease(c, &row, range);
    range_put_replicas(c, &row, range);
    vrow_end(&row);
}

static int by_table_name(const void *a, const void *b) {
    return strcmp(range_object_name(a), range_object_name(b));
}

static void rows_old(const struct virtual_context *c, struct result *r, const struct range_objects *list) {
    for (size_t k = 0; k < list->len; k++)
        for (size_t i = 0; i < world_range_count(c->world); i++) {
            const struct world_range *range = world_range_at(c->world, i);
            if (range_overlaps(range, &list->items[k].start, &list->items[k].end))
                row_old(c, r, range, &list->items[k]);
        }
}

/* ---- 23.1 and later ---- */

enum scope { SCOPE_TABLE, SCOPE_INDEX, SCOPE_WIDE };

/* The text of a key in the form of the statement. own: the object whose bounds print as such. */
static const char *relative_new(struct result *r, const struct key *k, enum scope scope,
    const struct range_object *of, const struct range_object *own) {
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

static void put_object(const struct virtual_context *c, struct vrow *row, const struct world_range *range,
    const struct range_object *o, enum scope scope, const struct range_object *of) {
    const struct database_descriptor *db = o->table ? database_by_id(c->descriptors, o->table->database)
        : NULL;
    const struct key *start = key_compare(&range->start, &o->start) > 0 ? &range->start : &o->start;
    const struct key *end = key_compare(&range->end, &o->end) < 0 ? &range->end : &o->end;
    struct result *r = row->r;
    vrow_text(row, "database_name", o->system ? "system" : db ? db->name : NULL);
    vrow_text(row, "schema_name", o->system ? "public" : virtual_schema_name(c, o->table));
    vrow_text(row, "table_name", range_object_name(o));
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
    struct range_object of; /* the table or index of FROM */
};

static void row_new(const struct virtual_context *c, struct result *r, const struct world_range *range,
    const struct range_object *o, const struct request *q) {
    struct vrow row;
    bool own = o && o->index && q->scope == SCOPE_TABLE;
    const struct range_object *bounds = q->scope == SCOPE_INDEX ? &q->of : own ? o : NULL;
    vrow_begin(&row, r);
    vrow_text(&row, "start_key", relative_new(r, &range->start, q->scope, &q->of, bounds));
    vrow_text(&row, "end_key", relative_new(r, &range->end, q->scope, &q->of, bounds));
    vrow_text(&row, "raw_start_key", virtual_key_hex(r, &range->start));
    vrow_text(&row, "raw_end_key", virtual_key_hex(r, &range->end));
    range_put_replicas(c, &row, range);
    if (q->options & RANGES_DETAILS)
        range_put_details(c, &row, range);
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
        str_add_f(&spec, "index_name:t index_id:i index_start_key:t index_end_key:t %s",
            keys ? "raw_index_start_key:y raw_index_end_key:y " : "");
    if (tables)
        str_add_f(&spec, "table_start_key:t table_end_key:t %s",
            keys ? "raw_table_start_key:y raw_table_end_key:y " : "");
    if (q->options & RANGES_DETAILS)
        str_add(&spec, "range_size_mb:d lease_holder:i lease_holder_locality:t ");
    str_add(&spec, "replicas:I replica_localities:T voting_replicas:I non_voting_replicas:I "
        "learner_replicas:I split_enforced_until:m ");
    if (q->options & RANGES_DETAILS)
        str_add(&spec, "range_size:i span_stats:j ");
    str_truncate(&spec, spec.len - 1);
    virtual_columns(r, str_get(&spec));
    str_free(&spec);
}

static bool touches_any(const struct world_range *range, const struct range_objects *list) {
    for (size_t i = 0; i < list->len; i++)
        if (range_overlaps(range, &list->items[i].start, &list->items[i].end))
            return true;
    return false;
}

static void rows_new(const struct virtual_context *c, struct result *r, const struct range_objects *list,
    const struct request *q) {
    bool each = q->options & (RANGES_TABLES | RANGES_INDEXES);
    for (size_t i = 0; i < world_range_count(c->world); i++) {
        const struct world_range *range = world_range_at(c->world, i);
        bool touched = touches_any(range, list);
        if (!each && (touched || q->cluster))
            row_new(c, r, range, NULL, q);
        for (size_t k = 0; each && k < list->len; k++)
            if (range_overlaps(range, &list->items[k].start, &list->items[k].end))
                row_new(c, r, range, &list->items[k], q);
        if (each && !touched && q->cluster && (q->options & RANGES_TABLES))
            row_new(c, r, range, NULL, q);
    }
}
static int by_start(const void *a, const void *b) {
    return key_compare(&((const struct range_object *)a)->start, &((const struct range_object *)b)->start);
}

/* The tables of a database, or of all; the indexes of the system database's are not known. */
static void collect_tables(const struct virtual_context *c, const struct database_descriptor *db, bool system,
    struct range_objects *out, bool indexes) {
    for (size_t i = 0; !system && i < c->descriptors->tables.len; i++)
        if (!db || c->descriptors->tables.items[i]->database == db->id)
            range_objects_add(out, c->descriptors->tables.items[i], indexes);
    if (!db && !indexes)
        range_objects_add_system(c, out);
    if (out->len > 1)
        qsort(out->items, out->len, sizeof *out->items, by_start);
}

static bool check_options(const struct ast_show *st, bool narrow, struct result *r) {
    if (narrow && (st->ranges & RANGES_TABLES))
        return result_fail(r, "42601", "cannot use WITH TABLES with SHOW RANGES FROM [INDEX|TABLE]");
    if (st->target.kind == TARGET_INDEX && (st->ranges & RANGES_INDEXES))
        return result_fail(r, "42601", "cannot use WITH INDEXES with SHOW RANGES FROM INDEX");
    if ((st->ranges & RANGES_EXPLAIN) && (st->target.kind != TARGET_TABLE || (st->ranges & RANGES_INDEXES)))
        return result_unsupported(r, "SHOW RANGES WITH EXPLAIN of anything but a table, or with INDEXES,");
    return true;
}

/* Of a database or the whole cluster. */
static bool collect_wide(const struct virtual_context *c, const struct ast_show *st, struct range_objects *list,
    const struct request *q, struct result *r) {
    const bool indexes = (q->options & RANGES_INDEXES) != 0;
    const bool system = !q->cluster && virtual_system_database(c, &st->target);
    const struct database_descriptor *db = q->cluster || system ? NULL : virtual_database(c, st->target.word, r);
    if (system && indexes)
        return result_unsupported(r, "SHOW RANGES of the system database's indexes");
    if (r->failed || !users_check_ranges(c->users, c->session, r))
        return false;
    collect_tables(c, db, system, list, indexes);
    return true;
}

/* Of a table or an index. */
static bool collect_narrow(const struct virtual_context *c, const struct ast_show *st, struct range_objects *list,
    struct request *q, struct result *r) {
    const bool indexes = (q->options & RANGES_INDEXES) != 0;
    const bool of_index = st->target.kind == TARGET_INDEX;
    const struct system_table *system = of_index || indexes ? NULL : virtual_system_target(c, &st->target);
    if (system && virtual_new(c) && users_check_ranges(c->users, c->session, r)) {
        vec_push(list, range_object_of_system(system));
        q->of = range_object_of_system(system);
        return true;
    }
    const struct table_descriptor *t = r->failed ? NULL : virtual_target_table(c, &st->target, r);
    if (!t || !range_may_read(c, t, r))
        return false;
    if (t->view)
        return result_fail(r, "42809", "\"%s\" is not a table", t->name);
    /* Old versions show those of the primary index for a table. */
    const struct index_descriptor *ix = of_index || !virtual_new(c) ? range_index(t, st->target.index, r) : NULL;
    if (r->failed)
        return false;
    if (indexes)
        range_objects_add(list, t, true);
    else
        vec_push(list, range_object_of(t, ix));
    q->of = range_object_of(t, of_index ? ix : NULL);
    return true;
}

static bool collect(const struct virtual_context *c, const struct ast_show *st, struct range_objects *list,
    struct request *q, struct result *r) {
    const bool narrow = st->target.kind == TARGET_TABLE || st->target.kind == TARGET_INDEX;
    q->options = st->ranges;
    q->cluster = st->target.kind == TARGET_CLUSTER;
    q->scope = st->target.kind == TARGET_TABLE ? SCOPE_TABLE
        : st->target.kind == TARGET_INDEX ? SCOPE_INDEX : SCOPE_WIDE;
    if (!check_options(st, narrow, r))
        return false;
    return narrow ? collect_narrow(c, st, list, q, r) : collect_wide(c, st, list, q, r);
}

static void columns_old(struct result *r, bool database) {
    static const char all[] = "table_name:t start_key:t end_key:t range_id:i range_size_mb:d lease_holder:i "
        "lease_holder_locality:t replicas:I replica_localities:T";
    virtual_columns(r, database ? all : all + strlen("table_name:t "));
}

static bool put_query(const struct virtual_context *c, const struct request *q, struct result *r) {
    const struct table_descriptor *t = q->of.table;
    const struct database_descriptor *db = t ? database_by_id(c->descriptors, t->database) : NULL;
    struct str text = {0};
    struct vrow row;
    if (!db)
        return result_unsupported(r, "SHOW RANGES WITH EXPLAIN of a table of the system database");
    virtual_columns(r, "query:t");
    if (c->describe)
        return true;
    ranges_query(&text, q->options, db->name, t->id);
    vrow_begin(&row, r);
    vrow_text(&row, "query", arena_strdup(r->arena, str_get(&text)));
    vrow_end(&row);
    str_free(&text);
    return true;
}

bool virtual_show_ranges(const struct virtual_context *c, const struct ast_show *st, struct result *r) {
    struct range_objects list = {0};
    struct request q = {0};
    bool ok = collect(c, st, &list, &q, r);
    bool database = q.scope == SCOPE_WIDE;
    const bool explain = ok && (q.options & RANGES_EXPLAIN);
    if (explain)
        ok = put_query(c, &q, r);
    else if (ok && virtual_new(c))
        columns_new(r, &q);
    else if (ok)
        columns_old(r, database);
    if (ok && !explain && !c->describe && virtual_new(c)) {
        rows_new(c, r, &list, &q);
    } else if (ok && !explain && !c->describe) {
        if (database && list.len > 1)
            qsort(list.items, list.len, sizeof *list.items, by_table_name);
        rows_old(c, r, &list);
    }
    range_objects_free(&list);
    key_free(&q.of.start);
    key_free(&q.of.end);
    return ok;
}
