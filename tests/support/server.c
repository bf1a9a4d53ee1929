/* server: a sandbox for the tests that need one. */
#include "server.h"

#include "patience.h"

#include "domicile/base/mem.h"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NODES = 9, MOST_NODES = 16, MOST_ARGUMENTS = 64, READY_MS = 20000 };

static bool port_is_free(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool free_port = bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return free_port;
}

/* Tests run side by side: where to look first depends on the process. */
static int find_ports(int nodes) {
    static int round;
    for (int i = 0; i < 1250; i++) {
        int base = 20000 + (int)((unsigned)(getpid() * 131 + round++ * 17) % 1250) * MOST_NODES;
        int n = 0;
        while (n < nodes && port_is_free(base + n))
            n++;
        if (n == nodes)
            return base;
    }
    printf("Bail out! no free ports in a row\n");
    exit(99);
}

static void run_sandbox(int port, int out, const char *const *arguments) {
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    const char *argv[MOST_ARGUMENTS] = {getenv("DOMICILE"), "sandbox", "--listen", listen};
    int n = 4;
    for (; arguments && *arguments; arguments++) {
        if (n == MOST_ARGUMENTS - 1)
            _exit(127); /* never a sandbox with fewer arguments than were asked for */
        argv[n++] = *arguments;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool wait_ready(int fd, char *text, size_t size) {
    size_t len = 0;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (len + 1 < size && poll(&p, 1, READY_MS * patience()) > 0) {
        ssize_t n = read(fd, text + len, size - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        if (strncmp(text, "ready\n", 6) == 0 || strstr(text, "\nready\n"))
            return true;
    }
    return false;
}

void server_start(struct server *s, const char *const *arguments) {
    int out[2];
    int nodes = 0;
    for (const char *const *a = arguments; a && *a; a++)
        nodes += strcmp(*a, "--locality") == 0;
    if (nodes > MOST_NODES) {
        printf("Bail out! more nodes than this looks for ports for\n");
        exit(99);
    }
    s->port = find_ports(nodes ? nodes : NODES);
    snprintf(s->url, sizeof s->url, "postgresql://root@127.0.0.1:%d/django?sslmode=disable", s->port);
    fflush(stdout);
    if (pipe(out) != 0 || (s->pid = fork()) < 0) {
        perror("Bail out! pipe or fork");
        exit(99);
    }
    if (s->pid == 0) {
        close(out[0]);
        run_sandbox(s->port, out[1], arguments);
    }
    close(out[1]);
    char text[8192] = "";
    if (!wait_ready(out[0], text, sizeof text)) {
        printf("Bail out! the sandbox did not become ready; it said: %s\n", text);
        server_kill(s);
        exit(99);
    }
    /* Nothing more is read: the sandbox prints nothing after "ready". */
    close(out[0]);
}

bool server_stop(struct server *s) {
    int status = 0;
    kill(s->pid, SIGTERM);
    for (int i = 0; i < 1000; i++) {
        if (waitpid(s->pid, &status, WNOHANG) == s->pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        poll(NULL, 0, 10);
    }
    printf("# the sandbox did not end on SIGTERM\n");
    server_kill(s);
    return false;
}

void server_kill(struct server *s) {
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}

char *server_sql(const struct server *s, int node, const char *database, const char *sql) {
    char *conninfo = mem_printf("host=127.0.0.1 port=%d user=root dbname=%s sslmode=disable connect_timeout=10",
        s->port + node - 1, database);
    PGconn *conn = PQconnectdb(conninfo);
    free(conninfo);
    PGresult *r = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(r);
    char *out;
    if (status == PGRES_TUPLES_OK)
        out = mem_strdup(PQntuples(r) > 0 && PQnfields(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    else if (status == PGRES_COMMAND_OK)
        out = mem_strdup(PQcmdStatus(r));
    else
        out = mem_printf("ERROR %s %s",
            r && PQresultErrorField(r, PG_DIAG_SQLSTATE) ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : "",
            PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    return out;
}
