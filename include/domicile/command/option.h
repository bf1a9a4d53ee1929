/* option: the table of command line options, read by the parser and by --help. */
#ifndef DOMICILE_COMMAND_OPTION_H
#define DOMICILE_COMMAND_OPTION_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"
#include "domicile/command/command.h"
#include "domicile/command/key.h"
#include "domicile/loop/loop.h"
#include "domicile/sandbox/sandbox.h"

/* The program's commands, bits. */
enum program_command {
    PROGRAM_EXPLORE = 1,
    PROGRAM_DEMO = 2,
    PROGRAM_SANDBOX = 4,
};

enum option_id {
    OPTION_DBNAME = 1,
    OPTION_GATEWAY,
    OPTION_READ_ONLY,
    OPTION_UNSAFE_INTERNALS,
    OPTION_REFRESH,
    OPTION_COLOR,
    OPTION_THEME,
    OPTION_ASCII,
    OPTION_NO_MOUSE,
    OPTION_LIT,
    OPTION_ESCAPE_DELAY,
    OPTION_LOG,
    OPTION_STATS,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_SANDBOX, /* the sandbox's own table starts here */
};

struct option_row {
    int id;               /* of enum option_id */
    const char *name;     /* "read-only": written --read-only */
    char letter;          /* 'd': written -d; 0 none */
    const char *argument; /* "SECONDS"; NULL: takes none */
    const char *help;     /* one line */
    unsigned commands;    /* of enum program_command */
};
const struct option_row *option_table(size_t *n);

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct gateway_option {
    char *region;
    char *conninfo;
};

/* key KEY = COMMAND */
struct key_option {
    keycode key;
    enum command_id command; /* COMMAND_NONE: the key does nothing */
};

/* What the command line said. Owns its texts. */
struct options {
    enum program_command command;
    bool help, version;
    char *conninfo;       /* NULL: libpq's environment decides */
    VEC_STRUCT(struct gateway_option) gateways;
    bool read_only;
    bool unsafe_internals;
    usec refresh;         /* 0: the default */
    enum color_when color;
    char *theme;          /* NULL: the default */
    bool ascii;
    bool no_mouse;
    usec lit;             /* how long changes stay lit */
    usec escape_delay;
    char *log;            /* NULL none */
    bool stats;           /* say at the end what it cost */
    VEC_STRUCT(struct key_option) keys; /* bindings of the configuration file, in order */
    struct sandbox_options sandbox;
};

/* Reads the configuration file's text into o, before the command line overrides it: a line is "NAME = VALUE" or
 * "NAME" for an option by its long name, or "key KEY = COMMAND"; # begins a comment. What is wrong with a line is
 * appended to warnings, a sentence each with the file's name and the line's number; the others count. Options of
 * other commands than o's are passed over. */
void options_read_config(struct options *o, const char *text, size_t n, const char *file, struct str *warnings);
/* $XDG_CONFIG_HOME/domicile/config, or ~/.config/domicile/config; NULL without a home. The caller frees. */
char *options_config_path(void);

/* Reads the configuration file, then the whole command line; false with what is wrong and what would be right. Passwords inside
 * argv are overwritten there whatever it returns. options is initialised by it in any case. */
bool options_parse(struct options *o, int argc, char **argv, struct err *err);
void options_free(struct options *o);
/* The text of --help. */
void options_help(struct str *out);
/* Overwrites the password of a URI or of a keyword=value conninfo in place (same length). */
void options_wipe(char *argument);

#endif
