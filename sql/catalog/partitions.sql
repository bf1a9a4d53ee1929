-- purpose: zone configurations of partitions, where crdb_internal.zones may not be read
-- cost: descriptors and zone configurations of the database
SHOW PARTITIONS FROM DATABASE {database}
