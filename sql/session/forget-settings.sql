-- purpose: give the session its first settings back: what ran may have changed them from within a function
-- cost: none
DISCARD ALL
