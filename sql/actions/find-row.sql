-- purpose: whether a row whose insert's answer was lost is there
-- cost: one look-up by primary key; where the server made the key, a scan for the values that were sent
SELECT {returned} FROM {schema}.{table} WHERE ({columns}) = ({values}) LIMIT {limit}
