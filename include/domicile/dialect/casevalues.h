/* casevalues: what a computed region column's expression knows: which values give which region. */
#ifndef DOMICILE_DIALECT_CASEVALUES_H
#define DOMICILE_DIALECT_CASEVALUES_H

#include "domicile/base/err.h"
#include "domicile/base/vec.h"

#include <stdbool.h>

/* When the column holds value, the row's region is region. */
struct casevalue {
    char *value;  /* NULL: the column is null (IS NULL) */
    char *region; /* NULL: the branch gives NULL */
};

struct casevalues {
    char *column; /* the one column that the expression reads; "" when it is a constant */
    VEC_STRUCT(struct casevalue) values; /* in the expression's order; the first match of a value wins */
    char *else_region; /* region of every other value; NULL when there is none (the row gets NULL) */
    bool covers_null;  /* a null in the column gives a region */
};

/* Frees the column, the values and the regions; c is empty afterwards. */
void casevalues_free(struct casevalues *c);
/* Reads an expression's text, with or without ":::T" annotations: CASE WHEN c = 'x' THEN 'r' ...,
 * CASE c WHEN 'x' ..., IN lists, OR, ELSE, IS NULL, casts, a constant. False, with a sentence in err,
 * when the values cannot be told (a function, two columns, AND, another operator): ask the server. */
bool casevalues_parse(struct casevalues *c, const char *expression, struct err *err);
/* The region for a value (NULL = null): NULL when the expression gives none. */
const char *casevalues_region(const struct casevalues *c, const char *value);

#endif
