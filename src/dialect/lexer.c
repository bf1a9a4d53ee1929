/* lexer: CockroachDB's SQL cut into tokens. */
#include "domicile/dialect/lexer.h"

#include "domicile/base/text.h"
#include "literal.h"

#include <string.h>

/* Longest first among those that begin alike. */
static const char *const operators[] = {
    "!~~*", "!~~", "!~*", "!~", "!=", "#>>", "#>", "#-",  "&&", "->>", "->", "...", "..", "//", ":::", "::",
    ":=",   "<<=", "<<",  "<=", "<>", "<@",  "=>", ">>=", ">>", ">=",  "??", "?|",  "?&", "@>", "@@",  "|/",
    "||/",  "||",  "~~*", "~~", "~*", "!",   "#",  "%",   "&",  "(",   ")",  "*",   "+",  ",",  "-",   ".",
    "/",    ":",   ";",   "<",  "=",  ">",   "?",  "@",   "[",  "]",   "^",  "{",   "|",  "}",  "~",
};

void lexer_init(struct lexer *lx, struct arena *arena, const char *sql, size_t len) {
    *lx = (struct lexer){.sql = sql, .len = len, .arena = arena};
}

static int peek(const struct lexer *lx, size_t ahead) {
    return lx->pos + ahead < lx->len ? (unsigned char)lx->sql[lx->pos + ahead] : -1;
}

/* Block comments nest. False when one does not end. */
static bool skip_block_comment(struct lexer *lx) {
    int depth = 0;
    do {
        if (lx->pos + 1 >= lx->len) {
            lx->pos = lx->len;
            return false;
        }
        if (peek(lx, 0) == '/' && peek(lx, 1) == '*') {
            depth++;
            lx->pos += 2;
        } else if (peek(lx, 0) == '*' && peek(lx, 1) == '/') {
            depth--;
            lx->pos += 2;
        } else {
            lx->pos++;
        }
    } while (depth > 0);
    return true;
}

static bool skip_blanks(struct lexer *lx, size_t *begin) {
    for (;;) {
        int c = peek(lx, 0);
        *begin = lx->pos;
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            lx->pos++;
        } else if (c == '-' && peek(lx, 1) == '-') {
            while (lx->pos < lx->len && lx->sql[lx->pos] != '\n')
                lx->pos++;
        } else if (c == '/' && peek(lx, 1) == '*') {
            if (!skip_block_comment(lx))
                return false;
        } else {
            return true;
        }
    }
}

static bool starts_name(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static void scan_name(struct lexer *lx, struct token *tok) {
    size_t begin = lx->pos;
    while (starts_name(peek(lx, 0)) || (peek(lx, 0) >= '0' && peek(lx, 0) <= '9') || peek(lx, 0) == '$')
        lx->pos++;
    tok->len = lx->pos - begin;
    if (!text_valid(lx->sql + begin, tok->len)) {
        literal_fail(tok, "invalid UTF-8 byte sequence");
        return;
    }
    char *text = arena_strndup(lx->arena, lx->sql + begin, tok->len);
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    tok->text = text;
    tok->keyword = keyword_find(text, (unsigned)tok->len);
    tok->kind = tok->keyword ? TOKEN_KEYWORD : TOKEN_NAME;
}

static void scan_param(struct lexer *lx, struct token *tok) {
    size_t begin = ++lx->pos;
    long number = 0;
    while (peek(lx, 0) >= '0' && peek(lx, 0) <= '9') {
        number = number * 10 + peek(lx, 0) - '0';
        if (number > 65536)
            number = 65536;
        lx->pos++;
    }
    if (number < 1 || number > 65535) {
        literal_fail(tok, "placeholder index must be between 1 and 65535");
        return;
    }
    tok->kind = TOKEN_PARAM;
    tok->number = (int)number;
    tok->len = lx->pos - begin;
    tok->text = arena_strndup(lx->arena, lx->sql + begin, tok->len);
}

static void scan_operator(struct lexer *lx, struct token *tok) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i]);
        if (lx->len - lx->pos >= n && memcmp(lx->sql + lx->pos, operators[i], n) == 0) {
            tok->kind = TOKEN_OP;
            tok->text = operators[i];
            tok->len = n;
            lx->pos += n;
            return;
        }
    }
    tok->kind = TOKEN_OP;
    tok->len = 1;
    tok->text = arena_strndup(lx->arena, lx->sql + lx->pos, 1);
    lx->pos++;
}

static void scan(struct lexer *lx, struct token *tok) {
    int c = peek(lx, 0);
    int next = peek(lx, 1);
    if (c == '\'')
        literal_scan_string(lx, tok, false);
    else if ((c == 'e' || c == 'E') && next == '\'')
        literal_scan_string(lx, tok, true);
    else if (c == 'b' && next == '\'')
        literal_scan_bytes(lx, tok);
    else if (c == 'B' && next == '\'')
        literal_scan_bits(lx, tok);
    else if ((c == 'x' || c == 'X') && next == '\'')
        literal_scan_hex_bytes(lx, tok);
    else if (c == '"')
        literal_scan_identifier(lx, tok);
    else if (starts_name(c))
        scan_name(lx, tok);
    else if ((c >= '0' && c <= '9') || (c == '.' && next >= '0' && next <= '9'))
        literal_scan_number(lx, tok);
    else if (c == '$' && next >= '0' && next <= '9')
        scan_param(lx, tok);
    else if (c != '$' || !literal_scan_dollar(lx, tok))
        scan_operator(lx, tok);
}

struct token lexer_next(struct lexer *lx) {
    struct token tok = {.kind = TOKEN_END, .text = "EOF", .len = 3};
    if (!skip_blanks(lx, &tok.begin))
        literal_fail(&tok, "unterminated comment");
    else if (lx->pos < lx->len)
        scan(lx, &tok);
    tok.end = lx->pos;
    return tok;
}

bool token_is_op(const struct token *tok, const char *op) {
    return tok->kind == TOKEN_OP && strcmp(tok->text, op) == 0;
}
