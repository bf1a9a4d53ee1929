/* picture: small pictures of a cluster, made by hand. */
#include "cluster/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const regions[] = {"eu", "uk", "us"};

struct topology picture_topology(void) {
    struct topology t = {.liveness_known = true, .stores_known = true};
    for (int id = 1; id <= 10; id++) {
        struct node n = {.id = id, .liveness = LIVENESS_LIVE, .ranges = -1, .leases = -1};
        char *text = id <= 9 ? mem_printf("region=%s,zone=%d", regions[(id - 1) / 3], id) : mem_strdup("rack=7");
        assert_true(locality_parse(&n.locality, text, NULL));
        topology_add_node(&t, &n);
        topology_add_store(&t, id, id, &n.locality);
        locality_free(&n.locality);
        free(text);
    }
    for (int i = 0; i < 3; i++)
        vec_push(&t.regions, ((struct region){.name = mem_strdup(regions[i])}));
    return t;
}

struct database picture_database(void) {
    struct database d = {.name = mem_strdup("db"),
        .primary_region = mem_strdup("eu"),
        .survival = SURVIVAL_ZONE,
        .placement = PLACEMENT_DEFAULT};
    for (int i = 0; i < 3; i++) {
        struct db_region r = {.name = mem_strdup(regions[i])};
        key_enum_initial(&r.physical, i, 3);
        vec_push(&d.regions, r);
    }
    assert_true(zone_parse(&d.zone, NULL,
        "num_replicas = 5, num_voters = 3, constraints = '{+region=eu: 1, +region=uk: 1, +region=us: 1}', "
        "voter_constraints = '[+region=eu]', lease_preferences = '[[+region=eu]]'",
        NULL));
    return d;
}

struct range picture_range(const char *text) {
    struct range r = {.id = 7, .size = -1};
    key_begin(&r.start, 106, 1);
    key_copy(&r.end, &r.start);
    key_prefix_end(&r.end);
    for (const char *p = text; *p;) {
        enum replica_kind kind = *p == 'n' ? REPLICA_NON_VOTER : *p == 'l' ? REPLICA_LEARNER : REPLICA_VOTER;
        char *end;
        long store = strtol(p + (kind != REPLICA_VOTER), &end, 10);
        range_add_replica(&r, (int)store, kind);
        if (*end == '*') {
            r.lease_state = LEASE_KNOWN;
            r.leaseholder = (int)store;
            end++;
        }
        p = end + strspn(end, " ");
    }
    return r;
}

void picture_snapshot(struct snapshot *s) {
    static const char *const replicas[] = {"1* 2 3 n4 n7", "n1 4* 5 6 n7", "n1 n4 7* 8 9"};
    struct topology *t = mem_calloc(1, sizeof *t);
    struct catalog *c = mem_calloc(1, sizeof *c);
    struct ranges *ranges = mem_calloc(1, sizeof *ranges);
    struct table table = {.id = 106, .schema = mem_strdup("public"), .name = mem_strdup("t"), .estimated_rows = 3};
    struct index ix = {.id = 1, .name = mem_strdup("t_pkey"), .primary = true, .unique = true};
    *t = picture_topology();
    c->database = picture_database();
    assert_true(table_set_locality(&table, "REGIONAL BY ROW", NULL));
    vec_push(&ix.columns, ((struct index_column){.name = mem_strdup("crdb_region"), .implicit = true}));
    vec_push(&table.indexes, ix);
    vec_push(&c->tables, table);
    for (int i = 0; i < 3; i++) {
        struct range r = picture_range(replicas[i]);
        const struct key *bytes = &c->database.regions.items[i].physical;
        r.id = i + 1;
        key_begin(&r.start, 106, 1);
        key_add_bytes(&r.start, bytes->data, bytes->len, false);
        key_copy(&r.end, &r.start);
        key_prefix_end(&r.end);
        vec_push(ranges, r);
    }
    snapshot_set(s, part_new(PART_TOPOLOGY, t, 1, 1));
    snapshot_set(s, part_new(PART_CATALOG, c, 1, 1));
    snapshot_set(s, part_new(PART_RANGES, ranges, 1, 1));
}

struct verdicts *picture_judged(struct snapshot *s, const struct snapshot *previous, usec now) {
    struct judge *j = judge_new(s, previous, now);
    while (!judge_step(j, NULL, NULL)) {
    }
    struct verdicts *v = judge_take(j);
    judge_free(j);
    return v;
}
