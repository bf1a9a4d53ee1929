-- purpose: the database's regions and which of them is primary or secondary
-- cost: one descriptor and the node status records
SHOW REGIONS FROM DATABASE {database}
