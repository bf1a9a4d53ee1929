-- purpose: which databases there are; answers also in a session whose own database does not exist
-- cost: descriptors of databases
SHOW DATABASES
