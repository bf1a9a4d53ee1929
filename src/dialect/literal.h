/* literal: the lexer's scanners of quoted texts and numbers. */
#ifndef DIALECT_LITERAL_H
#define DIALECT_LITERAL_H

#include "domicile/dialect/lexer.h"

/* Each is called with lx->pos at the literal's first byte, moves it past the literal and fills tok
 * (kind, text, len); a malformed literal becomes TOKEN_ERROR with the server's words. */
void literal_scan_string(struct lexer *lx, struct token *tok, bool escapes);
void literal_scan_bytes(struct lexer *lx, struct token *tok);
void literal_scan_hex_bytes(struct lexer *lx, struct token *tok);
void literal_scan_bits(struct lexer *lx, struct token *tok);
void literal_scan_identifier(struct lexer *lx, struct token *tok);
void literal_scan_number(struct lexer *lx, struct token *tok);
/* $tag$...$tag$: false when there is no opening tag here (then nothing moved). */
bool literal_scan_dollar(struct lexer *lx, struct token *tok);
/* Makes tok an error. */
void literal_fail(struct token *tok, const char *message);

#endif
