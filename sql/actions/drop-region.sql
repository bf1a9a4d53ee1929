-- purpose: drop a region from a database
-- cost: a schema change job; the replicas follow by themselves
ALTER DATABASE {database} DROP REGION {region}
