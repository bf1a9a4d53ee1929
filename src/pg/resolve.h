/* resolve: host names looked up by a child process, so that a slow name server stops nothing. */
#ifndef PG_RESOLVE_H
#define PG_RESOLVE_H

#include "domicile/loop/loop.h"

struct resolve;
/* Looks name up; done gets its addresses as "a,b,c" (NULL: not found, then error says why), once, unless it
 * is freed before. done may free it. */
struct resolve *resolve_start(struct loop *loop, const char *name,
    void (*done)(void *arg, const char *addresses, const char *error), void *arg);
void resolve_free(struct resolve *r); /* NULL allowed */

#endif
