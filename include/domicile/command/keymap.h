/* keymap: which key runs which command in which context, made from the command table. */
#ifndef DOMICILE_COMMAND_KEYMAP_H
#define DOMICILE_COMMAND_KEYMAP_H

#include "domicile/command/command.h"
#include "domicile/command/key.h"

struct keymap;

/* The default keys of the command table. */
struct keymap *keymap_new(void);
void keymap_free(struct keymap *m);
/* The command that the key runs in one of these contexts; COMMAND_NONE. */
enum command_id keymap_find(const struct keymap *m, unsigned contexts, keycode key);

/* Appends the keys of a command for people: "Up k", "PgDn C-f". */
void keymap_add_keys(struct str *out, const struct command *c);
/* Appends the first of them: for the footer. */
void keymap_add_key(struct str *out, const struct command *c);

#endif
