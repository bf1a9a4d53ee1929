-- purpose: a table's CREATE statement
-- cost: one descriptor
SHOW CREATE TABLE {database}.{schema}.{table}
