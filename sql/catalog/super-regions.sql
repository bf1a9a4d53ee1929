-- purpose: the database's super regions
-- versions: 22.1-
-- cost: one descriptor
SHOW SUPER REGIONS FROM DATABASE {database}
