-- purpose: leaseholders of the ranges named: those on the screen first, or those that still have a quorum
-- versions: 22.1-
-- cost: one request a range named; the function is called for no other, so that a range without a quorum hangs nothing
-- needs: internals
SELECT range_id, crdb_internal.lease_holder(start_key) AS lease_holder
FROM crdb_internal.ranges_no_leases WHERE range_id IN ({ids})
