-- purpose: ids of tables and indexes, which keys are made of
-- part: index-ids
-- versions: 22.1-
-- cost: descriptors of the database
-- needs: internals
-- falls back to: catalog/index-ids-ranges
SELECT t.schema_name, t.name AS table_name, t.table_id, i.index_name, i.index_id, i.index_type
FROM crdb_internal.tables AS t JOIN crdb_internal.table_indexes AS i ON i.descriptor_id = t.table_id
WHERE t.database_name = $1 AND t.drop_time IS NULL
