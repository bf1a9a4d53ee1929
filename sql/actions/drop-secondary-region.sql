-- purpose: leave a database without a secondary region
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} DROP SECONDARY REGION
