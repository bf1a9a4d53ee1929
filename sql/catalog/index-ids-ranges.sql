-- purpose: ids of tables and indexes as the ranges name them, where system catalogs are closed
-- part: index-ids
-- versions: 22.1-
-- cost: descriptors of ranges, no node is asked
-- grant: GRANT SYSTEM VIEWACTIVITYREDACTED TO {user}
SELECT DISTINCT schema_name, table_name, table_id, index_name, index_id
FROM [SHOW RANGES FROM DATABASE {database} WITH INDEXES]
