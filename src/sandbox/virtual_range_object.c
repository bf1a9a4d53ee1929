/* virtual_range_object: the tables and indexes that ranges hold, and what is told of a range alone. */
#include "system_table.h"
#include "virtual_ranges.h"

#include <inttypes.h>
#include <string.h>

void range_objects_free(struct range_objects *list) {
    for (size_t i = 0; i < list->len; i++) {
        key_free(&list->items[i].start);
        key_free(&list->items[i].end);
    }
    vec_free(list);
}

static void set_span(struct range_object *o, int64_t table) {
    key_add_uvarint(&o->start, (uint64_t)table);
    if (o->index)
        key_add_uvarint(&o->start, (uint64_t)o->index->id);
    key_copy(&o->end, &o->start);
    key_prefix_end(&o->end);
}

struct range_object range_object_of(const struct table_descriptor *t, const struct index_descriptor *ix) {
    struct range_object o = {.table = t, .index = ix};
    set_span(&o, t->id);
    return o;
}

struct range_object range_object_of_system(const struct system_table *t) {
    struct range_object o = {.system = t};
    set_span(&o, t->id);
    return o;
}

void range_objects_add_system(const struct virtual_context *c, struct range_objects *out) {
    for (size_t i = 0; i < system_table_count(); i++) {
        const struct system_table *t = system_table_at(i, virtual_new(c));
        if (!t)
            continue;
        const struct users_object o = {OBJECT_TABLE, t->id, t->name, "node", true};
        if (users_has_any(c->users, c->session->user, &o))
            vec_push(out, range_object_of_system(t));
    }
}

const char *range_object_name(const struct range_object *o) {
    return o->system ? o->system->name : o->table->name;
}

void range_objects_add(struct range_objects *out, const struct table_descriptor *t, bool indexes) {
    if (t->view || t->sequence)
        return;
    if (!indexes) {
        vec_push(out, range_object_of(t, NULL));
        return;
    }
    for (size_t i = 0; i < t->indexes.len; i++)
        vec_push(out, range_object_of(t, &t->indexes.items[i]));
}

bool range_overlaps(const struct world_range *r, const struct key *start, const struct key *end) {
    return key_compare(&r->start, end) < 0 && key_compare(start, &r->end) < 0;
}

/* Sizes as the server prints them: 20 significant digits, 0 alone. */
void range_put_size(struct vrow *row, int64_t size) {
    int64_t digits = 0;
    for (int64_t v = size; v > 0; v /= 10)
        digits++;
    if (size == 0)
        vrow_text(row, "range_size_mb", "0");
    else
        vrow_f(row, "range_size_mb", "%" PRId64 ".%06" PRId64 "%0*d", size / 1000000, size % 1000000,
            (int)(digits < 20 ? 20 - digits : 1), 0);
}
void range_put_lease(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    const struct world_node *n = world_node(c->world, r->lease);
    vrow_int(row, "lease_holder", r->lease);
    vrow_text(row, "lease_holder_locality", n ? n->locality_text : NULL);
}

void range_put_replicas(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    unsigned both = 1U << REPLICA_VOTER | 1U << REPLICA_NON_VOTER;
    vrow_int(row, "range_id", r->id);
    vrow_text(row, "replicas", virtual_replicas(row->r, r, both, true));
    vrow_text(row, "replica_localities", virtual_localities(row->r, c->world, r));
    vrow_text(row, "voting_replicas", virtual_replicas(row->r, r, 1U << REPLICA_VOTER, false));
    vrow_text(row, "non_voting_replicas", virtual_replicas(row->r, r, 1U << REPLICA_NON_VOTER, false));
    vrow_text(row, "learner_replicas", virtual_replicas(row->r, r, 1U << REPLICA_LEARNER, false));
    vrow_time(row, "split_enforced_until", r->sticky_until, false);
}

void range_put_details(const struct virtual_context *c, struct vrow *row, const struct world_range *r) {
    range_put_size(row, r->size);
    range_put_lease(c, row, r);
    vrow_int(row, "range_size", r->size);
    int64_t keys = r->size * 5 / 7;
    vrow_f(row, "span_stats",
        "{\"approximate_disk_bytes\": %" PRId64 ", \"intent_bytes\": 0, \"intent_count\": 0, "
        "\"key_bytes\": %" PRId64 ", \"key_count\": %" PRId64 ", \"live_bytes\": %" PRId64
        ", \"live_count\": %" PRId64
        ", \"sys_bytes\": 0, \"sys_count\": 0, \"val_bytes\": %" PRId64 ", \"val_count\": %" PRId64 "}",
        r->size, keys, r->live_count, r->size, r->live_count, r->size - keys, r->live_count);
}
/* The key without table and index; NULL when nothing is left, or when it lies outside. */
const char *range_relative_old(struct result *r, const struct key *k) {
    const char *text = virtual_key_text(r, k);
    int slashes = 0;
    for (const char *p = text; *p; p++)
        if (*p == '/' && ++slashes == 4)
            return p;
    return NULL;
}

/* The index of a name; "primary" is the first's other name. NULL with 42704. */
const struct index_descriptor *range_index(const struct table_descriptor *t, const char *name,
    struct result *r) {
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!name || strcmp(t->indexes.items[i].name, name) == 0 || (i == 0 && strcmp(name, "primary") == 0))
            return &t->indexes.items[i];
    result_fail(r, "42704", "index \"%s\" does not exist", name ? name : "");
    return NULL;
}

bool range_may_read(const struct virtual_context *c, const struct table_descriptor *t, struct result *r) {
    struct users_object o = {OBJECT_TABLE, t->id, t->name, t->owner, false};
    if (virtual_new(c))
        return users_check_ranges(c->users, c->session, r);
    if (!users_check(c->users, c->session, PRIVILEGE_SELECT, &o, r))
        return false;
    if (users_is_admin(c->users, c->session->user) ||
        users_has(c->users, c->session->user, PRIVILEGE_ZONECONFIG, &o))
        return true;
    return result_fail(r, "42501",
        "only users with the ZONECONFIG privilege or the admin role can use SHOW RANGES on %s: "
        "user %s does not have ZONECONFIG privilege on relation %s",
        t->name, c->session->user, t->name);
}
