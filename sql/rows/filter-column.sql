-- purpose: a column that may hold the text looked for
{column}::STRING ILIKE {parameter}
