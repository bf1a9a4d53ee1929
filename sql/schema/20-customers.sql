-- purpose: customers, as the application's migration creates them: the id has no default
-- cost: one descriptor
CREATE TABLE "cockroach_example_customers" ("id" uuid NOT NULL PRIMARY KEY, "name" varchar(250) NOT NULL, "cloud" varchar(250) NULL);
