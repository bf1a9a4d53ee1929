-- purpose: leaseholders of the ranges that still have a quorum, while others make the whole question hang
-- versions: 22.1-
-- cost: one request a range named
-- needs: internals
SELECT range_id, lease_holder FROM crdb_internal.ranges WHERE range_id IN ({ids})
