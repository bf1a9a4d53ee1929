-- purpose: a page of one home region, from the beginning
-- cost: a page of the primary index, in that region
SELECT {columns} FROM {schema}.{table} WHERE {region} = $1{filter} ORDER BY {order} LIMIT {limit}
