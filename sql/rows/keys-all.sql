-- purpose: the keys of a table without regions by row, to notice rows that land beyond the page shown
-- cost: the primary index of small tables only
SELECT {key} FROM {schema}.{table} LIMIT {limit}
