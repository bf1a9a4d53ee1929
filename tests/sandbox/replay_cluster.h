/* replay_cluster: the sandbox that is asked: its nodes' ports, psql, and the cluster's time, which stands still
 * while nobody moves it. */
#ifndef TESTS_SANDBOX_REPLAY_CLUSTER_H
#define TESTS_SANDBOX_REPLAY_CLUSTER_H

#include "domicile/base/vec.h"

/* The statements of a session, and how long each took on the recorded cluster, s. */
struct replay_script {
    VEC_STRUCT(struct replay_statement {
        char *sql;
        double took;
    });
};

/* Reads the lines "n1 postgresql://root@HOST:PORT/…" that the sandbox printed. Ends the program without them. When
 * time passes during a statement, reach is asked to let it, which ends in replay_cluster_reach. */
void replay_cluster_open(const char *path, void (*reach)(double when));
void replay_cluster_close(void);
/* The URL of the node that had this port on the recorded cluster, where nodes listened on 26257 and up. The
 * caller frees. */
char *replay_cluster_url(int recorded_port, const char *database, const char *user);
/* Runs a statement that is not of the recording; says so when it fails. */
void replay_cluster_run(const char *sql);
/* Asks node 1, and hands each row's cells over; NULL is "". */
void replay_cluster_ask(const char *sql, void (*row)(void *arg, char **cells), void *arg);
/* Lets the cluster's time go on to so many seconds of the recording; to no earlier ones. */
void replay_cluster_reach(double when);
/* Lets so many seconds more pass, through reach. */
void replay_cluster_pass(double seconds);
/* Runs psql and returns what it printed on both streams; the caller frees. A statement that took long on the recorded
 * cluster finds as much time passing here; it is not waited for. */
char *replay_cluster_psql(const char *const *argv, const char *input, double took);
/* The same for the statements of one session, each of which begins when the one before it had ended there. */
char *replay_cluster_session(const char *const *argv, const struct replay_script *script);

#endif
