-- purpose: how often the cluster makes its report
-- cost: none
-- grant: GRANT SYSTEM VIEWCLUSTERSETTING TO {user}
-- grant on 22.1: GRANT admin TO {user}
SHOW CLUSTER SETTING kv.replication_reports.interval
