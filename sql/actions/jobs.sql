-- purpose: how far this user's schema changes are
-- cost: the jobs of the last hours
SELECT job_id, job_type, description, status, fraction_completed
FROM [SHOW JOBS] WHERE status IN ('pending', 'running', 'reverting') AND job_type LIKE '%SCHEMA CHANGE'
