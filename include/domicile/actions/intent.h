/* intent: what a written statement wants of a database's regions, as the planner's question. Pure. */
#ifndef DOMICILE_ACTIONS_INTENT_H
#define DOMICILE_ACTIONS_INTENT_H

#include "domicile/cluster/planner.h"

struct intent;

/* Reads one statement. NULL with the reason: it does not parse, is several, or is none that the planner knows (then
 * err->kind is ERR_NONE: an ordinary statement). database names the one that is looked at: a statement for another is
 * refused. */
struct intent *intent_new(const char *sql, const char *database, struct err *err);
/* Lives as long as the intent. */
const struct plan_request *intent_request(const struct intent *i);
void intent_free(struct intent *i);

#endif
