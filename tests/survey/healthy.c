/* healthy: what a recorded healthy cluster answered, made into the parts of a snapshot. */
#include "survey/healthy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add_create(struct answers *a, const char *file, const char *table) {
    struct pg_result *r = answer_recorded(file, NULL, NULL);
    size_t column;
    assert_true(pg_result_column(r, "create_statement", &column, NULL));
    struct create_answer one = {mem_strdup("public"), mem_strdup(table), mem_strdup(pg_result_text(r, 0, column))};
    vec_push(&a->creates, one);
    pg_result_free(r);
}

static char *in(const char *version, const char *file) {
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", version, file);
    return path;
}

/* Every answer of a cluster of that version in its healthy state. */
void healthy_answers(struct answers *a, const char *version, const char *indexes) {
    a->of[Q_CLUSTER_REGIONS] = answer_recorded(in(version, "1004-regions-cluster.txt"), NULL, NULL);
    a->of[Q_NODES] = answer_recorded(in(version, "2093-select-crdb_internal.gossip_nodes.txt"), NULL, NULL);
    a->of[Q_LIVENESS] = answer_recorded(in(version, "2094-select-crdb_internal.gossip_liveness.txt"), NULL, NULL);
    a->of[Q_STORES] = answer_recorded(
        in(version, "2112-select-crdb_internal.kv_store_status-nometrics.txt"), NULL, NULL);
    a->of[Q_DATABASE] = answer_recorded(in(version, "2098-select-crdb_internal.databases.txt"), "name", "django");
    a->of[Q_DATABASE_REGIONS] = answer_recorded(in(version, "2008-show-regions-from-database.txt"), NULL, NULL);
    a->of[Q_TABLES] = answer_recorded(in(version, "2006-show-tables.txt"), NULL, NULL);
    a->of[Q_ENUMS] = answer_recorded(in(version, "2010-show-enums.txt"), NULL, NULL);
    a->of[Q_ZONES] = answer_recorded(in(version, "2115-select-crdb_internal.zones.txt"), NULL, NULL);
    a->of[Q_INDEX_IDS] = answer_of(indexes);
    add_create(a, in(version, "2001-show-create-customers.txt"), "cockroach_example_customers");
    add_create(a, in(version, "2002-show-create-products.txt"), "cockroach_example_products");
    add_create(a, in(version, "2003-show-create-orders.txt"), "cockroach_example_orders");
    add_create(a, in(version, "2004-show-create-orders_product.txt"), "cockroach_example_orders_product");
}

struct ranges *healthy_ranges(const struct pg_result *r, const struct leases *leases, struct store_localities *seen) {
    struct ranges_builder *b = ranges_builder_new(r, leases);
    struct err err = {0};
    bool done = false, changed = false;
    assert_true(ranges_builder_step(b, NULL, NULL, &done, &err));
    assert_true(done);
    struct ranges *rs = ranges_builder_take(b, seen, &changed);
    ranges_builder_free(b);
    return rs;
}

struct catalog *healthy_catalog(const struct answers *a, struct physicals *p, const struct ranges *rs) {
    struct build_problems problems = {0};
    struct err err = {0};
    struct catalog *c = build_catalog(a, "django", p, &problems, &err);
    assert_string_equal(err.message, "");
    assert_non_null(c);
    assert_int_equal(problems.len, 0);
    build_problems_free(&problems);
    if (rs == NULL)
        return c;
    assert_true(physical_from_ranges(p, rs, c));
    catalog_free(c);
    free(c);
    c = build_catalog(a, "django", p, &problems, &err);
    build_problems_free(&problems);
    return c;
}
