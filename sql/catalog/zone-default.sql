-- purpose: the zone configuration that everything inherits
-- cost: one zone configuration
SHOW ZONE CONFIGURATION FROM RANGE default
