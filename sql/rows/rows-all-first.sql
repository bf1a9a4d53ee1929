-- purpose: a page of a table without regions by row, from the beginning
-- cost: a page of the primary index
SELECT {columns} FROM {schema}.{table} WHERE true{filter} ORDER BY {order} LIMIT {limit}
