-- purpose: make a region the primary one of a database
-- cost: a schema change job; the replicas follow by themselves
ALTER DATABASE {database} PRIMARY REGION {region}
