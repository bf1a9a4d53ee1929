/* auth: how a secure sandbox finds out whether the client may be who it says: a certificate of that name, else
 * the password, by SCRAM or in clear text as it is kept. */
#ifndef DOMICILE_SANDBOX_AUTH_H
#define DOMICILE_SANDBOX_AUTH_H

#include "protocol_private.h"

/* Begins for the user; ends with startup_admit or a refusal, at once or after messages. */
void auth_begin(struct protocol *p, const char *user);
/* A 'p' message of the exchange. */
void auth_message(struct protocol *p, char type, struct wire_in *in);
void auth_free(struct protocol *p);

#endif
