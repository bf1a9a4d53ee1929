/* print: AST nodes written as CockroachDB writes them in SHOW CREATE and in the catalog. */
#ifndef DOMICILE_DIALECT_PRINT_H
#define DOMICILE_DIALECT_PRINT_H

#include "domicile/base/str.h"
#include "domicile/dialect/ast.h"

/* How an expression is written. Literals keep the annotation that they were parsed with; flags say
 * what becomes of it. */
enum print_flags {
    PRINT_PLAIN = 0,
    PRINT_NO_ANNOTATIONS = 1 << 0, /* drop every ":::T" (SHOW COLUMNS) */
};

/* Append an expression, with flags of enum print_flags, and a type (INT8, VARCHAR(250), STRING[]), as the server writes them. */
void print_expr(struct str *out, const struct ast_expr *e, unsigned flags);
void print_type(struct str *out, const struct ast_type *t);
/* a.b.c, each part quoted when needed. */
void print_name(struct str *out, const struct ast_name *n);
/* REGIONAL BY TABLE IN "eu-west-1": as SHOW TABLES and SHOW CREATE TABLE have it, without the word
 * LOCALITY. */
void print_locality(struct str *out, const struct ast_locality *l);
/* A whole query or statement on one line, as view definitions and query columns show it. Statements
 * that have no printer give their source text. */
void print_query(struct str *out, const struct ast_query *q, unsigned flags);

#endif
