-- purpose: descriptors of the database's ranges
-- part: ranges
-- versions: 23.1-
-- cost: one scan of meta2, 0.1-0.3 ms a range; no node is asked, so it answers with a region down
-- falls back to: catalog/ranges-22.1
-- grant: GRANT SYSTEM VIEWACTIVITYREDACTED TO {user}
SHOW RANGES FROM DATABASE {database} WITH KEYS
