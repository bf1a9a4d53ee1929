-- purpose: let this session move the primary region into or out of a super region
-- cost: none
SET alter_primary_region_super_region_override = on
