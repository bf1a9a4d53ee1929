/* passphrase: of encrypted client keys. */
#include "passphrase.h"

#include "domicile/base/mem.h"
#include "domicile/base/vec.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *key, *passphrase;
};

static struct {
    VEC_STRUCT(struct entry) entries;
    int held;
    const char *now;  /* what to answer; NULL nothing */
    bool unanswered;
} kept;

/* OpenSSL asks in here, in the middle of PQconnectPoll. */
static int answer(char *to, int size, PGconn *conn) {
    (void)conn;
    kept.unanswered = !kept.now;
    int n = snprintf(to, (size_t)size, "%s", kept.now ? kept.now : "");
    return n < size ? n : 0;
}

static void forget(struct entry *e) {
    explicit_bzero(e->passphrase, strlen(e->passphrase));
    free(e->passphrase);
    free(e->key);
}

void passphrase_hold(void) {
    if (kept.held++ == 0)
        PQsetSSLKeyPassHook_OpenSSL(answer);
}

void passphrase_release(void) {
    if (--kept.held > 0)
        return;
    for (size_t i = 0; i < kept.entries.len; i++)
        forget(&kept.entries.items[i]);
    vec_free(&kept.entries);
}

static struct entry *find(const char *key) {
    for (size_t i = 0; i < kept.entries.len; i++)
        if (strcmp(kept.entries.items[i].key, key) == 0)
            return &kept.entries.items[i];
    return NULL;
}

bool passphrase_known(const char *key) { return find(key) != NULL; }

void passphrase_begin(const char *key, const char *given) {
    const struct entry *e = find(key);
    kept.now = e ? e->passphrase : given;
    kept.unanswered = false;
}

bool passphrase_end(void) {
    kept.now = NULL;
    return kept.unanswered;
}

void passphrase_keep(const char *key, const char *passphrase) {
    struct entry *e = find(key);
    if (e) {
        forget(e);
        *e = kept.entries.items[--kept.entries.len];
    }
    if (passphrase)
        vec_push(&kept.entries, ((struct entry){mem_strdup(key), mem_strdup(passphrase)}));
}
