-- purpose: let the server give up by itself what this session no longer waits for
-- cost: none
SET statement_timeout = {milliseconds}
