-- purpose: the database's CREATE statement, for the eye
-- cost: one descriptor
SHOW CREATE DATABASE {database}
