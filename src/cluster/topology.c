/* topology: nodes, stores and regions. */
#include "domicile/cluster/topology.h"

#include <stdlib.h>
#include <string.h>

void topology_free(struct topology *t) {
    for (size_t i = 0; i < t->nodes.len; i++) {
        locality_free(&t->nodes.items[i].locality);
        free(t->nodes.items[i].sql_address);
    }
    for (size_t i = 0; i < t->stores.len; i++)
        locality_free(&t->stores.items[i].locality);
    for (size_t i = 0; i < t->regions.len; i++) {
        struct region *r = &t->regions.items[i];
        free(r->name);
        for (size_t k = 0; k < r->zones.len; k++)
            free(r->zones.items[k]);
        vec_free(&r->zones);
    }
    vec_free(&t->nodes);
    vec_free(&t->stores);
    vec_free(&t->regions);
    *t = (struct topology){0};
}

/* Where an element with this id is or belongs, in a list sorted by its first int, the id. */
#define LOWER_BOUND(list, wanted, at) \
    do { \
        size_t high_ = (list)->len; \
        (at) = 0; \
        while ((at) < high_) { \
            size_t mid_ = (at) + (high_ - (at)) / 2; \
            if ((list)->items[mid_].id < (wanted)) \
                (at) = mid_ + 1; \
            else \
                high_ = mid_; \
        } \
    } while (0)

const struct node *topology_node(const struct topology *t, int id) {
    size_t at;
    LOWER_BOUND(&t->nodes, id, at);
    return at < t->nodes.len && t->nodes.items[at].id == id ? &t->nodes.items[at] : NULL;
}

const struct store *topology_store(const struct topology *t, int id) {
    size_t at;
    LOWER_BOUND(&t->stores, id, at);
    return at < t->stores.len && t->stores.items[at].id == id ? &t->stores.items[at] : NULL;
}

const struct node *topology_node_of_store(const struct topology *t, int store_id) {
    const struct store *s = topology_store(t, store_id);
    return s && s->node_id ? topology_node(t, s->node_id) : NULL;
}

/* Opens a place at index at. */
#define INSERT_AT(list, at, value) \
    do { \
        vec_push(list, value); \
        memmove((list)->items + (at) + 1, (list)->items + (at), ((list)->len - 1 - (at)) * sizeof *(list)->items); \
        (list)->items[at] = (value); \
    } while (0)

void topology_add_store(struct topology *t, int store_id, int node_id, const struct locality *l) {
    size_t at;
    LOWER_BOUND(&t->stores, store_id, at);
    struct store s = {.id = store_id, .node_id = node_id};
    locality_copy(&s.locality, l);
    if (at < t->stores.len && t->stores.items[at].id == store_id) {
        locality_free(&t->stores.items[at].locality);
        t->stores.items[at] = s;
        return;
    }
    INSERT_AT(&t->stores, at, s);
}

void topology_add_node(struct topology *t, const struct node *n) {
    size_t at;
    LOWER_BOUND(&t->nodes, n->id, at);
    struct node copy = *n;
    copy.locality = (struct locality){0};
    locality_copy(&copy.locality, &n->locality);
    copy.sql_address = mem_strdup_null(n->sql_address);
    if (at < t->nodes.len && t->nodes.items[at].id == n->id) {
        locality_free(&t->nodes.items[at].locality);
        free(t->nodes.items[at].sql_address);
        t->nodes.items[at] = copy;
        return;
    }
    INSERT_AT(&t->nodes, at, copy);
}

const char *topology_store_region(const struct topology *t, int store_id) {
    const struct store *s = topology_store(t, store_id);
    const struct node *n = topology_node_of_store(t, store_id);
    const char *region = n ? locality_region(&n->locality) : NULL;
    return region ? region : s ? locality_region(&s->locality) : NULL;
}

enum liveness topology_store_liveness(const struct topology *t, int store_id) {
    const struct node *n = topology_node_of_store(t, store_id);
    return n && t->liveness_known ? n->liveness : LIVENESS_UNKNOWN;
}

void topology_print_store(struct str *out, const struct topology *t, int store_id) {
    const struct store *s = topology_store(t, store_id);
    if (t->stores_known && s && s->node_id)
        str_add_f(out, "n%d", s->node_id);
    else
        str_add_f(out, "s%d", store_id);
}
