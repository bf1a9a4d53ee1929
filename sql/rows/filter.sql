-- purpose: rows of which some column holds the text looked for
 AND ({columns})
