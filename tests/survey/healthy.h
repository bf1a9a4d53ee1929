/* healthy: what a recorded healthy cluster answered, made into the parts of a snapshot. */
#ifndef TESTS_SURVEY_HEALTHY_H
#define TESTS_SURVEY_HEALTHY_H

#include "survey/answer.h"

#include "../src/survey/build.h"

#include "domicile/cluster/snapshot.h"

#define INDEXES_22_1 \
    "schema_name|table_name|table_id|index_name|index_id\n" \
    "public|cockroach_example_customers|106|cockroach_example_customers_pkey|2\n" \
    "public|cockroach_example_products|107|cockroach_example_products_pkey|1\n" \
    "public|cockroach_example_orders|108|cockroach_example_orders_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_orders_id_products_id_key|2\n"
#define INDEXES_26_1 \
    "schema_name|table_name|table_id|index_name|index_id\n" \
    "public|cockroach_example_customers|106|cockroach_example_customers_pkey|4\n" \
    "public|cockroach_example_products|107|cockroach_example_products_pkey|1\n" \
    "public|cockroach_example_orders|108|cockroach_example_orders_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_orders_id_products_id_key|2\n"


/* Every answer of a cluster of that version ("22.1", "26.1") in its healthy state but those about ranges. */
void healthy_answers(struct answers *a, const char *version, const char *indexes);
/* Descriptors with keys as bytes; the caller frees with ranges_free + free. */
struct ranges *healthy_ranges(const struct pg_result *r, const struct leases *leases, struct store_localities *seen);
/* The catalog; with rs the regions' bytes are learnt from them into p first. */
struct catalog *healthy_catalog(const struct answers *a, struct physicals *p, const struct ranges *rs);

#endif
