/* child: a forked helper that does one blocking thing and writes its answer to a pipe. */
#ifndef PG_CHILD_H
#define PG_CHILD_H

#include "domicile/base/str.h"
#include "domicile/loop/loop.h"

struct child;
/* Forks; work runs in the child and writes to fd, then the child ends. done gets what was written, once. NULL
 * when no process could be made. */
struct child *child_start(struct loop *loop, void (*work)(void *work_arg, int fd), void *work_arg,
    void (*done)(void *arg, const char *answer), void *arg);
/* Kills it if it still runs; done is not called any more. NULL allowed. */
void child_free(struct child *c);

#endif
