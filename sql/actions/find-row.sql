-- purpose: whether a row whose insert's answer was lost is there
-- cost: one look-up by primary key
SELECT {returned} FROM {schema}.{table} WHERE ({key}) = ({values})
