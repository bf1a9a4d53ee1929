-- purpose: open system catalogs to this session, because the user asked for it
-- versions: 25.4-
-- cost: an entry in the cluster's log of sensitive access for every statement that reads them
SET allow_unsafe_internals = on
