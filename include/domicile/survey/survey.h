/* survey: keeps asking a cluster where everything is, at a bounded cost, and makes snapshots of the answers.
 * One survey looks at one database and shows the rows of one table. Nothing here blocks: requests return at
 * once, answers come through the callbacks, on the loop. A query that hangs stops nothing but its own part. */
#ifndef DOMICILE_SURVEY_SURVEY_H
#define DOMICILE_SURVEY_SURVEY_H

#include "domicile/base/err.h"
#include "domicile/cluster/event.h"
#include "domicile/cluster/snapshot.h"
#include "domicile/loop/loop.h"

struct survey;

/* Where a region's gateway is: "REGION=CONNINFO" of the command line. */
struct survey_gateway {
    char *region;
    char *conninfo; /* a URI or keyword=value */
};

/* What changed: bits of (1 << enum part_kind), and these besides. */
enum {
    SURVEY_CHANGED_STATE = 1 << (PART_KINDS + 0), /* connection, waiting, problems, databases */
    SURVEY_CHANGED_RTT = 1 << (PART_KINDS + 1),
};

/* All texts are copied by survey_new. */
struct survey_options {
    const char *conninfo;   /* URI or keyword=value; NULL or "": libpq's environment decides */
    const char *database;   /* overrides the conninfo's; NULL: as the conninfo says */
    bool read_only;         /* every session of ours gets default_transaction_read_only = on */
    bool unsafe_internals;  /* ask for allow_unsafe_internals in our own sessions */
    const struct survey_gateway *gateways;
    size_t gateway_count;
    usec refresh;           /* wished interval of the routine; 0: the default (2 s); stretched by cost */
    usec timeout;           /* of one catalog query; 0: the default (10 s) */
    int page_rows;          /* rows a page and home region; 0: the default (50) */
    bool once;              /* headless: read everything once, then survey_idle() becomes true */
    /* arg is handed to each. changed: parts is a mask of 1 << enum part_kind and SURVEY_CHANGED_…. */
    void (*changed)(void *arg, unsigned parts);
    /* New events, in order; owned by the survey, valid during the call. */
    void (*happened)(void *arg, const struct events *events);
    void *arg;
};

/* Connects in the background. */
struct survey *survey_new(struct loop *loop, const struct survey_options *options);
/* Ends every session (cancelling what runs); no callback comes afterwards. */
void survey_free(struct survey *s);

/* The newest picture. Valid until the next turn of the loop; snapshot_copy() what is to be kept. */
const struct snapshot *survey_snapshot(const struct survey *s);

/* -- what the user asks for -- */

/* Shows the rows of a table of this database (named as catalog_table takes it); NULL: none. The first table by row is
 * shown until this is called. */
void survey_show_table(struct survey *s, const char *table);
const char *survey_table(const struct survey *s); /* as table_shown() names it; "" none */
enum survey_page { SURVEY_PAGE_FIRST, SURVEY_PAGE_NEXT, SURVEY_PAGE_PREVIOUS, SURVEY_PAGE_LAST };
/* Turns the page of one home region (NULL: of every page there is, or of a table not by row). */
void survey_turn_page(struct survey *s, const char *region, enum survey_page page);
/* Only rows in which some shown column contains text (case folded); NULL or "": all. False with the reason
 * when the table is too big for it (estimated 10,000 rows or more) and force is not given. */
bool survey_filter(struct survey *s, const char *text, bool force, struct err *err);
const char *survey_filter_text(const struct survey *s);
/* Asks for everything again now. */
void survey_refresh(struct survey *s);
/* Descriptors and shown rows each second (up to 10 % of a connection's time) for the next minute; call it on
 * every key, and while a change drains. */
void survey_hurry(struct survey *s);
/* Looks at another database from now on: a new session, an empty snapshot. */
void survey_switch_database(struct survey *s, const char *database);
/* Connects now instead of at the end of the pause. */
void survey_retry(struct survey *s);
/* The password that the server asked for (survey_needs_password). Kept for reconnects, wiped at the end. */
void survey_password(struct survey *s, const char *password);

/* -- how it stands -- */

enum survey_state {
    SURVEY_CONNECTING,
    SURVEY_NEEDS_PASSWORD,
    SURVEY_WAITING,       /* connection lost or refused: the next attempt is in survey_retry_in() */
    SURVEY_READING,       /* connected */
    SURVEY_NOT_COCKROACH, /* another server: nothing will be asked of it */
    SURVEY_NO_DATABASE,   /* the database does not exist: survey_databases() lists those there are */
    SURVEY_REFUSED,       /* wrong password, unknown user: no more attempts by itself */
};
enum survey_state survey_state(const struct survey *s);
/* One sentence: "connected to n1 at 127.0.0.1:26257", "connecting to …", "connection lost (…), again in 3 s". */
const char *survey_state_text(const struct survey *s);
/* The last connection error as an err (kind as for the exit codes); message "" when there is none. */
const struct err *survey_state_err(const struct survey *s);
usec survey_retry_in(const struct survey *s); /* 0 unless SURVEY_WAITING */
bool survey_needs_password(const struct survey *s);
/* Names of the databases, also when the one asked for does not exist. */
const char *const *survey_databases(const struct survey *s, size_t *n);
/* "127.0.0.1:26257"; "" unknown. */
const char *survey_address(const struct survey *s);
/* The gateways that the options gave. */
const struct survey_gateway *survey_gateways(const struct survey *s, size_t *n);
/* "host:port" or "[v6]:port" taken apart; *port is NULL without one. The caller frees both. */
void survey_split_address(const char *address, char **host, char **port);

/* Loop time since when an answer for the part is awaited; 0: none. Draw the spinner after 300 ms. */
usec survey_waiting_since(const struct survey *s, enum part_kind part);
/* Why the part's last attempt failed, a sentence; NULL fine. The old part stays in the snapshot. */
const char *survey_problem(const struct survey *s, enum part_kind part);
/* Whether it failed because the server refuses this user what the part needs. */
bool survey_refused(const struct survey *s, enum part_kind part);
/* Leases are asked for apart from descriptors: the same two for them. */
usec survey_leases_waiting_since(const struct survey *s);
const char *survey_leases_problem(const struct survey *s);
/* The interval at which the part is read now, stretched by its cost; for "old" (two intervals). */
usec survey_interval(const struct survey *s, enum part_kind part);
/* Round trip of a connection through the region in µs; -1 not measured. */
usec survey_rtt(const struct survey *s, const char *region);
/* How the session through a region's gateway stands, in a word ("up", "down", "trying", "passwd",
 * "denied") with the reason ("" none); NULL: no gateway was given for the region. */
const char *survey_gateway_state(const struct survey *s, const char *region, const char **reason);
/* Nothing is awaited and every part was tried since the start (or since survey_refresh). */
bool survey_idle(const struct survey *s);
/* New rows are found everywhere (tables up to 10,000 rows); false: the title says "watching this page". */
bool survey_watches_all(const struct survey *s);

/* -- for the actions, which use sessions of their own but tell what they did in the same feed -- */

/* Tells an event through happened. Copies text. */
void survey_tell(struct survey *s, enum event_kind kind, const char *text);
/* Options that every session of this program to this cluster uses (conninfo, password, read_only …). */
bool survey_read_only(const struct survey *s);
struct pg_options;
void survey_session_options(const struct survey *s, struct pg_options *out);

#endif
