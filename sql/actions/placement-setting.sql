-- purpose: let this session change the placement policy
-- cost: none
SET enable_multiregion_placement_policy = on
