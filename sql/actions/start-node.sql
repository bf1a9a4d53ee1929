-- purpose: start a stopped node again, where the server offers it
-- cost: none
SELECT sandbox.start_node({node})
