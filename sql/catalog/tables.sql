-- purpose: the database's tables with locality and estimated rows
-- cost: descriptors and statistics of the database
SHOW TABLES FROM {database}
