/* What the command line (option.c) and the configuration file (config.c) share. */
#ifndef COMMAND_OPTION_PRIVATE_H
#define COMMAND_OPTION_PRIVATE_H

#include "domicile/command/option.h"

/* Whether there is an option of that long name, what argument it takes (NULL: none), and whether it is only for
 * other commands than o's. --help and --version are not for the file. */
bool option_known(const struct options *o, const char *name, const char **argument, bool *elsewhere);
/* Sets it as the command line does. */
bool option_set(struct options *o, const char *name, const char *value, struct err *err);

#endif
