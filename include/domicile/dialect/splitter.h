/* splitter: the text typed into a console cut into statements, piece by piece. */
#ifndef DOMICILE_DIALECT_SPLITTER_H
#define DOMICILE_DIALECT_SPLITTER_H

#include "domicile/base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Why the text so far is not complete: what a prompt may say. */
enum splitter_state {
    SPLITTER_EMPTY,          /* nothing but white space and comments since the last statement */
    SPLITTER_STATEMENT,      /* within a statement, its ';' has not come */
    SPLITTER_STRING,         /* within '...' or e'...' */
    SPLITTER_IDENTIFIER,     /* within "..." */
    SPLITTER_DOLLAR,         /* within $tag$...$tag$ */
    SPLITTER_COMMENT,        /* within a block comment, which may nest */
    SPLITTER_PARENTHESIS,    /* an open parenthesis, bracket or brace */
};

/* Zero-initialised: empty. Bytes are fed once and scanned once. */
struct splitter {
    struct str text;
    size_t scanned;
    size_t begin;
    enum splitter_state state;
    int depth;         /* of parentheses */
    int comment_depth;
    bool escapes;      /* the string is an e'' one */
    bool started;      /* a token of the statement has been seen, at begin */
    char tag[64];      /* of the dollar quote, with both dollars */
};

/* Frees the text that was fed and not taken; s is as new afterwards. */
void splitter_free(struct splitter *s);
/* Adds text (usually a line with its newline). */
void splitter_feed(struct splitter *s, const char *text, size_t len);
/* Takes the next complete statement without its ';' and without the white space around it: true and
 * *statement (caller frees), or false when more text is needed. Empty statements vanish. */
bool splitter_next(struct splitter *s, char **statement);
/* What the text since the last complete statement is waiting for. */
enum splitter_state splitter_state(const struct splitter *s);
/* Takes what is left at the end of the input, complete or not; NULL when nothing but white space and
 * comments is. The caller frees. */
char *splitter_rest(struct splitter *s);
/* Forgets what was typed and not taken. */
void splitter_clear(struct splitter *s);

#endif
