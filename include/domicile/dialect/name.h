/* name: identifiers and literals written into SQL, quoted as CockroachDB quotes them. */
#ifndef DOMICILE_DIALECT_NAME_H
#define DOMICILE_DIALECT_NAME_H

#include "domicile/base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* True when the identifier can stand bare: lower-case letters (any script), digits, _ and $, not a
 * digit or $ first, and no reserved word (SHOW CREATE quotes reserved words only). */
bool name_is_bare(const char *name);
/* Appends the identifier, quoted only when needed: uksouth, "eu-west-1", "My ""DB""". */
void name_quote(struct str *out, const char *name);
/* Appends the identifier always in double quotes. */
void name_quote_always(struct str *out, const char *name);
/* As name_quote; the caller frees. */
char *name_quoted(const char *name);
/* Appends a string literal as the server writes it: 'it''s' or e'a\nb' when it holds a control
 * character, a backslash or a quote. */
void literal_quote(struct str *out, const char *text);
void literal_quote_n(struct str *out, const char *text, size_t len);
/* Appends one byte as it stands within e'...': n for a newline, x01, or itself. */
void literal_add_escaped(struct str *out, char byte);
/* As literal_quote; the caller frees. */
char *literal_quoted(const char *text);

#endif
