/* replay_cluster: the sandbox that is asked. */
#include "replay_cluster.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NODES = 9, FIRST_PORT = 26257 };
/* What took so long, in seconds, on the recorded cluster hung there; schema changes take less. */
static const double HANGS = 10;
/* So much of the recording's time passes at once while something hangs, s: after so long without an answer, ms. */
static const double TICK = 0.5;
enum { LOOK_MS = 40, SILENCE_MS = 1000 };

static struct {
    char host[64];
    int ports[NODES];
    PGconn *conn; /* to node 1, which no story kills */
    double now;   /* of the recording, seconds; 0: nothing yet */
    void (*reach)(double when);
} cluster;

void replay_cluster_open(const char *path, void (*reach)(double when)) {
    char line[512];
    int found = 0;
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        int node;
        int port;
        if (sscanf(line, "n%d postgresql://root@%63[^:]:%d/", &node, cluster.host, &port) == 3 && node >= 1 &&
            node <= NODES) {
            cluster.ports[node - 1] = port;
            found++;
        }
    }
    if (f)
        fclose(f);
    if (found != NODES) {
        fprintf(stderr, "replay: %s does not name the ports of %d nodes\n", path, NODES);
        exit(2);
    }
    char *url = replay_cluster_url(FIRST_PORT, "defaultdb", "root");
    cluster.conn = PQconnectdb(url);
    cluster.reach = reach;
    free(url);
}

void replay_cluster_close(void) { PQfinish(cluster.conn); }

char *replay_cluster_url(int recorded_port, const char *database, const char *user) {
    const int node = recorded_port - FIRST_PORT;
    return mem_printf("postgresql://%s@%s:%d/%s?sslmode=disable", user, cluster.host,
        node >= 0 && node < NODES ? cluster.ports[node] : recorded_port, database);
}

void replay_cluster_run(const char *sql) {
    PGresult *r = PQexec(cluster.conn, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        printf("# %s: %s", sql, PQresultErrorMessage(r));
    PQclear(r);
}

enum { MAX_CELLS = 16 };

void replay_cluster_ask(const char *sql, void (*row)(void *arg, char **cells), void *arg) {
    PGresult *r = PQexec(cluster.conn, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        printf("# %s: %s", sql, PQresultErrorMessage(r));
    for (int i = 0; i < PQntuples(r); i++) {
        char *cells[MAX_CELLS] = {0};
        for (int k = 0; k < PQnfields(r) && k < MAX_CELLS; k++)
            cells[k] = PQgetvalue(r, i, k);
        row(arg, cells);
    }
    PQclear(r);
}

static void advance(double seconds) {
    char *sql = mem_printf("SELECT sandbox.advance(%.3f)", seconds);
    replay_cluster_run(sql);
    free(sql);
    cluster.now += seconds;
}

void replay_cluster_reach(double when) {
    if (cluster.now == 0)
        cluster.now = when;
    if (when > cluster.now)
        advance(when - cluster.now);
}

void replay_cluster_pass(double seconds) { cluster.reach(cluster.now + seconds); }

static pid_t start(const char *const *argv, int in[2], int out[2]) {
    if (pipe(in) != 0 || pipe(out) != 0)
        exit(2);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        for (int fd = 3; fd < 64; fd++)
            close(fd);
        alarm(60);
        execvp("psql", (char *const *)(size_t)argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    return pid;
}

/* Whether a line of the text from start on says how long a statement took. */
static bool is_timed(const struct str *s, size_t start) {
    const char *text = str_get(s) + start;
    for (const char *at = text; (at = strstr(at, "Time: ")); at++)
        if (at == text || at[-1] == '\n')
            return strchr(at, '\n') != NULL;
    return false;
}

/* Reads on until psql ends or, for a statement of a session, has timed it. What took long on the recorded cluster hangs
 * here too: time passes for it, as long as it took there, without being waited for; else none passes, however slow this
 * machine, but for what hangs against the recording. False: psql has ended. */
static bool read_answer(int out, struct str *s, double took, bool session) {
    const size_t start = s->len;
    const bool hangs = took >= HANGS;
    double passed = 0;
    char buffer[65536];
    while (!session || !is_timed(s, start)) {
        const bool due = hangs && passed + TICK <= took;
        struct pollfd p = {.fd = out, .events = POLLIN};
        if (poll(&p, 1, due ? LOOK_MS : SILENCE_MS) == 0) {
            replay_cluster_pass(TICK);
            passed += TICK;
            continue;
        }
        const ssize_t n = read(out, buffer, sizeof buffer);
        if (n <= 0)
            return false;
        str_add_n(s, buffer, (size_t)n);
    }
    if (took > passed)
        replay_cluster_pass(took - passed);
    return true;
}

static void send_text(int in, const char *text) {
    if (write(in, text, strlen(text)) < 0)
        perror("replay: write");
}

char *replay_cluster_session(const char *const *argv, const struct replay_script *script) {
    int in[2], out[2];
    const pid_t pid = start(argv, in, out);
    struct str s = {0};
    bool going = true;
    send_text(in[1], "\\timing on\n");
    for (size_t i = 0; going && i < script->len; i++) {
        send_text(in[1], script->items[i].sql);
        going = read_answer(out[0], &s, script->items[i].took, true);
    }
    close(in[1]);
    if (going)
        read_answer(out[0], &s, 0, false);
    close(out[0]);
    waitpid(pid, NULL, 0);
    return str_take(&s);
}

char *replay_cluster_psql(const char *const *argv, const char *input, double took) {
    int in[2], out[2];
    const pid_t pid = start(argv, in, out);
    struct str s = {0};
    if (input)
        send_text(in[1], input);
    close(in[1]);
    read_answer(out[0], &s, took, false);
    close(out[0]);
    waitpid(pid, NULL, 0);
    return str_take(&s);
}
