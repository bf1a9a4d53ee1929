-- purpose: each customer's row lives in its own region
-- cost: the primary index is written anew
ALTER TABLE cockroach_example_customers SET LOCALITY REGIONAL BY ROW AS "region";
