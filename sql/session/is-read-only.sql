-- purpose: see that the session is read-only still
-- cost: none
SHOW default_transaction_read_only
