-- purpose: zone configurations of the database, its tables and partitions, and what they inherit
-- cost: every zone configuration of the cluster
SELECT zone_id, subzone_id, target, database_name, schema_name, table_name, index_name, partition_name,
       full_config_sql
FROM crdb_internal.zones
WHERE database_name = $1 OR target = 'RANGE default'
