-- purpose: leaseholders of the database's ranges
-- part: leases
-- versions: 22.1-22.2
-- cost: one request a range to its leaseholder; hangs while a range has no quorum
-- needs: internals
-- grant: GRANT ZONECONFIG ON DATABASE {database} TO {user}
SELECT range_id, lease_holder FROM crdb_internal.ranges WHERE database_name = $1
