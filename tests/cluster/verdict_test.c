/* Verdicts, conformance and the planner on hand-made pictures: the order of verdicts, the flags, what is not known. */
#include "cluster/picture.h"

#include "domicile/cluster/event.h"
#include "domicile/cluster/planner.h"
#include "domicile/cluster/snapshot.h"

#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct verdict_row {
    const char *replicas;
    const char *home;
    enum domicile domicile;
    unsigned flags;
    int dead;       /* a node that is down; 0 none */
    const char *reason; /* part of it */
};

static const struct verdict_row verdicts[] = {
    {"1* 2 3", "eu", DOMICILE_HOME, DOMICILE_MOVING, 0, "every replica is in eu"},
    {"1* 2 3 n4 n7", "eu", DOMICILE_ABROAD, 0, 0, "2 non-voters outside eu: n4 in uk, n7 in us"},
    {"1 2 3 n4 n7", "eu", DOMICILE_ABROAD, 0, 0, "non-voters"}, /* voters at home need no lease */
    {"1* 2 4 n3 n7", "eu", DOMICILE_VOTER_ABROAD, 0, 0, "1 voter, 1 non-voter outside eu"},
    {"1 2 4* n3 n7", "eu", DOMICILE_LEASE_ABROAD, 0, 0, "the leaseholder n4 is in uk"},
    {"1* 2 3 l7", "eu", DOMICILE_ABROAD, DOMICILE_MOVING, 0, "1 learner outside eu"},
    {"1* 2 3 n4 l10", "eu", DOMICILE_ABROAD, DOMICILE_MOVING, 0, "n4"},
    {"1* 2 10", "eu", DOMICILE_UNKNOWN, DOMICILE_MOVING, 0, "region of 1 of 3"},
    {"1* 2 11", "eu", DOMICILE_UNKNOWN, DOMICILE_MOVING, 0, "not known"},
    {"4 2 11", "eu", DOMICILE_VOTER_ABROAD, DOMICILE_MOVING, 0, "n4 in uk"}, /* something worse is proven */
    {"", "eu", DOMICILE_UNKNOWN, DOMICILE_MOVING, 0, "no replica"},
    {"1* 2 3 n4 n7", NULL, DOMICILE_GLOBAL, 0, 0, "GLOBAL"},
};

static void test_verdicts(void **state) {
    struct topology t = picture_topology();
    struct database d = picture_database();
    (void)state;
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        const struct verdict_row *row = &verdicts[i];
        struct range r = picture_range(row->replicas);
        struct domicile_verdict v;
        domicile_judge(&v, &r, row->home, &d, &d.zone, &t);
        if (v.domicile != row->domicile || v.flags != row->flags || !strstr(v.reason, row->reason))
            fail_msg("row %zu: %s, flags %u: %s", i, domicile_name(v.domicile), v.flags, v.reason);
        domicile_verdict_free(&v);
        range_free(&r);
    }
    topology_free(&t);
    database_free(&d);
}

/* Two of three voters dead: no quorum. With liveness unreadable nothing is called dead. */
static void test_unavailable(void **state) {
    struct topology t = picture_topology();
    struct database d = picture_database();
    struct range r = picture_range("1* 2 3 n4 n7");
    struct domicile_verdict v;
    (void)state;
    t.nodes.items[0].liveness = t.nodes.items[1].liveness = LIVENESS_DEAD;
    domicile_judge(&v, &r, "eu", &d, &d.zone, &t);
    assert_int_equal(v.flags, DOMICILE_UNAVAILABLE);
    assert_int_equal(v.domicile, DOMICILE_ABROAD);
    domicile_verdict_free(&v);
    t.liveness_known = false;
    domicile_judge(&v, &r, "eu", &d, &d.zone, &t);
    assert_int_equal(v.flags, 0);
    domicile_verdict_free(&v);
    range_free(&r);
    topology_free(&t);
    database_free(&d);
}

/* A super region's members are allowed. */
static void test_super_region(void **state) {
    struct topology t = picture_topology();
    struct database d = picture_database();
    struct super_region sr = {.name = mem_strdup("isles")};
    struct range r = picture_range("1* 2 3 n4");
    struct domicile_verdict v;
    (void)state;
    vec_push(&sr.regions, mem_strdup("eu"));
    vec_push(&sr.regions, mem_strdup("uk"));
    vec_push(&d.super_regions, sr);
    domicile_judge(&v, &r, "eu", &d, NULL, &t);
    assert_int_equal(v.domicile, DOMICILE_HOME);
    domicile_verdict_free(&v);
    range_free(&r);
    topology_free(&t);
    database_free(&d);
}

static unsigned conformance_of(const char *replicas, const char *zone, const struct topology *t) {
    struct range r = picture_range(replicas);
    struct zone z = {0};
    struct conformance_verdict v;
    if (zone)
        assert_true(zone_parse(&z, NULL, zone, NULL));
    conformance_judge(&v, &r, zone ? &z : NULL, t);
    unsigned states = v.states;
    assert_int_equal(states != 0, v.findings.len > 0);
    conformance_verdict_free(&v);
    zone_free(&z);
    range_free(&r);
    return states;
}

static void test_conformance(void **state) {
    static const char wanted[] =
        "num_replicas = 5, num_voters = 3, constraints = '{+region=eu: 1, +region=uk: 1, +region=us: 1}', "
        "voter_constraints = '[+region=eu]', lease_preferences = '[[+region=eu]]'";
    struct topology t = picture_topology();
    (void)state;
    assert_int_equal(conformance_of("1* 2 3 n4 n7", wanted, &t), 0);
    assert_int_equal(
        conformance_of("1* 2 3 n4", wanted, &t), CONFORMANCE_UNDER_REPLICATED | CONFORMANCE_VIOLATES_CONSTRAINTS);
    assert_int_equal(conformance_of("1* 2 3 n4 n5 n7", wanted, &t), CONFORMANCE_OVER_REPLICATED);
    assert_int_equal(conformance_of("1* 2 4 n3 n7", wanted, &t), CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS);
    assert_int_equal(conformance_of("1 2 4* n3 n7", wanted, &t),
        CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS | CONFORMANCE_VIOLATES_LEASE_PREFERENCES);
    assert_int_equal(conformance_of("1* 2 3 n4 n7", NULL, &t), CONFORMANCE_UNKNOWN);
    assert_int_equal(
        conformance_of("1* 2 3", "num_replicas = 3, constraints = '[-zone=3]'", &t), CONFORMANCE_VIOLATES_CONSTRAINTS);
    assert_int_equal(conformance_of("1* 2 3", "num_replicas = 3, constraints = '[+ssd]'", &t), CONFORMANCE_UNKNOWN);
    t.nodes.items[0].liveness = t.nodes.items[1].liveness = LIVENESS_DEAD;
    assert_int_equal(conformance_of("1 2 3 n4 n7", wanted, &t), CONFORMANCE_UNAVAILABLE | CONFORMANCE_UNDER_REPLICATED);
    t.liveness_known = false;
    assert_int_equal(conformance_of("1* 2 3 n4 n7", wanted, &t), CONFORMANCE_UNKNOWN);
    topology_free(&t);
}

static void test_judge(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    struct judge *j = judge_new(&s, NULL, 5);
    while (!judge_step(j, NULL, NULL)) {
    }
    struct verdicts *v = judge_take(j);
    assert_int_equal(v->rows.ranges, 3);
    assert_int_equal(v->rows.abroad, 3);
    assert_int_equal(v->rows.non_voters_abroad, 6);
    assert_int_equal(v->gaps.ranges, 0);
    assert_int_equal(v->regions.items[1].leases, 1);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_ABROAD);
    verdicts_free(v);
    judge_free(j);
    snapshot_clear(&s);
}

static void test_plan(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    struct plan_request r = {.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED};
    struct plan *p = plan_make(&s, &r);
    assert_true(p->possible);
    assert_true(p->changes);
    assert_int_equal(p->ranges, 3);
    for (size_t i = 0; i < p->regions.len; i++) {
        assert_int_equal(p->regions.items[i].leave_non_voters, 2);
        assert_int_equal(
            p->regions.items[i].leave_voters + p->regions.items[i].come_voters + p->regions.items[i].come_non_voters,
            0);
    }
    assert_int_equal(p->statements.len, 2);
    assert_string_equal(p->statements.items[1].sql, "ALTER DATABASE \"db\" PLACEMENT RESTRICTED");
    plan_free(p);
    r = (struct plan_request){.kind = PLAN_PLACEMENT, .placement = PLACEMENT_DEFAULT};
    p = plan_make(&s, &r);
    assert_false(p->changes);
    plan_free(p);
    r = (struct plan_request){.kind = PLAN_DROP_REGION, .region = "eu"};
    p = plan_make(&s, &r);
    assert_false(p->possible);
    assert_non_null(strstr(p->obstacles.items[0], "primary region"));
    plan_free(p);
    snapshot_clear(&s);
}

/* -- shapes of other clusters -- */

/* A second store on n1, and a fourth region with one node each of three stores. */
static struct topology wide_topology(void) {
    struct topology t = picture_topology();
    topology_add_store(&t, 21, 1, &topology_node(&t, 1)->locality);
    struct node n = {.id = 20, .liveness = LIVENESS_LIVE, .ranges = -1, .leases = -1};
    assert_true(locality_parse(&n.locality, "region=za,zone=1", NULL));
    topology_add_node(&t, &n);
    for (int store = 30; store < 33; store++)
        topology_add_store(&t, store, 20, &n.locality);
    locality_free(&n.locality);
    return t;
}

static void test_several_stores_a_node(void **state) {
    struct topology t = wide_topology();
    struct database d = picture_database();
    struct range r = picture_range("1* 2 21 n4 n7");
    struct domicile_verdict v;
    (void)state;
    domicile_judge(&v, &r, "eu", &d, &d.zone, &t);
    assert_int_equal(v.domicile, DOMICILE_ABROAD);
    assert_int_equal(v.abroad.len, 2);
    assert_int_equal(v.flags, 0);
    domicile_verdict_free(&v);
    t.nodes.items[0].liveness = LIVENESS_DEAD; /* one node, two of the three voters */
    domicile_judge(&v, &r, "eu", &d, &d.zone, &t);
    assert_int_equal(v.flags, DOMICILE_UNAVAILABLE);
    domicile_verdict_free(&v);
    range_free(&r);
    topology_free(&t);
    database_free(&d);
}

/* Four regions that survive the loss of one: five voters, two of them at home. */
static void test_region_survival(void **state) {
    static const char wanted[] =
        "num_replicas = 5, num_voters = 5, constraints = '{+region=eu: 1, +region=uk: 1, +region=us: 1, "
        "+region=za: 1}', voter_constraints = '{+region=eu: 2}', lease_preferences = '[[+region=eu]]'";
    struct topology t = wide_topology();
    struct database d = picture_database();
    struct domicile_verdict v;
    (void)state;
    d.survival = SURVIVAL_REGION;
    assert_int_equal(conformance_of("1* 2 4 7 30", wanted, &t), 0);
    assert_int_equal(conformance_of("1* 2 4 7 8", wanted, &t), CONFORMANCE_VIOLATES_CONSTRAINTS);
    assert_int_equal(conformance_of("1* 4 5 7 30", wanted, &t), CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS);
    assert_int_equal(conformance_of("1 2 4 7 30*", wanted, &t), CONFORMANCE_VIOLATES_LEASE_PREFERENCES);
    struct range r = picture_range("1* 2 4 7 30");
    domicile_judge(&v, &r, "eu", &d, NULL, &t);
    assert_int_equal(v.domicile, DOMICILE_VOTER_ABROAD); /* conforming, and most voters elsewhere */
    assert_int_equal(v.abroad_voters, 3);
    domicile_verdict_free(&v);
    range_free(&r);
    topology_free(&t);
    database_free(&d);
}

/* The ranges of a snapshot, to be changed before they are judged. */
static struct ranges *ranges_in(struct snapshot *s) { return s->parts[PART_RANGES]->data; }

/* One range that holds eu's and uk's rows is judged for each: at home for eu, and not for uk. */
static void test_two_homes_in_a_range(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    struct ranges *rs = ranges_in(&s);
    struct range both = picture_range("1* 2 3");
    both.id = 1;
    key_copy(&both.start, &rs->items[0].start);
    key_copy(&both.end, &rs->items[1].end);
    range_free(&rs->items[0]);
    range_free(&rs->items[1]);
    rs->items[0] = both;
    rs->items[1] = rs->items[2];
    rs->len = 2;
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->ranges.items[0].domicile->domicile, DOMICILE_LEASE_ABROAD);
    assert_string_equal(v->ranges.items[0].domicile->home, "uk");
    assert_false(v->ranges.items[0].gap);
    assert_int_equal(v->rows.ranges, 2);
    verdicts_free(v);
    snapshot_clear(&s);
}

/* A second index whose ranges were not read, and then one that is abroad, both take the table's green light. */
static void test_every_index_counts(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    struct catalog *c = s.parts[PART_CATALOG]->data;
    struct ranges *rs = ranges_in(&s);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < rs->items[i].replicas.len; k++)
            rs->items[i].replicas.items[k].store_id = (int)(i * 3 + 1 + k % 3);
    for (size_t i = 0; i < 3; i++)
        rs->items[i].lease_state = LEASE_NOT_ASKED;
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_HOME);
    verdicts_free(v);
    struct index second = {.id = 2, .name = mem_strdup("t_name"), .unique = false};
    vec_push(&second.columns, ((struct index_column){.name = mem_strdup("crdb_region"), .implicit = true}));
    vec_push(&c->tables.items[0].indexes, second);
    v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_UNKNOWN);
    assert_int_equal(v->rows.unknown, 3); /* its three partitions */
    verdicts_free(v);
    struct range other = picture_range("1 2 3");
    other.id = 9;
    key_begin(&other.start, 106, 2);
    key_copy(&other.end, &other.start);
    key_prefix_end(&other.end);
    vec_push(rs, other);
    v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_VOTER_ABROAD);
    assert_int_equal(v->rows.unknown, 0);
    verdicts_free(v);
    snapshot_clear(&s);
}

/* A state keeps the time it began; a change begins anew, and is told as an event. */
static void test_since(void **state) {
    struct snapshot s = {0};
    struct snapshot before = {0};
    struct events events = {0};
    (void)state;
    picture_snapshot(&s);
    picture_snapshot(&before);
    struct verdicts *first = picture_judged(&before, NULL, 5);
    assert_int_equal(first->ranges.items[0].since, 0);
    snapshot_set(&before, part_new(PART_VERDICTS, first, 5, 5));
    range_add_replica(&ranges_in(&s)->items[0], 4, REPLICA_VOTER);
    struct verdicts *second = picture_judged(&s, &before, 9);
    assert_int_equal(second->ranges.items[0].domicile->domicile, DOMICILE_VOTER_ABROAD);
    assert_int_equal(second->ranges.items[0].since, 9);
    assert_int_equal(second->ranges.items[1].since, 0);
    snapshot_set(&s, part_new(PART_VERDICTS, second, 9, 9));
    struct verdicts *third = picture_judged(&s, &s, 12);
    assert_int_equal(third->ranges.items[0].since, 9);
    verdicts_free(third);
    events_diff(&events, &before, &s, 9, 9);
    assert_int_equal(events.len, 2); /* the replica, and what comes of it */
    assert_int_equal(events.items[0].kind, EVENT_REPLICA_CHANGED);
    assert_int_equal(events.items[1].kind, EVENT_VERDICT_CHANGED);
    assert_non_null(strstr(events.items[1].text, "r1 is voter abroad (was abroad)"));
    events_free(&events);
    snapshot_clear(&before);
    snapshot_clear(&s);
}

/* Two pictures apart, each judged, the second with the first's times. */
static void compare(struct events *events, struct snapshot *before, struct snapshot *now, usec at) {
    struct verdicts *v = picture_judged(now, before, at);
    snapshot_set(now, part_new(PART_VERDICTS, v, at, at));
    events_diff(events, before, now, at, at);
}

static const struct event *event_about(const struct events *es, enum event_kind kind, int64_t range_id) {
    for (size_t i = 0; i < es->len; i++)
        if (es->items[i].kind == kind && es->items[i].range_id == range_id)
            return &es->items[i];
    fail_msg("no event of kind %s about r%lld", event_kind_name(kind), (long long)range_id);
    return NULL;
}

static struct snapshot judged_picture(usec at) {
    struct snapshot s = {0};
    picture_snapshot(&s);
    snapshot_set(&s, part_new(PART_VERDICTS, picture_judged(&s, NULL, at), at, at));
    return s;
}

/* What lasted is told with the event that ends it: abroad for so long, and home from now on. */
static void test_how_long_it_lasted(void **state) {
    struct snapshot pictures[3] = {judged_picture(1)};
    struct events events = {0};
    const usec minute = 60 * USEC_PER_SEC;
    (void)state;
    picture_snapshot(&pictures[1]);
    range_add_replica(&ranges_in(&pictures[1])->items[0], 4, REPLICA_VOTER);
    compare(&events, &pictures[0], &pictures[1], minute);
    assert_non_null(strstr(event_about(&events, EVENT_VERDICT_CHANGED, 1)->text, "r1 is voter abroad (was abroad): "));
    events_free(&events);
    picture_snapshot(&pictures[2]);
    range_free(&ranges_in(&pictures[2])->items[0]);
    ranges_in(&pictures[2])->items[0] = picture_range("1* 2 3");
    ranges_in(&pictures[2])->items[0].id = 1;
    key_copy(&ranges_in(&pictures[2])->items[0].start, &ranges_in(&pictures[1])->items[0].start);
    key_copy(&ranges_in(&pictures[2])->items[0].end, &ranges_in(&pictures[1])->items[0].end);
    compare(&events, &pictures[1], &pictures[2], 4 * minute);
    assert_non_null(strstr(event_about(&events, EVENT_VERDICT_CHANGED, 1)->text,
        "r1 is home (was voter abroad for 3 min): every replica is in eu"));
    assert_int_equal(snapshot_verdicts(&pictures[2])->ranges.items[0].since, 4 * minute);
    events_free(&events);
    for (int i = 0; i < 3; i++)
        snapshot_clear(&pictures[i]);
}

/* A super region that comes makes members' replicas at home without one of them having moved. */
static void test_a_super_region_comes(void **state) {
    struct snapshot before = judged_picture(1);
    struct snapshot now = {0};
    struct events events = {0};
    struct super_region sr = {.name = mem_strdup("all")};
    static const char *const members[] = {"eu", "uk", "us"};
    (void)state;
    picture_snapshot(&now);
    for (int i = 0; i < 3; i++)
        vec_push(&sr.regions, mem_strdup(members[i]));
    vec_push(&((struct catalog *)now.parts[PART_CATALOG]->data)->database.super_regions, sr);
    compare(&events, &before, &now, 9);
    for (int64_t id = 1; id <= 3; id++)
        assert_non_null(strstr(event_about(&events, EVENT_VERDICT_CHANGED, id)->text,
            "is home (was abroad): every replica is within the super region of "));
    assert_non_null(
        strstr(event_about(&events, EVENT_POLICY_CHANGED, 0)->text, "super region all of db is eu, uk, us"));
    events_free(&events);
    compare(&events, &now, &before, 12);
    bool gone = false;
    for (size_t i = 0; i < events.len; i++)
        gone = gone || strstr(events.items[i].text, "super region all of db is gone");
    assert_true(gone);
    events_free(&events);
    snapshot_clear(&before);
    snapshot_clear(&now);
}

/* A range that comes to hold two homes' rows is judged for the worse; the one that went is told to have merged. */
static void test_a_merge_of_two_homes(void **state) {
    struct snapshot before = judged_picture(1);
    struct snapshot now = {0};
    struct events events = {0};
    (void)state;
    picture_snapshot(&now);
    struct ranges *rs = ranges_in(&now);
    key_copy(&rs->items[0].end, &rs->items[1].end);
    range_free(&rs->items[1]);
    rs->items[1] = rs->items[2];
    rs->len = 2;
    compare(&events, &before, &now, 9);
    assert_non_null(strstr(event_about(&events, EVENT_VERDICT_CHANGED, 1)->text,
        "r1 is lease abroad (was abroad): the leaseholder n1 is in eu"));
    assert_non_null(event_about(&events, EVENT_RANGE_MERGED, 2));
    events_free(&events);
    snapshot_clear(&before);
    snapshot_clear(&now);
}

/* A secondary index's range is judged and told by itself, and the table is as bad as its worst. */
static void test_a_second_index_moves(void **state) {
    struct snapshot pictures[2] = {{{0}}, {{0}}};
    struct events events = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct index second = {.id = 2, .name = mem_strdup("t_name")};
        picture_snapshot(&pictures[i]);
        vec_push(&second.columns, ((struct index_column){.name = mem_strdup("crdb_region"), .implicit = true}));
        vec_push(&((struct catalog *)pictures[i].parts[PART_CATALOG]->data)->tables.items[0].indexes, second);
        struct range r = picture_range(i ? "1 2 3 n4 n8*" : "1 2 3 n4 n8");
        r.id = 9;
        key_begin(&r.start, 106, 2);
        key_copy(&r.end, &r.start);
        key_prefix_end(&r.end);
        if (i)
            range_add_replica(&r, 8, REPLICA_VOTER);
        vec_push(ranges_in(&pictures[i]), r);
    }
    snapshot_set(&pictures[0], part_new(PART_VERDICTS, picture_judged(&pictures[0], NULL, 5), 5, 5));
    compare(&events, &pictures[0], &pictures[1], 9);
    assert_non_null(event_about(&events, EVENT_REPLICA_CHANGED, 9));
    assert_int_equal(snapshot_verdicts(&pictures[1])->tables.items[0].worst, DOMICILE_LEASE_ABROAD);
    events_free(&events);
    for (int i = 0; i < 2; i++)
        snapshot_clear(&pictures[i]);
}

/* The range is another place in the list after a split in front of it: its state is older than the split's. */
static void test_since_after_split(void **state) {
    struct snapshot before = {0};
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&before);
    struct verdicts *first = picture_judged(&before, NULL, 5);
    for (size_t i = 0; i < first->ranges.len; i++)
        first->ranges.items[i].since = 3;
    snapshot_set(&before, part_new(PART_VERDICTS, first, 5, 5));
    picture_snapshot(&s);
    struct ranges *rs = ranges_in(&s);
    struct range right = {0};
    range_copy(&right, &rs->items[0]);
    right.id = 99;
    key_add_int(&right.start, 5, false);
    key_copy(&rs->items[0].end, &right.start);
    vec_push(rs, right);
    ranges_sort(rs);
    struct verdicts *second = picture_judged(&s, &before, 9);
    assert_int_equal(second->ranges.len, first->ranges.len + 1);
    for (size_t i = 0; i < second->ranges.len; i++)
        assert_int_equal(second->ranges.items[i].since, second->ranges.items[i].range_id == 99 ? 9 : 3);
    verdicts_free(second);
    snapshot_clear(&before);
    snapshot_clear(&s);
}

static void add_span(struct ranges *rs, unsigned char start, unsigned char end) {
    struct range r = {.id = start};
    key_set(&r.start, &start, 1);
    key_set(&r.end, &end, 1);
    vec_push(rs, r);
}

/* Whether breaks are known or have to be looked for, the same is covered. */
static void test_cover(void **state) {
    static const struct {
        unsigned char start, end;
        bool covered;
    } cases[] = {
        {10, 20, true},
        {10, 40, true},
        {12, 35, true},
        {10, 41, false},
        {35, 55, false},
        {40, 50, false},
        {45, 55, false},
        {50, 60, true},
        {51, 59, true},
        {50, 61, false},
        {5, 15, false},
        {65, 70, false},
        {10, 60, false},
    };
    struct ranges rs = {0};
    (void)state;
    add_span(&rs, 10, 20);
    add_span(&rs, 20, 30);
    add_span(&rs, 30, 40);
    add_span(&rs, 50, 60);
    for (int known = 0; known < 2; known++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct key start = {.data = (unsigned char[]){cases[i].start}, .len = 1};
            struct key end = {.data = (unsigned char[]){cases[i].end}, .len = 1};
            if (ranges_cover(&rs, &start, &end) != cases[i].covered)
                fail_msg("[%d, %d)%s", cases[i].start, cases[i].end, known ? " with breaks" : "");
        }
        ranges_find_breaks(&rs);
    }
    assert_int_equal(rs.breaks.len, 1);
    ranges_free(&rs);
}

/* -- what stops a change -- */

static void expect_obstacle(struct snapshot *s, const struct plan_request *r, const char *text) {
    struct plan *p = plan_make(s, r);
    bool told = false;
    assert_false(p->possible);
    for (size_t i = 0; i < p->obstacles.len; i++)
        told = told || strstr(p->obstacles.items[i], text);
    if (!told)
        fail_msg("not told: %s", text);
    plan_free(p);
}

static void test_obstacles(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    struct database *d = &((struct catalog *)s.parts[PART_CATALOG]->data)->database;
    expect_obstacle(
        &s, &(struct plan_request){.kind = PLAN_ADD_REGION, .region = "mars"}, "no node of the cluster is in region");
    expect_obstacle(&s,
        &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "REGIONAL BY ROW AS cloud"},
        "has no column cloud");
    d->survival = SURVIVAL_REGION;
    expect_obstacle(&s, &(struct plan_request){.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED},
        "SURVIVE ZONE FAILURE first");
    expect_obstacle(
        &s, &(struct plan_request){.kind = PLAN_DROP_REGION, .region = "us"}, "fewer than 3 regions would be left");
    d->survival = SURVIVAL_ZONE;
    d->placement = PLACEMENT_RESTRICTED;
    expect_obstacle(
        &s, &(struct plan_request){.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION}, "PLACEMENT DEFAULT first");
    snapshot_clear(&s);
}

/* A locked table is unlocked, changed and locked again, in this order. */
static void test_a_locked_table(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    ((struct catalog *)s.parts[PART_CATALOG]->data)->tables.items[0].schema_locked = true;
    struct plan *p = plan_make(
        &s, &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"});
    assert_int_equal(p->statements.len, 3);
    assert_non_null(strstr(p->statements.items[0].sql, "schema_locked"));
    assert_non_null(p->statements.items[0].why);
    assert_non_null(strstr(p->statements.items[1].sql, "SET LOCALITY GLOBAL"));
    assert_null(p->statements.items[1].why);
    assert_non_null(strstr(p->statements.items[2].sql, "schema_locked"));
    plan_free(p);
    snapshot_clear(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_unavailable),
        cmocka_unit_test(test_super_region),
        cmocka_unit_test(test_conformance),
        cmocka_unit_test(test_judge),
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_several_stores_a_node),
        cmocka_unit_test(test_region_survival),
        cmocka_unit_test(test_two_homes_in_a_range),
        cmocka_unit_test(test_every_index_counts),
        cmocka_unit_test(test_since),
        cmocka_unit_test(test_how_long_it_lasted),
        cmocka_unit_test(test_a_super_region_comes),
        cmocka_unit_test(test_a_merge_of_two_homes),
        cmocka_unit_test(test_a_second_index_moves),
        cmocka_unit_test(test_since_after_split),
        cmocka_unit_test(test_cover),
        cmocka_unit_test(test_obstacles),
        cmocka_unit_test(test_a_locked_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
