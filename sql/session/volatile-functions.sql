-- purpose: which of the functions that a statement calls somebody defined so that they may act: no read-only transaction holds back all that
-- cost: a read of the list of functions
SELECT p.proname FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE p.proname IN ({names}) AND p.provolatile = 'v'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'crdb_internal', 'pg_extension')
 ORDER BY p.proname LIMIT 1
