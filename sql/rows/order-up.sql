-- purpose: one column of an order
{column} ASC
