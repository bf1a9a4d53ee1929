-- purpose: the cluster's identity
-- cost: none
-- needs: internals
SELECT crdb_internal.cluster_id()::STRING AS cluster_id
