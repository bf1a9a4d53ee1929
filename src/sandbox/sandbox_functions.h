/* sandbox_functions: what calls and SQLite's functions share. */
#ifndef DOMICILE_SANDBOX_SANDBOX_FUNCTIONS_H
#define DOMICILE_SANDBOX_SANDBOX_FUNCTIONS_H

#include "engine_private.h"

/* "2026-11-23 17:51:25.86994" from µs since 1970, with "+00" when zone. In the arena. */
const char *function_time(struct arena *a, int64_t wall, bool zone);
/* Whether crdb_internal and system are open to the session; else the recorded error. */
bool function_allowed(struct translator *tr);
/* The same for a table of a schema: some of crdb_internal are open to all, and other schemas always. */
bool table_allowed(struct translator *tr, const char *schema, const char *name);

#endif
