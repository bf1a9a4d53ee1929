-- purpose: the zone configuration that governs a partition of a table
-- cost: one zone configuration
SHOW ZONE CONFIGURATION FROM PARTITION {partition} OF TABLE {database}.{schema}.{table}
