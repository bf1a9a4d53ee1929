-- purpose: take a super region away
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} DROP SUPER REGION {name}
