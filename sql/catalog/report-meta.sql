-- purpose: when the cluster's own replication report was made, by the server's clock
-- cost: one row
-- needs: internals
-- grant: GRANT admin TO {user}
SELECT (SELECT generated FROM system.reports_meta WHERE id = 1) AS generated, now() AS server_now
