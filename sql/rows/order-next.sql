-- purpose: one more column of an order
{before}, {one}
