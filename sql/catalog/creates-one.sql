-- purpose: a table's CREATE statement, one table at a time, where system catalogs are closed
-- part: creates
-- cost: one descriptor
-- grant: GRANT SELECT ON TABLE {database}.{schema}.{table} TO {user}
SHOW CREATE TABLE {database}.{schema}.{table}
