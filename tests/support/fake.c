/* fake: the least of the protocol that it takes to disappoint a client. */
#include "fake.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool read_all(int fd, void *to, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t got = read(fd, (char *)to + done, n - done);
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* A message: type (0: none, as at the start), then the length, then n bytes into body. */
static bool read_message(int fd, bool typed, char *type, char *body, size_t size, uint32_t *n) {
    uint32_t length;
    if (typed && !read_all(fd, type, 1))
        return false;
    if (!read_all(fd, &length, 4))
        return false;
    *n = ntohl(length) - 4;
    return *n < size && read_all(fd, body, *n);
}

static void send_message(int fd, char type, const void *body, uint32_t n) {
    char out[1024];
    uint32_t length = htonl(n + 4);
    out[0] = type;
    memcpy(out + 1, &length, 4);
    memcpy(out + 5, body, n);
    if (write(fd, out, n + 5) < 0)
        _exit(1);
}

static void send_error(int fd, const char *severity, const char *code, const char *message) {
    char body[512];
    int n = snprintf(body, sizeof body, "S%s%cV%s%cC%s%cM%s%c", severity, 0, severity, 0, code, 0, message, 0);
    body[n] = '\0';
    send_message(fd, 'E', body, (uint32_t)n + 1);
}

static bool startup(int fd) {
    char body[4096];
    uint32_t n;
    uint32_t code;
    do {
        if (!read_message(fd, false, NULL, body, sizeof body, &n) || n < 4)
            return false;
        memcpy(&code, body, 4);
        code = ntohl(code);
        if ((code == 80877103 || code == 80877104) && write(fd, "N", 1) != 1)
            return false;
    } while (code == 80877103 || code == 80877104);
    return true;
}

static void serve_postgres(int fd) {
    char type;
    char body[65536];
    uint32_t n;
    send_message(fd, 'R', "\0\0\0\0", 4);
    send_message(fd, 'S', "server_version\0" "15.4", 20);
    send_message(fd, 'S', "client_encoding\0" "UTF8", 21);
    send_message(fd, 'K', "\0\0\0\1\0\0\0\2", 8);
    send_message(fd, 'Z', "I", 1);
    while (read_message(fd, true, &type, body, sizeof body, &n) && type != 'X') {
        if (type == 'Q' || type == 'E')
            send_error(fd, "ERROR", "0A000", "this server refuses every statement");
        if (type == 'Q' || type == 'S')
            send_message(fd, 'Z', "I", 1);
    }
}

static void send_hostile(int fd, char type) {
    static const char body[] = "SERROR\0VERROR\0C42P01\0M" FAKE_BYTES "\0D" FAKE_BYTES "\0H" FAKE_BYTES "\0";
    send_message(fd, type, body, sizeof body);
}

/* Lets in, calls itself a CockroachDB, and answers everything with a notice and an error. */
static void serve_hostile(int fd) {
    static const char version[] = "crdb_version\0CockroachDB CCL v22.1.0 " FAKE_BYTES;
    char type;
    char body[65536];
    uint32_t n;
    send_message(fd, 'R', "\0\0\0\0", 4);
    send_message(fd, 'S', "server_version\0" "13.0.0", 22);
    send_message(fd, 'S', "client_encoding\0" "UTF8", 21);
    send_message(fd, 'S', version, sizeof version);
    send_message(fd, 'K', "\0\0\0\1\0\0\0\2", 8);
    send_message(fd, 'Z', "I", 1);
    while (read_message(fd, true, &type, body, sizeof body, &n) && type != 'X') {
        if (type == 'Q' || type == 'E') {
            send_hostile(fd, 'N');
            send_hostile(fd, 'E');
        }
        if (type == 'Q' || type == 'S')
            send_message(fd, 'Z', "I", 1);
    }
}

static void serve(int fd, enum fake_kind kind) {
    char type;
    char body[4096];
    uint32_t n;
    if (kind == FAKE_BLACK_HOLE) {
        while (read(fd, body, sizeof body) > 0) {
        }
        return;
    }
    if (kind == FAKE_HANG_UP || !startup(fd))
        return;
    if (kind == FAKE_HOSTILE) {
        serve_hostile(fd);
        return;
    }
    if (kind == FAKE_POSTGRES) {
        serve_postgres(fd);
        return;
    }
    send_message(fd, 'R', "\0\0\0\3", 4);
    if (read_message(fd, true, &type, body, sizeof body, &n))
        send_error(fd, "FATAL", "28P01", "password authentication failed for user someone");
}

static void run(int listener, enum fake_kind kind) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve(fd, kind);
            _exit(0);
        }
        close(fd);
    }
}

void fake_start(struct fake *f, enum fake_kind kind) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t length = sizeof a;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &length) != 0) {
        perror("Bail out! fake server");
        exit(99);
    }
    f->port = ntohs(a.sin_port);
    fflush(stdout);
    f->pid = fork();
    if (f->pid == 0)
        run(listener, kind);
    close(listener);
}

void fake_stop(struct fake *f) {
    kill(f->pid, SIGKILL);
    waitpid(f->pid, NULL, 0);
}
