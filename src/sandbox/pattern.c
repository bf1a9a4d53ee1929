/* pattern: regular expressions in the server's syntax (RE2), for the matcher of the C library (POSIX). */
#include "pattern.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <string.h>

struct rewriting {
    const char *at;
    struct str out;
    bool matches_only;
    bool unsupported;
};

/* The members of a set in brackets; three of them stand where POSIX, which knows no escapes there, lets them be. */
struct set {
    struct str text;
    bool negated, bracket, caret, dash;
};

/* The control character of a letter after a backslash, or \0. */
static char control(char letter) {
    static const char letters[] = "ntrfva", controls[] = "\n\t\r\f\v\a";
    const char *at = letter ? strchr(letters, letter) : NULL;
    return at ? controls[at - letters] : '\0';
}

static void set_escape(struct rewriting *w, struct set *s, char c) {
    if (control(c))
        str_add_char(&s->text, control(c));
    else if (c == 'd')
        str_add(&s->text, "0-9");
    else if (c == 'w')
        str_add(&s->text, "A-Za-z0-9_");
    else if (c == 's')
        str_add(&s->text, " \t\n\f\r");
    else if (c == ']')
        s->bracket = true;
    else if (c == '^')
        s->caret = true;
    else if (c == '-')
        s->dash = true;
    else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        w->unsupported = true;
    else
        str_add_char(&s->text, c);
}

static void set_print(struct str *out, const struct set *s) {
    const bool first = !s->negated && !s->bracket && s->text.len == 0;
    if (first && s->caret && !s->dash) {
        str_add(out, "\\^");
        return;
    }
    str_add(out, s->negated ? "[^" : "[");
    if (s->bracket)
        str_add_char(out, ']');
    str_add(out, str_get(&s->text));
    if (s->caret)
        str_add(out, s->dash ? (first ? "-^" : "^-") : "^");
    else if (s->dash)
        str_add_char(out, '-');
    str_add_char(out, ']');
}

static bool brackets(struct rewriting *w) {
    struct set s = {.negated = w->at[1] == '^'};
    const char *p = w->at + 1 + s.negated, *start = p;
    for (; *p && (*p != ']' || p == start); p++) {
        const char *class_end = p[0] == '[' && p[1] == ':' ? strstr(p, ":]") : NULL;
        if (class_end) {
            str_add_n(&s.text, p, (size_t)(class_end + 2 - p));
            p = class_end + 1;
        } else if (*p == '\\' && p[1]) {
            set_escape(w, &s, *++p);
        } else if (*p == ']' || *p == '^' || (*p == '-' && (p == start || p[1] == ']'))) {
            set_escape(w, &s, *p);
        } else {
            w->unsupported = w->unsupported || (*p == '[' && (p[1] == '.' || p[1] == '='));
            str_add_char(&s.text, *p);
        }
    }
    const bool closed = *p == ']';
    if (closed)
        set_print(&w->out, &s);
    w->at = p + closed;
    str_free(&s.text);
    return closed;
}

static bool escape(struct rewriting *w) {
    const char c = w->at[1];
    if (!c)
        return false;
    w->at += 2;
    if (control(c) && c != 'a')
        str_add_char(&w->out, control(c));
    else if (c == 'd' || c == 'D')
        str_add(&w->out, c == 'd' ? "[0-9]" : "[^0-9]");
    else if (c == 'A' || c == 'z')
        str_add_char(&w->out, c == 'A' ? '^' : '$');
    else if ((c >= '1' && c <= '9') || c == '<' || c == '>' || c == '`' || c == '\'')
        return false; /* the first are not RE2's, the others are POSIX's own */
    else if (strchr("apPxQC0", c))
        w->unsupported = true;
    else if (((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && !strchr("bBwWsS", c))
        return false;
    else
        str_add_f(&w->out, "\\%c", c);
    return true;
}

/* A group that counts for nothing is one that counts in POSIX. */
static bool special_group(struct rewriting *w) {
    if (strncmp(w->at, "(?:", 3) != 0) {
        w->unsupported = w->unsupported || (w->at[2] != '=' && w->at[2] != '!' && w->at[2] != '<');
        return w->unsupported;
    }
    w->unsupported = w->unsupported || !w->matches_only;
    str_add_char(&w->out, '(');
    w->at += 3;
    return true;
}

static bool rewrite(struct rewriting *w) {
    while (*w->at && !w->unsupported) {
        const char c = *w->at;
        bool good = true;
        if (c == '\\')
            good = escape(w);
        else if (c == '[')
            good = brackets(w);
        else if (c == '(' && w->at[1] == '?')
            good = special_group(w);
        else
            str_add_char(&w->out, *w->at++);
        if (!good)
            return false;
        if (strchr("*+?}", c) && *w->at == '?') { /* as few as can be */
            w->unsupported = w->unsupported || !w->matches_only;
            w->at++;
        }
    }
    return true;
}

enum pattern_result pattern_compile(regex_t *re, const char *pattern, int flags) {
    struct rewriting w = {.at = pattern, .matches_only = flags & REG_NOSUB};
    if (strncmp(pattern, "(?i)", 4) == 0) {
        flags |= REG_ICASE;
        w.at += 4;
    }
    const bool good = rewrite(&w);
    const bool compiled = good && !w.unsupported && regcomp(re, str_get(&w.out), flags | REG_EXTENDED) == 0;
    str_free(&w.out);
    return compiled ? PATTERN_GOOD : good && w.unsupported ? PATTERN_UNSUPPORTED : PATTERN_INVALID;
}
