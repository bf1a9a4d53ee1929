-- purpose: leaseholders of the database's ranges, by span
-- part: leases
-- versions: 23.1-
-- cost: one request a range to its leaseholder, 0.3-0.5 ms a range; hangs while a range has no quorum
-- needs: internals
-- falls back to: catalog/leases-22.1
-- grant: GRANT SYSTEM VIEWACTIVITYREDACTED TO {user}
SELECT range_id, lease_holder FROM crdb_internal.ranges WHERE start_key < $2 AND end_key > $1
