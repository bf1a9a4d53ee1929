/* insert_private: what the files of the insert share, and its tests. */
#ifndef ACTIONS_INSERT_PRIVATE_H
#define ACTIONS_INSERT_PRIVATE_H

#include "domicile/actions/insert.h"

/* Parameters of a statement, owned by the form. */
struct insert_params {
    VEC(const char *);
};

/* The form of a table, without gateways. */
struct insert_form *insert_form_of(const struct table *t, struct err *err);
struct insert_form *insert_form_copy(const struct insert_form *from);
const struct insert_field *insert_form_field(const struct insert_form *f, const char *column);
/* Appends the statement and its parameters. */
bool insert_form_sql(struct str *sql, struct insert_params *params, const struct insert_form *f, struct err *err);

#endif
