/* protocol_private: what the files of the protocol share: a connection, its prepared statements and
 * portals, and the statement that runs. */
#ifndef DOMICILE_SANDBOX_PROTOCOL_PRIVATE_H
#define DOMICILE_SANDBOX_PROTOCOL_PRIVATE_H

#include "domicile/base/str.h"
#include "domicile/sandbox/protocol.h"
#include "wire.h"

enum protocol_phase {
    PROTOCOL_STARTUP,   /* no session yet */
    PROTOCOL_AUTH,      /* the password is awaited */
    PROTOCOL_IDLE,      /* the next message or statement may begin */
    PROTOCOL_RUNNING,   /* the engine waits */
    PROTOCOL_HELD,      /* the answer is there and is held back for its cost */
    PROTOCOL_SENDING,   /* rows go out as the client takes them */
    PROTOCOL_COPYING,   /* COPY FROM: rows are awaited */
    PROTOCOL_CLOSING,   /* nothing more is read */
};

/* A prepared statement: shared by its name and by the portals made from it. */
struct prepared {
    char *name;
    int refs;
    struct engine_statement *statement; /* NULL: an empty text */
};

/* A bound statement, and what is left of its answer after a limited Execute. */
struct portal {
    char *name;
    struct prepared *prepared;
    char **params;
    size_t param_count;
    int16_t *formats;       /* of results: none (text), one for all, or one a column */
    size_t format_count;
    struct result *result;  /* NULL: not executed yet */
    size_t next_row;
};

struct prepareds {
    VEC(struct prepared *);
};
struct portals {
    VEC(struct portal *);
};

/* What runs now: a statement of a simple query (portal NULL) or the execution of a portal. */
struct protocol_run {
    struct portal *portal;
    struct engine_statement *statement; /* of a simple query; owned */
    struct result *result;
    bool finishing;     /* engine_finish instead of a statement */
    bool resumed;       /* woken: engine_resume is due */
    int64_t limit;      /* rows of this Execute; 0: all */
    size_t row;         /* next row to send */
    size_t sent;        /* rows sent by this Execute */
};

struct protocol {
    struct protocol_host host;
    char *client;
    char *locality;
    enum protocol_phase phase;
    struct session *session;
    struct str in;             /* what came and is not used up; from consumed on */
    size_t consumed;
    struct wire_out out;
    bool close_after_output;
    bool skip_to_sync;         /* an error in the extended protocol */
    bool extended;             /* what runs came through the extended protocol */
    struct engine_statements queue; /* of a simple query */
    size_t queue_next;
    bool in_query;             /* a simple query is under way: ReadyForQuery is due */
    bool query_failed;         /* one of its statements did */
    struct prepareds prepareds;
    struct portals portals;
    struct protocol_run run;
    struct str copied;         /* what COPY FROM has brought so far */
    size_t copied_rows;        /* ... that are being inserted; the tag is due at the end */
    bool inserting;
    struct loop_timer *timer;  /* goes on: a wait, a held answer, the start-up's limit, a yield */
    bool pumping;
    bool tls_wanted;           /* TLS was agreed to: nothing is read until it is on */
    bool tls;
    char certificate_name[128]; /* of the client's certificate; "" none */
    struct str hello;          /* the start-up message's pairs */
    int32_t hello_version;
    struct auth *auth;         /* NULL unless PROTOCOL_AUTH */
};

/* protocol.c */
void protocol_pump(struct protocol *p);
void protocol_changed(struct protocol *p);
/* Sends an error outside of a result. */
void protocol_error(struct protocol *p, const char *severity, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Sends r's notices and error. */
void protocol_fail(struct protocol *p, const struct result *r);
/* Ends the connection once the output is sent. */
void protocol_close(struct protocol *p);

/* startup.c: a packet before the session; the body without its length. */
void startup_packet(struct protocol *p, struct wire_in *in);
/* The user may come in: opens the session that the start-up message asks for. */
void startup_admit(struct protocol *p);

/* extended.c: messages of the extended protocol. */
void extended_parse(struct protocol *p, struct wire_in *in);
void extended_bind(struct protocol *p, struct wire_in *in);
void extended_describe(struct protocol *p, struct wire_in *in);
void extended_execute(struct protocol *p, struct wire_in *in);
void extended_close(struct protocol *p, struct wire_in *in);
/* An error: sent, and what follows is skipped up to Sync. */
void extended_fail(struct protocol *p, const struct result *r);
void extended_violation(struct protocol *p, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* portal.c */
struct prepared *prepared_find(const struct protocol *p, const char *name);
void prepared_add(struct protocol *p, const char *name, struct engine_statement *st);
void prepared_remove(struct protocol *p, const char *name);
struct portal *portal_find(const struct protocol *p, const char *name);
struct portal *portal_add(struct protocol *p, const char *name, struct prepared *prepared);
void portal_remove(struct protocol *p, const char *name);
/* What a transaction's end leaves: nothing. */
void portals_clear(struct protocol *p);
void prepareds_clear(struct protocol *p);
/* DEALLOCATE: of a name, NULL: all. Whether there was any. */
bool prepareds_forget(void *arg, const char *name);

/* run.c: the life of one statement. */
void run_query(struct protocol *p, const char *sql, size_t n);
void run_next(struct protocol *p);
void run_portal(struct protocol *p, struct portal *portal, int64_t limit);
void run_resume(struct protocol *p);
/* The answer was held back long enough. */
void run_release(struct protocol *p);
void run_send(struct protocol *p);
/* A message while rows are awaited. */
void run_copy(struct protocol *p, char type, struct wire_in *in);
/* Drops what runs, for the end of a connection. */
void run_abandon(struct protocol *p);
void run_row_description(struct protocol *p, const struct result *r, const int16_t *formats, size_t n);

#endif
