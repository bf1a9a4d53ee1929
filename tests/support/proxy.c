/* proxy: forwards whole messages of the server, and does to them what it is told. */
#include "proxy.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64, HUGE_LENGTH = 1 << 30 };

struct proxy_control {
    atomic_int mode, arg, server_port;
    atomic_int begun, read_only; /* sessions */
};

struct pair {
    int client, server; /* -1: no such pair */
    bool started;       /* the server's first message with a type has come */
    bool lost_insert, huge;
    bool begun;         /* the start-up message has gone by */
    struct str from_server; /* not yet a whole message */
    struct str to_client;
    struct str to_server;
    int64_t due;            /* of to_client, ms */
};

static struct pair pairs[MOST];
static struct proxy_control *control;

static int64_t now_ms(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void end(struct pair *p) {
    if (p->client >= 0)
        close(p->client);
    if (p->server >= 0)
        close(p->server);
    str_free(&p->from_server);
    str_free(&p->to_client);
    str_free(&p->to_server);
    *p = (struct pair){.client = -1, .server = -1};
}

static void drop(struct str *s, size_t n) {
    memmove(s->data, s->data + n, s->len - n);
    str_truncate(s, s->len - n);
}

static void once(void) { atomic_store(&control->mode, PROXY_PASS); }

static void put_length(char *at, uint32_t n) {
    uint32_t net = htonl(n);
    memcpy(at, &net, 4);
}

static void add_notice(struct str *out) {
    static const char fields[] =
        "SNOTICE\0VNOTICE\0C00000\0Mthe network is bad today, and here is one of very many notices\0";
    char head[5] = "N";
    put_length(head + 1, 4 + sizeof fields);
    str_add_n(out, head, 5);
    str_add_n(out, fields, sizeof fields); /* with the closing zero */
}

/* What becomes of one whole message of the server; false: the pair ended. */
static bool pass_on(struct pair *p, char *message, size_t n) {
    enum proxy_mode mode = (enum proxy_mode)atomic_load(&control->mode);
    bool row = message[0] == 'D';
    if (p->lost_insert && message[0] == 'C') {
        once();
        end(p);
        return false;
    }
    if (mode == PROXY_CUT && row) {
        once();
        str_add_n(&p->to_client, message, n / 2);
        if (write(p->client, p->to_client.data, p->to_client.len) < 0)
            errno = 0;
        end(p);
        return false;
    }
    if (mode == PROXY_CORRUPT && row) {
        once();
        put_length(message + 1, 3); /* less than the length itself */
    }
    if (mode == PROXY_HUGE && row) {
        once();
        put_length(message + 1, HUGE_LENGTH);
        p->huge = true;
    }
    if (mode == PROXY_FLOOD && message[0] == 'Z')
        for (int i = atomic_load(&control->arg); i > 0; i--)
            add_notice(&p->to_client);
    if (mode == PROXY_DELAY && p->to_client.len == 0)
        p->due = now_ms() + atomic_load(&control->arg);
    str_add_n(&p->to_client, message, n);
    return true;
}

static void take_messages(struct pair *p) {
    while (p->server >= 0 && p->from_server.len >= 5) {
        uint32_t n;
        memcpy(&n, p->from_server.data + 1, 4);
        size_t whole = ntohl(n) + (size_t)1;
        if (p->from_server.len < whole)
            return;
        if (!pass_on(p, p->from_server.data, whole))
            return;
        drop(&p->from_server, whole);
    }
}

static void read_server(struct pair *p) {
    char buffer[65536];
    ssize_t n = read(p->server, buffer, sizeof buffer);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            end(p);
        return;
    }
    str_add_n(&p->from_server, buffer, (size_t)n);
    take_messages(p);
}

static void read_client(struct pair *p) {
    char buffer[65536];
    ssize_t n = read(p->client, buffer, sizeof buffer);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            end(p);
        return;
    }
    static const char wish[] = "default_transaction_read_only=on";
    bool startup = !p->begun && n > 8 && memcmp(buffer + 4, "\0\3\0\0", 4) == 0;
    if (startup) {
        p->begun = true;
        atomic_fetch_add(&control->begun, 1);
        atomic_fetch_add(&control->read_only, memmem(buffer, (size_t)n, wish, sizeof wish - 1) != NULL);
    }
    bool insert = memmem(buffer, (size_t)n, "INSERT INTO", 11) != NULL;
    if (atomic_load(&control->mode) == PROXY_LOSE_INSERT && insert)
        p->lost_insert = true;
    if (atomic_load(&control->mode) == PROXY_DROP_INSERT && insert) {
        once();
        end(p);
        return;
    }
    str_add_n(&p->to_server, buffer, (size_t)n);
}

static void send_some(struct pair *p, int fd, struct str *s, size_t most) {
    if (s->len == 0)
        return;
    ssize_t n = send(fd, s->data, s->len < most ? s->len : most, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        drop(s, (size_t)n);
    else if (n < 0 && errno != EAGAIN)
        end(p);
}

static void accept_one(int listener) {
    int fd = accept(listener, NULL, NULL);
    struct pair *p = NULL;
    for (int i = 0; i < MOST && !p; i++)
        if (pairs[i].client < 0)
            p = &pairs[i];
    if (fd < 0 || !p || atomic_load(&control->mode) == PROXY_REFUSE) {
        if (fd >= 0)
            close(fd);
        return;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)atomic_load(&control->server_port))};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&a, sizeof a) != 0) {
        close(server);
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(server, F_SETFL, O_NONBLOCK);
    *p = (struct pair){.client = fd, .server = server};
}

static void serve(struct pair *p, short client, short server) {
    enum proxy_mode mode = (enum proxy_mode)atomic_load(&control->mode);
    if (mode == PROXY_REFUSE) {
        end(p);
        return;
    }
    if (mode == PROXY_BLACK_HOLE)
        return;
    if (client)
        read_client(p);
    if (p->client >= 0 && server)
        read_server(p);
    if (p->client >= 0)
        send_some(p, p->server, &p->to_server, SIZE_MAX);
    if (p->client >= 0 && p->huge && p->to_client.len == 0)
        str_add(&p->to_client, "xxxxxxxxxxxxxxxx");
    if (p->client >= 0 && now_ms() >= p->due)
        send_some(p, p->client, &p->to_client, mode == PROXY_TRICKLE ? 1 : SIZE_MAX);
}

static void run(int listener) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < MOST; i++)
        pairs[i] = (struct pair){.client = -1, .server = -1};
    for (;;) {
        struct pollfd polls[2 * MOST + 1] = {{.fd = listener, .events = POLLIN}};
        bool hole = atomic_load(&control->mode) == PROXY_BLACK_HOLE;
        bool busy = false;
        for (int i = 0; i < MOST; i++) {
            polls[1 + 2 * i] = (struct pollfd){.fd = hole ? -1 : pairs[i].client, .events = POLLIN};
            polls[2 + 2 * i] = (struct pollfd){.fd = hole ? -1 : pairs[i].server, .events = POLLIN};
            busy = busy || pairs[i].to_client.len > 0 || pairs[i].huge;
        }
        int wait = !busy || hole ? 5 : atomic_load(&control->mode) == PROXY_TRICKLE ? 0 : 1;
        poll(polls, 2 * MOST + 1, wait);
        if (polls[0].revents)
            accept_one(listener);
        for (int i = 0; i < MOST; i++)
            if (pairs[i].client >= 0)
                serve(&pairs[i], polls[1 + 2 * i].revents, polls[2 + 2 * i].revents);
    }
}

void proxy_start(struct proxy *p, int server_port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t length = sizeof a;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->control = mmap(NULL, sizeof *p->control, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &length) != 0 || p->control == MAP_FAILED) {
        perror("Bail out! proxy");
        exit(99);
    }
    p->port = ntohs(a.sin_port);
    control = p->control;
    atomic_store(&control->mode, PROXY_PASS);
    atomic_store(&control->server_port, server_port);
    fflush(stdout);
    p->pid = fork();
    if (p->pid == 0)
        run(listener);
    close(listener);
}

void proxy_set(struct proxy *p, enum proxy_mode mode, int arg) {
    atomic_store(&p->control->arg, arg);
    atomic_store(&p->control->mode, (int)mode);
}

enum proxy_mode proxy_mode(const struct proxy *p) { return (enum proxy_mode)atomic_load(&p->control->mode); }

void proxy_aim(struct proxy *p, int server_port) { atomic_store(&p->control->server_port, server_port); }

void proxy_sessions(const struct proxy *p, int *begun, int *read_only) {
    *begun = atomic_load(&p->control->begun);
    *read_only = atomic_load(&p->control->read_only);
}

void proxy_stop(struct proxy *p) {
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    munmap(p->control, sizeof *p->control);
}
