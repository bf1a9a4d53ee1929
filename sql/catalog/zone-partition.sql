-- purpose: the zone configuration that governs a partition of an index
-- cost: one zone configuration
SHOW ZONE CONFIGURATION FROM PARTITION {partition} OF INDEX {database}.{schema}.{table}@{index}
