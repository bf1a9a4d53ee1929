/* setcmd: SET, RESET, USE and SHOW of session variables and cluster settings, as statements. */
#ifndef DOMICILE_SANDBOX_SETCMD_H
#define DOMICILE_SANDBOX_SETCMD_H

#include "domicile/dialect/ast.h"
#include "domicile/sandbox/result.h"
#include "domicile/sandbox/session.h"
#include "domicile/sandbox/settings.h"
#include "domicile/sandbox/users.h"

/* SET, RESET of a session variable or cluster setting. database_exists (may be NULL: not asked) says whether
 * USE may go there. The command tag is set. False with the error in r. */
bool setcmd_set(struct session *s, struct settings *settings, const struct users *users,
    const struct ast_set *st, bool (*database_exists)(void *arg, const char *name), void *arg,
    struct result *r);
/* The constant that SET gives a variable, as text; the caller frees. NULL with the error in r. */
char *setcmd_value(const struct ast_set *st, struct result *r);
/* The kinds that setcmd_show answers. */
bool setcmd_shows(enum ast_show_kind kind);
/* SHOW x, SHOW ALL, SHOW CLUSTER SETTING x, SHOW [ALL] CLUSTER SETTINGS, SHOW TRANSACTION STATUS, SHOW
 * LOCALITY: columns and rows. False with the error in r. */
bool setcmd_show(const struct session *s, const struct settings *settings, const struct users *users,
    const struct ast_show *st, struct result *r);
/* The columns alone, for Describe. False with the error in r. */
bool setcmd_show_columns(const struct session *s, const struct settings *settings,
    const struct ast_show *st, struct result *r);

#endif
