/* sequence: CREATE and ALTER SEQUENCE, and the functions that take numbers from one. */
#ifndef DOMICILE_SANDBOX_SEQUENCE_H
#define DOMICILE_SANDBOX_SEQUENCE_H

#include "functions.h"

bool sequence_create(struct translator *tr, const struct ast_sequence *st);
bool sequence_alter(struct translator *tr, const struct ast_sequence *st);
/* A sequence of the defaults, for an identity column. */
struct table_descriptor *sequence_add(struct translator *tr, struct database_descriptor *db, const char *name);
/* A rolled back catalog keeps the values that were given out since. */
void sequences_carry_over(struct descriptors *to, const struct descriptors *from);
extern const struct function functions_sequence[];

#endif
