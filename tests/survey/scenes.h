/* scenes: what a recorded 22.1 cluster answers to the survey's questions, as rows for recorded_start. */
#ifndef TESTS_SURVEY_SCENES_H
#define TESTS_SURVEY_SCENES_H

#include "survey/recorded.h"

#define VERSION_22_1 "CockroachDB CCL v22.1.0-dev-7788e17e (x86_64-linux-gnu, built , go1.19.8)"

#define INDEXES_22_1 \
    "schema_name|table_name|table_id|index_name|index_id\n" \
    "public|cockroach_example_customers|106|cockroach_example_customers_pkey|2\n" \
    "public|cockroach_example_products|107|cockroach_example_products_pkey|1\n" \
    "public|cockroach_example_orders|108|cockroach_example_orders_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_pkey|1\n" \
    "public|cockroach_example_orders_product|109|cockroach_example_orders_product_orders_id_products_id_key|2\n"

#define LEASES_22_1 \
    { \
        "FROM crdb_internal.ranges WHERE database_name", "22.1/2091-select-crdb_internal.ranges.txt", "database_name", \
            "django", NULL, NULL, NULL, false, false \
    }
#define SERVER_22_1 \
    {"SHOW DATABASES", "22.1/2007-show-databases.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"pg_settings", "22.1/2139-param-status.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
    {"pg_namespace", NULL, NULL, NULL, "nspname\n", NULL, NULL, false, false}
#define TOPOLOGY_22_1 \
    {"SHOW REGIONS FROM CLUSTER", "22.1/1004-regions-cluster.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"gossip_nodes", "22.1/2093-select-crdb_internal.gossip_nodes.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
        {"gossip_liveness", "22.1/2094-select-crdb_internal.gossip_liveness.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false}, \
    { \
        "kv_store_status", "22.1/2112-select-crdb_internal.kv_store_status-nometrics.txt", NULL, NULL, NULL, NULL, \
            NULL, false, false \
    }
#define CATALOG_22_1 \
    {"FROM crdb_internal.databases", "22.1/2098-select-crdb_internal.databases.txt", "name", "django", NULL, NULL, \
        NULL, false, false}, \
        {"SHOW REGIONS FROM DATABASE", "22.1/2008-show-regions-from-database.txt", NULL, NULL, NULL, NULL, NULL, \
            false, false}, \
        {"SHOW TABLES", "22.1/2006-show-tables.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"table_indexes", NULL, NULL, NULL, INDEXES_22_1, NULL, NULL, false, false}, \
        {"SHOW ENUMS", "22.1/2010-show-enums.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_customers\"", \
            "22.1/2001-show-create-customers.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_products\"", \
            "22.1/2002-show-create-products.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW CREATE TABLE \"django\".\"public\".\"cockroach_example_orders\"", "22.1/2003-show-create-orders.txt", \
            NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"SHOW CREATE TABLE", "22.1/2004-show-create-orders_product.txt", NULL, NULL, NULL, NULL, NULL, false, false}, \
        {"create_statements", NULL, NULL, NULL, NULL, "42P01", "relation \"create_statements\" does not exist", false, \
            false}, \
    { \
        "crdb_internal.zones\nWHERE", "22.1/2115-select-crdb_internal.zones.txt", NULL, NULL, NULL, NULL, NULL, false, \
            false \
    }
#define RANGES_22_1 \
    { \
        "ranges_no_leases", "22.1/2092-select-crdb_internal.ranges_no_leases.txt", "database_name", "django", NULL, \
            NULL, NULL, false, false \
    }
#define REPORT_22_1 \
    {"reports_meta", NULL, NULL, NULL, \
        "generated|server_now\n2026-11-23 14:41:21.314473+00|2026-11-23 14:41:25+00\n", NULL, NULL, false, false}, \
    {"replication_constraint_stats", NULL, NULL, NULL, \
        "zone_id|subzone_id|type|config|violation_start|violating_ranges|target\n" \
        "104|0|constraint|+region=eu-west-1:1|2026-11-23 14:37:30+00|10|DATABASE django\n", NULL, NULL, false, false}, \
    {"SHOW CLUSTER SETTING", NULL, NULL, NULL, "kv.replication_reports.interval\n00:00:05\n", NULL, NULL, false, false}
#define ROWS_22_1 \
    { \
        "FROM \"public\".\"cockroach_example_customers\" WHERE", "22.1/2016-select-customers.txt", NULL, NULL, NULL, \
            NULL, NULL, false, false \
    }

#endif
