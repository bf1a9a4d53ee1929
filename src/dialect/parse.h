/* parse: what the files of the parser share: the cursor over tokens, errors, lists, and the entry
 * points of each part of the grammar. Every parse_ function returns NULL or false after an error, which
 * is then in the parser; callers just pass it on. */
#ifndef DIALECT_PARSE_H
#define DIALECT_PARSE_H

#include "domicile/dialect/lexer.h"
#include "domicile/dialect/parser.h"

#include <string.h>

enum { PARSE_DEPTH = 400, PARSE_LINKS = 4000, PARSE_LOOK = 3 };

struct parser {
    struct lexer lexer;
    struct arena *arena;
    struct token tok;               /* the current token */
    struct token ahead[PARSE_LOOK]; /* those after it, as far as they were looked at */
    int n_ahead;
    size_t last_end;   /* where the token before the current one ended */
    size_t stmt_begin; /* of the statement's first token */
    int depth;
    int params;
    int version;
    const char *help;  /* what "try \h" names while within this part; NULL: nothing */
    bool failed;
    struct parse_error error;
};

/* ---- tokens ---- */

void parse_advance(struct parser *p);
/* The n-th token after the current one, n from 1 to PARSE_LOOK. */
const struct token *parse_peek(struct parser *p, int n);
/* A keyword or bare word, never a quoted one. */
bool token_is_word(const struct token *tok, const char *word);
bool parse_at(const struct parser *p, const char *word);
bool parse_at2(struct parser *p, const char *first, const char *second);
bool parse_at_op(const struct parser *p, const char *op);
bool parse_take(struct parser *p, const char *word);
/* Takes all the words or none. At most PARSE_LOOK + 1, ended by NULL. */
bool parse_take_words(struct parser *p, const char *const *words);
#define parse_take_all(p, ...) parse_take_words((p), (const char *const[]){__VA_ARGS__, NULL})
bool parse_take_op(struct parser *p, const char *op);
bool parse_expect(struct parser *p, const char *word);
bool parse_expect_op(struct parser *p, const char *op);
/* True at the end of the statement. */
bool parse_at_end(const struct parser *p);

/* ---- errors: all return false ---- */

/* at or near "tok": syntax error */
bool parse_fail(struct parser *p);
/* at or near "tok": syntax error: detail */
bool parse_fail_because(struct parser *p, const char *detail);
/* 0A000 at or near "tok": syntax error: unimplemented: what */
bool parse_unimplemented(struct parser *p, const char *what);

/* Within this part of the grammar errors hint at topic; give the answer back to parse_leave. */
const char *parse_enter(struct parser *p, const char *topic);
void parse_leave(struct parser *p, const char *before);
/* Guards recursion; every true needs a parse_rise. */
bool parse_dive(struct parser *p);
void parse_rise(struct parser *p);
/* Guards chains that make a tree as deep as they are long (a + b + c ...): one more link. */
bool parse_link(struct parser *p, int *links);

/* ---- lists in the arena: any struct with items and len ---- */

#define parse_push(p, list, value) \
    do { \
        (list)->items = parse_grow((p), (list)->items, (list)->len, sizeof *(list)->items); \
        (list)->items[(list)->len++] = (value); \
    } while (0)
void *parse_grow(struct parser *p, void *items, size_t len, size_t size);
#define parse_new(p, T) arena_new_of((p)->arena, T)

/* ---- names (parse_name.c) ---- */

/* The grammar's classes: any identifier; column, table; type or function; and after AS. */
bool parse_name(struct parser *p, const char **name);
bool parse_any_name(struct parser *p, const char **name); /* reserved words too */
bool token_is_name(const struct token *tok);
bool token_is_function_name(const struct token *tok);
bool parse_names(struct parser *p, struct ast_words *names);       /* a, b */
bool parse_names_in_parens(struct parser *p, struct ast_words *names);
bool parse_object(struct parser *p, struct ast_name *name);        /* a.b.c */
bool parse_objects(struct parser *p, struct ast_names *names);
bool parse_region(struct parser *p, const char **region);          /* name or 'string' */
bool parse_regions(struct parser *p, struct ast_words *regions);
bool parse_role(struct parser *p, const char **role);              /* name, 'string', CURRENT_USER */
bool parse_roles(struct parser *p, struct ast_words *roles);
bool parse_string(struct parser *p, const char **text);
bool parse_integer(struct parser *p, long long *n);
bool parse_if_exists(struct parser *p, bool *said);
bool parse_if_not_exists(struct parser *p, bool *said);
/* DATABASE d, TABLE t, INDEX t@i, RANGE r, PARTITION p OF ...; error when there is none. */
bool parse_zone_target(struct parser *p, struct ast_target *target);
bool parse_table_index(struct parser *p, struct ast_target *target); /* t@i or t or i */

/* ---- expressions ---- */

struct ast_expr *parse_expr(struct parser *p);
/* What may follow DEFAULT or IN, where a word like NOT NULL must not be taken for an operator. */
struct ast_expr *parse_b_expr(struct parser *p);
bool parse_exprs(struct parser *p, struct ast_exprs *list);
struct ast_expr *parse_primary(struct parser *p);
struct ast_expr *parse_new_expr(struct parser *p, enum ast_expr_kind kind);
struct ast_expr *parse_done(struct parser *p, struct ast_expr *e); /* sets its end */
struct ast_expr *parse_call_of(struct parser *p, struct ast_expr *e); /* e is EXPR_CALL at "(" */
struct ast_expr *parse_special_call(struct parser *p, bool *is_special);
bool parse_window(struct parser *p, struct ast_window *w);
bool parse_orders(struct parser *p, struct ast_orders *orders); /* after ORDER BY */
struct ast_type *parse_type(struct parser *p);
/* YEAR TO MONTH and the like: the last of them; NULL none. */
const char *parse_interval_fields(struct parser *p);
/* True when a type name stands here that is followed by a string: a typed literal. */
bool parse_at_typed_literal(struct parser *p);

/* ---- queries and rows ---- */

bool parse_at_query(struct parser *p); /* SELECT, VALUES, TABLE, WITH or ( ... of one */
struct ast_query *parse_query(struct parser *p);
/* The rest of a query whose first part stands already: UNION ..., ORDER BY ..., LIMIT ... */
struct ast_query *parse_query_after_first(struct parser *p, struct ast_query *first);
struct ast_with *parse_with(struct parser *p);
struct ast_select *parse_select(struct parser *p); /* SELECT or TABLE */
struct ast_from *parse_from(struct parser *p);
bool parse_from_list(struct parser *p, struct ast_froms *list); /* after FROM */
bool parse_targets(struct parser *p, struct ast_targets *targets);
bool parse_locking_and_limits(struct parser *p, struct ast_query *q);
bool parse_assignments(struct parser *p, struct ast_assignments *set);

/* ---- statements: each is called at its first word ---- */

struct ast_stmt *parse_stmt(struct parser *p);
/* True, and an error, at something that the server refuses as unimplemented. */
bool parse_refused(struct parser *p);
bool parse_unsupported(struct parser *p, struct ast_stmt *s, const char *words);
/* After WITH: the statement that the common tables are for. */
bool parse_with_stmt(struct parser *p, struct ast_stmt *s);
bool parse_insert(struct parser *p, struct ast_stmt *s, struct ast_with *with);
bool parse_update(struct parser *p, struct ast_stmt *s, struct ast_with *with);
bool parse_delete(struct parser *p, struct ast_stmt *s, struct ast_with *with);
bool parse_truncate(struct parser *p, struct ast_stmt *s);
bool parse_show(struct parser *p, struct ast_stmt *s);
bool parse_set(struct parser *p, struct ast_stmt *s);
bool parse_set_clause(struct parser *p, struct ast_set *set); /* name = value after SET */
bool parse_setting_name(struct parser *p, const char **name); /* a.b.c in one text */
/* At TRANSACTION; session: SET SESSION CHARACTERISTICS AS TRANSACTION. */
bool parse_set_transaction(struct parser *p, struct ast_stmt *s, bool session);
bool parse_reset(struct parser *p, struct ast_stmt *s);
bool parse_use(struct parser *p, struct ast_stmt *s);
bool parse_txn(struct parser *p, struct ast_stmt *s);
bool parse_prepare(struct parser *p, struct ast_stmt *s);
bool parse_copy(struct parser *p, struct ast_stmt *s);
bool parse_cursor(struct parser *p, struct ast_stmt *s);
bool parse_explain(struct parser *p, struct ast_stmt *s);
bool parse_create(struct parser *p, struct ast_stmt *s);
bool parse_alter(struct parser *p, struct ast_stmt *s);
bool parse_drop(struct parser *p, struct ast_stmt *s);
bool parse_grant(struct parser *p, struct ast_stmt *s);
bool parse_comment(struct parser *p, struct ast_stmt *s);
bool parse_job_control(struct parser *p, struct ast_stmt *s);

/* CREATE ... and ALTER ..., after those words have been seen: the parser is at DATABASE, TABLE ... */
bool parse_create_database(struct parser *p, struct ast_stmt *s);
bool parse_alter_database(struct parser *p, struct ast_stmt *s);
bool parse_create_table(struct parser *p, struct ast_stmt *s);
bool parse_alter_table(struct parser *p, struct ast_stmt *s);
bool parse_alter_commands(struct parser *p, struct ast_alter_table *t);
bool parse_create_index(struct parser *p, struct ast_stmt *s);
bool parse_alter_index(struct parser *p, struct ast_stmt *s);
bool parse_configure_zone(struct parser *p, struct ast_stmt *s, const struct ast_target *target);
bool parse_zone_options(struct parser *p, struct ast_options *options, bool *discard, bool *use_default);
bool parse_create_role(struct parser *p, struct ast_stmt *s, bool alter);
bool parse_locality(struct parser *p, struct ast_locality *l); /* after LOCALITY */
bool parse_survival(struct parser *p, enum ast_survival *goal); /* after SURVIVE */
bool parse_placement(struct parser *p, enum ast_placement *policy); /* after PLACEMENT */
/* Parts of tables. */
struct ast_column *parse_column(struct parser *p, bool typed);
bool parse_column_qualifiers(struct parser *p, struct ast_column *c);
struct ast_constraint *parse_constraint(struct parser *p); /* at CONSTRAINT, CHECK, UNIQUE ... */
bool parse_at_constraint(struct parser *p);
bool parse_references(struct parser *p, struct ast_references *r); /* after REFERENCES */
bool parse_index_body(struct parser *p, struct ast_index *index);  /* from "(" of the columns on */
bool parse_params(struct parser *p, struct ast_options *params);   /* ( a = b, ... ) */
bool parse_partition_by(struct parser *p);                         /* after PARTITION */

#endif
