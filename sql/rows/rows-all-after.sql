-- purpose: the page of a table without regions by row after a key, or before it where the order is turned round
-- cost: a page of the primary index
SELECT {columns} FROM {schema}.{table}{asof} WHERE ({key}) {beyond} ({values}){filter} ORDER BY {order} LIMIT {limit}
