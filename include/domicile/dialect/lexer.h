/* lexer: CockroachDB's SQL cut into tokens. Works on a text in memory, keeps byte positions, and
 * decodes literals and identifiers on the way. */
#ifndef DOMICILE_DIALECT_LEXER_H
#define DOMICILE_DIALECT_LEXER_H

#include "domicile/base/arena.h"
#include "domicile/dialect/keyword.h"

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,     /* end of the text */
    TOKEN_ERROR,   /* lexical error; text is the server's wording, e.g. "unterminated string" */
    TOKEN_NAME,    /* identifier; text is folded to lower case unless it was quoted */
    TOKEN_KEYWORD, /* as TOKEN_NAME, and keyword is its row; never a quoted identifier */
    TOKEN_STRING,  /* 'x', E'x', $tag$x$tag$: text and len are the value */
    TOKEN_BYTES,   /* b'x', x'ff': text and len are the bytes */
    TOKEN_BITS,    /* B'101': text is the digits */
    TOKEN_INTEGER, /* text as written: 12, 0x1f */
    TOKEN_FLOAT,   /* text as written: 1.5, .5, 1e10 */
    TOKEN_PARAM,   /* $1: number is the parameter's, from 1 */
    TOKEN_OP,      /* operator or punctuation: text, also the one-character ones */
};

struct token {
    enum token_kind kind;
    const struct keyword *keyword; /* NULL unless TOKEN_KEYWORD */
    int number;                    /* TOKEN_PARAM */
    const char *text;     /* in the arena, NUL-terminated: what error messages call the token */
    size_t len;           /* of text; a value may hold NUL bytes */
    size_t begin;         /* first byte in the source */
    size_t end;           /* one past the last */
};

struct lexer {
    const char *sql;
    size_t len;
    size_t pos;
    struct arena *arena; /* owns the tokens' texts */
};

/* Begins at the start of sql, which is read in place and must stay; the tokens' texts are taken from arena. */
void lexer_init(struct lexer *lx, struct arena *arena, const char *sql, size_t len);
/* The next token; after the end always TOKEN_END. White space and comments are skipped. */
struct token lexer_next(struct lexer *lx);
/* True when tok is the operator op. */
bool token_is_op(const struct token *tok, const char *op);

#endif
