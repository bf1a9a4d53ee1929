/* password: verifiers of passwords and the server's side of SCRAM-SHA-256 (RFC 5802, 7677). No I/O. */
#ifndef DOMICILE_SANDBOX_PASSWORD_H
#define DOMICILE_SANDBOX_PASSWORD_H

#include <stdbool.h>

/* "SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER", or with another first word for those that are asked for in clear
 * text, as older clusters store them. A text that is a SCRAM verifier already is kept. The caller frees. NULL: no
 * randomness or no memory for the digest. */
char *password_verifier(const char *password, bool scram);
/* Whether the verifier asks for SCRAM. */
bool password_is_scram(const char *verifier);
bool password_matches(const char *verifier, const char *password);

/* One exchange. */
struct scram;
/* verifier NULL: a user that does not exist or has no password; the exchange goes on as if, and fails. */
struct scram *scram_new(const char *verifier);
void scram_free(struct scram *s);
/* The client's first message; *answer (owned by s) is the server's. False: it is malformed. */
bool scram_first(struct scram *s, const char *message, const char **answer);
/* The client's last. False: malformed, or the wrong password. */
bool scram_final(struct scram *s, const char *message, const char **answer);

#endif
