/* parser: text of CockroachDB's dialect made into an AST (ast.h). Syntax errors read exactly as the
 * server's own. */
#ifndef DOMICILE_DIALECT_PARSER_H
#define DOMICILE_DIALECT_PARSER_H

#include "domicile/base/arena.h"
#include "domicile/dialect/ast.h"

#include <stdbool.h>
#include <stddef.h>

/* major * 100 + minor: forms that this version does not know yet are its syntax errors. */
enum { DIALECT_22_1 = 2201, DIALECT_26_1 = 2601 };

/* What the server would answer. Texts live in the arena of the parse; detail and hint may be NULL. */
struct parse_error {
    char sqlstate[6]; /* 42601, or 0A000 for what the real server does not implement either */
    const char *message; /* at or near "-": syntax error */
    const char *detail;  /* source SQL: + the statement up to the line's end + a line with the caret */
    const char *hint;    /* try \h ALTER DATABASE */
    size_t position;     /* byte offset of the offending token in the whole text */
};

/* Parses every statement of the text (separated by ';'; empty ones vanish) for a server of the given
 * version (0 = the newest). The AST and the error's texts live in the arena; sql need not outlive the
 * call. On error nothing is in *out. */
bool parser_parse(struct arena *arena, const char *sql, size_t len, int version,
                  struct ast_stmts *out, struct parse_error *err);
/* Parses exactly one expression, e.g. a column's default as the catalog shows it. */
bool parser_parse_expr(struct arena *arena, const char *sql, int version,
                       struct ast_expr **out, struct parse_error *err);
/* Parses exactly one type name: VARCHAR(250), public.crdb_internal_region, INT8[]. */
bool parser_parse_type(struct arena *arena, const char *sql, int version,
                       struct ast_type **out, struct parse_error *err);
/* Parses a qualified name as the text argument of ::regclass or a function gives it: a."B".c. */
bool parser_parse_name(struct arena *arena, const char *sql, struct ast_name *out, struct parse_error *err);

#endif
