/* server: the sandbox's sockets: one listening port a node, and the connections that came through them. */
#include "domicile/sandbox/server.h"

#include "domicile/base/mem.h"
#include "domicile/base/vec.h"
#include "domicile/sandbox/protocol.h"
#include "tls.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_SIZE = 64 * 1024,
    /* Bytes taken from or given to one socket in a turn, so that others have theirs. */
    TURN_SIZE = 1024 * 1024,
    BACKLOG = 512,
    WANTED_FILES = 8192,
};

struct connection {
    struct server *server;
    struct protocol *protocol;
    struct loop_fd *watch;
    struct tls_peer *tls;  /* NULL: in the clear */
    bool shaking_hands;
    int fd;
    int node;
    bool ended; /* to be freed at the end of the turn */
};

/* A node's port. */
struct port {
    struct server *server;
    int node;
    char *locality;
    int number;             /* bound port, also while down */
    int fd;                 /* -1: down */
    struct loop_fd *watch;
    struct sockaddr_storage address;
    socklen_t address_len;
    int family;
};

struct server {
    struct loop *loop;
    struct engine *engine;
    int compat;
    char *host;
    struct tls *tls; /* NULL: insecure */
    int32_t last_process_id;
    bool reaping;
    VEC_STRUCT(struct port *) ports;
    VEC_STRUCT(struct connection *) connections;
};

static void raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= WANTED_FILES)
        return;
    limit.rlim_cur = limit.rlim_max < WANTED_FILES ? limit.rlim_max : WANTED_FILES;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void server_set_tls(struct server *s, struct tls *tls) { s->tls = tls; }

struct server *server_new(struct loop *loop, struct engine *engine, int compat) {
    struct server *s = mem_calloc(1, sizeof *s);
    s->loop = loop;
    s->engine = engine;
    s->compat = compat;
    s->host = mem_strdup("127.0.0.1");
    raise_file_limit();
    return s;
}

static void connection_free(struct connection *c) {
    loop_fd_free(c->watch);
    protocol_free(c->protocol);
    tls_peer_free(c->tls);
    close(c->fd);
    free(c);
}

/* Frees those that ended; nothing of the protocol is on the stack then. */
static void server_reap(void *arg) {
    struct server *s = arg;
    s->reaping = false;
    for (size_t i = 0; i < s->connections.len;) {
        struct connection *c = s->connections.items[i];
        if (!c->ended) {
            i++;
            continue;
        }
        s->connections.items[i] = s->connections.items[--s->connections.len];
        connection_free(c);
    }
}

static void connection_end(struct connection *c) {
    if (c->ended)
        return;
    c->ended = true;
    loop_fd_free(c->watch);
    c->watch = NULL;
    shutdown(c->fd, SHUT_RDWR);
    if (!c->server->reaping) {
        c->server->reaping = true;
        loop_defer(c->server->loop, server_reap, c->server);
    }
}

static ssize_t send_bytes(struct connection *c, const char *bytes, size_t n) {
    return c->tls ? tls_write(c->tls, bytes, n) : send(c->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static ssize_t read_bytes(struct connection *c, char *to, size_t n) {
    return c->tls ? tls_read(c->tls, to, n) : recv(c->fd, to, n, MSG_DONTWAIT);
}

/* One step of the handshake; the connection is watched for what it waits for. */
static void connection_shake_hands(struct connection *c) {
    switch (tls_handshake(c->tls)) {
    case TLS_DONE:
        c->shaking_hands = false;
        protocol_tls_started(c->protocol, tls_common_name(c->tls));
        return;
    case TLS_WANTS_READ: loop_fd_set_events(c->watch, LOOP_READ); return;
    case TLS_WANTS_WRITE: loop_fd_set_events(c->watch, LOOP_WRITE); return;
    case TLS_FAILED: connection_end(c); return;
    }
}

static void connection_start_tls(struct connection *c) {
    c->tls = tls_peer_new(c->server->tls, c->fd);
    c->shaking_hands = c->tls;
    if (!c->tls)
        connection_end(c);
    else
        connection_shake_hands(c);
}

/* Sends what waits, as much as the socket takes. */
static void connection_write(struct connection *c) {
    size_t total = 0, n;
    for (;;) {
        const char *bytes = protocol_output(c->protocol, &n);
        if (n == 0 || total >= TURN_SIZE)
            break;
        const ssize_t sent = send_bytes(c, bytes, n < READ_SIZE ? n : READ_SIZE);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (sent <= 0) {
            connection_end(c);
            return;
        }
        total += (size_t)sent;
        protocol_sent(c->protocol, (size_t)sent);
        if (c->ended)
            return;
    }
    if (protocol_closing(c->protocol))
        connection_end(c);
    else if (protocol_starts_tls(c->protocol) && !c->tls)
        connection_start_tls(c);
}

static void connection_watch(struct connection *c) {
    size_t pending;
    protocol_output(c->protocol, &pending);
    loop_fd_set_events(c->watch, (protocol_wants_input(c->protocol) ? LOOP_READ : 0) |
        (pending ? LOOP_WRITE : 0));
}

static void connection_changed(void *arg) {
    struct connection *c = arg;
    if (c->ended || !c->watch || c->shaking_hands)
        return;
    if (protocol_closing(c->protocol))
        connection_end(c);
    else
        connection_watch(c);
}

static void connection_read(struct connection *c) {
    char buffer[READ_SIZE];
    for (size_t total = 0; total < TURN_SIZE && !c->ended && protocol_wants_input(c->protocol);) {
        const ssize_t n = read_bytes(c, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n <= 0) {
            connection_end(c);
            return;
        }
        total += (size_t)n;
        protocol_input(c->protocol, buffer, (size_t)n);
        if (!c->tls && (size_t)n < sizeof buffer)
            return;
    }
}

static void connection_on_event(void *arg, int events) {
    struct connection *c = arg;
    if (c->ended)
        return;
    if (c->shaking_hands) {
        connection_shake_hands(c);
        return;
    }
    if (events & LOOP_HANGUP && !protocol_wants_input(c->protocol)) {
        connection_end(c);
        return;
    }
    if (events & (LOOP_READ | LOOP_HANGUP))
        connection_read(c);
    if (!c->ended)
        connection_write(c);
    if (!c->ended && !c->shaking_hands)
        connection_watch(c);
}

/* Process ids are told apart by counting; those in use are skipped. */
static int32_t server_process_id(void *arg) {
    struct server *s = arg;
    s->last_process_id = s->last_process_id >= INT32_MAX - 1 ? 1 : s->last_process_id + 1;
    return s->last_process_id;
}

bool server_cancel(struct server *s, int process_id, int secret) {
    for (size_t i = 0; i < s->connections.len; i++) {
        struct session *session = protocol_session(s->connections.items[i]->protocol);
        if (!s->connections.items[i]->ended && session && session->process_id == process_id &&
            session->secret == secret) {
            session_cancel(session, false);
            return true;
        }
    }
    return false;
}

static void server_on_cancel(void *arg, int32_t process_id, int32_t secret) {
    server_cancel(arg, process_id, secret);
}

static char *peer_name(const struct sockaddr_storage *address, socklen_t len) {
    char host[64] = "", port[8] = "";
    getnameinfo((const struct sockaddr *)address, len, host, sizeof host, port, sizeof port,
        NI_NUMERICHOST | NI_NUMERICSERV);
    return mem_printf("%s:%s", host, port);
}

static void connection_new(struct port *port, int fd, const char *client) {
    struct server *s = port->server;
    const int on = 1, idle = 30, interval = 10, count = 3;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    struct connection *c = mem_calloc(1, sizeof *c);
    c->server = s;
    c->fd = fd;
    c->node = port->node;
    const struct protocol_host host = {
        .loop = s->loop,
        .engine = s->engine,
        .compat = s->compat,
        .secure = s->tls != NULL,
        .node = port->node,
        .locality = port->locality,
        .client = client,
        .new_process_id = server_process_id,
        .cancel = server_on_cancel,
        .changed = connection_changed,
        .arg = s,
        .connection = c,
    };
    c->protocol = protocol_new(&host);
    c->watch = loop_fd_new(s->loop, fd, LOOP_READ, connection_on_event, c);
    vec_push(&s->connections, c);
}

static void port_accept(void *arg, int events) {
    struct port *port = arg;
    (void)events;
    for (int i = 0; i < 64; i++) {
        struct sockaddr_storage address;
        socklen_t len = sizeof address;
        const int fd = accept4(port->fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        char *client = peer_name(&address, len);
        connection_new(port, fd, client);
        free(client);
    }
}

/* Whether all that a fresh connection has sent is a request to cancel. */
static bool asks_to_cancel(const struct connection *c) {
    static const unsigned char head[] = {0, 0, 0, 16, 4, 210, 22, 46}; /* the length, 80877102 */
    unsigned char got[16];
    return !c->ended && !c->tls && !protocol_session(c->protocol) &&
        recv(c->fd, got, sizeof got, MSG_PEEK | MSG_DONTWAIT) == sizeof got && memcmp(got, head, sizeof head) == 0;
}

void server_hear_cancels(struct server *s) {
    for (size_t i = 0; s && i < s->ports.len; i++)
        if (s->ports.items[i]->fd >= 0)
            port_accept(s->ports.items[i], LOOP_READ);
    for (size_t i = 0; s && i < s->connections.len; i++)
        if (asks_to_cancel(s->connections.items[i]))
            connection_on_event(s->connections.items[i], LOOP_READ);
}

static int port_number(const struct sockaddr_storage *a) {
    return ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)a)->sin6_port
        : ((const struct sockaddr_in *)(const void *)a)->sin_port);
}

/* Opens the port at its address. False with errno set. */
static bool port_open(struct port *p) {
    const int on = 1;
    const int fd = socket(p->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&p->address, p->address_len) != 0 || listen(fd, BACKLOG) != 0) {
        const int why = errno;
        close(fd);
        errno = why;
        return false;
    }
    getsockname(fd, (struct sockaddr *)&p->address, &p->address_len);
    p->number = port_number(&p->address);
    p->fd = fd;
    p->watch = loop_fd_new(p->server->loop, fd, LOOP_READ, port_accept, p);
    return true;
}

static void port_close(struct port *p) {
    loop_fd_free(p->watch);
    p->watch = NULL;
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

static void port_free(struct port *p) {
    port_close(p);
    free(p->locality);
    free(p);
}

static bool refused(struct err *err, const char *host, int number) {
    const int why = errno;
    if (why == EADDRINUSE) {
        err_set(err, ERR_UNAVAILABLE, "cannot listen on %s port %d: something else listens there", host,
            number);
        return err_hint(err, "end it, or give other ports with --listen %s:PORT (0 takes free ones)", host);
    }
    err_set(err, ERR_UNAVAILABLE, "cannot listen on %s port %d: %s", host, number, strerror(why));
    return err_hint(err, "give another address or port with --listen HOST:PORT");
}

static bool resolve(struct port *p, const char *host, int number, struct err *err) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found;
    char service[8];
    snprintf(service, sizeof service, "%d", number);
    const int why = getaddrinfo(*host ? host : NULL, service, &hints, &found);
    if (why != 0) {
        err_set(err, ERR_UNAVAILABLE, "cannot listen on %s port %d: %s", host, number, gai_strerror(why));
        return err_hint(err, "give an address of this machine with --listen HOST:PORT");
    }
    memcpy(&p->address, found->ai_addr, found->ai_addrlen);
    p->address_len = found->ai_addrlen;
    p->family = found->ai_family;
    freeaddrinfo(found);
    return true;
}

bool server_listen(struct server *s, int node, const char *locality, const char *host, int number,
    struct err *err) {
    struct port *p = mem_calloc(1, sizeof *p);
    p->server = s;
    p->node = node;
    p->fd = -1;
    p->locality = mem_strdup(locality);
    if (!resolve(p, host, number, err) || (!port_open(p) && !refused(err, host, number))) {
        port_free(p);
        return false;
    }
    free(s->host);
    s->host = mem_strdup(host);
    vec_push(&s->ports, p);
    return true;
}

static struct port *find_port(const struct server *s, int node) {
    for (size_t i = 0; i < s->ports.len; i++)
        if (s->ports.items[i]->node == node)
            return s->ports.items[i];
    return NULL;
}

int server_port(const struct server *s, int node) {
    const struct port *p = find_port(s, node);
    return p ? p->number : 0;
}

const char *server_host(const struct server *s) {
    return s->host;
}

void server_node_down(struct server *s, int node) {
    struct port *p = find_port(s, node);
    if (p)
        port_close(p);
    /* A killed process says nothing: its connections just end. */
    for (size_t i = 0; i < s->connections.len; i++)
        if (s->connections.items[i]->node == node)
            connection_end(s->connections.items[i]);
}

bool server_node_up(struct server *s, int node, struct err *err) {
    struct port *p = find_port(s, node);
    if (!p || p->fd >= 0)
        return true;
    return port_open(p) || refused(err, s->host, p->number);
}

void server_free(struct server *s) {
    if (!s)
        return;
    for (size_t i = 0; i < s->connections.len; i++)
        connection_free(s->connections.items[i]);
    vec_free(&s->connections);
    for (size_t i = 0; i < s->ports.len; i++)
        port_free(s->ports.items[i]);
    vec_free(&s->ports);
    free(s->host);
    free(s);
}

static bool counts(const struct connection *c) {
    return !c->ended && protocol_session(c->protocol);
}

size_t server_session_count(const struct server *s) {
    size_t n = 0;
    for (size_t i = 0; i < s->connections.len; i++)
        n += counts(s->connections.items[i]);
    return n;
}

struct session *server_session_at(const struct server *s, size_t i) {
    for (size_t k = 0; k < s->connections.len; k++)
        if (counts(s->connections.items[k]) && i-- == 0)
            return protocol_session(s->connections.items[k]->protocol);
    return NULL;
}
