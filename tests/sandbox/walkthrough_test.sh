# The walkthrough's statements, verbatim, through psql: with the application's tables and with those whose
# id has a default, on both versions.
. "$TOP_SRCDIR/tests/support/psql.sh"

tables_of_application() {
    runs "$1: customers" 'CREATE TABLE "cockroach_example_customers" ("id" uuid NOT NULL PRIMARY KEY, "name" varchar(250) NOT NULL, "cloud" varchar(250) NULL)'
    runs "$1: products" 'CREATE TABLE "cockroach_example_products" ("id" uuid NOT NULL PRIMARY KEY, "name" varchar(250) NOT NULL, "price" numeric(18, 2) NOT NULL)'
    runs "$1: orders" 'CREATE TABLE "cockroach_example_orders" ("id" uuid NOT NULL PRIMARY KEY, "subtotal" numeric(18, 2) NOT NULL, "customer_id" uuid NULL)'
    runs "$1: their join" 'CREATE TABLE "cockroach_example_orders_product" ("id" integer NOT NULL PRIMARY KEY DEFAULT unique_rowid(), "orders_id" uuid NOT NULL, "products_id" uuid NOT NULL)'
    runs "$1: customers of orders" 'ALTER TABLE "cockroach_example_orders" ADD CONSTRAINT "cockroach_example_or_customer_id_8844b19c_fk_cockroach" FOREIGN KEY ("customer_id") REFERENCES "cockroach_example_customers" ("id")'
    runs "$1: unique" 'ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_orders_orders_id_products_id_572f6076_uniq" UNIQUE ("orders_id", "products_id")'
    runs "$1: orders of the join" 'ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_or_orders_id_8c3fba2f_fk_cockroach" FOREIGN KEY ("orders_id") REFERENCES "cockroach_example_orders" ("id")'
    runs "$1: products of the join" 'ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_or_products_id_5d45c9ab_fk_cockroach" FOREIGN KEY ("products_id") REFERENCES "cockroach_example_products" ("id")'
    is "$1: an insert without its id is refused" "INSERT INTO cockroach_example_customers (name, cloud) VALUES ('x', 'aws')" 'ERROR:  missing "id" primary key column'
    runs "$1: Carl, Mike, Dan" "INSERT INTO \"cockroach_example_customers\" (\"id\", \"name\", \"cloud\") VALUES ('edf80d2d-a4fb-4359-8fdf-aca7de35c79d'::uuid, 'Carl', 'azure'), ('c8d692d0-1474-4488-bc12-c03325bbcac5'::uuid, 'Mike', 'aws'), ('f271c713-278a-4ca6-b450-3ac8cd9b7711'::uuid, 'Dan', 'gcp')"
}

tables_with_defaults() {
    runs "$1: customers" 'CREATE TABLE cockroach_example_customers (id UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), name VARCHAR(250) NOT NULL, cloud VARCHAR(250) NULL)'
    runs "$1: products" 'CREATE TABLE cockroach_example_products (id UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), name VARCHAR(250) NOT NULL, price DECIMAL(18,2) NOT NULL)'
    runs "$1: orders" 'CREATE TABLE cockroach_example_orders (id UUID NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(), subtotal DECIMAL(18,2) NOT NULL, customer_id UUID NULL REFERENCES cockroach_example_customers (id))'
    runs "$1: their join" 'CREATE TABLE cockroach_example_orders_product (id INT8 NOT NULL PRIMARY KEY DEFAULT unique_rowid(), orders_id UUID NOT NULL REFERENCES cockroach_example_orders (id), products_id UUID NOT NULL REFERENCES cockroach_example_products (id), UNIQUE (orders_id, products_id))'
    for row in Carl,azure Mike,aws Dan,gcp; do
        runs "$1: ${row%,*}" "INSERT INTO cockroach_example_customers (name, cloud) VALUES ('${row%,*}', '${row#*,}')"
    done
}

conversion() {
    runs "$1: primary region" 'ALTER DATABASE django PRIMARY REGION "uksouth"'
    runs "$1: second region" 'ALTER DATABASE django ADD REGION "eu-west-1"'
    runs "$1: third region" 'ALTER DATABASE django ADD REGION "europe-west4"'
    runs "$1: the region column" "ALTER TABLE cockroach_example_customers ADD COLUMN region crdb_internal_region AS (CASE WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'azure' THEN 'uksouth' WHEN cloud = 'gcp' THEN 'europe-west4' END) STORED"
    runs "$1: not null, in capitals" 'ALTER TABLE cockroach_example_customers ALTER COLUMN REGION SET NOT NULL'
    if test "$1" = 26.1; then
        runs "$1: unlock" 'ALTER TABLE cockroach_example_customers SET (schema_locked = false)'
    fi
    runs "$1: by row" 'ALTER TABLE cockroach_example_customers SET LOCALITY REGIONAL BY ROW AS "region"'
    is "$1: rows have their regions" 'SELECT name, region FROM cockroach_example_customers ORDER BY name' 'Carl uksouth
Dan europe-west4
Mike eu-west-1'
    is "$1: an unknown cloud is refused" "INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'Ora', 'oracle')" 'ERROR:  null value in column "region" violates not-null constraint'
    runs "$1: an order as the application makes it" "BEGIN; SAVEPOINT a; INSERT INTO \"cockroach_example_products\" (\"id\", \"name\", \"price\") VALUES ('6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid, 'book', 12.50); INSERT INTO \"cockroach_example_orders\" (\"id\", \"subtotal\", \"customer_id\") SELECT '2c9e4d3a-5b7f-4e61-b0c8-7d2a1f9e6c42'::uuid, 12.50, id FROM cockroach_example_customers WHERE name = 'Carl'; INSERT INTO \"cockroach_example_orders_product\" (\"orders_id\", \"products_id\") VALUES ('2c9e4d3a-5b7f-4e61-b0c8-7d2a1f9e6c42'::uuid, '6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid) ON CONFLICT DO NOTHING; RELEASE SAVEPOINT a; COMMIT"
    is "$1: joined" "SELECT c.name, p.name, o.subtotal FROM cockroach_example_customers c JOIN cockroach_example_orders o ON o.customer_id = c.id JOIN cockroach_example_orders_product op ON op.orders_id = o.id JOIN cockroach_example_products p ON p.id = op.products_id" 'Carl book 12.50'
}

placement() {
    is "$1: placement needs its setting" 'ALTER DATABASE django PLACEMENT RESTRICTED' 'ERROR:  ALTER DATABASE PLACEMENT requires that the session setting enable_multiregion_placement_policy is enabled
HINT:  to enable, enable the session setting or the cluster setting sql.defaults.multiregion_placement_policy.enabled'
    runs "$1: restricted" 'SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT RESTRICTED'
    becomes "$1: each region's rows count in their own range" "SELECT count(*) FROM crdb_internal.ranges WHERE range_size BETWEEN 50 AND 60" 3
    becomes "$1: replicas leave the other regions" "SELECT count(*) FROM [SHOW RANGE FROM TABLE cockroach_example_customers FOR ROW ('eu-west-1', (SELECT id FROM cockroach_example_customers WHERE name = 'Mike'))] WHERE array_length(replicas, 1) = 3 AND array_to_string(replica_localities, ' ') NOT LIKE '%azure%' AND array_to_string(replica_localities, ' ') NOT LIKE '%gcp%'" 1
    runs "$1: default again" 'SET enable_multiregion_placement_policy = on; ALTER DATABASE django PLACEMENT DEFAULT'
    becomes "$1: replicas come back" "SELECT array_length(replicas, 1) FROM [SHOW RANGE FROM TABLE cockroach_example_customers FOR ROW ('eu-west-1', (SELECT id FROM cockroach_example_customers WHERE name = 'Mike'))]" 5
}

reports() {
    runs "$1: constraint stats" "SELECT * FROM system.replication_constraint_stats WHERE violating_ranges > 0"
    runs "$1: the report with its zones" "WITH partition_violations AS (SELECT * FROM system.replication_constraint_stats WHERE violating_ranges > 0), report AS (SELECT crdb_internal.zones.zone_id, crdb_internal.zones.subzone_id, target, database_name, table_name, index_name, partition_violations.type, partition_violations.config, partition_violations.violation_start, partition_violations.violating_ranges FROM crdb_internal.zones, partition_violations WHERE crdb_internal.zones.zone_id = partition_violations.zone_id) SELECT * FROM report"
}

for version in 22.1 26.1; do
    for form in tables_of_application tables_with_defaults; do
        start --compat $version
        runs "$version $form: a database" 'CREATE DATABASE django'
        db=django
        $form $version
        conversion $version
        placement $version
        reports $version
        db=defaultdb
        runs "$version: drop it" 'DROP DATABASE django CASCADE'
        stop
    done
done
echo "1..$n"
