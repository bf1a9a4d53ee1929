-- purpose: CREATE statements of the database's tables: columns, keys, indexes, storage parameters
-- part: creates
-- versions: 22.1-
-- cost: descriptors of the database
-- needs: internals
-- falls back to: catalog/creates-one
SELECT schema_name, descriptor_name AS table_name, create_statement
FROM crdb_internal.create_statements WHERE database_name = $1 AND descriptor_type = 'table' AND NOT is_virtual
