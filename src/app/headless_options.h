/* headless_options: what the command line of a headless command says. */
#ifndef APP_HEADLESS_OPTIONS_H
#define APP_HEADLESS_OPTIONS_H

#include "domicile/output/answer.h"

struct headless_options {
    const struct answer *answer;
    char *conninfo; /* NULL: libpq's environment decides */
    char *table;    /* NULL none */
    enum output_format format;
    bool ascii;
    bool unsafe_internals;
    bool help;
};

/* Reads argv[1] (the command) and what follows. False with what is wrong. o is initialised in any case. */
bool headless_options_parse(struct headless_options *o, int argc, char **argv, struct err *err);
void headless_options_free(struct headless_options *o);
void headless_options_help(struct str *out, const struct answer *a);

#endif
