-- purpose: which tables this user may alter: its own, and those on which it, one of its roles or public has CREATE
-- cost: the privileges of every table
SELECT schemaname::STRING AS schema_name, tablename::STRING AS table_name
FROM pg_catalog.pg_tables
WHERE schemaname NOT IN ('crdb_internal', 'information_schema', 'pg_catalog', 'pg_extension') AND pg_has_role(tableowner, 'USAGE')
UNION
SELECT table_schema::STRING, table_name::STRING
FROM information_schema.table_privileges
WHERE table_catalog = current_database() AND privilege_type IN ('ALL', 'CREATE')
    AND CASE WHEN grantee = 'public' THEN true ELSE pg_has_role(grantee, 'USAGE') END
