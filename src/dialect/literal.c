/* literal: the lexer's scanners of quoted texts and numbers. */
#include "config.h"

#include "literal.h"

#include "domicile/base/str.h"
#include "domicile/base/text.h"

#include <string.h>

void literal_fail(struct token *tok, const char *message) {
    tok->kind = TOKEN_ERROR;
    tok->text = message;
    tok->len = strlen(message);
}

static int peek(const struct lexer *lx, size_t ahead) {
    return lx->pos + ahead < lx->len ? (unsigned char)lx->sql[lx->pos + ahead] : -1;
}

static int hex_digit(int c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static void keep(struct lexer *lx, struct token *tok, enum token_kind kind, struct str *value) {
    tok->kind = kind;
    char *copy = arena_alloc(lx->arena, value->len + 1); /* may hold NUL bytes */
    memcpy(copy, str_get(value), value->len);
    tok->len = value->len;
    tok->text = copy;
    str_free(value);
}

/* Up to max digits of the base after \x, \u, \U or a backslash; false when there is none. */
static bool escape_number(struct lexer *lx, int base, int max, int min, unsigned *value) {
    int n = 0;
    *value = 0;
    for (; n < max; n++) {
        int d = hex_digit(peek(lx, 0));
        if (d < 0 || d >= base)
            break;
        *value = *value * (unsigned)base + (unsigned)d;
        lx->pos++;
    }
    return n >= min;
}

static const struct { char letter, byte; } simple_escapes[] = {
    {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'a', '\a'}, {'v', '\v'},
};

/* After the backslash; false when the sequence means nothing. */
static bool scan_escape(struct lexer *lx, struct str *value) {
    int c = peek(lx, 0);
    unsigned code;
    if (c < 0)
        return true;
    for (size_t i = 0; i < sizeof simple_escapes / sizeof *simple_escapes; i++)
        if (c == simple_escapes[i].letter) {
            str_add_char(value, simple_escapes[i].byte);
            lx->pos++;
            return true;
        }
    if (c >= '0' && c <= '7') {
        if (!escape_number(lx, 8, 3, 3, &code))
            return false;
        str_add_char(value, (char)code);
        return true;
    }
    lx->pos++;
    if (c == 'x' || c == 'X') {
        if (!escape_number(lx, 16, 2, 2, &code))
            return false;
        str_add_char(value, (char)code);
    } else if (c == 'u' || c == 'U') {
        int digits = c == 'u' ? 4 : 8;
        if (!escape_number(lx, 16, digits, digits, &code) || code > 0x10ffff)
            return false;
        text_encode(value, code);
    } else {
        str_add_char(value, (char)c);
    }
    return true;
}

/* 'a' newline 'b' is one string, as in standard SQL. */
static bool continues(struct lexer *lx) {
    size_t at = lx->pos;
    bool newline = false;
    while (at < lx->len && memchr(" \t\r\n\f", lx->sql[at], 5)) {
        newline = newline || lx->sql[at] == '\n';
        at++;
    }
    if (!newline || at >= lx->len || lx->sql[at] != '\'')
        return false;
    lx->pos = at;
    return true;
}

/* The text between the quotes, which lx->pos is at. */
static const char *scan_quoted(struct lexer *lx, char quote, bool escapes, struct str *value) {
    lx->pos++;
    for (;;) {
        int c = peek(lx, 0);
        if (c < 0)
            return quote == '"' ? "unterminated quoted identifier" : "unterminated string";
        lx->pos++;
        if (c == quote && peek(lx, 0) == quote) {
            str_add_char(value, quote);
            lx->pos++;
        } else if (c == quote) {
            if (quote != '\'' || !continues(lx))
                return NULL;
            lx->pos++;
        } else if (c == '\\' && escapes) {
            if (!scan_escape(lx, value))
                return "invalid escape sequence";
        } else {
            str_add_char(value, (char)c);
        }
    }
}

static void scan_text(struct lexer *lx, struct token *tok, enum token_kind kind, char quote, bool escapes) {
    struct str value = {0};
    const char *wrong = scan_quoted(lx, quote, escapes, &value);
    if (!wrong && kind != TOKEN_BYTES && !text_valid(str_get(&value), value.len))
        wrong = "invalid UTF-8 byte sequence";
    if (wrong) {
        str_free(&value);
        literal_fail(tok, wrong);
        return;
    }
    keep(lx, tok, kind, &value);
}

void literal_scan_string(struct lexer *lx, struct token *tok, bool escapes) {
    lx->pos += escapes; /* the e */
    scan_text(lx, tok, TOKEN_STRING, '\'', escapes);
}

void literal_scan_bytes(struct lexer *lx, struct token *tok) {
    lx->pos++;
    scan_text(lx, tok, TOKEN_BYTES, '\'', true);
}

void literal_scan_identifier(struct lexer *lx, struct token *tok) {
    scan_text(lx, tok, TOKEN_NAME, '"', false);
}

void literal_scan_hex_bytes(struct lexer *lx, struct token *tok) {
    struct str digits = {0};
    struct str value = {0};
    lx->pos++;
    const char *wrong = scan_quoted(lx, '\'', false, &digits);
    if (!wrong && digits.len % 2)
        wrong = "invalid hexadecimal bytes literal";
    for (size_t i = 0; !wrong && i < digits.len; i += 2) {
        int high = hex_digit(digits.data[i]);
        int low = hex_digit(digits.data[i + 1]);
        if (high < 0 || low < 0)
            wrong = "invalid hexadecimal bytes literal";
        else
            str_add_char(&value, (char)(high * 16 + low));
    }
    str_free(&digits);
    if (wrong) {
        str_free(&value);
        literal_fail(tok, wrong);
        return;
    }
    keep(lx, tok, TOKEN_BYTES, &value);
}

void literal_scan_bits(struct lexer *lx, struct token *tok) {
    struct str digits = {0};
    lx->pos++;
    const char *wrong = scan_quoted(lx, '\'', false, &digits);
    if (!wrong && strspn(str_get(&digits), "01") != digits.len)
        wrong = "invalid binary literal";
    if (wrong) {
        str_free(&digits);
        literal_fail(tok, wrong);
        return;
    }
    keep(lx, tok, TOKEN_BITS, &digits);
}

static size_t count_digits(const struct lexer *lx, size_t at) {
    size_t n = 0;
    while (at + n < lx->len && lx->sql[at + n] >= '0' && lx->sql[at + n] <= '9')
        n++;
    return n;
}

static void keep_number(struct lexer *lx, struct token *tok, enum token_kind kind, size_t begin) {
    tok->kind = kind;
    tok->len = lx->pos - begin;
    tok->text = arena_strndup(lx->arena, lx->sql + begin, tok->len);
}

static void scan_hex_number(struct lexer *lx, struct token *tok) {
    size_t begin = lx->pos;
    lx->pos += 2;
    size_t digits = lx->pos;
    while (hex_digit(peek(lx, 0)) >= 0)
        lx->pos++;
    if (lx->pos == digits)
        literal_fail(tok, "invalid hexadecimal numeric literal");
    else
        keep_number(lx, tok, TOKEN_INTEGER, begin);
}

void literal_scan_number(struct lexer *lx, struct token *tok) {
    size_t begin = lx->pos;
    enum token_kind kind = TOKEN_INTEGER;
    if (peek(lx, 0) == '0' && (peek(lx, 1) == 'x' || peek(lx, 1) == 'X')) {
        scan_hex_number(lx, tok);
        return;
    }
    lx->pos += count_digits(lx, lx->pos);
    if (peek(lx, 0) == '.' && peek(lx, 1) != '.') {
        kind = TOKEN_FLOAT;
        lx->pos++;
        lx->pos += count_digits(lx, lx->pos);
    }
    if (peek(lx, 0) == 'e' || peek(lx, 0) == 'E') {
        size_t sign = peek(lx, 1) == '+' || peek(lx, 1) == '-';
        size_t digits = count_digits(lx, lx->pos + 1 + sign);
        lx->pos += 1 + sign + digits;
        kind = TOKEN_FLOAT;
        if (digits == 0) {
            literal_fail(tok, "invalid floating point literal");
            return;
        }
    }
    keep_number(lx, tok, kind, begin);
}

bool literal_scan_dollar(struct lexer *lx, struct token *tok) {
    size_t end = lx->pos + 1;
    while (end < lx->len && lx->sql[end] != '$') {
        unsigned char c = (unsigned char)lx->sql[end];
        bool letter = (c | 0x20) >= 'a' ? (c | 0x20) <= 'z' || c >= 0x80 : c == '_';
        if (!letter && c != '_' && !(end > lx->pos + 1 && c >= '0' && c <= '9'))
            return false;
        end++;
    }
    if (end >= lx->len)
        return false;
    size_t tag = end + 1 - lx->pos;
    size_t begin = end + 1;
    const char *close =
        begin < lx->len ? memmem(lx->sql + begin, lx->len - begin, lx->sql + lx->pos, tag) : NULL;
    if (!close) {
        lx->pos = lx->len;
        literal_fail(tok, "unterminated string");
        return true;
    }
    struct str value = {0};
    str_add_n(&value, lx->sql + begin, (size_t)(close - lx->sql) - begin);
    lx->pos = begin + value.len + tag;
    if (text_valid(str_get(&value), value.len)) {
        keep(lx, tok, TOKEN_STRING, &value);
        return true;
    }
    str_free(&value);
    literal_fail(tok, "invalid UTF-8 byte sequence");
    return true;
}
