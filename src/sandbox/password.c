/* password: verifiers of passwords and the server's side of SCRAM-SHA-256. */
#include "password.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    ITERATIONS = 10610,
    SALT = 16,
    NONCE = 18,
    DIGEST = SHA256_DIGEST_LENGTH,
    MOST_BYTES = 64,
    MOST_ITERATIONS = 1000000
};

static const char scram_word[] = "SCRAM-SHA-256";
static const char clear_word[] = "CLEAR-SHA-256";

struct keys {
    int iterations;
    unsigned char salt[MOST_BYTES];
    int salt_len;
    unsigned char stored[DIGEST], server[DIGEST];
};

struct scram {
    struct keys keys;
    bool known;          /* there is such a password */
    char header;         /* 'n' or 'y': what the client knows of channel binding */
    struct str nonce;    /* the client's and ours */
    struct str auth;     /* AuthMessage so far */
    struct str answer;
};

/* ---- digests ---- */

static void hmac(unsigned char *out, const unsigned char *key, const void *data, size_t n) {
    unsigned len = DIGEST;
    HMAC(EVP_sha256(), key, DIGEST, data, n, out, &len);
}

static bool derive(struct keys *k, const char *password, unsigned char *client_key) {
    unsigned char salted[DIGEST];
    unsigned char client[DIGEST];
    bool good = PKCS5_PBKDF2_HMAC(password, (int)strlen(password), k->salt, k->salt_len, k->iterations, EVP_sha256(),
                    DIGEST, salted) == 1;
    hmac(client, salted, "Client Key", 10);
    hmac(k->server, salted, "Server Key", 10);
    SHA256(client, DIGEST, k->stored);
    if (client_key)
        memcpy(client_key, client, DIGEST);
    OPENSSL_cleanse(salted, sizeof salted);
    OPENSSL_cleanse(client, sizeof client);
    return good;
}

/* ---- base64 ---- */

static void add_base64(struct str *out, const unsigned char *bytes, int n) {
    char text[4 * MOST_BYTES];
    EVP_EncodeBlock((unsigned char *)text, bytes, n);
    str_add(out, text);
}

/* Decodes n characters into at most MOST_BYTES bytes; -1: they are none. */
static int from_base64(unsigned char out[MOST_BYTES], const char *text, size_t n) {
    unsigned char bytes[MOST_BYTES + 3];
    if (n == 0 || n % 4 != 0 || n / 4 * 3 > sizeof bytes)
        return -1;
    int len = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)n);
    for (size_t i = n; len > 0 && i > n - 2 && text[i - 1] == '='; i--)
        len--;
    if (len < 0 || len > MOST_BYTES)
        return -1;
    memcpy(out, bytes, (size_t)len);
    return len;
}

/* ---- verifiers ---- */

static bool read_verifier(struct keys *k, const char *text) {
    unsigned char bytes[MOST_BYTES];
    char *end;
    size_t word = strlen(scram_word);
    if (strncmp(text, scram_word, word) != 0 && strncmp(text, clear_word, word) != 0)
        return false;
    const char *p = text + word;
    if (*p++ != '$')
        return false;
    long iterations = strtol(p, &end, 10);
    if (iterations < 1 || iterations > MOST_ITERATIONS || *end != ':')
        return false;
    k->iterations = (int)iterations;
    p = end + 1;
    size_t n = strcspn(p, "$");
    k->salt_len = from_base64(k->salt, p, n);
    if (k->salt_len < 1 || p[n] != '$')
        return false;
    p += n + 1;
    n = strcspn(p, ":");
    if (p[n] != ':' || from_base64(bytes, p, n) != DIGEST)
        return false;
    memcpy(k->stored, bytes, DIGEST);
    p += n + 1;
    if (from_base64(bytes, p, strlen(p)) != DIGEST)
        return false;
    memcpy(k->server, bytes, DIGEST);
    return true;
}

char *password_verifier(const char *password, bool scram) {
    struct keys k = {.iterations = ITERATIONS, .salt_len = SALT};
    struct str out = {0};
    struct keys given;
    if (str_starts(password, scram_word) && read_verifier(&given, password))
        return mem_strdup(password);
    if (getrandom(k.salt, SALT, 0) != SALT || !derive(&k, password, NULL))
        return NULL;
    str_add_f(&out, "%s$%d:", scram ? scram_word : clear_word, k.iterations);
    add_base64(&out, k.salt, k.salt_len);
    str_add_char(&out, '$');
    add_base64(&out, k.stored, DIGEST);
    str_add_char(&out, ':');
    add_base64(&out, k.server, DIGEST);
    return str_take(&out);
}

bool password_is_scram(const char *verifier) { return str_starts(verifier, scram_word); }

bool password_matches(const char *verifier, const char *password) {
    struct keys want;
    if (!read_verifier(&want, verifier))
        return false;
    struct keys got = want;
    return derive(&got, password, NULL) && CRYPTO_memcmp(got.stored, want.stored, DIGEST) == 0;
}

/* ---- the exchange ---- */

struct scram *scram_new(const char *verifier) {
    struct scram *s = mem_calloc(1, sizeof *s);
    s->known = verifier && read_verifier(&s->keys, verifier);
    if (!s->known) {
        s->keys.iterations = ITERATIONS;
        s->keys.salt_len = SALT;
        if (getrandom(s->keys.salt, SALT, GRND_NONBLOCK) != SALT)
            s->keys.salt[0] = 1;
    }
    return s;
}

void scram_free(struct scram *s) {
    if (!s)
        return;
    OPENSSL_cleanse(&s->keys, sizeof s->keys);
    str_free(&s->nonce);
    str_free(&s->auth);
    str_free(&s->answer);
    free(s);
}

/* "n,,n=user,r=nonce": the name is that of the start-up message, whatever stands here. */
bool scram_first(struct scram *s, const char *message, const char **answer) {
    unsigned char own[NONCE];
    if ((message[0] != 'n' && message[0] != 'y') || strncmp(message + 1, ",,n=", 4) != 0)
        return false;
    const char *bare = message + 3;
    const char *nonce = strstr(bare, ",r=");
    size_t n = nonce ? strcspn(nonce + 3, ",") : 0;
    if (n == 0 || nonce[3 + n] != '\0' || getrandom(own, NONCE, 0) != NONCE)
        return false;
    s->header = message[0];
    str_clear(&s->nonce);
    str_add_n(&s->nonce, nonce + 3, n);
    add_base64(&s->nonce, own, NONCE);
    str_clear(&s->answer);
    str_add_f(&s->answer, "r=%s,s=", str_get(&s->nonce));
    add_base64(&s->answer, s->keys.salt, s->keys.salt_len);
    str_add_f(&s->answer, ",i=%d", s->keys.iterations);
    str_clear(&s->auth);
    str_add_f(&s->auth, "%s,%s,", bare, str_get(&s->answer));
    *answer = str_get(&s->answer);
    return true;
}

static bool proof_holds(const struct scram *s, const unsigned char proof[DIGEST]) {
    unsigned char signature[DIGEST];
    unsigned char key[DIGEST];
    unsigned char stored[DIGEST];
    hmac(signature, s->keys.stored, str_get(&s->auth), s->auth.len);
    for (int i = 0; i < DIGEST; i++)
        key[i] = proof[i] ^ signature[i];
    SHA256(key, DIGEST, stored);
    OPENSSL_cleanse(key, sizeof key);
    return s->known && CRYPTO_memcmp(stored, s->keys.stored, DIGEST) == 0;
}

/* "c=biws,r=nonce,p=proof" */
bool scram_final(struct scram *s, const char *message, const char **answer) {
    unsigned char proof[MOST_BYTES];
    unsigned char signature[DIGEST];
    const char *p = strstr(message, ",p=");
    struct str expected = {0};
    str_add_f(&expected, "c=%s,r=%s", s->header == 'y' ? "eSws" : "biws", str_get(&s->nonce));
    bool good = p && s->nonce.len && (size_t)(p - message) == expected.len &&
        memcmp(message, expected.data, expected.len) == 0 && from_base64(proof, p + 3, strlen(p + 3)) == DIGEST;
    str_free(&expected);
    if (!good)
        return false;
    str_add_n(&s->auth, message, (size_t)(p - message));
    if (!proof_holds(s, proof))
        return false;
    hmac(signature, s->keys.server, str_get(&s->auth), s->auth.len);
    str_clear(&s->answer);
    str_add(&s->answer, "v=");
    add_base64(&s->answer, signature, DIGEST);
    *answer = str_get(&s->answer);
    return true;
}
