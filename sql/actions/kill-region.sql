-- purpose: stop every node of a region, where the server offers it
-- cost: its replicas are gone until it is started again
SELECT sandbox.kill_region({region})
