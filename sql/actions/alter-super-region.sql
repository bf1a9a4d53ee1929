-- purpose: change the members of a super region
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} ALTER SUPER REGION {name} VALUES {regions}
