/* splitter: the text typed into a console cut into statements, piece by piece. */
#include "domicile/dialect/splitter.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

void splitter_free(struct splitter *s) {
    str_free(&s->text);
    *s = (struct splitter){0};
}

void splitter_clear(struct splitter *s) {
    struct str text = s->text;
    str_clear(&text);
    *s = (struct splitter){.text = text};
}

void splitter_feed(struct splitter *s, const char *text, size_t len) {
    str_add_n(&s->text, text, len);
}

static int peek(const struct splitter *s, size_t ahead) {
    size_t at = s->scanned + ahead;
    return at < s->text.len ? (unsigned char)s->text.data[at] : -1;
}

static bool is_blank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(int c) {
    return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Whether the byte before the current one can be part of a word: then "e'" is no escape string and
 * "$" no quote. */
static bool after_word(const struct splitter *s) {
    return s->scanned > s->begin && is_word((unsigned char)s->text.data[s->scanned - 1]);
}

static void start_token(struct splitter *s) {
    if (!s->started)
        s->begin = s->scanned;
    s->started = true;
}

/* $tag$: the tag's length with both dollars, 0 when this is none, -1 when more text is needed. */
static int dollar_tag(const struct splitter *s) {
    for (size_t n = 1; n < sizeof s->tag - 1; n++) {
        int c = peek(s, n);
        if (c < 0)
            return -1;
        if (c == '$')
            return (int)n + 1;
        if (!is_word(c) || (n == 1 && c >= '0' && c <= '9'))
            return 0;
    }
    return 0;
}

static void enter(struct splitter *s, enum splitter_state state, size_t skip) {
    start_token(s);
    s->state = state;
    s->scanned += skip;
}

/* At a '$': false when more text is needed. */
static bool scan_dollar(struct splitter *s) {
    int n = after_word(s) ? 0 : dollar_tag(s);
    if (n < 0)
        return false;
    start_token(s);
    if (n == 0) {
        s->scanned++;
        return true;
    }
    memcpy(s->tag, s->text.data + s->scanned, (size_t)n);
    s->tag[n] = '\0';
    enter(s, SPLITTER_DOLLAR, (size_t)n);
    return true;
}

/* One step outside quotes; *complete when a statement's ';' was passed. False when more text is needed. */
static bool step_plain(struct splitter *s, bool *complete) {
    int c = peek(s, 0);
    int next = peek(s, 1);
    if ((c == '-' || c == '/') && next < 0)
        return false;
    if (c == '-' && next == '-') {
        const char *end = memchr(s->text.data + s->scanned, '\n', s->text.len - s->scanned);
        if (!end)
            return false;
        s->scanned = (size_t)(end - s->text.data);
    } else if (c == '/' && next == '*') {
        s->state = SPLITTER_COMMENT;
        s->comment_depth = 1;
        s->scanned += 2;
    } else if (c == '\'') {
        bool escapes = s->scanned > s->begin && s->started && (s->text.data[s->scanned - 1] | 0x20) == 'e'
                    && !(s->scanned > s->begin + 1 && is_word((unsigned char)s->text.data[s->scanned - 2]));
        s->escapes = escapes || (s->scanned > s->begin && s->text.data[s->scanned - 1] == 'b');
        enter(s, SPLITTER_STRING, 1);
    } else if (c == '"') {
        enter(s, SPLITTER_IDENTIFIER, 1);
    } else if (c == '$') {
        return scan_dollar(s);
    } else {
        *complete = c == ';';
        if (!is_blank(c))
            start_token(s);
        s->depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
        s->scanned++;
    }
    return true;
}

/* Within '...' or "...". */
static bool step_quoted(struct splitter *s, char quote) {
    int c = peek(s, 0);
    if (c == '\\' && s->escapes && quote == '\'') {
        if (peek(s, 1) < 0)
            return false;
        s->scanned += 2;
        return true;
    }
    if (c != quote) {
        s->scanned++;
        return true;
    }
    if (peek(s, 1) == quote) {
        s->scanned += 2;
        return true;
    }
    s->scanned++;
    s->state = SPLITTER_EMPTY;
    return true;
}

static bool step_comment(struct splitter *s) {
    int c = peek(s, 0);
    int next = peek(s, 1);
    if ((c == '*' || c == '/') && next < 0)
        return false;
    int change = (c == '/' && next == '*') - (c == '*' && next == '/');
    s->comment_depth += change;
    s->scanned += change ? 2 : 1;
    if (s->comment_depth == 0)
        s->state = SPLITTER_EMPTY;
    return true;
}

static bool step_dollar(struct splitter *s) {
    size_t n = strlen(s->tag);
    if (s->text.len - s->scanned < n)
        return false;
    if (memcmp(s->text.data + s->scanned, s->tag, n) != 0) {
        s->scanned++;
        return true;
    }
    s->scanned += n;
    s->state = SPLITTER_EMPTY;
    return true;
}

static bool step(struct splitter *s, bool *complete) {
    switch (s->state) {
    case SPLITTER_STRING:
        return step_quoted(s, '\'');
    case SPLITTER_IDENTIFIER:
        return step_quoted(s, '"');
    case SPLITTER_COMMENT:
        return step_comment(s);
    case SPLITTER_DOLLAR:
        return step_dollar(s);
    case SPLITTER_EMPTY:
    case SPLITTER_STATEMENT:
    case SPLITTER_PARENTHESIS:
        break;
    }
    return step_plain(s, complete);
}

/* Text from begin to end without the blanks at its end. */
static char *cut(const struct splitter *s, size_t end) {
    while (end > s->begin && is_blank((unsigned char)s->text.data[end - 1]))
        end--;
    return mem_strndup(s->text.data + s->begin, end - s->begin);
}

/* Drops what was scanned. */
static void forget(struct splitter *s) {
    struct str left = {0};
    str_add_n(&left, s->text.data + s->scanned, s->text.len - s->scanned);
    str_free(&s->text);
    *s = (struct splitter){.text = left};
}

bool splitter_next(struct splitter *s, char **statement) {
    bool complete = false;
    while (s->scanned < s->text.len && step(s, &complete)) {
        if (!complete)
            continue;
        bool empty = s->scanned == s->begin + 1;
        *statement = empty ? NULL : cut(s, s->scanned - 1);
        forget(s);
        if (!empty)
            return true;
        complete = false;
    }
    return false;
}

enum splitter_state splitter_state(const struct splitter *s) {
    if (s->state != SPLITTER_EMPTY)
        return s->state;
    if (!s->started)
        return SPLITTER_EMPTY;
    return s->depth > 0 ? SPLITTER_PARENTHESIS : SPLITTER_STATEMENT;
}

/* A comment that nothing ends is no statement either. */
static bool only_comment(const struct splitter *s) {
    const char *at = s->text.data + s->scanned;
    size_t n = s->text.len - s->scanned;
    bool line = n >= 2 && at[0] == '-' && at[1] == '-';
    return s->state == SPLITTER_COMMENT || n == 0 || line;
}

char *splitter_rest(struct splitter *s) {
    char *statement = NULL;
    bool complete = false;
    while (s->scanned < s->text.len && step(s, &complete))
        continue;
    if (s->text.len > 0 && (s->started || !only_comment(s))) {
        if (!s->started)
            s->begin = s->scanned;
        statement = cut(s, s->text.len);
    }
    splitter_clear(s);
    return statement;
}
