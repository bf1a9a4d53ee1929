-- purpose: a table's CREATE statement, one table at a time, where system catalogs are closed
-- part: creates
-- cost: one descriptor
SHOW CREATE TABLE {database}.{schema}.{table}
