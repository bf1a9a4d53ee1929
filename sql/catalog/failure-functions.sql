-- purpose: whether the server offers to stop and start its nodes
-- cost: a small catalog
SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = 'sandbox'
