-- purpose: a customer's region follows from its cloud
-- cost: a backfill of customers
ALTER TABLE cockroach_example_customers ADD COLUMN region crdb_internal_region AS (CASE WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'azure' THEN 'uksouth' WHEN cloud = 'gcp' THEN 'europe-west4' END) STORED;
ALTER TABLE cockroach_example_customers ALTER COLUMN REGION SET NOT NULL;
