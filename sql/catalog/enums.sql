-- purpose: enum types and their values in the order of their bytes in keys
-- cost: type descriptors of the database
SHOW ENUMS
