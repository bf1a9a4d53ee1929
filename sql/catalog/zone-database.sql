-- purpose: the zone configuration that governs the database
-- cost: one zone configuration
SHOW ZONE CONFIGURATION FROM DATABASE {database}
