-- purpose: one new row, with its key and region as the server has them
-- cost: one write in the row's home region
INSERT INTO {schema}.{table} ({columns}) VALUES ({values}) RETURNING {returned}
