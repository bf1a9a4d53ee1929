/* build_test: what real clusters answered, read into the parts of a snapshot, gives the verdicts that a person
 * reading the recordings gives. */
#include "survey/healthy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void versions_are_read(void **state) {
    (void)state;
    assert_int_equal(build_version("CockroachDB CCL v22.1.0-dev-7788e17e (x86_64-linux-gnu, built , go1.19.8)"), 2201);
    assert_int_equal(build_version("CockroachDB CCL v26.1.0-alpha.1-dev-0 (x, built 2026/11/23, go1.25.3)"), 2601);
    assert_int_equal(build_version("CockroachDB vivid v23.2.4 (a)"), 2302);
    assert_int_equal(build_version("PostgreSQL 15.4"), 0);
    assert_int_equal(build_version(""), 0);
}

static void nodes_and_stores_are_read(void **state) {
    (void)state;
    const char *versions[] = {"22.1", "26.1"};
    for (int i = 0; i < 2; i++) {
        struct answers a = {0};
        struct store_localities seen = {0};
        struct err err = {0};
        healthy_answers(&a, versions[i], INDEXES_22_1);
        struct topology *t = build_topology(&a, &seen, &err);
        assert_string_equal(err.message, "");
        assert_int_equal(t->nodes.len, 9);
        assert_int_equal(t->stores.len, 9);
        assert_int_equal(t->regions.len, 3);
        assert_true(t->liveness_known && t->stores_known);
        assert_string_equal(topology_store_region(t, 5), "eu-west-1");
        assert_int_equal(topology_node(t, 5)->liveness, LIVENESS_LIVE);
        assert_int_equal(topology_node(t, 5)->membership, MEMBERSHIP_ACTIVE);
        assert_string_equal(topology_node(t, 5)->sql_address, "127.0.0.1:26261");
        topology_free(t);
        free(t);
        answers_clear(&a);
    }
}

static void without_rights_stores_are_where_ranges_say(void **state) {
    (void)state;
    struct answers a = {0};
    struct store_localities seen = {0};
    struct leases none = {0};
    struct err err = {0};
    a.of[Q_CLUSTER_REGIONS] = answer_recorded("26.1/1004-regions-cluster.txt", NULL, NULL);
    struct pg_result *r = answer_recorded("26.1/2602-ranges-table-keys.txt", NULL, NULL);
    struct ranges *rs = healthy_ranges(r, &none, &seen);
    struct topology *t = build_topology(&a, &seen, &err);
    struct str name = {0};
    assert_false(t->liveness_known);
    assert_false(t->stores_known);
    assert_string_equal(topology_store_region(t, 9), "europe-west4");
    topology_print_store(&name, t, 9);
    assert_string_equal(str_get(&name), "s9");
    str_free(&name);
    topology_free(t);
    free(t);
    ranges_free(rs);
    free(rs);
    store_localities_free(&seen);
    pg_result_free(r);
    answers_clear(&a);
}

static void ranges_of_both_shapes_are_read(void **state) {
    (void)state;
    struct leases leases = {0};
    struct store_localities seen = {0};
    struct err err = {0};
    struct pg_result *lease = answer_of("range_id|lease_holder\n82|3\n86|5\n80|\n");
    assert_true(build_leases(&leases, lease, 7, &err));
    struct pg_result *r = answer_recorded("26.1/2602-ranges-table-keys.txt", NULL, NULL);
    struct ranges *rs = healthy_ranges(r, &leases, &seen);
    assert_int_equal(rs->len, 9);
    const struct range *one = ranges_by_id(rs, 86);
    assert_int_equal(range_count(one, REPLICA_VOTER), 3);
    assert_int_equal(range_count(one, REPLICA_NON_VOTER), 2);
    assert_int_equal(one->lease_state, LEASE_KNOWN);
    assert_int_equal(one->leaseholder, 5);
    assert_int_equal(ranges_by_id(rs, 80)->lease_state, LEASE_NONE);
    assert_int_equal(ranges_by_id(rs, 83)->lease_state, LEASE_NOT_ASKED);
    ranges_free(rs);
    free(rs);
    leases.state = LEASE_TIMED_OUT;
    vec_clear(&leases);
    rs = healthy_ranges(r, &leases, &seen);
    assert_int_equal(ranges_by_id(rs, 86)->lease_state, LEASE_TIMED_OUT);
    assert_int_equal(ranges_by_id(rs, 86)->leaseholder, 0);
    ranges_free(rs);
    free(rs);
    pg_result_free(r);
    pg_result_free(lease);
    leases_free(&leases);
    store_localities_free(&seen);
}

static struct ranges *built(struct ranges_builder *b, struct store_localities *seen) {
    struct err err = {0};
    bool done = false, changed;
    assert_true(ranges_builder_step(b, NULL, NULL, &done, &err));
    assert_true(done);
    struct ranges *rs = ranges_builder_take(b, seen, &changed);
    ranges_builder_free(b);
    return rs;
}

/* When leases come later, what was read of the descriptors is enough: their text is gone by then. */
static void leases_are_added_to_what_was_read(void **state) {
    (void)state;
    struct leases none = {0}, leases = {0};
    struct store_localities seen = {0};
    struct pg_result *lease = answer_of("range_id|lease_holder\n86|5\n");
    struct pg_result *r = answer_recorded("26.1/2602-ranges-table-keys.txt", NULL, NULL);
    struct part *first = part_new(PART_RANGES, built(ranges_builder_new(r, &none), &seen), 1, 1);
    pg_result_free(r);
    assert_int_equal(ranges_by_id(first->data, 86)->lease_state, LEASE_NOT_ASKED);
    assert_true(build_leases(&leases, lease, 9, NULL));
    struct ranges *again = built(ranges_builder_again(first, &leases), &seen);
    assert_int_equal(again->len, ((const struct ranges *)first->data)->len);
    assert_int_equal(ranges_by_id(again, 86)->leaseholder, 5);
    assert_int_equal(ranges_by_id(again, 86)->lease_state, LEASE_KNOWN);
    assert_int_equal(ranges_by_id(again, 86)->lease_asof, 9);
    assert_true(again->breaks_known);
    struct part *second = part_new(PART_RANGES, again, 2, 2);
    again = built(ranges_builder_again(second, &none), &seen); /* and taken away again */
    part_unref(second);
    assert_int_equal(ranges_by_id(again, 86)->leaseholder, 0);
    assert_int_equal(ranges_by_id(again, 86)->lease_state, LEASE_NOT_ASKED);
    assert_true(key_compare(&ranges_by_id(again, 86)->start, &ranges_by_id(first->data, 86)->start) == 0);
    assert_int_equal(again->items[0].replicas.len, ((const struct ranges *)first->data)->items[0].replicas.len);
    ranges_free(again);
    free(again);
    part_unref(first);
    pg_result_free(lease);
    leases_free(&leases);
    store_localities_free(&seen);
}

static const char *locality_seen(const struct store_localities *seen, int store) {
    for (size_t i = 0; i < seen->len; i++)
        if (seen->items[i].store_id == store)
            return seen->items[i].locality;
    return "";
}

#define ROW_OF(id, start, end, stores, localities) \
    #id "|\\x" start "|\\x" end "|/Table/106|" stores "|" localities "|" stores "|{}|{}\n"

/* The newest locality of a store counts, however the text of the others reads; and gaps between ranges are noted. */
static void what_ranges_say_of_stores_is_read_row_by_row(void **state) {
    (void)state;
    struct leases none = {0};
    struct store_localities seen = {0};
    struct pg_result *r = answer_of(
        "range_id|start_key|end_key|start_pretty|replicas|replica_localities|voting_replicas|non_voting_replicas|"
        "learner_replicas\n" ROW_OF(1, "f101", "f102", "{1,2}", "{\"region=a,zone=1\",region=b}")
            ROW_OF(2, "f102", "f103", "{2,1}", "{region=b,\"region=a,zone=1\"}")
                ROW_OF(3, "f104", "f105", "{1,2}", "{\"region=a,zone=\\\\\",region=c}")
                    ROW_OF(4, "f105", "f106", "{1,3,2}", "{\"region=a,zone=\\\\\",\"region=d\",region=c}"));
    struct ranges *rs = built(ranges_builder_new(r, &none), &seen);
    assert_string_equal(locality_seen(&seen, 1), "region=a,zone=\\");
    assert_string_equal(locality_seen(&seen, 2), "region=c");
    assert_string_equal(locality_seen(&seen, 3), "region=d");
    assert_true(rs->breaks_known);
    assert_int_equal(rs->breaks.len, 1);
    assert_int_equal(rs->breaks.items[0], 2);
    ranges_free(rs);
    free(rs);
    pg_result_free(r);
    store_localities_free(&seen);
}

static void an_answer_of_another_shape_is_told(void **state) {
    (void)state;
    struct leases none = {0};
    struct err err = {0};
    bool done = false;
    struct pg_result *r = answer_of("range_id|start|end\n1|\\xf2|\\xf3\n");
    struct ranges_builder *b = ranges_builder_new(r, &none);
    assert_false(ranges_builder_step(b, NULL, NULL, &done, &err));
    assert_non_null(strstr(err.message, "start_key"));
    ranges_builder_free(b);
    pg_result_free(r);
}

static void a_plan_tells_a_regions_bytes(void **state) {
    (void)state;
    struct key bytes = {0};
    struct err err = {0};
    struct pg_result *r = answer_of(
        "info\ndistribution: local\n  table: t@t_pkey\n  spans: /\"\\x80\"-/\"\\x80\"/PrefixEnd\n");
    assert_true(physical_from_explain(&bytes, r, &err));
    assert_int_equal(bytes.len, 1);
    assert_int_equal(bytes.data[0], 0x80);
    key_free(&bytes);
    pg_result_free(r);
    r = answer_of("info\nspans: FULL SCAN\n");
    assert_false(physical_from_explain(&bytes, r, &err));
    pg_result_free(r);
}

/* Another CREATE statement in place of a recorded one; NULL: it was refused. */
static void replace_create(struct create_answer *create, const char *text) {
    free(create->text);
    create->text = mem_strdup(text != NULL ? text : "");
    if (text == NULL) {
        free(create->table);
        create->table = mem_strdup("of no table");
    }
}

static void the_catalog_is_read(void **state) {
    (void)state;
    const char *versions[] = {"22.1", "26.1"};
    for (int i = 0; i < 2; i++) {
        struct answers a = {0};
        struct physicals p = {0};
        healthy_answers(&a, versions[i], i == 0 ? INDEXES_22_1 : INDEXES_26_1);
        struct catalog *c = healthy_catalog(&a, &p, NULL);
        const struct database *d = &c->database;
        assert_string_equal(d->primary_region, "uksouth");
        assert_null(d->secondary_region);
        assert_int_equal(d->survival, SURVIVAL_ZONE);
        assert_int_equal(d->placement, PLACEMENT_DEFAULT);
        assert_int_equal(d->regions.len, 3);
        assert_int_equal(d->zone.num_replicas, 5);
        assert_string_equal(d->zone_target, "DATABASE django");
        assert_int_equal(c->tables.len, 4);
        const struct table *t = catalog_table(c, "cockroach_example_customers");
        assert_int_equal(t->id, 106);
        assert_int_equal(t->locality, TABLE_LOCALITY_BY_ROW);
        assert_string_equal(t->region_column, "region");
        assert_int_equal(t->schema_locked, i == 1);
        assert_int_equal(table_primary(t)->id, i == 0 ? 2 : 4);
        assert_true(table_primary(t)->columns.items[0].implicit);
        assert_string_equal(table_primary(t)->columns.items[1].name, "id");
        assert_int_equal(table_primary(t)->partitions.len, 3);
        assert_string_equal(table_primary(t)->partitions.items[0].region, "eu-west-1");
        assert_int_equal(table_primary(t)->partitions.items[0].zone.num_voters, 3);
        assert_non_null(table_column(t, "region")->computed);
        assert_int_equal(table_column(t, "region")->values.len, 3);
        const struct table *orders = catalog_table(c, "cockroach_example_orders");
        assert_string_equal(orders->zone_target, "DATABASE django");
        assert_string_equal(table_home(orders, d), "uksouth");
        catalog_free(c);
        free(c);
        physicals_free(&p);
        answers_clear(&a);
    }
}

/* Where a user has no right on a table, crdb_internal.zones lists nothing of it and its CREATE statement is refused: its
 * partitions are not governed by the database's configuration for that. */
static void an_unlisted_configuration_is_not_inherited(void **state) {
    (void)state;
    struct answers a = {0};
    struct physicals p = {0};
    struct build_problems problems = {0};
    struct err err = {0};
    healthy_answers(&a, "26.1", INDEXES_26_1);
    pg_result_free(a.of[Q_ZONES]);
    a.of[Q_ZONES] = answer_recorded("26.1/2115-select-crdb_internal.zones.txt", "target", "DATABASE django");
    for (size_t i = 0; i < a.creates.len; i++)
        if (strcmp(a.creates.items[i].table, "cockroach_example_orders") == 0)
            replace_create(&a.creates.items[i], NULL);
    struct catalog *c = build_catalog(&a, "django", &p, &problems, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(catalog_table(c, "cockroach_example_orders")->zone.set, 0);
    assert_true(catalog_table(c, "cockroach_example_products")->zone.set != 0);
    catalog_free(c);
    free(c);
    build_problems_free(&problems);
    answers_clear(&a);
}

/* Every index that holds rows is one: inverted ones, hash-sharded ones, and those that name the region column
 * somewhere behind the first place, which begin with it all the same. */
static void every_kind_of_index_is_read(void **state) {
    (void)state;
    struct answers a = {0};
    struct physicals p = {0};
    struct build_problems problems = {0};
    struct err err = {0};
    healthy_answers(&a, "22.1", INDEXES_22_1);
    replace_create(&a.creates.items[0],
        "CREATE TABLE public.cockroach_example_customers (\n\tid INT8 NOT NULL,\n\tj JSONB NULL,\n\t"
        "region public.crdb_internal_region NOT NULL,\n\tCONSTRAINT k PRIMARY KEY (id ASC),\n\tINVERTED INDEX byj "
        "(j),\n\t"
        "INDEX byh (id ASC) USING HASH WITH (bucket_count=8),\n\tINDEX twice (id ASC, region ASC),\n\t"
        "INDEX first (region ASC, id ASC)\n) LOCALITY REGIONAL BY ROW AS region");
    struct catalog *c = build_catalog(&a, "django", &p, &problems, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(problems.len, 0);
    const struct table *t = catalog_table(c, "cockroach_example_customers");
    assert_int_equal(t->indexes.len, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct index *ix = &t->indexes.items[i];
        assert_string_equal(ix->columns.items[0].name, "region");
        assert_int_equal(ix->columns.items[0].implicit, strcmp(ix->name, "first") != 0);
        assert_int_equal(ix->opaque, strcmp(ix->name, "byj") == 0 || strcmp(ix->name, "byh") == 0);
        assert_int_equal(ix->partitions.len, 3);
    }
    catalog_free(c);
    free(c);
    build_problems_free(&problems);
    answers_clear(&a);
}

/* Judges the recorded ranges with the recorded catalog. */
static struct verdicts *verdicts_of(const char *version, const char *file, const char *zones, const char *column) {
    struct answers a = {0};
    struct physicals p = {0};
    struct store_localities seen = {0};
    struct leases none = {0};
    struct err err = {0};
    struct snapshot s = {0};
    healthy_answers(&a, version, INDEXES_22_1);
    if (zones != NULL) {
        pg_result_free(a.of[Q_ZONES]);
        a.of[Q_ZONES] = answer_recorded(zones, NULL, NULL);
    }
    struct pg_result *r = answer_recorded(file, column, column != NULL ? "django" : NULL);
    struct ranges *rs = healthy_ranges(r, &none, &seen);
    snapshot_set(&s, part_new(PART_CATALOG, healthy_catalog(&a, &p, rs), 1, 1));
    snapshot_set(&s, part_new(PART_TOPOLOGY, build_topology(&a, &seen, &err), 1, 1));
    snapshot_set(&s, part_new(PART_RANGES, rs, 1, 1));
    struct judge *j = judge_new(&s, NULL, 1);
    while (!judge_step(j, NULL, NULL))
        continue;
    struct verdicts *v = judge_take(j);
    judge_free(j);
    pg_result_free(r);
    snapshot_clear(&s);
    store_localities_free(&seen);
    physicals_free(&p);
    answers_clear(&a);
    return v;
}

static void a_healthy_database_conforms_and_is_abroad(void **state) {
    (void)state;
    struct verdicts *v = verdicts_of(
        "22.1", "22.1/2092-select-crdb_internal.ranges_no_leases.txt", NULL, "database_name");
    assert_int_equal(v->ranges.len, 11);
    assert_int_equal(v->rows.ranges, 6);
    assert_int_equal(v->rows.abroad, 6);
    assert_int_equal(v->rows.non_voters_abroad, 12);
    assert_int_equal(v->rows.voters_abroad, 0);
    assert_int_equal(v->gaps.ranges, 5);
    assert_int_equal(v->gaps.non_voters_abroad, 10);
    assert_int_equal(v->conforming, 11);
    assert_int_equal(v->not_conforming, 0);
    verdicts_free(v);
}

static void the_report_is_read(void **state) {
    (void)state;
    struct answers a = {0};
    struct err err = {0};
    a.of[Q_REPORT_META] = answer_of("generated|server_now\n2026-11-23 14:41:21.314473+00|2026-11-23 14:41:25+00\n");
    a.of[Q_REPORT] = answer_of("zone_id|subzone_id|type|config|violation_start|violating_ranges|target\n"
        "104|0|constraint|+region=eu-west-1:1|2026-11-23 14:37:30.310084+00|10|DATABASE django\n"
        "104|0|constraint|+region=uksouth:1||0|\n");
    a.of[Q_REPORT_INTERVAL] = answer_of("kv.replication_reports.interval\n00:00:05\n");
    struct report *r = build_report(&a, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(r->rows.len, 2);
    assert_int_equal(r->rows.items[0].violating_ranges, 10);
    assert_string_equal(r->rows.items[0].target, "DATABASE django");
    assert_null(r->rows.items[1].target);
    assert_int_equal(r->interval, 5 * USEC_PER_SEC);
    assert_int_equal(r->server_wall - r->generated_wall, 3685527);
    part_unref(part_new(PART_REPORT, r, 0, 0));
    answers_clear(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_read),
        cmocka_unit_test(nodes_and_stores_are_read),
        cmocka_unit_test(without_rights_stores_are_where_ranges_say),
        cmocka_unit_test(ranges_of_both_shapes_are_read),
        cmocka_unit_test(leases_are_added_to_what_was_read),
        cmocka_unit_test(what_ranges_say_of_stores_is_read_row_by_row),
        cmocka_unit_test(an_answer_of_another_shape_is_told),
        cmocka_unit_test(a_plan_tells_a_regions_bytes),
        cmocka_unit_test(the_catalog_is_read),
        cmocka_unit_test(an_unlisted_configuration_is_not_inherited),
        cmocka_unit_test(every_kind_of_index_is_read),
        cmocka_unit_test(a_healthy_database_conforms_and_is_abroad),
        cmocka_unit_test(the_report_is_read),
    };
    return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
