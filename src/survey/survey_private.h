/* survey_private: what the files of the survey share. */
#ifndef SURVEY_PRIVATE_H
#define SURVEY_PRIVATE_H

#include "budget.h"
#include "build.h"

#include "domicile/pg/connection.h"
#include "domicile/survey/survey.h"

struct survey;

/* One group of questions on its way. */
struct group {
    struct survey *s;
    enum group_kind kind;
    bool running;
    bool tried;         /* since the start or the last refresh */
    size_t at;          /* question being asked */
    size_t table;       /* of a question asked table by table */
    const struct statement *asked; /* what is under way */
    uint64_t query;     /* 0: none */
    struct pg_connection *on; /* the session that query is on */
    usec began;         /* of the round; 0 not running */
    int64_t began_wall;
    usec spent;         /* by the server in this round */
    bool hung;          /* a question of this round was not answered in time */
    bool aside;         /* the last round hung: the next is asked where that holds up nobody else */
    size_t refused_tables; /* in this round, of a question asked table by table */
    char *refused;      /* why the first of them was; NULL none ever was */
    usec last;          /* when the last round began */
    usec due;           /* loop time of the next */
    bool failed;        /* this round, in part or whole */
    char *problem;      /* why the last round failed; NULL fine */
    struct loop_timer *timer;
};

/* What may not be asked for a while, and why. */
struct closed {
    const struct statement *statement; /* to be used instead of the table's choice; NULL the table's */
    bool unavailable;   /* not at all, until retry */
    usec retry;         /* loop time */
    char *why;          /* sentence for server_info.missing; NULL none */
};

/* A session of the survey. */
enum session_kind { SESSION_MONITOR, SESSION_LEASES, SESSION_ROWS, SESSION_SLOW_ROWS, SESSIONS };
struct session_slot {
    struct survey *s;
    enum session_kind kind;
    struct pg_connection *c; /* NULL: not made */
    bool up;
};

/* A round trip being measured through a node of a region. */
struct rtt {
    struct survey *s;
    char *region;
    char *address;          /* of the node, or the gateway option's conninfo */
    struct pg_connection *c;
    uint64_t query;
    usec took;              /* -1 not measured */
    usec least;             /* of all; 0 none */
    char *reason;           /* of the session's last change; NULL none */
    bool dead;              /* could not be reached: tried again when the address changes */
};

struct pages;

struct survey {
    struct loop *loop;
    /* options, owned copies */
    char *conninfo;
    char *database;
    char *password;
    bool read_only, want_internals, once;
    VEC_STRUCT(struct survey_gateway) gateways;
    usec timeout;
    int page_rows;
    void (*changed)(void *arg, unsigned parts);
    void (*happened)(void *arg, const struct events *events);
    void *arg;

    /* connection */
    enum survey_state state;
    char *state_text;
    struct err state_err;
    struct session_slot sessions[SESSIONS];
    bool server_known;   /* the first round of GROUP_SERVER is through */
    int version;
    char *version_text;
    bool internals;      /* system catalogs are open to our sessions */
    usec hurried_until;

    /* answers */
    struct answers answers;
    struct group groups[GROUPS];
    struct budget budget;
    struct closed closed[QUESTIONS];
    struct store_localities seen;
    struct physicals physical;
    struct {
        bool asking;
        size_t region;
        bool by_key;     /* EXPLAIN did not tell: asking for a key instead */
        usec retry;      /* loop time before which neither is tried again */
        uint64_t query;
        usec known;      /* loop time at which the last of them was learnt */
        bool again;      /* all are known, and asked for anew: a region dropped and added again has other bytes */
        struct physicals fresh; /* those that came anew so far */
    } spans;
    struct leases leases;
    bool leases_some;    /* asking for all of them hung: only ranges with a quorum are asked for */
    bool leases_begun;   /* those on the screen were asked for, before all the others */
    struct leases_reader *leases_reader;
    usec leases_asof;    /* of what it reads */
    enum lease_state leases_rest; /* of ranges that it does not tell of */
    struct ranges_builder *ranges_builder;
    struct loop_work *ranges_work;
    usec ranges_asof;
    int64_t ranges_asof_wall;
    bool ranges_dirty;   /* leases changed: build again from the kept answer */

    /* snapshots */
    struct snapshot now;   /* published */
    struct snapshot next;  /* with parts that are not judged yet */
    struct snapshot told;  /* of which events were told last */
    struct judge *judge;
    struct snapshot judging;
    struct loop_work *judge_work;
    bool judge_again;
    struct events_diff *diff;      /* from told to now, on its way */
    struct loop_work *diff_work;
    bool diff_again;
    VEC_STRUCT(struct part *) lists; /* every list of ranges made, referenced until nobody else does */
    struct loop_work *retired_work;
    unsigned pending;      /* changes to tell at the end of the turn */
    bool telling;
    bool freed;

    /* rows */
    struct pages *pages;
    usec landed_told;    /* rows that landed until then were told */

    /* round trips */
    VEC_STRUCT(struct rtt *) rtts;
    struct loop_timer *rtt_timer;
};

/* -- asking: groups of questions -- */
void ask_init(struct survey *s);
void ask_free(struct survey *s);
/* Starts what is due; later groups wait until the server is known. */
void ask_start(struct survey *s);
void ask_now(struct survey *s, enum group_kind kind);
/* The connection is gone: rounds end, what is due is due when it is back. */
void ask_reset(struct survey *s);
void ask_session_up(struct survey *s, enum session_kind kind);
void ask_hurry(struct survey *s);
bool ask_idle(const struct survey *s);
bool ask_hurried(const struct survey *s);
/* The statement that answers q for this server and user; NULL: none may be asked. */
const struct statement *ask_statement(const struct survey *s, enum question q);
/* Asks for q in the next older way from now on, and tells so; false: there is none. */
bool ask_fall_back(struct survey *s, enum question q);
/* Nothing is known any more of what this server refuses. */
void ask_unlearn(struct survey *s);
/* The answer to q is worth nothing any more. */
void ask_forget(struct survey *s, enum question q);
/* No leaseholder is known, for that reason. */
void ask_no_leases(struct survey *s, enum lease_state why);
/* Schema and name of the n-th table of the database; false when there are no more. */
bool ask_table(const struct survey *s, size_t n, const char **schema, const char **name);
/* The statement with this database, this user, and the table when schema is not NULL. */
bool ask_fill(const struct survey *s, struct str *out, const struct statement *st, const char *schema,
    const char *table, struct err *err);

/* -- refusal -- */
/* Makes of an error what it means; true: the same question is to be asked again, in another way. */
bool refusal_take(struct group *g, const struct pg_error *e);
/* The group could not be read this time. */
void refusal_problem(struct group *g, const struct pg_error *e);
/* All tables of a question were asked for: tells which may not be read. */
void refusal_tables(struct group *g);

/* -- some leases: those of ranges that have a quorum -- */
/* Parameters naming at most that many ranges whose voters mostly live as far as is known, those on the screen first;
 * each to be freed. */
struct range_ids {
    VEC(char *);
};
void some_leases(struct range_ids *out, const struct snapshot *s, size_t most);
void range_ids_free(struct range_ids *ids);
/* Whether some node is known not to live. */
bool some_node_is_dead(const struct snapshot *s);

/* -- learnt: what to do with a finished round -- */
void learnt_group(struct survey *s, enum group_kind kind, usec asof, int64_t asof_wall);
/* Server info again, because what is missing changed. */
void learnt_server(struct survey *s);
void learnt_ranges_again(struct survey *s);
/* The catalog again out of the answers there are, because regions' bytes were learnt. */
void learnt_catalog_again(struct survey *s);
/* The answer to q is about to be freed: whatever is being read from it is given up. */
void learnt_drop(struct survey *s, enum question q);
void learnt_free(struct survey *s);

/* -- spans: the bytes of regions -- */
void spans_ask(struct survey *s);
void spans_forget(struct survey *s);
/* Asks for what is known anew with the next catalog, not only after its time. */
void spans_anew(struct survey *s);
/* True when they were learnt from the boundaries of ranges, and the catalog was published with them. */
bool spans_from_ranges(struct survey *s);

/* -- publish -- */
/* Takes data over as the newest part. */
void publish_part(struct survey *s, enum part_kind kind, void *data, usec asof, int64_t asof_wall);
/* The same for a part that is judged, without judging it yet; publish_judge does. */
void publish_later(struct survey *s, enum part_kind kind, void *data, usec asof, int64_t asof_wall);
void publish_judge(struct survey *s);
/* The rows' answers changed. */
void publish_rows(struct survey *s);
void publish_changed(struct survey *s, unsigned parts);
void publish_event(struct survey *s, enum event_kind kind, const char *text);
void publish_free(struct survey *s);

/* -- retired: lists that are freed in slices -- */
/* Shares p until it is held by nobody else. */
void retired_watch(struct survey *s, struct part *p);
/* Frees what nobody else holds by the next turn. */
void retired_sweep(struct survey *s);
void retired_free(struct survey *s);

/* -- pages: rows of the shown table -- */
void pages_init(struct survey *s);
void pages_free(struct survey *s);
void pages_reset(struct survey *s);   /* the connection is gone */
void pages_start(struct survey *s);   /* asks for what is due */
void pages_catalog(struct survey *s); /* the catalog changed */
void pages_session_up(struct survey *s, enum session_kind kind);
void pages_hurry(struct survey *s);
void pages_now(struct survey *s);     /* asks again, whatever it cost */
bool pages_idle(const struct survey *s);
/* A rows part placed in the snapshot's ranges; NULL: no table. The caller owns it. */
struct rows *pages_build(const struct survey *s, const struct snapshot *snapshot, usec *asof, int64_t *asof_wall);

/* -- session -- */
/* Opens the session if it is not; NULL while it cannot be used. */
struct pg_connection *session_get(struct survey *s, enum session_kind kind);
void session_drop(struct survey *s, enum session_kind kind);
void session_start(struct survey *s);
void session_end_all(struct survey *s);
void session_options(const struct survey *s, struct pg_options *o);
void session_set_state(struct survey *s, enum survey_state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The list of databases is read: is ours among them? */
void session_check_database(struct survey *s);

/* -- rtt -- */
void rtt_topology(struct survey *s);
/* Tries those that cannot be reached again now, and measures the others. */
void rtt_retry(struct survey *s);
/* What the way to the gateway, and on to that region's leaseholders (NULL: no further), takes of a statement's time at
 * least: the shortest round trip of this session. 0: not measured, or too short to matter. */
usec rtt_way(const struct survey *s, const char *region);
/* Of a statement's time what kept the cluster busy, as far as is known: not the way there and back. */
usec rtt_work(const struct survey *s, const char *region, usec took);
void rtt_free(struct survey *s);

#endif
