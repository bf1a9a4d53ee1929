-- purpose: products, as the application's migration creates them
-- cost: one descriptor
CREATE TABLE "cockroach_example_products" ("id" uuid NOT NULL PRIMARY KEY, "name" varchar(250) NOT NULL, "price" numeric(18, 2) NOT NULL);
