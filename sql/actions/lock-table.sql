-- purpose: lock a table again
-- cost: a schema change
ALTER TABLE {table} SET (schema_locked = true)
