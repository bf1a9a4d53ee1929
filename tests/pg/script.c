/* script: the bytes of a scripted server. */
#include "script.h"

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

enum { TLS_REQUEST = 80877103, GSS_REQUEST = 80877104, CANCEL_REQUEST = 80877102 };

static void read_all(int fd, void *to, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t got = read(fd, (char *)to + done, n - done);
        if (got <= 0)
            _exit(0);
        done += (size_t)got;
    }
}

static uint32_t read_packet(int fd, char *body, size_t size) {
    uint32_t n;
    read_all(fd, &n, 4);
    n = ntohl(n) - 4;
    if (n >= size)
        _exit(2);
    read_all(fd, body, n);
    body[n] = '\0';
    return n;
}

static uint32_t read_code(int fd) {
    char body[4096];
    uint32_t code;
    read_packet(fd, body, sizeof body);
    memcpy(&code, body, 4);
    return ntohl(code);
}

static void put(int fd, const void *bytes, size_t n) {
    if (write(fd, bytes, n) != (ssize_t)n)
        _exit(0);
}

static void put_message(int fd, char type, const char *body, size_t n) {
    uint32_t length = htonl((uint32_t)n + 4);
    put(fd, &type, 1);
    put(fd, &length, 4);
    put(fd, body, n);
}

/* A string literal as a message, its own final NUL left out. */
#define PUT(fd, type, literal) put_message(fd, type, literal, sizeof(literal) - 1)

static void startup(int fd) {
    uint32_t code = read_code(fd);
    while (code == TLS_REQUEST || code == GSS_REQUEST) {
        put(fd, "N", 1);
        code = read_code(fd);
    }
}

static void let_in(int fd) {
    PUT(fd, 'R', "\0\0\0\0");
    PUT(fd, 'S', "crdb_version\0CockroachDB CCL v22.1.22\0");
    PUT(fd, 'S', "client_encoding\0UTF8\0");
    PUT(fd, 'K', "\0\0\0\1\0\0\0\2");
    PUT(fd, 'Z', "I");
}

static void ask_password(int fd) {
    char type;
    char body[4096];
    PUT(fd, 'R', "\0\0\0\3");
    read_all(fd, &type, 1);
    read_packet(fd, body, sizeof body);
    if (strcmp(body, "right") == 0)
        return;
    PUT(fd, 'E', "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user carl\0\0");
    _exit(0);
}

static void read_statement(int fd) {
    char type;
    char body[65536];
    do {
        read_all(fd, &type, 1);
        read_packet(fd, body, sizeof body);
    } while (type != 'S' && type != 'X');
    if (type == 'X')
        _exit(0);
}

static void send_row(int fd, bool all) {
    PUT(fd, '1', "");
    PUT(fd, '2', "");
    PUT(fd, 'T', "\0\1n\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0");
    if (!all) {
        put(fd, "D\0\0\0\x0b\0\1\0", 8);
        return;
    }
    PUT(fd, 'D', "\0\1\0\0\0\1" "1");
    PUT(fd, 'C', "SELECT 1\0");
    PUT(fd, 'Z', "I");
}

static void await_cancel(int listener) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 || read_code(fd) != CANCEL_REQUEST)
        _exit(3);
    close(fd);
}

static void await_hangup(int fd) {
    char byte;
    while (read(fd, &byte, 1) > 0) {
    }
}

static void follow(int listener, int fd, const char *steps) {
    for (; *steps; steps++) {
        switch (*steps) {
        case 's': startup(fd); break;
        case 'a': let_in(fd); break;
        case 'p': ask_password(fd); break;
        case 'q': read_statement(fd); break;
        case '1': send_row(fd, true); break;
        case 'h': send_row(fd, false); break;
        case 'n': PUT(fd, 'N', "SNOTICE\0VNOTICE\0C00000\0Mtake note\0Hand do it\0\0"); break;
        case 'c': await_cancel(listener); break;
        case 'g': put(fd, "\x7f\x03garbage garbage garbage garbage", 33); break;
        case '.': await_hangup(fd); break;
        case 'e':
            PUT(fd, 'E', "SERROR\0VERROR\0C23505\0Mduplicate key value\0DKey (id)=(1) already exists.\0"
                "Htry another\0P8\0ncustomers_pkey\0cid\0\0");
            PUT(fd, 'Z', "I");
            break;
        case 'x':
            PUT(fd, 'E', "SERROR\0VERROR\0C57014\0Mquery execution canceled\0\0");
            PUT(fd, 'Z', "I");
            break;
        default: _exit(4);
        }
    }
}

static void run(int listener, const char *const *scripts) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (; *scripts; scripts++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            follow(listener, fd, *scripts);
            _exit(0);
        }
        close(fd);
        if (strchr(*scripts, 'c')) /* the next connection is its cancel request */
            while (waitpid(pid, NULL, 0) > 0) {
            }
    }
    for (;;)
        close(accept(listener, NULL, NULL));
}

static int listen_somewhere(int *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t length = sizeof a;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &length) != 0) {
        perror("Bail out! scripted server");
        exit(99);
    }
    *port = ntohs(a.sin_port);
    return fd;
}

void script_start(struct script *s, const char *const *scripts) {
    int listener = listen_somewhere(&s->port);
    fflush(stdout);
    s->pid = fork();
    if (s->pid == 0)
        run(listener, scripts);
    close(listener);
}

void script_stop(struct script *s) {
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}

int script_dead_port(void) {
    int port;
    close(listen_somewhere(&port));
    return port;
}
