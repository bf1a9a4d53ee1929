/* variables: values put into a text of SQL where :name, :'name' and :"name" stand. Pure. */
#ifndef DOMICILE_OUTPUT_VARIABLES_H
#define DOMICILE_OUTPUT_VARIABLES_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

struct variable {
    const char *name;
    const char *value;
};
struct variables {
    VEC(struct variable);
};

/* Appends sql with each variable replaced: :name by the value as it is, :'name' by it as a string constant, :"name" as
 * an identifier. Texts in quotes, comments and casts (::) stay. False: a name that has no value. */
bool variables_fill(struct str *out, const char *sql, const struct variables *v, struct err *err);

#endif
