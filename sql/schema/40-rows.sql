-- purpose: the walkthrough's three customers, with a product and an order
-- cost: seven rows
INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'Carl', 'azure');
INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'Mike', 'aws');
INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), 'Dan', 'gcp');
INSERT INTO cockroach_example_products (id, name, price) VALUES ('6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11', 'book', 12.50);
INSERT INTO cockroach_example_orders (id, subtotal, customer_id) SELECT '2c9e4d3a-5b7f-4e61-b0c8-7d2a1f9e6c42'::UUID, 12.50, id FROM cockroach_example_customers WHERE name = 'Carl';
INSERT INTO cockroach_example_orders_product (orders_id, products_id) VALUES ('2c9e4d3a-5b7f-4e61-b0c8-7d2a1f9e6c42', '6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11');
