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

/* Lets the key run the command from now on, in each of the command's contexts, whatever it ran there before;
 * COMMAND_NONE: it runs nothing any more. */
void keymap_bind(struct keymap *m, keycode key, enum command_id id);
/* The keys that help and footer show from now on; NULL: the table's. m must live as long. */
void keymap_show(const struct keymap *m);

/* Appends the keys of a command for people: "Up k", "PgDn C-f". */
void keymap_add_keys(struct str *out, const struct command *c);
/* Appends the first of them: for the footer. */
void keymap_add_key(struct str *out, const struct command *c);

#endif
