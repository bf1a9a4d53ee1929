-- purpose: add a region to a database
-- cost: a schema change job; the replicas follow by themselves
ALTER DATABASE {database} ADD REGION {region}
