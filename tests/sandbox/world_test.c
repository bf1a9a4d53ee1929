/* The simulated cluster without sockets and SQL: where ranges lie, where replicas go, what the reports say of it. */
#include "domicile/sandbox/world.h"

#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { DATABASE = 104, TABLE = 106, LAST_TABLE = 109 };

static const char *const regions[] = {"eu-west-1", "europe-west4", "uksouth"};
static const char *const bytes[] = {"\x40", "\x60", "\x80"};

/* The walkthrough's database: primary uksouth, three regions, under either policy. */
static void database_zone(struct zone *z, bool restricted) {
    z->set = ZONE_NUM_REPLICAS | ZONE_NUM_VOTERS | ZONE_CONSTRAINTS | ZONE_VOTER_CONSTRAINTS | ZONE_LEASE_PREFERENCES;
    z->num_replicas = restricted ? 3 : 5;
    z->num_voters = 3;
    for (size_t i = 0; !restricted && i < 3; i++)
        zone_add_constraint(&z->constraints, 1, "region", regions[i]);
    zone_add_constraint(&z->voter_constraints, 0, "region", "uksouth");
    zone_add_constraint(&z->lease_preferences, 0, "region", "uksouth");
}

static void add_level(struct span *s, int64_t zone, int64_t subzone, const struct zone *own) {
    struct span_level level = {.zone_id = zone, .subzone_id = subzone};
    zone_copy(&level.own, own);
    vec_push(&s->levels, level);
    zone_inherit(&s->zone, own);
}

static void add_span(
    struct spans *out, const struct key *start, const struct key *end, int region, const struct zone *database) {
    struct span s = {0};
    key_copy(&s.start, start);
    key_copy(&s.end, end);
    if (region >= 0) {
        struct zone own = {.set = ZONE_NUM_VOTERS | ZONE_VOTER_CONSTRAINTS | ZONE_LEASE_PREFERENCES, .num_voters = 3};
        zone_add_constraint(&own.voter_constraints, 0, "region", regions[region]);
        zone_add_constraint(&own.lease_preferences, 0, "region", regions[region]);
        add_level(&s, TABLE, region + 1, &own);
        zone_free(&own);
    }
    add_level(&s, DATABASE, 0, database);
    vec_push(out, s);
}

static void table_key(struct key *k, uint64_t table) {
    key_free(k);
    key_add_uvarint(k, table);
}

/* Gaps and partitions of index 2 of the customers table, then the other tables. */
static void make_spans(struct spans *out, bool restricted) {
    struct zone database = {0};
    struct key at = {0};
    struct key start = {0};
    struct key end = {0};
    database_zone(&database, restricted);
    table_key(&at, TABLE);
    for (int i = 0; i < 3; i++) {
        key_begin(&start, TABLE, 2);
        key_add_bytes(&start, bytes[i], 1, false);
        key_copy(&end, &start);
        key_prefix_end(&end);
        add_span(out, &at, &start, -1, &database);
        add_span(out, &start, &end, i, &database);
        key_copy(&at, &end);
    }
    table_key(&end, TABLE + 1);
    add_span(out, &at, &end, -1, &database);
    for (uint64_t t = TABLE + 1; t <= LAST_TABLE; t++) {
        table_key(&start, t);
        table_key(&end, t + 1);
        add_span(out, &start, &end, -1, &database);
    }
    zone_free(&database);
    key_free(&at);
    key_free(&start);
    key_free(&end);
}

struct scene {
    struct loop *loop;
    struct world *world;
};

static void open_scene(struct scene *s, int compat) {
    struct world_options o = {
        .loop = loop_new(), .compat = compat, .report_interval = 100 * USEC_PER_MS, .speed = 100, .seed = 7};
    struct err err = {0};
    struct spans spans = {0};
    struct key split = {0};
    s->loop = o.loop;
    s->world = world_new(&o, &err);
    assert_non_null(s->world);
    make_spans(&spans, false);
    key_begin(&split, TABLE, 2);
    world_set_spans(s->world, &spans);
    world_settle(s->world);
    world_split(s->world, &split, true);
    world_settle(s->world);
    key_free(&split);
}

static void close_scene(struct scene *s) {
    world_free(s->world);
    loop_free(s->loop);
}

static bool is_user(const struct world *w, const struct world_range *r) { return !world_range_span(w, r)->system; }

static const char *region_of(const struct world *w, int store) {
    return locality_region(&world_node(w, store)->locality);
}

static int count(const struct world_range *r, enum replica_kind kind) {
    int n = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        n += r->replicas.items[i].kind == kind;
    return n;
}

static int user_ranges(const struct world *w) {
    int n = 0;
    for (size_t i = 0; i < world_range_count(w); i++)
        n += is_user(w, world_range_at(w, i));
    return n;
}

static char *boundaries(const struct world *w) {
    struct str out = {0};
    for (size_t i = 0; i < world_range_count(w); i++) {
        if (!is_user(w, world_range_at(w, i)))
            continue;
        key_print(&out, &world_range_at(w, i)->start);
        str_add_char(&out, ' ');
    }
    return str_take(&out);
}

/* The boundaries of the recorded clusters: 22.1 splits at every configuration, 26.1 where it changes. */
static void test_boundaries(void **state) {
    struct scene s;
    (void)state;
    open_scene(&s, 2201);
    char *old = boundaries(s.world);
    assert_string_equal(old,
        "/Table/106 /Table/106/2 /Table/106/2/\"@\" /Table/106/2/\"@\"/PrefixEnd /Table/106/2/\"`\" "
        "/Table/106/2/\"`\"/PrefixEnd /Table/106/2/\"\\x80\" /Table/106/2/\"\\x80\"/PrefixEnd /Table/107 /Table/108 "
        "/Table/109 ");
    free(old);
    close_scene(&s);
    open_scene(&s, 2601);
    char *new = boundaries(s.world);
    assert_string_equal(new,
        "/Table/106 /Table/106/2 /Table/106/2/\"@\" /Table/106/2/\"@\"/PrefixEnd /Table/106/2/\"`\" "
        "/Table/106/2/\"`\"/PrefixEnd ");
    free(new);
    close_scene(&s);
}

/* Settled under DEFAULT: three voters at home in three zones, the lease at home, a non-voter in each other region. */
static void check_default(const struct world *w) {
    for (size_t i = 0; i < world_range_count(w); i++) {
        const struct world_range *r = world_range_at(w, i);
        const struct span *span = world_range_span(w, r);
        if (span->system) {
            assert_int_equal(r->replicas.len, span->zone.num_replicas);
            continue;
        }
        const char *home = span->zone.voter_constraints.items[0].members.items[0].value;
        assert_int_equal(count(r, REPLICA_VOTER), 3);
        assert_int_equal(count(r, REPLICA_NON_VOTER), 2);
        assert_string_equal(region_of(w, r->lease), home);
        for (size_t k = 0; k < r->replicas.len; k++) {
            bool at_home = strcmp(region_of(w, r->replicas.items[k].store_id), home) == 0;
            assert_int_equal(at_home, r->replicas.items[k].kind == REPLICA_VOTER);
        }
    }
}

static void test_settled(void **state) {
    struct scene s;
    (void)state;
    open_scene(&s, 2201);
    check_default(s.world);
    close_scene(&s);
    open_scene(&s, 2601);
    check_default(s.world);
    close_scene(&s);
}

static int non_voters(const struct world *w) {
    int n = 0;
    for (size_t i = 0; i < world_range_count(w); i++)
        n += is_user(w, world_range_at(w, i)) ? count(world_range_at(w, i), REPLICA_NON_VOTER) : 0;
    return n;
}

static bool run_until(struct scene *s, int wanted) {
    usec end = loop_now(s->loop) + 10 * USEC_PER_SEC;
    while (non_voters(s->world) != wanted && loop_now(s->loop) < end)
        loop_turn(s->loop, 50 * USEC_PER_MS);
    return non_voters(s->world) == wanted;
}

/* RESTRICTED sends every non-voter away, step by step; DEFAULT brings them back as learners first. */
static void test_drain_and_return(void **state) {
    struct scene s;
    struct spans spans = {0};
    bool learner = false;
    (void)state;
    open_scene(&s, 2201);
    int all = 2 * user_ranges(s.world);
    assert_int_equal(non_voters(s.world), all);
    make_spans(&spans, true);
    world_set_spans(s.world, &spans);
    assert_int_equal(non_voters(s.world), all);
    assert_true(run_until(&s, 0));
    make_spans(&spans, false);
    world_set_spans(s.world, &spans);
    for (int i = 0; i < 1000 && non_voters(s.world) != all; i++) {
        loop_turn(s.loop, 10 * USEC_PER_MS);
        for (size_t k = 0; k < world_range_count(s.world); k++)
            learner = learner || count(world_range_at(s.world, k), REPLICA_LEARNER) > 0;
    }
    assert_int_equal(non_voters(s.world), all);
    assert_true(learner);
    check_default(s.world);
    close_scene(&s);
}

static char *report_text(const struct world *w) {
    struct str out = {0};
    const struct world_report *r = world_report(w);
    for (size_t i = 0; i < r->constraints.len; i++) {
        const struct world_constraint_row *row = &r->constraints.items[i];
        assert_int_equal(row->violating_ranges > 0, row->violation_start != 0);
        str_add_f(&out, "%d/%d %s %s %d\n", (int)row->zone_id, (int)row->subzone_id, row->type, row->config,
            (int)row->violating_ranges);
    }
    return str_take(&out);
}

static void wait_report(struct scene *s) {
    int64_t last = world_report(s->world)->generated[2];
    for (int i = 0; i < 100 && world_report(s->world)->generated[2] == last; i++)
        loop_turn(s->loop, 20 * USEC_PER_MS);
}

/* The faults of 22.1: voters alone are counted, for ever violating under DEFAULT, nothing under RESTRICTED. */
static void test_report_old(void **state) {
    struct scene s;
    struct spans spans = {0};
    (void)state;
    open_scene(&s, 2201);
    wait_report(&s);
    char *text = report_text(s.world);
    assert_string_equal(text, "104/0 constraint +region=eu-west-1:1 10\n104/0 constraint +region=europe-west4:1 10\n"
        "104/0 constraint +region=uksouth:1 2\n");
    free(text);
    const struct world_report *r = world_report(s.world);
    const struct world_stats_row *last = &r->stats.items[r->stats.len - 1];
    assert_int_equal(last->zone_id, DATABASE);
    assert_int_equal(last->total, 11);
    assert_int_equal(last->under, 11);
    make_spans(&spans, true);
    world_set_spans(s.world, &spans);
    assert_true(run_until(&s, 0));
    wait_report(&s);
    assert_int_equal(world_report(s.world)->constraints.len, 0);
    close_scene(&s);
}

/* Those of 26.1: partitions of other regions are judged by the database's voter constraint. */
static void test_report_new(void **state) {
    struct scene s;
    (void)state;
    open_scene(&s, 2601);
    wait_report(&s);
    char *text = report_text(s.world);
    assert_string_equal(text,
        "104/0 constraint +region=eu-west-1:1 0\n104/0 constraint +region=europe-west4:1 0\n"
        "104/0 constraint +region=uksouth:1 0\n104/0 voter_constraint +region=uksouth 2\n106/1 voter_constraint "
        "+region=eu-west-1 0\n"
        "106/2 voter_constraint +region=europe-west4 0\n106/3 voter_constraint +region=uksouth 0\n");
    free(text);
    close_scene(&s);
}

/* A region down: its ranges have no quorum, the others serve on, leases move, and all of it comes back. */
static void test_region_down(void **state) {
    struct scene s;
    struct key k = {0};
    struct key end = {0};
    (void)state;
    open_scene(&s, 2201);
    key_begin(&k, TABLE, 2);
    key_add_bytes(&k, bytes[0], 1, false);
    key_copy(&end, &k);
    key_prefix_end(&end);
    assert_true(world_available(s.world, &k, &end));
    struct err err = {0};
    assert_true(world_kill_region(s.world, "eu-west-1", &err));
    assert_false(world_available(s.world, &k, &end));
    assert_false(world_kill_node(s.world, 5, &err));
    assert_false(world_kill_node(s.world, 55, &err));
    assert_false(world_kill_region(s.world, "mars", &err));
    key_begin(&k, TABLE + 1, 1);
    key_begin(&end, TABLE + 1, 2);
    assert_true(world_available(s.world, &k, &end));
    assert_true(world_start_region(s.world, "eu-west-1", &err));
    key_begin(&k, TABLE, 2);
    key_begin(&end, TABLE, 3);
    assert_true(world_available(s.world, &k, &end));
    key_free(&k);
    key_free(&end);
    close_scene(&s);
}

/* ---- at a time that stands still but for the test ---- */

static void open_stopped(struct scene *s, int compat) {
    struct world_options o = {
        .loop = loop_new(), .compat = compat, .report_interval = 5 * USEC_PER_SEC, .speed = 0, .seed = 7};
    struct err err = {0};
    struct spans spans = {0};
    s->loop = o.loop;
    s->world = world_new(&o, &err);
    assert_non_null(s->world);
    make_spans(&spans, false);
    world_set_spans(s->world, &spans);
    world_settle(s->world);
}

static void pass(struct scene *s, double seconds) { world_advance(s->world, (usec)(seconds * USEC_PER_SEC)); }

static const struct world_range *table_range(const struct world *w, uint64_t table) {
    struct key k = {0};
    table_key(&k, table);
    const struct world_range *r = world_range_of(w, &k);
    key_free(&k);
    return r;
}

/* One table's configuration becomes another; the others' stay. */
static void set_global(struct scene *s, uint64_t table, bool global) {
    struct spans spans = {0};
    struct key k = {0};
    make_spans(&spans, false);
    table_key(&k, table);
    for (size_t i = 0; global && i < spans.len; i++)
        if (key_compare(&spans.items[i].start, &k) == 0) {
            spans.items[i].zone.set |= ZONE_GLOBAL_READS;
            spans.items[i].zone.global_reads = true;
        }
    key_free(&k);
    world_set_spans(s->world, &spans);
}

/* Configurations are looked for every 3 s: what is undone before that never splits, what is seen once does. */
static void test_undone_between_looks(void **state) {
    struct scene s;
    (void)state;
    open_stopped(&s, 2601);
    char *before = boundaries(s.world);
    pass(&s, 3.5);
    set_global(&s, LAST_TABLE - 1, true);
    pass(&s, 2);
    set_global(&s, LAST_TABLE - 1, false);
    pass(&s, 20);
    char *after = boundaries(s.world);
    assert_string_equal(before, after);
    free(after);
    pass(&s, 4); /* 29.5 s after the start */
    set_global(&s, LAST_TABLE - 1, true);
    pass(&s, 1);
    set_global(&s, LAST_TABLE - 1, false);
    pass(&s, 20);
    after = boundaries(s.world);
    assert_string_not_equal(before, after);
    assert_non_null(strstr(after, "/Table/108 /Table/109 "));
    free(after);
    free(before);
    close_scene(&s);
}

static int system_ranges(const struct world *w) { return (int)world_range_count(w) - user_ranges(w); }

/* Those of 26.1's system ranges that may merge do so six minutes after the cluster's start, and after half an hour all have;
 * the first 47 tables keep theirs, and so does a table whose configuration is its own (58). 22.1 merges none. */
static void test_system_merges(void **state) {
    struct scene s;
    (void)state;
    open_stopped(&s, 2601);
    const int all = system_ranges(s.world);
    pass(&s, 350);
    assert_int_equal(system_ranges(s.world), all);
    pass(&s, 100);
    assert_int_equal(system_ranges(s.world), all - 16);
    pass(&s, 3600);
    assert_int_equal(system_ranges(s.world), all - 24);
    for (uint64_t table = 5; table <= 48; table++)
        if (table != 10 && table != 49) {
            struct key k = {0};
            table_key(&k, table);
            assert_int_equal(key_compare(&table_range(s.world, table)->start, &k), 0);
            key_free(&k);
        }
    assert_ptr_equal(table_range(s.world, 50), table_range(s.world, 48));
    assert_ptr_not_equal(table_range(s.world, 58), table_range(s.world, 57));
    assert_ptr_not_equal(table_range(s.world, 59), table_range(s.world, 58));
    close_scene(&s);
    open_stopped(&s, 2201);
    const int old = system_ranges(s.world);
    pass(&s, 3600);
    assert_int_equal(system_ranges(s.world), old);
    close_scene(&s);
}

static int held_in(const struct world *w, const char *region) {
    int n = 0;
    for (size_t i = 0; i < world_range_count(w); i++) {
        const struct world_range *r = world_range_at(w, i);
        for (size_t k = 0; is_user(w, r) && k < r->replicas.len; k++)
            n += strcmp(region_of(w, r->replicas.items[k].store_id), region) == 0;
    }
    return n;
}

/* Nobody takes replicas from nodes of which it is not known whether they come back, even where they are one too many; once
 * dead they are replaced. Nodes that are back are given none for half a minute. */
static void test_nodes_away_and_back(void **state) {
    struct scene s;
    struct spans spans = {0};
    struct err err = {0};
    (void)state;
    open_stopped(&s, 2601);
    assert_true(world_kill_region(s.world, "europe-west4", &err));
    make_spans(&spans, true);
    world_set_spans(s.world, &spans);
    const int before = held_in(s.world, "europe-west4");
    pass(&s, 120);
    assert_int_equal(held_in(s.world, "europe-west4"), before);
    /* Its own partition's voters, and the non-voter of the partition that has no quorum. */
    assert_int_equal(held_in(s.world, "eu-west-1"), 3 + 1);
    make_spans(&spans, false);
    world_set_spans(s.world, &spans);
    pass(&s, 400);
    assert_int_equal(held_in(s.world, "europe-west4"), 3); /* voters of the partition without quorum */
    assert_true(world_start_region(s.world, "europe-west4", &err));
    pass(&s, 30);
    assert_int_equal(held_in(s.world, "europe-west4"), 3);
    pass(&s, 100);
    assert_int_equal(held_in(s.world, "europe-west4"), before);
    check_default(s.world);
    close_scene(&s);
}

/* A range that was split off one that kept all its voters in one region spreads when nothing holds it there. */
static void test_spreads(void **state) {
    struct scene s;
    struct key k = {0};
    struct spans spans = {0};
    struct span span = {0};
    (void)state;
    open_stopped(&s, 2601);
    make_spans(&spans, false);
    struct zone plain = {.set = ZONE_NUM_REPLICAS, .num_replicas = 3};
    table_key(&span.start, LAST_TABLE + 5);
    table_key(&span.end, LAST_TABLE + 6);
    add_level(&span, 0, 0, &plain);
    vec_push(&spans, span);
    world_set_spans(s.world, &spans);
    pass(&s, 30);
    table_key(&k, LAST_TABLE + 5);
    const struct world_range *r = world_range_of(s.world, &k);
    assert_int_equal(key_compare(&r->start, &k), 0);
    assert_int_equal(count(r, REPLICA_VOTER), 3);
    for (size_t i = 0; i < r->replicas.len; i++)
        for (size_t j = i + 1; j < r->replicas.len; j++)
            assert_string_not_equal(region_of(s.world, r->replicas.items[i].store_id),
                region_of(s.world, r->replicas.items[j].store_id));
    key_free(&k);
    close_scene(&s);
}

/* A range is without a leader from when the liveness of the node ran out that its quorum needed. */
static void test_leaderless(void **state) {
    struct scene s;
    struct err err = {0};
    struct key k = {0};
    (void)state;
    open_stopped(&s, 2601);
    key_begin(&k, TABLE, 2);
    key_add_bytes(&k, bytes[0], 1, false);
    const struct world_range *r = world_range_of(s.world, &k);
    assert_int_equal(world_leaderless_since(s.world, r), 0);
    assert_true(world_kill_node(s.world, 4, &err));
    pass(&s, 10);
    assert_int_equal(world_leaderless_since(s.world, r), 0);
    const int64_t second = world_wall_now(s.world);
    assert_true(world_kill_node(s.world, 5, &err));
    assert_int_equal(world_leaderless_since(s.world, r), second + 4 * (int64_t)USEC_PER_SEC);
    assert_true(world_start_node(s.world, 4, &err));
    assert_int_equal(world_leaderless_since(s.world, r), 0);
    key_free(&k);
    close_scene(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boundaries),
        cmocka_unit_test(test_settled),
        cmocka_unit_test(test_drain_and_return),
        cmocka_unit_test(test_report_old),
        cmocka_unit_test(test_report_new),
        cmocka_unit_test(test_region_down),
        cmocka_unit_test(test_undone_between_looks),
        cmocka_unit_test(test_system_merges),
        cmocka_unit_test(test_nodes_away_and_back),
        cmocka_unit_test(test_spreads),
        cmocka_unit_test(test_leaderless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
