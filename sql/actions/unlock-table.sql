-- purpose: let a table be changed
-- cost: a schema change
ALTER TABLE {table} SET (schema_locked = false)
