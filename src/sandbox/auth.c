/* auth: certificates and passwords of a secure sandbox. */
#include "auth.h"

#include "password.h"

#include <stdlib.h>
#include <string.h>

enum { AUTH_CLEARTEXT = 3, AUTH_SASL = 10, AUTH_SASL_CONTINUE = 11, AUTH_SASL_FINAL = 12 };

struct auth {
    char *user;
    struct scram *scram; /* NULL: in clear text */
    bool begun;          /* the client's first SCRAM message has come */
};

void auth_free(struct protocol *p) {
    if (!p->auth)
        return;
    scram_free(p->auth->scram);
    free(p->auth->user);
    free(p->auth);
    p->auth = NULL;
}

static void refuse(struct protocol *p, const char *user) {
    protocol_error(p, "ERROR", "28P01", "password authentication failed for user %s", user);
    protocol_close(p);
}

static void request(struct protocol *p, int32_t kind, const char *body, size_t n) {
    wire_begin(&p->out, 'R');
    wire_int32(&p->out, kind);
    wire_bytes(&p->out, body, n);
    wire_end(&p->out);
}

static void ask_password(struct protocol *p, const char *user) {
    static const char mechanisms[] = "SCRAM-SHA-256\0";
    const char *verifier = engine_user_password(p->host.engine, user);
    p->auth = mem_calloc(1, sizeof *p->auth);
    p->auth->user = mem_strdup(user);
    p->phase = PROTOCOL_AUTH;
    if (verifier && !password_is_scram(verifier)) {
        request(p, AUTH_CLEARTEXT, "", 0);
        return;
    }
    p->auth->scram = scram_new(verifier);
    request(p, AUTH_SASL, mechanisms, sizeof mechanisms);
}

void auth_begin(struct protocol *p, const char *user) {
    if (!p->tls) {
        protocol_error(p, "ERROR", "08P01", "node is running secure mode, SSL connection required");
        protocol_close(p);
    } else if (*p->certificate_name && !str_eq(p->certificate_name, user)) {
        protocol_error(
            p, "ERROR", "28000", "requested user is %s, but certificate is for %s", user, p->certificate_name);
        protocol_close(p);
    } else if (*p->certificate_name) {
        startup_admit(p);
    } else {
        ask_password(p, user);
    }
}

static void clear_text(struct protocol *p, struct wire_in *in) {
    const char *verifier = engine_user_password(p->host.engine, p->auth->user);
    const char *password = wire_get_string(in);
    if (in->bad || !verifier || !password_matches(verifier, password))
        refuse(p, p->auth->user);
    else
        startup_admit(p);
}

/* The message as a text; NULL: it is none. The caller frees. */
static char *sasl_text(struct wire_in *in, size_t n) {
    const char *bytes = in->bad ? NULL : wire_get_bytes(in, n);
    return in->bad || !bytes || memchr(bytes, '\0', n) ? NULL : mem_strndup(bytes, n);
}

static void sasl_first(struct protocol *p, struct wire_in *in) {
    const char *mechanism = wire_get_string(in);
    const int32_t n = in->bad ? -1 : wire_get_int32(in);
    const char *answer;
    char *text = !in->bad && n > 0 && str_eq(mechanism, "SCRAM-SHA-256") ? sasl_text(in, (size_t)n) : NULL;
    if (text && scram_first(p->auth->scram, text, &answer)) {
        p->auth->begun = true;
        request(p, AUTH_SASL_CONTINUE, answer, strlen(answer));
    } else {
        protocol_error(p, "FATAL", "08P01", "the SCRAM message is malformed");
        protocol_close(p);
    }
    free(text);
}

static void sasl_final(struct protocol *p, struct wire_in *in) {
    const char *answer;
    char *text = sasl_text(in, in->left);
    if (text && scram_final(p->auth->scram, text, &answer)) {
        request(p, AUTH_SASL_FINAL, answer, strlen(answer));
        startup_admit(p);
    } else {
        refuse(p, p->auth->user);
    }
    free(text);
}

void auth_message(struct protocol *p, char type, struct wire_in *in) {
    if (type != 'p') {
        protocol_error(p, "FATAL", "08P01", "expected a password, got message type 0x%02x", (unsigned char)type);
        protocol_close(p);
    } else if (!p->auth->scram) {
        clear_text(p, in);
    } else if (!p->auth->begun) {
        sasl_first(p, in);
    } else {
        sasl_final(p, in);
    }
}
