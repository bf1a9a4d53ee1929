/* insert: the form for one new row of any table, made from its columns, and its run through a gateway. */
#ifndef DOMICILE_ACTIONS_INSERT_H
#define DOMICILE_ACTIONS_INSERT_H

#include "domicile/survey/survey.h"

/* A value that the region column's expression (or an enum) knows. */
struct insert_choice {
    char *value;
    char *region; /* where a row with it lives; NULL: says nothing about the region */
};

enum insert_source {
    INSERT_ASKED,    /* the user gives it */
    INSERT_MADE,     /* a UUID made here, though the key may have a default that makes one: what is sent with its
                        key can be found by it when the answer is lost, and is never there twice; may be overwritten */
    INSERT_OPTIONAL, /* the server has a default or takes NULL: sent only when the user gives it */
};

/* One input of the form. Computed columns have none. */
struct insert_field {
    char *column;
    char *type;
    bool nullable;
    bool key;
    char *default_expr; /* NULL none */
    enum insert_source source;
    VEC_STRUCT(struct insert_choice) choices; /* to offer; free text stays allowed */
    char *value; /* NULL: not given (NULL or the default) */
};

/* Where the statement may be sent. The first is always "this connection". */
struct insert_gateway {
    char *label;    /* "this connection", "n4 eu-west-1" */
    char *region;   /* NULL unknown */
    int node_id;    /* 0 unknown */
    char *conninfo; /* of --gateway; NULL: this connection's */
    char *host;     /* of the node, in place of the conninfo's; NULL: as the conninfo says */
    char *port;
};

struct insert_form {
    char *schema;
    char *table;
    VEC_STRUCT(struct insert_field) fields; /* in the table's order */
    VEC_STRUCT(struct insert_gateway) gateways;
    size_t gateway; /* index chosen; 0 at first */
    VEC_STRUCT(char *) key; /* columns of the primary key, without an implicit region */
    char *region_column; /* of a table by row; NULL */
    char *region_expr;   /* its expression when it is computed; NULL */
    char *note;          /* what the form must tell ("the values of region cannot be told: …"); NULL */
};

/* The form for a table of the present snapshot. NULL with the reason: no such table, columns not read. */
struct insert_form *insert_form_new(const struct survey *s, const char *table, struct err *err);
void insert_form_free(struct insert_form *f);
/* Copies value (NULL: not given). */
void insert_form_set(struct insert_form *f, size_t field, const char *value);
/* The region in which the row would land by what was given; NULL not known. */
const char *insert_form_home(const struct insert_form *f);
/* Appends the SQL with its parameters as it will be sent, for the eye. */
void insert_form_preview(struct str *out, const struct insert_form *f);

enum insert_state {
    INSERT_CONNECTING,
    INSERT_RUNNING,
    INSERT_UNCERTAIN, /* the answer was lost: being looked for by its key */
    INSERT_DONE,      /* committed; its place is being watched */
    INSERT_PLACED,    /* the survey has seen where it is */
    INSERT_FAILED,
    INSERT_CANCELLED,
    INSERT_UNKNOWN,   /* the answer was lost, and nothing tells whether it was committed: the user decides on a retry */
};

/* What came of it. Owned by the insert. */
struct insert_result {
    enum insert_state state;
    char *gateway;     /* "n4 eu-west-1" */
    usec duration;     /* of the statement with its commit */
    char *home;        /* region; NULL not known yet or none */
    int64_t range_id;  /* 0 not known yet */
    char *replicas;    /* "leaseholder n5, voters n4 n6, non-voters n3 n8"; NULL not known yet */
    char *verdict;     /* reason of the row's verdict; NULL not known yet */
    char *message;     /* one sentence for the state, also of an error; never NULL */
    char *hint;        /* what to do next; NULL */
    char sqlstate[6];
    VEC_STRUCT(char *) key; /* values of the primary key as sent or returned */
};

struct insert;
/* Sends it through the chosen gateway, on a session of its own. changed is called on the loop at every
 * new state; the form is copied, so that nothing typed is lost. NULL: refused (read-only, a field lacks
 * its value), nothing was sent. */
struct insert *insert_start(struct loop *loop, struct survey *s, const struct insert_form *f,
    void (*changed)(void *arg, const struct insert_result *result), void *arg, struct err *err);
const struct insert_result *insert_result(const struct insert *i);
/* Asks the server to cancel; the state tells what came of it. */
void insert_cancel(struct insert *i);
/* To be called with the survey's changed parts: looks for the row in the new snapshot. */
void insert_notice(struct insert *i, unsigned parts);
void insert_free(struct insert *i);

/* A sentence for a server error of an insert: 23502 on the region column becomes "the expression of region
 * knows no region for cloud = 'oracle'; it knows aws, azure, gcp". The caller frees both; *hint may be NULL. */
struct pg_error;
char *insert_error_sentence(const struct insert_form *f, const struct pg_error *e, char **hint);

/* A random version-4 UUID from the system's random source. */
void insert_make_uuid(char out[37]);

#endif
