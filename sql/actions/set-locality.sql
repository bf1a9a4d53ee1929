-- purpose: change the locality of a table
-- cost: to or from REGIONAL BY ROW every index is rewritten
ALTER TABLE {table} SET LOCALITY {locality}
