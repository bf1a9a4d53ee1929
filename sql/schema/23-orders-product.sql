-- purpose: which products an order holds, as the application's migration creates it
-- cost: one descriptor
CREATE TABLE "cockroach_example_orders_product" ("id" integer NOT NULL PRIMARY KEY DEFAULT unique_rowid(), "orders_id" uuid NOT NULL, "products_id" uuid NOT NULL);
