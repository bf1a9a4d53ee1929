-- purpose: leaseholders and sizes of the database's ranges, where system catalogs are closed
-- part: leases
-- versions: 23.1-
-- cost: statistics of every range, 4-8 ms a range; hangs while a range has no quorum
-- grant: GRANT SYSTEM VIEWACTIVITYREDACTED TO {user}
SELECT range_id, lease_holder, range_size FROM [SHOW RANGES FROM DATABASE {database} WITH DETAILS]
