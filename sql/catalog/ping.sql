-- purpose: a round trip
-- cost: none
SELECT 1
