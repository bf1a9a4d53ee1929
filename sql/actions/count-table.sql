-- purpose: how many rows a table has, exactly
-- cost: reads the whole table
SELECT count(*) FROM {schema}.{table}
