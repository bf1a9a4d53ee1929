-- purpose: the bytes that stand for a region in keys, out of the key of a row that need not be there
-- cost: none
-- needs: internals
SELECT crdb_internal.encode_key({table_id}, {index_id}, ({values})) AS key
