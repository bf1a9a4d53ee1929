/* statement: the statements that this program sends to a server, embedded from sql/ by the build, with the
 * server versions they are for. Pure: knows no connection. */
#ifndef DOMICILE_SQL_STATEMENT_H
#define DOMICILE_SQL_STATEMENT_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* One file of sql/. Everything but name, part, purpose and text comes from its header and may lack. */
struct statement {
    const char *name;          /* path under sql/ without ".sql": "catalog/ranges-22.1" */
    const char *part;          /* what it answers, the same for the rows of every version: "ranges" */
    const char *purpose;       /* one line */
    const char *cost;          /* what it costs the server; NULL not said */
    const char *falls_back_to; /* name of the statement for servers that lack its columns; NULL none */
    const char *grant;         /* what would allow it, "GRANT SYSTEM VIEWACTIVITY TO {user}"; NULL not said */
    const char *grant_22_1;    /* the same before 22.2, which has no system privileges; NULL: as grant */
    int from, to;              /* versions, both inclusive: major * 100 + minor, 0 .. 999999 */
    bool internals;            /* reads crdb_internal or system: closed by allow_unsafe_internals = off */
    const char *text;
};

/* The whole table, sorted by name. */
extern const struct statement statement_table[];
extern const size_t statement_table_count;

/* NULL when there is no such file. */
const struct statement *statement_find(const char *name);
/* The statement that answers part on a server of this version (0 or newer than all: the newest row);
 * internals: whether crdb_internal and system are open to the session, else rows that need them are passed
 * over. Where several fit, the one that begins at the newest version, and with internals one that uses
 * them. NULL: this server cannot be asked. */
const struct statement *statement_for(const char *part, int version, bool internals);
/* Those whose name begins with prefix ("schema/"), in the order of names: start with previous NULL; NULL at
 * the end. */
const struct statement *statement_each(const char *prefix, const struct statement *previous);

/* How a placeholder's value is written. Values of rows never pass here: they travel as parameters. */
enum statement_arg_kind {
    STATEMENT_NAME,       /* an identifier, quoted: "t" */
    STATEMENT_NAMES,      /* several, quoted, with ", " between */
    STATEMENT_TEXT,       /* a string literal, quoted: 't'; only where the dialect takes no parameter */
    STATEMENT_TEXTS,      /* several of those, with ", " between */
    STATEMENT_NUMBER,     /* digits */
    STATEMENT_PARAMETERS, /* $number .. $(number + count - 1) with ", " between */
    STATEMENT_SQL,        /* a piece made by another statement_fill, or a keyword from a table of ours */
};
struct statement_arg {
    const char *name; /* of the placeholder, without the braces */
    enum statement_arg_kind kind;
    const char *value;         /* NAME, TEXT, SQL */
    const char *const *values; /* NAMES, TEXTS */
    size_t count;              /* NAMES, TEXTS, PARAMETERS */
    long long number;          /* NUMBER; first of PARAMETERS */
};

/* Appends the text with every {placeholder} written by its argument. False: which placeholder has no
 * argument. A brace that does not begin a {lower_case_word} stays. */
bool statement_fill(struct str *out, const struct statement *s, const struct statement_arg *args, size_t n,
    struct err *err);
/* Appends name quoted as an identifier, always with quotes. */
void statement_quote_name(struct str *out, const char *name);
/* Appends text quoted as a string literal. */
void statement_quote_text(struct str *out, const char *text);

#endif
