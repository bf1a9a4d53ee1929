-- purpose: lock the table against schema changes again
-- versions: 25.3-
-- cost: one descriptor
ALTER TABLE cockroach_example_customers SET (schema_locked = true);
