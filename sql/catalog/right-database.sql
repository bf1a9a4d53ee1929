-- purpose: whether this user may alter the database's regions, survival goal and placement
-- cost: none
SELECT has_database_privilege(current_database(), 'CREATE') AS may_alter
