/* settable: the table of cluster settings. */
#ifndef DOMICILE_SANDBOX_SETTABLE_H
#define DOMICILE_SANDBOX_SETTABLE_H

#include <stdbool.h>

struct settable_row {
    const char *name;
    char type;               /* as crdb_internal.cluster_settings has it: b d e f i m p s z */
    bool is_public;
    const char *default_22;  /* NULL: 22.1 has no such setting */
    const char *default_26;  /* NULL: 26.1 has no such setting */
    const char *description;
    const char *description_26; /* NULL: the same */
};

/* In order of name, ended by a row without one. */
extern const struct settable_row settable[];

#endif
