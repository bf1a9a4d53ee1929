-- purpose: make a region the secondary one of a database
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} SET SECONDARY REGION {region}
