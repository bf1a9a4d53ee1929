-- purpose: the database's CREATE statement, where system catalogs are closed
-- part: database
-- cost: one descriptor
SHOW CREATE DATABASE {database}
