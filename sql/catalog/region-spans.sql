-- purpose: the bytes that stand for a region in keys, as the plan of a scan of its partition names them
-- cost: planning only
SELECT info FROM [EXPLAIN (VERBOSE) SELECT * FROM {schema}.{table} WHERE {column} = {region}]
