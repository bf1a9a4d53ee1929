-- purpose: bind regions into a super region
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} ADD SUPER REGION {name} VALUES {regions}
