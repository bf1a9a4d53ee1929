/* screen: a program on a pseudo-terminal, measured as a user's terminal would: by the bytes it gets and when. */
#ifndef TESTS_BENCH_SCREEN_H
#define TESTS_BENCH_SCREEN_H

#include "domicile/base/str.h"

#include <stdint.h>
#include <sys/types.h>

struct screen_run {
    int fd;
    pid_t pid;
    struct str bytes; /* of the last measurement */
};

int64_t bench_now(void); /* microseconds, monotonic */
/* Starts argv (NULL-terminated) with TERM=xterm-256color in UTF-8. */
void screen_run_start(struct screen_run *s, const char *const *argv, int rows, int cols);
/* Ends it by force and reaps it. */
void screen_run_stop(struct screen_run *s);
/* Types keys and leaves what was painted in bytes; the time from the key to the last byte, which is the last before
 * quiet microseconds without one. 0: nothing was painted. */
int64_t screen_run_type(struct screen_run *s, const char *keys, size_t n, int64_t quiet);
/* Reads for so long; the number of bytes that came. */
size_t screen_run_watch(struct screen_run *s, int64_t time);
/* Reads until text comes (at most limit); when, since the call; -1 never. */
int64_t screen_run_until(struct screen_run *s, const char *text, int64_t limit);
void screen_run_size(struct screen_run *s, int rows, int cols);
/* A number of /proc/PID/status: "VmRSS", "voluntary_ctxt_switches". */
long screen_run_status(const struct screen_run *s, const char *name);

#endif
