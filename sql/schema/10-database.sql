-- purpose: the database of the walkthrough's Django application
-- cost: one descriptor
CREATE DATABASE django;
