-- purpose: change the placement policy of a database
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} PLACEMENT {policy}
