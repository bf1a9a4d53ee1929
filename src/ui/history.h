/* history: what was typed into the console, kept between sessions in a file of its own. */
#ifndef UI_HISTORY_H
#define UI_HISTORY_H

#include "domicile/base/vec.h"

#include <stdbool.h>

/* Oldest first, no text twice. */
struct history {
    VEC_STRUCT(char *) texts;
};

/* $XDG_STATE_HOME/domicile/history, or ~/.local/state/domicile/history; NULL without a home. The caller frees. */
char *history_path(void);
/* Whether the text may be kept: not when it holds a password, a token or the like, nor when it is huge. */
bool history_may_keep(const char *text);
/* Adds at the end, taking away an equal one and the oldest beyond the limit. */
void history_add(struct history *h, const char *text);
/* Reads a file into h; a file that is not there is an empty one. */
void history_load(struct history *h, const char *path);
/* Adds the text to the file: reads it anew (another session may have written), and replaces it in one step, readable
 * by its owner only. False: it could not be written. */
bool history_save(const char *path, const char *text);
void history_free(struct history *h);

#endif
