/* shape: the columns of virtual and system tables, for SHOW COLUMNS. */
#ifndef DOMICILE_SANDBOX_SHAPE_H
#define DOMICILE_SANDBOX_SHAPE_H

/* rows: a line a column: name|type|nullable|default|generation|indices|hidden. */
struct shape {
    const char *table; /* "crdb_internal.ranges" */
    const char *rows;
};

/* Ended by a row without a table. */
extern const struct shape shapes_22[];
extern const struct shape shapes_26[];

#endif
