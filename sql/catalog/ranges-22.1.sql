-- purpose: descriptors of the database's ranges
-- part: ranges
-- versions: 22.1-22.2
-- cost: one scan of meta2; no node is asked, so it answers with a region down
-- needs: internals
-- grant: GRANT ZONECONFIG ON DATABASE {database} TO {user}
SELECT range_id, start_key, end_key, start_pretty, replicas, replica_localities, voting_replicas,
       non_voting_replicas, learner_replicas
FROM crdb_internal.ranges_no_leases WHERE database_name = $1
