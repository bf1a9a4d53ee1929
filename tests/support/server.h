/* server: a sandbox started for a test on free ports, stopped with it. */
#ifndef TESTS_SUPPORT_SERVER_H
#define TESTS_SUPPORT_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

struct server {
    pid_t pid;
    int port; /* of node 1; node k listens on port + k - 1 */
    char url[128]; /* postgresql://root@127.0.0.1:PORT/django?sslmode=disable */
};

/* Starts "domicile sandbox" with these extra arguments (NULL-terminated; may be NULL) and waits for
 * "ready" (at most 20 s). Ends the test with a diagnosis when that does not come. $DOMICILE names the program. */
void server_start(struct server *s, const char *const *arguments);
/* SIGTERM, then waits; true when it exited with 0. */
bool server_stop(struct server *s);
void server_kill(struct server *s);
/* Runs statements through a connection to port + node - 1 and returns the first value of the last result, or
 * "ERROR <sqlstate> <message>"; the caller frees. For what happens behind the explorer's back. */
char *server_sql(const struct server *s, int node, const char *database, const char *sql);

#endif
