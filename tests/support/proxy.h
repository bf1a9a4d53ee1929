/* proxy: a bad network between explorer and server, in a child process on a free loopback port. What it does to
 * the server's messages can be changed while it runs. */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <sys/types.h>

enum proxy_mode {
    PROXY_PASS,
    PROXY_DELAY,       /* every message of the server waits arg milliseconds */
    PROXY_TRICKLE,     /* one byte a time */
    PROXY_BLACK_HOLE,  /* nothing goes either way, nothing is closed; new connections are accepted */
    PROXY_REFUSE,      /* new connections are closed at once, those there are too */
    PROXY_CUT,         /* once: half of the next row, then the end */
    PROXY_CORRUPT,     /* once: the next row says a wrong length */
    PROXY_FLOOD,       /* arg notices before each answer's end */
    PROXY_HUGE,        /* once: instead of the next row one of 1 GB is announced and trickled */
    PROXY_LOSE_INSERT, /* once: an INSERT is sent on, its answer is not: the end instead */
    PROXY_DROP_INSERT, /* once: the end instead of an INSERT, which the server never sees */
};

struct proxy {
    pid_t pid;
    int port;
    struct proxy_control *control; /* shared with the child */
};

void proxy_start(struct proxy *p, int server_port);
/* From now on; those that act once go back to PROXY_PASS by themselves. */
void proxy_set(struct proxy *p, enum proxy_mode mode, int arg);
enum proxy_mode proxy_mode(const struct proxy *p);
/* Where new connections go. */
void proxy_aim(struct proxy *p, int server_port);
/* How many sessions were begun through it, and how many of them asked to be read-only from the start. */
void proxy_sessions(const struct proxy *p, int *begun, int *read_only);
void proxy_stop(struct proxy *p);

#endif
