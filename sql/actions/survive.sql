-- purpose: change the survival goal of a database
-- cost: a schema change; the replicas follow by themselves
ALTER DATABASE {database} SURVIVE {goal} FAILURE
