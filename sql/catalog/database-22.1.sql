-- purpose: the database's id and its CREATE statement: survival goal, placement, secondary region
-- part: database
-- versions: 22.1-
-- cost: descriptors of databases
-- needs: internals
-- falls back to: catalog/database-create
SELECT id, name AS database_name, placement_policy, create_statement
FROM crdb_internal.databases WHERE name = $1
