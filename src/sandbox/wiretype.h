/* wiretype: values between PostgreSQL's text format, which the sandbox uses inside, and its binary one. */
#ifndef DOMICILE_SANDBOX_WIRETYPE_H
#define DOMICILE_SANDBOX_WIRETYPE_H

#include "wire.h"

#include <stdbool.h>

/* Appends a value in binary, its length before it. False, with nothing appended, for a text that is none of
 * this type. A type without a binary form of its own is sent as its text, as enums are. */
bool wiretype_encode(struct wire_out *o, uint32_t oid, const char *text);
/* The text of a binary value of n bytes; the caller frees it. NULL when it is none of this type. */
char *wiretype_decode(uint32_t oid, const char *bytes, size_t n);
/* The type of an array's elements; 0 for what is no array. */
uint32_t wiretype_element(uint32_t oid);

#endif
