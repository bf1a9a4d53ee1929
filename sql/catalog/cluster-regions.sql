-- purpose: regions and zones of the cluster, whether alive or not
-- cost: node status records
SHOW REGIONS FROM CLUSTER
