-- purpose: stop a node, where the server offers it
-- cost: its replicas are gone until it is started again
SELECT sandbox.kill_node({node})
