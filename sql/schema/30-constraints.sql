-- purpose: the foreign keys and the unique pair that the application's migration adds, under its names
-- cost: four schema changes, one of which builds an index
ALTER TABLE "cockroach_example_orders" ADD CONSTRAINT "cockroach_example_or_customer_id_8844b19c_fk_cockroach" FOREIGN KEY ("customer_id") REFERENCES "cockroach_example_customers" ("id");
ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_orders_orders_id_products_id_572f6076_uniq" UNIQUE ("orders_id", "products_id");
ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_or_orders_id_8c3fba2f_fk_cockroach" FOREIGN KEY ("orders_id") REFERENCES "cockroach_example_orders" ("id");
ALTER TABLE "cockroach_example_orders_product" ADD CONSTRAINT "cockroach_example_or_products_id_5d45c9ab_fk_cockroach" FOREIGN KEY ("products_id") REFERENCES "cockroach_example_products" ("id");
