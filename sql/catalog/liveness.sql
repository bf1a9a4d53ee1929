-- purpose: which nodes drain or are decommissioned
-- cost: gossip of the gateway, no other node is asked
-- needs: internals
-- grant: GRANT SYSTEM VIEWCLUSTERMETADATA TO {user}
-- grant on 22.1: GRANT admin TO {user}
SELECT node_id, draining, membership FROM crdb_internal.gossip_liveness
