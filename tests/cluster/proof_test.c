/* No verdict without proof: pictures with something missing, stale or of another kind than it seems, in which a hasty
 * reader would see every replica at home, or every rule kept. */
#include "cluster/picture.h"

#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char of_eu[] =
    "num_replicas = 5, num_voters = 3, constraints = '{+region=eu: 1, +region=uk: 1, +region=us: 1}', "
    "voter_constraints = '[+region=eu]', lease_preferences = '[[+region=eu]]'";

static struct catalog *catalog_in(struct snapshot *s) { return s->parts[PART_CATALOG]->data; }
static struct ranges *ranges_in(struct snapshot *s) { return s->parts[PART_RANGES]->data; }
static struct topology *topology_in(struct snapshot *s) { return s->parts[PART_TOPOLOGY]->data; }

static void replace_range(struct range *r, const char *replicas) {
    struct range with = picture_range(replicas);
    with.id = r->id;
    key_copy(&with.start, &r->start);
    key_copy(&with.end, &r->end);
    range_free(r);
    *r = with;
}

/* Each region's rows at home, as under RESTRICTED. */
static void send_home(struct snapshot *s) {
    static const char *const replicas[] = {"1* 2 3", "4* 5 6", "7* 8 9"};
    for (size_t i = 0; i < 3; i++)
        replace_range(&ranges_in(s)->items[i], replicas[i]);
}

static void add_zone(struct zone *z, const char *text) { assert_true(zone_parse(z, NULL, text, NULL)); }

static void add_index(struct table *t, int64_t id, const char *name, bool opaque) {
    struct index ix = {.id = id, .name = mem_strdup(name), .opaque = opaque};
    vec_push(&ix.columns, ((struct index_column){.name = mem_strdup("crdb_region"), .implicit = true}));
    vec_push(&ix.columns, ((struct index_column){.name = mem_strdup("j")}));
    vec_push(&t->indexes, ix);
}

/* A range of one region's part of index 2; region 3: of the index as a whole. */
static void add_range(struct snapshot *s, int64_t id, size_t region, const char *replicas) {
    struct range r = picture_range(replicas);
    r.id = id;
    key_free(&r.start);
    key_begin(&r.start, 106, 2);
    if (region < 3) {
        const struct key *bytes = &catalog_in(s)->database.regions.items[region].physical;
        key_add_bytes(&r.start, bytes->data, bytes->len, false);
    }
    key_copy(&r.end, &r.start);
    key_prefix_end(&r.end);
    vec_push(ranges_in(s), r);
}

static struct domicile_verdict *placed(struct row *row, struct snapshot *s, const char *home) {
    struct rows rows = {.table = mem_strdup("t")};
    *row = (struct row){.home = mem_strdup(home)};
    row_place(row, &rows, catalog_in(s), ranges_in(s), topology_in(s));
    rows_free(&rows);
    return &row->verdict;
}

/* -- what was not read -- */

/* A table by row whose regions' bytes are not known and of which no range was read: it is not "no rule". */
static void test_nothing_read_of_a_table(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    for (size_t i = 0; i < 3; i++) {
        key_free(&catalog_in(&s)->database.regions.items[i].physical);
        range_free(&ranges_in(&s)->items[i]);
    }
    ranges_in(&s)->len = 0;
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_UNKNOWN);
    assert_int_equal(v->rows.unknown, 1);
    assert_int_equal(v->rows.ranges, 1);
    verdicts_free(v);
    snapshot_clear(&s);
}

/* The last range of a partition is missing, and one in the middle: neither leaves the table green. */
static void test_holes(void **state) {
    (void)state;
    for (size_t missing = 0; missing < 3; missing++) {
        struct snapshot s = {0};
        picture_snapshot(&s);
        send_home(&s);
        struct ranges *rs = ranges_in(&s);
        range_free(&rs->items[missing]);
        memmove(rs->items + missing, rs->items + missing + 1, (2 - missing) * sizeof *rs->items);
        rs->len = 2;
        struct verdicts *v = picture_judged(&s, NULL, 5);
        assert_int_equal(v->tables.items[0].worst, DOMICILE_UNKNOWN);
        assert_int_equal(v->rows.home, 2);
        assert_int_equal(v->rows.unknown, 1);
        verdicts_free(v);
        snapshot_clear(&s);
    }
}

/* Ranges asked for in two parts, between which one split: what neither holds is a hole; what both hold is judged twice. */
static void test_ranges_of_two_moments(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    send_home(&s);
    struct ranges *rs = ranges_in(&s);
    struct range late = picture_range("4* 5 6 n1"); /* the right half, as it was a moment later */
    late.id = 8;
    key_copy(&late.start, &rs->items[1].start);
    key_add_int(&late.start, 50, false);
    key_copy(&late.end, &rs->items[1].end);
    vec_push(rs, late);
    ranges_sort(rs);
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_true(v->tables.items[0].worst >= DOMICILE_ABROAD);
    verdicts_free(v);
    snapshot_clear(&s);
}

/* The configuration of a partition, or of a table elsewhere, that may not be read is not the database's. */
static void test_an_unread_configuration(void **state) {
    struct snapshot s = {0};
    (void)state;
    picture_snapshot(&s);
    replace_range(&ranges_in(&s)->items[1], "1* 2 3 n4 n7"); /* uk's rows where the database's rule would have them */
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->conforming, 0);
    assert_int_equal(v->conformance_unknown, 3);
    assert_int_equal(v->ranges.items[1].domicile->domicile, DOMICILE_LEASE_ABROAD);
    verdicts_free(v);
    struct table *t = &catalog_in(&s)->tables.items[0];
    assert_true(table_set_locality(t, "REGIONAL BY TABLE IN uk", NULL));
    v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->conforming, 0);
    verdicts_free(v);
    snapshot_clear(&s);
}

/* -- what holds rows although it does not look so -- */

/* An inverted index is an index: its ranges hold rows, and are not gaps. */
static void test_an_inverted_index(void **state) {
    struct snapshot s = {0};
    struct row row;
    (void)state;
    picture_snapshot(&s);
    send_home(&s);
    add_index(&catalog_in(&s)->tables.items[0], 2, "t_j", true);
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_UNKNOWN); /* not read at all */
    row_free(&row);
    add_range(&s, 11, 0, "1* 2 3");
    add_range(&s, 12, 1, "1* 2 3"); /* uk's rows in eu, where a gap would be at home */
    add_range(&s, 13, 2, "7* 8 9");
    struct verdicts *v = picture_judged(&s, NULL, 5);
    assert_int_equal(v->tables.items[0].worst, DOMICILE_LEASE_ABROAD);
    assert_int_equal(v->gaps.ranges, 0);
    assert_int_equal(v->rows.home, 5);
    verdicts_free(v);
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_LEASE_ABROAD);
    row_free(&row);
    snapshot_clear(&s);
}

/* A key that cannot be encoded: of two ranges one is home and one is not, and then both are home. */
static void test_a_key_that_cannot_be_encoded(void **state) {
    struct snapshot s = {0};
    struct row row;
    (void)state;
    picture_snapshot(&s);
    send_home(&s);
    add_index(&catalog_in(&s)->tables.items[0], 2, "t_j", true);
    for (size_t i = 0; i < 3; i++)
        add_range(&s, 11 + (int64_t)i, i, "4* 5 6");
    struct ranges *rs = ranges_in(&s);
    struct range half = picture_range("1* 2 3");
    half.id = 20;
    key_copy(&half.start, &rs->items[4].start);
    key_add_int(&half.start, 50, false);
    key_copy(&half.end, &rs->items[4].end);
    key_copy(&rs->items[4].end, &half.start);
    vec_push(rs, half);
    ranges_sort(rs);
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_UNKNOWN);
    assert_non_null(strstr(row.verdict.reason, "t_j"));
    row_free(&row);
    replace_range(&rs->items[5], "4* 5 6");
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_HOME);
    assert_null(row.why); /* the range of its primary key is known */
    row_free(&row);
    replace_range(&rs->items[4], "4* 5 7");
    replace_range(&rs->items[5], "1* 2 3");
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_VOTER_ABROAD); /* wherever it is, that much is proven */
    row_free(&row);
    snapshot_clear(&s);
}

/* The region column named again within an index is no second place to look at. */
static void test_the_region_column_twice(void **state) {
    struct snapshot s = {0};
    struct row row;
    (void)state;
    picture_snapshot(&s);
    send_home(&s);
    struct table *t = &catalog_in(&s)->tables.items[0];
    add_index(t, 2, "t_j", false);
    free(t->indexes.items[1].columns.items[1].name);
    t->indexes.items[1].columns.items[1].name = mem_strdup("crdb_region");
    for (size_t i = 0; i < 3; i++)
        add_range(&s, 11 + (int64_t)i, i, "4* 5 6");
    assert_int_equal(placed(&row, &s, "uk")->domicile, DOMICILE_HOME);
    row_free(&row);
    assert_int_equal(placed(&row, &s, "eu")->domicile, DOMICILE_LEASE_ABROAD);
    row_free(&row);
    snapshot_clear(&s);
}

/* -- conformance -- */

struct conformance_row {
    const char *replicas;
    const char *zone;
    unsigned states;
    const char *says; /* part of one finding; NULL none */
};

static unsigned states_of(const struct conformance_row *row, const struct topology *t) {
    struct range r = picture_range(row->replicas);
    struct zone z = {0};
    struct conformance_verdict v;
    bool said = row->says == NULL;
    add_zone(&z, row->zone);
    conformance_judge(&v, &r, &z, t);
    for (size_t i = 0; i < v.findings.len; i++)
        said = said || strstr(v.findings.items[i].text, row->says);
    if (!said)
        fail_msg(
            "%s: not said: %s (%s)", row->replicas, row->says, v.findings.len ? v.findings.items[0].text : "nothing");
    unsigned states = v.states;
    conformance_verdict_free(&v);
    zone_free(&z);
    range_free(&r);
    return states;
}

static void check_rows(const struct conformance_row *rows, size_t n, const struct topology *t) {
    for (size_t i = 0; i < n; i++) {
        unsigned states = states_of(&rows[i], t);
        if (states != rows[i].states)
            fail_msg("%s under %s: %u, expected %u", rows[i].replicas, rows[i].zone, states, rows[i].states);
    }
}

/* The reporter's rules one by one; where it takes an unknown store to match, nothing is told here. */
static void test_conformance_rules(void **state) {
    static const struct conformance_row rows[] = {
        {"", of_eu, CONFORMANCE_UNKNOWN, "no replica of the range is known"},
        {"1* 2 3 n4 n7", of_eu, 0, NULL},
        /* a learner counts for constraints, and for no number */
        {"1* 2 3 n4 l7", of_eu, CONFORMANCE_UNDER_REPLICATED, "1 live non-voters, 2 wanted"},
        {"1* 2 3 n4 n5 l7", of_eu, 0, NULL},
        /* a surplus replica in the wrong region is over-replication, no violation */
        {"1* 2 3 n4 n5 n7", of_eu, CONFORMANCE_OVER_REPLICATED, "3 non-voters, 2 wanted"},
        {"1* 2 3 4 n5 n7", of_eu, CONFORMANCE_OVER_REPLICATED, "4 voters, 3 wanted"},
        {"1* 2 3 n4 n11", of_eu, CONFORMANCE_UNKNOWN, "the locality of 1 replica"},
        {"1* 2 11 n4 n7", of_eu, CONFORMANCE_UNKNOWN, "liveness of 1 replica"},
        /* prohibited: a store that has the tier breaks it, one that lacks it does not */
        {"1* 4 10", "num_replicas = 3, constraints = '[-region=us]'", 0, NULL},
        {"1* 4 7", "num_replicas = 3, constraints = '[-region=us]'", CONFORMANCE_VIOLATES_CONSTRAINTS,
            "n7 (region=us,zone=7) does not satisfy -region=us"},
        {"1* 4 5", "num_replicas = 3, constraints = '{\"+region=eu,-zone=2\": 1}'", 0, NULL},
        {"2* 4 5", "num_replicas = 3, constraints = '{\"+region=eu,-zone=2\": 1}'", CONFORMANCE_VIOLATES_CONSTRAINTS,
            "0 replicas, 1 wanted"},
        /* attributes of stores are not read, wherever they are named */
        {"1* 2 3", "num_replicas = 3, constraints = '[-ssd]'", CONFORMANCE_UNKNOWN, "attribute"},
        {"1* 2 3", "num_replicas = 3, num_voters = 3, voter_constraints = '{+ssd: 1}'", CONFORMANCE_UNKNOWN,
            "attribute"},
        {"1* 2 3", "num_replicas = 3, lease_preferences = '[[+ssd]]'", 0, NULL},
        {"1* 2 3", "num_replicas = 3, lease_preferences = '[[+region=uk]]'", CONFORMANCE_VIOLATES_LEASE_PREFERENCES,
            "n1"},
        {"1* 2 3", "num_replicas = 3, lease_preferences = '[[+region=uk], [+region=eu]]'", 0, NULL},
        {"1 2 3", "num_replicas = 3, lease_preferences = '[[+region=uk]]'", 0, NULL}, /* its leaseholder is not known */
        /* voter constraints look at voters alone */
        {"1* 2 4 n3 n7", of_eu, CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS,
            "n4 (region=uk,zone=4) does not satisfy +region=eu"},
        {"1* 2 4 5 7", "num_replicas = 5, num_voters = 5, voter_constraints = '{+region=eu: 2, +region=uk: 2}'", 0,
            NULL},
        {"1* 4 5 7 8", "num_replicas = 5, num_voters = 5, voter_constraints = '{+region=eu: 2, +region=uk: 2}'",
            CONFORMANCE_VIOLATES_VOTER_CONSTRAINTS, "+region=eu:2: 1 voters, 2 wanted"},
    };
    struct topology t = picture_topology();
    (void)state;
    check_rows(rows, sizeof rows / sizeof *rows, &t);
    topology_free(&t);
}

/* Draining nodes live; dead, decommissioned and unknown ones are told apart. */
static void test_conformance_of_the_dead(void **state) {
    enum { LOST = CONFORMANCE_UNAVAILABLE | CONFORMANCE_UNDER_REPLICATED };
    static const struct conformance_row rows[] = {
        {"3* 5 6 n1 n7", "num_replicas = 5, num_voters = 3", CONFORMANCE_UNDER_REPLICATED,
            "the non-voter on n1 (region=eu,zone=1) is dead"},
        {"1 2 3* n4 n7", "num_replicas = 5, num_voters = 3", LOST,
            "the voter on n2 (region=eu,zone=2) is decommissioned"},
        {"1 3* 8 n5 n7", "num_replicas = 5, num_voters = 3", CONFORMANCE_UNDER_REPLICATED, "2 live voters, 3 wanted"},
        {"3* 5 9 n6 n7", "num_replicas = 5, num_voters = 3", 0, NULL}, /* n9 drains */
        /* two of three dead: lost, whatever is the matter with the third */
        {"1 2 11 n5 n7", "num_replicas = 5, num_voters = 3", LOST | CONFORMANCE_UNKNOWN,
            "1 of 3 voters live: no quorum"},
    };
    struct topology t = picture_topology();
    (void)state;
    t.nodes.items[0].liveness = LIVENESS_DEAD;
    t.nodes.items[1].membership = MEMBERSHIP_DECOMMISSIONED;
    t.nodes.items[8].draining = true;
    check_rows(rows, sizeof rows / sizeof *rows, &t);
    topology_free(&t);
}

static void add_table(struct catalog *c, const char *schema, const char *name) {
    struct table t = {.schema = mem_strdup(schema), .name = mem_strdup(name)};
    vec_push(&c->tables, t);
}

/* A name that several schemas have is nobody's. */
static void test_tables_of_one_name(void **state) {
    struct catalog c = {0};
    struct str candidates = {0};
    (void)state;
    add_table(&c, "public", "dup");
    add_table(&c, "public", "one");
    add_table(&c, "public", "s2.odd");
    add_table(&c, "s2", "dup");
    add_table(&c, "s2", "odd");
    catalog_qualify(&c);
    const struct table *t = c.tables.items;
    assert_null(catalog_table(&c, "dup"));
    assert_ptr_equal(catalog_table(&c, "public.dup"), &t[0]);
    assert_ptr_equal(catalog_table(&c, "s2.dup"), &t[3]);
    assert_null(catalog_table(&c, "s3.dup"));
    assert_null(catalog_table(&c, NULL));
    assert_ptr_equal(catalog_table(&c, "one"), &t[1]);
    assert_ptr_equal(catalog_table(&c, "public.one"), &t[1]);
    assert_null(catalog_table(&c, "s2.one"));
    assert_null(catalog_table(&c, "s2.odd"));
    assert_ptr_equal(catalog_table_in(&c, "s2", "odd"), &t[4]);
    assert_string_equal(table_shown(&t[0]), "public.dup");
    assert_string_equal(table_shown(&t[1]), "one");
    assert_string_equal(table_shown(&t[3]), "s2.dup");
    assert_int_equal(catalog_candidates(&c, "dup", &candidates), 2);
    assert_string_equal(str_get(&candidates), "public.dup, s2.dup");
    str_free(&candidates);
    catalog_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_read_of_a_table),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_ranges_of_two_moments),
        cmocka_unit_test(test_an_unread_configuration),
        cmocka_unit_test(test_an_inverted_index),
        cmocka_unit_test(test_a_key_that_cannot_be_encoded),
        cmocka_unit_test(test_the_region_column_twice),
        cmocka_unit_test(test_conformance_rules),
        cmocka_unit_test(test_conformance_of_the_dead),
        cmocka_unit_test(test_tables_of_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
