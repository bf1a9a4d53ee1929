/* translate: what the files that make SQLite's SQL of the dialect's share. */
#ifndef DOMICILE_SANDBOX_TRANSLATE_H
#define DOMICILE_SANDBOX_TRANSLATE_H

#include "engine_private.h"

struct typed typed_of(const char *sql, enum ast_type_base base);
bool typed_is_integer(const struct sqltype *t);
bool typed_is_float(const struct sqltype *t);
/* A value as the text that a cast to STRING gives. */
const char *translate_as_text(struct translator *tr, struct typed e);
const char *translate_as_element(struct translator *tr, struct typed e);
/* The type that both sides of an operator are brought to. */
struct sqltype translate_common_type(const struct typed *a, const struct typed *b);
/* Whether a call is of an aggregate (also with OVER). */
bool translate_is_aggregate(const struct ast_call *c);
/* 42803 when a column is neither grouped nor within an aggregate. */
bool translate_check_grouping(struct translator *tr, const struct ast_select *s, const struct scope *scope);
/* A source of rows: its SQL for FROM; its columns are added to the scope. NULL on error. */
const char *translate_from(struct translator *tr, const struct ast_from *f, struct scope *scope);
/* What a function that gives rows becomes: a source for FROM, and its columns. */
struct series {
    const char *source;
    size_t count;
    const char *names[8];
    struct typed columns[8];
    bool keyed; /* from an object: SQLite does not number its rows */
};
/* SQLite takes a few hundred SELECTs in one, and any number of VALUES: more rows than these become the latter. Begins such a
 * source with columns k0 ...; its rows follow in brackets, and a bracket that closes it. */
enum { ROWS_AS_SELECTS = 100 };
void translate_values_begin(size_t columns, struct str *out);
bool translate_is_series(const struct ast_expr *e);
bool translate_series(struct translator *tr, const struct ast_expr *e, const struct scope *scope, const char *alias,
    struct series *out);
/* In a list of a SELECT: its source is added to tr->sources. */
struct typed translate_series_value(struct translator *tr, const struct ast_expr *e, const struct scope *scope);

#endif
