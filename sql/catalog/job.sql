-- purpose: how far the schema change of this session's user is
-- cost: the jobs of the last hours
SELECT job_id, job_type, description, status, running_status, fraction_completed
FROM [SHOW JOBS] WHERE status IN ('pending', 'running', 'reverting')
