/* topology: nodes, stores and regions of a cluster, with what is known of their health. */
#ifndef DOMICILE_CLUSTER_TOPOLOGY_H
#define DOMICILE_CLUSTER_TOPOLOGY_H

#include "domicile/cluster/locality.h"

#include <stdint.h>

/* Unknown is a value of its own: never drawn, never counted as live. */
enum liveness { LIVENESS_UNKNOWN, LIVENESS_LIVE, LIVENESS_DEAD };
enum membership { MEMBERSHIP_UNKNOWN, MEMBERSHIP_ACTIVE, MEMBERSHIP_DECOMMISSIONING, MEMBERSHIP_DECOMMISSIONED };

struct node {
    int id;
    struct locality locality;
    char *sql_address;     /* advertised "host:port"; NULL when not readable */
    enum liveness liveness; /* gossip_nodes.is_live */
    enum membership membership;
    bool draining;
    int ranges; /* of the whole cluster; -1 unknown */
    int leases; /* -1 unknown */
};

/* Replica arrays of the server hold store ids. Node 0: store -> node was not readable, then the
 * locality comes from replica_localities. */
struct store {
    int id;
    int node_id;
    struct locality locality;
};

/* A region as SHOW REGIONS FROM CLUSTER lists it. */
struct region {
    char *name;
    VEC_STRUCT(char *) zones;
};

/* Sorted by id (regions by name). Zero-initialised: empty. */
struct topology {
    VEC_STRUCT(struct node) nodes;
    VEC_STRUCT(struct store) stores;
    VEC_STRUCT(struct region) regions;
    bool liveness_known; /* false: no right to read it, or closed by allow_unsafe_internals */
    bool stores_known;   /* store -> node was read; false: write s5, not n5 */
};

/* Frees nodes, stores and regions; t is empty afterwards. */
void topology_free(struct topology *t);
/* NULL when unknown. Owned by t. */
const struct node *topology_node(const struct topology *t, int id);
const struct store *topology_store(const struct topology *t, int id);
const struct node *topology_node_of_store(const struct topology *t, int store_id);
/* Adds or replaces the store, keeping the order; takes nothing, copies the locality. */
void topology_add_store(struct topology *t, int store_id, int node_id, const struct locality *l);
void topology_add_node(struct topology *t, const struct node *n);
/* The region of a store: from its node's locality, else its own; NULL unknown. */
const char *topology_store_region(const struct topology *t, int store_id);
enum liveness topology_store_liveness(const struct topology *t, int store_id);
/* Appends "n5" when store -> node was read, otherwise "s5". */
void topology_print_store(struct str *out, const struct topology *t, int store_id);

#endif
