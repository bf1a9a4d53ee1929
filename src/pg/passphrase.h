/* passphrase: the passphrases of encrypted client keys, asked for by the program itself, never by OpenSSL on the
 * terminal. Kept by key file while there are connections, then wiped. */
#ifndef PG_PASSPHRASE_H
#define PG_PASSPHRASE_H

#include <stdbool.h>

/* Installs the hook; told how many connections there are by these two. */
void passphrase_hold(void);
void passphrase_release(void);
/* What the hook answers until passphrase_end: the passphrase known for this key file ("": libpq's default), else
 * given (NULL none). */
void passphrase_begin(const char *key, const char *given);
/* Whether the hook was asked and had nothing to say. */
bool passphrase_end(void);
/* Remembers it; NULL forgets. Copied. */
void passphrase_keep(const char *key, const char *passphrase);
bool passphrase_known(const char *key);

#endif
