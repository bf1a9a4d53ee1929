/* text: bytes from outside made safe for a terminal, and how wide they are there.
 * Everything that reaches a screen, a title, a clipboard or a table on a terminal passes text_clean. */
#ifndef DOMICILE_BASE_TEXT_H
#define DOMICILE_BASE_TEXT_H

#include "domicile/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends n bytes to out as one line of valid UTF-8 that holds no control: C0 and DEL in caret
 * notation (^[), C1 as <9b>, invalid bytes as U+FFFD, bidi and zero-width controls as <U+202E>,
 * newline and tab as visible signs, at most two combining characters after a base character. */
void text_clean(struct str *out, const char *bytes, size_t n);
/* As text_clean for a C string; the caller frees. NULL in gives "". */
char *text_cleaned(const char *s);

/* Decodes one character at s (n > 0 bytes left); returns its length in bytes, at least 1;
 * *cp is U+FFFD for invalid input. */
size_t text_decode(const char *s, size_t n, uint32_t *cp);
void text_encode(struct str *out, uint32_t cp);
bool text_valid(const char *s, size_t n);
/* Columns that a character takes: 0, 1 or 2. */
int text_char_width(uint32_t cp);
/* Columns of cleaned text. */
int text_width(const char *s);
/* The longest prefix of cleaned text that fits width columns, in bytes; *used gets its columns. */
size_t text_fit(const char *s, int width, int *used);
/* Appends cleaned text cut to width columns, the cut marked with an ellipsis ("…", or "~" when
 * ascii), padded with spaces to width when pad. */
void text_add_fitted(struct str *out, const char *s, int width, bool pad, bool ascii);
/* As text_add_fitted, but cuts in the middle ("0f9d…a1"): for identifiers that differ at the end. */
void text_add_middle(struct str *out, const char *s, int width, bool ascii);

#endif
