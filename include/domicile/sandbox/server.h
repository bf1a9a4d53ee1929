/* server: the sandbox's sockets: one listening port a node, and the connections that came through them. */
#ifndef DOMICILE_SANDBOX_SERVER_H
#define DOMICILE_SANDBOX_SERVER_H

#include "domicile/base/err.h"
#include "domicile/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct engine;
struct server;
struct session;

/* A server without ports yet. */
struct server *server_new(struct loop *loop, struct engine *engine, int compat);
/* Connections from now on are over TLS, and users prove who they are. tls outlives the server. */
struct tls;
void server_set_tls(struct server *s, struct tls *tls);
/* Closes every connection and port. NULL is allowed. */
void server_free(struct server *s);
/* A node (with this locality) listens on host:port (port 0: any free one). False with a sentence that
 * names the port. */
bool server_listen(struct server *s, int node, const char *locality, const char *host, int port,
    struct err *err);
/* The port a node listens on (also while the node is down); 0 if it never did. */
int server_port(const struct server *s, int node);
const char *server_host(const struct server *s);
/* Node dies: its connections are closed at once, its port refuses; or it comes back and listens on the
 * same port again. For the world. */
void server_node_down(struct server *s, int node);
bool server_node_up(struct server *s, int node, struct err *err);

/* How many sessions are open on all nodes. */
size_t server_session_count(const struct server *s);
/* For SHOW SESSIONS; i < server_session_count. Sessions past their start-up only. */
struct session *server_session_at(const struct server *s, size_t i);
/* CANCEL QUERY / SESSION and the wire's CancelRequest. False when there is none with this key. */
bool server_cancel(struct server *s, int process_id, int secret);
/* Takes nothing but requests to cancel off the sockets, for a statement that computes for long: the loop has no turn
 * before its end. Those that come over TLS have to wait for that. NULL is allowed. */
void server_hear_cancels(struct server *s);

#endif
