/* headless: the tables of the commands for scripts and of their options. --help, the manual page and the shell
 * completions are made from them. */
#ifndef DOMICILE_COMMAND_HEADLESS_H
#define DOMICILE_COMMAND_HEADLESS_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"
#include "domicile/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

/* Options, bits: which a command takes. */
enum headless_option_id {
    HEADLESS_DBNAME = 1 << 0,
    HEADLESS_FORMAT = 1 << 1,
    HEADLESS_ASCII = 1 << 2,
    HEADLESS_INTERNALS = 1 << 3,
    HEADLESS_HELP = 1 << 4,
    HEADLESS_YES = 1 << 5,
    HEADLESS_DATABASE = 1 << 6,
    HEADLESS_TABLE = 1 << 7,
    HEADLESS_UNTIL = 1 << 8,
    HEADLESS_TIMEOUT = 1 << 9,
    HEADLESS_MAX_AGE = 1 << 10,
    HEADLESS_CONFORMANCE = 1 << 11,
    HEADLESS_FOR = 1 << 12,
    HEADLESS_COUNT = 1 << 13,
    HEADLESS_COMMAND = 1 << 14,
    HEADLESS_FILE = 1 << 15,
    HEADLESS_VARIABLE = 1 << 16,
    HEADLESS_GATEWAY = 1 << 17,
    HEADLESS_THROUGH = 1 << 18,
    HEADLESS_READ_ONLY = 1 << 19,
    HEADLESS_NO_WAIT = 1 << 20,
};
struct headless_option {
    enum headless_option_id id;
    const char *name;     /* "format": written --format */
    char letter;          /* 'd': written -d; 0 none */
    const char *argument; /* "FORMAT"; NULL: takes none */
    const char *help;     /* a line without a full stop */
};
const struct headless_option *headless_option_table(size_t *n);

struct headless_command {
    const char *name;
    const char *arguments; /* "TABLE KEY"; "" none */
    int least, most;       /* how many; most -1: any number */
    const char *help;      /* a line without a full stop */
    unsigned options;      /* of enum headless_option_id */
    bool changes;          /* asks first, or needs --yes */
};
const struct headless_command *headless_command_table(size_t *n);
/* NULL: no such command. */
const struct headless_command *headless_command_find(const char *name);

struct headless_pair {
    char *name;
    char *value;
};

/* What the command line said. Owns its texts. */
struct headless_options {
    const struct headless_command *command;
    VEC_STRUCT(char *) arguments;
    char *conninfo;      /* NULL: libpq's environment decides */
    char *format;        /* NULL: table */
    bool ascii, unsafe_internals, help, yes, conformance, count, read_only, no_wait;
    char *database;      /* NULL: the connection's */
    char *table;         /* NULL none */
    bool until_home;
    usec timeout;        /* 0: the command's default */
    usec max_age;        /* 0: any */
    usec how_long;       /* --for; 0: until interrupted */
    char *file;          /* "-": standard input; NULL none */
    char *through;       /* region of the gateway; NULL: this connection */
    VEC_STRUCT(char *) statements;           /* of -c, in order */
    VEC_STRUCT(struct headless_pair) variables;
    VEC_STRUCT(struct headless_pair) gateways; /* region, conninfo */
};
/* Reads argv[1] (the command) and what follows; passwords in argv are overwritten whatever it returns. False with what is
 * wrong. o is initialised in any case. */
bool headless_options_parse(struct headless_options *o, int argc, char **argv, struct err *err);
void headless_options_free(struct headless_options *o);
/* The text of "domicile COMMAND --help". */
void headless_options_help(struct str *out, const struct headless_command *c);
/* A line a command, for the program's own --help. */
void headless_commands_help(struct str *out);

#endif
