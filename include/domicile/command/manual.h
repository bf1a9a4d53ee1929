/* manual: the manual page and the shells' completions, made from the tables that --help is made from. Pure. */
#ifndef DOMICILE_COMMAND_MANUAL_H
#define DOMICILE_COMMAND_MANUAL_H

#include "domicile/base/str.h"

/* domicile(1), as roff. */
void manual_print(struct str *out);
/* Scripts that complete commands, options and the values that are known beforehand. */
void completion_print_bash(struct str *out);
void completion_print_zsh(struct str *out);
void completion_print_fish(struct str *out);

#endif
