/* shapes_test: a cluster unlike the recorded ones, answered as 23.1 does and read as any other: four regions and region
 * survival, two stores a node, a node whose locality has no region, a table by row with a second index, one in a region
 * that is not the primary, a GLOBAL one, and ranges that hold rows of several regions. Stores 1-4 are in ap-south (n1,
 * n2), 5-8 in eu-north (n3, n4), 9-12 in sa-east (n5, n6), 13-16 in us-west (n7, n8), 17 and 18 on n9, which is nowhere.
 * What is expected was worked out from that by hand. */
#include "survey/answer.h"
#include "survey/healthy.h"

#include "../src/survey/survey_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char nodes[] =
    "node_id|locality|sql_address|is_live|ranges|leases\n"
    "1|cloud=x,region=ap-south,zone=1|h1:26257|t|9|2\n" "2|cloud=x,region=ap-south,zone=2|h2:26257|t|9|2\n"
    "3|cloud=y,region=eu-north,zone=1|h3:26257|t|9|2\n" "4|cloud=y,region=eu-north,zone=2|h4:26257|t|9|2\n"
    "5|cloud=x,region=sa-east,zone=1|h5:26257|t|9|2\n" "6|cloud=x,region=sa-east,zone=2|h6:26257|t|9|2\n"
    "7|cloud=z,region=us-west,zone=1|h7:26257|t|9|2\n" "8|cloud=z,region=us-west,zone=2|h8:26257|f|9|2\n"
    "9|rack=7|h9:26257|t|9|2\n";
static const char liveness[] = "node_id|draining|membership\n"
                               "1|f|active\n2|f|active\n3|f|active\n4|t|active\n5|f|decommissioning\n6|f|active\n7|f|"
                               "active\n8|f|active\n9|f|active\n";
static const char stores[] = "store_id|node_id\n1|1\n2|1\n3|2\n4|2\n5|3\n6|3\n7|4\n8|4\n9|5\n10|5\n11|6\n12|6\n13|"
                             "7\n14|7\n15|8\n16|8\n17|9\n18|9\n";
static const char cluster_regions[] = "region|zones\nap-south|{1,2}\neu-north|{1,2}\nsa-east|{1,2}\nus-west|{1,2}\n";
static const char database[] = "id|database_name|placement_policy|create_statement\n"
                               "104|shop|default|CREATE DATABASE shop PRIMARY REGION \"eu-north\" REGIONS = "
                               "\"ap-south\", \"eu-north\", \"sa-east\", "
                               "\"us-west\" SURVIVE REGION FAILURE\n";
static const char database_regions[] =
    "database|region|primary|secondary|zones\n"
    "shop|eu-north|t|f|{1,2}\nshop|ap-south|f|f|{1,2}\nshop|sa-east|f|f|{1,2}\nshop|us-west|f|f|{1,2}\n";
static const char tables[] = "schema_name|table_name|type|owner|estimated_row_count|locality\n"
                             "public|orders|table|root|4|REGIONAL BY ROW\npublic|rates|table|root|2|GLOBAL\n"
                             "public|staff|table|root|2|REGIONAL BY TABLE IN "
                             "\"us-west\"\npublic|staff_seq|sequence|root|0|REGIONAL BY TABLE IN PRIMARY REGION\n";
static const char enums[] =
    "schema|name|values|owner\npublic|crdb_internal_region|{ap-south,eu-north,sa-east,us-west}|root\n";
static const char index_ids[] =
    "schema_name|table_name|table_id|index_name|index_id|index_type\n"
    "public|orders|106|orders_pkey|1|primary\npublic|orders|106|orders_note_idx|2|secondary\n"
    "public|rates|107|rates_pkey|1|primary\npublic|staff|108|staff_pkey|1|primary\n";
#define EACH "constraints = '{+region=ap-south: 1, +region=eu-north: 1, +region=sa-east: 1, +region=us-west: 1}'"
#define CONFIG(object, region) "ALTER " object " CONFIGURE ZONE USING num_replicas = 5, num_voters = 5, " EACH \
    ", voter_constraints = '{+region=" region ": 2}', lease_preferences = '[[+region=" region "]]'\n"
#define PARTITION(id, region, index) \
    "106|" id "|PARTITION \"" region "\" OF INDEX shop.public.orders@" index "|shop|public|orders|" index "|" region \
    "|" CONFIG("PARTITION \"" region "\" OF INDEX shop.public.orders@" index, region)
static const char zones[] =
    "zone_id|subzone_id|target|database_name|schema_name|table_name|index_name|partition_name|full_config_sql\n"
    "0|0|RANGE default||||||ALTER RANGE default CONFIGURE ZONE USING num_replicas = 3, constraints = '[]', "
    "lease_preferences = '[]'\n"
    "104|0|DATABASE shop|shop|||||" CONFIG("DATABASE shop", "eu-north") PARTITION("1", "ap-south", "orders_pkey")
        PARTITION("2", "eu-north", "orders_pkey") PARTITION("3", "sa-east", "orders_pkey")
            PARTITION("4", "us-west", "orders_pkey") PARTITION("5", "ap-south", "orders_note_idx")
                PARTITION("6", "eu-north", "orders_note_idx") PARTITION("7", "sa-east", "orders_note_idx") PARTITION(
                    "8", "us-west", "orders_note_idx") "107|0|TABLE shop.public.rates|shop|public|rates|||ALTER TABLE "
                                                       "shop.public.rates CONFIGURE ZONE USING num_replicas = 5, "
                                                       "num_voters = 5, global_reads = true, " EACH
                                                       ", voter_constraints = '{+region=eu-north: 2}', "
                                                       "lease_preferences = '[[+region=eu-north]]'\n"
                                                       "108|0|TABLE shop.public.staff|shop|public|staff|||" CONFIG(
                                                           "TABLE shop.public.staff", "us-west");
static const char create_orders[] =
    "CREATE TABLE public.orders (\n\tid INT8 NOT NULL,\n\tnote STRING NULL,\n"
    "\tcrdb_region public.crdb_internal_region NOT VISIBLE NOT NULL DEFAULT "
    "default_to_database_primary_region(gateway_region())::public.crdb_internal_region,\n"
    "\tCONSTRAINT orders_pkey PRIMARY KEY (id ASC),\n\tINDEX orders_note_idx (note ASC)\n) LOCALITY REGIONAL BY ROW";
static const char create_rates[] = "CREATE TABLE public.rates (\n\tname STRING NOT NULL,\n\tCONSTRAINT rates_pkey "
                                   "PRIMARY KEY (name ASC)\n) LOCALITY GLOBAL";
static const char create_staff[] =
    "CREATE TABLE public.staff (\n\tid INT8 NOT NULL,\n\tCONSTRAINT staff_pkey PRIMARY KEY (id ASC)\n) "
    "LOCALITY REGIONAL BY TABLE IN \"us-west\"";

/* As SHOW RANGES FROM DATABASE shop WITH KEYS has them; where a store is the descriptor tells, too. */
#define L1 "\"cloud=x,region=ap-south,zone=1\""
#define L3 "\"cloud=y,region=eu-north,zone=1\""
#define L4 "\"cloud=y,region=eu-north,zone=2\""
#define L5 "\"cloud=x,region=sa-east,zone=1\""
#define L7 "\"cloud=z,region=us-west,zone=1\""
#define USUAL "{1,5,7,9,13}|{" L1 "," L3 "," L4 "," L5 "," L7 "}|{5,7,1,9,13}|{}|{}|\n"
static const char ranges[] =
    "start_key|end_key|raw_start_key|raw_end_key|range_id|replicas|replica_localities|voting_replicas|non_voting_"
    "replicas|"
    "learner_replicas|split_enforced_until\n"
    "x|x|\\xf2|\\xf28912400001|201|" USUAL
    /* ap-south's rows, two of them at home */
    "x|x|\\xf28912400001|\\xf28912400002|202|{1,3,5,9,13}|{" L1 "," L1 "," L3 "," L5 "," L7 "}|{1,3,5,9,13}|{}|{}|\n"
    /* both stores of n3 */
    "x|x|\\xf28912400002|\\xf28912600001|203|{1,5,6,9,13}|{" L1 "," L3 "," L3 "," L5 "," L7 "}|{5,6,1,9,13}|{}|{}|\n"
    /* eu-north's and sa-east's rows, and the gap between them */
    "x|x|\\xf28912600001|\\xf28912800002|204|" USUAL
    /* a replica that is nowhere in place of us-west's */
    "x|x|\\xf28912800002|\\xf28912a00001|205|{1,5,7,9,17}|{" L1 "," L3 "," L4 "," L5
    ",\"rack=7\"}|{5,7,1,9,17}|{}|{}|\n"
    /* us-west's rows: one voter on the dead n8, and in sa-east a learner alone */
    "x|x|\\xf28912a00001|\\xf28912a00002|206|{1,5,10,13,14,15}|{" L1 "," L3 "," L5 "," L7 "," L7 "," L7
    "}|{13,14,15,1,5}|{}|{10}|\n"
    "x|x|\\xf28912a00002|\\xf28a12400001|207|" USUAL
    /* the second index: ap-south's entries, with non-voters, and those of the three others */
    "x|x|\\xf28a12400001|\\xf28a12400002|208|{1,2,3,5,9,13}|{" L1 "," L1 "," L1 "," L3 "," L5 "," L7
    "}|{1,2,3,5,9}|{13}|{}|\n"
    "x|x|\\xf28a12400002|\\xf3|209|" USUAL "x|x|\\xf3|\\xf389|210|" USUAL "x|x|\\xf389|\\xf4|212|" USUAL
    "x|x|\\xf4|\\xf5|211|{1,5,9,13,14}|{" L1 "," L3
    "," L5 "," L7 "," L7 "}|{13,14,1,5,9}|{}|{}|\n";
static const char leases[] =
    "range_id|lease_holder\n201|5\n202|1\n203|5\n204|5\n205|5\n206|13\n207|7\n208|5\n209|5\n210|5\n212|5\n211|13\n";

struct shape {
    struct answers a;
    struct physicals p;
    struct leases leases;
    struct snapshot s;
    struct verdicts *v;
};

static void add_create(struct answers *a, const char *table, const char *text) {
    struct create_answer one = {mem_strdup("public"), mem_strdup(table), mem_strdup(text)};
    vec_push(&a->creates, one);
}

static void answer_all(struct answers *a) {
    static const struct {
        enum question q;
        const char *text;
    } rows[] = {
        {Q_NODES, nodes}, {Q_LIVENESS, liveness}, {Q_STORES, stores}, {Q_CLUSTER_REGIONS, cluster_regions},
        {Q_DATABASE, database}, {Q_DATABASE_REGIONS, database_regions}, {Q_TABLES, tables}, {Q_ENUMS, enums},
        {Q_INDEX_IDS, index_ids}, {Q_ZONES, zones},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        a->of[rows[i].q] = answer_of(rows[i].text);
    add_create(a, "orders", create_orders);
    add_create(a, "rates", create_rates);
    add_create(a, "staff", create_staff);
}

/* Bytes that an enum of four values has been given: not those that three would have. */
static void learn_regions(struct physicals *p) {
    static const char *const names[] = {"ap-south", "eu-north", "sa-east", "us-west"};
    for (int i = 0; i < 4; i++) {
        struct key k = {0};
        unsigned char byte = (unsigned char)(0x40 + 0x20 * i);
        key_set(&k, &byte, 1);
        physicals_add(p, names[i], &k);
        key_free(&k);
    }
}

/* zone_rows NULL: the usual ones. */
static void shape_open_zones(struct shape *sh, enum question removed, const char *zone_rows) {
    struct store_localities seen = {0};
    struct build_problems problems = {0};
    struct err err = {0};
    memset(sh, 0, sizeof *sh);
    answer_all(&sh->a);
    pg_result_free(sh->a.of[removed]);
    sh->a.of[removed] = NULL;
    if (zone_rows != NULL) {
        pg_result_free(sh->a.of[Q_ZONES]);
        sh->a.of[Q_ZONES] = answer_of(zone_rows);
    }
    learn_regions(&sh->p);
    struct pg_result *lease = answer_of(leases), *range = answer_of(ranges);
    assert_true(build_leases(&sh->leases, lease, 7, &err));
    struct ranges *rs = healthy_ranges(range, &sh->leases, &seen);
    struct topology *t = build_topology(&sh->a, &seen, &err);
    struct catalog *c = build_catalog(&sh->a, "shop", &sh->p, &problems, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(problems.len, 0);
    snapshot_set(&sh->s, part_new(PART_CATALOG, c, 1, 1));
    snapshot_set(&sh->s, part_new(PART_TOPOLOGY, t, 1, 1));
    snapshot_set(&sh->s, part_new(PART_RANGES, rs, 1, 1));
    struct judge *j = judge_new(&sh->s, NULL, 1);
    while (!judge_step(j, NULL, NULL))
        continue;
    sh->v = judge_take(j);
    judge_free(j);
    pg_result_free(lease);
    pg_result_free(range);
    store_localities_free(&seen);
}

static void shape_open(struct shape *sh, enum question removed) { shape_open_zones(sh, removed, NULL); }

static void shape_close(struct shape *sh) {
    verdicts_free(sh->v);
    snapshot_clear(&sh->s);
    leases_free(&sh->leases);
    physicals_free(&sh->p);
    answers_clear(&sh->a);
}

static void nodes_stores_and_tables_are_read(void **state) {
    struct shape sh;
    struct str name = {0};
    (void)state;
    shape_open(&sh, Q_SUPER_REGIONS);
    const struct topology *t = snapshot_topology(&sh.s);
    assert_int_equal(t->nodes.len, 9);
    assert_int_equal(t->stores.len, 18);
    assert_int_equal(t->regions.len, 4);
    assert_string_equal(topology_store_region(t, 6), "eu-north");
    assert_null(topology_store_region(t, 17));
    assert_int_equal(topology_store_liveness(t, 16), LIVENESS_DEAD);
    assert_int_equal(topology_node(t, 5)->membership, MEMBERSHIP_DECOMMISSIONING);
    assert_true(topology_node(t, 4)->draining);
    topology_print_store(&name, t, 6);
    assert_string_equal(str_get(&name), "n3");
    str_free(&name);
    const struct catalog *c = snapshot_catalog(&sh.s);
    assert_int_equal(c->database.survival, SURVIVAL_REGION);
    assert_int_equal(c->tables.len, 3);
    const struct table *orders = catalog_table(c, "orders");
    assert_int_equal(orders->indexes.len, 2);
    assert_int_equal(orders->indexes.items[1].partitions.len, 4);
    assert_int_equal(orders->indexes.items[1].partitions.items[2].zone.num_voters, 5);
    assert_string_equal(orders->region_column, "crdb_region");
    assert_string_equal(table_home(catalog_table(c, "staff"), &c->database), "us-west");
    assert_string_equal(catalog_table(c, "staff")->zone_target, "TABLE shop.public.staff");
    shape_close(&sh);
}

struct expected {
    int64_t id;
    bool gap;
    enum domicile domicile;
    int voters, non_voters, learners, unknown; /* abroad, and nobody knows where */
    unsigned conformance;
};

/* Of ranges that hold rows of several regions the worst is told: r204 and r209 are led from eu-north, also for sa-east.
 * For the conformance reporter a decommissioning node (n5: stores 9 and 10) lives, a dead one (n8) does not, and a
 * learner is a replica where constraints are counted. */
static const struct expected expectations[] = {
    {201, true, DOMICILE_VOTER_ABROAD, 3, 0, 0, 0, 0},
    {202, false, DOMICILE_VOTER_ABROAD, 3, 0, 0, 0, 0},
    {203, true, DOMICILE_VOTER_ABROAD, 3, 0, 0, 0, 0},
    {204, false, DOMICILE_LEASE_ABROAD, 4, 0, 0, 0, 0},
    {205, true, DOMICILE_VOTER_ABROAD, 2, 0, 0, 1, CONFORMANCE_VIOLATES_CONSTRAINTS},
    {206, false, DOMICILE_VOTER_ABROAD, 2, 0, 1, 0, CONFORMANCE_UNDER_REPLICATED},
    {207, true, DOMICILE_VOTER_ABROAD, 3, 0, 0, 0, 0},
    {208, false, DOMICILE_LEASE_ABROAD, 2, 1, 0, 0,
        CONFORMANCE_OVER_REPLICATED | CONFORMANCE_VIOLATES_LEASE_PREFERENCES},
    {209, false, DOMICILE_LEASE_ABROAD, 4, 0, 0, 0, 0},
    {210, true, DOMICILE_GLOBAL, 0, 0, 0, 0, 0},
    {212, false, DOMICILE_GLOBAL, 0, 0, 0, 0, 0},
    {211, false, DOMICILE_VOTER_ABROAD, 3, 0, 0, 0, 0},
};

static void each_range_is_judged(void **state) {
    struct shape sh;
    (void)state;
    shape_open(&sh, Q_SUPER_REGIONS);
    assert_int_equal(sh.v->ranges.len, sizeof expectations / sizeof *expectations);
    for (size_t i = 0; i < sh.v->ranges.len; i++) {
        const struct range_verdict *one = &sh.v->ranges.items[i];
        const struct expected *e = &expectations[i];
        print_message("# r%d: %s, %s; conformance %x\n", (int)one->range_id, domicile_name(one->domicile->domicile),
            one->domicile->reason, one->conformance);
        assert_int_equal(one->range_id, e->id);
        assert_int_equal(one->gap, e->gap);
        assert_int_equal(one->domicile->domicile, e->domicile);
        assert_int_equal(one->domicile->abroad_voters, e->voters);
        assert_int_equal(one->domicile->abroad_non_voters, e->non_voters);
        assert_int_equal(one->domicile->abroad_learners, e->learners);
        assert_int_equal(one->domicile->unknown_replicas, e->unknown);
        assert_int_equal(one->conformance, e->conformance);
    }
    assert_int_equal(sh.v->rows.home + sh.v->gaps.home, 0);
    assert_int_equal(sh.v->rows.ranges, 6); /* GLOBAL does not count */
    assert_int_equal(sh.v->gaps.ranges, 4);
    shape_close(&sh);
}

/* A row of the shared range is judged by its own home, and by every index that holds it. */
static void check_row(
    const struct shape *sh, const char *id, const char *home, int64_t range, enum domicile domicile, int voters) {
    struct rows rows = {.table = mem_strdup("orders"), .key_columns = 1};
    struct row row = {.home = mem_strdup(home)};
    vec_push(&rows.columns, mem_strdup("id"));
    vec_push(&rows.columns, mem_strdup("note"));
    vec_push(&rows.types, mem_strdup("INT8"));
    vec_push(&rows.types, mem_strdup("STRING"));
    vec_push(&row.values, mem_strdup(id));
    vec_push(&row.values, NULL);
    row_place(&row, &rows, snapshot_catalog(&sh->s), snapshot_ranges(&sh->s), snapshot_topology(&sh->s));
    print_message("# row %s of %s: r%d, %s\n", id, home, (int)row.range_id, row.verdict.reason);
    assert_int_equal(row.range_id, range);
    assert_int_equal(row.verdict.domicile, domicile);
    assert_int_equal(row.verdict.abroad_voters, voters);
    assert_string_equal(row.verdict.home, home);
    row_free(&row);
    rows_free(&rows);
}

static void rows_of_a_shared_range_are_judged_each(void **state) {
    struct shape sh;
    (void)state;
    shape_open(&sh, Q_SUPER_REGIONS);
    check_row(&sh, "1", "eu-north", 204, DOMICILE_VOTER_ABROAD, 3);
    check_row(&sh, "1", "sa-east", 204, DOMICILE_LEASE_ABROAD, 4);
    check_row(
        &sh, "-7", "ap-south", 202, DOMICILE_LEASE_ABROAD, 2); /* its entry in the second index is led from eu-north */
    shape_close(&sh);
}

/* A store without a region is not taken for one of anywhere, whatever is not read. */
static void what_is_not_read_is_not_made_up(void **state) {
    static const enum question removed[] = {Q_NODES, Q_STORES, Q_LIVENESS, Q_ZONES};
    (void)state;
    for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) {
        struct shape sh;
        shape_open(&sh, removed[i]);
        assert_null(topology_store_region(snapshot_topology(&sh.s), 17));
        assert_int_equal(sh.v->rows.home + sh.v->gaps.home, 0);
        if (removed[i] == Q_NODES || removed[i] == Q_ZONES)
            assert_int_equal(sh.v->conforming, 0);
        assert_int_equal(snapshot_topology(&sh.s)->liveness_known, removed[i] != Q_NODES);
        shape_close(&sh);
    }
}

#define OWN(table, id, index) \
    id "|1|INDEX shop.public." table "@" index "|shop|public|" table "|" index "||ALTER INDEX shop.public." table "@" \
    index " CONFIGURE ZONE USING num_replicas = 3, constraints = '[+zone=2]', lease_preferences = '[]'\n"
static const char zone_columns[] =
    "zone_id|subzone_id|target|database_name|schema_name|table_name|index_name|partition_name|full_config_sql\n";

/* What the range with that id is found to be where these configurations are listed beside the database's. */
static unsigned conformance_with(const char *rows, int64_t id) {
    struct shape sh;
    struct str text = {0};
    unsigned found = 0;
    str_add(&text, zone_columns);
    str_add(&text, "104|0|DATABASE shop|shop|||||" CONFIG("DATABASE shop", "eu-north"));
    str_add(&text, rows);
    shape_open_zones(&sh, Q_SUPER_REGIONS, str_get(&text));
    for (size_t i = 0; i < sh.v->ranges.len; i++)
        if (sh.v->ranges.items[i].range_id == id)
            found = sh.v->ranges.items[i].conformance;
    shape_close(&sh);
    str_free(&text);
    return found;
}

/* Partition, index, table, database: what has no configuration of its own is governed by what it stands in. */
static void an_index_has_a_configuration_of_its_own(void **state) {
    const unsigned too_many = CONFORMANCE_OVER_REPLICATED;
    (void)state;
    assert_int_equal(conformance_with("", 212), 0);
    assert_int_equal(conformance_with(OWN("rates", "107", "rates_pkey"), 212),
        too_many | CONFORMANCE_VIOLATES_CONSTRAINTS);
    assert_int_equal(conformance_with(OWN("rates", "107", "rates_pkey"), 210), 0);
    /* a partition without its own, the gap after it, and the other index */
    assert_int_equal(conformance_with("", 202) & too_many, 0);
    assert_int_equal(conformance_with(OWN("orders", "106", "orders_pkey"), 202) & too_many, too_many);
    assert_int_equal(conformance_with(OWN("orders", "106", "orders_pkey"), 203) & too_many, too_many);
    assert_int_equal(conformance_with(OWN("orders", "106", "orders_pkey"), 209), 0);
    /* and one that has its own, whatever the index has */
    assert_int_equal(conformance_with(OWN("orders", "106", "orders_pkey") PARTITION("2", "ap-south", "orders_pkey"),
        202), 0);
}

static void keys_that_are_not_known_may_have_another_configuration(void **state) {
    static const char by_hand[] = "107|1|PARTITION old OF INDEX shop.public.rates@rates_pkey|shop|public|rates|"
                                  "rates_pkey|old|" CONFIG("PARTITION old OF INDEX shop.public.rates@rates_pkey",
                                      "eu-north");
    (void)state;
    assert_int_equal(conformance_with(by_hand, 212), CONFORMANCE_UNKNOWN);
    assert_int_equal(conformance_with(by_hand, 210), 0);
    assert_int_equal(conformance_with(OWN("rates", "107", "rates_other_idx"), 212), CONFORMANCE_UNKNOWN);
    assert_int_equal(conformance_with(OWN("rates", "107", "rates_other_idx"), 209), 0);
}

static void add_row_in(struct row_page *page, int64_t range) {
    struct row row = {.range_id = range};
    vec_push(&page->rows, row);
}

/* Leaseholders that are asked for by name: of rows on the screen first, never of ranges that would not answer. */
static void what_is_on_the_screen_is_asked_for_first(void **state) {
    static const char *const expected[] = {"206", "204", "201", "202"};
    struct shape sh;
    struct rows *rows = mem_calloc(1, sizeof *rows);
    struct row_page page = {.region = NULL};
    struct range_ids ids = {0};
    (void)state;
    shape_open(&sh, Q_SUPER_REGIONS);
    struct ranges *rs = sh.s.parts[PART_RANGES]->data;
    for (size_t i = 0; i < rs->items[2].replicas.len; i++) /* r203: on the dead node, more than half of it */
        rs->items[2].replicas.items[i].store_id = i < 3 ? 16 : 1;
    add_row_in(&page, 206);
    add_row_in(&page, 203);
    add_row_in(&page, 204);
    add_row_in(&page, 206);
    vec_push(&rows->pages, page);
    rows->table = mem_strdup("orders");
    snapshot_set(&sh.s, part_new(PART_ROWS, rows, 1, 1));
    some_leases(&ids, &sh.s, 4);
    assert_int_equal(ids.len, 4);
    for (size_t i = 0; i < ids.len; i++)
        assert_string_equal(ids.items[i], expected[i]);
    range_ids_free(&ids);
    shape_close(&sh);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_stores_and_tables_are_read),
        cmocka_unit_test(each_range_is_judged),
        cmocka_unit_test(rows_of_a_shared_range_are_judged_each),
        cmocka_unit_test(what_is_not_read_is_not_made_up),
        cmocka_unit_test(an_index_has_a_configuration_of_its_own),
        cmocka_unit_test(keys_that_are_not_known_may_have_another_configuration),
        cmocka_unit_test(what_is_on_the_screen_is_asked_for_first),
    };
    return cmocka_run_group_tests_name("shapes", tests, NULL, NULL);
}
