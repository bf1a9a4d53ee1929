-- purpose: which node a store is on; replica lists hold stores
-- cost: store status records
-- needs: internals
-- grant: GRANT SYSTEM VIEWCLUSTERMETADATA TO {user}
-- grant on 22.1: GRANT admin TO {user}
SELECT store_id, node_id FROM crdb_internal.kv_store_status
