/* parse_copy: COPY t (a, b) FROM STDIN, COPY (query) TO STDOUT, with options in either style. */
#include "parse.h"

#include "domicile/base/str.h"

/* From this version on, rows can be copied out. */
enum { COPY_OUT_SINCE = 2301 };

static bool one_byte(struct parser *p, char *out) {
    const char *text;
    if (!parse_string(p, &text))
        return false;
    *out = text[0];
    return text[0] && !text[1] ? true : parse_fail(p);
}

static bool format(struct parser *p, struct ast_copy *c, const char *word) {
    c->csv = c->csv || str_eq_nocase(word, "csv");
    c->binary = c->binary || str_eq_nocase(word, "binary");
    return str_eq_nocase(word, "csv") || str_eq_nocase(word, "binary") || str_eq_nocase(word, "text") || parse_fail(p);
}

/* One option; *found says whether there was one. brackets: FORMAT csv instead of CSV, HEADER true. */
static bool option(struct parser *p, struct ast_copy *c, bool brackets, bool *found) {
    const char *word;
    *found = true;
    if (brackets && parse_take(p, "format"))
        return (p->tok.kind == TOKEN_STRING ? parse_string(p, &word) : parse_any_name(p, &word)) && format(p, c, word);
    if (!brackets && (parse_at(p, "csv") || parse_at(p, "binary")))
        return parse_any_name(p, &word) && format(p, c, word);
    if (parse_take(p, "delimiter")) {
        parse_take(p, "as");
        return one_byte(p, &c->delimiter);
    }
    if (parse_take(p, "null")) {
        parse_take(p, "as");
        return parse_string(p, &c->null);
    }
    if (parse_take(p, "quote"))
        return one_byte(p, &c->quote);
    if (parse_take(p, "escape"))
        return one_byte(p, &c->escape);
    if (parse_take(p, "header")) {
        c->header = !brackets || !parse_take(p, "false");
        if (brackets)
            parse_take(p, "true");
        return true;
    }
    if (parse_take(p, "encoding"))
        return parse_string(p, &word);
    *found = false;
    return true;
}

static bool options(struct parser *p, struct ast_copy *c) {
    bool found = true;
    parse_take(p, "with");
    if (parse_take_op(p, "(")) {
        do {
            if (!option(p, c, true, &found) || !found)
                return parse_fail(p);
        } while (parse_take_op(p, ","));
        return parse_expect_op(p, ")");
    }
    while (found)
        if (!option(p, c, false, &found))
            return false;
    return true;
}

bool parse_copy(struct parser *p, struct ast_stmt *s) {
    struct ast_copy *c = &s->u.copy;
    const bool out = !p->version || p->version >= COPY_OUT_SINCE;
    s->kind = STMT_COPY;
    parse_advance(p);
    if (out && parse_take_op(p, "(")) {
        c->to = true;
        if (!(c->query = parse_query(p)) || !parse_expect_op(p, ")") || !parse_expect(p, "to") ||
            !parse_expect(p, "stdout"))
            return false;
        return options(p, c);
    }
    if (!parse_object(p, &c->table) || (parse_at_op(p, "(") && !parse_names_in_parens(p, &c->columns)))
        return false;
    c->to = out && parse_take(p, "to");
    if (!c->to && !parse_expect(p, "from"))
        return false;
    return parse_expect(p, c->to ? "stdout" : "stdin") && options(p, c);
}
