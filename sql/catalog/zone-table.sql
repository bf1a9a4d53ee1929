-- purpose: the zone configuration that governs a table
-- cost: one zone configuration
SHOW ZONE CONFIGURATION FROM TABLE {database}.{schema}.{table}
