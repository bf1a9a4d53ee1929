/* script: a server that follows a script, one for each connection that it accepts, in a child process. */
#ifndef TESTS_PG_SCRIPT_H
#define TESTS_PG_SCRIPT_H

#include <sys/types.h>

/* A string of steps:
 *   s  read a startup packet (answering TLS and GSS requests with N)
 *   a  let in: AuthenticationOk, crdb_version, backend key, ready
 *   p  ask for a cleartext password and read it; "right" goes on, anything else is refused and closed
 *   q  read messages up to Sync
 *   1  answer one row, one column "n" with the value 1, and ready
 *   h  send half of such an answer
 *   e  answer a unique violation with all its fields, and ready
 *   n  send a notice
 *   x  answer 57014 (query canceled) and ready
 *   c  wait for a cancel request on another connection
 *   g  send garbage
 *   .  wait until the other side hangs up
 * At the end of the steps the connection is closed. */
struct script {
    pid_t pid;
    int port;
};

/* scripts: one string a connection, NULL-terminated; later connections are closed at once. */
void script_start(struct script *s, const char *const *scripts);
void script_stop(struct script *s);
/* A port on which nobody listens. */
int script_dead_port(void);

#endif
