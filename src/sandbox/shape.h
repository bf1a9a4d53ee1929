/* shape: the columns of virtual and system tables, for SHOW COLUMNS. */
#ifndef DOMICILE_SANDBOX_SHAPE_H
#define DOMICILE_SANDBOX_SHAPE_H

/* rows: a line a column: name|type|nullable|default|generation|indices|hidden. A line that begins with - is of 22.1
 * alone, one with + of 26.1. */
struct shape {
    const char *table; /* "crdb_internal.ranges" */
    const char *rows;
};

/* Ended by a row without a table. */
extern const struct shape shapes[];

/* The first line of this version from at on, a line's beginning; NULL: there is none more. */
const char *shape_line(const char *at, int compat);

#endif
