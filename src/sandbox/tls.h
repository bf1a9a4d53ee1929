/* tls: the sandbox's side of TLS: certificates from a directory as CockroachDB's --certs-dir has them, and one
 * connection's bytes over a non-blocking socket. */
#ifndef DOMICILE_SANDBOX_TLS_H
#define DOMICILE_SANDBOX_TLS_H

#include "domicile/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads ca.crt, node.crt, node.key. NULL with the file that is wrong. */
struct tls *tls_new(const char *directory, struct err *err);
void tls_free(struct tls *t);

struct tls_peer;
/* The socket stays the caller's. */
struct tls_peer *tls_peer_new(struct tls *t, int fd);
void tls_peer_free(struct tls_peer *p);

enum tls_step { TLS_DONE, TLS_WANTS_READ, TLS_WANTS_WRITE, TLS_FAILED };
enum tls_step tls_handshake(struct tls_peer *p);
/* As recv and send: -1 with EAGAIN when it has to wait, 0 (reading) at the end. */
ssize_t tls_read(struct tls_peer *p, void *to, size_t n);
ssize_t tls_write(struct tls_peer *p, const void *from, size_t n);
/* The common name of the client's certificate, verified against ca.crt; "" when it sent none. */
const char *tls_common_name(struct tls_peer *p);

#endif
