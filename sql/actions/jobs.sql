-- purpose: how far this user's schema changes are, the newest first
-- cost: the jobs of the last hours
SELECT job_id, job_type, description, status, fraction_completed
FROM [SHOW JOBS]
WHERE user_name = current_user AND status IN ('pending', 'running', 'reverting', 'pause-requested', 'paused')
    AND job_type LIKE '%SCHEMA CHANGE'
ORDER BY created DESC
