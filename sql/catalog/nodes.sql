-- purpose: nodes with locality, SQL address and whether they live
-- cost: gossip of the gateway, no other node is asked
-- needs: internals
-- grant: GRANT SYSTEM VIEWCLUSTERMETADATA TO {user}
-- grant on 22.1: GRANT admin TO {user}
SELECT node_id, locality, advertise_sql_address AS sql_address, is_live, ranges, leases
FROM crdb_internal.gossip_nodes
