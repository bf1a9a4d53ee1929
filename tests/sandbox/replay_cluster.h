/* replay_cluster: the sandbox that is asked: its nodes' ports, psql, and the cluster's time, which stands still
 * while nobody moves it. */
#ifndef TESTS_SANDBOX_REPLAY_CLUSTER_H
#define TESTS_SANDBOX_REPLAY_CLUSTER_H

/* Reads the lines "n1 postgresql://root@HOST:PORT/…" that the sandbox printed. Ends the program without them. */
void replay_cluster_open(const char *path);
void replay_cluster_close(void);
/* The URL of the node that had this port on the recorded cluster, where nodes listened on 26257 and up. The
 * caller frees. */
char *replay_cluster_url(int recorded_port, const char *database, const char *user);
/* Runs a statement that is not of the recording; says so when it fails. */
void replay_cluster_run(const char *sql);
/* Asks node 1, and hands each row's cells over; NULL is "". */
void replay_cluster_ask(const char *sql, void (*row)(void *arg, char **cells), void *arg);
/* Lets the cluster's time go on to so many seconds of the recording; what psql's waiting took counts. */
void replay_cluster_reach(double when);
/* Runs psql and returns what it printed on both streams; the caller frees. While it waits, time goes on. */
char *replay_cluster_psql(const char *const *argv, const char *input);

#endif
