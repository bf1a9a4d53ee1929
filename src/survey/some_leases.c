/* some_leases: which ranges can be asked for their leaseholder without waiting for dead nodes. */
#include "survey_private.h"

bool some_node_is_dead(const struct snapshot *s)
{
    const struct topology *t = snapshot_topology(s);
    for (size_t i = 0; t != NULL && i < t->nodes.len; i++)
        if (t->nodes.items[i].liveness == LIVENESS_DEAD)
            return true;
    return false;
}

static bool has_quorum(const struct range *r, const struct topology *t)
{
    int voters = 0, alive = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        voters++;
        alive += topology_store_liveness(t, r->replicas.items[i].store_id) == LIVENESS_LIVE;
    }
    return alive > voters / 2;
}

void some_leases(struct range_ids *out, const struct snapshot *s, size_t most)
{
    const struct topology *t = snapshot_topology(s);
    const struct ranges *rs = snapshot_ranges(s);
    for (size_t i = 0; t != NULL && rs != NULL && i < rs->len && out->len < most; i++)
        if (has_quorum(&rs->items[i], t))
            vec_push(out, mem_printf("%lld", (long long)rs->items[i].id));
}

void range_ids_free(struct range_ids *ids)
{
    for (size_t i = 0; i < ids->len; i++)
        free(ids->items[i]);
    vec_free(ids);
}
