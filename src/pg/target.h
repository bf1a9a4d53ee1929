/* target: where a connection may go: the hosts and settings that a conninfo, the environment and the options
 * name, one attempt each. */
#ifndef PG_TARGET_H
#define PG_TARGET_H

#include "domicile/base/vec.h"
#include "domicile/pg/connection.h"

struct target {
    char *host; /* name, address, or the folder of a socket; NULL: libpq decides (service file, default) */
    char *addresses; /* "a,b" looked up; NULL none or not needed */
    bool looked_up;  /* addresses came from a look-up, not from the conninfo */
    char *port;      /* NULL: libpq decides */
};

/* What PQconnectStartParams gets besides host, hostaddr and port. */
struct targets {
    VEC_STRUCT(struct target) hosts; /* at least one */
    VEC_STRUCT(char *) keywords;     /* aligned with values */
    VEC_STRUCT(char *) values;
    usec connect_timeout;
    char *user;     /* "" libpq decides */
    char *database; /* "" libpq decides */
    char *password; /* NULL none */
};

/* Reads the options; false with what is wrong in them. */
bool targets_parse(struct targets *t, const struct pg_options *o, struct err *err);
void targets_free(struct targets *t); /* wipes the password */
/* Whether the host is a name that has to be looked up. */
bool target_needs_lookup(const struct target *t);
/* "host:port" for people. The caller frees. */
char *target_print(const struct target *t);

#endif
