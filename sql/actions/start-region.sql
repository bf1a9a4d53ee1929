-- purpose: start every node of a region again, where the server offers it
-- cost: none
SELECT sandbox.start_region({region})
