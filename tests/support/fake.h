/* fake: servers that are not what one hoped for, each in a child process on a free loopback port. */
#ifndef TESTS_SUPPORT_FAKE_H
#define TESTS_SUPPORT_FAKE_H

#include <sys/types.h>

enum fake_kind {
    FAKE_POSTGRES,   /* lets in, is not a CockroachDB (no crdb_version), refuses every statement */
    FAKE_PASSWORD,   /* asks for a cleartext password and refuses every one with 28P01 */
    FAKE_BLACK_HOLE, /* accepts and never says a word */
    FAKE_HANG_UP,    /* accepts and closes at once */
};

struct fake {
    pid_t pid;
    int port;
};

void fake_start(struct fake *f, enum fake_kind kind);
void fake_stop(struct fake *f);

#endif
