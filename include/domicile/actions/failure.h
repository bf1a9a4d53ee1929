/* failure: nodes and regions stopped and started again, where the server offers it (server_info.offers_sandbox). */
#ifndef DOMICILE_ACTIONS_FAILURE_H
#define DOMICILE_ACTIONS_FAILURE_H

#include "domicile/survey/survey.h"

enum failure_what { FAILURE_KILL_NODE, FAILURE_START_NODE, FAILURE_KILL_REGION, FAILURE_START_REGION };

/* Appends the SQL that failure_start would send, for the eye. */
void failure_preview(struct str *out, enum failure_what what, int node, const char *region);

struct failure;
/* Sends it on a session of its own; done is called once with a sentence: what happened or why not. NULL:
 * refused before anything was sent (read-only, the server does not offer it). */
struct failure *failure_start(struct loop *loop, struct survey *s, enum failure_what what, int node,
    const char *region, void (*done)(void *arg, bool ok, const char *sentence), void *arg, struct err *err);
void failure_free(struct failure *f);

#endif
