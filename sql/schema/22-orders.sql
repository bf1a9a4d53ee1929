-- purpose: orders, as the application's migration creates them
-- cost: one descriptor
CREATE TABLE "cockroach_example_orders" ("id" uuid NOT NULL PRIMARY KEY, "subtotal" numeric(18, 2) NOT NULL, "customer_id" uuid NULL);
