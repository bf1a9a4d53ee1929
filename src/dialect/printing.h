/* printing: what the printers of expressions and of queries share. */
#ifndef DIALECT_PRINTING_H
#define DIALECT_PRINTING_H

#include "domicile/dialect/print.h"

void printing_words(struct str *out, const struct ast_words *words);
void printing_list(struct str *out, const struct ast_exprs *list, unsigned flags);
void printing_orders(struct str *out, const struct ast_orders *orders, unsigned flags);
void printing_call(struct str *out, const struct ast_expr *e, unsigned flags);
void printing_window(struct str *out, const struct ast_window *w, unsigned flags);

#endif
