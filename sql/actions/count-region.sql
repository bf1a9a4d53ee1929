-- purpose: how many rows of a table are at home in a region, exactly
-- cost: reads the region's partition
SELECT count(*) FROM {schema}.{table} WHERE {column} = {region}
