/* build_topology: nodes, stores and regions out of what may be read of them. */
#include "build.h"

#include <string.h>

void store_localities_free(struct store_localities *s) {
    for (size_t i = 0; i < s->len; i++)
        free(s->items[i].locality);
    vec_free(s);
}

bool store_localities_add(struct store_localities *s, int store_id, const char *locality) {
    for (size_t i = 0; i < s->len; i++) {
        if (s->items[i].store_id != store_id)
            continue;
        if (strcmp(s->items[i].locality, locality) == 0)
            return false;
        free(s->items[i].locality);
        s->items[i].locality = mem_strdup(locality);
        return true;
    }
    struct store_locality one = {store_id, mem_strdup(locality)};
    vec_push(s, one);
    return true;
}

static bool read_zones(struct region *region, const char *text, struct err *err) {
    struct pg_texts zones = {0};
    if (text == NULL)
        return true;
    if (!pg_decode_array(&zones, text))
        return err_set(err, ERR_INTERNAL, "the zones of region %s are no list: %s", region->name, text);
    for (size_t i = 0; i < zones.len; i++)
        if (zones.items[i] != NULL)
            vec_push(&region->zones, mem_strdup(zones.items[i]));
    pg_texts_free(&zones);
    return true;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct region *)a)->name, ((const struct region *)b)->name);
}

static bool read_regions(struct topology *t, const struct pg_result *r, struct err *err) {
    size_t name, zones;
    if (!pg_result_column(r, "region", &name, err) || !pg_result_column(r, "zones", &zones, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        if (pg_result_text(r, i, name) == NULL)
            continue;
        struct region region = {.name = mem_strdup(pg_result_text(r, i, name))};
        bool ok = read_zones(&region, pg_result_text(r, i, zones), err);
        vec_push(&t->regions, region);
        if (!ok)
            return false;
    }
    if (t->regions.len > 1)
        qsort(t->regions.items, t->regions.len, sizeof *t->regions.items, by_name);
    return true;
}

struct node_columns {
    size_t id, locality, address, live, ranges, leases;
};

static bool node_columns_find(struct node_columns *c, const struct pg_result *r, struct err *err) {
    return pg_result_column(r, "node_id", &c->id, err) && pg_result_column(r, "locality", &c->locality, err)
        && pg_result_column(r, "sql_address", &c->address, err) && pg_result_column(r, "is_live", &c->live, err)
        && pg_result_column(r, "ranges", &c->ranges, err) && pg_result_column(r, "leases", &c->leases, err);
}

static int int_or(const struct pg_result *r, size_t row, size_t column, int otherwise) {
    int64_t v;
    return pg_decode_int(&v, pg_result_text(r, row, column)) ? (int)v : otherwise;
}

static bool read_node(struct topology *t, const struct pg_result *r, size_t i, const struct node_columns *c,
    struct err *err) {
    int64_t id;
    bool live;
    struct node n = {0};
    if (!pg_result_int(r, i, c->id, &id, err) || !pg_result_bool(r, i, c->live, &live, err))
        return false;
    const char *locality = pg_result_text(r, i, c->locality);
    if (locality != NULL && !locality_parse(&n.locality, locality, err))
        return err_prefix(err, "locality of n%lld", (long long)id);
    n.id = (int)id;
    n.sql_address = mem_strdup_null(pg_result_text(r, i, c->address));
    n.liveness = live ? LIVENESS_LIVE : LIVENESS_DEAD;
    n.membership = MEMBERSHIP_UNKNOWN;
    n.ranges = int_or(r, i, c->ranges, -1);
    n.leases = int_or(r, i, c->leases, -1);
    topology_add_node(t, &n);
    locality_free(&n.locality);
    free(n.sql_address);
    return true;
}

static bool read_nodes(struct topology *t, const struct pg_result *r, struct err *err) {
    struct node_columns c;
    if (!node_columns_find(&c, r, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        if (!read_node(t, r, i, &c, err))
            return false;
    t->liveness_known = true;
    return true;
}

static enum membership membership_of(const char *text) {
    static const struct { const char *name; enum membership membership; } names[] = {
        {"active", MEMBERSHIP_ACTIVE},
        {"decommissioning", MEMBERSHIP_DECOMMISSIONING},
        {"decommissioned", MEMBERSHIP_DECOMMISSIONED},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(text, names[i].name))
            return names[i].membership;
    return MEMBERSHIP_UNKNOWN;
}

static bool read_liveness(struct topology *t, const struct pg_result *r, struct err *err) {
    size_t id_column, draining, membership;
    if (!pg_result_column(r, "node_id", &id_column, err) || !pg_result_column(r, "draining", &draining, err)
        || !pg_result_column(r, "membership", &membership, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        int64_t id;
        if (!pg_result_int(r, i, id_column, &id, err))
            return false;
        for (size_t k = 0; k < t->nodes.len; k++) {
            struct node *n = &t->nodes.items[k];
            if (n->id != (int)id)
                continue;
            n->membership = membership_of(pg_result_text(r, i, membership));
            if (!pg_decode_bool(&n->draining, pg_result_text(r, i, draining)))
                n->draining = false;
        }
    }
    return true;
}

static bool read_stores(struct topology *t, const struct pg_result *r, struct err *err) {
    size_t store_column, node_column;
    if (!pg_result_column(r, "store_id", &store_column, err) || !pg_result_column(r, "node_id", &node_column, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        int64_t store, node;
        if (!pg_result_int(r, i, store_column, &store, err) || !pg_result_int(r, i, node_column, &node, err))
            return false;
        const struct node *n = topology_node(t, (int)node);
        struct locality none = {0};
        topology_add_store(t, (int)store, (int)node, n != NULL ? &n->locality : &none);
    }
    t->stores_known = pg_result_rows(r) > 0;
    return true;
}

/* A store that no store status names (its node has just joined, or may not be read) is where the range
 * descriptors say it is. */
static void add_seen(struct topology *t, const struct store_localities *seen) {
    for (size_t i = 0; i < seen->len; i++) {
        const struct store *known = topology_store(t, seen->items[i].store_id);
        struct locality l = {0};
        if ((known == NULL || known->locality.len == 0) && locality_parse(&l, seen->items[i].locality, NULL))
            topology_add_store(t, seen->items[i].store_id, known != NULL ? known->node_id : 0, &l);
        locality_free(&l);
    }
}

struct topology *build_topology(const struct answers *a, const struct store_localities *seen, struct err *err) {
    struct topology *t = mem_calloc(1, sizeof *t);
    const struct pg_result *const *of = (const struct pg_result *const *)a->of;
    bool ok = (of[Q_CLUSTER_REGIONS] == NULL || read_regions(t, of[Q_CLUSTER_REGIONS], err))
        && (of[Q_NODES] == NULL || read_nodes(t, of[Q_NODES], err))
        && (of[Q_LIVENESS] == NULL || read_liveness(t, of[Q_LIVENESS], err))
        && (of[Q_STORES] == NULL || read_stores(t, of[Q_STORES], err));
    if (!ok) {
        topology_free(t);
        free(t);
        return NULL;
    }
    add_seen(t, seen);
    return t;
}
