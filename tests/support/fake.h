/* fake: servers that are not what one hoped for, each in a child process on a free loopback port. */
#ifndef TESTS_SUPPORT_FAKE_H
#define TESTS_SUPPORT_FAKE_H

#include <sys/types.h>

enum fake_kind {
    FAKE_POSTGRES,   /* lets in, is not a CockroachDB (no crdb_version), refuses every statement */
    FAKE_PASSWORD,   /* asks for a cleartext password and refuses every one with 28P01 */
    FAKE_BLACK_HOLE, /* accepts and never says a word */
    FAKE_HOSTILE,    /* a CockroachDB by its own word; FAKE_BYTES in every text that it sends */
    FAKE_HANG_UP,    /* accepts and closes at once */
};

/* What no terminal may ever get to see: CSI, OSC, DCS, C1, DEL, bidirectional controls, a flood of combining marks,
 * wide characters; the last line is no UTF-8 at all. */
#define FAKE_MARK "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
#define FAKE_TEXT \
    "\033[6;66;666m\033]0;PWNED\007\033]52;c;UFdORUQ=\007\033Pq\033\\\302\23366m\177\xe2\x80\xae" \
    "a" FAKE_MARK FAKE_MARK FAKE_MARK FAKE_MARK "\xe6\xbc\xa2\xe2\x80\x8b\r\b"
#define FAKE_BYTES FAKE_TEXT "\x9b" "31m\xff\xfe\xc0\xaf\xed\xa0\x80"

struct fake {
    pid_t pid;
    int port;
};

void fake_start(struct fake *f, enum fake_kind kind);
void fake_stop(struct fake *f);

#endif
