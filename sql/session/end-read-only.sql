-- purpose: end the transaction in which what the user typed ran
-- cost: none
ROLLBACK
