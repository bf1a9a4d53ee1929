/* print: names, types and expressions written as CockroachDB writes them. */
#include "domicile/dialect/print.h"

#include "domicile/base/text.h"
#include "domicile/dialect/name.h"
#include "printing.h"

#include <string.h>

void print_name(struct str *out, const struct ast_name *n) {
    for (int i = 0; i < n->n; i++) {
        str_add(out, i > 0 ? "." : "");
        name_quote(out, n->part[i]);
    }
}

void print_type(struct str *out, const struct ast_type *t) {
    if (t->base == TYPE_USER)
        print_name(out, &t->user);
    else
        str_add(out, t->name);
    if (t->width >= 0 && t->scale > 0)
        str_add_f(out, "(%d,%d)", t->width, t->scale);
    else if (t->width >= 0)
        str_add_f(out, "(%d)", t->width);
    if (t->array)
        str_add(out, "[]");
    if (t->collate) {
        str_add(out, " COLLATE ");
        name_quote(out, t->collate);
    }
}

void print_locality(struct str *out, const struct ast_locality *l) {
    switch (l->kind) {
    case LOCALITY_NONE:
        return;
    case LOCALITY_GLOBAL:
        str_add(out, "GLOBAL");
        return;
    case LOCALITY_TABLE_PRIMARY:
        str_add(out, "REGIONAL BY TABLE IN PRIMARY REGION");
        return;
    case LOCALITY_TABLE_IN:
        str_add(out, "REGIONAL BY TABLE IN ");
        name_quote(out, l->region);
        return;
    case LOCALITY_ROW:
        str_add(out, "REGIONAL BY ROW");
        if (l->column) {
            str_add(out, " AS ");
            name_quote(out, l->column);
        }
        return;
    }
}

void printing_words(struct str *out, const struct ast_words *words) {
    for (size_t i = 0; i < words->len; i++) {
        str_add(out, i > 0 ? ", " : "");
        name_quote(out, words->items[i]);
    }
}

void printing_list(struct str *out, const struct ast_exprs *list, unsigned flags) {
    for (size_t i = 0; i < list->len; i++) {
        str_add(out, i > 0 ? ", " : "");
        print_expr(out, list->items[i], flags);
    }
}

/* ---- expressions ---- */

/* What the server puts in parentheses when it is an operand. */
static bool is_operator(const struct ast_expr *e) {
    switch (e->kind) {
    case EXPR_UNARY:
    case EXPR_BINARY:
    case EXPR_IS:
    case EXPR_IS_OF_TYPE:
    case EXPR_DISTINCT:
    case EXPR_BETWEEN:
    case EXPR_IN:
    case EXPR_QUANTIFIED:
        return true;
    default:
        return false;
    }
}

/* The operand of something: an annotation that is dropped does not hide the operator inside. */
static void operand(struct str *out, const struct ast_expr *e, unsigned flags) {
    bool parens = is_operator(e) && !(e->kind == EXPR_UNARY && e->u.unary.op == OP_MINUS
                                      && e->u.unary.arg->kind == EXPR_NUMBER);
    str_add(out, parens ? "(" : "");
    print_expr(out, e, flags);
    str_add(out, parens ? ")" : "");
}

static void infix(struct str *out, const struct ast_expr *left, const char *op, const struct ast_expr *right,
                  unsigned flags) {
    operand(out, left, flags);
    str_add_f(out, " %s ", op);
    operand(out, right, flags);
}

static bool is_tight(enum ast_op op) {
    return op == OP_FETCH || op == OP_FETCH_TEXT || op == OP_FETCH_PATH || op == OP_FETCH_PATH_TEXT;
}

static void binary(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.binary.left, flags);
    str_add_f(out, is_tight(e->u.binary.op) ? "%s" : " %s ", ast_op_text(e->u.binary.op));
    operand(out, e->u.binary.right, flags);
    if (e->u.binary.escape) {
        str_add(out, " ESCAPE ");
        operand(out, e->u.binary.escape, flags);
    }
}

static void unary(struct str *out, const struct ast_expr *e, unsigned flags) {
    str_add(out, ast_op_text(e->u.unary.op));
    if (e->u.unary.op == OP_NOT)
        str_add_char(out, ' ');
    if (e->u.unary.arg->kind == EXPR_UNARY) { /* "--3" would be a comment */
        str_add_char(out, '(');
        print_expr(out, e->u.unary.arg, flags);
        str_add_char(out, ')');
        return;
    }
    operand(out, e->u.unary.arg, flags);
}

static void is(struct str *out, const struct ast_expr *e, unsigned flags) {
    static const char *const what[] = {
        [IS_NULL] = "NULL", [IS_TRUE] = "true", [IS_FALSE] = "false", [IS_UNKNOWN] = "NULL",
    };
    operand(out, e->u.is.arg, flags);
    str_add_f(out, " IS %s%s", e->u.is.negated ? "NOT " : "", what[e->u.is.what]);
}

static void is_of(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.is_of.arg, flags);
    str_add_f(out, " IS %sOF (", e->u.is_of.negated ? "NOT " : "");
    for (size_t i = 0; i < e->u.is_of.types.len; i++) {
        str_add(out, i > 0 ? ", " : "");
        print_type(out, e->u.is_of.types.items[i]);
    }
    str_add_char(out, ')');
}

static void between(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.between.arg, flags);
    str_add_f(out, " %sBETWEEN %s", e->u.between.negated ? "NOT " : "",
              e->u.between.symmetric ? "SYMMETRIC " : "");
    infix(out, e->u.between.low, "AND", e->u.between.high, flags);
}

static void subquery(struct str *out, const char *before, const struct ast_query *q, unsigned flags) {
    str_add_f(out, "%s(", before);
    print_query(out, q, flags);
    str_add_char(out, ')');
}

static void in(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.in.arg, flags);
    str_add(out, e->u.in.negated ? " NOT IN " : " IN ");
    if (e->u.in.query) {
        subquery(out, "", e->u.in.query, flags);
    } else {
        str_add_char(out, '(');
        printing_list(out, &e->u.in.list, flags);
        str_add(out, e->u.in.list.len == 1 ? ",)" : ")");
    }
}

static void quantified(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.quantified.left, flags);
    str_add_f(out, " %s %s ", ast_op_text(e->u.quantified.op), e->u.quantified.all ? "ALL" : "ANY");
    if (e->u.quantified.query)
        subquery(out, "", e->u.quantified.query, flags);
    else
        operand(out, e->u.quantified.right, flags);
}

static void cases(struct str *out, const struct ast_expr *e, unsigned flags) {
    str_add(out, "CASE ");
    if (e->u.cases.arg) {
        print_expr(out, e->u.cases.arg, flags);
        str_add_char(out, ' ');
    }
    for (size_t i = 0; i < e->u.cases.whens.len; i++) {
        str_add(out, "WHEN ");
        print_expr(out, e->u.cases.whens.items[i].when, flags);
        str_add(out, " THEN ");
        print_expr(out, e->u.cases.whens.items[i].then, flags);
        str_add_char(out, ' ');
    }
    if (e->u.cases.otherwise) {
        str_add(out, "ELSE ");
        print_expr(out, e->u.cases.otherwise, flags);
        str_add_char(out, ' ');
    }
    str_add(out, "END");
}

static void cast(struct str *out, const struct ast_expr *e, unsigned flags) {
    const struct ast_expr *arg = e->u.cast.arg;
    switch (e->u.cast.style) {
    case CAST_ANNOTATE:
        if (flags & PRINT_NO_ANNOTATIONS) {
            print_expr(out, arg, flags);
            return;
        }
        operand(out, arg, flags);
        str_add(out, ":::");
        print_type(out, e->u.cast.type);
        return;
    case CAST_COLONS:
        operand(out, arg, flags);
        str_add(out, "::");
        print_type(out, e->u.cast.type);
        return;
    case CAST_FUNCTION:
        str_add(out, "CAST(");
        print_expr(out, arg, flags);
        str_add(out, " AS ");
        print_type(out, e->u.cast.type);
        str_add_char(out, ')');
        return;
    case CAST_PREFIX:
        print_type(out, e->u.cast.type);
        str_add_char(out, ' ');
        print_expr(out, arg, flags);
        return;
    }
}

static void subscript(struct str *out, const struct ast_expr *e, unsigned flags) {
    operand(out, e->u.subscript.arg, flags);
    str_add_char(out, '[');
    if (e->u.subscript.begin)
        print_expr(out, e->u.subscript.begin, flags);
    str_add(out, e->u.subscript.slice ? ":" : "");
    if (e->u.subscript.end)
        print_expr(out, e->u.subscript.end, flags);
    str_add_char(out, ']');
}

static void tuple(struct str *out, const struct ast_expr *e, unsigned flags) {
    if (e->u.tuple.labels.len)
        str_add_char(out, '(');
    str_add(out, e->u.tuple.row ? "ROW(" : "(");
    printing_list(out, &e->u.tuple.list, flags);
    str_add(out, e->u.tuple.list.len == 1 && !e->u.tuple.row ? ",)" : ")");
    if (e->u.tuple.labels.len) {
        str_add(out, " AS ");
        printing_words(out, &e->u.tuple.labels);
        str_add_char(out, ')');
    }
}

/* b'\xff' in the server's escapes. */
static void bytes(struct str *out, const char *data, size_t len) {
    str_add(out, "b'");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '\'' || c == '\\')
            str_add_f(out, "\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            str_add_char(out, (char)c);
        else
            str_add_f(out, "\\x%02x", c);
    }
    str_add_char(out, '\'');
}

/* As literal_quote_n, with everything outside ASCII escaped as the server does. */
static void string(struct str *out, const char *data, size_t len) {
    bool ascii = true;
    for (size_t i = 0; i < len; i++)
        ascii = ascii && (unsigned char)data[i] < 0x80;
    if (ascii) {
        literal_quote_n(out, data, len);
        return;
    }
    str_add(out, "e'");
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        size_t n = text_decode(data + i, len - i, &cp);
        if (n == 1)
            literal_add_escaped(out, data[i]);
        else
            str_add_f(out, n == 2 ? "\\u%04X" : "\\U%08X", cp);
        i += n;
    }
    str_add_char(out, '\'');
}

static void leaf(struct str *out, const struct ast_expr *e) {
    switch (e->kind) {
    case EXPR_NULL:
        str_add(out, "NULL");
        break;
    case EXPR_BOOL:
        str_add(out, e->u.boolean ? "true" : "false");
        break;
    case EXPR_NUMBER:
        str_add(out, e->u.number.text);
        break;
    case EXPR_STRING:
        string(out, e->u.string.bytes, e->u.string.len);
        break;
    case EXPR_BYTES:
        bytes(out, e->u.string.bytes, e->u.string.len);
        break;
    case EXPR_BITS:
        str_add_f(out, "B'%s'", e->u.string.bytes);
        break;
    case EXPR_DEFAULT:
        str_add(out, "DEFAULT");
        break;
    case EXPR_PARAM:
        str_add_f(out, "$%d", e->u.param);
        break;
    case EXPR_COLUMN:
        print_name(out, &e->u.column);
        break;
    default:
        print_name(out, &e->u.column);
        str_add(out, e->u.column.n > 0 ? ".*" : "*");
        break;
    }
}

static void around(struct str *out, const struct ast_expr *e, unsigned flags) {
    if (e->kind == EXPR_PAREN) {
        str_add_char(out, '(');
        print_expr(out, e->u.paren, flags);
        str_add_char(out, ')');
    } else if (e->kind == EXPR_COLLATE) {
        operand(out, e->u.collate.arg, flags);
        str_add(out, " COLLATE ");
        name_quote(out, e->u.collate.locale);
    } else {
        print_expr(out, e->u.field.arg, flags);
        str_add_char(out, '.');
        if (e->u.field.field)
            name_quote(out, e->u.field.field);
        else
            str_add_char(out, '*');
    }
}

static void array(struct str *out, const struct ast_expr *e, unsigned flags) {
    str_add(out, "ARRAY[");
    printing_list(out, &e->u.list, flags);
    str_add_char(out, ']');
}

void print_expr(struct str *out, const struct ast_expr *e, unsigned flags) {
    switch (e->kind) {
    case EXPR_NULL:
    case EXPR_BOOL:
    case EXPR_NUMBER:
    case EXPR_STRING:
    case EXPR_BYTES:
    case EXPR_BITS:
    case EXPR_DEFAULT:
    case EXPR_PARAM:
    case EXPR_COLUMN:
    case EXPR_STAR: leaf(out, e); break;
    case EXPR_PAREN:
    case EXPR_COLLATE:
    case EXPR_FIELD: around(out, e, flags); break;
    case EXPR_UNARY: unary(out, e, flags); break;
    case EXPR_BINARY:
    case EXPR_DISTINCT: binary(out, e, flags); break;
    case EXPR_IS: is(out, e, flags); break;
    case EXPR_IS_OF_TYPE: is_of(out, e, flags); break;
    case EXPR_BETWEEN: between(out, e, flags); break;
    case EXPR_IN: in(out, e, flags); break;
    case EXPR_QUANTIFIED: quantified(out, e, flags); break;
    case EXPR_EXISTS: subquery(out, "EXISTS ", e->u.query, flags); break;
    case EXPR_SUBQUERY: subquery(out, "", e->u.query, flags); break;
    case EXPR_ARRAY_QUERY: subquery(out, "ARRAY ", e->u.query, flags); break;
    case EXPR_CASE: cases(out, e, flags); break;
    case EXPR_CAST: cast(out, e, flags); break;
    case EXPR_ARRAY: array(out, e, flags); break;
    case EXPR_SUBSCRIPT: subscript(out, e, flags); break;
    case EXPR_TUPLE: tuple(out, e, flags); break;
    case EXPR_CALL: printing_call(out, e, flags); break;
    }
}
