/* some_leases: which ranges can be asked for their leaseholder without waiting for dead nodes. */
#include "survey_private.h"

#include <stdio.h>
#include <string.h>

bool some_node_is_dead(const struct snapshot *s) {
    const struct topology *t = snapshot_topology(s);
    for (size_t i = 0; t != NULL && i < t->nodes.len; i++)
        if (t->nodes.items[i].liveness == LIVENESS_DEAD)
            return true;
    return false;
}

static bool has_quorum(const struct range *r, const struct topology *t) {
    int voters = 0, alive = 0;
    for (size_t i = 0; i < r->replicas.len; i++) {
        if (r->replicas.items[i].kind != REPLICA_VOTER)
            continue;
        voters++;
        alive += topology_store_liveness(t, r->replicas.items[i].store_id) == LIVENESS_LIVE;
    }
    return alive > voters / 2;
}

static bool listed(const struct range_ids *ids, const char *id) {
    for (size_t i = 0; i < ids->len; i++)
        if (strcmp(ids->items[i], id) == 0)
            return true;
    return false;
}

/* Not a second time those of the first so many. */
static void add(struct range_ids *out, const struct range *r, const struct topology *t, size_t most) {
    char id[24];
    (void)snprintf(id, sizeof id, "%lld", (long long)r->id);
    if (out->len < most && (t == NULL || !t->liveness_known || has_quorum(r, t)) && !listed(out, id))
        vec_push(out, mem_strdup(id));
}

/* Those of rows on the screen come first. */
void some_leases(struct range_ids *out, const struct snapshot *s, size_t most) {
    const struct topology *t = snapshot_topology(s);
    const struct ranges *rs = snapshot_ranges(s);
    const struct rows *rows = snapshot_rows(s);
    for (size_t i = 0; rs != NULL && rows != NULL && i < rows->pages.len; i++)
        for (size_t k = 0; k < rows->pages.items[i].rows.len; k++) {
            const struct range *r = ranges_by_id(rs, rows->pages.items[i].rows.items[k].range_id);
            if (r != NULL)
                add(out, r, t, most);
        }
    for (size_t i = 0; rs != NULL && i < rs->len && out->len < most; i++)
        add(out, &rs->items[i], t, most);
}

void range_ids_free(struct range_ids *ids) {
    for (size_t i = 0; i < ids->len; i++)
        free(ids->items[i]);
    vec_free(ids);
}
