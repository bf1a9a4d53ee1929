/* keyword: the words of CockroachDB's dialect and where each may stand as a name. */
#ifndef DOMICILE_DIALECT_KEYWORD_H
#define DOMICILE_DIALECT_KEYWORD_H

/* The four classes of the server's grammar. */
enum keyword_class {
    KEYWORD_UNRESERVED, /* any name */
    KEYWORD_COLUMN,     /* a column or table name, not a function's or type's */
    KEYWORD_TYPE,       /* a function's or type's name, not a column's */
    KEYWORD_RESERVED,   /* a name only in double quotes, or after AS */
};

struct keyword {
    const char *name; /* lower case */
    enum keyword_class class;
};

/* The keyword spelled so (lower case, n bytes), or NULL. */
const struct keyword *keyword_find(const char *name, unsigned n);
/* All of them, sorted by name. */
const struct keyword *keyword_table(unsigned *n);

#endif
