-- purpose: the keys of one home region, to notice rows that land beyond the page shown
-- cost: the primary index of small tables only
SELECT {key} FROM {schema}.{table} WHERE {region} = $1 LIMIT {limit}
