/* dml: changes of rows as SQLite statements. */
#ifndef DOMICILE_SANDBOX_DML_H
#define DOMICILE_SANDBOX_DML_H

#include "engine_private.h"

/* A change of rows, translated. Its SQL returns the columns of RETURNING and then the region of each row. */
struct dml {
    struct table_descriptor *table;
    const char *sql;
    const char *source; /* of INSERT: the rows as c<id>, before what is computed; NULL */
    const char *tag;    /* to which the count is added */
    struct out_columns columns;
};
bool dml_insert(struct translator *tr, const struct ast_insert *st, struct dml *d);
bool dml_update(struct translator *tr, const struct ast_update *st, struct dml *d);
bool dml_delete(struct translator *tr, const struct ast_delete *st, struct dml *d);
/* "c2 = ..., c4 = ...": what SET says and what is computed from it. */
bool dml_assignments(struct translator *tr, const struct table_descriptor *t, const struct ast_assignments *set,
    const struct scope *scope, struct str *out);
/* A kept expression (default, computed) in a scope, as a value of a type. */
struct typed dml_parse_expr(struct translator *tr, const char *text, const struct scope *scope, struct sqltype to);

#endif
