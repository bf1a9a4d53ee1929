/* What changes would do: configurations before and after, and which replicas leave or come, worked out by hand from the
 * documented rules; what stands in the way, privileges included; what cannot be told. */
#include "cluster/picture.h"

#include "domicile/cluster/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* -- the picture: table t by row (106), a range a region; under DEFAULT eu's rows are on 1 2 3 n4 n7, and so on -- */

static struct catalog *catalog_in(struct snapshot *s) { return s->parts[PART_CATALOG]->data; }
static struct database *database_in(struct snapshot *s) { return &catalog_in(s)->database; }
static struct table *table_in(struct snapshot *s) { return &catalog_in(s)->tables.items[0]; }
static struct topology *topology_in(struct snapshot *s) { return s->parts[PART_TOPOLOGY]->data; }
static struct ranges *ranges_in(struct snapshot *s) { return s->parts[PART_RANGES]->data; }

static void make(struct snapshot *s, int version) {
    struct server_info *server = mem_calloc(1, sizeof *server);
    *s = (struct snapshot){0};
    picture_snapshot(s);
    server->version = version;
    server->user = mem_strdup("carol");
    snapshot_set(s, part_new(PART_SERVER, server, 1, 1));
    table_in(s)->locality_text = table_in(s)->locality_text ? table_in(s)->locality_text
        : mem_strdup("REGIONAL BY ROW");
    database_in(s)->may_alter = table_in(s)->may_alter = RIGHT_YES;
}

static void add_super_region(struct snapshot *s, const char *name, const char *const *regions, size_t n) {
    struct super_region sr = {.name = mem_strdup(name)};
    for (size_t i = 0; i < n; i++)
        vec_push(&sr.regions, mem_strdup(regions[i]));
    vec_push(&database_in(s)->super_regions, sr);
}

/* A fourth region of the cluster, za, with a node. */
static void add_za(struct snapshot *s) {
    struct topology *t = topology_in(s);
    struct node n = {.id = 20, .liveness = LIVENESS_LIVE, .ranges = -1, .leases = -1};
    assert_true(locality_parse(&n.locality, "region=za,zone=1", NULL));
    topology_add_node(t, &n);
    topology_add_store(t, 20, 20, &n.locality);
    locality_free(&n.locality);
    vec_push(&t->regions, ((struct region){.name = mem_strdup("za")}));
}

/* "eu v+4-1 n-2; uk …": what comes and leaves; regions without either are left out. */
static char *moves_of(const struct plan *p) {
    struct str out = {0};
    for (size_t i = 0; i < p->regions.len; i++) {
        const struct plan_region *r = &p->regions.items[i];
        if (r->come_voters + r->leave_voters + r->come_non_voters + r->leave_non_voters == 0)
            continue;
        str_add_f(&out, "%s%s", out.len ? "; " : "", r->region);
        if (r->come_voters || r->leave_voters)
            str_add(&out, " v");
        if (r->come_voters)
            str_add_f(&out, "+%d", r->come_voters);
        if (r->leave_voters)
            str_add_f(&out, "-%d", r->leave_voters);
        if (r->come_non_voters || r->leave_non_voters)
            str_add(&out, " n");
        if (r->come_non_voters)
            str_add_f(&out, "+%d", r->come_non_voters);
        if (r->leave_non_voters)
            str_add_f(&out, "-%d", r->leave_non_voters);
    }
    return str_take(&out);
}

static bool says(char *const *texts, size_t n, const char *what) {
    for (size_t i = 0; i < n; i++)
        if (strstr(texts[i], what))
            return true;
    return false;
}

static void expect(struct snapshot *s, const struct plan_request *r, const char *moves, int open) {
    struct plan *p = plan_make(s, r);
    if (!p->possible)
        fail_msg("%s: %s", p->title, p->obstacles.items[0]);
    char *is = moves_of(p);
    if (strcmp(is, moves) != 0 || p->open != open || p->uncertain)
        fail_msg("%s: \"%s\", %d open, %s; expected \"%s\", %d", p->title, is, p->open,
            p->uncertain ? p->uncertain : "certain", moves, open);
    free(is);
    plan_free(p);
}

static void expect_on(int version, const struct plan_request *r, const char *moves, int open) {
    struct snapshot s;
    make(&s, version);
    expect(&s, r, moves, open);
    snapshot_clear(&s);
}

/* -- who leaves and who comes -- */

struct change_row {
    int version;
    struct plan_request request;
    const char *moves;
    int open;
};

static const char *const eu_uk[] = {"eu", "uk"};

static const struct change_row changes[] = {
    /* a non-voter leaves each of the two foreign regions of each of three ranges */
    {2201, {.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED}, "eu n-2; uk n-2; us n-2", 0},
    /* 3-1-1: two non-voters promoted; of five voters one may be anywhere, and is where it was */
    {2201, {.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION}, "eu v+2 n-2; uk v+2 n-2; us v+2 n-2", 3},
    /* 2-2-1, the double one the first by name that is not home: eu's rows eu 2 uk 2 us 1, uk's eu 2 uk 2 us 1, us's eu 2 uk 1 us 2 */
    {2601, {.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION}, "eu v+4-1 n-2; uk v+3-1 n-2; us v+2-1 n-2", 0},
    /* us's rows come under the table's rule: their three voters go to eu, and their non-voter in uk stays */
    {2201, {.kind = PLAN_DROP_REGION, .region = "us"}, "eu v+3 n-1; us v-3 n-2", 0},
    /* every partition has a home of its own */
    {2601, {.kind = PLAN_PRIMARY_REGION, .region = "uk"}, "", 0},
    /* eu's and uk's rows leave us; us's rows stay everywhere */
    {2601, {.kind = PLAN_ADD_SUPER_REGION, .super_region = "x", .regions = eu_uk, .region_count = 2}, "us n-2", 0},
    {2601, {.kind = PLAN_SET_SECONDARY_REGION, .region = "uk"}, "", 0},
    /* all three ranges as the database has it: eu 3 voters, one non-voter elsewhere */
    {2201, {.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"}, "eu v+6 n-2; uk v-3 n+1; us v-3 n+1", 0},
    {2601, {.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "REGIONAL BY TABLE IN uk"},
        "eu v-3 n+1; uk v+6 n-2; us v-3 n+1", 0},
};

static void test_moves(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        expect_on(changes[i].version, &changes[i].request, changes[i].moves, changes[i].open);
}

/* Super regions altered and dropped; region survival within one. */
static void test_super_regions(void **state) {
    static const char *const all[] = {"eu", "uk", "us"};
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    add_super_region(&s, "x", eu_uk, 2);
    /* as it is under the super region: what it excludes is gone already */
    range_free(&ranges_in(&s)->items[0]);
    ranges_in(&s)->items[0] = picture_range("1* 2 3 n4");
    key_begin(&ranges_in(&s)->items[0].start, 106, 1);
    key_copy(&ranges_in(&s)->items[0].end, &ranges_in(&s)->items[1].start);
    expect(&s, &(struct plan_request){.kind = PLAN_DROP_SUPER_REGION, .super_region = "x"}, "us n+1", 0);
    expect(&s,
        &(struct plan_request){.kind = PLAN_ALTER_SUPER_REGION, .super_region = "x", .regions = all, .region_count = 3},
        "us n+1", 0);
    struct plan *p = plan_make(&s,
        &(struct plan_request){
            .kind = PLAN_ALTER_SUPER_REGION, .super_region = "x", .regions = eu_uk, .region_count = 2});
    assert_true(p->possible);
    assert_false(p->changes);
    plan_free(p);
    snapshot_clear(&s);
}

/* A fourth region brings a non-voter to each range; its one node cannot take the three voters of its rows. */
static void test_a_region_more(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    add_za(&s);
    expect(&s, &(struct plan_request){.kind = PLAN_ADD_REGION, .region = "za"}, "za n+3", 0);
    struct plan *p = plan_make(&s, &(struct plan_request){.kind = PLAN_ADD_REGION, .region = "za"});
    assert_true(says(p->costs.items, p->costs.len, "3 voters are wanted in za, which has 1 live node"));
    assert_true(says(p->costs.items, p->costs.len, "in every index, 1 in all"));
    plan_free(p);
    snapshot_clear(&s);
}

/* Four regions that survive a region: exact, 2-1-1-1. */
static void test_four_regions_survive(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2201);
    add_za(&s);
    vec_push(&database_in(&s)->regions, ((struct db_region){.name = mem_strdup("za")}));
    key_enum_between(&database_in(&s)->regions.items[3].physical, &database_in(&s)->regions.items[2].physical, NULL);
    expect(&s, &(struct plan_request){.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION},
        "eu v+2-1 n-2; uk v+2-1 n-2; us v+2-1 n-2; za v+3", 0);
    snapshot_clear(&s);
}

/* Voters for which a region has no node stay away, and are not counted as coming. */
static void test_too_few_nodes(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2201);
    topology_in(&s)->nodes.items[4].liveness = LIVENESS_DEAD;
    topology_in(&s)->nodes.items[5].membership = MEMBERSHIP_DECOMMISSIONING;
    struct plan *p = plan_make(
        &s, &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "REGIONAL BY TABLE IN uk"});
    assert_int_equal(p->homeless, 6);
    assert_true(says(p->costs.items, p->costs.len, "3 voters are wanted in uk, which has 1 live node"));
    plan_free(p);
    snapshot_clear(&s);
}

/* A range that holds eu's and uk's rows comes under two rules: it is split, and each part counted. */
static void test_a_split(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    struct ranges *rs = ranges_in(&s);
    key_copy(&rs->items[0].end, &rs->items[1].end);
    range_free(&rs->items[1]);
    rs->items[1] = rs->items[2];
    rs->len = 2;
    struct plan_request r = {.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED};
    /* of eu's part two non-voters leave; of uk's the voters go home; of us's range two non-voters leave */
    expect(&s, &r, "eu v-3 n-1; uk v+3 n-3; us n-2", 0);
    struct plan *p = plan_make(&s, &r);
    assert_int_equal(p->splits, 1);
    assert_int_equal(p->ranges, 3);
    assert_true(says(p->costs.items, p->costs.len, "1 range is split first"));
    bool second = false;
    for (size_t i = 0; i < p->moves.len; i++)
        for (size_t k = 0; k < p->moves.items[i].pieces.len; k++)
            second = second ||
                (p->moves.items[i].pieces.items[k].range_id == 1 && p->moves.items[i].pieces.items[k].part == 1);
    assert_true(second);
    plan_free(p);
    snapshot_clear(&s);
}

/* -- configurations -- */

static const struct plan_zone *zone_of(const struct plan *p, const char *target) {
    for (size_t i = 0; i < p->zones.len; i++)
        if (strcmp(p->zones.items[i].target, target) == 0)
            return &p->zones.items[i];
    fail_msg("%s is not listed", target);
    return NULL;
}

static void test_zones(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    struct plan *p = plan_make(&s, &(struct plan_request){.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED});
    assert_int_equal(p->zones.len, 1);
    const struct plan_zone *z = zone_of(p, "DATABASE db");
    assert_string_equal(z->before, "num_replicas 5, constraints {+region=eu: 1, +region=uk: 1, +region=us: 1}");
    assert_string_equal(z->after, "num_replicas 3, constraints []");
    assert_int_equal(z->inheritors, 4); /* the table and its three partitions */
    plan_free(p);
    /* region survival of three: every partition is given a configuration of its own */
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION});
    assert_int_equal(p->zones.len, 4);
    z = zone_of(p, "PARTITION us of t");
    assert_string_equal(z->after,
        "num_voters 5, constraints {+region=eu: 2, +region=uk: 1, +region=us: 1}, voter_constraints {+region=us: 2}");
    plan_free(p);
    p = plan_make(&s,
        &(struct plan_request){
            .kind = PLAN_ADD_SUPER_REGION, .super_region = "x", .regions = eu_uk, .region_count = 2});
    assert_int_equal(p->zones.len, 2);
    assert_string_equal(
        zone_of(p, "PARTITION uk of t")->after, "num_replicas 4, constraints {+region=eu: 1, +region=uk: 1}");
    plan_free(p);
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_DROP_REGION, .region = "us"});
    assert_string_equal(zone_of(p, "PARTITION us of t")->after, "none");
    plan_free(p);
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"});
    assert_string_equal(zone_of(p, "TABLE t")->after, "global_reads true");
    plan_free(p);
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_SET_SECONDARY_REGION, .region = "uk"});
    assert_string_equal(zone_of(p, "DATABASE db")->after, "lease_preferences [[+region=eu], [+region=uk]]");
    plan_free(p);
    snapshot_clear(&s);
}

/* What the server says now counts, not what the rules would have made: here somebody has changed it. */
static void test_what_the_server_says(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    zone_free(&database_in(&s)->zone);
    assert_true(zone_parse(&database_in(&s)->zone, NULL,
        "num_replicas = 7, num_voters = 3, constraints = '[]', voter_constraints = '[+region=eu]', "
        "lease_preferences = '[[+region=eu]]'",
        NULL));
    struct plan *p = plan_make(&s, &(struct plan_request){.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED});
    assert_string_equal(zone_of(p, "DATABASE db")->before, "num_replicas 7");
    plan_free(p);
    snapshot_clear(&s);
}

/* -- privileges -- */

struct rights_row {
    struct plan_request request;
    enum right database, table;
    const char *obstacle;  /* NULL: it may run */
    const char *unchecked; /* NULL: nothing is left open */
};

static const struct rights_row rights[] = {
    {{.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED}, RIGHT_YES, RIGHT_NO, NULL, NULL},
    {{.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED}, RIGHT_NO, RIGHT_YES,
        "GRANT CREATE ON DATABASE \"db\" TO \"carol\" would allow it", NULL},
    {{.kind = PLAN_SURVIVE, .survival = SURVIVAL_REGION}, RIGHT_UNKNOWN, RIGHT_UNKNOWN, NULL,
        "carol owns or has CREATE on database db could not be read"},
    {{.kind = PLAN_PRIMARY_REGION, .region = "uk"}, RIGHT_NO, RIGHT_NO, "must be owner of db", NULL},
    {{.kind = PLAN_DROP_REGION, .region = "us"}, RIGHT_YES, RIGHT_NO,
        "GRANT CREATE ON TABLE \"public\".\"t\" TO \"carol\" would allow it", NULL},
    {{.kind = PLAN_DROP_REGION, .region = "us"}, RIGHT_YES, RIGHT_UNKNOWN, NULL, "CREATE on table t could not be read"},
    {{.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"}, RIGHT_NO, RIGHT_YES, NULL, NULL},
    {{.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"}, RIGHT_YES, RIGHT_NO, "must be owner of t", NULL},
    {{.kind = PLAN_ADD_SUPER_REGION, .super_region = "x", .regions = eu_uk, .region_count = 2}, RIGHT_NO, RIGHT_YES,
        "must be owner of db", NULL},
};

static void test_rights(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        const struct rights_row *row = &rights[i];
        struct snapshot s;
        make(&s, 2601);
        database_in(&s)->may_alter = row->database;
        table_in(&s)->may_alter = row->table;
        struct plan *p = plan_make(&s, &row->request);
        assert_int_equal(p->possible, row->obstacle == NULL);
        if (row->obstacle && !says(p->obstacles.items, p->obstacles.len, row->obstacle))
            fail_msg("row %zu: %s", i, p->obstacles.items[0]);
        assert_int_equal(p->unchecked != NULL, row->unchecked != NULL);
        if (row->unchecked && !strstr(p->unchecked, row->unchecked))
            fail_msg("row %zu: %s", i, p->unchecked);
        plan_free(p);
        snapshot_clear(&s);
    }
}

/* -- what cannot be told -- */

static void expect_uncertain(struct snapshot *s, const struct plan_request *r, const char *why) {
    struct plan *p = plan_make(s, r);
    assert_true(p->possible);
    assert_non_null(p->uncertain);
    if (!strstr(p->uncertain, why))
        fail_msg("%s", p->uncertain);
    assert_true(p->zones.len > 0); /* the rules are told all the same */
    plan_free(p);
}

static void test_uncertain(void **state) {
    struct plan_request restricted = {.kind = PLAN_PLACEMENT, .placement = PLACEMENT_RESTRICTED};
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    database_in(&s)->regions.items[1].physical_guess = true;
    expect_uncertain(&s, &restricted, "bytes that stand for a region");
    database_in(&s)->regions.items[1].physical_guess = false;
    range_add_replica(&ranges_in(&s)->items[0], 11, REPLICA_LEARNER);
    expect_uncertain(&s, &restricted, "the region of 1 replica is not known");
    part_unref(s.parts[PART_RANGES]);
    s.parts[PART_RANGES] = NULL;
    expect_uncertain(&s, &restricted, "the ranges could not be read");
    snapshot_clear(&s);
}

/* -- tables of one name in two schemas -- */

static void test_schemas(void **state) {
    struct snapshot s;
    (void)state;
    make(&s, 2601);
    struct table other = {
        .id = 107, .schema = mem_strdup("a b"), .name = mem_strdup("t"), .may_alter = RIGHT_YES, .schema_locked = true};
    assert_true(table_set_locality(&other, "GLOBAL", NULL));
    vec_push(&catalog_in(&s)->tables, other);
    struct plan *p = plan_make(&s,
        &(struct plan_request){.kind = PLAN_SET_LOCALITY,
            .schema = "a b",
            .table = "t",
            .locality = "REGIONAL BY TABLE IN PRIMARY REGION"});
    assert_int_equal(p->statements.len, 3);
    assert_string_equal(
        p->statements.items[1].sql, "ALTER TABLE \"a b\".\"t\" SET LOCALITY REGIONAL BY TABLE IN PRIMARY REGION");
    assert_string_equal(p->statements.items[0].left,
        "table t is unlocked now: ALTER TABLE \"a b\".\"t\" SET (schema_locked = true) locks it again");
    assert_null(p->statements.items[1].left);
    plan_free(p);
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"});
    assert_string_equal(p->statements.items[0].sql, "ALTER TABLE \"t\" SET LOCALITY GLOBAL");
    plan_free(p);
    free(table_in(&s)->schema);
    table_in(&s)->schema = mem_strdup("c");
    p = plan_make(&s, &(struct plan_request){.kind = PLAN_SET_LOCALITY, .table = "t", .locality = "GLOBAL"});
    assert_true(says(p->obstacles.items, p->obstacles.len, "several schemas of db have a table t"));
    plan_free(p);
    snapshot_clear(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_super_regions),
        cmocka_unit_test(test_a_region_more),
        cmocka_unit_test(test_four_regions_survive),
        cmocka_unit_test(test_too_few_nodes),
        cmocka_unit_test(test_a_split),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_what_the_server_says),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_uncertain),
        cmocka_unit_test(test_schemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
