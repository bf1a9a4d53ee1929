/* tls: the sandbox's side of TLS. */
#include "tls.h"

#include "domicile/base/mem.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct tls {
    SSL_CTX *context;
};

struct tls_peer {
    SSL *ssl;
    char name[128];
};

/* Nobody is asked on a terminal: a node's key is not encrypted. */
static int no_passphrase(char *to, int size, int writing, void *arg) {
    (void)to;
    (void)size;
    (void)writing;
    (void)arg;
    return 0;
}

static bool wrong(const char *what, const char *directory, const char *file, struct err *err) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    err_set(err, ERR_USAGE, "--certs: %s in %s/%s: %s", what, directory, file, reason ? reason : "it cannot be used");
    ERR_clear_error();
    return err_hint(err, "the directory needs ca.crt, node.crt and node.key, as \"cockroach cert\" makes them");
}

static bool load(struct tls *t, const char *directory, struct err *err) {
    char *ca = mem_printf("%s/ca.crt", directory);
    char *crt = mem_printf("%s/node.crt", directory);
    char *key = mem_printf("%s/node.key", directory);
    bool good = false;
    if (SSL_CTX_load_verify_locations(t->context, ca, NULL) != 1)
        wrong("no certificate authority", directory, "ca.crt", err);
    else if (SSL_CTX_use_certificate_chain_file(t->context, crt) != 1)
        wrong("no certificate", directory, "node.crt", err);
    else if (SSL_CTX_use_PrivateKey_file(t->context, key, SSL_FILETYPE_PEM) != 1)
        wrong("no private key", directory, "node.key", err);
    else if (SSL_CTX_check_private_key(t->context) != 1)
        wrong("a key that does not fit the certificate", directory, "node.key", err);
    else
        good = true;
    if (good)
        SSL_CTX_set_client_CA_list(t->context, SSL_load_client_CA_file(ca));
    free(ca);
    free(crt);
    free(key);
    return good;
}

struct tls *tls_new(const char *directory, struct err *err) {
    struct tls *t = mem_calloc(1, sizeof *t);
    ERR_clear_error();
    t->context = SSL_CTX_new(TLS_server_method());
    if (t->context) {
        SSL_CTX_set_min_proto_version(t->context, TLS1_2_VERSION);
        SSL_CTX_set_options(t->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
        SSL_CTX_set_mode(t->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_session_cache_mode(t->context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_default_passwd_cb(t->context, no_passphrase);
        /* A certificate is not demanded; one that is sent must be good. */
        SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
    }
    if (!t->context || !load(t, directory, err)) {
        tls_free(t);
        return NULL;
    }
    return t;
}

void tls_free(struct tls *t) {
    if (!t)
        return;
    SSL_CTX_free(t->context);
    free(t);
}

struct tls_peer *tls_peer_new(struct tls *t, int fd) {
    struct tls_peer *p = mem_calloc(1, sizeof *p);
    p->ssl = SSL_new(t->context);
    if (!p->ssl || SSL_set_fd(p->ssl, fd) != 1) {
        tls_peer_free(p);
        return NULL;
    }
    SSL_set_accept_state(p->ssl);
    return p;
}

void tls_peer_free(struct tls_peer *p) {
    if (!p)
        return;
    SSL_free(p->ssl);
    free(p);
}

static enum tls_step step_of(const struct tls_peer *p, int result) {
    int why = SSL_get_error(p->ssl, result);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ ? TLS_WANTS_READ : why == SSL_ERROR_WANT_WRITE ? TLS_WANTS_WRITE : TLS_FAILED;
}

enum tls_step tls_handshake(struct tls_peer *p) {
    ERR_clear_error();
    int result = SSL_do_handshake(p->ssl);
    return result == 1 ? TLS_DONE : step_of(p, result);
}

static ssize_t transferred(const struct tls_peer *p, int result) {
    if (result > 0)
        return result;
    if (SSL_get_error(p->ssl, result) == SSL_ERROR_ZERO_RETURN) {
        ERR_clear_error();
        return 0;
    }
    errno = step_of(p, result) == TLS_FAILED ? ECONNRESET : EAGAIN;
    return -1;
}

ssize_t tls_read(struct tls_peer *p, void *to, size_t n) {
    ERR_clear_error();
    return transferred(p, SSL_read(p->ssl, to, n < INT_MAX ? (int)n : INT_MAX));
}

ssize_t tls_write(struct tls_peer *p, const void *from, size_t n) {
    ERR_clear_error();
    return transferred(p, SSL_write(p->ssl, from, n < INT_MAX ? (int)n : INT_MAX));
}

const char *tls_common_name(struct tls_peer *p) {
    X509 *certificate = SSL_get1_peer_certificate(p->ssl);
    p->name[0] = '\0';
    if (certificate && SSL_get_verify_result(p->ssl) == X509_V_OK)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, p->name, sizeof p->name);
    X509_free(certificate);
    return p->name;
}
