-- purpose: let what the user typed only read: it goes alone between this and session/end-read-only
-- cost: none
BEGIN READ ONLY
