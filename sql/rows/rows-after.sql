-- purpose: the page of one home region after a key, or before it where the order is turned round
-- cost: a page of the primary index, in that region
SELECT {columns} FROM {schema}.{table}{asof} WHERE {region} = $1 AND ({key}) {beyond} ({values}){filter} ORDER BY {order} LIMIT {limit}
