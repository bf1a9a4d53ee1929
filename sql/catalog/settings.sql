-- purpose: the gateway's node and locality, and whether system catalogs are open to this session
-- cost: none
SELECT name, setting FROM pg_catalog.pg_settings
WHERE name IN ('node_id', 'locality', 'allow_unsafe_internals')
