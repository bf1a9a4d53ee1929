-- purpose: one more column that may hold it
{before} OR {one}
