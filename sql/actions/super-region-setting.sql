-- purpose: let this session change super regions
-- cost: none
SET enable_super_regions = on
