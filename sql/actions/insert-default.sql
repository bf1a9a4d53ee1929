-- purpose: one new row of defaults alone
-- cost: one write in the row's home region
INSERT INTO {schema}.{table} DEFAULT VALUES RETURNING {returned}
