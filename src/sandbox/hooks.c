/* hooks: what the SQL engine asks of the simulated cluster, and tells it. */
#include "cluster_hooks.h"
#include "engine_private.h"

#include "domicile/sandbox/virtual.h"
#include "domicile/sandbox/world.h"

#include <string.h>

static enum key_type key_type_of_column(const struct sqltype *t) {
    struct str name = {0};
    sqltype_print(&name, t, NULL);
    const enum key_type type = t->base == TYPE_USER ? KEY_TYPE_ENUM : key_type_of(str_get(&name));
    str_free(&name);
    return type;
}

bool hook_add_key_value(struct key *k, const struct descriptors *d, const struct column_descriptor *c,
    const char *text, bool descending, struct err *err) {
    if (c->type.base != TYPE_USER || !text)
        return key_add_value(k, key_type_of_column(&c->type), text, descending, err);
    const struct type_descriptor *type = type_by_id(d, c->type.user);
    for (size_t i = 0; type && i < type->labels.len; i++)
        if (str_eq(type->labels.items[i].name, text)) {
            key_add_bytes(k, type->labels.items[i].physical.data, type->labels.items[i].physical.len,
                descending);
            return true;
        }
    return err_set(err, ERR_USAGE, "invalid input value for enum %s: \"%s\"", type ? type->name : "?", text);
}

int hook_lease_holder(const struct engine *e, const struct key *k) {
    const struct world_range *r = e->world ? world_range_of(e->world, k) : NULL;
    return r ? r->lease : 0;
}

bool hook_node(struct engine *e, int node, bool start, struct err *err) {
    if (!e->world)
        return err_set(err, ERR_INPUT, "there is no cluster to change");
    return start ? world_start_node(e->world, node, err) : world_kill_node(e->world, node, err);
}

bool hook_region(struct engine *e, const char *region, bool start, struct err *err) {
    if (!e->world)
        return err_set(err, ERR_INPUT, "there is no cluster to change");
    return start ? world_start_region(e->world, region, err) : world_kill_region(e->world, region, err);
}

bool hook_advance(struct engine *e, double seconds, struct err *err) {
    if (!e->world)
        return err_set(err, ERR_INPUT, "there is no cluster to change");
    if (!(seconds >= 0 && seconds <= 86400))
        return err_set(err, ERR_INPUT, "the cluster's time goes on by 0 to 86400 seconds");
    world_advance(e->world, (usec)(seconds * USEC_PER_SEC));
    return true;
}

bool hook_hold_jobs(struct engine *e, double seconds, struct err *err) {
    if (!(seconds >= 0 && seconds <= 86400))
        return err_set(err, ERR_INPUT, "schema changes are held for 0 to 86400 seconds");
    e->jobs_held_until = engine_clock(e) + (usec)(seconds * USEC_PER_SEC);
    return true;
}

/* From this version on, schema changes write an index beside a temporary one. */
enum { COMPAT_TEMPORARY_INDEXES = 2301 };

static struct seen_table *seen_table(struct engine *e, int64_t table) {
    for (size_t i = 0; i < e->seen.len; i++)
        if (e->seen.items[i].table == table)
            return &e->seen.items[i];
    vec_push(&e->seen, ((struct seen_table){.table = table}));
    return &e->seen.items[e->seen.len - 1];
}

void hook_emptied(struct engine *e, const struct table_descriptor *t) {
    if (t->indexes.len)
        seen_table(e, t->id)->primary = t->indexes.items[0].id;
}

static void split_index(struct engine *e, int64_t table, int64_t index, bool sticky) {
    struct key key = {0};
    key_begin(&key, (uint64_t)table, (uint64_t)index);
    world_split(e->world, &key, sticky);
    key_free(&key);
}

/* Writing a primary index anew splits at its start for the backfill, and where a temporary index takes the writes
 * meanwhile, at that one's too. An index made by SET LOCALITY keeps its split for an hour; one made by the new schema
 * changer, for other statements, may be merged again. */
static void split_new_primaries(struct engine *e) {
    const bool temporary = e->compat >= COMPAT_TEMPORARY_INDEXES;
    for (size_t i = 0; i < e->descriptors->tables.len; i++) {
        const struct table_descriptor *t = e->descriptors->tables.items[i];
        if (!t->indexes.len)
            continue;
        const int64_t primary = t->indexes.items[0].id;
        int64_t *seen = &seen_table(e, t->id)->primary;
        const bool first_look = *seen == 0;
        if (*seen == primary || (first_look && (temporary || primary < 2))) {
            *seen = primary;
            continue;
        }
        *seen = primary;
        split_index(e, t->id, primary, !temporary || t->locality == TABLE_LOCALITY_BY_ROW);
        if (temporary)
            split_index(e, t->id, primary + 1, false);
    }
}

static bool is_gone(const struct engine *e, const struct span *s) {
    uint64_t table = 0;
    uint64_t index = 0;
    key_table_index(&s->start, &table, &index);
    return !table_by_id(e->descriptors, (int64_t)table);
}

static void push_copy(struct spans *list, const struct span *s) {
    struct span copy;
    span_copy(&copy, s);
    vec_push(list, copy);
}

/* When a dropped table's rows, ranges and zones go: after the time that its configuration keeps old rows. */
static int64_t collection_of(const struct span *s) {
    return s->gone_wall + s->zone.gc_ttlseconds * (int64_t)USEC_PER_SEC;
}

static void push_gone(struct engine *e, struct spans *gone, const struct span *s) {
    const int64_t now = world_wall_now(e->world);
    struct span copy;
    if (!is_gone(e, s))
        return;
    span_copy(&copy, s);
    if (!copy.gone_wall)
        copy.gone_wall = now;
    if (collection_of(&copy) <= now) {
        span_free(&copy);
        return;
    }
    if (!e->collect_at || collection_of(&copy) < e->collect_at)
        e->collect_at = collection_of(&copy);
    vec_push(gone, copy);
}

/* A dropped table's rows are there, with their zones, until the garbage collector comes, which takes a day in 22.1.
 * New versions merge their ranges away before, and keep the zones. */
static void keep_dropped(struct engine *e, struct spans *spans) {
    struct spans gone = {0};
    e->collect_at = 0;
    for (size_t i = 0; i < e->dropped.len; i++)
        push_gone(e, &gone, &e->dropped.items[i]);
    for (size_t i = 0; i < e->told.len; i++)
        push_gone(e, &gone, &e->told.items[i]);
    spans_free(&e->dropped);
    spans_free(&e->told);
    e->dropped = gone;
    for (size_t i = 0; i < spans->len; i++)
        push_copy(&e->told, &spans->items[i]);
    for (size_t i = 0; i < gone.len; i++) {
        struct span copy;
        span_copy(&copy, &gone.items[i]);
        if (e->compat >= COMPAT_TEMPORARY_INDEXES)
            vec_push(&spans->idle, copy);
        else
            vec_push(spans, copy);
    }
    spans_sort(spans);
}

void hook_catalog_changed(struct engine *e) {
    struct spans spans = {0};
    if (!e->world)
        return;
    virtual_spans(&spans, e->descriptors);
    keep_dropped(e, &spans);
    world_set_spans(e->world, &spans);
    split_new_primaries(e);
}

void hook_collect(struct engine *e) {
    if (e->collect_at && e->collect_at <= world_wall_now(e->world) && !e->writer)
        hook_catalog_changed(e);
}

/* The first automatic statistics of a table come so long after its first rows: later than 102 s and before 113 s. They
 * are taken again when 500 rows and a fifth of the table are stale, by a refresher that comes by every minute. */
enum { STATISTICS_AFTER = 108 * USEC_PER_SEC, REFRESH_EVERY = 60 * USEC_PER_SEC, STALE_ROWS = 500, STALE_PART = 5 };

static void count(struct seen_table *seen) {
    seen->counted = true;
    seen->net = seen->stale = seen->count_at = 0;
}

static void count_if_due(const struct engine *e, struct seen_table *seen) {
    const int64_t now = world_wall_now(e->world);
    const bool first = !seen->counted && seen->rows_since && now - seen->rows_since > (int64_t)STATISTICS_AFTER;
    if (first || (seen->count_at && now >= seen->count_at))
        count(seen);
}

void hook_rows_changed(struct engine *e, const struct table_descriptor *t, int64_t rows) {
    struct seen_table *seen = e->world && rows ? seen_table(e, t->id) : NULL;
    if (!seen)
        return;
    if (!seen->rows_since)
        seen->rows_since = world_wall_now(e->world);
    count_if_due(e, seen);
    seen->rows += rows;
    seen->net += rows;
    seen->stale += rows < 0 ? -rows : rows;
    if (seen->counted && !seen->count_at && seen->stale > STALE_ROWS + (seen->rows - seen->net) / STALE_PART)
        seen->count_at = world_wall_now(e->world) + (int64_t)REFRESH_EVERY;
}

int64_t hook_estimated_rows(struct engine *e, int64_t table, int64_t rows) {
    struct seen_table *seen = seen_table(e, table);
    if (!e->world || !seen->rows_since)
        return rows;
    count_if_due(e, seen);
    if (!seen->counted)
        return 0;
    return rows > seen->net ? rows - seen->net : 0;
}

void hook_statistics_done(struct engine *e) {
    for (size_t i = 0; i < e->seen.len; i++) {
        e->seen.items[i].rows_since = 1;
        count(&e->seen.items[i]);
    }
}
