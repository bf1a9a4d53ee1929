/* protocol: the PostgreSQL v3 wire protocol, server side, for one connection. Bytes in, bytes out; no
 * sockets here. Input is bounded, output is counted, so that a hostile or a slow peer costs little. */
#ifndef DOMICILE_SANDBOX_PROTOCOL_H
#define DOMICILE_SANDBOX_PROTOCOL_H

#include "domicile/sandbox/engine.h"
#include "domicile/sandbox/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct protocol;

/* No message may announce more than this; a longer one ends the connection (08P01). */
#define PROTOCOL_MAX_MESSAGE (16 * 1024 * 1024)
/* Above this much unsent output no further statement is begun. */
#define PROTOCOL_MAX_PENDING (4 * 1024 * 1024)

/* What the server does for its connections. */
struct protocol_host {
    struct loop *loop;
    struct engine *engine;
    int compat;        /* 2201, 2601 */
    bool secure;       /* TLS is offered and demanded, and users prove who they are */
    int node;          /* the node that this port belongs to */
    const char *locality; /* of that node; copied */
    const char *client; /* address of the peer; copied */
    int32_t (*new_process_id)(void *arg);
    /* A CancelRequest came: cancel the session with this key, if there is one. */
    void (*cancel)(void *arg, int32_t process_id, int32_t secret);
    /* Output was added, or the connection is to be closed: the socket wants attention. */
    void (*changed)(void *arg);
    void *arg;         /* of new_process_id and cancel */
    void *connection;  /* of changed */
};

/* One connection's side of the protocol, waiting for its start-up message. host is copied; what it points to must outlive it. */
struct protocol *protocol_new(const struct protocol_host *host);
/* Ends the session: an open transaction is rolled back, a running statement abandoned. */
void protocol_free(struct protocol *p);

/* Bytes came from the client. */
void protocol_input(struct protocol *p, const void *bytes, size_t n);
/* Whether more input may be read now: false while too much is buffered on either side. */
bool protocol_wants_input(const struct protocol *p);
/* What is to be sent, from the oldest byte; protocol_sent says how much of it went. */
const char *protocol_output(const struct protocol *p, size_t *n);
void protocol_sent(struct protocol *p, size_t n);
/* True when, after the output is sent, TLS begins: nothing is to be read in the clear any more. */
bool protocol_starts_tls(const struct protocol *p);
/* It is on, with this name in the client's verified certificate ("" none). */
void protocol_tls_started(struct protocol *p, const char *certificate_name);
/* True when, after the output is sent, the connection is to be closed. */
bool protocol_closing(const struct protocol *p);
/* The node dies under the connection: FATAL 57P01, then closing. */
void protocol_shutdown(struct protocol *p, const char *sqlstate, const char *message);
/* NULL before the start-up message was accepted. */
struct session *protocol_session(const struct protocol *p);

#endif
