/* dml: changes of rows as SQLite statements. */
#ifndef DOMICILE_SANDBOX_DML_H
#define DOMICILE_SANDBOX_DML_H

#include "engine_private.h"

/* A change of rows, translated. Its SQL returns the columns of RETURNING and then the region of each row. */
struct dml {
    struct table_descriptor *table;
    const char *sql;
    const char *source; /* of INSERT: the rows as c<id>, before what is computed; NULL */
    const char *with;   /* "WITH ... ", or "" */
    const char *fill;   /* run first: puts aside what FROM or USING joins; NULL */
    const char *tag;    /* to which the count is added */
    struct out_columns columns;
};
bool dml_insert(struct translator *tr, const struct ast_insert *st, struct dml *d);
bool dml_update(struct translator *tr, const struct ast_update *st, struct dml *d);
bool dml_delete(struct translator *tr, const struct ast_delete *st, struct dml *d);
/* The table to be changed, with the right to it. NULL with the error. */
struct table_descriptor *dml_table(struct translator *tr, const struct ast_name *name, enum privilege p);
/* What a value becomes in a column: its type, its width. */
struct typed dml_assign(struct translator *tr, struct typed v, const struct column_descriptor *c);
/* False with the error: the column's values are its sequence's alone. */
bool dml_not_generated(struct translator *tr, const struct column_descriptor *c, bool update);
struct typed dml_default(struct translator *tr, const struct column_descriptor *c);
/* " RETURNING ...": targets (NULL: none) and the row's region. joined: the table's columns, and behind them those
 * that were put aside. */
bool dml_returning(struct translator *tr, const struct table_descriptor *t, const struct ast_targets *targets,
    const struct scope *joined, struct str *out, struct out_columns *columns);
/* "c2 = ..., c4 = ...": what SET says and what is computed from it. */
bool dml_assignments(struct translator *tr, const struct table_descriptor *t, const struct ast_assignments *set,
    const struct scope *scope, struct str *out);
/* A kept expression (default, computed) in a scope, as a value of a type. */
struct typed dml_parse_expr(struct translator *tr, const char *text, const struct scope *scope, struct sqltype to);

#endif
