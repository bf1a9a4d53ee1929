/* readonly: which typed statement --read-only lets through. The server enforces it too: each session has
 * default_transaction_read_only on, and what is let through goes alone, as the one statement between
 * "session/begin-read-only" and "session/end-read-only", after which the session gets its settings back
 * ("session/forget-settings"). Refused here is what that does not hold back: transaction control, settings, several
 * statements at once, and what acts outside of transactions. Pure. */
#ifndef DOMICILE_ACTIONS_READONLY_H
#define DOMICILE_ACTIONS_READONLY_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <stdbool.h>

/* Whether the text may be sent. False (ERR_FORBIDDEN) with what of it is refused and why in err. A text that
 * the parser does not understand is refused unless it begins like a query and the server can judge the rest. */
bool readonly_allows(const char *sql, struct err *err);

/* Names, owned. */
struct readonly_names {
    VEC_STRUCT(char *) list;
};
void readonly_names_free(struct readonly_names *names);
/* Whatever in the text is followed by a parenthesis, as the server would look it up, each once. What users have
 * defined under such a name is not to be told from the text: "session/volatile-functions" asks the server. */
void readonly_calls(struct readonly_names *names, const char *sql);
/* The sentence about a function of that name; always false. */
bool readonly_refuses_function(const char *name, struct err *err);

#endif
