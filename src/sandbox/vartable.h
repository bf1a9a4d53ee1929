/* vartable: the table of session variables. */
#ifndef DOMICILE_SANDBOX_VARTABLE_H
#define DOMICILE_SANDBOX_VARTABLE_H

#include <stdbool.h>

enum vartable_kind {
    VAR_BOOL,
    VAR_INTEGER,
    VAR_TIMEOUT,  /* milliseconds */
    VAR_TEXT,
    VAR_WORD,     /* one of words */
    VAR_ENCODING,
    VAR_FIXED,    /* cannot be changed */
    /* What follows from the session itself; all but the database cannot be changed. */
    VAR_DATABASE,
    VAR_USER,
    VAR_SUPERUSER,
    VAR_LOCALITY,
    VAR_NODE,
    VAR_TRANSACTION_STATUS,
    VAR_READ_ONLY,
};

struct vartable_row {
    const char *name;
    enum vartable_kind kind;
    const char *default_22;
    const char *default_26; /* NULL: the same */
    int since;              /* first version that has it; 0: all */
    int until;              /* first version that has it no more; 0: none */
    bool hidden;            /* not listed by SHOW ALL */
    const char *words;      /* of VAR_WORD: "a|b" */
};

/* In order of name, ended by a row without one. */
extern const struct vartable_row vartable[];

#endif
