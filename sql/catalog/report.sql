-- purpose: the cluster's own replication report, with what each row is about
-- cost: a small system table and every zone configuration
-- needs: internals
-- grant: GRANT admin TO {user}
SELECT s.zone_id, s.subzone_id, s.type, s.config, s.violation_start, s.violating_ranges, z.target
FROM system.replication_constraint_stats AS s
LEFT JOIN crdb_internal.zones AS z ON z.zone_id = s.zone_id AND z.subzone_id = s.subzone_id
ORDER BY s.zone_id, s.subzone_id, s.type, s.config
