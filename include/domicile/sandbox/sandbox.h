/* sandbox: the simulated cluster as a whole: its options, running it, and running it in a child process. */
#ifndef DOMICILE_SANDBOX_SANDBOX_H
#define DOMICILE_SANDBOX_SANDBOX_H

#include "domicile/base/err.h"
#include "domicile/base/vec.h"
#include "domicile/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `domicile sandbox` and `domicile demo` can be told. */
struct sandbox_options {
    char *host;               /* --listen; default 127.0.0.1 */
    int port;                 /* default 26257; node k listens on port + k - 1; 0: free ports */
    VEC_STRUCT(char *) localities; /* --locality, one a node; empty: the nine default nodes */
    int compat;               /* --compat: 2201 or 2601 */
    usec report_interval;     /* --report-interval; 0: the server's default, one minute */
    double speed;             /* --speed: of the allocator, default 1 */
    char *data;               /* --data: a directory to keep everything in; NULL: a temporary one */
    char *certs;              /* --certs: ca.crt, node.crt, node.key; NULL: no TLS, no passwords */
    bool empty;               /* --empty: without the django database */
    int64_t ranges;           /* --ranges: pre-split so many; 0: none */
};
/* Defaults; sandbox_options_free frees what is owned. */
void sandbox_options_init(struct sandbox_options *o);
void sandbox_options_free(struct sandbox_options *o);
void sandbox_options_copy(struct sandbox_options *to, const struct sandbox_options *from);

/* One row of the table of options, for help, completion and the man page. */
struct sandbox_option {
    const char *name;      /* "listen": written --listen */
    const char *argument;  /* "HOST:PORT"; NULL: takes none */
    const char *help;      /* a line */
};
/* The table, ended by a row whose name is NULL. */
const struct sandbox_option *sandbox_option_table(void);
/* Sets one option. False, with what is wrong and what would be right. */
bool sandbox_option_set(struct sandbox_options *o, const char *name, const char *value, struct err *err);
/* Takes argv[0..argc) (after the command's name), "--name value" and "--name=value". */
bool sandbox_options_parse(struct sandbox_options *o, int argc, char **argv, struct err *err);

/* Runs it in the foreground until SIGTERM or SIGINT: prints a line a node, then "ready". Returns the exit
 * code: 0, 64 (options), 69 (port in use), with a sentence on stderr. */
int sandbox_run(const struct sandbox_options *o);

/* A sandbox in a child process that ends when its parent does, however that ends. */
struct sandbox_child;
struct sandbox_child_node {
    char *url;       /* postgresql://root@127.0.0.1:26257/defaultdb?sslmode=disable */
    char *locality;  /* cloud=azure,region=uksouth,zone=1 */
};
/* Starts it; returns at once. report is called in the loop once: ready (nodes can be read), or failed with
 * err (the child's own sentence). False when it cannot be started at all. If the port is taken it uses
 * free ones. */
struct sandbox_child *sandbox_spawn(struct loop *loop, const struct sandbox_options *o,
    void (*report)(void *arg, bool ready, const struct err *err), void *arg, struct err *err);
/* Nodes in order; empty before ready. */
size_t sandbox_child_count(const struct sandbox_child *c);
const struct sandbox_child_node *sandbox_child_node(const struct sandbox_child *c, size_t i);
/* Ends the child (SIGTERM, after two seconds SIGKILL) and waits for it. NULL is allowed. */
void sandbox_child_free(struct sandbox_child *c);

#endif
