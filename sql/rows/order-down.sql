-- purpose: one column of an order, turned round
{column} DESC
