-- purpose: let the locality be changed where tables are locked against schema changes
-- versions: 25.3-
-- cost: one descriptor
ALTER TABLE cockroach_example_customers SET (schema_locked = false);
